/* SPDX-License-Identifier: Apache-2.0 */
/* Statement, predicate and envelope made of a record. */
#include "evidence/export/export_vsa.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema/schema.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "evidence/export/export.h"
#include "evidence/export/usable.h"

/* {"name"|"uri": ..., "digest": {"sha256": ...}} */
static json_t *resource(const char *key, const char *name, const char *digest)
{
    return digest != NULL ? json_pack("{s:s, s:{s:s}}", key, name, "digest", "sha256", digest)
                          : json_pack("{s:s}", key, name);
}

/* Percent-encodes what may not stand in a URN (RFC 8141). Caller frees. */
static char *encoded(const char *text)
{
    struct cret_buffer out = {0};
    cret_buffer_append(&out, "", 0);
    for (const char *at = text; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        const bool plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           (byte >= '0' && byte <= '9') || strchr("-._~", byte) != NULL;
        if (plain) {
            cret_buffer_append(&out, at, 1);
        } else {
            cret_buffer_printf(&out, "%%%02X", byte);
        }
    }
    if (out.failed) {
        cret_buffer_free(&out);
    }
    return out.data;
}

static json_t *subjects(const struct cret_record_copy *record, bool passed)
{
    const json_t *what = json_object_get(record->json, "what");
    struct cret_build list = cret_build_list();
    const char *identity = cret_json_string(what, "identity");
    const char *archive = cret_json_string(what, "archive.sha256");
    if (archive != NULL) {
        cret_build_add(&list, resource("name", cret_json_string(what, "archive.name"), archive));
    }
    if (identity != NULL) {
        cret_build_add(&list, resource("name", "MANIFEST.json", identity));
    }
    CRET_JSON_EACH (file, json_object_get(what, "files")) {
        /* What was only claimed, or belongs to a refused release, is nobody's subject. */
        if (passed && strcmp(cret_json_string(file, "sha256State"), "verified") == 0) {
            cret_build_add(&list, resource("name", cret_json_string(file, "path"),
                                           cret_json_string(file, "sha256")));
        }
    }
    return cret_build_end(&list);
}

static json_t *policy(const struct cret_record_copy *record)
{
    const json_t *said = cret_json_get(record->json, "how.policy");
    const char *name = cret_json_string(said, "name");
    char *uri = NULL;
    if (name != NULL) {
        char *safe = encoded(name);
        uri = safe != NULL ? cret_text_printf("urn:cretula:trust:%s:%" PRId64, safe,
                                              cret_json_integer(said, "version", 0))
                           : NULL;
        free(safe);
    } else {
        /* A bare anchor is named by its key. */
        const json_t *first = json_array_get(json_object_get(said, "anchors"), 0);
        const char *key = cret_json_string(first, "keySha256");
        uri = cret_text_printf("urn:cretula:anchor:%s", key != NULL ? key : "none");
    }
    json_t *object = uri != NULL ? resource("uri", uri, cret_json_string(said, "sha256")) : NULL;
    free(uri);
    return object;
}

/* Every signature that counted. */
static json_t *inputs(const struct cret_record_copy *record)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (signature, cret_json_get(record->json, "how.signatures")) {
        if (!cret_json_boolean(signature, "counted", false)) {
            continue;
        }
        char *name = cret_text_printf("SIGNATURES/%s.p7s", cret_json_string(signature, "name"));
        cret_build_add(&list, name != NULL
                                  ? resource("uri", name, cret_json_string(signature, "sha256"))
                                  : NULL);
        free(name);
    }
    return cret_build_end(&list);
}

/* The level that the policy grants the builders of all firmware and software; 0 where something of
 * that is not proved, or was granted none. */
static int64_t build_level(const struct cret_record_copy *record)
{
    int64_t level = 3;
    bool covered = false, any = false;
    CRET_JSON_EACH (one, cret_json_get(record->json, "result.checks")) {
        const char *check = cret_json_string(one, "check");
        const char *result = cret_json_string(one, "result");
        covered =
            covered || (strcmp(check, "provenance.coverage") == 0 && strcmp(result, "PASS") == 0);
    }
    CRET_JSON_EACH (one, cret_json_get(record->json, "what.provenance")) {
        const int64_t own = cret_json_integer(one, "level", 0);
        if (cret_json_boolean(one, "proved", false)) {
            level = own < level ? own : level;
            any = true;
        }
    }
    return covered && any ? level : 0;
}

/* Levels of our own, beside SLSA's. */
static json_t *levels(const struct cret_record_copy *record, bool passed)
{
    const char *origin = cret_json_string(record->json, "what.origin");
    struct cret_build list = cret_build_list();
    if (!passed) {
        cret_build_add(&list, json_string("FAILED"));
        return cret_build_end(&list);
    }
    cret_build_add(&list, json_sprintf("SLSA_BUILD_LEVEL_%d", (int)build_level(record)));
    cret_build_add(&list, json_string(origin != NULL && strcmp(origin, "adopted") == 0
                                          ? "CRETULA_ADOPTED_RELEASE"
                                          : "CRETULA_SIGNED_RELEASE"));
    if (record->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS) {
        cret_build_add(&list, json_string("CRETULA_WITH_WAIVERS"));
    }
    return cret_build_end(&list);
}

static json_t *resource_uri(const struct cret_record_copy *record,
                            const struct cret_vsa_names *names)
{
    const char *identity = cret_json_string(record->json, "what.identity");
    const char *archive = cret_json_string(record->json, "what.archive.sha256");
    const char *purl = cret_json_string(record->json, "what.product.purl");
    if (names->resource_uri != NULL || purl != NULL) {
        return json_string(names->resource_uri != NULL ? names->resource_uri : purl);
    }
    char *uri = identity != NULL ? cret_text_printf("urn:cretula:release:sha256:%s", identity)
                                 : cret_text_printf("urn:cretula:archive:sha256:%s",
                                                    archive != NULL ? archive : "unknown");
    json_t *value = uri != NULL ? json_string(uri) : NULL;
    free(uri);
    return value;
}

enum cret_status cret_vsa_statement(json_t **ret_statement, const struct cret_record_copy *record,
                                    const struct cret_vsa_names *names, bool allow_example_keys,
                                    struct cret_err *err)
{
    if (cret_export_usable(record, allow_example_keys, "VSA", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool passed = record->verdict != CRET_VERDICT_REFUSED;
    json_t *subject = subjects(record, passed);
    if (subject != NULL && json_array_size(subject) == 0) {
        json_decref(subject);
        cret_err_usage(err, "the record names nothing by its digest: there is no subject");
        return cret_err_hint(err, "run the verification with --archive-digest");
    }
    struct cret_build statement = cret_build_object(), predicate = cret_build_object();
    const char *const program = cret_json_string(record->json, "how.program");
    const char *const version = cret_json_string(record->json, "how.version");
    cret_build_put(&predicate, "verifier",
                   json_pack("{s:s, s:{s:s}}", "id",
                             names->verifier_id != NULL ? names->verifier_id : "urn:cretula:verify",
                             "version", program, version));
    cret_build_string(&predicate, "timeVerified", cret_json_string(record->json, "when.time"));
    cret_build_put(&predicate, "resourceUri", resource_uri(record, names));
    cret_build_put(&predicate, "policy", policy(record));
    cret_build_put(&predicate, "inputAttestations", inputs(record));
    cret_build_string(&predicate, "verificationResult", passed ? "PASSED" : "FAILED");
    cret_build_put(&predicate, "verifiedLevels", levels(record, passed));
    cret_build_string(&predicate, "slsaVersion", "1.0");
    cret_build_string(&statement, "_type", "https://in-toto.io/Statement/v1");
    cret_build_put(&statement, "subject", subject);
    cret_build_string(&statement, "predicateType", "https://slsa.dev/verification_summary/v1");
    cret_build_put(&statement, "predicate", cret_build_end(&predicate));
    return cret_build_take(ret_statement, &statement, err);
}

enum cret_status cret_dsse_encode(char **ret_message, size_t *ret_size, const char *payload,
                                  size_t size, struct cret_err *err)
{
    struct cret_buffer message = {0};
    cret_buffer_printf(&message, "DSSEv1 %zu %s %zu ", strlen(CRET_DSSE_PAYLOAD_TYPE),
                       CRET_DSSE_PAYLOAD_TYPE, size);
    cret_buffer_append(&message, payload, size);
    if (message.failed) {
        cret_buffer_free(&message);
        return cret_err_memory(err);
    }
    *ret_message = message.data;
    *ret_size = message.size;
    return CRET_OK;
}

enum cret_status cret_dsse_envelope(json_t **ret_envelope, const char *payload, size_t size,
                                    const uint8_t *signature, size_t signature_size,
                                    const uint8_t key_digest[CRET_SHA256_BYTES],
                                    struct cret_err *err)
{
    char *body = NULL, *value = NULL, key[CRET_SHA256_HEX];
    json_t *envelope = NULL;
    cret_hex_encode(key, key_digest, CRET_SHA256_BYTES);
    if (cret_base64_encode(&body, (const uint8_t *)payload, size) == CRET_OK &&
        cret_base64_encode(&value, signature, signature_size) == CRET_OK) {
        envelope = json_pack("{s:s, s:s, s:[{s:s, s:s}]}", "payload", body, "payloadType",
                             CRET_DSSE_PAYLOAD_TYPE, "signatures", "keyid", key, "sig", value);
    }
    free(body);
    free(value);
    if (envelope == NULL) {
        return cret_err_memory(err);
    }
    *ret_envelope = envelope;
    return CRET_OK;
}

enum cret_status cret_dsse_read_back(const json_t *envelope, const json_t *statement,
                                     struct cret_err *err)
{
    const char *kind = cret_json_string(envelope, "payloadType");
    const char *payload = cret_json_string(envelope, "payload");
    uint8_t *data = NULL;
    size_t size = 0;
    json_t *json = NULL;
    struct cret_err ignored = {0};
    const bool fits = kind != NULL && strcmp(kind, CRET_DSSE_PAYLOAD_TYPE) == 0 &&
                      payload != NULL && cret_base64_decode(&data, &size, payload) == CRET_OK &&
                      cret_json_parse(&json, (const char *)data, size, CRET_JSON_STRICT,
                                      CRET_CHECK_RECORD_FORM, &ignored) == CRET_OK &&
                      json_equal(json, statement);
    json_decref(json);
    free(data);
    return fits ? CRET_OK : cret_err_undecided(err, "the attestation could not be read back");
}

/* A URI has a scheme; anything else would not be found by who looks for it. And an attestation has
 * no field that says as of when its maker judged the record. */
static enum cret_status check(const struct cret_options *options, struct cret_err *err)
{
    static const char *const names[] = {"verifier-id", "resource-uri"};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const char *value = cret_options_value(options, names[i]);
        if (value != NULL && !cret_format_accepts(CRET_FORMAT_URI, value)) {
            cret_err_usage(err, "--%s: not a URI: %s", names[i], value);
            return cret_err_expected(err, "%s", cret_format_words(CRET_FORMAT_URI));
        }
    }
    if (!cret_options_given(options, "at")) {
        return CRET_OK;
    }
    cret_err_usage(err, "a record that is judged as of another time (--at) gives no VSA");
    return cret_err_hint(err,
                         "verify the release again and export that record, or name what vouches "
                         "for this one today: --journal DIR, --station FILE");
}

/* Signature and envelope; what is written is what our own reader takes. */
static enum cret_status seal(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             const json_t *statement, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    json_t *envelope = NULL;
    char *message = NULL, *payload = json_dumps(statement, JSON_COMPACT);
    size_t message_size = 0;
    struct cret_export_signature signature = {0};
    if (payload == NULL) {
        return cret_err_memory(err);
    }
    if (cret_dsse_encode(&message, &message_size, payload, strlen(payload), err) == CRET_OK &&
        job->sign(job->context, message, message_size, &signature, err) == CRET_OK &&
        cret_dsse_envelope(&envelope, payload, strlen(payload), signature.value, signature.size,
                           signature.key_digest, err) == CRET_OK &&
        cret_dsse_read_back(envelope, statement, err) == CRET_OK) {
        status = cret_json_print(ret_text, ret_size, envelope, err);
    }
    json_decref(envelope);
    free(payload);
    free(message);
    free(signature.value);
    return status;
}

static enum cret_status make(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err)
{
    const struct cret_vsa_names names = {
        .verifier_id = cret_options_value(job->options, "verifier-id"),
        .resource_uri = cret_options_value(job->options, "resource-uri")};
    json_t *statement = NULL;
    if (cret_vsa_statement(&statement, job->record, &names, job->allow_example_keys, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = seal(ret_text, ret_size, job, statement, err);
    json_decref(statement);
    return status;
}

static const struct cret_option vsa_options[] = {
    CRET_FLAG("vsa",
              "SLSA Verification Summary Attestation (in-toto Statement v1) in a DSSE envelope, "
              "signed with --key.",
              .left_free = true),
    CRET_OPTION("verifier-id", "URI",
                "How policy engines know this verifier. Default: urn:cretula:verify.",
                .needs = "vsa", .left_free = true),
    CRET_OPTION("resource-uri", "URI",
                "How they know the release. Default: the product's purl, or a URN of its identity.",
                .needs = "vsa", .left_free = true),
    CRET_OPTION_END,
};

const struct cret_export cret_export_vsa = {
    .options = {"Form", vsa_options},
    .signs = true,
    .check = check,
    .make = make,
};
