/* SPDX-License-Identifier: Apache-2.0 */
/* An MCUboot image: its digest, and the signature over it by a pinned key. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "foreign/kind.h"
#include "foreign/mcuboot.h"
#include "foreign/raw_key.h"

/* Read once, as a whole: images fit a microcontroller. */
#define WHOLE_BYTES (64u << 20)

struct attempt {
    const struct cret_mcuboot *image;
    const struct cret_foreign_file *file; /* in memory */
    struct cret_foreign_proof *proof;
    const struct cret_digest_algorithm *algorithm; /* NULL: no digest */
};

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_mcuboot_recognized(file);
}

static enum cret_status hash_image(struct attempt *attempt, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    struct cret_foreign_proof *proof = attempt->proof;
    const char *name =
        attempt->image->digest_algorithm != NULL ? attempt->image->digest_algorithm : "sha256";
    const struct cret_digest_algorithm *algorithm = cret_digest_by_name(name);
    if (cret_foreign_hash_begin(&hash, algorithm->md(), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, attempt->file, 0, attempt->image->hashed, "the image", err) !=
        CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    if (cret_foreign_hash_end(&hash, proof->digest, &proof->digest_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s", name);
    if (attempt->image->digest_algorithm == NULL) {
        if (attempt->image->pure) {
            return CRET_OK;
        }
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the MCUboot image has no digest");
    }
    attempt->algorithm = algorithm;
    if (attempt->image->digest.size != proof->digest_size ||
        memcmp(attempt->image->digest.data, proof->digest, proof->digest_size) != 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                        "the image has another digest than the one that stands in it");
        return cret_err_hint(err, "the file was damaged or changed; fetch it again");
    }
    return CRET_OK;
}

/* Header, image and protected records are the message of pure Ed25519; else the digest is. */
static enum cret_status verify_ed25519(const struct attempt *attempt,
                                       const struct cret_raw_key *key, struct cret_bytes value,
                                       struct cret_err *err)
{
    const struct cret_bytes whole = {attempt->file->data, (size_t)attempt->image->hashed};
    const struct cret_bytes digest = {attempt->proof->digest, attempt->proof->digest_size};
    return cret_raw_key_verify_message(key, attempt->image->pure ? whole : digest, value, err);
}

/* Is the record of the kind that this key makes? */
static bool fits(const struct cret_mcuboot_signature *signature, const struct cret_public_key *key)
{
    switch (signature->type) {
    case CRET_MCUBOOT_RSA2048:
        return key->kind == CRET_KEY_RSA && key->bits == 2048;
    case CRET_MCUBOOT_RSA3072:
        return key->kind == CRET_KEY_RSA && key->bits == 3072;
    case CRET_MCUBOOT_ECDSA:
        return key->kind == CRET_KEY_P256 || key->kind == CRET_KEY_P384;
    default:
        return key->kind == CRET_KEY_ED25519;
    }
}

static enum cret_status verify_value(const struct attempt *attempt, const struct cret_raw_key *key,
                                     const struct cret_mcuboot_signature *signature,
                                     struct cret_err *err)
{
    if (signature->type == CRET_MCUBOOT_ED25519) {
        return verify_ed25519(attempt, key, signature->value, err);
    }
    if (attempt->image->pure || attempt->algorithm == NULL) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                               "the MCUboot image says that the image itself is signed, as only "
                               "Ed25519 does");
    }
    return cret_raw_key_verify(key, CRET_RAW_PSS, attempt->algorithm, attempt->proof->digest,
                               signature->value, err);
}

/* What stands beside a signature of the pinned key, and nobody signs, must be of that key: imgtool
 * writes the SubjectPublicKeyInfo, or for RSA the RSAPublicKey inside of it (RFC 8017 A.1.1). */
static enum cret_status check_named_key(const struct cret_mcuboot_signature *signature,
                                        struct cret_bytes info, struct cret_bytes inner,
                                        struct cret_err *err)
{
    const struct cret_bytes forms[] = {info, inner};
    for (size_t i = 0; i < CRET_LENGTH(forms); i++) {
        uint8_t digest[CRET_SHA256_BYTES];
        if (forms[i].size == 0) {
            continue;
        }
        if (cret_sha256(digest, forms[i].data, forms[i].size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if ((signature->key.size > 0 && cret_bytes_equal(signature->key, forms[i])) ||
            (signature->key_hash.size == sizeof(digest) &&
             memcmp(signature->key_hash.data, digest, sizeof(digest)) == 0)) {
            return CRET_OK;
        }
    }
    if (signature->key.size == 0 && signature->key_hash.size == 0) {
        return CRET_OK;
    }
    return cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                           "the image names another key beside its signature than the one that "
                           "made it");
}

static void describe(struct cret_foreign_proof *proof, const struct cret_mcuboot *image,
                     const struct cret_public_key *key)
{
    snprintf(proof->key_name, sizeof(proof->key_name), "MCUboot key, %s", key->name);
    memcpy(proof->key_sha256, key->digest, sizeof(proof->key_sha256));
    proof->has_key = true;
    cret_foreign_note(proof, "image version %u.%u.%u+%" PRIu32 ", which is signed", image->major,
                      image->minor, image->revision, image->build);
    if (image->has_counter) {
        cret_foreign_note(proof,
                          "security counter %" PRIu32 ", which is signed; it was not "
                          "compared with any device's",
                          image->counter);
    } else {
        cret_foreign_note(proof, "no security counter: a device may let this image go back to an "
                                 "older version");
    }
    if (image->dependencies > 0) {
        cret_foreign_note(proof, "it depends on %u other images, which were not looked at",
                          image->dependencies);
    }
    if (cret_public_key_is_rsa_2048(key)) {
        cret_foreign_note(proof, "its key is RSA of less than 3072 bits");
    }
}

/* Signatures by others are bytes that nobody who is pinned vouches for. */
static void add_others(const struct attempt *attempt, size_t held)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < attempt->image->signature_count; i++) {
        const struct cret_mcuboot_signature *other = &attempt->image->signatures[i];
        bytes += i == held ? 0 : other->value.size + other->key.size + other->key_hash.size;
    }
    cret_foreign_gap_add(attempt->proof, "signatures by keys that are not pinned",
                         attempt->image->hashed, bytes, false, false);
}

/* *ret_held: this pin's key made a signature of the image. Else *kept says why not, where it is of
 * the right kind. */
static enum cret_status try_pin(const struct attempt *attempt, const struct cret_foreign_pin *pin,
                                bool *ret_held, struct cret_err *kept, struct cret_err *err)
{
    struct cret_raw_key *key = NULL;
    enum cret_status status = CRET_OK;
    *ret_held = false;
    if (!pin->has_anchor || pin->anchor.kind == CRET_ANCHOR_CA) {
        return CRET_OK;
    }
    if (cret_raw_key_of_anchor(&key, &pin->anchor, err) != CRET_OK) {
        return cret_err_context(err, "the pin %s", pin->name);
    }
    const struct cret_public_key *info = cret_raw_key_info(key);
    for (size_t i = 0; i < attempt->image->signature_count && !*ret_held; i++) {
        const struct cret_mcuboot_signature *signature = &attempt->image->signatures[i];
        if (!fits(signature, info)) {
            continue;
        }
        if (verify_value(attempt, key, signature, kept) == CRET_OK) {
            status =
                check_named_key(signature, cret_raw_key_der(key), cret_raw_key_inner(key), err);
            describe(attempt->proof, attempt->image, info);
            add_others(attempt, i);
            *ret_held = status == CRET_OK;
            break;
        }
    }
    cret_raw_key_free(&key);
    return status;
}

/* Erased flash behind an image carries nothing. */
static enum cret_status read_tail(const struct attempt *attempt, struct cret_err *err)
{
    const uint64_t end = attempt->image->end, size = attempt->file->size;
    bool erased = true;
    for (uint64_t at = end; at < size; at++) {
        erased = erased && attempt->file->data[at] == 0xff;
    }
    if (erased) {
        cret_foreign_gap_add(attempt->proof, "erased flash (ff) behind the image", end, size - end,
                             false, true);
        return CRET_OK;
    }
    return cret_foreign_gap_read(attempt->proof, attempt->file, "bytes behind the image", end,
                                 size - end, err);
}

static enum cret_status judge(const struct attempt *attempt,
                              const struct cret_foreign_question *question, struct cret_err *err)
{
    const struct cret_policy_scope *scope = NULL;
    const struct cret_foreign_pin *pin = NULL;
    struct cret_err kept = {0};
    size_t index = 0;
    while ((pin = cret_foreign_next_pin(question, &index, &scope)) != NULL) {
        bool held = false;
        if (try_pin(attempt, pin, &held, &kept, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (held) {
            cret_foreign_pinned(attempt->proof, pin, scope);
            attempt->proof->verified = true;
            return CRET_OK;
        }
    }
    if (kept.class != CRET_ERR_NONE && kept.class != CRET_ERR_REFUSED) {
        if (err != NULL) {
            *err = kept;
        }
        return CRET_FAILED;
    }
    return cret_foreign_unpinned(question, "a key that the image does not carry", err);
}

static enum cret_status verify_memory(const struct cret_foreign_question *question,
                                      const struct cret_foreign_file *file,
                                      struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_mcuboot image;
    if (cret_mcuboot_read(&image, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct attempt attempt = {&image, file, ret_proof, NULL};
    enum cret_status status = CRET_FAILED;
    if (hash_image(&attempt, err) == CRET_OK && read_tail(&attempt, err) == CRET_OK) {
        ret_proof->covered = true;
        status = judge(&attempt, question, err);
    }
    cret_mcuboot_clear(&image);
    return status;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_foreign_file file = *question->file;
    uint8_t *whole = NULL;
    if (cret_foreign_load(&whole, question->file, 0, file.size, WHOLE_BYTES, "the MCUboot image",
                          err) != CRET_OK) {
        return CRET_FAILED;
    }
    file.data = whole;
    const enum cret_status status = verify_memory(question, &file, ret_proof, err);
    free(whole);
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_mcuboot = {
    .id = "mcuboot",
    .pin_kind = "mcuboot",
    .words = "an MCUboot image",
    .proves = "The holder of the pinned key signed the image with its header and its protected "
              "records, the version among them.",
    .leaves = "When it was signed, for which device it is meant, and whether the device would take "
              "it: its own key and counter decide.",
    .recognize = recognize,
    .verify = verify,
};
