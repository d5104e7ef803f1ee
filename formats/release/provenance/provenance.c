/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an attestation: envelope, statement, predicate. */
#include "release/provenance/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"

#define FORM CRET_CHECK_PROVENANCE_FORM
#define PAYLOAD_TYPE "application/vnd.in-toto+json"

/* Of an id: what tools write has less than a tenth of it. */
enum { MOST_URI_BYTES = 2000 };

static enum cret_status refuse(struct cret_err *err, const char *what, const char *where,
                               const char *expected, const char *actual)
{
    cret_err_refuse(err, FORM, "%s", what);
    cret_err_where(err, "%s", where);
    cret_err_expected(err, "%s", expected);
    cret_err_actual(err, "%s", actual != NULL ? actual : "absent");
    return cret_err_hint(err, "take the attestation as the build service wrote it");
}

/* Base64 of either alphabet (DSSE 1.0), in its one form: the other alphabet is put into the first,
 * where only one is used. class REFUSED. */
static enum cret_status decode(uint8_t **ret_data, size_t *ret_size, const char *text,
                               const char *where, struct cret_err *err)
{
    const bool other = text != NULL && strpbrk(text, "-_") != NULL && strpbrk(text, "+/") == NULL;
    char *copy = text != NULL ? strdup(text) : NULL;
    if (text != NULL && copy == NULL) {
        return cret_err_memory(err);
    }
    for (char *c = copy; other && *c != '\0'; c++) {
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    }
    const bool good =
        copy != NULL && copy[0] != '\0' && cret_base64_decode(ret_data, ret_size, copy) == CRET_OK;
    free(copy);
    return good ? CRET_OK
                : refuse(err, "a value of the envelope is not base64", where,
                         "base64 with padding, without line breaks",
                         text != NULL ? "another text" : NULL);
}

/* DSSE 1.0: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body. */
static enum cret_status encode(struct cret_provenance *provenance, const uint8_t *payload,
                               size_t size, struct cret_err *err)
{
    struct cret_buffer message = {0};
    cret_buffer_printf(&message, "DSSEv1 %zu %s %zu ", strlen(PAYLOAD_TYPE), PAYLOAD_TYPE, size);
    cret_buffer_append(&message, (const char *)payload, size);
    if (message.failed) {
        cret_buffer_free(&message);
        return cret_err_memory(err);
    }
    provenance->message = message.data;
    provenance->message_size = message.size;
    return CRET_OK;
}

static enum cret_status read_signatures(struct cret_provenance *provenance, const json_t *list,
                                        struct cret_err *err)
{
    if (!json_is_array(list) || json_array_size(list) > CRET_LIMIT_ATTESTATION_SIGNATURES) {
        char expected[48];
        snprintf(expected, sizeof(expected), "a list of at most %u",
                 (unsigned)CRET_LIMIT_ATTESTATION_SIGNATURES);
        return refuse(err, "the signatures of the envelope are no list, or too many",
                      "#/signatures", expected, json_is_array(list) ? "more" : NULL);
    }
    CRET_JSON_EACH_AT (index, entry, list) {
        char where[48];
        struct cret_provenance_signature *one = &provenance->signatures[index];
        snprintf(where, sizeof(where), "#/signatures/%zu/sig", index);
        if (decode(&one->value, &one->size, cret_json_string(entry, "sig"), where, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        one->keyid = cret_json_string(entry, "keyid");
        provenance->signature_count++;
    }
    return CRET_OK;
}

/* The payload of an envelope, and what its signatures are over. */
static enum cret_status open_envelope(struct cret_provenance *provenance, const json_t *envelope,
                                      struct cret_err *err)
{
    const char *type = cret_json_string(envelope, "payloadType");
    uint8_t *payload = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (type == NULL || strcmp(type, PAYLOAD_TYPE) != 0) {
        return refuse(err, "the envelope holds something else than an in-toto statement",
                      "#/payloadType", PAYLOAD_TYPE, type);
    }
    if (decode(&payload, &size, cret_json_string(envelope, "payload"), "#/payload", err) ==
            CRET_OK &&
        encode(provenance, payload, size, err) == CRET_OK &&
        read_signatures(provenance, json_object_get(envelope, "signatures"), err) == CRET_OK) {
        status = cret_json_parse(&provenance->statement, (const char *)payload, size,
                                 CRET_JSON_FOREIGN, FORM, err);
    }
    free(payload);
    return status;
}

static bool is_digest(const char *text, size_t digits)
{
    return text != NULL && strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

/* A digest is there, and one that is compared is in form. */
static enum cret_status check_digest(const json_t *subject, size_t index, struct cret_err *err)
{
    const json_t *digests = json_object_get(subject, "digest");
    const json_t *sha256 = json_object_get(digests, "sha256");
    char where[64];
    snprintf(where, sizeof(where), "#/subject/%zu/digest", index);
    if (!json_is_object(digests) || json_object_size(digests) == 0) {
        return refuse(err, "a subject of the statement has no digest", where,
                      "an object of digests", NULL);
    }
    if (sha256 != NULL && !is_digest(json_string_value(sha256), 2 * CRET_SHA256_BYTES)) {
        return refuse(err, "a digest of the statement is not in form", where,
                      "64 lower-case hex digits", json_string_value(sha256));
    }
    return CRET_OK;
}

/* Two subjects of one name would let each reader take another one. */
static enum cret_status check_subjects(const struct cret_provenance *provenance,
                                       struct cret_err *err)
{
    const json_t *subjects = json_object_get(provenance->statement, "subject");
    json_t *names = json_object();
    enum cret_status status = CRET_OK;
    if (names == NULL) {
        return cret_err_memory(err);
    }
    if (json_array_size(subjects) == 0 || json_array_size(subjects) > CRET_LIMIT_LIST) {
        status = refuse(err, "the statement is about nothing, or about too much", "#/subject",
                        "1 to 10000 subjects", NULL);
    }
    CRET_JSON_EACH_AT (index, subject, subjects) {
        const char *name = cret_json_string(subject, "name");
        if (status != CRET_OK) {
            break;
        }
        status = check_digest(subject, index, err);
        if (status == CRET_OK && name != NULL && json_object_get(names, name) != NULL) {
            status = refuse(err, "two subjects of the statement have the same name", "#/subject",
                            "names that differ", name);
        }
        if (status == CRET_OK && name != NULL && json_object_set(names, name, subject) != 0) {
            status = cret_err_memory(err);
        }
    }
    json_decref(names);
    return status;
}

/* Ids are shown beside what a policy says of them, and compared with what it names: a URI has no
 * blanks, no controls and no letters that look like others (RFC 3986). */
static enum cret_status check_uri(const char *text, const char *what, const char *where,
                                  struct cret_err *err)
{
    size_t size = 0;
    while (text[size] > ' ' && text[size] <= '~') {
        size++;
    }
    if (size > 0 && size <= MOST_URI_BYTES && text[size] == '\0') {
        return CRET_OK;
    }
    char expected[80];
    snprintf(expected, sizeof(expected), "a URI: 1 to %d printable ASCII characters, no blanks",
             MOST_URI_BYTES);
    return refuse(err, what, where, expected, text);
}

static enum cret_status check_statement(struct cret_provenance *provenance, struct cret_err *err)
{
    static const char *const types[] = {"https://in-toto.io/Statement/v1",
                                        "https://in-toto.io/Statement/v0.1"};
    const json_t *statement = provenance->statement;
    const char *type = cret_json_string(statement, "_type");
    if (type == NULL || (strcmp(type, types[0]) != 0 && strcmp(type, types[1]) != 0)) {
        return refuse(err, "the attestation holds no in-toto statement", "#/_type", types[0], type);
    }
    provenance->predicate_type = cret_json_string(statement, "predicateType");
    if (provenance->predicate_type == NULL) {
        return refuse(err, "the statement does not say what it states", "#/predicateType", "a URI",
                      NULL);
    }
    if (cret_provenance_is_slsa(provenance)) {
        provenance->builder = cret_json_string(statement, "predicate.runDetails.builder.id");
        provenance->build_type = cret_json_string(statement, "predicate.buildDefinition.buildType");
        if (provenance->builder == NULL) {
            return refuse(err, "the provenance does not say which builder made it",
                          "#/predicate/runDetails/builder/id", "a URI", NULL);
        }
        if (provenance->build_type == NULL) {
            return refuse(err, "the provenance does not say how the build was described",
                          "#/predicate/buildDefinition/buildType", "a URI", NULL);
        }
        if (check_uri(provenance->builder, "the id of the builder is no URI",
                      "#/predicate/runDetails/builder/id", err) != CRET_OK ||
            check_uri(provenance->build_type, "the type of the build is no URI",
                      "#/predicate/buildDefinition/buildType", err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return check_subjects(provenance, err);
}

bool cret_provenance_is_slsa(const struct cret_provenance *provenance)
{
    return strcmp(provenance->predicate_type, CRET_SLSA_PROVENANCE) == 0;
}

/* Envelope, bundle or bare statement: of two in one file each reader would take another one. */
static enum cret_status open_text(struct cret_provenance *provenance, struct cret_err *err)
{
    static const char *const forms[] = {"dsseEnvelope", "payload", "_type"};
    const json_t *bundled = json_object_get(provenance->envelope, "dsseEnvelope");
    size_t count = 0;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        count += json_object_get(provenance->envelope, forms[i]) != NULL ? 1u : 0u;
    }
    if (count > 1) {
        return refuse(err, "the file holds more than one statement", "#",
                      "one of dsseEnvelope, payload and _type", "several");
    }
    if (bundled != NULL) {
        return open_envelope(provenance, bundled, err);
    }
    if (json_object_get(provenance->envelope, "_type") != NULL) {
        provenance->statement = json_incref(provenance->envelope);
        return CRET_OK;
    }
    return open_envelope(provenance, provenance->envelope, err);
}

enum cret_status cret_provenance_read(struct cret_provenance **ret_provenance, const char *text,
                                      size_t size, struct cret_err *err)
{
    struct cret_provenance *provenance = calloc(1, sizeof(*provenance));
    if (provenance == NULL) {
        return cret_err_memory(err);
    }
    if (cret_json_parse(&provenance->envelope, text, size, CRET_JSON_FOREIGN, FORM, err) !=
            CRET_OK ||
        open_text(provenance, err) != CRET_OK || check_statement(provenance, err) != CRET_OK) {
        cret_provenance_free(&provenance);
        return CRET_FAILED;
    }
    *ret_provenance = provenance;
    return CRET_OK;
}

void cret_provenance_free(struct cret_provenance **provenance)
{
    if (provenance == NULL || *provenance == NULL) {
        return;
    }
    for (size_t i = 0; i < CRET_LIMIT_ATTESTATION_SIGNATURES; i++) {
        free((*provenance)->signatures[i].value);
    }
    free((*provenance)->message);
    json_decref((*provenance)->statement);
    json_decref((*provenance)->envelope);
    free(*provenance);
    *provenance = NULL;
}
