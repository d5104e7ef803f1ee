/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: conditions are waited for by the clock that nobody sets, which this compiler's library
 * does not know (os_state.c). */
#ifndef CRET_BASE_COMPAT_PTHREAD_H
#define CRET_BASE_COMPAT_PTHREAD_H

#include_next <pthread.h>

int cret_compat_set_clock(pthread_condattr_t *attributes, clockid_t clock);
int cret_compat_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                     const struct timespec *until);
#define pthread_condattr_setclock cret_compat_set_clock
#define pthread_cond_timedwait cret_compat_wait

#endif
