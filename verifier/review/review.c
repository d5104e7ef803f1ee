/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying releases once more, and what is new since they were accepted. */
#include "verifier/review/review.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/child/advice_coverage.h"
#include "verifier/child/child.h"
#include "verifier/review/advised.h"

/* Reasons that are listed for one release. */
#define MOST_REASONS 200u

static enum cret_status add_reason(struct cret_reviewed *one, const char *check, const char *result,
                                   const char *reason, struct cret_err *err)
{
    struct cret_build json = cret_build_object();
    if (json_array_size(one->reasons) >= MOST_REASONS) {
        return CRET_OK;
    }
    cret_build_string(&json, "check", check);
    cret_build_string(&json, "result", result);
    cret_build_text(&json, "reason", reason);
    return json_array_append_new(one->reasons, cret_build_end(&json)) == 0 ? CRET_OK
                                                                           : cret_err_memory(err);
}

/* Whether the record of then has this finding: same check, result, place and reason. */
static bool was_found(const json_t *before, const struct cret_finding *finding)
{
    const char *name = cret_check_get(finding->check)->name;
    const char *result = cret_result_name(finding->result);
    const char *where = finding->where != NULL ? finding->where : "";
    json_t *reason = cret_json_text(finding->reason); /* as records hold it */
    bool found = false;
    CRET_JSON_EACH (one, before) {
        const char *check = cret_json_string(one, "check"), *then = cret_json_string(one, "result");
        const char *there = cret_json_string(one, "where");
        if (check != NULL && then != NULL && strcmp(check, name) == 0 &&
            strcmp(then, result) == 0 && strcmp(there != NULL ? there : "", where) == 0 &&
            reason != NULL && json_equal(json_object_get(one, "reason"), reason)) {
            found = true;
        }
    }
    json_decref(reason);
    return found;
}

/* Failures always; what is less than that unless a record says that it was there before. */
static enum cret_status add_findings(struct cret_reviewed *one, const struct cret_outcome *outcome,
                                     struct cret_err *err)
{
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        const bool failed = finding->result == CRET_RESULT_FAIL;
        const bool lesser =
            finding->result == CRET_RESULT_WARN || finding->result == CRET_RESULT_NOT_CHECKED;
        if ((failed || (lesser && (one->before == NULL || !was_found(one->before, finding)))) &&
            add_reason(one, cret_check_get(finding->check)->name, cret_result_name(finding->result),
                       finding->reason, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* What an advisory says that somebody must act on. */
static enum cret_status add_matches(struct cret_reviewed *one, const json_t *document,
                                    struct cret_err *err)
{
    const char *id = cret_json_string(document, "id");
    CRET_JSON_EACH (match, json_object_get(document, "matches")) {
        if (!cret_advice_needs_action(match)) {
            continue;
        }
        const char *vulnerability = cret_json_string(match, "vulnerability");
        const char *status = cret_json_string(match, "status");
        char *reason = cret_text_printf(
            "%s%s: %s%s (advisory %s)", cret_advice_is_sure(match) ? "" : "possibly ",
            status != NULL ? status : "affected", vulnerability != NULL ? vulnerability : "", "",
            id != NULL ? id : "without an id");
        const enum cret_status added =
            reason != NULL ? add_reason(one, NULL, "ADVISORY", reason, err) : cret_err_memory(err);
        free(reason);
        if (added != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status add_advice(struct cret_reviewed *one, const json_t *advice,
                                   struct cret_err *err)
{
    one->affected = cret_advice_reaches(advice, "affected");
    one->possible = cret_advice_reaches(advice, "possible");
    one->partial = cret_advice_is_partial(advice);
    CRET_JSON_EACH (document, json_object_get(advice, "documents")) {
        if (add_matches(one, document, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* NULL with the reason in the release: it could not be read. */
static struct cret_outcome *verify(const struct cret_review *review, struct cret_reviewed *one,
                                   struct cret_err *err)
{
    struct cret_err why = {0};
    int fd = -1;
    if (one->archive == NULL) {
        cret_err_undecided(&why, "its archive is not there: name its folder with --archives");
    } else if (one->why != NULL) {
        cret_err_undecided(&why, "%s", one->why);
    } else if (cret_os_open_file(&fd, one->archive, &why) == CRET_OK) {
        struct cret_child_job job = {.archive_fd = fd,
                                     .request = review->session->request,
                                     .want_sha512 = review->want_sha512,
                                     .extract_directory = -1,
                                     .allow_unconfined = review->session->allow_unconfined};
        job.request.want_subjects = review->advice != NULL;
        /* What was accepted is that release, and nothing else that lies under its name now. */
        job.request.expect_identity = one->has_identity ? one->identity : NULL;
        struct cret_outcome *outcome = cret_child_run(&job);
        cret_os_close(&fd);
        if (outcome == NULL) {
            cret_err_memory(err);
        } else if (outcome->verdict != CRET_VERDICT_UNDECIDED) {
            return outcome;
        } else {
            why = outcome->error;
            cret_outcome_free(&outcome);
        }
    }
    if (add_reason(one, NULL, CRET_REVIEW_NOT, why.what, err) != CRET_OK) {
        cret_err_memory(err); /* the caller asks for that fault */
    }
    return NULL;
}

static enum cret_status settle(struct cret_review *review, struct cret_reviewed *one,
                               const struct cret_outcome *outcome, struct cret_err *err)
{
    if (outcome == NULL) {
        review->not_reviewed++;
        return CRET_OK;
    }
    const bool accepted = cret_verdict_exit_code(outcome->verdict) == 0;
    one->now = cret_verdict_name(outcome->verdict);
    if ((one->no_record &&
         add_reason(one, NULL, CRET_REVIEW_NOT,
                    "the record of then is not in the journal as its line knows it: what is new "
                    "since is not known",
                    err) != CRET_OK) ||
        add_findings(one, outcome, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Where none were named, the member of that name is the release's own list. */
    if (review->advice != NULL && accepted &&
        add_advice(one, json_object_get(outcome->document, "advisories"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!accepted) {
        review->refused++;
    } else if (json_array_size(one->reasons) > 0) {
        *(one->then != NULL ? &review->noted : &review->warned) += 1;
    }
    return CRET_OK;
}

static enum cret_status run_some(struct cret_review *review, size_t first, size_t count,
                                 struct cret_err *err)
{
    struct cret_outcome *outcomes[CRET_ADVISE_TOGETHER] = {NULL};
    json_t *documents[CRET_ADVISE_TOGETHER] = {NULL};
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = verify(review, &review->list[first + i], err);
        documents[i] = cret_advised_document(outcomes[i]);
    }
    status = cret_err_fault(err);
    if (status == CRET_OK && review->advice != NULL) {
        status = cret_advised(review->advice, documents, count, err);
    }
    for (size_t i = 0; i < count; i++) {
        status =
            status == CRET_OK ? settle(review, &review->list[first + i], outcomes[i], err) : status;
        cret_outcome_free(&outcomes[i]);
    }
    return status;
}

enum cret_status cret_review_run(struct cret_review *review, struct cret_err *err)
{
    for (size_t first = 0; first < review->count; first += CRET_ADVISE_TOGETHER) {
        const size_t left = review->count - first;
        if (run_some(review, first, left < CRET_ADVISE_TOGETHER ? left : CRET_ADVISE_TOGETHER,
                     err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

int cret_review_code(const struct cret_review *review, const char *level)
{
    bool reached = review->refused > 0;
    bool partial = review->not_reviewed > 0 || review->count == 0;
    for (size_t i = 0; i < review->count; i++) {
        const struct cret_reviewed *one = &review->list[i];
        reached = reached || (level != NULL &&
                              (strcmp(level, "affected") == 0 ? one->affected : one->possible));
        partial = partial || one->partial || one->no_record;
    }
    return reached ? CRET_ERR_REFUSED : partial ? CRET_ERR_UNDECIDED : 0;
}
