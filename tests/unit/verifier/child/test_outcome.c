/* SPDX-License-Identifier: Apache-2.0 */
/* What the parent makes of a child's frames: anything malformed, missing, or contradictory is
 * UNDECIDED, never an acceptance. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "verifier/child/frames.h"
#include "verifier/child/outcome.h"
#include "verifier/child/waiver_files.h"

/* What an acceptance says at least; one part each may be replaced. */
#define PRODUCT "\"product\":{\"vendor\":\"ACME\",\"name\":\"PLC\"}"
#define RELEASE "\"release\":{\"version\":\"1.0\",\"sequence\":1}"
#define SIZES "\"fileCount\":1,\"fileBytes\":3"
#define SIGNATURES "\"signatures\":[{\"counted\":true}]"
#define DOCUMENT "{" PRODUCT "," RELEASE "," SIZES "," SIGNATURES "}"

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
    send_document(DOCUMENT);
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

Test(outcome, the_engine_is_the_one_that_the_child_names)
{
    send_passes();
    send_identity();
    send_document(DOCUMENT);
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

Test(outcome, a_refusal_is_refused)
{
    send_finding(CRET_CHECK_ARCHIVE_FRAMING, CRET_RESULT_FAIL, "failed");
    send_verdict(CRET_VERDICT_REFUSED);
    cr_assert_eq(receive(), CRET_VERDICT_REFUSED);
}

/* ---- what a child that was taken over may say ---- */

/* An acceptance, step by step; a hostile one leaves a step out, or takes another in its place. */
struct steps {
    uint32_t finding;     /* one more check, where not CRET_CHECK_NONE */
    uint32_t result;      /* of it */
    bool no_passes;       /* no required check was answered */
    int identities;       /* frames of identity, beside one */
    const char *document; /* NULL: DOCUMENT; "": none */
    bool no_engine;       /* nobody computed a digest */
    uint32_t engine;      /* 0: CRET_HASH_LIBRARY */
    bool two_engines;
    int files;            /* FILE frames */
    uint32_t flags;       /* of each */
    const char *role;     /* NULL: "firmware" */
    bool trailing;        /* a frame that is longer than its content */
    bool truncated;       /* a frame that is shorter than its header says */
    uint32_t verdict;     /* CRET_VERDICT_COUNT: none */
    bool late;            /* a finding after the verdict */
    const char *says;     /* in the reason */
    const char *expected; /* in what was expected; or NULL */
};

static void send_file(uint32_t flags, const char *role)
{
    static const uint8_t digests[64] = {7};
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, "firmware/a.bin");
    cret_frame_put_string(&body, NULL);
    cret_frame_put_string(&body, role != NULL ? role : "firmware");
    cret_frame_put_u64(&body, 3);
    cret_frame_put_bytes(&body, digests, sizeof(digests));
    cret_frame_put_u32(&body, flags);
    send(CRET_FRAME_FILE, &body);
}

static void send_trailing(void)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, CRET_CHECK_POLICY_REVIEW);
    cret_frame_put_u32(&body, CRET_RESULT_WARN);
    for (int i = 0; i < 6; i++) {
        cret_frame_put_string(&body, "one string too many");
    }
    send(CRET_FRAME_FINDING, &body);
}

static void send_truncated(void)
{
    const uint32_t header[4] = {0x74657243u, CRET_FRAME_VERDICT, 4, 0};
    cr_assert_eq(cret_os_write(write_end, header, sizeof(header), NULL), CRET_OK);
}

static void send_steps(const struct steps *steps)
{
    if (!steps->no_passes) {
        send_passes();
    }
    if (steps->finding != CRET_CHECK_NONE) {
        send_finding(steps->finding, steps->result, "said by the child");
    }
    for (int i = 0; i < 1 + steps->identities; i++) {
        send_identity();
    }
    for (int i = 0; i < steps->files; i++) {
        send_file(steps->flags, steps->role);
    }
    if (steps->document == NULL || steps->document[0] != '\0') {
        send_document(steps->document != NULL ? steps->document : DOCUMENT);
    }
    for (int i = 0; !steps->no_engine && i < (steps->two_engines ? 2 : 1); i++) {
        send_engine(steps->engine);
    }
    if (steps->trailing) {
        send_trailing();
    }
    if (steps->truncated) {
        send_truncated();
        return;
    }
    if (steps->verdict != CRET_VERDICT_COUNT) {
        send_verdict(steps->verdict);
    }
    if (steps->late) {
        send_finding(CRET_CHECK_POLICY_REVIEW, CRET_RESULT_WARN, "late");
    }
}

#define YES .verdict = CRET_VERDICT_ACCEPTED
#define BAD .says = "malformed"
#define LACKS(what) .says = "does not say all of it", .expected = what
#define CONTRADICTS(what) .says = "contradicts itself", .expected = what
#define SAYS(id, word) .finding = CRET_CHECK_##id, .result = CRET_RESULT_##word, YES

static const struct steps hostile[] = {
    /* order and form of the frames */
    {.verdict = CRET_VERDICT_COUNT, .says = "ended before its verdict"},
    {.verdict = CRET_VERDICT_COUNT + 1, BAD},
    {YES, .late = true, BAD},
    {YES, .trailing = true, BAD},
    {.truncated = true, .says = ""},
    {YES, .identities = 1, BAD},
    {YES, .two_engines = true, BAD},
    {YES, .engine = CRET_HASH_COUNT, BAD},
    {YES, .document = "{\"a\":1,\"a\":2}", BAD},
    {YES, .document = "no JSON", BAD},
    /* findings */
    {SAYS(COUNT, PASS), BAD},
    {.finding = CRET_CHECK_POLICY_REVIEW, .result = CRET_RESULT_COUNT, YES, BAD},
    {SAYS(RELEASE_BACKOUT, PASS), BAD},
    {SAYS(DOCUMENT_IDENTITY, PASS), BAD},
    {SAYS(DOCUMENT_IDENTITY, WAIVED), BAD},
    {SAYS(TPM_ANCHOR, PASS), BAD},
    {SAYS(TPM_SIGNATURE, PASS), BAD},
    {SAYS(EVIDENCE_SYSLOG, PASS), BAD},
    {SAYS(EVIDENCE_RECORD, NOT_CHECKED), BAD},
    {SAYS(RECORD_SIGNATURE, PASS), BAD},
    {SAYS(JOURNAL_CHAIN, PASS), BAD},
    {SAYS(FILE_INTENDED, WARN), BAD},
    /* the verdict against them */
    {SAYS(SBOM_BINDING, FAIL), CONTRADICTS("REFUSED")},
    {SAYS(FILE_DIGESTS, NOT_CHECKED), CONTRADICTS("REFUSED")},
    {SAYS(FILE_DIGESTS, WAIVED), CONTRADICTS("REFUSED")},
    {SAYS(SBOM_BINDING, WAIVED), CONTRADICTS("ACCEPTED WITH WAIVERS")},
    {YES, .no_passes = true, CONTRADICTS("REFUSED")},
    {.verdict = CRET_VERDICT_REFUSED, CONTRADICTS("ACCEPTED")},
    {.verdict = CRET_VERDICT_PARTIAL, CONTRADICTS("ACCEPTED")},
    {.verdict = CRET_VERDICT_UNDECIDED, CONTRADICTS("ACCEPTED")},
    {.verdict = CRET_VERDICT_ACCEPTED_WITH_WAIVERS, CONTRADICTS("ACCEPTED")},
    /* an acceptance that does not say of what */
    {YES, .identities = -1, LACKS("identity")},
    {YES, .document = "", LACKS("product.vendor")},
    {YES, .document = "{}", LACKS("product.vendor")},
    {YES, .document = "[]", LACKS("product.vendor")},
    {YES, .document = "{" RELEASE "," SIZES "," SIGNATURES "}", LACKS("product.vendor")},
    {YES, .document = "{\"product\":{\"vendor\":\"ACME\"}," RELEASE "," SIZES "," SIGNATURES "}",
     LACKS("product.name")},
    {YES,
     .document =
         "{\"product\":{\"vendor\":\"ACME\",\"name\":7}," RELEASE "," SIZES "," SIGNATURES "}",
     LACKS("product.name")},
    {YES, .document = "{" PRODUCT "," SIZES "," SIGNATURES "}", LACKS("release.version")},
    {YES,
     .document = "{" PRODUCT ",\"release\":{\"version\":\"1\",\"sequence\":\"1\"}," SIZES
                 "," SIGNATURES "}",
     LACKS("release.sequence")},
    {YES, .document = "{" PRODUCT "," RELEASE "," SIGNATURES "}", LACKS("fileCount")},
    {YES, .document = "{" PRODUCT "," RELEASE "," SIZES "}", LACKS("signatures")},
    {YES, .document = "{" PRODUCT "," RELEASE "," SIZES ",\"signatures\":[]}",
     LACKS("a signature that counted")},
    {YES, .document = "{" PRODUCT "," RELEASE "," SIZES ",\"signatures\":[{\"counted\":false},7]}",
     LACKS("a signature that counted")},
    {YES, .no_engine = true, LACKS("what computed the digests")},
    /* files */
    {YES, .files = 2, .flags = CRET_FILE_SHA256_VERIFIED, LACKS("every file")},
    {YES, .files = 1, LACKS("that every file was read")},
    {YES, .files = 1, .flags = CRET_FILE_HAS_FSVERITY, LACKS("that every file was read")},
    {YES, .files = 1, .flags = 1u << 4, BAD},
    {YES, .files = 1, .flags = UINT32_MAX, BAD},
    {YES, .files = 1, .flags = CRET_FILE_FSVERITY_VERIFIED, BAD},
    {YES, .files = 1, .flags = CRET_FILE_SHA256_VERIFIED, .role = "no role", BAD},
};

Test(outcome, hostile_frames_are_undecided_and_say_why)
{
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        teardown();
        setup();
        send_steps(&hostile[i]);
        cret_os_close(&write_end);
        struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
        cr_assert_not_null(outcome);
        cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED, "row %zu: %s", i,
                     cret_verdict_name(outcome->verdict));
        cr_expect(outcome->error.what[0] != '\0', "row %zu gives no reason", i);
        cr_expect_not_null(strstr(outcome->error.what, hostile[i].says), "row %zu: %s", i,
                           outcome->error.what);
        cr_expect(hostile[i].expected == NULL ||
                      strstr(outcome->error.expected, hostile[i].expected) != NULL,
                  "row %zu: expected %s", i, outcome->error.expected);
        cret_outcome_free(&outcome);
    }
}

/* The same steps without a fault: else each row above could fail for another reason. */
Test(outcome, the_steps_without_a_fault_are_accepted)
{
    static const struct steps rows[] = {
        {YES},
        {YES, .files = 1, .flags = CRET_FILE_SHA256_VERIFIED},
        {YES, .files = 1, .flags = CRET_FILE_SHA256_VERIFIED | CRET_FILE_SAFETY_RELEVANT},
        {YES, .files = 1, .flags = CRET_FILE_HAS_FSVERITY | CRET_FILE_FSVERITY_VERIFIED},
        {SAYS(SBOM_BINDING, WARN)},
        {SAYS(RELEASE_IDENTITY, PASS)},
        {SAYS(WAIVER_PERIOD, WARN)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        teardown();
        setup();
        send_steps(&rows[i]);
        cr_expect_eq(receive(), CRET_VERDICT_ACCEPTED, "row %zu", i);
    }
}

Test(outcome, files_that_were_asked_for_are_missed)
{
    const struct steps steps = {YES};
    const struct cret_expectation before = expectation;
    expectation.want_files = true;
    send_steps(&steps);
    cr_expect_eq(receive(), CRET_VERDICT_UNDECIDED);
    expectation = before;
}

/* ---- concluding ---- */

/* An outcome with one finding of each kind that is given. */
static struct cret_outcome *outcome_of(enum cret_check_id check, enum cret_result result)
{
    struct cret_outcome *outcome = calloc(1, sizeof(*outcome));
    outcome->findings = cret_findings_new();
    cret_findings_add(outcome->findings, CRET_CHECK_POLICY_REVIEW, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "in time");
    cret_findings_add(outcome->findings, check, result, (struct cret_finding_text){0}, "found");
    cret_outcome_conclude(outcome);
    return outcome;
}

Test(outcome, an_answer_that_is_owed_leaves_it_undecided_with_its_reason)
{
    struct cret_outcome *outcome = outcome_of(CRET_CHECK_EVIDENCE_RECORD, CRET_RESULT_NOT_CHECKED);
    cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED);
    cr_expect_str_eq(outcome->error.what, "found");
    cret_outcome_free(&outcome);
    outcome = outcome_of(CRET_CHECK_TPM_SIGNATURE, CRET_RESULT_NOT_CHECKED);
    cr_expect_eq(outcome->verdict, CRET_VERDICT_ACCEPTED, "not every silence is owed");
    cret_outcome_free(&outcome);
}

Test(outcome, what_could_not_be_left_spoils_an_acceptance_and_not_a_refusal)
{
    static const struct {
        enum cret_result before;   /* of the release */
        enum cret_err_class class; /* of what failed then */
        enum cret_verdict verdict;
        enum cret_check_id check; /* that is listed for it */
        enum cret_result result;
    } rows[] = {{CRET_RESULT_PASS, CRET_ERR_UNDECIDED, CRET_VERDICT_UNDECIDED,
                 CRET_CHECK_EVIDENCE_JOURNAL, CRET_RESULT_NOT_CHECKED},
                {CRET_RESULT_PASS, CRET_ERR_USAGE, CRET_VERDICT_UNDECIDED,
                 CRET_CHECK_EVIDENCE_JOURNAL, CRET_RESULT_NOT_CHECKED},
                {CRET_RESULT_PASS, CRET_ERR_REFUSED, CRET_VERDICT_REFUSED, CRET_CHECK_TPM_JOURNAL,
                 CRET_RESULT_FAIL},
                {CRET_RESULT_FAIL, CRET_ERR_UNDECIDED, CRET_VERDICT_REFUSED,
                 CRET_CHECK_EVIDENCE_JOURNAL, CRET_RESULT_NOT_CHECKED},
                {CRET_RESULT_FAIL, CRET_ERR_REFUSED, CRET_VERDICT_REFUSED, CRET_CHECK_TPM_JOURNAL,
                 CRET_RESULT_FAIL}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_outcome *outcome = outcome_of(CRET_CHECK_SBOM_BINDING, rows[i].before);
        struct cret_err err;
        cret_err_clear(&err);
        cret_err_set(&err, rows[i].class, CRET_CHECK_TPM_JOURNAL, "it failed");
        cret_outcome_spoil(outcome, CRET_CHECK_EVIDENCE_JOURNAL, &err);
        cr_expect_eq(outcome->verdict, rows[i].verdict, "row %zu: %s", i,
                     cret_verdict_name(outcome->verdict));
        cr_expect_eq(cret_findings_tally(outcome->findings, rows[i].check, rows[i].result), 1,
                     "row %zu", i);
        cr_expect_eq(outcome->error.what[0] != '\0', rows[i].verdict == CRET_VERDICT_UNDECIDED,
                     "row %zu: %s", i, outcome->error.what);
        cret_outcome_free(&outcome);
    }
}

Test(outcome, findings_that_are_not_whole_leave_it_undecided_with_a_reason)
{
    struct cret_outcome *outcome = outcome_of(CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL);
    cr_expect_eq(outcome->verdict, CRET_VERDICT_REFUSED);
    cret_findings_break(outcome->findings);
    cret_outcome_conclude(outcome);
    cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED);
    cr_expect_not_null(strstr(outcome->error.what, "too many"), "%s", outcome->error.what);
    cret_outcome_free(&outcome);
}

/* The table of frames says how often each may come; nobody below it asks again. */
Test(outcome, what_comes_once_comes_once)
{
    static const struct {
        enum cret_frame type;
        uint32_t words;
    } once[] = {{CRET_FRAME_IDENTITY, 9}, {CRET_FRAME_ARCHIVE, 11}, {CRET_FRAME_ENGINE, 1}};
    for (size_t i = 0; i <= CRET_LENGTH(once); i++) {
        for (int times = 1; times <= 2; times++) {
            teardown();
            setup();
            for (int k = 0; k < times; k++) {
                struct cret_buffer body = {0};
                for (uint32_t word = 0; i < CRET_LENGTH(once) && word < once[i].words; word++) {
                    cret_frame_put_u32(&body, 0);
                }
                if (i < CRET_LENGTH(once)) {
                    send(once[i].type, &body);
                } else {
                    send_document("{}");
                }
            }
            cret_os_close(&write_end);
            struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
            cr_assert_not_null(outcome);
            cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED);
            cr_expect_not_null(
                strstr(outcome->error.what, times == 1 ? "ended before its verdict" : "malformed"),
                "%zu, %d times: %s", i, times, outcome->error.what);
            cret_outcome_free(&outcome);
        }
    }
}

Test(outcome, foreign_bytes_are_undecided)
{
    static const char noise[] = "this is not a frame, and was never one";
    cr_assert_eq(cret_os_write(write_end, noise, sizeof(noise), NULL), CRET_OK);
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
