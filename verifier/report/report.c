/* SPDX-License-Identifier: Apache-2.0 */
/* Printing the page of a verified file, errors and findings. */
#include "verifier/report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/hash_engine.h"
#include "base/finding/finding_groups.h"
#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"

/* "Vendor Product 1.2.3 (sequence 7)" of the document; false where there is none. */
static bool release_title(struct cret_buffer *title, const json_t *document)
{
    const char *vendor = cret_json_string(document, "product.vendor");
    const char *product = cret_json_string(document, "product.name");
    const char *version = cret_json_string(document, "release.version");
    if (vendor == NULL || product == NULL || version == NULL) {
        return false;
    }
    cret_buffer_printf(title, "%s %s %s (sequence %" PRId64 ")", vendor, product, version,
                       cret_json_integer(document, "release.sequence", 0));
    return !title->failed;
}

static void print_waivers(FILE *stream, const struct cret_outcome *outcome)
{
    for (size_t i = 0; i < outcome->waiver_count; i++) {
        const struct cret_waiver *waiver = outcome->waivers[i].waiver;
        char until[32];
        cret_time_format(until, waiver->until);
        fprintf(stream, "  [waived: %s until %s, approved by ", cret_check_get(waiver->check)->name,
                until);
        cret_print_safe(stream, waiver->approver);
        fputc(']', stream);
    }
}

static bool about_waivers(enum cret_check_id check)
{
    return cret_check_get(check)->kind == CRET_CHECK_KIND_WAIVER;
}

/* Waivers that were given and are not honoured: why, where it is one. */
static void print_not_honoured(FILE *stream, const struct cret_outcome *outcome)
{
    static const char prefix[] = "this waiver is not honoured: ";
    const struct cret_finding *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (!about_waivers(finding->check) || finding->result == CRET_RESULT_PASS) {
            continue;
        }
        first = first == NULL ? finding : first;
        count++;
    }
    if (count > 1) {
        fprintf(stream, "  [%zu waivers not honoured]", count);
    } else if (count == 1) {
        const bool prefixed = strncmp(first->reason, prefix, strlen(prefix)) == 0;
        fputs("  [waiver not honoured: ", stream);
        cret_print_safe(stream, first->reason + (prefixed ? strlen(prefix) : 0));
        fputc(']', stream);
    }
}

/* What qualifies the verdict must stand in its line. */
static void print_qualifiers(FILE *stream, const struct cret_session *session,
                             const struct cret_outcome *outcome)
{
    print_waivers(stream, outcome);
    print_not_honoured(stream, outcome);
    if (outcome->backout != NULL) {
        fprintf(stream, "  [%s]", outcome->backout);
    }
    if (session->request.allow_example_keys) {
        fputs("  [example keys allowed: proves nothing]", stream);
    }
    if (session->at_given) {
        char at[32];
        cret_time_format(at, session->request.now);
        fprintf(stream, "  [as of %s]", at);
    }
    if (session->request.fast) {
        fputs("  [fast: one digest a file]", stream);
    }
    if (outcome->has_identity && !outcome->product_bound) {
        fputs("  [product not bound]", stream);
    }
    const char *origin = cret_json_string(outcome->document, "origin");
    if (origin != NULL && strcmp(origin, "adopted") == 0) {
        fputs("  [adopted: the vendor's origin is NOT authenticated]", stream);
    }
}

static void print_verdict(FILE *stream, const struct cret_session *session,
                          const struct cret_outcome *outcome)
{
    fputs(cret_verdict_name(outcome->verdict), stream);
    const struct cret_finding *fault = cret_findings_first_fault(outcome->findings, 0);
    struct cret_buffer title = {0};
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        fputs(": ", stream);
        cret_print_safe(stream, outcome->error.what);
    } else if (fault != NULL) {
        fputs(": ", stream);
        cret_print_safe(stream, fault->reason);
        if (fault->hint != NULL) {
            fputs(" - ", stream);
            cret_print_safe(stream, fault->hint);
        }
    } else if (outcome->verdict == CRET_VERDICT_REFUSED) {
        fputs(": a required check gave no answer", stream);
    } else if (release_title(&title, outcome->document)) {
        fputs(": ", stream);
        cret_print_safe(stream, title.data);
    }
    cret_buffer_free(&title);
    print_qualifiers(stream, session, outcome);
    fputc('\n', stream);
}

static void print_signature(FILE *stream, const json_t *signature)
{
    const char *subject = cret_json_string(signature, "certificate.subject");
    if (subject == NULL) {
        cret_print_line(stream, "signature", "not verified: the FAIL lines say why");
        return;
    }
    struct cret_buffer line = {0};
    const char *role = cret_json_string(signature, "role");
    const bool counted = cret_json_boolean(signature, "counted", false);
    const char *end = cret_json_string(signature, "certificate.notAfter");
    int64_t seconds = 0;
    char until[32] = "?";
    if (end != NULL && cret_time_parse_any(&seconds, end) == CRET_OK) {
        cret_time_words(until, seconds);
    }
    cret_buffer_printf(&line, "%s, %s, certificate %s%s", subject,
                       cret_json_string(signature, "algorithm"),
                       seconds == CRET_LIMIT_TIME_LAST ? "has " : "until ", until);
    if (cret_json_boolean(signature, "completes", false)) {
        const char *signer = cret_json_string(signature, "signer");
        cret_buffer_printf(&line, "; post-quantum signature of %s for role %s",
                           signer != NULL ? signer : "signer", role != NULL ? role : "release");
    } else if (counted) {
        const char *signer = cret_json_string(signature, "signer");
        cret_buffer_printf(&line, "; counts as %s for role %s", signer != NULL ? signer : "signer",
                           role != NULL ? role : "release");
    } else {
        const char *why = cret_json_string(signature, "whyNot");
        cret_buffer_printf(&line, "; not counted%s%s", why != NULL ? ": " : "",
                           why != NULL ? why : "");
    }
    cret_print_line(stream, "signed by", line.failed ? "(out of memory)" : line.data);
    cret_buffer_free(&line);
}

/* A policy that says more than its file must say so. */
static void print_overlay(FILE *stream, const struct cret_session *session)
{
    const struct cret_policy *policy = session->policy;
    if (policy == NULL || policy->overlay_name == NULL) {
        return;
    }
    struct cret_buffer line = {0};
    char digest[CRET_SHA256_HEX];
    cret_hex_encode(digest, policy->overlay_digest, CRET_SHA256_BYTES);
    cret_buffer_printf(&line, "%s (SHA-256 %s) tightens the trust policy", policy->overlay_name,
                       digest);
    cret_print_line(stream, "overlay", line.failed ? "(out of memory)" : line.data);
    cret_buffer_free(&line);
}

static void print_release(FILE *stream, const struct cret_outcome *outcome)
{
    struct cret_buffer title = {0};
    if (release_title(&title, outcome->document)) {
        cret_print_line(stream, "release", title.data);
    }
    cret_buffer_free(&title);
    cret_print_line(stream, "date", cret_json_string(outcome->document, "release.date"));
    if (outcome->has_identity) {
        char identity[CRET_SHA256_HEX];
        cret_hex_encode(identity, outcome->identity, CRET_SHA256_BYTES);
        cret_print_line(stream, "identity", identity);
    }
}

/* What an owner says who signed files that came unsigned. */
static void print_adoption(FILE *stream, const json_t *adoption)
{
    size_t index;
    json_t *entry;
    struct cret_buffer line = {0};
    if (adoption == NULL) {
        return;
    }
    cret_buffer_printf(&line, "by %s from %s (%s)", cret_json_string(adoption, "by"),
                       cret_json_string(adoption, "source"), cret_json_string(adoption, "medium"));
    cret_print_line(stream, "adopted", line.failed ? "(out of memory)" : line.data);
    cret_buffer_free(&line);
    json_array_foreach(json_object_get(adoption, "foreignSignatures"), index, entry)
    {
        cret_buffer_printf(&line, "%s: %s (said by the owner, not checked here)",
                           cret_json_string(entry, "file"), cret_json_string(entry, "result"));
        cret_print_line(stream, "foreign", line.failed ? "(out of memory)" : line.data);
        cret_buffer_free(&line);
    }
}

static void print_signatures(FILE *stream, const struct cret_outcome *outcome)
{
    size_t index;
    json_t *signature;
    json_array_foreach(json_object_get(outcome->document, "signatures"), index, signature)
    {
        print_signature(stream, signature);
    }
}

static void print_finding(FILE *stream, const struct cret_finding *finding, const char *label,
                          const char *places)
{
    fprintf(stream, "  %-11s %s: ", label, cret_check_get(finding->check)->name);
    cret_print_safe(stream, finding->reason);
    fputc('\n', stream);
    if (finding->result != CRET_RESULT_PASS) {
        cret_print_line(stream, "  where", finding->where);
        cret_print_line(stream, "  also at", places);
        cret_print_line(stream, "  expected", finding->expected);
        cret_print_line(stream, "  found", finding->actual);
        cret_print_line(stream, "  do", finding->hint);
    }
}

/* Findings of one result, those that say the same together, with the id so that `explain` can be
 * asked. */
static void print_findings(FILE *stream, const struct cret_outcome *outcome,
                           enum cret_result result, const char *label)
{
    size_t count = cret_findings_count(outcome->findings);
    struct cret_finding_group *groups = cret_findings_group(outcome->findings, &count);
    for (size_t i = 0; i < count; i++) {
        const struct cret_finding *finding =
            cret_findings_at(outcome->findings, groups != NULL ? groups[i].index[0] : i);
        char *places =
            groups != NULL ? cret_finding_group_places(outcome->findings, &groups[i]) : NULL;
        if (finding->result == result) {
            print_finding(stream, finding, label, places);
        }
        free(places);
    }
    free(groups);
}

static void print_checked(FILE *stream, const struct cret_outcome *outcome)
{
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (finding->check == CRET_CHECK_FILE_DIGESTS && finding->result == CRET_RESULT_PASS) {
            cret_print_line(stream, "checked", finding->reason);
        }
        /* What was asked for by name, and what the vendor's absent signature is made up for with.
         */
        if ((finding->check == CRET_CHECK_DOCUMENT_ALSO ||
             finding->check == CRET_CHECK_RELEASE_ADOPTION) &&
            finding->result == CRET_RESULT_PASS) {
            cret_print_line(stream, "compared", finding->reason);
        }
    }
    size_t passed = 0;
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        passed += cret_findings_at(outcome->findings, i)->result == CRET_RESULT_PASS ? 1u : 0u;
    }
    fprintf(stream, "  %-11s %zu checks passed, %zu findings in all\n", "checks", passed,
            cret_findings_count(outcome->findings));
}

void cret_report_outcome(FILE *stream, const struct cret_session *session,
                         const struct cret_outcome *outcome, const char *archive, const char *next)
{
    print_verdict(stream, session, outcome);
    cret_print_line(stream, "file", archive);
    print_release(stream, outcome);
    print_adoption(stream, json_object_get(outcome->document, "adoption"));
    print_signatures(stream, outcome);
    print_overlay(stream, session);
    print_findings(stream, outcome, CRET_RESULT_FAIL, "FAIL");
    print_findings(stream, outcome, CRET_RESULT_WARN, "WARN");
    print_findings(stream, outcome, CRET_RESULT_WAIVED, "WAIVED");
    print_findings(stream, outcome, CRET_RESULT_NOT_CHECKED, "NOT CHECKED");
    cret_print_line(stream, "machine",
                    outcome->has_engine ? cret_hash_warning(outcome->engine) : NULL);
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_print_line(stream, "where", outcome->error.where);
        cret_print_line(stream, "expected", outcome->error.expected);
        cret_print_line(stream, "found", outcome->error.actual);
        cret_print_line(stream, "what to do", outcome->error.hint);
    }
    if (cret_verdict_exit_code(outcome->verdict) == 0) {
        print_checked(stream, outcome);
        cret_print_line(stream, "limits", cret_record_limits[0]);
        cret_print_line(stream, "next", next);
    } else if (outcome->verdict == CRET_VERDICT_REFUSED) {
        const struct cret_finding *fault = cret_findings_first_fault(outcome->findings, 0);
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "do not install it; `cretula-verify explain %s` says more",
                           fault != NULL ? cret_check_get(fault->check)->name : "trust.threshold");
        cret_print_line(stream, "next", line.failed ? NULL : line.data);
        cret_buffer_free(&line);
    }
}
