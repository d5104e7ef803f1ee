/* SPDX-License-Identifier: Apache-2.0 */
/* journal verify, note, close, continue. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "evidence/journal/journal.h"
#include "evidence/record/record.h"
#include "verifier/evidence/tpm_guard.h"
#include "verifier/report/report.h"
#include "verifier/run/site.h"
#include "verifier/verbs/verb_journal.h"
#include "verifier/verbs/verbs.h"

static const struct cret_option verify_options[] = {
    {.name = "head",
     .argument = "HEX",
     .excludes = "tpm",
     .help = "The head that the journal must have: one that was written down before, or read from "
             "the TPM elsewhere."},
    {.name = "json", .help = "Print JSON: findings, and every line."},
    {.name = NULL},
};
const struct cret_option_group cret_journal_verify_group = {"Journal", verify_options};

static const char *const stages[] = {"received", "in-test", "authorized", "deployed", NULL};
static const struct cret_option note_options[] = {
    {.name = "line",
     .argument = "N",
     .excludes = "identity",
     .help = "Number of the run that the note is about (journal verify --json lists them)."},
    {.name = "identity",
     .argument = "HEX",
     .excludes = "line",
     .help = "The last run that accepted the release whose MANIFEST.json has this SHA-256."},
    {.name = "stage",
     .argument = "STAGE",
     .required = true,
     .choices = stages,
     .help = "What happened."},
    {.name = "asset", .argument = "TEXT", .help = "On which asset."},
    {.name = "time", .argument = "TIME", .help = "When it happened (RFC 3339, UTC). Default: now."},
    {.name = "change-id", .argument = "TEXT", .help = "The change that it belongs to."},
    {.name = "text", .argument = "TEXT", .help = "One sentence more."},
    {.name = "name", .argument = "TEXT", .help = "Your name, as declared by you."},
    {.name = "role", .argument = "TEXT", .help = "Your role, as declared by you."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_journal_note_group = {"Note", note_options};

static const struct cret_option close_options[] = {
    {.name = "text", .argument = "TEXT", .help = "Why it ends, and where it goes on."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_journal_close_group = {"Journal", close_options};

static const struct cret_option continue_options[] = {
    {.name = "from",
     .argument = "OLD",
     .required = true,
     .help = "The folder of the journal that goes on in NEW."},
    {.name = "unclosed",
     .help = "Let OLD be one that was never closed: its machine or TPM is gone. NEW says so."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_journal_continue_group = {"Journal", continue_options};

/* What every verb here needs. */
struct desk {
    struct cret_guard *guard;
    const char *folder;
    struct cret_journal *journal;
};

static enum cret_status desk_open(struct desk *desk, const struct cret_options *options,
                                  struct cret_err *err)
{
    const char *given =
        cret_options_operand_count(options) > 0 ? cret_options_operand(options, 0) : NULL;
    const char *named = cret_site_value(options, CRET_SITE_JOURNAL);
    /* Another folder is the caller's word: reading an older journal, beginning the next one. */
    if (given != NULL && (named == NULL || strcmp(named, given) != 0)) {
        desk->folder = given;
    } else if (cret_site_journal(&desk->folder, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (desk->folder == NULL) {
        cret_err_usage(err, "which journal? its folder is missing");
        return cret_err_hint(err, "name it, or have `journal` in the site configuration");
    }
    return cret_guard_new(&desk->guard, options, err);
}

static void desk_close(struct desk *desk)
{
    cret_guard_release(desk->guard);
    cret_journal_free(&desk->journal);
    cret_guard_free(&desk->guard);
}

/* Prints {"cretula": purpose, "folder", "number", "head"} or one sentence. */
static int print_done(const struct cret_options *options, const struct desk *desk,
                      const char *purpose, const char *sentence)
{
    char head[CRET_SHA256_HEX];
    struct cret_err err;
    cret_err_clear(&err);
    const int64_t number = cret_journal_next_number(desk->journal) - 1;
    cret_hex_encode(head, cret_journal_head(desk->journal), CRET_SHA256_BYTES);
    char *folder = cret_text_escape(desk->folder);
    if (folder == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(options, &err);
    }
    int code = 0;
    if (cret_options_given(options, "json")) {
        json_t *json = json_pack("{s:s, s:s, s:I, s:s}", "cretula", purpose, "folder", folder,
                                 "number", (json_int_t)number, "head", head);
        if (cret_report_json(stdout, json, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
        json_decref(json);
    } else {
        printf("%s: number %" PRId64 " in %s\n  head        %s\n", sentence, number, folder, head);
    }
    free(folder);
    return cret_report_flush(code);
}

/* --- verify --- */

static enum cret_status given_head(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                                   struct cret_err *err)
{
    (void)err;
    memcpy(ret_head, context, CRET_SHA256_BYTES);
    return CRET_OK;
}

/* What nobody can see from the folder alone. */
static const char *not_seen(const struct cret_journal_report *report)
{
    return report->bound
               ? "the TPM was not asked (--tpm, --station): whether somebody who can write in the "
                 "folder deleted lines at the end with all that belongs to them, changed or added "
                 "the last ones, put an older copy back, or wrote all of it anew"
               : "without a TPM or --head it cannot be seen whether somebody who can write in the "
                 "folder, and made all of it fit, changed lines, or lines at the end were deleted "
                 "with all that belongs to them, an older copy of the folder was put back, or all "
                 "of it was written anew: write the head down elsewhere";
}

static json_t *entry_json(const struct cret_journal_entry *entry)
{
    char time[32], record[CRET_SHA256_HEX] = "", identity[CRET_SHA256_HEX] = "";
    cret_time_format(time, entry->time);
    if (entry->has_record) {
        cret_hex_encode(record, entry->record, CRET_SHA256_BYTES);
    }
    if (entry->has_identity) {
        cret_hex_encode(identity, entry->identity, CRET_SHA256_BYTES);
    }
    json_t *json = json_pack("{s:I, s:s, s:s}", "number", (json_int_t)entry->number, "time", time,
                             "kind", cret_journal_kind_name(entry->kind));
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    const struct {
        const char *key, *text;
    } texts[] = {{"verdict", run ? cret_verdict_name(entry->verdict) : NULL},
                 {"record", entry->has_record ? record : NULL},
                 {"identity", entry->has_identity ? identity : NULL},
                 {"vendor", entry->vendor},
                 {"product", entry->product},
                 {"version", entry->version},
                 {"asset", entry->asset},
                 {"stage", entry->stage},
                 {"changeId", entry->change_id}};
    bool failed = json == NULL;
    for (size_t i = 0; !failed && i < sizeof(texts) / sizeof(texts[0]); i++) {
        failed = texts[i].text != NULL &&
                 json_object_set_new(json, texts[i].key, json_string(texts[i].text)) != 0;
    }
    if (!failed && entry->sequence.given) {
        failed = json_object_set_new(json, "sequence", json_integer(entry->sequence.value)) != 0;
    }
    if (!failed && entry->line.given) {
        failed = json_object_set_new(json, "line", json_integer(entry->line.value)) != 0;
    }
    if (!failed && run) {
        failed = json_object_set_new(json, "countsAsAccepted",
                                     json_boolean(cret_journal_accepted(entry))) != 0;
    }
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* The lines, where the journal can be opened; NULL: memory. */
static json_t *entries_json(const struct desk *desk)
{
    struct cret_journal *journal = NULL;
    struct cret_err ignored;
    cret_err_clear(&ignored);
    json_t *list = json_array();
    if (list == NULL ||
        cret_journal_open(&journal, desk->folder, CRET_JOURNAL_READ, NULL, &ignored) != CRET_OK) {
        return list;
    }
    for (size_t i = 0; i < cret_journal_count(journal); i++) {
        if (json_array_append_new(list, entry_json(cret_journal_at(journal, i))) != 0) {
            json_decref(list);
            list = NULL;
            break;
        }
    }
    cret_journal_free(&journal);
    return list;
}

static size_t faults(const struct cret_journal_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < cret_findings_count(report->findings); i++) {
        count += cret_findings_at(report->findings, i)->result == CRET_RESULT_FAIL;
    }
    return count;
}

static enum cret_status print_json(const struct desk *desk,
                                   const struct cret_journal_report *report, struct cret_err *err)
{
    char head[CRET_SHA256_HEX] = "", genesis[CRET_SHA256_HEX] = "";
    if (report->has_head) {
        cret_hex_encode(head, report->head, CRET_SHA256_BYTES);
        cret_hex_encode(genesis, report->genesis, CRET_SHA256_BYTES);
    }
    json_t *checks = json_array(), *entries = entries_json(desk);
    bool failed = checks == NULL || entries == NULL;
    for (size_t i = 0; !failed && i < cret_findings_count(report->findings); i++) {
        failed = json_array_append_new(
                     checks, cret_record_finding_json(cret_findings_at(report->findings, i))) != 0;
    }
    json_t *json =
        failed ? NULL
               : json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:b, s:b, s:O, s:O}",
                           "cretula", "journal-report/1", "sound", (int)(faults(report) == 0),
                           "lines", (json_int_t)report->lines, "runs", (json_int_t)report->runs,
                           "accepted", (json_int_t)report->accepted, "unconfirmed",
                           (json_int_t)report->unconfirmed, "records", (json_int_t)report->records,
                           "genesis", genesis, "head", head, "headCompared", (int)report->witnessed,
                           "closed", (int)report->closed, "checks", checks, "entries", entries);
    if (json != NULL && !report->witnessed) {
        failed = json_object_set_new(json, "notSeen", json_string(not_seen(report))) != 0;
    }
    json_decref(checks);
    json_decref(entries);
    const enum cret_status status =
        json == NULL || failed ? cret_err_memory(err) : cret_report_json(stdout, json, err);
    json_decref(json);
    return status;
}

static void print_finding(const struct cret_finding *finding)
{
    char *reason = cret_text_escape(finding->reason);
    char *where = finding->where != NULL ? cret_text_escape(finding->where) : NULL;
    char *hint = finding->hint != NULL ? cret_text_escape(finding->hint) : NULL;
    printf("  %-11s %s: %s\n", cret_result_name(finding->result),
           cret_check_get(finding->check)->name, reason != NULL ? reason : "");
    if (where != NULL) {
        printf("    where     %s\n", where);
    }
    if (hint != NULL && finding->result != CRET_RESULT_PASS) {
        printf("    do        %s\n", hint);
    }
    free(reason);
    free(where);
    free(hint);
}

static void print_report(const struct desk *desk, const struct cret_journal_report *report)
{
    char *folder = cret_text_escape(desk->folder);
    const size_t count = faults(report);
    if (count == 0) {
        printf("SOUND: %s\n", folder != NULL ? folder : "");
    } else {
        printf("NOT SOUND: %s: %zu fault%s\n", folder != NULL ? folder : "", count,
               count == 1 ? "" : "s");
    }
    free(folder);
    for (size_t i = 0; i < cret_findings_count(report->findings); i++) {
        print_finding(cret_findings_at(report->findings, i));
    }
    printf("  lines       %zu: %zu runs, of which %zu count as accepted; %zu interrupted\n",
           report->lines, report->runs, report->accepted, report->unconfirmed);
    if (report->has_head) {
        char head[CRET_SHA256_HEX];
        cret_hex_encode(head, report->head, CRET_SHA256_BYTES);
        printf("  head        %s\n", head);
    }
    if (report->closed) {
        printf("  closed      nothing can be added\n");
    }
    if (!report->witnessed) {
        printf("  not seen    %s\n", not_seen(report));
    }
}

int cret_verb_journal_verify(const struct cret_options *options)
{
    struct desk desk = {0};
    struct cret_err err;
    struct cret_journal_report report = {0};
    uint8_t head[CRET_SHA256_BYTES];
    struct cret_journal_witness fixed = {.context = head, .read = given_head};
    const char *given = cret_options_value(options, "head");
    int code = CRET_ERR_UNDECIDED;
    cret_err_clear(&err);
    if (given != NULL && cret_sha256_read(head, given) != CRET_OK) {
        cret_err_usage(&err, "--head: not a SHA-256: %s", given);
        cret_err_expected(&err, CRET_SHA256_WORDS);
        return cret_verb_fail(options, &err);
    }
    const bool ready = desk_open(&desk, options, &err) == CRET_OK;
    const struct cret_journal_witness *witness =
        given != NULL ? &fixed : (ready ? cret_guard_witness(desk.guard) : NULL);
    const struct cret_station *station =
        ready && desk.guard != NULL ? cret_guard_station(desk.guard) : NULL;
    if (!ready || cret_journal_verify(&report, desk.folder, witness, station, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        goto out;
    }
    cret_guard_release(desk.guard);
    code = faults(&report) == 0 ? 0 : CRET_ERR_REFUSED;
    if (!cret_options_given(options, "json")) {
        print_report(&desk, &report);
    } else if (print_json(&desk, &report, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
    code = cret_report_flush(code);
out:
    cret_journal_report_free(&report);
    desk_close(&desk);
    return code;
}

/* --- note --- */

/* Number of the last run that accepted that release. */
static enum cret_status find_identity(const struct cret_journal *journal, const char *text,
                                      int64_t *ret_line, struct cret_err *err)
{
    uint8_t identity[CRET_SHA256_BYTES];
    if (cret_sha256_read(identity, text) != CRET_OK) {
        cret_err_usage(err, "--identity: not a SHA-256: %s", text);
        return cret_err_expected(err, CRET_SHA256_WORDS);
    }
    for (size_t i = cret_journal_count(journal); i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (cret_journal_accepted(entry) && entry->has_identity &&
            memcmp(entry->identity, identity, sizeof(identity)) == 0) {
            *ret_line = entry->number;
            return CRET_OK;
        }
    }
    cret_err_usage(err, "no run of this journal accepted the release %s", text);
    return cret_err_hint(err, "verify it first, or name the run with --line");
}

static enum cret_status add_note(struct desk *desk, const struct cret_options *options,
                                 struct cret_err *err)
{
    const char *time = cret_options_value(options, "time");
    const char *identity = cret_options_value(options, "identity");
    struct cret_journal_note note = {.stage = cret_options_value(options, "stage"),
                                     .asset = cret_options_value(options, "asset"),
                                     .text = cret_options_value(options, "text"),
                                     .change_id = cret_options_value(options, "change-id"),
                                     .name = cret_options_value(options, "name"),
                                     .role = cret_options_value(options, "role")};
    struct cret_optional line;
    if (cret_options_optional(&line, options, "line", 1, CRET_LIMIT_JSON_INTEGER, err) != CRET_OK) {
        return CRET_FAILED;
    }
    note.line = line.value;
    if (!line.given && identity == NULL) {
        cret_err_usage(err, "what is the note about? give --line or --identity");
        return cret_err_hint(err, "`cretula-verify journal verify --json` lists the lines");
    }
    note.occurred.given = time != NULL;
    if (time != NULL && cret_time_read(&note.occurred.value, time) != CRET_OK) {
        cret_err_usage(err, "--time: not a time: %s", time);
        return cret_err_expected(err, CRET_TIME_WORDS);
    }
    if (cret_journal_open(&desk->journal, desk->folder, CRET_JOURNAL_APPEND,
                          cret_guard_witness(desk->guard), err) != CRET_OK ||
        (identity != NULL && find_identity(desk->journal, identity, &note.line, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    return cret_journal_append_note(desk->journal, &note, err);
}

int cret_verb_journal_note(const struct cret_options *options)
{
    struct desk desk = {0};
    struct cret_err err;
    cret_err_clear(&err);
    const int code =
        desk_open(&desk, options, &err) == CRET_OK && add_note(&desk, options, &err) == CRET_OK
            ? print_done(options, &desk, "journal-note/1", "noted")
            : cret_verb_fail(options, &err);
    desk_close(&desk);
    return code;
}

/* --- close, continue --- */

int cret_verb_journal_close(const struct cret_options *options)
{
    struct desk desk = {0};
    struct cret_err err;
    cret_err_clear(&err);
    const int code = desk_open(&desk, options, &err) == CRET_OK &&
                             cret_journal_open(&desk.journal, desk.folder, CRET_JOURNAL_APPEND,
                                               cret_guard_witness(desk.guard), &err) == CRET_OK &&
                             cret_journal_append_close(
                                 desk.journal, cret_options_value(options, "text"), &err) == CRET_OK
                         ? print_done(options, &desk, "journal-close/1", "closed")
                         : cret_verb_fail(options, &err);
    desk_close(&desk);
    return code;
}

static enum cret_status carry_over(struct desk *desk, const struct cret_options *options,
                                   struct cret_err *err)
{
    const char *from = cret_options_value(options, "from");
    struct cret_journal *old = NULL;
    struct cret_journal_report report = {0};
    enum cret_status status = CRET_FAILED;
    /* Its records as well: a journal that is not whole is not carried on in silence. */
    if (cret_journal_verify(&report, from, NULL, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (faults(&report) > 0) {
        cret_err_undecided(err, "the journal to continue is not sound");
        cret_err_where(err, "%s", from);
        cret_err_hint_file(err, "`cretula-verify journal verify {}` says why", from);
        goto out;
    }
    if (!report.closed && !cret_options_given(options, "unclosed")) {
        cret_err_usage(err, "the journal to continue was not closed");
        cret_err_where(err, "%s", from);
        cret_err_hint(err, "`cretula-verify journal close` there; where its machine or TPM is "
                           "gone, give --unclosed");
        goto out;
    }
    if (cret_journal_open(&old, from, CRET_JOURNAL_READ, NULL, err) != CRET_OK ||
        cret_guard_before_continue(desk->guard, old, err) != CRET_OK ||
        cret_journal_create(desk->folder, cret_guard_witness(desk->guard), old, err) != CRET_OK) {
        goto out;
    }
    cret_journal_free(&old);
    status = cret_journal_open(&desk->journal, desk->folder, CRET_JOURNAL_READ,
                               cret_guard_witness(desk->guard), err);
out:
    cret_journal_free(&old);
    cret_journal_report_free(&report);
    return status;
}

int cret_verb_journal_continue(const struct cret_options *options)
{
    struct desk desk = {0};
    struct cret_err err;
    cret_err_clear(&err);
    const int code =
        desk_open(&desk, options, &err) == CRET_OK && carry_over(&desk, options, &err) == CRET_OK
            ? print_done(options, &desk, "journal-continue/1", "begun")
            : cret_verb_fail(options, &err);
    desk_close(&desk);
    return code;
}
