/* SPDX-License-Identifier: Apache-2.0 */
/* A folder on a disk held against the files of a release: same, changed, missing, extra. */
#ifndef CRET_VERIFIER_INSTALLED_H
#define CRET_VERIFIER_INSTALLED_H

#include "evidence/record/record.h"

enum cret_installed_state {
    CRET_INSTALLED_SAME,
    CRET_INSTALLED_CHANGED,
    CRET_INSTALLED_MISSING,
    CRET_INSTALLED_EXTRA,      /* no file of the release has this name */
    CRET_INSTALLED_UNREADABLE, /* not found out */
    CRET_INSTALLED_STATES
};
extern const char *const cret_installed_names[CRET_INSTALLED_STATES + 1]; /* NULL-terminated */

/* How the answer was found. */
enum cret_installed_way {
    CRET_INSTALLED_BY_NAME,   /* it is there or not, or is no file */
    CRET_INSTALLED_BY_SIZE,   /* other sizes are other files */
    CRET_INSTALLED_BY_SHA256, /* it was read */
    CRET_INSTALLED_BY_VERITY, /* the kernel measures it, and refuses reads that do not fit */
    CRET_INSTALLED_BY_LIST,   /* the list that extract writes, made anew */
    CRET_INSTALLED_WAYS
};
extern const char *const cret_installed_ways[CRET_INSTALLED_WAYS + 1]; /* NULL-terminated */

struct cret_installed_file {
    char *path; /* below the folder; of a missing file the name that extract gives it */
    enum cret_installed_state state;
    enum cret_installed_way way;
    const struct cret_record_file *file; /* of the release, borrowed; NULL: extra */
    const struct cret_record_file *is;   /* what its bytes are instead, borrowed; or NULL */
    bool has_size, has_sha256;           /* of what lies there */
    uint64_t size;
    uint8_t sha256[CRET_SHA256_BYTES];
    char *why; /* a reason in words, or NULL */
};

struct cret_installed {
    struct cret_installed_file *files; /* sorted by path */
    size_t count;
    size_t counts[CRET_INSTALLED_STATES];
};

/*
 * Looks for each file under its original name, then under its path in the archive; what else lies
 * in the folder is extra. No link is followed and nothing but regular files is opened; a file is
 * compared by the kernel's fs-verity measurement where it has one that fits, else it is read. What
 * cannot be opened or listed is UNREADABLE. directory_fd and files are borrowed; files must outlive
 * the result. Caller: cret_installed_free. class USAGE where the folder holds too much, UNDECIDED
 * where it cannot be listed at all.
 */
CRET_MUST_CHECK enum cret_status cret_installed_compare(struct cret_installed **ret_installed,
                                                        int directory_fd,
                                                        const struct cret_record_file *files,
                                                        size_t count, struct cret_err *err);
void cret_installed_free(struct cret_installed **installed);

#endif
