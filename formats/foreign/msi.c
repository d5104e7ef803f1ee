/* SPDX-License-Identifier: Apache-2.0 */
/* What a signature of an installer package is over: streams in the order of their names; and, in
 * front of them, a digest over names, sizes, times and classes. */
#include "foreign/msi.h"

#include <stdlib.h>
#include <string.h>

static const char signature_name[] = "\5DigitalSignature",
                  extended_name[] = "\5MsiDigitalSignatureEx";

enum cret_status cret_msi_open(struct cret_msi *ret_msi, const struct cret_foreign_file *file,
                               struct cret_err *err)
{
    ret_msi->signature = ret_msi->extended = NULL;
    if (cret_cfb_open(&ret_msi->cfb, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    ret_msi->signature = cret_cfb_find(&ret_msi->cfb, signature_name);
    ret_msi->extended = cret_cfb_find(&ret_msi->cfb, extended_name);
    const struct cret_cfb_entry *const both[] = {ret_msi->signature, ret_msi->extended};
    for (size_t i = 0; i < 2; i++) {
        if (both[i] != NULL && cret_cfb_slack_entry(&ret_msi->cfb, both[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

void cret_msi_clear(struct cret_msi *msi)
{
    cret_cfb_clear(&msi->cfb);
}

static bool is_skipped(const struct cret_msi *msi, const struct cret_cfb_entry *entry)
{
    return entry == msi->signature || entry == msi->extended;
}

/* Class and state of a storage; of all but the root its name before, and its times behind. */
static void hash_storage_names(const struct cret_cfb_entry *storage, struct cret_foreign_hash *hash)
{
    const bool root = storage->type == CRET_CFB_ROOT;
    cret_foreign_hash_bytes(hash, storage->name, root ? 0 : storage->name_size - 2);
    cret_foreign_hash_bytes(hash, storage->clsid, sizeof(storage->clsid));
    cret_foreign_hash_bytes(hash, storage->state, sizeof(storage->state));
    cret_foreign_hash_bytes(hash, storage->times, root ? 0 : sizeof(storage->times));
}

static void hash_stream_names(const struct cret_cfb_entry *stream, struct cret_foreign_hash *hash)
{
    const uint8_t size[] = {(uint8_t)stream->size, (uint8_t)(stream->size >> 8),
                            (uint8_t)(stream->size >> 16), (uint8_t)(stream->size >> 24)};
    cret_foreign_hash_bytes(hash, stream->name, stream->name_size - 2);
    cret_foreign_hash_bytes(hash, size, sizeof(size));
    cret_foreign_hash_bytes(hash, stream->state, sizeof(stream->state));
    cret_foreign_hash_bytes(hash, stream->times, sizeof(stream->times));
}

/* Recursion ends at CRET_CFB_DEPTH, which was checked. */
static void hash_names(const struct cret_msi *msi, const struct cret_cfb_entry *storage,
                       struct cret_foreign_hash *hash)
{
    hash_storage_names(storage, hash);
    for (size_t i = 0; i < storage->child_count; i++) {
        const struct cret_cfb_entry *child = storage->children[i];
        if (is_skipped(msi, child)) {
            continue;
        }
        if (child->type == CRET_CFB_STREAM) {
            hash_stream_names(child, hash);
        } else {
            hash_names(msi, child, hash);
        }
    }
}

static enum cret_status hash_content(const struct cret_msi *msi,
                                     const struct cret_cfb_entry *storage,
                                     struct cret_foreign_hash *hash, struct cret_err *err)
{
    for (size_t i = 0; i < storage->child_count; i++) {
        const struct cret_cfb_entry *child = storage->children[i];
        if (!is_skipped(msi, child) &&
            (child->type == CRET_CFB_STREAM ? cret_cfb_hash(&msi->cfb, child, hash, err)
                                            : hash_content(msi, child, hash, err)) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    cret_foreign_hash_bytes(hash, storage->clsid, sizeof(storage->clsid));
    return CRET_OK;
}

/* The digest over names is that which the package holds. */
static enum cret_status compare_names(const struct cret_msi *msi, const EVP_MD *md,
                                      uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    uint8_t *held = NULL;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    hash_names(msi, &msi->cfb.entries[0], &hash);
    if (cret_foreign_hash_end(&hash, ret_digest, ret_size, err) != CRET_OK ||
        cret_cfb_load(&held, &msi->cfb, msi->extended, EVP_MAX_MD_SIZE, "the digest over names",
                      err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool same = cret_bytes_equal((struct cret_bytes){held, msi->extended->size},
                                       (struct cret_bytes){ret_digest, *ret_size});
    free(held);
    return same ? CRET_OK
                : cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                                  "names, sizes or times of the package's streams were changed "
                                  "after it was signed");
}

enum cret_status cret_msi_hash(const struct cret_msi *msi, const EVP_MD *md, uint8_t *ret_digest,
                               size_t *ret_size, struct cret_err *err)
{
    struct cret_foreign_hash hash;
    uint8_t names[EVP_MAX_MD_SIZE];
    size_t size = 0;
    if ((msi->extended != NULL && compare_names(msi, md, names, &size, err) != CRET_OK) ||
        cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_hash_bytes(&hash, names, size);
    if (hash_content(msi, &msi->cfb.entries[0], &hash, err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    return cret_foreign_hash_end(&hash, ret_digest, ret_size, err);
}

void cret_msi_name_gaps(const struct cret_msi *msi, struct cret_foreign_proof *proof)
{
    static const char *const words[CRET_CFB_SLACK_KINDS] = {
        [CRET_CFB_SLACK_HEADER] = "parts of the compound file's header that mean nothing",
        [CRET_CFB_SLACK_FREE] = "free sectors",
        [CRET_CFB_SLACK_BEHIND] = "bytes behind the last sector in use",
        [CRET_CFB_SLACK_END] = "bytes between the end of a stream and that of its sectors",
        [CRET_CFB_SLACK_DIRECTORY] = "parts of the directory that mean nothing",
        [CRET_CFB_SLACK_SIGNATURE] = "bytes behind the signature in its stream",
        [CRET_CFB_SLACK_UNSIGNED] = "the package's own signature, which the catalogue is not over"};
    cret_foreign_gap_add(proof, "header, allocation tables and directory, which fit the streams", 0,
                         msi->cfb.structure, false, true);
    for (size_t i = 0; i < CRET_CFB_SLACK_KINDS; i++) {
        const struct cret_cfb_slack *slack = &msi->cfb.slack[i];
        cret_foreign_gap_add(proof, words[i], slack->zero_at, slack->zero_bytes, true, false);
        cret_foreign_gap_add(proof, words[i], slack->other_at, slack->other_bytes, false, false);
    }
}

enum cret_status cret_msi_check_names(const struct cret_msi *msi, struct cret_foreign_proof *proof,
                                      struct cret_err *err)
{
    if (msi->extended != NULL) {
        return CRET_OK;
    }
    if (proof->pin == NULL || !proof->pin->legacy) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "the signature is not over the names of the package's streams, and the "
                        "pin%s%s does not let that count",
                        proof->pin != NULL ? " " : "", proof->pin != NULL ? proof->pin->name : "");
        return cret_err_hint(err, "ask the vendor to sign with MsiDigitalSignatureEx; legacy in "
                                  "the pin lets packages without it count");
    }
    cret_foreign_note(proof, "names, sizes and times of the package's streams are not protected: "
                             "it has no MsiDigitalSignatureEx");
    return CRET_OK;
}
