/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest parser and the checks on what it says. */
#include "release/statements/checks.h"
#include "release/statements/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_manifest *manifest = NULL;
    struct cret_findings *findings = cret_findings_new();
    const struct cret_release_context context = {.now = 1793491200};
    if (findings != NULL &&
        cret_manifest_parse_unverified(&manifest, data, size, findings, NULL) == CRET_OK) {
        cret_release_check(manifest, &context, findings);
        cret_claims_check_manifest(manifest, findings);
    }
    cret_manifest_free(&manifest);
    cret_findings_free(&findings);
    return 0;
}
