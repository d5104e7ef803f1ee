/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "plant.h"

const char plant_content[] = "{}\n";

static const char *const names[PEOPLE] = {"root", "a1",  "a2",      "a1again", "b",     "bagain",
                                          "c",    "sub", "s1",      "s2",      "qroot", "q",
                                          "o",    "x",   "expired", "example", "weak"};
void plant_people(struct pki_entity people[PEOPLE])
{
    people[ROOT] = pki_root("Root");
    people[SUB] =
        pki_make((struct pki_spec){.name = "Sub", .issuer = &people[ROOT], .extensions = {PKI_CA}});
    people[Q_ROOT] = pki_root("Quality root");
    people[A1] = pki_leaf("A1", &people[ROOT]);
    people[A2] = pki_leaf("A2", &people[ROOT]);
    people[B] = pki_leaf("B", &people[ROOT]);
    people[C] = pki_leaf("C", &people[ROOT]);
    people[S1] = pki_leaf("S1", &people[SUB]);
    people[S2] = pki_leaf("S2", &people[SUB]);
    people[Q] = pki_leaf("Q", &people[Q_ROOT]);
    people[A1_AGAIN] = pki_make((struct pki_spec){.name = "A1 again",
                                                  .issuer = &people[ROOT],
                                                  .pkey = people[A1].pkey,
                                                  .extensions = {PKI_LEAF}});
    people[B_AGAIN] = pki_make((struct pki_spec){.name = "B again",
                                                 .issuer = &people[ROOT],
                                                 .pkey = people[B].pkey,
                                                 .extensions = {PKI_LEAF}});
    people[OWNER] = pki_make((struct pki_spec){.name = "Owner", .extensions = {PKI_LEAF}});
    people[STRANGER] = pki_make((struct pki_spec){.name = "Stranger", .extensions = {PKI_LEAF}});
    people[EXPIRED] = pki_make((struct pki_spec){.name = "Expired",
                                                 .issuer = &people[ROOT],
                                                 .not_after = PKI_NOW - 1,
                                                 .extensions = {PKI_LEAF}});
    people[EXAMPLE] = pki_make((struct pki_spec){
        .name = "Example DO NOT TRUST", .issuer = &people[ROOT], .extensions = {PKI_LEAF}});
    people[WEAK] = pki_make(
        (struct pki_spec){.name = "Weak", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}});
}

/* Two blocks where one is due. */
static char *two_keys(const struct pki_entity *people)
{
    char *first = pki_key_pem(&people[A1]), *second = pki_key_pem(&people[A2]);
    char *both = cret_text_printf("%s%s", first, second);
    free(first);
    free(second);
    return both;
}

void plant_clear(struct pki_entity people[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        pki_clear(&people[i]);
    }
}

int plant_person(const char *name, size_t size)
{
    for (int i = 0; i < PEOPLE; i++) {
        if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0) {
            return i;
        }
    }
    cr_assert_fail("nobody is called %.*s", (int)size, name);
    return -1;
}

static const char base_policy[] =
    "{\"cretula\": \"trust/1\", \"name\": \"Plant\", \"version\": 3,"
    " \"issued\": \"2025-01-01T00:00:00Z\", \"reviewBy\": \"2027-01-01T00:00:00Z\","
    " \"expires\": \"2030-01-01T00:00:00Z\","
    " \"scopes\": [{\"vendor\": \"ACME\", \"products\": [\"PLC\", \"HMI\"],"
    "  \"signers\": ["
    "   {\"name\": \"A\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$root\"}},"
    "   {\"name\": \"B\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"$b\"}},"
    "   {\"name\": \"C\", \"anchor\": {\"type\": \"key\", \"pem\": \"%c\"}},"
    "   {\"name\": \"Q\", \"anchor\": {\"type\": \"ca\", \"pem\": \"$qroot\"}},"
    "   {\"name\": \"O\", \"anchor\": {\"type\": \"certificate\", \"pem\": \"$o\"}}],"
    "  \"roles\": [{\"role\": \"release\", \"signers\": [\"A\", \"B\", \"C\"], \"threshold\": 2},"
    "   {\"role\": \"quality\", \"signers\": [\"Q\"]},"
    "   {\"role\": \"owner\", \"signers\": [\"O\"], \"threshold\": 0}],"
    "  \"minimumSequence\": [{\"product\": \"PLC\", \"sequence\": 7}]}],"
    " \"severities\": {\"policy.review\": \"fail\", \"release.sequence\": \"warn\"}}";

/* "$name" becomes the certificate, "%name" the public key, "#name" the fingerprint. */
static void fill_in(json_t *json, const struct pki_entity *people)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_object(json)) {
        json_object_foreach(json, key, value) fill_in(value, people);
    } else if (json_is_array(json)) {
        json_array_foreach(json, index, value) fill_in(value, people);
    } else if (json_is_string(json) && strchr("$%#", json_string_value(json)[0]) != NULL &&
               json_string_length(json) > 1) {
        const char *name = json_string_value(json);
        const char *whose = strcmp(name, "%two") == 0 ? "a1" : name + 1;
        const struct pki_entity *who = &people[plant_person(whose, strlen(whose))];
        char *text = strcmp(name, "%two") == 0 ? two_keys(people)
                     : name[0] == '$'          ? pki_pem(who)
                     : name[0] == '%'          ? pki_key_pem(who)
                                               : NULL;
        if (text == NULL) {
            text = calloc(1, 65);
            cret_hex_encode(text, cret_certificate_digest(who->certificate), 32);
        }
        cr_assert_eq(json_string_set(json, text), 0);
        free(text);
    }
}

/* Sets what a dotted path names; "+" appends to a list, value NULL removes. */
static void edit(json_t *root, const char *path, const char *value)
{
    char copy[200], *rest = NULL;
    json_t *at = root;
    snprintf(copy, sizeof(copy), "%s", path);
    char *part = strtok_r(copy, ".", &rest);
    for (char *next = strtok_r(NULL, ".", &rest); next != NULL; next = strtok_r(NULL, ".", &rest)) {
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(part)) : json_object_get(at, part);
        cr_assert_not_null(at, "%s", path);
        part = next;
    }
    json_t *json = NULL;
    if (value != NULL) {
        json = json_loads(value, JSON_DECODE_ANY, NULL);
        cr_assert_not_null(json, "%s", value);
    }
    if (json_is_array(at) && strcmp(part, "+") == 0) {
        json_array_append_new(at, json);
    } else if (json_is_array(at)) {
        json_array_set_new(at, (size_t)atoi(part), json);
    } else if (json == NULL) {
        cr_assert_eq(json_object_del(at, part), 0, "%s", path);
    } else {
        json_object_set_new(at, part, json);
    }
}
static char *plant_text(const struct pki_entity *people, const struct plant_change *changes,
                        size_t *ret_size)
{
    json_t *json = json_loads(base_policy, 0, NULL);
    cr_assert_not_null(json);
    for (size_t i = 0; i < 4 && changes != NULL && changes[i].path != NULL; i++) {
        edit(json, changes[i].path, changes[i].value);
    }
    fill_in(json, people);
    char *text = json_dumps(json, 0);
    json_decref(json);
    *ret_size = strlen(text);
    return text;
}

enum cret_status plant_parse(struct cret_policy **ret_policy, const struct pki_entity *people,
                             const struct plant_change *changes, int64_t now, bool allow,
                             struct cret_err *err)
{
    size_t size = 0;
    char *text = plant_text(people, changes, &size);
    cret_err_clear(err);
    const enum cret_status status =
        cret_policy_parse(ret_policy, text, size, "trust.json", now, allow, err);
    free(text);
    return status;
}

size_t plant_sign(struct cret_cms *signatures[SIGNATURES_MAXIMUM], const char *text,
                  const struct pki_entity *people)
{
    char copy[200], *rest = NULL;
    size_t count = 0;
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *token = strtok_r(copy, " ", &rest); token != NULL;
         token = strtok_r(NULL, " ", &rest)) {
        const char *colon = strchr(token, ':');
        const size_t size = colon == NULL ? strlen(token) : (size_t)(colon - token);
        const int who = plant_person(token, size);
        const struct pki_entity *const intermediates[] = {&people[SUB]};
        enum cret_meaning meaning = CRET_MEANING_NONE;
        while (colon != NULL && strcmp(cret_meaning_name(meaning), colon + 1) != 0) {
            meaning++;
        }
        signatures[count++] = pki_cms(&people[who], plant_content, meaning, intermediates,
                                      who == S1 || who == S2 ? 1 : 0);
    }
    return count;
}
