/* SPDX-License-Identifier: Apache-2.0 */
/* The child's side: reading an archive, and telling its parent of it. */
#include "verifier/child/child_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "engine/components.h"
#include "release/nested/nested.h"
#include "release/statements/document.h"
#include "verifier/child/advise.h"
#include "verifier/child/advise_digests.h"
#include "verifier/child/contents.h"
#include "verifier/child/deliver.h"
#include "verifier/child/describe.h"
#include "verifier/child/extract.h"
#include "verifier/child/foreign_read.h"
#include "verifier/child/frames.h"

/* Between two frames that say that the work goes on. */
#define WORK_MS 500u

/* Results are written in pieces of about this many bytes. */
#define WIRE_BYTES (64u << 10)

/* The child's side of one job. */
struct child {
    const struct cret_child_job *job;
    int fd;                  /* frames go here */
    struct cret_buffer wire; /* results that are not written yet */
    struct cret_extract *extract;
    struct cret_deliver *deliver;
    struct cret_source *source;
    bool walking;         /* threads work: progress is told of by the one that watches them */
    uint64_t work;        /* bytes read so far, but for those of the walk */
    uint64_t done, total; /* of the walk */
    uint64_t told;        /* monotonic ms of the last frame of progress */
    bool has_digest;      /* of the archive */
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_advise_digests *digests;
    json_t *contents; /* owned; where wanted */
    bool is_foreign;  /* a file in a vendor's own format */
    struct cret_foreign_read foreign;
};

static enum cret_status send(struct child *child, enum cret_frame type, struct cret_buffer *body,
                             struct cret_err *err)
{
    if (cret_frame_add(&cret_verdict_frames, &child->wire, type, body, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return child->wire.size < WIRE_BYTES ? CRET_OK : cret_frame_flush(child->fd, &child->wire, err);
}

static enum cret_status send_finding(struct child *child, const struct cret_finding *finding,
                                     struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, (uint32_t)finding->check);
    cret_frame_put_u32(&body, (uint32_t)finding->result);
    cret_frame_put_string(&body, finding->reason);
    cret_frame_put_string(&body, finding->where);
    cret_frame_put_string(&body, finding->expected);
    cret_frame_put_string(&body, finding->actual);
    cret_frame_put_string(&body, finding->hint);
    return send(child, CRET_FRAME_FINDING, &body, err);
}

static enum cret_status send_error(struct child *child, const struct cret_err *error,
                                   struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_string(&body, error->what);
    cret_frame_put_string(&body, error->where);
    cret_frame_put_string(&body, error->expected);
    cret_frame_put_string(&body, error->actual);
    cret_frame_put_string(&body, error->hint);
    return send(child, CRET_FRAME_ERROR, &body, err);
}

static enum cret_status send_identity(struct child *child, const struct cret_inspection *inspection,
                                      struct cret_err *err)
{
    const struct cret_foreign_read *foreign = &child->foreign;
    const bool accepted = cret_verdict_exit_code(inspection->verdict) == 0;
    struct cret_buffer body = {0};
    if (inspection->manifest == NULL && !(child->is_foreign && accepted)) {
        return CRET_OK;
    }
    cret_frame_put_bytes(&body,
                         child->is_foreign ? foreign->sha256 : inspection->manifest->identity,
                         CRET_SHA256_BYTES);
    const bool bound = child->is_foreign ? foreign->product_bound : inspection->product_bound;
    cret_frame_put_u32(&body, bound ? 1 : inspection->identity_open ? 2 : 0);
    return send(child, CRET_FRAME_IDENTITY, &body, err);
}

/* A digest is called verified only where the walk as a whole succeeded and that digest was
 * computed; everything else is the manifest's claim. */
static uint32_t file_flags(const struct cret_inspect_request *request,
                           const struct cret_inspection *inspection, const struct cret_entry *entry,
                           bool read)
{
    uint32_t flags = entry->has_fsverity ? CRET_FILE_HAS_FSVERITY : 0;
    if (inspection->payload_verified && read) {
        if (!request->fast || !entry->has_fsverity) {
            flags |= CRET_FILE_SHA256_VERIFIED;
        }
        if (entry->has_fsverity) {
            flags |= CRET_FILE_FSVERITY_VERIFIED;
        }
    }
    return flags;
}

static enum cret_status send_files(struct child *child, const struct cret_inspection *inspection,
                                   struct cret_err *err)
{
    const struct cret_manifest *manifest = inspection->manifest;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct cret_entry *entry = &manifest->entries[i];
        const bool read = cret_inspect_selects(&child->job->request, entry->path);
        struct cret_buffer body = {0};
        cret_frame_put_string(&body, entry->path);
        cret_frame_put_string(&body, manifest->files[i].original);
        cret_frame_put_string(&body, manifest->files[i].role);
        cret_frame_put_u64(&body, entry->size);
        cret_frame_put_bytes(&body, entry->sha256, CRET_SHA256_BYTES);
        cret_frame_put_bytes(&body, entry->fsverity, CRET_SHA256_BYTES);
        const uint32_t safety =
            manifest->files[i].safety == CRET_SAFETY_RELEVANT ? CRET_FILE_SAFETY_RELEVANT : 0;
        cret_frame_put_u32(&body,
                           safety | file_flags(&child->job->request, inspection, entry, read));
        if (send(child, CRET_FRAME_FILE, &body, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* What advisories are matched with. NULL: memory. */
static json_t *advised(const struct child *child, const struct cret_inspection *inspection)
{
    json_t *subjects = cret_advise_subjects(inspection);
    json_t *files = json_object_get(json_object_get(subjects, "subjects"), "files");
    if (subjects != NULL && child->digests != NULL &&
        cret_advise_digests_add(child->digests, files) != 0) {
        json_decref(subjects);
        return NULL;
    }
    return subjects;
}

/* {path: {"mediaType", "hardware", "safetyRelevant", "safetyFunction"}} of the files that have one.
 * NULL: memory. */
static json_t *file_details(const struct cret_manifest *manifest)
{
    struct cret_build all = cret_build_object();
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct cret_manifest_file *file = &manifest->files[i];
        const bool safety = file->safety != CRET_SAFETY_NOT_SAID;
        if (file->media_type != NULL || file->hardware != NULL || safety ||
            file->safety_function != NULL) {
            struct cret_build one = cret_build_object();
            cret_build_string(&one, "mediaType", file->media_type);
            cret_build_share(&one, "hardware", file->hardware);
            cret_build_string(&one, "safetyFunction", file->safety_function);
            if (safety) {
                cret_build_boolean(&one, "safetyRelevant", file->safety == CRET_SAFETY_RELEVANT);
            }
            cret_build_put(&all, manifest->entries[i].path, cret_build_end(&one));
        }
    }
    return cret_build_end(&all);
}

/* The document with what the job asks for. NULL: memory. */
static json_t *describe(const struct child *child, const struct cret_inspection *inspection)
{
    const struct cret_child_job *job = child->job;
    struct cret_build document = cret_build_on(cret_describe(
        inspection->manifest, &inspection->gate, &inspection->facts, job->want_manifest));
    if (!job->unverified && inspection->manifest == NULL && inspection->front != NULL) {
        cret_build_put(&document, "claimed", cret_describe_claim(inspection->front));
    }
    if (job->want_cross_checks) {
        cret_build_put(&document, "crossChecks", cret_describe_cross_checks(&inspection->gate));
    }
    if (job->want_components && inspection->manifest != NULL) {
        cret_build_put(&document, "sboms",
                       cret_inspect_components(child->source, inspection, &job->request));
        cret_build_put(&document, "fileDetails", file_details(inspection->manifest));
    }
    for (size_t i = 0; i < job->request.also_count; i++) {
        document.failed |= !cret_document_mark_proved(json_object_get(document.json, "documents"),
                                                      job->request.also[i].sha256);
    }
    if (inspection->facts.subjects != NULL && cret_verdict_exit_code(inspection->verdict) == 0) {
        cret_build_put(&document, "advised", advised(child, inspection));
    }
    cret_build_share(&document, "contents", child->contents);
    cret_build_share(&document, "packages", inspection->packages);
    cret_build_share(&document, "foreign", child->foreign.document);
    return cret_build_end(&document);
}

static enum cret_status send_document(struct child *child, const struct cret_inspection *inspection,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    json_t *document = describe(child, inspection);
    if (document == NULL) {
        return cret_err_memory(err);
    }
    struct cret_buffer body = {0};
    if (cret_json_print(&text, &size, document, err) == CRET_OK) {
        cret_buffer_append(&body, text, size);
        status = send(child, CRET_FRAME_DOCUMENT, &body, err);
    }
    free(text);
    json_decref(document);
    return status;
}

/* The archive as it was read: nobody looks at the file again. */
static enum cret_status send_archive(struct child *child, struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, cret_source_size(child->source));
    cret_frame_put_u32(&body, child->has_digest ? 1 : 0);
    cret_frame_put_bytes(&body, child->digest, sizeof(child->digest));
    return send(child, CRET_FRAME_ARCHIVE, &body, err);
}

static enum cret_status send_engine(struct child *child, enum cret_hash_id engine,
                                    struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, (uint32_t)engine);
    return send(child, CRET_FRAME_ENGINE, &body, err);
}

/* What reads archives takes longer to load than many a run: only a child that needs it has it. */
static enum cret_status send_again(struct child *child, struct cret_err *err)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, 1);
    return cret_nested_missed() ? send(child, CRET_FRAME_AGAIN, &body, err) : CRET_OK;
}

/* The last frames. What went wrong while the others were made counts as well. */
static enum cret_status
send_conclusion(struct child *child, const struct cret_inspection *inspection, struct cret_err *err)
{
    struct cret_err fault = inspection->error;
    enum cret_verdict verdict = inspection->verdict;
    if (fault.class == CRET_ERR_NONE && cret_err_fault(&fault) != CRET_OK) {
        verdict = CRET_VERDICT_UNDECIDED;
    }
    if (fault.class != CRET_ERR_NONE && send_error(child, &fault, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, (uint32_t)verdict);
    if (send(child, CRET_FRAME_VERDICT, &body, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_frame_flush(child->fd, &child->wire, err);
}

static enum cret_status send_results(struct child *child, const struct cret_inspection *inspection,
                                     struct cret_err *err)
{
    for (size_t i = 0; i < cret_findings_count(inspection->findings); i++) {
        if (send_finding(child, cret_findings_at(inspection->findings, i), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (send_identity(child, inspection, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (inspection->manifest != NULL && child->job->want_files &&
        send_files(child, inspection, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((inspection->front != NULL || inspection->package || child->foreign.document != NULL) &&
        send_document(child, inspection, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (child->source != NULL && cret_source_is_file(child->source) &&
        send_archive(child, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (inspection->has_engine && send_engine(child, inspection->engine, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return send_again(child, err) == CRET_OK ? send_conclusion(child, inspection, err)
                                             : CRET_FAILED;
}

/* That the work goes on; what is shown of it to people is the walk's share. */
static void send_progress(const struct child *child)
{
    struct cret_buffer body = {0};
    struct cret_err ignored = {0};
    cret_frame_put_u64(&body, child->done);
    cret_frame_put_u64(&body, child->total);
    cret_frame_put_u64(&body, child->work + child->done);
    if (cret_frame_send(&cret_verdict_frames, child->fd, CRET_FRAME_PROGRESS, &body, &ignored) !=
        CRET_OK) {
        return; /* the next frame that matters fails as well, and is noticed */
    }
}

static void child_progress(void *context, uint64_t done, uint64_t total)
{
    struct child *child = context;
    child->done = done;
    child->total = total;
    send_progress(child);
}

/* Bytes read before and after the walk. */
static void child_work(void *context, uint64_t bytes)
{
    struct child *child = context;
    if (child->walking) {
        return;
    }
    const uint64_t now = cret_os_monotonic_ms();
    child->work += bytes;
    if (now - child->told >= WORK_MS) {
        child->told = now;
        send_progress(child);
    }
}

/* The same, where the walk is over. */
static void child_rework(void *context, uint64_t bytes)
{
    struct child *child = context;
    child->walking = false;
    child_work(child, bytes);
}

static enum cret_status child_begin(void *context, const struct cret_manifest *manifest,
                                    struct cret_err *err)
{
    struct child *child = context;
    child->walking = true;
    if (child->job->want_sha512 &&
        cret_advise_digests_new(&child->digests, manifest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (child->job->delivers) {
        return cret_deliver_new(&child->deliver, child->job->deliver_fd, manifest, err);
    }
    if (child->job->extract_directory < 0) {
        return CRET_OK;
    }
    return cret_extract_new(&child->extract, child->job->extract_directory, manifest,
                            child->job->portable_names, err);
}

static enum cret_status child_sink(void *context, size_t entry, uint64_t offset,
                                   const uint8_t *data, size_t size, struct cret_err *err)
{
    struct child *child = context;
    if (child->digests != NULL &&
        cret_advise_digests_write(child->digests, entry, offset, data, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (child->deliver != NULL) {
        return cret_deliver_write(child->deliver, entry, offset, data, size, err);
    }
    return child->extract == NULL
               ? CRET_OK
               : cret_extract_write(child->extract, entry, offset, data, size, err);
}

static enum cret_status open_source(struct child *child, struct cret_err *err)
{
    if (cret_source_new(&child->source, child->job->archive_fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_watch watch = {.work = child_work, .context = child};
    cret_source_watch(child->source, &watch);
    child->is_foreign = cret_foreign_read_wanted(child->job, child->source);
    return child->job->want_archive_digest && !child->is_foreign
               ? cret_source_hash(child->source, err)
               : CRET_OK;
}

/* What comes after the inspection, and makes it undecided where it fails. */
static void finish(struct child *child, struct cret_inspection *inspection)
{
    struct cret_err err = {0};
    enum cret_status status = CRET_OK;
    child->walking = false;
    if (child->job->want_archive_digest && inspection->error.class == CRET_ERR_NONE) {
        status = cret_source_digest(child->source, child->digest, &err);
        child->has_digest = status == CRET_OK;
    }
    const bool accepted = inspection->verdict != CRET_VERDICT_REFUSED &&
                          inspection->verdict != CRET_VERDICT_UNDECIDED;
    if (status == CRET_OK && child->extract != NULL && accepted) {
        status = cret_extract_finish(child->extract, &err);
    }
    if (status == CRET_OK && child->deliver != NULL && accepted) {
        status = cret_deliver_finish(child->deliver, &err);
    }
    if (status == CRET_OK && child->job->want_contents && inspection->manifest != NULL) {
        struct cret_inspect_request request = child->job->request;
        request.watch = (struct cret_watch){.work = child_rework, .context = child};
        status = cret_contents_list(&child->contents, child->source, inspection, &request, &err);
    }
    if (status != CRET_OK) {
        inspection->error = err;
        inspection->verdict = CRET_VERDICT_UNDECIDED;
    }
}

/* A foreign file is read twice: its digest is that of the bytes that were judged. */
static struct cret_inspection *inspect_foreign(struct child *child)
{
    const struct cret_watch watch = {.work = child_work, .context = child};
    struct cret_inspection *inspection =
        cret_foreign_read_judge(&child->foreign, child->job, child->source, &watch);
    memcpy(child->digest, child->foreign.sha256, sizeof(child->digest));
    child->has_digest = child->foreign.document != NULL;
    return inspection;
}

static struct cret_inspection *inspect(struct child *child,
                                       const struct cret_inspect_request *request)
{
    const struct cret_child_job *job = child->job;
    if (child->is_foreign) {
        return inspect_foreign(child);
    }
    if (!job->unverified) {
        return cret_inspect(child->source, request);
    }
    return job->alone ? cret_inspect_alone(child->source) : cret_inspect_unverified(child->source);
}

int cret_child_read(const struct cret_child_job *job, int fd)
{
    struct child child = {.job = job, .fd = fd, .told = cret_os_monotonic_ms()};
    struct cret_inspect_request request = job->request;
    request.context = &child;
    request.begin = child_begin;
    request.sink =
        job->extract_directory >= 0 || job->delivers || job->want_sha512 ? child_sink : NULL;
    request.jobs = job->delivers ? 1 : request.jobs;
    request.progress = child_progress;
    request.watch = (struct cret_watch){.work = child_rework, .context = &child};

    struct cret_err err = {0};
    struct cret_inspection *inspection = NULL;
    int code = 1;
    if (open_source(&child, &err) == CRET_OK) {
        inspection = inspect(&child, &request);
    } else {
        inspection = cret_inspect_impossible(&err);
    }
    if (inspection == NULL) {
        goto out;
    }
    if (!child.is_foreign) {
        finish(&child, inspection);
    }
    if (send_results(&child, inspection, &err) == CRET_OK) {
        cret_os_close(&child.fd); /* the parent need not wait for what is freed to see the end */
        code = 0;
    }
out:
    cret_buffer_free(&child.wire);
    cret_extract_free(&child.extract);
    cret_deliver_free(&child.deliver);
    cret_advise_digests_free(&child.digests);
    json_decref(child.contents);
    json_decref(child.foreign.document);
    cret_inspection_free(&inspection);
    cret_source_free(&child.source);
    return code;
}
