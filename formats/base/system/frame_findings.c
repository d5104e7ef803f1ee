/* SPDX-License-Identifier: Apache-2.0 */
/* Both ends of frames that hold a finding or an error. */
#include "base/system/frame_findings.h"

#include <stdlib.h>

#define TEXTS 5

/* A body as it came; the texts are owned. */
struct body {
    uint32_t head[2];
    char *texts[TEXTS];
};

static enum cret_status send_texts(const struct cret_frame_protocol *protocol, int fd,
                                   uint32_t type, const uint32_t head[2],
                                   const char *const texts[TEXTS], struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, head[0]);
    cret_frame_put_u32(&body, head[1]);
    for (size_t i = 0; i < TEXTS; i++) {
        cret_frame_put_string(&body, texts[i]);
    }
    return cret_frame_send(protocol, fd, type, &body, err);
}

enum cret_status cret_frame_send_findings(const struct cret_frame_protocol *protocol, int fd,
                                          uint32_t type, const struct cret_findings *findings,
                                          struct cret_err *err)
{
    if (cret_findings_whole(findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *one = cret_findings_at(findings, i);
        const uint32_t head[2] = {one->check, one->result};
        const char *const texts[TEXTS] = {one->reason, one->where, one->expected, one->actual,
                                          one->hint};
        if (send_texts(protocol, fd, type, head, texts, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_frame_send_error(const struct cret_frame_protocol *protocol, int fd,
                                       uint32_t type, const struct cret_err *error)
{
    const uint32_t head[2] = {error->class != CRET_ERR_NONE ? error->class : CRET_ERR_UNDECIDED,
                              error->check};
    const char *const texts[TEXTS] = {error->what, error->where, error->expected, error->actual,
                                      error->hint};
    return send_texts(protocol, fd, type, head, texts, NULL);
}

static bool take(struct body *ret_body, struct cret_frame_reader *frame)
{
    ret_body->head[0] = cret_frame_get_u32(frame);
    ret_body->head[1] = cret_frame_get_u32(frame);
    for (size_t i = 0; i < TEXTS; i++) {
        ret_body->texts[i] = cret_frame_get_raw(frame);
    }
    return cret_frame_done(frame) == CRET_OK && ret_body->texts[0] != NULL;
}

static void clear(struct body *body)
{
    for (size_t i = 0; i < TEXTS; i++) {
        free(body->texts[i]);
    }
}

bool cret_frame_take_finding(struct cret_frame_reader *frame, struct cret_findings *findings)
{
    struct body body;
    const bool good = take(&body, frame) && findings != NULL && !cret_findings_broken(findings) &&
                      body.head[0] < CRET_CHECK_COUNT && body.head[1] < CRET_RESULT_COUNT;
    if (good) {
        cret_findings_add(findings, (enum cret_check_id)body.head[0],
                          (enum cret_result)body.head[1],
                          (struct cret_finding_text){.where = body.texts[1],
                                                     .expected = body.texts[2],
                                                     .actual = body.texts[3],
                                                     .hint = body.texts[4]},
                          "%s", body.texts[0]);
    }
    clear(&body);
    return good;
}

bool cret_frame_take_error(struct cret_frame_reader *frame, struct cret_err *err)
{
    struct body body;
    const bool good = take(&body, frame) && body.head[0] >= CRET_ERR_REFUSED &&
                      body.head[0] <= CRET_ERR_UNDECIDED && body.head[1] < CRET_CHECK_COUNT;
    if (good) {
        cret_err_set(err, (enum cret_err_class)body.head[0], (enum cret_check_id)body.head[1], "%s",
                     body.texts[0]);
        cret_err_where(err, "%s", body.texts[1] != NULL ? body.texts[1] : "");
        cret_err_expected(err, "%s", body.texts[2] != NULL ? body.texts[2] : "");
        cret_err_actual(err, "%s", body.texts[3] != NULL ? body.texts[3] : "");
        cret_err_hint(err, "%s", body.texts[4] != NULL ? body.texts[4] : "");
    }
    clear(&body);
    return good;
}
