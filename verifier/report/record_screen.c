/* SPDX-License-Identifier: Apache-2.0 */
/* Records on one screen: what a person needs who decides now. */
#include "verifier/report/record_page_internal.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "verifier/report/foreign_page.h"
#include "verifier/report/pieces.h"

/* Lines of one kind on the screen; the rest is a number. */
enum { MOST_SIGNERS = 3, MOST_FINDINGS = 4, MOST_IDS = CRET_RECORD_IDS };

/* What the end of the signer's certificate means: behind a pin, nothing. */
static void add_end(struct cret_buffer *line, const json_t *signature)
{
    const char *end = cret_json_string(signature, "certificate.notAfter");
    const bool pinned = json_array_size(json_object_get(signature, "path")) == 1;
    if (end != NULL && strcmp(end, "9999-12-31T23:59:59Z") == 0) {
        cret_buffer_printf(line, "%s", pinned ? "pinned, without end" : "certificate without end");
    } else if (pinned) {
        cret_buffer_printf(line, "pinned: its certificate's end, %.10s, does not count",
                           end != NULL ? end : "?");
    } else {
        cret_buffer_printf(line, "certificate until %.10s", end != NULL ? end : "?");
    }
}

/* Whether this is the subject of the anchor that the path leads to. */
static bool is_top(const json_t *signature, const char *name)
{
    const json_t *path = json_object_get(signature, "path");
    const json_t *top = json_array_get(path, json_array_size(path) - 1);
    const char *subject = cret_json_string(top, "subject");
    return subject != NULL && strcmp(subject, name) == 0;
}

/* "ACME release (role release, signed 2026-10-12), certificate until 2031-11-28" */
void cret_record_put_signer(struct cret_page *page, const char *label, const json_t *signature)
{
    const char *signer = cret_json_string(signature, "signer");
    const char *role = cret_json_string(signature, "role");
    const char *proved = cret_json_string(signature, "timestamp.authority");
    const char *subject = cret_json_string(signature, "certificate.subject");
    struct cret_buffer line = {0};
    /* A bare anchor has no name but its subject: who signed is another one below it. */
    cret_buffer_printf(&line, "%s (role %s",
                       signer == NULL || is_top(signature, signer) ? subject : signer,
                       role != NULL ? role : "release");
    if (proved != NULL) {
        cret_buffer_printf(&line, ", timestamp of %s",
                           cret_json_string(signature, "timestamp.time"));
    }
    if (cret_json_get(signature, "seal") != NULL) {
        cret_buffer_printf(&line, ", sealed on %s, proved until %s",
                           cret_json_string(signature, "seal.sealedAt"),
                           cret_json_string(signature, "seal.provedUntil"));
    }
    if (cret_json_boolean(signature, "completes", false)) {
        cret_buffer_printf(&line, ", post-quantum");
    }
    cret_buffer_printf(&line, "), ");
    add_end(&line, signature);
    cret_page_buffer(page, label, &line);
}

void cret_record_put_signers(struct cret_page *page, const json_t *record)
{
    size_t counted = 0, others = 0;
    CRET_JSON_EACH (signature, cret_json_get(record, "how.signatures")) {
        if (!cret_json_boolean(signature, "counted", false) &&
            !cret_json_boolean(signature, "completes", false)) {
            others++;
        } else if (++counted <= MOST_SIGNERS) {
            cret_record_put_signer(page, counted == 1 ? "signed by" : "", signature);
        }
    }
    if (counted > MOST_SIGNERS) {
        cret_page_row(page, "", "and %zu more", counted - MOST_SIGNERS);
    }
    if (others > 0 && counted > 0) {
        cret_page_row(page, "", "%zu other %s did not count", others,
                      cret_plural(others, "signature", "signatures"));
    } else if (others > 0) {
        cret_page_row(page, "signed by", "nobody who counts here: %zu %s did not", others,
                      cret_plural(others, "signature", "signatures"));
    }
}

void cret_record_put_checked(struct cret_page *page, const json_t *record)
{
    const int64_t files = cret_json_integer(record, "what.fileCount", -1);
    struct cret_buffer line = {0};
    if (files < 0 || !cret_record_accepted(record)) { /* whose count would belie the verdict */
        return;
    }
    cret_buffer_printf(&line, "%" PRId64 " of %" PRId64 " %s, ", files, files,
                       cret_plural((uint64_t)files, "file", "files"));
    cret_piece_size(&line, cret_json_integer(record, "what.fileBytes", 0));
    cret_page_buffer(page, "checked", &line);
}

/* What an owner says who signed files that came unsigned. */
void cret_record_put_adoption(struct cret_page *page, const json_t *record)
{
    const json_t *adoption = cret_json_get(record, "what.adoption");
    if (adoption == NULL) {
        return;
    }
    cret_page_row(page, "adopted", "by %s from %s (%s)", cret_piece_text(adoption, "by"),
                  cret_piece_text(adoption, "source"), cret_piece_text(adoption, "medium"));
    CRET_JSON_EACH (entry, json_object_get(adoption, "foreignSignatures")) {
        cret_page_row(page, "foreign", "%s: %s (said by the owner, not checked here)",
                      cret_piece_text(entry, "file"), cret_piece_text(entry, "result"));
    }
}

/* " (A, B and 3 more)" of the ids in all lists `key` of security changes. */
static void add_cves(struct cret_buffer *out, const json_t *changes)
{
    size_t count = 0;
    CRET_JSON_EACH (change, changes) {
        CRET_JSON_EACH (id, json_object_get(change, "cves")) {
            if (count++ < MOST_IDS) {
                cret_buffer_printf(out, "%s%s", count == 1 ? " (" : ", ", json_string_value(id));
            }
        }
    }
    if (count > MOST_IDS) {
        cret_buffer_printf(out, " and %zu more", count - MOST_IDS);
    }
    cret_buffer_printf(out, count > 0 ? ")" : "");
}

static size_t count_true(const json_t *list, const char *key)
{
    size_t count = 0;
    CRET_JSON_EACH (entry, list) {
        count += json_is_true(json_object_get(entry, key)) ? 1u : 0u;
    }
    return count;
}

static void brings_row(struct cret_page *page, const json_t *record)
{
    const json_t *changes = cret_json_get(record, "what.changes");
    const json_t *settings = cret_json_get(record, "what.settings");
    const size_t fixes = count_true(changes, "security");
    const char *restart = cret_json_string(record, "what.restart.category");
    struct cret_buffer line = {0};
    cret_record_add_count(&line, fixes, "security fix", "security fixes");
    if (fixes > 0) {
        add_cves(&line, changes);
    }
    if (restart != NULL) {
        cret_buffer_printf(&line, "%srestart: %s", line.size > 0 ? ", " : "", restart);
    }
    cret_record_add_count(&line, cret_record_count_of(record, "prerequisites"), "prerequisite",
                          "prerequisites");
    cret_record_add_count(&line, count_true(settings, "mustChange"), "setting must change",
                          "settings must change");
    cret_record_add_count(&line, count_true(settings, "fixed"), "setting cannot change",
                          "settings cannot change");
    cret_record_add_count(&line, cret_record_count_of(record, "newRisks"), "new risk", "new risks");
    cret_record_add_count(&line, cret_record_count_of(record, "knownIssues"), "known issue",
                          "known issues");
    cret_page_row(page, "brings", "%s", line.data != NULL ? line.data : "");
    cret_buffer_free(&line);
}

/* As `show` counts them: the product itself is none of its components. */
static int64_t components_of(const json_t *sbom)
{
    const json_t *parts = json_object_get(sbom, "parts");
    return parts != NULL
               ? (int64_t)json_array_size(parts) + cret_json_integer(sbom, "partsLeftOut", 0)
               : cret_json_integer(sbom, "components", -1);
}

/* "; SBOM: CycloneDX-1.6, 73 components" */
static void add_sboms(struct cret_buffer *line, const json_t *sboms)
{
    if (json_array_size(sboms) == 0) {
        cret_buffer_printf(line, "; no SBOM");
    }
    CRET_JSON_EACH (sbom, sboms) {
        const int64_t components = components_of(sbom);
        cret_buffer_printf(line, "; SBOM: %s, ", cret_piece_text(sbom, "format"));
        if (components < 0) {
            cret_buffer_printf(line, "not read");
        } else {
            cret_buffer_printf(line, "%" PRId64 " %s", components,
                               cret_plural((uint64_t)components, "component", "components"));
        }
    }
}

/* For whoever decides without the archive. */
static void content_row(struct cret_page *page, const json_t *record)
{
    const json_t *what = cret_json_get(record, "what");
    const json_t *sboms = json_object_get(what, "sbom");
    struct cret_buffer line = {0};
    if (sboms == NULL) {
        return;
    }
    cret_buffer_printf(&line, "%zu", json_array_size(json_object_get(what, "documents")));
    cret_record_add_count(&line, json_object_size(json_object_get(what, "topics")),
                          "topic answered", "topics answered");
    add_sboms(&line, sboms);
    cret_page_buffer(page, "documents", &line);
}

static void support_row(struct cret_page *page, const json_t *record)
{
    const char *end = cret_json_string(record, "what.lifecycle.endOfSecuritySupport");
    const char *now = cret_json_string(record, "when.verificationTime");
    if (end == NULL || now == NULL) {
        return;
    }
    if (strcmp(end, "tba") == 0) {
        cret_page_row(page, "support", "the end of security support is not announced");
    } else {
        struct cret_time_span span = {0};
        int64_t seconds = 0;
        const bool known = cret_time_span_parse(&span, end) == CRET_OK &&
                           cret_time_parse_any(&seconds, now) == CRET_OK;
        cret_page_row(page, "support", "security support %s %.10s",
                      known && seconds >= span.end ? "ENDED" : "until", end);
    }
}

/* Findings of one result, those that say the same together, the most of them by number. told: of
 * the groups, those that the verdict's line has said already. */
static void finding_rows(struct cret_page *page, const json_t *record, const char *result,
                         enum cret_tone tone, const char *label, size_t told, size_t most)
{
    struct cret_piece_groups groups = {0};
    if (!cret_piece_group(&groups, cret_json_get(record, "result.checks"), result)) {
        cret_page_row(page, label, "(out of memory)");
    }
    for (size_t i = told; i < groups.count && i < told + most; i++) {
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "%s", cret_piece_text(groups.groups[i].first, "reason"));
        if (groups.groups[i].count > 1) {
            cret_buffer_printf(&line, " (%zu times)", groups.groups[i].count);
        }
        cret_page_toned(page, tone, i == told ? label : "", "%s", cret_page_words(page, &line));
        cret_buffer_free(&line);
    }
    if (groups.count > told + most) {
        cret_page_row(page, "", "and %zu more: --verbose lists them", groups.count - told - most);
    }
    cret_piece_groups_free(&groups);
}

/* Where the verdict's line says what a record counts as, why it was refused stands here. */
static void reason_row(struct cret_page *page, const json_t *record)
{
    struct cret_buffer line = {0};
    cret_record_add_reason(&line, record);
    cret_page_buffer(
        page, cret_record_says(record, "result.verdict", "REFUSED") ? "refused" : "why", &line);
}

void cret_record_put_refusal(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view)
{
    const json_t *fault = cret_record_first_fault(record);
    const json_t *error = cret_json_get(record, "result.error");
    const json_t *told = error != NULL ? error : fault;
    if (view->counts != NULL) {
        reason_row(page, record);
    }
    cret_page_row(page, "where", "%s", cret_piece_text(told, "where"));
    cret_page_row(page, "expected", "%s", cret_piece_text(told, "expected"));
    cret_page_row(page, "found", "%s", cret_piece_text(told, "actual"));
    if (error != NULL) {
        cret_page_row(page, "what to do", "%s", cret_piece_text(error, "hint"));
    }
    cret_record_put_foreign(page, record);
    cret_record_put_identity(page, record);
    finding_rows(page, record, "FAIL", CRET_TONE_BAD, "also", fault != NULL ? 1 : 0, MOST_FINDINGS);
    finding_rows(page, record, "NOT_CHECKED", CRET_TONE_CAUTION, "not checked", 0, MOST_FINDINGS);
    if (fault != NULL) {
        cret_page_row(page, "next", "do not install it; `cretula-verify explain %s` says more",
                      cret_piece_text(fault, "check"));
    }
}

/* "root on vm (declared: A. Person, tester), 2026-11-29T22:56:03Z" */
static void run_rows(struct cret_page *page, const json_t *record,
                     const struct cret_record_view *view)
{
    /* Change and asset stand in the first line. */
    static const char *const reasons[][2] = {{"zone", "why.zone"},
                                             {"stage", "why.stage"},
                                             {"acquired", "why.acquired"},
                                             {"planned for", "why.plannedAt"}};
    const char *name = cret_piece_text(record, "who.name");
    const char *role = cret_piece_text(record, "who.role");
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s on %s", cret_piece_text(record, "who.user"),
                       cret_piece_text(record, "who.host"));
    if (name[0] != '\0' || role[0] != '\0') {
        cret_buffer_printf(&line, " (declared: %s%s%s)", name,
                           name[0] != '\0' && role[0] != '\0' ? ", " : "", role);
    }
    cret_buffer_printf(&line, ", %s, with %s %s", cret_piece_text(record, "when.time"),
                       cret_piece_text(record, "how.program"),
                       cret_piece_text(record, "how.version"));
    cret_page_buffer(page, "checked by", &line);
    for (size_t i = 0; i < CRET_LENGTH(reasons); i++) {
        cret_page_row(page, reasons[i][0], "%s", cret_piece_text(record, reasons[i][1]));
    }
    cret_page_row(page, "policy", "%s", cret_piece_text(record, "how.policy.name"));
    cret_page_row(page, "record", "%s", view->digest);
}

/* A policy that says more than its file must say so. */
void cret_record_put_overlay(struct cret_page *page, const json_t *record)
{
    const char *name = cret_json_string(record, "how.policy.overlay.name");
    if (name != NULL) {
        cret_page_row(page, "overlay", "%s (SHA-256 %s) tightens the trust policy", name,
                      cret_piece_text(record, "how.policy.overlay.sha256"));
    }
}

/* What was asked for by name, and what makes up for the vendor's absent signature. */
void cret_record_put_compared(struct cret_page *page, const json_t *record)
{
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        if (cret_piece_is(finding, "PASS") &&
            (cret_record_says(finding, "check", "document.also") ||
             cret_record_says(finding, "check", "release.adoption"))) {
            cret_page_row(page, "compared", "%s", cret_piece_text(finding, "reason"));
        }
    }
}

void cret_record_put_packages(struct cret_page *page, const json_t *record)
{
    static const char below[] = "SUBPACKAGES/";
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        const char *where = cret_piece_text(finding, "where");
        if (cret_piece_is(finding, "PASS") &&
            cret_record_says(finding, "check", "package.manifest") &&
            strncmp(where, below, strlen(below)) == 0) {
            cret_page_row(page, "package", "%s: %s; identity %s", where,
                          cret_piece_text(finding, "reason"), cret_piece_text(finding, "actual"));
        }
    }
}

/* What an acceptance brings and what it leaves open. */
static void acceptance_rows(struct cret_page *page, const json_t *record, size_t most)
{
    cret_record_put_signers(page, record);
    cret_record_put_builders(page, record);
    cret_record_put_adoption(page, record);
    cret_record_put_foreign(page, record);
    cret_record_put_checked(page, record);
    cret_record_put_identity(page, record);
    cret_record_put_packages(page, record);
    cret_record_put_compared(page, record);
    brings_row(page, record);
    cret_record_put_advice_row(page, record);
    support_row(page, record);
    finding_rows(page, record, "WAIVED", CRET_TONE_CAUTION, "waived", 0, most);
    finding_rows(page, record, "WARN", CRET_TONE_CAUTION, "warnings", 0, most);
    finding_rows(page, record, "NOT_CHECKED", CRET_TONE_CAUTION, "not checked", 0, most);
}

void cret_record_put_brief(struct cret_page *page, const json_t *record)
{
    brings_row(page, record);
    cret_record_put_advice_row(page, record);
    support_row(page, record);
}

void cret_record_page_screen(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view)
{
    cret_record_put_verdict(page, record, view);
    if (view->counts != NULL) {
        cret_record_put_release(page, record);
    }
    cret_record_put_overlay(page, record);
    if (cret_record_accepted(record)) {
        acceptance_rows(page, record, view->counts != NULL ? 1 : MOST_FINDINGS);
    } else {
        cret_record_put_refusal(page, record, view);
    }
    if (view->counts != NULL) {
        content_row(page, record);
        run_rows(page, record, view);
    }
    cret_page_row(page, "journal", "%s", view->journal != NULL ? view->journal : "");
    cret_page_row(page, "TPM", "%s",
                  view->tpm != NULL && cret_record_accepted(record) ? view->tpm : "");
    cret_page_row(page, "done", "%s", view->done != NULL ? view->done : "");
    if (view->next != NULL) {
        cret_page_command(page, "next", view->next);
    }
}
