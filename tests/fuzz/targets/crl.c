/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocation lists, signed by their issuer. The input changes the signed part of one of two sound
 * lists; what is read of it must name every certificate that OpenSSL finds in it.
 */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "trust/x509/crl.h"

static const enum fuzz_who everybody[] = {FUZZ_RELEASE, FUZZ_QUALITY, FUZZ_OWNER, FUZZ_TSA};

static void hold(const struct cret_crl *crl, const struct cret_buffer *der)
{
    const uint8_t *next = (const uint8_t *)der->data;
    const char *why = NULL;
    X509_CRL *other = d2i_X509_CRL(NULL, &next, (long)der->size);
    FUZZ_HOLD(other != NULL && next == (const uint8_t *)der->data + der->size);
    FUZZ_HOLD(cret_crl_next_update(crl) >= cret_crl_this_update(crl));
    const struct pki_entity *root = fuzz_entity(FUZZ_ROOT);
    if (cret_crl_signed_by(crl, root->certificate, &why)) {
        FUZZ_HOLD(X509_CRL_verify(other, root->pkey) == 1);
    } else {
        FUZZ_HOLD(why != NULL);
    }
    FUZZ_HOLD(!cret_crl_signed_by(crl, fuzz_entity(FUZZ_QUALITY)->certificate, &why));
    for (size_t i = 0; i < CRET_LENGTH(everybody); i++) {
        X509_REVOKED *revoked = NULL;
        struct cret_crl_entry entry;
        const struct pki_entity *who = fuzz_entity(everybody[i]);
        const int found = X509_CRL_get0_by_cert(other, &revoked, who->x509);
        const bool ours = cret_crl_find(crl, who->certificate, &entry);
        /* OpenSSL compares the issuer too, ours is asked whether the list is its issuer's. */
        if (cret_crl_names_issuer_of(crl, who->certificate)) {
            FUZZ_HOLD(found != 1 || ours);
            FUZZ_HOLD(!ours || found != 0);
        } else {
            FUZZ_HOLD(found == 0);
        }
    }
    X509_CRL_free(other);
}

static void sound(struct cret_buffer *ret_tbs, bool delta)
{
    const struct pki_crl_spec spec = {
        .issuer = fuzz_entity(FUZZ_ROOT),
        .this_update = FUZZ_NOW - 86400,
        .next_update = FUZZ_NOW + 86400,
        .revoked = {{.who = fuzz_entity(FUZZ_RELEASE), .date = FUZZ_NOW - 1000, .reason = 2},
                    {.who = fuzz_entity(FUZZ_OWNER), .date = FUZZ_NOW - 900}},
        .extensions = {"2.5.29.20=DER:02:01:05", delta ? "2.5.29.27=critical,DER:02:01:03" : NULL}};
    size_t size = 0;
    struct cret_der_element element;
    struct cret_der whole, inner;
    uint8_t *der = pki_crl(&spec, &size);
    whole = cret_der_begin(der, size, "list", CRET_CHECK_SIGNATURE_FORM, NULL);
    FUZZ_HOLD(cret_der_enter(&whole, CRET_DER_SEQUENCE, "list", &inner) == CRET_OK);
    FUZZ_HOLD(cret_der_any(&inner, "signed part", &element) == CRET_OK);
    cret_buffer_append(ret_tbs, element.whole.data, element.whole.size);
    OPENSSL_free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_buffer kinds[2];
    struct fuzz_part changes = {data, size};
    struct cret_buffer tbs = {0}, der = {0};
    struct cret_crl *crl = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    if (kinds[0].data == NULL) {
        sound(&kinds[0], false);
        sound(&kinds[1], true);
    }
    const struct cret_buffer *kind = &kinds[fuzz_byte(&changes) & 1];
    cret_buffer_append(&tbs, kind->data, kind->size);
    fuzz_change(&tbs, 0, changes);
    fuzz_sign_tbs(&der, &tbs, fuzz_entity(FUZZ_ROOT));
    if (cret_crl_from_der(&crl, (uint8_t *)der.data, der.size, &err) == CRET_OK) {
        hold(crl, &der);
        struct cret_crl **list = calloc(1, sizeof(*list));
        FUZZ_HOLD(list != NULL);
        list[0] = crl;
        FUZZ_HOLD((cret_crls_check_bases(list, 1, NULL) == CRET_OK) != cret_crl_is_delta(crl));
        cret_crls_free(&list, 1);
    } else {
        FUZZ_HOLD(crl == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    struct cret_crl **files = NULL;
    size_t count = 0;
    (void)!cret_crls_read(&files, &count, (const char *)data, size, "fuzz", NULL);
    cret_crls_free(&files, count);
    cret_buffer_free(&tbs);
    cret_buffer_free(&der);
    return 0;
}
