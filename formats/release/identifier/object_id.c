/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers that name an object of version control by its hash: gitoid and SWHID. */
#include "release/identifier/object_id.h"

#include <string.h>

/* The text behind the word of the list that it begins with, or NULL. */
static const char *behind_word(const char *text, const char *const *words)
{
    for (size_t i = 0; text != NULL && words[i] != NULL; i++) {
        const size_t size = strlen(words[i]);
        if (strncmp(text, words[i], size) == 0) {
            return text + size;
        }
    }
    return NULL;
}

/* The text behind exactly `digits` hexadecimal digits in lower case, or NULL. */
static const char *behind_hash(const char *text, size_t digits)
{
    return text != NULL && strspn(text, "0123456789abcdef") == digits ? text + digits : NULL;
}

bool cret_gitoid_valid(const char *text)
{
    static const char *const objects[] = {
        "gitoid:blob:", "gitoid:commit:", "gitoid:tag:", "gitoid:tree:", NULL};
    static const char *const sha1[] = {"sha1:", NULL}, *const sha256[] = {"sha256:", NULL};
    const char *hash = behind_word(text, objects);
    const char *end = behind_hash(behind_word(hash, sha1), 40);
    end = end != NULL ? end : behind_hash(behind_word(hash, sha256), 64);
    return end != NULL && *end == '\0';
}

bool cret_swhid_valid(const char *text)
{
    static const char *const objects[] = {
        "swh:1:cnt:", "swh:1:dir:", "swh:1:rel:", "swh:1:rev:", "swh:1:snp:", NULL};
    const char *end = behind_hash(behind_word(text, objects), 40);
    return end != NULL && (*end == '\0' || (*end == ';' && strchr(end, '=') != NULL));
}
