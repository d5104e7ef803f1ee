/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/time.h"
#include "series.h"
#include "trust/asn1/oid.h"

static const char letters[] = "ABCDEX";

const struct version series_sound[VERSIONS] = {
    {.owners = "ABC", .threshold = 2, .signers = ""},
    {.owners = "ABC", .threshold = 2, .signers = "AB"},
    {.owners = "ABCD", .threshold = 2, .signers = "BC"},
    {.owners = "BCD", .threshold = 2, .signers = "bD"},
    {.owners = "BCD", .threshold = 3, .signers = "BCD", .expires = "2026-06-01T00:00:00Z"},
    {.owners = "BCDE", .threshold = 3, .signers = "BCDE"},
    {.owners = "CDE", .threshold = 2, .signers = "BCDEX"},
    {.owners = "DE", .threshold = 2, .signers = "DE"},
    {.owners = "E", .threshold = 1, .signers = "DE"},
    {.owners = "AE", .threshold = 2, .signers = "AE", .expires = "2040-01-01T00:00:00Z"},
};
static struct pki_entity people[OWNERS], again[OWNERS];

void series_people(void)
{
    for (int i = 0; i < OWNERS; i++) {
        char name[] = {'O', 'w', 'n', 'e', 'r', ' ', letters[i], '\0'};
        people[i] = pki_make((struct pki_spec){
            .name = name, .not_after = PKI_BEGIN + 86400, .extensions = {PKI_LEAF}});
        again[i] = pki_make(
            (struct pki_spec){.name = "Another", .pkey = people[i].pkey, .extensions = {PKI_LEAF}});
    }
}

void series_clear(void)
{
    for (int i = 0; i < OWNERS; i++) {
        pki_clear(&again[i]);
        pki_clear(&people[i]);
    }
}

const struct pki_entity *series_person(char letter)
{
    const char *found = strchr(letters, letter & ~0x20);
    cr_assert_not_null(found);
    return &people[found - letters];
}

/* B is pinned by key, the others by certificate. */
static json_t *owners_json(const struct version *version)
{
    json_t *list = json_array();
    for (const char *at = version->owners; *at != '\0'; at++) {
        char name[] = {*at, '\0'};
        char *pem = *at == 'B' ? pki_key_pem(series_person(*at)) : pki_pem(series_person(*at));
        json_array_append_new(list, json_pack("{s:s, s:{s:s, s:s}}", "name", name, "anchor", "type",
                                              *at == 'B' ? "key" : "certificate", "pem", pem));
        free(pem);
    }
    return json_pack("{s:o, s:i}", "signers", list, "threshold", (int)version->threshold);
}

/* "$A" becomes A's certificate, "=A" the other one of his key, "%A" his public key. */
static void fill_in(json_t *json)
{
    const char *key;
    json_t *value;
    size_t index;
    json_object_foreach(json, key, value) fill_in(value);
    json_array_foreach(json, index, value) fill_in(value);
    const char *text = json_string_value(json);
    if (text != NULL && strlen(text) == 2 && strchr("$=%", text[0]) != NULL) {
        const struct pki_entity *who = series_person(text[1]);
        char *pem = text[0] == '$'   ? pki_pem(who)
                    : text[0] == '=' ? pki_pem(&again[who - people])
                                     : pki_key_pem(who);
        cr_assert_eq(json_string_set(json, pem), 0);
        free(pem);
    }
}

char *series_text(const struct version *version, int place)
{
    char issued[32];
    char *pem = pki_pem(&people[5]);
    cret_time_format(issued, PKI_BEGIN + place * 86400);
    json_t *json = json_pack(
        "{s:s, s:s, s:I, s:s, s:[{s:s, s:[s], s:[{s:s, s:{s:s, s:s}}], s:[{s:s, s:[s]}]}]}",
        "cretula", "trust/1", "name", version->name != NULL ? version->name : "Plant", "version",
        (json_int_t)(version->number != 0 ? version->number : place), "issued",
        version->issued != NULL ? version->issued : issued, "scopes", "vendor", "ACME", "products",
        "*", "signers", "name", "X", "anchor", "type", "certificate", "pem", pem, "roles", "role",
        "release", "signers", "X");
    cr_assert_not_null(json);
    if (version->owners != NULL) {
        json_object_set_new(json, "owners", owners_json(version));
    }
    if (version->expires != NULL) {
        json_object_set_new(json, "expires", json_string(version->expires));
    }
    if (version->more != NULL) {
        json_t *more = json_loads(version->more, 0, NULL);
        cr_assert_not_null(more, "%s", version->more);
        fill_in(more);
        json_object_update(json, more);
        json_decref(more);
    }
    char *text = json_dumps(json, JSON_INDENT(1));
    json_decref(json);
    free(pem);
    return text;
}

static void write_file(const char *folder, const char *name, const void *data, size_t size)
{
    char path[300];
    struct cret_err err;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    cr_assert_eq(cret_file_write(path, data, size, 0644, &err), CRET_OK);
}

/* The signature of one letter over text; the name of its file. */
uint8_t *series_sign(char letter, char how, const char *text, int place, char name[64],
                     size_t *ret_size)
{
    struct forge forge;
    char hex[CRET_SHA256_HEX];
    const struct pki_entity *who = series_person(letter);
    forge_begin(&forge, how == '=' ? &again[who - people] : who, text, NULL, 0);
    if (how == '!') {
        forge_commitment(&forge, cret_oid_proof_of_receipt);
    } else if ((letter & 0x20) == 0) {
        forge_commitment(&forge, cret_oid_proof_of_approval);
    }
    uint8_t *der = forge_write(&forge, ret_size);
    forge_end(&forge);
    cret_hex_encode(hex, cret_certificate_key_digest(who->certificate), CRET_SHA256_BYTES);
    snprintf(name, 64, "%d.%.16s.p7s", place, hex);
    return der;
}

static void write_version(const char *folder, const struct version *version, int place)
{
    char name[64];
    char *text = series_text(version, place);
    char how = ' ';
    snprintf(name, sizeof(name), "%d.trust.json", place);
    write_file(folder, name, text, strlen(text));
    for (const char *at = version->signers; *at != '\0'; at++) {
        if (*at == '!' || *at == '=') {
            how = *at;
            continue;
        }
        size_t size = 0;
        uint8_t *der = series_sign(*at, how, text, place, name, &size);
        write_file(folder, name, der, size);
        free(der);
        how = ' ';
    }
    free(text);
}

void series_write(char *folder, const struct version *versions)
{
    snprintf(folder, 64, "/tmp/cretula-rotation-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    for (int i = 0; i < VERSIONS; i++) {
        write_version(folder, &versions[i], i + 1);
    }
}

struct cret_policy *series_install(const struct version *versions, int place)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    char *text = series_text(&versions[place - 1], place);
    cret_err_clear(&err);
    cr_assert_eq(
        cret_policy_parse(&policy, text, strlen(text), "trust.json", INT64_MIN, false, &err),
        CRET_OK, "%s %s", err.what, err.where);
    free(text);
    return policy;
}

enum cret_status series_walk(struct cret_rotation *rotation, const char *folder, int from,
                             int64_t target, int64_t now, struct cret_err *err)
{
    struct cret_policy *installed = series_install(series_sound, from);
    memset(rotation, 0, sizeof(*rotation));
    cret_err_clear(err);
    const enum cret_status status = cret_policy_walk(
        rotation, installed, folder,
        target == 0 ? (struct cret_optional){0} : cret_optional_of(target), now, false, err);
    cret_policy_free(&installed);
    return status;
}
