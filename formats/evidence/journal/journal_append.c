/* SPDX-License-Identifier: Apache-2.0 */
/* Adding lines: of runs, with their records; notes; the end. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/time.h"
#include "evidence/journal/journal_internal.h"

static enum cret_status check_open(const struct cret_journal *journal, struct cret_err *err)
{
    if (!cret_journal_closed(journal)) {
        return CRET_OK;
    }
    cret_err_usage(err, "this journal was closed: nothing can be added to it");
    cret_err_where(err, "%s", journal->folder);
    return cret_err_hint_file(err,
                              "`cretula-verify journal continue --from {} NEW` begins the next one",
                              journal->folder);
}

static enum cret_status write_pending(const struct cret_journal *journal,
                                      const struct cret_journal_run *run, struct cret_err *err)
{
    bool created = false;
    char *folder = cret_journal_path(journal, CRET_JOURNAL_RECORDS);
    if (folder == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_os_make_directory(folder, 0755, &created, err);
    free(folder);
    return status == CRET_OK ? cret_journal_put_file(journal, CRET_JOURNAL_PENDING,
                                                     run->record_text, run->record_size, err)
                             : CRET_FAILED;
}

/* NULL: memory. */
static json_t *run_line(const struct cret_journal *journal, const struct cret_journal_run *run,
                        int64_t time, const uint8_t digest[CRET_SHA256_BYTES])
{
    struct cret_build line = cret_journal_line_begin(journal, CRET_JOURNAL_RUN, time);
    cret_build_sha256(&line, "record", digest);
    cret_build_sha256(&line, "signer", run->signer);
    cret_journal_line_from_record(&line, run->record);
    return cret_build_end(&line);
}

/* Keeps what the witness gave beside the record; *ret_text is the caller's. */
static enum cret_status keep_attestation(const struct cret_journal *journal, json_t *attestation,
                                         char **ret_text, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (attestation == NULL) {
        return CRET_OK;
    }
    if (cret_json_print(&text, &size, attestation, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_journal_put_beside(journal, CRET_JOURNAL_PENDING, CRET_JOURNAL_ATTESTATION_SUFFIX,
                                text, size, err) != CRET_OK) {
        free(text);
        return CRET_FAILED;
    }
    *ret_text = text;
    return CRET_OK;
}

enum cret_status cret_journal_append_run(struct cret_journal *journal,
                                         const struct cret_journal_run *run, char **ret_attestation,
                                         struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t digest[CRET_SHA256_BYTES];
    json_t *attestation = NULL;
    char *text = NULL;
    int64_t time = 0;
    *ret_attestation = NULL;
    if (check_open(journal, err) != CRET_OK || cret_journal_rotate(journal, err) != CRET_OK ||
        cret_journal_now(journal, &time, err) != CRET_OK ||
        cret_sha256(digest, run->record_text, run->record_size, err) != CRET_OK ||
        write_pending(journal, run, err) != CRET_OK) {
        goto out;
    }
    if (cret_journal_append_line(journal, run_line(journal, run, time, digest), digest,
                                 &attestation, err) != CRET_OK ||
        keep_attestation(journal, attestation, &text, err) != CRET_OK) {
        goto out;
    }
    const struct cret_journal_entry *entry = &cret_journal_last(journal)->entry;
    free(journal->pending_name);
    journal->pending_name =
        cret_journal_record_name(time, cret_journal_verdict_word(entry->verdict), digest);
    if (journal->pending_name == NULL) {
        cret_err_memory(err);
        goto out;
    }
    journal->has_pending = true;
    journal->lines[journal->chain[journal->chain_count - 1]].entry.pending = true;
    *ret_attestation = text;
    text = NULL;
    status = CRET_OK;
out:
    json_decref(attestation);
    free(text);
    return status;
}

enum cret_status cret_journal_confirm(struct cret_journal *journal, struct cret_err *err)
{
    if (!journal->has_pending) {
        return cret_err_undecided(err, "no run is waiting to be confirmed");
    }
    if (cret_journal_move_pending(journal, journal->pending_name, err) != CRET_OK) {
        return cret_err_context(err, "the record could not be put into the journal");
    }
    journal->has_pending = false;
    journal->lines[journal->chain[journal->chain_count - 1]].entry.pending = false;
    return CRET_OK;
}

enum cret_status cret_journal_keep_signature(struct cret_journal *journal, const uint8_t *signature,
                                             size_t size, struct cret_err *err)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    if (journal->has_pending || journal->pending_name == NULL || last == NULL ||
        !last->entry.has_signer) {
        return cret_err_undecided(err, "no run is waiting for the signature of its record");
    }
    return cret_journal_put_beside(journal, journal->pending_name, CRET_JOURNAL_SIGNATURE_SUFFIX,
                                   signature, size, err);
}

/* Where no line can say that a run shall not count, its record loses the name with which it counts.
 * What fails here too is said with what failed before. */
static void unconfirm(const struct cret_journal *journal, int64_t number, struct cret_err *err)
{
    struct cret_err again = {0};
    for (size_t i = 0; i < journal->chain_count; i++) {
        const struct cret_journal_entry *run = cret_journal_at(journal, i);
        if (run->kind == CRET_JOURNAL_RUN && run->number == number &&
            cret_journal_move_back(journal, run, &again) != CRET_OK) {
            cret_err_context(err, "number %" PRId64 " of the journal still counts", number);
        }
    }
}

enum cret_status cret_journal_withdraw(struct cret_journal *journal, int64_t number,
                                       const char *reason, struct cret_err *err)
{
    bool pending = false;
    uint8_t digest[CRET_SHA256_BYTES];
    const int64_t time = cret_journal_line_time(journal);
    if (check_open(journal, err) != CRET_OK ||
        cret_journal_pending(journal, &pending, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_build line = cret_journal_line_begin(journal, CRET_JOURNAL_UNCONFIRMED, time);
    cret_journal_put_text(&line, "reason", reason);
    cret_build_integer(&line, "line", number);
    cret_build_sha256(&line, "leftRecord", pending ? digest : NULL);
    if (cret_journal_append_line(journal, cret_build_end(&line), NULL, NULL, err) != CRET_OK) {
        unconfirm(journal, number, err);
        return CRET_FAILED;
    }
    if (!pending) {
        return CRET_OK;
    }
    char *name = cret_journal_record_name(time, NULL, digest);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_journal_move_pending(journal, name, err);
    journal->has_pending = journal->has_pending && status != CRET_OK;
    free(name);
    return status;
}

/* The run that a note is about. */
static enum cret_status noted_run(const struct cret_journal *journal,
                                  const struct cret_journal_note *note,
                                  const struct cret_journal_entry **ret_run, struct cret_err *err)
{
    const struct cret_journal_entry *run = NULL;
    if (note->line > 0 && (uint64_t)note->line < journal->chain_count) {
        run = cret_journal_at(journal, (size_t)note->line);
    }
    if (run == NULL || run->kind != CRET_JOURNAL_RUN) {
        cret_err_usage(err, "number %" PRId64 " of the journal is not the line of a run",
                       note->line);
        return cret_err_hint_file(err, "`cretula-verify journal show {}` lists the runs",
                                  journal->folder);
    }
    const bool in_service =
        strcmp(note->stage, "authorized") == 0 || strcmp(note->stage, "deployed") == 0;
    if (in_service && !cret_journal_accepted(run)) {
        cret_err_usage(err,
                       "the run of number %" PRId64 " does not count as an acceptance: "
                       "its release cannot be %s",
                       note->line, note->stage);
        cret_err_actual(err, "%s%s%s%s", cret_verdict_name(run->verdict),
                        run->unconfirmed ? ", not confirmed" : "",
                        run->at_given ? ", as of another time (--at)" : "",
                        run->example_keys ? ", with example keys" : "");
        return cret_err_hint(err, "verify the release again; note the run that accepted it");
    }
    *ret_run = run;
    return CRET_OK;
}

enum cret_status cret_journal_append_note(struct cret_journal *journal,
                                          const struct cret_journal_note *note,
                                          struct cret_err *err)
{
    const struct cret_journal_entry *run = NULL;
    int64_t time = 0;
    char user[256] = "", occurred[32];
    if (check_open(journal, err) != CRET_OK || noted_run(journal, note, &run, err) != CRET_OK ||
        cret_journal_rotate(journal, err) != CRET_OK ||
        cret_journal_now(journal, &time, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (note->occurred.given && note->occurred.value > time) {
        cret_err_usage(err, "what a note says cannot lie in the future");
        return cret_err_hint(err, "note it when it has happened");
    }
    run = cret_journal_at(journal, (size_t)note->line); /* rotation may have moved the lines */
    struct cret_build line = cret_journal_line_begin(journal, CRET_JOURNAL_NOTE, time);
    cret_os_user_name(user, sizeof(user));
    cret_time_format(occurred, note->occurred.given ? note->occurred.value : time);
    cret_build_integer(&line, "line", note->line);
    cret_build_sha256(&line, "identity", run->has_identity ? run->identity : NULL);
    cret_journal_put_text(&line, "vendor", run->vendor);
    cret_journal_put_text(&line, "product", run->product);
    cret_journal_put_text(&line, "version", run->version);
    cret_journal_put_text(&line, "stage", note->stage);
    cret_journal_put_text(&line, "asset", note->asset);
    cret_journal_put_text(&line, "occurred", occurred);
    cret_journal_put_text(&line, "changeId", note->change_id);
    cret_journal_put_text(&line, "text", note->text);
    cret_journal_put_text(&line, "user", user);
    cret_journal_put_text(&line, "name", note->name);
    cret_journal_put_text(&line, "role", note->role);
    return cret_journal_append_line(journal, cret_build_end(&line), NULL, NULL, err);
}

enum cret_status cret_journal_append_close(struct cret_journal *journal, const char *text,
                                           struct cret_err *err)
{
    const int64_t time = cret_journal_line_time(journal);
    char user[256] = "";
    if (check_open(journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_build line = cret_journal_line_begin(journal, CRET_JOURNAL_CLOSE, time);
    cret_os_user_name(user, sizeof(user));
    cret_journal_put_text(&line, "text", text);
    cret_journal_put_text(&line, "user", user);
    return cret_journal_append_line(journal, cret_build_end(&line), NULL, NULL, err);
}
