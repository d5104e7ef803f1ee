/* SPDX-License-Identifier: Apache-2.0 */
/* station.json and attestations made by swtpm: the genuine one is accepted, every other refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/station/attestation.h"

#define VECTORS CRET_SOURCE_DIR "/tests/vectors/tpm/"

static struct cret_station station;
static uint8_t record[CRET_SHA256_BYTES] = {1, 2, 3};

static json_t *read_json(const char *name)
{
    char *text = NULL, *path = cret_text_printf(VECTORS "%s", name);
    size_t size = 0;
    json_t *json = NULL;
    cr_assert_eq(cret_file_read(&text, &size, path, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert_eq(
        cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_TPM_ATTESTATION, NULL),
        CRET_OK);
    free(text);
    free(path);
    return json;
}

static void setup(void)
{
    struct cret_err err;
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(
        cret_file_read(&text, &size, VECTORS "station.json", 1u << 20, CRET_ERR_USAGE, NULL),
        CRET_OK);
    cr_assert_eq(cret_station_parse(&station, text, size, "station.json", &err), CRET_OK, "%s",
                 err.what);
    free(text);
}

static void teardown(void)
{
    cret_station_clear(&station);
}

TestSuite(attestation, .init = setup, .fini = teardown);

/* Steals json. */
static enum cret_status verify(json_t *json, struct cret_err *err)
{
    struct cret_attestation attestation;
    char *text = NULL;
    size_t size = 0;
    cret_err_clear(err);
    cr_assert_eq(cret_json_print(&text, &size, json, NULL), CRET_OK);
    enum cret_status status = cret_attestation_parse(&attestation, text, size, "a.tpm.json", err);
    if (status == CRET_OK) {
        status = cret_attestation_verify(&attestation, &station, record, err);
        cret_attestation_clear(&attestation);
    }
    free(text);
    json_decref(json);
    return status;
}

static void expect_refused(json_t *json, const char *words)
{
    struct cret_err err;
    cr_assert_neq(verify(json, &err), CRET_OK, "accepted: %s", words);
    cr_assert_eq(err.class, CRET_ERR_REFUSED, "%s", err.what);
    cr_assert_eq(err.check, CRET_CHECK_TPM_ATTESTATION, "%s", err.what);
    cr_assert_not_null(strstr(err.what, words), "%s: %s", words, err.what);
}

static json_t *with(const char *key, json_t *value)
{
    json_t *json = read_json("attestation.json");
    cr_assert_eq(json_object_set_new(json, key, value), 0);
    return json;
}

/* The genuine one with one byte of base64 data changed. */
static json_t *flipped(const char *key, size_t offset)
{
    json_t *json = read_json("attestation.json");
    uint8_t *data = NULL;
    size_t size = 0;
    char *text = NULL;
    cr_assert_eq(cret_base64_decode(&data, &size, cret_json_string(json, key)), CRET_OK);
    data[offset] ^= 1;
    cr_assert_eq(cret_base64_encode(&text, data, size), CRET_OK);
    cr_assert_eq(json_object_set_new(json, key, json_string(text)), 0);
    free(text);
    free(data);
    return json;
}

Test(attestation, a_genuine_one_is_accepted)
{
    struct cret_err err;
    cr_assert_eq(verify(read_json("attestation.json"), &err), CRET_OK, "%s", err.what);
}

Test(attestation, for_another_record_is_refused)
{
    record[0] ^= 1;
    expect_refused(read_json("attestation.json"), "another record");
    record[0] ^= 1;
    /* Also where it claims to be for the record that is asked for. */
    record[0] = 9;
    json_t *json = with("recordSha256", json_string("0902030000000000000000000000000000000000"
                                                    "000000000000000000000000"));
    expect_refused(json, "journal line is about another record");
    record[0] = 1;
}

Test(attestation, for_another_line_is_refused)
{
    expect_refused(
        with("line", json_string("{\"record\": \"0102030000000000000000000000000000000000"
                                 "000000000000000000000000\", \"verdict\": \"ACCEPTED\"}")),
        "head is not that of its line");
    expect_refused(with("line", json_string("no JSON")), "head is not that of its line");
}

Test(attestation, with_a_changed_head_is_refused)
{
    static const char other[] = "f654dce79061cbf0e40613bd70d5fbbcf2aae7470edd3d07c8ada617d5bf2b2c";
    expect_refused(with("head", json_string(other)), "head is not that of its line");
    expect_refused(with("previousHead", json_string(other)), "head is not that of its line");
}

/* Line, previous head and head fit together, but the TPM attested another head. */
Test(attestation, of_a_forged_history_is_refused)
{
    json_t *json =
        with("previousHead", json_string("00000000000000000000000000000000000000000000000"
                                         "00000000000000000"));
    uint8_t pair[64] = {0}, head[32];
    char hex[65];
    const char *line = cret_json_string(json, "line");
    cr_assert_eq(cret_sha256(pair + 32, line, strlen(line), NULL), CRET_OK);
    cr_assert_eq(cret_sha256(head, pair, sizeof(pair), NULL), CRET_OK);
    cret_hex_encode(hex, head, sizeof(head));
    cr_assert_eq(json_object_set_new(json, "head", json_string(hex)), 0);
    expect_refused(json, "the index had another content");
}

Test(attestation, of_another_index_is_refused)
{
    expect_refused(read_json("attestation-other-index.json"), "another index");
}

Test(attestation, of_another_type_is_refused)
{
    expect_refused(read_json("attestation-quote.json"), "something else than the content");
}

Test(attestation, by_another_key_is_refused)
{
    /* Signed by a key that is not in station.json: the signature, then the name of the signer. */
    json_t *json = read_json("attestation.json");
    struct cret_err err;
    struct cret_tpm_key *other = NULL, *mine = station.attestation;
    static const uint8_t x[32] = {0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6,
                                  0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb,
                                  0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96};
    static const uint8_t y[32] = {0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb,
                                  0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
                                  0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};
    cr_assert_eq(cret_tpm_key_from_point(&other, x, y, &err), CRET_OK, "%s", err.what);
    station.attestation = other;
    expect_refused(json, "another key than the station's attestation key");
    station.attestation = mine;
    cret_tpm_key_free(&other);
}

Test(attestation, every_byte_is_checked)
{
    json_t *json = read_json("attestation.json");
    size_t size = 0;
    uint8_t *data = NULL;
    cr_assert_eq(cret_base64_decode(&data, &size, cret_json_string(json, "attest")), CRET_OK);
    free(data);
    json_decref(json);
    for (size_t i = 0; i < size; i++) {
        expect_refused(flipped("attest", i), "the attestation is refused");
    }
    for (size_t i = 0; i < 64; i++) {
        expect_refused(flipped("signature", i), "signature is not one");
    }
}

Test(attestation, another_form_is_refused)
{
    static const char *const keys[] = {"cretula", "recordSha256", "previousHead", "line",
                                       "head",    "attest",       "signature"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *json = read_json("attestation.json");
        cr_assert_eq(json_object_del(json, keys[i]), 0);
        expect_refused(json, "not well-formed");
    }
    expect_refused(with("cretula", json_string("record/1")), "not well-formed");
    expect_refused(with("more", json_true()), "not well-formed");
    expect_refused(with("attest", json_string("AAAA")), "the attestation is refused");
    expect_refused(with("signature", json_string("AAAA")), "the attestation is refused");
}

Test(attestation, json_gives_back_what_was_read)
{
    json_t *json = read_json("attestation.json");
    struct cret_attestation attestation;
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_json_print(&text, &size, json, NULL), CRET_OK);
    cr_assert_eq(cret_attestation_parse(&attestation, text, size, "a", NULL), CRET_OK);
    json_t *again = cret_attestation_json(&attestation);
    cr_assert(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    cret_attestation_clear(&attestation);
    free(text);
}
