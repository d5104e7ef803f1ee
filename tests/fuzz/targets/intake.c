/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signer's side that holds the key: whatever the process says that read the files, no reading
 * comes of it but one whose manifest the strict reader took. First byte: the order.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../fuzz.h"
#include "../wire.h"
#include "signer/release/intake_frames.h"

static struct fuzz_part answer;

/* In the process: says what the input says. */
static int say(void *context, int in, int out)
{
    (void)context;
    (void)in;
    char piece[4096];
    ssize_t got = 0;
    const int fd = fuzz_wire(answer.data, answer.size);
    while ((got = read(fd, piece, sizeof(piece))) > 0) {
        if (write(out, piece, (size_t)got) != got) {
            return 1;
        }
    }
    return 0;
}

static void hold_reading(const struct cret_reading *reading, const struct cret_findings *findings)
{
    FUZZ_HOLD(reading->manifest != NULL && reading->text != NULL);
    FUZZ_HOLD(reading->manifest->date == reading->date && reading->end >= reading->start);
    FUZZ_HOLD(!cret_findings_failed(findings));
    for (size_t i = 0; i < reading->renamed_count; i++) {
        FUZZ_HOLD(reading->renamed[i].wanted != NULL && reading->renamed[i].path != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"a", "b"};
    static const struct cret_intake_job job = {
        .fd = -1, .old_fd = -1, .allow_unconfined = true, .paths = paths, .path_count = 2};
    struct cret_intake *intake = NULL;
    struct cret_err err;
    struct cret_findings *findings = cret_findings_new();
    uint8_t digests[2][CRET_SHA256_BYTES];
    /* As main() does. */
    signal(SIGPIPE, SIG_IGN);
    answer = (struct fuzz_part){data, size};
    const uint8_t how = fuzz_byte(&answer);
    cret_err_clear(&err);
    FUZZ_HOLD(cret_intake_start_with(&intake, &job, say, &err) == CRET_OK);
    if ((how & 3) == 0) {
        struct cret_reading *reading = NULL;
        if (cret_intake_read(intake, 0, NULL, NULL, findings, &reading, &err) == CRET_OK) {
            FUZZ_HOLD(reading != NULL || cret_findings_failed(findings));
            if (reading != NULL) {
                hold_reading(reading, findings);
            }
        } else {
            FUZZ_HOLD(reading == NULL);
        }
        cret_reading_free(&reading);
    } else if ((how & 3) == 1) {
        (void)!cret_intake_hash(intake, digests, &err);
    } else {
        (void)!cret_intake_check(intake, &err);
    }
    (void)!cret_intake_end(&intake, NULL);
    cret_findings_free(&findings);
    return 0;
}
