/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal remembers of a product on an asset, and of the releases of a vendor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/unicode.h"
#include "evidence/journal/journal_internal.h"

static bool same(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && cret_unicode_same(left, right));
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
                 const uint8_t *identity, struct cret_journal_history *history)
{
    const bool other = identity == NULL || !run->has_identity ||
                       memcmp(run->identity, identity, CRET_SHA256_BYTES) != 0;
    const bool level = history->highest.given && run->sequence.value == history->highest.value;
    if (!run->sequence.given || (level && (!other || history->by_other)) ||
        (history->highest.given && run->sequence.value < history->highest.value)) {
        return;
    }
    history->highest = run->sequence;
    history->by_other = other;
    history->time = said->time;
    snprintf(history->version, sizeof(history->version), "%s",
             run->version != NULL ? run->version : "?");
    snprintf(history->stage, sizeof(history->stage), "%s", said->stage);
}

static void search(const struct cret_journal *journal, const char *vendor, const char *product,
                   const char *asset, const uint8_t *identity, struct cret_journal_history *history)
{
    for (size_t i = 0; i < journal->chain_count; i++) {
        const struct cret_journal_entry *said = cret_journal_at(journal, i);
        const struct cret_journal_entry *run =
            said->kind == CRET_JOURNAL_NOTE ? find_run(journal, said->line.value) : said;
        if (run == NULL || said->unconfirmed || !cret_journal_accepted(run) ||
            !same(run->vendor, vendor) || !same(run->product, product)) {
            continue;
        }
        if (identity != NULL && run->has_identity &&
            memcmp(run->identity, identity, CRET_SHA256_BYTES) == 0) {
            history->accepted_before = true;
        }
        if (in_service(said->stage) && same(said->asset, asset)) {
            take(run, said, identity, history);
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
    struct cret_journal_history history = {.accepted_before = false};
    /* Lines hold texts in the form in which they can be shown. */
    struct cret_build build = cret_build_object();
    json_t *asked = NULL;
    cret_journal_put_text(&build, "vendor", vendor);
    cret_journal_put_text(&build, "product", product);
    cret_journal_put_text(&build, "asset", asset);
    if (cret_build_take(&asked, &build, err) != CRET_OK) {
        return CRET_FAILED;
    }
    search(journal, json_string_value(json_object_get(asked, "vendor")),
           json_string_value(json_object_get(asked, "product")),
           json_string_value(json_object_get(asked, "asset")), identity, &history);
    *ret_history = history;
    json_decref(asked);
    return CRET_OK;
}

/* One run over the lines of a vendor. */
struct releases {
    const char *vendor;
    cret_journal_visitor visitor;
    void *context;
    json_t *seen; /* object: identities that were visited */
    struct cret_err *err;
};

char *cret_journal_record_path(const struct cret_journal *journal,
                               const struct cret_journal_entry *run)
{
    char *name =
        cret_journal_record_name(run->time, cret_journal_verdict_word(run->verdict), run->record);
    char *path = name != NULL ? cret_journal_path(journal, name) : NULL;
    free(name);
    return path;
}

/* The record of a run as its line knows it. *ret_record stays NULL where the file is not that. */
static enum cret_status read_record(const struct cret_journal *journal,
                                    const struct cret_journal_entry *run, json_t **ret_record,
                                    struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_file_info info;
    char *data = NULL;
    size_t size = 0;
    bool exists = false;
    char *path = cret_journal_record_path(journal, run);
    enum cret_status status =
        path != NULL ? cret_os_stat_path(&info, &exists, path, err) : cret_err_memory(err);
    if (status == CRET_OK && exists && info.kind == CRET_KIND_REGULAR &&
        info.size <= CRET_LIMIT_PARSED_FILE_BYTES) {
        status = cret_file_read(&data, &size, path, CRET_LIMIT_PARSED_FILE_BYTES,
                                CRET_ERR_UNDECIDED, err);
        if (status == CRET_OK) {
            status = cret_sha256(digest, data, size, err);
        }
        if (status == CRET_OK && memcmp(digest, run->record, CRET_SHA256_BYTES) == 0 &&
            cret_json_parse(ret_record, data, size, CRET_JSON_STRICT, CRET_CHECK_JOURNAL_RECORDS,
                            NULL) != CRET_OK) {
            *ret_record = NULL;
        }
    }
    free(data);
    free(path);
    return status;
}

static enum cret_status visit(const struct releases *releases, const struct cret_journal *journal,
                              const struct cret_journal_entry *run)
{
    char hex[CRET_SHA256_HEX];
    json_t *record = NULL;
    if (!cret_journal_accepted(run) || !run->has_identity || !run->has_record ||
        !same(run->vendor, releases->vendor)) {
        return CRET_OK;
    }
    cret_hex_encode(hex, run->identity, CRET_SHA256_BYTES);
    if (json_object_get(releases->seen, hex) != NULL) {
        return CRET_OK;
    }
    if (json_object_set_new(releases->seen, hex, json_true()) != 0) {
        return cret_err_memory(releases->err);
    }
    if (read_record(journal, run, &record, releases->err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        releases->visitor(releases->context, run, record, releases->err);
    json_decref(record);
    return status;
}

static enum cret_status visit_all(const struct releases *releases,
                                  const struct cret_journal *journal)
{
    for (size_t i = journal->chain_count; i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (entry->kind == CRET_JOURNAL_RUN && visit(releases, journal, entry) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return journal->earlier != NULL ? visit_all(releases, journal->earlier) : CRET_OK;
}

enum cret_status cret_journal_each_release(const struct cret_journal *journal, const char *vendor,
                                           const uint8_t *identity, cret_journal_visitor visitor,
                                           void *context, struct cret_err *err)
{
    char hex[CRET_SHA256_HEX];
    enum cret_status status = CRET_FAILED;
    /* Lines hold texts in the form in which they can be shown. */
    struct cret_build words = cret_build_object(), known = cret_build_object();
    json_t *asked = NULL, *seen = NULL;
    cret_hex_encode(hex, identity, CRET_SHA256_BYTES);
    cret_journal_put_text(&words, "vendor", vendor);
    cret_build_flag(&known, hex, true);
    if (cret_build_take(&seen, &known, err) == CRET_OK &&
        cret_build_take(&asked, &words, err) == CRET_OK) {
        const struct releases releases = {.vendor =
                                              json_string_value(json_object_get(asked, "vendor")),
                                          .visitor = visitor,
                                          .context = context,
                                          .seen = seen,
                                          .err = err};
        status = visit_all(&releases, journal);
    }
    json_decref(asked);
    json_decref(seen);
    json_decref(cret_build_end(&words));
    return status;
}
