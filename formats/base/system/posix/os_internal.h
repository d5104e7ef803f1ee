/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by os*.c, the only callers of the operating system. */
#ifndef CRET_BASE_OS_INTERNAL_H
#define CRET_BASE_OS_INTERNAL_H

#include "base/system/os.h"

/* Remembers a fault (base/finding/fault.h) where errno says that the system could not find out;
 * does nothing where it is an answer about the file, or 0. cret_os_failed does it by itself. */
void cret_os_note(int error);

/* Class UNDECIDED, "cannot <action>: <errno in words>", with what the user can do about it; where
 * is the path, or NULL. error is the value of errno. */
enum cret_status cret_os_failed(struct cret_err *err, int error, const char *where,
                                const char *action);

/* Class UNDECIDED: what is at path is neither a file nor a folder. */
enum cret_status cret_os_irregular(struct cret_err *err, const char *path);

/* The paths of what is unfinished: a signal that ends the program removes them first. Class
 * UNDECIDED where the table is full or the path too long for it. */
CRET_MUST_CHECK enum cret_status cret_os_unfinished_add(const char *path, struct cret_err *err);
void cret_os_unfinished_forget(const char *path); /* a path that is not there is fine */
/* It has another name from now on, which a signal takes away as well. */
void cret_os_unfinished_moved(const char *from, const char *to);

/* Handlers of SIGINT, SIGTERM, SIGHUP and SIGQUIT that do so; see cret_os_signals_hold. */
void cret_os_signals_begin(void);
void cret_os_signals_in_child(void); /* in a new child: it owns nothing unfinished */
/* A child writes to what is unfinished, so it is ended before that is removed; 0 forgets it. */
void cret_os_signals_child(pid_t child, bool lives);

/* A file that this process opened to read or to append to (base/system/seen.h). */
void cret_os_note_read(int fd);

/* A descriptor, closed on exec, for a standard stream that is to lead nowhere: one that can be read
 * or one that can be written. Of /dev/null, or, where there is no such device (a bare chroot), one
 * end of a pipe that nobody holds the other of. -1 and errno. */
int cret_os_nowhere(bool writable);

/* Whether the path still names the open file: a lock on a file that was replaced holds nobody. */
bool cret_os_still_there(int fd, const char *path);

/* Of a path that leads nowhere: one of nearly that name in the same folder, as the hint; nothing
 * where there is none, or it cannot be found out. */
void cret_os_hint_near(struct cret_err *err, const char *path);

#endif
