/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest's parser, and the checks on what it says. */
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "base/finding/limits.h"
#include "base/text/path.h"
#include "release/statements/checks.h"
#include "release/statements/claims.h"

static void hold(const struct cret_manifest *manifest, const uint8_t *data, size_t size)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char *text = NULL;
    size_t text_size = 0;
    uint64_t end = 0;
    FUZZ_HOLD(cret_sha256(digest, data, size, NULL) == CRET_OK);
    FUZZ_HOLD(memcmp(digest, manifest->identity, sizeof(digest)) == 0);
    FUZZ_HOLD(manifest->vendor != NULL && manifest->product != NULL && manifest->version != NULL);
    FUZZ_HOLD(manifest->file_count > 0 && manifest->date >= 0 && manifest->sequence >= 0);
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct cret_entry *entry = &manifest->entries[i];
        FUZZ_HOLD(i == 0 || strcmp(entry[-1].path, entry->path) < 0);
        FUZZ_HOLD(strlen(entry->path) <= CRET_LIMIT_PATH_BYTES && entry->path[0] != '/');
        FUZZ_HOLD(strstr(entry->path, "..") == NULL || strstr(entry->path, "/../") == NULL);
        FUZZ_HOLD(cret_manifest_find(manifest, entry->path) == i);
        FUZZ_HOLD(manifest->files[i].role != NULL);
    }
    FUZZ_HOLD(cret_manifest_checksums_text(&text, &text_size, manifest->entries,
                                           manifest->file_count, NULL) == CRET_OK);
    FUZZ_HOLD(cret_sha256(digest, text, text_size, NULL) == CRET_OK);
    FUZZ_HOLD(memcmp(digest, manifest->checksums, sizeof(digest)) == 0);
    const size_t list = cret_manifest_find(manifest, CRET_CHECKSUMS_PATH);
    FUZZ_HOLD(list < manifest->file_count && manifest->entries[list].size == text_size);
    free(text);
    (void)!cret_layout_payload(manifest->entries, manifest->file_count, 0, &end, NULL);
    const char **names = cret_manifest_detached_names(manifest);
    FUZZ_HOLD(names != NULL);
    free((void *)names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_manifest *manifest = NULL;
    struct cret_findings *findings = cret_findings_new();
    const struct cret_release_context context = {.now = FUZZ_NOW};
    struct cret_err err;
    cret_err_clear(&err);
    const enum cret_status status =
        cret_manifest_parse_unverified(&manifest, data, size, findings, &err);
    fuzz_hold_findings(findings, status == CRET_OK);
    if (status == CRET_OK) {
        hold(manifest, data, size);
        cret_release_check(manifest, &context, findings);
        cret_claims_check_manifest(manifest, findings);
    } else {
        FUZZ_HOLD(manifest == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_manifest_free(&manifest);
    cret_findings_free(&findings);
    return 0;
}
