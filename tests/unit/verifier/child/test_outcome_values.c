/* SPDX-License-Identifier: Apache-2.0 */
/* One value of one frame that no child sends which was not taken over: an acceptance around it is
 * UNDECIDED, and without it is one. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "verifier/child/frames.h"
#include "verifier/child/outcome.h"

static struct cret_required required;
static int read_end, write_end;
static const struct cret_patience patience = {.silence_ms = 50, .run_ms = 100000};
static const uint8_t bytes[64] = {1, 2, 3};

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

TestSuite(outcome_values, .init = setup, .fini = teardown);

static void send(enum cret_frame type, struct cret_buffer *body)
{
    cr_assert_eq(cret_frame_send(&cret_verdict_frames, write_end, type, body, NULL), CRET_OK);
}

static void send_number(enum cret_frame type, uint32_t value)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, value);
    send(type, &body);
}

static void send_identity(uint32_t bound)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, bytes, 32);
    cret_frame_put_u32(&body, bound);
    send(CRET_FRAME_IDENTITY, &body);
}

static void send_archive(uint64_t size, uint32_t has_digest)
{
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, size);
    cret_frame_put_u32(&body, has_digest);
    cret_frame_put_bytes(&body, bytes, 32);
    send(CRET_FRAME_ARCHIVE, &body);
}

static void send_file(const char *path, const char *role)
{
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, path);
    cret_frame_put_string(&body, NULL);
    cret_frame_put_string(&body, role);
    cret_frame_put_u64(&body, 1);
    cret_frame_put_bytes(&body, bytes, sizeof(bytes));
    cret_frame_put_u32(&body, CRET_FILE_SHA256_VERIFIED);
    send(CRET_FRAME_FILE, &body);
}

/* What is left of an acceptance, but for its identity. */
static enum cret_verdict accepted(void)
{
    static const char text[] = "{\"product\":{\"vendor\":\"V\",\"name\":\"P\"},"
                               "\"release\":{\"version\":\"1\",\"sequence\":1},"
                               "\"fileCount\":1,\"fileBytes\":1,"
                               "\"signatures\":[{\"counted\":true}]}";
    struct cret_expectation expectation = {.required = &required, .patience = &patience};
    struct cret_buffer document = {0};
    for (uint32_t id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        struct cret_buffer body = {0};
        cret_frame_put_u32(&body, id);
        cret_frame_put_u32(&body, CRET_RESULT_PASS);
        for (int i = 0; i < 5; i++) {
            cret_frame_put_string(&body, i == 0 ? "passed" : NULL);
        }
        if (required.check[id]) {
            send(CRET_FRAME_FINDING, &body);
        } else {
            cret_buffer_free(&body);
        }
    }
    cret_frame_put_bytes(&document, text, strlen(text));
    send(CRET_FRAME_DOCUMENT, &document);
    send_number(CRET_FRAME_ENGINE, CRET_HASH_LIBRARY);
    send_number(CRET_FRAME_VERDICT, CRET_VERDICT_ACCEPTED);
    cret_os_close(&write_end);
    struct cret_outcome *outcome = cret_outcome_receive(read_end, &expectation);
    cr_assert_not_null(outcome);
    const enum cret_verdict verdict = outcome->verdict;
    cret_outcome_free(&outcome);
    return verdict;
}

Test(outcome_values, as_a_child_sends_them)
{
    send_identity(1);
    send_archive(CRET_LIMIT_JSON_INTEGER, 1);
    send_file("firmware.bin", "firmware");
    cr_expect_eq(accepted(), CRET_VERDICT_ACCEPTED);
}

Test(outcome_values, flags_of_the_identity)
{
    for (uint32_t flag = 2; flag <= 3; flag++) { /* 2: open, which nothing that is accepted is */
        teardown();
        setup();
        send_identity(flag);
        cr_expect_eq(accepted(), CRET_VERDICT_UNDECIDED);
    }
}

Test(outcome_values, whether_the_archive_has_a_digest)
{
    send_identity(1);
    send_archive(1, 2);
    cr_expect_eq(accepted(), CRET_VERDICT_UNDECIDED);
}

/* A record could not say it. */
Test(outcome_values, a_size_that_no_json_holds)
{
    send_identity(1);
    send_archive(CRET_LIMIT_JSON_INTEGER + 1ull, 1);
    cr_expect_eq(accepted(), CRET_VERDICT_UNDECIDED);
}

Test(outcome_values, a_file_without_a_path)
{
    send_identity(1);
    send_file(NULL, "firmware");
    cr_expect_eq(accepted(), CRET_VERDICT_UNDECIDED);
}

Test(outcome_values, a_role_that_there_is_not)
{
    send_identity(1);
    send_file("firmware.bin", "firmwares");
    cr_expect_eq(accepted(), CRET_VERDICT_UNDECIDED);
}
