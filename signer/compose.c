/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/compose.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

struct composition {
    uint16_t first, second, composed;
};

struct combining {
    uint16_t code;
    uint8_t class; /* canonical combining class; 0: a starter */
};

#include "signer/compositions.h"

/* Hangul syllables are composed by arithmetic (Unicode 3.12). */
enum {
    SYLLABLE = 0xac00,
    LEADING = 0x1100,
    VOWEL = 0x1161,
    TRAILING = 0x11a7,
    LEADINGS = 19,
    VOWELS = 21,
    TRAILINGS = 28,
};

static uint32_t compose_hangul(uint32_t first, uint32_t second)
{
    if (first >= LEADING && first < LEADING + LEADINGS && second >= VOWEL &&
        second < VOWEL + VOWELS) {
        return SYLLABLE + ((first - LEADING) * VOWELS + (second - VOWEL)) * TRAILINGS;
    }
    if (first >= SYLLABLE && first < SYLLABLE + LEADINGS * VOWELS * TRAILINGS &&
        (first - SYLLABLE) % TRAILINGS == 0 && second > TRAILING && second < TRAILING + TRAILINGS) {
        return first + (second - TRAILING);
    }
    return 0;
}

static int compare_pair(const void *key, const void *element)
{
    const struct composition *a = key, *b = element;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return a->second < b->second ? -1 : (a->second > b->second ? 1 : 0);
}

/* The one character for two, or 0. */
static uint32_t compose_pair(uint32_t first, uint32_t second)
{
    if (first > UINT16_MAX || second > UINT16_MAX) {
        return 0;
    }
    const struct composition key = {(uint16_t)first, (uint16_t)second, 0};
    const struct composition *found =
        bsearch(&key, compositions, sizeof(compositions) / sizeof(compositions[0]),
                sizeof(compositions[0]), compare_pair);
    return found != NULL ? found->composed : compose_hangul(first, second);
}

/* 0 for starters and for marks that no composition uses: these only end a sequence. */
static unsigned combining_class(uint32_t code)
{
    for (size_t i = 0; i < sizeof(combinings) / sizeof(combinings[0]); i++) {
        if (combinings[i].code == code) {
            return combinings[i].class;
        }
    }
    return 0;
}

/* Marks of one letter in the order of their classes (UAX 15, canonical ordering). */
static void order_marks(uint32_t *codes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint32_t code = codes[i];
        const unsigned class = combining_class(code);
        size_t at = i;
        while (class > 0 && at > 0 && combining_class(codes[at - 1]) > class) {
            codes[at] = codes[at - 1];
            at--;
        }
        codes[at] = code;
    }
}

/* In place over code points; returns how many are left. */
static size_t compose_codes(uint32_t *codes, size_t count)
{
    size_t kept = 0, starter = SIZE_MAX;
    unsigned last = 0; /* class of the mark before, 0 right behind the starter */
    for (size_t i = 0; i < count; i++) {
        const unsigned class = combining_class(codes[i]);
        const bool adjacent = starter != SIZE_MAX && kept == starter + 1;
        const bool blocked = !adjacent && (class == 0 || last >= class);
        const uint32_t composed =
            starter != SIZE_MAX && !blocked ? compose_pair(codes[starter], codes[i]) : 0;
        if (composed != 0) {
            codes[starter] = composed;
            continue;
        }
        if (class == 0) {
            starter = kept;
        }
        last = class;
        codes[kept++] = codes[i];
    }
    return kept;
}

char *cret_compose(const char *text)
{
    const size_t size = strlen(text);
    struct cret_buffer out = {0};
    size_t count = 0;
    if (!cret_utf8_valid(text, size)) {
        return strdup(text);
    }
    uint32_t *codes = calloc(size + 1, sizeof(*codes));
    if (codes == NULL) {
        return NULL;
    }
    for (size_t at = 0; at < size;) {
        at += cret_utf8_decode(&codes[count++], text + at, size - at);
    }
    order_marks(codes, count);
    count = compose_codes(codes, count);
    cret_buffer_append(&out, "", 0);
    for (size_t i = 0; i < count; i++) {
        char bytes[4];
        cret_buffer_append(&out, bytes, cret_utf8_encode(bytes, codes[i]));
    }
    free(codes);
    if (out.failed) {
        cret_buffer_free(&out);
        return NULL;
    }
    return out.data != NULL ? out.data : strdup("");
}
