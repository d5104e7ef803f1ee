/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/previous.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/os.h"
#include "container/archive.h"

enum cret_status cret_previous_read(struct cret_manifest **ret_manifest, const char *path,
                                    struct cret_err *err)
{
    int fd = -1;
    struct cret_source *source = NULL;
    struct cret_front *front = NULL;
    struct cret_findings *findings = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) == CRET_OK &&
        cret_source_new(&source, fd, err) == CRET_OK &&
        cret_front_read(&front, source, err) == CRET_OK &&
        cret_manifest_parse_unverified(ret_manifest, front->manifest, front->manifest_size,
                                       findings, err) == CRET_OK) {
        status = CRET_OK;
    }
    cret_front_free(&front);
    cret_source_free(&source);
    cret_os_close(&fd);
    cret_findings_free(&findings);
    if (status != CRET_OK && err->class == CRET_ERR_REFUSED) {
        err->class = CRET_ERR_USAGE;
    }
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", path);
}

void cret_previous_check_release(const struct cret_manifest *old, const struct cret_manifest *now,
                                 struct cret_findings *findings)
{
    char expected[64], actual[64];
    if (strcmp(old->vendor, now->vendor) != 0 || strcmp(old->product, now->product) != 0) {
        char *was = cret_text_printf("%s/%s", old->vendor, old->product);
        char *is = cret_text_printf("%s/%s", now->vendor, now->product);
        cret_findings_add(findings, CRET_CHECK_RELEASE_PRODUCT, CRET_RESULT_FAIL, "#/product", was,
                          is, "give the last release of the same product as --previous",
                          "the previous release is of another product");
        free(was);
        free(is);
        return;
    }
    if (now->sequence <= old->sequence) {
        (void)snprintf(expected, sizeof(expected), "more than %" PRId64, old->sequence);
        (void)snprintf(actual, sizeof(actual), "%" PRId64, now->sequence);
        cret_findings_add(findings, CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_FAIL,
                          "#/release/sequence", expected, actual,
                          "raise the sequence with every release; verifiers go by it",
                          "the sequence does not rise above that of release %s", old->version);
    }
}

static int compare_path(const void *key, const void *element)
{
    const struct cret_entry *entry = element;
    return strcmp(key, entry->path);
}

/* Digest of a document's content as lower-case hex; false where the manifest gives none. */
static bool document_digest(const struct cret_manifest *manifest, const json_t *document,
                            char out[CRET_SHA256_HEX])
{
    const char *file = cret_json_string(document, "file");
    const char *digest = cret_json_string(document, "sha256");
    if (file != NULL) {
        const struct cret_entry *entry = bsearch(file, manifest->entries, manifest->file_count,
                                                 sizeof(*manifest->entries), compare_path);
        if (entry == NULL) {
            return false;
        }
        cret_hex_encode(out, entry->sha256, CRET_SHA256_BYTES);
        return true;
    }
    if (digest == NULL || strlen(digest) + 1 != CRET_SHA256_HEX) {
        return false;
    }
    memcpy(out, digest, CRET_SHA256_HEX);
    return true;
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
    const char *left = cret_json_string(a, name), *right = cret_json_string(b, name);
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

/* One id in common is the same document. */
static const json_t *common_id(const json_t *a, const json_t *b)
{
    size_t i, j;
    json_t *left, *right;
    json_array_foreach(json_object_get(a, "ids"), i, left)
    {
        json_array_foreach(json_object_get(b, "ids"), j, right)
        {
            if (same_text(left, right, "domain") && same_text(left, right, "id")) {
                return left;
            }
        }
    }
    return NULL;
}

static void compare_documents(const struct cret_manifest *old, const json_t *before,
                              const struct cret_manifest *now, const json_t *document, size_t index,
                              struct cret_findings *findings)
{
    char was[CRET_SHA256_HEX], is[CRET_SHA256_HEX], where[64];
    const json_t *id = common_id(before, document);
    if (id == NULL || !same_text(before, document, "version") ||
        !document_digest(old, before, was) || !document_digest(now, document, is) ||
        strcmp(was, is) == 0) {
        return;
    }
    (void)snprintf(where, sizeof(where), "#/documents/%zu/version", index);
    cret_findings_add(findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL, where, was, is,
                      "give the document its next version, or take the file of the last release",
                      "document %s has changed since release %s, but not its version %s",
                      cret_json_string(id, "id"), old->version,
                      cret_json_string(document, "version"));
}

void cret_previous_check_documents(const struct cret_manifest *old, const struct cret_manifest *now,
                                   struct cret_findings *findings)
{
    size_t i, j;
    json_t *document, *before;
    json_array_foreach(json_object_get(now->json, "documents"), i, document)
    {
        json_array_foreach(json_object_get(old->json, "documents"), j, before)
        {
            compare_documents(old, before, now, document, i, findings);
        }
    }
}
