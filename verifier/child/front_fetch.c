/* SPDX-License-Identifier: Apache-2.0 */
/* The process that reads the front, and what its parent takes of it. */
#include "verifier/child/front_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/frames.h"
#include "base/system/os.h"
#include "base/system/process.h"

/* The manifest, each signature, then how many; or an error, as the last. */
enum { REPLY_MANIFEST = 1, REPLY_SIGNATURE, REPLY_END, REPLY_ERROR, REPLY_COUNT };

#define NAME 17u
#define TEXTS (5u * (4u + CRET_FRAME_STRING))
static const struct cret_frame_kind reply_kinds[REPLY_COUNT] = {
    [REPLY_MANIFEST] = {CRET_LIMIT_MANIFEST_BYTES, 1, true},
    [REPLY_SIGNATURE] = {NAME + CRET_LIMIT_SIGNATURE_BYTES, CRET_LIMIT_SIGNATURES, true},
    [REPLY_END] = {4, 1, true},           /* u32 signatures */
    [REPLY_ERROR] = {8 + TEXTS, 1, true}, /* u32 class, u32 check, 5 strings */
};
static const struct cret_frame_protocol replies = {
    .kinds = reply_kinds,
    .count = REPLY_COUNT,
    .bytes_in_all = (uint64_t)CRET_LIMIT_MANIFEST_BYTES +
                    (uint64_t)CRET_LIMIT_SIGNATURES * (NAME + CRET_LIMIT_SIGNATURE_BYTES) + 12 +
                    TEXTS};

/* The child's side. */

static enum cret_status send_front(int out, const struct cret_front *front, struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_bytes(&body, front->manifest, front->manifest_size);
    enum cret_status status = cret_frame_send(&replies, out, REPLY_MANIFEST, &body, err);
    for (size_t i = 0; status == CRET_OK && i < front->signature_count; i++) {
        cret_frame_put_bytes(&body, front->signatures[i].name, NAME);
        cret_frame_put_bytes(&body, front->signatures[i].data, front->signatures[i].size);
        status = cret_frame_send(&replies, out, REPLY_SIGNATURE, &body, err);
    }
    if (status == CRET_OK) {
        cret_frame_put_u32(&body, (uint32_t)front->signature_count);
        status = cret_frame_send(&replies, out, REPLY_END, &body, err);
    }
    return status;
}

static enum cret_status send_error(int out, const struct cret_err *error)
{
    const char *const texts[] = {error->what, error->where, error->expected, error->actual,
                                 error->hint};
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, error->class);
    cret_frame_put_u32(&body, error->check);
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        cret_frame_put_string(&body, texts[i]);
    }
    return cret_frame_send(&replies, out, REPLY_ERROR, &body, NULL);
}

static int run_child(void *context, int in, int out)
{
    const int *fd = context;
    struct cret_source *source = NULL;
    struct cret_front *front = NULL;
    struct cret_err err = {0};
    cret_os_close(&in); /* it takes no orders */
    enum cret_status status = cret_source_new(&source, *fd, &err);
    if (status == CRET_OK) {
        status = cret_front_read(&front, source, &err);
    }
    if (status == CRET_OK && front->signature_count == 0) {
        status =
            cret_err_refuse(&err, CRET_CHECK_SIGNATURE_FORM, "the archive carries no signature");
    }
    status = status == CRET_OK ? send_front(out, front, &err) : send_error(out, &err);
    cret_front_free(&front);
    cret_source_free(&source);
    return status == CRET_OK ? 0 : 1;
}

/* The side that asked. */

static enum cret_status malformed(struct cret_err *err)
{
    return cret_err_undecided(err, "the reading process sent a malformed result");
}

static enum cret_status copy(uint8_t **ret_data, const uint8_t *data, size_t size,
                             struct cret_err *err)
{
    *ret_data = malloc(size);
    if (*ret_data == NULL) {
        return cret_err_memory(err);
    }
    memcpy(*ret_data, data, size);
    return CRET_OK;
}

static enum cret_status take_manifest(struct cret_front *front,
                                      const struct cret_frame_reader *frame, struct cret_err *err)
{
    if (frame->size == 0 || front->manifest != NULL) {
        return malformed(err);
    }
    front->manifest_size = frame->size;
    return copy(&front->manifest, frame->body, frame->size, err);
}

static enum cret_status take_signature(struct cret_front *front,
                                       const struct cret_frame_reader *frame, struct cret_err *err)
{
    if (frame->size <= NAME || frame->body[NAME - 1] != '\0' || front->manifest == NULL ||
        front->signature_count >= CRET_LIMIT_SIGNATURES) {
        return malformed(err);
    }
    struct cret_signature *one = &front->signatures[front->signature_count];
    memcpy(one->name, frame->body, NAME);
    one->size = frame->size - NAME;
    front->signature_count++;
    return copy(&one->data, frame->body + NAME, one->size, err);
}

/* What the other side could not do, in its words. CRET_FAILED in every case. */
static enum cret_status take_error(struct cret_frame_reader *frame, struct cret_err *err)
{
    const uint32_t class = cret_frame_get_u32(frame), check = cret_frame_get_u32(frame);
    char *texts[5];
    bool whole = true;
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        texts[i] = cret_frame_get_raw(frame);
        whole = whole && texts[i] != NULL;
    }
    if (whole && cret_frame_done(frame) == CRET_OK && class >= CRET_ERR_REFUSED &&
        class <= CRET_ERR_UNDECIDED && check < CRET_CHECK_COUNT) {
        cret_err_set(err, (enum cret_err_class) class, (enum cret_check_id)check, "%s", texts[0]);
        cret_err_where(err, "%s", texts[1]);
        cret_err_expected(err, "%s", texts[2]);
        cret_err_actual(err, "%s", texts[3]);
        cret_err_hint(err, "%s", texts[4]);
    } else {
        cret_err_undecided(err, "the reading process sent a malformed result");
    }
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        free(texts[i]);
    }
    return CRET_FAILED;
}

static enum cret_status receive(struct cret_front *front, int fd, struct cret_err *err)
{
    struct cret_frame_reader frame;
    enum cret_status status = CRET_OK;
    bool end = false, whole = false;
    cret_frame_reader_init(&frame, &replies, fd, &cret_patience_default);
    while (status == CRET_OK && !whole) {
        status = cret_frame_receive(&frame, &end, err);
        if (status != CRET_OK) {
            break;
        }
        if (end) {
            status = cret_err_undecided(err, "the reading process ended before it was done");
        } else if (frame.type == REPLY_MANIFEST) {
            status = take_manifest(front, &frame, err);
        } else if (frame.type == REPLY_SIGNATURE) {
            status = take_signature(front, &frame, err);
        } else if (frame.type == REPLY_ERROR) {
            status = take_error(&frame, err);
        } else {
            const uint32_t count = cret_frame_get_u32(&frame);
            whole =
                cret_frame_done(&frame) == CRET_OK && count > 0 && count == front->signature_count;
            status = whole ? CRET_OK : malformed(err);
        }
    }
    cret_frame_reader_clear(&frame);
    return status;
}

static enum cret_status fetch(struct cret_front *front, int fd, bool allow_unconfined,
                              struct cret_err *err)
{
    struct cret_process *process = NULL;
    struct cret_err ended = {0};
    const struct cret_process_work work = {.run = run_child,
                                           .context = &fd,
                                           .bounds = {.kept = &fd,
                                                      .kept_count = 1,
                                                      .reads_below = -1,
                                                      .writes_below = -1,
                                                      .allow_unconfined = allow_unconfined}};
    if (cret_process_start(&process, &work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = receive(front, cret_process_results(process), err);
    if (cret_process_end(&process, status == CRET_OK ? CRET_LIMIT_END_MS : 0, &ended) != CRET_OK &&
        status == CRET_OK) {
        *err = ended;
        status = CRET_FAILED;
    }
    return status;
}

enum cret_status cret_front_fetch(struct cret_front **ret_front, const char *path,
                                  bool allow_unconfined, struct cret_err *err)
{
    int fd = -1;
    struct cret_front *front = calloc(1, sizeof(*front));
    if (front != NULL) {
        front->signatures = calloc(CRET_LIMIT_SIGNATURES, sizeof(*front->signatures));
    }
    if (front == NULL || front->signatures == NULL) {
        cret_front_free(&front);
        return cret_err_memory(err);
    }
    enum cret_status status = cret_os_open_file(&fd, path, err);
    if (status == CRET_OK) {
        status = fetch(front, fd, allow_unconfined, err);
    }
    cret_os_close(&fd);
    if (status != CRET_OK) {
        cret_front_free(&front);
        return cret_err_context(err, "%s", path);
    }
    *ret_front = front;
    return CRET_OK;
}
