/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "release/identifier.h"

#define LONGEST 4096u
#define QUALIFIERS 32u

/* A package URL in parts that point into `text`, which is owned. Absent parts are NULL. */
struct purl {
    char *text;
    char *type, *space, *name, *version;
    struct {
        char *key, *value;
    } qualifiers[QUALIFIERS];
    size_t qualifier_count;
};

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const int lower = tolower((unsigned char)digit);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Undoes percent-encoding in place. False where it cannot be undone, or the result is not text. */
static bool decode(char *part)
{
    char *out = part;
    for (const char *in = part; *in != '\0'; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        const int high = hex_digit(in[1]), low = high >= 0 ? hex_digit(in[2]) : -1;
        if (low < 0 || (high == 0 && low == 0)) {
            return false;
        }
        *out++ = (char)(high * 16 + low);
        in += 2;
    }
    *out = '\0';
    return part[0] != '\0' && cret_utf8_valid(part, strlen(part)) && cret_text_clean(part, false);
}

static void lower(char *part)
{
    for (; *part != '\0'; part++) {
        *part = (char)tolower((unsigned char)*part);
    }
}

/* Types whose names do not depend on case, with what else is folded (purl specification, known
 * types). */
static void normalize(struct purl *purl)
{
    static const char *const folded[] = {
        "alpm",   "apk", "bitbucket", "bitnami", "composer", "deb",  "github", "gitlab", "golang",
        "hex",    "npm", "luarocks",  "oci",     "pub",      "pypi", "qpkg",   "rpm",    NULL};
    lower(purl->type);
    for (size_t i = 0; folded[i] != NULL; i++) {
        if (strcmp(purl->type, folded[i]) != 0) {
            continue;
        }
        if (purl->space != NULL) {
            lower(purl->space);
        }
        if (strcmp(purl->type, "rpm") != 0) {
            lower(purl->name);
        }
    }
    for (char *at = purl->name; strcmp(purl->type, "pypi") == 0 && *at != '\0'; at++) {
        *at = *at == '_' ? '-' : *at;
    }
}

static bool read_qualifiers(struct purl *purl, char *text)
{
    for (char *rest = text, *pair; (pair = strsep(&rest, "&")) != NULL;) {
        char *value = strchr(pair, '=');
        if (value == NULL || value == pair || purl->qualifier_count == QUALIFIERS) {
            return false;
        }
        *value++ = '\0';
        if (*value == '\0') {
            continue; /* an empty value is the same as none */
        }
        lower(pair);
        if (!decode(value)) {
            return false;
        }
        purl->qualifiers[purl->qualifier_count].key = pair;
        purl->qualifiers[purl->qualifier_count++].value = value;
    }
    return true;
}

static bool is_type(const char *type)
{
    return isalpha((unsigned char)type[0]) != 0 &&
           strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-") ==
               strlen(type);
}

/* purl specification, "How to parse a purl string": from the right, then from the left. */
static bool parse(struct purl *purl, const char *text)
{
    static const char scheme[] = "pkg:";
    *purl = (struct purl){0};
    if (strncmp(text, scheme, sizeof(scheme) - 1) != 0 || strlen(text) > LONGEST) {
        return false;
    }
    purl->text = strdup(text + sizeof(scheme) - 1);
    if (purl->text == NULL) {
        return false;
    }
    char *rest = purl->text + strspn(purl->text, "/");
    char *mark = strchr(rest, '#');
    if (mark != NULL) {
        *mark = '\0'; /* a path below the package says nothing of its identity */
    }
    mark = strchr(rest, '?');
    if (mark != NULL) {
        *mark = '\0';
        if (!read_qualifiers(purl, mark + 1)) {
            return false;
        }
    }
    purl->type = strsep(&rest, "/");
    if (rest == NULL || !is_type(purl->type)) {
        return false;
    }
    /* An @ before the last '/' belongs to a namespace such as @angular. */
    char *last = strrchr(rest, '/');
    mark = strchr(last != NULL ? last + 1 : rest, '@');
    if (mark != NULL) {
        *mark = '\0';
        purl->version = mark + 1;
    }
    for (size_t size = strlen(rest); size > 0 && rest[size - 1] == '/'; size--) {
        rest[size - 1] = '\0';
    }
    last = strrchr(rest, '/');
    purl->name = last != NULL ? last + 1 : rest;
    if (last != NULL) {
        *last = '\0';
        purl->space = rest + strspn(rest, "/");
    }
    if (!decode(purl->name) || (purl->space != NULL && !decode(purl->space)) ||
        (purl->version != NULL && !decode(purl->version))) {
        return false;
    }
    normalize(purl);
    return true;
}

bool cret_purl_valid(const char *text)
{
    struct purl purl;
    const bool valid = parse(&purl, text);
    free(purl.text);
    return valid;
}

static bool same(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

static enum cret_match worse(enum cret_match left, enum cret_match right)
{
    return left < right ? left : right;
}

static enum cret_match match_qualifiers(const struct purl *wanted, const struct purl *own)
{
    enum cret_match match = CRET_MATCH_SURE;
    for (size_t i = 0; i < wanted->qualifier_count; i++) {
        enum cret_match one = CRET_MATCH_POSSIBLE;
        for (size_t j = 0; j < own->qualifier_count; j++) {
            if (strcmp(wanted->qualifiers[i].key, own->qualifiers[j].key) == 0) {
                one = strcmp(wanted->qualifiers[i].value, own->qualifiers[j].value) == 0
                          ? CRET_MATCH_SURE
                          : CRET_MATCH_NONE;
            }
        }
        match = worse(match, one);
    }
    return match;
}

static bool same_name(const struct purl *wanted, const struct purl *own)
{
    return strcmp(wanted->type, own->type) == 0 && same(wanted->space, own->space) &&
           strcmp(wanted->name, own->name) == 0;
}

static enum cret_match match_parsed(const struct purl *wanted, const struct purl *own,
                                    const char *own_version)
{
    if (!same_name(wanted, own)) {
        return CRET_MATCH_NONE;
    }
    const enum cret_match match = match_qualifiers(wanted, own);
    if (wanted->version == NULL) {
        return match;
    }
    const char *version = own->version != NULL ? own->version : own_version;
    if (version == NULL) {
        return worse(match, CRET_MATCH_POSSIBLE);
    }
    return strcmp(wanted->version, version) == 0 ? match : CRET_MATCH_NONE;
}

enum cret_match cret_purl_match(const char *wanted, const char *own, const char *own_version,
                                unsigned *ret_facts)
{
    struct purl left, right = {0};
    enum cret_match match = CRET_MATCH_NONE;
    *ret_facts = 0;
    if (parse(&left, wanted) && parse(&right, own)) {
        match = match_parsed(&left, &right, own_version);
        *ret_facts = (left.version == NULL ? CRET_IDENTIFIER_ANY_VERSION : 0u) |
                     (same_name(&left, &right) ? CRET_IDENTIFIER_SAME_NAME : 0u);
    }
    free(left.text);
    free(right.text);
    return match;
}
