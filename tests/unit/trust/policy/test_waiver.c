/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: the content of a file, and the role whose signatures make it count. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "pki.h"
#include "trust/policy/waiver.h"

#define RELEASE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ENTRY(check, release, more)                                                                \
    "{\"check\": \"" check "\", \"release\": \"" release                                           \
    "\", \"reason\": \"r\", \"approver\": \"a\","                                                  \
    " \"control\": \"c\"" more "}"
#define PERIOD ", \"issued\": \"2026-01-01T00:00:00Z\", \"until\": \"2027-01-01T00:00:00Z\""
#define FILE_OF(entries) "{\"cretula\": \"waivers/1\", \"waivers\": [" entries "]}"

static enum cret_status parse(const char *text, struct cret_waiver **ret_list, size_t *ret_count,
                              struct cret_err *err)
{
    cret_err_clear(err);
    return cret_waivers_parse_unverified(ret_list, ret_count, text, strlen(text), "w.json", err);
}

Test(waiver, what_is_said)
{
    struct cret_waiver *list = NULL;
    struct cret_err err;
    size_t count = 0;
    cr_assert_eq(parse(FILE_OF(ENTRY("sbom.ntia", RELEASE, PERIOD) "," ENTRY(
                           "lifecycle.support", RELEASE, PERIOD ", \"asset\": \"PLC 7\"")),
                       &list, &count, &err),
                 CRET_OK, "%s at %s", err.what, err.where);
    cr_assert_eq(count, 2);
    cr_expect_eq(list[0].check, CRET_CHECK_SBOM_NTIA);
    cr_expect_eq(list[0].release[1], 0x23);
    cr_expect_null(list[0].asset);
    cr_expect_eq(list[0].issued, PKI_NOW);
    cr_expect_eq(list[0].until, 1798761600);
    cr_expect_str_eq(list[1].asset, "PLC 7");
    cr_expect_str_eq(list[1].control, "c");
    cret_waiver_list_free(&list, count);
}

static const struct {
    const char *text, *where;
} faults[] = {
    {"", ""},
    {"[]", ""},
    {"{\"cretula\": \"trust/1\"}", "#"},
    {FILE_OF(""), "#/waivers"},
    {"{\"cretula\": \"waivers/1\", \"waivers\": [" ENTRY("sbom.ntia", RELEASE,
                                                         PERIOD) "], \"x\": 1}",
     "#/x"},
    {FILE_OF(ENTRY("sbom.nothing", RELEASE, PERIOD)), "#/waivers/0"},
    {FILE_OF(ENTRY("sbom.ntia", "0123", PERIOD)), "#/waivers/0/release"},
    {FILE_OF(ENTRY("sbom.ntia", RELEASE, PERIOD ", \"asset\": \"\"")), "#/waivers/0/asset"},
    {FILE_OF(ENTRY("sbom.ntia", RELEASE, ", \"issued\": \"2026-01-01T00:00:00Z\"")), "#/waivers/0"},
    {FILE_OF(ENTRY("sbom.ntia", RELEASE, ", \"until\": \"2026-01-01T00:00:00Z\"")), "#/waivers/0"},
    {FILE_OF(ENTRY("sbom.ntia", RELEASE,
                   ", \"issued\": \"2026-01-01T00:00:01Z\", \"until\": \"2026-01-01T00:00:00Z\"")),
     "#/waivers/0"},
    {FILE_OF("{\"check\": \"sbom.ntia\", \"release\": \"" RELEASE
             "\", \"reason\": \"r\", \"approver\": \"a\"" PERIOD "}"),
     "#/waivers/0"},
};

Test(waiver, every_fault_is_named)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct cret_waiver *list = NULL;
        struct cret_err err;
        size_t count = 0;
        cr_expect_neq(parse(faults[i].text, &list, &count, &err), CRET_OK, "%s", faults[i].text);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", faults[i].text, err.what);
        cr_expect_not_null(strstr(err.where, faults[i].where), "%s: %s at %s", faults[i].text,
                           err.what, err.where);
        cr_expect_null(list);
    }
}

/* A release signer R and a waiver signer W, both pinned. */
struct roles {
    struct pki_entity release, waiver;
    struct cret_policy *policy;
};

static json_t *pinned(const char *name, const struct pki_entity *who)
{
    char *pem = pki_pem(who);
    json_t *json =
        json_pack("{s:s, s:{s:s, s:s}}", "name", name, "anchor", "type", "certificate", "pem", pem);
    free(pem);
    return json;
}

static struct roles make_roles(void)
{
    struct roles roles = {
        .release = pki_make((struct pki_spec){.name = "R", .extensions = {PKI_LEAF}}),
        .waiver = pki_make((struct pki_spec){.name = "W", .extensions = {PKI_LEAF}})};
    struct cret_err err;
    cret_err_clear(&err);
    json_t *json = json_pack(
        "{s:s, s:s, s:i, s:s, s:[s], s:[{s:s, s:[s], s:[o, o], s:[{s:s, s:[s]}, {s:s, s:[s]}]}]}",
        "cretula", "trust/1", "name", "Plant", "version", 1, "issued", "2025-01-01T00:00:00Z",
        "waivable", "sbom.ntia", "scopes", "vendor", "ACME", "products", "PLC", "signers",
        pinned("R", &roles.release), pinned("W", &roles.waiver), "roles", "role", "release",
        "signers", "R", "role", "waiver", "signers", "W");
    char *text = json_dumps(json, 0);
    cr_assert_eq(
        cret_policy_parse(&roles.policy, text, strlen(text), "trust.json", PKI_NOW, false, &err),
        CRET_OK, "%s at %s", err.what, err.where);
    free(text);
    json_decref(json);
    return roles;
}

/* Whether a signature with this meaning meets the scope, for a release or for waivers. */
static bool met(const struct roles *roles, const struct pki_entity *who, enum cret_meaning meaning,
                bool for_waivers, struct cret_err *err)
{
    struct cret_cms *cms = pki_cms(who, "{}\n", meaning, NULL, 0);
    const struct cret_cms *const one[] = {cms};
    struct cret_signature_judgement judgement;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    memset(&judgement, 0, sizeof(judgement));
    cret_err_clear(err);
    const enum cret_status status =
        for_waivers ? cret_policy_judge_waivers(PKI_REQUEST(roles->policy, one, 1), &judgement,
                                                &scopes, findings, err)
                    : cret_policy_judge(PKI_REQUEST(roles->policy, one, 1), &judgement, &scopes,
                                        findings, err);
    const bool result = status == CRET_OK && scopes[0].vendor_met;
    cr_expect_eq(judgement.counted, result);
    free(scopes);
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    return result;
}

Test(waiver, who_waives_does_not_release_and_the_other_way_round)
{
    struct roles roles = make_roles();
    struct cret_err err;
    cr_expect(roles.policy->waivable[CRET_CHECK_SBOM_NTIA]);
    cr_expect_not(roles.policy->waivable[CRET_CHECK_SBOM_BSI]);
    cr_expect(met(&roles, &roles.release, CRET_MEANING_ORIGIN, false, &err));
    cr_expect(met(&roles, &roles.waiver, CRET_MEANING_APPROVAL, true, &err));
    cr_expect_not(met(&roles, &roles.waiver, CRET_MEANING_APPROVAL, false, &err));
    cr_expect_not_null(strstr(err.what, "which signs waivers only"), "%s", err.what);
    cr_expect_not(met(&roles, &roles.release, CRET_MEANING_ORIGIN, true, &err));
    cr_expect_not_null(strstr(err.what, "which does not sign waivers"), "%s", err.what);
    cr_expect_not(met(&roles, &roles.waiver, CRET_MEANING_NONE, true, &err));
    cr_expect_not_null(strstr(err.what, "another meaning"), "%s", err.what);
    cret_policy_free(&roles.policy);
    pki_clear(&roles.release);
    pki_clear(&roles.waiver);
}
