/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an EvidenceRecord (RFC 4998 3, 4.1, 5.1), and the tokens in it. */
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/der_write.h"
#include "trust/seal/seal_parts.h"

#define CHECK CRET_CHECK_SEAL_FORM

static enum cret_status refuse_digest(const struct cret_der *der, const uint8_t *at,
                                      const char *what)
{
    cret_der_refuse(der, at, "%s", what);
    return cret_err_expected(der->err, "SHA-256, SHA-384 or SHA-512");
}

/* digestAlgorithms: all that the record uses, each once. */
static enum cret_status read_algorithms(struct cret_seal *seal, struct cret_der *record)
{
    struct cret_der list;
    struct cret_der_element element;
    if (cret_der_enter(record, CRET_DER_SEQUENCE, "digestAlgorithms", &list) != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&list)) {
        if (cret_der_take(&list, CRET_DER_SEQUENCE, "AlgorithmIdentifier", &element) != CRET_OK) {
            return CRET_FAILED;
        }
        const struct cret_digest_algorithm *one = cret_digest_by_any_identifier(element.whole);
        if (one == NULL) {
            return refuse_digest(&list, element.whole.data, "names a digest that is not accepted");
        }
        for (size_t i = 0; i < seal->algorithm_count; i++) {
            if (seal->algorithms[i] == one) {
                return cret_der_refuse(&list, element.whole.data, "names a digest twice");
            }
        }
        seal->algorithms[seal->algorithm_count++] = one; /* three are there, each once */
    }
    return CRET_OK;
}

/* Behind them: cryptoInfos, which nothing protects and nobody reads; encryptionInfo says that the
 * digests are of something else than the files. */
static enum cret_status read_options(struct cret_der *record)
{
    if (cret_der_next_is(record, CRET_DER_CONTEXT_CONSTRUCTED | 0) &&
        cret_der_take(record, CRET_DER_CONTEXT_CONSTRUCTED | 0, "cryptoInfos", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_next_is(record, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return cret_der_refuse(record, record->next,
                               "is of encrypted data (encryptionInfo), which is not read");
    }
    return CRET_OK;
}

/* digestAlgorithm [0]: IMPLICIT, with the fields of an AlgorithmIdentifier; or, as some write it,
 * with one in it. */
static enum cret_status read_named(struct cret_seal_part *part, struct cret_der *stamp)
{
    struct cret_der_element tagged;
    struct cret_buffer whole = {0};
    if (!cret_der_next_is(stamp, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        return CRET_OK;
    }
    if (cret_der_take(stamp, CRET_DER_CONTEXT_CONSTRUCTED | 0, "digestAlgorithm", &tagged) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes content = tagged.content;
    part->named = content.size > 0 && content.data[0] == CRET_DER_SEQUENCE
                      ? cret_digest_by_any_identifier(content)
                      : NULL;
    if (part->named == NULL) {
        cret_der_put(&whole, CRET_DER_SEQUENCE, content.data, content.size);
        if (whole.failed) {
            cret_buffer_free(&whole);
            return cret_err_memory(stamp->err);
        }
        part->named = cret_digest_by_any_identifier(
            (struct cret_bytes){(const uint8_t *)whole.data, whole.size});
        cret_buffer_free(&whole);
    }
    return part->named != NULL
               ? CRET_OK
               : refuse_digest(stamp, tagged.whole.data,
                               "has a timestamp with a digest that is not accepted");
}

/* One PartialHashtree: at least one digest; of one length, which is checked when the chain's
 * algorithm is known. */
static enum cret_status read_list(struct cret_seal *seal, struct cret_seal_part *part,
                                  struct cret_der *tree, size_t *hashes)
{
    struct cret_der list;
    struct cret_der_element value;
    const uint8_t *at = tree->next;
    struct cret_seal_list *ret_list = &part->lists[part->list_count];
    if (cret_der_enter(tree, CRET_DER_SEQUENCE, "PartialHashtree", &list) != CRET_OK) {
        return CRET_FAILED;
    }
    ret_list->values = &seal->values[seal->value_count];
    while (cret_der_more(&list)) {
        if (++*hashes > CRET_LIMIT_SEAL_HASHES) {
            cret_der_refuse(&list, list.next, "has more digests in one timestamp than are read");
            return cret_err_expected(list.err, "at most %u", CRET_LIMIT_SEAL_HASHES);
        }
        if (cret_der_take(&list, CRET_DER_OCTET_STRING, "digest in PartialHashtree", &value) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        seal->values[seal->value_count++] = value.content;
        ret_list->count++;
    }
    if (ret_list->count == 0) {
        return cret_der_refuse(tree, at, "has an empty PartialHashtree");
    }
    part->list_count++;
    return CRET_OK;
}

static enum cret_status read_tree(struct cret_seal *seal, struct cret_seal_part *part,
                                  struct cret_der *stamp)
{
    struct cret_der tree;
    const uint8_t *at = stamp->next;
    size_t hashes = 0;
    if (!cret_der_next_is(stamp, CRET_DER_CONTEXT_CONSTRUCTED | 2)) {
        return CRET_OK;
    }
    if (cret_der_enter(stamp, CRET_DER_CONTEXT_CONSTRUCTED | 2, "reducedHashtree", &tree) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&tree)) {
        if (part->list_count == CRET_LIMIT_SEAL_LISTS) {
            cret_der_refuse(&tree, tree.next, "has a hash tree of more levels than are read");
            return cret_err_expected(tree.err, "at most %u", CRET_LIMIT_SEAL_LISTS);
        }
        if (read_list(seal, part, &tree, &hashes) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return part->list_count > 0 ? CRET_OK
                                : cret_der_refuse(stamp, at, "has an empty reducedHashtree");
}

static enum cret_status add_part(struct cret_seal *seal, struct cret_seal_part **ret_part,
                                 const struct cret_der *der)
{
    if (seal->part_count == CRET_LIMIT_SEAL_STAMPS) {
        cret_der_refuse(der, der->next, "has more timestamps than are read");
        return cret_err_expected(der->err, "at most %u", CRET_LIMIT_SEAL_STAMPS);
    }
    struct cret_seal_part *part = calloc(1, sizeof(*part));
    if (part == NULL) {
        return cret_err_memory(der->err);
    }
    part->chain = seal->chain_count;
    seal->parts[seal->part_count++] = part;
    *ret_part = part;
    return CRET_OK;
}

/* ArchiveTimeStamp. */
static enum cret_status read_part(struct cret_seal *seal, struct cret_der *chain)
{
    struct cret_seal_part *part = NULL;
    struct cret_der stamp;
    struct cret_der_element token;
    if (add_part(seal, &part, chain) != CRET_OK ||
        cret_der_enter(chain, CRET_DER_SEQUENCE, "ArchiveTimeStamp", &stamp) != CRET_OK ||
        read_named(part, &stamp) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_next_is(&stamp, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return cret_der_refuse(&stamp, stamp.next,
                               "has attributes in a timestamp, and none is understood");
    }
    if (read_tree(seal, part, &stamp) != CRET_OK ||
        cret_der_take(&stamp, CRET_DER_SEQUENCE, "timeStamp", &token) != CRET_OK ||
        cret_der_end(&stamp, "ArchiveTimeStamp") != CRET_OK) {
        return CRET_FAILED;
    }
    part->token = token.whole;
    return CRET_OK;
}

/* ArchiveTimeStampSequence. */
static enum cret_status read_chains(struct cret_seal *seal, struct cret_der *record)
{
    struct cret_der sequence, chain;
    if (cret_der_enter(record, CRET_DER_SEQUENCE, "archiveTimeStampSequence", &sequence) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&sequence)) {
        const uint8_t *at = sequence.next;
        if (seal->chain_count == CRET_LIMIT_SEAL_CHAINS) {
            cret_der_refuse(&sequence, at, "has more chains than are read");
            return cret_err_expected(sequence.err, "at most %u", CRET_LIMIT_SEAL_CHAINS);
        }
        if (cret_der_enter(&sequence, CRET_DER_SEQUENCE, "ArchiveTimeStampChain", &chain) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        if (!cret_der_more(&chain)) {
            return cret_der_refuse(&sequence, at, "has an empty chain");
        }
        while (cret_der_more(&chain)) {
            if (read_part(seal, &chain) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        seal->chains[seal->chain_count++] = (struct cret_bytes){at, (size_t)(sequence.next - at)};
    }
    return seal->chain_count > 0
               ? CRET_OK
               : cret_der_refuse(&sequence, sequence.next, "has no timestamp at all");
}

static enum cret_status read_record(struct cret_seal *seal, struct cret_err *err)
{
    struct cret_der der = cret_der_begin(seal->data, seal->size, CRET_SEAL_SUBJECT, CHECK, err);
    struct cret_der record;
    if (cret_der_enter(&der, CRET_DER_SEQUENCE, "EvidenceRecord", &record) != CRET_OK ||
        cret_der_end(&der, "EvidenceRecord") != CRET_OK ||
        cret_der_number(&record, "version", 1) != CRET_OK ||
        read_algorithms(seal, &record) != CRET_OK || read_options(&record) != CRET_OK ||
        read_chains(seal, &record) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(&record, "EvidenceRecord");
}

/* The digest of a timestamp is that of its chain, what its token is by, and one that is listed. */
static enum cret_status check_algorithm(struct cret_seal *seal, struct cret_seal_part *part,
                                        struct cret_err *err)
{
    const struct cret_digest_algorithm *token =
        cret_timestamp_imprint(part->timestamp, &part->imprint);
    const struct cret_digest_algorithm **chain = &seal->chain_algorithms[part->chain];
    bool listed = false;
    for (size_t i = 0; i < seal->algorithm_count; i++) {
        listed = listed || seal->algorithms[i] == token;
    }
    if (part->named != NULL && part->named != token) {
        cret_err_refuse(err, CHECK, "the token is by another digest than its digestAlgorithm");
        cret_err_expected(err, "%s", part->named->name);
        return cret_err_actual(err, "%s", token->name);
    }
    if (*chain != NULL && *chain != token) {
        cret_err_refuse(err, CHECK, "the token is by another digest than its chain");
        cret_err_expected(err, "%s", (*chain)->name);
        return cret_err_actual(err, "%s", token->name);
    }
    if (!listed) {
        cret_err_refuse(err, CHECK, "digestAlgorithms does not list the digest of the token");
        return cret_err_actual(err, "%s", token->name);
    }
    *chain = token;
    for (size_t i = 0; i < part->list_count; i++) {
        for (size_t j = 0; j < part->lists[i].count; j++) {
            if (part->lists[i].values[j].size != token->size) {
                cret_err_refuse(err, CHECK, "a digest in the hash tree has the wrong length");
                cret_err_expected(err, "%zu bytes (%s)", token->size, token->name);
                return cret_err_actual(err, "%zu bytes", part->lists[i].values[j].size);
            }
        }
    }
    return CRET_OK;
}

/* In the form of timestamp.h, in which its authority's signature covers every byte: what could be
 * changed in it unseen is not read. */
static enum cret_status read_token(struct cret_seal *seal, struct cret_seal_part *part,
                                   bool allow_rsa_2048, struct cret_err *err)
{
    return cret_timestamp_parse_alone(&part->timestamp, part->token, allow_rsa_2048, err) == CRET_OK
               ? check_algorithm(seal, part, err)
               : CRET_FAILED;
}

static enum cret_status read_tokens(struct cret_seal *seal, bool allow_rsa_2048,
                                    struct cret_err *err)
{
    for (size_t i = 0; i < seal->part_count; i++) {
        if (read_token(seal, seal->parts[i], allow_rsa_2048, err) != CRET_OK) {
            if (err != NULL && err->class == CRET_ERR_REFUSED && err->check != CHECK) {
                err->check = CRET_CHECK_SEAL_TIME;
            }
            return cret_err_context(err, "timestamp %zu of the seal", i + 1);
        }
    }
    return CRET_OK;
}

/* A digest takes at least two bytes of the record: no list can have more. */
static enum cret_status make_room(struct cret_seal *seal, const uint8_t *data, size_t size,
                                  struct cret_err *err)
{
    seal->data = malloc(size + 1);
    seal->parts = calloc(CRET_LIMIT_SEAL_STAMPS, sizeof(struct cret_seal_part *));
    seal->values = calloc(size / 2 + 1, sizeof(*seal->values));
    if (seal->data == NULL || seal->parts == NULL || seal->values == NULL) {
        return cret_err_memory(err);
    }
    if (size > 0) {
        memcpy(seal->data, data, size);
    }
    seal->size = size;
    return CRET_OK;
}

enum cret_status cret_seal_parse(struct cret_seal **ret_seal, const uint8_t *data, size_t size,
                                 bool allow_rsa_2048, struct cret_err *err)
{
    if (size > CRET_LIMIT_SEAL_BYTES) {
        cret_err_refuse(err, CHECK, "the seal has more bytes than are read");
        cret_err_expected(err, "at most %u", CRET_LIMIT_SEAL_BYTES);
        return cret_err_actual(err, "%zu", size);
    }
    struct cret_seal *seal = calloc(1, sizeof(*seal));
    if (seal == NULL) {
        return cret_err_memory(err);
    }
    if (make_room(seal, data, size, err) != CRET_OK || read_record(seal, err) != CRET_OK ||
        read_tokens(seal, allow_rsa_2048, err) != CRET_OK) {
        cret_seal_free(&seal);
        return CRET_FAILED;
    }
    *ret_seal = seal;
    return CRET_OK;
}

void cret_seal_free(struct cret_seal **seal)
{
    if (seal == NULL || *seal == NULL) {
        return;
    }
    for (size_t i = 0; i < (*seal)->part_count; i++) {
        cret_timestamp_free(&(*seal)->parts[i]->timestamp);
        free((*seal)->parts[i]);
    }
    free((*seal)->parts);
    free((*seal)->values);
    free((*seal)->data);
    free(*seal);
    *seal = NULL;
}

size_t cret_seal_count(const struct cret_seal *seal)
{
    return seal->part_count;
}

struct cret_seal_stamp cret_seal_at(const struct cret_seal *seal, size_t index)
{
    const struct cret_seal_part *part = seal->parts[index];
    return (struct cret_seal_stamp){.timestamp = part->timestamp,
                                    .algorithm = seal->chain_algorithms[part->chain],
                                    .chain = part->chain,
                                    .lists = part->list_count};
}

size_t cret_seal_first_list(const struct cret_seal *seal)
{
    return seal->parts[0]->list_count > 0 ? seal->parts[0]->lists[0].count : 1;
}

static bool same_stamp(const struct cret_seal_stamp *left, const struct cret_seal_stamp *right)
{
    struct cret_bytes one, other;
    return cret_timestamp_imprint(left->timestamp, &one) ==
               cret_timestamp_imprint(right->timestamp, &other) &&
           cret_bytes_equal(one, other) && left->chain == right->chain &&
           cret_timestamp_time(left->timestamp) == cret_timestamp_time(right->timestamp) &&
           strcmp(cret_timestamp_serial(left->timestamp),
                  cret_timestamp_serial(right->timestamp)) == 0 &&
           memcmp(cret_certificate_digest(cret_timestamp_signer(left->timestamp)),
                  cret_certificate_digest(cret_timestamp_signer(right->timestamp)),
                  CRET_SHA256_BYTES) == 0;
}

bool cret_seal_renews(const struct cret_seal *seal, const struct cret_seal *old)
{
    bool kept = cret_seal_count(seal) == cret_seal_count(old) + 1;
    for (size_t i = 0; kept && i < cret_seal_count(old); i++) {
        const struct cret_seal_stamp left = cret_seal_at(seal, i), right = cret_seal_at(old, i);
        kept = same_stamp(&left, &right);
    }
    return kept;
}
