/* SPDX-License-Identifier: Apache-2.0 */
/* The digests of all members, held to the signed lists. */
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "package/package.h"

/* One walk. */
struct hashing {
    struct cret_package *package;
    cret_package_sink sink;
    void *context;
    struct cret_sha256 *sha256;
    struct cret_sha512 *sha512; /* of the member that is being read, where a list asks for it */
    bool begun;                 /* of the member that is being read */
};

static bool wants_sha512(const struct cret_package *package, const char *name)
{
    for (size_t i = 0; i < package->pair_count; i++) {
        const struct cret_asic_reference *one =
            cret_asic_manifest_find(package->pairs[i].manifest, name);
        if (one != NULL && one->sha512) {
            return true;
        }
    }
    return false;
}

static enum cret_status begin(struct hashing *hashing, size_t member, struct cret_err *err)
{
    if (hashing->begun) {
        return CRET_OK;
    }
    cret_sha256_reset(hashing->sha256);
    hashing->begun = true;
    return wants_sha512(hashing->package, hashing->package->zip->members[member].name)
               ? cret_sha512_new(&hashing->sha512, err)
               : CRET_OK;
}

static enum cret_status take(void *context, size_t member, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *err)
{
    struct hashing *hashing = context;
    if (begin(hashing, member, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_sha256_update(hashing->sha256, data, size);
    if (hashing->sha512 != NULL) {
        cret_sha512_update(hashing->sha512, data, size);
    }
    return hashing->sink == NULL ? CRET_OK
                                 : hashing->sink(hashing->context, member, offset, data, size, err);
}

static enum cret_status differ(const struct cret_asic_reference *reference,
                               const struct cret_package_pair *pair, const uint8_t *actual,
                               struct cret_err *err)
{
    char expected_hex[2 * CRET_SHA512_BYTES + 1], actual_hex[2 * CRET_SHA512_BYTES + 1];
    const size_t size = reference->sha512 ? CRET_SHA512_BYTES : CRET_SHA256_BYTES;
    cret_hex_encode(expected_hex, reference->digest, size);
    cret_hex_encode(actual_hex, actual, size);
    cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS,
                    "a member does not have the digest of %s: it was changed after signing, or is "
                    "damaged",
                    pair->list_name);
    cret_err_where(err, "%s", reference->name);
    cret_err_expected(err, "%s", expected_hex);
    return cret_err_actual(err, "%s", actual_hex);
}

/* The first list that has another digest for the member. */
static enum cret_status compare(const struct cret_package *package, const char *name,
                                const uint8_t sha256[CRET_SHA256_BYTES],
                                const uint8_t sha512[CRET_SHA512_BYTES], struct cret_err *err)
{
    for (size_t i = 0; i < package->pair_count; i++) {
        const struct cret_package_pair *pair = &package->pairs[i];
        const struct cret_asic_reference *one = cret_asic_manifest_find(pair->manifest, name);
        if (one != NULL && memcmp(one->digest, one->sha512 ? sha512 : sha256,
                                  one->sha512 ? CRET_SHA512_BYTES : CRET_SHA256_BYTES) != 0) {
            return differ(one, pair, one->sha512 ? sha512 : sha256, err);
        }
    }
    return CRET_OK;
}

enum cret_status cret_package_holds(const struct cret_package *package, const char *name,
                                    const uint8_t *data, size_t size, struct cret_err *err)
{
    uint8_t sha256[CRET_SHA256_BYTES], sha512[CRET_SHA512_BYTES];
    return cret_sha256(sha256, data, size, err) == CRET_OK &&
                   cret_sha512(sha512, data, size, err) == CRET_OK
               ? compare(package, name, sha256, sha512, err)
               : CRET_FAILED;
}

/* What was read into memory before is what lies there now. */
static enum cret_status check_kept(const struct cret_package *package, const char *name,
                                   const uint8_t digest[CRET_SHA256_BYTES], struct cret_err *err)
{
    uint8_t before[CRET_SHA256_BYTES];
    const uint8_t *data = NULL;
    size_t size = 0;
    for (size_t i = 0; i < package->pair_count && data == NULL; i++) {
        const struct cret_package_pair *pair = &package->pairs[i];
        if (strcmp(name, pair->list_name) == 0) {
            data = pair->list;
            size = pair->list_size;
        } else if (strcmp(name, pair->signature_name) == 0) {
            data = pair->signature;
            size = pair->signature_size;
        }
    }
    if (strcmp(name, CRET_PACKAGE_METADATA_PATH) == 0) {
        data = package->metadata;
        size = package->metadata_size;
    }
    if (data == NULL) {
        return CRET_OK;
    }
    if (cret_sha256(before, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return memcmp(before, digest, sizeof(before)) == 0
               ? CRET_OK
               : cret_err_undecided(err, "the file changed while it was read");
}

static enum cret_status finish(void *context, size_t member, struct cret_err *err)
{
    struct hashing *hashing = context;
    struct cret_package *package = hashing->package;
    const char *name = package->zip->members[member].name;
    uint8_t *sha256 = package->digests[member];
    uint8_t sha512[CRET_SHA512_BYTES] = {0};
    if (begin(hashing, member, err) != CRET_OK ||
        cret_sha256_final(hashing->sha256, sha256, err) != CRET_OK ||
        (hashing->sha512 != NULL && cret_sha512_final(hashing->sha512, sha512, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    cret_sha512_free(&hashing->sha512);
    hashing->begun = false;
    return compare(package, name, sha256, sha512, err) == CRET_OK
               ? check_kept(package, name, sha256, err)
               : CRET_FAILED;
}

enum cret_status cret_package_walk(struct cret_package *package, struct cret_source *source,
                                   cret_package_sink sink, void *context, struct cret_err *err)
{
    struct hashing hashing = {.package = package, .sink = sink, .context = context};
    const struct cret_zip_walk walk = {.data = take, .end = finish, .context = &hashing};
    enum cret_status status = CRET_FAILED;
    free(package->digests);
    package->digests = calloc(package->zip->count, sizeof(*package->digests));
    if (package->digests == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sha256_new(&hashing.sha256, err) == CRET_OK) {
        status = cret_zip_walk(package->zip, source, &walk, err);
    }
    cret_sha256_free(&hashing.sha256);
    cret_sha512_free(&hashing.sha512);
    return status;
}

enum cret_status cret_package_match_below(struct cret_package *package,
                                          const struct cret_package *whole, struct cret_err *err)
{
    static const uint8_t none[CRET_SHA512_BYTES]; /* lists by SHA-512 were refused */
    free(package->digests);
    package->digests = calloc(package->zip->count, sizeof(*package->digests));
    if (package->digests == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < package->zip->count; i++) {
        const struct cret_zip_member *member = &package->zip->members[i];
        const size_t at = cret_zip_find(whole->zip, member->name - member->below);
        if (at == whole->zip->count || whole->digests == NULL) {
            return cret_err_undecided(err, "internal error: a member of a solution");
        }
        if (compare(package, member->name, whole->digests[at], none, err) != CRET_OK ||
            check_kept(package, member->name, whole->digests[at], err) != CRET_OK) {
            return CRET_FAILED;
        }
        memcpy(package->digests[i], whole->digests[at], sizeof(package->digests[i]));
    }
    return CRET_OK;
}
