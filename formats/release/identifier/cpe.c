/* SPDX-License-Identifier: Apache-2.0 */
/* CPE names (NIST IR 7695) of version 2.2 and 2.3: read, and compared. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "release/identifier/cpe.h"

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
    for (size_t i = 0; i < CRET_LENGTH(order); i++) {
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

/* Part to other, each a text behind the other in `text`. */
struct cret_cpe {
    const char *attribute[ATTRIBUTES];
    bool na[ATTRIBUTES];
    char text[];
};

struct cret_cpe *cret_cpe_read(const char *text)
{
    struct cpe parsed;
    size_t size = 0;
    if (!parse(&parsed, text)) {
        return NULL;
    }
    for (int i = 0; i < ATTRIBUTES; i++) {
        size += strlen(parsed.attribute[i]) + 1;
    }
    struct cret_cpe *cpe = malloc(sizeof(*cpe) + size);
    size = 0;
    for (int i = 0; cpe != NULL && i < ATTRIBUTES; i++) {
        const size_t length = strlen(parsed.attribute[i]) + 1;
        memcpy(cpe->text + size, parsed.attribute[i], length);
        cpe->attribute[i] = cpe->text + size;
        cpe->na[i] = parsed.na[i];
        size += length;
    }
    return cpe;
}

void cret_cpe_free(struct cret_cpe **cpe)
{
    if (cpe != NULL) {
        free(*cpe);
        *cpe = NULL;
    }
}

static bool is_open(const struct cret_cpe *cpe, int i)
{
    return cpe->attribute[i][0] == '\0' || cpe->na[i] ||
           strpbrk(cpe->attribute[i], (const char[]){MANY, ONE, '\0'}) != NULL;
}

/* Whether an attribute of what is wanted covers that of what we have (NISTIR 7696, 6.1). */
static bool covers(const struct cret_cpe *wanted, const struct cret_cpe *own, int i)
{
    if (wanted->attribute[i][0] == '\0') {
        return true;
    }
    if (own->attribute[i][0] == '\0' || wanted->na[i] || own->na[i]) {
        return wanted->na[i] && own->na[i];
    }
    return fits(wanted->attribute[i], own->attribute[i]);
}

/* The letters and digits of a name, without what vendors hang on to a product's. */
static void fold(char folded[256], const char *name)
{
    static const char *const tails[] = {"firmware", "software"};
    size_t size = 0;
    for (; *name != '\0'; name++) {
        if (isalnum((unsigned char)*name) != 0 || (unsigned char)*name >= 0x80) {
            folded[size++] = *name;
        }
    }
    folded[size] = '\0';
    for (size_t i = 0; i < CRET_LENGTH(tails); i++) {
        const size_t length = strlen(tails[i]);
        if (size > length && strcmp(folded + size - length, tails[i]) == 0) {
            folded[size - length] = '\0';
            return;
        }
    }
}

static bool folds_to_same(const struct cret_cpe *wanted, const struct cret_cpe *own, int i)
{
    char left[256], right[256];
    fold(left, wanted->attribute[i]);
    fold(right, own->attribute[i]);
    return left[0] != '\0' && strcmp(left, right) == 0;
}

enum cret_match cret_cpe_same(const struct cret_cpe *wanted, const struct cret_cpe *own)
{
    /* A name that leaves the product open is about everything, and so about nothing. */
    if (wanted->na[PRODUCT] ||
        strspn(wanted->attribute[PRODUCT], (const char[]){MANY, ONE, '\0'}) ==
            strlen(wanted->attribute[PRODUCT]) ||
        own->attribute[PRODUCT][0] == '\0') {
        return CRET_MATCH_NONE;
    }
    bool sure = true;
    for (int i = VENDOR; i <= PRODUCT; i++) {
        if (covers(wanted, own, i)) {
            sure = sure && !is_open(wanted, i);
        } else if (own->attribute[i][0] == '\0' || folds_to_same(wanted, own, i)) {
            sure = false;
        } else {
            return CRET_MATCH_NONE;
        }
    }
    sure = sure && covers(wanted, own, PART) && !is_open(wanted, PART);
    for (int i = EDITION; i < ATTRIBUTES; i++) {
        sure = sure && covers(wanted, own, i);
    }
    return sure ? CRET_MATCH_SURE : CRET_MATCH_POSSIBLE;
}

const char *cret_cpe_version(const struct cret_cpe *cpe)
{
    return cpe->attribute[VERSION][0] == '\0' || cpe->na[VERSION] ? NULL : cpe->attribute[VERSION];
}

bool cret_cpe_without_version(const struct cret_cpe *cpe)
{
    return cpe->na[VERSION];
}

bool cret_cpe_version_fits(const struct cret_cpe *wanted, const char *version)
{
    char lower[256];
    size_t size = 0;
    for (; version[size] != '\0'; size++) {
        if (size + 1 >= sizeof(lower)) {
            return false;
        }
        lower[size] = (char)tolower((unsigned char)version[size]);
    }
    lower[size] = '\0';
    return is_open(wanted, VERSION) && fits(wanted->attribute[VERSION], lower);
}

bool cret_cpe_version_open(const struct cret_cpe *cpe)
{
    return is_open(cpe, VERSION);
}

bool cret_cpe_same_update(const struct cret_cpe *wanted, const struct cret_cpe *own)
{
    return covers(wanted, own, UPDATE) &&
           (own->na[UPDATE] || wanted->attribute[UPDATE][0] != '\0' ||
            own->attribute[UPDATE][0] == '\0');
}

bool cret_cpe_product_open(const struct cret_cpe *cpe)
{
    return is_open(cpe, PRODUCT);
}

void cret_cpe_folded_product(const struct cret_cpe *cpe, char folded[256])
{
    fold(folded, cpe->attribute[PRODUCT]);
}
