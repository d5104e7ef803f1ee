/* SPDX-License-Identifier: Apache-2.0 */
/* `journal verify`: everything that can be found out from the folder, and with a witness more. */
#include <string.h>

#include "evidence/journal/journal_verify.h"

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
            cret_journal_report_add(
                report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_WARN, where, NULL,
                "a run was interrupted here; what it left is quoted, and does not count");
        }
    }
    report->closed = cret_journal_closed(journal);
    report->bound = cret_journal_has_witness(journal);
    report->has_head = journal->has_genesis;
    memcpy(report->genesis, journal->genesis, CRET_SHA256_BYTES);
    memcpy(report->head, journal->head, CRET_SHA256_BYTES);
}

/* A journal that says that a TPM witnesses it, and none was asked. */
static void name_unasked(const struct cret_journal *journal, struct cret_journal_report *report)
{
    const bool asked = journal->witness != NULL && journal->witness->extend != NULL;
    if (!asked && cret_journal_has_witness(journal)) {
        cret_journal_report_add(report, CRET_CHECK_TPM_JOURNAL, CRET_RESULT_NOT_CHECKED, NULL,
                                "give --tpm and --station: only the TPM knows whether lines at the "
                                "end were deleted, added or edited",
                                "the TPM that this journal is bound to was not asked");
    }
}

static void name_tail(struct cret_journal *journal, struct cret_journal_report *report)
{
    const size_t from = journal->chain[journal->chain_count - 1] + 1;
    if (journal->tail_start >= journal->current_size || from >= journal->line_count) {
        return;
    }
    char where[256];
    cret_journal_where(journal, &journal->lines[from], where, sizeof(where));
    cret_journal_report_add(
        report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL, where,
        "the next run with this journal marks it; if none was interrupted, it was edited",
        "the last line is not complete: a run was interrupted, or the line was damaged");
}

/* What the head says that the last writer left beside the lines. */
static void name_kept(const struct cret_journal *journal, struct cret_journal_report *report)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    const bool counted =
        last->entry.kind == CRET_JOURNAL_RUN || last->entry.kind == CRET_JOURNAL_NOTE;
    char where[256];
    cret_journal_where(journal, last, where, sizeof(where));
    report->kept = journal->has_kept;
    switch (cret_journal_kept_head(journal)) {
    case CRET_KEPT_EQUAL:
        break;
    case CRET_KEPT_NONE:
        cret_journal_report_add(
            report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_WARN, CRET_JOURNAL_HEAD,
            "the next run with this journal writes it",
            "there is no head to compare the last line with: an earlier version "
            "wrote this journal, it is a copy of its lines, or the file was "
            "deleted");
        break;
    case CRET_KEPT_BEHIND:
        cret_journal_report_add(
            report, CRET_CHECK_JOURNAL_CHAIN, counted ? CRET_RESULT_FAIL : CRET_RESULT_WARN, where,
            "it does not count, and the next run marks it",
            "this last line was not finished: its writer was interrupted, or it "
            "was added by hand");
        break;
    default:
        cret_journal_report_add(report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL, where,
                                "compare with a copy of the journal, and with the head that was "
                                "written down elsewhere",
                                cret_journal_kept_words);
        break;
    }
}

/* What the witness knows, in findings. */
static enum cret_status ask_witness(struct cret_journal *journal,
                                    struct cret_journal_report *report, struct cret_err *err)
{
    enum cret_journal_witnessed result = CRET_WITNESS_NOWHERE;
    size_t index = 0;
    char where[256];
    const bool tpm = journal->witness->extend != NULL;
    const enum cret_check_id check = tpm ? CRET_CHECK_TPM_JOURNAL : CRET_CHECK_JOURNAL_CHAIN;
    struct cret_err denied = {0};
    if (cret_journal_compare(journal, &result, &index, err) != CRET_OK) {
        return CRET_FAILED;
    }
    report->witnessed = true;
    switch (result) {
    case CRET_WITNESS_EQUAL:
        cret_journal_report_add(report, check, CRET_RESULT_PASS, NULL, NULL,
                                tpm ? "the head is the one that the TPM holds"
                                    : "the head is the one that was given");
        break;
    case CRET_WITNESS_UNBEGUN:
        cret_journal_report_add(report, check, CRET_RESULT_WARN, NULL,
                                "the next run with this journal finishes its beginning",
                                tpm ? "the TPM does not hold the first line yet: the beginning was "
                                      "interrupted"
                                    : "the head that was given is that before the first line");
        break;
    case CRET_WITNESS_BEHIND:
        cret_journal_where(journal, cret_journal_last(journal), where, sizeof(where));
        cret_journal_report_add(
            report, check, CRET_RESULT_FAIL, where,
            tpm ? "it does not count, and the next run marks it; if no run was interrupted, "
                  "somebody "
                  "added it by hand"
                : "if nobody ran a verification since the head was written down, somebody added it "
                  "by hand",
            tpm ? "the TPM does not hold this last line: it was forged, or a run was interrupted"
                : "this last line was added after the head that was given");
        cret_journal_drop_last(journal);
        return cret_journal_fold(journal, err);
    default:
        cret_journal_denied(journal, result, index, &denied);
        cret_findings_add_err(report->findings, CRET_RESULT_FAIL, &denied);
        break;
    }
    return CRET_OK;
}

enum cret_status cret_journal_verify(struct cret_journal_report *ret_report, const char *folder,
                                     const struct cret_journal_witness *witness,
                                     const struct cret_station *station, struct cret_err *err)
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
        cret_journal_nothing_there(witness, folder, err);
        goto out;
    }
    if (cret_journal_open_raw(&journal, folder, CRET_JOURNAL_READ, 0, err) != CRET_OK) {
        goto out;
    }
    journal->witness = witness;
    for (size_t i = 0; i < cret_findings_count(journal->faults); i++) {
        const struct cret_finding *found = cret_findings_at(journal->faults, i);
        cret_journal_report_add(&report, found->check, found->result, found->where, found->hint,
                                found->reason);
    }
    if (journal->chain_count == 0) {
        cret_journal_report_add(&report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                                CRET_JOURNAL_FILE, "compare with a copy of the journal",
                                "the journal holds no line");
    } else if ((witness != NULL && ask_witness(journal, &report, err) != CRET_OK) ||
               cret_journal_check_records(journal, station, &report, err) != CRET_OK) {
        goto out;
    } else {
        if (!journal->set_aside) {
            name_tail(journal, &report);
        }
        name_kept(journal, &report);
        name_unasked(journal, &report);
        count_lines(journal, &report);
    }
    if (cret_findings_whole(report.findings, err) != CRET_OK) {
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
