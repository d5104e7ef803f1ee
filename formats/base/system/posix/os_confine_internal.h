/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of confinement that the kernel enforces: below os_confine.c, which puts them together.
 */
#ifndef CRET_BASE_OS_CONFINE_INTERNAL_H
#define CRET_BASE_OS_CONFINE_INTERNAL_H

#include "base/system/confine.h"

/* The sanitizers ask for more than a program does: their shadow is no memory that a limit can
 * bound, and what they found they look up and print. */
#if defined(__has_feature)
#define CRET_CONFINE_FEATURE(name) __has_feature(name)
#else
#define CRET_CONFINE_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    CRET_CONFINE_FEATURE(address_sanitizer) || CRET_CONFINE_FEATURE(thread_sanitizer) ||           \
    CRET_CONFINE_FEATURE(memory_sanitizer)
#define CRET_CONFINE_SANITIZED 1
#else
#define CRET_CONFINE_SANITIZED 0
#endif

/* Landlock for the calling thread and its children: no file but those below the folders of the
 * bounds, and, where the kernel knows how to, no TCP, no abstract socket and no signal that leads
 * out. Returns the version of the interface, or -errno. */
int cret_os_landlock(const struct cret_bounds *bounds);

/* The list of system calls that are answered; every other one ends the process. 0 or -errno. */
int cret_os_seccomp(const struct cret_bounds *bounds);

#endif
