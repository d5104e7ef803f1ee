/* SPDX-License-Identifier: Apache-2.0 */
/* A journal in memory: its folder, its lines, its head, and what they say. */
#include "evidence/journal/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "evidence/journal/journal_internal.h"

enum cret_status cret_journal_extend_head(uint8_t head[CRET_SHA256_BYTES],
                                          const uint8_t *line_digest, struct cret_err *err)
{
    uint8_t both[2 * CRET_SHA256_BYTES];
    memcpy(both, head, CRET_SHA256_BYTES);
    memcpy(both + CRET_SHA256_BYTES, line_digest, CRET_SHA256_BYTES);
    return cret_sha256(head, both, sizeof(both), err);
}

char *cret_journal_path(const struct cret_journal *journal, const char *name)
{
    return cret_text_printf("%s/%s", journal->folder, name);
}

void cret_journal_line_clear(struct cret_journal_line *line)
{
    struct cret_journal_entry *entry = &line->entry;
    char **const texts[] = {&entry->vendor, &entry->product,   &entry->version, &entry->asset,
                            &entry->stage,  &entry->change_id, &entry->file};
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        free(*texts[i]);
        *texts[i] = NULL;
    }
}

void cret_journal_free(struct cret_journal **journal)
{
    if (journal == NULL || *journal == NULL) {
        return;
    }
    struct cret_journal *old = *journal;
    for (size_t i = 0; i < old->line_count; i++) {
        cret_journal_line_clear(&old->lines[i]);
    }
    free(old->lines);
    free(old->chain);
    for (size_t i = 0; i < old->file_count; i++) {
        free(old->files[i]);
    }
    free(old->files);
    free(old->folder);
    free(old->pending_name);
    cret_findings_free(&old->faults);
    cret_journal_free(&old->earlier);
    cret_os_close(&old->lock);
    free(old);
    *journal = NULL;
}

const struct cret_journal_line *cret_journal_last(const struct cret_journal *journal)
{
    return journal->chain_count > 0 ? &journal->lines[journal->chain[journal->chain_count - 1]]
                                    : NULL;
}

size_t cret_journal_count(const struct cret_journal *journal)
{
    return journal->chain_count;
}

const struct cret_journal_entry *cret_journal_at(const struct cret_journal *journal, size_t index)
{
    return &journal->lines[journal->chain[index]].entry;
}

void cret_journal_where(const struct cret_journal *journal, const struct cret_journal_line *line,
                        char *out, size_t size)
{
    const char *file = journal->files[line->file];
    if (line->valid) {
        snprintf(out, size, "%s, line %zu (number %" PRId64 ")", file, line->entry.line_in_file,
                 line->entry.number);
    } else {
        snprintf(out, size, "%s, line %zu", file, line->entry.line_in_file);
    }
}

const uint8_t *cret_journal_genesis(const struct cret_journal *journal)
{
    return journal->genesis;
}

const uint8_t *cret_journal_head(const struct cret_journal *journal)
{
    return journal->head;
}

int64_t cret_journal_last_time(const struct cret_journal *journal)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    return last != NULL ? last->entry.time : 0;
}

int64_t cret_journal_next_number(const struct cret_journal *journal)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    return last != NULL ? last->entry.number + 1 : 0;
}

bool cret_journal_has_witness(const struct cret_journal *journal)
{
    return journal->line_count > 0 && journal->lines[0].has_witness;
}

bool cret_journal_closed(const struct cret_journal *journal)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    return last != NULL && last->entry.kind == CRET_JOURNAL_CLOSE;
}

bool cret_journal_has_tail(const struct cret_journal *journal)
{
    return journal->set_aside || journal->tail_start < journal->current_size;
}

const uint8_t *cret_journal_last_record(const struct cret_journal *journal)
{
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (entry->kind == CRET_JOURNAL_RUN) {
            return entry->record;
        }
    }
    return NULL;
}

const struct cret_journal *cret_journal_earlier(const struct cret_journal *journal)
{
    return journal->earlier;
}

bool cret_journal_accepted(const struct cret_journal_entry *entry)
{
    return entry->kind == CRET_JOURNAL_RUN && !entry->pending && !entry->unconfirmed &&
           !entry->at_given && !entry->example_keys &&
           (entry->verdict == CRET_VERDICT_ACCEPTED ||
            entry->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
}
