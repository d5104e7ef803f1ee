/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions and ranges of versions as advisories write them. How versions are ordered depends on who
 * made them, so that only dotted numbers are ever ordered here; all else is UNKNOWN, which a person
 * looks at. OUTSIDE must be sure: it is what makes a statement "affected" not count.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "release/advisory/advisory_versions.h"

#define CONSTRAINTS 64u

enum cret_range { CRET_RANGE_OUTSIDE, CRET_RANGE_UNKNOWN, CRET_RANGE_INSIDE };

/* UNSURE: no order that everybody agrees on. SIMILAR: the same numbers, written in another way (1.2
 * and 1.2.0): the same for a range, and not the same text. */
enum order { LOWER, SAME, HIGHER, SIMILAR, UNSURE };

/* The "v" of v1.2 and V9.1. */
static const char *bare_version(const char *text)
{
    text += strspn(text, " \t");
    return (text[0] == 'v' || text[0] == 'V') && isdigit((unsigned char)text[1]) != 0 ? text + 1
                                                                                      : text;
}

/* Same version but for a leading v and letter case. */
static bool same_version(const char *left, const char *right)
{
    return strcasecmp(bare_version(left), bare_version(right)) == 0;
}

/* The next number of a dotted version, without leading zeros; where there is none, the empty
 * number, which is zero. */
static const char *next_number(const char **text, size_t *ret_size)
{
    const char *start = *text + strspn(*text, "0");
    *ret_size = strspn(start, "0123456789");
    *text = start + *ret_size;
    if ((*text)[0] == '.' && isdigit((unsigned char)(*text)[1]) != 0) {
        (*text)++;
    }
    return start;
}

/* Of two versions by their dotted numbers. */
static enum order order_of_numbers(const char *left, const char *right)
{
    left = bare_version(left);
    right = bare_version(right);
    if (strcasecmp(left, right) == 0) {
        return SAME;
    }
    /* An epoch comes before everything else. */
    if (isdigit((unsigned char)*left) == 0 || isdigit((unsigned char)*right) == 0 ||
        strchr(left, ':') != NULL || strchr(right, ':') != NULL) {
        return UNSURE;
    }
    while (isdigit((unsigned char)*left) != 0 || isdigit((unsigned char)*right) != 0) {
        size_t left_size = 0, right_size = 0;
        const char *one = next_number(&left, &left_size);
        const char *other = next_number(&right, &right_size);
        if (left_size != right_size) {
            return left_size < right_size ? LOWER : HIGHER;
        }
        const int order = memcmp(one, other, left_size);
        if (order != 0) {
            return order < 0 ? LOWER : HIGHER;
        }
    }
    return *left == '\0' && *right == '\0' ? SIMILAR : UNSURE;
}

static enum order sign(int order)
{
    return order < 0 ? LOWER : order > 0 ? HIGHER : SAME;
}

static enum order order_of(enum cret_scheme scheme, const char *left, const char *right)
{
    if (scheme == CRET_SCHEME_NUMBERS) {
        return order_of_numbers(left, right);
    }
    int order = 0;
    return cret_scheme_order(scheme, left, right, &order) ? sign(order) : UNSURE;
}

enum operator{ EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

struct constraint {
    enum operator operator;
    char version[128];
};

/* Whether a text is one version: dotted numbers, then at most a letter or a usual word with its
 * number (1.1.1k, 2.0-rc1, 4.2 SP3 without the space). "1.x", "1.0-2.0" and "2.0+" are none. */
static bool is_one_version(const char *text)
{
    static const char *const words[] = {"alpha", "beta", "build", "dev", "hf", "p", "patch", "post",
                                        "pre",   "r",    "rc",    "rev", "sp", "u", NULL};
    text = bare_version(text);
    if (isdigit((unsigned char)*text) == 0) {
        return false;
    }
    while (isdigit((unsigned char)*text) != 0) {
        size_t size = 0;
        next_number(&text, &size);
    }
    if (*text == '\0') {
        return true;
    }
    if (isalpha((unsigned char)text[0]) != 0 && text[1] == '\0') {
        return tolower((unsigned char)text[0]) != 'x';
    }
    text += strchr("-._~", *text) != NULL ? 1 : 0;
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t size = strlen(words[i]);
        if (strncasecmp(text, words[i], size) == 0) {
            const char *rest = text + size;
            rest += *rest == '.' || *rest == '-' ? 1 : 0;
            if (rest[strspn(rest, "0123456789")] == '\0') {
                return true;
            }
        }
    }
    return false;
}

/* Text without the white space around it. */
static void trim(const char **text, size_t *size)
{
    while (*size > 0 && isspace((unsigned char)**text) != 0) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && isspace((unsigned char)(*text)[*size - 1]) != 0) {
        (*size)--;
    }
}

/* Undoes percent-encoding (vers specification) in place. */
static void decode(char *text)
{
    char *out = text;
    for (; *text != '\0'; text++) {
        if (*text == '%' && isxdigit((unsigned char)text[1]) != 0 &&
            isxdigit((unsigned char)text[2]) != 0) {
            const char digits[3] = {text[1], text[2], '\0'};
            *out++ = (char)strtol(digits, NULL, 16);
            text += 2;
        } else {
            *out++ = *text;
        }
    }
    *out = '\0';
}

/* One constraint. False where it is none: in words, or longer than any version. */
static bool read_constraint(struct constraint *constraint, enum cret_scheme scheme,
                            const char *text, size_t size)
{
    static const struct {
        const char *sign;
        enum operator operator;
    } signs[] = {{">=", GREATER_EQUAL}, {"<=", LESS_EQUAL}, {"!=", NOT_EQUAL}, {"==", EQUAL},
                 {">", GREATER},        {"<", LESS},        {"=", EQUAL}};
    trim(&text, &size);
    constraint->operator= EQUAL;
    for (size_t i = 0; i < CRET_LENGTH(signs); i++) {
        const size_t length = strlen(signs[i].sign);
        if (size > length && strncmp(text, signs[i].sign, length) == 0) {
            constraint->operator= signs[i].operator;
            text += length;
            size -= length;
            break;
        }
    }
    trim(&text, &size);
    if (size == 0 || size >= sizeof(constraint->version)) {
        return false;
    }
    memcpy(constraint->version, text, size);
    constraint->version[size] = '\0';
    decode(constraint->version);
    return scheme == CRET_SCHEME_NUMBERS ? is_one_version(constraint->version)
                                         : strpbrk(constraint->version, " \t<>=!*") == NULL;
}

static bool is_lower_bound(const struct constraint *one)
{
    return one->operator== GREATER || one->operator== GREATER_EQUAL;
}

static bool is_upper_bound(const struct constraint *one)
{
    return one->operator== LESS || one->operator== LESS_EQUAL;
}

/* vers specification: versions ascend, and lower and upper bounds take turns. What is written in
 * another order could mean anything. */
static bool in_order(enum cret_scheme scheme, const struct constraint *list, size_t count)
{
    const struct constraint *bound = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            const enum order order = order_of(scheme, list[i - 1].version, list[i].version);
            if (order == HIGHER || order == SAME || order == SIMILAR) {
                return false;
            }
        }
        if (is_lower_bound(&list[i]) || is_upper_bound(&list[i])) {
            if (bound != NULL && is_lower_bound(bound) == is_lower_bound(&list[i])) {
                return false;
            }
            bound = &list[i];
        }
    }
    return true;
}

/* One bound: the version is on its right side, is not, or nobody knows. */
static enum cret_range within_bound(enum cret_scheme scheme, const struct constraint *bound,
                                    const char *version)
{
    const enum order order = order_of(scheme, version, bound->version);
    if (order == UNSURE) {
        return CRET_RANGE_UNKNOWN;
    }
    const bool inside = order == SAME || order == SIMILAR
        ? bound->operator== LESS_EQUAL || bound->operator== GREATER_EQUAL
        : (order == HIGHER) == is_lower_bound(bound);
    return inside ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
}

static enum cret_range both(enum cret_range left, enum cret_range right)
{
    return left < right ? left : right;
}

static enum cret_range either(enum cret_range left, enum cret_range right)
{
    return left > right ? left : right;
}

/* vers specification, "Checking if a version is contained within a range": single versions first,
 * then the intervals that the bounds make. */
static enum cret_range contained(enum cret_scheme scheme, const struct constraint *list,
                                 size_t count, const char *version)
{
    enum cret_range result = CRET_RANGE_OUTSIDE;
    const struct constraint *lower = NULL;
    bool any_bound = false;
    for (size_t i = 0; i < count; i++) {
        const struct constraint *one = &list[i];
        const enum order order = order_of(scheme, version, one->version);
        if (one->operator!= EQUAL && one->operator!= NOT_EQUAL) {
            any_bound = true;
        } else if (order == SAME || order == SIMILAR) {
            return one->operator== EQUAL ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
        } else if (order == UNSURE) {
            result = CRET_RANGE_UNKNOWN;
        }
    }
    if (!any_bound) {
        return list[0].operator== NOT_EQUAL ? either(result, CRET_RANGE_INSIDE) : result;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_lower_bound(&list[i])) {
            lower = &list[i];
        } else if (is_upper_bound(&list[i])) {
            enum cret_range here = within_bound(scheme, &list[i], version);
            here = lower != NULL ? both(here, within_bound(scheme, lower, version)) : here;
            result = either(result, here);
            lower = NULL;
        }
    }
    return lower != NULL ? either(result, within_bound(scheme, lower, version)) : result;
}

/* Whether a version lies between constraints, by one order. */
static enum cret_range holds(enum cret_scheme scheme, const char *constraints, const char *version)
{
    struct constraint list[CONSTRAINTS];
    size_t count = 0;
    while (*constraints != '\0') {
        const size_t size = strcspn(constraints, "|,");
        if (count == CONSTRAINTS || !read_constraint(&list[count++], scheme, constraints, size)) {
            return CRET_RANGE_UNKNOWN;
        }
        constraints += size;
        constraints += *constraints != '\0' ? 1u : 0u;
    }
    if (count == 0 || !in_order(scheme, list, count)) {
        return CRET_RANGE_UNKNOWN;
    }
    return contained(scheme, list, count, version);
}

/* "all versions", in so many words. */
static bool is_all(const char *range)
{
    static const char *const words[] = {"*", "vers:all/*", "all", "all versions", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcasecmp(words[i], range) == 0) {
            return true;
        }
    }
    return strncmp(range, "vers:", 5) == 0 && strchr(range, '/') != NULL &&
           strcmp(strchr(range, '/'), "/*") == 0;
}

/* The scheme's own order is trusted where our version is surely one of that scheme; elsewhere it
 * and the order of numbers must say the same. */
static enum cret_range by_scheme(enum cret_scheme scheme, const char *constraints,
                                 const char *version, const char *type)
{
    const enum cret_range numbers = holds(CRET_SCHEME_NUMBERS, constraints, version);
    if (scheme == CRET_SCHEME_NUMBERS) {
        return numbers;
    }
    const enum cret_range own = holds(scheme, constraints, version);
    const bool trusted = (scheme == CRET_SCHEME_DEB && type != NULL && strcmp(type, "deb") == 0) ||
                         (scheme == CRET_SCHEME_RPM && type != NULL && strcmp(type, "rpm") == 0) ||
                         scheme == CRET_SCHEME_SEMVER;
    if (scheme == CRET_SCHEME_SEMVER && own == CRET_RANGE_UNKNOWN) {
        return numbers; /* "2.0" is no semantic version, and everybody knows what it means */
    }
    return trusted || own == numbers ? own : CRET_RANGE_UNKNOWN;
}

enum cret_fit cret_range_fit(const char *range, const char *version, const char *type)
{
    enum cret_scheme scheme = CRET_SCHEME_NUMBERS;
    if (strncasecmp(range, "vers:none/", 10) == 0) {
        return CRET_FIT_OTHER;
    }
    if (is_all(range)) {
        return CRET_FIT_SURE;
    }
    if (strncmp(range, "vers:", 5) == 0) {
        const char *slash = strchr(range, '/');
        if (slash == NULL) {
            return CRET_FIT_OPEN;
        }
        scheme = cret_version_scheme(range + 5, (size_t)(slash - range - 5));
        range = slash + 1;
    }
    switch (by_scheme(scheme, range, version, type)) {
    case CRET_RANGE_OUTSIDE:
        return CRET_FIT_OTHER;
    case CRET_RANGE_INSIDE:
        return CRET_FIT_LIKELY;
    case CRET_RANGE_UNKNOWN:
        break;
    }
    return CRET_FIT_OPEN;
}

/* Whether a text is one version of any kind, not words, a pattern or a range: "3.0.7-24.el9",
 * "12.2(55)SE3"; not "1.x", "2.0+", "1.0-2.0". */
static bool is_plain(const char *text)
{
    text = bare_version(text);
    if (strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+:()-") !=
        strlen(text)) {
        return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        const bool wild = (*at == 'x' || *at == 'X') && (at == text || at[-1] == '.');
        if (wild || (*at == '+' && at[1] == '\0')) {
            return false;
        }
        if (*at == '-' && isdigit((unsigned char)at[1]) != 0) {
            const char *second = at + 1 + strspn(at + 1, "0123456789");
            if (*second == '.' && isdigit((unsigned char)second[1]) != 0) {
                return false;
            }
        }
    }
    return *text != '\0';
}

/* Whether the numbers at the beginning are those of a version: "7", "1.1.1k", "30-1"; not order
 * numbers and names ("6RA8013-4", "1756-L71", "2019R2"). */
static bool is_numbered(const char *text)
{
    text = bare_version(text);
    const size_t size = strspn(text, "0123456789.");
    const char *rest = text + size;
    return size > 0 && (memchr(text, '.', size) != NULL || *rest == '\0' ||
                        (strchr("-+~_:", *rest) != NULL && isdigit((unsigned char)rest[1]) != 0));
}

enum cret_fit cret_version_fit(const char *wanted, const char *version, const char *type,
                               bool *ret_later)
{
    *ret_later = false;
    if (same_version(wanted, version)) {
        return CRET_FIT_SURE;
    }
    /* Many publishers write "<2.0" or "all versions" where one version belongs. */
    if (!is_plain(wanted) || strncmp(wanted, "vers:", 5) == 0 || is_all(wanted)) {
        return cret_range_fit(wanted, version, type);
    }
    switch (order_of_numbers(version, wanted)) {
    case SAME:
        return CRET_FIT_SURE;
    case SIMILAR:
        return CRET_FIT_LIKELY;
    case HIGHER:
    case LOWER:
        if (is_plain(version) && is_numbered(version) && is_numbered(wanted)) {
            *ret_later = order_of_numbers(version, wanted) == HIGHER;
            return CRET_FIT_OTHER;
        }
        break;
    case UNSURE:
        break;
    }
    return CRET_FIT_OPEN;
}

bool cret_text_has_version(const char *text)
{
    static const char *const words[] = {"before",  "earlier", "later",    "older", "newer", "prior",
                                        "through", "version", "versions", "until", NULL};
    while (*text != '\0') {
        const size_t size = strcspn(text, " \t,;()[]");
        const char *word = size > 1 && (*text == 'v' || *text == 'V') ? text + 1 : text;
        const bool dotted =
            isdigit((unsigned char)*word) != 0 && (word > text || memchr(text, '.', size) != NULL);
        bool known = dotted || memchr(text, '<', size) != NULL || memchr(text, '>', size) != NULL;
        for (size_t i = 0; words[i] != NULL; i++) {
            known = known || (strlen(words[i]) == size && strncasecmp(words[i], text, size) == 0);
        }
        if (known) {
            return true;
        }
        text += size;
        text += *text != '\0' ? 1 : 0;
    }
    return false;
}
