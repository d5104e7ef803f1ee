/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode: the signature, and the signatures nested in it, whatever the format of the file. */
#include "foreign/authenticode.h"

#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/signed_parts.h"

#define CHECK CRET_CHECK_FOREIGN_FORM
#define MICROSOFT 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37

enum { MOST_DIGESTS = 8 }; /* more than algorithms that are known */

static const uint8_t indirect_data[] = {MICROSOFT, 0x02, 0x01, 0x04};
static const uint8_t trust_list[] = {MICROSOFT, 0x0a, 0x01};
const struct cret_bytes cret_oid_spc_indirect_data = {indirect_data, sizeof(indirect_data)};
const struct cret_bytes cret_oid_trust_list = {trust_list, sizeof(trust_list)};

/* sbsigntool writes the statement type of individual signing for SpcPeImageData. With SpcSipInfo
 * its GUID says which format it is: scripts have others. */
static const uint8_t msi_sip[] = {0xf1, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
static const struct {
    const char *name;
    uint8_t oid[10];
    bool sip;
} data_types[] = {{"pe", {MICROSOFT, 0x02, 0x01, 0x0f}, false},
                  {"pe", {MICROSOFT, 0x02, 0x01, 0x15}, false},
                  {"cab", {MICROSOFT, 0x02, 0x01, 0x19}, false},
                  {"msi", {MICROSOFT, 0x02, 0x01, 0x1e}, true}};

/* SpcSipInfo: a number, a GUID, and five numbers that mean nothing. */
static bool is_msi_sip(struct cret_der type)
{
    struct cret_der info;
    struct cret_der_element guid;
    type.err = NULL;
    return cret_der_enter(&type, CRET_DER_SEQUENCE, "SpcSipInfo", &info) == CRET_OK &&
           cret_der_take(&info, CRET_DER_INTEGER, "version", NULL) == CRET_OK &&
           cret_der_take(&info, CRET_DER_OCTET_STRING, "GUID", &guid) == CRET_OK &&
           cret_bytes_equal(guid.content, (struct cret_bytes){msi_sip, sizeof(msi_sip)});
}

enum cret_status cret_spc_data_read(struct cret_spc_data *ret_data, struct cret_bytes content,
                                    struct cret_err *err)
{
    struct cret_spc_data data = {0};
    struct cret_bytes oid;
    struct cret_der_element algorithm, digest;
    struct cret_der der = cret_der_begin(content.data, content.size, "signature", CHECK, err), type,
                    info;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "data", &type) != CRET_OK ||
        cret_der_oid(&type, "type", &oid) != CRET_OK ||
        cret_der_enter(&der, CRET_DER_SEQUENCE, "messageDigest", &info) != CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "digestAlgorithm", &algorithm) != CRET_OK ||
        cret_der_take(&info, CRET_DER_OCTET_STRING, "digest", &digest) != CRET_OK ||
        cret_der_end(&info, "messageDigest") != CRET_OK ||
        cret_der_end(&der, "SpcIndirectDataContent") != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(data_types) / sizeof(data_types[0]); i++) {
        if (cret_bytes_equal(oid,
                             (struct cret_bytes){data_types[i].oid, sizeof(data_types[i].oid)}) &&
            (!data_types[i].sip || is_msi_sip(type))) {
            data.type = data_types[i].name;
        }
    }
    data.md = cret_signed_digest(algorithm.whole, &data.digest_name);
    data.digest = digest.content;
    if (data.type == NULL || data.md == NULL) {
        return cret_der_refuse(&der, content.data,
                               data.md == NULL ? "has a file digest that is not known"
                                               : "is over data of a kind that is not known");
    }
    *ret_data = data;
    return CRET_OK;
}

void cret_spc_data_took(const struct cret_spc_data *data, struct cret_foreign_proof *proof)
{
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s", data->digest_name);
    memcpy(proof->digest, data->digest.data, data->digest.size);
    proof->digest_size = data->digest.size;
    cret_foreign_digest_strength(proof, data->digest_name, "the digest of the file");
}

struct file_digest {
    const EVP_MD *md;
    uint8_t value[EVP_MAX_MD_SIZE];
    size_t size;
};

/* The signatures of a file, one after the other. */
struct gathering {
    const struct cret_foreign_question *question;
    const struct cret_authenticode *how;
    struct file_digest digests[MOST_DIGESTS]; /* of the file, each computed once */
    size_t digest_count;
    struct cret_foreign_proof
        kept;            /* that counts, as cret_authenticode_verify says; or the first */
    struct cret_err why; /* why that one is of no pin */
    size_t kept_number, count;
    struct cret_foreign_other signers[CRET_FOREIGN_OTHERS + 1]; /* of all */
    struct cret_foreign_proof *gaps; /* where parts that nobody signed are named */
    struct cret_err *err;
};

static enum cret_status get_digest(struct gathering *all, const EVP_MD *md,
                                   struct cret_bytes *ret_digest)
{
    for (size_t i = 0; i < all->digest_count; i++) {
        if (all->digests[i].md == md) {
            *ret_digest = (struct cret_bytes){all->digests[i].value, all->digests[i].size};
            return CRET_OK;
        }
    }
    if (all->digest_count == MOST_DIGESTS) {
        return cret_err_undecided(all->err, "the signatures are over more digests than there are");
    }
    struct file_digest *made = &all->digests[all->digest_count];
    if (all->how->hash(all->how->context, all->question->file, md, made->value, &made->size,
                       all->err) != CRET_OK) {
        return CRET_FAILED;
    }
    made->md = md;
    all->digest_count++;
    *ret_digest = (struct cret_bytes){made->value, made->size};
    return CRET_OK;
}

/* The file is the one that was signed: the digest inside is that of its bytes. */
static enum cret_status compare_file(struct gathering *all, const struct cret_spc_data *data,
                                     struct cret_foreign_proof *proof)
{
    struct cret_err *err = all->err;
    struct cret_bytes digest;
    char wanted[2 * EVP_MAX_MD_SIZE + 1], found[2 * EVP_MAX_MD_SIZE + 1];
    if (strcmp(data->type, all->how->data_type) != 0) {
        return cret_err_refuse(err, CHECK, "the signature is of a file of another kind");
    }
    if (get_digest(all, data->md, &digest) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(data->digest, digest)) {
        cret_hex_encode(wanted, data->digest.data,
                        data->digest.size < EVP_MAX_MD_SIZE ? data->digest.size : EVP_MAX_MD_SIZE);
        cret_hex_encode(found, digest.data, digest.size);
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                        "the file was changed after it was signed: its %s is not the signed one",
                        data->digest_name);
        cret_err_expected(err, "%s", wanted);
        return cret_err_actual(err, "%s", found);
    }
    cret_spc_data_took(data, proof);
    return CRET_OK;
}

/* Both comparisons: the signature over the digest, and the digest of the file. */
static enum cret_status verify_one(struct gathering *all, const struct cret_signed *message,
                                   struct cret_foreign_proof *proof)
{
    const struct cret_authenticode *how = all->how;
    struct cret_err *err = all->err;
    struct cret_spc_data data = {0};
    struct cret_der_element content;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    struct cret_der der =
        cret_der_begin(message->content.data, message->content.size, "signature", CHECK, err);
    const bool list = how->find != NULL;
    if (!cret_bytes_equal(message->content_type,
                          list ? cret_oid_trust_list : cret_oid_spc_indirect_data)) {
        return cret_err_refuse(err, CHECK, "the signature is not one of Authenticode");
    }
    /* What is hashed are the octets of the SEQUENCE, without its tag and length. */
    if (cret_der_take(&der, CRET_DER_SEQUENCE, "content", &content) != CRET_OK ||
        cret_der_end(&der, "content") != CRET_OK ||
        (!list && cret_spc_data_read(&data, content.content, err) != CRET_OK) ||
        cret_signed_hash(digest, &size, message->signer.digest, content.content, err) != CRET_OK ||
        cret_signed_verify(message, digest, size, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return list ? how->find(how->context, content.content, proof, err)
                : compare_file(all, &data, proof);
}

static enum cret_status name_signer(struct gathering *all, const struct cret_certificate *by)
{
    if (all->count == CRET_FOREIGN_OTHERS + 1) {
        return cret_err_refuse(all->err, CHECK, "the file has too many signatures");
    }
    struct cret_foreign_other *signer = &all->signers[all->count++];
    snprintf(signer->subject, sizeof(signer->subject), "%s", cret_certificate_subject(by));
    memcpy(signer->certificate_sha256, cret_certificate_digest(by), CRET_SHA256_BYTES);
    return CRET_OK;
}

/* What a nested signature has told lies in the attributes of the one around it, and was counted
 * with them. */
static void count_once(struct cret_foreign_proof *proof, uint64_t bytes)
{
    for (size_t i = proof->gap_count; i > 0; i--) {
        struct cret_foreign_gap *gap = &proof->gaps[i - 1];
        if (gap->what == cret_signed_attributes_words) {
            gap->bytes -= bytes < gap->bytes ? bytes : gap->bytes;
            return;
        }
    }
}

/* One of several signatures: right for the file, or the whole is refused. around: the message that
 * it is nested in, or NULL. */
static enum cret_status take_one(struct gathering *all, const struct cret_signed *message,
                                 const struct cret_signed *around)
{
    struct cret_foreign_proof proof = {0};
    struct cret_err reason = {0};
    if (verify_one(all, message, &proof) != CRET_OK ||
        name_signer(all, message->certificate) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool pinned = cret_signed_judge(all->question, message, CRET_USAGE_CODE_SIGNING, &proof,
                                          &reason) == CRET_OK;
    if (!pinned && reason.class != CRET_ERR_REFUSED) {
        if (all->err != NULL) {
            *all->err = reason;
        }
        return CRET_FAILED;
    }
    /* A nested one lies in attributes that are counted with the one around it; what deserves a
     * warning gets it there as well. */
    for (size_t i = 0; i < proof.gap_count; i++) {
        struct cret_foreign_gap gap = proof.gaps[i];
        gap.offset += around != NULL ? (uint64_t)(message->origin - around->origin) : 0;
        if (around == NULL || gap.told) {
            if (around != NULL) {
                count_once(all->gaps, gap.bytes);
            }
            cret_foreign_gap_copy(all->gaps, &gap);
        }
    }
    proof.gap_count = 0;
    if (all->count == 1 || (pinned && (all->kept.pin == NULL || (all->kept.weak && !proof.weak)))) {
        all->kept = proof;
        all->why = reason;
        all->kept_number = all->count - 1;
    }
    return CRET_OK;
}

static enum cret_status take_nested(struct gathering *all, const struct cret_signed *message)
{
    struct cret_bytes rest = message->signer.unsigned_attributes, values;
    size_t count = 0;
    while (cret_signed_unsigned(&rest, cret_oid_nested_signature, &values)) {
        struct cret_der set =
            cret_der_begin(values.data, values.size, "signature", CHECK, all->err);
        while (cret_der_more(&set)) {
            struct cret_signed nested;
            struct cret_der_element one;
            if (++count > CRET_AUTHENTICODE_NESTED) {
                return cret_err_refuse(all->err, CHECK, "the file has too many nested signatures");
            }
            if (cret_der_any(&set, "nested signature", &one) != CRET_OK ||
                cret_signed_read(&nested, one.whole.data, one.whole.size, false, all->err) !=
                    CRET_OK) {
                return CRET_FAILED;
            }
            const enum cret_status status = take_one(all, &nested, message);
            cret_signed_clear(&nested);
            if (status != CRET_OK) {
                return cret_err_context(all->err, "a nested signature");
            }
        }
    }
    return CRET_OK;
}

/* One message of the file, with what is nested in it. */
static enum cret_status take_message(struct gathering *all, struct cret_bytes der, size_t *ret_used)
{
    struct cret_signed message;
    if (cret_signed_read(&message, der.data, der.size, true, all->err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_used = der.size - message.trailing;
    message.nested_read = true;
    enum cret_status status = take_one(all, &message, NULL);
    if (status == CRET_OK) {
        status = take_nested(all, &message);
    }
    cret_signed_clear(&message);
    return status;
}

/* The proof that counts, the parts that nobody signed of all, and whoever else signed. */
static void conclude(const struct gathering *all, struct cret_foreign_proof *proof)
{
    struct cret_foreign_proof kept = all->kept;
    for (size_t i = 0; i < proof->gap_count; i++) {
        cret_foreign_gap_copy(&kept, &proof->gaps[i]);
    }
    kept.gaps_lost = kept.gaps_lost || proof->gaps_lost;
    for (size_t i = 0; i < all->count; i++) {
        if (i != all->kept_number) {
            kept.others[kept.other_count++] = all->signers[i];
        }
    }
    *proof = kept;
}

enum cret_status cret_authenticode_verify(const struct cret_foreign_question *question,
                                          const struct cret_authenticode *how,
                                          const struct cret_bytes *messages, size_t count,
                                          size_t *ret_used, struct cret_foreign_proof *proof,
                                          struct cret_err *err)
{
    struct gathering all = {.question = question, .how = how, .gaps = proof, .err = err};
    for (size_t i = 0; i < count; i++) {
        if (take_message(&all, messages[i], &ret_used[i]) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (all.count == 0) {
        return cret_err_refuse(err, CHECK, "the file holds no signature");
    }
    conclude(&all, proof);
    if (proof->pin != NULL) {
        return CRET_OK;
    }
    if (err != NULL) {
        *err = all.why;
    }
    return CRET_FAILED;
}
