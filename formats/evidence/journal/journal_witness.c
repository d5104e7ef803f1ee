/* SPDX-License-Identifier: Apache-2.0 */
/* The head that a TPM holds, or that was written down, beside the lines of the folder. */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "evidence/journal/journal_internal.h"

enum cret_status cret_journal_compare(const struct cret_journal *journal,
                                      enum cret_journal_witnessed *ret_result, size_t *ret_index,
                                      struct cret_err *err)
{
    uint8_t held[CRET_SHA256_BYTES];
    if (journal->witness->read(journal->witness->context, held, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_result = CRET_WITNESS_NOWHERE;
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_line *line = &journal->lines[journal->chain[i - 1]];
        if (memcmp(line->entry.head, held, sizeof(held)) == 0) {
            *ret_index = i - 1;
            *ret_result = i == journal->chain_count       ? CRET_WITNESS_EQUAL
                          : i + 1 == journal->chain_count ? CRET_WITNESS_BEHIND
                                                          : CRET_WITNESS_FAR;
            break;
        }
    }
    if (journal->chain_count == 1 && memcmp(journal->genesis, held, sizeof(held)) == 0) {
        *ret_result = CRET_WITNESS_UNBEGUN;
    }
    /* Only a line of the current file can be what a crash left. */
    const struct cret_journal_line *last = cret_journal_last(journal);
    if (*ret_result == CRET_WITNESS_BEHIND && last->file + 1 != journal->file_count) {
        *ret_result = CRET_WITNESS_FAR;
    }
    return CRET_OK;
}

enum cret_status cret_journal_denied(const struct cret_journal *journal,
                                     enum cret_journal_witnessed result, size_t index,
                                     struct cret_err *err)
{
    const bool tpm = journal->witness->extend != NULL;
    const enum cret_check_id check = tpm ? CRET_CHECK_TPM_JOURNAL : CRET_CHECK_JOURNAL_CHAIN;
    const char *who =
        tpm ? "the TPM denies this journal" : "this is not the journal whose head was given";
    if (result == CRET_WITNESS_NOWHERE) {
        cret_err_refuse(err, check, "%s: no line of it leads to the head that %s", who,
                        tpm ? "the TPM holds" : "was written down");
        cret_err_where(err, "%s", journal->folder);
        return cret_err_hint(err, "lines at its end were deleted, the folder was restored from a "
                                  "backup, or it is the journal of another station: compare with "
                                  "the records that change control keeps");
    }
    const size_t next = index + 1;
    const struct cret_journal_line *line = &journal->lines[journal->chain[next]];
    cret_err_refuse(err, check, "%s: %zu %s at its end %s added %s", who,
                    journal->chain_count - next,
                    cret_plural(journal->chain_count - next, "line", "lines"),
                    cret_plural(journal->chain_count - next, "was", "were"),
                    tpm ? "without it" : "after that was written down");
    char where[256];
    cret_journal_where(journal, line, where, sizeof(where));
    cret_err_where(err, "%s", where);
    return cret_err_hint(err,
                         tpm ? "a crash leaves one such line at most: find out who wrote these"
                             : "name the head that was written down last; if that is this one, "
                               "find out who wrote these");
}

enum cret_status cret_journal_finish_begin(const struct cret_journal *journal, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *data = NULL;
    size_t size = 0;
    json_t *attestation = NULL;
    const struct cret_journal_entry *first = cret_journal_at(journal, 0);
    struct cret_journal_extension extension = {.line_size = journal->lines[0].size};
    char *path = cret_journal_path(journal, CRET_JOURNAL_FILE);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_file_read(&data, &size, path, CRET_JOURNAL_FILE_BYTES, CRET_ERR_UNDECIDED, err) !=
        CRET_OK) {
        goto out;
    }
    extension.line = data;
    memcpy(extension.line_digest, first->digest, CRET_SHA256_BYTES);
    memcpy(extension.previous_head, journal->genesis, CRET_SHA256_BYTES);
    memcpy(extension.head, first->head, CRET_SHA256_BYTES);
    status =
        size >= extension.line_size
            ? journal->witness->extend(journal->witness->context, &extension, &attestation, err)
            : cret_err_undecided(err, "the journal changed under its lock");
    json_decref(attestation);
out:
    free(data);
    free(path);
    return status;
}
