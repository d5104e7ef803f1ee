/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for claims in the texts of a release, and for what stands behind them. */
#include "release/statements/claims.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"

#define WORDS_MAXIMUM 400u    /* of a sentence; longer ones are looked at in parts */
#define SENTENCE_SHOWN 200u   /* bytes of a sentence that a finding quotes */
#define FINDINGS_PER_TEXT 20u /* one document must not fill the report */

struct word {
    const char *text;
    size_t size;
};

/* Letters, digits, and what stands inside words; bytes above ASCII are letters here. */
static bool is_word_byte(char c)
{
    const unsigned char byte = (unsigned char)c;
    return isalnum(byte) || byte >= 0x80 || byte == '\'' || byte == '-';
}

static size_t split_words(struct word *words, const char *sentence, size_t size)
{
    size_t count = 0, i = 0;
    while (i < size && count < WORDS_MAXIMUM) {
        while (i < size && !is_word_byte(sentence[i])) {
            i++;
        }
        const size_t begin = i;
        while (i < size && is_word_byte(sentence[i])) {
            i++;
        }
        if (i > begin) {
            words[count++] = (struct word){sentence + begin, i - begin};
        }
    }
    return count;
}

static bool word_is(const struct word *word, const char *text, size_t size)
{
    if (size > 0 && text[size - 1] == '*') {
        return word->size >= size - 1 && strncasecmp(word->text, text, size - 1) == 0;
    }
    return word->size == size && strncasecmp(word->text, text, size) == 0;
}

/* How many words of the phrase stand at words[0..]: all of them, or 0. */
static size_t phrase_at(const struct word *words, size_t count, const char *phrase)
{
    size_t used = 0;
    for (const char *part = phrase; *part != '\0';) {
        const size_t size = strcspn(part, " ");
        if (used == count || !word_is(&words[used], part, size)) {
            return 0;
        }
        used++;
        part += size + (part[size] == ' ' ? 1u : 0u);
    }
    return used;
}

static bool is_any(const struct word *word, const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        if (word_is(word, texts[i], strlen(texts[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_negator(const struct word *word)
{
    if (is_any(word, cret_claim_negators)) {
        return true;
    }
    /* "non-compliant", "non-certified" are one word. */
    return word->size > 4 && strncasecmp(word->text, "non-", 4) == 0;
}

static bool is_denied(const struct word *words, size_t at)
{
    const size_t first = at > CRET_CLAIM_NEGATOR_DISTANCE ? at - CRET_CLAIM_NEGATOR_DISTANCE : 0;
    for (size_t i = first; i < at; i++) {
        if (is_negator(&words[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the phrase at words[at] speaks of licences or of other programs. */
static bool is_excused(const struct word *words, size_t count, size_t at, const char *phrase)
{
    const size_t first = at > CRET_CLAIM_EXCUSE_DISTANCE ? at - CRET_CLAIM_EXCUSE_DISTANCE : 0;
    for (size_t i = 0; i < count; i++) {
        if (is_any(&words[i], cret_claim_standards)) {
            return false;
        }
    }
    for (size_t i = first; i < count && i <= at + CRET_CLAIM_EXCUSE_DISTANCE; i++) {
        for (size_t k = 0; cret_claim_excuses[k].phrase != NULL; k++) {
            const struct cret_claim_excuse *excuse = &cret_claim_excuses[k];
            if (strncmp(phrase, excuse->phrase, strlen(excuse->phrase)) == 0 &&
                word_is(&words[i], excuse->word, strlen(excuse->word))) {
                return true;
            }
        }
    }
    return false;
}

const char *cret_claim_in_sentence(const char *sentence, size_t size)
{
    struct word words[WORDS_MAXIMUM];
    const size_t count = split_words(words, sentence, size);
    for (size_t at = 0; at < count; at++) {
        for (size_t i = 0; cret_claim_phrases[i] != NULL; i++) {
            if (phrase_at(words + at, count - at, cret_claim_phrases[i]) > 0 &&
                !is_denied(words, at) && !is_excused(words, count, at, cret_claim_phrases[i])) {
                return cret_claim_phrases[i];
            }
        }
    }
    return NULL;
}

/* "62443-4-2" of "IEC 62443-4-2:2019": what sentences call the standard by. */
static struct word standard_number(const char *standard)
{
    const char *begin = standard + strcspn(standard, "0123456789");
    return (struct word){begin, strcspn(begin, ": ")};
}

static bool contains(const char *text, size_t size, const struct word *part)
{
    for (size_t i = 0; part->size > 0 && i + part->size <= size; i++) {
        if (strncasecmp(text + i, part->text, part->size) == 0) {
            return true;
        }
    }
    return false;
}

/* Does a claim with a certificate document stand behind this sentence? */
static bool is_covered(const struct cret_manifest *manifest, const char *sentence, size_t size)
{
    CRET_JSON_EACH (claim, cret_json_get(manifest->json, "claims")) {
        const struct word number = standard_number(cret_json_string(claim, "standard"));
        if (cret_json_string(claim, "certificate") != NULL && contains(sentence, size, &number)) {
            return true;
        }
    }
    return false;
}

/* A sentence that was broken into lines reads in one. */
static void fold_space(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (isspace((unsigned char)*from) == 0) {
            *to++ = *from;
        } else if (to > text && to[-1] != ' ') {
            *to++ = ' ';
        }
    }
    *to = '\0';
}

static bool check_sentence(const struct cret_manifest *manifest, const char *where,
                           const char *sentence, size_t size, struct cret_findings *findings)
{
    const char *phrase = cret_claim_in_sentence(sentence, size);
    if (phrase == NULL || is_covered(manifest, sentence, size)) {
        return true;
    }
    char shown[SENTENCE_SHOWN + 1];
    size_t kept = size < SENTENCE_SHOWN ? size : SENTENCE_SHOWN;
    while (kept > 0 && kept < size && ((unsigned char)sentence[kept] & 0xc0) == 0x80) {
        kept--;
    }
    memcpy(shown, sentence, kept);
    shown[kept] = '\0';
    fold_space(shown);
    cret_findings_add(
        findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_FAIL,
        (struct cret_finding_text){
            .where = where,
            .expected = "a certificate document behind the claim, or words such as `aligned with`",
            .actual = phrase,
            .hint = "name the certificate in claims[], or say what is really meant"},
        "a claim without a certificate: %s", shown);
    return false;
}

/* Ends of sentences: . ! ? ; followed by white space, and empty lines. */
static size_t sentence_size(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const bool last = i + 1 == size;
        if ((strchr(".!?;", text[i]) != NULL && (last || isspace((unsigned char)text[i + 1]))) ||
            (text[i] == '\n' && !last && text[i + 1] == '\n')) {
            return i + 1;
        }
    }
    return size;
}

static size_t check_plain(const struct cret_manifest *manifest, const char *where, const char *text,
                          size_t size, struct cret_findings *findings)
{
    size_t found = 0;
    while (size > 0 && found < FINDINGS_PER_TEXT) {
        const size_t part = sentence_size(text, size);
        size_t blank = 0;
        while (blank < part && isspace((unsigned char)text[blank])) {
            blank++;
        }
        if (part > blank &&
            !check_sentence(manifest, where, text + blank, part - blank, findings)) {
            found++;
        }
        text += part;
        size -= part;
    }
    return found;
}

/* Markup becomes space (block ends become sentence ends), so that words stay apart. */
static void strip_html(struct cret_buffer *out, const char *text, size_t size)
{
    bool inside = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '<') {
            static const char *const blocks[] = {"</p",  "</h", "</li", "</td",
                                                 "</th", "<br", "</div"};
            for (size_t k = 0; k < CRET_LENGTH(blocks); k++) {
                if (size - i > strlen(blocks[k]) &&
                    strncasecmp(text + i, blocks[k], strlen(blocks[k])) == 0) {
                    cret_buffer_append(out, "\n\n", 2);
                    break;
                }
            }
            inside = true;
        }
        const char c = inside || text[i] == '\n' ? ' ' : text[i];
        cret_buffer_append(out, &c, 1);
        inside = inside && text[i] != '>';
    }
}

static void strip_markdown(struct cret_buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const bool line_begin = i == 0 || text[i - 1] == '\n';
        if (line_begin && strchr("#-*|>", text[i]) != NULL) {
            cret_buffer_append(out, "\n\n", 2); /* a heading, item, or row is a sentence */
            continue;
        }
        const char c = strchr("*_`|", text[i]) != NULL ? ' ' : text[i];
        cret_buffer_append(out, &c, 1);
    }
}

bool cret_claims_markup(const char *path, enum cret_claim_markup *ret_markup)
{
    static const struct {
        const char *ending;
        enum cret_claim_markup markup;
    } endings[] = {{".md", CRET_CLAIM_MARKDOWN}, {".markdown", CRET_CLAIM_MARKDOWN},
                   {".txt", CRET_CLAIM_PLAIN},   {".html", CRET_CLAIM_HTML},
                   {".htm", CRET_CLAIM_HTML},    {".xhtml", CRET_CLAIM_HTML}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < CRET_LENGTH(endings); i++) {
        if (strcasecmp(dot, endings[i].ending) == 0) {
            *ret_markup = endings[i].markup;
            return true;
        }
    }
    return false;
}

void cret_claims_check_text(const struct cret_manifest *manifest, const char *where,
                            const char *text, size_t size, enum cret_claim_markup markup,
                            struct cret_findings *findings)
{
    struct cret_buffer plain = {0};
    if (markup == CRET_CLAIM_HTML) {
        strip_html(&plain, text, size);
    } else if (markup == CRET_CLAIM_MARKDOWN) {
        strip_markdown(&plain, text, size);
    } else {
        cret_buffer_append(&plain, text, size);
    }
    if (plain.failed) {
        cret_findings_add(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = where}, "out of memory");
    } else if (plain.size > 0) {
        check_plain(manifest, where, plain.data, plain.size, findings);
    }
    cret_buffer_free(&plain);
}

/* Every text of one array of objects. */
static size_t check_texts(const struct cret_manifest *manifest, const char *list,
                          const char *const *keys, struct cret_findings *findings)
{
    size_t found = 0;
    CRET_JSON_EACH_AT (index, entry, cret_json_get(manifest->json, list)) {
        for (size_t i = 0; keys[i] != NULL; i++) {
            const json_t *value = json_object_get(entry, keys[i]);
            char where[160];
            snprintf(where, sizeof(where), "#/%s/%zu/%s", list, index, keys[i]);
            if (json_is_string(value)) {
                found += check_plain(manifest, where, json_string_value(value),
                                     json_string_length(value), findings);
            }
            CRET_JSON_MEMBERS (language, title, value) {
                found += check_plain(manifest, where, json_string_value(title),
                                     json_string_length(title), findings);
            }
        }
    }
    return found;
}

void cret_claims_check_manifest(const struct cret_manifest *manifest,
                                struct cret_findings *findings)
{
    static const char *const keys[] = {"scope", "limits",      "summary", "title", "subtitle",
                                       "item",  "implication", "risk",    NULL};
    static const char *const lists[] = {"claims",     "documents",        "changes",  "knownIssues",
                                        "newRisks",   "responsibilities", "settings", "deprecated",
                                        "testAdvice", "prerequisites",    NULL};
    size_t found = 0;
    for (size_t i = 0; lists[i] != NULL; i++) {
        found += check_texts(manifest, lists[i], keys, findings);
    }
    CRET_JSON_EACH_AT (index, claim, cret_json_get(manifest->json, "claims")) {
        if (strcmp(cret_json_string(claim, "basis"), "certification") == 0 &&
            cret_json_string(claim, "certificate") == NULL) {
            char where[64];
            snprintf(where, sizeof(where), "#/claims/%zu", index);
            cret_findings_add(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_FAIL,
                              (struct cret_finding_text){
                                  .where = where,
                                  .expected = "the id of the certificate document",
                                  .actual = "none",
                                  .hint = "include the certificate, or state another basis"},
                              "a claim based on certification names no certificate");
            found++;
        }
    }
    if (found == 0) {
        cret_findings_add(findings, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_PASS,
                          (struct cret_finding_text){0},
                          "no claim in the manifest goes beyond its certificate");
    }
}
