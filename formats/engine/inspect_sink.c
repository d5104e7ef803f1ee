/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes go that were hashed. */
#include "engine/inspect_internal.h"

enum cret_status cret_inspect_sink(void *context, size_t entry, uint64_t offset,
                                   const uint8_t *data, size_t size, struct cret_err *err)
{
    struct cret_inspect_run *run = context;
    if (cret_kept_take(run->kept, entry, offset, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (run->request->sink != NULL) {
        return run->request->sink(run->request->context, entry, offset, data, size, err);
    }
    return CRET_OK;
}
