/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the intake that holds the key. */
#include "signer/release/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/frame_findings.h"
#include "base/system/os.h"
#include "base/system/process.h"
#include "base/text/text.h"
#include "container/layout.h"
#include "signer/release/intake_frames.h"

/* Expanding an archive shows no progress, and a packer is watched: only the run as a whole is
 * bounded. */
static const struct cret_patience patience = {.silence_ms = CRET_LIMIT_RUN_SECONDS * 1000,
                                              .run_ms = CRET_LIMIT_RUN_SECONDS * 1000};

struct cret_intake {
    struct cret_process *process;
    const struct cret_intake_job *job;
    bool failed; /* it said what it should not, or nothing more */
};

/* One order, until its last reply. Where a field is NULL, that reply must not come. */
struct answer {
    uint8_t (*digests)[CRET_SHA256_BYTES];
    size_t digest_count, digests_wanted;
    struct cret_findings *findings;
    struct cret_reading *reading;
    bool text_only;
    bool has_place;
    size_t renamed_capacity, name_bytes;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

static bool take_progress(struct answer *answer, struct cret_frame_reader *frame)
{
    const uint64_t done = cret_frame_get_u64(frame), total = cret_frame_get_u64(frame);
    if (cret_frame_done(frame) == CRET_OK && answer->progress != NULL) {
        answer->progress(answer->context, done, total);
    }
    return cret_frame_done(frame) == CRET_OK;
}

static bool take_digest(struct answer *answer, struct cret_frame_reader *frame)
{
    if (answer->digest_count >= answer->digests_wanted) {
        return false;
    }
    cret_frame_get_bytes(frame, answer->digests[answer->digest_count++], CRET_SHA256_BYTES);
    return cret_frame_done(frame) == CRET_OK;
}

static bool take_finding(struct answer *answer, struct cret_frame_reader *frame)
{
    return cret_frame_take_finding(frame, answer->findings);
}

static bool take_renamed(struct answer *answer, struct cret_frame_reader *frame)
{
    struct cret_reading *reading = answer->reading;
    if (reading == NULL) {
        return false;
    }
    if (reading->renamed_count == answer->renamed_capacity) {
        const size_t capacity = answer->renamed_capacity > 0 ? 2 * answer->renamed_capacity : 64;
        struct cret_renamed *list = reallocarray(reading->renamed, capacity, sizeof(*list));
        if (list == NULL) {
            return false;
        }
        reading->renamed = list;
        answer->renamed_capacity = capacity;
    }
    struct cret_renamed *renamed = &reading->renamed[reading->renamed_count++];
    renamed->wanted = cret_frame_get_raw(frame);
    renamed->path = cret_frame_get_raw(frame);
    const uint32_t keeps = cret_frame_get_u32(frame);
    renamed->keeps_original = keeps == 1;
    if (cret_frame_done(frame) != CRET_OK || renamed->wanted == NULL || renamed->path == NULL ||
        keeps > 1) {
        return false;
    }
    answer->name_bytes += strlen(renamed->wanted) + strlen(renamed->path);
    return answer->name_bytes <= CRET_LIMIT_NAMES_BYTES;
}

static bool take_text(struct answer *answer, struct cret_frame_reader *frame)
{
    if (answer->reading == NULL || answer->reading->text != NULL) {
        return false;
    }
    answer->reading->text = (char *)frame->body;
    answer->reading->text_size = frame->size;
    frame->body = NULL;
    frame->position = frame->size;
    return true;
}

static bool take_place(struct answer *answer, struct cret_frame_reader *frame)
{
    const uint64_t date = cret_frame_get_u64(frame), start = cret_frame_get_u64(frame);
    if (answer->reading == NULL || answer->text_only || date >= CRET_LIMIT_DATE ||
        cret_frame_done(frame) != CRET_OK) {
        return false;
    }
    answer->reading->date = (int64_t)date;
    answer->reading->start = start;
    answer->has_place = true;
    return true;
}

/* Replies until the last one. CRET_FAILED: the other side's error; *ret_good false where it is not
 * to be believed any more. */
static enum cret_status take_replies(int fd, struct answer *answer, bool *ret_good,
                                     struct cret_err *err)
{
    static bool (*const takes[CRET_REPLY_COUNT])(struct answer *, struct cret_frame_reader *) = {
        [CRET_REPLY_PROGRESS] = take_progress, [CRET_REPLY_DIGEST] = take_digest,
        [CRET_REPLY_FINDING] = take_finding,   [CRET_REPLY_RENAMED] = take_renamed,
        [CRET_REPLY_TEXT] = take_text,         [CRET_REPLY_PLACE] = take_place,
    };
    struct cret_frame_reader frame;
    enum cret_status status = CRET_FAILED;
    bool end = false;
    *ret_good = false;
    cret_frame_reader_init(&frame, &cret_reply_frames, fd, &patience);
    for (;;) {
        if (cret_frame_receive(&frame, &end, err) != CRET_OK) {
            break;
        }
        if (end) {
            cret_err_undecided(err, "the reading process ended before it was done");
            break;
        }
        if (frame.type == CRET_REPLY_DONE) {
            *ret_good = true;
            status = CRET_OK;
            break;
        }
        if (frame.type == CRET_REPLY_ERROR) {
            *ret_good = cret_frame_take_error(&frame, err);
            if (*ret_good) {
                break;
            }
        } else if (takes[frame.type](answer, &frame)) {
            continue;
        }
        cret_err_undecided(err, "the reading process sent a malformed result");
        break;
    }
    cret_frame_reader_clear(&frame);
    return status;
}

static enum cret_status send_order(struct cret_intake *intake, enum cret_order order,
                                   struct cret_buffer *body, struct cret_err *err)
{
    if (intake->failed) {
        cret_buffer_free(body);
        return cret_err_undecided(err, "the reading process failed before");
    }
    if (cret_frame_send(&cret_order_frames, cret_process_orders(intake->process), order, body,
                        err) == CRET_OK) {
        return CRET_OK;
    }
    intake->failed = true;
    return cret_err_undecided(err, "the reading process ended before it was done");
}

static enum cret_status take_answer(struct cret_intake *intake, struct answer *answer,
                                    struct cret_err *err)
{
    bool good = false;
    const enum cret_status status =
        take_replies(cret_process_results(intake->process), answer, &good, err);
    intake->failed = !good;
    return status;
}

static enum cret_status give_order(struct cret_intake *intake, enum cret_order order,
                                   struct cret_buffer *body, struct answer *answer,
                                   struct cret_err *err)
{
    return send_order(intake, order, body, err) == CRET_OK ? take_answer(intake, answer, err)
                                                           : CRET_FAILED;
}

enum cret_status cret_intake_start(struct cret_intake **ret_intake,
                                   const struct cret_intake_job *job, struct cret_err *err)
{
    return cret_intake_start_with(ret_intake, job, cret_intake_run, err);
}

enum cret_status cret_intake_start_with(struct cret_intake **ret_intake,
                                        const struct cret_intake_job *job, cret_process_run run,
                                        struct cret_err *err)
{
    struct cret_intake *intake = calloc(1, sizeof(*intake));
    if (intake == NULL) {
        return cret_err_memory(err);
    }
    intake->job = job;
    const int kept[2] = {job->fd, job->old_fd};
    const struct cret_process_work work = {
        .run = run,
        .context = (void *)job,
        .bounds = {.kept = kept,
                   .kept_count = CRET_LENGTH(kept),
                   .reads_below = -1,
                   .writes_below = job->spool != NULL ? job->spool->fd : -1,
                   .reads_paths = true,
                   .writes = true,
                   .allow_unconfined = job->allow_unconfined},
    };
    if (cret_process_start(&intake->process, &work, err) != CRET_OK) {
        free(intake);
        return CRET_FAILED;
    }
    *ret_intake = intake;
    return CRET_OK;
}

enum cret_status cret_intake_end(struct cret_intake **intake, struct cret_err *err)
{
    if (intake == NULL || *intake == NULL) {
        return CRET_OK;
    }
    const bool failed = (*intake)->failed;
    const enum cret_status status =
        cret_process_end(&(*intake)->process, failed ? 0 : CRET_LIMIT_END_MS, err);
    free(*intake);
    *intake = NULL;
    return status;
}

enum cret_status cret_intake_hash(struct cret_intake *intake,
                                  uint8_t (*ret_digests)[CRET_SHA256_BYTES], struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct answer answer = {.digests = ret_digests, .digests_wanted = intake->job->path_count};
    if (give_order(intake, CRET_ORDER_HASH, &body, &answer, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return answer.digest_count == answer.digests_wanted
               ? CRET_OK
               : cret_err_undecided(err, "the reading process left a file out");
}

/* Whether it can be printed as it is. */
static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        const bool c1 = c == 0xc2 && i + 1 < size && (unsigned char)text[i + 1] < 0xa0;
        if ((c < 0x20 && c != '\n') || c == 0x7f || c1) {
            return false;
        }
    }
    return cret_utf8_valid(text, size);
}

enum cret_status cret_intake_foreign(struct cret_intake *intake, bool published,
                                     struct cret_findings *warnings, char **ret_text,
                                     struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct cret_reading *reading = calloc(1, sizeof(*reading));
    struct answer answer = {.reading = reading, .text_only = true, .findings = warnings};
    if (reading == NULL) {
        return cret_err_memory(err);
    }
    cret_frame_put_u32(&body, published ? 1 : 0);
    enum cret_status status = give_order(intake, CRET_ORDER_FOREIGN, &body, &answer, err);
    if (status == CRET_OK &&
        (reading->text == NULL || !is_plain(reading->text, reading->text_size) ||
         strlen(reading->text) != reading->text_size)) {
        status = cret_err_undecided(err, "the reading process sent a malformed result");
    }
    if (status == CRET_OK) {
        *ret_text = reading->text;
        reading->text = NULL;
    }
    cret_reading_free(&reading);
    return status;
}

enum cret_status cret_intake_describe(struct cret_intake *intake, const char *text, size_t size,
                                      struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct answer answer = {0};
    cret_frame_put_bytes(&body, text, size);
    return give_order(intake, CRET_ORDER_DESCRIBE, &body, &answer, err);
}

/* The manifest, read here, and the layout that follows from it. */
static enum cret_status settle(struct cret_reading *reading, struct cret_err *err)
{
    struct cret_findings *found = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (cret_manifest_parse_unverified(&reading->manifest, (const uint8_t *)reading->text,
                                       reading->text_size, found, err) != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
        cret_err_context(err, "the reading process made no valid manifest");
    } else if (reading->manifest->date != reading->date) {
        cret_err_undecided(err, "the reading process contradicts itself");
    } else {
        status = cret_layout_payload(reading->manifest->entries, reading->manifest->file_count,
                                     reading->start, &reading->end, err);
    }
    cret_findings_free(&found);
    return status;
}

enum cret_status cret_intake_read(struct cret_intake *intake, size_t signature_size,
                                  void (*progress)(void *context, uint64_t done, uint64_t total),
                                  void *context, struct cret_findings *findings,
                                  struct cret_reading **ret_reading, struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct cret_reading *reading = calloc(1, sizeof(*reading));
    struct answer answer = {
        .findings = findings, .reading = reading, .progress = progress, .context = context};
    enum cret_status status = CRET_FAILED;
    *ret_reading = NULL;
    if (reading == NULL) {
        return cret_err_memory(err);
    }
    cret_frame_put_u64(&body, signature_size);
    if (give_order(intake, CRET_ORDER_READ, &body, &answer, err) != CRET_OK) {
        goto out;
    }
    if (cret_findings_failed(findings)) {
        status = CRET_OK;
        goto out;
    }
    if (reading->text == NULL || !answer.has_place) {
        cret_err_undecided(err, "the reading process made no manifest");
        goto out;
    }
    if (settle(reading, err) != CRET_OK) {
        goto out;
    }
    *ret_reading = reading;
    reading = NULL;
    status = CRET_OK;
out:
    cret_reading_free(&reading);
    return status;
}

void cret_reading_free(struct cret_reading **reading)
{
    if (reading == NULL || *reading == NULL) {
        return;
    }
    for (size_t i = 0; i < (*reading)->renamed_count; i++) {
        free((*reading)->renamed[i].wanted);
        free((*reading)->renamed[i].path);
    }
    free((*reading)->renamed);
    cret_manifest_free(&(*reading)->manifest);
    free((*reading)->text);
    free(*reading);
    *reading = NULL;
}

enum cret_status cret_intake_check(struct cret_intake *intake, struct cret_err *err)
{
    struct cret_buffer body = {0};
    struct answer answer = {0};
    struct cret_err unflushed = {0};
    if (send_order(intake, CRET_ORDER_CHECK, &body, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* The disk takes what is left of the archive while the other process reads it. */
    const enum cret_status flushed = cret_os_fsync(intake->job->fd, &unflushed);
    if (take_answer(intake, &answer, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (flushed != CRET_OK) {
        *err = unflushed;
        return cret_err_where(err, "%s", intake->job->out);
    }
    return CRET_OK;
}

enum cret_status cret_intake_template(char **ret_text, size_t *ret_size, const char *path,
                                      bool allow_unconfined, struct cret_err *err)
{
    struct cret_process *process = NULL;
    struct cret_reading *reading = calloc(1, sizeof(*reading));
    struct answer answer = {.reading = reading, .text_only = true};
    const struct cret_process_work work = {
        .run = cret_intake_run_template,
        .context = (void *)path,
        .bounds = {.reads_below = -1,
                   .writes_below = -1,
                   .reads_paths = true,
                   .allow_unconfined = allow_unconfined},
    };
    bool good = false;
    enum cret_status status = CRET_FAILED;
    if (reading == NULL) {
        return cret_err_memory(err);
    }
    if (cret_process_start(&process, &work, err) != CRET_OK) {
        goto out;
    }
    status = take_replies(cret_process_results(process), &answer, &good, err);
    struct cret_err ended;
    if (cret_process_end(&process, good ? CRET_LIMIT_END_MS : 0, &ended) != CRET_OK &&
        status == CRET_OK) {
        *err = ended;
        status = CRET_FAILED;
    }
    if (status == CRET_OK &&
        (reading->text == NULL || !is_plain(reading->text, reading->text_size))) {
        status = cret_err_undecided(err, "the reading process sent a malformed result");
    }
    if (status == CRET_OK) {
        *ret_text = reading->text;
        *ret_size = reading->text_size;
        reading->text = NULL;
    }
out:
    cret_reading_free(&reading);
    return status;
}
