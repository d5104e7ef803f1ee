/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of making seals: who parses what exists and what was answered, and who asked. */
#include "verifier/verbs/seal_making.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/apart.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "trust/cms/timestamp_exchange.h"

/* The reading process. */

/* What it makes; borrowed. */
struct making {
    struct cret_seal_batch *batch;
    const struct cret_seal_answer *answer; /* NULL: a request */
    size_t first;
};

/* Timestamp renewal keeps the digest: one tree has one, so all seals must have the same. */
static enum cret_status choose(struct cret_seal_batch *batch, struct cret_err *err)
{
    const char *named = batch->digest;
    for (size_t i = 0; i < batch->count; i++) {
        const struct cret_seal *seal = batch->items[i].old;
        const struct cret_digest_algorithm *last =
            cret_seal_at(seal, cret_seal_count(seal) - 1).algorithm;
        if (named == NULL && i > 0 && last != batch->algorithm) {
            cret_err_usage(err, "the seals are of different digests: %s and %s", last->name,
                           batch->algorithm->name);
            cret_err_where(err, "%s", batch->items[i].out);
            return cret_err_hint(err, "renew those of each digest by themselves, or all with "
                                      "--digest");
        }
        if (named != NULL && cret_digest_by_name(named)->size < last->size) {
            cret_err_usage(err, "%s is no stronger digest than %s", named, last->name);
            return cret_err_where(err, "%s", batch->items[i].out);
        }
        batch->algorithm = last;
    }
    batch->step = named != NULL ? CRET_SEAL_TREE : CRET_SEAL_TIMESTAMP;
    batch->algorithm = named != NULL ? cret_digest_by_name(named) : batch->algorithm;
    return CRET_OK;
}

static enum cret_status read_old(struct cret_seal_batch *batch, struct cret_err *err)
{
    if (!batch->renews) {
        return CRET_OK;
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct cret_seal_item *item = &batch->items[i];
        if (cret_seal_parse(&item->old, (const uint8_t *)item->der, item->der_size, false, err) !=
            CRET_OK) {
            return cret_err_context(err, "%s", item->out);
        }
    }
    return choose(batch, err);
}

/* What the new timestamp is over for this item. */
static enum cret_status hash_item(struct cret_seal_hash hashes[CRET_SEAL_FILES],
                                  struct cret_seal_group *ret_group,
                                  const struct cret_seal_batch *batch,
                                  const struct cret_seal_item *item, struct cret_err *err)
{
    const struct cret_digest_algorithm *algorithm = batch->algorithm;
    *ret_group = (struct cret_seal_group){hashes, item->count};
    if (batch->step == CRET_SEAL_TIMESTAMP) {
        ret_group->count = 1;
        return cret_seal_digest_token(hashes, &algorithm, item->old, err);
    }
    for (size_t i = 0; i < item->count; i++) {
        if ((batch->step == CRET_SEAL_FIRST
                 ? cret_seal_digest(&hashes[i], algorithm, item->objects[i].bytes, err)
                 : cret_seal_digest_again(&hashes[i], algorithm, item->old, item->objects[i].bytes,
                                          err)) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status make_tree(struct cret_seal_tree **ret_tree,
                                  const struct cret_seal_batch *batch, struct cret_err *err)
{
    struct cret_seal_hash *hashes = calloc(batch->count * CRET_SEAL_FILES + 1, sizeof(*hashes));
    struct cret_seal_group *groups = calloc(batch->count + 1, sizeof(*groups));
    enum cret_status status = hashes != NULL && groups != NULL ? CRET_OK : cret_err_memory(err);
    for (size_t i = 0; status == CRET_OK && i < batch->count; i++) {
        status = hash_item(&hashes[i * CRET_SEAL_FILES], &groups[i], batch, &batch->items[i], err);
    }
    if (status == CRET_OK) {
        status = cret_seal_tree_make(ret_tree, batch->algorithm, groups, batch->count, err);
    }
    free(hashes);
    free(groups);
    return status;
}

/* Is the token over the root of just this tree? Its trust is judged with each seal. */
static enum cret_status check_token(const struct cret_timestamp_answer *answer,
                                    const struct cret_seal_batch *batch,
                                    const struct cret_seal_tree *tree, struct cret_err *err)
{
    struct cret_timestamp *timestamp = NULL;
    struct cret_bytes imprint;
    if (cret_timestamp_parse_alone(&timestamp, (struct cret_bytes){answer->token, answer->size},
                                   false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_digest_algorithm *digest = cret_timestamp_imprint(timestamp, &imprint);
    const struct cret_bytes root = {cret_seal_tree_root(tree)->value, batch->algorithm->size};
    const bool same = digest == batch->algorithm && cret_bytes_equal(imprint, root);
    cret_timestamp_free(&timestamp);
    if (same) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_SEAL_DATA, "the answer is not over these files");
    return cret_err_hint(err, "give the same files and options as with --request; where a file was "
                              "changed since, write a new request");
}

static enum cret_status tell_request(struct cret_apart_told *told,
                                     const struct cret_seal_batch *batch,
                                     const struct cret_seal_tree *tree, struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0;
    if (cret_timestamp_request_for(&der, &size, batch->algorithm, cret_seal_tree_root(tree)->value,
                                   err) != CRET_OK) {
        return CRET_FAILED;
    }
    told->files[0].data = (char *)der;
    told->files[0].size = size;
    return CRET_OK;
}

static enum cret_status tell_seals(struct cret_apart_told *told, const struct making *making,
                                   const struct cret_seal_tree *tree, struct cret_bytes token,
                                   struct cret_err *err)
{
    const struct cret_seal_batch *batch = making->batch;
    struct cret_build json = cret_build_object(), sizes = cret_build_list();
    struct cret_buffer bytes = {0};
    enum cret_status status = CRET_OK;
    size_t next = making->first;
    while (status == CRET_OK && next < batch->count && bytes.size < CRET_SEAL_PIECE_BYTES) {
        uint8_t *der = NULL;
        size_t size = 0;
        status = cret_seal_write(&der, &size, batch->items[next].old, batch->step,
                                 (struct cret_seal_leaf){tree, next}, token, err);
        if (status == CRET_OK) {
            cret_buffer_append(&bytes, der, size);
            cret_build_add(&sizes, json_integer((json_int_t)size));
            next++;
        }
        free(der);
    }
    cret_build_put(&json, "sizes", cret_build_end(&sizes));
    told->json = cret_build_end(&json);
    told->files[0].data = bytes.data;
    told->files[0].size = bytes.size;
    if (status == CRET_OK && (bytes.failed || told->json == NULL)) {
        status = cret_err_memory(err);
    }
    return status;
}

static enum cret_status answer_apart(struct cret_apart_told *told, const struct making *making,
                                     const struct cret_seal_tree *tree, struct cret_err *err)
{
    const struct cret_bytes bytes = making->answer->bytes;
    struct cret_timestamp_answer answer = {0};
    enum cret_status status = CRET_FAILED;
    if (cret_timestamp_response(&answer, bytes.data, bytes.size, NULL, 0, err) != CRET_OK ||
        check_token(&answer, making->batch, tree, err) != CRET_OK) {
        cret_err_context(err, "%s", making->answer->path);
    } else {
        status =
            tell_seals(told, making, tree, (struct cret_bytes){answer.token, answer.size}, err);
    }
    cret_timestamp_answer_clear(&answer);
    return status;
}

static enum cret_status make_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct making *making = context;
    struct cret_seal_tree *tree = NULL;
    enum cret_status status = CRET_FAILED;
    if (read_old(making->batch, err) == CRET_OK &&
        make_tree(&tree, making->batch, err) == CRET_OK) {
        status = making->answer == NULL ? tell_request(told, making->batch, tree, err)
                                        : answer_apart(told, making, tree, err);
    }
    cret_seal_tree_free(&tree);
    return status;
}

/* Whoever asked. */

static enum cret_status have_made(struct cret_apart_told *told, struct making *making,
                                  struct cret_err *err)
{
    struct cret_apart_job job = {.read = make_apart, .context = making, .bounds = CRET_BOUNDS_NONE};
    job.bounds.allow_unconfined = making->batch->allow_unconfined;
    told->findings = cret_findings_new();
    enum cret_status status =
        told->findings != NULL ? cret_apart_run(told, &job, err) : cret_err_memory(err);
    if (status == CRET_OK && (cret_findings_count(told->findings) > 0 ||
                              told->files[0].data == NULL || told->files[0].size == 0)) {
        status = cret_apart_malformed(err);
    }
    cret_findings_free(&told->findings);
    return status;
}

enum cret_status cret_seal_request_take(char **ret_der, size_t *ret_size,
                                        struct cret_apart_told *told, struct cret_err *err)
{
    if (told->files[0].data == NULL ||
        !cret_timestamp_request_is((const uint8_t *)told->files[0].data, told->files[0].size)) {
        return cret_apart_malformed(err);
    }
    *ret_der = told->files[0].data;
    *ret_size = told->files[0].size;
    told->files[0].data = NULL;
    return CRET_OK;
}

enum cret_status cret_seal_make_request(char **ret_der, size_t *ret_size,
                                        struct cret_seal_batch *batch, struct cret_err *err)
{
    struct making making = {.batch = batch};
    struct cret_apart_told told = {.json = NULL};
    enum cret_status status = have_made(&told, &making, err);
    if (status == CRET_OK) {
        status = cret_seal_request_take(ret_der, ret_size, &told, err);
    }
    cret_apart_clear(&told);
    return status;
}

enum cret_status cret_seal_made_take(size_t *ret_next, struct cret_seal_batch *batch, size_t first,
                                     const struct cret_apart_told *told, struct cret_err *err)
{
    const json_t *sizes = json_object_get(told->json, "sizes");
    const size_t count = json_array_size(sizes);
    size_t at = 0;
    if (count == 0 || count > batch->count - first || told->files[0].data == NULL) {
        return cret_apart_malformed(err);
    }
    CRET_JSON_EACH_AT (index, one, sizes) {
        struct cret_seal_item *item = &batch->items[first + index];
        const json_int_t size = json_is_integer(one) ? json_integer_value(one) : 0;
        if (size < 1 || size > CRET_LIMIT_SEAL_BYTES || (size_t)size > told->files[0].size - at) {
            return cret_apart_malformed(err);
        }
        free(item->made);
        item->made = malloc((size_t)size);
        if (item->made == NULL) {
            return cret_err_memory(err);
        }
        memcpy(item->made, told->files[0].data + at, (size_t)size);
        item->made_size = (size_t)size;
        at += (size_t)size;
    }
    if (at != told->files[0].size) {
        return cret_apart_malformed(err);
    }
    *ret_next = first + count;
    return CRET_OK;
}

enum cret_status cret_seal_make(size_t *ret_next, struct cret_seal_batch *batch, size_t first,
                                const struct cret_seal_answer *answer, struct cret_err *err)
{
    struct making making = {batch, answer, first};
    struct cret_apart_told told = {.json = NULL};
    const enum cret_status status = have_made(&told, &making, err) == CRET_OK
                                        ? cret_seal_made_take(ret_next, batch, first, &told, err)
                                        : CRET_FAILED;
    cret_apart_clear(&told);
    return status;
}
