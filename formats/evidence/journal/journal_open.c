/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a journal: its lock, its files, and whether it is the one that its witness knows. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/shell.h"
#include "evidence/journal/journal_internal.h"

/* "journal-000001.jsonl" */
static bool is_rotated_name(const char *name)
{
    static const char prefix[] = "journal-", suffix[] = ".jsonl";
    const size_t digits = 6;
    if (strncmp(name, prefix, sizeof(prefix) - 1) != 0) {
        return false;
    }
    name += sizeof(prefix) - 1;
    return strspn(name, "0123456789") == digits && strcmp(name + digits, suffix) == 0;
}

static enum cret_status add_file(struct cret_journal *journal, const char *name,
                                 struct cret_err *err)
{
    if (journal->file_count >= CRET_JOURNAL_FILES) {
        return cret_err_undecided(err, "the journal has too many files");
    }
    void *grown = realloc(journal->files, (journal->file_count + 1) * sizeof(*journal->files));
    if (grown == NULL) {
        return cret_err_memory(err);
    }
    journal->files = grown;
    journal->files[journal->file_count] = strdup(name);
    if (journal->files[journal->file_count] == NULL) {
        return cret_err_memory(err);
    }
    journal->file_count++;
    return CRET_OK;
}

/* The chain's files; names sort in their order. */
static enum cret_status find_files(struct cret_journal *journal, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    int fd = -1;
    char **names = NULL;
    size_t count = 0;
    if (cret_os_open_directory(&fd, journal->folder, err) != CRET_OK) {
        cret_err_expected(err, "the folder of a journal (with " CRET_JOURNAL_FILE " in it)");
        goto out;
    }
    if (cret_os_list(&names, &count, fd, err) != CRET_OK) {
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_rotated_name(names[i]) && add_file(journal, names[i], err) != CRET_OK) {
            goto out;
        }
        if (strcmp(names[i], CRET_JOURNAL_FILE) == 0) {
            journal->has_current = true;
        }
    }
    status = add_file(journal, CRET_JOURNAL_FILE, err);
out:
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    return status;
}

enum cret_status cret_journal_exists(bool *ret_exists, const char *folder, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        *ret_exists = false;
        return CRET_OK;
    }
    struct cret_journal journal = {.folder = cret_text_printf("%s", folder), .lock = -1};
    enum cret_status status = CRET_FAILED;
    if (journal.folder == NULL) {
        cret_err_memory(err);
    } else if (find_files(&journal, err) == CRET_OK) {
        *ret_exists = journal.has_current || journal.file_count > 1;
        status = CRET_OK;
    }
    cret_os_names_free(&journal.files, journal.file_count);
    free(journal.folder);
    return status;
}

static enum cret_status take_lock(struct cret_journal *journal, struct cret_err *err)
{
    struct cret_err ignored;
    char *path = cret_journal_path(journal, CRET_JOURNAL_LOCK);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = CRET_OK;
    if (journal->mode == CRET_JOURNAL_APPEND) {
        status = cret_os_lock(&journal->lock, path, true, CRET_JOURNAL_LOCK_MS, err);
    } else {
        struct cret_file_info info;
        bool exists = false;
        /* A copy on a read-only medium has nobody who writes: there is nothing to wait for. */
        if (cret_os_stat_path(&info, &exists, path, &ignored) == CRET_OK && exists) {
            int probe = -1;
            if (cret_os_open_file(&probe, path, &ignored) == CRET_OK) {
                cret_os_close(&probe);
                status = cret_os_lock(&journal->lock, path, false, CRET_JOURNAL_LOCK_MS, err);
            }
        }
    }
    free(path);
    return status;
}

static enum cret_status open_earlier(struct cret_journal *journal, struct cret_err *err)
{
    const struct cret_journal_line *first =
        journal->chain_count > 0 ? &journal->lines[journal->chain[0]] : NULL;
    if (!journal->has_genesis || !first->has_from) {
        return CRET_OK;
    }
    char *folder = cret_journal_path(journal, CRET_JOURNAL_EARLIER);
    if (folder == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status opened = cret_journal_open_raw(
        &journal->earlier, folder, CRET_JOURNAL_READ, journal->depth + 1, err);
    free(folder);
    if (opened != CRET_OK) {
        return cret_err_context(err, "the journal that this one continues");
    }
    const struct cret_journal *earlier = journal->earlier;
    const struct cret_finding *fault =
        cret_findings_count(earlier->faults) > 0 ? cret_findings_at(earlier->faults, 0) : NULL;
    if (fault != NULL) {
        cret_findings_add(journal->faults, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = fault->where, .hint = fault->hint},
                          "the journal that this one continues: %s", fault->reason);
    } else if (!earlier->has_genesis ||
               memcmp(earlier->genesis, first->from_genesis, CRET_SHA256_BYTES) != 0 ||
               memcmp(earlier->head, first->from_head, CRET_SHA256_BYTES) != 0) {
        cret_findings_add(journal->faults, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = CRET_JOURNAL_EARLIER,
                                                     .hint = "compare with a copy of it"},
                          "the journal that this one continues is not the one that its first line "
                          "names");
    }
    return cret_findings_whole(journal->faults, err);
}

enum cret_status cret_journal_open_raw(struct cret_journal **ret_journal, const char *folder,
                                       enum cret_journal_mode mode, unsigned depth,
                                       struct cret_err *err)
{
    struct cret_journal *journal = calloc(1, sizeof(*journal));
    if (journal == NULL) {
        return cret_err_memory(err);
    }
    journal->lock = -1;
    journal->mode = mode;
    journal->depth = depth;
    journal->rotate_bytes = CRET_JOURNAL_ROTATE_BYTES;
    journal->folder = cret_text_printf("%s", folder);
    journal->faults = cret_findings_new();
    if (journal->folder == NULL || journal->faults == NULL) {
        cret_err_memory(err);
        goto failed;
    }
    if (depth > CRET_JOURNAL_EARLIER_DEPTH) {
        cret_err_undecided(err, "the journal continues too many others");
        goto failed;
    }
    if (take_lock(journal, err) != CRET_OK || find_files(journal, err) != CRET_OK ||
        cret_journal_load(journal, err) != CRET_OK || open_earlier(journal, err) != CRET_OK ||
        (depth == 0 && (cret_journal_read_head(journal, err) != CRET_OK ||
                        cret_journal_mark_pending(journal, err) != CRET_OK))) {
        goto failed;
    }
    *ret_journal = journal;
    return CRET_OK;
failed:
    cret_journal_free(&journal);
    return cret_err_context(err, "the journal %s", folder);
}

/* The first fault as the error of whoever wanted to use the journal. */
static enum cret_status unsound(const struct cret_journal *journal, struct cret_err *err)
{
    const struct cret_finding *first = cret_findings_at(journal->faults, 0);
    if (journal->witness != NULL) {
        cret_err_refuse(err, CRET_CHECK_JOURNAL_CHAIN, "the journal is not sound: %s",
                        first->reason);
    } else {
        cret_err_undecided(err, "the journal is not sound: %s", first->reason);
    }
    cret_err_where(err, "%s/%s", journal->folder, first->where != NULL ? first->where : "");
    return cret_err_hint_file(err, "`cretula-verify journal verify {}` names every such line",
                              journal->folder);
}

enum cret_status cret_journal_nothing_there(const struct cret_journal_witness *witness,
                                            const char *folder, struct cret_err *err)
{
    if (witness != NULL) {
        cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                        "the journal is gone: the TPM holds the head of one");
        cret_err_hint(err, "name the station's journal; if it was deleted, find out by whom");
    } else {
        cret_err_undecided(err, "there is no journal in %s", folder);
        cret_err_hint(err, "check the path; `check --journal DIR` begins a new one");
    }
    return cret_err_where(err, "%s", folder);
}

static enum cret_status hold_witness(struct cret_journal *journal, struct cret_err *err)
{
    enum cret_journal_witnessed result = CRET_WITNESS_NOWHERE;
    size_t index = 0;
    if (cret_journal_compare(journal, &result, &index, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (result == CRET_WITNESS_EQUAL) {
        return CRET_OK;
    }
    if (result == CRET_WITNESS_UNBEGUN) {
        return journal->mode == CRET_JOURNAL_APPEND ? cret_journal_finish_begin(journal, err)
                                                    : CRET_OK;
    }
    if (result == CRET_WITNESS_BEHIND) {
        cret_journal_drop_last(journal);
        return cret_journal_fold(journal, err);
    }
    return cret_journal_denied(journal, result, index, err);
}

/* The chain ends where the last writer said, or one line behind. */
static enum cret_status hold_kept(const struct cret_journal *journal, struct cret_err *err)
{
    if (cret_journal_kept_head(journal) != CRET_KEPT_OTHER) {
        return CRET_OK;
    }
    cret_findings_add(journal->faults, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = CRET_JOURNAL_HEAD}, "%s",
                      cret_journal_kept_words);
    return cret_findings_whole(journal->faults, err) == CRET_OK ? unsound(journal, err)
                                                                : CRET_FAILED;
}

enum cret_status cret_journal_open(struct cret_journal **ret_journal, const char *folder,
                                   enum cret_journal_mode mode,
                                   const struct cret_journal_witness *witness, struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    bool exists = false;
    if (cret_journal_exists(&exists, folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        return cret_journal_nothing_there(witness, folder, err);
    }
    if (cret_journal_open_raw(&journal, folder, mode, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    journal->witness = witness;
    enum cret_status status = CRET_FAILED;
    if (journal->line_count == 0) {
        status = cret_journal_nothing_there(witness, folder, err);
    } else if (cret_findings_count(journal->faults) > 0) {
        status = unsound(journal, err);
    } else if (witness == NULL && mode == CRET_JOURNAL_APPEND &&
               cret_journal_has_witness(journal)) {
        cret_err_usage(err, "this journal is bound to a TPM: no line can be added without it");
        cret_err_where(err, "%s", folder);
        status = cret_err_hint(err, "give --tpm and --station, or another --journal");
    } else if (witness != NULL && !cret_journal_has_witness(journal)) {
        cret_err_usage(err, "this journal was begun without a TPM: none holds its head");
        cret_err_where(err, "%s", folder);
        status = cret_err_hint_file(err,
                                    "`cretula-verify journal continue --from {} NEW --tpm` begins "
                                    "one that is bound to the TPM",
                                    folder);
    } else if (witness == NULL || hold_witness(journal, err) == CRET_OK) {
        status = hold_kept(journal, err);
        if (status == CRET_OK && mode == CRET_JOURNAL_APPEND) {
            status = cret_journal_settle(journal, err);
        }
    }
    if (status != CRET_OK) {
        cret_journal_free(&journal);
        return CRET_FAILED;
    }
    *ret_journal = journal;
    return CRET_OK;
}
