/* SPDX-License-Identifier: Apache-2.0 */
/* What the key's process and the reading process (intake.h) say to each other. */
#ifndef CRET_SIGNER_INTAKE_FRAMES_H
#define CRET_SIGNER_INTAKE_FRAMES_H

#include "base/finding/limits.h"
#include "base/system/frames.h"
#include "base/system/process.h"
#include "signer/release/intake.h"

enum cret_order {
    CRET_ORDER_HASH = 1, /* nothing */
    CRET_ORDER_DESCRIBE, /* JSON */
    CRET_ORDER_FOREIGN,  /* u32 1 where the digest was published */
    CRET_ORDER_READ,     /* u64 size of the signature, 0: none */
    CRET_ORDER_CHECK,    /* nothing */
    CRET_ORDER_COUNT
};

enum cret_reply {
    CRET_REPLY_PROGRESS = 1, /* u64 done, u64 total */
    CRET_REPLY_DIGEST,       /* 32 bytes */
    CRET_REPLY_FINDING,      /* u32 check, u32 result, 5 strings */
    CRET_REPLY_RENAMED,      /* 2 strings, u32 1 where the original name is kept */
    CRET_REPLY_TEXT,         /* the manifest, or a description */
    CRET_REPLY_PLACE,        /* i64 date, u64 start */
    CRET_REPLY_ERROR,        /* u32 class, u32 check, 5 strings; the last one of an order */
    CRET_REPLY_DONE,         /* nothing; the last one of an order */
    CRET_REPLY_COUNT
};

extern const struct cret_frame_protocol cret_order_frames, cret_reply_frames;

/* cret_intake_start with another reading process (tests). */
CRET_MUST_CHECK enum cret_status cret_intake_start_with(struct cret_intake **ret_intake,
                                                        const struct cret_intake_job *job,
                                                        cret_process_run run, struct cret_err *err);
/* intake_child.c: the reading process; context is the struct cret_intake_job. */
int cret_intake_run(void *context, int in, int out);
/* The same, which writes one template; context is the path. */
int cret_intake_run_template(void *context, int in, int out);

#endif
