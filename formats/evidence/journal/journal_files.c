/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a journal beside its lines: the head that is kept, records, what lies beside them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "evidence/journal/journal_internal.h"
#include "evidence/record/record_read.h"

#define HEAD_BYTES 256u

static const char *const suffixes[] = {CRET_JOURNAL_SIGNATURE_SUFFIX,
                                       CRET_JOURNAL_ATTESTATION_SUFFIX};

const char cret_journal_kept_words[] =
    "the lines do not end where their writer left them: the last line was edited, or lines at the "
    "end were deleted or added";

/* Under the lock there is one writer: a name of its own for each folder is enough, and what a crash
 * leaves under it is overwritten by the next run instead of staying for ever. */
static enum cret_status write_new(const char *path, const void *data, size_t size,
                                  struct cret_err *err)
{
    int fd = -1;
    cret_os_unlink(path);
    const enum cret_status status = cret_os_open_append(&fd, path, true, 0644, err) == CRET_OK &&
                                            cret_os_write(fd, data, size, err) == CRET_OK &&
                                            cret_os_fsync(fd, err) == CRET_OK
                                        ? CRET_OK
                                        : CRET_FAILED;
    cret_os_close(&fd);
    if (status != CRET_OK) {
        cret_os_unlink(path);
    }
    return status;
}

enum cret_status cret_journal_put_file(const struct cret_journal *journal, const char *name,
                                       const void *data, size_t size, struct cret_err *err)
{
    const bool record =
        strncmp(name, CRET_JOURNAL_RECORDS "/", strlen(CRET_JOURNAL_RECORDS "/")) == 0;
    char *new = cret_journal_path(journal, record ? CRET_JOURNAL_NEW : CRET_JOURNAL_HEAD_NEW);
    char *to = cret_journal_path(journal, name);
    enum cret_status status = CRET_FAILED;
    if (new == NULL || to == NULL) {
        cret_err_memory(err);
    } else if (write_new(new, data, size, err) == CRET_OK &&
               cret_os_rename(new, to, err) == CRET_OK) {
        status = cret_os_sync_parent(to, err);
    }
    if (status != CRET_OK) {
        cret_err_context(err, "the journal %s: %s", journal->folder, name);
    }
    free(new);
    free(to);
    return status;
}

/* --- the head that is kept --- */

enum cret_status cret_journal_keep_head(struct cret_journal *journal, struct cret_err *err)
{
    char hex[CRET_SHA256_HEX];
    if (journal->has_kept && memcmp(journal->kept, journal->head, CRET_SHA256_BYTES) == 0) {
        return CRET_OK;
    }
    cret_hex_encode(hex, journal->head, CRET_SHA256_BYTES);
    hex[CRET_SHA256_HEX - 1] = '\n'; /* in place of the terminator */
    if (cret_journal_put_file(journal, CRET_JOURNAL_HEAD, hex, sizeof(hex), err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(journal->kept, journal->head, CRET_SHA256_BYTES);
    journal->has_kept = true;
    return CRET_OK;
}

enum cret_status cret_journal_read_head(struct cret_journal *journal, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    char *data = NULL;
    size_t size = 0;
    char *path = cret_journal_path(journal, CRET_JOURNAL_HEAD);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK ||
        (exists &&
         cret_file_read(&data, &size, path, HEAD_BYTES, CRET_ERR_UNDECIDED, err) != CRET_OK)) {
        goto out;
    }
    journal->has_kept = exists;
    if (exists) {
        const bool whole = size == CRET_SHA256_HEX && data[CRET_SHA256_HEX - 1] == '\n';
        if (whole) {
            data[CRET_SHA256_HEX - 1] = '\0';
        }
        /* What is not a head is the head of nothing. */
        if (!whole || cret_hex_decode(journal->kept, CRET_SHA256_BYTES, data) != CRET_OK) {
            memset(journal->kept, 0, CRET_SHA256_BYTES);
        }
    }
    status = CRET_OK;
out:
    free(data);
    free(path);
    return status;
}

enum cret_journal_kept cret_journal_kept_head(const struct cret_journal *journal)
{
    if (!journal->has_kept) {
        return CRET_KEPT_NONE;
    }
    if (memcmp(journal->kept, journal->head, CRET_SHA256_BYTES) == 0) {
        return CRET_KEPT_EQUAL;
    }
    const uint8_t *before = journal->chain_count > 1
                                ? cret_journal_at(journal, journal->chain_count - 2)->head
                                : journal->genesis;
    return memcmp(journal->kept, before, CRET_SHA256_BYTES) == 0 ? CRET_KEPT_BEHIND
                                                                 : CRET_KEPT_OTHER;
}

/* --- records --- */

enum cret_status cret_journal_file_digest(const struct cret_journal *journal, const char *name,
                                          bool *ret_exists, uint8_t ret_digest[CRET_SHA256_BYTES],
                                          struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    char *data = NULL;
    size_t size = 0;
    bool exists = false;
    char *path = cret_journal_path(journal, name);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (exists && (cret_file_read(&data, &size, path, cret_record_format.bytes, CRET_ERR_UNDECIDED,
                                  err) != CRET_OK ||
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

enum cret_status cret_journal_pending(const struct cret_journal *journal, bool *ret_exists,
                                      uint8_t ret_digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    return cret_journal_file_digest(journal, CRET_JOURNAL_PENDING, ret_exists, ret_digest, err);
}

char *cret_journal_entry_name(const struct cret_journal_entry *entry)
{
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    return cret_journal_record_name(
        entry->time, run ? cret_journal_verdict_word(entry->verdict) : NULL, entry->record);
}

enum cret_status cret_journal_lacks_signature(const struct cret_journal *journal,
                                              const struct cret_journal_entry *last,
                                              bool *ret_lacks, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    *ret_lacks = false;
    if (last->kind != CRET_JOURNAL_RUN || !last->has_signer) {
        return CRET_OK;
    }
    char *name = cret_journal_entry_name(last);
    char *path = name != NULL ? cret_text_printf("%s/%s" CRET_JOURNAL_SIGNATURE_SUFFIX,
                                                 journal->folder, name)
                              : NULL;
    const enum cret_status status =
        path != NULL ? cret_os_stat_path(&info, &exists, path, err) : cret_err_memory(err);
    *ret_lacks = !exists;
    free(name);
    free(path);
    return status;
}

enum cret_status cret_journal_mark_pending(struct cret_journal *journal, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    bool exists = false;
    if (cret_journal_pending(journal, &exists, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < journal->chain_count; i++) {
        struct cret_journal_entry *entry = &journal->lines[journal->chain[i]].entry;
        entry->pending = exists && entry->kind == CRET_JOURNAL_RUN &&
                         memcmp(entry->record, digest, CRET_SHA256_BYTES) == 0;
    }
    if (journal->chain_count == 0) {
        return CRET_OK;
    }
    struct cret_journal_entry *last =
        &journal->lines[journal->chain[journal->chain_count - 1]].entry;
    bool lacks = false;
    if (cret_journal_lacks_signature(journal, last, &lacks, err) != CRET_OK) {
        return CRET_FAILED;
    }
    last->pending = last->pending || lacks;
    return CRET_OK;
}

enum cret_status cret_journal_confirmed(const struct cret_journal *journal,
                                        const struct cret_journal_entry *run, bool *ret_confirmed,
                                        struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    bool exists = false;
    char *name = cret_journal_entry_name(run);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    bool lacks = false;
    const enum cret_status status =
        cret_journal_file_digest(journal, name, &exists, digest, err) == CRET_OK
            ? cret_journal_lacks_signature(journal, run, &lacks, err)
            : CRET_FAILED;
    free(name);
    if (status == CRET_OK) {
        *ret_confirmed = exists && !lacks && run->kind == CRET_JOURNAL_RUN && !run->pending &&
                         !run->unconfirmed && memcmp(digest, run->record, CRET_SHA256_BYTES) == 0;
    }
    return status;
}

/* --- what lies beside a record --- */

enum cret_status cret_journal_put_beside(const struct cret_journal *journal, const char *name,
                                         const char *suffix, const void *data, size_t size,
                                         struct cret_err *err)
{
    char *whole = cret_text_printf("%s%s", name, suffix);
    if (whole == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_journal_put_file(journal, whole, data, size, err);
    free(whole);
    return status;
}

/* Moves one file of a record, where it is there. sync: the names reach the disk. */
static enum cret_status move_one(const struct cret_journal *journal, const char *old_name,
                                 const char *new_name, const char *suffix, bool sync,
                                 struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    char *from = cret_text_printf("%s/%s%s", journal->folder, old_name, suffix);
    char *to = cret_text_printf("%s/%s%s", journal->folder, new_name, suffix);
    if (from == NULL || to == NULL) {
        cret_err_memory(err);
    } else if (cret_os_stat_path(&info, &exists, from, err) == CRET_OK) {
        status = (!exists || cret_os_rename(from, to, err) == CRET_OK) &&
                         (!sync || cret_os_sync_parent(to, err) == CRET_OK)
                     ? CRET_OK
                     : CRET_FAILED;
    }
    free(from);
    free(to);
    return status;
}

static enum cret_status move_record(const struct cret_journal *journal, const char *old_name,
                                    const char *new_name, struct cret_err *err)
{
    /* The record first: with it the run counts, and the rest follows by itself (settle). */
    const size_t count = CRET_LENGTH(suffixes);
    enum cret_status status = move_one(journal, old_name, new_name, "", true, err);
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        status = move_one(journal, old_name, new_name, suffixes[i], i + 1 == count, err);
    }
    return status;
}

enum cret_status cret_journal_move_pending(const struct cret_journal *journal, const char *name,
                                           struct cret_err *err)
{
    return move_record(journal, CRET_JOURNAL_PENDING, name, err);
}

enum cret_status cret_journal_move_back(const struct cret_journal *journal,
                                        const struct cret_journal_entry *run, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    bool exists = false;
    if (cret_journal_pending(journal, &exists, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        return memcmp(digest, run->record, CRET_SHA256_BYTES) == 0
                   ? CRET_OK
                   : cret_err_undecided(err, "another record is pending in the journal");
    }
    char *name = cret_journal_entry_name(run);
    const enum cret_status status =
        name != NULL ? move_record(journal, name, CRET_JOURNAL_PENDING, err) : cret_err_memory(err);
    free(name);
    return status;
}
