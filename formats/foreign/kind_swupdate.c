/* SPDX-License-Identifier: Apache-2.0 */
/* An SWUpdate image: the signature over its description, then each file that this lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign/kind.h"
#include "foreign/raw_key.h"
#include "foreign/signed.h"
#include "foreign/swupdate.h"

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_swupdate_recognized(file);
}

/* A bare RSA key: SWUpdate signs with PKCS#1 v1.5 or, built so, with PSS and a salt of any length.
 * *ret_held: this pin's key made the signature. */
static enum cret_status try_key(const struct cret_swupdate *image,
                                const struct cret_foreign_pin *pin,
                                struct cret_foreign_proof *proof, bool *ret_held,
                                struct cret_err *err)
{
    static const enum cret_raw_scheme schemes[] = {CRET_RAW_PKCS1, CRET_RAW_PSS_SALTS};
    struct cret_raw_key *key = NULL;
    uint8_t digest[CRET_SHA256_BYTES];
    const struct cret_bytes value = {image->signature, image->signature_size};
    *ret_held = false;
    if (cret_sha256(digest, image->description, image->description_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_raw_key_of_anchor(&key, &pin->anchor, err) != CRET_OK) {
        return cret_err_context(err, "the pin %s", pin->name);
    }
    const struct cret_public_key *info = cret_raw_key_info(key);
    for (size_t i = 0; i < CRET_LENGTH(schemes) && !*ret_held; i++) {
        *ret_held = info->kind == CRET_KEY_RSA &&
                    cret_raw_key_verify(key, schemes[i], cret_digest_by_name("sha256"), digest,
                                        value, NULL) == CRET_OK;
    }
    if (*ret_held) {
        snprintf(proof->key_name, sizeof(proof->key_name), "SWUpdate key, %s", info->name);
        memcpy(proof->key_sha256, info->digest, sizeof(proof->key_sha256));
        proof->has_key = true;
        if (cret_public_key_is_rsa_2048(info)) {
            cret_foreign_note(proof, "its key is RSA of less than 3072 bits");
        }
    }
    cret_raw_key_free(&key);
    return CRET_OK;
}

/* A CMS, with the certificate of whoever signed: the framework asks the pins. */
static bool is_cms(const struct cret_swupdate *image)
{
    struct cret_signed message;
    if (image->signature_size == 0 || image->signature[0] != CRET_DER_SEQUENCE ||
        cret_signed_read(&message, image->signature, image->signature_size, false, NULL) !=
            CRET_OK) {
        return false;
    }
    cret_signed_clear(&message);
    return true;
}

/* Whose signature it is, before anything else of the image is believed. */
static enum cret_status authenticate(const struct cret_swupdate *image,
                                     const struct cret_foreign_question *question,
                                     struct cret_foreign_proof *proof, struct cret_err *err)
{
    const struct cret_policy_scope *scope = NULL;
    const struct cret_foreign_pin *pin = NULL;
    const struct cret_bytes description = {image->description, image->description_size};
    size_t index = 0;
    if (is_cms(image)) {
        return cret_signed_check_bytes(question,
                                       (struct cret_bytes){image->signature, image->signature_size},
                                       description, NULL, proof, err);
    }
    while ((pin = cret_foreign_next_pin(question, &index, &scope)) != NULL) {
        bool held = false;
        if (!pin->has_anchor || pin->anchor.kind == CRET_ANCHOR_CA) {
            continue;
        }
        if (try_key(image, pin, proof, &held, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (held) {
            cret_foreign_pinned(proof, pin, scope);
            return CRET_OK;
        }
    }
    return cret_foreign_unpinned(question, "a key that the image does not carry", err);
}

static enum cret_status check_members(const struct cret_swupdate *image,
                                      const struct cret_foreign_question *question,
                                      struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_swupdate_list list;
    if (cret_swupdate_list_read(&list, (const char *)image->description, image->description_size,
                                err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_swupdate_members(image, &list, question->file, proof, err);
    if (status == CRET_OK) {
        cret_foreign_note(proof, "%zu files, each with the SHA-256 of the signed description",
                          list.count);
        if (list.version[0] != '\0') {
            cret_foreign_note(proof, "version %s, as the signed description says", list.version);
        }
    }
    cret_swupdate_list_clear(&list);
    return status;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_swupdate image;
    if (cret_swupdate_open(&image, question->file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = authenticate(&image, question, ret_proof, err);
    if (status == CRET_OK) {
        status = check_members(&image, question, ret_proof, err);
    }
    if (status == CRET_OK) {
        snprintf(ret_proof->digest_algorithm, sizeof(ret_proof->digest_algorithm), "sha256");
        status = cret_sha256(ret_proof->digest, image.description, image.description_size, err);
        ret_proof->digest_size = CRET_SHA256_BYTES;
        cret_foreign_note(ret_proof, "the digest is that of sw-description, which is what is "
                                     "signed");
        ret_proof->verified = ret_proof->covered = status == CRET_OK;
    }
    cret_swupdate_clear(&image);
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_swupdate = {
    .id = "swupdate",
    .pin_kind = "swupdate",
    .words = "an SWUpdate image",
    .proves = "The holder of the pinned key signed sw-description, and each file of the image has "
              "the SHA-256 that stands there.",
    .leaves = "When it was signed, what the files do, and which of them a device of which hardware "
              "installs.",
    .recognize = recognize,
    .verify = verify,
};
