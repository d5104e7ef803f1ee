/* SPDX-License-Identifier: Apache-2.0 */
/* A line made anew: a run's out of its record, a note's out of the line that it is about, and of
 * the rest exactly the fields that there are, in the one written form. What differs was edited. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "evidence/journal/journal_internal.h"

enum source {
    ITSELF,  /* only this line knows it */
    THE_RUN, /* the line of the run that it is about */
    BEFORE,  /* the bytes before it in its file */
    EARLIER, /* the journal that this one continues */
};

/* The fields of a kind behind those of all lines, in the order in which they are written. */
static const struct row {
    const char *key;
    enum cret_journal_kind kind;
    json_type type;
    enum source source;
} rows[] = {
    {"genesis", CRET_JOURNAL_GENESIS, JSON_STRING, ITSELF},
    {"witness", CRET_JOURNAL_GENESIS, JSON_STRING, ITSELF},
    {"host", CRET_JOURNAL_GENESIS, JSON_STRING, ITSELF},
    {"user", CRET_JOURNAL_GENESIS, JSON_STRING, ITSELF},
    {"from", CRET_JOURNAL_GENESIS, JSON_OBJECT, EARLIER},
    {"line", CRET_JOURNAL_NOTE, JSON_INTEGER, ITSELF},
    {"identity", CRET_JOURNAL_NOTE, JSON_STRING, THE_RUN},
    {"vendor", CRET_JOURNAL_NOTE, JSON_STRING, THE_RUN},
    {"product", CRET_JOURNAL_NOTE, JSON_STRING, THE_RUN},
    {"version", CRET_JOURNAL_NOTE, JSON_STRING, THE_RUN},
    {"stage", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"asset", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"occurred", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"changeId", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"text", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"user", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"name", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"role", CRET_JOURNAL_NOTE, JSON_STRING, ITSELF},
    {"reason", CRET_JOURNAL_UNCONFIRMED, JSON_STRING, ITSELF},
    {"line", CRET_JOURNAL_UNCONFIRMED, JSON_INTEGER, ITSELF},
    {"leftRecord", CRET_JOURNAL_UNCONFIRMED, JSON_STRING, ITSELF},
    {"quote", CRET_JOURNAL_UNCONFIRMED, JSON_OBJECT, BEFORE},
    {"file", CRET_JOURNAL_ROTATE, JSON_STRING, ITSELF},
    {"text", CRET_JOURNAL_CLOSE, JSON_STRING, ITSELF},
    {"user", CRET_JOURNAL_CLOSE, JSON_STRING, ITSELF},
};

/* Adds what stands in the line, in the form in which it would be written. */
static void put_itself(struct cret_build *made, const char *key, json_type type, const json_t *line)
{
    json_t *value = json_object_get(line, key);
    if (value == NULL || json_typeof(value) != type) {
        return; /* a value of another type is none */
    }
    if (type == JSON_STRING) {
        cret_journal_put_text(made, key, json_string_value(value));
    } else {
        cret_build_share(made, key, value);
    }
}

static void put_of_run(struct cret_build *made, const char *key,
                       const struct cret_journal_entry *run)
{
    if (run == NULL) {
        return;
    }
    const struct {
        const char *key, *text;
    } texts[] = {{"vendor", run->vendor}, {"product", run->product}, {"version", run->version}};
    if (strcmp(key, "identity") == 0) {
        cret_build_sha256(made, key, run->has_identity ? run->identity : NULL);
    }
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        if (strcmp(key, texts[i].key) == 0) {
            cret_journal_put_text(made, key, texts[i].text);
        }
    }
}

static const struct cret_journal_entry *run_of(const struct cret_journal *journal, int64_t number)
{
    if (number <= 0 || (uint64_t)number >= journal->chain_count) {
        return NULL;
    }
    const struct cret_journal_entry *entry = cret_journal_at(journal, (size_t)number);
    return entry->kind == CRET_JOURNAL_RUN && entry->number == number ? entry : NULL;
}

static void put_kind(struct cret_build *made, const struct cret_journal *journal,
                     const struct cret_journal_line *line, const char *text, const json_t *actual)
{
    const struct cret_journal_entry *entry = &line->entry;
    const struct cret_journal_entry *run =
        run_of(journal, entry->line.given ? entry->line.value : 0);
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        const struct row *row = &rows[i];
        if (row->kind != entry->kind) {
            continue;
        }
        if (row->source == THE_RUN) {
            put_of_run(made, row->key, run);
        } else if (row->source == EARLIER && journal->earlier != NULL) {
            cret_build_put(made, row->key, cret_journal_from_object(journal->earlier));
        } else if (row->source == BEFORE && line->has_quote && line->quote_bytes <= line->start) {
            /* That it quotes just these bytes, the chain says already. */
            cret_build_put(made, row->key,
                           cret_journal_quote(text - line->quote_bytes, (size_t)line->quote_bytes));
        } else if (row->source == ITSELF) {
            put_itself(made, row->key, row->type, actual);
        }
    }
}

/* NULL: memory. */
static json_t *make_anew(const struct cret_journal *journal, const struct cret_journal_line *line,
                         const char *text, const json_t *actual, const json_t *record)
{
    const struct cret_journal_entry *entry = &line->entry;
    struct cret_build made =
        cret_journal_line_like(entry, entry->number > 0 ? line->previous : NULL);
    if (entry->kind == CRET_JOURNAL_RUN) {
        cret_build_sha256(&made, "record", entry->record);
        cret_build_sha256(&made, "signer", entry->has_signer ? entry->signer : NULL);
        cret_build_sha256(&made, "signature", entry->has_signature ? entry->signature : NULL);
        cret_journal_line_from_record(&made, record);
    } else {
        put_kind(&made, journal, line, text, actual);
    }
    return cret_build_end(&made);
}

/* The first field that differs, or NULL. */
static const char *differing(json_t *actual, json_t *made)
{
    CRET_JSON_MEMBERS (key, value, actual) {
        if (!json_equal(value, json_object_get(made, key))) {
            return key;
        }
    }
    CRET_JSON_MEMBERS (key, value, made) {
        if (json_object_get(actual, key) == NULL) {
            return key;
        }
    }
    return NULL;
}

enum cret_status cret_journal_regenerate(const struct cret_journal *journal,
                                         const struct cret_journal_line *line, const char *text,
                                         const json_t *record, char **ret_why, struct cret_err *err)
{
    json_t *actual = NULL, *made = NULL;
    enum cret_status status = CRET_FAILED;
    char *again = NULL, *why = NULL;
    if (cret_json_parse(&actual, text, line->size, CRET_JSON_STRICT, CRET_CHECK_JOURNAL_CHAIN,
                        err) != CRET_OK) {
        return CRET_FAILED;
    }
    made = make_anew(journal, line, text, actual, record);
    again = made != NULL ? json_dumps(made, JSON_COMPACT) : NULL;
    if (again == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (strlen(again) != line->size || memcmp(again, text, line->size) != 0) {
        const char *key = differing(actual, made);
        const char *source =
            line->entry.kind == CRET_JOURNAL_RUN ? "its record says" : "belongs into such a line";
        char *safe = key != NULL ? cret_text_escape(key) : NULL;
        why = key == NULL ? cret_text_printf("this line was edited: it is not in the form in which "
                                             "lines are written")
              : safe != NULL
                  ? cret_text_printf("this line was edited: it does not say what %s (%.100s)",
                                     source, safe)
                  : NULL;
        free(safe);
        if (why == NULL) {
            cret_err_memory(err);
            goto out;
        }
    }
    *ret_why = why;
    status = CRET_OK;
out:
    json_decref(actual);
    json_decref(made);
    free(again);
    return status;
}
