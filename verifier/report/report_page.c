/* SPDX-License-Identifier: Apache-2.0 */
/* The report's content: first what a board decides by, then all that it rests on. */
#include "verifier/report/report_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/report/record_page_internal.h"
#include "verifier/report/release_page.h"

/* Findings of one result that are shown each; of the others their number. */
enum { MOST_FINDINGS = 200 };

/* Results in the order in which a reader asks about them, with their words. */
static const struct result {
    const char *name, *word, *one, *counted;
    enum cret_tone tone;
} results[] = {{"FAIL", "FAIL", "failed", "failed", CRET_TONE_BAD},
               {"WAIVED", "WAIVED", "waived", "waived", CRET_TONE_CAUTION},
               {"WARN", "WARN", "warning", "warnings", CRET_TONE_CAUTION},
               {"NOT_CHECKED", "NOT CHECKED", "not checked", "not checked", CRET_TONE_CAUTION},
               {"PASS", "PASS", "passed", "passed", CRET_TONE_GOOD}};
enum { RESULTS = CRET_LENGTH(results), PASSED = RESULTS - 1 };

/* Groups of checks: by the beginning of their names, else by whose question they answer. */
static const struct group {
    const char *heading, *prefix;
    enum cret_check_kind kind;
} groups[] = {
    {"Checks: origin and integrity", NULL, CRET_CHECK_KIND_CORE},
    {"Checks: foreign file", NULL, CRET_CHECK_KIND_FOREIGN},
    {"Checks: SBOM", "sbom.", CRET_CHECK_KIND_RELEASE},
    {"Checks: VEX", "vex.", CRET_CHECK_KIND_RELEASE},
    {"Checks: advisories", "advisory.", CRET_CHECK_KIND_RELEASE},
    {"Checks: what the release says of itself", NULL, CRET_CHECK_KIND_RELEASE},
    {"Checks: what the operator asked for", NULL, CRET_CHECK_KIND_OPERATOR},
    {"Checks: what the journal knows", NULL, CRET_CHECK_KIND_JOURNAL},
    {"Checks: waivers", NULL, CRET_CHECK_KIND_WAIVER},
    {"Checks: TPM", NULL, CRET_CHECK_KIND_TPM},
    {"Checks: station", NULL, CRET_CHECK_KIND_STATION},
    {"Checks: others", NULL, CRET_CHECK_KIND_COUNT}, /* of another version of the program */
};
enum { GROUPS = CRET_LENGTH(groups) };

static const struct group *group_of(const json_t *finding)
{
    const char *name = cret_piece_text(finding, "check");
    const struct cret_check *check = cret_check_find(name);
    for (size_t i = 0; check != NULL && i < GROUPS; i++) {
        if (groups[i].kind == check->kind &&
            (groups[i].prefix == NULL ||
             strncmp(name, groups[i].prefix, strlen(groups[i].prefix)) == 0)) {
            return &groups[i];
        }
    }
    return &groups[GROUPS - 1];
}

static size_t count_of(const json_t *checks, const char *result)
{
    size_t count = 0;
    CRET_JSON_EACH (finding, checks) {
        count += cret_piece_is(finding, result) ? 1u : 0u;
    }
    return count;
}

/* What was found, and all that says more of it. */
static void found_cell(struct cret_page *page, const struct cret_piece_group *group)
{
    static const char *const parts[][2] = {
        {"where", "where"}, {"expected", "expected"}, {"found", "actual"}};
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s", cret_piece_text(group->first, "reason"));
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        const char *part = cret_piece_text(group->first, parts[i][1]);
        if (part[0] != '\0') {
            cret_buffer_printf(&text, "\n%s: %s", parts[i][0], part);
        }
        for (size_t more = 1; i == 0 && more < group->count && more <= CRET_PIECE_PLACES; more++) {
            cret_buffer_printf(&text, "\nalso: %s",
                               cret_piece_text(group->more[more - 1], "where"));
        }
    }
    if (group->count > 1) {
        cret_buffer_printf(&text, "\n%zu times in all", group->count);
    }
    cret_page_cell_buffer(page, &text);
}

/* The result in words, and the id by which `explain` knows the check. */
static void result_cell(struct cret_page *page, const struct result *result, const json_t *finding)
{
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s\n%s", result->word, cret_piece_text(finding, "check"));
    cret_page_cell_toned(page, result->tone, text.failed ? result->word : text.data);
    cret_buffer_free(&text);
}

static void left_out(struct cret_page *page, size_t shown, size_t count, const char *words)
{
    if (count > shown) {
        cret_page_paragraph(page,
                            "And %zu more %s; the record that this page carries has them all.",
                            count - shown, words);
    }
}

/* Everything that did not pass: each is a question to somebody. */
static void open_section(struct cret_page *page, const json_t *checks)
{
    static const struct cret_page_column columns[] = {
        {.name = "result"}, {.name = "what was found"}, {.name = "what to do"}};
    size_t shown = 0, count = 0;
    cret_page_section(page, "Open points");
    if (count_of(checks, "PASS") == json_array_size(checks)) {
        cret_page_paragraph(page, "None: every check that was made passed.");
        return;
    }
    cret_page_table(page, columns, CRET_LENGTH(columns));
    for (size_t i = 0; i < PASSED; i++) {
        struct cret_piece_groups found = {0};
        if (!cret_piece_group(&found, checks, results[i].name)) {
            cret_page_fail(page);
        }
        for (size_t at = 0; at < found.count; at++, count++) {
            if (at < MOST_FINDINGS) {
                result_cell(page, &results[i], found.groups[at].first);
                found_cell(page, &found.groups[at]);
                cret_page_cell(page, "%s", cret_piece_text(found.groups[at].first, "hint"));
                shown++;
            }
        }
        cret_piece_groups_free(&found);
    }
    left_out(page, shown, count, "findings");
}

static void waiver_section(struct cret_page *page, const json_t *record)
{
    static const struct {
        const char *name, *path;
    } fields[] = {{"check", "check"},
                  {"until", "until"},
                  {"approved by", "approver"},
                  {"what is done instead", "control"},
                  {"reason", "reason"}};
    enum { FIELDS = CRET_LENGTH(fields) };
    struct cret_page_column columns[FIELDS] = {0};
    const json_t *waivers = cret_json_get(record, "result.waivers");
    if (json_array_size(waivers) == 0) {
        return;
    }
    cret_page_section(page, "Waivers that the verdict rests on");
    for (size_t i = 0; i < FIELDS; i++) {
        columns[i].name = fields[i].name;
    }
    cret_page_table(page, columns, FIELDS);
    CRET_JSON_EACH (waiver, waivers) {
        for (size_t i = 0; i < FIELDS; i++) {
            cret_page_cell(page, "%s", cret_piece_text(waiver, fields[i].path));
        }
    }
}

/* The groups of one result that belong to a group of checks: rows of its table. */
static void group_rows(struct cret_page *page, const struct cret_piece_groups *found,
                       const struct result *result, const struct group *group, bool *headed)
{
    static const struct cret_page_column columns[] = {
        {.name = "result"}, {.name = "check"}, {.name = "what was found"}};
    size_t shown = 0;
    for (size_t i = 0; i < found->count; i++) {
        const json_t *first = found->groups[i].first;
        if (group_of(first) != group || shown == MOST_FINDINGS) {
            continue;
        }
        if (!*headed) {
            cret_page_section(page, "%s", group->heading);
            cret_page_table(page, columns, CRET_LENGTH(columns));
            *headed = true;
        }
        const struct cret_check *check = cret_check_find(cret_piece_text(first, "check"));
        struct cret_buffer name = {0}, reason = {0};
        cret_buffer_printf(&reason, "%s", cret_piece_text(first, "reason"));
        if (found->groups[i].count > 1) {
            cret_buffer_printf(&reason, " (%zu times)", found->groups[i].count);
        }
        cret_buffer_printf(&name, "%s%s%s", check != NULL ? check->title : "",
                           check != NULL ? "\n" : "", cret_piece_text(first, "check"));
        cret_page_cell_toned(page, result->tone, result->word);
        cret_page_cell_buffer(page, &name);
        cret_page_cell_buffer(page, &reason);
        shown++;
    }
}

static void check_sections(struct cret_page *page, const json_t *checks)
{
    struct cret_piece_groups found[RESULTS] = {0};
    for (size_t i = 0; i < RESULTS; i++) {
        if (!cret_piece_group(&found[i], checks, results[i].name)) {
            cret_page_fail(page);
        }
    }
    for (size_t group = 0; group < GROUPS; group++) {
        bool headed = false;
        for (size_t i = 0; i < RESULTS; i++) {
            group_rows(page, &found[i], &results[i], &groups[group], &headed);
        }
    }
    for (size_t i = 0; i < RESULTS; i++) {
        cret_piece_groups_free(&found[i]);
    }
}

static void file_section(struct cret_page *page, const struct cret_report_source *source)
{
    static const struct cret_page_column columns[] = {
        {.name = "file"},
        {.name = "role"},
        {.name = "bytes", .number = true},
        {.name = "SHA-256, whether it was computed in this run", .code = true}};
    const json_t *files = cret_json_get(source->record, "what.files");
    if (source->files == 0) {
        return;
    }
    cret_page_section(page, "Files");
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (file, files) {
        cret_page_cell(page, "%s", cret_piece_text(file, "path"));
        cret_page_cell(page, "%s", cret_piece_text(file, "role"));
        cret_page_cell(page, "%" PRId64, cret_json_integer(file, "size", 0));
        cret_page_cell(page, "%s\n%s", cret_piece_text(file, "sha256"),
                       cret_piece_text(file, "sha256State"));
    }
    left_out(page, json_array_size(files), source->files, "files");
}

/* How the acceptance of an older release stands in the verdict's line. */
static const char *backout_of(const json_t *record)
{
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        int64_t least = 0, found = 0;
        if (strcmp(cret_piece_text(finding, "check"), "release.backout") != 0) {
            continue;
        }
        if (!cret_piece_is(finding, "PASS")) {
            return "older than what this journal has in service";
        }
        if (sscanf(cret_piece_text(finding, "expected"), "sequence %" SCNd64, &least) == 1 &&
            sscanf(cret_piece_text(finding, "actual"), "sequence %" SCNd64, &found) == 1 &&
            found < least) {
            return "planned return to an older release";
        }
    }
    return NULL;
}

/* The nearest cause of a refusal, or of a run that could not judge. */
static void cause_rows(struct cret_page *page, const json_t *record)
{
    struct cret_piece_groups faults = {0};
    const json_t *told = cret_json_get(record, "result.error");
    if (!cret_piece_group(&faults, cret_json_get(record, "result.checks"), "FAIL")) {
        cret_page_fail(page);
    }
    if (told == NULL && faults.count > 0) {
        told = faults.groups[0].first;
    }
    cret_page_row(page, "where", "%s", cret_piece_text(told, "where"));
    cret_page_row(page, "expected", "%s", cret_piece_text(told, "expected"));
    cret_page_row(page, "found", "%s", cret_piece_text(told, "actual"));
    cret_page_row(page, "what to do", "%s", cret_piece_text(told, "hint"));
    cret_page_row(page, "next", "Do not install it.");
    cret_piece_groups_free(&faults);
}

static void open_row(struct cret_page *page, const json_t *checks)
{
    struct cret_buffer text = {0};
    for (size_t i = 0; i < RESULTS; i++) {
        const size_t count = count_of(checks, results[i].name);
        cret_buffer_printf(&text, "%s%zu %s", i > 0 ? ", " : "", count,
                           cret_plural(count, results[i].one, results[i].counted));
    }
    cret_page_buffer(page, "checks", &text);
}

static void identity_rows(struct cret_page *page, const struct cret_report_source *source)
{
    static const char *const rows[][2] = {
        {"change", "why.changeId"}, {"planned for", "why.plannedAt"}, {"asset", "why.asset"},
        {"zone", "why.zone"},       {"stage", "why.stage"},           {"time", "when.time"}};
    const json_t *record = source->record;
    const int64_t bytes = cret_json_integer(record, "what.archive.size", -1);
    struct cret_buffer size = {0};
    if (bytes >= 0) {
        cret_buffer_printf(&size, ", ");
        cret_piece_size(&size, bytes);
    }
    if (!cret_record_accepted(record)) { /* whose verdict names it */
        cret_record_put_release(page, record);
    }
    cret_page_row(page, "archive", "%s%s", cret_piece_text(record, "what.archive.name"),
                  size.data != NULL ? size.data : "");
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        cret_page_row(page, rows[i][0], "%s", cret_piece_text(record, rows[i][1]));
    }
    cret_record_put_identity(page, record);
    cret_record_put_packages(page, record);
    cret_page_row(page, "record", "SHA-256 %s", source->digest);
    cret_buffer_free(&size);
}

static void proof_section(struct cret_page *page, const struct cret_report_source *source)
{
    const bool journaled = cret_json_get(source->record, "journal") != NULL;
    cret_page_section(page, "Whether this page is genuine");
    cret_page_paragraph(
        page,
        "A page proves nothing by itself: anybody can write one. This one carries the record that "
        "it was made of, as data that no browser acts upon%s%s. %s",
        source->sealed ? ", with its signature" : "; the record was not signed",
        source->attested ? ", and with the attestation of a TPM" : "",
        source->sealed || journaled
            ? "The command below says who vouches for the record, and whether this page shows "
              "just that record, byte by byte."
            : "It was not entered into a journal either: nothing vouches for this record. For one "
              "that can be checked later, run check with --sign-record or --journal.");
    if (source->sealed) {
        cret_page_command(page, "check it with",
                          "cretula-verify record verify PAGE.html --anchor RECORDER.pem");
    } else if (journaled) {
        cret_page_command(page, "check it with",
                          "cretula-verify record verify PAGE.html --journal DIR");
    }
}

void cret_report_page(struct cret_page *page, const struct cret_report_source *source)
{
    const json_t *record = source->record;
    const json_t *checks = cret_json_get(record, "result.checks");
    const json_t *facts = cret_json_get(record, "what");
    const struct cret_record_view view = {.digest = source->digest, .backout = backout_of(record)};
    cret_record_put_verdict(page, record, &view);
    if (!cret_record_accepted(record)) {
        cause_rows(page, record);
    }
    cret_record_put_overlay(page, record);
    cret_record_put_signers(page, record);
    identity_rows(page, source);
    cret_record_put_checked(page, record);
    cret_record_put_compared(page, record);
    cret_record_put_brief(page, record);
    open_row(page, checks);
    open_section(page, checks);
    waiver_section(page, record);
    cret_release_page_sections(page, facts, "");
    cret_record_put_vouchers(page, record);
    check_sections(page, checks);
    file_section(page, source);
    cret_release_page_documents(page, facts, "");
    cret_release_page_topics(page, facts, "");
    cret_record_put_sboms(page, record);
    cret_record_put_advice(page, record);
    cret_record_put_left_out(page, record);
    cret_record_put_run(page, record);
    cret_record_put_limits(page, record);
    proof_section(page, source);
}
