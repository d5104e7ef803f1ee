/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output files: they appear complete or not at all, replace nothing but regular files, and of two
 * runs for one name one succeeds and the other is told. Every file that either program writes goes
 * through here, but for what only grows (journal) and what lies in a folder of the run's own.
 */
#ifndef CRET_BASE_OUTPUT_H
#define CRET_BASE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

/* A file that this run read, or will read, and will replace: locked against other runs. */
struct cret_held;

/* How long a run waits for another one that works on the same file. */
#define CRET_HELD_WAIT_MS 30000u

/*
 * Locks a regular file; *ret_held NULL (and CRET_OK) where nothing is there. A run that replaced it
 * meanwhile is seen: what is held is what the path names. class USAGE for a link or no regular
 * file, UNDECIDED where another run holds it for wait_ms.
 */
CRET_MUST_CHECK enum cret_status cret_held_open(struct cret_held **ret_held, const char *path,
                                                uint64_t wait_ms, struct cret_err *err);
/* Open for reading, at its first byte; borrowed. */
int cret_held_fd(const struct cret_held *held);
/* class UNDECIDED where somebody changed or replaced it since: what was read of it may be of both.
 */
CRET_MUST_CHECK enum cret_status cret_held_same(const struct cret_held *held, struct cret_err *err);
void cret_held_close(struct cret_held **held); /* NULL-safe; releases the lock */

struct cret_output; /* a file under construction */

enum cret_output_rule {
    CRET_OUTPUT_NEW,     /* the name must be free, when it is published too: class USAGE */
    CRET_OUTPUT_REPLACE, /* a regular file that is there now is replaced, and nothing else; not one
                          * that this process reads (class USAGE, at the latest by the commit) */
};

/*
 * Begins an output file (mode filtered by the umask; of a file that is replaced, mode, owner and
 * access list are kept as far as this process may). class USAGE for "-", a link, or no regular
 * file; UNDECIDED for a folder that is missing or not writable, and where another run replaces that
 * file.
 */
CRET_MUST_CHECK enum cret_status cret_output_open(struct cret_output **ret_output, const char *path,
                                                  unsigned mode, enum cret_output_rule rule,
                                                  struct cret_err *err);
/* The same for a file that the caller holds, and keeps holding until the commit. */
CRET_MUST_CHECK enum cret_status cret_output_open_over(struct cret_output **ret_output,
                                                       const struct cret_held *held,
                                                       struct cret_err *err);
/* What it replaces is what it was made from, and may have been read. */
void cret_output_amend(struct cret_output *output);
int cret_output_fd(const struct cret_output *output);
/* What would be replaced, for reading; -1: the name was free. */
int cret_output_old_fd(const struct cret_output *output);
/* Whether the file system gives more people access than the mode that was asked for. */
bool cret_output_exposed(const struct cret_output *output);
/* fsync, publish under the final name, fsync the folder. Frees *output in every case; on failure
 * nothing is left, and what was there is untouched. */
CRET_MUST_CHECK enum cret_status cret_output_commit(struct cret_output **output,
                                                    struct cret_err *err);
/* New files that belong together, published in this order, all or none. Frees all. */
CRET_MUST_CHECK enum cret_status cret_output_commit_all(struct cret_output **outputs, size_t count,
                                                        struct cret_err *err);
void cret_output_discard(struct cret_output **output);

/* "-" is standard output, and no file: class USAGE, named by the option that was given. */
CRET_MUST_CHECK enum cret_status cret_output_no_stream(const char *option, const char *path,
                                                       struct cret_err *err);

/* All of it in one call: a new file; a new file, or instead of a regular one; instead of a file
 * that the caller holds. */
CRET_MUST_CHECK enum cret_status cret_file_create(const char *path, const void *data, size_t size,
                                                  unsigned mode, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_file_write(const char *path, const void *data, size_t size,
                                                 unsigned mode, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_file_replace(const struct cret_held *held, const void *data,
                                                   size_t size, struct cret_err *err);
/* Instead of what is held, which path names too (another way to it, through an open folder); held
 * NULL: a new file. */
CRET_MUST_CHECK enum cret_status cret_file_put(const char *path, const struct cret_held *held,
                                               const void *data, size_t size, struct cret_err *err);

#endif
