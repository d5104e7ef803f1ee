/* SPDX-License-Identifier: Apache-2.0 */
/* Signature packets of OpenPGP: their fields, and their values. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/openpgp.h"
#include "foreign/openpgp_packet.h"
#include "trust/asn1/der_write.h"
#include "trust/asn1/library.h"

#define ALGORITHM CRET_CHECK_FOREIGN_STRENGTH

/* Subpackets (RFC 9580 5.2.3.7) that are read; the rest is known (a table below) or, where it is
 * critical, refused. */
enum {
    CREATED = 2,
    LIFETIME = 3,
    KEY_LIFETIME = 9,
    ISSUER = 16,
    FLAGS = 27,
    EMBEDDED = 32,
    FINGERPRINT = 33
};

/* Hash algorithms (RFC 9580 9.5). */
static const struct {
    unsigned id;
    const char *name; /* of ours, or NULL */
    const char *weak; /* why it does not count */
} digests[] = {
    {8, "sha256", NULL},   {9, "sha384", NULL},    {10, "sha512", NULL},
    {1, NULL, "MD5"},      {2, NULL, "SHA-1"},     {3, NULL, "RIPEMD-160"},
    {11, NULL, "SHA-224"}, {12, NULL, "SHA3-256"}, {14, NULL, "SHA3-512"},
};

static enum cret_status read_digest(struct cret_openpgp_signature *signature, uint32_t id,
                                    const struct cret_openpgp_reader *reader)
{
    for (size_t i = 0; i < CRET_LENGTH(digests); i++) {
        if (digests[i].id == id) {
            signature->weak = digests[i].weak;
            signature->digest =
                digests[i].name != NULL ? cret_digest_by_name(digests[i].name) : NULL;
            return CRET_OK;
        }
    }
    return cret_openpgp_refuse(reader, "is over an unknown digest, number %u", id);
}

/* Copies what stands once. */
static enum cret_status take_number(const struct cret_openpgp_reader *reader, uint32_t *ret_number,
                                    struct cret_bytes body)
{
    struct cret_openpgp_reader inner = {body.data, body.data + body.size, reader->subject,
                                        reader->err};
    if (body.size != 4) {
        return cret_openpgp_refuse(reader, "has a time that is not four octets long");
    }
    return cret_openpgp_number(&inner, 4, ret_number);
}

static enum cret_status take_issuer(struct cret_openpgp_signature *signature, unsigned type,
                                    struct cret_bytes body,
                                    const struct cret_openpgp_reader *reader)
{
    if (type == ISSUER) {
        if (body.size != sizeof(signature->key_id) ||
            (signature->has_key_id && memcmp(signature->key_id, body.data, body.size) != 0)) {
            return cret_openpgp_refuse(reader, "names its key by two ids, or by none of eight "
                                               "octets");
        }
        memcpy(signature->key_id, body.data, body.size);
        signature->has_key_id = true;
        return CRET_OK;
    }
    /* One octet for the version of the key. */
    if (body.size != 1 + CRET_OPENPGP_FINGERPRINT || body.data[0] != 4 ||
        (signature->has_fingerprint &&
         memcmp(signature->fingerprint, body.data + 1, CRET_OPENPGP_FINGERPRINT) != 0)) {
        return cret_openpgp_refuse(reader,
                                   "names its key by two fingerprints, or by none of version 4");
    }
    memcpy(signature->fingerprint, body.data + 1, CRET_OPENPGP_FINGERPRINT);
    signature->has_fingerprint = true;
    return CRET_OK;
}

/* One subpacket of the hashed part. */
static enum cret_status take_hashed(struct cret_openpgp_signature *signature, unsigned type,
                                    bool critical, struct cret_bytes body,
                                    const struct cret_openpgp_reader *reader)
{
    /* Known, and of no weight for what is asked here: exportable, preferences, features, user id of
     * the signer, policy, reason, recipient. Not notations (20), trust (5) or regular expressions
     * (6), which say that there is more to judge. */
    static const uint8_t without_weight[] = {4, 7, 11, 21, 22, 23, 24, 25, 26, 28, 29, 30, 34, 35};
    switch (type) {
    case CREATED:
        return take_number(reader, &signature->created, body);
    case LIFETIME:
        return take_number(reader, &signature->lifetime, body);
    case KEY_LIFETIME:
        return take_number(reader, &signature->key_lifetime, body);
    case ISSUER:
    case FINGERPRINT:
        return take_issuer(signature, type, body, reader);
    case FLAGS:
        signature->has_flags = true;
        signature->flags = body.size > 0 ? body.data[0] : 0;
        return CRET_OK;
    case EMBEDDED:
        signature->embedded = body;
        return CRET_OK;
    default:
        if (critical && memchr(without_weight, (int)type, sizeof(without_weight)) == NULL) {
            return cret_openpgp_refuse(
                reader, "says by a critical subpacket (type %u) that there is more to judge", type);
        }
        return CRET_OK;
    }
}

static enum cret_status read_hashed(struct cret_openpgp_signature *signature,
                                    struct cret_bytes area, const char *subject,
                                    struct cret_err *err)
{
    struct cret_openpgp_reader reader = {area.data, area.data + area.size, subject, err};
    uint64_t seen[2] = {0};
    unsigned type = 0;
    bool critical = false;
    struct cret_bytes body;
    while (reader.next != reader.end) {
        if (cret_openpgp_subpacket(&reader, &type, &critical, &body) != CRET_OK) {
            return CRET_FAILED;
        }
        const uint64_t bit = (uint64_t)1 << (type % 64);
        const bool once = type == CREATED || type == LIFETIME || type == KEY_LIFETIME ||
                          type == FLAGS || type == EMBEDDED;
        if (once && (seen[type / 64] & bit) != 0) {
            return cret_openpgp_refuse(&reader, "says something twice (subpacket %u)", type);
        }
        seen[type / 64] |= bit;
        if (take_hashed(signature, type, critical, body, &reader) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if ((seen[0] & (uint64_t)1 << CREATED) == 0) {
        return cret_openpgp_refuse(&reader, "does not say when it was made");
    }
    return CRET_OK;
}

/* Nothing here is signed: the names of the key, which choose a pinned key and prove nothing, and
 * the answer of a subkey, which is a signature itself. Else counted. */
static enum cret_status read_unhashed(struct cret_openpgp_signature *signature,
                                      struct cret_bytes area, const char *subject,
                                      struct cret_err *err)
{
    struct cret_openpgp_reader reader = {area.data, area.data + area.size, subject, err};
    unsigned type = 0;
    bool critical = false;
    struct cret_bytes body;
    while (reader.next != reader.end) {
        if (cret_openpgp_subpacket(&reader, &type, &critical, &body) != CRET_OK) {
            return CRET_FAILED;
        }
        if (critical) {
            return cret_openpgp_refuse(&reader,
                                       "demands something where nothing is signed "
                                       "(subpacket %u)",
                                       type);
        }
        if (type == ISSUER || type == FINGERPRINT) {
            if (take_issuer(signature, type, body, &reader) != CRET_OK) {
                return CRET_FAILED;
            }
        } else if (type == EMBEDDED && signature->type == CRET_OPENPGP_SUBKEY_BINDING &&
                   signature->embedded.size == 0) {
            signature->embedded = body;
        } else {
            signature->unsigned_bytes += body.size + 1;
        }
    }
    return CRET_OK;
}

enum cret_status cret_openpgp_signature_parse(struct cret_openpgp_signature *ret_signature,
                                              struct cret_bytes body, const char *subject,
                                              struct cret_err *err)
{
    struct cret_openpgp_reader reader = {body.data, body.data + body.size, subject, err};
    struct cret_openpgp_signature signature = {0};
    uint32_t version = 0, type = 0, algorithm = 0, digest = 0, size = 0;
    struct cret_bytes area, unhashed, begin;
    if (cret_openpgp_number(&reader, 1, &version) != CRET_OK) {
        return CRET_FAILED;
    }
    if (version != 4) {
        cret_err_refuse(err, ALGORITHM, "the %s is of version %u of OpenPGP's signatures", subject,
                        version);
        return cret_err_expected(err, "version 4, which all programs of today write");
    }
    if (cret_openpgp_number(&reader, 1, &type) != CRET_OK ||
        cret_openpgp_number(&reader, 1, &algorithm) != CRET_OK ||
        cret_openpgp_number(&reader, 1, &digest) != CRET_OK ||
        read_digest(&signature, digest, &reader) != CRET_OK ||
        cret_openpgp_number(&reader, 2, &size) != CRET_OK ||
        cret_openpgp_octets(&reader, size, &area) != CRET_OK ||
        cret_openpgp_number(&reader, 2, &size) != CRET_OK ||
        cret_openpgp_octets(&reader, size, &unhashed) != CRET_OK ||
        cret_openpgp_octets(&reader, 2, &begin) != CRET_OK) {
        return CRET_FAILED;
    }
    signature.type = type;
    signature.algorithm = algorithm;
    signature.hashed = (struct cret_bytes){body.data, (size_t)(area.data - body.data) + area.size};
    signature.value = (struct cret_bytes){reader.next, (size_t)(reader.end - reader.next)};
    memcpy(signature.begin, begin.data, sizeof(signature.begin));
    if (read_hashed(&signature, area, subject, err) != CRET_OK ||
        read_unhashed(&signature, unhashed, subject, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (signature.has_fingerprint && signature.has_key_id &&
        memcmp(signature.fingerprint + CRET_OPENPGP_FINGERPRINT - sizeof(signature.key_id),
               signature.key_id, sizeof(signature.key_id)) != 0) {
        return cret_openpgp_refuse(&reader, "names two different keys");
    }
    *ret_signature = signature;
    return CRET_OK;
}

enum cret_status
cret_openpgp_signatures_parse(struct cret_openpgp_signature ret_signatures[CRET_OPENPGP_SIGNATURES],
                              size_t *ret_count, struct cret_bytes packets, struct cret_err *err)
{
    struct cret_openpgp_reader reader = {packets.data, packets.data + packets.size, "signature",
                                         err};
    size_t count = 0;
    while (reader.next != reader.end) {
        unsigned tag = 0;
        struct cret_bytes body;
        if (cret_openpgp_packet(&reader, &tag, &body) != CRET_OK) {
            return CRET_FAILED;
        }
        if (tag != CRET_OPENPGP_TAG_SIGNATURE) {
            cret_openpgp_refuse(&reader, "holds something else than signatures (packet %u)", tag);
            return cret_err_hint(err, "a signature beside the file is wanted, as gpg --detach-sign "
                                      "makes it");
        }
        if (count == CRET_OPENPGP_SIGNATURES) {
            return cret_openpgp_refuse(&reader, "holds more than %u signatures",
                                       CRET_OPENPGP_SIGNATURES);
        }
        if (cret_openpgp_signature_parse(&ret_signatures[count], body, "signature", err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        count++;
    }
    if (count == 0) {
        return cret_openpgp_refuse(&reader, "is empty");
    }
    *ret_count = count;
    return CRET_OK;
}

bool cret_openpgp_recognized(struct cret_bytes file)
{
    static const char armor[] = "-----BEGIN PGP SIGNATURE-----";
    struct cret_openpgp_reader reader = {file.data, file.data + file.size, "signature", NULL};
    unsigned tag = 0;
    struct cret_bytes body;
    if (file.size >= sizeof(armor) - 1 && memcmp(file.data, armor, sizeof(armor) - 1) == 0) {
        return true;
    }
    return cret_openpgp_packet(&reader, &tag, &body) == CRET_OK &&
           tag == CRET_OPENPGP_TAG_SIGNATURE && body.size > 0 && body.data[0] >= 2 &&
           body.data[0] <= 6;
}

void cret_openpgp_trailer(uint8_t out[CRET_OPENPGP_TRAILER],
                          const struct cret_openpgp_signature *signature)
{
    const size_t size = signature->hashed.size;
    out[0] = 4;
    out[1] = 0xff;
    for (unsigned i = 0; i < 4; i++) {
        out[2 + i] = (uint8_t)(size >> (24 - 8 * i));
    }
}

/* The value as raw_key.h wants it. */
static enum cret_status plain_value(struct cret_buffer *out,
                                    const struct cret_openpgp_signature *signature,
                                    const struct cret_raw_key *key, struct cret_err *err)
{
    const struct cret_public_key *info = cret_raw_key_info(key);
    struct cret_openpgp_reader reader = {
        signature->value.data, signature->value.data + signature->value.size, "signature", err};
    struct cret_bytes first = {NULL, 0}, second = {NULL, 0};
    static const uint8_t zeros[CRET_RSA_BITS_MAXIMUM / 8];
    const size_t modulus = (info->bits + 7) / 8;
    if (signature->algorithm == CRET_OPENPGP_ED25519) {
        cret_buffer_append(out, signature->value.data, signature->value.size);
        return CRET_OK;
    }
    if (cret_openpgp_mpi(&reader, &first) != CRET_OK ||
        (signature->algorithm != CRET_OPENPGP_RSA &&
         cret_openpgp_mpi(&reader, &second) != CRET_OK)) {
        return CRET_FAILED;
    }
    if (reader.next != reader.end) {
        return cret_openpgp_refuse(&reader, "has bytes behind its value");
    }
    if (signature->algorithm == CRET_OPENPGP_RSA) {
        if (first.size > modulus) {
            return cret_openpgp_refuse(&reader, "has a value longer than its key");
        }
        cret_buffer_append(out, zeros, modulus - first.size);
        cret_buffer_append(out, first.data, first.size);
    } else if (signature->algorithm == CRET_OPENPGP_ECDSA) {
        struct cret_buffer numbers = {0}; /* r and s, RFC 3279 2.2.3 */
        cret_der_put_unsigned(&numbers, first);
        cret_der_put_unsigned(&numbers, second);
        cret_der_wrap(out, CRET_DER_SEQUENCE, &numbers);
        cret_buffer_free(&numbers);
    } else {
        if (first.size > 32 || second.size > 32) {
            return cret_openpgp_refuse(&reader, "has a value longer than its key");
        }
        cret_buffer_append(out, zeros, 32 - first.size);
        cret_buffer_append(out, first.data, first.size);
        cret_buffer_append(out, zeros, 32 - second.size);
        cret_buffer_append(out, second.data, second.size);
    }
    return CRET_OK;
}

/* Does the signature's algorithm fit the key's kind? */
static enum cret_status fits(const struct cret_openpgp_signature *signature,
                             const struct cret_public_key *info, struct cret_err *err)
{
    const enum cret_key_family family = cret_public_key_family(info);
    const unsigned algorithm = signature->algorithm;
    if ((family == CRET_FAMILY_RSA && algorithm == CRET_OPENPGP_RSA) ||
        (family == CRET_FAMILY_EC && algorithm == CRET_OPENPGP_ECDSA) ||
        (info->kind == CRET_KEY_ED25519 &&
         (algorithm == CRET_OPENPGP_EDDSA || algorithm == CRET_OPENPGP_ED25519))) {
        return CRET_OK;
    }
    cret_err_refuse(err, ALGORITHM, "the signature's algorithm does not fit its key");
    return cret_err_actual(err, "key %s, OpenPGP algorithm %u", info->name, algorithm);
}

enum cret_status cret_openpgp_verify_digest(const struct cret_openpgp_signature *signature,
                                            const struct cret_raw_key *key, const uint8_t *digest,
                                            struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_buffer value = {0};
    const struct cret_public_key *info = cret_raw_key_info(key);
    if (signature->weak != NULL || signature->digest == NULL) {
        cret_err_refuse(err, ALGORITHM, "the signature is over a digest that is not accepted: %s",
                        signature->weak != NULL ? signature->weak : "unknown");
        cret_err_expected(err, "SHA-256, SHA-384 or SHA-512");
        goto out;
    }
    if (fits(signature, info, err) != CRET_OK ||
        plain_value(&value, signature, key, err) != CRET_OK) {
        goto out;
    }
    if (value.failed) {
        cret_err_memory(err);
        goto out;
    }
    if (memcmp(signature->begin, digest, sizeof(signature->begin)) != 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE, "the signature was made over other content");
        cret_err_hint(err, "the file or its signature was damaged or changed, or another file was "
                           "signed; fetch both again from their source");
        goto out;
    }
    const struct cret_bytes bytes = {(const uint8_t *)value.data, value.size};
    status = info->kind == CRET_KEY_ED25519
                 ? cret_raw_key_verify_message(
                       key, (struct cret_bytes){digest, signature->digest->size}, bytes, err)
                 : cret_raw_key_verify(key, CRET_RAW_PKCS1, signature->digest, digest, bytes, err);
out:
    cret_buffer_free(&value);
    return status;
}

enum cret_status cret_openpgp_verify_bytes(const struct cret_openpgp_signature *signature,
                                           const struct cret_raw_key *key,
                                           struct cret_bytes document, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE] = {0}, trailer[CRET_OPENPGP_TRAILER];
    enum cret_status status = CRET_FAILED;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    cret_openpgp_trailer(trailer, signature);
    if (context == NULL) {
        cret_err_memory(err);
    } else if (signature->digest == NULL) {
        status = cret_openpgp_verify_digest(signature, key, digest, err);
    } else if (!cret_library_done(EVP_DigestInit_ex(context, signature->digest->md(), NULL)) ||
               !cret_library_done(EVP_DigestUpdate(context, document.data, document.size)) ||
               !cret_library_done(
                   EVP_DigestUpdate(context, signature->hashed.data, signature->hashed.size)) ||
               !cret_library_done(EVP_DigestUpdate(context, trailer, sizeof(trailer))) ||
               !cret_library_done(EVP_DigestFinal_ex(context, digest, NULL))) {
        cret_err_undecided(err, "the cryptographic library could not do its work");
    } else {
        status = cret_openpgp_verify_digest(signature, key, digest, err);
    }
    EVP_MD_CTX_free(context);
    return status;
}
