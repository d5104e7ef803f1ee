/* SPDX-License-Identifier: Apache-2.0 */
/* Computing the second digest of files while they are verified. */
#include "verifier/child/advise_digests.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "base/text/text.h"

struct entry {
    struct cret_sha512 *hash; /* while its bytes come */
    uint64_t size, done;
    uint8_t digest[CRET_SHA512_BYTES];
    bool complete;
};

struct cret_advise_digests {
    size_t count;
    struct entry entries[];
};

enum cret_status cret_advise_digests_new(struct cret_advise_digests **ret_digests,
                                         const struct cret_manifest *manifest, struct cret_err *err)
{
    struct cret_advise_digests *digests =
        calloc(1, sizeof(*digests) + manifest->file_count * sizeof(digests->entries[0]));
    if (digests == NULL) {
        return cret_err_memory(err);
    }
    digests->count = manifest->file_count;
    for (size_t i = 0; i < digests->count; i++) {
        digests->entries[i].size = manifest->entries[i].size;
    }
    *ret_digests = digests;
    return CRET_OK;
}

void cret_advise_digests_free(struct cret_advise_digests **digests)
{
    if (digests == NULL || *digests == NULL) {
        return;
    }
    for (size_t i = 0; i < (*digests)->count; i++) {
        cret_sha512_free(&(*digests)->entries[i].hash);
    }
    free(*digests);
    *digests = NULL;
}

enum cret_status cret_advise_digests_write(struct cret_advise_digests *digests, size_t entry,
                                           uint64_t offset, const uint8_t *data, size_t size,
                                           struct cret_err *err)
{
    /* The list of digests of a detached release is no file of the manifest. */
    if (entry >= digests->count || offset != digests->entries[entry].done) {
        return CRET_OK;
    }
    struct entry *one = &digests->entries[entry];
    if (one->hash == NULL && cret_sha512_new(&one->hash, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_sha512_update(one->hash, data, size);
    one->done += size;
    if (one->done < one->size) {
        return CRET_OK;
    }
    const enum cret_status status = cret_sha512_final(one->hash, one->digest, err);
    one->complete = status == CRET_OK && one->done == one->size;
    cret_sha512_free(&one->hash);
    return status;
}

/* What a child may tell its parent is bounded (CRET_LIMIT_DOCUMENT_BYTES): of more files only what
 * the release is made of has both digests. */
#define MOST_FILES 100000u

static bool is_told(const struct cret_advise_digests *digests, const json_t *file)
{
    const char *role = json_string_value(json_object_get(file, "role"));
    return digests->count <= MOST_FILES ||
           (role != NULL && (strcmp(role, "firmware") == 0 || strcmp(role, "software") == 0));
}

int cret_advise_digests_add(const struct cret_advise_digests *digests, json_t *files)
{
    int failed = 0;
    CRET_JSON_EACH_AT (index, file, files) {
        char hex[2 * CRET_SHA512_BYTES + 1];
        if (index < digests->count && digests->entries[index].complete && is_told(digests, file)) {
            cret_hex_encode(hex, digests->entries[index].digest, CRET_SHA512_BYTES);
            failed |= json_object_set_new(file, "sha512", json_string(hex));
        }
    }
    return failed;
}
