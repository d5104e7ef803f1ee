/* SPDX-License-Identifier: Apache-2.0 */
/* The orders of versions that types of vers have, beside that of dotted numbers. */
#include <ctype.h>
#include <string.h>

#include "base/text/time.h"
#include "release/advisory/vers.h"
#include "release/advisory/vers_pypi.h"

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Runs of digits as numbers; both texts are moved behind them. */
static int compare_digits(const char **left, const char **right)
{
    *left += strspn(*left, "0");
    *right += strspn(*right, "0");
    const size_t left_size = strspn(*left, "0123456789"), right_size = strspn(*right, "0123456789");
    const int order = left_size != right_size ? (left_size > right_size ? 1 : -1)
                                              : memcmp(*left, *right, left_size);
    *left += left_size;
    *right += right_size;
    return sign(order);
}

/* Debian Policy 5.6.12: ~ before the end, the end before letters, letters before all else. */
static int weight(char character)
{
    if (character == '~') {
        return -1;
    }
    if (isdigit((unsigned char)character) != 0 || character == '\0') {
        return 0;
    }
    return isalpha((unsigned char)character) != 0 ? (unsigned char)character
                                                  : (unsigned char)character + 256;
}

/* One part (upstream version, or revision). */
static int compare_deb_part(const char *left, const char *right)
{
    while (*left != '\0' || *right != '\0') {
        while ((*left != '\0' && isdigit((unsigned char)*left) == 0) ||
               (*right != '\0' && isdigit((unsigned char)*right) == 0)) {
            const int order = weight(*left) - weight(*right);
            if (order != 0) {
                return sign(order);
            }
            left += *left != '\0' ? 1 : 0;
            right += *right != '\0' ? 1 : 0;
        }
        const int order = compare_digits(&left, &right);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

#define LONGEST 256u

/* "[epoch:]version[-revision]"; rpm and deb write it alike. */
struct parts {
    char text[LONGEST];
    const char *epoch, *version, *revision;
};

static bool split(struct parts *parts, const char *text)
{
    if (strlen(text) >= sizeof(parts->text) || isalnum((unsigned char)*text) == 0) {
        return false;
    }
    strcpy(parts->text, text);
    char *version = parts->text, *colon = strchr(parts->text, ':');
    parts->epoch = "0";
    if (colon != NULL) {
        *colon = '\0';
        parts->epoch = parts->text;
        version = colon + 1;
        if (parts->epoch[strspn(parts->epoch, "0123456789")] != '\0') {
            return false;
        }
    }
    char *dash = strrchr(version, '-');
    parts->revision = "";
    if (dash != NULL) {
        *dash = '\0';
        parts->revision = dash + 1;
    }
    parts->version = version;
    return *version != '\0';
}

/* rpmvercmp(): runs of digits and of letters; what separates them does not count, but for ~ (before
 * everything) and ^ (behind the end, before everything else). */
static int compare_rpm_part(const char *left, const char *right)
{
    while (*left != '\0' || *right != '\0') {
        while (*left != '\0' && isalnum((unsigned char)*left) == 0 && *left != '~' &&
               *left != '^') {
            left++;
        }
        while (*right != '\0' && isalnum((unsigned char)*right) == 0 && *right != '~' &&
               *right != '^') {
            right++;
        }
        if (*left == '~' || *right == '~') {
            if (*left != *right) {
                return *left == '~' ? -1 : 1;
            }
            left++;
            right++;
            continue;
        }
        if (*left == '^' || *right == '^') {
            if (*left != *right) {
                const char other = *left == '^' ? *right : *left;
                const int order = *left == '^' ? 1 : -1;
                return other == '\0' ? order : -order;
            }
            left++;
            right++;
            continue;
        }
        if (*left == '\0' || *right == '\0') {
            break;
        }
        const bool number = isdigit((unsigned char)*left) != 0;
        if (number != (isdigit((unsigned char)*right) != 0)) {
            return number ? 1 : -1;
        }
        if (number) {
            const int order = compare_digits(&left, &right);
            if (order != 0) {
                return order;
            }
            continue;
        }
        while (isalpha((unsigned char)*left) != 0 || isalpha((unsigned char)*right) != 0) {
            const int one = isalpha((unsigned char)*left) != 0 ? *left++ : 0;
            const int other = isalpha((unsigned char)*right) != 0 ? *right++ : 0;
            if (one != other) {
                return sign(one - other);
            }
        }
    }
    return (*left != '\0') - (*right != '\0');
}

static bool by_parts(const char *left, const char *right,
                     int (*compare)(const char *left, const char *right), int *ret_order)
{
    struct parts one, other;
    if (!split(&one, left) || !split(&other, right)) {
        return false;
    }
    const char *left_epoch = one.epoch, *right_epoch = other.epoch;
    int order = compare_digits(&left_epoch, &right_epoch);
    order = order != 0 ? order : compare(one.version, other.version);
    /* rpm: a bound without a release is about all releases of that version. */
    if (order == 0 && compare == compare_rpm_part &&
        (one.revision[0] == '\0') != (other.revision[0] == '\0')) {
        return false;
    }
    *ret_order = order != 0 ? order : compare(one.revision, other.revision);
    return true;
}

/* Semantic Versioning 2.0.0, 9: one identifier of a pre-release. */
static bool is_identifier(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (isalnum((unsigned char)text[i]) == 0 && text[i] != '-') {
            return false;
        }
    }
    return size > 0;
}

/* Where the three numbers end; NULL: no semantic version. */
static const char *read_core(const char *text)
{
    for (int i = 0; i < 3; i++) {
        const size_t size = strspn(text, "0123456789");
        if (size == 0 || (i < 2 && text[size] != '.')) {
            return NULL;
        }
        text += size + (i < 2 ? 1 : 0);
    }
    return *text == '\0' || *text == '-' || *text == '+' ? text : NULL;
}

/* Semantic Versioning 2.0.0, 11.4. */
static bool compare_prerelease(const char *left, const char *right, int *ret_order)
{
    for (;;) {
        const size_t left_size = strcspn(left, ".+"), right_size = strcspn(right, ".+");
        if (!is_identifier(left, left_size) || !is_identifier(right, right_size)) {
            return false;
        }
        const bool left_number = strspn(left, "0123456789") == left_size;
        const bool right_number = strspn(right, "0123456789") == right_size;
        int order = 0;
        if (left_number && right_number) {
            const char *one = left, *other = right;
            order = compare_digits(&one, &other);
        } else if (left_number != right_number) {
            order = left_number ? -1 : 1;
        } else {
            const size_t least = left_size < right_size ? left_size : right_size;
            order = memcmp(left, right, least);
            order = order != 0 ? sign(order) : (left_size > right_size) - (left_size < right_size);
        }
        left += left_size;
        right += right_size;
        const bool left_more = *left == '.', right_more = *right == '.';
        if (order != 0 || !left_more || !right_more) {
            *ret_order = order != 0 ? order : left_more - right_more;
            return true;
        }
        left++;
        right++;
    }
}

static bool by_semver(const char *left, const char *right, int *ret_order)
{
    left += *left == 'v' ? 1 : 0;
    right += *right == 'v' ? 1 : 0;
    const char *left_end = read_core(left), *right_end = read_core(right);
    if (left_end == NULL || right_end == NULL) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        const int order = compare_digits(&left, &right);
        if (order != 0) {
            *ret_order = order;
            return true;
        }
        left++;
        right++;
    }
    if (*left_end == '-' && *right_end == '-') {
        return compare_prerelease(left_end + 1, right_end + 1, ret_order);
    }
    *ret_order = (*left_end != '-') - (*right_end != '-');
    return true;
}

/* The digits of a fraction of a second, without zeros at their end. */
static size_t fraction(const char *text, const char **ret_digits)
{
    const char *dot = strchr(text, '.');
    *ret_digits = dot != NULL ? dot + 1 : "";
    size_t size = strspn(*ret_digits, "0123456789");
    while (size > 0 && (*ret_digits)[size - 1] == '0') {
        size--;
    }
    return size;
}

bool cret_time_is_strict(const char *text)
{
    int64_t seconds = 0;
    const char *colon = strchr(text, ':');
    return cret_time_is_date_time(text) && strpbrk(text, "tz ") == NULL && colon != NULL &&
           strncmp(colon + 3, ":60", 3) != 0 && cret_time_read(&seconds, text) == CRET_OK;
}

/* RFC 3339, by the instant. */
static bool by_instant(const char *left, const char *right, int *ret_order)
{
    int64_t one = 0, other = 0;
    if (!cret_time_is_date_time(left) || !cret_time_is_date_time(right) ||
        cret_time_read(&one, left) != CRET_OK || cret_time_read(&other, right) != CRET_OK) {
        return false;
    }
    const char *left_digits = NULL, *right_digits = NULL;
    const size_t left_size = fraction(left, &left_digits);
    const size_t right_size = fraction(right, &right_digits);
    const int order =
        memcmp(left_digits, right_digits, left_size < right_size ? left_size : right_size);
    *ret_order = one != other ? (one > other ? 1 : -1)
                 : order != 0 ? sign(order)
                              : (left_size > right_size) - (left_size < right_size);
    return true;
}

bool cret_scheme_order(enum cret_scheme scheme, const char *left, const char *right, int *ret_order)
{
    switch (scheme) {
    case CRET_SCHEME_LEXICOGRAPHIC:
        *ret_order = sign(strcmp(left, right));
        return true;
    case CRET_SCHEME_SEMVER:
        return by_semver(left, right, ret_order);
    case CRET_SCHEME_DEB:
        return by_parts(left, right, compare_deb_part, ret_order);
    case CRET_SCHEME_RPM:
        return by_parts(left, right, compare_rpm_part, ret_order);
    case CRET_SCHEME_PYPI:
        return cret_pypi_order(left, right, ret_order);
    case CRET_SCHEME_DATETIME:
        return by_instant(left, right, ret_order);
    case CRET_SCHEME_UNKNOWN:
    case CRET_SCHEME_NUMBERS:
    case CRET_SCHEME_PLAIN:
        break;
    }
    return false;
}
