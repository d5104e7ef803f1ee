/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines of the files stand in the chain, and what is wrong with the others. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "evidence/journal/journal_internal.h"

/* The walk over all lines; text of each file, so that quotations can be compared. */
struct walk {
    struct cret_journal *journal;
    char **texts;
    size_t *sizes;
    size_t capacity; /* of the journal's lines */
};

/* Where a line stands. */
struct place {
    size_t file, start, size; /* bytes of that file, without the line break */
    size_t number;            /* 1: the first line of the file */
    bool terminated;          /* a line break follows */
};

/* One fault a line: the first is the cause, the rest would only repeat it. */
static void fault(struct cret_journal *journal, struct cret_journal_line *line, const char *hint,
                  const char *reason)
{
    char where[256];
    if (line->named) {
        return;
    }
    line->named = true;
    cret_journal_where(journal, line, where, sizeof(where));
    cret_findings_add(journal->faults, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = where, .hint = hint}, "%s", reason);
}

static enum cret_status push(struct cret_journal *journal, size_t index)
{
    journal->chain[journal->chain_count++] = index; /* as long as there are lines */
    return CRET_OK;
}

static bool extends(const struct cret_journal_line *last, const struct cret_journal_line *line)
{
    return line->entry.number == last->entry.number + 1 &&
           memcmp(line->previous, last->entry.digest, CRET_SHA256_BYTES) == 0;
}

/* Whether the unconfirmed line at `index` quotes exactly the bytes between the line `after` and
 * itself. */
static enum cret_status quotes_region(const struct walk *walk, size_t after, size_t index,
                                      bool *ret_fits, struct cret_err *err)
{
    const struct cret_journal_line *base = &walk->journal->lines[after];
    const struct cret_journal_line *line = &walk->journal->lines[index];
    uint8_t digest[CRET_SHA256_BYTES];
    *ret_fits = false;
    /* The line break of the base line is not quoted; it may lie in the file before. */
    const size_t from = base->file == line->file ? base->start + base->size + 1 : 0;
    if (line->start <= from || line->quote_bytes != line->start - from) {
        return CRET_OK;
    }
    if (cret_sha256(digest, walk->texts[line->file] + from, line->start - from, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_fits = memcmp(digest, line->quote_digest, sizeof(digest)) == 0;
    return CRET_OK;
}

/* Lines between the last of the chain and `index` that no unconfirmed line quotes. */
static void fault_region(struct cret_journal *journal, size_t index)
{
    const size_t from = journal->chain_count > 0 ? journal->chain[journal->chain_count - 1] + 1 : 0;
    for (size_t i = from; i < index; i++) {
        fault(journal, &journal->lines[i],
              "a line that is no journal line was put here, or one was damaged",
              "this line was edited or inserted: it is not a line of the journal");
    }
}

static bool numbered(const struct cret_journal *journal, size_t from, size_t to, int64_t low,
                     int64_t high)
{
    for (size_t i = from; i < to; i++) {
        const struct cret_journal_line *line = &journal->lines[i];
        if (line->valid && line->entry.number >= low && line->entry.number <= high) {
            return true;
        }
    }
    return false;
}

/* A number that was reached already: a copy, an insertion, or a line that was moved down. */
static void fault_low_number(struct cret_journal *journal, size_t index)
{
    struct cret_journal_line *line = &journal->lines[index];
    for (size_t i = 0; i < index; i++) {
        const struct cret_journal_line *other = &journal->lines[i];
        if (other->valid && other->entry.number == line->entry.number) {
            const bool copy =
                memcmp(other->entry.digest, line->entry.digest, CRET_SHA256_BYTES) == 0;
            fault(journal, line, "compare with a copy of the journal",
                  copy ? "this line was inserted: it is a copy of an earlier one"
                       : "this line was inserted: an earlier one has the same number");
            return;
        }
    }
    fault(journal, line, "compare with a copy of the journal",
          "this line was moved: it stands behind lines with higher numbers");
}

/* The number skips some. */
static void fault_gap(struct cret_journal *journal, size_t index, int64_t last_number)
{
    struct cret_journal_line *line = &journal->lines[index];
    char reason[160];
    const int64_t low = last_number + 1, high = line->entry.number - 1;
    if (numbered(journal, index + 1, journal->line_count, low, high)) {
        snprintf(reason, sizeof(reason),
                 "the lines were reordered: number %" PRId64 " stands before number %" PRId64,
                 line->entry.number, low);
    } else if (low == high) {
        snprintf(reason, sizeof(reason), "line number %" PRId64 " was deleted before this one",
                 low);
    } else {
        snprintf(reason, sizeof(reason),
                 "lines number %" PRId64 " to %" PRId64 " were deleted before this one", low, high);
    }
    fault(journal, line, "compare with a copy of the journal", reason);
}

/* Numbers follow, digests do not: one of the two lines is not what it was. */
static void fault_edited(struct cret_journal *journal, struct cret_journal_line *last, size_t index)
{
    static const char edited[] = "this line was edited: the next one was made after another text";
    struct cret_journal_line *line = &journal->lines[index];
    for (size_t i = index + 1; i < journal->line_count; i++) {
        const struct cret_journal_line *next = &journal->lines[i];
        if (!next->valid) {
            continue;
        }
        if (extends(line, next)) {
            fault(journal, last, "compare with a copy of the journal, and with the record", edited);
        } else {
            fault(journal, line, "compare with a copy of the journal, and with the record",
                  "this line was edited: it fits neither the one before nor the one after it");
        }
        return;
    }
    fault(journal, last, "compare with a copy of the journal, and with the record",
          "this line or the one after it was edited");
}

/* A valid line that does not follow the last one of the chain. Says why, and goes on from there. */
static enum cret_status misfit(struct cret_journal *journal, size_t index)
{
    struct cret_journal_line *line = &journal->lines[index];
    struct cret_journal_line *last = &journal->lines[journal->chain[journal->chain_count - 1]];
    const size_t region = index - journal->chain[journal->chain_count - 1] - 1;
    if (journal->chain_count > 1 &&
        extends(&journal->lines[journal->chain[journal->chain_count - 2]], line)) {
        fault(journal, last, "compare with a copy of the journal",
              "this line was inserted: the next one follows on the one before it");
        fault_region(journal, index);
        journal->chain_count--;
        return push(journal, index);
    }
    if (line->entry.number <= last->entry.number) {
        fault_low_number(journal, index);
        return CRET_OK;
    }
    const uint64_t missing = (uint64_t)(line->entry.number - last->entry.number - 1);
    const bool damaged_only = missing > 0 && missing == region;
    fault_region(journal, index);
    if (missing == 0 && !extends(last, line)) {
        fault_edited(journal, last, index);
    } else if (missing > 0 && !damaged_only) {
        fault_gap(journal, index, last->entry.number);
    }
    return push(journal, index);
}

/* An unconfirmed line that quotes what an interrupted run left: some text, or one whole line. */
static enum cret_status take_quotation(const struct walk *walk, size_t index, bool *ret_taken,
                                       struct cret_err *err)
{
    struct cret_journal *journal = walk->journal;
    const struct cret_journal_line *line = &journal->lines[index];
    *ret_taken = false;
    for (size_t back = 1; back <= 2 && back <= journal->chain_count; back++) {
        const size_t after = journal->chain[journal->chain_count - back];
        bool fits = false;
        if (!extends(&journal->lines[after], line)) {
            continue;
        }
        if (quotes_region(walk, after, index, &fits, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (fits) {
            journal->chain_count -= back - 1;
            *ret_taken = true;
            return push(journal, index);
        }
    }
    return CRET_OK;
}

static enum cret_status walk_line(const struct walk *walk, size_t index, struct cret_err *err)
{
    struct cret_journal *journal = walk->journal;
    struct cret_journal_line *line = &journal->lines[index];
    bool taken = false;
    if (!line->valid) {
        return CRET_OK; /* judged when the next line in form is met, or at the end */
    }
    if (journal->chain_count == 0) {
        fault_region(journal, index);
        if (line->entry.kind != CRET_JOURNAL_GENESIS) {
            fault(journal, line, "the beginning is missing; compare with a copy of the journal",
                  "the lines before this one were deleted: it is not the first of a journal");
        }
        return push(journal, index);
    }
    const struct cret_journal_line *last = cret_journal_last(journal);
    if (line->entry.kind == CRET_JOURNAL_UNCONFIRMED && line->has_quote) {
        if (take_quotation(walk, index, &taken, err) != CRET_OK || taken) {
            return taken ? CRET_OK : CRET_FAILED;
        }
    }
    const bool adjacent = journal->chain[journal->chain_count - 1] + 1 == index;
    if (!extends(last, line) || !adjacent || line->has_quote) {
        if (extends(last, line) && line->has_quote) {
            fault(journal, line, "compare with a copy of the journal",
                  "the text that this line quotes is not what stands before it");
        }
        /* What stands between and was faulted already (a moved line) is no new fault. */
        return extends(last, line) ? (fault_region(journal, index), push(journal, index))
                                   : misfit(journal, index);
    }
    return push(journal, index);
}

/* Rules about the order of kinds and times, over the chain that was found. */
static void check_order(struct cret_journal *journal)
{
    for (size_t i = 1; i < journal->chain_count; i++) {
        const struct cret_journal_line *before = &journal->lines[journal->chain[i - 1]];
        struct cret_journal_line *line = &journal->lines[journal->chain[i]];
        if (before->entry.kind == CRET_JOURNAL_CLOSE) {
            fault(journal, line, NULL, "this line was added after the journal had been closed");
        } else if (line->entry.kind == CRET_JOURNAL_GENESIS) {
            fault(journal, line, NULL, "a second beginning was inserted here");
        } else if (line->entry.time < before->entry.time) {
            fault(journal, line, NULL, "this line is older than the one before it");
        } else if (line->file != before->file && before->entry.kind != CRET_JOURNAL_ROTATE) {
            fault(journal, line, "compare with a copy of the journal",
                  "the file before this one ends without the line that says so");
        }
    }
}

/* Everything behind the last line of the chain: torn text is what a crash leaves; a whole line that
 * does not belong there is not. */
static void check_tail(struct cret_journal *journal)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    const size_t from = journal->chain_count > 0 ? journal->chain[journal->chain_count - 1] + 1 : 0;
    const size_t current = journal->file_count - 1;
    journal->tail_start = (size_t)journal->current_size;
    for (size_t i = from; i < journal->line_count; i++) {
        struct cret_journal_line *line = &journal->lines[i];
        if (line->is_json || line->file != current || last == NULL) {
            fault(journal, line, "compare with a copy of the journal",
                  "this line was inserted or edited: it does not belong to the chain");
        }
    }
    if (from < journal->line_count && last != NULL) {
        journal->tail_start = last->file == current ? last->start + last->size + 1 : 0;
    }
}

void cret_journal_drop_last(struct cret_journal *journal)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    journal->tail_start = last->start;
    journal->set_aside = true;
    journal->chain_count--;
}

static enum cret_status add_line(struct walk *walk, const struct place *place, struct cret_err *err)
{
    struct cret_journal *journal = walk->journal;
    if (journal->line_count == walk->capacity) {
        walk->capacity = walk->capacity > 0 ? 2 * walk->capacity : 256;
        void *grown = realloc(journal->lines, walk->capacity * sizeof(*journal->lines));
        if (grown == NULL) {
            return cret_err_memory(err);
        }
        journal->lines = grown;
    }
    struct cret_journal_line *line = &journal->lines[journal->line_count];
    const char *text = walk->texts[place->file] + place->start;
    if (cret_journal_line_parse(line, text, place->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    journal->line_count++;
    line->start = place->start;
    line->size = place->size;
    line->file = place->file;
    line->entry.line_in_file = place->number;
    line->entry.file = strdup(journal->files[place->file]);
    line->is_json = line->is_json && place->terminated;
    line->valid = line->valid && place->terminated;
    return line->entry.file != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status split(struct walk *walk, size_t file, struct cret_err *err)
{
    const char *text = walk->texts[file];
    const size_t size = walk->sizes[file];
    struct place place = {.file = file, .number = 1};
    for (; place.start < size; place.number++) {
        const char *end = memchr(text + place.start, '\n', size - place.start);
        place.terminated = end != NULL;
        place.size = (end != NULL ? (size_t)(end - text) : size) - place.start;
        if (add_line(walk, &place, err) != CRET_OK) {
            return CRET_FAILED;
        }
        place.start += place.size + 1;
    }
    return CRET_OK;
}

static enum cret_status read_files(struct walk *walk, struct cret_err *err)
{
    struct cret_journal *journal = walk->journal;
    for (size_t i = 0; i < journal->file_count; i++) {
        const bool current = i + 1 == journal->file_count;
        if (current && !journal->has_current) {
            break;
        }
        char *path = cret_journal_path(journal, journal->files[i]);
        if (path == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status =
            cret_file_read(&walk->texts[i], &walk->sizes[i], path, CRET_JOURNAL_FILE_BYTES,
                           CRET_ERR_UNDECIDED, err);
        free(path);
        if (status != CRET_OK || split(walk, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (current) {
            journal->current_size = walk->sizes[i];
            journal->current_terminated =
                walk->sizes[i] == 0 || walk->texts[i][walk->sizes[i] - 1] == '\n';
        }
    }
    return CRET_OK;
}

enum cret_status cret_journal_load(struct cret_journal *journal, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct walk walk = {.journal = journal,
                        .texts = calloc(journal->file_count, sizeof(char *)),
                        .sizes = calloc(journal->file_count, sizeof(size_t))};
    journal->current_terminated = true;
    if (walk.texts == NULL || walk.sizes == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (read_files(&walk, err) != CRET_OK) {
        goto out;
    }
    journal->chain = calloc(journal->line_count + 1, sizeof(*journal->chain));
    if (journal->chain == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < journal->line_count; i++) {
        if (walk_line(&walk, i, err) != CRET_OK) {
            goto out;
        }
    }
    check_order(journal);
    check_tail(journal);
    status = cret_findings_whole(journal->faults, err) == CRET_OK ? cret_journal_fold(journal, err)
                                                                  : CRET_FAILED;
out:
    for (size_t i = 0; walk.texts != NULL && i < journal->file_count; i++) {
        free(walk.texts[i]);
    }
    free(walk.texts);
    free(walk.sizes);
    return status;
}

/* The run of that number, or NULL. Numbers rise along the chain, gaps are faults. */
static struct cret_journal_line *find_number(struct cret_journal *journal, int64_t number)
{
    size_t low = 0, high = journal->chain_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        struct cret_journal_line *line = &journal->lines[journal->chain[middle]];
        if (line->entry.number == number) {
            return line;
        }
        if (line->entry.number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

enum cret_status cret_journal_fold_last(struct cret_journal *journal, struct cret_err *err)
{
    struct cret_journal_line *line = &journal->lines[journal->chain[journal->chain_count - 1]];
    if (cret_journal_extend_head(journal->head, line->entry.digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(line->entry.head, journal->head, CRET_SHA256_BYTES);
    if (line->entry.kind == CRET_JOURNAL_UNCONFIRMED && line->entry.line.given) {
        struct cret_journal_line *run = find_number(journal, line->entry.line.value);
        if (run != NULL) {
            run->entry.unconfirmed = true;
        }
    }
    return CRET_OK;
}

enum cret_status cret_journal_fold(struct cret_journal *journal, struct cret_err *err)
{
    const size_t count = journal->chain_count;
    journal->has_genesis =
        count > 0 && journal->lines[journal->chain[0]].entry.kind == CRET_JOURNAL_GENESIS;
    if (!journal->has_genesis) {
        return CRET_OK;
    }
    memcpy(journal->genesis, journal->lines[journal->chain[0]].genesis, CRET_SHA256_BYTES);
    memcpy(journal->head, journal->genesis, CRET_SHA256_BYTES);
    for (size_t i = 0; i < count; i++) {
        journal->lines[journal->chain[i]].entry.unconfirmed = false;
    }
    enum cret_status status = CRET_OK;
    for (journal->chain_count = 1; status == CRET_OK && journal->chain_count <= count;
         journal->chain_count++) {
        status = cret_journal_fold_last(journal, err);
    }
    journal->chain_count = count;
    return status;
}
