/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remembers what the system denied. Every allocation of the process passes through here, those of
 * libraries too: the dynamic linker takes a program's own malloc() for that of all of them. They are
 * handed on to the next malloc() in its order, which is that of libc, or of whatever was loaded
 * before it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

static _Atomic(const char *) first_fault;

void cret_fault_note(const char *what)
{
    const char *none = NULL;
    (void)atomic_compare_exchange_strong(&first_fault, &none, what);
}

const char *cret_fault_words(void)
{
    return atomic_load(&first_fault);
}

bool cret_fault_noted(void)
{
    return cret_fault_words() != NULL;
}

/* The sanitizers have a malloc() of their own, which ends the program where there is no memory. */
#if defined(__has_feature)
#define CRET_HAS_FEATURE(name) __has_feature(name)
#else
#define CRET_HAS_FEATURE(name) 0
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                             \
    !CRET_HAS_FEATURE(address_sanitizer) && !CRET_HAS_FEATURE(thread_sanitizer) &&                 \
    !CRET_HAS_FEATURE(memory_sanitizer)

static const char no_memory[] = "there was not enough memory";

static struct {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *memory, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
    int (*posix_memalign)(void **ret_memory, size_t alignment, size_t size);
} next;

/* A pointer to data as one to a function: POSIX allows it for dlsym, ISO C has no cast for it. */
static void find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof(symbol));
}

/* The first allocation is made by the dynamic linker or a constructor, before there are threads.
 * Whatever the linker allocates while it looks is refused, which it bears. */
static bool ready(void)
{
    static bool looking, found;
    if (!found && !looking) {
        looking = true;
        find("malloc", &next.malloc);
        find("calloc", &next.calloc);
        find("realloc", &next.realloc);
        find("aligned_alloc", &next.aligned_alloc);
        find("posix_memalign", &next.posix_memalign);
        found = true;
    }
    return found;
}

/* Nothing is no fault where nothing was asked for. */
static void *given(void *memory, size_t size)
{
    if (memory == NULL && size != 0) {
        cret_fault_note(no_memory);
    }
    return memory;
}

void *malloc(size_t size)
{
    return ready() ? given(next.malloc(size), size) : NULL;
}

void *calloc(size_t count, size_t size)
{
    return ready() ? given(next.calloc(count, size), count != 0 ? size : 0) : NULL;
}

void *realloc(void *memory, size_t size)
{
    return ready() ? given(next.realloc(memory, size), size) : NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return ready() ? given(next.aligned_alloc(alignment, size), size) : NULL;
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    const int error = ready() ? next.posix_memalign(ret_memory, alignment, size) : ENOMEM;
    if (error == ENOMEM) {
        cret_fault_note(no_memory);
    }
    return error;
}

#endif
