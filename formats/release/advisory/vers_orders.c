/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of two versions is the later one. How versions are ordered depends on who made them: dotted
 * numbers are ordered wherever they differ, all else only by the rules of its type, and where
 * nobody knows these the answer is UNSURE, which a person looks at.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "release/advisory/vers.h"

enum cret_scheme cret_version_scheme(const char *type, size_t size)
{
    /* Types whose order is that of numbers, wherever the numbers differ. "generic" has no order yet
     * (it "will be specified later"); any will do what everybody does where there is nothing but
     * numbers. cpan, conda, apk: numbers there are decimal fractions, or have an epoch. */
    static const struct {
        const char *type;
        enum cret_scheme order;
    } schemes[] = {
        {"alpm", CRET_SCHEME_NUMBERS},     {"cargo", CRET_SCHEME_SEMVER},
        {"composer", CRET_SCHEME_NUMBERS}, {"conan", CRET_SCHEME_NUMBERS},
        {"dart", CRET_SCHEME_NUMBERS},     {"datetime", CRET_SCHEME_DATETIME},
        {"deb", CRET_SCHEME_DEB},          {"gem", CRET_SCHEME_NUMBERS},
        {"generic", CRET_SCHEME_PLAIN},    {"golang", CRET_SCHEME_SEMVER},
        {"hackage", CRET_SCHEME_NUMBERS},  {"hex", CRET_SCHEME_NUMBERS},
        {"intdot", CRET_SCHEME_NUMBERS},   {"lexicographic", CRET_SCHEME_LEXICOGRAPHIC},
        {"maven", CRET_SCHEME_NUMBERS},    {"nginx", CRET_SCHEME_NUMBERS},
        {"npm", CRET_SCHEME_SEMVER},       {"nuget", CRET_SCHEME_NUMBERS},
        {"openssl", CRET_SCHEME_NUMBERS},  {"pub", CRET_SCHEME_NUMBERS},
        {"pypi", CRET_SCHEME_PYPI},        {"rpm", CRET_SCHEME_RPM},
        {"semver", CRET_SCHEME_SEMVER},    {"swift", CRET_SCHEME_NUMBERS},
    };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (strlen(schemes[i].type) == size && memcmp(schemes[i].type, type, size) == 0) {
            return schemes[i].order;
        }
    }
    return CRET_SCHEME_UNKNOWN;
}

const char *cret_version_bare(const char *text)
{
    text += strspn(text, " \t");
    return (text[0] == 'v' || text[0] == 'V') && isdigit((unsigned char)text[1]) != 0 ? text + 1
                                                                                      : text;
}

const char *cret_version_number(const char **text, size_t *ret_size)
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
static enum cret_vers_relation order_of_numbers(const char *left, const char *right)
{
    left = cret_version_bare(left);
    right = cret_version_bare(right);
    if (strcasecmp(left, right) == 0) {
        return CRET_VERS_SAME;
    }
    /* An epoch comes before everything else. */
    if (isdigit((unsigned char)*left) == 0 || isdigit((unsigned char)*right) == 0 ||
        strpbrk(left, ":!") != NULL || strpbrk(right, ":!") != NULL) {
        return CRET_VERS_UNSURE;
    }
    while (isdigit((unsigned char)*left) != 0 || isdigit((unsigned char)*right) != 0) {
        size_t left_size = 0, right_size = 0;
        const char *one = cret_version_number(&left, &left_size);
        const char *other = cret_version_number(&right, &right_size);
        if (left_size != right_size) {
            return left_size < right_size ? CRET_VERS_LOWER : CRET_VERS_HIGHER;
        }
        const int order = memcmp(one, other, left_size);
        if (order != 0) {
            return order < 0 ? CRET_VERS_LOWER : CRET_VERS_HIGHER;
        }
    }
    return *left == '\0' && *right == '\0' ? CRET_VERS_SIMILAR : CRET_VERS_UNSURE;
}

/* Whether a version is nothing but numbers. */
static bool is_plain(const char *text)
{
    text = cret_version_bare(text);
    return text[strspn(text, "0123456789.")] == '\0';
}

enum cret_vers_relation cret_vers_compare(enum cret_scheme scheme, const char *left,
                                          const char *right)
{
    int order = 0;
    switch (scheme) {
    case CRET_SCHEME_NUMBERS:
        return order_of_numbers(left, right);
    case CRET_SCHEME_PLAIN:
        return strcmp(left, right) == 0            ? CRET_VERS_SAME
               : is_plain(left) && is_plain(right) ? order_of_numbers(left, right)
                                                   : CRET_VERS_UNSURE;
    case CRET_SCHEME_UNKNOWN:
        return strcmp(left, right) == 0 ? CRET_VERS_SAME : CRET_VERS_UNSURE;
    case CRET_SCHEME_LEXICOGRAPHIC:
    case CRET_SCHEME_SEMVER:
    case CRET_SCHEME_DEB:
    case CRET_SCHEME_RPM:
    case CRET_SCHEME_PYPI:
    case CRET_SCHEME_DATETIME:
        break;
    }
    if (!cret_scheme_order(scheme, left, right, &order)) {
        return CRET_VERS_UNSURE;
    }
    return order < 0 ? CRET_VERS_LOWER : order > 0 ? CRET_VERS_HIGHER : CRET_VERS_SAME;
}
