/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal remembers of a product on an asset. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/journal_internal.h"

static bool same(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool in_service(const char *stage)
{
    return stage != NULL && (strcmp(stage, "authorized") == 0 || strcmp(stage, "deployed") == 0);
}

/* In a sound chain the number of a line is its place. */
static const struct cret_journal_entry *find_run(const struct cret_journal *journal, int64_t number)
{
    if (number < 0 || (uint64_t)number >= journal->chain_count) {
        return NULL;
    }
    const struct cret_journal_entry *entry = cret_journal_at(journal, (size_t)number);
    return entry->kind == CRET_JOURNAL_RUN && entry->number == number ? entry : NULL;
}

/* A run or a note puts its release into service on an asset. */
static void take(const struct cret_journal_entry *run, const struct cret_journal_entry *said,
                 struct cret_journal_history *history)
{
    if (run->sequence <= history->highest) {
        return;
    }
    history->highest = run->sequence;
    history->time = said->time;
    (void)snprintf(history->version, sizeof(history->version), "%s",
                   run->version != NULL ? run->version : "?");
    (void)snprintf(history->stage, sizeof(history->stage), "%s", said->stage);
}

static void search(const struct cret_journal *journal, const char *vendor, const char *product,
                   const char *asset, const uint8_t *identity, struct cret_journal_history *history)
{
    for (size_t i = 0; i < journal->chain_count; i++) {
        const struct cret_journal_entry *said = cret_journal_at(journal, i);
        const struct cret_journal_entry *run =
            said->kind == CRET_JOURNAL_NOTE ? find_run(journal, said->line) : said;
        if (run == NULL || !cret_journal_accepted(run) || !same(run->vendor, vendor) ||
            !same(run->product, product)) {
            continue;
        }
        if (identity != NULL && run->has_identity &&
            memcmp(run->identity, identity, CRET_SHA256_BYTES) == 0) {
            history->accepted_before = true;
        }
        if (in_service(said->stage) && same(said->asset, asset)) {
            take(run, said, history);
        }
    }
    if (journal->earlier != NULL) {
        search(journal->earlier, vendor, product, asset, identity, history);
    }
}

enum cret_status cret_journal_search(const struct cret_journal *journal, const char *vendor,
                                     const char *product, const char *asset,
                                     const uint8_t *identity,
                                     struct cret_journal_history *ret_history, struct cret_err *err)
{
    struct cret_journal_history history = {.highest = -1};
    /* Lines hold texts in the form in which they can be shown. */
    json_t *asked = json_object();
    bool failed = asked == NULL;
    if (!failed) {
        cret_journal_put_text(asked, "vendor", vendor, &failed);
        cret_journal_put_text(asked, "product", product, &failed);
        cret_journal_put_text(asked, "asset", asset, &failed);
    }
    if (!failed) {
        search(journal, json_string_value(json_object_get(asked, "vendor")),
               json_string_value(json_object_get(asked, "product")),
               json_string_value(json_object_get(asked, "asset")), identity, &history);
        *ret_history = history;
    }
    json_decref(asked);
    return failed ? cret_err_memory(err) : CRET_OK;
}
