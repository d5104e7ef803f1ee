/* SPDX-License-Identifier: Apache-2.0 */
/* seal verify: since when files existed, and until when that is proved. */
#include "base/command/shared.h"
#include "base/text/json_build.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_options.h"
#include "verifier/verbs/verbs.h"

static json_t *item_json(const struct cret_seal_item *item, const struct cret_seal_said *proof)
{
    struct cret_build json = cret_build_object(), over = cret_build_list();
    for (size_t i = 0; i < item->count; i++) {
        cret_build_add(&over, json_string(item->names[i]));
    }
    cret_build_text(&json, "seal", item->out);
    cret_build_put(&json, "over", cret_build_end(&over));
    cret_build_time(&json, "sealedAt", proof->since);
    cret_build_text(&json, "authority", proof->authority);
    cret_build_time(&json, "provedUntil", proof->until);
    cret_build_text(&json, "lastAuthority", proof->last);
    cret_build_integer(&json, "timestamps", (int64_t)proof->stamps);
    cret_build_integer(&json, "chains", (int64_t)proof->chains);
    cret_build_text(&json, "digest", proof->algorithm->name);
    return cret_build_end(&json);
}

static enum cret_status add_item(struct cret_page *page, struct cret_build *list,
                                 const struct cret_seal_item *item,
                                 const struct cret_policy *policy,
                                 const struct cret_options *options, struct cret_err *err)
{
    struct cret_seal_said proof = {0};
    char since[32], until[32];
    if (cret_seal_item_judge(&proof, item, policy, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_build_add(list, item_json(item, &proof));
    cret_time_format(since, proof.since);
    cret_time_format(until, proof.until);
    cret_page_section(page, "%s", item->out);
    for (size_t i = 0; i < item->count; i++) {
        cret_page_text(page, i == 0 ? "over" : "", item->names[i]);
    }
    cret_page_row(page, "existed", "%s, says %s", since, proof.authority);
    cret_page_row(page, "proved until", "%s, by %s (%zu timestamps, %zu chains, %s)", until,
                  proof.last, proof.stamps, proof.chains, proof.algorithm->name);
    return CRET_OK;
}

static int act(const struct cret_options *options)
{
    struct cret_seal_batch batch = {0};
    struct cret_policy *policy = NULL;
    struct cret_err err = {0};
    struct cret_page *page = cret_page_new();
    struct cret_build list = cret_build_list();
    cret_page_statement(page, "Each seal holds");
    batch.allow_unconfined = cret_options_given(options, "allow-unconfined");
    enum cret_status status = cret_seal_policy(&policy, options, &err);
    if (status == CRET_OK) {
        status = cret_seal_open_operands(&batch, options, &err);
    }
    for (size_t i = 0; status == CRET_OK && i < batch.count; i++) {
        status = add_item(page, &list, &batch.items[i], policy, options, &err);
    }
    int code = 0;
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", "seal-report/1");
    cret_build_put(&json, "seals", cret_build_end(&list));
    json_t *document = cret_build_end(&json);
    if (status == CRET_OK && cret_options_given(options, "json")) {
        code = cret_print_json(options, document, 0);
        document = NULL;
        cret_page_free(&page);
    } else if (status == CRET_OK) {
        code = cret_print_last(options, &page, 0);
    } else {
        cret_page_free(&page);
        code = cret_verb_fail(options, &err);
    }
    json_decref(document);
    cret_seal_batch_clear(&batch);
    cret_policy_free(&policy);
    return code;
}

const struct cret_verb cret_verb_seal_verify = {
    .name = "verify",
    .operands = "SEAL...",
    .summary = "Verify seals: since when files existed, and until when that is proved",
    .help = "Exit code 0: each seal is over its files, and holds now. A seal says nothing about "
            "who made the files: that is their signature's matter (record verify --seal).",
    .groups = CRET_GROUPS(&cret_seal_trust_group, &cret_seal_data_group, &cret_confinement_group,
                          &cret_example_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify seal verify journal/seals/*.ers --authority "
                              "tsa-root.pem"),
    .run = act,
};
