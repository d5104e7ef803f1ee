/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON document about a release that a child hands over. */
#include "verifier/child/describe.h"

#include <stdlib.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "evidence/record/record.h"
#include "release/statements/document.h"
#include "verifier/child/recorded.h"

/* Text that came out of certificates may be anything. */
static json_t *describe_certificate(const struct cret_certificate *certificate)
{
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "subject", cret_certificate_subject(certificate));
    cret_build_text(&object, "issuer", cret_certificate_issuer(certificate));
    cret_build_text(&object, "serial", cret_certificate_serial(certificate));
    cret_build_time(&object, "notBefore", cret_certificate_not_before(certificate));
    cret_build_time(&object, "notAfter", cret_certificate_not_after(certificate));
    cret_build_sha256(&object, "sha256", cret_certificate_digest(certificate));
    cret_build_sha256(&object, "keySha256", cret_certificate_key_digest(certificate));
    return cret_build_end(&object);
}

static json_t *describe_path(const struct cret_chain *chain)
{
    struct cret_build path = cret_build_list();
    for (size_t i = 0; i < chain->count; i++) {
        cret_build_add(&path, describe_certificate(chain->certificates[i]));
    }
    return cret_build_end(&path);
}

/* What a timestamp says, and who trusts it. */
static json_t *describe_timestamp(const struct cret_timestamp *timestamp,
                                  const struct cret_signature_judgement *judgement)
{
    struct cret_build object = cret_build_object();
    cret_build_time(&object, "time", cret_timestamp_time(timestamp));
    cret_build_integer(&object, "accuracyMicroseconds",
                       (int64_t)cret_timestamp_accuracy(timestamp));
    cret_build_text(&object, "serial", cret_timestamp_serial(timestamp));
    cret_build_put(&object, "certificate", describe_certificate(cret_timestamp_signer(timestamp)));
    cret_build_string(&object, "certificateNamedBy",
                      cret_timestamp_named_by_sha1(timestamp) ? "signingCertificate (SHA-1)"
                                                              : "signingCertificateV2");
    cret_build_text(&object, "authority", judgement->authority);
    if (judgement->authority == NULL && judgement->timestamp_why.what[0] != '\0') {
        cret_build_text(&object, "whyNot", judgement->timestamp_why.what);
    }
    return cret_build_end(&object);
}

/* What dates a signature that no timestamp does. */
static json_t *describe_seal(const struct cret_sealed *sealed)
{
    struct cret_build object = cret_build_object();
    cret_build_time(&object, "sealedAt", sealed->since);
    cret_build_text(&object, "authority", sealed->authority);
    cret_build_time(&object, "provedUntil", sealed->until);
    cret_build_text(&object, "lastAuthority", sealed->last);
    cret_build_integer(&object, "timestamps", (int64_t)sealed->stamps);
    return cret_build_end(&object);
}

static void describe_judgement(struct cret_build *object,
                               const struct cret_signature_judgement *judgement)
{
    cret_build_boolean(object, "counted", judgement->counted);
    cret_build_flag(object, "completes", judgement->completes);
    if (!judgement->completes && !judgement->counted) {
        const char *why = judgement->why_not.what;
        cret_build_text(object, "whyNot", why[0] != '\0' ? why : NULL);
        return;
    }
    cret_build_text(object, "scope", judgement->scope);
    cret_build_text(object, "role", judgement->role);
    cret_build_text(object, "signer", judgement->signer);
    cret_build_time(object, "time", judgement->time);
    if (judgement->sealed.held) {
        cret_build_put(object, "seal", describe_seal(&judgement->sealed));
    }
    cret_build_put(object, "path", describe_path(&judgement->chain));
    cret_build_boolean(object, "revocationKnown", judgement->revocation_known);
}

static json_t *describe_signature(const struct cret_gate_signature *signature)
{
    const struct cret_cms *cms = signature->cms;
    int64_t signing_time = 0;
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "name", signature->name);
    cret_build_sha256(&object, "sha256", signature->digest);
    cret_build_boolean(&object, "sound", cms != NULL);
    if (cms == NULL) {
        return cret_build_end(&object);
    }
    cret_build_text(&object, "algorithm", cret_cms_algorithm(cms));
    /* Meaning and time are covered by the value alone. */
    if (!signature->unchecked) {
        cret_build_text(&object, "meaning", cret_meaning_name(cret_cms_meaning(cms)));
    }
    if (!signature->unchecked && cret_cms_signing_time(cms, &signing_time)) {
        cret_build_time(&object, "selfAssertedTime", signing_time);
    }
    cret_build_put(&object, "certificate", describe_certificate(cret_cms_signer(cms)));
    cret_build_flag(&object, "unchecked", signature->unchecked);
    const struct cret_timestamp *timestamp = cret_cms_timestamp(cms);
    if (timestamp != NULL) {
        cret_build_put(&object, "timestamp", describe_timestamp(timestamp, &signature->judgement));
    }
    describe_judgement(&object, &signature->judgement);
    return cret_build_end(&object);
}

static void describe_manifest(struct cret_build *document, const struct cret_manifest *manifest,
                              bool whole)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        bytes += manifest->entries[i].size;
    }
    cret_build_integer(document, "fileCount", (int64_t)manifest->file_count);
    cret_build_integer(document, "fileBytes", (int64_t)bytes);
    if (json_object_get(manifest->json, "documents") != NULL) {
        cret_build_put(document, "documents", cret_document_list(manifest));
    }
    if (whole) {
        cret_build_share(document, "manifest", manifest->json);
    }
}

json_t *cret_describe(const struct cret_manifest *manifest, const struct cret_gate_result *gate,
                      const struct cret_content_facts *facts, bool whole)
{
    struct cret_build document = cret_build_object(), signatures = cret_build_list();
    if (manifest != NULL) {
        describe_manifest(&document, manifest, whole);
        cret_recorded_parts(&document, manifest, facts);
    }
    for (size_t i = 0; i < gate->signature_count; i++) {
        cret_build_add(&signatures, describe_signature(&gate->signatures[i]));
    }
    cret_build_put(&document, "signatures", cret_build_end(&signatures));
    return cret_build_end(&document);
}

json_t *cret_describe_claim(const struct cret_front *front)
{
    static const char *const claims[][2] = {
        {"vendor", "product.vendor"}, {"product", "product.name"}, {"version", "release.version"}};
    struct cret_build object = cret_build_object();
    json_t *manifest = NULL;
    struct cret_err err = {0};
    uint8_t identity[CRET_SHA256_BYTES];
    if (cret_sha256(identity, front->manifest, front->manifest_size, &err) != CRET_OK) {
        object.failed = true;
        return cret_build_end(&object);
    }
    cret_build_sha256(&object, "identity", identity);
    if (cret_json_parse(&manifest, (const char *)front->manifest, front->manifest_size,
                        CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, NULL) == CRET_OK) {
        for (size_t i = 0; i < CRET_LENGTH(claims); i++) {
            cret_build_text(&object, claims[i][0], cret_json_string(manifest, claims[i][1]));
        }
    }
    json_decref(manifest);
    return cret_build_end(&object);
}

static json_t *describe_cross_check(const struct cret_gate_signature *signature)
{
    struct cret_cms_material material;
    char digest[2 * sizeof(material.digest) + 1];
    char *key = NULL, *value = NULL;
    json_t *object = NULL;
    if (cret_cms_material(&material, signature->cms, NULL) == CRET_OK &&
        cret_base64_encode(&key, material.key, material.key_size) == CRET_OK &&
        cret_base64_encode(&value, material.value, material.value_size) == CRET_OK) {
        cret_hex_encode(digest, material.digest, material.digest_size);
        object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", signature->name, "algorithm",
                           cret_cms_algorithm(signature->cms), "key", key, "digest", digest,
                           "value", value);
    }
    free(key);
    free(value);
    return object;
}

json_t *cret_describe_cross_checks(const struct cret_gate_result *gate)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < gate->signature_count; i++) {
        if (gate->signatures[i].cms != NULL) {
            cret_build_add(&list, describe_cross_check(&gate->signatures[i]));
        }
    }
    return cret_build_end(&list);
}
