/* SPDX-License-Identifier: Apache-2.0 */
/* A signature of others from its bytes to a pin: over a part of the file, or over bytes. */
#include <string.h>

#include "foreign/signed_parts.h"

/* With this usage whoever signs says that the signature ends with the certificate. */
static bool is_lifetime(const struct cret_certificate *certificate)
{
    static const uint8_t lifetime_signing[] = {0x2b, 0x06, 0x01, 0x04, 0x01,
                                               0x82, 0x37, 0x0a, 0x03, 0x0d};
    size_t size = 0;
    const uint8_t *der = cret_certificate_der(certificate, &size);
    for (size_t i = 0; i + sizeof(lifetime_signing) <= size; i++) {
        if (memcmp(der + i, lifetime_signing, sizeof(lifetime_signing)) == 0) {
            return true;
        }
    }
    return false;
}

const char cret_signed_attributes_words[] =
    "unsigned attributes of the signature (timestamps, countersignatures, nested signatures)";

static void add_gap(struct cret_foreign_proof *proof, const struct cret_signed *message,
                    const char *what, struct cret_bytes first, size_t bytes, bool told)
{
    if (bytes > 0) {
        cret_foreign_gap_in_signature(proof, what, (uint64_t)(first.data - message->origin), bytes,
                                      told);
    }
}

/* What of the message nobody signed, and no path is made of. */
static void name_gaps(const struct cret_signed *message, const struct cret_signed_use *use,
                      struct cret_foreign_proof *proof)
{
    const struct cret_signer_info *signer = &message->signer;
    struct cret_bytes first = {NULL, 0};
    size_t bytes = 0;
    for (size_t i = 0; i < message->certificate_count; i++) {
        if (!use->needed[i]) {
            first = bytes > 0 ? first : message->encoded[i];
            bytes += message->encoded[i].size;
        }
    }
    add_gap(proof, message, "certificates in the signature that no path needs", first, bytes,
            false);
    add_gap(proof, message, "certificates in the signature that are not read here", message->unread,
            message->unread_bytes, true);
    add_gap(proof, message, cret_signed_attributes_words, signer->unsigned_attributes,
            signer->unsigned_attributes.size - signer->unknown_bytes - use->unread_bytes, false);
    add_gap(proof, message,
            "timestamps, countersignatures and nested signatures that are not read here, or are "
            "larger than tools make them",
            use->unread, use->unread_bytes, true);
    add_gap(proof, message, "unsigned attributes of kinds that are not read here",
            signer->unknown_attribute, signer->unknown_bytes, true);
}

enum cret_status cret_signed_judge(const struct cret_foreign_question *question,
                                   const struct cret_signed *message, const char *usage,
                                   struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_signed_use use = {0};
    enum cret_status status = cret_signed_time(question, message, &use, proof, err);
    const struct cret_foreign_signer signer = {
        .certificate = message->certificate,
        .others = (const struct cret_certificate *const *)message->certificates,
        .other_count = message->certificate_count,
        .usage = usage,
        .time = proof->time,
        .time_limits = is_lifetime(message->certificate),
        .needed = use.needed};
    if (status == CRET_OK) {
        status = cret_foreign_judge_certificate(question, &signer, proof, err);
    }
    struct cret_bytes rest = message->signer.unsigned_attributes, values;
    while (!message->nested_read &&
           cret_signed_unsigned(&rest, cret_oid_nested_signature, &values)) {
        cret_signed_unread(&use, values);
    }
    name_gaps(message, &use, proof); /* also where it is of no pin: of a file with several */
    return status;
}

/* hash was begun by the signature's own digest algorithm. */
static enum cret_status check(const struct cret_foreign_question *question,
                              const struct cret_signed *message, struct cret_foreign_hash *hash,
                              const char *usage, struct cret_foreign_proof *proof,
                              struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (cret_foreign_hash_end(hash, digest, &size, err) != CRET_OK ||
        cret_signed_verify(message, digest, size, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_signed_judge(question, message, usage, proof, err);
}

static enum cret_status begin(struct cret_signed *message, struct cret_foreign_hash *hash,
                              struct cret_bytes der, struct cret_err *err)
{
    if (cret_signed_read(message, der.data, der.size, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (message->content.size > 0) {
        cret_signed_clear(message);
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "the signature holds content of its own: it is not detached");
    }
    if (cret_signed_data(message, err) != CRET_OK ||
        cret_foreign_hash_begin(hash, message->signer.digest, err) != CRET_OK) {
        cret_signed_clear(message);
        return CRET_FAILED;
    }
    return CRET_OK;
}

enum cret_status cret_signed_check_part(const struct cret_foreign_question *question,
                                        struct cret_bytes der, struct cret_signed_part part,
                                        const char *usage, struct cret_foreign_proof *proof,
                                        struct cret_err *err)
{
    struct cret_signed message;
    struct cret_foreign_hash hash;
    enum cret_status status = CRET_FAILED;
    if (begin(&message, &hash, der, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, question->file, part.offset, part.size, "the signed part",
                               err) == CRET_OK) {
        status = check(question, &message, &hash, usage, proof, err);
    } else {
        cret_foreign_hash_drop(&hash);
    }
    cret_signed_clear(&message);
    return status;
}

enum cret_status cret_signed_check_bytes(const struct cret_foreign_question *question,
                                         struct cret_bytes der, struct cret_bytes content,
                                         const char *usage, struct cret_foreign_proof *proof,
                                         struct cret_err *err)
{
    struct cret_signed message;
    struct cret_foreign_hash hash;
    if (begin(&message, &hash, der, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_hash_bytes(&hash, content.data, content.size);
    const enum cret_status status = check(question, &message, &hash, usage, proof, err);
    cret_signed_clear(&message);
    return status;
}
