/* SPDX-License-Identifier: Apache-2.0 */
/* What the parent makes of a child's frames: anything malformed, missing, or contradictory is
 * UNDECIDED, never an acceptance. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/system/os.h"
#include "verifier/child/frames.h"
#include "verifier/child/outcome.h"
#include "verifier/child/waiver_files.h"

static struct cret_required required;
static int read_end, write_end;

static void setup(void)
{
    cret_required_core(&required);
    cr_assert_eq(cret_os_pipe(&read_end, &write_end, NULL), CRET_OK);
}

static void teardown(void)
{
    cret_os_close(&read_end);
    cret_os_close(&write_end);
}

TestSuite(outcome, .init = setup, .fini = teardown);

static const struct cret_patience patience = {.silence_ms = 50, .run_ms = 100000};
static struct cret_expectation expectation = {.required = &required, .patience = &patience};

static void send(enum cret_frame type, struct cret_buffer *body)
{
    cr_assert_eq(cret_frame_send(&cret_verdict_frames, write_end, type, body, NULL), CRET_OK);
}

static void send_finding(uint32_t check, uint32_t result, const char *reason)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, check);
    cret_frame_put_u32(&body, result);
    cret_frame_put_string(&body, reason);
    for (int i = 0; i < 4; i++) {
        cret_frame_put_string(&body, NULL);
    }
    send(CRET_FRAME_FINDING, &body);
}

static void send_passes(void)
{
    for (uint32_t id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        if (required.check[id]) {
            send_finding(id, CRET_RESULT_PASS, "passed");
        }
    }
}

static void send_identity(void)
{
    static const uint8_t identity[32] = {1, 2, 3};
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, identity, sizeof(identity));
    cret_frame_put_u32(&body, 1);
    send(CRET_FRAME_IDENTITY, &body);
}

static void send_document(const char *text)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, text, strlen(text));
    send(CRET_FRAME_DOCUMENT, &body);
}

static void send_engine(uint32_t engine)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, engine);
    send(CRET_FRAME_ENGINE, &body);
}

static void send_verdict(uint32_t verdict)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, verdict);
    send(CRET_FRAME_VERDICT, &body);
}

/* Closes the writing end, as a child that exits does, and reads all. */
static enum cret_verdict receive(void)
{
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_not_null(outcome);
    const enum cret_verdict verdict = outcome->verdict;
    cr_assert(verdict != CRET_VERDICT_UNDECIDED || outcome->error.what[0] != '\0');
    cret_outcome_free(&outcome);
    return verdict;
}

static void send_accepted(void)
{
    send_passes();
    send_identity();
    send_document("{}");
    send_engine(CRET_HASH_SHA_NI);
}

Test(outcome, a_complete_acceptance_is_accepted)
{
    send_accepted();
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_ACCEPTED);
}

Test(outcome, silence_is_undecided)
{
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_end_before_the_verdict_is_undecided)
{
    send_accepted();
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, a_verdict_without_findings_is_undecided)
{
    send_identity();
    send_document("{}");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_acceptance_beside_a_fail_is_undecided)
{
    send_accepted();
    send_finding(CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL, "failed");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_acceptance_by_no_engine_is_undecided)
{
    send_passes();
    send_identity();
    send_document("{}");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_engine_that_does_not_exist_is_undecided)
{
    send_passes();
    send_identity();
    send_document("{}");
    send_engine(CRET_HASH_COUNT);
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, the_engine_is_the_one_that_the_child_names)
{
    send_passes();
    send_identity();
    send_document("{}");
    send_engine(CRET_HASH_REJECTED);
    send_verdict(CRET_VERDICT_ACCEPTED);
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_not_null(outcome);
    cr_assert_eq(outcome->verdict, CRET_VERDICT_ACCEPTED);
    cr_assert(outcome->has_engine);
    cr_assert_eq(outcome->engine, CRET_HASH_REJECTED);
    cret_outcome_free(&outcome);
}

Test(outcome, an_acceptance_without_identity_is_undecided)
{
    send_engine(CRET_HASH_LIBRARY);
    send_passes();
    send_document("{}");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_acceptance_without_document_is_undecided)
{
    send_engine(CRET_HASH_LIBRARY);
    send_passes();
    send_identity();
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, a_refusal_beside_passes_only_is_undecided)
{
    send_accepted();
    send_verdict(CRET_VERDICT_REFUSED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, a_refusal_is_refused)
{
    send_finding(CRET_CHECK_ARCHIVE_FRAMING, CRET_RESULT_FAIL, "failed");
    send_verdict(CRET_VERDICT_REFUSED);
    cr_assert_eq(receive(), CRET_VERDICT_REFUSED);
}

Test(outcome, a_frame_after_the_verdict_is_undecided)
{
    send_accepted();
    send_verdict(CRET_VERDICT_ACCEPTED);
    send_finding(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_WARN, "late");
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, unknown_checks_and_results_are_undecided)
{
    send_accepted();
    send_finding(CRET_CHECK_COUNT, CRET_RESULT_PASS, "unknown check");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, a_result_out_of_range_is_undecided)
{
    send_accepted();
    send_finding(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_COUNT, "unknown result");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, a_document_that_is_not_json_is_undecided)
{
    send_engine(CRET_HASH_LIBRARY);
    send_passes();
    send_identity();
    send_document("{\"a\":1,\"a\":2}");
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, two_engines_are_undecided)
{
    send_accepted();
    send_engine(CRET_HASH_SHA_NI);
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, two_identities_are_undecided)
{
    send_accepted();
    send_identity();
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, foreign_bytes_are_undecided)
{
    static const char noise[] = "this is not a frame, and was never one";
    cr_assert_eq(cret_os_write(write_end, noise, sizeof(noise), NULL), CRET_OK);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, trailing_bytes_in_a_frame_are_undecided)
{
    send_accepted();
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, CRET_CHECK_POLICY_REVIEW);
    cret_frame_put_u32(&body, CRET_RESULT_WARN);
    for (int i = 0; i < 6; i++) {
        cret_frame_put_string(&body, "one string too many");
    }
    send(CRET_FRAME_FINDING, &body);
    send_verdict(CRET_VERDICT_ACCEPTED);
    cr_assert_eq(receive(), CRET_VERDICT_UNDECIDED);
}

Test(outcome, an_error_makes_it_undecided_with_its_reason)
{
    send_accepted();
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, "the disk is gone");
    for (int i = 0; i < 4; i++) {
        cret_frame_put_string(&body, NULL);
    }
    send(CRET_FRAME_ERROR, &body);
    send_verdict(CRET_VERDICT_UNDECIDED);
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_eq(outcome->verdict, CRET_VERDICT_UNDECIDED);
    cr_assert_str_eq(outcome->error.what, "the disk is gone");
    cret_outcome_free(&outcome);
}

Test(outcome, lesson_24_texts_are_escaped)
{
    send_finding(CRET_CHECK_ARCHIVE_FRAMING, CRET_RESULT_FAIL, "evil \033[2J name");
    send_verdict(CRET_VERDICT_REFUSED);
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_eq(outcome->verdict, CRET_VERDICT_REFUSED);
    cr_assert_null(strchr(cret_findings_at(outcome->findings, 0)->reason, '\033'));
    cret_outcome_free(&outcome);
}

/* A child that was taken over could say WAIVED where nobody waived anything. */
Test(outcome, a_waived_finding_without_a_waiver_is_undecided)
{
    const struct cret_waivers none = {0};
    const struct cret_inspect_request requests[] = {{.waivers = NULL}, {.waivers = &none}};
    send_accepted();
    send_finding(CRET_CHECK_SBOM_BINDING, CRET_RESULT_WAIVED, "waived");
    send_verdict(CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_eq(outcome->verdict, CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
    for (size_t i = 0; i < 2; i++) {
        cret_waivers_settle(&requests[i], outcome);
        cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED);
        cr_expect_eq(outcome->waiver_count, 0);
    }
    cret_outcome_free(&outcome);
}
