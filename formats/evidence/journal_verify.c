/* SPDX-License-Identifier: Apache-2.0 */
/* `journal verify`: everything that can be found out from the folder, and with a witness more. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/os.h"
#include "evidence/journal_internal.h"

#define RECORD_BYTES (1u << 30)
#define SIGNATURE_BYTES (1u << 20)

/* One name in records/, and whether a line accounts for it. */
struct seen {
    char **names;
    size_t count;
    bool *known;
};

static void add(struct cret_findings *findings, enum cret_check_id check, enum cret_result result,
                const char *where, const char *hint, const char *reason)
{
    cret_findings_add(findings, check, result, where, NULL, NULL, hint, "%s", reason);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Whether the folder has that name; marks it as accounted for. name begins with "records/". */
static bool take_name(struct seen *seen, const char *name)
{
    const char *base = name + strlen(CRET_JOURNAL_RECORDS "/");
    char **found = seen->count == 0 ? NULL
                                    : bsearch(&base, seen->names, seen->count, sizeof(*seen->names),
                                              compare_names);
    if (found != NULL) {
        seen->known[found - seen->names] = true;
    }
    return found != NULL;
}

static enum cret_status list_records(const struct cret_journal *journal, struct seen *seen,
                                     struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    int fd = -1;
    char *path = cret_journal_path(journal, CRET_JOURNAL_RECORDS);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (exists && (cret_os_open_directory(&fd, path, err) != CRET_OK ||
                   cret_os_list(&seen->names, &seen->count, fd, err) != CRET_OK)) {
        goto out;
    }
    seen->known = calloc(seen->count + 1, sizeof(*seen->known));
    status = seen->known != NULL ? CRET_OK : cret_err_memory(err);
out:
    cret_os_close(&fd);
    free(path);
    return status;
}

static enum cret_status read_below(const struct cret_journal *journal, const char *name, size_t cap,
                                   char **ret_data, size_t *ret_size,
                                   uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    char *path = cret_journal_path(journal, name);
    char *data = NULL;
    size_t size = 0;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = cret_file_read(&data, &size, path, cap, CRET_ERR_UNDECIDED, err);
    free(path);
    if (status == CRET_OK) {
        status = cret_sha256(digest, data, size, err);
    }
    if (status != CRET_OK) {
        free(data);
        return CRET_FAILED;
    }
    *ret_data = data;
    *ret_size = size;
    return CRET_OK;
}

/* What the line says must be what the record says. */
static bool line_fits(const struct cret_journal_entry *entry, const char *text, size_t size)
{
    json_t *record = NULL, *line = json_object();
    bool fits = false;
    if (line == NULL ||
        cret_json_parse(&record, text, size, CRET_JSON_STRICT, CRET_CHECK_JOURNAL_RECORDS, NULL) !=
            CRET_OK ||
        cret_journal_line_from_record(line, record, NULL) != CRET_OK) {
        goto out;
    }
    char identity[CRET_SHA256_HEX] = "";
    if (entry->has_identity) {
        cret_hex_encode(identity, entry->identity, CRET_SHA256_BYTES);
    }
    const struct {
        const char *key, *said;
    } texts[] = {{"verdict", cret_verdict_name(entry->verdict)},
                 {"identity", entry->has_identity ? identity : NULL},
                 {"vendor", entry->vendor},
                 {"product", entry->product},
                 {"version", entry->version},
                 {"asset", entry->asset},
                 {"stage", entry->stage},
                 {"changeId", entry->change_id}};
    struct cret_optional sequence;
    fits = cret_optional_number(&sequence, line, "sequence") == CRET_OK &&
           cret_optional_same(sequence, entry->sequence) &&
           (json_object_get(line, "at") != NULL) == entry->at_given &&
           (json_object_get(line, "exampleKeys") != NULL) == entry->example_keys;
    for (size_t i = 0; fits && i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *there = json_string_value(json_object_get(line, texts[i].key));
        fits = there == NULL || texts[i].said == NULL ? there == texts[i].said
                                                      : strcmp(there, texts[i].said) == 0;
    }
out:
    json_decref(line);
    json_decref(record);
    return fits;
}

static enum cret_status check_signature(const struct cret_journal *journal, struct seen *seen,
                                        const struct cret_journal_entry *entry, const char *name,
                                        struct cret_findings *findings, struct cret_err *err)
{
    char *data = NULL;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (entry->kind != CRET_JOURNAL_RUN) {
        (void)take_name(seen, name); /* nobody relies on it */
        return CRET_OK;
    }
    if (!entry->has_signature) {
        return CRET_OK; /* one that is there belongs to no line, and is named as such */
    }
    if (!take_name(seen, name)) {
        add(findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, name,
            "fetch it from whoever got a copy", "the signature of a record is missing");
        return CRET_OK;
    }
    if (read_below(journal, name, SIGNATURE_BYTES, &data, &size, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    free(data);
    if (memcmp(digest, entry->signature, CRET_SHA256_BYTES) != 0) {
        add(findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, name,
            "fetch it from whoever got a copy", "the signature of a record was altered");
    }
    return CRET_OK;
}

static enum cret_status check_record(const struct cret_journal *journal, struct seen *seen,
                                     const struct cret_journal_line *line, const char *name,
                                     struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_journal_entry *entry = &line->entry;
    char *data = NULL;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    char where[512], place[256];
    cret_journal_where(journal, line, place, sizeof(place));
    (void)snprintf(where, sizeof(where), "%s of %s", name, place);
    if (!take_name(seen, name)) {
        add(findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, where,
            "fetch it from whoever got a copy, and compare its SHA-256 with the line",
            "the record of this line is missing");
        return CRET_OK;
    }
    if (read_below(journal, name, RECORD_BYTES, &data, &size, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, entry->record, CRET_SHA256_BYTES) != 0) {
        add(findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, where,
            "fetch it from whoever got a copy, and compare its SHA-256 with the line",
            "the record of this line was altered");
    } else if (entry->kind == CRET_JOURNAL_RUN && !line_fits(entry, data, size)) {
        add(findings, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL, where,
            "compare with a copy of the journal",
            "this line was edited: it does not say what its record says");
    }
    free(data);
    return CRET_OK;
}

/* The record, signature and attestation of one line. */
static enum cret_status check_line(const struct cret_journal *journal, struct seen *seen,
                                   const struct cret_journal_line *line,
                                   struct cret_journal_report *report, struct cret_err *err)
{
    const struct cret_journal_entry *entry = &line->entry;
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    if (!entry->has_record) {
        return CRET_OK;
    }
    char *name = cret_journal_record_name(
        entry->time, run ? cret_journal_verdict_word(entry->verdict) : NULL, entry->record);
    char *signature =
        name != NULL ? cret_text_printf("%s%s", name, CRET_JOURNAL_SIGNATURE_SUFFIX) : NULL;
    char *attestation =
        name != NULL ? cret_text_printf("%s%s", name, CRET_JOURNAL_ATTESTATION_SUFFIX) : NULL;
    enum cret_status status = CRET_FAILED;
    if (signature == NULL || attestation == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    report->records++;
    (void)take_name(seen, attestation);
    status = check_record(journal, seen, line, name, report->findings, err);
    if (status == CRET_OK) {
        status = check_signature(journal, seen, entry, signature, report->findings, err);
    }
out:
    free(name);
    free(signature);
    free(attestation);
    return status;
}

/* Whether a later line says that the record of this run was put away under another name. */
static bool put_away(const struct cret_journal *journal, size_t index)
{
    const struct cret_journal_entry *run = cret_journal_at(journal, index);
    for (size_t i = index + 1; run->unconfirmed && i < journal->chain_count; i++) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        if (entry->kind == CRET_JOURNAL_UNCONFIRMED && entry->has_record &&
            memcmp(entry->record, run->record, CRET_SHA256_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static void name_strangers(const struct seen *seen, struct cret_journal_report *report)
{
    for (size_t i = 0; i < seen->count; i++) {
        char where[300];
        if (seen->known[i]) {
            continue;
        }
        (void)snprintf(where, sizeof(where), CRET_JOURNAL_RECORDS "/%.255s", seen->names[i]);
        if (strncmp(seen->names[i], "pending.json", strlen("pending.json")) == 0) {
            add(report->findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, where,
                "the next run with this journal marks it",
                "a run was interrupted, or is going on without the lock: its record does not "
                "count");
        } else {
            add(report->findings, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, where,
                "compare with a copy of the journal: lines at its end may have been deleted",
                "this file belongs to no line: its line was deleted, or the file was put here");
        }
    }
}

static enum cret_status check_records(const struct cret_journal *journal,
                                      struct cret_journal_report *report, struct cret_err *err)
{
    struct seen seen = {0};
    enum cret_status status = list_records(journal, &seen, err);
    for (size_t i = 0; i < journal->chain_count && status == CRET_OK; i++) {
        const struct cret_journal_line *line = &journal->lines[journal->chain[i]];
        if (!put_away(journal, i)) {
            status = check_line(journal, &seen, line, report, err);
        }
    }
    if (status == CRET_OK) {
        name_strangers(&seen, report);
    }
    cret_os_names_free(&seen.names, seen.count);
    free(seen.known);
    return status;
}

static void count_lines(const struct cret_journal *journal, struct cret_journal_report *report)
{
    report->lines = journal->chain_count;
    for (size_t i = 0; i < journal->chain_count; i++) {
        const struct cret_journal_line *line = &journal->lines[journal->chain[i]];
        char where[256];
        report->runs += line->entry.kind == CRET_JOURNAL_RUN;
        report->accepted += cret_journal_accepted(&line->entry);
        if (line->entry.kind == CRET_JOURNAL_UNCONFIRMED) {
            report->unconfirmed++;
            cret_journal_where(journal, line, where, sizeof(where));
            add(report->findings, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_WARN, where, NULL,
                "a run was interrupted here; what it left is quoted, and does not count");
        }
    }
    report->closed = cret_journal_closed(journal);
    report->has_head = journal->has_genesis;
    memcpy(report->genesis, journal->genesis, CRET_SHA256_BYTES);
    memcpy(report->head, journal->head, CRET_SHA256_BYTES);
}

static void name_tail(struct cret_journal *journal, struct cret_journal_report *report)
{
    const size_t from = journal->chain[journal->chain_count - 1] + 1;
    if (journal->tail_start >= journal->current_size || from >= journal->line_count) {
        return;
    }
    char where[256];
    cret_journal_where(journal, &journal->lines[from], where, sizeof(where));
    add(report->findings, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL, where,
        "the next run with this journal marks it; if none was interrupted, it was edited",
        "the last line is not complete: a run was interrupted, or the line was damaged");
}

/* What the witness knows, in findings. */
static enum cret_status ask_witness(struct cret_journal *journal,
                                    struct cret_journal_report *report, struct cret_err *err)
{
    enum cret_journal_witnessed result = CRET_WITNESS_NOWHERE;
    size_t index = 0;
    char where[256];
    struct cret_err denied;
    cret_err_clear(&denied);
    if (cret_journal_compare(journal, &result, &index, err) != CRET_OK) {
        return CRET_FAILED;
    }
    report->witnessed = true;
    switch (result) {
    case CRET_WITNESS_EQUAL:
        add(report->findings, CRET_CHECK_TPM_JOURNAL, CRET_RESULT_PASS, NULL, NULL,
            "the head is the one that the TPM holds");
        break;
    case CRET_WITNESS_UNBEGUN:
        add(report->findings, CRET_CHECK_TPM_JOURNAL, CRET_RESULT_WARN, NULL,
            "the next run with this journal finishes its beginning",
            "the TPM does not hold the first line yet: the beginning was interrupted");
        break;
    case CRET_WITNESS_BEHIND:
        cret_journal_where(journal, cret_journal_last(journal), where, sizeof(where));
        add(report->findings, CRET_CHECK_TPM_JOURNAL, CRET_RESULT_FAIL, where,
            "it does not count, and the next run marks it; if no run was interrupted, somebody "
            "added it by hand",
            "the TPM does not hold this last line: it was forged, or a run was interrupted");
        cret_journal_drop_last(journal);
        return cret_journal_fold(journal, err);
    default:
        (void)cret_journal_denied(journal, result, index, &denied);
        cret_findings_add_err(report->findings, CRET_RESULT_FAIL, &denied);
        break;
    }
    return CRET_OK;
}

enum cret_status cret_journal_verify(struct cret_journal_report *ret_report, const char *folder,
                                     const struct cret_journal_witness *witness,
                                     struct cret_err *err)
{
    struct cret_journal_report report = {.findings = cret_findings_new()};
    struct cret_journal *journal = NULL;
    enum cret_status status = CRET_FAILED;
    bool exists = false;
    if (report.findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_journal_exists(&exists, folder, err) != CRET_OK) {
        goto out;
    }
    if (!exists) {
        (void)(witness != NULL
                   ? cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                                     "the journal is gone: the TPM holds the head of one")
                   : cret_err_undecided(err, "there is no journal"));
        (void)cret_err_where(err, "%s", folder);
        goto out;
    }
    if (cret_journal_open_raw(&journal, folder, CRET_JOURNAL_READ, 0, err) != CRET_OK) {
        goto out;
    }
    journal->witness = witness;
    for (size_t i = 0; i < cret_findings_count(journal->faults); i++) {
        const struct cret_finding *found = cret_findings_at(journal->faults, i);
        add(report.findings, found->check, found->result, found->where, found->hint, found->reason);
    }
    if (journal->chain_count == 0) {
        add(report.findings, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL, CRET_JOURNAL_FILE,
            "compare with a copy of the journal", "the journal holds no line");
    } else if ((witness != NULL && ask_witness(journal, &report, err) != CRET_OK) ||
               check_records(journal, &report, err) != CRET_OK) {
        goto out;
    } else {
        if (!journal->set_aside) {
            name_tail(journal, &report);
        }
        count_lines(journal, &report);
    }
    if (cret_findings_broken(report.findings)) {
        (void)cret_err_memory(err);
        goto out;
    }
    *ret_report = report;
    status = CRET_OK;
out:
    cret_journal_free(&journal);
    if (status != CRET_OK) {
        cret_journal_report_free(&report);
    }
    return status;
}

void cret_journal_report_free(struct cret_journal_report *report)
{
    cret_findings_free(&report->findings);
}
