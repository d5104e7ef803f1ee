/* SPDX-License-Identifier: Apache-2.0 */
/* What the process with the key makes of a reading process that was taken over: class UNDECIDED,
 * and nothing of it is believed. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/system/os.h"
#include "signer/release/intake_frames.h"

static void reply(int fd, enum cret_reply type, struct cret_buffer *body)
{
    if (cret_frame_send(&cret_reply_frames, fd, type, body, NULL) != CRET_OK) {
        _exit(9);
    }
}

static void done(int fd)
{
    struct cret_buffer body = {0};
    reply(fd, CRET_REPLY_DONE, &body);
}

static void text(int fd, const char *words)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, words, strlen(words));
    reply(fd, CRET_REPLY_TEXT, &body);
}

static void place(int fd, uint64_t date, uint64_t start)
{
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, date);
    cret_frame_put_u64(&body, start);
    reply(fd, CRET_REPLY_PLACE, &body);
}

static void texts(int fd, enum cret_reply type, uint32_t first, uint32_t second)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, first);
    cret_frame_put_u32(&body, second);
    for (int i = 0; i < 5; i++) {
        cret_frame_put_string(&body, "words");
    }
    reply(fd, type, &body);
}

static void says_nothing(int fd)
{
    (void)fd;
    _exit(0);
}

static void dies(int fd)
{
    (void)fd;
    raise(SIGKILL);
}

static void says_done_alone(int fd)
{
    done(fd);
}

static void says_no_json(int fd)
{
    text(fd, "\x1b[2J no manifest");
    place(fd, 1, 512);
    done(fd);
}

static void says_an_empty_manifest(int fd)
{
    text(fd, "{}");
    place(fd, 1, 512);
    done(fd);
}

static void says_no_place(int fd)
{
    text(fd, "{}");
    done(fd);
}

static void says_two_texts(int fd)
{
    text(fd, "{}");
    text(fd, "{}");
    done(fd);
}

static void says_a_date_beyond(int fd)
{
    place(fd, UINT64_MAX, 0);
    done(fd);
}

static void says_no_error(int fd)
{
    texts(fd, CRET_REPLY_ERROR, CRET_ERR_NONE, 0);
}

static void says_an_unknown_class(int fd)
{
    texts(fd, CRET_REPLY_ERROR, 4, 0);
}

static void says_an_unknown_check(int fd)
{
    texts(fd, CRET_REPLY_FINDING, CRET_CHECK_COUNT, CRET_RESULT_WARN);
    done(fd);
}

static void says_an_unknown_result(int fd)
{
    texts(fd, CRET_REPLY_FINDING, CRET_CHECK_SBOM_NTIA, CRET_RESULT_COUNT);
    done(fd);
}

static void says_a_digest(int fd)
{
    static const uint8_t digest[CRET_SHA256_BYTES];
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, digest, sizeof(digest));
    reply(fd, CRET_REPLY_DIGEST, &body);
    done(fd);
}

static void renames_for_ever(int fd)
{
    static char name[CRET_FRAME_STRING + 1];
    memset(name, 'x', CRET_FRAME_STRING);
    for (;;) {
        struct cret_buffer body = {0};
        cret_frame_put_string(&body, name);
        cret_frame_put_string(&body, "path");
        cret_frame_put_u32(&body, 1);
        reply(fd, CRET_REPLY_RENAMED, &body);
    }
}

static void (*const hostiles[])(int fd) = {
    says_nothing,          dies,
    says_done_alone,       says_no_json,
    says_no_place,         says_an_empty_manifest,
    says_two_texts,        says_a_date_beyond,
    says_no_error,         says_an_unknown_class,
    says_an_unknown_check, says_an_unknown_result,
    says_a_digest,         renames_for_ever,
};
static size_t current;

/* Waits for its order, as the real one does. */
static int run_hostile(void *context, int in, int out)
{
    uint8_t order[24];
    (void)context;
    if (read(in, order, sizeof(order)) != (ssize_t)sizeof(order)) {
        return 9;
    }
    hostiles[current](out);
    return 0;
}

Test(intake, a_hostile_one_is_not_believed)
{
    const struct cret_intake_job job = {
        .fd = -1, .old_fd = -1, .allow_unconfined = child_may_be_unconfined()};
    signal(SIGPIPE, SIG_IGN);
    for (current = 0; current < sizeof(hostiles) / sizeof(hostiles[0]); current++) {
        struct cret_intake *intake = NULL;
        struct cret_reading *reading = NULL;
        struct cret_findings *findings = cret_findings_new();
        struct cret_err err;
        cret_err_clear(&err);
        cr_assert_eq(cret_intake_start_with(&intake, &job, run_hostile, &err), CRET_OK);
        cr_expect_eq(cret_intake_read(intake, 0, NULL, NULL, findings, &reading, &err), CRET_FAILED,
                     "%zu", current);
        cr_expect_null(reading);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "%zu: %s", current, err.what);
        (void)!cret_intake_end(&intake, &err);
        cr_assert_null(intake);
        cret_findings_free(&findings);
    }
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    cr_expect_leq(peak_mebibytes(), 256);
#endif
}

/* Fewer digests than files, or more. */
static int gives_one_digest(void *context, int in, int out)
{
    uint8_t order[16];
    (void)context;
    if (read(in, order, sizeof(order)) == (ssize_t)sizeof(order)) {
        says_a_digest(out);
    }
    return 0;
}

Test(intake, every_file_has_its_digest)
{
    static const char *const paths[] = {"a", "b"};
    for (size_t count = 0; count < 3; count++) {
        const struct cret_intake_job job = {.fd = -1,
                                            .old_fd = -1,
                                            .paths = paths,
                                            .path_count = count,
                                            .allow_unconfined = child_may_be_unconfined()};
        uint8_t digests[2][CRET_SHA256_BYTES];
        struct cret_intake *intake = NULL;
        struct cret_err err;
        cr_assert_eq(cret_intake_start_with(&intake, &job, gives_one_digest, &err), CRET_OK);
        cr_expect_eq(cret_intake_hash(intake, digests, &err), count == 1 ? CRET_OK : CRET_FAILED);
        (void)!cret_intake_end(&intake, &err);
    }
}
