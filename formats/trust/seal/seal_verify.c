/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a seal (RFC 4998 4.3, 5.3): its trees, its renewals, their times. */
#include <stdlib.h>
#include <string.h>

#include "base/text/time.h"
#include "trust/policy/policy_token.h"
#include "trust/seal/seal_parts.h"

#define DATA CRET_CHECK_SEAL_DATA
#define TIME CRET_CHECK_SEAL_TIME

static enum cret_status at(struct cret_err *err, size_t index)
{
    return cret_err_context(err, "timestamp %zu of the seal", index + 1);
}

/* Does the tree of this timestamp end in what its token dates? */
static enum cret_status check_root(const struct cret_seal *seal, size_t index, struct cret_err *err)
{
    const struct cret_seal_part *part = seal->parts[index];
    const struct cret_digest_algorithm *algorithm = seal->chain_algorithms[part->chain];
    struct cret_seal_hash node, next;
    bool begun = false;
    for (size_t i = 0; i < part->list_count; i++) {
        const struct cret_seal_list *list = &part->lists[i];
        struct cret_bytes *values = calloc(list->count + 1, sizeof(*values));
        if (values == NULL) {
            return cret_err_memory(err);
        }
        memcpy(values, list->values, list->count * sizeof(*values));
        if (begun) {
            values[list->count] = (struct cret_bytes){node.value, algorithm->size};
        }
        const enum cret_status status =
            cret_seal_hash_node(&next, algorithm, values, list->count + (begun ? 1 : 0), err);
        free(values);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        node = next;
        begun = true;
    }
    if (!begun ||
        cret_bytes_equal(part->imprint, (struct cret_bytes){node.value, algorithm->size})) {
        return CRET_OK;
    }
    cret_err_refuse(err, DATA, "the hash tree does not end in what the token dates");
    return at(err, index);
}

/* Is this digest the one that the token dates, or in the first list of its tree? */
static bool covers(const struct cret_seal *seal, size_t index, const struct cret_seal_hash *hash)
{
    const struct cret_seal_part *part = seal->parts[index];
    const struct cret_bytes wanted = {hash->value, seal->chain_algorithms[part->chain]->size};
    if (part->list_count == 0) {
        return cret_bytes_equal(part->imprint, wanted);
    }
    for (size_t i = 0; i < part->lists[0].count; i++) {
        if (cret_bytes_equal(part->lists[0].values[i], wanted)) {
            return true;
        }
    }
    return false;
}

/* The first timestamp of a chain is over every object; a later chain's with all that was before. */
static enum cret_status check_objects(const struct cret_seal *seal, size_t index,
                                      const struct cret_seal_request *request, struct cret_err *err)
{
    const size_t chain = seal->parts[index]->chain;
    const struct cret_digest_algorithm *algorithm = seal->chain_algorithms[chain];
    struct cret_seal_hash before, own, hash;
    const struct cret_bytes both[] = {{own.value, algorithm->size},
                                      {before.value, algorithm->size}};
    if (chain > 0 && cret_seal_hash_chains(&before, algorithm, seal, chain, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < request->object_count; i++) {
        const struct cret_seal_object *object = &request->objects[i];
        if (cret_seal_digest(&own, algorithm, object->bytes, err) != CRET_OK ||
            (chain > 0 && cret_seal_hash_runs(&hash, algorithm, both, 2, err) != CRET_OK)) {
            return CRET_FAILED;
        }
        if (covers(seal, index, chain > 0 ? &hash : &own)) {
            continue;
        }
        cret_err_refuse(err, DATA,
                        chain == 0 ? "the seal is not over %s"
                                   : "the renewal of the hash tree is not over %s and all that "
                                     "was before it",
                        object->name);
        cret_err_hint(err, "it was changed after it was sealed, or the seal is of another file");
        return at(err, index);
    }
    return CRET_OK;
}

/* Every other one is over the token before it, its exact bytes. */
static enum cret_status check_renewal(const struct cret_seal *seal, size_t index,
                                      struct cret_err *err)
{
    struct cret_seal_hash hash;
    if (cret_seal_digest(&hash, seal->chain_algorithms[seal->parts[index]->chain],
                         seal->parts[index - 1]->token, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (covers(seal, index, &hash)) {
        return CRET_OK;
    }
    cret_err_refuse(err, DATA, "it is not over the timestamp before it");
    return at(err, index);
}

static enum cret_status check_data(const struct cret_seal *seal,
                                   const struct cret_seal_request *request, struct cret_err *err)
{
    for (size_t i = 0; i < seal->part_count; i++) {
        const bool begins = i == 0 || seal->parts[i]->chain != seal->parts[i - 1]->chain;
        if ((begins ? check_objects(seal, i, request, err) : check_renewal(seal, i, err)) !=
                CRET_OK ||
            check_root(seal, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The times ascend, and none is after now. */
static enum cret_status check_order(const struct cret_seal *seal, int64_t now, struct cret_err *err)
{
    char earlier[32], later[32];
    for (size_t i = 0; i < seal->part_count; i++) {
        const int64_t time = cret_timestamp_time(seal->parts[i]->timestamp);
        const int64_t before =
            i > 0 ? cret_timestamp_time(seal->parts[i - 1]->timestamp) : INT64_MIN;
        cret_time_format(later, time);
        if (time > now) {
            cret_time_format(earlier, now);
            cret_err_refuse(err, TIME, "it is from after the time of this run");
            cret_err_expected(err, "a time up to %s", earlier);
            cret_err_actual(err, "%s", later);
            cret_err_hint(err, "check the clock of this machine");
            return at(err, i);
        }
        if (time <= before) {
            cret_time_format(earlier, before);
            cret_err_refuse(err, TIME, "it is not later than the one before it");
            cret_err_expected(err, "a time after %s", earlier);
            cret_err_actual(err, "%s", later);
            return at(err, i);
        }
    }
    return CRET_OK;
}

/* Until when a timestamp is relied on: to the last second in which the next can have been made. */
static int64_t relied_until(const struct cret_seal *seal, size_t index, int64_t now)
{
    if (index + 1 == seal->part_count) {
        return now;
    }
    const int64_t latest = cret_timestamp_latest(seal->parts[index + 1]->timestamp);
    return latest < now ? latest : now;
}

static enum cret_status refuse_end(const struct cret_seal_end *end, int64_t relied, bool renewed,
                                   const char *what, struct cret_err *err)
{
    char ended[32], until[32];
    cret_time_format(ended, end->time);
    cret_time_format(until, relied);
    cret_err_refuse(err, TIME, "%s %s ended on %s, and it is relied on until %s", what,
                    end->algorithm->name, ended, until);
    return cret_err_hint(err, renewed ? "look for another copy of the seal that was renewed in time"
                                      : "a stronger digest had to cover it before that day");
}

/* A digest that ended carries neither a chain nor a token any longer: a chain until the next one
 * begins, a token's signature until the next token. */
static enum cret_status check_ends(const struct cret_seal *seal, size_t index,
                                   const struct cret_seal_request *request, struct cret_err *err)
{
    const struct cret_seal_part *part = seal->parts[index];
    const char *signature = cret_cms_algorithm(cret_timestamp_cms(part->timestamp));
    size_t last = index;
    while (last + 1 < seal->part_count && seal->parts[last + 1]->chain == part->chain) {
        last++;
    }
    for (size_t i = 0; i < request->end_count; i++) {
        const struct cret_seal_end *end = &request->ends[i];
        const int64_t chain = relied_until(seal, last, request->now);
        const int64_t token = relied_until(seal, index, request->now);
        if (end->algorithm == seal->chain_algorithms[part->chain] && chain > end->time) {
            refuse_end(end, chain, last + 1 < seal->part_count, "the digest of its chain", err);
            return at(err, index);
        }
        if (strstr(signature, end->algorithm->name) != NULL && token > end->time) {
            refuse_end(end, token, index + 1 < seal->part_count, "the digest of its signature",
                       err);
            return at(err, index);
        }
    }
    return CRET_OK;
}

static enum cret_status judge_times(struct cret_seal_proof *proof, const struct cret_seal *seal,
                                    const struct cret_seal_request *request, struct cret_err *err)
{
    for (size_t i = 0; i < seal->part_count; i++) {
        const struct cret_timestamp *timestamp = seal->parts[i]->timestamp;
        const struct cret_token_request token = {.policy = request->policy,
                                                 .now = request->now,
                                                 .relied = relied_until(seal, i, request->now),
                                                 .renewed = i + 1 < seal->part_count,
                                                 .allow_example_keys = request->allow_example_keys};
        struct cret_token_judgement judgement;
        if (cret_policy_judge_token(&token, timestamp, &judgement, err) != CRET_OK) {
            return at(err, i);
        }
        if (check_ends(seal, i, request, err) != CRET_OK) {
            return CRET_FAILED;
        }
        memcpy(proof->keys[i], cret_certificate_key_digest(cret_timestamp_signer(timestamp)),
               CRET_SHA256_BYTES);
        if (i == 0) {
            const int64_t latest = cret_timestamp_latest(timestamp);
            proof->since = latest < request->now ? latest : request->now;
            proof->authority = judgement.authority;
        }
        proof->last = judgement.authority;
        proof->until = judgement.until;
    }
    return CRET_OK;
}

enum cret_status cret_seal_verify(struct cret_seal_proof *ret_proof, const struct cret_seal *seal,
                                  const struct cret_seal_request *request, struct cret_err *err)
{
    struct cret_seal_proof proof = {.stamps = seal->part_count,
                                    .chains = seal->chain_count,
                                    .algorithm = seal->chain_algorithms[seal->chain_count - 1]};
    if (request->object_count == 0) {
        cret_err_refuse(err, DATA, "nothing was given that the seal could be over");
        return CRET_FAILED;
    }
    proof.keys = calloc(seal->part_count, sizeof(*proof.keys));
    if (proof.keys == NULL) {
        return cret_err_memory(err);
    }
    if (check_data(seal, request, err) != CRET_OK ||
        check_order(seal, request->now, err) != CRET_OK ||
        judge_times(&proof, seal, request, err) != CRET_OK) {
        cret_seal_proof_clear(&proof);
        return CRET_FAILED;
    }
    for (size_t i = 0; i < request->end_count; i++) {
        const bool used = request->ends[i].algorithm == proof.algorithm;
        if (used && request->ends[i].time < proof.until) {
            proof.until = request->ends[i].time;
        }
    }
    *ret_proof = proof;
    return CRET_OK;
}

void cret_seal_proof_clear(struct cret_seal_proof *proof)
{
    free(proof->keys);
    memset(proof, 0, sizeof(*proof));
}
