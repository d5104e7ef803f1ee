/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only caller of the operating system. Everything here retries EINTR, opens with O_CLOEXEC,
 * never follows a dangling decision back to a path, and reports errno in words. Where the system
 * could not find out (no descriptor, a failing device), it remembers a fault
 * (base/finding/fault.h).
 */
#ifndef CRET_BASE_OS_H
#define CRET_BASE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/finding/err.h"

enum cret_file_kind { CRET_KIND_REGULAR, CRET_KIND_DIRECTORY, CRET_KIND_SYMLINK, CRET_KIND_OTHER };

struct cret_file_info {
    enum cret_file_kind kind;
    uint64_t size;
    uint64_t device, inode; /* identity: two paths to one file are found by these */
    uint32_t owner;         /* uid */
    uint32_t mode;          /* permission bits */
    int64_t modified_ns;    /* last change of the content, nanoseconds since 1970 */
};

/* Opens for reading; class UNDECIDED with errno in words when it cannot. directory_fd may be
 * CRET_OS_HERE. path is interpreted below it. A pipe that lies under a name is refused, for it may
 * hold the run up for ever; one that was passed on (/dev/stdin, /dev/fd/63) is read. */
#define CRET_OS_HERE (-100)
CRET_MUST_CHECK enum cret_status cret_os_open_read(int *ret_fd, int directory_fd, const char *path,
                                                   struct cret_err *err);
/* The same of what another program may hand over through a named pipe, as a secret: waits for it.
 */
CRET_MUST_CHECK enum cret_status cret_os_open_handed(int *ret_fd, const char *path,
                                                     struct cret_err *err);
/* A regular file only, and without waiting: a pipe that lies under its name holds nobody up. */
CRET_MUST_CHECK enum cret_status cret_os_open_file(int *ret_fd, const char *path,
                                                   struct cret_err *err);
/* As cret_os_open_read, but no component after directory_fd may be a symbolic link, and each is a
 * name that its folder lists, in the same letters' case, on every system. */
CRET_MUST_CHECK enum cret_status cret_os_open_read_beneath(int *ret_fd, int directory_fd,
                                                           const char *path, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_open_directory(int *ret_fd, const char *path,
                                                        struct cret_err *err);
/* A folder that lies in another one under this name (one component); no link is followed. */
CRET_MUST_CHECK enum cret_status cret_os_open_directory_in(int *ret_fd, int directory_fd,
                                                           const char *name, struct cret_err *err);
/* Who may be able to change what is opened: the users that file and folders may belong to. */
struct cret_os_keepers {
    uint32_t users[3];
    size_t count;
    bool sticky; /* on the way a folder is fine in which everybody changes his own only (/tmp) */
};
/*
 * Opens a file (or folder: kind) for reading that nobody but its keepers can change or replace.
 * From the root down each folder is opened in the one before it, and each, the last included, must
 * belong to a keeper, be writable by nobody else, and be no symbolic link; a relative path is taken
 * from the current folder. The descriptor is the thing that was examined: no name is looked up
 * twice. class USAGE where a path is not so, UNDECIDED where the machine could not do it.
 * *ret_exists false, *ret_fd -1 and CRET_OK where nothing is there; ret_exists NULL: that is class
 * USAGE too.
 */
CRET_MUST_CHECK enum cret_status cret_os_open_kept(int *ret_fd, bool *ret_exists, const char *path,
                                                   enum cret_file_kind kind,
                                                   const struct cret_os_keepers *keepers,
                                                   struct cret_err *err);
/* Every entry of a folder opened by the above is a file or folder of its keepers that nobody else
 * can write. path is for the messages. */
CRET_MUST_CHECK enum cret_status cret_os_entries_kept(int directory_fd, const char *path,
                                                      const struct cret_os_keepers *keepers,
                                                      struct cret_err *err);
/* The number of a user of /etc/passwd; no other name service is asked. */
CRET_MUST_CHECK enum cret_status cret_os_user_of_name(uint32_t *ret_user, bool *ret_found,
                                                      const char *name, struct cret_err *err);
/* Creates a new file below a folder, creating missing folders (0755); never opens what exists and
 * never follows a link. Mode is filtered by the umask. */
CRET_MUST_CHECK enum cret_status cret_os_create_beneath(int *ret_fd, int directory_fd,
                                                        const char *path, unsigned mode,
                                                        struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_stat_fd(struct cret_file_info *ret_info, int fd,
                                                 struct cret_err *err);
/* lstat; *ret_exists false (and CRET_OK) where nothing is there. */
CRET_MUST_CHECK enum cret_status cret_os_stat_path(struct cret_file_info *ret_info,
                                                   bool *ret_exists, const char *path,
                                                   struct cret_err *err);
/* The same of an entry of an open folder. */
CRET_MUST_CHECK enum cret_status cret_os_stat_in(struct cret_file_info *ret_info, bool *ret_exists,
                                                 int directory_fd, const char *name,
                                                 struct cret_err *err);
/* The fs-verity digest (SHA-256) that the kernel holds every read of this file to; false where the
 * file has none, or one of another kind. */
bool cret_os_measure_verity(int fd, uint8_t ret_digest[32]);
/* The path from the root, by the current folder; nothing is looked up. Caller frees; NULL: memory,
 * or the current folder is not known. */
char *cret_os_absolute(const char *path);
/* Everything before the last '/', "/" or "." where nothing is; the caller frees. NULL: memory. */
char *cret_os_parent(const char *path);
/* Is the descriptor seekable (a regular file), so that pread works? */
bool cret_os_seekable(int fd);
/* Is it a pipe, with a name or without? */
bool cret_os_is_pipe(int fd);
/* A pipe holds as much as a process without privileges may ask for, so that its two ends rarely
 * wait for each other; best effort, and nothing for other files. */
void cret_os_widen_pipe(int fd);
/* Whether a regular file stands at its first byte; true for whatever has no position. */
bool cret_os_at_start(int fd);
void cret_os_close(int *fd); /* -1 afterwards; NULL-safe; keeps errno */

/* Reads until size bytes or the end; *ret_got < size only at the end of the file. */
CRET_MUST_CHECK enum cret_status cret_os_read(int fd, void *data, size_t size, size_t *ret_got,
                                              struct cret_err *err);
/* Reads what is there, at least one byte, or none at the end of the file; gives up when the
 * monotonic clock reaches deadline_ms: CRET_FAILED with *ret_late. */
CRET_MUST_CHECK enum cret_status cret_os_read_until(int fd, void *data, size_t size,
                                                    uint64_t deadline_ms, size_t *ret_got,
                                                    bool *ret_late, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_pread(int fd, void *data, size_t size, uint64_t offset,
                                               size_t *ret_got, struct cret_err *err);
/* Writes all of it or fails. */
CRET_MUST_CHECK enum cret_status cret_os_write(int fd, const void *data, size_t size,
                                               struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_pwrite(int fd, const void *data, size_t size,
                                                uint64_t offset, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_fsync(int fd, struct cret_err *err);
/* Asks the system to begin writing a part of a file to the disk, so that the flush in the end is
 * short. No promise: that is cret_os_fsync's. */
void cret_os_flush_begin(int fd, uint64_t offset, uint64_t size);
/* `size` bytes from one file to another, which is not the same: shared where the file system can,
 * else by the kernel, else through memory. class UNDECIDED, also where there are fewer. */
CRET_MUST_CHECK enum cret_status cret_os_copy(int from, uint64_t from_offset, int to,
                                              uint64_t to_offset, uint64_t size,
                                              struct cret_err *err);
/* Sets the length and reserves the space where the file system can (so that a full disk is found
 * before the work, not after it). */
CRET_MUST_CHECK enum cret_status cret_os_reserve(int fd, uint64_t size, struct cret_err *err);
void cret_os_advise_sequential(int fd, uint64_t offset, uint64_t size);
CRET_MUST_CHECK enum cret_status cret_os_rename(const char *from, const char *to,
                                                struct cret_err *err);
void cret_os_unlink(const char *path);      /* best effort */
void cret_os_remove_tree(const char *path); /* best effort, never follows links */
/* fsync of the folder that holds path, so that a rename in it survives a power cut. */
CRET_MUST_CHECK enum cret_status cret_os_sync_parent(const char *path, struct cret_err *err);
/* Flushes the whole file system that holds the descriptor: one call for many new files. */
CRET_MUST_CHECK enum cret_status cret_os_sync_file_system(int fd, struct cret_err *err);
/* Creates one folder, whose name survives a power cut; *ret_created false where it was there
 * already. */
CRET_MUST_CHECK enum cret_status cret_os_make_directory(const char *path, unsigned mode,
                                                        bool *ret_created, struct cret_err *err);

/*
 * Outputs under construction (os_temporary.c). What has a name meanwhile has a hidden one,
 * ".<final name>.<16 hex>.tmp"; a signal that ends the program takes it away, and the next run for
 * the same final name removes what a killed one left (it finds out by a lock on it).
 */

/* A new file without a name in the folder of final_path (O_TMPFILE), or, where the file system has
 * none, with a hidden one, whose path is then *ret_path (else NULL; caller frees). */
CRET_MUST_CHECK enum cret_status cret_os_temporary_file(int *ret_fd, char **ret_path,
                                                        const char *final_path, unsigned mode,
                                                        struct cret_err *err);
/* Gives a file made by the above its final name, which must be free: nothing is ever replaced, on
 * any file system. *ret_taken: the name is taken (class UNDECIDED like every failure). */
CRET_MUST_CHECK enum cret_status cret_os_publish_new(int fd, const char *temporary_path,
                                                     const char *final_path, bool *ret_taken,
                                                     struct cret_err *err);
/* The same, atomically replacing what is there. Only for who holds a lock on that. */
CRET_MUST_CHECK enum cret_status cret_os_publish_over(int fd, const char *temporary_path,
                                                      const char *final_path, struct cret_err *err);
/* A new 0700 folder beside final_path, with a hidden name (caller frees), opened. */
CRET_MUST_CHECK enum cret_status cret_os_temporary_directory(char **ret_path, int *ret_fd,
                                                             const char *final_path,
                                                             struct cret_err *err);
/* Gives such a folder its final name, which must be free, so that a power cut does not undo it. It
 * still goes away with a signal, until cret_os_finished. After a failure there is neither. class
 * UNDECIDED. */
CRET_MUST_CHECK enum cret_status
cret_os_publish_directory(const char *temporary_path, const char *final_path, struct cret_err *err);
void cret_os_finished(const char *final_path);
/* Removes what a killed run left beside this final name. Best effort. */
void cret_os_remove_leftovers(const char *final_path);
/* Renames a finished file or folder to a name that must be free. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_os_rename_new(const char *from, const char *to,
                                                    struct cret_err *err);
/* Gives a folder that was made for its owner alone the mode of an ordinary one (0755 filtered by
 * the umask), before it gets its final name. A file system that decides about modes itself is no
 * failure: *ret_mode is what it gave, *ret_set false where that is not what was asked. Not while
 * other threads create files. */
CRET_MUST_CHECK enum cret_status cret_os_share_directory(int fd, bool *ret_set, unsigned *ret_mode,
                                                         struct cret_err *err);
/* Owner, group, mode and access list of `from`, as far as this process may give them; never more
 * access than `from` gave: class UNDECIDED where the file system gives more. */
CRET_MUST_CHECK enum cret_status cret_os_copy_access(int to, int from, struct cret_err *err);

/* A file that is read, amended and replaced, locked until the descriptor is closed (flock, which
 * belongs to the open file): waits at most wait_ms for others. *ret_exists false (and CRET_OK)
 * where nothing is there. class USAGE for a link or anything but a regular file. */
CRET_MUST_CHECK enum cret_status cret_os_hold(int *ret_fd, bool *ret_exists, const char *path,
                                              uint64_t wait_ms, struct cret_err *err);
/* Whether the path names this open file. */
bool cret_os_names(const char *path, int fd);

/* No signal ends the program between these two: for what must be done whole. Nested pairs count;
 * the main thread only. */
void cret_os_signals_hold(void);
void cret_os_signals_release(void);

/* Whether a path leads to a folder, through links too; what cannot be found out is no. */
bool cret_os_is_folder(const char *path);
/* Names in a folder but . and .., sorted bytewise. Caller frees with cret_os_names_free. */
CRET_MUST_CHECK enum cret_status cret_os_list(char ***ret_names, size_t *ret_count,
                                              int directory_fd, struct cret_err *err);
void cret_os_names_free(char ***names, size_t count);

/* Clock (UTC seconds), processors, random bytes, identity of user, host and process. */
int64_t cret_os_now(void);
uint64_t cret_os_monotonic_ms(void);
unsigned cret_os_cores(void);
/* Whether the processor has SHA-256 among its instructions (SHA extensions of x86, ARMv8), and what
 * a kernel of base/digest uses besides. */
bool cret_os_has_sha256(void);
/* AVX-512 (F, BW), which the system saves for this process. */
bool cret_os_has_avx512(void);
CRET_MUST_CHECK enum cret_status cret_os_random(void *data, size_t size, struct cret_err *err);
/* As /etc/passwd has it, which is a file: no directory service is asked, and so no network. A user
 * that is not there is "uid N". */
void cret_os_user_name(char *out, size_t size);
uint32_t cret_os_user_id(void); /* effective */
void cret_os_host_name(char *out, size_t size);
/* Whether commands are pasted into a POSIX shell here; else into cmd.exe or PowerShell. */
extern const bool cret_os_shell_is_posix;
bool cret_os_is_terminal(int fd);
/* The columns of a terminal; 0 where it is none, or does not say. */
size_t cret_os_columns(int fd);
size_t cret_os_rows(int fd);                       /* its lines, likewise */
const char *cret_os_environment(const char *name); /* SOURCE_DATE_EPOCH, TERM, NO_COLOR */
/* Sets a variable of this process, for a library that takes a setting nowhere else. */
CRET_MUST_CHECK enum cret_status cret_os_set_environment(const char *name, const char *value,
                                                         struct cret_err *err);
/* Waits; a signal does not shorten it. */
void cret_os_sleep_ms(unsigned milliseconds);
/* Why this process cannot read and write a device or socket: 0 where it can, else errno. */
int cret_os_access(const char *path);
/* Opens the file that this process runs (for its own digest), also where its name is gone or leads
 * to another one by now. */
CRET_MUST_CHECK enum cret_status cret_os_open_program(int *ret_fd, struct cret_err *err);

/* Whether this program can load libraries at all. A static one cannot: class USAGE, with what it
 * lacks for that. */
CRET_MUST_CHECK enum cret_status cret_os_libraries(const char *what, struct cret_err *err);
/* Loads a shared library by its name, from where the system keeps them. class UNDECIDED, and a
 * fault (base/finding/fault.h) unless it is a path. It stays loaded; loading it again gives the
 * same one.
 */
CRET_MUST_CHECK enum cret_status cret_os_library_open(void **ret_library, const char *name,
                                                      struct cret_err *err);
/* Loads it for cret_os_library_open, where it can be: for a process that opens nothing later. */
void cret_os_library_preload(const char *name);
/* ret_function: the pointer to a function that gets the address, NULL where the library has none of
 * that name: false. */
CRET_MUST_CHECK bool cret_os_library_find(void *library, const char *name, void *ret_function);

/* Whether whoever started this program left fd open for it: everything that it opens itself is
 * closed on exec, and what it was given cannot be. */
bool cret_os_inherited(int fd);

/* Whether this process opened the regular file behind fd by another call, to read it or to append
 * to it, since cret_os_harden; or it cannot be found out. What an output holds (cret_os_hold) is
 * not counted. */
bool cret_os_was_read(int fd);

/* No core dumps, not dumpable, no new privileges, SIGPIPE and SIGXFSZ ignored; what is unfinished
 * is removed when a signal ends the program; what is read is noted; no file takes the place of a
 * standard stream that is closed: /dev/null does, or an end of a pipe where there is no such
 * device. First call of each main(): exits with 3 where neither can be had. */
void cret_os_harden(void);

/* In a child, before it starts a thread: takes the copies of the pages of heap and stack that it
 * has in common with its parent, as far as they are few. Each one that is copied later, when it is
 * written, interrupts the other processors. */
void cret_os_own_memory(void);

/* What a child keeps of what its parent has open; base/system/confine.h has the bounds. */
struct cret_bounds;
struct cret_passed {
    const struct cret_bounds *bounds;
    int in, out;
};
/* Forks. In the child *ret_child is 0. Call before any thread exists. The child dies with its
 * parent. */
CRET_MUST_CHECK enum cret_status cret_os_fork(pid_t *ret_child, const struct cret_passed *passed,
                                              struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_pipe(int *ret_read, int *ret_write, struct cret_err *err);
/* Whether nobody holds the end of this pipe any more that is written to. */
bool cret_os_hung_up(int fd);
/* Waits until the monotonic clock reaches deadline_ms; *ret_ended false (and CRET_OK) where it runs
 * on. */
CRET_MUST_CHECK enum cret_status cret_os_wait_until(pid_t child, uint64_t deadline_ms,
                                                    bool *ret_ended, bool *ret_exited,
                                                    int *ret_code, struct cret_err *err);
void cret_os_kill(pid_t child);
/* Whether a child that did not exit, but ended with this code, was ended for a call that it must
 * not make. */
bool cret_os_was_denied(int code);
void cret_os_exit_now(int code) __attribute__((noreturn)); /* _exit */

/* Opens a regular file for appending only (O_APPEND, no link at the end followed); `create`: where
 * it is missing. */
CRET_MUST_CHECK enum cret_status cret_os_open_append(int *ret_fd, const char *path, bool create,
                                                     unsigned mode, struct cret_err *err);
/* Opens and locks a lock file (flock), waiting at most wait_ms; closing the descriptor releases
 * it. Exclusive: created where it is missing (0644). A lock file that was replaced while waiting is
 * opened again. */
CRET_MUST_CHECK enum cret_status cret_os_lock(int *ret_fd, const char *path, bool exclusive,
                                              uint64_t wait_ms, struct cret_err *err);

/* One line to the system log, syslog(3), facility authpriv; it never fails and never waits for an
 * answer. */
enum cret_log_level { CRET_LOG_INFO, CRET_LOG_WARNING, CRET_LOG_ERROR };
void cret_os_syslog(const char *program, enum cret_log_level level, const char *text);
/* Whether anybody takes such lines: syslog(3) itself does not tell. */
bool cret_os_syslog_reachable(void);

/* Reads a secret: from the terminal without echo (prompt shown there), or one line of a
 * descriptor. No terminal: class USAGE. out is terminated, no line break. */
CRET_MUST_CHECK enum cret_status cret_os_prompt_secret(char *out, size_t size, const char *prompt,
                                                       struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_os_read_secret_fd(char *out, size_t size, int fd,
                                                        struct cret_err *err);

#endif
