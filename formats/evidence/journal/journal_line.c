/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a journal: reading it without believing it, and writing it. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/time.h"
#include "evidence/journal/journal_internal.h"

#define TEXT_BYTES 1000u

const char *const cret_journal_kind_names[CRET_JOURNAL_KIND_COUNT + 1] = {
    [CRET_JOURNAL_GENESIS] = "genesis", [CRET_JOURNAL_RUN] = "run",
    [CRET_JOURNAL_NOTE] = "note",       [CRET_JOURNAL_UNCONFIRMED] = "unconfirmed",
    [CRET_JOURNAL_ROTATE] = "rotate",   [CRET_JOURNAL_CLOSE] = "close",
};

static const char *const words[CRET_VERDICT_COUNT] = {
    [CRET_VERDICT_REFUSED] = "refused",
    [CRET_VERDICT_ACCEPTED] = "accepted",
    [CRET_VERDICT_ACCEPTED_WITH_WAIVERS] = "accepted-with-waivers",
    [CRET_VERDICT_UNDECIDED] = "undecided",
    [CRET_VERDICT_PARTIAL] = "partial",
};

const char *cret_journal_kind_name(enum cret_journal_kind kind)
{
    return (unsigned)kind < CRET_JOURNAL_KIND_COUNT ? cret_journal_kind_names[kind] : "unknown";
}

const char *cret_journal_verdict_word(enum cret_verdict verdict)
{
    return (unsigned)verdict < CRET_VERDICT_COUNT ? words[verdict] : "undecided";
}

char *cret_journal_record_name(int64_t time, const char *verdict,
                               const uint8_t digest[CRET_SHA256_BYTES])
{
    char text[32], hex[CRET_SHA256_HEX], compact[32];
    size_t size = 0;
    cret_time_format(text, time);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '-' && *at != ':') {
            compact[size++] = *at;
        }
    }
    compact[size] = '\0';
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    return cret_text_printf(CRET_JOURNAL_RECORDS "/%s-%s-%.16s.json", compact,
                            verdict != NULL ? verdict : "unconfirmed", hex);
}

/* --- reading --- */

/* A digest that is there but malformed spoils the line; *ret_has NULL: it must be there. */
static bool take_digest(uint8_t out[CRET_SHA256_BYTES], bool *ret_has, const json_t *json,
                        const char *key)
{
    const json_t *value = json_object_get(json, key);
    if (value == NULL && ret_has != NULL) {
        *ret_has = false;
        return true;
    }
    const char *text = json_string_value(value);
    if (text == NULL || cret_hex_decode(out, CRET_SHA256_BYTES, text) != CRET_OK) {
        return false;
    }
    if (ret_has != NULL) {
        *ret_has = true;
    }
    return true;
}

/* false: memory. A value of another type counts as absent. */
static bool take_text(char **ret_text, const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    *ret_text = text != NULL ? strdup(text) : NULL;
    return text == NULL || *ret_text != NULL;
}

static bool take_verdict(enum cret_verdict *ret_verdict, const json_t *json)
{
    const char *text = json_string_value(json_object_get(json, "verdict"));
    for (int i = 0; text != NULL && i < CRET_VERDICT_COUNT; i++) {
        if (strcmp(text, cret_verdict_name((enum cret_verdict)i)) == 0) {
            *ret_verdict = (enum cret_verdict)i;
            return true;
        }
    }
    return false;
}

static bool take_kind(enum cret_journal_kind *ret_kind, const json_t *json)
{
    const char *text = json_string_value(json_object_get(json, "kind"));
    for (int i = 0; text != NULL && i < CRET_JOURNAL_KIND_COUNT; i++) {
        if (strcmp(text, cret_journal_kind_names[i]) == 0) {
            *ret_kind = (enum cret_journal_kind)i;
            return true;
        }
    }
    return false;
}

static bool take_genesis(struct cret_journal_line *line, const json_t *json)
{
    const char *witness = json_string_value(json_object_get(json, "witness"));
    const json_t *from = json_object_get(json, "from");
    line->has_witness = witness != NULL && strcmp(witness, "tpm") == 0;
    line->has_from = from != NULL;
    return take_digest(line->genesis, NULL, json, "genesis") && witness != NULL &&
           (line->has_witness || strcmp(witness, "none") == 0) &&
           (from == NULL || (take_digest(line->from_genesis, NULL, from, "genesis") &&
                             take_digest(line->from_head, NULL, from, "head")));
}

static bool take_quote(struct cret_journal_line *line, const json_t *json)
{
    const json_t *quote = json_object_get(json, "quote");
    line->has_quote = quote != NULL;
    if (quote == NULL) {
        return true;
    }
    const int64_t bytes = cret_json_integer(quote, "bytes", -1);
    line->quote_bytes = (uint64_t)bytes;
    return bytes > 0 && take_digest(line->quote_digest, NULL, quote, "sha256");
}

/* What a kind must have; the shape of everything else was looked at already. */
static bool take_kind_fields(struct cret_journal_line *line, const json_t *json)
{
    struct cret_journal_entry *entry = &line->entry;
    switch (entry->kind) {
    case CRET_JOURNAL_GENESIS:
        return entry->number == 0 && take_genesis(line, json);
    case CRET_JOURNAL_RUN:
        return take_verdict(&entry->verdict, json) &&
               take_digest(entry->record, &entry->has_record, json, "record") &&
               entry->has_record &&
               take_digest(entry->signer, &entry->has_signer, json, "signer") &&
               take_digest(entry->signature, &entry->has_signature, json, "signature");
    case CRET_JOURNAL_NOTE:
        return entry->stage != NULL && entry->line.given && entry->line.value > 0;
    case CRET_JOURNAL_UNCONFIRMED:
        /* Not under the name that a run's record has: nobody shall take one for the other. */
        return take_digest(entry->record, &entry->has_record, json, "leftRecord") &&
               take_quote(line, json);
    default:
        return true;
    }
}

static bool take_common(struct cret_journal_line *line, const json_t *json, bool *ret_memory)
{
    struct cret_journal_entry *entry = &line->entry;
    const char *purpose = json_string_value(json_object_get(json, "cretula"));
    const char *time = json_string_value(json_object_get(json, "time"));
    entry->number = cret_json_integer(json, "number", -1);
    entry->at_given = json_object_get(json, "at") != NULL;
    entry->example_keys = json_object_get(json, "exampleKeys") != NULL;
    *ret_memory =
        !take_text(&entry->vendor, json, "vendor") ||
        !take_text(&entry->product, json, "product") ||
        !take_text(&entry->version, json, "version") || !take_text(&entry->asset, json, "asset") ||
        !take_text(&entry->stage, json, "stage") || !take_text(&entry->change_id, json, "changeId");
    return purpose != NULL && strcmp(purpose, CRET_JOURNAL_PURPOSE) == 0 && time != NULL &&
           cret_time_parse(&entry->time, time) == CRET_OK && entry->number >= 0 &&
           cret_optional_number(&entry->sequence, json, "sequence") == CRET_OK &&
           cret_optional_number(&entry->line, json, "line") == CRET_OK &&
           take_digest(entry->identity, &entry->has_identity, json, "identity") &&
           (entry->number == 0 || take_digest(line->previous, NULL, json, "previous")) &&
           take_kind(&entry->kind, json);
}

enum cret_status cret_journal_line_parse(struct cret_journal_line *ret_line, const char *text,
                                         size_t size, struct cret_err *err)
{
    struct cret_journal_line line = {.entry = {.number = -1}};
    json_t *json = NULL;
    bool memory = false;
    struct cret_err ignored = {0};
    if (cret_sha256(line.entry.digest, text, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (size <= CRET_JOURNAL_LINE_BYTES &&
        cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_JOURNAL_CHAIN, &ignored) ==
            CRET_OK) {
        line.is_json = json_is_object(json);
        line.valid =
            line.is_json && take_common(&line, json, &memory) && take_kind_fields(&line, json);
    } else if (ignored.class == CRET_ERR_UNDECIDED) {
        memory = true;
    }
    json_decref(json);
    if (memory) {
        cret_journal_line_clear(&line);
        return cret_err_memory(err);
    }
    *ret_line = line;
    return CRET_OK;
}

/* --- writing --- */

void cret_journal_put_text(struct cret_build *line, const char *key, const char *text)
{
    if (text == NULL) {
        return;
    }
    char *safe = cret_text_escape(text);
    size_t size = safe != NULL ? strlen(safe) : 0;
    if (size > TEXT_BYTES) {
        /* At a character boundary. */
        for (size = TEXT_BYTES; size > 0 && ((unsigned char)safe[size] & 0xc0u) == 0x80u; size--) {
        }
        safe[size] = '\0';
    }
    cret_build_put(line, key, safe != NULL ? json_string(safe) : NULL);
    free(safe);
}

json_t *cret_journal_quote(const char *data, size_t size)
{
    uint8_t digest[CRET_SHA256_BYTES];
    const size_t shown = size - 1 < CRET_JOURNAL_QUOTE_BYTES ? size - 1 : CRET_JOURNAL_QUOTE_BYTES;
    struct cret_build quote = cret_build_object();
    char *text = strndup(data, shown);
    quote.failed |= text == NULL || cret_sha256(digest, data, size, NULL) != CRET_OK;
    if (!quote.failed) {
        cret_build_integer(&quote, "bytes", (int64_t)size);
        cret_build_sha256(&quote, "sha256", digest);
        cret_journal_put_text(&quote, "text", text);
    }
    free(text);
    return cret_build_end(&quote);
}

struct cret_build cret_journal_line_like(const struct cret_journal_entry *entry,
                                         const uint8_t *previous)
{
    struct cret_build line = cret_build_object();
    cret_build_string(&line, "cretula", CRET_JOURNAL_PURPOSE);
    cret_build_integer(&line, "number", entry->number);
    cret_build_time(&line, "time", entry->time);
    cret_build_string(&line, "kind", cret_journal_kind_names[entry->kind]);
    cret_build_sha256(&line, "previous", previous);
    return line;
}

struct cret_build cret_journal_line_begin(const struct cret_journal *journal,
                                          enum cret_journal_kind kind, int64_t time)
{
    const struct cret_journal_line *last = cret_journal_last(journal);
    const struct cret_journal_entry entry = {
        .kind = kind, .time = time, .number = last != NULL ? last->entry.number + 1 : 0};
    return cret_journal_line_like(&entry, last != NULL ? last->entry.digest : NULL);
}

void cret_journal_line_from_record(struct cret_build *line, const json_t *record)
{
    static const struct {
        const char *key, *path;
    } texts[] = {
        {"verdict", "result.verdict"},
        {"identity", "what.identity"},
        {"vendor", "what.product.vendor"},
        {"product", "what.product.name"},
        {"version", "what.release.version"},
        {"archive", "what.archive.name"},
        {"changeId", "why.changeId"},
        {"asset", "why.asset"},
        {"zone", "why.zone"},
        {"stage", "why.stage"},
        {"user", "who.user"},
    };
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        cret_journal_put_text(line, texts[i].key, cret_json_string(record, texts[i].path));
    }
    const json_t *sequence = cret_json_get(record, "what.release.sequence");
    if (json_is_integer(sequence)) {
        cret_build_integer(line, "sequence", json_integer_value(sequence));
    }
    if (cret_json_boolean(record, "when.verificationTimeGiven", false)) {
        const char *at = cret_json_string(record, "when.verificationTime");
        cret_journal_put_text(line, "at", at != NULL ? at : "unknown");
    }
    cret_build_flag(line, "exampleKeys",
                    cret_json_boolean(record, "how.exampleKeysAllowed", false));
}
