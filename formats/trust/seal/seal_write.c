/* SPDX-License-Identifier: Apache-2.0 */
/* Writing seals: a first one, and one with a timestamp or a chain more. */
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/der_write.h"
#include "trust/seal/seal_parts.h"

enum cret_status cret_seal_hash_chains(struct cret_seal_hash *ret_hash,
                                       const struct cret_digest_algorithm *algorithm,
                                       const struct cret_seal *seal, size_t count,
                                       struct cret_err *err)
{
    struct cret_buffer content = {0}, sequence = {0};
    for (size_t i = 0; i < count; i++) {
        cret_der_put_raw(&content, seal->chains[i]);
    }
    cret_der_wrap(&sequence, CRET_DER_SEQUENCE, &content);
    const struct cret_bytes whole = {(const uint8_t *)sequence.data, sequence.size};
    const enum cret_status status =
        !sequence.failed ? cret_seal_digest(ret_hash, algorithm, whole, err) : cret_err_memory(err);
    cret_buffer_free(&sequence);
    return status;
}

enum cret_status cret_seal_digest_token(struct cret_seal_hash *ret_hash,
                                        const struct cret_digest_algorithm **ret_algorithm,
                                        const struct cret_seal *seal, struct cret_err *err)
{
    const struct cret_seal_part *last = seal->parts[seal->part_count - 1];
    const struct cret_digest_algorithm *algorithm = seal->chain_algorithms[last->chain];
    if (cret_seal_digest(ret_hash, algorithm, last->token, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_algorithm = algorithm;
    return CRET_OK;
}

enum cret_status cret_seal_digest_again(struct cret_seal_hash *ret_hash,
                                        const struct cret_digest_algorithm *algorithm,
                                        const struct cret_seal *seal, struct cret_bytes bytes,
                                        struct cret_err *err)
{
    struct cret_seal_hash object, chains;
    const struct cret_bytes both[] = {{object.value, algorithm->size},
                                      {chains.value, algorithm->size}};
    if (cret_seal_digest(&object, algorithm, bytes, err) != CRET_OK ||
        cret_seal_hash_chains(&chains, algorithm, seal, seal->chain_count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_seal_hash_runs(ret_hash, algorithm, both, 2, err);
}

static int ascending(const void *left, const void *right)
{
    const struct cret_seal_hash *a = left, *b = right;
    return memcmp(a->value, b->value, sizeof(a->value));
}

/* ArchiveTimeStamp; digestAlgorithm is left out, being that of the token. */
static enum cret_status put_stamp(struct cret_buffer *out, const struct cret_seal_tree *tree,
                                  size_t group, struct cret_bytes token, struct cret_err *err)
{
    struct cret_seal_path path;
    struct cret_buffer lists = {0}, stamp = {0};
    const size_t size = cret_seal_tree_algorithm(tree)->size;
    if (cret_seal_tree_path(&path, tree, group, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_seal_hash *next = path.values;
    for (size_t i = 0; i < path.list_count; i++) {
        struct cret_buffer list = {0};
        qsort(next, path.counts[i], sizeof(*next), ascending);
        for (size_t j = 0; j < path.counts[i]; j++, next++) {
            cret_der_put(&list, CRET_DER_OCTET_STRING, next->value, size);
        }
        cret_der_wrap(&lists, CRET_DER_SEQUENCE, &list);
    }
    free(path.values);
    if (path.list_count > 0) {
        cret_der_wrap(&stamp, CRET_DER_CONTEXT_CONSTRUCTED | 2, &lists);
    }
    cret_der_put_raw(&stamp, token);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &stamp);
    return CRET_OK;
}

/* The content of a whole chain element. */
static struct cret_bytes content_of(struct cret_bytes whole)
{
    struct cret_der der =
        cret_der_begin(whole.data, whole.size, CRET_SEAL_SUBJECT, CRET_CHECK_SEAL_FORM, NULL);
    struct cret_der_element element = {0};
    /* It was read so before. */
    return cret_der_any(&der, "chain", &element) == CRET_OK ? element.content
                                                            : (struct cret_bytes){NULL, 0};
}

static enum cret_status check_caps(const struct cret_seal *old, enum cret_seal_step step,
                                   struct cret_err *err)
{
    if (old->part_count >= CRET_LIMIT_SEAL_STAMPS ||
        (step == CRET_SEAL_TREE && old->chain_count >= CRET_LIMIT_SEAL_CHAINS)) {
        cret_err_refuse(err, CRET_CHECK_SEAL_FORM, "the seal cannot be renewed any more");
        return cret_err_expected(err, "at most %u timestamps in %u chains", CRET_LIMIT_SEAL_STAMPS,
                                 CRET_LIMIT_SEAL_CHAINS);
    }
    return CRET_OK;
}

/* ArchiveTimeStampSequence: what was there, byte by byte, and the new timestamp. */
static void put_sequence(struct cret_buffer *out, const struct cret_seal *old,
                         enum cret_seal_step step, struct cret_buffer *stamp)
{
    struct cret_buffer sequence = {0}, chain = {0};
    const size_t whole = old == NULL                   ? 0
                         : step == CRET_SEAL_TIMESTAMP ? old->chain_count - 1
                                                       : old->chain_count;
    for (size_t i = 0; i < whole; i++) {
        cret_der_put_raw(&sequence, old->chains[i]);
    }
    if (old != NULL && step == CRET_SEAL_TIMESTAMP) {
        cret_der_put_raw(&chain, content_of(old->chains[whole]));
    }
    cret_der_put_raw(&chain, (struct cret_bytes){(const uint8_t *)stamp->data, stamp->size});
    cret_der_wrap(&sequence, CRET_DER_SEQUENCE, &chain);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &sequence);
}

enum cret_status cret_seal_write(uint8_t **ret_der, size_t *ret_size, const struct cret_seal *old,
                                 enum cret_seal_step step, struct cret_seal_leaf leaf,
                                 struct cret_bytes token, struct cret_err *err)
{
    static const uint8_t version[] = {1};
    const struct cret_digest_algorithm *algorithm = cret_seal_tree_algorithm(leaf.tree);
    struct cret_buffer stamp = {0}, algorithms = {0}, record = {0}, out = {0};
    bool listed = false;
    if ((old != NULL && check_caps(old, step, err) != CRET_OK) ||
        put_stamp(&stamp, leaf.tree, leaf.group, token, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; old != NULL && i < old->algorithm_count; i++) {
        cret_der_put_raw(&algorithms, old->algorithms[i]->identifier);
        listed = listed || old->algorithms[i] == algorithm;
    }
    if (!listed) {
        cret_der_put_raw(&algorithms, algorithm->identifier);
    }
    cret_der_put(&record, CRET_DER_INTEGER, version, sizeof(version));
    cret_der_wrap(&record, CRET_DER_SEQUENCE, &algorithms);
    put_sequence(&record, old, step, &stamp);
    record.failed = record.failed || stamp.failed;
    cret_buffer_free(&stamp);
    cret_der_wrap(&out, CRET_DER_SEQUENCE, &record);
    return cret_der_finish(ret_der, ret_size, &out, err);
}
