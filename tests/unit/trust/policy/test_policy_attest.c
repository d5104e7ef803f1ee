/* SPDX-License-Identifier: Apache-2.0 */
/* Whose signature over an attestation counts, and for which builder. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "plant.h"
#include "trust/policy/attest.h"

#define MESSAGE "DSSEv1 28 application/vnd.in-toto+json 2 {}"
#define ROLE                                                                                       \
    {"scopes.0.signers.+",                                                                         \
     "{\"name\": \"S1\", \"anchor\": {\"type\": \"key\", \"pem\": \"%s1\"}}"},                     \
    {                                                                                              \
        "scopes.0.signers.+",                                                                      \
            "{\"name\": \"S2\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"$s2\"}}"        \
    }
#define NAMED(more)                                                                                \
    {                                                                                              \
        "scopes.0.roles.+", "{\"role\": \"provenance\", \"signers\": [\"S1\", \"S2\"]" more "}"    \
    }
#define BUILDER "https://b.example/"

struct attest_row {
    const char *why;
    struct plant_change changes[4];
    const char *signatures; /* names; "name!" signs other bytes, "name=" bears the id of s1 */
    enum cret_attest_answer answer;
    const char *signers; /* or NULL */
};

static const struct attest_row rows[] = {
    {"a pinned key", {ROLE, NAMED("")}, "s1", CRET_ATTEST_PROVED, "S1"},
    {"a pinned certificate", {ROLE, NAMED("")}, "s2", CRET_ATTEST_PROVED, "S2"},
    {"among strangers", {ROLE, NAMED("")}, "x a1 s1", CRET_ATTEST_PROVED, "S1"},
    {"a stranger with the id of a key, and the key",
     {ROLE, NAMED("")},
     "x= s1",
     CRET_ATTEST_PROVED,
     "S1"},
    {"two of two", {ROLE, NAMED(", \"threshold\": 2")}, "s2 s1", CRET_ATTEST_PROVED, "S1, S2"},
    {"for a builder that is named",
     {ROLE, NAMED(", \"builders\": [{\"id\": \"" BUILDER "\", \"level\": 2}]")},
     "s1",
     CRET_ATTEST_PROVED,
     "S1"},

    {"nobody is named", {ROLE}, "s1", CRET_ATTEST_UNASKED, NULL},
    {"no signature", {ROLE, NAMED("")}, "", CRET_ATTEST_UNSIGNED, NULL},
    {"a stranger", {ROLE, NAMED("")}, "x", CRET_ATTEST_UNKNOWN, NULL},
    {"who signs releases does not attest", {ROLE, NAMED("")}, "c b", CRET_ATTEST_UNKNOWN, NULL},
    {"below the same CA", {ROLE, NAMED("")}, "a1", CRET_ATTEST_UNKNOWN, NULL},
    {"other bytes", {ROLE, NAMED("")}, "s1!", CRET_ATTEST_UNKNOWN, NULL},
    {"the same twice", {ROLE, NAMED(", \"threshold\": 2")}, "s1 s1", CRET_ATTEST_UNKNOWN, "S1"},
    {"one of two", {ROLE, NAMED(", \"threshold\": 2")}, "s1 x", CRET_ATTEST_UNKNOWN, "S1"},
    {"a stranger with the id of a key", {ROLE, NAMED("")}, "x=", CRET_ATTEST_BROKEN, NULL},
    {"a builder that is not named",
     {ROLE, NAMED(", \"builders\": [{\"id\": \"https://b.example\", \"level\": 3}]")},
     "s1",
     CRET_ATTEST_BUILDER,
     "S1"},
    {"an algorithm that the policy does not list",
     {ROLE, NAMED(""), {"algorithms", "[\"ecdsa-p384-sha384\"]"}},
     "s1",
     CRET_ATTEST_UNKNOWN,
     NULL},
};

/* A signature as build services make it: the digest of the curve, DER. */
static struct cret_attest_signature sign(const struct pki_entity *who, const char *message)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = 200;
    uint8_t *value = malloc(size);
    cr_assert(context != NULL && value != NULL);
    cr_assert_eq(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, who->pkey), 1);
    cr_assert_eq(
        EVP_DigestSign(context, value, &size, (const unsigned char *)message, strlen(message)), 1);
    EVP_MD_CTX_free(context);
    return (struct cret_attest_signature){value, size, NULL};
}

static size_t sign_all(struct cret_attest_signature *signatures, const char *text,
                       const struct pki_entity *people, const char *id)
{
    char copy[100], *rest = NULL;
    size_t count = 0;
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *name = strtok_r(copy, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
        const size_t size = strcspn(name, "!=");
        signatures[count] =
            sign(&people[plant_person(name, size)], name[size] == '!' ? MESSAGE " " : MESSAGE);
        signatures[count++].keyid = name[size] == '=' ? id : "nobody";
    }
    return count;
}

static void judge(const struct attest_row *row, const struct pki_entity *people, const char *id)
{
    struct cret_attest_signature signatures[SIGNATURES_MAXIMUM];
    struct cret_attest_judgement judgement = {.answer = CRET_ATTEST_PROVED};
    struct cret_policy *policy = NULL;
    struct cret_err err;
    cr_assert_eq(plant_parse(&policy, people, row->changes, PKI_NOW, false, &err), CRET_OK,
                 "%s: %s %s", row->why, err.what, err.where);
    const size_t count = sign_all(signatures, row->signatures, people, id);
    struct cret_attest_request request = {.policy = policy,
                                          .vendor = "ACME",
                                          .product = "PLC",
                                          .now = PKI_NOW,
                                          .message = MESSAGE,
                                          .size = strlen(MESSAGE),
                                          .signatures = signatures,
                                          .count = count,
                                          .builder = BUILDER};
    cr_assert_eq(cret_policy_judge_attestation(&judgement, &request, &err), CRET_OK, "%s: %s",
                 row->why, err.what);
    cr_expect_eq(judgement.answer, row->answer, "%s: %d", row->why, (int)judgement.answer);
    cr_expect(row->signers == NULL ? judgement.counted == 0
                                   : strcmp(judgement.signers, row->signers) == 0,
              "%s: %s", row->why, judgement.signers);
    cr_expect(!judgement.has_level || judgement.answer == CRET_ATTEST_PROVED, "%s", row->why);
    cret_attest_judgement_clear(&judgement);

    /* Of another vendor or product nobody is asked. */
    request.product = "Toaster";
    cr_assert_eq(cret_policy_judge_attestation(&judgement, &request, &err), CRET_OK);
    cr_expect_eq(judgement.answer, CRET_ATTEST_UNASKED, "%s", row->why);
    cret_attest_judgement_clear(&judgement);
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)signatures[i].value);
    }
    cret_policy_free(&policy);
}

Test(policy_attest, who_counts)
{
    struct pki_entity people[PEOPLE];
    char id[CRET_SHA256_HEX + 7] = "sha256:";
    plant_people(people);
    cret_hex_encode(id + 7, cret_certificate_key_digest(people[S1].certificate), CRET_SHA256_BYTES);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        judge(&rows[i], people, id + (i % 2 == 0 ? 0 : 7));
    }
    plant_clear(people);
}

Test(policy_attest, values_that_are_no_signature_are_an_answer)
{
    static const struct {
        const char *value;
        size_t size;
    } values[] = {
        {"", 0}, {"\0", 1}, {"\x30\x06\x02\x01\x00\x02\x01\x00", 8}, {"\x30\x80\x30\x80", 4}};
    static const struct plant_change changes[4] = {ROLE, NAMED("")};
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    plant_people(people);
    cr_assert_eq(plant_parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct cret_attest_signature signature = {(const uint8_t *)values[i].value,
                                                        values[i].size, NULL};
        const struct cret_attest_request request = {.policy = policy,
                                                    .vendor = "ACME",
                                                    .product = "PLC",
                                                    .now = PKI_NOW,
                                                    .message = MESSAGE,
                                                    .size = strlen(MESSAGE),
                                                    .signatures = &signature,
                                                    .count = 1};
        struct cret_attest_judgement judgement;
        cr_assert_eq(cret_policy_judge_attestation(&judgement, &request, &err), CRET_OK, "%zu", i);
        cr_expect_eq(judgement.answer, CRET_ATTEST_UNKNOWN, "%zu", i);
        cret_attest_judgement_clear(&judgement);
    }
    cret_policy_free(&policy);
    plant_clear(people);
}

Test(policy_attest, trust_that_ended)
{
    static const struct plant_change changes[4] = {
        {"scopes.0.signers.+", "{\"name\": \"S1\", \"anchor\": {\"type\": \"key\", \"pem\": "
                               "\"%s1\"}, \"notAfter\": \"2025-06-01T00:00:00Z\"}"},
        {"scopes.0.roles.+", "{\"role\": \"provenance\", \"signers\": [\"S1\"]}"}};
    const struct attest_row row = {
        "ended", {changes[0], changes[1]}, "s1", CRET_ATTEST_UNKNOWN, NULL};
    struct pki_entity people[PEOPLE];
    plant_people(people);
    judge(&row, people, "");
    plant_clear(people);
}

Test(policy_attest, roles_that_are_refused)
{
    static const struct {
        const char *why;
        struct plant_change changes[4];
        const char *says;
    } refusals[] = {
        {"below a CA",
         {ROLE,
          {"scopes.0.roles.0.signers", "[\"B\", \"C\"]"},
          {"scopes.0.roles.+", "{\"role\": \"provenance\", \"signers\": [\"A\"]}"}},
         "below a certification authority"},
        {"a signer of releases too",
         {ROLE, {"scopes.0.roles.+", "{\"role\": \"provenance\", \"signers\": [\"B\"]}"}},
         "named twice in the roles"},
        {"nobody, and a threshold of none", {ROLE, NAMED(", \"threshold\": 0")}, "threshold"},
        {"builders of another role",
         {{"scopes.0.roles.1.builders", "[{\"id\": \"https://x.example/\", \"level\": 1}]"}},
         "has no builders"},
        {"a builder twice, with two levels",
         {ROLE, NAMED(", \"builders\": [{\"id\": \"https://x.example/\", \"level\": 3}, {\"id\": "
                      "\"https://x.example/\", \"level\": 1}]")},
         "named twice"},
    };
    struct pki_entity people[PEOPLE];
    plant_people(people);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        cr_expect_eq(plant_parse(&policy, people, refusals[i].changes, PKI_NOW, false, &err),
                     CRET_FAILED, "%s", refusals[i].why);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", refusals[i].why);
        cr_expect(strstr(err.what, refusals[i].says) != NULL ||
                      strstr(err.where, refusals[i].says) != NULL,
                  "%s: %s (%s)", refusals[i].why, err.what, err.where);
        cret_policy_free(&policy);
    }
    plant_clear(people);
}
