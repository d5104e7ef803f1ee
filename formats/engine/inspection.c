/* SPDX-License-Identifier: Apache-2.0 */
/* The result of one verification, from its beginning as REFUSED to its end. */
#include <stdlib.h>

#include "engine/inspect_internal.h"

struct cret_inspection *cret_inspection_new(void)
{
    struct cret_inspection *inspection = calloc(1, sizeof(*inspection));
    if (inspection == NULL) {
        return NULL;
    }
    inspection->verdict = CRET_VERDICT_REFUSED;
    inspection->findings = cret_findings_new();
    if (inspection->findings == NULL) {
        cret_inspection_free(&inspection);
    }
    return inspection;
}

void cret_inspection_free(struct cret_inspection **inspection)
{
    if (inspection == NULL || *inspection == NULL) {
        return;
    }
    cret_findings_free(&(*inspection)->findings);
    json_decref((*inspection)->packages);
    cret_gate_result_free(&(*inspection)->gate);
    cret_content_facts_clear(&(*inspection)->facts);
    cret_manifest_free(&(*inspection)->manifest);
    cret_front_free(&(*inspection)->front);
    free(*inspection);
    *inspection = NULL;
}
