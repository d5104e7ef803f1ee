/* SPDX-License-Identifier: Apache-2.0 */
/* Beginning a journal, and carrying an old one over. */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/shell.h"
#include "evidence/journal/journal_internal.h"

static enum cret_status copy_file(const char *from_folder, const char *to_folder, const char *name,
                                  struct cret_err *err)
{
    char *data = NULL;
    size_t size = 0;
    char *from = cret_text_printf("%s/%s", from_folder, name);
    char *to = cret_text_printf("%s/%s", to_folder, name);
    enum cret_status status = CRET_FAILED;
    if (from == NULL || to == NULL) {
        cret_err_memory(err);
    } else if (cret_file_read(&data, &size, from, CRET_JOURNAL_FILE_BYTES, CRET_ERR_UNDECIDED,
                              err) == CRET_OK) {
        status = cret_file_write(to, data, size, 0644, err);
    }
    free(data);
    free(from);
    free(to);
    return status;
}

/* The line files of a journal, and of those that it continues. */
static enum cret_status copy_lines(const struct cret_journal *from, const char *folder,
                                   struct cret_err *err)
{
    bool created = false;
    if (cret_os_make_directory(folder, 0755, &created, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < from->file_count; i++) {
        const bool current = i + 1 == from->file_count;
        if ((!current || from->has_current) &&
            copy_file(from->folder, folder, from->files[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (from->earlier == NULL) {
        return CRET_OK;
    }
    char *deeper = cret_text_printf("%s/" CRET_JOURNAL_EARLIER, folder);
    if (deeper == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = copy_lines(from->earlier, deeper, err);
    free(deeper);
    return status;
}

json_t *cret_journal_from_object(const struct cret_journal *from)
{
    struct cret_build object = cret_build_object();
    cret_build_sha256(&object, "genesis", from->genesis);
    cret_build_sha256(&object, "head", from->head);
    cret_build_integer(&object, "lines", (int64_t)from->chain_count);
    cret_build_boolean(&object, "closed", cret_journal_closed(from));
    return cret_build_end(&object);
}

static enum cret_status genesis_value(const struct cret_journal *journal,
                                      uint8_t value[CRET_SHA256_BYTES], struct cret_err *err)
{
    return journal->witness != NULL ? journal->witness->read(journal->witness->context, value, err)
                                    : cret_os_random(value, CRET_SHA256_BYTES, err);
}

static enum cret_status write_genesis(const struct cret_journal *journal,
                                      const struct cret_journal *from, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t value[CRET_SHA256_BYTES];
    char user[256] = "", host[256] = "";
    char *text = NULL, *path = NULL;
    if (genesis_value(journal, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_build line = cret_journal_line_begin(journal, CRET_JOURNAL_GENESIS, cret_os_now());
    cret_os_user_name(user, sizeof(user));
    cret_os_host_name(host, sizeof(host));
    cret_build_sha256(&line, "genesis", value);
    cret_build_string(&line, "witness", journal->witness != NULL ? "tpm" : "none");
    cret_journal_put_text(&line, "host", host);
    cret_journal_put_text(&line, "user", user);
    if (from != NULL) {
        cret_build_put(&line, "from", cret_journal_from_object(from));
    }
    json_t *made = cret_build_end(&line);
    char *compact = made != NULL ? json_dumps(made, JSON_COMPACT) : NULL;
    text = compact != NULL ? cret_text_printf("%s\n", compact) : NULL;
    json_decref(made);
    free(compact);
    path = cret_journal_path(journal, CRET_JOURNAL_FILE);
    if (text == NULL || path == NULL) {
        cret_err_memory(err);
        goto out;
    }
    status = cret_file_write(path, text, strlen(text), 0644, err);
out:
    free(text);
    free(path);
    return status;
}

/* Everything but the first line, under the lock of the new journal. */
static enum cret_status prepare(const struct cret_journal *journal, const struct cret_journal *from,
                                struct cret_err *err)
{
    if (journal->has_current || journal->file_count > 1) {
        cret_err_usage(err, "there is a journal already");
        cret_err_where(err, "%s", journal->folder);
        return cret_err_hint(err, "name a new folder");
    }
    if (from == NULL) {
        return CRET_OK;
    }
    if (cret_findings_count(from->faults) > 0 || !from->has_genesis ||
        cret_journal_has_tail(from)) {
        cret_err_undecided(err, "the journal to continue is not sound");
        cret_err_where(err, "%s", from->folder);
        return cret_err_hint_file(err, "`cretula-verify journal verify {}` says why", from->folder);
    }
    char *earlier = cret_journal_path(journal, CRET_JOURNAL_EARLIER);
    if (earlier == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = copy_lines(from, earlier, err);
    free(earlier);
    return status;
}

enum cret_status cret_journal_create(const char *folder, const struct cret_journal_witness *witness,
                                     const struct cret_journal *from, struct cret_err *err)
{
    bool created = false;
    struct cret_journal *journal = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_os_make_directory(folder, 0755, &created, err) != CRET_OK ||
        cret_journal_open_raw(&journal, folder, CRET_JOURNAL_APPEND, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    journal->witness = witness;
    if (prepare(journal, from, err) != CRET_OK || write_genesis(journal, from, err) != CRET_OK) {
        goto out;
    }
    /* Read it again: what follows relies on the file, not on what was meant. */
    struct cret_journal *written = NULL;
    cret_os_close(&journal->lock);
    if (cret_journal_open_raw(&written, folder, CRET_JOURNAL_APPEND, 0, err) != CRET_OK) {
        goto out;
    }
    written->witness = witness;
    status = cret_findings_count(written->faults) > 0 || written->chain_count != 1
                 ? cret_err_undecided(err, "the new journal %s is not sound", folder)
             : witness != NULL ? cret_journal_finish_begin(written, err)
                               : CRET_OK;
    if (status == CRET_OK) {
        status = cret_journal_keep_head(written, err);
    }
    cret_journal_free(&written);
out:
    cret_journal_free(&journal);
    return status;
}
