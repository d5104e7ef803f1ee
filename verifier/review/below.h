/* SPDX-License-Identifier: Apache-2.0 */
/* What lies below a folder, without following a link. */
#ifndef CRET_VERIFIER_BELOW_H
#define CRET_VERIFIER_BELOW_H

#include "base/system/os.h"

/* Entries of one folder at most, and how deep. */
#define CRET_BELOW_ENTRIES 1000000u
#define CRET_BELOW_DEPTH 64u

struct cret_below_entry {
    char *path; /* below the folder, with '/' */
    enum cret_file_kind kind;
    uint64_t size;
    char *why; /* it could not be looked at, or its entries not be listed; else NULL */
};

struct cret_below {
    struct cret_below_entry *entries; /* sorted bytewise by path; folders only where `why` is set */
    size_t count, capacity;
};

/* Lists what lies below an open folder (borrowed). class USAGE above the caps; UNDECIDED where the
 * folder itself cannot be listed, and for memory. Caller: cret_below_clear. */
CRET_MUST_CHECK enum cret_status cret_below_list(struct cret_below *ret_tree, int directory_fd,
                                                 struct cret_err *err);
/* The entry of this path, or NULL. */
const struct cret_below_entry *cret_below_find(const struct cret_below *tree, const char *path);
void cret_below_clear(struct cret_below *tree);

#endif
