/* SPDX-License-Identifier: Apache-2.0 */
/* The profile of a run: nothing is judged by one that is not the site's. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../engine/packed.h"
#include "scene.h"
#include "verifier/run/profile_file.h"

#define PROFILE "{\"cretula\": \"profile/1\", \"name\": \"t\", \"version\": 1, \"topics\": []}"
#define OWNED                                                                                      \
    "[{\"role\": \"release\", \"signers\": [\"R\"]}, {\"role\": \"owner\", \"signers\": [\"O\"]}]"

static struct pki_entity vendor, owner;
static struct cret_policy *policy;
static struct cret_profile *profile;
static char *signer;
static struct scene_run run;

static void setup(void)
{
    scene_enter();
    vendor = pki_leaf("Vendor", NULL);
    owner = pki_leaf("Owner", NULL);
    policy = packed_policy_of(&vendor, &owner, NULL, OWNED, NULL);
    scene_write("p.json", PROFILE);
}

static void teardown(void)
{
    cret_profile_free(&profile);
    free(signer);
    cret_policy_free(&policy);
    pki_clear(&vendor);
    pki_clear(&owner);
    scene_leave();
}

TestSuite(profile_file, .init = setup, .fini = teardown);

/* p.json.p7s by who over text. */
static void sign_as(const struct pki_entity *who, enum cret_meaning meaning, const char *text)
{
    struct packed packed;
    packed_begin(&packed);
    packed_sign_text(&packed, who, meaning, text);
    FILE *file = fopen("p.json.p7s", "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(packed.signatures[0].data, 1, packed.signatures[0].size, file),
                 packed.signatures[0].size);
    cr_assert_eq(fclose(file), 0);
    packed_end(&packed);
}

static void sign(const struct pki_entity *who, const char *text)
{
    sign_as(who, CRET_MEANING_APPROVAL, text);
}

/* class NONE: there is a profile. */
static enum cret_err_class load(const char *const *words)
{
    cret_profile_free(&profile);
    free(signer);
    signer = NULL;
    cr_assert_eq(scene_begin(&run, words), CRET_ERR_NONE, "%s", run.err.what);
    const struct cret_profile_source source = {
        .options = run.options, .policy = policy, .now = PKI_NOW};
    const enum cret_status status = cret_profile_load(&profile, &signer, &source, &run.err);
    scene_end(&run);
    cr_expect_eq(status == CRET_OK, profile != NULL);
    if (status != CRET_OK) {
        cr_expect_null(signer);
        cr_expect_neq(run.err.class, CRET_ERR_NONE);
    }
    return status == CRET_OK ? CRET_ERR_NONE : run.err.class;
}

#define GIVEN WORDS("check", "x", "--profile", "p.json")

static void expect_refused(const char *says)
{
    cr_expect_eq(load(GIVEN), CRET_ERR_USAGE, "a configuration error: %s", run.err.what);
    cr_expect_not_null(strstr(run.err.what, says), "%s is not in: %s", says, run.err.what);
    cr_expect_not_null(strstr(run.err.what, "p.json.p7s"), "%s", run.err.what);
}

Test(profile_file, without_a_signature)
{
    cr_expect_eq(load(GIVEN), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_null(signer);
}

Test(profile_file, signed_by_an_owner)
{
    sign(&owner, PROFILE);
    cr_expect_eq(load(GIVEN), CRET_ERR_NONE, "%s: %s", run.err.what, run.err.actual);
    cr_assert_not_null(signer);
    cr_expect_not_null(strstr(signer, "Owner"), "%s", signer);
}

Test(profile_file, signed_by_somebody_else)
{
    sign(&vendor, PROFILE);
    expect_refused("not signed by an owner");
    struct pki_entity stranger = pki_leaf("Stranger", NULL);
    sign(&stranger, PROFILE);
    expect_refused("not signed by an owner");
    pki_clear(&stranger);
}

Test(profile_file, signed_with_another_meaning)
{
    sign_as(&owner, CRET_MEANING_ORIGIN, PROFILE);
    expect_refused("not signed by an owner");
}

Test(profile_file, a_signature_over_another_one)
{
    sign(&owner, PROFILE " ");
    expect_refused("");
}

Test(profile_file, what_is_no_signature)
{
    scene_write("p.json.p7s", "no CMS");
    expect_refused("");
}

/* Whoever trusts no owner has nobody to ask. */
Test(profile_file, a_policy_without_owners_reads_no_signature)
{
    scene_write("p.json.p7s", "no CMS");
    cret_policy_free(&policy);
    cr_expect_eq(load(GIVEN), CRET_ERR_NONE);
    policy = packed_policy(&vendor, NULL);
    cr_expect_eq(load(GIVEN), CRET_ERR_NONE);
    cr_expect_null(signer);
}

Test(profile_file, what_is_no_profile)
{
    static const char *const texts[] = {
        "", "{}", "[]", "{\"cretula\": \"profile/1\"}", "{\"cretula\": \"trust/1\"}", PROFILE "x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        scene_write("p.json", texts[i]);
        cr_expect_eq(load(GIVEN), CRET_ERR_USAGE, "%s", texts[i]);
    }
}

Test(profile_file, the_one_that_the_site_pins)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX], text[512];
    struct cret_err err;
    cr_assert_eq(cret_sha256(digest, PROFILE, strlen(PROFILE), &err), CRET_OK);
    cret_hex_encode(hex, digest, sizeof(digest));
    snprintf(text, sizeof(text),
             "{\"cretula\": \"site/1\", \"profile\": \"%s\", \"profileSha256\": \"%s\"}",
             scene_path("p.json"), hex);
    scene_write("site.json", text);
    const char *const *words = WORDS("check", "x", "--config", scene_path("site.json"));
    cr_expect_eq(load(words), CRET_ERR_NONE, "%s", run.err.what);
    scene_write("p.json", "{\"cretula\": \"profile/1\", \"name\": \"easy\", \"version\": 1, "
                          "\"topics\": []}");
    cr_expect_eq(load(words), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "pins"), "%s", run.err.what);
    cr_expect_str_eq(run.err.expected, hex);
}
