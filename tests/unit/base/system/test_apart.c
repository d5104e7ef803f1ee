/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb without a key makes of a reading process that was taken over: class UNDECIDED with a
 * sentence, and nothing of it is believed. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/system/apart.h"
#include "base/system/seen.h"
#include "base/text/json.h"

static void frame(int fd, enum cret_apart_frame type, const void *data, size_t size)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, data, size);
    if (cret_frame_send(&cret_apart_frames, fd, type, &body, NULL) != CRET_OK) {
        _exit(9);
    }
}

static void done(int fd)
{
    frame(fd, CRET_APART_DONE, "", 1);
}

/* What it read: `count` files, as it says, of which one comes. */
static void seen(int fd, uint64_t count)
{
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, count);
    cret_frame_put_u64(&body, 1234567);
    cret_frame_put_u64(&body, 7654321);
    if (cret_frame_send(&cret_apart_frames, fd, CRET_APART_SEEN, &body, NULL) != CRET_OK) {
        _exit(9);
    }
}

static void json(int fd, const char *text)
{
    frame(fd, CRET_APART_JSON, text, strlen(text));
}

static void texts(int fd, enum cret_apart_frame type, uint32_t first, uint32_t second)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, first);
    cret_frame_put_u32(&body, second);
    for (int i = 0; i < 5; i++) {
        cret_frame_put_string(&body, "words");
    }
    if (cret_frame_send(&cret_apart_frames, fd, type, &body, NULL) != CRET_OK) {
        _exit(9);
    }
}

static void says_nothing(int fd)
{
    (void)fd;
    _exit(0);
}

static void dies(int fd)
{
    json(fd, "{}");
    raise(SIGSEGV);
}

static void says_done_and_fails(int fd)
{
    json(fd, "{}");
    done(fd);
    _exit(1);
}

static void says_no_end(int fd)
{
    json(fd, "{}");
}

static void says_no_json(int fd)
{
    json(fd, "{\"a\": 1, \"a\": 2}");
    done(fd);
}

static void says_no_object(int fd)
{
    json(fd, "[]");
    done(fd);
}

static void says_two_objects(int fd)
{
    json(fd, "{}");
    json(fd, "{}");
    done(fd);
}

static void says_three_files(int fd)
{
    for (int i = 0; i < 3; i++) {
        frame(fd, CRET_APART_FILE, "\0text", 5);
    }
    done(fd);
}

static void says_an_unknown_check(int fd)
{
    texts(fd, CRET_APART_FINDING, CRET_CHECK_COUNT, CRET_RESULT_WARN);
    done(fd);
}

static void says_an_unknown_result(int fd)
{
    texts(fd, CRET_APART_FINDING, CRET_CHECK_SBOM_FORM, CRET_RESULT_COUNT);
    done(fd);
}

static void says_no_reason(int fd)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, CRET_CHECK_SBOM_FORM);
    cret_frame_put_u32(&body, CRET_RESULT_WARN);
    for (int i = 0; i < 5; i++) {
        cret_frame_put_string(&body, NULL);
    }
    if (cret_frame_send(&cret_apart_frames, fd, CRET_APART_FINDING, &body, NULL) != CRET_OK) {
        _exit(9);
    }
    done(fd);
}

static void says_an_error_of_no_check(int fd)
{
    texts(fd, CRET_APART_ERROR, CRET_ERR_REFUSED, CRET_CHECK_COUNT);
}

static void says_no_error(int fd)
{
    texts(fd, CRET_APART_ERROR, CRET_ERR_NONE, 0);
}

static void says_an_unknown_class(int fd)
{
    texts(fd, CRET_APART_ERROR, CRET_ERR_UNDECIDED + 1, 0);
}

static void says_half_a_number(int fd)
{
    frame(fd, CRET_APART_PROGRESS, "12345678", 8);
    done(fd);
}

static void says_bytes(int fd)
{
    static const char bytes[24] = "no frame at all";
    (void)!write(fd, bytes, sizeof(bytes));
}

static void says_not_what_it_read(int fd)
{
    json(fd, "{}");
    done(fd);
}

static void says_of_more_that_it_read(int fd)
{
    seen(fd, 2);
    done(fd);
}

static void says_twice_what_it_read(int fd)
{
    seen(fd, 1);
    seen(fd, 1);
    done(fd);
}

/* The first ones say themselves what they read, or do not. */
#define FIRST 3u
static void (*const hostiles[])(int fd) = {
    says_not_what_it_read,
    says_of_more_that_it_read,
    says_twice_what_it_read,
    says_nothing,
    dies,
    says_done_and_fails,
    says_no_end,
    says_no_json,
    says_no_object,
    says_two_objects,
    says_three_files,
    says_an_unknown_check,
    says_an_unknown_result,
    says_no_reason,
    says_an_error_of_no_check,
    says_no_error,
    says_an_unknown_class,
    says_half_a_number,
    says_bytes,
};
static size_t current;

static int run_hostile(void *context, int in, int out)
{
    (void)context;
    (void)in;
    if (current >= FIRST) {
        seen(out, 1);
    }
    hostiles[current](out);
    return 0;
}

Test(apart, a_hostile_one_is_not_believed)
{
    struct cret_apart_job job = {.bounds = CRET_BOUNDS_NONE};
    job.bounds.allow_unconfined = child_may_be_unconfined();
    signal(SIGPIPE, SIG_IGN);
    for (current = 0; current < sizeof(hostiles) / sizeof(hostiles[0]); current++) {
        struct cret_apart_told told = {.findings = cret_findings_new()};
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(cret_apart_run_with(&told, &job, run_hostile, &err), CRET_FAILED, "%zu",
                     current);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "%zu: %s", current, err.what);
        cr_expect_neq(err.what[0], '\0', "%zu", current);
        cr_expect_null(told.json);
        cr_expect_null(told.files[0].data);
        cret_findings_free(&told.findings);
    }
}

/* Of a process that reads by name, and does not say what: nothing that lies there is replaced. */
Test(apart, what_was_read_counts_here_too)
{
    struct cret_apart_job job = {.bounds = CRET_BOUNDS_NONE};
    job.bounds.allow_unconfined = child_may_be_unconfined();
    job.bounds.reads_paths = true;
    signal(SIGPIPE, SIG_IGN);
    for (current = FIRST; current-- > 0;) {
        struct cret_apart_told told = {.findings = cret_findings_new()};
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(cret_apart_run_with(&told, &job, run_hostile, &err), CRET_FAILED);
        cr_expect(cret_seen_has(1234567, 7654321), "%zu", current);
        cr_expect_eq(cret_seen_has(7654321, 1234567), current < FIRST - 1, "%zu", current);
        cret_findings_free(&told.findings);
    }
}

/* The reading process: all kinds of answers, and where the context says so an error behind them. */
static enum cret_status answers(void *context, struct cret_apart_told *told, struct cret_err *err)
{
    const bool *fails = context;
    cret_findings_add(told->findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = "#/a", .actual = "b"}, "a reason");
    cret_apart_progress(told, 1, 2);
    told->json = json_pack("{s:i}", "number", 7);
    told->files[0].data = strdup("");
    told->files[1].data = strdup("text");
    told->files[1].size = 4;
    return *fails ? cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "the words") : CRET_OK;
}

Test(apart, what_is_told_arrives_and_an_error_keeps_its_class)
{
    for (int i = 0; i < 2; i++) {
        bool fails = i > 0;
        struct cret_apart_job job = {
            .read = answers, .context = &fails, .bounds = CRET_BOUNDS_NONE};
        job.bounds.allow_unconfined = child_may_be_unconfined();
        struct cret_apart_told told = {.findings = cret_findings_new()};
        struct cret_err err;
        cret_err_clear(&err);
        cr_assert_eq(cret_apart_run(&told, &job, &err), fails ? CRET_FAILED : CRET_OK, "%s",
                     err.what);
        cr_assert_eq(cret_findings_count(told.findings), 1);
        cr_expect_str_eq(cret_findings_at(told.findings, 0)->reason, "a reason");
        cr_expect_str_eq(cret_findings_at(told.findings, 0)->where, "#/a");
        if (fails) {
            cr_expect_eq(err.class, CRET_ERR_REFUSED);
            cr_expect_str_eq(err.what, "the words");
            cr_expect_null(told.json);
        } else {
            cr_expect_eq(cret_json_integer(told.json, "number", 0), 7);
            cr_expect_str_eq(told.files[0].data, "");
            cr_expect_eq(told.files[0].size, 0);
            cr_expect_str_eq(told.files[1].data, "text");
        }
        cret_apart_clear(&told);
        cret_findings_free(&told.findings);
    }
}
