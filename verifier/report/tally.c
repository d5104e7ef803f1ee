/* SPDX-License-Identifier: Apache-2.0 */
/* Counting verdicts, and the table that says of which file each is. */
#include "verifier/report/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"

#define UNDECIDED "UNDECIDED"

/* In the order in which the last line counts them. */
static const char *const words[] = {
    "ACCEPTED", "ACCEPTED WITH WAIVERS", "PARTIAL", "REFUSED", UNDECIDED, "NOT JUDGED"};
enum { WORDS = CRET_LENGTH(words), NOT_JUDGED = WORDS - 1 };

struct row {
    size_t word; /* index */
    char *file, *text;
};

struct cret_tally {
    struct row *rows;
    size_t count;
    bool failed;
};

struct cret_tally *cret_tally_new(void)
{
    return calloc(1, sizeof(struct cret_tally));
}

void cret_tally_free(struct cret_tally **tally)
{
    if (tally == NULL || *tally == NULL) {
        return;
    }
    for (size_t i = 0; i < (*tally)->count; i++) {
        free((*tally)->rows[i].file);
        free((*tally)->rows[i].text);
    }
    free((*tally)->rows);
    free(*tally);
    *tally = NULL;
}

/* Takes text over; NULL: it got lost. */
static void add(struct cret_tally *tally, const char *word, const char *file, char *text)
{
    struct row row = {.word = NOT_JUDGED, .file = strdup(file), .text = text};
    struct row *rows = reallocarray(tally->rows, tally->count + 1, sizeof(*rows));
    for (size_t i = 0; i < WORDS; i++) {
        row.word = strcmp(words[i], word) == 0 ? i : row.word;
    }
    tally->rows = rows != NULL ? rows : tally->rows;
    if (rows == NULL || row.file == NULL || row.text == NULL) {
        free(row.file);
        free(row.text);
        tally->failed = true;
        return;
    }
    tally->rows[tally->count++] = row;
}

/* What it is, or the nearest cause why it is not accepted. */
static char *text_of(const struct cret_outcome *outcome, const char *word)
{
    const struct cret_finding *fault = cret_findings_first_fault(outcome->findings, 0);
    const char *vendor = cret_json_string(outcome->document, "product.vendor");
    const char *product = cret_json_string(outcome->document, "product.name");
    const char *version = cret_json_string(outcome->document, "release.version");
    if (strcmp(word, UNDECIDED) == 0) {
        return strdup(outcome->error.what);
    }
    if (fault != NULL) {
        return strdup(fault->reason);
    }
    if (vendor != NULL && product != NULL && version != NULL) {
        return cret_text_printf("%s %s %s (sequence %" PRId64 ")", vendor, product, version,
                                cret_json_integer(outcome->document, "release.sequence", 0));
    }
    return strdup("");
}

void cret_tally_judged(struct cret_tally *tally, const char *file,
                       const struct cret_outcome *outcome, int code)
{
    const bool delivered = cret_verdict_exit_code(outcome->verdict) == code;
    const char *word = delivered ? cret_verdict_name(outcome->verdict) : UNDECIDED;
    if (tally != NULL) {
        add(tally, word, file, text_of(outcome, word));
    }
}

void cret_tally_failed(struct cret_tally *tally, const char *file, const struct cret_err *err)
{
    if (tally != NULL) {
        add(tally, words[NOT_JUDGED], file, strdup(err->what));
    }
}

static enum cret_tone tone_of(const size_t counts[WORDS], size_t total)
{
    return counts[0] == total ? CRET_TONE_GOOD : counts[3] > 0 ? CRET_TONE_BAD : CRET_TONE_CAUTION;
}

/* The line of the counts: "ACCEPTED 3, REFUSED 15". */
static void put_counts(struct cret_page *page, const struct cret_tally *tally)
{
    size_t counts[WORDS] = {0};
    struct cret_buffer line = {0};
    for (size_t i = 0; i < tally->count; i++) {
        counts[tally->rows[i].word]++;
    }
    for (size_t i = 0; i < WORDS; i++) {
        if (counts[i] > 0) {
            cret_buffer_printf(&line, "%s%s %zu", line.size > 0 ? ", " : "", words[i], counts[i]);
        }
    }
    cret_page_verdict(page, tone_of(counts, tally->count), cret_page_words(page, &line), "%zu %s",
                      tally->count, cret_plural(tally->count, "file", "files"));
    cret_buffer_free(&line);
}

bool cret_tally_page(struct cret_page *page, const struct cret_tally *tally)
{
    static const struct cret_page_column columns[] = {
        {.name = "verdict"}, {.name = "file"}, {.name = "release, or why not"}};
    if (tally == NULL || tally->failed) {
        return false;
    }
    put_counts(page, tally);
    cret_page_table(page, columns, CRET_LENGTH(columns));
    for (size_t i = 0; i < tally->count; i++) {
        cret_page_cell(page, "%s", words[tally->rows[i].word]);
        cret_page_cell(page, "%s", tally->rows[i].file);
        cret_page_cell(page, "%s", tally->rows[i].text);
    }
    return !cret_page_failed(page);
}
