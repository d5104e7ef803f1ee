/* SPDX-License-Identifier: Apache-2.0 */
/* A signature of minisign or signify beside the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign/kind.h"
#include "foreign/minisign.h"
#include "foreign/raw_key.h"

/* Ed25519 over the file itself wants all of it at once; minisign prehashes for this reason. */
#define WHOLE_BYTES (256u << 20)

/* minisign writes a second comment, which it signs; signify has none. */
static bool has_second_comment(const struct cret_foreign_side *side)
{
    static const char words[] = "\ntrusted comment: ";
    const size_t length = sizeof(words) - 1;
    for (size_t at = 0; at + length <= side->size; at++) {
        if (memcmp(side->data + at, words, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool recognize_minisign(const struct cret_foreign_file *file,
                               const struct cret_foreign_side *side)
{
    return file != NULL && side != NULL &&
           cret_minisign_recognized((const char *)side->data, side->size) &&
           has_second_comment(side);
}

static bool recognize_signify(const struct cret_foreign_file *file,
                              const struct cret_foreign_side *side)
{
    return file != NULL && side != NULL &&
           cret_minisign_recognized((const char *)side->data, side->size) &&
           !has_second_comment(side);
}

/* Its digest: of the file as it is read, or where it lies in memory already. */
static enum cret_status hash_file(struct cret_foreign_proof *proof, const EVP_MD *md,
                                  const struct cret_foreign_file *file, const uint8_t *whole,
                                  struct cret_err *err)
{
    struct cret_foreign_hash hash;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (whole != NULL) {
        cret_foreign_hash_bytes(&hash, whole, (size_t)file->size);
    } else if (cret_foreign_hash_part(&hash, file, 0, file->size, "the file", err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    return cret_foreign_hash_end(&hash, proof->digest, &proof->digest_size, err);
}

/* What is signed: the file (caller frees *ret_owned), or its digest. The proof says which digest of
 * the file stands for it. */
static enum cret_status message_of(struct cret_bytes *ret_message, uint8_t **ret_owned,
                                   struct cret_foreign_proof *proof,
                                   const struct cret_minisign *signature,
                                   const struct cret_foreign_file *file, struct cret_err *err)
{
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s",
             signature->prehashed ? "blake2b-512" : "sha256");
    if (signature->prehashed) {
        if (hash_file(proof, EVP_blake2b512(), file, NULL, err) != CRET_OK) {
            return CRET_FAILED;
        }
        *ret_message = (struct cret_bytes){proof->digest, proof->digest_size};
        return CRET_OK;
    }
    if (file->size > WHOLE_BYTES) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                        "the file is too large for a signature over its very bytes");
        cret_err_expected(err,
                          "at most %u bytes, or a signature over a digest (minisign without -l)",
                          WHOLE_BYTES);
        return cret_err_actual(err, "%llu bytes", (unsigned long long)file->size);
    }
    if (cret_foreign_load(ret_owned, file, 0, file->size, WHOLE_BYTES, "the file", err) !=
            CRET_OK ||
        hash_file(proof, EVP_sha256(), file, *ret_owned, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_message = (struct cret_bytes){*ret_owned, (size_t)file->size};
    return CRET_OK;
}

/* A pin's key; one that a pin of this very kind does not hold is a fault of the policy. *ret_other:
 * it is a key of something else. */
static enum cret_status pin_key(struct cret_minisign_key *ret_key, bool *ret_other,
                                const struct cret_foreign_pin *pin, struct cret_err *err)
{
    struct cret_err reason = {0};
    *ret_other = pin->key == NULL;
    if (*ret_other ||
        cret_minisign_key_parse(ret_key, pin->key, strlen(pin->key), &reason) == CRET_OK) {
        return CRET_OK;
    }
    if (pin->kind == NULL && reason.class == CRET_ERR_REFUSED) {
        *ret_other = true;
        return CRET_OK;
    }
    if (err != NULL) {
        *err = reason;
    }
    cret_err_reclass(err, CRET_ERR_USAGE);
    return cret_err_context(err, "the pin %s", pin->name);
}

static void describe(struct cret_foreign_proof *proof, const struct cret_minisign *signature,
                     const struct cret_foreign_question *question)
{
    char id[17];
    cret_minisign_id_text(id, signature->id);
    snprintf(proof->key_name, sizeof(proof->key_name), "%s key %s", question->pin_kind, id);
    if (signature->has_trusted) {
        cret_foreign_note(proof, "its trusted comment, which is signed, says: %.180s",
                          signature->trusted);
    }
    cret_foreign_note(proof, "the untrusted comment of the signature file is not signed, and is "
                             "not shown");
    if (!signature->prehashed && signature->has_trusted) {
        cret_foreign_note(proof, "a signature of minisign's older form (Ed), over the file itself");
    }
}

static enum cret_status key_digest(struct cret_foreign_proof *proof,
                                   const struct cret_minisign_key *key, struct cret_err *err)
{
    struct cret_raw_key *raw = NULL;
    if (cret_raw_key_point(&raw, CRET_KEY_ED25519,
                           (struct cret_bytes){key->octets, sizeof(key->octets)}, "pinned key",
                           err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(proof->key_sha256, cret_raw_key_info(raw)->digest, sizeof(proof->key_sha256));
    proof->has_key = true;
    cret_raw_key_free(&raw);
    return CRET_OK;
}

/* minisign signs neither which of its two forms a signature has, nor what kind of thing it is over:
 * a digest of 64 bytes, a comment behind a signature. Whether a key and a form belong together says
 * the first line of the key's file: only signify's keys sign without a second comment. */
static bool of_this_tool(const struct cret_foreign_pin *pin, const char *pin_kind)
{
    static const char words[] = "untrusted comment: ";
    const char *end = strchr(pin->key, '\n');
    const bool commented = strncmp(pin->key, words, sizeof(words) - 1) == 0;
    const char *tool = strstr(pin->key, "minisign");
    const bool minisign = commented && tool != NULL && (end == NULL || tool < end);
    if (strcmp(pin_kind, "minisign") == 0) {
        return true;
    }
    return pin->kind != NULL ? !minisign : commented && !minisign;
}

/* What minisign hashed for a signature is 64 bytes, and a signature over it one of the older form
 * over a file of 64 bytes. */
static enum cret_status check_form(const struct cret_minisign *signature,
                                   const struct cret_foreign_file *file, struct cret_err *err)
{
    if (signature->prehashed || !signature->has_trusted || file->size != 64) {
        return CRET_OK;
    }
    return cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                           "a file of 64 bytes may be the digest of another file, which its signer "
                           "signed: minisign's older form cannot tell them apart");
}

/* The pin whose key has this id and made the signature. */
static enum cret_status find_pin(struct cret_foreign_proof *proof,
                                 const struct cret_minisign *signature, struct cret_bytes message,
                                 const struct cret_foreign_question *question, struct cret_err *err)
{
    const struct cret_policy_scope *scope = NULL;
    const struct cret_foreign_pin *pin = NULL;
    struct cret_err kept = {0};
    size_t index = 0;
    while ((pin = cret_foreign_next_pin(question, &index, &scope)) != NULL) {
        struct cret_minisign_key key;
        bool other = false;
        if (pin_key(&key, &other, pin, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (other || memcmp(key.id, signature->id, sizeof(key.id)) != 0 ||
            !of_this_tool(pin, question->pin_kind)) {
            continue;
        }
        if (cret_minisign_verify(signature, &key, message, &kept) != CRET_OK) {
            continue;
        }
        if (!signature->prehashed && signature->has_trusted && !pin->legacy) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                            "the signature has minisign's older form, and the pin %s does not let "
                            "that count",
                            pin->name);
            return cret_err_hint(err, "ask the vendor to sign without -l; legacy in the pin lets "
                                      "old files count");
        }
        if (key_digest(proof, &key, err) != CRET_OK) {
            return CRET_FAILED;
        }
        cret_foreign_pinned(proof, pin, scope);
        proof->verified = true;
        return CRET_OK;
    }
    if (kept.class != CRET_ERR_NONE) {
        if (err != NULL) {
            *err = kept;
        }
        return CRET_FAILED;
    }
    return cret_foreign_unpinned(question, proof->key_name, err);
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_minisign signature;
    struct cret_bytes message = {NULL, 0};
    uint8_t *owned = NULL;
    if (cret_minisign_parse(&signature, (const char *)question->side->data, question->side->size,
                            err) != CRET_OK) {
        return CRET_FAILED;
    }
    describe(ret_proof, &signature, question);
    ret_proof->covered = true; /* the whole file is the message, or what is hashed */
    enum cret_status status = check_form(&signature, question->file, err);
    if (status == CRET_OK) {
        status = message_of(&message, &owned, ret_proof, &signature, question->file, err);
    }
    if (status == CRET_OK) {
        status = find_pin(ret_proof, &signature, message, question, err);
    }
    free(owned);
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_minisign = {
    .id = "minisign",
    .pin_kind = "minisign",
    .words = "a signature of minisign",
    .proves = "The holder of the pinned key signed exactly these bytes, and the trusted comment.",
    .leaves = "When it was signed, and what the file is, but for what the trusted comment says.",
    .beside = true,
    .recognize = recognize_minisign,
    .verify = verify,
};

const struct cret_foreign_kind cret_foreign_kind_signify = {
    .id = "signify",
    .pin_kind = "signify",
    .words = "a signature of signify",
    .proves = "The holder of the pinned key signed exactly these bytes.",
    .leaves = "When it was signed, what the file is, and of which version: nothing else is signed.",
    .beside = true,
    .recognize = recognize_signify,
    .verify = verify,
};
