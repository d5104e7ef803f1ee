/* SPDX-License-Identifier: Apache-2.0 */
/* Which claims are taken together, and whose keys may stand on a path. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/policy/policy_claim.h"

enum { SIGNERS = 4, SIGNATURES = 6, KEYS = 9, CLAIMS = 40 };

/* A claim in short: signature, signer, the keys of its path. */
struct claim_row {
    size_t signature, signer;
    const char *keys; /* letters; the first one is the leaf's */
};

static uint8_t key_pool[26][CRET_SHA256_BYTES];

static struct cret_claim make_claim(size_t signature, size_t signer, const char *keys)
{
    struct cret_claim claim;
    memset(&claim, 0, sizeof(claim));
    claim.signature = signature;
    claim.signer = signer;
    for (const char *key = keys; *key != '\0'; key++) {
        memset(key_pool[*key - 'a'], *key, CRET_SHA256_BYTES);
        claim.keys[claim.key_count++] = key_pool[*key - 'a'];
    }
    return claim;
}

/* One role of all signers. */
struct scope {
    struct cret_policy_signer signers[SIGNERS];
    size_t members[SIGNERS];
    struct cret_policy_role role;
    struct cret_policy_scope scope;
};

static void scope_begin(struct scope *scope, unsigned threshold)
{
    static char name[] = "release";
    memset(scope, 0, sizeof(*scope));
    for (size_t i = 0; i < SIGNERS; i++) {
        scope->members[i] = i;
    }
    scope->role = (struct cret_policy_role){
        .name = name, .signers = scope->members, .signer_count = SIGNERS, .threshold = threshold};
    scope->scope = (struct cret_policy_scope){
        .signers = scope->signers, .signer_count = SIGNERS, .roles = &scope->role, .role_count = 1};
}

/* How many signers count, and by which claims. */
static size_t choose(const struct cret_claim *list, size_t count, unsigned threshold, bool *taken,
                     bool *ret_met)
{
    struct scope scope;
    size_t role_signers[2] = {0};
    bool completed[SIGNERS + 1] = {false};
    struct cret_scope_judgement result = {.role_signers = role_signers, .completed = completed};
    struct cret_claim copy[CLAIMS];
    const struct cret_claims claims = {.list = copy, .count = count};
    memcpy(copy, list, count * sizeof(*list));
    memset(taken, 0, CLAIMS * sizeof(*taken));
    scope_begin(&scope, threshold);
    cr_assert_eq(
        cret_claims_choose(taken, &claims, 16, &scope.scope, CRET_DEMAND_OFF, &result, NULL),
        CRET_OK);
    *ret_met = result.vendor_met;
    cr_expect_eq(result.vendor_met, role_signers[0] >= threshold);
    return role_signers[0];
}

static const struct {
    const char *why;
    struct claim_row claims[6];
    size_t signers; /* that count */
} rows[] = {
    {"one signature", {{0, 0, "a"}}, 1},
    {"two below one authority", {{0, 0, "am"}, {1, 0, "bm"}}, 1},
    {"two signers with keys of their own", {{0, 0, "am"}, {1, 1, "bn"}}, 2},
    {"two signers whose paths share a key", {{0, 0, "am"}, {1, 1, "bm"}}, 1},
    {"in different places", {{0, 0, "amn"}, {1, 1, "bn"}}, 1},
    {"a leaf of the one that is an authority of the other", {{0, 0, "a"}, {1, 1, "ba"}}, 1},
    {"one signature for either of two", {{0, 0, "ax"}, {0, 1, "ax"}}, 1},
    {"two of them below the same cross-certified authority",
     {{0, 0, "ax"}, {0, 1, "ax"}, {1, 0, "bx"}, {1, 1, "bx"}},
     1},
    {"one for either, one for the first alone", {{0, 0, "ax"}, {0, 1, "ax"}, {1, 0, "bm"}}, 2},
    {"the same in the other order", {{0, 0, "bm"}, {1, 0, "ax"}, {1, 1, "ax"}}, 2},
    {"one that would stand in the way of two is left out",
     {{0, 0, "amn"}, {1, 1, "bm"}, {2, 2, "cn"}},
     2},
    {"one key that signed twice", {{0, 0, "am"}, {1, 0, "an"}}, 1},
};

Test(policy_claim, no_key_stands_for_two)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_claim list[CLAIMS];
        bool taken[CLAIMS], met = false;
        size_t count = 0;
        while (count < 6 && rows[i].claims[count].keys != NULL) {
            const struct claim_row *row = &rows[i].claims[count];
            list[count++] = make_claim(row->signature, row->signer, row->keys);
        }
        cr_expect_eq(choose(list, count, 1, taken, &met), rows[i].signers, "%s", rows[i].why);
        cr_expect(met, "%s", rows[i].why);
        choose(list, count, (unsigned)rows[i].signers + 1, taken, &met);
        cr_expect_not(met, "%s", rows[i].why);
        for (size_t a = 0; a < count; a++) {
            for (size_t b = 0; b < a; b++) {
                cr_expect_not(taken[a] && taken[b] && cret_claims_conflict(&list[a], &list[b]),
                              "%s", rows[i].why);
            }
        }
    }
}

/* The most signers that any choice of claims counts, found by trying all. */
static size_t most(const struct cret_claim *list, size_t count)
{
    size_t best = 0;
    for (size_t set = 0; set < (size_t)1 << count; set++) {
        bool good = true, counted[SIGNERS] = {false};
        size_t total = 0;
        for (size_t a = 0; good && a < count; a++) {
            for (size_t b = 0; good && b < a; b++) {
                good = (set >> a & 1) == 0 || (set >> b & 1) == 0 ||
                       (list[a].signature != list[b].signature &&
                        !cret_claims_conflict(&list[a], &list[b]));
            }
            if ((set >> a & 1) != 0 && !counted[list[a].signer]) {
                counted[list[a].signer] = true;
                total++;
            }
        }
        best = good && total > best ? total : best;
    }
    return best;
}

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* As many as possible count; and a claim less never lets more count. */
Test(policy_claim, claims_only_help)
{
    uint32_t state = 11;
    for (int round = 0; round < 3000; round++) {
        struct cret_claim list[CLAIMS], fewer[CLAIMS];
        bool taken[CLAIMS], met = false;
        const size_t count = 1 + next(&state) % 8;
        for (size_t i = 0; i < count; i++) {
            char keys[4] = {(char)('a' + i * SIGNATURES / count), 0, 0, 0};
            for (size_t k = 1; k <= next(&state) % 3; k++) {
                keys[k] = (char)('p' + next(&state) % KEYS);
            }
            list[i] = make_claim(i * SIGNATURES / count, next(&state) % SIGNERS, keys);
        }
        const size_t counted = choose(list, count, 2, taken, &met);
        cr_assert_eq(counted, most(list, count), "round %d", round);
        const size_t gone = next(&state) % count;
        memcpy(fewer, list, sizeof(fewer));
        memmove(&fewer[gone], &fewer[gone + 1], (count - gone - 1) * sizeof(fewer[0]));
        cr_assert_leq(choose(fewer, count - 1, 2, taken, &met), counted, "round %d", round);
    }
}

/* Claims that all exclude each other: the search ends, and counts one. */
Test(policy_claim, a_tangle_ends, .timeout = 20)
{
    struct cret_claim list[CLAIMS];
    bool taken[CLAIMS], met = false;
    for (size_t i = 0; i < 32; i++) {
        const char keys[] = {(char)('a' + i / 2), 'x', '\0'};
        list[i] = make_claim(i / 2, i % 2, keys);
    }
    cr_expect_eq(choose(list, 32, 2, taken, &met), 1);
    cr_expect_not(met);
}

/* Whether a signature below root counts where somebody else has this key, as an anchor of one of
 * his two kinds. */
static bool counts_beside(const struct pki_chain *chain, enum cret_anchor_kind kind,
                          bool post_quantum, bool removed, const struct pki_entity *whose)
{
    struct cret_err err;
    struct cret_signature_judgement judgement;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    const struct pki_entity *const middle[] = {&chain->middle};
    struct cret_cms *cms = pki_cms(&chain->leaf, "{}\n", CRET_MEANING_NONE, middle, 1);
    const struct cret_cms *const one[] = {cms};
    size_t member = 0;
    static char works[] = "Works", other[] = "Other", star[] = "*", release[] = "release",
                usage[] = PKI_USAGE;
    char *products[] = {star};
    struct cret_policy_signer signers[2] = {
        {.name = works, .anchor = {.kind = CRET_ANCHOR_CA, .certificate = chain->root.certificate}},
        {.name = other, .removed = removed, .has_post_quantum = post_quantum}};
    struct cret_anchor *anchor = post_quantum ? &signers[1].post_quantum : &signers[1].anchor;
    anchor->kind = signers[1].anchor.kind = kind;
    anchor->certificate = signers[1].anchor.certificate = whose->certificate;
    memset(signers[1].anchor.key_digest, 7, CRET_SHA256_BYTES);
    memcpy(anchor->key_digest, cret_certificate_key_digest(whose->certificate), CRET_SHA256_BYTES);
    memcpy(signers[0].anchor.key_digest, cret_certificate_key_digest(chain->root.certificate),
           CRET_SHA256_BYTES);
    struct cret_policy_role role = {.name = release,
                                    .signers = &member,
                                    .signer_count = 1,
                                    .threshold = 1,
                                    .usage = usage,
                                    .meanings = {[CRET_MEANING_NONE] = true}};
    struct cret_policy_scope scope = {.vendor = works,
                                      .products = products,
                                      .product_count = 1,
                                      .signers = signers,
                                      .signer_count = 2,
                                      .roles = &role,
                                      .role_count = 1};
    const struct cret_policy policy = {.scopes = &scope, .scope_count = 1};
    memset(&judgement, 0, sizeof(judgement));
    cret_err_clear(&err);
    const bool met = cret_policy_judge(PKI_REQUEST(&policy, one, 1), &judgement, &scopes, findings,
                                       &err) == CRET_OK &&
                     judgement.counted;
    free(scopes);
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    return met;
}

Test(policy_claim, no_key_of_another_stands_on_the_path)
{
    static const enum cret_anchor_kind kinds[] = {CRET_ANCHOR_CA, CRET_ANCHOR_CERTIFICATE,
                                                  CRET_ANCHOR_KEY};
    struct pki_chain chain = pki_chain_make();
    struct pki_entity stranger = pki_root("Stranger");
    struct pki_entity twin = pki_make((struct pki_spec){
        .name = "Twin of the middle", .pkey = chain.middle.pkey, .extensions = {PKI_CA}});
    struct pki_entity leaf_twin = pki_make((struct pki_spec){
        .name = "Twin of the leaf", .pkey = chain.leaf.pkey, .extensions = {PKI_CA}});
    for (size_t i = 0; i < 3; i++) {
        for (int variant = 0; variant < 4; variant++) {
            const bool post_quantum = variant % 2 == 1, removed = variant / 2 == 1;
            cr_expect(counts_beside(&chain, kinds[i], post_quantum, removed, &stranger));
            cr_expect_not(counts_beside(&chain, kinds[i], post_quantum, removed, &twin),
                          "kind %zu, variant %d", i, variant);
            cr_expect_not(counts_beside(&chain, kinds[i], post_quantum, removed, &leaf_twin),
                          "kind %zu, variant %d", i, variant);
        }
    }
    pki_clear(&leaf_twin);
    pki_clear(&twin);
    pki_clear(&stranger);
    pki_chain_clear(&chain);
}
