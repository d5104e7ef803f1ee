/* SPDX-License-Identifier: Apache-2.0 */
/* A detached OpenPGP signature beside the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/kind.h"
#include "foreign/openpgp.h"
#include "foreign/openpgp_packet.h"

/* What is asked of one pin. */
struct attempt {
    const struct cret_foreign_question *question;
    const struct cret_openpgp_signature *signatures;
    size_t count;
    struct cret_foreign_proof *proof;
};

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return file != NULL && side != NULL &&
           cret_openpgp_recognized((struct cret_bytes){side->data, side->size});
}

/* The digest of file, hashed part and trailer. */
static enum cret_status digest_of(uint8_t digest[EVP_MAX_MD_SIZE],
                                  const struct cret_openpgp_signature *signature,
                                  const struct cret_foreign_file *file, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    uint8_t trailer[CRET_OPENPGP_TRAILER];
    size_t size = 0;
    cret_openpgp_trailer(trailer, signature);
    if (cret_foreign_hash_begin(&hash, signature->digest->md(), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, file, 0, file->size, "the file", err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    cret_foreign_hash_bytes(&hash, signature->hashed.data, signature->hashed.size);
    cret_foreign_hash_bytes(&hash, trailer, sizeof(trailer));
    return cret_foreign_hash_end(&hash, digest, &size, err);
}

static void hex_upper(char *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        snprintf(out + 2 * i, 3, "%02X", data[i]);
    }
}

/* Who says to have signed. */
static void name_signer(char *out, size_t size, const struct cret_openpgp_signature *signature)
{
    char hex[2 * CRET_OPENPGP_FINGERPRINT + 1] = "of no name";
    if (signature->has_fingerprint) {
        hex_upper(hex, signature->fingerprint, CRET_OPENPGP_FINGERPRINT);
    } else if (signature->has_key_id) {
        hex_upper(hex, signature->key_id, sizeof(signature->key_id));
    }
    snprintf(out, size, "OpenPGP key %s", hex);
}

static void describe(struct cret_foreign_proof *proof,
                     const struct cret_openpgp_signature *signature,
                     const struct cret_openpgp_key *key,
                     const struct cret_openpgp_component *component, const uint8_t *digest)
{
    char hex[2 * CRET_OPENPGP_FINGERPRINT + 1];
    hex_upper(hex, component->fingerprint, CRET_OPENPGP_FINGERPRINT);
    snprintf(proof->key_name, sizeof(proof->key_name), "OpenPGP key %s", hex);
    hex_upper(hex, key->components[0].fingerprint, CRET_OPENPGP_FINGERPRINT);
    if (component != &key->components[0]) {
        cret_foreign_note(proof, "it is a subkey of the OpenPGP key %s", hex);
    }
    if (key->user[0] != '\0') {
        cret_foreign_note(proof, "the pinned key calls its owner %s", key->user);
    }
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s",
             signature->digest->name);
    memcpy(proof->digest, digest, signature->digest->size);
    proof->digest_size = signature->digest->size;
    cret_foreign_note(proof, "the digest is over the file and, behind it, what the signature says "
                             "of itself");
    memcpy(proof->key_sha256, cret_raw_key_info(component->key)->digest, sizeof(proof->key_sha256));
    proof->has_key = true;
    proof->claimed_time = (struct cret_optional){.given = true, .value = signature->created};
    if (cret_public_key_is_rsa_2048(cret_raw_key_info(component->key))) {
        cret_foreign_note(proof, "its key is RSA of less than 3072 bits");
    }
}

/* Each signature that names a key of this pin must hold. *ret_held: how many there are. */
static enum cret_status try_key(const struct attempt *attempt, const struct cret_openpgp_key *key,
                                size_t *ret_held, struct cret_err *err)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t held = 0;
    for (size_t i = 0; i < attempt->count; i++) {
        const struct cret_openpgp_signature *signature = &attempt->signatures[i];
        const struct cret_openpgp_component *component = cret_openpgp_key_find(key, signature);
        if (component == NULL) {
            continue;
        }
        if (cret_openpgp_judge(signature, component, attempt->question->now, err) != CRET_OK ||
            digest_of(digest, signature, attempt->question->file, err) != CRET_OK ||
            cret_openpgp_verify_digest(signature, component->key, digest, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (held == 0) {
            describe(attempt->proof, signature, key, component, digest);
        }
        held++;
    }
    if (held > 0 && held < attempt->count) {
        cret_foreign_note(attempt->proof,
                          "%zu other signatures lie beside it, by keys that this "
                          "pin does not hold, and were not looked at",
                          attempt->count - held);
    }
    *ret_held = held;
    return CRET_OK;
}

/* A key that a pin of this very kind does not hold is a fault of the policy; of another pin it is a
 * key of something else. A key that may not be used (weak, revoked) refuses. */
static enum cret_status try_pin(const struct attempt *attempt, const struct cret_foreign_pin *pin,
                                size_t *ret_held, struct cret_err *err)
{
    struct cret_openpgp_key key = {0};
    struct cret_err reason = {0};
    enum cret_status status = CRET_FAILED;
    *ret_held = 0;
    if (pin->key == NULL) {
        return CRET_OK;
    }
    const struct cret_bytes text = {(const uint8_t *)pin->key, strlen(pin->key)};
    if (cret_openpgp_key_parse(&key, text, true, &reason) == CRET_OK) {
        status = try_key(attempt, &key, ret_held, err);
        cret_openpgp_key_clear(&key);
        return status;
    }
    if (pin->kind == NULL && reason.class == CRET_ERR_REFUSED &&
        reason.check == CRET_CHECK_FOREIGN_FORM) {
        return CRET_OK;
    }
    if (err != NULL) {
        *err = reason;
    }
    if (reason.check == CRET_CHECK_FOREIGN_FORM) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return cret_err_context(err, "the pin %s", pin->name);
}

static enum cret_status judge(const struct attempt *attempt, struct cret_err *err)
{
    const struct cret_policy_scope *scope = NULL;
    const struct cret_foreign_pin *pin = NULL;
    size_t index = 0;
    char who[160];
    while ((pin = cret_foreign_next_pin(attempt->question, &index, &scope)) != NULL) {
        size_t held = 0;
        if (try_pin(attempt, pin, &held, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (held > 0) {
            cret_foreign_pinned(attempt->proof, pin, scope);
            attempt->proof->verified = true;
            return CRET_OK;
        }
    }
    name_signer(who, sizeof(who), &attempt->signatures[0]);
    return cret_foreign_unpinned(attempt->question, who, err);
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_openpgp_signature signatures[CRET_OPENPGP_SIGNATURES];
    struct attempt attempt = {question, signatures, 0, ret_proof};
    const struct cret_bytes side = {question->side->data, question->side->size};
    struct cret_bytes packets = {NULL, 0};
    uint8_t *owned = NULL;
    enum cret_status status = CRET_FAILED;
    ret_proof->covered = true; /* the whole file is hashed */
    if (cret_openpgp_unarmor(&packets, &owned, side, "PGP SIGNATURE", "signature", err) ==
            CRET_OK &&
        cret_openpgp_signatures_parse(signatures, &attempt.count, packets, err) == CRET_OK) {
        status = judge(&attempt, err);
    }
    free(owned);
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_openpgp = {
    .id = "openpgp",
    .pin_kind = "openpgp",
    .words = "a detached OpenPGP signature",
    .proves = "The holder of the pinned OpenPGP key signed exactly these bytes.",
    .leaves = "When it was signed (the time is the signer's own word), and what the file is: name "
              "and version are not signed.",
    .beside = true,
    .recognize = recognize,
    .verify = verify,
};
