/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process that reads what others wrote may still ask of the system, whoever rules it by
 * then: docs/SECURITY.md says what each part is for. Applied by cret_process_start before the
 * process reads its first byte; nothing takes it back.
 */
#ifndef CRET_BASE_CONFINE_H
#define CRET_BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

/* What such a process needs; CRET_BOUNDS_NONE is nothing but memory, threads and clocks. */
struct cret_bounds {
    const int *kept; /* descriptors that it goes on using; -1 is passed over */
    size_t kept_count;
    int reads_below;       /* a folder whose files it opens to read; else -1 */
    int writes_below;      /* a folder that it fills with new files; else -1 */
    bool reads_paths;      /* it opens any file to read */
    bool writes;           /* it writes to regular files that it was given */
    bool allow_unconfined; /* where the system lacks a part, it goes on without */
};
#define CRET_BOUNDS_NONE                                                                           \
    {                                                                                              \
        .reads_below = -1, .writes_below = -1                                                      \
    }

/* What was applied. */
struct cret_confined {
    uint32_t landlock; /* version of its interface; 0: none */
    bool seccomp;
    bool limits;
    bool restricted_token, low_integrity; /* of Windows, where `limits` are those of a job object */
    char missing[200]; /* what the system lacks, in words; "" where nothing is missing */
};

/* "limits, Landlock 7, seccomp", and what is missing; what records have. */
#define CRET_CONFINED_WORDS 280u
void cret_confined_words(char out[CRET_CONFINED_WORDS], const struct cret_confined *confined);

/*
 * Confines the calling process, which has one thread: closes every descriptor but in, out and the
 * kept ones (standard streams lead nowhere afterwards), wipes the environment, lowers the limits,
 * then Landlock, then seccomp. What libraries would open later was opened before, or cannot be. A
 * part that the system lacks is class UNDECIDED, unless bounds allow that.
 */
CRET_MUST_CHECK enum cret_status cret_os_confine(struct cret_confined *ret_confined,
                                                 const struct cret_bounds *bounds, int in, int out,
                                                 struct cret_err *err);

#endif
