/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of Python packages (PEP 440): epoch, release, pre-release, post-release, development. */
#include "release/advisory/vers_pypi.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define NUMBERS 16u

struct version {
    uint64_t epoch, release[NUMBERS], pre_number, post, dev;
    size_t count; /* of release, without zeros at its end */
    int pre;      /* 1 a, 2 b, 3 rc; 4: no pre-release, which is later; 0: a dev release only */
    bool has_post, has_dev;
};

/* A number of at most 18 digits; false: it is none. */
static bool read_number(const char **text, uint64_t *ret_number)
{
    const size_t size = strspn(*text, "0123456789");
    uint64_t number = 0;
    if (size == 0 || size > 18) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        number = number * 10 + (uint64_t)((*text)[i] - '0');
    }
    *text += size;
    *ret_number = number;
    return true;
}

/* A word and its number, with what may stand before and between; the number is 0 where there is
 * none. */
static bool read_word(const char **text, const char *word, uint64_t *ret_number)
{
    const char *at = *text + (**text != '\0' && strchr("-_.", **text) != NULL ? 1 : 0);
    const size_t size = strlen(word);
    if (strncasecmp(at, word, size) != 0 || isalpha((unsigned char)at[size]) != 0) {
        return false;
    }
    at += size;
    const char *number = at + (*at != '\0' && strchr("-_.", *at) != NULL ? 1 : 0);
    *ret_number = 0;
    if (isdigit((unsigned char)*number) != 0) {
        at = number;
        if (!read_number(&at, ret_number)) {
            return false;
        }
    }
    *text = at;
    return true;
}

static bool read_release(struct version *version, const char **text)
{
    do {
        *text += version->count > 0 ? 1 : 0;
        if (version->count == NUMBERS || !read_number(text, &version->release[version->count])) {
            return false;
        }
        version->count++;
    } while ((*text)[0] == '.' && isdigit((unsigned char)(*text)[1]) != 0);
    while (version->count > 1 && version->release[version->count - 1] == 0) {
        version->count--;
    }
    return true;
}

static void read_suffixes(struct version *version, const char **text)
{
    static const struct {
        const char *word;
        int rank;
    } words[] = {{"alpha", 1}, {"a", 1},       {"beta", 2}, {"b", 2},
                 {"rc", 3},    {"preview", 3}, {"pre", 3},  {"c", 3}};
    static const char *const posts[] = {"post", "rev", "r"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && version->pre == 0; i++) {
        if (read_word(text, words[i].word, &version->pre_number)) {
            version->pre = words[i].rank;
        }
    }
    for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]) && !version->has_post; i++) {
        version->has_post = read_word(text, posts[i], &version->post);
    }
    if (!version->has_post && (*text)[0] == '-' && isdigit((unsigned char)(*text)[1]) != 0) {
        (*text)++;
        version->has_post = read_number(text, &version->post);
    }
    version->has_dev = read_word(text, "dev", &version->dev);
    /* 1.0.dev1 is before 1.0a1; 1.0.post1.dev1 is after 1.0. */
    if (version->pre == 0 && !(version->has_dev && !version->has_post)) {
        version->pre = 4;
    }
}

/* False: no version of this kind. A local version (+...) has an order of its own: not read. */
static bool read_version(struct version *version, const char *text)
{
    *version = (struct version){0};
    text += *text == 'v' || *text == 'V' ? 1 : 0;
    const char *digits = text + strspn(text, "0123456789");
    if (*digits == '!') {
        if (!read_number(&text, &version->epoch)) {
            return false;
        }
        text++;
    }
    if (!read_release(version, &text)) {
        return false;
    }
    read_suffixes(version, &text);
    return *text == '\0';
}

static int compare(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

bool cret_pypi_order(const char *left, const char *right, int *ret_order)
{
    struct version one, other;
    if (!read_version(&one, left) || !read_version(&other, right)) {
        return false;
    }
    int order = compare(one.epoch, other.epoch);
    for (size_t i = 0; order == 0 && (i < one.count || i < other.count); i++) {
        order = compare(i < one.count ? one.release[i] : 0, i < other.count ? other.release[i] : 0);
    }
    order = order != 0 ? order : compare((uint64_t)one.pre, (uint64_t)other.pre);
    order = order != 0 ? order : compare(one.pre_number, other.pre_number);
    order = order != 0 ? order : (int)one.has_post - (int)other.has_post;
    order = order != 0 ? order : compare(one.post, other.post);
    order = order != 0 ? order : (int)other.has_dev - (int)one.has_dev;
    order = order != 0 ? order : compare(one.dev, other.dev);
    *ret_order = order;
    return true;
}
