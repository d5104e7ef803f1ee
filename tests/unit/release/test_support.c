/* SPDX-License-Identifier: Apache-2.0 */
#include "test_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/json.h"

char *sample_vector(const char *name, size_t *ret_size)
{
    char path[512];
    char *data = NULL;
    struct cret_err err;
    snprintf(path, sizeof(path), CRET_SOURCE_DIR "/tests/vectors/%s", name);
    cr_assert_eq(cret_file_read(&data, ret_size, path, 1u << 24, CRET_ERR_USAGE, &err), CRET_OK,
                 "%s cannot be read", path);
    return data;
}

static void seal(struct cret_entry *entries, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_manifest_checksums_text(&text, &size, entries, count, NULL), CRET_OK);
    cr_assert_eq(cret_sha256(entries[SAMPLE_CHECKSUMS].sha256, text, size, NULL), CRET_OK);
    entries[SAMPLE_CHECKSUMS].size = size;
    free(text);
}

void sample_init(struct sample *sample)
{
    static const char *const paths[SAMPLE_FILES] = {"SHA256SUMS",        "advisory.json",
                                                    "build.intoto.json", "docs/Handbuch_DE_V1.pdf",
                                                    "firmware.bin",      "sbom.json"};
    *sample = (struct sample){.hardware = json_pack("[s]", "PLC-9-A")};
    size_t size = 0;
    char *text = sample_vector("manifest/description.json", &size);
    cr_assert_eq(cret_json_parse(&sample->description, text, size, CRET_JSON_STRICT,
                                 CRET_CHECK_MANIFEST_FORM, NULL),
                 CRET_OK);
    free(text);
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        sample->entries[i].path = paths[i];
        sample->entries[i].size = 100 + i;
        memset(sample->entries[i].sha256, (int)(0xa0 + i), CRET_SHA256_BYTES);
    }
    sample->entries[SAMPLE_FIRMWARE].size = (1u << 20) + 1;
    sample->entries[SAMPLE_FIRMWARE].has_fsverity = true;
    memset(sample->entries[SAMPLE_FIRMWARE].fsverity, 0xf5, CRET_SHA256_BYTES);
    sample->files[SAMPLE_FIRMWARE].role = "firmware";
    sample->files[SAMPLE_FIRMWARE].hardware = sample->hardware;
    sample->files[SAMPLE_FIRMWARE].safety = CRET_SAFETY_RELEVANT;
    sample->files[SAMPLE_FIRMWARE].safety_function = "SF-1";
    sample->files[SAMPLE_DOCUMENT].original = "docs/Handbuch (DE) V1.pdf";
    sample->files[SAMPLE_DOCUMENT].media_type = "application/pdf";
    seal(sample->entries, SAMPLE_FILES);
    struct cret_err err;
    cr_assert_eq(cret_manifest_write(&text, &size, sample->description, sample->entries,
                                     sample->files, SAMPLE_FILES, &err),
                 CRET_OK, "%s", err.what);
    cr_assert_eq(cret_json_parse(&sample->manifest, text, size, CRET_JSON_STRICT,
                                 CRET_CHECK_MANIFEST_FORM, NULL),
                 CRET_OK);
    free(text);
}

void sample_free(struct sample *sample)
{
    json_decref(sample->description);
    json_decref(sample->hardware);
    json_decref(sample->manifest);
}

/* The holder of the last part of a path, and that part. */
static json_t *find_holder(json_t *json, const char *path, char last[64])
{
    for (;;) {
        const size_t size = strcspn(path, "/");
        cr_assert_lt(size, 64);
        memcpy(last, path, size);
        last[size] = '\0';
        if (path[size] == '\0') {
            return json;
        }
        json = json_is_array(json) ? json_array_get(json, strtoul(last, NULL, 10))
                                   : json_object_get(json, last);
        cr_assert_not_null(json, "nothing at %s", last);
        path += size + 1;
    }
}

json_t *sample_get(json_t *json, const char *path)
{
    char last[64];
    json_t *holder = find_holder(json, path, last);
    return json_is_array(holder) ? json_array_get(holder, strtoul(last, NULL, 10))
                                 : json_object_get(holder, last);
}

void sample_set(json_t *json, const char *path, const char *value)
{
    char last[64];
    json_t *holder = find_holder(json, path, last);
    json_t *member = value != NULL ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    cr_assert(value == NULL || member != NULL, "no JSON: %s", value);
    if (json_is_array(holder)) {
        const size_t index = strtoul(last, NULL, 10);
        if (value == NULL) {
            cr_assert_eq(json_array_remove(holder, index), 0);
        } else if (index == json_array_size(holder)) {
            cr_assert_eq(json_array_append_new(holder, member), 0);
        } else {
            cr_assert_eq(json_array_set_new(holder, index, member), 0);
        }
    } else if (value == NULL) {
        cr_assert_eq(json_object_del(holder, last), 0, "nothing to remove at %s", path);
    } else {
        cr_assert_eq(json_object_set_new(holder, last, member), 0);
    }
}

void sample_reseal(json_t *manifest)
{
    json_t *files = json_object_get(manifest, "files");
    const size_t count = json_array_size(files);
    struct cret_entry *entries = calloc(count, sizeof(*entries));
    cr_assert_not_null(entries);
    for (size_t i = 0; i < count; i++) {
        const json_t *file = json_array_get(files, i);
        entries[i].path = cret_json_string(file, "path");
        entries[i].size = (uint64_t)cret_json_integer(file, "size", 0);
        cr_assert_eq(cret_hex_decode(entries[i].sha256, 32, cret_json_string(file, "sha256")),
                     CRET_OK);
    }
    seal(entries, count);
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, entries[SAMPLE_CHECKSUMS].sha256, CRET_SHA256_BYTES);
    json_object_set_new(manifest, "checksums", json_string(hex));
    json_t *file = json_array_get(files, SAMPLE_CHECKSUMS);
    json_object_set_new(file, "sha256", json_string(hex));
    json_object_set_new(file, "size", json_integer((json_int_t)entries[SAMPLE_CHECKSUMS].size));
    free(entries);
}

enum cret_status sample_parse(struct cret_manifest **ret_manifest, const json_t *manifest,
                              struct cret_findings *findings, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_json_print(&text, &size, manifest, NULL), CRET_OK);
    const enum cret_status status =
        cret_manifest_parse_unverified(ret_manifest, (const uint8_t *)text, size, findings, err);
    free(text);
    return status;
}

bool sample_has(const struct cret_findings *findings, enum cret_check_id check, const char *where)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->check == check && finding->result == CRET_RESULT_FAIL &&
            finding->where != NULL && strcmp(finding->where, where) == 0) {
            return true;
        }
    }
    return false;
}

void sample_show(const struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        cr_log_warn("%s %s %s: %s (expected %s, found %s)", cret_result_name(finding->result),
                    cret_check_get(finding->check)->name,
                    finding->where != NULL ? finding->where : "", finding->reason,
                    finding->expected != NULL ? finding->expected : "-",
                    finding->actual != NULL ? finding->actual : "-");
    }
}
