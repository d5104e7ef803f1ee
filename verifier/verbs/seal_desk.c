/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of seals: one request, one answer, one seal each. */
#include "verifier/verbs/seal_desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "trust/policy/overlay.h"
#include "trust/policy/policy_token.h"
#include "verifier/run/site.h"
#include "verifier/run/site_policy.h"
#include "verifier/verbs/seal_making.h"

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

/* As for every run of this machine: the overlay may end the policy, or ask for revocation lists. */
static enum cret_status tighten(struct cret_policy *policy, const struct cret_options *options,
                                struct cret_err *err)
{
    const char *path = cret_site_value(options, CRET_SITE_OVERLAY);
    char *text = NULL;
    size_t size = 0;
    if (path == NULL) {
        return CRET_OK;
    }
    if (cret_site_read(&text, &size, options, CRET_SITE_OVERLAY, "", CRET_LIMIT_POLICY_BYTES,
                       err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_overlay_apply(policy, text, size, path, cret_os_now(), err);
    free(text);
    return status;
}

/* Of a machine with a site configuration: the authorities that its trust policy names. */
static enum cret_status policy_of_site(struct cret_policy **ret_policy,
                                       const struct cret_options *options, struct cret_err *err)
{
    const char *path = cret_site_value(options, CRET_SITE_TRUST);
    struct cret_policy *policy = NULL;
    if (cret_site_policy(&policy, options, err) != CRET_OK ||
        (policy != NULL && tighten(policy, options, err) != CRET_OK)) {
        cret_policy_free(&policy);
        return CRET_FAILED;
    }
    if (policy == NULL || policy->authority_count == 0) {
        cret_policy_free(&policy);
        cret_err_usage(err, "the trust policy of this machine trusts no timestamp authority");
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "name the authority in timestampAuthorities of that policy");
    }
    *ret_policy = policy;
    return CRET_OK;
}

enum cret_status cret_seal_policy(struct cret_policy **ret_policy,
                                  const struct cret_options *options, struct cret_err *err)
{
    if (!cret_options_given(options, "authority") && cret_site_names(options, CRET_SITE_TRUST)) {
        return policy_of_site(ret_policy, options, err);
    }
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

static enum cret_status write_request(const char *path, struct cret_seal_batch *batch,
                                      struct cret_err *err)
{
    char *der = NULL;
    size_t size = 0;
    if (cret_seal_make_request(&der, &size, batch, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_file_write(path, der, size, 0644, err);
    free(der);
    return status;
}

static enum cret_status write_seal(const struct cret_seal_item *item, const char *der, size_t size,
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

/* What was made is judged by another process than made it; then it gets its name. */
static enum cret_status judge_and_write(struct cret_seal_said *ret_said,
                                        const struct cret_seal_item *item,
                                        const struct cret_policy *policy,
                                        const struct cret_options *options, struct cret_err *err)
{
    const struct cret_seal_case asked = {
        .path = item->out,
        .seal = {(const uint8_t *)item->made, item->made_size},
        .before = {(const uint8_t *)item->der, item->der_size},
        .objects = item->objects,
        .object_count = item->count,
        .policy = policy,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .allow_unconfined = cret_options_given(options, "allow-unconfined"),
    };
    return cret_seal_judge(ret_said, &asked, err) == CRET_OK
               ? write_seal(item, item->made, item->made_size, err)
               : CRET_FAILED;
}

/* dated: of the first seal. */
static enum cret_status take_response(int64_t *ret_dated, const struct cret_options *options,
                                      const char *path, struct cret_seal_batch *batch,
                                      struct cret_err *err)
{
    struct cret_policy *policy = NULL;
    char *data = NULL;
    size_t size = 0, done = 0;
    if (cret_seal_policy(&policy, options, err) != CRET_OK ||
        cret_file_read(&data, &size, path, CRET_LIMIT_SIGNATURE_BYTES, CRET_ERR_USAGE, err) !=
            CRET_OK) {
        cret_policy_free(&policy);
        return CRET_FAILED;
    }
    const struct cret_seal_answer answer = {path, {(const uint8_t *)data, size}};
    enum cret_status status = CRET_OK;
    while (status == CRET_OK && done < batch->count) {
        size_t next = done;
        status = cret_seal_make(&next, batch, done, &answer, err);
        for (; status == CRET_OK && done < next; done++) {
            struct cret_seal_said said = {.dated = 0};
            status = judge_and_write(&said, &batch->items[done], policy, options, err);
            if (done == 0) {
                *ret_dated = said.dated;
            }
        }
    }
    cret_policy_free(&policy);
    free(data);
    return status;
}

static enum cret_status exchange(int64_t *ret_dated, const struct cret_options *options,
                                 struct cret_seal_batch *batch, struct cret_err *err)
{
    const char *request = cret_options_value(options, "request");
    const char *response = cret_options_value(options, "response");
    if (request == NULL && response == NULL) {
        cret_err_usage(err, "neither --request nor --response is given");
        return cret_err_hint(err, "first --request OUT.tsq, then, with the authority's answer, "
                                  "--response IN.tsr --authority PEM");
    }
    if (batch->count == 0) {
        cret_err_usage(err, "there is nothing new to seal");
        return CRET_FAILED;
    }
    return request != NULL ? write_request(request, batch, err)
                           : take_response(ret_dated, options, response, batch, err);
}

/* What came of it: the request, or the seals and their new time. */
static int print_exchange_json(const struct cret_options *options,
                               const struct cret_seal_batch *batch, int64_t dated)
{
    const char *request = cret_options_value(options, "request");
    struct cret_build json = cret_build_object(), list = cret_build_list();
    for (size_t i = 0; i < batch->count; i++) {
        cret_build_add(&list, json_string(batch->items[i].out));
    }
    cret_build_string(&json, "cretula", "seal-exchange/1");
    cret_build_boolean(&json, "sealed", request == NULL);
    if (request != NULL) {
        cret_build_text(&json, "request", request);
    } else {
        cret_build_time(&json, "time", dated);
    }
    cret_build_put(&json, "seals", cret_build_end(&list));
    return cret_print_json(options, cret_build_end(&json), 0);
}

int cret_seal_batch_end(const struct cret_options *options, struct cret_seal_batch *batch,
                        const char *next, const char *path)
{
    struct cret_err err = {0};
    int64_t dated = 0;
    if (exchange(&dated, options, batch, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_options_given(options, "json")) {
        return print_exchange_json(options, batch, dated);
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
        char time[32];
        cret_time_format(time, dated);
        cret_page_text(page, "time", time);
        cret_page_text(page, "last", batch->items[batch->count - 1].out);
    }
    return cret_print_last(options, &page, 0);
}
