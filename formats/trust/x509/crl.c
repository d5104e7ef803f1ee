/* SPDX-License-Identifier: Apache-2.0 */
/* A revocation list in memory: whose it is, how old, whom it revokes. */
#include "trust/x509/crl.h"

#include <openssl/bio.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "trust/asn1/library.h"
#include "trust/asn1/mistaken.h"
#include "trust/asn1/pem.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/cms_algorithm.h"
#include "trust/x509/crl_form.h"

#define CHECK CRET_CHECK_CERTIFICATE_REVOCATION

struct cret_crl {
    uint8_t *der;
    size_t size;
    X509_CRL *x509;
    char *issuer;
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_crl_form form; /* its pieces point into der */
};

static void free_crl(struct cret_crl *crl)
{
    if (crl == NULL) {
        return;
    }
    X509_CRL_free(crl->x509);
    free(crl->issuer);
    free(crl->der);
    free(crl);
}

static enum cret_status parse_x509(struct cret_crl *crl, struct cret_err *err)
{
    char reason[120];
    const unsigned char *at = crl->der;
    crl->x509 = d2i_X509_CRL(NULL, &at, (long)crl->size);
    if (crl->x509 == NULL || at != crl->der + crl->size) {
        return cret_err_refuse(err, CHECK, "the revocation list cannot be read: %s",
                               cret_library_reason(reason, sizeof(reason)));
    }
    crl->issuer = cret_certificate_name_text(X509_CRL_get_issuer(crl->x509));
    if (crl->issuer == NULL) {
        return cret_err_memory(err);
    }
    return cret_sha256(crl->digest, crl->der, crl->size, err);
}

enum cret_status cret_crl_from_der(struct cret_crl **ret_crl, const uint8_t *der, size_t size,
                                   struct cret_err *err)
{
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (size == 0 || size > CRET_LIMIT_CRL_BYTES) {
        cret_err_refuse(err, CHECK, "the revocation list has an impossible size of %zu bytes",
                        size);
        return cret_err_expected(err, "1 to %u bytes", CRET_LIMIT_CRL_BYTES);
    }
    struct cret_crl *crl = calloc(1, sizeof(*crl));
    if (crl != NULL) {
        crl->der = malloc(size);
    }
    if (crl == NULL || crl->der == NULL) {
        free_crl(crl);
        return cret_err_memory(err);
    }
    memcpy(crl->der, der, size);
    crl->size = size;
    if (cret_crl_form_parse(&crl->form, crl->der, crl->size, err) != CRET_OK ||
        parse_x509(crl, err) != CRET_OK) {
        free_crl(crl);
        return CRET_FAILED;
    }
    *ret_crl = crl;
    return CRET_OK;
}

static enum cret_status append(struct cret_crl ***list, size_t *count, const uint8_t *der,
                               size_t size, struct cret_err *err)
{
    struct cret_crl *crl = NULL;
    if (*count >= CRET_LIMIT_CRLS) {
        return cret_err_usage(err, "there are more than %u revocation lists", CRET_LIMIT_CRLS);
    }
    size_t all = size;
    for (size_t i = 0; i < *count; i++) {
        all += (*list)[i]->size;
    }
    if (size <= CRET_LIMIT_CRL_BYTES && all > CRET_LIMIT_CRLS_BYTES) {
        cret_err_usage(err, "the revocation lists are too large together");
        return cret_err_expected(err, "at most %u bytes in all", CRET_LIMIT_CRLS_BYTES);
    }
    if (cret_crl_from_der(&crl, der, size, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
            err->check = CRET_CHECK_NONE;
        }
        return CRET_FAILED;
    }
    struct cret_crl **grown = realloc(*list, (*count + 1) * sizeof(*grown));
    if (grown == NULL) {
        free_crl(crl);
        return cret_err_memory(err);
    }
    grown[(*count)++] = crl;
    *list = grown;
    return CRET_OK;
}

enum cret_status cret_crls_read(struct cret_crl ***list, size_t *count, const char *data,
                                size_t size, const char *origin, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    struct cret_pem_block *blocks = NULL;
    size_t block_count = 0;
    if (cret_pem_is_der(data, size)) {
        if (append(list, count, (const uint8_t *)data, size, err) != CRET_OK) {
            return cret_err_context(err, "%s", origin);
        }
        return CRET_OK;
    }
    if (cret_pem_read_large(&blocks, &block_count, data, size, CRET_LIMIT_CRL_FILE_BYTES, origin,
                            err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; status == CRET_OK && i < block_count; i++) {
        if (strcmp(blocks[i].label, "X509 CRL") != 0) {
            cret_err_usage(err, "block %zu is not a revocation list", i + 1);
            cret_err_expected(err, "-----BEGIN X509 CRL-----");
            cret_err_actual(err, "-----BEGIN %s-----", blocks[i].label);
            const char *way = cret_mistaken_label(blocks[i].label);
            if (way != NULL) {
                cret_err_hint(err, "%s", way);
            }
            status = CRET_FAILED;
        } else {
            status = append(list, count, blocks[i].der, blocks[i].size, err);
        }
    }
    cret_pem_free(&blocks, block_count);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", origin);
}

enum cret_status cret_crls_check_bases(struct cret_crl *const *list, size_t count,
                                       struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        bool found = !list[i]->form.delta;
        for (size_t j = 0; !found && j < count; j++) {
            found = !list[j]->form.delta && X509_NAME_cmp(X509_CRL_get_issuer(list[i]->x509),
                                                          X509_CRL_get_issuer(list[j]->x509)) == 0;
        }
        if (found) {
            continue;
        }
        cret_err_usage(err, "the revocation list of %s is a delta list: it says only what changed",
                       list[i]->issuer);
        return cret_err_hint(err, "give the issuer's complete list too");
    }
    return CRET_OK;
}

void cret_crls_free(struct cret_crl ***list, size_t count)
{
    if (list == NULL || *list == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        free_crl((*list)[i]);
    }
    free(*list);
    *list = NULL;
}

const char *cret_crl_issuer(const struct cret_crl *crl)
{
    return crl->issuer;
}

int64_t cret_crl_this_update(const struct cret_crl *crl)
{
    return crl->form.this_update;
}

int64_t cret_crl_next_update(const struct cret_crl *crl)
{
    return crl->form.next_update;
}

char *cret_crl_pem(const struct cret_crl *crl)
{
    return cret_pem_text("X509 CRL", crl->der, crl->size);
}

bool cret_crl_is_delta(const struct cret_crl *crl)
{
    return crl->form.delta;
}

const uint8_t *cret_crl_digest(const struct cret_crl *crl)
{
    return crl->digest;
}

bool cret_crl_names_issuer_of(const struct cret_crl *crl,
                              const struct cret_certificate *certificate)
{
    return X509_NAME_cmp(X509_CRL_get_issuer(crl->x509),
                         X509_get_issuer_name(cret_certificate_x509(certificate))) == 0;
}

/* As for certificates: SHA-2, whatever the salt of PSS. That key and algorithm fit each other,
 * OpenSSL sees when it verifies. */
static bool algorithm_accepted(const struct cret_crl *crl)
{
    struct cret_pss pss;
    int digest = NID_undef, kind = NID_undef;
    if (cret_public_key_pure_identifier(crl->form.algorithm)) {
        return true;
    }
    if (cret_pss_read(&pss, crl->form.algorithm)) {
        return pss.digest == pss.mask_digest;
    }
    return OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl->x509), &digest, &kind) == 1 &&
           (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512);
}

bool cret_crl_signed_by(const struct cret_crl *crl, const struct cret_certificate *issuer,
                        const char **ret_why)
{
    X509 *x509 = cret_certificate_x509(issuer);
    EVP_PKEY *key = X509_get0_pubkey(x509);
    if ((X509_get_extension_flags(x509) & EXFLAG_KUSAGE) != 0 &&
        (X509_get_key_usage(x509) & KU_CRL_SIGN) == 0) {
        *ret_why = "was signed by an issuer whose key usage does not allow that";
        return false;
    }
    if (!algorithm_accepted(crl)) {
        *ret_why = "was signed with an algorithm that is not accepted";
        return false;
    }
    if (key == NULL || !cret_library_holds(X509_CRL_verify(crl->x509, key))) {
        *ret_why = "was not signed by the issuer's key";
        return false;
    }
    return true;
}

/* Is one of the names of the certificate's distribution points among those of the list? */
static bool same_point(const struct cret_crl *crl, const GENERAL_NAME *name)
{
    bool same = false;
    unsigned char *der = NULL;
    const int size = i2d_GENERAL_NAME(name, &der);
    struct cret_der list = cret_der_begin(crl->form.distribution_point.data,
                                          crl->form.distribution_point.size, "name", CHECK, NULL);
    struct cret_der_element element;
    while (size > 0 && !same && cret_der_more(&list) &&
           cret_der_any(&list, "GeneralName", &element) == CRET_OK) {
        same = cret_bytes_equal(element.whole, (struct cret_bytes){der, (size_t)size});
    }
    OPENSSL_free(der);
    return same;
}

static bool covers_point(const struct cret_crl *crl, const struct cret_certificate *certificate)
{
    bool covered = false;
    CRL_DIST_POINTS *points = X509_get_ext_d2i(cret_certificate_x509(certificate),
                                               NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (point->distpoint == NULL || point->distpoint->type != 0 || point->reasons != NULL ||
            point->CRLissuer != NULL) {
            continue;
        }
        const GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (int j = 0; j < sk_GENERAL_NAME_num(names); j++) {
            covered = covered || same_point(crl, sk_GENERAL_NAME_value(names, j));
        }
    }
    CRL_DIST_POINTS_free(points);
    return covered;
}

bool cret_crl_covers(const struct cret_crl *crl, const struct cret_certificate *certificate)
{
    const bool ca = cret_certificate_is_ca(certificate);
    if ((crl->form.users_only && ca) || (crl->form.cas_only && !ca)) {
        return false;
    }
    return crl->form.distribution_point.size == 0 || covers_point(crl, certificate);
}

/* Somebody else may have the key: no date says since when. */
static bool is_compromise(int reason)
{
    return reason == CRET_REASON_KEY_COMPROMISE || reason == CRET_REASON_CA_COMPROMISE ||
           reason == CRET_REASON_AA_COMPROMISE;
}

bool cret_crl_find(const struct cret_crl *crl, const struct cret_certificate *certificate,
                   struct cret_crl_entry *ret_entry)
{
    const struct cret_bytes wanted = cret_certificate_parts(certificate)->serial;
    struct cret_der list = cret_crl_entries(&crl->form, crl->der, crl->size, NULL);
    bool found = false;
    while (cret_der_more(&list)) {
        struct cret_bytes serial;
        struct cret_crl_entry entry;
        if (cret_crl_take_entry(&list, &crl->form, &serial, &entry) != CRET_OK) {
            break; /* cannot be: the list was walked when it was read */
        }
        /* What a delta takes off again, only its base can judge. */
        if (!cret_bytes_equal(serial, wanted) || entry.reason == CRET_REASON_REMOVED) {
            continue;
        }
        /* No list should have two; then the stricter parts of both hold. */
        if (found && ret_entry->since < entry.since) {
            entry.since = ret_entry->since;
        }
        if (found && is_compromise(ret_entry->reason)) {
            entry.reason = ret_entry->reason;
        }
        *ret_entry = entry;
        found = true;
    }
    return found;
}

const char *cret_crl_reason_words(int reason)
{
    static const char *const words[] = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", "unknown",
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
    if (reason < 0 || (size_t)reason >= CRET_LENGTH(words)) {
        return "no reason given";
    }
    return words[reason];
}
