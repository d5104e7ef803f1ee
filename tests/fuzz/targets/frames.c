/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of a verification: whatever the process says that read the archive, nothing is
 * accepted that contradicts itself or lacks a part. First byte: what the parent expects.
 */
#include <string.h>
#include <unistd.h>

#include "../fuzz.h"
#include "../wire.h"
#include "base/text/json.h"
#include "verifier/child/outcome.h"

static void hold_accepted(const struct cret_outcome *outcome,
                          const struct cret_expectation *expectation)
{
    const json_t *signatures = cret_json_get(outcome->document, "signatures");
    size_t index, counted = 0;
    json_t *one;
    FUZZ_HOLD(!cret_findings_failed(outcome->findings) && outcome->error.class == CRET_ERR_NONE);
    FUZZ_HOLD(outcome->has_identity && !expectation->partial);
    json_array_foreach(signatures, index, one)
    {
        counted += cret_json_boolean(one, "counted", false) ? 1 : 0;
    }
    FUZZ_HOLD(expectation->unverified || counted > 0);
    for (size_t i = 0; i < CRET_CHECK_COUNT; i++) {
        const enum cret_check_id check = (enum cret_check_id)i;
        FUZZ_HOLD(!expectation->required->check[i] ||
                  cret_findings_tally(outcome->findings, check, CRET_RESULT_PASS) > 0 ||
                  cret_findings_tally(outcome->findings, check, CRET_RESULT_WAIVED) > 0);
    }
    for (size_t i = 0; i < outcome->file_count; i++) {
        FUZZ_HOLD((outcome->files[i].flags &
                   (CRET_FILE_SHA256_VERIFIED | CRET_FILE_FSVERITY_VERIFIED)) != 0);
    }
    FUZZ_HOLD(!expectation->want_files || outcome->file_count > 0);
    FUZZ_HOLD(outcome->waiver_count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct cret_patience patience = {.silence_ms = 60000, .run_ms = 60000};
    struct cret_required required;
    struct fuzz_part input = {data, size};
    const uint8_t how = fuzz_byte(&input);
    const struct cret_expectation expectation = {.required = &required,
                                                 .partial = (how & 1) != 0,
                                                 .unverified = (how & 2) != 0,
                                                 .want_files = (how & 4) != 0,
                                                 .patience = &patience};
    memset(&required, 0, sizeof(required));
    cret_required_core(&required);
    const int fd = fuzz_wire(input.data, input.size);
    struct cret_outcome *outcome = cret_outcome_receive(fd, &expectation);
    FUZZ_HOLD(outcome != NULL && outcome->verdict < CRET_VERDICT_COUNT);
    if (outcome->verdict == CRET_VERDICT_ACCEPTED ||
        outcome->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS) {
        hold_accepted(outcome, &expectation);
    }
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        FUZZ_HOLD(outcome->error.class == CRET_ERR_UNDECIDED ||
                  cret_findings_total(outcome->findings, CRET_RESULT_NOT_CHECKED) > 0);
    }
    cret_outcome_free(&outcome);
    close(fd);
    return 0;
}
