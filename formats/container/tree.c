/* SPDX-License-Identifier: Apache-2.0 */
/* One fs-verity tree in parts that threads compute in any order. */
#include "container/tree.h"
#include "base/digest/verity.h"

#include <stdlib.h>

/* Up to here a list of the digests of all 512 KiB spans takes at most 4 MiB. */
#define CHUNKED_MAXIMUM (64ull << 30)

enum cret_status cret_tree_init(struct cret_tree *tree, uint64_t size, bool chunked,
                                struct cret_err *err)
{
    tree->plan = cret_verity_plan(size);
    if (chunked && size > CRET_TEAM_CHUNK && size <= CHUNKED_MAXIMUM) {
        tree->plan.height = 1;
        tree->plan.span_size = CRET_TEAM_CHUNK;
        tree->plan.spans = size / CRET_TEAM_CHUNK + (size % CRET_TEAM_CHUNK != 0);
    }
    tree->digests = tree->plan.spans > SIZE_MAX
                        ? NULL
                        : reallocarray(NULL, (size_t)tree->plan.spans, CRET_SHA256_BYTES);
    return tree->digests == NULL ? cret_err_memory(err) : CRET_OK;
}

void cret_tree_clear(struct cret_tree *tree)
{
    free(tree->digests);
    tree->digests = NULL;
}

bool cret_tree_chunked(const struct cret_tree *tree)
{
    return tree->plan.span_size <= CRET_TEAM_CHUNK;
}

/* The span being fed is complete. */
static enum cret_status end_span(struct cret_verity_span *span, struct cret_tree *tree,
                                 struct cret_tree_position *position, struct cret_err *err)
{
    if (position->span >= tree->plan.spans) {
        return cret_err_undecided(err, "a file has more bytes than its tree");
    }
    uint8_t *digest = tree->digests + (size_t)position->span * CRET_SHA256_BYTES;
    if (cret_verity_span_final(span, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    position->span++;
    position->fed = 0;
    return CRET_OK;
}

enum cret_status cret_tree_feed(struct cret_verity_span *span, struct cret_tree *tree,
                                struct cret_tree_position *position, const uint8_t *data,
                                size_t size, struct cret_err *err)
{
    while (size > 0) {
        uint64_t room = tree->plan.span_size - position->fed;
        size_t part = room < size ? (size_t)room : size;
        if (position->fed == 0) {
            cret_verity_span_begin(span, &tree->plan);
        }
        cret_verity_span_update(span, data, part);
        position->fed += part;
        data += part;
        size -= part;
        if (position->fed == tree->plan.span_size &&
            end_span(span, tree, position, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_tree_feed_end(struct cret_verity_span *span, struct cret_tree *tree,
                                    struct cret_tree_position *position, struct cret_err *err)
{
    return position->fed == 0 ? CRET_OK : end_span(span, tree, position, err);
}

enum cret_status cret_tree_finish(const struct cret_tree *tree,
                                  uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    return cret_verity_finish(ret_digest, &tree->plan, tree->digests, err);
}
