/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of a plant, to be edited before it is parsed, and the people who sign under it. */
#ifndef CRET_TESTS_PLANT_H
#define CRET_TESTS_PLANT_H

#include "pki.h"

/* Everybody who signs, or is anchored, in these tests. */
enum {
    ROOT,     /* A's CA */
    A1,       /* below it */
    A2,       /* below it */
    A1_AGAIN, /* A1's key in another certificate below ROOT */
    B,        /* pinned certificate, below ROOT too */
    B_AGAIN,  /* B's key in another certificate below ROOT */
    C,        /* pinned key, below ROOT too */
    SUB,      /* a CA below ROOT */
    S1,       /* below SUB */
    S2,       /* below SUB */
    Q_ROOT,   /* quality's CA */
    Q,        /* below it */
    OWNER,    /* pinned certificate */
    STRANGER, /* self-signed */
    EXPIRED,  /* below ROOT, expired */
    EXAMPLE,  /* below ROOT, named DO NOT TRUST */
    WEAK,     /* RSA with 2048 bits */
    PEOPLE
};
void plant_people(struct pki_entity people[PEOPLE]);
void plant_clear(struct pki_entity people[PEOPLE]);
/* The index of who has this name: "a1", "root", ... */
int plant_person(const char *name, size_t size);

/* One edit: what a dotted path names is set; "+" appends to a list, value NULL removes. In texts
 * "$name" becomes the certificate, "%name" the public key, "#name" the fingerprint. */
struct plant_change {
    const char *path, *value;
};
/* The policy with up to four edits; changes NULL: as it is. */
enum cret_status plant_parse(struct cret_policy **ret_policy, const struct pki_entity *people,
                             const struct plant_change *changes, int64_t now, bool allow,
                             struct cret_err *err);

/* What they sign, and their signatures: "a1 b:origin q:approval". */
extern const char plant_content[];
enum { SIGNATURES_MAXIMUM = 8 };
size_t plant_sign(struct cret_cms *signatures[SIGNATURES_MAXIMUM], const char *text,
                  const struct pki_entity *people);

#endif
