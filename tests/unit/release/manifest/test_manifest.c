/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "test_support.h"

/* One change to the sample that must be refused. */
struct refusal {
    const char *name;
    const char *path, *value; /* sample_set */
    bool reseal;              /* so that only the change itself is wrong */
    enum cret_check_id check;
    const char *where;
};

#define FORM CRET_CHECK_MANIFEST_FORM
static const struct refusal refusals[] = {
    /* form; lesson 4: nothing outside the known fields carries meaning */
    {"unknown field", "colour", "\"red\"", false, FORM, "#/colour"},
    {"unknown field below", "release/colour", "\"red\"", false, FORM, "#/release/colour"},
    {"another purpose", "cretula", "\"record/1\"", false, FORM, "#/cretula"},
    {"no purpose", "cretula", NULL, false, FORM, "#/cretula"},
    {"another notice", "notice", "\"This is certified.\"", false, FORM, "#/notice"},
    {"no notice", "notice", NULL, false, FORM, "#/notice"},
    {"no origin", "origin", NULL, false, FORM, "#/origin"},
    {"unknown origin", "origin", "\"nobody\"", false, FORM, "#/origin"},
    {"no checksums", "checksums", NULL, false, FORM, "#/checksums"},
    {"no product", "product", NULL, false, FORM, "#/product"},
    {"no vendor", "product/vendor", NULL, false, FORM, "#/product/vendor"},
    {"no name", "product/name", NULL, false, FORM, "#/product/name"},
    {"unknown product role", "product/role", "\"toaster\"", false, FORM, "#/product/role"},
    {"no version", "release/version", NULL, false, FORM, "#/release/version"},
    {"no sequence", "release/sequence", NULL, false, FORM, "#/release/sequence"},
    {"sequence as text", "release/sequence", "\"17\"", false, FORM, "#/release/sequence"},
    {"negative sequence", "release/sequence", "-1", false, FORM, "#/release/sequence"},
    {"no date", "release/date", NULL, false, FORM, "#/release/date"},
    {"date with an offset", "release/date", "\"2026-03-01T12:00:00+01:00\"", false, FORM,
     "#/release/date"},
    {"date that is none", "release/date", "\"2026-02-30T12:00:00Z\"", false, FORM,
     "#/release/date"},
    {"restart category", "restart/category", "\"maybe\"", false, FORM, "#/restart/category"},
    {"CVE", "changes/0/cves/0", "\"CVE-1\"", false, FORM, "#/changes/0/cves/0"},
    {"security level", "claims/0/securityLevel/value", "5", false, FORM,
     "#/claims/0/securityLevel/value"},
    {"level without conditions", "claims/0/securityLevel/conditions", NULL, false, FORM,
     "#/claims/0/securityLevel/conditions"},
    {"IEC 61406 link", "product/iec61406Link", "\"https://ID.acme.example/\"", false, FORM,
     "#/product/iec61406Link"},
    {"title language", "documents/0/title/en_GB", "\"Manual\"", false, FORM,
     "#/documents/0/title/en_GB"},
    {"escape sequence in a name", "product/name", "\"PLC\\u001b[31m\"", false, FORM,
     "#/product/name"},
    {"topics as a list", "topics", "[]", false, FORM, "#/topics"},
    {"no files", "files", "[]", false, FORM, "#/files"},
    {"files as an object", "files", "{}", false, FORM, "#/files"},
    /* files[], the first one and a later one: they are read in different ways */
    {"description field, first file", "files/0/source", "\"x\"", false, FORM, "#/files/0/source"},
    {"description field, later file", "files/3/source", "\"x\"", false, FORM, "#/files/3/source"},
    {"unknown field, later file", "files/3/mode", "1", false, FORM, "#/files/3/mode"},
    {"role, first file", "files/0/role", "\"malware\"", false, FORM, "#/files/0/role"},
    {"role, later file", "files/4/role", "\"malware\"", false, FORM, "#/files/4/role"},
    {"no path", "files/2/path", NULL, false, FORM, "#/files/2/path"},
    {"path upwards", "files/2/path", "\"../x\"", false, FORM, "#/files/2/path"},
    {"no size", "files/2/size", NULL, false, FORM, "#/files/2/size"},
    {"negative size", "files/2/size", "-1", false, FORM, "#/files/2/size"},
    {"huge size", "files/2/size", "1125899906842625", false, FORM, "#/files/2/size"},
    {"no sha256", "files/2/sha256", NULL, false, FORM, "#/files/2/sha256"},
    {"short sha256", "files/2/sha256", "\"00\"", false, FORM, "#/files/2/sha256"},
    {"file as a list", "files/2", "[]", false, FORM, "#/files/2"},
    /* paths as a set */
    {"unsorted", "files/4/path", "\"docs/A.bin\"", true, CRET_CHECK_FILE_PATHS, "#/files/4/path"},
    {"twice", "files/5/path", "\"firmware.bin\"", true, CRET_CHECK_FILE_PATHS, "#/files/5/path"},
    {"case twin", "files/5/path", "\"firmware.biN\"", true, CRET_CHECK_FILE_PATHS,
     "#/files/5/path"},
    {"folder of another", "files/5/path", "\"firmware.bin/x\"", true, CRET_CHECK_FILE_PATHS,
     "#/files/5/path"},
    {"original name twice", "files/4/originalName", "\"docs/Handbuch (DE) V1.pdf\"", false,
     CRET_CHECK_FILE_PATHS, "#/files/4/originalName"},
    /* digests */
    {"fsverity missing", "files/4/fsverity", NULL, false, CRET_CHECK_FILE_DIGESTS, "#/files/4"},
    {"fsverity of a small file", "files/5/fsverity",
     "\"abababababababababababababababababababababababababababababababab\"", false,
     CRET_CHECK_FILE_DIGESTS, "#/files/5/fsverity"},
    /* SHA256SUMS */
    {"no SHA256SUMS", "files/0", NULL, false, CRET_CHECK_FILE_CHECKSUMS, "#/files"},
    {"role of SHA256SUMS", "files/0/role", "\"other\"", false, CRET_CHECK_FILE_CHECKSUMS,
     "#/files/0/role"},
    {"size of SHA256SUMS", "files/0/size", "1", false, CRET_CHECK_FILE_CHECKSUMS, "#/files/0/size"},
    {"a digest that SHA256SUMS does not have", "files/2/sha256",
     "\"abababababababababababababababababababababababababababababababab\"", false,
     CRET_CHECK_FILE_CHECKSUMS, "#/files/0/sha256"},
    {"checksums", "checksums",
     "\"abababababababababababababababababababababababababababababababab\"", false,
     CRET_CHECK_FILE_CHECKSUMS, "#/checksums"},
    /* references */
    {"document's file", "documents/0/file", "\"nowhere.pdf\"", false, FORM, "#/documents/0/file"},
    {"document's original name", "documents/0/file", "\"docs/Handbuch (DE) V1.pdf\"", false, FORM,
     "#/documents/0/file"},
    {"SBOM's file", "sbom/0/file", "\"nowhere.json\"", false, FORM, "#/sbom/0/file"},
    {"bind's file", "sbom/0/binds/0/file", "\"nowhere.bin\"", false, FORM, "#/sbom/0/binds/0/file"},
    {"attestation's file", "provenance/0/file", "\"x\"", false, FORM, "#/provenance/0/file"},
    {"advisory's file", "advisories/0/file", "\"x\"", false, FORM, "#/advisories/0/file"},
    {"prerequisite's document", "prerequisites/0/document", "\"DOC-9\"", false, FORM,
     "#/prerequisites/0/document"},
    {"test's document", "testAdvice/0/document", "\"DOC-9\"", false, FORM,
     "#/testAdvice/0/document"},
    {"qualification's document", "qualification/document", "\"DOC-9\"", false, FORM,
     "#/qualification/document"},
    {"change's document", "changes/0/document", "\"DOC-9\"", false, FORM, "#/changes/0/document"},
    {"risk's document", "newRisks/0/document", "\"DOC-9\"", false, FORM, "#/newRisks/0/document"},
    {"issue's document", "knownIssues/0/document", "\"DOC-9\"", false, FORM,
     "#/knownIssues/0/document"},
    {"claim's certificate", "claims/0/certificate", "\"DOC-9\"", false, FORM,
     "#/claims/0/certificate"},
    {"topic's document", "topics/S3/documents/0", "\"DOC-9\"", false, FORM,
     "#/topics/S3/documents/0"},
    {"file's hardware", "files/4/hardware/0", "\"PLC-1\"", false, FORM, "#/files/4/hardware/0"},
    /* documents and topics */
    {"two primary ids", "documents/0/ids/1/primary", "true", false, FORM, "#/documents/0/ids"},
    {"no primary id", "documents/0/ids/0/primary", "false", false, FORM, "#/documents/0/ids"},
    {"single id not primary", "documents/1/ids/0/primary", "false", false, FORM,
     "#/documents/1/ids"},
    {"same id and version", "documents/2",
     "{\"ids\": [{\"domain\": \"acme.example\", \"id\": \"DOC-1\"}], \"title\": {\"en\": \"x\"}, "
     "\"version\": \"1.1\", \"languages\": [\"en\", \"de\"], \"availability\": \"included\", "
     "\"file\": \"sbom.json\"}",
     false, FORM, "#/documents/2/ids/0"},
    {"VDI 2770 class", "documents/0/classes/0/id", "\"05-01\"", false, FORM,
     "#/documents/0/classes/0/id"},
    {"version not in history", "documents/0/revisions/1/version", "\"1.2\"", false, FORM,
     "#/documents/0/revisions"},
    {"version twice in history", "documents/0/revisions/0/version", "\"1.1\"", false, FORM,
     "#/documents/0/revisions"},
    {"included without file", "documents/0/file", NULL, false, FORM, "#/documents/0"},
    {"included with digest", "documents/0/sha256",
     "\"abababababababababababababababababababababababababababababababab\"", false, FORM,
     "#/documents/0"},
    {"on request without digest", "documents/1/sha256", NULL, false, FORM, "#/documents/1"},
    {"on request with file", "documents/1/file", "\"sbom.json\"", false, FORM, "#/documents/1"},
    {"no availability", "documents/1/availability", NULL, false, FORM,
     "#/documents/1/availability"},
    {"release and range", "documents/0/appliesTo/releases/0/from", "\"1\"", false, FORM,
     "#/documents/0/appliesTo/releases/0"},
    {"no release", "documents/0/appliesTo/releases/0/version", NULL, false, FORM,
     "#/documents/0/appliesTo/releases/0"},
    {"documented by nothing", "topics/S3/documents", NULL, false, FORM, "#/topics/S3/documents"},
    {"not applicable without reason", "topics/S34/reason", NULL, false, FORM, "#/topics/S34"},
    {"not provided without reason", "topics/S37/reason", NULL, false, FORM, "#/topics/S37"},
    {"not provided but documented", "topics/S37/documents", "[\"DOC-1\"]", false, FORM,
     "#/topics/S37/documents"},
    {"component bound twice", "sbom/0/binds/1",
     "{\"component\": \"image\", \"file\": \"sbom.json\"}", false, FORM,
     "#/sbom/0/binds/1/component"},
};

Test(manifest, refusals)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *refusal = &refusals[i];
        struct sample sample;
        sample_init(&sample);
        sample_set(sample.manifest, refusal->path, refusal->value);
        if (refusal->reseal) {
            sample_reseal(sample.manifest);
        }
        struct cret_findings *findings = cret_findings_new();
        struct cret_manifest *manifest = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(sample_parse(&manifest, sample.manifest, findings, &err), CRET_FAILED,
                     "%s: accepted", refusal->name);
        cr_expect_null(manifest);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: class %d", refusal->name, (int)err.class);
        if (!sample_has(findings, refusal->check, refusal->where)) {
            sample_show(findings);
            cr_expect(false, "%s: no fault at %s", refusal->name, refusal->where);
        }
        cret_findings_free(&findings);
        sample_free(&sample);
    }
}

Test(manifest, every_fault_is_listed_and_err_is_the_first)
{
    struct sample sample;
    sample_init(&sample);
    sample_set(sample.manifest, "sbom/0/file", "\"nowhere.json\"");
    sample_set(sample.manifest, "documents/0/file", "\"nowhere.pdf\"");
    sample_set(sample.manifest, "checksums",
               "\"abababababababababababababababababababababababababababababababab\"");
    struct cret_findings *findings = cret_findings_new();
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    cr_assert_eq(sample_parse(&manifest, sample.manifest, findings, &err), CRET_FAILED);
    cr_expect(sample_has(findings, FORM, "#/sbom/0/file"));
    cr_expect(sample_has(findings, FORM, "#/documents/0/file"));
    cr_expect(sample_has(findings, CRET_CHECK_FILE_CHECKSUMS, "#/checksums"));
    cr_expect_eq(cret_findings_count(findings), 3);
    cr_expect_eq(err.check, cret_findings_at(findings, 0)->check);
    cr_expect_str_eq(err.what, cret_findings_at(findings, 0)->reason);
    cr_expect_not_null(strstr(err.where, "#/checksums"));
    cret_findings_free(&findings);
    sample_free(&sample);
}

Test(manifest, accepts_the_sample_and_borrows_from_it)
{
    struct sample sample;
    sample_init(&sample);
    struct cret_findings *findings = cret_findings_new();
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    if (sample_parse(&manifest, sample.manifest, findings, &err) != CRET_OK) {
        sample_show(findings);
        cr_assert(false, "%s", err.what);
    }
    cr_expect_eq(cret_findings_count(findings), 0);
    cr_expect_str_eq(manifest->vendor, "Acme Automation");
    cr_expect_str_eq(manifest->product, "PLC-9");
    cr_expect_str_eq(manifest->version, "2.1.0");
    cr_expect_str_eq(manifest->release_id, "REL-17");
    cr_expect_eq(manifest->sequence, 17);
    cr_expect_eq(manifest->date, 1772366400);
    cr_expect_not(manifest->adopted);
    cr_assert_eq(manifest->file_count, SAMPLE_FILES);
    cr_expect_null(json_object_get(manifest->json, "files"));
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        cr_expect_str_eq(manifest->entries[i].path, sample.entries[i].path);
        cr_expect_eq(manifest->entries[i].size, sample.entries[i].size);
        cr_expect_arr_eq(manifest->entries[i].sha256, sample.entries[i].sha256, 32);
        cr_expect_eq(manifest->entries[i].has_fsverity, i == SAMPLE_FIRMWARE);
        cr_expect_arr_eq(manifest->entries[i].fsverity, sample.entries[i].fsverity, 32);
    }
    cr_expect_str_eq(manifest->files[SAMPLE_CHECKSUMS].role, "checksums");
    cr_expect_str_eq(manifest->files[SAMPLE_DOCUMENT].role, "document");
    cr_expect_str_eq(manifest->files[SAMPLE_DOCUMENT].original, "docs/Handbuch (DE) V1.pdf");
    cr_expect_str_eq(manifest->files[SAMPLE_DOCUMENT].media_type, "application/pdf");
    cr_expect_null(manifest->files[SAMPLE_SBOM].original);
    cr_expect_null(manifest->files[SAMPLE_SBOM].media_type);
    cr_expect(json_equal(manifest->files[SAMPLE_FIRMWARE].hardware, sample.hardware));
    cr_expect_arr_eq(manifest->checksums, manifest->entries[SAMPLE_CHECKSUMS].sha256, 32);
    cret_manifest_free(&manifest);
    cr_expect_null(manifest);
    cret_findings_free(&findings);
    sample_free(&sample);
}

Test(manifest, identity_is_the_digest_of_the_bytes)
{
    size_t size = 0;
    char *text = sample_vector("manifest/manifest.json", &size);
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    uint8_t digest[CRET_SHA256_BYTES];
    cr_assert_eq(cret_manifest_parse_unverified(&manifest, (const uint8_t *)text, size, NULL, &err),
                 CRET_OK, "%s %s", err.what, err.where);
    cr_assert_eq(cret_sha256(digest, text, size, NULL), CRET_OK);
    cr_expect_arr_eq(manifest->identity, digest, CRET_SHA256_BYTES);
    cret_manifest_free(&manifest);
    free(text);
}

Test(manifest, adopted_is_told)
{
    struct sample sample;
    sample_init(&sample);
    sample_set(sample.manifest, "origin", "\"adopted\"");
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_neq(sample_parse(&manifest, sample.manifest, NULL, &err), CRET_OK);
    cr_expect_str_eq(err.what, "an adopted release says who adopted it and where it comes from");
    sample_set(sample.manifest, "adoption",
               "{\"by\":\"the plant\",\"source\":\"portal\",\"medium\":\"download\"}");
    cr_assert_eq(sample_parse(&manifest, sample.manifest, NULL, NULL), CRET_OK);
    cr_expect(manifest->adopted);
    cret_manifest_free(&manifest);
    sample_set(sample.manifest, "origin", "\"vendor\"");
    cret_err_clear(&err);
    cr_assert_neq(sample_parse(&manifest, sample.manifest, NULL, &err), CRET_OK);
    cr_expect_str_eq(err.what, "a vendor's release is not adopted");
    cr_expect_eq(err.check, CRET_CHECK_MANIFEST_FORM);
    sample_free(&sample);
}

/* Replaces the first `from` in the golden manifest and parses it. */
static enum cret_status parse_changed(const char *from, const char *to, struct cret_err *err)
{
    size_t size = 0;
    char *text = sample_vector("manifest/manifest.json", &size);
    char *place = strstr(text, from);
    cr_assert_not_null(place, "%s is not in the sample", from);
    struct cret_buffer changed = {0};
    cret_buffer_append(&changed, text, (size_t)(place - text));
    cret_buffer_append(&changed, to, strlen(to));
    cret_buffer_append(&changed, place + strlen(from), strlen(place + strlen(from)));
    struct cret_manifest *manifest = NULL;
    cret_err_clear(err);
    const enum cret_status status = cret_manifest_parse_unverified(
        &manifest, (const uint8_t *)changed.data, changed.size, NULL, err);
    cr_expect(status == CRET_OK || err->class == CRET_ERR_REFUSED);
    cret_manifest_free(&manifest);
    cret_buffer_free(&changed);
    free(text);
    return status;
}

/* files[] is read one element at a time, so what JSON forbids around the elements is tried here. */
Test(manifest, syntax_around_files)
{
    static const char *const changes[][2] = {
        {"\"files\": [", "\"files\": [,"},
        {"\"files\": [", "\"files\": [{},"},
        {"\"files\": [", "\"files\": ["
                         "5,"},
        {"\n    },\n    {\n      \"path\": \"advisory.json\"",
         "\n    },,\n    {\n      \"path\": \"advisory.json\""},
        {"\n    },\n    {\n      \"path\": \"advisory.json\"",
         "\n    }\n    {\n      \"path\": \"advisory.json\""},
        {"\n    },\n    {\n      \"path\": \"advisory.json\"",
         "\n    ],\n    {\n      \"path\": \"advisory.json\""},
        {"\n    },\n    {\n      \"path\": \"advisory.json\"",
         "\n    },\n    null,\n    {\n      \"path\": \"advisory.json\""},
        {"\n    },\n    {\n      \"path\": \"advisory.json\"",
         "\n    },\n    {\n      \"path\": \"x\", \"path\": \"advisory.json\""},
        {"\n    }\n  ],\n  \"extensions\"", "\n    },\n  ],\n  \"extensions\""},
        {"\n    }\n  ],\n  \"extensions\"", "\n    }\n  ]],\n  \"extensions\""},
        {"\n    }\n  ],\n  \"extensions\"", "\n    }\n  },\n  \"extensions\""},
        {"\n    }\n  ],\n  \"extensions\"", "\n    }\n  \"extensions\""},
        {"\n    }\n  ],\n  \"extensions\"", "\n    }\n  ],\n  \"files\": [],\n  \"extensions\""},
        {"\n    }\n  ],\n  \"extensions\"",
         "\n    }\n  ],\n  \"\\u0066iles\": [],\n  \"extensions\""},
        {"\"size\": 102", "\"size\": 102.0"},
        {"\"size\": 102", "\"size\": 9007199254740992"},
        {"\"role\": \"advisory\"", "\"role\": \"advis\\u0000ory\""},
        {"\"cretula\"", "[\"cretula\""},
        {"{\n  \"cretula\"", "[\n  \"cretula\""},
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct cret_err err;
        cr_expect_eq(parse_changed(changes[i][0], changes[i][1], &err), CRET_FAILED,
                     "change %zu is accepted: %s", i, changes[i][1]);
    }
}

Test(manifest, syntax_error_names_its_line)
{
    struct cret_err err;
    cr_assert_eq(parse_changed("\"role\": \"advisory\"", "\"role\" \"advisory\"", &err),
                 CRET_FAILED);
    size_t size = 0, line = 1;
    char *text = sample_vector("manifest/manifest.json", &size);
    const char *end = strstr(text, "\"role\": \"advisory\"");
    for (const char *at = text; at < end; at++) {
        line += *at == '\n' ? 1 : 0;
    }
    char expected[32];
    snprintf(expected, sizeof(expected), "line %zu,", line);
    cr_expect_not_null(strstr(err.where, expected), "%s has no %s", err.where, expected);
    free(text);
}

/* The same manifest, written otherwise: white space and escapes are no other meaning. */
Test(manifest, other_spelling_same_content)
{
    struct cret_err err;
    cr_expect_eq(parse_changed("\"files\": [", "\"files\" :\t[ ", &err), CRET_OK, "%s", err.what);
    cr_expect_eq(parse_changed("\"files\": [", "\"\\u0066iles\": [", &err), CRET_OK, "%s",
                 err.what);
    cr_expect_eq(parse_changed("\"Replace the device.\"", "\"\\\"files\\\": [ ] } \\\\\"", &err),
                 CRET_OK, "%s", err.what);
}

Test(manifest, truncations)
{
    size_t size = 0;
    char *text = sample_vector("manifest/manifest.json", &size);
    for (size_t cut = 0; cut + 2 < size; cut++) {
        struct cret_manifest *manifest = NULL;
        struct cret_err err;
        cr_assert_eq(
            cret_manifest_parse_unverified(&manifest, (const uint8_t *)text, cut, NULL, &err),
            CRET_FAILED, "%zu of %zu bytes are accepted", cut, size);
        cr_assert_eq(err.class, CRET_ERR_REFUSED);
    }
    free(text);
}

/* Every bit of a manifest flipped: refused, or another manifest (another identity); never a crash.
 */
Test(manifest, flipped_bits_never_keep_the_identity)
{
    size_t size = 0;
    char *text = sample_vector("manifest/manifest.json", &size);
    uint8_t identity[CRET_SHA256_BYTES];
    cr_assert_eq(cret_sha256(identity, text, size, NULL), CRET_OK);
    for (size_t bit = 0; bit < 8 * size; bit += 3) {
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << (bit % 8)));
        struct cret_manifest *manifest = NULL;
        if (cret_manifest_parse_unverified(&manifest, (const uint8_t *)text, size, NULL, NULL) ==
            CRET_OK) {
            cr_assert_neq(memcmp(manifest->identity, identity, CRET_SHA256_BYTES), 0);
        }
        cret_manifest_free(&manifest);
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << (bit % 8)));
    }
    free(text);
}

Test(manifest, too_large_is_refused_unread)
{
    char *text = calloc(CRET_LIMIT_MANIFEST_BYTES + 1, 1);
    cr_assert_not_null(text);
    memset(text, ' ', CRET_LIMIT_MANIFEST_BYTES + 1);
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    cr_expect_eq(cret_manifest_parse_unverified(&manifest, (const uint8_t *)text,
                                                CRET_LIMIT_MANIFEST_BYTES + 1, NULL, &err),
                 CRET_FAILED);
    cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_LIMITS);
    free(text);
}

/* A text with that many files; content is not valid, only its amount counts here. */
static enum cret_status parse_many(size_t count, const char *element,
                                   struct cret_findings *findings, struct cret_err *err)
{
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "{\"files\": [%s", element);
    for (size_t i = 1; i < count; i++) {
        cret_buffer_append(&text, ",", 1);
        cret_buffer_append(&text, element, strlen(element));
    }
    cret_buffer_append(&text, "]}", 2);
    cr_assert_not(text.failed);
    struct cret_manifest *manifest = NULL;
    const enum cret_status status = cret_manifest_parse_unverified(
        &manifest, (const uint8_t *)text.data, text.size, findings, err);
    cret_buffer_free(&text);
    return status;
}

Test(manifest, too_many_files) /* lesson 10 */
{
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cr_expect_eq(parse_many(CRET_LIMIT_FILES + 1, "{}", findings, &err), CRET_FAILED);
    cr_expect(sample_has(findings, CRET_CHECK_ARCHIVE_LIMITS, "#/files"));
    cret_findings_free(&findings);
}

/* A hostile manifest must not make the list of findings overflow: that would be UNDECIDED. */
Test(manifest, faults_of_files_are_bounded)
{
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cr_expect_eq(parse_many(50000, "{}", findings, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_not(cret_findings_broken(findings));
    cr_expect_lt(cret_findings_count(findings), 2000);
    cr_expect(sample_has(findings, CRET_CHECK_MANIFEST_FORM, "#/files"));
    cret_findings_free(&findings);
}
