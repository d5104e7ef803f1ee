/* SPDX-License-Identifier: Apache-2.0 */
/* A signature of others from its bytes to a pin: over a part of the file, or over bytes. */
#include <string.h>

#include "foreign/signed_parts.h"

enum cret_status cret_signed_judge(const struct cret_foreign_question *question,
                                   const struct cret_signed *message, const char *usage,
                                   struct cret_foreign_proof *proof, struct cret_err *err)
{
    if (cret_signed_time(question, message, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (message->unread > 0) {
        cret_foreign_note(proof, "%zu certificates in the signature were not read",
                          message->unread);
    }
    const struct cret_foreign_signer signer = {
        .certificate = message->certificate,
        .others = (const struct cret_certificate *const *)message->certificates,
        .other_count = message->certificate_count,
        .usage = usage,
        .time = proof->time};
    return cret_foreign_judge_certificate(question, &signer, proof, err);
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
