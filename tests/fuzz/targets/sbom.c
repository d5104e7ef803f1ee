/* SPDX-License-Identifier: Apache-2.0 */
/* SBOMs (CycloneDX, SPDX 2, SPDX 3): reading, what identifies components, what is not compared. */
#include <string.h>

#include "../fuzz.h"
#include "base/text/json.h"
#include "release/advisory/coverage.h"
#include "release/sbom/foreign.h"
#include "release/sbom/sbom.h"

static void hold(const struct cret_sbom *sbom, struct cret_findings *findings)
{
    FUZZ_HOLD(cret_sbom_format(sbom) != NULL && cret_sbom_json(sbom) != NULL);
    json_t *identities = cret_sbom_identities(sbom);
    json_t *gaps = cret_coverage_sbom(sbom);
    size_t index, roots = 0;
    json_t *one;
    FUZZ_HOLD(json_is_array(identities) && json_is_array(gaps));
    FUZZ_HOLD(cret_sbom_count(sbom) <= cret_sbom_entries(sbom));
    FUZZ_HOLD(json_array_size(identities) <= cret_sbom_entries(sbom));
    json_array_foreach(identities, index, one)
    {
        roots += cret_json_boolean(one, "root", false) ? 1 : 0;
    }
    FUZZ_HOLD(roots <= json_array_size(identities));
    for (int reader = 0; reader < 2; reader++) {
        cret_coverage_check(sbom, (enum cret_reader)reader, findings);
    }
    json_decref(identities);
    json_decref(gaps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_sbom *sbom = NULL;
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    const char *text = (const char *)data;
    cret_err_clear(&err);
    if (cret_sbom_read(&sbom, text, size, "fuzz", NULL, findings, &err) == CRET_OK) {
        FUZZ_HOLD(sbom != NULL);
        FUZZ_HOLD(cret_findings_count(findings) > 0);
        hold(sbom, findings);
    } else {
        FUZZ_HOLD(sbom == NULL && cret_findings_failed(findings));
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    FUZZ_HOLD(!cret_findings_broken(findings));
    cret_foreign_bytes(text, size);
    cret_sbom_free(&sbom);
    cret_findings_free(&findings);
    return 0;
}
