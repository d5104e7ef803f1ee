/* SPDX-License-Identifier: Apache-2.0 */
/* Whose signature counts for whom under a trust policy, and when that is enough. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "plant.h"

struct judge_row {
    const char *why;
    struct plant_change changes[4];
    const char *signatures; /* "a1 b:origin q:approval" */
    bool vendor, owner;
    enum cret_check_id check; /* of err where nothing is met */
    const char *counted;      /* one digit per signature */
};

#define THRESHOLD CRET_CHECK_TRUST_THRESHOLD
#define SUB_SIGNER                                                                                 \
    {"scopes.0.signers.+",                                                                         \
     "{\"name\": \"S\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$sub\"}}"},                      \
    {                                                                                              \
        "scopes.0.roles.0.signers.+", "\"S\""                                                      \
    }

static const struct judge_row judged[] = {
    {"two signers and quality", {{0}}, "a1 b q:approval", true, false, 0, "111"},
    {"two pins and quality", {{0}}, "b c q:approval", true, false, 0, "111"},
    {"meaning origin", {{0}}, "a1:origin c:origin q:approval", true, false, 0, "111"},
    {"one more than needed", {{0}}, "a1 b c q:approval", true, false, 0, "1111"},
    {"a stranger beside", {{0}}, "a1 b q:approval x", true, false, 0, "1110"},
    {"with the owner", {{0}}, "a1 b q:approval o:approval", true, true, 0, "1111"},
    {"the owner alone is for adopted files", {{0}}, "o:approval", false, true, 0, "1"},
    {"any order", {{0}}, "q:approval b a1", true, false, 0, "111"},

    {"lesson 3: nobody", {{0}}, "", false, false, THRESHOLD, ""},
    {"one signer of two", {{0}}, "a1 q:approval", false, false, THRESHOLD, "11"},
    {"quality missing", {{0}}, "a1 b", false, false, THRESHOLD, "11"},
    {"a CA is one signer", {{0}}, "a1 a2 q:approval", false, false, THRESHOLD, "111"},
    {"the same signature twice", {{0}}, "b b q:approval", false, false, THRESHOLD, "101"},
    {"a key in two certificates", {{0}}, "a1 a1again q:approval", false, false, THRESHOLD, "101"},
    {"a pinned key's other certificate does not count for the CA",
     {{0}},
     "bagain c q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_PATH,
     "011"},
    {"nor beside the pin",
     {{0}},
     "b bagain q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_PATH,
     "101"},
    {"quality without meaning", {{0}}, "a1 b q", false, false, THRESHOLD, "110"},
    {"quality with origin", {{0}}, "a1 b q:origin", false, false, THRESHOLD, "110"},
    {"quality with receipt", {{0}}, "a1 b q:receipt", false, false, THRESHOLD, "110"},
    {"release with approval", {{0}}, "a1 b:approval q:approval", false, false, THRESHOLD, "101"},
    {"release with receipt", {{0}}, "a1:receipt b q:approval", false, false, THRESHOLD, "011"},
    {"owner without approval", {{0}}, "o", false, false, THRESHOLD, "0"},
    {"owner with origin", {{0}}, "o:origin", false, false, THRESHOLD, "0"},
    {"quality from the wrong CA", {{0}}, "a1 b a2:approval", false, false, THRESHOLD, "110"},
    {"release from quality's CA", {{0}}, "a1 q", false, false, THRESHOLD, "10"},
    {"a stranger only", {{0}}, "x", false, false, CRET_CHECK_CERTIFICATE_PATH, "0"},
    {"an expired certificate",
     {{0}},
     "expired b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"an example key",
     {{0}},
     "example b q:approval",
     false,
     false,
     CRET_CHECK_TRUST_EXAMPLE_KEY,
     "011"},
    {"a pin that the policy ended does not fall back to the CA",
     {{"scopes.0.signers.1.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "b c q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"a CA that the policy ended",
     {{"scopes.0.signers.0.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"another usage asked",
     {{"scopes.0.roles.0.usage", "\"1.3.6.1.5.5.7.3.8\""}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_USAGE,
     "001"},
    {"origin asked, none given",
     {{"scopes.0.roles.0.meanings", "[\"origin\"]"}},
     "a1 b:origin q:approval",
     false,
     false,
     THRESHOLD,
     "011"},
    {"the owner is asked too",
     {{"scopes.0.roles.2.threshold", "1"}},
     "a1 b q:approval",
     false,
     false,
     THRESHOLD,
     "111"},
    {"the owner is asked, and signed",
     {{"scopes.0.roles.2.threshold", "1"}},
     "a1 b q:approval o:approval",
     true,
     true,
     0,
     "1111"},
    {"the owner never vouches for the vendor",
     {{"scopes.0.roles", "[{\"role\": \"owner\", \"signers\": [\"O\"], \"threshold\": 1}]"}},
     "o:approval",
     false,
     true,
     0,
     "1"},
    {"a signer without a role",
     {{"scopes.0.roles.0.signers", "[\"A\", \"B\"]"}},
     "c b q:approval",
     false,
     false,
     THRESHOLD,
     "011"},
    {"two below a sub-CA are one signer",
     {SUB_SIGNER},
     "s1 s2 q:approval",
     false,
     false,
     THRESHOLD,
     "111"},
    {"below a sub-CA and below its root", {SUB_SIGNER}, "s1 a1 q:approval", true, false, 0, "111"},
    {"a sub-CA that the policy ended does not fall back to its root",
     {SUB_SIGNER, {"scopes.0.signers.5.notAfter", "\"2025-06-01T00:00:00Z\""}},
     "s1 b q:approval",
     false,
     false,
     CRET_CHECK_CERTIFICATE_VALIDITY,
     "011"},
    {"an algorithm that the policy lists",
     {{"algorithms", "[\"rsa-3072-pss-sha256\", \"ecdsa-p256-sha256\"]"}},
     "a1 b q:approval",
     true,
     false,
     0,
     "111"},
    {"algorithms that the policy does not list",
     {{"algorithms", "[\"ecdsa-p256-sha384\", \"ecdsa-p384-sha384\"]"}},
     "a1 b q:approval",
     false,
     false,
     CRET_CHECK_SIGNATURE_ALGORITHM,
     "000"},
    {"below a sub-CA that is no signer of its own",
     {{0}},
     "s1 b q:approval",
     true,
     false,
     0,
     "111"},
};

static void check_row(const struct judge_row *row, const struct pki_entity *people)
{
    struct cret_cms *signatures[SIGNATURES_MAXIMUM] = {NULL};
    struct cret_signature_judgement judgements[SIGNATURES_MAXIMUM];
    struct cret_authentic_scope *scopes = NULL;
    struct cret_policy *policy = NULL;
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cr_assert_eq(plant_parse(&policy, people, row->changes, PKI_NOW, false, &err), CRET_OK,
                 "%s: %s %s", row->why, err.what, err.where);
    const size_t count = plant_sign(signatures, row->signatures, people);
    const bool met = row->vendor || row->owner;
    memset(judgements, 0, sizeof(judgements));
    const enum cret_status status =
        cret_policy_judge(PKI_REQUEST(policy, (const struct cret_cms *const *)signatures, count),
                          judgements, &scopes, findings, &err);
    cr_expect_eq(status, met ? CRET_OK : CRET_FAILED, "%s: %s", row->why, err.what);
    cr_expect_eq(scopes != NULL, met, "%s", row->why);
    if (scopes != NULL) {
        cr_expect_eq(scopes[0].vendor_met, row->vendor, "%s", row->why);
        cr_expect_eq(scopes[0].owner_met, row->owner, "%s", row->why);
        cr_expect_str_eq(scopes[0].vendor, "ACME");
    } else {
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", row->why);
        cr_expect_eq(err.check, row->check, "%s: %s: %s", row->why, cret_check_get(err.check)->name,
                     err.what);
        cr_expect_eq(cret_findings_tally(findings, THRESHOLD, CRET_RESULT_PASS), 0, "%s", row->why);
    }
    cr_expect_eq(cret_findings_tally(findings, THRESHOLD, CRET_RESULT_FAIL) > 0, !met, "%s",
                 row->why);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(judgements[i].counted, row->counted[i] == '1', "%s: signature %zu: %s",
                     row->why, i, judgements[i].why_not.what);
        cr_expect_eq(judgements[i].role != NULL, judgements[i].counted, "%s", row->why);
        cr_expect_eq(judgements[i].why_not.class == CRET_ERR_REFUSED, !judgements[i].counted, "%s",
                     row->why);
    }
    free(scopes);
    for (size_t i = 0; i < count; i++) {
        cret_cms_free(&signatures[i]);
    }
    cret_findings_free(&findings);
    cret_policy_free(&policy);
}

Test(policy, lesson_3_who_counts_for_what)
{
    struct pki_entity people[PEOPLE];
    plant_people(people);
    for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
        check_row(&judged[i], people);
    }
    plant_clear(people);
}

/* One vendor's key never vouches for another's product. */
Test(policy, scopes_are_judged_apart)
{
    static const struct plant_change changes[4] = {
        {"scopes.0.roles", "[{\"role\": \"release\", \"signers\": [\"A\"]}]"},
        {"scopes.+",
         "{\"vendor\": \"Other\", \"products\": [\"*\"], \"signers\": [{\"name\": \"X\", "
         "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
         "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}};
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    plant_people(people);
    cr_assert_eq(plant_parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK, "%s",
                 err.what);
    for (int who = 0; who < 2; who++) {
        struct cret_cms *cms =
            pki_cms(&people[who == 0 ? A1 : STRANGER], plant_content, CRET_MEANING_NONE, NULL, 0);
        const struct cret_cms *const list[] = {cms};
        struct cret_signature_judgement judgement;
        struct cret_authentic_scope *scopes = NULL;
        struct cret_findings *findings = cret_findings_new();
        memset(&judgement, 0, sizeof(judgement));
        cr_assert_eq(
            cret_policy_judge(PKI_REQUEST(policy, list, 1), &judgement, &scopes, findings, &err),
            CRET_OK, "%s", err.what);
        cr_expect_eq(scopes[0].vendor_met, who == 0);
        cr_expect_eq(scopes[1].vendor_met, who == 1);
        cr_expect_str_eq(judgement.scope, who == 0 ? "ACME" : "Other");
        cr_expect_eq(judgement.chain.count, who == 0 ? 2 : 1);
        static const enum cret_check_id passed[] = {
            CRET_CHECK_CERTIFICATE_PATH,  CRET_CHECK_CERTIFICATE_VALIDITY,
            CRET_CHECK_CERTIFICATE_USAGE, CRET_CHECK_CERTIFICATE_ALGORITHM,
            CRET_CHECK_TRUST_EXAMPLE_KEY, CRET_CHECK_TRUST_THRESHOLD};
        for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
            cr_expect_eq(cret_findings_tally(findings, passed[i], CRET_RESULT_PASS), 1);
        }
        cr_expect_eq(
            cret_findings_tally(findings, CRET_CHECK_CERTIFICATE_REVOCATION, CRET_RESULT_WARN),
            who == 0 ? 1 : 0, "what was not looked at is said");
        free(scopes);
        cret_findings_free(&findings);
        cret_cms_free(&cms);
    }
    cret_policy_free(&policy);
    plant_clear(people);
}

/*
 * Lists that are not there are NULL, and nothing is added to NULL, not even zero: what C leaves
 * undefined, and clang's sanitizer sees. A policy without revocation lists asks for none, and a
 * signature that nobody claims leaves no claims to sort.
 */
Test(policy, neither_lists_nor_claims)
{
    static const struct plant_change changes[4] = {
        {"scopes.0.roles", "[{\"role\": \"release\", \"signers\": [\"A\"]}]"}};
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    plant_people(people);
    cr_assert_eq(plant_parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK, "%s",
                 err.what);
    cr_assert_eq(policy->crl_count, 0);
    cr_assert_null(policy->crls);
    for (int who = 0; who < 2; who++) {
        struct cret_cms *cms =
            pki_cms(&people[who == 0 ? A1 : STRANGER], plant_content, CRET_MEANING_NONE, NULL, 0);
        const struct cret_cms *const list[] = {cms};
        struct cret_signature_judgement judgement;
        struct cret_authentic_scope *scopes = NULL;
        memset(&judgement, 0, sizeof(judgement));
        cr_expect_eq(
            cret_policy_judge(PKI_REQUEST(policy, list, 1), &judgement, &scopes, NULL, &err),
            who == 0 ? CRET_OK : CRET_FAILED, "%s", err.what);
        cr_expect_eq(judgement.counted, who == 0);
        cr_expect(who == 0 || judgement.why_not.check == CRET_CHECK_CERTIFICATE_PATH, "%s",
                  judgement.why_not.what);
        free(scopes);
        cret_cms_free(&cms);
    }
    cret_policy_free(&policy);
    plant_clear(people);
}
