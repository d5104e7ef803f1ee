/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of a process that reads for a verb without a key. */
#include "base/system/apart.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/frame_findings.h"
#include "base/system/seen.h"
#include "base/text/json.h"

#define SEEN (2u * CRET_LIMIT_FILES) /* the files of a release, and what is read beside them */
#define PREFIX 1u                    /* an empty file is one too, and a body has a byte */
static const struct cret_frame_kind kinds[CRET_APART_COUNT] = {
    [CRET_APART_PROGRESS] = {.bytes = 16},
    [CRET_APART_FINDING] = {CRET_FRAME_FINDING_BYTES, CRET_LIMIT_FINDINGS, true},
    [CRET_APART_JSON] = {CRET_LIMIT_RESULT_BYTES / 2, 1, true},
    [CRET_APART_FILE] = {PREFIX + CRET_LIMIT_PARSED_FILE_BYTES, CRET_APART_FILES, true},
    [CRET_APART_SEEN] = {8 + SEEN * 16, 1, true},
    [CRET_APART_ERROR] = {CRET_FRAME_FINDING_BYTES, 1, true},
    [CRET_APART_DONE] = {1, 1, true},
};
const struct cret_frame_protocol cret_apart_frames = {
    .kinds = kinds, .count = CRET_APART_COUNT, .bytes_in_all = 2u * CRET_LIMIT_RESULT_BYTES};

void cret_apart_clear(struct cret_apart_told *told)
{
    json_decref(told->json);
    told->json = NULL;
    for (size_t i = 0; i < CRET_APART_FILES; i++) {
        free(told->files[i].data);
        told->files[i].data = NULL;
    }
}

enum cret_status cret_apart_malformed(struct cret_err *err)
{
    return cret_err_undecided(err, "the reading process sent a malformed result");
}

/* The reading process. */

static enum cret_status send_bytes(int out, enum cret_apart_frame type, const void *data,
                                   size_t size, struct cret_err *err)
{
    struct cret_buffer body = {0};
    if (type == CRET_APART_FILE) {
        cret_frame_put_bytes(&body, "", PREFIX);
    }
    cret_frame_put_bytes(&body, data, size);
    return cret_frame_send(&cret_apart_frames, out, type, &body, err);
}

static enum cret_status send_seen(int out, struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct cret_seen *list = NULL;
    size_t count = 0;
    if (cret_seen_list(&list, &count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_frame_put_u64(&body, count);
    for (size_t i = 0; i < count; i++) {
        cret_frame_put_u64(&body, list[i].device);
        cret_frame_put_u64(&body, list[i].inode);
    }
    free(list);
    return cret_frame_send(&cret_apart_frames, out, CRET_APART_SEEN, &body, err);
}

static enum cret_status send_told(int out, const struct cret_apart_told *told, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (told->json != NULL) {
        if (cret_json_print(&text, &size, told->json, err) != CRET_OK) {
            return CRET_FAILED;
        }
        const enum cret_status status = send_bytes(out, CRET_APART_JSON, text, size, err);
        free(text);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < CRET_APART_FILES && told->files[i].data != NULL; i++) {
        if (send_bytes(out, CRET_APART_FILE, told->files[i].data, told->files[i].size, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    return send_bytes(out, CRET_APART_DONE, "", 1, err);
}

void cret_apart_progress(void *context, uint64_t done, uint64_t total)
{
    const struct cret_apart_told *told = context;
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, done);
    cret_frame_put_u64(&body, total);
    if (cret_frame_send(&cret_apart_frames, told->out, CRET_APART_PROGRESS, &body, NULL) !=
        CRET_OK) {
        return; /* the last frame fails as well, and is noticed */
    }
}

static int run_child(void *context, int in, int out)
{
    const struct cret_apart_job *job = context;
    struct cret_apart_told told = {.findings = cret_findings_new(), .out = out};
    struct cret_err err = {0}, unsent = {0};
    (void)in;
    enum cret_status status =
        told.findings != NULL ? job->read(job->context, &told, &err) : cret_err_memory(&err);
    if (told.findings != NULL &&
        cret_frame_send_findings(&cret_apart_frames, out, CRET_APART_FINDING, told.findings,
                                 &unsent) != CRET_OK &&
        status == CRET_OK) {
        err = unsent;
        status = CRET_FAILED;
    }
    /* What was read is told also where nothing came of it: reports are written then too. */
    if (send_seen(out, &unsent) != CRET_OK && status == CRET_OK) {
        err = unsent;
        status = CRET_FAILED;
    }
    if (status == CRET_OK) {
        status = send_told(out, &told, &err);
    }
    if (status != CRET_OK) {
        status = cret_frame_send_error(&cret_apart_frames, out, CRET_APART_ERROR, &err);
    }
    return status == CRET_OK ? 0 : 1;
}

/* The side that asked. */

static bool take_json(struct cret_apart_told *told, const struct cret_frame_reader *frame)
{
    struct cret_err err = {0};
    return told->json == NULL &&
           cret_json_parse(&told->json, (const char *)frame->body, frame->size, CRET_JSON_STRICT,
                           CRET_CHECK_NONE, &err) == CRET_OK &&
           json_is_object(told->json);
}

static bool take_file(struct cret_apart_told *told, const struct cret_frame_reader *frame)
{
    size_t place = 0;
    while (place < CRET_APART_FILES && told->files[place].data != NULL) {
        place++;
    }
    if (place == CRET_APART_FILES || frame->size < PREFIX) {
        return false;
    }
    const size_t size = frame->size - PREFIX;
    char *data = malloc(size + 1);
    if (data == NULL) {
        return false;
    }
    memcpy(data, frame->body + PREFIX, size + 1); /* a body is terminated */
    told->files[place].data = data;
    told->files[place].size = size;
    return true;
}

static bool take_progress(const struct cret_apart_job *job, struct cret_frame_reader *frame)
{
    const uint64_t done = cret_frame_get_u64(frame), total = cret_frame_get_u64(frame);
    if (cret_frame_done(frame) != CRET_OK) {
        return false;
    }
    cret_frame_alive(frame);
    if (job->progress != NULL) {
        job->progress(job->progress_context, done, total);
    }
    return true;
}

static bool take_seen(bool *ret_seen, struct cret_frame_reader *frame)
{
    const uint64_t count = cret_frame_get_u64(frame);
    if (count > SEEN || frame->size != 8 + count * 16) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t device = cret_frame_get_u64(frame);
        cret_seen_add(device, cret_frame_get_u64(frame));
    }
    *ret_seen = true;
    return cret_frame_done(frame) == CRET_OK;
}

/* Frames until the last one; it is done where it has also said what it read. */
static enum cret_status take_told(struct cret_apart_told *told, const struct cret_apart_job *job,
                                  int fd, bool *ret_seen, struct cret_err *err)
{
    struct cret_frame_reader frame;
    enum cret_status status = CRET_FAILED;
    bool end = false, good = true;
    cret_frame_reader_init(&frame, &cret_apart_frames, fd, &cret_patience_default);
    while (good && cret_frame_receive(&frame, &end, err) == CRET_OK) {
        if (end) {
            cret_err_undecided(err, "the reading process ended before it was done");
            break;
        }
        if (frame.type == CRET_APART_ERROR) {
            if (!cret_frame_take_error(&frame, err)) {
                cret_apart_malformed(err);
            }
            break;
        }
        if (frame.type == CRET_APART_DONE) {
            status = *ret_seen ? CRET_OK : cret_apart_malformed(err);
            break;
        }
        good = frame.type == CRET_APART_PROGRESS  ? take_progress(job, &frame)
               : frame.type == CRET_APART_FINDING ? cret_frame_take_finding(&frame, told->findings)
               : frame.type == CRET_APART_SEEN    ? take_seen(ret_seen, &frame)
               : frame.type == CRET_APART_JSON    ? take_json(told, &frame)
                                                  : take_file(told, &frame);
        if (!good) {
            cret_apart_malformed(err);
        }
    }
    cret_frame_reader_clear(&frame);
    return status;
}

enum cret_status cret_apart_run(struct cret_apart_told *told, const struct cret_apart_job *job,
                                struct cret_err *err)
{
    return cret_apart_run_with(told, job, run_child, err);
}

enum cret_status cret_apart_run_with(struct cret_apart_told *told, const struct cret_apart_job *job,
                                     cret_process_run run, struct cret_err *err)
{
    struct cret_process *process = NULL;
    struct cret_err ended = {0};
    bool seen = false;
    const struct cret_process_work work = {
        .run = run, .context = (void *)(uintptr_t)job, .bounds = job->bounds};
    cret_json_prepare();
    if (cret_process_start(&process, &work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = take_told(told, job, cret_process_results(process), &seen, err);
    if (!seen && job->bounds.reads_paths) {
        cret_seen_lost();
    }
    if (cret_process_end(&process, status == CRET_OK ? CRET_LIMIT_END_MS : 0, &ended) != CRET_OK &&
        status == CRET_OK) {
        *err = ended;
        status = CRET_FAILED;
    }
    if (status != CRET_OK) {
        cret_apart_clear(told);
    }
    return status;
}
