/* SPDX-License-Identifier: Apache-2.0 */
/* Reading VERS in canonical form (package-url/vers-spec, "Core specification"). */
#include "release/advisory/vers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char cret_vers_too_long[] = "more or longer constraints than are read";

static const char *read_type(struct cret_vers *vers, const char **text)
{
    const char *type = *text + 5;
    if (strncmp(*text, "vers:", 5) != 0) {
        return "the scheme is not \"vers:\"";
    }
    const size_t size = strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    if (size == 0 || type[size] != '/' || islower((unsigned char)type[0]) == 0) {
        return "the type is not lower-case letters, digits, period and dash, ended by a slash";
    }
    vers->scheme = cret_version_scheme(type, size);
    vers->type_size = size;
    *text = type + size + 1;
    return NULL;
}

/* The byte of an escape; -1: it is none, or one that canonical form does not have. */
static int read_escape(const char *text, const char **ret_fault)
{
    static const char hex[] = "0123456789ABCDEFabcdef";
    if (text[1] == '\0' || strchr(hex, text[1]) == NULL || text[2] == '\0' ||
        strchr(hex, text[2]) == NULL) {
        *ret_fault = "invalid percent-encoding in version";
        return -1;
    }
    const char digits[3] = {text[1], text[2], '\0'};
    const int byte = (int)strtol(digits, NULL, 16);
    if (islower((unsigned char)text[1]) != 0 || islower((unsigned char)text[2]) != 0 || byte == 0 ||
        (byte < 0x80 && (isalnum(byte) != 0 || strchr("-._~", byte) != NULL))) {
        *ret_fault = "percent-encoding in version is not canonical";
        return -1;
    }
    return byte;
}

/* The version of one constraint, up to the next separator. */
static const char *read_version(struct cret_constraint *one, const char **text)
{
    size_t size = 0;
    const char *at = *text, *fault = NULL;
    for (; *at != '\0' && *at != '|'; at++) {
        int byte = (unsigned char)*at;
        if (strchr("<>=!*", byte) != NULL) {
            return "a comparator stands inside of a version";
        }
        if (byte == '%') {
            byte = read_escape(at, &fault);
            at += 2;
        }
        if (fault != NULL) {
            return fault;
        }
        if (size + 1 >= sizeof(one->version)) {
            return cret_vers_too_long;
        }
        one->version[size++] = (char)byte;
    }
    one->version[size] = '\0';
    *text = at;
    return size > 0 ? NULL : "a constraint has no version";
}

static const char *read_constraint(struct cret_constraint *one, const char **text)
{
    static const struct {
        const char *sign;
        enum cret_comparator comparator;
    } signs[] = {{">=", CRET_GREATER_EQUAL}, {"<=", CRET_LESS_EQUAL}, {"!=", CRET_NOT_EQUAL},
                 {">", CRET_GREATER},        {"<", CRET_LESS},        {"=", CRET_EQUAL}};
    one->comparator = CRET_EQUAL;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        const size_t size = strlen(signs[i].sign);
        if (strncmp(*text, signs[i].sign, size) == 0) {
            one->comparator = signs[i].comparator;
            *text += size;
            break;
        }
    }
    return read_version(one, text);
}

/* RFC 3339 with T and Z in capitals, and colons as they are. */
static const char *check_datetime(const char *text)
{
    if (strpbrk(text, "tz") != NULL) {
        return "datetime must use uppercase T and Z";
    }
    return strstr(text, "%3A") != NULL ? "datetime time colons must be unencoded" : NULL;
}

/* What may follow what: versions ascend, and lower and upper bounds take turns. */
static const char *check_sequence(const struct cret_vers *vers)
{
    const struct cret_constraint *bound = NULL, *last = NULL;
    for (size_t i = 0; i < vers->count; i++) {
        const struct cret_constraint *one = &vers->list[i];
        for (size_t j = 0; j < i; j++) {
            if (strcmp(vers->list[j].version, one->version) == 0) {
                return "a version occurs twice";
            }
        }
        if (i > 0 && cret_vers_compare(vers->scheme, vers->list[i - 1].version, one->version) ==
                         CRET_VERS_HIGHER) {
            return "constraints are not sorted by version";
        }
        if (one->comparator == CRET_NOT_EQUAL) {
            continue;
        }
        const bool upper = one->comparator == CRET_LESS || one->comparator == CRET_LESS_EQUAL;
        if (last != NULL && last->comparator == CRET_EQUAL && upper) {
            return "an upper bound follows a single version";
        }
        last = one;
        if (one->comparator == CRET_EQUAL) {
            continue;
        }
        const bool before = bound != NULL && (bound->comparator == CRET_LESS ||
                                              bound->comparator == CRET_LESS_EQUAL);
        if (bound != NULL && before == upper) {
            return "lower and upper bounds do not take turns";
        }
        bound = one;
    }
    return NULL;
}

static const char *check_text(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (isspace((unsigned char)*at) != 0) {
            return "whitespace is not permitted";
        }
        if ((unsigned char)*at < 0x21 || (unsigned char)*at > 0x7e) {
            return "only printable ASCII is permitted";
        }
    }
    return NULL;
}

/* The types that have one form each. */
static const char *check_general(struct cret_vers *vers, const char *type, const char *constraints)
{
    const bool none = vers->type_size == 4 && strncmp(type, "none", 4) == 0;
    const bool all = vers->type_size == 3 && strncmp(type, "all", 3) == 0;
    vers->none = none;
    vers->all = !none && strcmp(constraints, "*") == 0;
    if ((none || all) && strcmp(constraints, "*") != 0) {
        return "the types \"all\" and \"none\" have no constraints but \"*\"";
    }
    return vers->scheme == CRET_SCHEME_DATETIME ? check_datetime(constraints) : NULL;
}

/* Everything behind the slash. */
static const char *read_constraints(struct cret_vers *vers, const char *text)
{
    if (*text == '|') {
        return "leading pipe is not permitted";
    }
    if (*text == '\0') {
        return "there are no constraints";
    }
    for (;;) {
        if (vers->count == CRET_VERS_CONSTRAINTS) {
            return cret_vers_too_long;
        }
        const char *fault = read_constraint(&vers->list[vers->count++], &text);
        if (fault != NULL) {
            return fault;
        }
        if (*text == '\0') {
            return check_sequence(vers);
        }
        text++;
        if (*text == '\0') {
            return "trailing pipe is not permitted";
        }
        if (*text == '|') {
            return "consecutive pipes are not permitted";
        }
    }
}

const char *cret_vers_read(struct cret_vers *ret_vers, const char *text, bool bare)
{
    const char *rest = text, *fault = check_text(text);
    ret_vers->scheme = CRET_SCHEME_NUMBERS;
    ret_vers->type_size = 0;
    ret_vers->all = false;
    ret_vers->none = false;
    ret_vers->count = 0;
    if (fault == NULL && !bare) {
        fault = read_type(ret_vers, &rest);
        fault = fault != NULL ? fault : check_general(ret_vers, text + 5, rest);
    }
    if (fault != NULL || ret_vers->all || ret_vers->none) {
        return fault;
    }
    return read_constraints(ret_vers, rest);
}
