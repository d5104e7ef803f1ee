/* SPDX-License-Identifier: Apache-2.0 */
/* What the headers of compat/ declare of strings and memory. */
#include <malloc.h>

#include "base/system/os.h"

void *memmem(const void *data, size_t size, const void *wanted, size_t wanted_size)
{
    const unsigned char *at = data;
    if (wanted_size == 0) {
        return (void *)(uintptr_t)data;
    }
    while (size >= wanted_size) {
        const unsigned char *found =
            memchr(at, *(const unsigned char *)wanted, size - wanted_size + 1);
        if (found == NULL) {
            return NULL;
        }
        if (memcmp(found, wanted, wanted_size) == 0) {
            return (void *)(uintptr_t)found;
        }
        size -= (size_t)(found + 1 - at);
        at = found + 1;
    }
    return NULL;
}

void *memrchr(const void *data, int byte, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = size; i > 0; i--) {
        if (bytes[i - 1] == (unsigned char)byte) {
            return (void *)(uintptr_t)(bytes + i - 1);
        }
    }
    return NULL;
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t all = 0;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, all);
}

char *strsep(char **text, const char *ends)
{
    char *begin = *text;
    if (begin == NULL) {
        return NULL;
    }
    char *end = begin + strcspn(begin, ends);
    *text = *end == '\0' ? NULL : end + 1;
    *end = '\0';
    return begin;
}

void explicit_bzero(void *memory, size_t size)
{
    memset(memory, 0, size);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

char *cret_compat_strndup(const char *text, size_t most)
{
    const size_t size = strnlen(text, most);
    char *copy = malloc(size + 1);
    if (copy != NULL) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

/* Through the malloc() that remembers what was denied (os_fault.c), as every allocation. */
char *cret_compat_strdup(const char *text)
{
    return cret_compat_strndup(text, strlen(text));
}

size_t malloc_usable_size(void *memory)
{
    return memory == NULL ? 0 : _msize(memory);
}

locale_t newlocale(int mask, const char *name, locale_t base)
{
    (void)mask;
    (void)name;
    (void)base;
    return 1;
}

locale_t uselocale(locale_t locale)
{
    return locale;
}

void freelocale(locale_t locale)
{
    (void)locale;
}

int cret_compat_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    (void)how;
    (void)set;
    if (old != NULL) {
        *old = 0;
    }
    return 0;
}

int cret_compat_sigfill(sigset_t *set)
{
    *set = ~0ull;
    return 0;
}
