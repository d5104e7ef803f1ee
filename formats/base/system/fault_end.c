/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remembers what the system denied.
 *
 * Libraries that are denied a few bytes do worse than answer "no": they write through NULL (OpenSSL
 * that could not make its locks), free twice (jansson), or end the process with exit code 1, which
 * is REFUSED here (libarchive). So a small allocation never fails: a reserve helps such a run to
 * its end, which is UNDECIDED by then, and where that is used up the process ends at once.
 */
#include "base/system/fault_end.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/finding/err.h"
#include "base/finding/fault.h"
#include "base/finding/limits.h"

enum { NOT_ENDED = -1 };
static _Atomic(const char *) first_fault;
static atomic_int ended_with = NOT_ENDED;
static void (*clean_up)(void);
static _Atomic(void *) reserve;

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

void cret_fault_end_undecided(cret_fault_last *last)
{
    if (atomic_load(&ended_with) != NOT_ENDED) {
        last(NULL, atomic_load(&ended_with));
    }
    if (clean_up != NULL) {
        clean_up();
    }
    last(cret_fault_words(), CRET_ERR_UNDECIDED);
}

void cret_fault_end(int code)
{
    atomic_store(&ended_with, code);
}

void cret_fault_at_end(void (*clean)(void))
{
    clean_up = clean;
}

void cret_fault_keep_reserve(void *given)
{
    atomic_store(&reserve, given);
}

bool cret_fault_ask_again(size_t size, unsigned attempt, cret_fault_last *last)
{
    /* Threads may each use up one attempt of another before what the reserve gave is all gone. */
    enum { ATTEMPTS = 3 };
    if (size == 0) {
        return false;
    }
    cret_fault_note("there was not enough memory");
    if (size > CRET_SMALL_ALLOCATION) {
        return false;
    }
    if (attempt > ATTEMPTS) {
        cret_fault_end_undecided(last);
    }
    free(atomic_exchange(&reserve, NULL));
    return true;
}
