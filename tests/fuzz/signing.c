/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for the targets that stand behind a signature; see signing.h. */
#include "signing.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/library.h"
#include "trust/asn1/oid.h"
#include "trust/policy/policy.h"

static const char *const names[FUZZ_WHO_COUNT] = {[FUZZ_ROOT] = "root",
                                                  [FUZZ_RELEASE] = "release",
                                                  [FUZZ_QUALITY] = "quality",
                                                  [FUZZ_OWNER] = "owner",
                                                  [FUZZ_TSA] = "tsa"};

static BIO *open_part(enum fuzz_who who, const char *part)
{
    char path[80];
    size_t size = 0;
    snprintf(path, sizeof(path), "keys-example/%s.%s.pem", names[who], part);
    char *text = fuzz_source_file(path, &size);
    BIO *bio = BIO_new(BIO_s_mem());
    FUZZ_HOLD(bio != NULL && BIO_write(bio, text, (int)size) == (int)size);
    free(text);
    return bio;
}

const struct pki_entity *fuzz_entity(enum fuzz_who who)
{
    static struct pki_entity entities[FUZZ_WHO_COUNT];
    struct pki_entity *entity = &entities[who];
    if (entity->pkey == NULL) {
        uint8_t *der = NULL;
        FUZZ_HOLD(cret_library_begin(NULL) == CRET_OK);
        BIO *bio = open_part(who, "key");
        entity->pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
        bio = open_part(who, "cert");
        entity->x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
        FUZZ_HOLD(entity->pkey != NULL && entity->x509 != NULL);
        const int size = i2d_X509(entity->x509, &der);
        FUZZ_HOLD(size > 0 && cret_certificate_from_der(&entity->certificate, der, (size_t)size,
                                                        NULL) == CRET_OK);
        OPENSSL_free(der);
    }
    return entity;
}

static json_t *signer(const char *name, const char *type, enum fuzz_who who)
{
    char *pem = pki_pem(fuzz_entity(who));
    json_t *json =
        json_pack("{s:s, s:{s:s, s:s}}", "name", name, "anchor", "type", type, "pem", pem);
    free(pem);
    return json;
}

struct cret_policy *fuzz_policy(const char *roles, const char *more)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    json_t *signers = json_array();
    json_array_append_new(signers, signer("R", "ca", FUZZ_ROOT));
    json_array_append_new(signers, signer("Q", "certificate", FUZZ_QUALITY));
    json_array_append_new(signers, signer("O", "certificate", FUZZ_OWNER));
    char *authority = pki_pem(fuzz_entity(FUZZ_ROOT));
    json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:[{s:s, s:[s], s:o, s:o}], s:[{s:s, s:s}]}",
                             "cretula", "trust/1", "name", "Plant", "version", 3, "issued",
                             "2025-01-01T00:00:00Z", "scopes", "vendor", "ACME", "products", "*",
                             "signers", signers, "roles", json_loads(roles, 0, NULL),
                             "timestampAuthorities", "name", "T", "pem", authority);
    free(authority);
    FUZZ_HOLD(json != NULL);
    if (more != NULL) {
        json_t *fields = json_loads(more, 0, NULL);
        FUZZ_HOLD(fields != NULL && json_object_update_recursive(json, fields) == 0);
        json_decref(fields);
    }
    char *text = json_dumps(json, 0);
    cret_err_clear(&err);
    if (cret_policy_parse(&policy, text, strlen(text), "trust.json", FUZZ_NOW, true, &err) !=
        CRET_OK) {
        fprintf(stderr, "%s at %s\n", err.what, err.where);
        FUZZ_HOLD(policy != NULL);
    }
    free(text);
    json_decref(json);
    return policy;
}

void fuzz_sign_tbs(struct cret_buffer *ret_der, const struct cret_buffer *tbs,
                   const struct pki_entity *issuer)
{
    static const uint8_t ecdsa_sha256[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                           0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
    uint8_t value[1 + 128] = {0};
    size_t size = sizeof(value) - 1;
    struct cret_buffer inner = {0};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    FUZZ_HOLD(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, issuer->pkey) == 1);
    FUZZ_HOLD(EVP_DigestSign(context, value + 1, &size, (const uint8_t *)tbs->data, tbs->size) ==
              1);
    EVP_MD_CTX_free(context);
    cret_buffer_append(&inner, tbs->data, tbs->size);
    cret_buffer_append(&inner, ecdsa_sha256, sizeof(ecdsa_sha256));
    der_put(&inner, CRET_DER_BIT_STRING, value, size + 1);
    der_wrap(ret_der, CRET_DER_SEQUENCE, &inner);
}

uint8_t *fuzz_sign_cms(const struct pki_entity *who, const char *content, size_t size,
                       enum cret_meaning meaning, struct fuzz_part changes, size_t *ret_size)
{
    struct forge forge;
    struct cret_buffer digest = {0};
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    forge_begin(&forge, who, "", NULL, 0);
    FUZZ_HOLD(EVP_Digest(content, size, hash, &length, forge.digest->md(), NULL) == 1);
    der_put(&digest, CRET_DER_OCTET_STRING, hash, length);
    forge_replace(&forge, 1, cret_oid_message_digest, digest.data, digest.size);
    cret_buffer_free(&digest);
    if (meaning != CRET_MEANING_NONE) {
        forge_commitment(&forge, meaning == CRET_MEANING_ORIGIN ? cret_oid_proof_of_origin
                                                                : cret_oid_proof_of_approval);
    }
    for (uint8_t i = 0; i < forge.attribute_count; i++) {
        fuzz_change(&forge.attributes[i], i, changes);
    }
    struct cret_buffer *more = &forge.attributes[forge.attribute_count];
    cret_buffer_append(more, "", 0);
    if (fuzz_change(more, 8, changes)) {
        forge.attribute_count++;
    }
    cret_buffer_append(&forge.unsigned_attributes, "", 0);
    fuzz_change(&forge.unsigned_attributes, 9, changes);
    uint8_t *der = forge_write(&forge, ret_size);
    forge_end(&forge);
    return der;
}

bool fuzz_same_cms(const uint8_t *der, size_t size)
{
    const uint8_t *next = der;
    uint8_t *again = NULL;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &next, (long)size);
    const int written = cms != NULL ? i2d_CMS_ContentInfo(cms, &again) : -1;
    const bool same = cms != NULL && next == der + size && written >= 0 &&
                      (size_t)written == size && memcmp(again, der, size) == 0;
    OPENSSL_free(again);
    CMS_ContentInfo_free(cms);
    return same;
}

bool fuzz_same_certificate(const uint8_t *der, size_t size)
{
    const uint8_t *next = der;
    uint8_t *again = NULL;
    X509 *x509 = d2i_X509(NULL, &next, (long)size);
    /* OpenSSL keeps what was read of the signed part; this asks it to write that anew. */
    uint8_t *part = NULL;
    const int anew = x509 != NULL ? i2d_re_X509_tbs(x509, &part) : -1;
    const int written = anew > 0 ? i2d_X509(x509, &again) : -1;
    const bool same = next == der + size && written >= 0 && (size_t)written == size &&
                      memcmp(again, der, size) == 0;
    OPENSSL_free(part);
    OPENSSL_free(again);
    X509_free(x509);
    return same;
}
