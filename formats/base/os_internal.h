/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by os.c, os_folder.c and os_process.c, the only callers of the operating system. */
#ifndef CRET_BASE_OS_INTERNAL_H
#define CRET_BASE_OS_INTERNAL_H

#include "base/os.h"

/* Remembers a fault (base/fault.h) where errno says that the system could not find out; does nothing
 * where it is an answer about the file, or 0. cret_os_failed does it by itself. */
void cret_os_note(int error);

/* Class UNDECIDED, "cannot <action>: <errno in words>", with what the user can do about it; where
 * is the path, or NULL. error is the value of errno. */
enum cret_status cret_os_failed(struct cret_err *err, int error, const char *where,
                                const char *action);

/* Class UNDECIDED: what is at path is neither a file nor a folder. */
enum cret_status cret_os_irregular(struct cret_err *err, const char *path);

/* Everything before the last '/', "/" or "." where nothing is; the caller frees. NULL: memory. */
char *cret_os_parent(const char *path);

#endif
