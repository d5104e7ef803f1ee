/* SPDX-License-Identifier: Apache-2.0 */
/* Strings that many files share, kept once. */
#include <stdlib.h>
#include <string.h>

#include "release/manifest/manifest_internal.h"

#define CHUNK_BYTES 65536u
#define SHARED_MAX 32u

struct chunk {
    struct chunk *next;
    size_t used, capacity;
    char data[];
};

struct cret_manifest_strings {
    struct chunk *chunks; /* the first one is being filled */
    const char *shared[SHARED_MAX];
    size_t shared_count;
};

enum cret_status cret_manifest_strings_new(struct cret_manifest_strings **ret)
{
    struct cret_manifest_strings *strings = calloc(1, sizeof(*strings));
    if (strings == NULL) {
        return CRET_FAILED;
    }
    *ret = strings;
    return CRET_OK;
}

void cret_manifest_strings_free(struct cret_manifest_strings **strings)
{
    if (strings == NULL || *strings == NULL) {
        return;
    }
    for (struct chunk *chunk = (*strings)->chunks; chunk != NULL;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(*strings);
    *strings = NULL;
}

const char *cret_manifest_strings_add(struct cret_manifest_strings *strings, const char *text)
{
    const size_t size = strlen(text) + 1;
    struct chunk *chunk = strings->chunks;
    if (chunk == NULL || chunk->capacity - chunk->used < size) {
        const size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        chunk = malloc(sizeof(*chunk) + capacity);
        if (chunk == NULL) {
            return NULL;
        }
        chunk->used = 0;
        chunk->capacity = capacity;
        chunk->next = strings->chunks;
        strings->chunks = chunk;
    }
    char *copy = chunk->data + chunk->used;
    memcpy(copy, text, size);
    chunk->used += size;
    return copy;
}

const char *cret_manifest_strings_share(struct cret_manifest_strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->shared_count; i++) {
        if (strcmp(strings->shared[i], text) == 0) {
            return strings->shared[i];
        }
    }
    const char *copy = cret_manifest_strings_add(strings, text);
    if (copy != NULL && strings->shared_count < SHARED_MAX) {
        strings->shared[strings->shared_count++] = copy;
    }
    return copy;
}
