/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certification paths: root, an authority below it, a signer. The input changes the signed part of
 * the signer's certificate (place 0) and of the authority's (1); each is signed again by whoever
 * issued it. Where a path is found, OpenSSL's own reading of the certificates must allow it.
 */
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "trust/x509/chain.h"

struct pair {
    struct cret_buffer der;
    struct cret_certificate *certificate; /* NULL: refused */
};

static void make(struct pair *ret_pair, const struct pki_entity *base, const struct pki_entity *by,
                 uint8_t place, struct fuzz_part changes)
{
    struct cret_buffer tbs = {0};
    uint8_t *part = NULL;
    const int size = i2d_re_X509_tbs(base->x509, &part);
    struct cret_err err;
    FUZZ_HOLD(size > 0);
    cret_err_clear(&err);
    cret_buffer_append(&tbs, part, (size_t)size);
    OPENSSL_free(part);
    fuzz_change(&tbs, place, changes);
    fuzz_sign_tbs(&ret_pair->der, &tbs, by);
    cret_buffer_free(&tbs);
    if (cret_certificate_from_der(&ret_pair->certificate, (uint8_t *)ret_pair->der.data,
                                  ret_pair->der.size, &err) != CRET_OK) {
        FUZZ_HOLD(ret_pair->certificate == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    } else {
        FUZZ_HOLD(fuzz_same_certificate((uint8_t *)ret_pair->der.data, ret_pair->der.size));
    }
}

static X509 *again(const struct cret_certificate *certificate)
{
    size_t size = 0;
    const uint8_t *der = cret_certificate_der(certificate, &size);
    X509 *x509 = d2i_X509(NULL, &der, (long)size);
    FUZZ_HOLD(x509 != NULL);
    return x509;
}

static void hold_path(const struct cret_chain *chain, const struct cret_chain_request *request)
{
    X509 *list[12] = {NULL};
    FUZZ_HOLD(chain->count >= 2 && chain->count <= 3);
    FUZZ_HOLD(chain->certificates[0] == request->signer);
    FUZZ_HOLD(chain->certificates[chain->count - 1] == request->anchor->certificate);
    for (size_t i = 0; i < chain->count; i++) {
        list[i] = again(chain->certificates[i]);
    }
    for (size_t i = 0; i + 1 < chain->count; i++) {
        time_t now = FUZZ_NOW;
        FUZZ_HOLD(X509_verify(list[i], X509_get0_pubkey(list[i + 1])) == 1);
        FUZZ_HOLD(
            X509_NAME_cmp(X509_get_issuer_name(list[i]), X509_get_subject_name(list[i + 1])) == 0);
        FUZZ_HOLD(X509_cmp_time(X509_get0_notBefore(list[i]), &now) < 0);
        FUZZ_HOLD(X509_cmp_time(X509_get0_notAfter(list[i]), &now) > 0);
        FUZZ_HOLD((X509_get_extension_flags(list[i]) & (EXFLAG_CRITICAL | EXFLAG_INVALID)) == 0);
        FUZZ_HOLD(i == 0 || X509_check_ca(list[i]) == 1);
        FUZZ_HOLD(i == 0 || (X509_get_key_usage(list[i]) & KU_KEY_CERT_SIGN) != 0);
    }
    FUZZ_HOLD((X509_get_extension_flags(list[0]) & EXFLAG_XKUSAGE) != 0);
    FUZZ_HOLD((X509_get_extended_key_usage(list[0]) & XKU_CODE_SIGN) != 0);
    FUZZ_HOLD((X509_get_key_usage(list[0]) & KU_DIGITAL_SIGNATURE) != 0);
    for (size_t i = 0; i < chain->count; i++) {
        X509_free(list[i]);
    }
}

static struct pki_entity middle, leaf;
static struct cret_anchor anchor;

static void begin(void)
{
    const struct pki_entity *root = fuzz_entity(FUZZ_ROOT);
    middle = pki_make((struct pki_spec){.name = "Middle",
                                        .issuer = root,
                                        .pkey = fuzz_entity(FUZZ_QUALITY)->pkey,
                                        .extensions = {PKI_CA}});
    leaf = pki_make((struct pki_spec){.name = "Signer",
                                      .issuer = &middle,
                                      .pkey = fuzz_entity(FUZZ_RELEASE)->pkey,
                                      .extensions = {PKI_LEAF}});
    anchor.kind = CRET_ANCHOR_CA;
    anchor.certificate = root->certificate;
    memcpy(anchor.key_digest, cret_certificate_key_digest(root->certificate), CRET_SHA256_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_part changes = {data, size};
    struct pair signer = {0}, authority = {0};
    if (leaf.x509 == NULL) {
        begin();
    }
    make(&signer, &leaf, &middle, 0, changes);
    make(&authority, &middle, fuzz_entity(FUZZ_ROOT), 1, changes);
    if (signer.certificate != NULL && authority.certificate != NULL) {
        const struct cret_certificate *const between[] = {authority.certificate};
        const struct cret_chain_request request = {.signer = signer.certificate,
                                                   .intermediates = between,
                                                   .intermediate_count = 1,
                                                   .anchor = &anchor,
                                                   .time = FUZZ_NOW,
                                                   .usage = CRET_USAGE_CODE_SIGNING,
                                                   .allow_example_keys = true};
        struct cret_chain chain;
        struct cret_err err;
        cret_err_clear(&err);
        memset(&chain, 0, sizeof(chain));
        if (cret_chain_verify(&request, &chain, &err) == CRET_OK) {
            hold_path(&chain, &request);
        } else {
            FUZZ_HOLD(chain.count == 0);
            fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        }
    }
    cret_certificate_free(&signer.certificate);
    cret_certificate_free(&authority.certificate);
    cret_buffer_free(&signer.der);
    cret_buffer_free(&authority.der);
    return 0;
}
