/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/crl.h"

#include <openssl/bio.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "trust/certificate_parts.h"
#include "trust/cms_algorithm.h"
#include "trust/library.h"
#include "trust/pem.h"

#define CHECK CRET_CHECK_CERTIFICATE_REVOCATION

struct cret_crl {
    uint8_t *der;
    size_t size;
    X509_CRL *x509;
    char *issuer;
    uint8_t digest[CRET_SHA256_BYTES];
    int64_t this_update, next_update;
    struct cret_bytes algorithm;          /* AlgorithmIdentifier; the pieces point into der */
    struct cret_bytes entries;            /* content of revokedCertificates; size 0: none */
    struct cret_bytes distribution_point; /* content of its fullName; size 0: all certificates */
    bool users_only, cas_only;
};

/* Extensions that the walk understands, by the last octet of id-ce (2.5.29.x). */
enum {
    CE_AUTHORITY_KEY = 35,
    CE_ISSUER_ALT_NAME = 18,
    CE_NUMBER = 20,
    CE_REASON = 21,
    CE_INVALIDITY = 24,
    CE_DELTA = 27,
    CE_DISTRIBUTION = 28,
    CE_CERTIFICATE_ISSUER = 29
};

/* 0: not below id-ce. */
static int id_ce(struct cret_bytes oid)
{
    return oid.size == 3 && oid.data[0] == 0x55 && oid.data[1] == 0x1d ? oid.data[2] : 0;
}

/* Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue }. The value is opened. */
static enum cret_status take_extension(struct cret_der *list, struct cret_bytes *ret_oid,
                                       bool *ret_critical, struct cret_der *ret_value)
{
    struct cret_der extension;
    struct cret_der_element critical = {0};
    const uint8_t *at = list->next;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "Extension", &extension) != CRET_OK ||
        cret_der_oid(&extension, "extnID", ret_oid) != CRET_OK)
        return CRET_FAILED;
    *ret_critical = cret_der_next_is(&extension, CRET_DER_BOOLEAN);
    if (*ret_critical &&
        cret_der_take(&extension, CRET_DER_BOOLEAN, "critical", &critical) != CRET_OK)
        return CRET_FAILED;
    if (*ret_critical && (critical.content.size != 1 || critical.content.data[0] != 0xff))
        return cret_der_refuse(list, at, "does not leave out critical where it is FALSE (not DER)");
    if (cret_der_enter(&extension, CRET_DER_OCTET_STRING, "extnValue", ret_value) != CRET_OK)
        return CRET_FAILED;
    return cret_der_end(&extension, "Extension");
}

static enum cret_status refuse_critical(const struct cret_der *der, const uint8_t *at)
{
    cret_der_refuse(der, at, "has a critical extension that is not understood");
    return cret_err_hint(der->err, "ask the issuer for a complete list of its own certificates");
}

/* issuingDistributionPoint (RFC 5280 5.2.5). */
static enum cret_status read_distribution(struct cret_crl *crl, struct cret_der *value)
{
    struct cret_der fields, name, full;
    const uint8_t *at = value->next;
    if (cret_der_enter(value, CRET_DER_SEQUENCE, "issuingDistributionPoint", &fields) != CRET_OK)
        return CRET_FAILED;
    if (cret_der_next_is(&fields, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        if (cret_der_enter(&fields, CRET_DER_CONTEXT_CONSTRUCTED | 0, "distributionPoint", &name) !=
                CRET_OK ||
            cret_der_enter(&name, CRET_DER_CONTEXT_CONSTRUCTED | 0, "fullName", &full) != CRET_OK ||
            cret_der_end(&name, "distributionPoint") != CRET_OK)
            return CRET_FAILED;
        crl->distribution_point = (struct cret_bytes){full.next, (size_t)(full.end - full.next)};
        if (crl->distribution_point.size == 0)
            return cret_der_refuse(&fields, at, "names an empty distribution point");
    }
    static const uint8_t users = CRET_DER_CONTEXT | 1, cas = CRET_DER_CONTEXT | 2;
    crl->users_only = cret_der_next_is(&fields, users);
    if (crl->users_only && cret_der_take(&fields, users, "onlyContainsUserCerts", NULL) != CRET_OK)
        return CRET_FAILED;
    crl->cas_only = cret_der_next_is(&fields, cas);
    if (crl->cas_only && cret_der_take(&fields, cas, "onlyContainsCACerts", NULL) != CRET_OK)
        return CRET_FAILED;
    if (cret_der_more(&fields)) {
        cret_der_refuse(&fields, fields.next,
                        "is indirect, or a list of some reasons or of attribute certificates only");
        return cret_err_hint(value->err,
                             "ask the issuer for a complete list of its own certificates");
    }
    return cret_der_end(value, "issuingDistributionPoint");
}

static enum cret_status read_extensions(struct cret_crl *crl, struct cret_der *fields)
{
    struct cret_der tagged, list, value;
    unsigned seen[256] = {0};
    if (cret_der_enter(fields, CRET_DER_CONTEXT_CONSTRUCTED | 0, "crlExtensions", &tagged) !=
            CRET_OK ||
        cret_der_enter(&tagged, CRET_DER_SEQUENCE, "Extensions", &list) != CRET_OK ||
        cret_der_end(&tagged, "crlExtensions") != CRET_OK)
        return CRET_FAILED;
    while (cret_der_more(&list)) {
        struct cret_bytes oid;
        bool critical = true;
        const uint8_t *at = list.next;
        if (take_extension(&list, &oid, &critical, &value) != CRET_OK)
            return CRET_FAILED;
        const int which = id_ce(oid);
        if (which != 0 && seen[which]++ != 0)
            return cret_der_refuse(&list, at, "has the same extension twice");
        switch (which) {
        case CE_DELTA:
            cret_der_refuse(&list, at, "is a delta list: it says only what changed");
            return cret_err_hint(list.err, "give the complete list of the issuer");
        case CE_DISTRIBUTION:
            if (read_distribution(crl, &value) != CRET_OK)
                return CRET_FAILED;
            break;
        case CE_AUTHORITY_KEY:
        case CE_ISSUER_ALT_NAME:
        case CE_NUMBER:
            break;
        default:
            if (critical)
                return refuse_critical(&list, at);
        }
    }
    return CRET_OK;
}

/* crlEntryExtensions: what they make of the entry. */
static enum cret_status read_entry_extensions(struct cret_der *entry, struct cret_crl_entry *result)
{
    struct cret_der list, value;
    if (cret_der_enter(entry, CRET_DER_SEQUENCE, "crlEntryExtensions", &list) != CRET_OK)
        return CRET_FAILED;
    while (cret_der_more(&list)) {
        struct cret_bytes oid;
        struct cret_der_element reason;
        bool critical = true, fraction = false;
        int64_t invalid = 0;
        const uint8_t *at = list.next;
        if (take_extension(&list, &oid, &critical, &value) != CRET_OK)
            return CRET_FAILED;
        switch (id_ce(oid)) {
        case CE_REASON:
            if (cret_der_take(&value, 0x0a, "reasonCode", &reason) != CRET_OK)
                return CRET_FAILED;
            if (reason.content.size != 1 || reason.content.data[0] > CRET_REASON_AA_COMPROMISE ||
                reason.content.data[0] == CRET_REASON_REMOVED)
                return cret_der_refuse(&list, at, "has a reason that no complete list may have");
            result->reason = reason.content.data[0];
            break;
        case CE_INVALIDITY:
            if (cret_der_generalized_time(&value, "invalidityDate", &invalid, &fraction) != CRET_OK)
                return CRET_FAILED;
            result->since = invalid < result->since ? invalid : result->since;
            break;
        case CE_CERTIFICATE_ISSUER:
            return cret_der_refuse(&list, at, "is indirect: it lists another issuer's certificate");
        default:
            if (critical)
                return refuse_critical(&list, at);
        }
    }
    return CRET_OK;
}

static enum cret_status take_entry(struct cret_der *list, struct cret_bytes *ret_serial,
                                   struct cret_crl_entry *ret_entry)
{
    struct cret_der entry;
    struct cret_der_element serial;
    ret_entry->reason = CRET_REASON_ABSENT;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "an entry", &entry) != CRET_OK ||
        cret_der_take(&entry, CRET_DER_INTEGER, "userCertificate", &serial) != CRET_OK ||
        cret_der_time(&entry, "revocationDate", &ret_entry->since) != CRET_OK ||
        (cret_der_more(&entry) && read_entry_extensions(&entry, ret_entry) != CRET_OK))
        return CRET_FAILED;
    *ret_serial = serial.whole;
    return cret_der_end(&entry, "an entry");
}

static struct cret_der open_entries(const struct cret_crl *crl, struct cret_err *err)
{
    struct cret_der list = cret_der_begin(crl->der, crl->size, "revocation list", CHECK, err);
    list.next = crl->entries.data;
    list.end = crl->entries.data + crl->entries.size;
    return list;
}

/* TBSCertList (RFC 5280 5.1.2). */
static enum cret_status walk_fields(struct cret_crl *crl, struct cret_der *fields)
{
    struct cret_der_element algorithm, entries = {0};
    if (cret_der_number(fields, "version (v2)", 1) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "signature", &algorithm) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "issuer", NULL) != CRET_OK ||
        cret_der_time(fields, "thisUpdate", &crl->this_update) != CRET_OK ||
        cret_der_time(fields, "nextUpdate", &crl->next_update) != CRET_OK)
        return CRET_FAILED;
    if (cret_der_next_is(fields, CRET_DER_SEQUENCE) &&
        cret_der_take(fields, CRET_DER_SEQUENCE, "revokedCertificates", &entries) != CRET_OK)
        return CRET_FAILED;
    crl->algorithm = algorithm.whole;
    crl->entries = entries.content;
    if (cret_der_more(fields) && read_extensions(crl, fields) != CRET_OK)
        return CRET_FAILED;
    return cret_der_end(fields, "TBSCertList");
}

static enum cret_status walk(struct cret_crl *crl, struct cret_err *err)
{
    struct cret_der tree = cret_der_begin(crl->der, crl->size, "revocation list", CHECK, err);
    struct cret_der outer = tree, inner, fields;
    if (cret_der_check_tree(&tree, "CertificateList") != CRET_OK ||
        cret_der_end(&tree, "CertificateList") != CRET_OK ||
        cret_der_enter(&outer, CRET_DER_SEQUENCE, "CertificateList", &inner) != CRET_OK ||
        cret_der_enter(&inner, CRET_DER_SEQUENCE, "TBSCertList", &fields) != CRET_OK ||
        walk_fields(crl, &fields) != CRET_OK ||
        cret_der_exact(&inner, "signatureAlgorithm (the same as inside)", crl->algorithm) !=
            CRET_OK ||
        cret_der_take(&inner, CRET_DER_BIT_STRING, "signatureValue", NULL) != CRET_OK ||
        cret_der_end(&inner, "CertificateList") != CRET_OK)
        return CRET_FAILED;
    struct cret_der list = open_entries(crl, err);
    while (cret_der_more(&list)) {
        struct cret_bytes serial;
        struct cret_crl_entry entry;
        if (take_entry(&list, &serial, &entry) != CRET_OK)
            return CRET_FAILED;
    }
    return CRET_OK;
}

static void free_crl(struct cret_crl *crl)
{
    if (crl == NULL)
        return;
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
    if (crl->x509 == NULL || at != crl->der + crl->size)
        return cret_err_refuse(err, CHECK, "the revocation list cannot be read: %s",
                               cret_library_reason(reason, sizeof reason));
    crl->issuer = cret_certificate_name_text(X509_CRL_get_issuer(crl->x509));
    if (crl->issuer == NULL)
        return cret_err_memory(err);
    return cret_sha256(crl->digest, crl->der, crl->size, err);
}

enum cret_status cret_crl_from_der(struct cret_crl **ret_crl, const uint8_t *der, size_t size,
                                   struct cret_err *err)
{
    if (cret_library_begin(err) != CRET_OK)
        return CRET_FAILED;
    if (size == 0 || size > CRET_LIMIT_CRL_BYTES) {
        cret_err_refuse(err, CHECK, "the revocation list has an impossible size of %zu bytes",
                        size);
        return cret_err_expected(err, "1 to %u bytes", CRET_LIMIT_CRL_BYTES);
    }
    struct cret_crl *crl = calloc(1, sizeof *crl);
    if (crl != NULL)
        crl->der = malloc(size);
    if (crl == NULL || crl->der == NULL) {
        free_crl(crl);
        return cret_err_memory(err);
    }
    memcpy(crl->der, der, size);
    crl->size = size;
    if (walk(crl, err) != CRET_OK || parse_x509(crl, err) != CRET_OK) {
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
    if (*count >= CRET_LIMIT_CRLS)
        return cret_err_usage(err, "there are more than %u revocation lists", CRET_LIMIT_CRLS);
    size_t all = size;
    for (size_t i = 0; i < *count; i++)
        all += (*list)[i]->size;
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
    struct cret_crl **grown = realloc(*list, (*count + 1) * sizeof *grown);
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
    /* DER of a list begins with a SEQUENCE of a long length; a PEM text never does. */
    if (size > 1 && (uint8_t)data[0] == CRET_DER_SEQUENCE && (uint8_t)data[1] >= 0x80) {
        if (append(list, count, (const uint8_t *)data, size, err) != CRET_OK)
            return cret_err_context(err, "%s", origin);
        return CRET_OK;
    }
    if (cret_pem_read_large(&blocks, &block_count, data, size, CRET_LIMIT_CRL_FILE_BYTES, origin,
                            err) != CRET_OK)
        return CRET_FAILED;
    for (size_t i = 0; status == CRET_OK && i < block_count; i++) {
        if (strcmp(blocks[i].label, "X509 CRL") != 0) {
            cret_err_usage(err, "block %zu is not a revocation list", i + 1);
            cret_err_expected(err, "-----BEGIN X509 CRL-----");
            cret_err_actual(err, "-----BEGIN %s-----", blocks[i].label);
            status = CRET_FAILED;
        } else {
            status = append(list, count, blocks[i].der, blocks[i].size, err);
        }
    }
    cret_pem_free(&blocks, block_count);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", origin);
}

void cret_crls_free(struct cret_crl ***list, size_t count)
{
    if (list == NULL || *list == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        free_crl((*list)[i]);
    free(*list);
    *list = NULL;
}

const char *cret_crl_issuer(const struct cret_crl *crl)
{
    return crl->issuer;
}

int64_t cret_crl_this_update(const struct cret_crl *crl)
{
    return crl->this_update;
}

int64_t cret_crl_next_update(const struct cret_crl *crl)
{
    return crl->next_update;
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

/* A digest that is not accepted for certificates is not for lists either. */
static bool algorithm_accepted(const struct cret_crl *crl, const struct cret_public_key *key)
{
    static const char *const digests[] = {"sha256", "sha384", "sha512"};
    int digest = NID_undef, kind = NID_undef;
    if (cret_public_key_pure_identifier(crl->algorithm))
        return true;
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
        /* PSS: the digest is among the parameters. */
        const struct cret_digest_algorithm *row = cret_digest_by_name(digests[i]);
        if (cret_signature_algorithm_find(key, row, crl->algorithm) != NULL)
            return true;
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
    if (!algorithm_accepted(crl, &cret_certificate_parts(issuer)->key)) {
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
    struct cret_der list = cret_der_begin(crl->distribution_point.data,
                                          crl->distribution_point.size, "name", CHECK, NULL);
    struct cret_der_element element;
    while (size > 0 && !same && cret_der_more(&list) &&
           cret_der_any(&list, "GeneralName", &element) == CRET_OK)
        same = cret_bytes_equal(element.whole, (struct cret_bytes){der, (size_t)size});
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
            point->CRLissuer != NULL)
            continue;
        const GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (int j = 0; j < sk_GENERAL_NAME_num(names); j++)
            covered = covered || same_point(crl, sk_GENERAL_NAME_value(names, j));
    }
    CRL_DIST_POINTS_free(points);
    return covered;
}

bool cret_crl_covers(const struct cret_crl *crl, const struct cret_certificate *certificate)
{
    const bool ca = cret_certificate_is_ca(certificate);
    if ((crl->users_only && ca) || (crl->cas_only && !ca))
        return false;
    return crl->distribution_point.size == 0 || covers_point(crl, certificate);
}

bool cret_crl_find(const struct cret_crl *crl, const struct cret_certificate *certificate,
                   struct cret_crl_entry *ret_entry)
{
    const struct cret_bytes wanted = cret_certificate_parts(certificate)->serial;
    struct cret_der list = open_entries(crl, NULL);
    bool found = false;
    while (cret_der_more(&list)) {
        struct cret_bytes serial;
        struct cret_crl_entry entry;
        if (take_entry(&list, &serial, &entry) != CRET_OK)
            break; /* cannot be: the list was walked when it was read */
        if (!cret_bytes_equal(serial, wanted))
            continue;
        /* No list should have two; then the stricter parts of both hold. */
        if (found && ret_entry->since < entry.since)
            entry.since = ret_entry->since;
        if (found && cret_crl_reason_is_compromise(ret_entry->reason))
            entry.reason = ret_entry->reason;
        *ret_entry = entry;
        found = true;
    }
    return found;
}

bool cret_crl_reason_is_compromise(int reason)
{
    return reason == CRET_REASON_KEY_COMPROMISE || reason == CRET_REASON_CA_COMPROMISE ||
           reason == CRET_REASON_AA_COMPROMISE;
}

const char *cret_crl_reason_words(int reason)
{
    static const char *const words[] = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", "unknown",
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
    if (reason < 0 || (size_t)reason >= sizeof words / sizeof words[0])
        return "no reason given";
    return words[reason];
}
