/* SPDX-License-Identifier: Apache-2.0 */
/* Random trust policies, overlays and releases over one set of people, made from a number. */
#ifndef CRET_TESTS_OVERLAY_WORLD_H
#define CRET_TESTS_OVERLAY_WORLD_H

#include "base/text/text.h"
#include "trust/policy/policy.h"

/* splitmix64: the same numbers from the same seed on every machine. */
struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *chance);
/* Below limit. */
size_t chance_below(struct chance *chance, size_t limit);
bool chance_of(struct chance *chance, unsigned percent);

/* Anchors, lists and signatures that policies and releases are made of. */
enum { SIGNERS = 9, AUTHORITIES = 2, LISTS = 7, SIGNATURES = 42, PEOPLE_ROLES = 4 };
struct world {
    char *anchors[SIGNERS];                        /* JSON of an anchor */
    char *authorities[AUTHORITIES], *lists[LISTS]; /* PEM as JSON text */
    struct cret_cms *signatures[SIGNATURES];
    size_t signature_count;
};
void world_make(struct world *world);
void world_clear(struct world *world);

/* One policy, one overlay, one release, and when it is verified. */
enum { RELEASE_SIGNATURES = 10, WAIVER_SIGNATURES = 3, FAULTS = 3 };
struct trial {
    struct cret_buffer policy, overlay;
    int64_t now;
    const char *vendor, *product;
    int64_t sequence;
    bool adopted;
    const struct cret_cms *signatures[RELEASE_SIGNATURES], *waivers[WAIVER_SIGNATURES];
    size_t signature_count, waiver_count;
    enum cret_check_id faults[FAULTS]; /* checks that fail in the release */
    size_t fault_count;
    enum cret_check_id waived; /* by the file that `waivers` signed */
};
/* The caller clears. */
void trial_make(struct trial *trial, const struct world *world, uint64_t seed);
void trial_clear(struct trial *trial);

#endif
