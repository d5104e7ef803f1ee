/* SPDX-License-Identifier: Apache-2.0 */
/* What an interrupted run left is marked by the next one; full files make room for new ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/os.h"
#include "evidence/journal_internal.h"

#define RECORD_BYTES (1u << 30) /* 200,000 files at a few hundred bytes each, and room */

enum cret_status cret_journal_pending(const struct cret_journal *journal, bool *ret_exists,
                                      uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    char *data = NULL;
    size_t size = 0;
    bool exists = false;
    char *path = cret_journal_path(journal, CRET_JOURNAL_PENDING);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (exists &&
        (cret_file_read(&data, &size, path, RECORD_BYTES, CRET_ERR_UNDECIDED, err) != CRET_OK ||
         cret_sha256(ret_digest, data, size, err) != CRET_OK)) {
        goto out;
    }
    *ret_exists = exists;
    status = CRET_OK;
out:
    free(data);
    free(path);
    return status;
}

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

/* Digest of all of it, and its beginning as text. */
static enum cret_status put_quote(const struct cret_journal *journal, json_t *line,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *data = NULL;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    bool failed = false;
    json_t *quote = json_object();
    if (quote == NULL) {
        return cret_err_memory(err);
    }
    if (read_tail(journal, &data, &size, err) != CRET_OK) {
        goto out;
    }
    if (!journal->current_terminated) {
        data[size++] = '\n'; /* in place of the terminator: the new line begins with this break */
    }
    if (cret_sha256(digest, data, size, err) != CRET_OK) {
        goto out;
    }
    cret_journal_put(quote, "bytes", json_integer((json_int_t)size), &failed);
    cret_journal_put_digest(quote, "sha256", digest, &failed);
    const size_t shown = size - 1 < CRET_JOURNAL_QUOTE_BYTES ? size - 1 : CRET_JOURNAL_QUOTE_BYTES;
    data[shown] = '\0';
    cret_journal_put_text(quote, "text", data, &failed);
    cret_journal_put(line, "quote", json_incref(quote), &failed);
    status = failed ? cret_err_memory(err) : CRET_OK;
out:
    json_decref(quote);
    free(data);
    return status;
}

static enum cret_status mark(struct cret_journal *journal, bool pending,
                             const uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    const bool tail = cret_journal_has_tail(journal);
    const struct cret_journal_entry *last = &cret_journal_last(journal)->entry;
    const bool of_last = pending && last->kind == CRET_JOURNAL_RUN &&
                         memcmp(last->record, digest, CRET_SHA256_BYTES) == 0;
    const int64_t number = last->number;
    const char *reason = of_last ? "a run was interrupted before its result was delivered"
                         : journal->set_aside
                             ? "a line that the TPM does not hold: a run was interrupted, or the "
                               "line was added by hand"
                         : tail ? "a line was interrupted while it was written"
                                : "a run was interrupted before its line was written";
    int64_t time = 0;
    bool failed = false;
    if (cret_journal_now(journal, &time, err) != CRET_OK) {
        return CRET_FAILED;
    }
    json_t *line = cret_journal_line_begin(journal, CRET_JOURNAL_UNCONFIRMED, time);
    if (line == NULL) {
        return cret_err_memory(err);
    }
    cret_journal_put_text(line, "reason", reason, &failed);
    if (of_last) {
        cret_journal_put(line, "line", json_integer(number), &failed);
    }
    cret_journal_put_digest(line, "leftRecord", pending ? digest : NULL, &failed);
    if (failed || (tail && put_quote(journal, line, err) != CRET_OK)) {
        json_decref(line);
        return failed ? cret_err_memory(err) : CRET_FAILED;
    }
    return cret_journal_append_line(journal, line, NULL, NULL, err);
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

/* Without a pending record, what lies beside one belongs to the last run, or to one that never got
 * as far as its record: a signature says which. */
static enum cret_status drop_foreign(const struct cret_journal *journal,
                                     const struct cret_journal_entry *entry, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    uint8_t digest[CRET_SHA256_BYTES];
    char *data = NULL;
    size_t size = 0;
    bool exists = false;
    char *path = cret_journal_path(journal, CRET_JOURNAL_PENDING CRET_JOURNAL_SIGNATURE_SUFFIX);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK ||
        (exists &&
         (cret_file_read(&data, &size, path, RECORD_BYTES, CRET_ERR_UNDECIDED, err) != CRET_OK ||
          cret_sha256(digest, data, size, err) != CRET_OK))) {
        goto out;
    }
    if (exists &&
        (!entry->has_signature || memcmp(digest, entry->signature, CRET_SHA256_BYTES) != 0)) {
        cret_os_unlink(path);
    }
    status = CRET_OK;
out:
    free(data);
    free(path);
    return status;
}

static enum cret_status complete_last(struct cret_journal *journal, struct cret_err *err)
{
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        const bool run = entry->kind == CRET_JOURNAL_RUN;
        if (!run && !(entry->kind == CRET_JOURNAL_UNCONFIRMED && entry->has_record)) {
            continue;
        }
        char *name = cret_journal_record_name(
            entry->time, run ? cret_journal_verdict_word(entry->verdict) : NULL, entry->record);
        if (name == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status = drop_foreign(journal, entry, err) == CRET_OK
                                            ? cret_journal_move_pending(journal, name, err)
                                            : CRET_FAILED;
        free(name);
        return status;
    }
    return CRET_OK;
}

/* Leftovers of runs that never got as far as a pending record. */
static enum cret_status has_beside(const struct cret_journal *journal, bool *ret_exists,
                                   struct cret_err *err)
{
    static const char *const suffixes[] = {CRET_JOURNAL_SIGNATURE_SUFFIX,
                                           CRET_JOURNAL_ATTESTATION_SUFFIX};
    *ret_exists = false;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        struct cret_file_info info;
        bool exists = false;
        char *path =
            cret_text_printf("%s/" CRET_JOURNAL_PENDING "%s", journal->folder, suffixes[i]);
        if (path == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status = cret_os_stat_path(&info, &exists, path, err);
        free(path);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        *ret_exists = *ret_exists || exists;
    }
    return CRET_OK;
}

enum cret_status cret_journal_settle(struct cret_journal *journal, struct cret_err *err)
{
    bool pending = false, beside = false;
    uint8_t digest[CRET_SHA256_BYTES] = {0};
    if (cret_journal_closed(journal) || journal->chain_count == 0) {
        return CRET_OK;
    }
    if (cret_journal_finish_rotation(journal, err) != CRET_OK ||
        cret_journal_pending(journal, &pending, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_journal_entry *last = &cret_journal_last(journal)->entry;
    const bool marked = pending && last->kind == CRET_JOURNAL_UNCONFIRMED && last->has_record &&
                        memcmp(last->record, digest, CRET_SHA256_BYTES) == 0;
    if ((cret_journal_has_tail(journal) || (pending && !marked)) &&
        mark(journal, pending, digest, err) != CRET_OK) {
        return cret_err_context(err, "what an interrupted run left could not be marked");
    }
    if (pending ? put_away(journal, digest, err) != CRET_OK
                : has_beside(journal, &beside, err) != CRET_OK ||
                      (beside && complete_last(journal, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    /* Now, so that the number of the next line is known. */
    return cret_journal_rotate(journal, err);
}

/* "journal-000001.jsonl" of the file that is full. */
static void rotated_name(const struct cret_journal *journal, char out[32])
{
    (void)snprintf(out, 32, "journal-%06zu.jsonl", journal->file_count % 1000000u);
}

enum cret_status cret_journal_finish_rotation(struct cret_journal *journal, struct cret_err *err)
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
        (void)cret_err_memory(err);
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

enum cret_status cret_journal_rotate(struct cret_journal *journal, struct cret_err *err)
{
    int64_t time = 0;
    bool failed = false;
    char name[32];
    if (journal->current_size < journal->rotate_bytes) {
        return CRET_OK;
    }
    if (cret_journal_now(journal, &time, err) != CRET_OK) {
        return CRET_FAILED;
    }
    json_t *line = cret_journal_line_begin(journal, CRET_JOURNAL_ROTATE, time);
    if (line == NULL) {
        return cret_err_memory(err);
    }
    rotated_name(journal, name);
    cret_journal_put_text(line, "file", name, &failed);
    if (failed) {
        json_decref(line);
        return cret_err_memory(err);
    }
    return cret_journal_append_line(journal, line, NULL, NULL, err) == CRET_OK
               ? cret_journal_finish_rotation(journal, err)
               : CRET_FAILED;
}
