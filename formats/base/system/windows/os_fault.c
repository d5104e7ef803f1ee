/* SPDX-License-Identifier: Apache-2.0 */
/* The linker gives every allocation of the program to this file (--wrap); base/system/fault_end.c
 * remembers what was denied. */
#include "base/finding/fault.h"
#include "base/finding/limits.h"
#include "base/system/fault_end.h"
#include "base/system/windows/os_internal.h"

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

static void say(const char *text)
{
    DWORD done = 0;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)strlen(text), &done, NULL);
}

static void __attribute__((noreturn)) last(const char *fault, int code)
{
    if (fault != NULL) {
        say("cretula: UNDECIDED: ");
        say(fault);
        say("\r\n  what to do  free some memory, and run this again\r\n");
    }
    cret_win_end(code);
}

/* A library that ends the process does not choose its exit code. */
static void at_exit(void)
{
    if (cret_fault_noted()) {
        cret_fault_end_undecided(last);
    }
}

void cret_fault_begin(void)
{
    if (atexit(at_exit) != 0) {
        cret_win_end(CRET_ERR_UNDECIDED);
    }
    cret_fault_keep_reserve(__real_malloc(CRET_RESERVE_BYTES));
}

void *__wrap_malloc(size_t size)
{
    void *given = __real_malloc(size);
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(size, i, last); i++) {
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
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(all, i, last); i++) {
        given = __real_calloc(count, size);
    }
    return given;
}

void *__wrap_realloc(void *memory, size_t size)
{
    void *given = __real_realloc(memory, size);
    for (unsigned i = 0; given == NULL && cret_fault_ask_again(size, i, last); i++) {
        given = __real_realloc(memory, size);
    }
    return given;
}
