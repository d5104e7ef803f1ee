/* SPDX-License-Identifier: Apache-2.0 */
/* Records as a whole: every section, for boards and for whoever reads one years later. */
#include "verifier/report/record_page_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "verifier/report/foreign_page.h"
#include "verifier/report/pieces.h"
#include "verifier/report/release_page.h"

/* ", A, B, and 7 more (9 in all)" */
static void add_places(struct cret_buffer *out, const struct cret_piece_group *group)
{
    size_t told = 1;
    for (; told < group->count && told <= CRET_PIECE_PLACES; told++) {
        cret_buffer_printf(out, "%s%s", told == 1 ? "\nalso at: " : ", ",
                           cret_piece_text(group->more[told - 1], "where"));
    }
    if (group->count > told) {
        cret_buffer_printf(out, ", and %zu more (%zu in all)", group->count - told, group->count);
    }
}

static void finding_row(struct cret_page *page, enum cret_tone tone, const char *label,
                        const struct cret_piece_group *group)
{
    static const char *const parts[][2] = {
        {"where", "where"}, {"expected", "expected"}, {"found", "actual"}, {"what to do", "hint"}};
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s: %s", cret_piece_text(group->first, "check"),
                       cret_piece_text(group->first, "reason"));
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        const char *part = cret_piece_text(group->first, parts[i][1]);
        if (part[0] != '\0') {
            cret_buffer_printf(&text, "\n%s: %s", parts[i][0], part);
        }
        if (i == 0) {
            add_places(&text, group);
        }
    }
    cret_page_toned(page, tone, label, "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
}

/* Every finding but what passed: those are a number. */
static void findings_section(struct cret_page *page, const json_t *record)
{
    static const struct {
        const char *result, *label;
        enum cret_tone tone;
    } order[] = {{"FAIL", "FAIL", CRET_TONE_BAD},
                 {"WAIVED", "WAIVED", CRET_TONE_CAUTION},
                 {"WARN", "WARN", CRET_TONE_CAUTION},
                 {"NOT_CHECKED", "NOT CHECKED", CRET_TONE_CAUTION}};
    const json_t *checks = cret_json_get(record, "result.checks");
    size_t passed = 0;
    cret_page_section(page, "Checks");
    CRET_JSON_EACH (finding, checks) {
        passed += cret_piece_is(finding, "PASS") ? 1u : 0u;
    }
    cret_page_row(page, "passed", "%zu of %zu", passed, json_array_size(checks));
    for (size_t i = 0; i < CRET_LENGTH(order); i++) {
        struct cret_piece_groups groups = {0};
        if (!cret_piece_group(&groups, checks, order[i].result)) {
            cret_page_row(page, order[i].label, "(out of memory)");
        }
        for (size_t group = 0; group < groups.count; group++) {
            finding_row(page, order[i].tone, order[i].label, &groups.groups[group]);
        }
        cret_piece_groups_free(&groups);
    }
}

static void identity_section(struct cret_page *page, const json_t *record)
{
    struct cret_buffer size = {0};
    const int64_t bytes = cret_json_integer(record, "what.archive.size", -1);
    if (bytes >= 0) {
        cret_piece_size(&size, bytes);
    }
    cret_page_section(page, "What was verified");
    cret_record_put_release(page, record);
    cret_record_put_identity(page, record);
    cret_record_put_packages(page, record);
    cret_page_row(page, "archive", "%s%s%s", cret_piece_text(record, "what.archive.name"),
                  bytes >= 0 ? ", " : "", size.data != NULL ? size.data : "");
    cret_page_row(page, "SHA-256", "%s", cret_piece_text(record, "what.archive.sha256"));
    cret_record_put_checked(page, record);
    cret_record_put_compared(page, record);
    cret_buffer_free(&size);
}

static void certificate_row(struct cret_page *page, const json_t *signature, const char *subject)
{
    const char *end = cret_piece_text(signature, "certificate.notAfter");
    int64_t seconds = 0;
    char until[32] = "?";
    if (cret_time_parse_any(&seconds, end) == CRET_OK) {
        cret_time_words(until, seconds);
    }
    cret_page_row(page, "certificate", "%s, %s, valid until: %s", subject,
                  cret_piece_text(signature, "algorithm"), until);
}

void cret_record_put_vouchers(struct cret_page *page, const json_t *record)
{
    cret_page_section(page, "Who vouches");
    CRET_JSON_EACH (signature, cret_json_get(record, "how.signatures")) {
        const char *subject = cret_piece_text(signature, "certificate.subject");
        if (cret_json_boolean(signature, "counted", false) ||
            cret_json_boolean(signature, "completes", false)) {
            cret_record_put_signer(page, "signed by", signature);
        } else {
            cret_page_row(page, "not counted", "%s: %s",
                          subject[0] != '\0' ? subject : cret_piece_text(signature, "name"),
                          subject[0] != '\0' ? cret_piece_text(signature, "whyNot")
                                             : "not verified");
        }
        certificate_row(page, signature, subject);
        cret_page_row(page, "key SHA-256", "%s",
                      cret_piece_text(signature, "certificate.keySha256"));
    }
    cret_record_put_builders(page, record);
    cret_record_put_adoption(page, record);
    if (cret_record_accepted(record)) {
        cret_record_put_foreign(page, record);
    }
}

/* Rows of texts of the record: label and path. */
static void text_rows(struct cret_page *page, const json_t *record, const char *const (*rows)[2],
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cret_buffer text = {0};
        cret_piece_value(&text, cret_json_get(record, rows[i][1]));
        cret_page_row(page, rows[i][0], "%s", text.data != NULL ? text.data : "");
        cret_buffer_free(&text);
    }
}

void cret_record_put_run(struct cret_page *page, const json_t *record)
{
    static const char *const rows[][2] = {
        {"time", "when.time"},
        {"verified for", "when.verificationTime"},
        {"user", "who.user"},
        {"name", "who.name"},
        {"role", "who.role"},
        {"host", "who.host"},
        {"change", "why.changeId"},
        {"planned for", "why.plannedAt"},
        {"baseline", "why.baselineItems"},
        {"asset", "why.asset"},
        {"other assets", "why.furtherAssets"},
        {"zone", "why.zone"},
        {"stage", "why.stage"},
        {"acquired", "why.acquired"},
        {"policy", "how.policy.name"},
        {"version", "how.policy.version"},
        {"file", "how.policy.file"},
        {"SHA-256", "how.policy.sha256"},
        {"profile", "how.profile"},
        {"program", "how.program"},
        {"version", "how.version"},
        {"library", "how.openssl"},
        {"hashes by", "how.hashEngine"},
        {"confined", "how.sandbox"},
        {"previous", "previous"},
    };
    cret_page_section(page, "Who checked, when, and how");
    text_rows(page, record, rows, CRET_LENGTH(rows));
    cret_record_put_overlay(page, record);
}

/* What is longer than a record holds is said where its beginning is shown. */
void cret_record_put_left_out(struct cret_page *page, const json_t *record)
{
    CRET_JSON_EACH (left, cret_json_get(record, "what.leftOut")) {
        cret_page_row(page, "left out", "%" PRId64 " more of %s: %s them all",
                      cret_json_integer(left, "entries", 0), cret_piece_text(left, "part"),
                      cret_record_says(left, "part", "advice") ? "the files of the release have"
                                                               : "the manifest has");
    }
}

void cret_record_put_limits(struct cret_page *page, const json_t *record)
{
    cret_page_section(page, "What this does not say");
    CRET_JSON_EACH (limit, cret_json_get(record, "limits")) {
        cret_page_paragraph(page, "%s", json_string_value(limit));
    }
}

void cret_record_page_whole(struct cret_page *page, const json_t *record,
                            const struct cret_record_view *view)
{
    const json_t *facts = cret_json_get(record, "what");
    cret_record_put_verdict(page, record, view);
    if (!cret_record_accepted(record)) {
        cret_record_put_refusal(page, record, view);
    }
    cret_page_row(page, "journal", "%s", view->journal != NULL ? view->journal : "");
    cret_page_row(page, "TPM", "%s",
                  view->tpm != NULL && cret_record_accepted(record) ? view->tpm : "");
    identity_section(page, record);
    cret_record_put_vouchers(page, record);
    cret_release_page_sections(page, facts, "");
    cret_release_page_documents(page, facts, "");
    cret_release_page_topics(page, facts, "");
    cret_record_put_sboms(page, record);
    cret_record_put_advice(page, record);
    cret_record_put_left_out(page, record);
    findings_section(page, record);
    cret_record_put_run(page, record);
    cret_record_put_limits(page, record);
    if (view->next != NULL) {
        cret_page_command(page, "next", view->next);
    }
}

void cret_record_page_files(struct cret_page *page, const json_t *record)
{
    static const struct cret_page_column columns[] = {
        {.name = "file"}, {.name = "role"}, {.name = "bytes", .number = true}, {.name = "SHA-256"}};
    const json_t *files = cret_json_get(record, "what.files");
    if (json_array_size(files) == 0) {
        return;
    }
    cret_page_section(page, "Files");
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (file, files) {
        cret_page_cell(page, "%s", cret_piece_text(file, "path"));
        cret_page_cell(page, "%s", cret_piece_text(file, "role"));
        cret_page_cell(page, "%" PRId64, cret_json_integer(file, "size", 0));
        cret_page_cell(page, "%s", cret_piece_text(file, "sha256"));
    }
}
