/* SPDX-License-Identifier: Apache-2.0 */
/* See test_seal_support.h. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "test_seal_support.h"

struct pki_entity people[PEOPLE];
struct cret_policy policy;
struct cret_policy_authority authority = {.name = (char *)"clock"};

void begin(void)
{
    people[ROOT] = pki_root("Root");
    people[TSA] = pki_make(
        (struct pki_spec){.name = "TSA", .issuer = &people[ROOT], .extensions = {PKI_TSA}});
    people[SHORT_TSA] = pki_make((struct pki_spec){.name = "Short",
                                                   .issuer = &people[ROOT],
                                                   .extensions = {PKI_TSA},
                                                   .not_after = 1640995200}); /* 2022-01-01 */
    people[OTHER] = pki_make((struct pki_spec){.name = "Other", .extensions = {PKI_TSA}});
    memset(&policy, 0, sizeof(policy));
    policy.timestamp = CRET_DEMAND_PREFER;
    policy.authorities = &authority;
    policy.authority_count = 1;
    authority.anchor =
        (struct cret_anchor){.kind = CRET_ANCHOR_CA, .certificate = people[ROOT].certificate};
}

void end(void)
{
    for (int i = 0; i < PEOPLE; i++) {
        pki_clear(&people[i]);
    }
}

static const char first[] = "{\"cretula\": \"record/1\"}\n", second[] = "its signature";
const struct cret_seal_object objects[2] = {
    {"RECORD.json", {(const uint8_t *)first, sizeof(first) - 1}},
    {"RECORD.json.p7s", {(const uint8_t *)second, sizeof(second) - 1}}};

const struct cret_digest_algorithm *sha(const char *name)
{
    return cret_digest_by_name(name);
}

struct cret_bytes token_of(int who, const char *time, const char *digest, const uint8_t *imprint)
{
    struct pki_token token;
    struct cret_bytes made;
    pki_token_begin(&token, &people[who], time, NULL, 0);
    token.hash = digest;
    token.imprint = imprint;
    made.data = pki_token_write(&token, NULL, &made.size);
    return made;
}

const struct cret_seal_request whole = {
    .policy = &policy, .now = PKI_NOW, .objects = objects, .object_count = 2};

enum cret_status judge(const struct record *record, const struct cret_seal_request *request,
                       struct cret_seal_proof *proof, struct cret_err *err)
{
    struct cret_seal *seal = NULL;
    cret_err_clear(err);
    enum cret_status status = cret_seal_parse(&seal, record->der, record->size, false, err);
    if (status == CRET_OK) {
        status = cret_seal_verify(proof, seal, request, err);
    }
    cret_seal_free(&seal);
    return status;
}

void assert_refused(const struct record *record, const struct cret_seal_request *request,
                    enum cret_check_id check, const char *words)
{
    struct cret_seal_proof proof = {0};
    struct cret_err err;
    cr_assert_eq(judge(record, request, &proof, &err), CRET_FAILED, "%s", words);
    cr_assert_null(proof.keys);
    cr_assert_eq(err.class, CRET_ERR_REFUSED, "%s", err.what);
    cr_assert_not_null(strstr(err.what, words), "%s: %s", words, err.what);
    cr_assert_eq(err.check, check, "%s", err.what);
}
