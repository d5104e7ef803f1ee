/* SPDX-License-Identifier: Apache-2.0 */
/* A series of ten versions of a policy, their owners, and the walk through it. */
#ifndef CRET_TESTS_SERIES_H
#define CRET_TESTS_SERIES_H

#include "pki.h"
#include "trust/policy/policy_rotation.h"

enum { OWNERS = 6, VERSIONS = 10 }; /* A..E, and X who owns nothing */

/* One version as it is written. Signers: capital letters approve, small ones give no meaning, a
 * letter after "!" means receipt, and one after "=" signs by another certificate of the key. */
struct version {
    const char *owners; /* letters; NULL: none */
    unsigned threshold;
    const char *signers;
    int64_t number;                             /* 0: its place */
    const char *name, *issued, *expires, *more; /* NULL: the usual */
};

/* What a series is where nothing is wrong with it. */
extern const struct version series_sound[VERSIONS];
/* 2036-01-01T00:00:00Z: the other certificates have expired long ago. */
#define DRAWER 2082758400ll

void series_people(void);
void series_clear(void);
/* Who has this letter, capital or small. */
const struct pki_entity *series_person(char letter);

/* Version number `place` (1 ...) as JSON; the caller frees. In `more`, "$A" becomes A's
 * certificate, "=A" the other one of his key, "%A" his public key. */
char *series_text(const struct version *version, int place);
/* The signature of one letter over text, which the caller frees, and the name of its file. */
uint8_t *series_sign(char letter, char how, const char *text, int place, char name[64],
                     size_t *ret_size);
/* Writes all versions into a new folder, whose name it gives (64 bytes). */
void series_write(char *folder, const struct version *versions);
struct cret_policy *series_install(const struct version *versions, int place);
/* From the sound version `from` to `target`, 0: the last. */
enum cret_status series_walk(struct cret_rotation *rotation, const char *folder, int from,
                             int64_t target, int64_t now, struct cret_err *err);

#endif
