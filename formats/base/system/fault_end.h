/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process goes on, or ends, once the system denied it something: what the allocators of the
 * systems' rooms (os_fault.c) have in common. base/finding/fault.h is what the others see of it.
 */
#ifndef CRET_BASE_FAULT_END_H
#define CRET_BASE_FAULT_END_H

#include <stdbool.h>
#include <stddef.h>

/* CRET_RESERVE_BYTES that the first denied allocation gives back; NULL: there are none. */
void cret_fault_keep_reserve(void *reserve);
/* After `size` bytes were not given for the attempt-th time, from 0: whether to ask once more.
 * Nothing may be given where nothing was asked for. Does not return where even a small allocation
 * cannot be had. */
bool cret_fault_ask_again(size_t size, unsigned attempt);
/* Without allocations: there is no memory. What standard output has not yet written is dropped. */
void cret_fault_end_undecided(void) __attribute__((noreturn));

/* Of each room: says on standard error, without an allocation, that the run is undecided for this,
 * and what to do. */
void cret_os_say_fault(const char *fault);

#endif
