/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: a complete sample, and changes to it. */
#ifndef CRET_TEST_RELEASE_SUPPORT_H
#define CRET_TEST_RELEASE_SUPPORT_H

#include "release/manifest/manifest.h"

/* tests/vectors/<name>, whole; fails the test where it cannot be read. */
char *sample_vector(const char *name, size_t *ret_size);

/* The files of the sample release, sorted, SHA256SUMS among them with its true digest. */
#define SAMPLE_FILES 6
#define SAMPLE_CHECKSUMS 0
#define SAMPLE_ADVISORY 1
#define SAMPLE_PROVENANCE 2
#define SAMPLE_DOCUMENT 3
#define SAMPLE_FIRMWARE 4
#define SAMPLE_SBOM 5
struct sample {
    json_t *description;
    struct cret_entry entries[SAMPLE_FILES];
    struct cret_manifest_file files[SAMPLE_FILES];
    json_t *hardware;
    json_t *manifest; /* as cret_manifest_write made it, parsed again */
};
void sample_init(struct sample *sample);
void sample_free(struct sample *sample);

/* Sets (or, value NULL, removes) what a path such as "documents/0/file" names; value is JSON. */
void sample_set(json_t *json, const char *path, const char *value);
json_t *sample_get(json_t *json, const char *path);

/* Makes SHA256SUMS and checksums of a changed manifest right again. */
void sample_reseal(json_t *manifest);

/* Parses a manifest as printed. */
enum cret_status sample_parse(struct cret_manifest **ret_manifest, const json_t *manifest,
                              struct cret_findings *findings, struct cret_err *err);

/* Whether a FAIL of that check is at that place. */
bool sample_has(const struct cret_findings *findings, enum cret_check_id check, const char *where);
/* Prints the findings, for the log of a failed test. */
void sample_show(const struct cret_findings *findings);

#endif
