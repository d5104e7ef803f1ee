/* SPDX-License-Identifier: Apache-2.0 */
/* A release, and each package of a solution, against what the journal knows of its product. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "engine/inspect.h"
#include "verifier/evidence/evidence_record.h"

/* One question to the journal. */
struct question {
    const struct cret_journal *journal;
    const struct cret_session *session;
    const char *asset;
    bool backout;
    const char *vendor, *product;
    int64_t sequence;
    const uint8_t *identity;
    const char *where;
};

static void put(const struct question *question, const struct cret_journal_history *history,
                struct cret_outcome *outcome)
{
    char expected[64], actual[32], when[32];
    const bool known = question->backout && history->accepted_before;
    const bool older = cret_optional_below(history->highest, question->sequence);
    /* OPC UA packages of others have no sequence: 0 beside 0 is no order. */
    const bool unordered =
        question->sequence == 0 && history->highest.value == 0 && history->by_other;
    snprintf(expected, sizeof(expected), "sequence %" PRId64 " or higher", history->highest.value);
    snprintf(actual, sizeof(actual), "sequence %" PRId64, question->sequence);
    cret_time_format(when, history->time);
    const struct cret_finding_text text = {
        .where = question->where,
        .expected = unordered ? NULL : expected,
        .actual = actual,
        .hint = unordered           ? "compare the versions, and what was fixed since, before you "
                                      "install it"
                : !older || known   ? NULL
                : question->backout ? "this journal never accepted this very release: verify "
                                      "where it comes from"
                                    : "if the return is planned, give --backout"};
    if (unordered) {
        cret_findings_add(outcome->findings, CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_NOT_CHECKED,
                          text,
                          "neither has a sequence: whether the release is older than %s (%s, %s), "
                          "which the journal saw on this asset, is not known",
                          history->version, history->stage, when);
    } else if (!older) {
        cret_findings_add(outcome->findings, CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_PASS, text,
                          "the release is not older than what the journal knows on this asset");
    } else if (known) {
        cret_findings_add(outcome->findings, CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_PASS, text,
                          "a return to an older release, which this journal accepted before");
        outcome->backout = "planned return to an older release";
    } else {
        cret_findings_add(
            outcome->findings, CRET_CHECK_RELEASE_BACKOUT,
            cret_inspect_result(&question->session->request, CRET_CHECK_RELEASE_BACKOUT), text,
            "the release is older than %s (%s, %s), which the journal saw on this asset",
            history->version, history->stage, when);
        outcome->backout = question->asset != NULL ? "older than what runs on this asset"
                                                   : "older than what the journal has in service";
    }
}

static enum cret_status ask(const struct question *question, struct cret_outcome *outcome,
                            struct cret_err *err)
{
    struct cret_journal_history history;
    if (cret_journal_search(question->journal, question->vendor, question->product, question->asset,
                            question->identity, &history, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (history.highest.given) {
        put(question, &history, outcome);
    }
    return cret_findings_broken(outcome->findings) ? cret_err_memory(err) : CRET_OK;
}

void cret_evidence_hold_package(struct cret_outcome *outcome, enum cret_check_id check,
                                size_t before, const char *folder)
{
    if (cret_findings_tally(outcome->findings, check, CRET_RESULT_FAIL) == before) {
        return;
    }
    cret_findings_add(
        outcome->findings, CRET_CHECK_PACKAGE_MANIFEST, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = folder,
                                   .hint = "check this package by itself where a waiver is to "
                                           "hold for it: waivers do not reach packages in a "
                                           "solution"},
        "a package of the solution is not accepted by what the journal knows of it");
}

/* A package of a solution. */
static enum cret_status ask_package(struct question question, const json_t *package,
                                    struct cret_outcome *outcome, struct cret_err *err)
{
    uint8_t identity[CRET_SHA256_BYTES];
    const char *folder = cret_json_string(package, "folder");
    const char *hex = cret_json_string(package, "identity");
    question.vendor = cret_json_string(package, "vendor");
    question.product = cret_json_string(package, "product");
    question.sequence = cret_json_integer(package, "sequence", -1);
    question.identity = identity;
    if (folder == NULL || hex == NULL || question.vendor == NULL || question.product == NULL ||
        question.sequence < 0 || cret_hex_decode(identity, sizeof(identity), hex) != CRET_OK) {
        return cret_err_undecided(err, "the process that read the solution did not say what a "
                                       "package in it is");
    }
    char *where = cret_text_printf("%s: #/release/sequence", folder);
    if (where == NULL) {
        return cret_err_memory(err);
    }
    question.where = where;
    const size_t before =
        cret_findings_tally(outcome->findings, CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    const enum cret_status status = ask(&question, outcome, err);
    cret_evidence_hold_package(outcome, CRET_CHECK_RELEASE_BACKOUT, before, folder);
    free(where);
    return status;
}

enum cret_status cret_evidence_judge_backout(const struct cret_journal *journal,
                                             const struct cret_session *session, const char *asset,
                                             bool backout, struct cret_outcome *outcome,
                                             struct cret_err *err)
{
    struct question question = {.journal = journal,
                                .session = session,
                                .asset = asset,
                                .backout = backout,
                                .vendor = cret_json_string(outcome->document, "product.vendor"),
                                .product = cret_json_string(outcome->document, "product.name"),
                                .identity = outcome->identity,
                                .where = "#/release/sequence"};
    struct cret_optional sequence = {0};
    if (!outcome->has_identity || question.vendor == NULL || question.product == NULL ||
        cret_optional_number(&sequence, outcome->document, "release.sequence") != CRET_OK ||
        !sequence.given) {
        return CRET_OK;
    }
    question.sequence = sequence.value;
    enum cret_status status = ask(&question, outcome, err);
    CRET_JSON_EACH (package, json_object_get(outcome->document, "packages")) {
        if (status == CRET_OK) {
            status = ask_package(question, package, outcome, err);
        }
    }
    return status;
}
