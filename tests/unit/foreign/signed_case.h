/* SPDX-License-Identifier: Apache-2.0 */
/* Detached signatures of others, made with one part that is not as it should be, and judged. */
#ifndef CRET_TEST_SIGNED_CASE_H
#define CRET_TEST_SIGNED_CASE_H

#include <stdlib.h>

#include "../trust/pki.h"
#include "ask.h"
#include "foreign/signed.h"
#include "trust/asn1/oid.h"

extern const struct cret_foreign_kind cret_foreign_kind_cms;

#define SIGNED_TEXT "firmware 4.2\n"

/* A pin of the certificate itself, which the entity keeps. */
static inline struct cret_foreign_pin signed_pin(const struct pki_entity *entity)
{
    struct cret_foreign_pin pin = {.name = (char *)"vendor", .has_anchor = true};
    pin.anchor.kind = CRET_ANCHOR_CERTIFICATE;
    pin.anchor.certificate = entity->certificate;
    memcpy(pin.anchor.key_digest, cret_certificate_key_digest(entity->certificate),
           sizeof(pin.anchor.key_digest));
    return pin;
}

/* Does the signature of the text count, with its signer pinned? By the time of ASK_NOW, and with
 * this timestamp authority (NULL: none). */
static inline bool signed_ask(struct cret_bytes der, const struct pki_entity *signer,
                              const struct pki_entity *tsa, struct cret_foreign_proof *proof,
                              struct cret_err *err)
{
    char product[] = "*", *products[] = {product};
    struct cret_foreign_pin pin = signed_pin(signer);
    struct cret_policy_scope scope = {
        .products = products, .product_count = 1, .pins = &pin, .pin_count = 1};
    struct cret_policy_authority authority = {.name = (char *)"clock"};
    struct cret_policy policy = {.scopes = &scope, .scope_count = 1};
    if (tsa != NULL) {
        authority.anchor = signed_pin(tsa).anchor;
        policy.authorities = &authority;
        policy.authority_count = 1;
        policy.timestamp = CRET_DEMAND_PREFER;
    }
    const struct cret_foreign_side side = {"file.p7s", der.data, der.size};
    const struct cret_foreign_file file = {.name = "file",
                                           .data = (const uint8_t *)SIGNED_TEXT,
                                           .fd = -1,
                                           .size = strlen(SIGNED_TEXT)};
    const struct cret_foreign_question question = {.file = &file,
                                                   .side = &side,
                                                   .pin_kind = cret_foreign_kind_cms.pin_kind,
                                                   .policy = &policy,
                                                   .now = ASK_NOW};
    cret_err_clear(err);
    memset(proof, 0, sizeof(*proof));
    return cret_foreign_kind_cms.verify(&question, proof, err) == CRET_OK && proof->verified &&
           proof->covered && proof->pin == &pin;
}

#endif
