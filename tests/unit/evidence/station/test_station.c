/* SPDX-License-Identifier: Apache-2.0 */
/* station.json: what can be computed of it is compared, so that no edited file passes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/json.h"
#include "evidence/station/station.h"

#define FILE_NAME CRET_SOURCE_DIR "/tests/vectors/tpm/station.json"

static json_t *read_json(char **ret_text)
{
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    cr_assert_eq(cret_file_read(&text, &size, FILE_NAME, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert_eq(
        cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, NULL),
        CRET_OK);
    *ret_text = text;
    return json;
}

/* The file with one value replaced, below an object or at the top. */
static void expect_usage(const char *object, const char *key, json_t *value)
{
    struct cret_station station;
    struct cret_err err;
    char *text = NULL, *changed = NULL;
    size_t size = 0;
    json_t *json = read_json(&text);
    json_t *where = object != NULL ? json_object_get(json, object) : json;
    cret_err_clear(&err);
    cr_assert_eq(
        value != NULL ? json_object_set_new(where, key, value) : json_object_del(where, key), 0);
    cr_assert_eq(cret_json_print(&changed, &size, json, NULL), CRET_OK);
    cr_assert_neq(cret_station_parse(&station, changed, size, "station.json", &err), CRET_OK,
                  "%s %s", object, key);
    cr_assert_eq(err.class, CRET_ERR_USAGE, "%s: %s", key, err.what);
    free(changed);
    free(text);
    json_decref(json);
}

Test(station, print_and_parse_are_inverse)
{
    struct cret_station station;
    struct cret_err err;
    char *text = NULL, *original = NULL;
    size_t size = 0;
    json_decref(read_json(&original));
    cr_assert_eq(cret_station_parse(&station, original, strlen(original), FILE_NAME, &err), CRET_OK,
                 "%s", err.what);
    cr_assert_eq(cret_station_print(&text, &size, &station, NULL), CRET_OK);
    cr_assert_str_eq(text, original);
    cr_assert_eq(station.anchor_index, CRET_TPM_ANCHOR_INDEX);
    cr_assert_eq(station.journal_index, CRET_TPM_JOURNAL_INDEX);
    cret_station_clear(&station);
    free(text);
    free(original);
}

Test(station, names_must_be_those_that_follow)
{
    static const char *const objects[] = {"attestationKey", "anchor", "journal"};
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        expect_usage(objects[i], "name",
                     json_string("000b7628a8442d8726f1d11fb763eada48ab6e8ab5a944"
                                 "fae3918fbf22086d302861"));
    }
    expect_usage("anchor", "index", json_string("0x01800101"));
    expect_usage("journal", "index", json_string("0x01800101"));
}

Test(station, another_form_is_a_usage_error)
{
    static const struct {
        const char *object, *key;
    } fields[] = {{NULL, "cretula"},          {NULL, "created"},
                  {NULL, "storageKey"},       {"storageKey", "handle"},
                  {"storageKey", "name"},     {"attestationKey", "handle"},
                  {"attestationKey", "name"}, {"attestationKey", "publicKey"},
                  {"anchor", "index"},        {"anchor", "name"},
                  {"journal", "index"},       {"journal", "name"},
                  {"journal", "genesis"},     {NULL, "trustOwner"}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        expect_usage(fields[i].object, fields[i].key, NULL);
        expect_usage(fields[i].object, fields[i].key, json_string("?"));
    }
    expect_usage("journal", "extra", json_true());
    expect_usage(NULL, "cretula", json_string("trust/1"));
}
