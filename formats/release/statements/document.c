/* SPDX-License-Identifier: Apache-2.0 */
/* Identities of documents: written, and compared with those of an earlier release. */
#include "release/statements/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/unicode.h"
#include "release/manifest/manifest_fields.h"
#include "release/manifest/manifest_internal.h"

const json_t *cret_document_find(const json_t *documents, const char *id)
{
    CRET_JSON_EACH (document, documents) {
        CRET_JSON_EACH (entry, json_object_get(document, "ids")) {
            const char *own = cret_json_string(entry, "id");
            if (own != NULL && id != NULL && strcmp(own, id) == 0) {
                return document;
            }
        }
    }
    return NULL;
}

const char *cret_document_title(const json_t *document)
{
    json_t *titles = json_object_get(document, "title");
    const char *title = json_string_value(json_object_iter_value(json_object_iter(titles)));
    return title != NULL ? title : "without a title";
}

bool cret_document_digest(const struct cret_manifest *manifest, const json_t *document,
                          char ret_hex[CRET_SHA256_HEX])
{
    const char *file = cret_json_string(document, "file");
    const char *digest = cret_json_string(document, "sha256");
    if (file != NULL) {
        const struct cret_entry *entry =
            cret_manifest_entry(manifest->entries, manifest->file_count, file);
        if (entry == NULL) {
            return false;
        }
        cret_hex_encode(ret_hex, entry->sha256, CRET_SHA256_BYTES);
        return true;
    }
    if (digest == NULL || strlen(digest) + 1 != CRET_SHA256_HEX) {
        return false;
    }
    memcpy(ret_hex, digest, CRET_SHA256_HEX);
    return true;
}

static json_t *describe(const struct cret_manifest *manifest, const json_t *document)
{
    char hex[CRET_SHA256_HEX];
    json_t *kept = json_object();
    bool failed = kept == NULL;
    for (const struct cret_field *kept_field = cret_document_list_fields;
         !failed && kept_field->name != NULL; kept_field++) {
        json_t *value = json_object_get(document, kept_field->name);
        failed = value != NULL && json_object_set(kept, kept_field->name, value) != 0;
    }
    if (!failed && cret_document_digest(manifest, document, hex)) {
        failed = json_object_set_new(kept, "sha256", json_string(hex)) != 0;
    }
    if (failed) {
        json_decref(kept);
        return NULL;
    }
    return kept;
}

json_t *cret_document_list(const struct cret_manifest *manifest)
{
    json_t *list = json_array();
    CRET_JSON_EACH (document, json_object_get(manifest->json, "documents")) {
        if (list == NULL || json_array_append_new(list, describe(manifest, document)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
    const char *left = cret_json_string(a, name), *right = cret_json_string(b, name);
    return left != NULL && right != NULL && cret_unicode_same(left, right);
}

/* One id in common is the same document. */
static const json_t *common_id(const json_t *a, const json_t *b)
{
    CRET_JSON_EACH (left, json_object_get(a, "ids")) {
        CRET_JSON_EACH (right, json_object_get(b, "ids")) {
            if (same_text(left, right, "domain") && same_text(left, right, "id")) {
                return left;
            }
        }
    }
    return NULL;
}

/* Translations share an id and a version. Where one of two does not say its languages, they may be
 * the same ones. */
static bool share_language(const json_t *a, const json_t *b)
{
    const json_t *left = json_object_get(a, "languages"), *right = json_object_get(b, "languages");
    bool shared = json_array_size(left) == 0 || json_array_size(right) == 0;
    CRET_JSON_EACH (one, (json_t *)(uintptr_t)left) {
        CRET_JSON_EACH (other, (json_t *)(uintptr_t)right) {
            shared = shared || json_equal(one, other) == 1;
        }
    }
    return shared;
}

/* The id by which `document` is an edition of `known` with the same version; or NULL. */
static const json_t *same_edition(const json_t *known, const json_t *document)
{
    return same_text(known, document, "version") ? common_id(known, document) : NULL;
}

/* A known document that is there as it was: what else has its id and version is a translation. */
static bool lives_on(const json_t *known, const json_t *now)
{
    CRET_JSON_EACH (document, (json_t *)(uintptr_t)now) {
        if (same_edition(known, document) != NULL && same_text(known, document, "sha256")) {
            return true;
        }
    }
    return false;
}

static void compare(const json_t *known, const char *since, const json_t *document, size_t index,
                    struct cret_findings *findings)
{
    const json_t *id = same_edition(known, document);
    const char *was = cret_json_string(known, "sha256"), *is = cret_json_string(document, "sha256");
    char where[64];
    if (id == NULL || was == NULL || is == NULL || !share_language(known, document)) {
        return;
    }
    snprintf(where, sizeof(where), "#/documents/%zu/version", index);
    cret_findings_add(
        findings, CRET_CHECK_DOCUMENT_IDENTITY, CRET_RESULT_FAIL,
        (struct cret_finding_text){
            .where = where,
            .expected = was,
            .actual = is,
            .hint = "give the document its next version, or take the file of the last release"},
        "document %s has changed since %s, but not its version %s", cret_json_string(id, "id"),
        since, cret_json_string(document, "version"));
}

void cret_document_compare(const json_t *known, const char *since, const json_t *now,
                           struct cret_findings *findings)
{
    CRET_JSON_EACH (before, (json_t *)(uintptr_t)known) {
        if (lives_on(before, now)) {
            continue;
        }
        CRET_JSON_EACH_AT (i, document, (json_t *)(uintptr_t)now) {
            compare(before, since, document, i, findings);
        }
    }
}

void cret_document_prove(const struct cret_manifest *manifest, const char *name,
                         const uint8_t sha256[CRET_SHA256_BYTES], struct cret_findings *findings)
{
    char given[CRET_SHA256_HEX], named[CRET_SHA256_HEX], where[64];
    const json_t *documents = json_object_get(manifest->json, "documents");
    size_t on_request = 0;
    cret_hex_encode(given, sha256, CRET_SHA256_BYTES);
    CRET_JSON_EACH_AT (index, document, (json_t *)(uintptr_t)documents) {
        const char *availability = cret_json_string(document, "availability");
        const bool included = availability != NULL && strcmp(availability, "included") == 0;
        const json_t *id = json_array_get(json_object_get(document, "ids"), 0);
        on_request += included ? 0 : 1;
        if (!cret_document_digest(manifest, document, named) || strcmp(named, given) != 0) {
            continue;
        }
        snprintf(where, sizeof(where), "#/documents/%zu", index);
        cret_findings_add(
            findings, CRET_CHECK_DOCUMENT_ALSO, CRET_RESULT_PASS,
            (struct cret_finding_text){.where = where, .expected = named, .actual = given},
            "%s is document %s, version %s, %s", name, cret_json_string(id, "id"),
            cret_json_string(document, "version"),
            included ? "which the release includes" : "which the release names by its SHA-256");
        return;
    }
    snprintf(where, sizeof(where), "%zu %s on request, none with this SHA-256", on_request,
             cret_plural(on_request, "document", "documents"));
    cret_findings_add(findings, CRET_CHECK_DOCUMENT_ALSO, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .where = "#/documents",
                          .expected = where,
                          .actual = given,
                          .hint =
                              "ask the vendor for the file that this release names; a watermark or "
                              "another edition is another file"},
                      "%s is no document of this release", name);
}

bool cret_document_mark_proved(json_t *list, const uint8_t sha256[CRET_SHA256_BYTES])
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, sha256, CRET_SHA256_BYTES);
    CRET_JSON_EACH (document, list) {
        const char *own = cret_json_string(document, "sha256");
        if (own != NULL && strcmp(own, hex) == 0 &&
            json_object_set_new(document, "proved", json_true()) != 0) {
            return false;
        }
    }
    return true;
}
