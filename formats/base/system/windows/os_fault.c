/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remembers what the system denied; the linker gives every allocation of the program to this file
 * (--wrap). A small one never fails: a reserve helps such a run to its end, which is UNDECIDED by
 * then, and where that is used up the process ends at once. The room for POSIX says why.
 */
#include <stdatomic.h>

#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/system/windows/os_internal.h"

enum { NOT_ENDED = -1, ATTEMPTS = 3 };
static _Atomic(const char *) first_fault;
static atomic_int ended_with = NOT_ENDED;
static void (*clean_up)(void);
static _Atomic(void *) reserve;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void cret_win_end(int code)
{
    TerminateProcess(GetCurrentProcess(), (UINT)code);
    for (;;) {
        Sleep(INFINITE);
    }
}

void cret_fault_note(const char *what)
{
    const char *none = NULL;
    if (atomic_load(&ended_with) == NOT_ENDED) {
        atomic_compare_exchange_strong(&first_fault, &none, what);
    }
}

const char *cret_fault_words(void)
{
    return atomic_load(&first_fault);
}

bool cret_fault_noted(void)
{
    return cret_fault_words() != NULL;
}

static void say(const char *text)
{
    DWORD done = 0;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)strlen(text), &done, NULL);
}

/* Without allocations: there is no memory. What standard output has not yet written is dropped. */
static void __attribute__((noreturn)) end_undecided(void)
{
    if (atomic_load(&ended_with) != NOT_ENDED) {
        cret_win_end(atomic_load(&ended_with));
    }
    if (clean_up != NULL) {
        clean_up();
    }
    say("cretula: UNDECIDED: ");
    say(cret_fault_words());
    say("\r\n  what to do  free some memory, and run this again\r\n");
    cret_win_end(CRET_ERR_UNDECIDED);
}

/* A library that ends the process does not choose its exit code. */
static void at_exit(void)
{
    if (cret_fault_noted()) {
        end_undecided();
    }
}

void cret_fault_end(int code)
{
    atomic_store(&ended_with, code);
}

void cret_fault_at_end(void (*clean)(void))
{
    clean_up = clean;
}

void cret_fault_begin(void)
{
    if (atexit(at_exit) != 0) {
        cret_win_end(CRET_ERR_UNDECIDED);
    }
    atomic_store(&reserve, __real_malloc(CRET_RESERVE_BYTES));
}

/* After `size` bytes were not given for the attempt-th time, from 0: whether to ask once more. */
static bool ask_again(size_t size, unsigned attempt)
{
    if (size == 0) {
        return false;
    }
    cret_fault_note("there was not enough memory");
    if (size > CRET_SMALL_ALLOCATION) {
        return false;
    }
    if (attempt > ATTEMPTS) {
        end_undecided();
    }
    free(atomic_exchange(&reserve, NULL));
    return true;
}

void *__wrap_malloc(size_t size)
{
    void *given = __real_malloc(size);
    for (unsigned i = 0; given == NULL && ask_again(size, i); i++) {
        given = __real_malloc(size);
    }
    return given;
}

void *__wrap_calloc(size_t count, size_t size)
{
    size_t all = 0;
    void *given = __real_calloc(count, size);
    if (given == NULL && __builtin_mul_overflow(count, size, &all)) {
        all = SIZE_MAX;
    }
    for (unsigned i = 0; given == NULL && ask_again(all, i); i++) {
        given = __real_calloc(count, size);
    }
    return given;
}

void *__wrap_realloc(void *memory, size_t size)
{
    void *given = __real_realloc(memory, size);
    for (unsigned i = 0; given == NULL && ask_again(size, i); i++) {
        given = __real_realloc(memory, size);
    }
    return given;
}
