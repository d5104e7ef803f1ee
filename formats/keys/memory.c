/* SPDX-License-Identifier: Apache-2.0 */
/* Having OpenSSL erase what it frees. */
#include "keys/memory.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(size);
}

static void give_back(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    if (memory != NULL) {
        explicit_bzero(memory, malloc_usable_size(memory));
        free(memory);
    }
}

/* realloc() may move a block and leave the old one as it was. */
static void *resize(void *memory, size_t size, const char *file, int line)
{
    if (memory == NULL) {
        return malloc(size);
    }
    const size_t old = malloc_usable_size(memory);
    if (size != 0 && size <= old && old - size < size) {
        return memory; /* the block is large enough, and not far too large */
    }
    void *moved = size != 0 ? malloc(size) : NULL;
    if (moved != NULL) {
        memcpy(moved, memory, old < size ? old : size);
    }
    if (moved != NULL || size == 0) {
        give_back(memory, file, line);
    }
    return moved;
}

enum cret_status cret_key_memory_guard(void)
{
    return CRYPTO_set_mem_functions(take, resize, give_back) == 1 ? CRET_OK : CRET_FAILED;
}
