/* SPDX-License-Identifier: Apache-2.0 */
/* The process that reads an archive without the key, and what its parent takes of it. */
#include "signer/archive/examine.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/frames.h"
#include "base/system/os.h"
#include "container/ustar.h"

/* Orders: one, to begin. Replies: signs of life, then what was found, or an error, as the last. */
enum { ORDER_BEGIN = 1, ORDER_COUNT };
enum { REPLY_PROGRESS = 1, REPLY_FOUND, REPLY_ERROR, REPLY_COUNT };

#define TEXTS (5u * (4u + CRET_FRAME_STRING))
static const struct cret_frame_kind order_kinds[ORDER_COUNT] = {[ORDER_BEGIN] = {1, 1, true}};
static const struct cret_frame_kind reply_kinds[REPLY_COUNT] = {
    [REPLY_PROGRESS] = {.bytes = 16},                 /* u64 done, u64 total */
    [REPLY_FOUND] = {CRET_SHA256_BYTES + 8, 1, true}, /* identity, u64 size of the manifest */
    [REPLY_ERROR] = {8 + TEXTS, 1, true},             /* u32 class, u32 check, 5 strings */
};
static const struct cret_frame_protocol orders = {.kinds = order_kinds, .count = ORDER_COUNT};
static const struct cret_frame_protocol replies = {
    .kinds = reply_kinds, .count = REPLY_COUNT, .bytes_in_all = 8 + TEXTS + CRET_SHA256_BYTES + 8};

struct cret_examination {
    const struct cret_examination_job *job;
    struct cret_process *process;
};

/* The child's side. */

static void send_progress(void *context, uint64_t done, uint64_t total)
{
    const int *out = context;
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, done);
    cret_frame_put_u64(&body, total);
    /* Where nobody listens any more, the last reply says so. */
    if (cret_frame_send(&replies, *out, REPLY_PROGRESS, &body, NULL) != CRET_OK) {
        return;
    }
}

static enum cret_status send_error(int out, const struct cret_err *error)
{
    const char *const texts[5] = {error->what, error->where, error->expected, error->actual,
                                  error->hint};
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body,
                       error->class != CRET_ERR_NONE ? error->class : (uint32_t)CRET_ERR_UNDECIDED);
    cret_frame_put_u32(&body, error->check);
    for (size_t i = 0; i < 5; i++) {
        cret_frame_put_string(&body, texts[i]);
    }
    return cret_frame_send(&replies, out, REPLY_ERROR, &body, NULL);
}

static enum cret_status send_found(int out, const struct cret_existing *existing,
                                   struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, existing->manifest->identity, CRET_SHA256_BYTES);
    cret_frame_put_u64(&body, existing->front->manifest_size);
    return cret_frame_send(&replies, out, REPLY_FOUND, &body, err);
}

static bool is_ordered(int in)
{
    struct cret_frame_reader order;
    struct cret_err err = {0};
    bool end = true;
    /* Somebody may think for long about his passphrase. */
    const struct cret_patience patience = {.silence_ms = CRET_LIMIT_RUN_SECONDS * 1000,
                                           .run_ms = CRET_LIMIT_RUN_SECONDS * 1000};
    cret_frame_reader_init(&order, &orders, in, &patience);
    const bool ordered = cret_frame_receive(&order, &end, &err) == CRET_OK && !end;
    cret_frame_reader_clear(&order);
    return ordered;
}

static int run_child(void *context, int in, int out)
{
    const struct cret_examination_job *job = context;
    struct cret_existing_work work = *job->work;
    struct cret_err err = {0};
    if (!is_ordered(in)) {
        return 0; /* the parent went another way */
    }
    work.progress = send_progress;
    work.context = &out;
    const bool sound =
        cret_existing_read(job->existing, &err) == CRET_OK &&
        cret_existing_takes(job->existing, job->signer, job->replace, &err) == CRET_OK &&
        cret_existing_verify(job->existing, &work, &err) == CRET_OK;
    return (sound && send_found(out, job->existing, &err) == CRET_OK) ||
                   (!sound && send_error(out, &err) == CRET_OK)
               ? 0
               : 1;
}

/* The side of the key. */

enum cret_status cret_examination_start(struct cret_examination **ret_examination,
                                        const struct cret_examination_job *job,
                                        struct cret_err *err)
{
    return cret_examination_start_with(ret_examination, job, run_child, err);
}

enum cret_status cret_examination_start_with(struct cret_examination **ret_examination,
                                             const struct cret_examination_job *job,
                                             cret_process_run run, struct cret_err *err)
{
    struct cret_examination *examination = calloc(1, sizeof(*examination));
    if (examination == NULL) {
        return cret_err_memory(err);
    }
    examination->job = job;
    const struct cret_process_work work = {
        .run = run,
        .context = (void *)(uintptr_t)job,
        .bounds = {.kept = &job->existing->fd,
                   .kept_count = 1,
                   .reads_below = job->work->payload_directory,
                   .writes_below = -1,
                   .allow_unconfined = job->allow_unconfined},
    };
    if (cret_process_start(&examination->process, &work, err) != CRET_OK) {
        free(examination);
        return CRET_FAILED;
    }
    *ret_examination = examination;
    return CRET_OK;
}

/* What the other side could not do, in its words. CRET_FAILED in every case. */
static enum cret_status take_error(struct cret_frame_reader *frame, struct cret_err *err)
{
    const uint32_t class = cret_frame_get_u32(frame), check = cret_frame_get_u32(frame);
    char *texts[5];
    for (size_t i = 0; i < 5; i++) {
        texts[i] = cret_frame_get_raw(frame);
    }
    if (cret_frame_done(frame) == CRET_OK && class >= CRET_ERR_REFUSED &&
        class <= CRET_ERR_UNDECIDED && check < CRET_CHECK_COUNT && texts[0] != NULL) {
        cret_err_set(err, (enum cret_err_class) class, (enum cret_check_id)check, "%s", texts[0]);
        cret_err_where(err, "%s", texts[1] != NULL ? texts[1] : "");
        cret_err_expected(err, "%s", texts[2] != NULL ? texts[2] : "");
        cret_err_actual(err, "%s", texts[3] != NULL ? texts[3] : "");
        cret_err_hint(err, "%s", texts[4] != NULL ? texts[4] : "");
    } else {
        cret_err_undecided(err, "the reading process sent a malformed result");
    }
    for (size_t i = 0; i < 5; i++) {
        free(texts[i]);
    }
    return CRET_FAILED;
}

static enum cret_status take_found(struct cret_frame_reader *frame,
                                   uint8_t ret_identity[CRET_SHA256_BYTES], uint64_t *ret_size,
                                   struct cret_err *err)
{
    cret_frame_get_bytes(frame, ret_identity, CRET_SHA256_BYTES);
    *ret_size = cret_frame_get_u64(frame);
    return cret_frame_done(frame) == CRET_OK && *ret_size > 0 &&
                   *ret_size <= CRET_LIMIT_MANIFEST_BYTES
               ? CRET_OK
               : cret_err_undecided(err, "the reading process sent a malformed result");
}

static enum cret_status receive(const struct cret_examination *examination,
                                uint8_t ret_identity[CRET_SHA256_BYTES], uint64_t *ret_size,
                                struct cret_err *err)
{
    const struct cret_existing_work *work = examination->job->work;
    struct cret_frame_reader frame;
    enum cret_status status = CRET_FAILED;
    bool end = false;
    cret_frame_reader_init(&frame, &replies, cret_process_results(examination->process),
                           &cret_patience_default);
    while (cret_frame_receive(&frame, &end, err) == CRET_OK) {
        if (end) {
            cret_err_undecided(err, "the reading process ended before it was done");
        } else if (frame.type == REPLY_FOUND) {
            status = take_found(&frame, ret_identity, ret_size, err);
        } else if (frame.type == REPLY_ERROR) {
            status = take_error(&frame, err);
        } else {
            const uint64_t done = cret_frame_get_u64(&frame), total = cret_frame_get_u64(&frame);
            if (cret_frame_done(&frame) == CRET_OK) {
                cret_frame_alive(&frame);
                if (work->progress != NULL) {
                    work->progress(work->context, done, total);
                }
                continue;
            }
            cret_err_undecided(err, "the reading process sent a malformed result");
        }
        break;
    }
    cret_frame_reader_clear(&frame);
    return status;
}

/* The manifest as it lies in the file: the first member, behind its header. */
static enum cret_status read_manifest(const struct cret_existing *existing,
                                      const uint8_t identity[CRET_SHA256_BYTES], size_t size,
                                      uint8_t **ret_manifest, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES], *manifest = malloc(size);
    size_t got = 0;
    if (manifest == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_pread(existing->fd, manifest, size, CRET_BLOCK, &got, err) != CRET_OK ||
        cret_sha256(digest, manifest, got, err) != CRET_OK) {
        free(manifest);
        return CRET_FAILED;
    }
    if (got != size || memcmp(digest, identity, sizeof(digest)) != 0) {
        free(manifest);
        return cret_err_undecided(err, "the archive changed while it was examined");
    }
    *ret_manifest = manifest;
    return CRET_OK;
}

enum cret_status cret_examination_finish(struct cret_examination **examination,
                                         uint8_t **ret_manifest, size_t *ret_size,
                                         struct cret_err *err)
{
    struct cret_examination *mine = *examination;
    const struct cret_existing *existing = mine->job->existing;
    uint8_t identity[CRET_SHA256_BYTES] = {0};
    uint64_t size = 0;
    struct cret_buffer body = {0};
    enum cret_status status = CRET_FAILED;
    *examination = NULL;
    if (cret_frame_send(&orders, cret_process_orders(mine->process), ORDER_BEGIN, &body, err) ==
        CRET_OK) {
        status = receive(mine, identity, &size, err);
    } else {
        cret_err_undecided(err, "the reading process ended before it was done");
    }
    struct cret_err ended = {0};
    if (cret_process_end(&mine->process, status == CRET_OK ? CRET_LIMIT_END_MS : 0, &ended) !=
            CRET_OK &&
        status == CRET_OK) {
        *err = ended;
        status = CRET_FAILED;
    }
    free(mine);
    if (status != CRET_OK ||
        read_manifest(existing, identity, (size_t)size, ret_manifest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_size = (size_t)size;
    return CRET_OK;
}

void cret_examination_free(struct cret_examination **examination)
{
    struct cret_err ignored;
    if (examination == NULL || *examination == NULL) {
        return;
    }
    cret_err_clear(&ignored);
    if (cret_process_end(&(*examination)->process, 0, &ignored) != CRET_OK) {
        cret_err_clear(&ignored); /* it was killed, as is meant */
    }
    free(*examination);
    *examination = NULL;
}
