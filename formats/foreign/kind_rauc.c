/* SPDX-License-Identifier: Apache-2.0 */
/* A RAUC bundle: whose CMS it is, then every block of it. */
#include <stdlib.h>
#include <string.h>

#include "foreign/kind.h"
#include "foreign/rauc.h"
#include "foreign/signed.h"

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_rauc_recognized(file);
}

/* The signature of the manifest that it holds, before that is believed. */
static enum cret_status check_manifest(const struct cret_foreign_question *question,
                                       const struct cret_signed *message,
                                       struct cret_bytes *ret_manifest,
                                       struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if (cret_signed_data(message, err) != CRET_OK ||
        cret_signed_octets(message, ret_manifest, err) != CRET_OK ||
        cret_foreign_hash_begin(&hash, message->signer.digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_hash_bytes(&hash, ret_manifest->data, ret_manifest->size);
    if (cret_foreign_hash_end(&hash, digest, &size, err) != CRET_OK ||
        cret_signed_verify(message, digest, size, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_signed_judge(question, message, NULL, proof, err);
}

static enum cret_status verify_tree(const struct cret_foreign_question *question,
                                    const struct cret_rauc *bundle,
                                    const struct cret_signed *message,
                                    struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_bytes manifest = {NULL, 0};
    struct cret_rauc_verity verity;
    uint64_t data = 0;
    if (check_manifest(question, message, &manifest, proof, err) != CRET_OK ||
        cret_rauc_manifest_read(&verity, (const char *)manifest.data, manifest.size, err) !=
            CRET_OK ||
        cret_rauc_tree_verify(&data, bundle, &verity, question->file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_note(proof,
                      "a verity bundle: each of its %llu blocks was hashed up to the root "
                      "that the signed manifest names",
                      (unsigned long long)(data / CRET_RAUC_BLOCK));
    cret_foreign_note(proof, "the digest is that of the manifest, which is what is signed");
    if (verity.compatible[0] != '\0') {
        cret_foreign_note(proof, "for systems that call themselves %s, as the manifest says",
                          verity.compatible);
    }
    if (verity.version[0] != '\0') {
        cret_foreign_note(proof, "version %s, as the manifest says", verity.version);
    }
    return CRET_OK;
}

static enum cret_status verify_der(const struct cret_foreign_question *question,
                                   const struct cret_rauc *bundle, const uint8_t *der,
                                   struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct cret_signed message;
    enum cret_status status = CRET_FAILED;
    if (cret_signed_read(&message, der, bundle->cms_size, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (message.content.size > 0) {
        status = verify_tree(question, bundle, &message, proof, err);
    } else {
        const struct cret_signed_part payload = {0, bundle->payload};
        status = cret_signed_check_part(question, (struct cret_bytes){der, bundle->cms_size},
                                        payload, NULL, proof, err);
        cret_foreign_note(proof, "a plain bundle: its manifest lies in the squashfs, and was not "
                                 "read");
    }
    cret_signed_clear(&message);
    return status;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_rauc bundle;
    uint8_t *der = NULL;
    if (cret_rauc_open(&bundle, question->file, err) != CRET_OK ||
        cret_foreign_load(&der, question->file, bundle.payload, bundle.cms_size,
                          CRET_RAUC_CMS_BYTES, "the CMS", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = verify_der(question, &bundle, der, ret_proof, err);
    free(der);
    if (status == CRET_OK) {
        ret_proof->verified = ret_proof->covered = true;
    }
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_rauc = {
    .id = "rauc",
    .pin_kind = "rauc",
    .words = "a RAUC bundle",
    .proves = "Whoever is pinned signed the bundle: every block of it was hashed.",
    .leaves = "Whether it is the newest one, what its hooks do, and which slots a device writes.",
    .recognize = recognize,
    .verify = verify,
};
