/* SPDX-License-Identifier: Apache-2.0 */
/* The site overlay: what it tightens, and that nothing in it can loosen. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/policy/overlay.h"

/* "@name" stands for a certificate's PEM. A's anchor is the CA that issued B and C as well. */
static const char policy_form[] =
    "{\"cretula\": \"trust/1\", \"name\": \"Corporate\", \"version\": 3,"
    " \"issued\": \"2025-01-01T00:00:00Z\", \"reviewBy\": \"2027-01-01T00:00:00Z\","
    " \"expires\": \"2030-01-01T00:00:00Z\", \"revocation\": \"if-present\","
    " \"crlMaxAgeDays\": 30, \"timestamp\": \"off\", \"postQuantum\": \"prefer\","
    " \"scopes\": [{\"vendor\": \"ACME\", \"products\": [\"PLC\", \"HMI\"],"
    "  \"signers\": ["
    "   {\"name\": \"A\", \"anchor\": {\"type\": \"ca\", \"pem\": \"@root\"}},"
    "   {\"name\": \"B\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"@b\"}},"
    "   {\"name\": \"Q\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"@q\"}}],"
    "  \"roles\": [{\"role\": \"release\", \"signers\": [\"A\", \"B\"], \"threshold\": 1},"
    "   {\"role\": \"owner\", \"signers\": [\"Q\"], \"threshold\": 0}],"
    "  \"minimumSequence\": [{\"product\": \"PLC\", \"sequence\": 7}]},"
    "  {\"vendor\": \"ACME\", \"products\": [\"Drive\"],"
    "   \"signers\": [{\"name\": \"D\", \"anchor\": {\"type\": \"key\", \"pem\": \"@q\"}}],"
    "   \"roles\": [{\"role\": \"release\", \"signers\": [\"D\"]}]}],"
    " \"severities\": {\"sbom.ntia\": \"warn\", \"sbom.bsi\": \"fail\"}}";

struct people {
    struct pki_entity root, a, b, q;
};

static struct people make_people(void)
{
    struct people people;
    people.root = pki_root("Root");
    people.a = pki_leaf("A1", &people.root);
    people.b = pki_leaf("B", &people.root);
    people.q = pki_make((struct pki_spec){.name = "Q", .extensions = {PKI_LEAF}});
    return people;
}

static void clear_people(struct people *people)
{
    pki_clear(&people->root);
    pki_clear(&people->a);
    pki_clear(&people->b);
    pki_clear(&people->q);
}

static struct cret_policy *make_policy(const struct people *people)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    struct cret_buffer text = {0};
    const struct {
        const char *name;
        const struct pki_entity *who;
    } names[] = {{"root", &people->root}, {"b", &people->b}, {"q", &people->q}};
    for (const char *at = policy_form; *at != '\0'; at++) {
        size_t i = 0;
        while (*at == '@' && i < 3 && strncmp(at + 1, names[i].name, strlen(names[i].name)) != 0) {
            i++;
        }
        if (*at != '@') {
            cret_buffer_append(&text, at, 1);
            continue;
        }
        cr_assert_lt(i, 3);
        char *pem = pki_pem(names[i].who);
        for (const char *c = pem; *c != '\0'; c++) {
            cret_buffer_printf(&text, *c == '\n' ? "\\n" : "%c", *c);
        }
        free(pem);
        at += strlen(names[i].name);
    }
    cret_err_clear(&err);
    cr_assert_eq(
        cret_policy_parse(&policy, text.data, text.size, "trust.json", PKI_NOW, false, &err),
        CRET_OK, "%s at %s", err.what, err.where);
    cret_buffer_free(&text);
    return policy;
}

static enum cret_status apply(struct cret_policy *policy, const char *fields, struct cret_err *err)
{
    char *text = cret_text_printf("{\"cretula\": \"overlay/1\", \"name\": \"Plant North\"%s%s}",
                                  fields[0] == '\0' ? "" : ", ", fields);
    cret_err_clear(err);
    const enum cret_status status =
        cret_overlay_apply(policy, text, strlen(text), "overlay.json", PKI_NOW, err);
    free(text);
    return status;
}

#define SCOPE "\"scopes\": [{\"vendor\": \"ACME\", \"product\": \"PLC\", "

/* Each must be an error of the configuration that names the place. */
static const struct {
    const char *fields, *where, *what;
} faults[] = {
    {"\"version\": 3", "#/version", "not well-formed"},
    {"\"extensions\": {}", "#/extensions", "not well-formed"},
    {"\"waivable\": [\"sbom.bsi\"]", "#/waivable", "not well-formed"},
    {"\"crls\": []", "#/crls", "not well-formed"},
    {"\"reviewBy\": \"2027-01-01T00:00:01Z\"", "#/reviewBy", "loosen"},
    {"\"expires\": \"2030-01-01T00:00:01Z\"", "#/expires", "loosen"},
    {"\"expires\": \"2025-12-31T23:59:59Z\"", "#/expires", "ended"},
    {"\"expires\": \"1970-01-01T00:00:00Z\"", "#/expires", "ended"},
    {"\"crlMaxAgeDays\": 31", "#/crlMaxAgeDays", "loosen"},
    {"\"revocation\": \"off\"", "#/revocation", "not well-formed"},
    {"\"postQuantum\": \"off\"", "#/postQuantum", "not well-formed"},
    {"\"postQuantum\": \"require\"", "#/scopes", "nobody could fill"},
    {"\"timestamp\": \"prefer\"", "#/timestamp", "loosen"},
    {"\"timestamp\": \"require\"", "#/timestamp", "loosen"},
    {"\"severities\": {\"sbom.bsi\": \"warn\"}", "#/severities/sbom.bsi", "loosen"},
    {"\"severities\": {\"document.applies\": \"warn\"}", "#/severities/document.applies", "loosen"},
    {"\"severities\": {\"release.hardware\": \"fail\"}", "#/severities/release.hardware",
     "operator"},
    {"\"severities\": {\"file.intended\": \"fail\"}", "#/severities/file.intended",
     "whoever signs"},
    {"\"severities\": {\"sbom.ntia\": \"ignore\"}", "#/severities", "not well-formed"},
    {"\"severities\": {\"trust.threshold\": \"fail\"}", "#/severities/trust.threshold", "core"},
    {"\"severities\": {\"sbom.nothing\": \"fail\"}", "#/severities/sbom.nothing", "no check"},
    {"\"scopes\": [{\"vendor\": \"ACME\"}]", "#/scopes/0", "2 scopes"},
    {"\"scopes\": [{\"vendor\": \"Acme\"}]", "#/scopes/0", "no scope"},
    {"\"scopes\": [{\"vendor\": \"ACME\", \"product\": \"plc\"}]", "#/scopes/0", "no scope"},
    {"\"scopes\": [{\"vendor\": \"ACME\", \"product\": \"PLC\", \"signers\": []}]",
     "#/scopes/0/signers", "not well-formed"},
    {SCOPE "\"thresholds\": [{\"role\": \"release\", \"threshold\": 3}]}]", "#/scopes",
     "nobody could fill"},
    {SCOPE "\"thresholds\": [{\"role\": \"release\", \"threshold\": 0}]}]",
     "#/scopes/0/thresholds/0", "not well-formed"},
    {SCOPE "\"thresholds\": [{\"role\": \"quality\", \"threshold\": 1}]}]",
     "#/scopes/0/thresholds/0", "no role"},
    {SCOPE "\"thresholds\": [{\"role\": \"release\", \"threshold\": 2},"
           "{\"role\": \"release\", \"threshold\": 1}]}]",
     "#/scopes/0/thresholds/1", "loosen"},
    {SCOPE "\"minimumSequence\": [{\"product\": \"PLC\", \"sequence\": 6}]}]",
     "#/scopes/0/minimumSequence/0", "loosen"},
    {SCOPE "\"minimumSequence\": [{\"product\": \"Drive\", \"sequence\": 6}]}]",
     "#/scopes/0/minimumSequence/0", "not a product"},
    {SCOPE "\"removeSigners\": [\"D\"]}]", "#/scopes/0/removeSigners/0", "no signer"},
    {SCOPE "\"removeSigners\": [\"A\", \"B\"]}]", "#/scopes", "nobody could fill"},
};

Test(overlay, nothing_in_it_can_loosen)
{
    struct people people = make_people();
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct cret_policy *policy = make_policy(&people);
        struct cret_err err;
        cr_expect_neq(apply(policy, faults[i].fields, &err), CRET_OK, "%s", faults[i].fields);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", faults[i].fields, err.what);
        cr_expect_not_null(strstr(err.where, faults[i].where), "%s: %s at %s", faults[i].fields,
                           err.what, err.where);
        cr_expect_not_null(strstr(err.where, "overlay.json"), "%s: at %s", faults[i].fields,
                           err.where);
        cr_expect_not_null(strstr(err.what, faults[i].what), "%s: %s", faults[i].fields, err.what);
        cret_policy_free(&policy);
    }
    clear_people(&people);
}

Test(overlay, text_that_is_none)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{\"cretula\": \"overlay/1\"}",
        "{\"cretula\": \"trust/1\", \"name\": \"x\"}",
        "{\"cretula\": \"overlay/1\", \"name\": \"x\", \"name\": \"y\"}"};
    struct people people = make_people();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct cret_policy *policy = make_policy(&people);
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_neq(
            cret_overlay_apply(policy, texts[i], strlen(texts[i]), "overlay.json", PKI_NOW, &err),
            CRET_OK, "%s", texts[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", texts[i], err.what);
        cr_expect_null(policy->overlay_name);
        cret_policy_free(&policy);
    }
    clear_people(&people);
}

Test(overlay, everything_stricter_is_taken_over)
{
    struct people people = make_people();
    struct cret_policy *policy = make_policy(&people);
    struct cret_err err;
    cr_assert_eq(
        apply(policy,
              "\"reviewBy\": \"2026-06-01T00:00:00Z\", \"expires\": \"2026-12-01T00:00:00Z\","
              "\"revocation\": \"require\", \"crlMaxAgeDays\": 7, \"postQuantum\": \"prefer\","
              "\"severities\": {\"sbom.ntia\": \"fail\", \"sbom.bsi\": \"fail\"}," SCOPE
              "\"thresholds\": [{\"role\": \"release\", \"threshold\": 2},"
              "{\"role\": \"owner\", \"threshold\": 1}],"
              "\"minimumSequence\": [{\"product\": \"PLC\", \"sequence\": 9},"
              "{\"product\": \"HMI\", \"sequence\": 2}]}]",
              &err),
        CRET_OK, "%s at %s", err.what, err.where);
    cr_expect_eq(policy->review_by.value, 1780272000);
    cr_expect_eq(policy->expires.value, 1796083200);
    cr_expect_eq(policy->revocation, CRET_DEMAND_REQUIRE);
    cr_expect_eq(policy->crl_max_age.value, 7 * 86400);
    cr_expect_eq(policy->post_quantum, CRET_DEMAND_PREFER);
    cr_expect_eq(policy->timestamp, CRET_DEMAND_OFF);
    cr_expect_eq(policy->severities[CRET_CHECK_SBOM_NTIA], CRET_SEVERITY_FAIL);
    cr_expect_eq(policy->severities[CRET_CHECK_SBOM_BSI], CRET_SEVERITY_FAIL);
    cr_expect_eq(policy->scopes[0].roles[0].threshold, 2);
    cr_expect_eq(policy->scopes[0].roles[1].threshold, 1);
    cr_expect_eq(policy->scopes[1].roles[0].threshold, 1);
    cr_expect_eq(cret_policy_floor(policy, "ACME", "PLC").value, 9);
    cr_expect_eq(cret_policy_floor(policy, "ACME", "HMI").value, 2);
    cr_expect_not(cret_policy_floor(policy, "ACME", "Drive").given);
    cr_expect_str_eq(policy->overlay_name, "Plant North");
    cret_policy_free(&policy);
    clear_people(&people);
}

/* Judges one signature; *ret_why: why it did not count. */
static bool accepts(const struct cret_policy *policy, const struct pki_entity *signer,
                    char *ret_why, size_t why_size)
{
    static const char content[] = "{}\n";
    struct cret_cms *cms = pki_cms(signer, content, CRET_MEANING_ORIGIN, NULL, 0);
    const struct cret_cms *const one[] = {cms};
    struct cret_signature_judgement judgement;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    memset(&judgement, 0, sizeof(judgement));
    cret_err_clear(&err);
    const bool met = cret_policy_judge(PKI_REQUEST(policy, one, 1), &judgement, &scopes, findings,
                                       &err) == CRET_OK &&
                     scopes[0].vendor_met;
    snprintf(ret_why, why_size, "%s", judgement.why_not.what);
    free(scopes);
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    return met;
}

/* B's certificate was issued by A's CA: were his pin forgotten with him, his signatures would count
 * for A. */
Test(overlay, a_removed_signer_counts_for_nobody)
{
    struct people people = make_people();
    struct cret_policy *policy = make_policy(&people);
    struct cret_err err;
    char why[640];
    cr_expect(accepts(policy, &people.b, why, sizeof(why)));
    cr_assert_eq(apply(policy, SCOPE "\"removeSigners\": [\"B\"]}]", &err), CRET_OK, "%s",
                 err.what);
    cr_expect_not(accepts(policy, &people.b, why, sizeof(why)));
    cr_expect_not_null(strstr(why, "site overlay removed the signer B"), "%s", why);
    cr_expect(accepts(policy, &people.a, why, sizeof(why)));
    cret_policy_free(&policy);

    policy = make_policy(&people);
    cr_assert_eq(apply(policy, SCOPE "\"removeSigners\": [\"A\"]}]", &err), CRET_OK, "%s",
                 err.what);
    cr_expect(accepts(policy, &people.b, why, sizeof(why)));
    cr_expect_not(accepts(policy, &people.q, why, sizeof(why)));
    cr_expect_null(strstr(why, "overlay"), "%s", why);
    cret_policy_free(&policy);
    clear_people(&people);
}
