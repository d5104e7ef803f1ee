/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which regular files this run opened to read or to append to: an output that is one of them would
 * destroy what it was made from. Files are known by device and inode. Of a process, as descriptors
 * are; what another process of the run read is added by whoever started it.
 */
#ifndef CRET_BASE_SEEN_H
#define CRET_BASE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_seen {
    uint64_t device, inode;
};

/* From here on files are noted: a program is one run, and a process that is not is asked nothing.
 */
void cret_seen_begin(void);
bool cret_seen_begun(void);
void cret_seen_add(uint64_t device, uint64_t inode);
/* It is not known what was read: everything counts as read. */
void cret_seen_lost(void);
bool cret_seen_has(uint64_t device, uint64_t inode);
/* All of them, each once; the caller frees *ret_list. UNDECIDED where they are not known. */
CRET_MUST_CHECK enum cret_status cret_seen_list(struct cret_seen **ret_list, size_t *ret_count,
                                                struct cret_err *err);

#endif
