/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of seals: one request, one answer, one seal each. */
#include "verifier/verbs/seal_desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "trust/policy/policy_token.h"

static const struct cret_option trust_options[] = {
    CRET_OPTION("authority", "PEM",
                "A timestamp authority that is trusted: its certificate, or that of the CA above "
                "it.",
                .repeatable = true),
    CRET_OPTION_END,
};
const struct cret_option_group cret_seal_trust_group = {"Trust in timestamps", trust_options};

static const struct cret_option exchange_options[] = {
    CRET_OPTION("request", "OUT.tsq",
                "Write the one request (RFC 3161) for all seals, which the authority is to answer.",
                .left_free = true, .excludes = "response"),
    CRET_OPTION("response", "IN.tsr", "Make the seals with the token of this answer.",
                .excludes = "request", .needs = "authority"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_seal_exchange_group = {"Timestamp", exchange_options};

enum cret_status cret_seal_policy(struct cret_policy **ret_policy,
                                  const struct cret_options *options, struct cret_err *err)
{
    return cret_policy_from_authorities(ret_policy, cret_options_values(options, "authority"),
                                        cret_options_count(options, "authority"),
                                        cret_options_given(options, "allow-example-keys"), err);
}

enum cret_status cret_seal_item_judge(struct cret_seal_said *ret_said,
                                      const struct cret_seal_item *item,
                                      const struct cret_policy *policy,
                                      const struct cret_options *options, struct cret_err *err)
{
    const struct cret_seal_case asked = {
        .path = item->out,
        .seal = {(const uint8_t *)item->der, item->der_size},
        .objects = item->objects,
        .object_count = item->count,
        .policy = policy,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .allow_unconfined = cret_options_given(options, "allow-unconfined"),
    };
    return cret_seal_judge(ret_said, &asked, err);
}

/* What this program wrote, before anybody gets it. */
static enum cret_status verify_own(struct cret_seal_proof *ret_proof,
                                   const struct cret_seal_item *item,
                                   const struct cret_policy *policy,
                                   const struct cret_options *options, struct cret_err *err)
{
    const struct cret_seal_request request = {.policy = policy,
                                              .now = cret_os_now(),
                                              .allow_example_keys =
                                                  cret_options_given(options, "allow-example-keys"),
                                              .objects = item->objects,
                                              .object_count = item->count};
    return cret_seal_verify(ret_proof, item->old, &request, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", item->out);
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

static enum cret_status write_request(const char *path, const struct cret_seal_batch *batch,
                                      const struct cret_seal_tree *tree, struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0;
    if (cret_timestamp_request_for(&der, &size, batch->algorithm, cret_seal_tree_root(tree)->value,
                                   err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_file_write(path, der, size, 0644, err);
    free(der);
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

static enum cret_status write_seal(struct cret_seal_item *item, const uint8_t *der, size_t size,
                                   struct cret_err *err)
{
    struct cret_held *held = NULL;
    if (cret_held_open(&held, item->out, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_file_put(item->out, held, der, size, err);
    cret_held_close(&held);
    return status;
}

/* Makes the seal of one item, reads it back and judges it; then it gets its name. */
static enum cret_status seal_item(struct cret_seal_batch *batch, size_t index,
                                  const struct cret_seal_tree *tree, struct cret_bytes token,
                                  const struct cret_policy *policy,
                                  const struct cret_options *options, struct cret_err *err)
{
    struct cret_seal_item *item = &batch->items[index];
    struct cret_seal *old = item->old;
    struct cret_seal_proof proof = {0};
    uint8_t *der = NULL;
    size_t size = 0;
    if (cret_seal_write(&der, &size, old, batch->step, (struct cret_seal_leaf){tree, index}, token,
                        err) != CRET_OK) {
        return CRET_FAILED;
    }
    item->old = NULL;
    enum cret_status status = cret_seal_parse(&item->old, der, size, false, err);
    if (status == CRET_OK) {
        status = verify_own(&proof, item, policy, options, err);
        cret_seal_proof_clear(&proof);
    }
    if (status == CRET_OK) {
        status = write_seal(item, der, size, err);
    }
    cret_seal_free(&old);
    free(der);
    return status;
}

static enum cret_status take_response(const struct cret_options *options, const char *path,
                                      struct cret_seal_batch *batch,
                                      const struct cret_seal_tree *tree, struct cret_err *err)
{
    struct cret_timestamp_answer answer = {0};
    struct cret_policy *policy = NULL;
    char *data = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_seal_policy(&policy, options, err) != CRET_OK ||
        cret_file_read(&data, &size, path, CRET_LIMIT_SIGNATURE_BYTES, CRET_ERR_USAGE, err) !=
            CRET_OK) {
        goto out;
    }
    if (cret_timestamp_response(&answer, (const uint8_t *)data, size, NULL, 0, err) != CRET_OK ||
        check_token(&answer, batch, tree, err) != CRET_OK) {
        cret_err_context(err, "%s", path);
        goto out;
    }
    status = CRET_OK;
    for (size_t i = 0; status == CRET_OK && i < batch->count; i++) {
        status = seal_item(batch, i, tree, (struct cret_bytes){answer.token, answer.size}, policy,
                           options, err);
    }
out:
    cret_timestamp_answer_clear(&answer);
    cret_policy_free(&policy);
    free(data);
    return status;
}

static enum cret_status exchange(const struct cret_options *options, struct cret_seal_batch *batch,
                                 struct cret_err *err)
{
    const char *request = cret_options_value(options, "request");
    const char *response = cret_options_value(options, "response");
    struct cret_seal_tree *tree = NULL;
    if (request == NULL && response == NULL) {
        cret_err_usage(err, "neither --request nor --response is given");
        return cret_err_hint(err, "first --request OUT.tsq, then, with the authority's answer, "
                                  "--response IN.tsr --authority PEM");
    }
    if (batch->count == 0) {
        cret_err_usage(err, "there is nothing new to seal");
        return CRET_FAILED;
    }
    if (make_tree(&tree, batch, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = request != NULL
                                        ? write_request(request, batch, tree, err)
                                        : take_response(options, response, batch, tree, err);
    cret_seal_tree_free(&tree);
    return status;
}

int cret_seal_batch_end(const struct cret_options *options, struct cret_seal_batch *batch,
                        const char *next, const char *path)
{
    struct cret_err err = {0};
    if (exchange(options, batch, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const char *request = cret_options_value(options, "request");
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "%s", request != NULL ? "Timestamp request written" : "Sealed");
    cret_page_row(page, "seals", "%zu", batch->count);
    if (request != NULL) {
        cret_page_text(page, "request", request);
        cret_page_text(page, "next", "have the timestamp authority answer it, then:");
        if (path != NULL) {
            cret_page_command_file(page, "", next, path);
        } else {
            cret_page_command(page, "", next);
        }
    } else {
        const struct cret_seal *seal = batch->items[0].old;
        char time[32];
        cret_time_format(
            time, cret_timestamp_time(cret_seal_at(seal, cret_seal_count(seal) - 1).timestamp));
        cret_page_text(page, "time", time);
        cret_page_text(page, "last", batch->items[batch->count - 1].out);
    }
    return cret_print_last(options, &page, 0);
}
