/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of a release against those that the journal knows (docs/spec/manifest.md). */
#include <stdlib.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "engine/inspect.h"
#include "evidence/journal/journal.h"
#include "release/statements/document.h"
#include "verifier/evidence/evidence_record.h"

/* One comparison. */
struct comparison {
    const json_t *now;  /* documents of the release */
    const char *before; /* stands before each place: of a package in a solution its folder */
    struct cret_findings *found;
    size_t releases; /* that were compared */
    size_t missing;  /* whose record is not as the journal's line knows it */
};

static enum cret_status compare(void *context, const struct cret_journal_entry *run,
                                const json_t *record, struct cret_err *err)
{
    struct comparison *comparison = context;
    const char *product = run->product != NULL ? run->product : "?";
    const char *version = run->version != NULL ? run->version : "?";
    if (record == NULL) {
        comparison->missing++;
        return CRET_OK;
    }
    char *since = cret_text_printf("%s %s, which this journal accepted", product, version);
    if (since == NULL) {
        return cret_err_memory(err);
    }
    cret_document_compare(cret_json_get(record, "what.documents"), since, comparison->now,
                          comparison->found);
    free(since);
    comparison->releases++;
    return CRET_OK;
}

/* What was found, with the severities of policy and profile. */
static void report(const struct comparison *comparison, const struct cret_session *session,
                   struct cret_outcome *outcome)
{
    char *documents = cret_text_printf("%s#/documents", comparison->before);
    const enum cret_result fault =
        cret_inspect_result(&session->request, CRET_CHECK_DOCUMENT_IDENTITY);
    for (size_t i = 0; i < cret_findings_count(comparison->found); i++) {
        const struct cret_finding *one = cret_findings_at(comparison->found, i);
        char *where = cret_text_printf("%s%s", comparison->before, one->where);
        cret_findings_add(
            outcome->findings, one->check, fault,
            (struct cret_finding_text){
                .where = where,
                .expected = one->expected,
                .actual = one->actual,
                .hint = "ask the vendor which of the two holds, and for a version of its own for "
                        "the other"},
            "%s", one->reason);
        if (where == NULL) {
            cret_findings_break(outcome->findings);
        }
        free(where);
    }
    if (comparison->missing > 0) {
        cret_findings_add(
            outcome->findings, CRET_CHECK_DOCUMENT_IDENTITY, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){.where = documents,
                                       .hint = "cretula-verify journal verify names them"},
            "%zu %s not in the journal's folder as its lines know them: the documents there were "
            "not "
            "compared",
            comparison->missing,
            cret_plural(comparison->missing, "record of an accepted release is",
                        "records of accepted releases are"));
    } else if (comparison->releases > 0 && cret_findings_count(comparison->found) == 0) {
        cret_findings_add(outcome->findings, CRET_CHECK_DOCUMENT_IDENTITY, CRET_RESULT_PASS,
                          (struct cret_finding_text){
                              .where = comparison->before[0] != '\0' ? comparison->before : NULL},
                          "no document has changed under its id and version since %zu %s of "
                          "this vendor that the journal accepted",
                          comparison->releases,
                          cret_plural(comparison->releases, "release", "releases"));
    }
    if (documents == NULL || cret_findings_broken(comparison->found)) {
        cret_findings_break(outcome->findings);
    }
    free(documents);
}

/* The documents of one release, or of a package in a solution. */
static enum cret_status judge(struct comparison *comparison, const struct cret_journal *journal,
                              const struct cret_session *session, const char *vendor,
                              const uint8_t *identity, struct cret_outcome *outcome,
                              struct cret_err *err)
{
    comparison->found = cret_findings_new();
    if (comparison->found == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        cret_journal_each_release(journal, vendor, identity, compare, comparison, err);
    if (status == CRET_OK) {
        report(comparison, session, outcome);
    }
    cret_findings_free(&comparison->found);
    return status == CRET_OK && cret_findings_broken(outcome->findings) ? cret_err_memory(err)
                                                                        : status;
}

static enum cret_status judge_package(const struct cret_journal *journal,
                                      const struct cret_session *session, const json_t *package,
                                      struct cret_outcome *outcome, struct cret_err *err)
{
    struct comparison comparison = {.now = json_object_get(package, "documents")};
    uint8_t identity[CRET_SHA256_BYTES];
    const char *vendor = cret_json_string(package, "vendor");
    const char *folder = cret_json_string(package, "folder");
    const char *hex = cret_json_string(package, "identity");
    if (json_array_size(comparison.now) == 0) {
        return CRET_OK;
    }
    if (vendor == NULL || folder == NULL || hex == NULL ||
        cret_hex_decode(identity, sizeof(identity), hex) != CRET_OK) {
        return cret_err_undecided(err, "the process that read the solution did not say what a "
                                       "package in it is");
    }
    char *before = cret_text_printf("%s: ", folder);
    if (before == NULL) {
        return cret_err_memory(err);
    }
    comparison.before = before;
    const size_t failed =
        cret_findings_tally(outcome->findings, CRET_CHECK_DOCUMENT_IDENTITY, CRET_RESULT_FAIL);
    const enum cret_status status =
        judge(&comparison, journal, session, vendor, identity, outcome, err);
    cret_evidence_hold_package(outcome, CRET_CHECK_DOCUMENT_IDENTITY, failed, folder);
    free(before);
    return status;
}

enum cret_status cret_evidence_judge_documents(const struct cret_journal *journal,
                                               const struct cret_session *session,
                                               struct cret_outcome *outcome, struct cret_err *err)
{
    struct comparison comparison = {.now = cret_json_get(outcome->document, "documents"),
                                    .before = ""};
    const char *vendor = cret_json_string(outcome->document, "product.vendor");
    enum cret_status status = CRET_OK;
    if (!outcome->has_identity || vendor == NULL) {
        return CRET_OK;
    }
    if (json_array_size(comparison.now) > 0) {
        status = judge(&comparison, journal, session, vendor, outcome->identity, outcome, err);
    }
    CRET_JSON_EACH (package, json_object_get(outcome->document, "packages")) {
        if (status == CRET_OK) {
            status = judge_package(journal, session, package, outcome, err);
        }
    }
    return status;
}
