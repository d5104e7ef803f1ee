/* SPDX-License-Identifier: Apache-2.0 */
/* What an interrupted run left is marked by the next one; full files make room for new ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "evidence/journal/journal_internal.h"
#include "evidence/station/attestation.h"

/* What stands in the file behind the chain. */
static enum cret_status read_tail(const struct cret_journal *journal, char **ret_data,
                                  size_t *ret_size, struct cret_err *err)
{
    char *path = cret_journal_path(journal, CRET_JOURNAL_FILE);
    char *data = NULL;
    size_t size = 0;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        cret_file_read(&data, &size, path, CRET_JOURNAL_FILE_BYTES, CRET_ERR_UNDECIDED, err);
    free(path);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    if (size != journal->current_size || journal->tail_start > size) {
        free(data);
        return cret_err_undecided(err, "the journal changed under its lock");
    }
    memmove(data, data + journal->tail_start, size - journal->tail_start);
    *ret_size = size - journal->tail_start;
    *ret_data = data;
    return CRET_OK;
}

static enum cret_status put_quote(const struct cret_journal *journal, struct cret_build *line,
                                  struct cret_err *err)
{
    char *data = NULL;
    size_t size = 0;
    if (read_tail(journal, &data, &size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!journal->current_terminated) {
        data[size++] = '\n'; /* in place of the terminator: the new line begins with this break */
    }
    cret_build_put(line, "quote", cret_journal_quote(data, size));
    free(data);
    return CRET_OK;
}

/* What an interrupted run left. */
struct leftover {
    bool pending; /* a record that has not its final name */
    uint8_t digest[CRET_SHA256_BYTES];
    int64_t number; /* of the last line, where it shall not count; -1 */
    const char *reason;
};

/* The run whose record this is, wherever its line stands: others may have followed before it could
 * be said that it does not count. NULL: none. */
static const struct cret_journal_entry *run_of(const struct cret_journal *journal,
                                               const uint8_t record[CRET_SHA256_BYTES])
{
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (entry->kind == CRET_JOURNAL_RUN &&
            memcmp(entry->record, record, CRET_SHA256_BYTES) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Every way in which a run can end before its end; *ret_found false: none was. */
static enum cret_status find_leftover(const struct cret_journal *journal, struct leftover *left,
                                      bool *ret_found, struct cret_err *err)
{
    const struct cret_journal_entry *last = &cret_journal_last(journal)->entry;
    const bool counted = last->kind == CRET_JOURNAL_RUN || last->kind == CRET_JOURNAL_NOTE;
    bool unsigned_record = false;
    if (cret_journal_pending(journal, &left->pending, left->digest, err) != CRET_OK ||
        cret_journal_lacks_signature(journal, last, &unsigned_record, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool of_last =
        left->pending && memcmp(last->record, left->digest, CRET_SHA256_BYTES) == 0;
    /* Marked already, and interrupted before the record was put away. */
    const bool marked = of_last && last->kind == CRET_JOURNAL_UNCONFIRMED && last->has_record;
    const bool unfinished = counted && cret_journal_kept_head(journal) == CRET_KEPT_BEHIND;
    const struct cret_journal_entry *run = left->pending ? run_of(journal, left->digest) : NULL;
    const bool names_run = run != NULL && !run->unconfirmed;
    const bool names_last = !names_run && (unfinished || unsigned_record);
    left->number = names_run ? run->number : names_last ? last->number : -1;
    left->reason =
        of_last || names_run ? "a run was interrupted before its result was delivered"
        : unfinished         ? "the line before this one was not finished: its writer was "
                               "interrupted, or it was added by hand"
        : unsigned_record    ? "a run was interrupted before its record was signed"
        : journal->set_aside
            ? "a line that the TPM does not hold: a run was interrupted, or the line was "
              "added by hand"
        : cret_journal_has_tail(journal) ? "a line was interrupted while it was written"
                                         : "a run was interrupted before its line was written";
    *ret_found =
        names_run || names_last || cret_journal_has_tail(journal) || (left->pending && !marked);
    return CRET_OK;
}

static enum cret_status mark(struct cret_journal *journal, const struct leftover *left,
                             struct cret_err *err)
{
    struct cret_build line =
        cret_journal_line_begin(journal, CRET_JOURNAL_UNCONFIRMED, cret_journal_line_time(journal));
    cret_journal_put_text(&line, "reason", left->reason);
    if (left->number >= 0) {
        cret_build_integer(&line, "line", left->number);
    }
    cret_build_sha256(&line, "leftRecord", left->pending ? left->digest : NULL);
    if (cret_journal_has_tail(journal) && put_quote(journal, &line, err) != CRET_OK) {
        json_decref(cret_build_end(&line));
        return CRET_FAILED;
    }
    return cret_journal_append_line(journal, cret_build_end(&line), NULL, NULL, err);
}

/* The record of an interrupted run gets a name that says so. */
static enum cret_status put_away(struct cret_journal *journal,
                                 const uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    char *name = cret_journal_record_name(cret_journal_last(journal)->entry.time, NULL, digest);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_journal_move_pending(journal, name, err);
    free(name);
    return status;
}

/* The line that a file beside a pending record belongs to, where that record has its name already:
 * the newest with a record. */
static const struct cret_journal_entry *last_with_record(const struct cret_journal *journal)
{
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (entry->has_record &&
            (entry->kind == CRET_JOURNAL_RUN || entry->kind == CRET_JOURNAL_UNCONFIRMED)) {
            return entry;
        }
    }
    return NULL;
}

/* Whether an attestation is of that record. */
static enum cret_status attests(const char *path, const struct cret_journal_entry *entry,
                                bool *ret_attests, struct cret_err *err)
{
    struct cret_attestation attestation = {0};
    struct cret_err why = {0};
    char *data = NULL;
    size_t size = 0;
    *ret_attests = false;
    if (cret_file_read(&data, &size, path, cret_attestation_format.bytes, CRET_ERR_UNDECIDED,
                       err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_attestation_parse(&attestation, data, size, path, &why) == CRET_OK) {
        *ret_attests =
            entry != NULL && memcmp(attestation.record, entry->record, CRET_SHA256_BYTES) == 0;
        cret_attestation_clear(&attestation);
    }
    free(data);
    /* What could not be read for want of memory is none that belongs to nothing. */
    if (why.class != CRET_ERR_NONE && why.class != CRET_ERR_REFUSED) {
        *err = why;
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* Without a pending record, what lies beside one follows the record that it belongs to; what
 * belongs to none was written for a run that never got as far as its record, and goes. */
static enum cret_status settle_beside(const struct cret_journal *journal, const char *suffix,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    uint8_t digest[CRET_SHA256_BYTES];
    bool exists = false, belongs = false;
    const struct cret_journal_entry *entry = last_with_record(journal);
    char *path = cret_text_printf("%s/" CRET_JOURNAL_PENDING "%s", journal->folder, suffix);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (!exists) {
        status = CRET_OK;
        goto out;
    }
    if (strcmp(suffix, CRET_JOURNAL_ATTESTATION_SUFFIX) == 0) {
        status = attests(path, entry, &belongs, err);
    } else {
        status = cret_journal_file_digest(
            journal, CRET_JOURNAL_PENDING CRET_JOURNAL_SIGNATURE_SUFFIX, &exists, digest, err);
        belongs = status == CRET_OK && entry != NULL && entry->has_signature &&
                  memcmp(digest, entry->signature, CRET_SHA256_BYTES) == 0;
    }
    if (status == CRET_OK && !belongs) {
        cret_os_unlink(path);
    }
out:
    free(path);
    return status;
}

static enum cret_status complete_last(const struct cret_journal *journal, struct cret_err *err)
{
    const struct cret_journal_entry *entry = last_with_record(journal);
    if (settle_beside(journal, CRET_JOURNAL_SIGNATURE_SUFFIX, err) != CRET_OK ||
        settle_beside(journal, CRET_JOURNAL_ATTESTATION_SUFFIX, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (entry == NULL) {
        return CRET_OK;
    }
    char *name = cret_journal_entry_name(entry);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_journal_move_pending(journal, name, err);
    free(name);
    return status;
}

/* What was being written when a run was interrupted. */
static enum cret_status drop_unfinished(const struct cret_journal *journal, struct cret_err *err)
{
    static const char *const names[] = {CRET_JOURNAL_NEW, CRET_JOURNAL_HEAD_NEW};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        char *path = cret_journal_path(journal, names[i]);
        if (path == NULL) {
            return cret_err_memory(err);
        }
        cret_os_unlink(path);
        free(path);
    }
    return CRET_OK;
}

/* "journal-000001.jsonl" of the file that is full. */
static void rotated_name(const struct cret_journal *journal, char out[32])
{
    snprintf(out, 32, "journal-%06zu.jsonl", journal->file_count % 1000000u);
}

static enum cret_status finish_rotation(struct cret_journal *journal, struct cret_err *err)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    if (last->entry.kind != CRET_JOURNAL_ROTATE || last->file + 1 != journal->file_count ||
        !journal->has_current || cret_journal_has_tail(journal)) {
        return CRET_OK;
    }
    enum cret_status status = CRET_FAILED;
    char name[32];
    rotated_name(journal, name);
    char *from = cret_journal_path(journal, CRET_JOURNAL_FILE);
    char *to = cret_journal_path(journal, name);
    char *kept = strdup(name);
    void *files = realloc(journal->files, (journal->file_count + 1) * sizeof(*journal->files));
    if (files != NULL) {
        journal->files = files;
    }
    if (from == NULL || to == NULL || kept == NULL || files == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_os_rename_new(from, to, err) != CRET_OK || cret_os_sync_parent(to, err) != CRET_OK) {
        goto out;
    }
    journal->files[journal->file_count] = journal->files[journal->file_count - 1];
    journal->files[journal->file_count - 1] = kept;
    kept = NULL;
    journal->file_count++;
    journal->has_current = false;
    journal->current_size = 0;
    journal->current_terminated = true;
    journal->tail_start = 0;
    status = CRET_OK;
out:
    free(from);
    free(to);
    free(kept);
    return status;
}

enum cret_status cret_journal_settle(struct cret_journal *journal, struct cret_err *err)
{
    struct leftover left = {.number = -1};
    bool found = false;
    if (cret_journal_closed(journal) || journal->chain_count == 0) {
        return CRET_OK;
    }
    if (drop_unfinished(journal, err) != CRET_OK || finish_rotation(journal, err) != CRET_OK ||
        find_leftover(journal, &left, &found, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (found && mark(journal, &left, err) != CRET_OK) {
        return cret_err_context(err, "what an interrupted run left could not be marked");
    }
    if (left.pending ? put_away(journal, left.digest, err) != CRET_OK
                     : complete_last(journal, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* Now, so that the number of the next line is known. */
    return cret_journal_rotate(journal, err);
}

enum cret_status cret_journal_rotate(struct cret_journal *journal, struct cret_err *err)
{
    char name[32];
    if (journal->current_size < journal->rotate_bytes) {
        return CRET_OK;
    }
    struct cret_build line =
        cret_journal_line_begin(journal, CRET_JOURNAL_ROTATE, cret_journal_line_time(journal));
    rotated_name(journal, name);
    cret_journal_put_text(&line, "file", name);
    return cret_journal_append_line(journal, cret_build_end(&line), NULL, NULL, err) == CRET_OK
               ? finish_rotation(journal, err)
               : CRET_FAILED;
}
