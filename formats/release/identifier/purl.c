/* SPDX-License-Identifier: Apache-2.0 */
/* Package URLs: read into their one form, and compared. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "release/identifier/purl.h"

#define LONGEST 4096u
#define QUALIFIERS 32u

struct qualifier {
    char *key, *value;
};

/* A package URL in parts that point into `text`, which is owned. Absent parts are NULL. */
struct cret_purl {
    char *text;
    char *type, *space, *name, *version;
    struct qualifier *qualifiers;
    size_t qualifier_count;
    bool within;             /* it has a path: a part of the package is meant */
    struct qualifier room[]; /* of one that is kept */
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
static void normalize(struct cret_purl *purl)
{
    static const char *const folded[] = {
        "alpm", "apk", "bitbucket", "bitnami", "composer", "deb",  "github", "gitlab", "golang",
        "hex",  "npm", "luarocks",  "oci",     "pub",      "pypi", "qpkg",   "rpm",    NULL};
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

static bool read_qualifiers(struct cret_purl *purl, char *text)
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
static bool parse(struct cret_purl *purl, struct qualifier room[QUALIFIERS], const char *text)
{
    static const char scheme[] = "pkg:";
    *purl = (struct cret_purl){.qualifiers = room};
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
        purl->within = mark[1] != '\0';
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
    struct cret_purl purl;
    struct qualifier room[QUALIFIERS];
    const bool valid = parse(&purl, room, text);
    free(purl.text);
    return valid;
}

struct cret_purl *cret_purl_read(const char *text)
{
    struct cret_purl parsed;
    struct qualifier room[QUALIFIERS];
    struct cret_purl *purl = NULL;
    if (parse(&parsed, room, text)) {
        purl = malloc(sizeof(*purl) + parsed.qualifier_count * sizeof(room[0]));
    }
    if (purl == NULL) {
        free(parsed.text);
        return NULL;
    }
    *purl = parsed;
    purl->qualifiers = purl->room;
    memcpy(purl->room, room, parsed.qualifier_count * sizeof(room[0]));
    return purl;
}

void cret_purl_free(struct cret_purl **purl)
{
    if (purl != NULL && *purl != NULL) {
        free((*purl)->text);
        free(*purl);
        *purl = NULL;
    }
}

const char *cret_purl_version(const struct cret_purl *purl)
{
    return purl->version;
}

const char *cret_purl_type(const struct cret_purl *purl)
{
    return purl->type;
}

const char *cret_purl_name(const struct cret_purl *purl)
{
    return purl->name;
}

static bool same(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

/* Whether own has every qualifier that wanted has, with the same value. */
static bool has_qualifiers(const struct cret_purl *wanted, const struct cret_purl *own)
{
    for (size_t i = 0; i < wanted->qualifier_count; i++) {
        bool found = false;
        for (size_t j = 0; j < own->qualifier_count; j++) {
            found = found || (strcmp(wanted->qualifiers[i].key, own->qualifiers[j].key) == 0 &&
                              strcmp(wanted->qualifiers[i].value, own->qualifiers[j].value) == 0);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

enum cret_match cret_purl_same(const struct cret_purl *wanted, const struct cret_purl *own)
{
    if (strcmp(wanted->type, own->type) != 0 || !same(wanted->space, own->space) ||
        strcmp(wanted->name, own->name) != 0) {
        return CRET_MATCH_NONE;
    }
    return has_qualifiers(wanted, own) && !wanted->within ? CRET_MATCH_SURE : CRET_MATCH_POSSIBLE;
}

/* Types that package the same upstream software under the same name. */
static bool is_system_type(const char *type)
{
    static const char *const types[] = {"alpm",   "apk",    "bitbucket", "conan", "deb", "generic",
                                        "github", "gitlab", "rpm",       "yocto", NULL};
    for (size_t i = 0; types[i] != NULL; i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

bool cret_purl_akin(const struct cret_purl *left, const struct cret_purl *right)
{
    return strcmp(left->name, right->name) == 0 && is_system_type(left->type) &&
           is_system_type(right->type);
}
