/* SPDX-License-Identifier: Apache-2.0 */
/* `foreign` of a record: which proof a foreign file came with, and what it does not cover. */
#include <string.h>

#include "base/text/json_build.h"
#include "base/text/text.h"
#include "foreign/foreign.h"

static json_t *describe_gaps(const struct cret_foreign_proof *proof)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < proof->gap_count; i++) {
        const struct cret_foreign_gap *gap = &proof->gaps[i];
        struct cret_build object = cret_build_object();
        cret_build_string(&object, "part", gap->what);
        cret_build_integer(&object, "offset", (int64_t)gap->offset);
        cret_build_integer(&object, "bytes", (int64_t)gap->bytes);
        cret_build_boolean(&object, "zero", gap->zero);
        if (gap->in_signature) {
            cret_build_string(&object, "within", "signature");
        }
        cret_build_add(&list, cret_build_end(&object));
    }
    return cret_build_end(&list);
}

static json_t *describe_others(const struct cret_foreign_proof *proof)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < proof->other_count; i++) {
        struct cret_build object = cret_build_object();
        cret_build_text(&object, "subject", proof->others[i].subject);
        cret_build_sha256(&object, "certificateSha256", proof->others[i].certificate_sha256);
        cret_build_add(&list, cret_build_end(&object));
    }
    return cret_build_end(&list);
}

static void text(struct cret_build *object, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        cret_build_text(object, key, value);
    }
}

static json_t *describe_proof(const struct cret_foreign_kind *kind,
                              const struct cret_foreign_proof *proof)
{
    struct cret_build object = cret_build_object(), notes = cret_build_list();
    char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
    cret_build_string(&object, "kind", kind->id);
    cret_build_string(&object, "proves", kind->proves);
    cret_build_string(&object, "leaves", kind->leaves);
    cret_build_boolean(&object, "verified", proof->verified);
    text(&object, "digestAlgorithm", proof->digest_algorithm);
    cret_hex_encode(hex, proof->digest, proof->digest_size);
    text(&object, "digest", hex);
    text(&object, "weak", proof->weak ? proof->weak_words : NULL);
    text(&object, "subject", proof->subject);
    text(&object, "issuer", proof->issuer);
    text(&object, "serial", proof->serial);
    if (proof->has_certificate) {
        cret_build_sha256(&object, "certificateSha256", proof->certificate_sha256);
    }
    if (proof->has_key) {
        cret_build_sha256(&object, "keySha256", proof->key_sha256);
    }
    text(&object, "key", proof->key_name);
    if (proof->time.given) {
        cret_build_time(&object, "time", proof->time.value);
        text(&object, "timeBy", proof->time_by);
    }
    if (proof->claimed_time.given) {
        cret_build_time(&object, "selfAssertedTime", proof->claimed_time.value);
    }
    if (proof->gap_count > 0) {
        cret_build_put(&object, "unhashed", describe_gaps(proof));
    }
    if (proof->other_count > 0) {
        cret_build_put(&object, "otherSigners", describe_others(proof));
    }
    for (size_t i = 0; i < proof->note_count; i++) {
        cret_build_add(&notes, json_string(proof->notes[i]));
    }
    cret_build_put(&object, "notes", cret_build_end(&notes));
    return cret_build_end(&object);
}

static json_t *describe_sides(const struct cret_foreign_request *request)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < request->side_count; i++) {
        struct cret_build object = cret_build_object();
        uint8_t digest[CRET_SHA256_BYTES];
        if (cret_sha256(digest, request->sides[i].data, request->sides[i].size, NULL) != CRET_OK) {
            object.failed = true;
        }
        cret_build_text(&object, "name", request->sides[i].name);
        cret_build_sha256(&object, "sha256", digest);
        cret_build_add(&list, cret_build_end(&object));
    }
    return cret_build_end(&list);
}

json_t *cret_foreign_describe(const struct cret_foreign_result *result,
                              const struct cret_foreign_request *request)
{
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "name", request->file->name);
    cret_build_sha256(&object, "sha256", result->sha256);
    cret_build_integer(&object, "size", (int64_t)request->file->size);
    if (result->kind != NULL) {
        cret_build_put(&object, "proof", describe_proof(result->kind, &result->proof));
    }
    if (result->list_kind != NULL) {
        cret_build_put(&object, "listProof",
                       describe_proof(result->list_kind, &result->list_proof));
    }
    if (result->pin != NULL) {
        cret_build_text(&object, "pin", result->pin->name);
        cret_build_text(&object, "vendor", result->scope != NULL ? result->scope->vendor : NULL);
    }
    cret_build_put(&object, "beside", describe_sides(request));
    return cret_build_end(&object);
}
