/* SPDX-License-Identifier: Apache-2.0 */
/* trust.json as a file: what is not sound is neither changed nor written. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../engine/packed.h"
#include "scene.h"
#include "verifier/run/trust_file.h"

static struct pki_entity vendor;
static json_t *sound, *json;
static struct cret_policy *policy;
static struct cret_err err;

#define HEAD                                                                                       \
    "{\"cretula\": \"trust/1\", \"name\": \"Plant\", \"version\": 1, \"issued\": "                 \
    "\"2025-01-01T00:00:00Z\", \"scopes\": []}"

static void setup(void)
{
    scene_enter();
    vendor = pki_leaf("Vendor", NULL);
    char *pem = pki_pem(&vendor);
    sound = json_loads(HEAD, 0, NULL);
    json_array_append_new(json_object_get(sound, "scopes"),
                          json_pack("{s:s, s:[s], s:[{s:s, s:{s:s, s:s}}], s:[{s:s, s:[s]}]}",
                                    "vendor", "ACME", "products", "PLC", "signers", "name", "R",
                                    "anchor", "type", "certificate", "pem", pem, "roles", "role",
                                    "release", "signers", "R"));
    free(pem);
    cret_err_clear(&err);
}

static void teardown(void)
{
    json_decref(sound);
    json_decref(json);
    cret_policy_free(&policy);
    pki_clear(&vendor);
    scene_leave();
}

TestSuite(trust_file, .init = setup, .fini = teardown);

static struct cret_trust_rules rules(bool allow_empty)
{
    return (struct cret_trust_rules){.now = PKI_NOW, .allow_empty = allow_empty};
}

static enum cret_status read_file(const char *path, bool allow_empty)
{
    cret_err_clear(&err);
    return cret_trust_file_read(&json, &policy, path, rules(allow_empty), &err);
}

static void expect_unread(const char *path, bool allow_empty, const char *says)
{
    cr_expect_eq(read_file(path, allow_empty), CRET_FAILED, "%s", says);
    cr_expect_eq(err.class, CRET_ERR_USAGE, "%s", err.what);
    cr_expect(strstr(err.where, path) != NULL || strstr(err.what, path) != NULL, "%s (%s)",
              err.what, err.where);
    cr_expect_not_null(strstr(err.what, says), "%s", err.what);
    cr_expect_null(json);
    cr_expect_null(policy);
}

static void write_json(const char *path, const json_t *value)
{
    char *text = json_dumps(value, 0);
    scene_write(path, text);
    free(text);
}

Test(trust_file, a_sound_one_is_read_both_ways)
{
    write_json("t.json", sound);
    cr_assert_eq(read_file("t.json", false), CRET_OK, "%s", err.what);
    cr_expect_str_eq(policy->name, "Plant");
    cr_expect(json_equal(json, sound));
}

Test(trust_file, what_is_none_is_not_read)
{
    expect_unread("t.json", false, "t.json");
    scene_write("t.json", "{");
    expect_unread("t.json", false, "the trust policy");
    scene_write("t.json", "{\"cretula\": \"trust/1\", \"cretula\": \"trust/1\"}");
    expect_unread("t.json", true, "the trust policy");
    json_object_set_new(sound, "version", json_integer(0));
    write_json("t.json", sound);
    expect_unread("t.json", false, "");
}

/* lesson 3: nobody to trust is no policy; only whoever writes one lets it pass. */
Test(trust_file, one_without_signers)
{
    scene_write("t.json", HEAD);
    expect_unread("t.json", false, "nobody is trusted by it yet");
    cr_expect_not_null(strstr(err.hint, "trust add-signer"), "%s", err.hint);
    cr_assert_eq(read_file("t.json", true), CRET_OK, "%s", err.what);
    cr_expect_null(policy);
    json_decref(json);
    json = NULL;
    scene_write("t.json", "{\"cretula\": \"trust/1\", \"scopes\": []}");
    expect_unread("t.json", true, ""); /* a draft is still in form */
}

static enum cret_status write_new(const json_t *value, bool allow_empty)
{
    cret_err_clear(&err);
    return cret_trust_file_write("new.json", NULL, value, rules(allow_empty), &err);
}

Test(trust_file, only_what_the_verifier_takes_is_written)
{
    json_t *draft = json_loads(HEAD, 0, NULL);
    cr_expect_eq(write_new(draft, false), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_neq(access("new.json", F_OK), 0, "no file after a failure");
    cr_expect_eq(write_new(draft, true), CRET_OK, "%s", err.what);
    cr_expect_eq(write_new(sound, false), CRET_FAILED, "it never replaces what is there");
    cr_assert_eq(unlink("new.json"), 0);
    json_object_set_new(sound, "version", json_integer(0));
    cr_expect_eq(write_new(sound, false), CRET_FAILED);
    cr_expect_eq(write_new(sound, true), CRET_FAILED);
    cr_expect_neq(access("new.json", F_OK), 0);
    json_object_set_new(sound, "version", json_integer(1));
    cr_expect_eq(write_new(sound, false), CRET_OK, "%s", err.what);
    json_decref(draft);
}

Test(trust_file, what_is_held_is_replaced)
{
    struct cret_held *held = NULL;
    write_json("t.json", sound);
    cr_assert_eq(cret_trust_file_hold(&held, "t.json", &err), CRET_OK, "%s", err.what);
    json_object_set_new(sound, "version", json_integer(2));
    cr_assert_eq(cret_trust_file_write("t.json", held, sound, rules(false), &err), CRET_OK, "%s",
                 err.what);
    cret_held_close(&held);
    cr_assert_eq(read_file("t.json", false), CRET_OK);
    cr_expect_eq(policy->version, 2);
}

Test(trust_file, nothing_and_a_link_are_not_held)
{
    struct cret_held *held = NULL;
    cr_expect_eq(cret_trust_file_hold(&held, "t.json", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "no such file"), "%s", err.what);
    write_json("real.json", sound);
    cr_assert_eq(symlink("real.json", "t.json"), 0);
    cr_expect_eq(cret_trust_file_hold(&held, "t.json", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_null(held);
}
