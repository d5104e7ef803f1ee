/* SPDX-License-Identifier: Apache-2.0 */
/* What the modules about compound files share. Internal to cfb*.c. */
#ifndef CRET_FOREIGN_CFB_PARTS_H
#define CRET_FOREIGN_CFB_PARTS_H

#include "foreign/cfb.h"

#define CRET_CFB_FREE 0xffffffffu /* of a table: nobody has it */
#define CRET_CFB_END 0xfffffffeu  /* the last of its chain */
#define CRET_CFB_FAT 0xfffffffdu  /* it is of the allocation table itself */
#define CRET_CFB_DIFAT 0xfffffffcu
#define CRET_CFB_NONE 0xffffffffu /* of the directory: no entry */

enum { CRET_CFB_MINI_UNIT = 64, CRET_CFB_CUTOFF = 4096, CRET_CFB_SECTOR_MOST = 4096 };

uint32_t cret_cfb_u32(const uint8_t *data);
/* REFUSED, foreign.form, at a byte of the file. */
enum cret_status cret_cfb_refuse(uint64_t at, struct cret_err *err, const char *format, ...)
    CRET_PRINTF(3, 4);
/* Where a sector lies. */
uint64_t cret_cfb_sector_at(const struct cret_cfb *cfb, uint32_t sector);
/* The space in which a stream of this size lies. */
const struct cret_cfb_space *cret_cfb_space_of(const struct cret_cfb *cfb, uint64_t size);

/* Counts a part of the file that no stream holds. */
CRET_MUST_CHECK enum cret_status cret_cfb_slack_add(struct cret_cfb *cfb,
                                                    enum cret_cfb_slack_kind kind, uint64_t at,
                                                    uint64_t bytes, struct cret_err *err);
/* Makes a chain of at least `size` bytes its own; what it has beyond is slack. `what` names it;
 * ret_count (or NULL): of its units. */
CRET_MUST_CHECK enum cret_status cret_cfb_claim(struct cret_cfb *cfb,
                                                const struct cret_cfb_space *space, uint32_t start,
                                                uint64_t size, const char *what,
                                                uint32_t *ret_count, struct cret_err *err);
/* Every unit is of a chain, or free: those are slack. */
CRET_MUST_CHECK enum cret_status cret_cfb_check_units(struct cret_cfb *cfb,
                                                      const struct cret_cfb_space *space,
                                                      struct cret_err *err);

/* The directory, from the chain of its sectors: entries, then the tree. */
CRET_MUST_CHECK enum cret_status cret_cfb_directory_read(struct cret_cfb *cfb, uint32_t start,
                                                         uint32_t sector_count,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_cfb_directory_walk(struct cret_cfb *cfb,
                                                         struct cret_err *err);

#endif
