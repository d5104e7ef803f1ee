/* SPDX-License-Identifier: Apache-2.0 */
/* Payload files that are kept in memory while they are hashed, because they are parsed afterwards.
 */
#ifndef CRET_ENGINE_KEPT_H
#define CRET_ENGINE_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_kept; /* bytes of chosen entries */

/* entry_count: of the manifest. */
CRET_MUST_CHECK enum cret_status cret_kept_new(struct cret_kept **ret_kept, size_t entry_count,
                                               struct cret_err *err);
void cret_kept_free(struct cret_kept **kept);

/* Chooses an entry of `size` bytes; choosing it again changes nothing. */
CRET_MUST_CHECK enum cret_status cret_kept_choose(struct cret_kept *kept, size_t entry,
                                                  uint64_t size, struct cret_err *err);
/* Bytes of all that were chosen. */
uint64_t cret_kept_total(const struct cret_kept *kept);
bool cret_kept_has(const struct cret_kept *kept, size_t entry);

/* Takes bytes of an entry; those of entries that were not chosen are ignored. Different entries
 * may come from different threads. */
CRET_MUST_CHECK enum cret_status cret_kept_take(struct cret_kept *kept, size_t entry,
                                                uint64_t offset, const uint8_t *data, size_t size,
                                                struct cret_err *err);

/* The whole text of a chosen entry, terminated; NULL for others. Borrowed. Only after a walk that
 * succeeded: before, its digest has not matched. */
const char *cret_kept_text(const struct cret_kept *kept, size_t entry, size_t *ret_size);

#endif
