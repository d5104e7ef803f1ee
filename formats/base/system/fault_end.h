/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process goes on, or ends, once the system denied it something: what the allocators of the
 * systems' rooms (os_fault.c) have in common. base/finding/fault.h is what the others see of it.
 */
#ifndef CRET_BASE_FAULT_END_H
#define CRET_BASE_FAULT_END_H

#include <stdbool.h>
#include <stddef.h>

/* The last that a room does in a process: says on standard error that the run is undecided for this
 * fault, and what to do (NULL: says nothing), and ends it with the code. No allocation. */
typedef void cret_fault_last(const char *fault, int code);

/* CRET_RESERVE_BYTES that the first denied allocation gives back; NULL: there are none. */
void cret_fault_keep_reserve(void *reserve);
/* After `size` bytes were not given for the attempt-th time, from 0: whether to ask once more.
 * Nothing may be given where nothing was asked for. Ends the process where even a small allocation
 * cannot be had. */
bool cret_fault_ask_again(size_t size, unsigned attempt, cret_fault_last *last);
/* Without allocations: there is no memory. What standard output has not yet written is dropped. */
void cret_fault_end_undecided(cret_fault_last *last);

#endif
