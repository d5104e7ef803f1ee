/* SPDX-License-Identifier: Apache-2.0 */
/* One line more: its time, its place behind all others, the witness, and its joining the chain. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/shell.h"
#include "base/text/time.h"
#include "evidence/journal/journal_internal.h"

int64_t cret_journal_line_time(const struct cret_journal *journal)
{
    const int64_t now = cret_os_now();
    const int64_t last = cret_journal_last_time(journal);
    return now > last ? now : last;
}

/* The first line that a wrong clock wrote: everything before it fits to now. */
static const struct cret_journal_line *first_later(const struct cret_journal *journal, int64_t time)
{
    for (size_t i = 0; i < journal->chain_count; i++) {
        const struct cret_journal_line *line = &journal->lines[journal->chain[i]];
        if (line->entry.time > time) {
            return line;
        }
    }
    return cret_journal_last(journal);
}

enum cret_status cret_journal_now(const struct cret_journal *journal, int64_t *ret_time,
                                  struct cret_err *err)
{
    const int64_t now = cret_os_now();
    const int64_t last = cret_journal_last_time(journal);
    if (now + CRET_JOURNAL_CLOCK_SLACK < last) {
        char clock[32], bound[32], where[256];
        const struct cret_journal_line *line = first_later(journal, now + CRET_JOURNAL_CLOCK_SLACK);
        cret_time_format(clock, now);
        cret_time_format(bound, line->entry.time);
        cret_journal_where(journal, line, where, sizeof(where));
        cret_err_undecided(err, "the clock of this machine is wrong, or was when it wrote a "
                                "line of the journal: it is earlier than the last line of "
                                "the journal");
        cret_err_where(err, "%s/%s, of %s", journal->folder, where, bound);
        cret_time_format(bound, last);
        cret_err_expected(err, "%s or later", bound);
        cret_err_actual(err, "%s", clock);
        return cret_err_hint_file(
            err,
            "if the clock is wrong now, set it (UTC) and run it again; if it is right, that line "
            "is from the future: `cretula-verify journal close {} --text WHY` ends this journal, "
            "and `cretula-verify journal continue --from {} NEW` begins the next one",
            journal->folder);
    }
    *ret_time = now > last ? now : last;
    return CRET_OK;
}

enum cret_status cret_journal_check_clock(const struct cret_journal *journal, struct cret_err *err)
{
    int64_t ignored = 0;
    return cret_journal_now(journal, &ignored, err);
}

/* One write, one fsync. What a failure leaves is marked by the next run. */
static enum cret_status write_line(struct cret_journal *journal, const char *text, size_t size,
                                   struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    int fd = -1;
    struct cret_buffer bytes = {0};
    char *path = cret_journal_path(journal, CRET_JOURNAL_FILE);
    const bool begins = !journal->has_current || journal->current_size == 0;
    if (!journal->current_terminated) {
        cret_buffer_append(&bytes, "\n", 1);
    }
    cret_buffer_append(&bytes, text, size);
    cret_buffer_append(&bytes, "\n", 1);
    if (path == NULL || bytes.failed) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_os_open_append(&fd, path, true, 0644, err) != CRET_OK ||
        cret_os_write(fd, bytes.data, bytes.size, err) != CRET_OK ||
        cret_os_fsync(fd, err) != CRET_OK ||
        (begins && cret_os_sync_parent(path, err) != CRET_OK)) {
        cret_err_context(err, "the journal %s", journal->folder);
        goto out;
    }
    journal->has_current = true;
    status = CRET_OK;
out:
    cret_os_close(&fd);
    cret_buffer_free(&bytes);
    free(path);
    return status;
}

/* The line stands in the file: it joins the chain in memory. */
static enum cret_status join(struct cret_journal *journal, const char *text, size_t size,
                             struct cret_err *err)
{
    void *lines = realloc(journal->lines, (journal->line_count + 1) * sizeof(*journal->lines));
    if (lines == NULL) {
        return cret_err_memory(err);
    }
    journal->lines = lines;
    void *chain = realloc(journal->chain, (journal->line_count + 2) * sizeof(*journal->chain));
    if (chain == NULL) {
        return cret_err_memory(err);
    }
    journal->chain = chain;
    const struct cret_journal_line *before =
        journal->line_count > 0 ? &journal->lines[journal->line_count - 1] : NULL;
    const size_t file = journal->file_count - 1;
    const size_t number =
        before != NULL && before->file == file ? before->entry.line_in_file + 1 : 1;
    struct cret_journal_line *line = &journal->lines[journal->line_count];
    if (cret_journal_line_parse(line, text, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    line->file = file;
    line->start = (size_t)journal->current_size + (journal->current_terminated ? 0 : 1);
    line->size = size;
    line->entry.line_in_file = number;
    line->entry.file = strdup(CRET_JOURNAL_FILE);
    journal->chain[journal->chain_count++] = journal->line_count++;
    journal->current_size = line->start + size + 1;
    journal->current_terminated = true;
    journal->tail_start = (size_t)journal->current_size;
    journal->set_aside = false;
    if (line->entry.file == NULL || !line->valid) {
        return line->valid ? cret_err_memory(err)
                           : cret_err_undecided(err, "the line written is not a line of a journal");
    }
    return CRET_OK;
}

static enum cret_status extend(struct cret_journal *journal, const char *text, size_t size,
                               const uint8_t *record_digest, json_t **ret_attestation,
                               struct cret_err *err)
{
    struct cret_journal_extension extension = {
        .line = text, .line_size = size, .record_digest = record_digest};
    memcpy(extension.previous_head, journal->head, CRET_SHA256_BYTES);
    memcpy(extension.head, journal->head, CRET_SHA256_BYTES);
    if (cret_sha256(extension.line_digest, text, size, err) != CRET_OK ||
        cret_journal_extend_head(extension.head, extension.line_digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (journal->witness != NULL && journal->witness->extend(journal->witness->context, &extension,
                                                             ret_attestation, err) != CRET_OK) {
        return cret_err_context(err, "the journal line was written, but the TPM did not take it");
    }
    return CRET_OK;
}

/* Whether our own reader takes a line that is about to be written. */
static enum cret_status read_back(const char *text, size_t size, struct cret_err *err)
{
    struct cret_journal_line line;
    if (cret_journal_line_parse(&line, text, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool valid = line.valid;
    cret_journal_line_clear(&line);
    if (!valid) {
        cret_err_undecided(err, "the journal line of this run could not be read back");
        return cret_err_hint(err, "nothing was written; this is a fault of the program: please "
                                  "report it with this message");
    }
    return CRET_OK;
}

enum cret_status cret_journal_append_line(struct cret_journal *journal, json_t *line,
                                          const uint8_t *record_digest, json_t **ret_attestation,
                                          struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    json_t *attestation = NULL;
    char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
    json_decref(line);
    const size_t size = text != NULL ? strlen(text) : 0;
    if (text == NULL) {
        return cret_err_memory(err);
    }
    if (size > CRET_JOURNAL_LINE_BYTES) {
        cret_err_undecided(err, "a journal line of %zu bytes is too long", size);
        goto out;
    }
    /* The kept head is never more than one line behind: what cannot be kept stops the next line. */
    if (read_back(text, size, err) != CRET_OK || cret_journal_keep_head(journal, err) != CRET_OK ||
        write_line(journal, text, size, err) != CRET_OK ||
        extend(journal, text, size, record_digest, &attestation, err) != CRET_OK ||
        join(journal, text, size, err) != CRET_OK ||
        cret_journal_fold_last(journal, err) != CRET_OK ||
        cret_journal_keep_head(journal, err) != CRET_OK) {
        goto out;
    }
    if (ret_attestation != NULL) {
        *ret_attestation = attestation;
        attestation = NULL;
    }
    status = CRET_OK;
out:
    json_decref(attestation);
    free(text);
    return status;
}
