/* SPDX-License-Identifier: Apache-2.0 */
/* The encoding of DSSE, and what gives no VSA. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "evidence/export/export_vsa.h"

#define DIGEST "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

/* A record as far as a VSA looks at it; `what` is its part of that name. */
static struct cret_record_copy copy_of(enum cret_verdict verdict, const char *what, bool at,
                                       bool example)
{
    char text[2048];
    struct cret_record_copy copy = {.verdict = verdict};
    snprintf(
        text, sizeof(text),
        "{\"what\":%s,\"when\":{\"time\":\"2026-11-02T10:00:00Z\",\"verificationTimeGiven\":%s},"
        "\"how\":{\"program\":\"cretula-verify\",\"version\":\"1\",\"exampleKeysAllowed\":%s,"
        "\"policy\":{\"kind\":\"trust\",\"name\":\"A B/C\",\"version\":3,\"sha256\":\"" DIGEST
        "\",\"anchors\":[]},\"signatures\":[{\"name\":\"00\",\"sha256\":\"" DIGEST
        "\",\"counted\":true},{\"name\":\"11\",\"sha256\":\"" DIGEST "\",\"counted\":false}]}}",
        what, at ? "true" : "false", example ? "true" : "false");
    cr_assert_eq(
        cret_json_parse(&copy.json, text, strlen(text), CRET_JSON_STRICT, CRET_CHECK_NONE, NULL),
        CRET_OK, "%s", text);
    return copy;
}

static const char good[] =
    "{\"identity\":\"" DIGEST "\",\"archive\":{\"name\":\"a.tar\"},\"files\":["
    "{\"path\":\"a\",\"sha256\":\"" DIGEST "\",\"sha256State\":\"verified\"},"
    "{\"path\":\"b\",\"sha256\":\"" DIGEST "\",\"sha256State\":\"claimed\"}]}";

static enum cret_status statement(json_t **ret, enum cret_verdict verdict, const char *what,
                                  bool at, bool example, bool allowed, struct cret_err *err)
{
    const struct cret_vsa_names names = {0};
    struct cret_record_copy copy = copy_of(verdict, what, at, example);
    const enum cret_status status = cret_vsa_statement(ret, &copy, &names, allowed, err);
    cret_record_copy_clear(&copy);
    return status;
}

static void no_statement(enum cret_verdict verdict, const char *what, bool at, bool example)
{
    json_t *json = NULL;
    struct cret_err err;
    cr_assert_neq(statement(&json, verdict, what, at, example, false, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_null(json);
}

Test(vsa, runs_that_give_none)
{
    no_statement(CRET_VERDICT_ACCEPTED, good, true, false);
    no_statement(CRET_VERDICT_REFUSED, good, true, false);
    no_statement(CRET_VERDICT_ACCEPTED, good, false, true);
    no_statement(CRET_VERDICT_UNDECIDED, good, false, false);
    no_statement(CRET_VERDICT_PARTIAL, good, false, false);
    no_statement(CRET_VERDICT_REFUSED, "{\"archive\":{\"name\":\"a.tar\"},\"files\":[]}", false,
                 false);
}

Test(vsa, passed_names_what_was_verified)
{
    json_t *json = NULL;
    struct cret_err err;
    cr_assert_eq(statement(&json, CRET_VERDICT_ACCEPTED, good, false, false, false, &err), CRET_OK);
    cr_assert_str_eq(cret_json_string(json, "predicate.verificationResult"), "PASSED");
    cr_assert_eq(json_array_size(json_object_get(json, "subject")), 2); /* manifest and a, not b */
    cr_assert_eq(json_array_size(cret_json_get(json, "predicate.inputAttestations")), 1);
    cr_assert_str_eq(cret_json_string(json, "predicate.policy.uri"),
                     "urn:cretula:trust:A%20B%2FC:3");
    cr_assert_str_eq(cret_json_string(json, "predicate.policy.digest.sha256"), DIGEST);
    json_decref(json);
}

Test(vsa, failed_never_names_claims)
{
    json_t *json = NULL;
    struct cret_err err;
    cr_assert_eq(statement(&json, CRET_VERDICT_REFUSED, good, false, false, false, &err), CRET_OK);
    cr_assert_str_eq(cret_json_string(json, "predicate.verificationResult"), "FAILED");
    cr_assert_eq(json_array_size(json_object_get(json, "subject")), 1);
    const json_t *levels = cret_json_get(json, "predicate.verifiedLevels");
    cr_assert_eq(json_array_size(levels), 1);
    cr_assert_str_eq(json_string_value(json_array_get(levels, 0)), "FAILED");
    json_decref(json);
}

Test(vsa, example_keys_only_where_allowed)
{
    json_t *json = NULL;
    struct cret_err err;
    cr_assert_eq(statement(&json, CRET_VERDICT_ACCEPTED, good, false, true, true, &err), CRET_OK);
    json_decref(json);
}

Test(vsa, encoding_of_dsse)
{
    /* The form of the DSSE protocol, version 1: lengths in decimal, single spaces. */
    char *message = NULL;
    size_t size = 0;
    cr_assert_eq(cret_dsse_encode(&message, &size, "hello world", 11, NULL), CRET_OK);
    cr_assert_str_eq(message, "DSSEv1 28 application/vnd.in-toto+json 11 hello world");
    cr_assert_eq(size, strlen(message));
    free(message);
}

Test(vsa, envelope)
{
    json_t *json = NULL;
    const uint8_t key[CRET_SHA256_BYTES] = {0xab};
    cr_assert_eq(cret_dsse_envelope(&json, "{}", 2, (const uint8_t *)"\x01\x02", 2, key, NULL),
                 CRET_OK);
    cr_assert_str_eq(cret_json_string(json, "payload"), "e30=");
    cr_assert_str_eq(cret_json_string(json, "payloadType"), "application/vnd.in-toto+json");
    const json_t *one = json_array_get(json_object_get(json, "signatures"), 0);
    cr_assert_str_eq(cret_json_string(one, "sig"), "AQI=");
    cr_assert_eq(strncmp(cret_json_string(one, "keyid"), "ab00", 4), 0);
    json_decref(json);
}
