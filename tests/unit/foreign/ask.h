/* SPDX-License-Identifier: Apache-2.0 */
/* Asking one kind about a file in memory, with one pin. */
#ifndef CRET_TEST_FOREIGN_ASK_H
#define CRET_TEST_FOREIGN_ASK_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "data.h"
#include "foreign/kind.h"
#include "trust/asn1/pem.h"

#define ASK_NOW 1780400000ll /* 2026-06-02 */

/* A pin of a bare key. */
static inline struct cret_foreign_pin ask_pin(struct cret_bytes info)
{
    return (struct cret_foreign_pin){
        .name = (char *)"vendor",
        .has_anchor = true,
        .anchor = {.kind = CRET_ANCHOR_KEY, .key = (uint8_t *)info.data, .key_size = info.size}};
}

/* A pin of the certificate or public key in a PEM file; freed by ask_pin_free(). */
static inline struct cret_foreign_pin ask_pin_of(const char *folder, const char *name)
{
    const struct cret_bytes text = data_of(folder, name);
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    struct cret_foreign_pin pin = {.name = (char *)"vendor", .has_anchor = true};
    cr_assert_eq(cret_pem_read(&blocks, &count, (const char *)text.data, text.size, name, NULL),
                 CRET_OK);
    if (strcmp(blocks[0].label, "CERTIFICATE") == 0) {
        pin.anchor.kind = CRET_ANCHOR_CERTIFICATE;
        cr_assert_eq(
            cret_certificate_from_der(&pin.anchor.certificate, blocks[0].der, blocks[0].size, NULL),
            CRET_OK);
        memcpy(pin.anchor.key_digest, cret_certificate_key_digest(pin.anchor.certificate),
               sizeof(pin.anchor.key_digest));
    } else {
        pin.anchor.kind = CRET_ANCHOR_KEY;
        pin.anchor.key = blocks[0].der;
        pin.anchor.key_size = blocks[0].size;
        blocks[0].der = NULL;
    }
    cret_pem_free(&blocks, count);
    free((void *)text.data);
    return pin;
}

static inline void ask_pin_free(struct cret_foreign_pin *pin)
{
    cret_certificate_free(&pin->anchor.certificate);
    free(pin->anchor.key);
}

/* What the kind says; accepted only where it is verified, pinned, and all that is unhashed is
 * zero, or the format's own. err is set where it is not. */
static inline bool ask_beside(const struct cret_foreign_kind *kind, struct cret_bytes file,
                              const struct cret_foreign_side *side, struct cret_foreign_pin *pin,
                              struct cret_foreign_proof *proof, struct cret_err *err)
{
    char product[] = "*", *products[] = {product};
    struct cret_policy_scope scope = {
        .products = products, .product_count = 1, .pins = pin, .pin_count = pin != NULL ? 1 : 0};
    struct cret_policy policy = {.scopes = &scope, .scope_count = 1};
    const struct cret_foreign_file whole = {
        .name = "file", .data = file.data, .fd = -1, .size = file.size};
    const struct cret_foreign_question question = {.file = &whole,
                                                   .side = side,
                                                   .pin_kind = kind->pin_kind,
                                                   .policy = &policy,
                                                   .now = ASK_NOW};
    cret_err_clear(err);
    memset(proof, 0, sizeof(*proof));
    if (kind->verify(&question, proof, err) != CRET_OK || !proof->verified || !proof->covered ||
        proof->gaps_lost || proof->pin != pin) {
        return false;
    }
    for (size_t i = 0; i < proof->gap_count; i++) {
        if (!proof->gaps[i].zero && !proof->gaps[i].accepted) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_COVERAGE, "%s", proof->gaps[i].what);
            return false;
        }
    }
    return true;
}

static inline bool ask(const struct cret_foreign_kind *kind, struct cret_bytes file,
                       struct cret_foreign_pin *pin, struct cret_foreign_proof *proof,
                       struct cret_err *err)
{
    return ask_beside(kind, file, NULL, pin, proof, err);
}

static inline bool ask_noted(const struct cret_foreign_proof *proof, const char *words)
{
    for (size_t i = 0; i < proof->note_count; i++) {
        if (strstr(proof->notes[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

/* A fresh key's SubjectPublicKeyInfo; the caller frees both. */
static inline struct cret_bytes ask_info(EVP_PKEY *key)
{
    unsigned char *der = NULL;
    const int size = i2d_PUBKEY(key, &der);
    cr_assert(size > 0);
    return (struct cret_bytes){der, (size_t)size};
}

#endif
