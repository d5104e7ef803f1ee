/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "test_support.h"

static char *write_sample(struct sample *sample, size_t *ret_size)
{
    char *text = NULL;
    struct cret_err err;
    cr_assert_eq(cret_manifest_write(&text, ret_size, sample->description, sample->entries,
                                     sample->files, SAMPLE_FILES, &err),
                 CRET_OK, "%s", err.what);
    return text;
}

/* Golden bytes (lesson 21). To renew them on purpose, write what this test logs. */
Test(manifest_write, golden_bytes)
{
    struct sample sample;
    sample_init(&sample);
    size_t size = 0, golden_size = 0;
    char *text = write_sample(&sample, &size);
    char *golden = sample_vector("manifest/manifest.json", &golden_size);
    cr_expect(size == golden_size && memcmp(text, golden, size) == 0, "other bytes:\n%s", text);
    free(text);
    free(golden);
    sample_free(&sample);
}

Test(manifest_write, order_of_the_description_does_not_matter)
{
    struct sample sample;
    sample_init(&sample);
    size_t size = 0, other_size = 0;
    char *text = write_sample(&sample, &size);
    json_t *reversed = json_object(), *member;
    const char *key;
    while (json_object_size(sample.description) > 0) {
        json_object_foreach(sample.description, key, member)
        {
        }
        key = NULL;
        for (void *at = json_object_iter(sample.description); at != NULL;
             at = json_object_iter_next(sample.description, at)) {
            key = json_object_iter_key(at);
        }
        json_object_set(reversed, key, json_object_get(sample.description, key));
        json_object_del(sample.description, key);
    }
    json_decref(sample.description);
    sample.description = reversed;
    char *other = write_sample(&sample, &other_size);
    cr_expect_str_eq(text, other);
    free(text);
    free(other);
    sample_free(&sample);
}

/* The recipe with stock tools looks for exactly this line. */
Test(manifest_write, checksums_on_a_line_of_its_own)
{
    struct sample sample;
    sample_init(&sample);
    size_t size = 0;
    char *text = write_sample(&sample, &size), *sums = NULL, hex[CRET_SHA256_HEX], line[128];
    uint8_t digest[CRET_SHA256_BYTES];
    size_t sums_size = 0;
    cr_assert_eq(
        cret_manifest_checksums_text(&sums, &sums_size, sample.entries, SAMPLE_FILES, NULL),
        CRET_OK);
    cr_assert_eq(cret_sha256(digest, sums, sums_size, NULL), CRET_OK);
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    snprintf(line, sizeof(line), "\n  \"checksums\": \"%s\",\n", hex);
    cr_expect_not_null(strstr(text, line));
    cr_expect_eq(strncmp(text, "{\n  \"cretula\": \"manifest/1\",\n", 29), 0);
    free(sums);
    free(text);
    sample_free(&sample);
}

Test(manifest_write, checksums_text_lists_all_but_itself)
{
    struct cret_entry entries[] = {
        {.path = "A", .size = 1}, {.path = "SHA256SUMS", .size = 2}, {.path = "b/c", .size = 3}};
    memset(entries[0].sha256, 0x01, 32);
    memset(entries[2].sha256, 0xfe, 32);
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(cret_manifest_checksums_text(&text, &size, entries, 3, NULL), CRET_OK);
    cr_expect_str_eq(text,
                     "0101010101010101010101010101010101010101010101010101010101010101  A\n"
                     "fefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefe  b/c\n");
    cr_expect_eq(size, strlen(text));
    free(text);
    cr_assert_eq(cret_manifest_checksums_text(&text, &size, entries + 1, 1, NULL), CRET_OK);
    cr_expect_str_eq(text, "");
    cr_expect_eq(size, 0);
    free(text);
}

/* The signer predicts the length before it has digests. */
Test(manifest_write, length_does_not_depend_on_digests)
{
    struct sample sample;
    sample_init(&sample);
    size_t size = 0, zero_size = 0;
    char *text = write_sample(&sample, &size);
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        memset(sample.entries[i].sha256, 0, 32);
        memset(sample.entries[i].fsverity, 0, 32);
    }
    char *zero = write_sample(&sample, &zero_size);
    cr_expect_eq(size, zero_size);
    cr_expect_neq(strcmp(text, zero), 0);
    free(text);
    free(zero);
    sample_free(&sample);
}

Test(manifest_write, references_by_original_name_become_paths)
{
    struct sample sample;
    sample_init(&sample);
    cr_expect_str_eq(json_string_value(sample_get(sample.manifest, "documents/0/file")),
                     "docs/Handbuch_DE_V1.pdf");
    cr_expect_str_eq(json_string_value(sample_get(sample.description, "documents/0/file")),
                     "docs/Handbuch (DE) V1.pdf", "the description itself was changed");
    sample_free(&sample);
}

Test(manifest_write, defaults_and_roles_by_use)
{
    struct sample sample;
    sample_init(&sample);
    sample_set(sample.description, "origin", NULL);
    sample_set(sample.description, "documents/0/availability", NULL);
    size_t size = 0;
    char *text = write_sample(&sample, &size);
    json_t *json = json_loadb(text, size, 0, NULL);
    cr_expect_str_eq(cret_json_string(json, "origin"), "vendor");
    cr_expect_str_eq(json_string_value(sample_get(json, "documents/0/availability")), "included");
    cr_expect_str_eq(json_string_value(sample_get(json, "documents/1/availability")), "onRequest");
    static const char *const roles[SAMPLE_FILES] = {"checksums", "advisory", "provenance",
                                                    "document",  "firmware", "sbom"};
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        cr_expect_str_eq(
            cret_json_string(json_array_get(json_object_get(json, "files"), i), "role"), roles[i]);
    }
    cr_expect_null(json_object_get(json, "include"));
    json_decref(json);
    free(text);
    sample_free(&sample);
}

/* What a description says cannot pose as what the tools write. */
Test(manifest_write, strings_cannot_forge_lines)
{
    struct sample sample;
    sample_init(&sample);
    sample_set(sample.description, "assumptions/0",
               "\"x\\n  \\\"files\\\": []\\n  \\\"checksums\\\": \\\"00\\\"\"");
    sample.files[SAMPLE_DOCUMENT].original = "docs/\"quoted\" \\ name.pdf";
    sample_set(sample.description, "documents/0/file", "\"docs/\\\"quoted\\\" \\\\ name.pdf\"");
    size_t size = 0;
    char *text = write_sample(&sample, &size);
    struct cret_manifest *manifest = NULL;
    struct cret_err err;
    cr_assert_eq(cret_manifest_parse_unverified(&manifest, (const uint8_t *)text, size, NULL, &err),
                 CRET_OK, "%s %s", err.what, err.where);
    cr_expect_eq(manifest->file_count, SAMPLE_FILES);
    cr_expect_str_eq(manifest->files[SAMPLE_DOCUMENT].original, "docs/\"quoted\" \\ name.pdf");
    cret_manifest_free(&manifest);
    free(text);
    sample_free(&sample);
}

Test(manifest_write, refuses_without_date_or_checksums)
{
    struct sample sample;
    sample_init(&sample);
    char *text = NULL;
    size_t size = 0;
    struct cret_err err;
    cr_expect_eq(cret_manifest_write(&text, &size, sample.description, sample.entries + 1,
                                     sample.files + 1, SAMPLE_FILES - 1, &err),
                 CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    sample_set(sample.description, "release/date", NULL);
    cr_expect_eq(cret_manifest_write(&text, &size, sample.description, sample.entries, sample.files,
                                     SAMPLE_FILES, &err),
                 CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_null(text);
    sample_free(&sample);
}

/* The predicted manifest with the digests is the one that is read from the text with them. */
Test(manifest_write, digests_taken_over_and_read_are_the_same)
{
    struct sample sample;
    sample_init(&sample);
    struct cret_entry known[SAMPLE_FILES];
    size_t size = 0, predicted_size = 0;
    char *text = write_sample(&sample, &size);
    memcpy(known, sample.entries, sizeof(known));
    struct cret_manifest *read = NULL, *taken = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_manifest_parse_unverified(&read, (uint8_t *)text, size, NULL, &err), CRET_OK,
                 "%s", err.what);
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        memset(sample.entries[i].sha256, 0, CRET_SHA256_BYTES);
        memset(sample.entries[i].fsverity, 0, CRET_SHA256_BYTES);
    }
    char *sums = NULL;
    size_t sums_size = 0;
    cr_assert_eq(
        cret_manifest_checksums_text(&sums, &sums_size, sample.entries, SAMPLE_FILES, &err),
        CRET_OK);
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        if (strcmp(sample.entries[i].path, CRET_CHECKSUMS_PATH) == 0) {
            cr_assert_eq(cret_sha256(sample.entries[i].sha256, sums, sums_size, &err), CRET_OK);
        }
    }
    char *predicted = write_sample(&sample, &predicted_size);
    cr_assert_eq(predicted_size, size);
    cr_assert_eq(cret_manifest_parse_unverified(&taken, (uint8_t *)predicted, size, NULL, &err),
                 CRET_OK, "%s", err.what);
    cr_assert_eq(cret_manifest_take_digests(taken, known, SAMPLE_FILES, text, size, &err), CRET_OK);
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        cr_expect_arr_eq(taken->entries[i].sha256, read->entries[i].sha256, CRET_SHA256_BYTES);
        cr_expect_arr_eq(taken->entries[i].fsverity, read->entries[i].fsverity, CRET_SHA256_BYTES);
    }
    cr_expect_arr_eq(taken->checksums, read->checksums, CRET_SHA256_BYTES);
    cr_expect_arr_eq(taken->identity, read->identity, CRET_SHA256_BYTES);
    cr_expect(json_equal(taken->json, read->json));
    known[0].size++;
    cr_expect_eq(cret_manifest_take_digests(taken, known, SAMPLE_FILES, text, size, &err),
                 CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    known[0].size--;
    known[0].path = "another";
    cr_expect_eq(cret_manifest_take_digests(taken, known, SAMPLE_FILES, text, size, &err),
                 CRET_FAILED);
    cr_expect_eq(cret_manifest_take_digests(taken, known, SAMPLE_FILES - 1, text, size, &err),
                 CRET_FAILED);
    cret_manifest_free(&read);
    cret_manifest_free(&taken);
    free(sums);
    free(predicted);
    free(text);
    sample_free(&sample);
}
