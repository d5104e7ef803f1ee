/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share; see pki.h. */
#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/asn1/library.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms.h"
#include "trust/cms/cms_build.h"
#include "trust/x509/certificate_parts.h"

static EVP_PKEY *new_key(const char *algorithm)
{
    EVP_PKEY *pkey = NULL;
    if (algorithm == NULL) {
        algorithm = "P-256";
    }
    if (strncmp(algorithm, "RSA-", 4) == 0) {
        pkey = EVP_RSA_gen((unsigned)atoi(algorithm + 4));
    } else if (strncmp(algorithm, "ED", 2) == 0 || strstr(algorithm, "-DSA-") != NULL) {
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, algorithm);
    } else if (strcmp(algorithm, "RSA-PSS") == 0) {
        pkey = NULL;
    } else {
        pkey = EVP_EC_gen(algorithm);
    }
    cr_assert_not_null(pkey);
    return pkey;
}

/* Else the key signs the message itself. */
static bool pki_has_digest(EVP_PKEY *pkey)
{
    return EVP_PKEY_is_a(pkey, "RSA") || EVP_PKEY_is_a(pkey, "EC");
}

static void add_extension(X509 *x509, const struct pki_entity *issuer, const char *text)
{
    char name[80];
    X509V3_CTX context;
    const char *value = strchr(text, '=');
    cr_assert_not_null(value);
    snprintf(name, sizeof(name), "%.*s", (int)(value - text), text);
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer == NULL ? x509 : issuer->x509, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf(NULL, &context, name, value + 1);
    cr_assert_not_null(extension, "%s", text);
    cr_assert_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

struct pki_entity pki_make(struct pki_spec spec)
{
    static long serial = 1000;
    struct pki_entity entity = {0};
    struct cret_err err;
    uint8_t *der = NULL;
    cr_assert_eq(cret_library_begin(NULL), CRET_OK);
    cret_err_clear(&err);
    entity.pkey = spec.pkey != NULL ? spec.pkey : new_key(spec.algorithm);
    if (spec.pkey != NULL) {
        EVP_PKEY_up_ref(spec.pkey);
    }
    entity.x509 = X509_new();
    X509 *x509 = entity.x509;
    X509_set_version(x509, spec.version == 1 ? X509_VERSION_1 : X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "O", MBSTRING_UTF8,
                               (const unsigned char *)"Unit", -1, -1, 0);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                               (const unsigned char *)spec.name, -1, -1, 0);
    X509_set_issuer_name(x509,
                         X509_get_subject_name(spec.issuer == NULL ? x509 : spec.issuer->x509));
    ASN1_TIME_set(X509_getm_notBefore(x509), spec.not_before != 0 ? spec.not_before : PKI_BEGIN);
    ASN1_TIME_set(X509_getm_notAfter(x509), spec.not_after != 0 ? spec.not_after : PKI_END);
    cr_assert_eq(X509_set_pubkey(x509, entity.pkey), 1);
    for (size_t i = 0; spec.extensions[i] != NULL; i++) {
        add_extension(x509, spec.issuer, spec.extensions[i]);
    }
    EVP_PKEY *issuer_key = spec.issuer == NULL ? entity.pkey : spec.issuer->pkey;
    const bool has_digest = pki_has_digest(issuer_key);
    cr_assert_gt(X509_sign(x509, issuer_key,
                           !has_digest           ? NULL
                           : spec.digest == NULL ? EVP_sha256()
                                                 : spec.digest),
                 0);
    const int size = i2d_X509(x509, &der);
    cr_assert_gt(size, 0);
    if (cret_certificate_from_der(&entity.certificate, der, (size_t)size, &err) != CRET_OK) {
        cr_assert(spec.may_be_refused, "%s", err.what);
    }
    OPENSSL_free(der);
    return entity;
}

struct pki_entity pki_root(const char *name)
{
    return pki_make((struct pki_spec){.name = name, .extensions = {PKI_CA}});
}

struct pki_entity pki_leaf(const char *name, const struct pki_entity *issuer)
{
    return pki_make((struct pki_spec){.name = name, .issuer = issuer, .extensions = {PKI_LEAF}});
}

void pki_clear(struct pki_entity *entity)
{
    EVP_PKEY_free(entity->pkey);
    X509_free(entity->x509);
    cret_certificate_free(&entity->certificate);
}

static char *bio_text(BIO *bio)
{
    char *data = NULL;
    const long size = BIO_get_mem_data(bio, &data);
    char *text = calloc(1, (size_t)size + 1);
    cr_assert_not_null(text);
    memcpy(text, data, (size_t)size);
    BIO_free(bio);
    return text;
}

char *pki_pem(const struct pki_entity *entity)
{
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert_eq(PEM_write_bio_X509(bio, entity->x509), 1);
    return bio_text(bio);
}

char *pki_key_pem(const struct pki_entity *entity)
{
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert_eq(PEM_write_bio_PUBKEY(bio, entity->pkey), 1);
    return bio_text(bio);
}

void der_put(struct cret_buffer *out, uint8_t tag, const void *content, size_t size)
{
    uint8_t head[6] = {tag};
    size_t used = 2;
    if (size < 0x80) {
        head[1] = (uint8_t)size;
    } else if (size < 0x100) {
        head[1] = 0x81;
        head[2] = (uint8_t)size;
        used = 3;
    } else if (size < 0x10000) {
        head[1] = 0x82;
        head[2] = (uint8_t)(size >> 8);
        head[3] = (uint8_t)size;
        used = 4;
    } else {
        cr_assert_lt(size, 0x1000000u);
        head[1] = 0x83;
        head[2] = (uint8_t)(size >> 16);
        head[3] = (uint8_t)(size >> 8);
        head[4] = (uint8_t)size;
        used = 5;
    }
    cret_buffer_append(out, head, used);
    if (size > 0) {
        cret_buffer_append(out, content, size);
    }
}

void der_put_bytes(struct cret_buffer *out, struct cret_bytes bytes)
{
    cret_buffer_append(out, bytes.data, bytes.size);
}

void der_wrap(struct cret_buffer *out, uint8_t tag, struct cret_buffer *inner)
{
    der_put(out, tag, inner->data, inner->size);
    cret_buffer_free(inner);
}

void der_put_attribute(struct cret_buffer *out, struct cret_bytes type, const void *value,
                       size_t size)
{
    struct cret_buffer inner = {0};
    der_put(&inner, CRET_DER_OID, type.data, type.size);
    der_put(&inner, CRET_DER_SET, value, size);
    der_wrap(out, CRET_DER_SEQUENCE, &inner);
}

void der_put_certificate_id(struct cret_buffer *out, const struct pki_entity *entity,
                            const struct cret_digest_algorithm *digest, bool issuer_serial)
{
    struct cret_buffer id = {0}, name = {0}, names = {0}, pair = {0};
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    cr_assert_eq(
        X509_digest(entity->x509, digest == NULL ? EVP_sha256() : digest->md(), hash, &length), 1);
    if (digest != NULL) {
        der_put_bytes(&id, digest->identifier);
    }
    der_put(&id, CRET_DER_OCTET_STRING, hash, length);
    if (issuer_serial) {
        const struct cret_certificate_parts *parts = cret_certificate_parts(entity->certificate);
        der_put_bytes(&name, parts->issuer);
        der_wrap(&names, 0xa4, &name);
        der_wrap(&pair, CRET_DER_SEQUENCE, &names);
        der_put_bytes(&pair, parts->serial);
        der_wrap(&id, CRET_DER_SEQUENCE, &pair);
    }
    der_wrap(out, CRET_DER_SEQUENCE, &id);
}

static struct cret_bytes certificate_bytes(const struct pki_entity *entity)
{
    struct cret_bytes bytes;
    bytes.data = cret_certificate_der(entity->certificate, &bytes.size);
    return bytes;
}

void forge_replace(struct forge *forge, size_t index, struct cret_bytes type, const void *value,
                   size_t size)
{
    cret_buffer_free(&forge->attributes[index]);
    der_put_attribute(&forge->attributes[index], type, value, size);
}

void forge_commitment(struct forge *forge, struct cret_bytes type)
{
    struct cret_buffer oid = {0}, value = {0};
    der_put(&oid, CRET_DER_OID, type.data, type.size);
    der_wrap(&value, CRET_DER_SEQUENCE, &oid);
    der_put_attribute(&forge->attributes[forge->attribute_count++], cret_oid_commitment_type,
                      value.data, value.size);
    cret_buffer_free(&value);
}

void forge_begin(struct forge *forge, const struct pki_entity *signer, const char *content,
                 const struct pki_entity *const *intermediates, size_t intermediate_count)
{
    struct cret_buffer value = {0}, ids = {0}, list = {0};
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    memset(forge, 0, sizeof(*forge));
    forge->signer = signer;
    forge->content = (const uint8_t *)content;
    forge->content_size = strlen(content);
    forge->digest = cret_cms_default_digest(&cret_certificate_parts(signer->certificate)->key);
    der_put(&value, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_put_attribute(&forge->attributes[0], cret_oid_content_type, value.data, value.size);
    cret_buffer_free(&value);
    cr_assert_eq(EVP_Digest(content, strlen(content), hash, &length, forge->digest->md(), NULL), 1);
    der_put(&value, CRET_DER_OCTET_STRING, hash, length);
    der_put_attribute(&forge->attributes[1], cret_oid_message_digest, value.data, value.size);
    cret_buffer_free(&value);
    der_put_certificate_id(&ids, signer, NULL, true);
    forge->certificates[forge->certificate_count++] = certificate_bytes(signer);
    for (size_t i = 0; i < intermediate_count; i++) {
        der_put_certificate_id(&ids, intermediates[i], NULL, true);
        forge->certificates[forge->certificate_count++] = certificate_bytes(intermediates[i]);
    }
    der_wrap(&list, CRET_DER_SEQUENCE, &ids);
    der_wrap(&value, CRET_DER_SEQUENCE, &list);
    der_put_attribute(&forge->attributes[2], cret_oid_signing_certificate, value.data, value.size);
    cret_buffer_free(&value);
    forge->attribute_count = 3;
}

static int compare(const void *left, const void *right)
{
    const struct cret_bytes *a = left, *b = right;
    const size_t common = a->size < b->size ? a->size : b->size;
    const int order = memcmp(a->data, b->data, common);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static void put_sorted(struct cret_buffer *out, uint8_t tag, const struct cret_bytes *elements,
                       size_t count, bool sorted)
{
    struct cret_bytes copy[FORGE_ATTRIBUTES];
    struct cret_buffer inner = {0};
    memcpy(copy, elements, count * sizeof(*copy));
    qsort(copy, count, sizeof(*copy), compare);
    for (size_t i = 0; i < count; i++) {
        der_put_bytes(&inner, copy[sorted ? i : count - 1 - i]);
    }
    der_wrap(out, tag, &inner);
}

static void put_value(struct cret_buffer *out, const struct forge *forge, const void *data,
                      size_t size)
{
    static uint8_t value[CRET_SIGNATURE_VALUE_MAXIMUM];
    size_t length = sizeof(value);
    EVP_PKEY_CTX *parameters = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    cr_assert_eq(
        EVP_DigestSignInit(context, &parameters,
                           pki_has_digest(forge->signer->pkey) ? forge->digest->md() : NULL, NULL,
                           forge->signer->pkey),
        1);
    if (forge->pss) {
        cr_assert_eq(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING), 1);
        cr_assert_eq(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST), 1);
    }
    cr_assert_eq(EVP_DigestSign(context, value, &length, data, size), 1);
    EVP_MD_CTX_free(context);
    der_put(out, CRET_DER_OCTET_STRING, value, length);
}

static void put_or(struct cret_buffer *out, const struct cret_buffer *replacement,
                   struct cret_buffer *original)
{
    const struct cret_buffer *chosen = replacement->data != NULL ? replacement : original;
    cret_buffer_append(out, chosen->data, chosen->size);
    cret_buffer_free(original);
}

static void put_signer(struct cret_buffer *out, struct forge *forge)
{
    static const uint8_t one[] = {1};
    const struct cret_certificate_parts *parts = cret_certificate_parts(forge->signer->certificate);
    struct cret_buffer info = {0}, part = {0}, inner = {0}, set = {0};
    struct cret_bytes attributes[FORGE_ATTRIBUTES];
    der_put(&part, CRET_DER_INTEGER, one, 1);
    put_or(&info, &forge->signer_version, &part);
    der_put_bytes(&inner, parts->issuer);
    der_put_bytes(&inner, parts->serial);
    der_wrap(&part, CRET_DER_SEQUENCE, &inner);
    put_or(&info, &forge->sid, &part);
    der_put_bytes(&part, forge->digest->identifier);
    put_or(&info, &forge->signer_digest, &part);
    for (size_t i = 0; i < forge->attribute_count; i++) {
        attributes[i] = (struct cret_bytes){(const uint8_t *)forge->attributes[i].data,
                                            forge->attributes[i].size};
    }
    put_sorted(&set, CRET_DER_SET, attributes, forge->attribute_count, !forge->unsorted_attributes);
    if (forge->no_attributes) {
        put_value(&part, forge, forge->content, forge->content_size);
    } else {
        put_value(&part, forge, set.data, set.size);
        set.data[0] = (char)0xa0;
        cret_buffer_append(&info, set.data, set.size);
    }
    cret_buffer_free(&set);
    if (forge->algorithm.data != NULL) {
        cret_buffer_append(&info, forge->algorithm.data, forge->algorithm.size);
    } else {
        der_put_bytes(&info, cret_signature_identifier(
                                 cret_signature_algorithm_for(&parts->key,
                                                              pki_has_digest(forge->signer->pkey)
                                                                  ? forge->digest
                                                                  : cret_digest_by_name("sha512"),
                                                              forge->pss),
                                 &parts->key));
    }
    put_or(&info, &forge->value, &part);
    cret_buffer_append(&info, forge->unsigned_attributes.data, forge->unsigned_attributes.size);
    der_wrap(out, CRET_DER_SEQUENCE, &info);
}

uint8_t *forge_write(struct forge *forge, size_t *ret_size)
{
    static const uint8_t one[] = {1};
    struct cret_buffer data = {0}, part = {0}, inner = {0}, infos = {0}, out = {0};
    der_put(&part, CRET_DER_INTEGER, one, 1);
    put_or(&data, &forge->version, &part);
    der_put(&part, CRET_DER_SET, forge->digest->identifier.data, forge->digest->identifier.size);
    put_or(&data, &forge->digests, &part);
    der_put(&inner, CRET_DER_OID, cret_oid_data.data, cret_oid_data.size);
    der_wrap(&part, CRET_DER_SEQUENCE, &inner);
    put_or(&data, &forge->encapsulated, &part);
    if (!forge->no_certificates) {
        put_sorted(&data, 0xa0, forge->certificates, forge->certificate_count,
                   !forge->unsorted_certificates);
    }
    cret_buffer_append(&data, forge->crls.data, forge->crls.size);
    put_signer(&infos, forge);
    cret_buffer_append(&infos, forge->second_signer.data, forge->second_signer.size);
    der_wrap(&data, CRET_DER_SET, &infos);
    cret_buffer_append(&data, forge->after_signers.data, forge->after_signers.size);
    der_wrap(&inner, CRET_DER_SEQUENCE, &data);
    der_put(&part, CRET_DER_OID, cret_oid_signed_data.data, cret_oid_signed_data.size);
    put_or(&data, &forge->content_type, &part);
    der_wrap(&data, 0xa0, &inner);
    der_wrap(&out, CRET_DER_SEQUENCE, &data);
    cr_assert(!out.failed);
    *ret_size = out.size;
    return (uint8_t *)out.data;
}

void forge_end(struct forge *forge)
{
    struct cret_buffer *const parts[] = {
        &forge->content_type, &forge->version,       &forge->digests,
        &forge->encapsulated, &forge->crls,          &forge->signer_version,
        &forge->sid,          &forge->signer_digest, &forge->algorithm,
        &forge->value,        &forge->after_signers, &forge->unsigned_attributes,
        &forge->second_signer};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        cret_buffer_free(parts[i]);
    }
    for (size_t i = 0; i < FORGE_ATTRIBUTES; i++) {
        cret_buffer_free(&forge->attributes[i]);
    }
}

struct cret_cms *pki_cms(const struct pki_entity *signer, const char *content,
                         enum cret_meaning meaning, const struct pki_entity *const *intermediates,
                         size_t intermediate_count)
{
    struct forge forge;
    struct cret_cms *cms = NULL;
    struct cret_err err;
    size_t size = 0;
    cret_err_clear(&err);
    forge_begin(&forge, signer, content, intermediates, intermediate_count);
    if (meaning != CRET_MEANING_NONE) {
        forge_commitment(&forge, meaning == CRET_MEANING_ORIGIN     ? cret_oid_proof_of_origin
                                 : meaning == CRET_MEANING_APPROVAL ? cret_oid_proof_of_approval
                                                                    : cret_oid_proof_of_receipt);
    }
    uint8_t *der = forge_write(&forge, &size);
    cr_assert_eq(cret_cms_parse(&cms, der, size, &err), CRET_OK, "%s: %s", err.what, err.where);
    free(der);
    forge_end(&forge);
    return cms;
}

enum cret_status pki_judge(const uint8_t *der, size_t size, const char *text, struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    cret_err_clear(err);
    enum cret_status status = cret_cms_parse(&cms, der, size, err);
    if (status == CRET_OK) {
        status = cret_cms_verify(cms, (const uint8_t *)text, strlen(text), err);
    }
    cret_cms_free(&cms);
    return status;
}

static void add_critical(X509_REVOKED *revoked, const char *oid)
{
    static const uint8_t null[] = {0x05, 0x00};
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(value, null, sizeof(null));
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    cr_assert_eq(X509_REVOKED_add_ext(revoked, extension, -1), 1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static void add_revoked(X509_CRL *crl, const struct pki_revoked *spec)
{
    X509_REVOKED *revoked = X509_REVOKED_new();
    ASN1_TIME *date = ASN1_TIME_set(NULL, spec->date);
    X509_REVOKED_set_serialNumber(revoked, X509_get_serialNumber(spec->who->x509));
    X509_REVOKED_set_revocationDate(revoked, date);
    if (spec->reason != 0) {
        ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
        ASN1_ENUMERATED_set(reason, spec->reason - 1);
        cr_assert_eq(X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, reason, 0, 0), 1);
        ASN1_ENUMERATED_free(reason);
    }
    if (spec->invalidity != 0) {
        ASN1_GENERALIZEDTIME *since = ASN1_GENERALIZEDTIME_set(NULL, spec->invalidity);
        cr_assert_eq(X509_REVOKED_add1_ext_i2d(revoked, NID_invalidity_date, since, 0, 0), 1);
        ASN1_GENERALIZEDTIME_free(since);
    }
    if (spec->extension != NULL) {
        add_critical(revoked, spec->extension);
    }
    cr_assert_eq(X509_CRL_add0_revoked(crl, revoked), 1);
    ASN1_TIME_free(date);
}

static void set_update(X509_CRL *crl, int64_t time, int (*set)(X509_CRL *, const ASN1_TIME *))
{
    ASN1_TIME *value = ASN1_TIME_set(NULL, time);
    cr_assert_eq(set(crl, value), 1);
    ASN1_TIME_free(value);
}

uint8_t *pki_crl(const struct pki_crl_spec *spec, size_t *ret_size)
{
    const struct pki_entity *key = spec->key != NULL ? spec->key : spec->issuer;
    uint8_t *der = NULL;
    X509_CRL *crl = X509_CRL_new();
    /* Version 1 is the absent default; to write it is no DER. */
    if (spec->version != 1) {
        cr_assert_eq(X509_CRL_set_version(crl, spec->version == -1 ? 0 : X509_CRL_VERSION_2), 1);
    }
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(spec->issuer->x509));
    set_update(crl, spec->this_update != 0 ? spec->this_update : PKI_NOW - 86400,
               X509_CRL_set1_lastUpdate);
    if (spec->next_update != -1) {
        set_update(crl, spec->next_update != 0 ? spec->next_update : PKI_NOW + 30 * 86400,
                   X509_CRL_set1_nextUpdate);
    }
    for (size_t i = 0; i < 3 && spec->revoked[i].who != NULL; i++) {
        add_revoked(crl, &spec->revoked[i]);
    }
    for (size_t i = 0; i < 3 && spec->extensions[i] != NULL; i++) {
        char name[80];
        X509V3_CTX context;
        const char *value = strchr(spec->extensions[i], '=');
        cr_assert_not_null(value);
        snprintf(name, sizeof(name), "%.*s", (int)(value - spec->extensions[i]),
                 spec->extensions[i]);
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, spec->issuer->x509, NULL, NULL, crl, 0);
        X509_EXTENSION *extension = X509V3_EXT_conf(NULL, &context, name, value + 1);
        cr_assert_not_null(extension, "%s", spec->extensions[i]);
        cr_assert_eq(X509_CRL_add_ext(crl, extension, -1), 1);
        X509_EXTENSION_free(extension);
    }
    cr_assert_gt(X509_CRL_sign(crl, key->pkey, spec->digest != NULL ? spec->digest : EVP_sha256()),
                 0);
    const int size = i2d_X509_CRL(crl, &der);
    cr_assert_gt(size, 0);
    X509_CRL_free(crl);
    *ret_size = (size_t)size;
    return der;
}

struct pki_chain pki_chain_make(void)
{
    struct pki_chain f;
    f.root = pki_root("Root");
    f.middle =
        pki_make((struct pki_spec){.name = "Middle", .issuer = &f.root, .extensions = {PKI_CA}});
    f.leaf = pki_leaf("Signer", &f.middle);
    return f;
}

void pki_chain_clear(struct pki_chain *f)
{
    pki_clear(&f->root);
    pki_clear(&f->middle);
    pki_clear(&f->leaf);
}
