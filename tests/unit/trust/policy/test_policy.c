/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused as a trust policy, and what is read of a sound one. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "plant.h"

static const struct {
    const char *why;
    struct plant_change changes[4];
    const char *where; /* in err.where */
} faults[] = {
    {"another purpose", {{"cretula", "\"manifest/1\""}}, "#/cretula"},
    {"no purpose", {{"cretula", NULL}}, "#/"},
    {"unknown field", {{"trusted", "true"}}, "#/trusted"},
    {"unknown field in a signer", {{"scopes.0.signers.0.fingerprint", "\"x\""}}, "signers/0"},
    {"version 0", {{"version", "0"}}, "#/version"},
    {"no version", {{"version", NULL}}, "#/"},
    {"issued is no time", {{"issued", "\"yesterday\""}}, "#/issued"},
    {"no scope", {{"scopes", "[]"}}, "#/scopes"},
    {"no products", {{"scopes.0.products", "[]"}}, "products"},
    {"star among products", {{"scopes.0.products.+", "\"*\""}}, "#/scopes/0"},
    {"product twice", {{"scopes.0.products.+", "\"PLC\""}}, "#/scopes/0"},
    {"no signers", {{"scopes.0.signers", "[]"}}, "signers"},
    {"no roles", {{"scopes.0.roles", "[]"}}, "roles"},
    {"signer name twice", {{"scopes.0.signers.1.name", "\"A\""}}, "#/scopes/0/signers/1"},
    {"the same certificate for two signers",
     {{"scopes.0.signers.4.anchor.pem", "\"$b\""}},
     "#/scopes/0/signers/4"},
    {"the same key for two signers",
     {{"scopes.0.signers.4.anchor.pem", "\"$bagain\""}},
     "#/scopes/0/signers/4"},
    {"a pinned key and the certificate of it",
     {{"scopes.0.signers.4.anchor.pem", "\"$c\""}},
     "#/scopes/0/signers/4"},
    {"CA that is none", {{"scopes.0.signers.0.anchor.pem", "\"$a1\""}}, "#/scopes/0/signers/0"},
    {"a key where a certificate is due",
     {{"scopes.0.signers.1.anchor.pem", "\"%b\""}},
     "#/scopes/0/signers/1"},
    {"two keys for one signer", {{"scopes.0.signers.2.anchor.pem", "\"%two\""}}, "signers/2"},
    {"a weak certificate", {{"scopes.0.signers.1.anchor.pem", "\"$weak\""}}, "signers/1"},
    {"a weak key", {{"scopes.0.signers.2.anchor.pem", "\"%weak\""}}, "signers/2"},
    {"unknown anchor type", {{"scopes.0.signers.0.anchor.type", "\"any\""}}, "anchor/type"},
    {"no PEM", {{"scopes.0.signers.0.anchor.pem", "\"hello\""}}, "anchor/pem"},
    {"fingerprint of another certificate",
     {{"scopes.0.signers.0.added",
       "{\"by\": \"me\", \"at\": \"2025-01-01T00:00:00Z\", \"how\": \"phone\", \"fingerprint\": "
       "\"#b\"}"}},
     "#/scopes/0/signers/0"},
    {"role names nobody", {{"scopes.0.roles.0.signers.+", "\"Z\""}}, "#/scopes/0/roles/0"},
    {"signer twice in a role", {{"scopes.0.roles.0.signers.+", "\"A\""}}, "#/scopes/0/roles/0"},
    {"signer in two roles", {{"scopes.0.roles.1.signers.+", "\"A\""}}, "#/scopes/0/roles/1"},
    {"role twice",
     {{"scopes.0.roles.1", "{\"role\": \"release\", \"signers\": [\"Q\"]}"}},
     "#/scopes/0/roles/1"},
    {"unknown role", {{"scopes.0.roles.0.role", "\"boss\""}}, "roles/0/role"},
    {"role without signers", {{"scopes.0.roles.0.signers", "[]"}}, "roles/0/signers"},
    {"threshold 0 of release", {{"scopes.0.roles.0.threshold", "0"}}, "#/scopes/0/roles/0"},
    {"threshold 0 of quality", {{"scopes.0.roles.1.threshold", "0"}}, "#/scopes/0/roles/1"},
    {"negative threshold", {{"scopes.0.roles.0.threshold", "-1"}}, "roles/0/threshold"},
    {"threshold above the signers", {{"scopes.0.roles.0.threshold", "4"}}, "#/scopes/0/roles/0"},
    {"owner's threshold above the signers",
     {{"scopes.0.roles.2.threshold", "2"}},
     "#/scopes/0/roles/2"},
    {"any usage", {{"scopes.0.roles.0.usage", "\"2.5.29.37.0\""}}, "#/scopes/0/roles/0"},
    {"usage that is none", {{"scopes.0.roles.0.usage", "\"1.3.6.\""}}, "#/scopes/0/roles/0"},
    {"usage by an unknown name", {{"scopes.0.roles.0.usage", "\"serverAuth\""}}, "roles/0"},
    {"release takes no approval",
     {{"scopes.0.roles.0.meanings", "[\"approval\"]"}},
     "#/scopes/0/roles/0"},
    {"quality takes approval only",
     {{"scopes.0.roles.1.meanings", "[\"none\"]"}},
     "#/scopes/0/roles/1"},
    {"owner takes approval only",
     {{"scopes.0.roles.2.meanings", "[\"origin\"]"}},
     "#/scopes/0/roles/2"},
    {"receipt counts for nothing",
     {{"scopes.0.roles.0.meanings", "[\"receipt\"]"}},
     "roles/0/meanings"},
    {"floor of a product outside",
     {{"scopes.0.minimumSequence.0.product", "\"Plc\""}},
     "#/scopes/0/minimumSequence/0"},
    {"floor for all",
     {{"scopes.0.minimumSequence.0.product", "\"*\""}},
     "#/scopes/0/minimumSequence/0"},
    {"two floors",
     {{"scopes.0.minimumSequence.+", "{\"product\": \"PLC\", \"sequence\": 1}"}},
     "#/scopes/0/minimumSequence/1"},
    {"severity of a core check",
     {{"severities", "{\"trust.threshold\": \"warn\"}"}},
     "#/severities"},
    {"severity of no check", {{"severities", "{\"trust.nothing\": \"warn\"}"}}, "#/severities"},
    {"severity that is none", {{"severities", "{\"policy.review\": \"off\"}"}}, "#/severities"},
    {"postQuantum that is none", {{"postQuantum", "\"maybe\""}}, "#/postQuantum"},
    {"postQuantum anchor with a classical key",
     {{"scopes.0.signers.1.postQuantum", "{\"type\": \"certificate\", \"pem\": \"$x\"}"}},
     "#/scopes/0/signers/1"},
    {"required, but nobody has such a key", {{"postQuantum", "\"require\""}}, "#/scopes/0/roles/0"},
    {"expired", {{"expires", "\"2025-12-31T23:59:59Z\""}}, "#/expires"},
    {"a product in two scopes",
     {{"scopes.+",
       "{\"vendor\": \"ACME\", \"products\": [\"HMI\"], \"signers\": [{\"name\": \"X\", "
       "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
       "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}},
     "#/scopes/1"},
    {"all products, and one of them again",
     {{"scopes.+", "{\"vendor\": \"ACME\", \"products\": [\"*\"], \"signers\": [{\"name\": \"X\", "
                   "\"anchor\": {\"type\": \"certificate\", \"pem\": \"$x\"}}], \"roles\": "
                   "[{\"role\": \"release\", \"signers\": [\"X\"]}]}"}},
     "#/scopes/1"},
};

Test(policy, each_fault_is_a_configuration_error)
{
    struct pki_entity people[PEOPLE];
    plant_people(people);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        cr_expect_neq(plant_parse(&policy, people, faults[i].changes, PKI_NOW, false, &err),
                      CRET_OK, "%s", faults[i].why);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", faults[i].why, err.what);
        cr_expect_not_null(strstr(err.where, faults[i].where), "%s: %s at %s", faults[i].why,
                           err.what, err.where);
        cr_expect_not_null(strstr(err.where, "trust.json"), "%s: %s", faults[i].why, err.where);
        cr_expect_null(policy);
    }
    plant_clear(people);
}

Test(policy, text_that_is_no_policy)
{
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "null",
                                        "{}",
                                        "{\"cretula\": \"trust/1\"}",
                                        "{\"cretula\": \"trust/1\", \"cretula\": \"trust/1\"}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_neq(cret_policy_parse(&policy, texts[i], strlen(texts[i]), "trust.json", PKI_NOW,
                                        false, &err),
                      CRET_OK, "%s", texts[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", texts[i]);
    }
}

Test(policy, parsed)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    plant_people(people);
    cr_assert_eq(plant_parse(&policy, people, NULL, PKI_NOW, false, &err), CRET_OK, "%s %s",
                 err.what, err.where);
    cr_expect_str_eq(policy->name, "Plant");
    cr_expect_eq(policy->version, 3);
    cr_expect_eq(policy->expires.value, 1893456000);
    cr_expect_not(policy->bare_anchor);
    cr_assert_eq(policy->scope_count, 1);
    cr_expect_eq(policy->scopes[0].signer_count, 5);
    cr_expect_eq(policy->scopes[0].role_count, 3);
    cr_expect_str_eq(policy->scopes[0].roles[0].usage, PKI_USAGE);
    cr_expect_eq(policy->scopes[0].signers[2].anchor.kind, CRET_ANCHOR_KEY);
    cr_expect_null(policy->scopes[0].signers[2].anchor.certificate);
    cr_expect_eq(policy->severities[CRET_CHECK_POLICY_REVIEW], CRET_SEVERITY_FAIL);
    cr_expect_eq(policy->severities[CRET_CHECK_RELEASE_SEQUENCE], CRET_SEVERITY_WARN);
    cr_expect_eq(policy->severities[CRET_CHECK_TRUST_THRESHOLD], CRET_SEVERITY_FAIL);
    cr_expect_eq(cret_policy_floor(policy, "ACME", "PLC").value, 7);
    cr_expect_not(cret_policy_floor(policy, "ACME", "HMI").given);
    cr_expect_not(cret_policy_floor(policy, "Acme", "PLC").given);
    cret_policy_free(&policy);

    /* At its last moment it holds; an end, a usage and a fingerprint are taken. */
    const struct plant_change changes[4] = {
        {"scopes.0.signers.0.notAfter", "\"2026-06-01T00:00:00Z\""},
        {"scopes.0.roles.0.usage", "\"codeSigning\""},
        {"scopes.0.signers.0.added",
         "{\"by\": \"me\", \"at\": \"2025-01-01T00:00:00Z\", \"how\": \"phone\", \"fingerprint\": "
         "\"#root\"}"},
        {"scopes.0.roles.0.meanings", "[\"origin\"]"}};
    cr_assert_eq(plant_parse(&policy, people, changes, 1893456000, false, &err), CRET_OK, "%s %s",
                 err.what, err.where);
    cr_expect_eq(policy->scopes[0].signers[0].anchor.not_after.value, 1780272000);
    cr_expect(policy->scopes[0].roles[0].meanings[CRET_MEANING_ORIGIN]);
    cr_expect_not(policy->scopes[0].roles[0].meanings[CRET_MEANING_NONE]);
    cret_policy_free(&policy);
    cr_expect_neq(plant_parse(&policy, people, changes, 1893456001, false, &err), CRET_OK);
    plant_clear(people);
}

Test(policy, lesson_11_example_anchors_are_refused)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    const struct plant_change changes[4] = {{"scopes.0.signers.1.anchor.pem", "\"$example\""}};
    plant_people(people);
    cr_expect_neq(plant_parse(&policy, people, changes, PKI_NOW, false, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
    cr_expect_eq(plant_parse(&policy, people, changes, PKI_NOW, true, &err), CRET_OK, "%s",
                 err.what);
    cret_policy_free(&policy);
    plant_clear(people);
}

/* The policies of keys-example are sound, and are refused without the switch. */
Test(policy, the_example_policies)
{
    static const char *const files[] = {CRET_SOURCE_DIR "/keys-example/trust.json",
                                        CRET_SOURCE_DIR "/keys-example/trust-four-eyes.json"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct cret_policy *policy = NULL;
        struct cret_err err;
        char *text = NULL;
        size_t size = 0;
        cret_err_clear(&err);
        cr_assert_eq(cret_file_read(&text, &size, files[i], 1u << 20, CRET_ERR_USAGE, &err),
                     CRET_OK);
        cr_expect_eq(cret_policy_parse(&policy, text, size, files[i], PKI_NOW, true, &err), CRET_OK,
                     "%s %s", err.what, err.where);
        cret_policy_free(&policy);
        cr_expect_neq(cret_policy_parse(&policy, text, size, files[i], PKI_NOW, false, &err),
                      CRET_OK);
        cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
        free(text);
    }
}
