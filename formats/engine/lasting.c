/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a signature, held to ten years from the release. */
#include "engine/lasting.h"

#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/time.h"

/* Ten years with their leap days (Regulation (EU) 2024/2847, Article 13(9)); a day more or less
 * decides nothing here. */
#define LASTING_SECONDS (3653 * INT64_C(86400))

static bool is_asked(const struct cret_manifest *manifest)
{
    const char *type = cret_json_string(manifest->json, "release.type");
    return type != NULL && (strcmp(type, "security") == 0 || strcmp(type, "emergency") == 0);
}

/* The end of the certificate of a path that ends first. */
static int64_t first_end(const struct cret_chain *chain)
{
    int64_t end = CRET_LIMIT_TIME_LAST;
    for (size_t i = 0; i < chain->count; i++) {
        const int64_t own = cret_certificate_not_after(chain->certificates[i]);
        end = own < end ? own : end;
    }
    return end;
}

void cret_lasting_check(struct cret_findings *findings, const struct cret_gate_result *gate,
                        const struct cret_manifest *manifest,
                        const struct cret_inspect_request *request)
{
    const enum cret_result result = cret_inspect_result(request, CRET_CHECK_SIGNATURE_LASTING);
    size_t faults = 0;
    if (!is_asked(manifest)) {
        return;
    }
    for (size_t i = 0; i < gate->signature_count; i++) {
        const struct cret_signature_judgement *one = &gate->signatures[i].judgement;
        const int64_t end = first_end(&one->chain);
        char wanted[32], actual[32];
        if (!one->counted || one->authority != NULL || one->sealed.held || one->revocation_pinned ||
            end >= manifest->date + LASTING_SECONDS) {
            continue;
        }
        cret_time_format(wanted, manifest->date + LASTING_SECONDS);
        cret_time_format(actual, end);
        faults++;
        cret_findings_add(
            findings, CRET_CHECK_SIGNATURE_LASTING, result,
            (struct cret_finding_text){
                .where = gate->signatures[i].name,
                .expected = wanted,
                .actual = actual,
                .hint = cret_check_hint(CRET_CHECK_SIGNATURE_LASTING, CRET_READER_OWNER, NULL)},
            "without a trusted timestamp this security release cannot be verified after %.10s",
            actual);
    }
    if (faults == 0) {
        cret_findings_add(findings, CRET_CHECK_SIGNATURE_LASTING, CRET_RESULT_PASS,
                          (struct cret_finding_text){0},
                          "the signature can be verified for ten years from the release");
    }
}
