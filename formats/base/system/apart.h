/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading what others made in a process of its own, for verbs without a key: it is confined before
 * it reads the first byte, and tells findings, one JSON object, and files. What it tells is
 * believed as far as its form goes; what the object means, the verb holds to its own rules.
 */
#ifndef CRET_BASE_APART_H
#define CRET_BASE_APART_H

#include <jansson.h>

#include "base/finding/finding.h"
#include "base/system/frames.h"
#include "base/system/process.h"

#define CRET_APART_FILES 2u

/* What is told; cleared with cret_apart_clear. */
struct cret_apart_told {
    struct cret_findings *findings; /* the caller's, to which is added */
    json_t *json;                   /* an object; NULL: none was told */
    struct {
        char *data; /* terminated */
        size_t size;
    } files[CRET_APART_FILES]; /* in order; data NULL: no more */
    int out;                   /* the reading process's own */
};
void cret_apart_clear(struct cret_apart_told *told);

/* What is read, and what comes of it on the way; borrowed. */
struct cret_apart_job {
    /* In the reading process: fills told. What it found counts also where it failed. */
    enum cret_status (*read)(void *context, struct cret_apart_told *told, struct cret_err *err);
    void *context;
    struct cret_bounds bounds;
    void (*progress)(void *context, uint64_t done, uint64_t total); /* here; or NULL */
    void *progress_context;
};

/* In the reading process, while it reads: it goes on. context: what it fills. */
void cret_apart_progress(void *context, uint64_t done, uint64_t total);

/*
 * Starts the process, waits for what it tells, and ends it; call before any thread exists. What it
 * read counts as read here too (cret_os_was_read): where it does not say that, every file does. Its
 * error is that of job->read. class UNDECIDED where it ends otherwise, says anything else, or
 * cannot be confined; then nothing but findings was told.
 */
CRET_MUST_CHECK enum cret_status cret_apart_run(struct cret_apart_told *told,
                                                const struct cret_apart_job *job,
                                                struct cret_err *err);
/* The same with another process, whose context is the job (tests). */
CRET_MUST_CHECK enum cret_status cret_apart_run_with(struct cret_apart_told *told,
                                                     const struct cret_apart_job *job,
                                                     cret_process_run run, struct cret_err *err);
/* class UNDECIDED: what was told is not what is asked for. */
enum cret_status cret_apart_malformed(struct cret_err *err);

/* What goes over the wire (tests). */
enum cret_apart_frame {
    CRET_APART_PROGRESS = 1, /* u64 done, u64 total */
    CRET_APART_FINDING,      /* u32 check, u32 result, 5 strings */
    CRET_APART_JSON,         /* the object */
    CRET_APART_FILE,         /* its bytes */
    CRET_APART_SEEN,         /* u64 count; of each file that was read u64 device, u64 inode */
    CRET_APART_ERROR,        /* u32 class, u32 check, 5 strings; the last one */
    CRET_APART_DONE,         /* one byte; the last one */
    CRET_APART_COUNT
};
extern const struct cret_frame_protocol cret_apart_frames;

#endif
