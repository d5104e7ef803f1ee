/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of the process passes through here, those of libraries too: the dynamic linker
 * takes a program's own malloc() for that of all of them. They are handed on to the next malloc()
 * in its order, which is that of libc, or of whatever was loaded before it. base/system/fault_end.c
 * remembers what was denied.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding/err.h"
#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/system/fault_end.h"

static void say(const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        const ssize_t count = write(STDERR_FILENO, text, size);
        if (count <= 0) {
            return;
        }
        text += count;
        size -= (size_t)count;
    }
}

static void __attribute__((noreturn)) last(const char *fault, int code)
{
    if (fault != NULL) {
        say(program_invocation_short_name);
        say(": UNDECIDED: ");
        say(fault);
        say("\n  what to do  free some memory, raise the limits of this shell (ulimit -a), and run "
            "this again\n");
    }
    _exit(code);
}

/* A library that ends the process does not choose its exit code. */
static void at_exit(int code, void *unused)
{
    (void)unused;
    if (code != CRET_ERR_UNDECIDED && cret_fault_noted()) {
        cret_fault_end_undecided(last);
    }
}

void cret_fault_begin(void)
{
    on_exit(at_exit, NULL);
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

static struct {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *memory, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
    int (*posix_memalign)(void **ret_memory, size_t alignment, size_t size);
} next;

#ifdef CRETULA_STATIC
/* The linker gives the functions below to all that call those of these names, and libc's own under
 * the names that begin with __real (--wrap). */
#define CRET_FIND(name)                                                                            \
    do {                                                                                           \
        extern __typeof__(*next.name) __real_##name;                                               \
        next.name = __real_##name;                                                                 \
    } while (0)
#else
#define CRET_FIND(name) find(#name, &next.name)

/* A pointer to data as one to a function: POSIX allows it for dlsym, ISO C has no cast for it. */
static void find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof(symbol));
}
#endif

/* The first allocation is made by the dynamic linker or a constructor, before there are threads.
 * Whatever the linker allocates while it looks is refused, which it bears. */
static bool ready(void)
{
    static bool looking, found;
    if (!found && !looking) {
        looking = true;
        CRET_FIND(malloc);
        CRET_FIND(calloc);
        CRET_FIND(realloc);
        CRET_FIND(aligned_alloc);
        CRET_FIND(posix_memalign);
        found = true;
        /* Address space only: nobody writes to it. */
        cret_fault_keep_reserve(next.malloc(CRET_RESERVE_BYTES));
    }
    return found;
}

void *malloc(size_t size)
{
    if (!ready()) {
        return NULL;
    }
    void *given = next.malloc(size);
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(size, i, last); i++) {
        given = next.malloc(size);
    }
    return given;
}

void *calloc(size_t count, size_t size)
{
    size_t all = 0;
    if (!ready()) {
        return NULL;
    }
    void *given = next.calloc(count, size);
    if (given == NULL && __builtin_mul_overflow(count, size, &all)) {
        all = SIZE_MAX;
    }
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(all, i, last); i++) {
        given = next.calloc(count, size);
    }
    return given;
}

void *realloc(void *memory, size_t size)
{
    if (!ready()) {
        return NULL;
    }
    void *given = next.realloc(memory, size);
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(size, i, last); i++) {
        given = next.realloc(memory, size);
    }
    return given;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (!ready()) {
        return NULL;
    }
    void *given = next.aligned_alloc(alignment, size);
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(size, i, last); i++) {
        given = next.aligned_alloc(alignment, size);
    }
    return given;
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    int error = ready() ? next.posix_memalign(ret_memory, alignment, size) : ENOMEM;
    for (unsigned i = 0; error == ENOMEM && cret_fault_ask_again(size, i, last); i++) {
        error = next.posix_memalign(ret_memory, alignment, size);
    }
    return error;
}

#endif
