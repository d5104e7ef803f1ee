/* SPDX-License-Identifier: Apache-2.0 */
/* Rules across a manifest: its files, their order, SHA256SUMS. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "release/manifest/manifest_internal.h"

/* Hex digits, two spaces, line break. */
#define CHECKSUM_LINE_BYTES (2u * CRET_SHA256_BYTES + 3u)

/* Not by bsearch: in a list that is not sorted, which is refused, each system's finds something
 * else, and what is said of it is to be the same everywhere. */
const struct cret_entry *cret_manifest_entry(const struct cret_entry *entries, size_t count,
                                             const char *path)
{
    size_t begin = 0, end = count;
    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;
        const int order = strcmp(path, entries[middle].path);
        if (order == 0) {
            return &entries[middle];
        }
        begin = order > 0 ? middle + 1 : begin;
        end = order < 0 ? middle : end;
    }
    return NULL;
}

size_t cret_manifest_find(const struct cret_manifest *manifest, const char *path)
{
    const struct cret_entry *entry =
        path != NULL ? cret_manifest_entry(manifest->entries, manifest->file_count, path) : NULL;
    return entry != NULL ? (size_t)(entry - manifest->entries) : manifest->file_count;
}

const char **cret_manifest_detached_names(const struct cret_manifest *manifest)
{
    const char **names = calloc(manifest->file_count + 1, sizeof(*names));
    for (size_t i = 0; names != NULL && i < manifest->file_count; i++) {
        const char *original = manifest->files[i].original;
        names[i] = original != NULL && cret_path_original_safe(original)
                       ? original
                       : manifest->entries[i].path;
    }
    return names;
}

static bool is_checksums(const struct cret_entry *entry)
{
    return strcmp(entry->path, CRET_CHECKSUMS_PATH) == 0;
}

/* "<hex>  " into out (CHECKSUM_LINE_BYTES); the path and the line break follow. */
static size_t checksum_head(char *out, const struct cret_entry *entry)
{
    cret_hex_encode(out, entry->sha256, CRET_SHA256_BYTES);
    memcpy(out + 2 * CRET_SHA256_BYTES, "  ", 2);
    return 2 * CRET_SHA256_BYTES + 2;
}

/* SHA-256 and size of the regenerated SHA256SUMS, without holding its text. */
static enum cret_status checksums_digest(uint8_t ret_digest[CRET_SHA256_BYTES], uint64_t *ret_size,
                                         const struct cret_entry *entries, size_t count,
                                         struct cret_err *err)
{
    struct cret_sha256 *hash = NULL;
    if (cret_sha256_new(&hash, err) != CRET_OK) {
        return CRET_FAILED;
    }
    uint64_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_checksums(&entries[i])) {
            continue;
        }
        char head[CHECKSUM_LINE_BYTES];
        const size_t head_size = checksum_head(head, &entries[i]);
        const size_t path_size = strlen(entries[i].path);
        cret_sha256_update(hash, head, head_size);
        cret_sha256_update(hash, entries[i].path, path_size);
        cret_sha256_update(hash, "\n", 1);
        size += head_size + path_size + 1;
    }
    const enum cret_status status = cret_sha256_final(hash, ret_digest, err);
    cret_sha256_free(&hash);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_size = size;
    return CRET_OK;
}

enum cret_status cret_manifest_checksums_text(char **ret_text, size_t *ret_size,
                                              const struct cret_entry *entries, size_t count,
                                              struct cret_err *err)
{
    struct cret_buffer buffer = {0};
    cret_buffer_append(&buffer, "", 0);
    for (size_t i = 0; i < count; i++) {
        if (is_checksums(&entries[i])) {
            continue;
        }
        char head[CHECKSUM_LINE_BYTES];
        cret_buffer_append(&buffer, head, checksum_head(head, &entries[i]));
        cret_buffer_append(&buffer, entries[i].path, strlen(entries[i].path));
        cret_buffer_append(&buffer, "\n", 1);
    }
    char *empty = buffer.data == NULL && !buffer.failed ? calloc(1, 1) : NULL;
    if (buffer.failed || (buffer.data == NULL && empty == NULL)) {
        cret_buffer_free(&buffer);
        return cret_err_memory(err);
    }
    *ret_text = buffer.data != NULL ? buffer.data : empty;
    *ret_size = buffer.size;
    return CRET_OK;
}

static void format_pointer(char out[64], size_t index, const char *member)
{
    snprintf(out, 64, "#/files/%zu%s%s", index, member[0] != '\0' ? "/" : "", member);
}

/* The rules for the paths as a set; they give one fault, the first one. */
static enum cret_status check_paths(const struct cret_manifest *manifest,
                                    struct cret_findings *findings, struct cret_err *err)
{
    const char **paths = calloc(manifest->file_count + 1, sizeof(*paths));
    if (paths == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        paths[i] = manifest->entries[i].path;
    }
    struct cret_err fault = {0};
    size_t index = 0;
    enum cret_status status = CRET_OK;
    if (cret_path_check_all(paths, manifest->file_count, &index, &fault) != CRET_OK) {
        if (fault.class == CRET_ERR_REFUSED) {
            cret_err_where(&fault, "#/files/%zu/path", index);
            if (fault.actual[0] == '\0' && index < manifest->file_count) {
                cret_err_actual(&fault, "%s", paths[index]);
            }
            cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
        } else {
            if (err != NULL) {
                *err = fault;
            }
            status = CRET_FAILED;
        }
    }
    free(paths);
    return status;
}

static void check_verity(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    size_t faults = 0;
    for (size_t i = 0; i < manifest->file_count && faults < CRET_MANIFEST_FAULTS; i++) {
        const struct cret_entry *entry = &manifest->entries[i];
        const bool wanted = entry->size > CRET_FSVERITY_THRESHOLD;
        if (entry->has_fsverity == wanted) {
            continue;
        }
        char where[64];
        format_pointer(where, i, wanted ? "" : "fsverity");
        cret_findings_add(findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = where,
                              .expected = "fsverity for every file above 1 MiB, and for no other",
                              .actual = wanted ? "absent" : "present",
                              .hint = "build the archive again with cretula-sign"},
                          wanted ? "the fsverity digest of %s is missing"
                                 : "%s is too small to carry an fsverity digest",
                          entry->path);
        faults++;
    }
}

static void fail_checksums(struct cret_findings *findings, const char *where, const char *expected,
                           const char *actual, const char *what)
{
    cret_findings_add(
        findings, CRET_CHECK_FILE_CHECKSUMS, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where,
                                   .expected = expected,
                                   .actual = actual,
                                   .hint = "build the archive again with cretula-sign"},
        "%s", what);
}

static enum cret_status check_checksums(const struct cret_manifest *manifest,
                                        struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_entry *entry =
        cret_manifest_entry(manifest->entries, manifest->file_count, CRET_CHECKSUMS_PATH);
    if (entry == NULL) {
        fail_checksums(findings, "#/files", CRET_CHECKSUMS_PATH, "absent",
                       "the manifest does not list " CRET_CHECKSUMS_PATH);
        return CRET_OK;
    }
    const size_t index = (size_t)(entry - manifest->entries);
    char where[64], expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
    if (strcmp(manifest->files[index].role, "checksums") != 0) {
        format_pointer(where, index, "role");
        fail_checksums(findings, where, "checksums", manifest->files[index].role,
                       CRET_CHECKSUMS_PATH " has another role");
    }
    uint8_t digest[CRET_SHA256_BYTES];
    uint64_t size = 0;
    if (checksums_digest(digest, &size, manifest->entries, manifest->file_count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (entry->size != size) {
        format_pointer(where, index, "size");
        snprintf(expected, sizeof(expected), "%" PRIu64, size);
        snprintf(actual, sizeof(actual), "%" PRIu64, entry->size);
        fail_checksums(findings, where, expected, actual,
                       "the size of " CRET_CHECKSUMS_PATH
                       " is not that of the list of the other files");
    }
    cret_hex_encode(expected, digest, CRET_SHA256_BYTES);
    if (memcmp(entry->sha256, digest, CRET_SHA256_BYTES) != 0) {
        format_pointer(where, index, "sha256");
        cret_hex_encode(actual, entry->sha256, CRET_SHA256_BYTES);
        fail_checksums(findings, where, expected, actual,
                       CRET_CHECKSUMS_PATH " is not the list of the digests of the other files");
    }
    if (memcmp(manifest->checksums, digest, CRET_SHA256_BYTES) != 0) {
        cret_hex_encode(actual, manifest->checksums, CRET_SHA256_BYTES);
        fail_checksums(findings, "#/checksums", expected, actual,
                       "checksums is not the digest of " CRET_CHECKSUMS_PATH);
    }
    return CRET_OK;
}

static int compare_originals(const void *left, const void *right)
{
    const struct cret_manifest_file *const *a = left, *const *b = right;
    const int order = strcmp((*a)->original, (*b)->original);
    if (order != 0) {
        return order;
    }
    return *a < *b ? -1 : (*a > *b ? 1 : 0);
}

static enum cret_status check_originals(const struct cret_manifest *manifest,
                                        struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_manifest_file **named = calloc(manifest->file_count + 1, sizeof(*named));
    if (named == NULL) {
        return cret_err_memory(err);
    }
    size_t count = 0, faults = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (manifest->files[i].original != NULL) {
            named[count++] = &manifest->files[i];
        }
    }
    qsort(named, count, sizeof(*named), compare_originals);
    for (size_t i = 1; i < count && faults < CRET_MANIFEST_FAULTS; i++) {
        if (strcmp(named[i - 1]->original, named[i]->original) != 0) {
            continue;
        }
        char where[64];
        format_pointer(where, (size_t)(named[i] - manifest->files), "originalName");
        cret_findings_add(findings, CRET_CHECK_FILE_PATHS, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = where,
                                                     .expected = "a name that no other file has",
                                                     .actual = named[i]->original},
                          "two files have the same original name");
        faults++;
    }
    free(named);
    return CRET_OK;
}

/* Every model in files[].hardware is one of hardware[]. */
static void check_hardware(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    const json_t *listed = cret_json_get(manifest->json, "hardware");
    size_t faults = 0;
    for (size_t i = 0; i < manifest->file_count && faults < CRET_MANIFEST_FAULTS; i++) {
        CRET_JSON_EACH_AT (index, model, manifest->files[i].hardware) {
            bool found = false;
            CRET_JSON_EACH (entry, listed) {
                const char *name = cret_json_string(entry, "model");
                found = found || (name != NULL && strcmp(name, json_string_value(model)) == 0);
            }
            if (!found) {
                char where[96];
                snprintf(where, sizeof(where), "#/files/%zu/hardware/%zu", i, index);
                cret_findings_add(findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
                                  (struct cret_finding_text){
                                      .where = where,
                                      .expected = "a model that hardware[] lists",
                                      .actual = json_string_value(model),
                                      .hint = "add the model to hardware[], or correct its name"},
                                  "%s is for hardware that the release does not list",
                                  manifest->entries[i].path);
                faults++;
            }
        }
    }
}

enum cret_status cret_manifest_check_files(struct cret_manifest *manifest,
                                           struct cret_findings *findings, struct cret_err *err)
{
    if (check_paths(manifest, findings, err) != CRET_OK ||
        check_checksums(manifest, findings, err) != CRET_OK ||
        check_originals(manifest, findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    check_verity(manifest, findings);
    check_hardware(manifest, findings);
    return CRET_OK;
}
