/* SPDX-License-Identifier: Apache-2.0 */
/* A child that was taken over sends what it likes, for as long as it likes: its parent's memory and
 * time stay bounded, and it is UNDECIDED. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/process.h"
#include "verifier/child/frames.h"
#include "verifier/child/outcome.h"

static struct cret_required required;
static char filler[CRET_FRAME_STRING + 1];

static void send(int fd, uint32_t type, struct cret_buffer *body)
{
    if (cret_frame_send(&cret_verdict_frames, fd, type, body, NULL) != CRET_OK) {
        _exit(9); /* the parent has had enough */
    }
}

static void send_progress(int fd, uint64_t work)
{
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, 1);
    cret_frame_put_u64(&body, 2);
    cret_frame_put_u64(&body, work);
    send(fd, CRET_FRAME_PROGRESS, &body);
}

static void send_finding(int fd, size_t size)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, CRET_CHECK_POLICY_REVIEW);
    cret_frame_put_u32(&body, CRET_RESULT_WARN);
    for (int i = 0; i < 5; i++) {
        cret_frame_put_string(&body, filler + CRET_FRAME_STRING - size);
    }
    send(fd, CRET_FRAME_FINDING, &body);
}

static void send_file(int fd, size_t original)
{
    static const uint8_t zeros[64];
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, "path");
    cret_frame_put_string(&body, filler + CRET_FRAME_STRING - original);
    cret_frame_put_string(&body, "firmware");
    cret_frame_put_u64(&body, 1);
    cret_frame_put_bytes(&body, zeros, sizeof(zeros));
    cret_frame_put_u32(&body, 0);
    send(fd, CRET_FRAME_FILE, &body);
}

static void send_text(int fd, uint32_t type, const char *text)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, text, strlen(text));
    send(fd, type, &body);
}

/* Says UNDECIDED as it should, and ends. */
static int conclude(int fd)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, CRET_VERDICT_UNDECIDED);
    send(fd, CRET_FRAME_VERDICT, &body);
    return 0;
}

static int says_nothing(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    for (;;) {
        cret_os_sleep_ms(1000);
    }
    return 9;
}

static int says_half_a_header(void *context, int in, int out)
{
    return write(out, "Cret\1", 5) == 5 ? says_nothing(context, in, out) : 9;
}

static int says_half_a_body(void *context, int in, int out)
{
    const uint32_t header[4] = {0x74657243u, CRET_FRAME_VERDICT, 4, 0};
    return write(out, header, sizeof(header)) == sizeof(header) && write(out, "a", 1) == 1
               ? says_nothing(context, in, out)
               : 9;
}

/* Frames all the time, but the work does not rise. */
static int pretends_to_work(void *context, int in, int out)
{
    (void)context, (void)in;
    for (;;) {
        send_progress(out, 7);
    }
    return 9;
}

static int works_for_ever(void *context, int in, int out)
{
    (void)context, (void)in;
    for (uint64_t work = 1;; work++) {
        send_progress(out, work);
    }
    return 9;
}

static int works_backwards(void *context, int in, int out)
{
    (void)context, (void)in;
    send_progress(out, 7);
    send_progress(out, 6);
    return conclude(out);
}

static int says_long_findings(void *context, int in, int out)
{
    (void)context, (void)in;
    for (;;) {
        send_finding(out, CRET_FRAME_STRING);
    }
    return 9;
}

/* What is escaped gets longer: what counts is what stays in memory. */
static int says_findings_that_grow(void *context, int in, int out)
{
    memset(filler, 1, CRET_FRAME_STRING);
    return says_long_findings(context, in, out);
}

static int says_many_findings(void *context, int in, int out)
{
    (void)context, (void)in;
    for (;;) {
        send_finding(out, 1);
    }
    return 9;
}

static int says_long_names(void *context, int in, int out)
{
    (void)context, (void)in;
    memset(filler, 1, CRET_FRAME_STRING);
    for (;;) {
        send_file(out, 1000);
    }
    return 9;
}

static int says_many_files(void *context, int in, int out)
{
    (void)context, (void)in;
    for (;;) {
        send_file(out, 0);
    }
    return 9;
}

static int says_two_documents(void *context, int in, int out)
{
    (void)context, (void)in;
    send_text(out, CRET_FRAME_DOCUMENT, "{}");
    send_text(out, CRET_FRAME_DOCUMENT, "{}");
    return conclude(out);
}

/* Many values in few bytes: they cost most memory. */
static int says_a_document_of_values(void *context, int in, int out)
{
    (void)context, (void)in;
    struct cret_buffer body = {0};
    cret_buffer_append(&body, "{\"a\":[[]", 8);
    for (size_t i = 0; i < (CRET_LIMIT_DOCUMENT_BYTES - 16) / 3; i++) {
        cret_buffer_append(&body, ",[]", 3);
    }
    cret_buffer_append(&body, "]}", 2);
    send(out, CRET_FRAME_DOCUMENT, &body);
    return conclude(out);
}

static int says_two_errors(void *context, int in, int out)
{
    (void)context, (void)in;
    for (int i = 0; i < 2; i++) {
        struct cret_buffer body = {0};
        for (int text = 0; text < 5; text++) {
            cret_frame_put_string(&body, i == 0 ? "the first error" : "another");
        }
        send(out, CRET_FRAME_ERROR, &body);
    }
    return conclude(out);
}

static const struct cret_patience quick = {.silence_ms = 50, .run_ms = 60000};
static const struct cret_patience brief = {.silence_ms = 60000, .run_ms = 50};
static const struct cret_patience long_enough = {.silence_ms = 60000, .run_ms = 60000};

static const struct hostile {
    const char *name;
    cret_process_run run;
    const struct cret_patience *patience;
    const char *says;
    uint64_t mebibytes; /* of memory, at most; those that may cost more come later */
} hostiles[] = {
    {"says nothing", says_nothing, &quick, "no progress", 32},
    {"half a header", says_half_a_header, &quick, "no progress", 32},
    {"half a body", says_half_a_body, &quick, "no progress", 32},
    {"pretends to work", pretends_to_work, &quick, "no progress", 32},
    {"works for ever", works_for_ever, &brief, "took longer", 32},
    {"works backwards", works_backwards, &long_enough, "malformed", 32},
    {"two documents", says_two_documents, &long_enough, "malformed", 32},
    {"two errors", says_two_errors, &long_enough, "the first error", 32},
    {"many findings", says_many_findings, &long_enough, "malformed", 96},
    {"long findings", says_long_findings, &long_enough, "malformed", 128},
    {"many files", says_many_files, &long_enough, "malformed", 128},
    {"findings that grow", says_findings_that_grow, &long_enough, "malformed", 128},
    {"long names", says_long_names, &long_enough, "malformed", 160},
    {"a document of values", says_a_document_of_values, &long_enough, "malformed", 480},
};

static enum cret_status start(struct cret_process **ret_process, cret_process_run run,
                              struct cret_err *err)
{
    struct cret_process_work work = {.run = run, .bounds = CRET_BOUNDS_NONE};
    work.bounds.allow_unconfined = child_may_be_unconfined();
    return cret_process_start(ret_process, &work, err);
}

Test(hostile_child, costs_bounded_time_and_memory_and_is_undecided)
{
    cret_required_core(&required);
    memset(filler, 'x', CRET_FRAME_STRING);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof(hostiles) / sizeof(hostiles[0]); i++) {
        const struct hostile *hostile = &hostiles[i];
        const struct cret_expectation expectation = {.required = &required,
                                                     .patience = hostile->patience};
        struct cret_process *process = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_assert_eq(start(&process, hostile->run, &err), CRET_OK);
        struct cret_outcome *outcome =
            cret_outcome_receive(cret_process_results(process), &expectation);
        cr_assert_not_null(outcome, "%s", hostile->name);
        cr_expect_eq(outcome->verdict, CRET_VERDICT_UNDECIDED, "%s", hostile->name);
        cr_expect_not_null(strstr(outcome->error.what, hostile->says), "%s: %s", hostile->name,
                           outcome->error.what);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
        cr_expect_leq(peak_mebibytes(), hostile->mebibytes, "%s: %lu MiB", hostile->name,
                      peak_mebibytes());
#endif
        (void)!cret_process_end(&process, 0, &err);
        cret_outcome_free(&outcome);
    }
}

static int closes_and_stays(void *context, int in, int out)
{
    cret_os_close(&out);
    return says_nothing(context, in, out);
}

static int dies(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return raise(SIGKILL);
}

static int fails(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return 7;
}

static int succeeds(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return 0;
}

Test(hostile_child, only_one_that_ends_by_itself_has_succeeded)
{
    static const struct {
        cret_process_run run;
        uint64_t wait_ms;
        const char *says; /* NULL: nothing is wrong */
    } cases[] = {{closes_and_stays, 30, "did not end"},
                 {dies, 20000, "died (signal 9)"},
                 {fails, 20000, "failed"},
                 {succeeds, 20000, NULL}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_process *process = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_assert_eq(start(&process, cases[i].run, &err), CRET_OK);
        const enum cret_status status = cret_process_end(&process, cases[i].wait_ms, &err);
        cr_assert_null(process);
        cr_expect_eq(status, cases[i].says == NULL ? CRET_OK : CRET_FAILED);
        cr_expect(cases[i].says == NULL || strstr(err.what, cases[i].says) != NULL, "%s", err.what);
    }
}
