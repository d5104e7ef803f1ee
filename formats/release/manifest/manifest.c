/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing a manifest, and its field table put together. */
#include "release/manifest/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "release/manifest/manifest_internal.h"

void cret_manifest_free(struct cret_manifest **manifest)
{
    if (manifest == NULL || *manifest == NULL) {
        return;
    }
    for (size_t i = 0; (*manifest)->files != NULL && i < (*manifest)->file_count; i++) {
        /* json_t is counted, so the reference that files[] holds is given back here. */
        json_decref((json_t *)(uintptr_t)(*manifest)->files[i].hardware);
    }
    cret_manifest_strings_free(&(*manifest)->strings);
    free((*manifest)->entries);
    free((*manifest)->files);
    json_decref((*manifest)->json);
    free(*manifest);
    *manifest = NULL;
}

/* The text without all elements of files[] but the first one, so that its tree is small. */
static enum cret_status parse_root(json_t **ret_json, const char *text, size_t size,
                                   const struct cret_manifest_split *split, struct cret_err *err)
{
    if (!split->found || split->rest == 0) {
        return cret_json_parse(ret_json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM,
                               err);
    }
    struct cret_buffer root = {0};
    cret_buffer_append(&root, text, split->first_end);
    cret_buffer_append(&root, text + split->end, size - split->end);
    if (root.failed) {
        cret_buffer_free(&root);
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_json_parse(
        ret_json, root.data, root.size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, err);
    cret_buffer_free(&root);
    return status;
}

/* A part of the text was no JSON: the parser over the whole says in which line. The text is refused
 * in any case. */
static enum cret_status locate_syntax_error(const char *text, size_t size, struct cret_err *err)
{
    struct cret_err whole = {0};
    json_t *json = NULL;
    if (cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, &whole) !=
            CRET_OK &&
        err != NULL && whole.class == CRET_ERR_REFUSED) {
        *err = whole;
    }
    json_decref(json);
    return CRET_FAILED;
}

/* What the struct borrows from the tree, once that is known to be valid. */
static enum cret_status borrow(struct cret_manifest *manifest, struct cret_err *err)
{
    const json_t *json = manifest->json;
    const char *origin = cret_json_string(json, "origin");
    const char *date = cret_json_string(json, "release.date");
    const char *checksums = cret_json_string(json, "checksums");
    manifest->vendor = cret_json_string(json, "product.vendor");
    manifest->product = cret_json_string(json, "product.name");
    manifest->version = cret_json_string(json, "release.version");
    manifest->release_id = cret_json_string(json, "release.id");
    manifest->sequence = cret_json_integer(json, "release.sequence", -1);
    if (origin == NULL || date == NULL || checksums == NULL || manifest->vendor == NULL ||
        manifest->product == NULL || manifest->version == NULL || manifest->sequence < 0 ||
        cret_time_parse(&manifest->date, date) != CRET_OK ||
        cret_hex_decode(manifest->checksums, CRET_SHA256_BYTES, checksums) != CRET_OK) {
        return cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the manifest is incomplete");
    }
    manifest->adopted = strcmp(origin, "adopted") == 0;
    return CRET_OK;
}

/* CRET_OK where all was read and no finding was added since `start`; else err is the first one. */
static enum cret_status judge(const struct cret_findings *findings, size_t start, bool complete,
                              struct cret_err *err)
{
    if (cret_findings_count(findings) > start) {
        const struct cret_finding *first = cret_findings_at(findings, start);
        cret_finding_refuse(err, first);
        return cret_err_where(err, "MANIFEST.json%s%s", first->where != NULL ? " " : "",
                              first->where != NULL ? first->where : "");
    }
    if (cret_findings_whole(findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return complete ? CRET_OK
                    : cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the manifest is incomplete");
}

/* All steps. CRET_OK where the findings say what there is to say; *ret_complete only after the last
 * step. */
static enum cret_status read_manifest(struct cret_manifest *manifest, const char *text, size_t size,
                                      struct cret_findings *findings, bool *ret_complete,
                                      struct cret_err *err)
{
    if (size > CRET_LIMIT_MANIFEST_BYTES) {
        cret_findings_add(
            findings, CRET_CHECK_ARCHIVE_LIMITS, CRET_RESULT_FAIL,
            (struct cret_finding_text){.expected = "at most 64 MiB", .hint = "split the release"},
            "the manifest is too large");
        return CRET_OK;
    }
    const size_t start = cret_findings_count(findings);
    struct cret_manifest_split split;
    cret_manifest_split(&split, text, size);
    if (parse_root(&manifest->json, text, size, &split, err) != CRET_OK) {
        return split.found && err->class == CRET_ERR_REFUSED ? locate_syntax_error(text, size, err)
                                                             : CRET_FAILED;
    }
    const bool valid =
        cret_schema_validate(cret_manifest_fields, manifest->json, CRET_SCHEMA_MANIFEST,
                             CRET_CHECK_MANIFEST_FORM, findings) == CRET_OK;
    if (!json_is_object(manifest->json) && valid) {
        return cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the manifest is no JSON object");
    }
    if (cret_manifest_read_files(manifest, &split, text, valid, findings, err) != CRET_OK) {
        return err->class == CRET_ERR_REFUSED ? locate_syntax_error(text, size, err) : CRET_FAILED;
    }
    if (!valid || cret_findings_count(findings) > start) {
        return CRET_OK; /* the rules across fields need sound fields */
    }
    if (borrow(manifest, err) != CRET_OK ||
        cret_manifest_check_files(manifest, findings, err) != CRET_OK ||
        cret_manifest_check_references(manifest, findings, err) != CRET_OK ||
        cret_manifest_check_documents(manifest->json, findings, err) != CRET_OK ||
        cret_sha256(manifest->identity, text, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_manifest_check_adoption(manifest->json, findings);
    *ret_complete = true;
    return CRET_OK;
}

enum cret_status cret_manifest_parse_unverified(struct cret_manifest **ret_manifest,
                                                const uint8_t *bytes, size_t size,
                                                struct cret_findings *findings,
                                                struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_err fault = {0};
    struct cret_findings *own = findings == NULL ? cret_findings_new() : NULL;
    struct cret_findings *list = findings == NULL ? own : findings;
    struct cret_manifest *manifest = calloc(1, sizeof(*manifest));
    if (manifest == NULL || list == NULL) {
        cret_err_memory(&fault);
        goto out;
    }
    const size_t start = cret_findings_count(list);
    bool complete = false;
    if (read_manifest(manifest, (const char *)bytes, size, list, &complete, &fault) != CRET_OK) {
        if (fault.class == CRET_ERR_REFUSED) {
            cret_findings_add_err(list, CRET_RESULT_FAIL, &fault);
        }
        goto out;
    }
    status = judge(list, start, complete, &fault);

out:
    if (status == CRET_OK) {
        *ret_manifest = manifest;
        manifest = NULL;
    } else if (err != NULL) {
        *err = fault;
    }
    cret_manifest_free(&manifest);
    cret_findings_free(&own);
    return status;
}

enum cret_status cret_manifest_parse(struct cret_manifest **ret_manifest,
                                     const struct cret_authentic *authentic,
                                     struct cret_findings *findings, struct cret_err *err)
{
    size_t size = 0;
    const uint8_t *bytes = cret_authentic_bytes(authentic, &size);
    return cret_manifest_parse_unverified(ret_manifest, bytes, size, findings, err);
}

static bool same_file(const struct cret_entry *a, const struct cret_entry *b)
{
    return strcmp(a->path, b->path) == 0 && a->size == b->size &&
           a->has_fsverity == b->has_fsverity;
}

enum cret_status cret_manifest_take_digests(struct cret_manifest *manifest,
                                            const struct cret_entry *entries, size_t count,
                                            const char *text, size_t size, struct cret_err *err)
{
    const struct cret_entry *checksums = cret_manifest_entry(entries, count, CRET_CHECKSUMS_PATH);
    char hex[CRET_SHA256_HEX];
    bool same = checksums != NULL && count == manifest->file_count;
    for (size_t i = 0; same && i < count; i++) {
        same = same_file(&manifest->entries[i], &entries[i]);
    }
    if (!same) {
        return cret_err_undecided(err, "internal error: the manifest lists other files");
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(manifest->entries[i].sha256, entries[i].sha256, CRET_SHA256_BYTES);
        memcpy(manifest->entries[i].fsverity, entries[i].fsverity, CRET_SHA256_BYTES);
    }
    memcpy(manifest->checksums, checksums->sha256, CRET_SHA256_BYTES);
    cret_hex_encode(hex, checksums->sha256, CRET_SHA256_BYTES);
    if (json_object_set_new(manifest->json, "checksums", json_string(hex)) != 0) {
        return cret_err_memory(err);
    }
    return cret_sha256(manifest->identity, text, size, err);
}
