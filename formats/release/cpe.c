/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "release/identifier.h"

#define LONGEST 1000u

enum {
    PART,
    VENDOR,
    PRODUCT,
    VERSION,
    UPDATE,
    EDITION,
    LANGUAGE,
    SW_EDITION,
    TARGET_SW,
    TARGET_HW,
    OTHER,
    ATTRIBUTES
};

/* Inside an attribute: an unquoted wildcard. All else is plain lower-case text. */
#define MANY '\1' /* * */
#define ONE '\2'  /* ? */

/* A CPE name; "*" alone (ANY) is the empty text, NA is "-" with na set. */
struct cpe {
    char attribute[ATTRIBUTES][256];
    bool na[ATTRIBUTES];
};

/* One more character; false where there is no room. */
static bool put(char *out, size_t *size, char character)
{
    if (*size >= 255) {
        return false;
    }
    out[(*size)++] = (char)tolower((unsigned char)character);
    out[*size] = '\0';
    return true;
}

/* One attribute of a formatted string: up to an unquoted ':' or the end. Returns what is behind it;
 * NULL where it is none. */
static const char *read_formatted(struct cpe *cpe, int attribute, const char *text)
{
    char *out = cpe->attribute[attribute];
    size_t size = 0;
    const char *start = text;
    for (; *text != '\0' && *text != ':'; text++) {
        if (*text == '\\') {
            text++;
            if (*text <= ' ' || *text == '\x7f' || !put(out, &size, *text)) {
                return NULL;
            }
        } else if (*text == '*' || *text == '?') {
            if (!put(out, &size, *text == '*' ? MANY : ONE)) {
                return NULL;
            }
        } else if ((isalnum((unsigned char)*text) == 0 && strchr("._-~%+", *text) == NULL &&
                    (unsigned char)*text < 0x80) ||
                   !put(out, &size, *text)) {
            return NULL;
        }
    }
    if (text == start) {
        return NULL;
    }
    if (size == 1 && out[0] == MANY) {
        out[0] = '\0';
    }
    cpe->na[attribute] = text - start == 1 && *start == '-';
    return text;
}

static bool parse_formatted(struct cpe *cpe, const char *text)
{
    for (int i = 0; i < ATTRIBUTES; i++) {
        text = read_formatted(cpe, i, text);
        if (text == NULL || *text != (i + 1 < ATTRIBUTES ? ':' : '\0')) {
            return false;
        }
        text++;
    }
    return true;
}

/* One value of a URI, `size` bytes: percent-encoding, %01 is ?, %02 is *. */
static bool read_encoded(struct cpe *cpe, int attribute, const char *text, size_t length)
{
    char *out = cpe->attribute[attribute];
    size_t size = 0;
    cpe->na[attribute] = length == 1 && *text == '-';
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            if (text[i] <= ' ' || !put(out, &size, text[i])) {
                return false;
            }
            continue;
        }
        if (i + 2 >= length || isxdigit((unsigned char)text[i + 1]) == 0 ||
            isxdigit((unsigned char)text[i + 2]) == 0) {
            return false;
        }
        const char digits[3] = {text[i + 1], text[i + 2], '\0'};
        const long code = strtol(digits, NULL, 16);
        if (code != 1 && code != 2 && (code <= ' ' || code > '~')) {
            return false;
        }
        if (!put(out, &size, code == 1 ? ONE : code == 2 ? MANY : (char)code)) {
            return false;
        }
        i += 2;
    }
    return true;
}

/* The edition of a URI may pack five attributes: ~edition~sw_edition~target_sw~target_hw~other. */
static bool read_packed(struct cpe *cpe, const char *text, size_t length)
{
    static const int order[] = {EDITION, SW_EDITION, TARGET_SW, TARGET_HW, OTHER};
    if (length == 0 || *text != '~') {
        return read_encoded(cpe, EDITION, text, length);
    }
    const char *end = text + length;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (text == end || *text != '~') {
            return false;
        }
        text++;
        const char *stop = memchr(text, '~', (size_t)(end - text));
        stop = stop != NULL ? stop : end;
        if (!read_encoded(cpe, order[i], text, (size_t)(stop - text))) {
            return false;
        }
        text = stop;
    }
    return text == end;
}

static bool parse_uri(struct cpe *cpe, const char *text)
{
    for (int i = PART; i <= LANGUAGE; i++) {
        const size_t length = strcspn(text, ":");
        if (!(i == EDITION ? read_packed(cpe, text, length) : read_encoded(cpe, i, text, length))) {
            return false;
        }
        text += length;
        if (*text == '\0') {
            return i >= PRODUCT;
        }
        text++;
    }
    return false;
}

static bool parse(struct cpe *cpe, const char *text)
{
    static const char formatted[] = "cpe:2.3:", uri[] = "cpe:/";
    memset(cpe, 0, sizeof(*cpe));
    bool parsed = false;
    if (strlen(text) > LONGEST) {
        return false;
    }
    if (strncmp(text, formatted, sizeof(formatted) - 1) == 0) {
        parsed = parse_formatted(cpe, text + sizeof(formatted) - 1);
    } else if (strncmp(text, uri, sizeof(uri) - 1) == 0) {
        parsed = parse_uri(cpe, text + sizeof(uri) - 1);
    }
    const char *part = cpe->attribute[PART];
    return parsed && (part[0] == '\0' || cpe->na[PART] ||
                      (strchr("aho", part[0]) != NULL && part[1] == '\0'));
}

bool cret_cpe_valid(const char *text)
{
    struct cpe cpe;
    return parse(&cpe, text);
}

/* Whether a text fits a pattern of wildcards: for each MANY the last place is tried again, so the
 * time is at most the product of the lengths. */
static bool fits(const char *pattern, const char *text)
{
    const char *again_pattern = NULL, *again_text = NULL;
    while (*text != '\0') {
        if (*pattern == MANY) {
            again_pattern = ++pattern;
            again_text = text;
        } else if (*pattern == *text || *pattern == ONE) {
            pattern++;
            text++;
        } else if (again_pattern != NULL) {
            pattern = again_pattern;
            text = ++again_text;
        } else {
            return false;
        }
    }
    pattern += strspn(pattern, (const char[]){MANY, ONE, '\0'});
    return *pattern == '\0';
}

static enum cret_match match_attribute(const struct cpe *wanted, const struct cpe *own, int i)
{
    if (wanted->attribute[i][0] == '\0') {
        return CRET_MATCH_SURE;
    }
    if (own->attribute[i][0] == '\0') {
        return CRET_MATCH_POSSIBLE;
    }
    if (wanted->na[i] || own->na[i]) {
        return wanted->na[i] == own->na[i] ? CRET_MATCH_SURE : CRET_MATCH_NONE;
    }
    return fits(wanted->attribute[i], own->attribute[i]) ? CRET_MATCH_SURE : CRET_MATCH_NONE;
}

static bool is_open(const struct cpe *cpe, int i)
{
    return cpe->attribute[i][0] == '\0' || cpe->na[i] ||
           strpbrk(cpe->attribute[i], (const char[]){MANY, ONE, '\0'}) != NULL;
}

enum cret_match cret_cpe_match(const char *wanted, const char *own, const char *own_version,
                               unsigned *ret_facts)
{
    struct cpe left, right;
    *ret_facts = 0;
    if (!parse(&left, wanted) || !parse(&right, own)) {
        return CRET_MATCH_NONE;
    }
    /* A name that leaves the product open is about everything, and so about nothing. */
    if (left.na[PRODUCT] || strspn(left.attribute[PRODUCT], (const char[]){MANY, ONE, '\0'}) ==
                                strlen(left.attribute[PRODUCT])) {
        return CRET_MATCH_NONE;
    }
    if ((right.attribute[VERSION][0] == '\0' || right.na[VERSION]) && own_version != NULL) {
        size_t size = 0;
        right.attribute[VERSION][0] = '\0';
        right.na[VERSION] = false;
        for (; *own_version != '\0' && put(right.attribute[VERSION], &size, *own_version);
             own_version++) {
        }
    }
    enum cret_match match = CRET_MATCH_SURE;
    for (int i = 0; i < ATTRIBUTES; i++) {
        enum cret_match one = match_attribute(&left, &right, i);
        /* Open where it should name something: at most a hint. A version of "-" (hardware, mostly)
         * says that there is none to compare. */
        if (one != CRET_MATCH_NONE && i <= PRODUCT && is_open(&left, i)) {
            one = CRET_MATCH_POSSIBLE;
        } else if (i == VERSION && (left.na[i] || right.na[i]) && left.na[i] != right.na[i]) {
            one = CRET_MATCH_POSSIBLE;
        }
        match = one < match ? one : match;
    }
    *ret_facts =
        (left.attribute[VERSION][0] == '\0' || left.na[VERSION] ? CRET_IDENTIFIER_ANY_VERSION
                                                                : 0u) |
        (match_attribute(&left, &right, VENDOR) != CRET_MATCH_NONE &&
                 match_attribute(&left, &right, PRODUCT) != CRET_MATCH_NONE
             ? CRET_IDENTIFIER_SAME_NAME
             : 0u);
    return match;
}
