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
#include "release/advisory/vers.h"
#include "release/sbom/values.h"

#define CONSTRAINTS 64u

enum cret_range { CRET_RANGE_OUTSIDE, CRET_RANGE_UNKNOWN, CRET_RANGE_INSIDE };

/* Same version but for a leading v and letter case. */
static bool same_version(const char *left, const char *right)
{
    return strcasecmp(cret_version_bare(left), cret_version_bare(right)) == 0;
}

/* Whether a text is one version: dotted numbers, then at most a letter or a usual word with its
 * number (1.1.1k, 2.0-rc1, 4.2 SP3 without the space). "1.x", "1.0-2.0" and "2.0+" are none. */
static bool is_one_version(const char *text)
{
    static const char *const words[] = {"alpha", "beta", "build", "dev", "hf", "p", "patch", "post",
                                        "pre",   "r",    "rc",    "rev", "sp", "u", NULL};
    text = cret_version_bare(text);
    if (isdigit((unsigned char)*text) == 0) {
        return false;
    }
    while (isdigit((unsigned char)*text) != 0) {
        size_t size = 0;
        cret_version_number(&text, &size);
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

/* One constraint. False where it is none: in words, or longer than any version. */
static bool read_constraint(struct cret_constraint *constraint, const char *text, size_t size)
{
    static const struct {
        const char *sign;
        enum cret_comparator comparator;
    } signs[] = {{">=", CRET_GREATER_EQUAL}, {"<=", CRET_LESS_EQUAL}, {"!=", CRET_NOT_EQUAL},
                 {"==", CRET_EQUAL},         {">", CRET_GREATER},     {"<", CRET_LESS},
                 {"=", CRET_EQUAL}};
    trim(&text, &size);
    constraint->comparator = CRET_EQUAL;
    for (size_t i = 0; i < CRET_LENGTH(signs); i++) {
        const size_t length = strlen(signs[i].sign);
        if (size > length && strncmp(text, signs[i].sign, length) == 0) {
            constraint->comparator = signs[i].comparator;
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
    return true;
}

static bool is_lower_bound(const struct cret_constraint *one)
{
    return one->comparator == CRET_GREATER || one->comparator == CRET_GREATER_EQUAL;
}

static bool is_upper_bound(const struct cret_constraint *one)
{
    return one->comparator == CRET_LESS || one->comparator == CRET_LESS_EQUAL;
}

/* vers specification: versions ascend, and lower and upper bounds take turns. What is written in
 * another order could mean anything. */
static bool in_order(enum cret_scheme scheme, const struct cret_constraint *list, size_t count)
{
    const struct cret_constraint *bound = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            const enum cret_vers_relation order =
                cret_vers_compare(scheme, list[i - 1].version, list[i].version);
            if (order == CRET_VERS_HIGHER || order == CRET_VERS_SAME ||
                order == CRET_VERS_SIMILAR) {
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
static enum cret_range within_bound(enum cret_scheme scheme, const struct cret_constraint *bound,
                                    const char *version)
{
    const enum cret_vers_relation order = cret_vers_compare(scheme, version, bound->version);
    if (order == CRET_VERS_UNSURE) {
        return CRET_RANGE_UNKNOWN;
    }
    const bool inside =
        order == CRET_VERS_SAME || order == CRET_VERS_SIMILAR
            ? bound->comparator == CRET_LESS_EQUAL || bound->comparator == CRET_GREATER_EQUAL
            : (order == CRET_VERS_HIGHER) == is_lower_bound(bound);
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
static enum cret_range contained(enum cret_scheme scheme, const struct cret_constraint *list,
                                 size_t count, const char *version)
{
    enum cret_range result = CRET_RANGE_OUTSIDE;
    const struct cret_constraint *lower = NULL;
    bool any_bound = false, any_equal = false;
    for (size_t i = 0; i < count; i++) {
        const struct cret_constraint *one = &list[i];
        any_equal = any_equal || one->comparator == CRET_EQUAL;
        const enum cret_vers_relation order = cret_vers_compare(scheme, version, one->version);
        if (one->comparator != CRET_EQUAL && one->comparator != CRET_NOT_EQUAL) {
            any_bound = true;
        } else if (order == CRET_VERS_SAME || order == CRET_VERS_SIMILAR) {
            return one->comparator == CRET_EQUAL ? CRET_RANGE_INSIDE : CRET_RANGE_OUTSIDE;
        } else if (order == CRET_VERS_UNSURE) {
            result = CRET_RANGE_UNKNOWN;
        }
    }
    if (!any_bound) {
        return any_equal ? result : either(result, CRET_RANGE_INSIDE);
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
static enum cret_range holds(enum cret_scheme scheme, const struct cret_constraint *list,
                             size_t count, const char *version)
{
    const bool numbers = scheme == CRET_SCHEME_NUMBERS || scheme == CRET_SCHEME_PLAIN;
    if (!cret_value_says(version)) {
        return CRET_RANGE_UNKNOWN; /* deb, rpm and lexicographic order NOASSERTION as a word */
    }
    for (size_t i = 0; i < count; i++) {
        if (numbers && !is_one_version(list[i].version)) {
            return CRET_RANGE_UNKNOWN;
        }
    }
    return count > 0 && in_order(scheme, list, count) ? contained(scheme, list, count, version)
                                                      : CRET_RANGE_UNKNOWN;
}

/* A range that is no vers: as people write them, by dotted numbers. */
static enum cret_range by_words(const char *constraints, const char *version)
{
    struct cret_constraint list[CONSTRAINTS];
    size_t count = 0;
    while (*constraints != '\0') {
        const size_t size = strcspn(constraints, "|,");
        if (count == CONSTRAINTS || !read_constraint(&list[count++], constraints, size)) {
            return CRET_RANGE_UNKNOWN;
        }
        constraints += size;
        constraints += *constraints != '\0' ? 1u : 0u;
    }
    return holds(CRET_SCHEME_NUMBERS, list, count, version);
}

/* "all versions", in so many words. */
static bool is_all(const char *range)
{
    static const char *const words[] = {"*", "all", "all versions", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcasecmp(words[i], range) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a scheme's own order is enough: elsewhere the order of numbers must say the same, as our
 * version may be one of another kind. */
static bool is_trusted(enum cret_scheme scheme, const char *type)
{
    switch (scheme) {
    case CRET_SCHEME_DEB:
        return type != NULL && strcmp(type, "deb") == 0;
    case CRET_SCHEME_RPM:
        return type != NULL && strcmp(type, "rpm") == 0;
    case CRET_SCHEME_PYPI:
        return type != NULL && strcmp(type, "pypi") == 0;
    case CRET_SCHEME_LEXICOGRAPHIC:
        return false;
    case CRET_SCHEME_NUMBERS:
    case CRET_SCHEME_PLAIN:
    case CRET_SCHEME_SEMVER:
    case CRET_SCHEME_DATETIME:
    case CRET_SCHEME_UNKNOWN:
        break;
    }
    return true;
}

static enum cret_range by_scheme(const struct cret_vers *vers, const char *version,
                                 const char *type)
{
    const enum cret_range own = holds(vers->scheme, vers->list, vers->count, version);
    if (vers->scheme == CRET_SCHEME_SEMVER && own == CRET_RANGE_UNKNOWN) {
        /* "2.0" is no semantic version, and everybody knows what it means */
        return holds(CRET_SCHEME_NUMBERS, vers->list, vers->count, version);
    }
    return is_trusted(vers->scheme, type) ||
                   own == holds(CRET_SCHEME_NUMBERS, vers->list, vers->count, version)
               ? own
               : CRET_RANGE_UNKNOWN;
}

static enum cret_fit fit_of(enum cret_range range)
{
    switch (range) {
    case CRET_RANGE_OUTSIDE:
        return CRET_FIT_OTHER;
    case CRET_RANGE_INSIDE:
        return CRET_FIT_LIKELY;
    case CRET_RANGE_UNKNOWN:
        break;
    }
    return CRET_FIT_OPEN;
}

/* vers: what is not in canonical form can mean anything. */
static enum cret_fit vers_fit(const char *range, const char *version, const char *type)
{
    struct cret_vers vers;
    if (cret_vers_read(&vers, range, false) != NULL) {
        return CRET_FIT_OPEN;
    }
    if (vers.all || vers.none) {
        return vers.all ? CRET_FIT_SURE : CRET_FIT_OTHER;
    }
    return fit_of(by_scheme(&vers, version, type));
}

enum cret_fit cret_range_fit(const char *range, const char *version, const char *type)
{
    if (is_all(range)) {
        return CRET_FIT_SURE;
    }
    if (strncasecmp(range, "vers:", 5) == 0) {
        return vers_fit(range, version, type);
    }
    return fit_of(by_words(range, version));
}

/* Whether a text is one version of any kind, not words, a pattern or a range: "3.0.7-24.el9",
 * "12.2(55)SE3"; not "1.x", "2.0+", "1.0-2.0". */
static bool is_plain(const char *text)
{
    text = cret_version_bare(text);
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
    text = cret_version_bare(text);
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
    if (!is_plain(wanted) || strncasecmp(wanted, "vers:", 5) == 0 || is_all(wanted)) {
        return cret_range_fit(wanted, version, type);
    }
    switch (cret_vers_compare(CRET_SCHEME_NUMBERS, version, wanted)) {
    case CRET_VERS_SAME:
        return CRET_FIT_SURE;
    case CRET_VERS_SIMILAR:
        return CRET_FIT_LIKELY;
    case CRET_VERS_HIGHER:
    case CRET_VERS_LOWER:
        if (is_plain(version) && is_numbered(version) && is_numbered(wanted)) {
            *ret_later =
                cret_vers_compare(CRET_SCHEME_NUMBERS, version, wanted) == CRET_VERS_HIGHER;
            return CRET_FIT_OTHER;
        }
        break;
    case CRET_VERS_UNSURE:
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
