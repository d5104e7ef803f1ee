/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON document about a release that a child hands over. */
#include "verifier/child/describe.h"

#include <stdlib.h>

#include "base/text/text.h"
#include "base/text/time.h"
#include "evidence/record/record.h"
#include "release/statements/document.h"

/* Parts of the manifest that every summary and record repeats. */
static const char *const summary_keys[] = {"product", "origin",   "adoption",
                                           "release", "hardware", "lifecycle",
                                           "restart", "contacts", "notice"};

static int set_hex(json_t *object, const char *key, const uint8_t *digest)
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    return json_object_set_new(object, key, json_string(hex));
}

static int set_time(json_t *object, const char *key, int64_t seconds)
{
    char text[32];
    cret_time_format(text, seconds);
    return json_object_set_new(object, key, json_string(text));
}

/* Text that came out of certificates may be anything. */
static int set_text(json_t *object, const char *key, const char *text)
{
    /* What is not known is left out. */
    return text != NULL ? json_object_set_new(object, key, cret_record_text(text)) : 0;
}

static json_t *describe_certificate(const struct cret_certificate *certificate)
{
    json_t *object = json_object();
    if (object == NULL || set_text(object, "subject", cret_certificate_subject(certificate)) != 0 ||
        set_text(object, "issuer", cret_certificate_issuer(certificate)) != 0 ||
        set_text(object, "serial", cret_certificate_serial(certificate)) != 0 ||
        set_time(object, "notBefore", cret_certificate_not_before(certificate)) != 0 ||
        set_time(object, "notAfter", cret_certificate_not_after(certificate)) != 0 ||
        set_hex(object, "sha256", cret_certificate_digest(certificate)) != 0 ||
        set_hex(object, "keySha256", cret_certificate_key_digest(certificate)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *describe_path(const struct cret_chain *chain)
{
    json_t *path = json_array();
    for (size_t i = 0; path != NULL && i < chain->count; i++) {
        json_t *step = describe_certificate(chain->certificates[i]);
        if (step == NULL || json_array_append_new(path, step) != 0) {
            json_decref(path);
            return NULL;
        }
    }
    return path;
}

/* What a timestamp says, and who trusts it. */
static json_t *describe_timestamp(const struct cret_timestamp *timestamp,
                                  const struct cret_signature_judgement *judgement)
{
    json_t *object = json_object();
    int failed = object == NULL;
    if (failed == 0) {
        failed |= set_time(object, "time", cret_timestamp_time(timestamp));
        failed |= json_object_set_new(object, "accuracyMicroseconds",
                                      json_integer((json_int_t)cret_timestamp_accuracy(timestamp)));
        failed |= set_text(object, "serial", cret_timestamp_serial(timestamp));
        failed |= json_object_set_new(object, "certificate",
                                      describe_certificate(cret_timestamp_signer(timestamp)));
        failed |= set_text(object, "certificateNamedBy",
                           cret_timestamp_named_by_sha1(timestamp) ? "signingCertificate (SHA-1)"
                                                                   : "signingCertificateV2");
        failed |= set_text(object, "authority", judgement->authority);
        if (judgement->authority == NULL && judgement->timestamp_why.what[0] != '\0') {
            failed |= set_text(object, "whyNot", judgement->timestamp_why.what);
        }
    }
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int describe_judgement(json_t *object, const struct cret_signature_judgement *judgement)
{
    int failed = json_object_set_new(object, "counted", json_boolean(judgement->counted));
    if (judgement->completes) {
        failed |= json_object_set_new(object, "completes", json_true());
    } else if (!judgement->counted) {
        const char *why = judgement->why_not.what[0] != '\0' ? judgement->why_not.what : NULL;
        return failed | set_text(object, "whyNot", why);
    }
    failed |= set_text(object, "scope", judgement->scope);
    failed |= set_text(object, "role", judgement->role);
    failed |= set_text(object, "signer", judgement->signer);
    failed |= set_time(object, "time", judgement->time);
    failed |= json_object_set_new(object, "path", describe_path(&judgement->chain));
    failed |=
        json_object_set_new(object, "revocationKnown", json_boolean(judgement->revocation_known));
    return failed;
}

static json_t *describe_signature(const struct cret_gate_signature *signature)
{
    json_t *object = json_object();
    if (object == NULL) {
        return NULL;
    }
    int failed = json_object_set_new(object, "name", json_string(signature->name));
    failed |= set_hex(object, "sha256", signature->digest);
    failed |= json_object_set_new(object, "sound", json_boolean(signature->cms != NULL));
    if (signature->cms != NULL) {
        int64_t signing_time = 0;
        failed |= set_text(object, "algorithm", cret_cms_algorithm(signature->cms));
        /* Meaning and time are covered by the value alone. */
        if (!signature->unchecked) {
            failed |=
                set_text(object, "meaning", cret_meaning_name(cret_cms_meaning(signature->cms)));
        }
        if (!signature->unchecked && cret_cms_signing_time(signature->cms, &signing_time)) {
            failed |= set_time(object, "selfAssertedTime", signing_time);
        }
        failed |= json_object_set_new(object, "certificate",
                                      describe_certificate(cret_cms_signer(signature->cms)));
        if (signature->unchecked) {
            failed |= json_object_set_new(object, "unchecked", json_true());
        }
        const struct cret_timestamp *timestamp = cret_cms_timestamp(signature->cms);
        if (timestamp != NULL) {
            failed |= json_object_set_new(object, "timestamp",
                                          describe_timestamp(timestamp, &signature->judgement));
        }
        failed |= describe_judgement(object, &signature->judgement);
    }
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int describe_manifest(json_t *document, const struct cret_manifest *manifest, bool whole)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        bytes += manifest->entries[i].size;
    }
    int failed =
        json_object_set_new(document, "fileCount", json_integer((json_int_t)manifest->file_count)) |
        json_object_set_new(document, "fileBytes", json_integer((json_int_t)bytes));
    for (size_t i = 0; i < sizeof(summary_keys) / sizeof(summary_keys[0]); i++) {
        json_t *value = json_object_get(manifest->json, summary_keys[i]);
        if (value != NULL) {
            failed |= json_object_set(document, summary_keys[i], value);
        }
    }
    if (json_object_get(manifest->json, "documents") != NULL) {
        failed |= json_object_set_new(document, "documents", cret_document_list(manifest));
    }
    if (whole) {
        failed |= json_object_set(document, "manifest", manifest->json);
    }
    return failed;
}

json_t *cret_describe(const struct cret_manifest *manifest, const struct cret_gate_result *gate,
                      bool whole)
{
    json_t *document = json_object();
    json_t *signatures = json_array();
    int failed = document == NULL || signatures == NULL;
    if (failed == 0 && manifest != NULL) {
        failed = describe_manifest(document, manifest, whole);
    }
    for (size_t i = 0; failed == 0 && i < gate->signature_count; i++) {
        failed = json_array_append_new(signatures, describe_signature(&gate->signatures[i]));
    }
    if (failed != 0 || json_object_set(document, "signatures", signatures) != 0) {
        json_decref(document);
        document = NULL;
    }
    json_decref(signatures);
    return document;
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
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < gate->signature_count; i++) {
        if (gate->signatures[i].cms != NULL &&
            json_array_append_new(list, describe_cross_check(&gate->signatures[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
