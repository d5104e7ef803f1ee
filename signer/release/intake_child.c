/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the intake that reads what others made, and never has a key. */
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/frame_findings.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "signer/archive/existing.h"
#include "signer/archive/overwrite.h"
#include "signer/archive/selfcheck.h"
#include "signer/description/template.h"
#include "signer/release/draft_check.h"
#include "signer/release/intake_frames.h"
#include "signer/release/previous.h"

struct child {
    const struct cret_intake_job *job;
    int out;
    const struct cret_description *description;
    struct cret_description *described; /* by an order; or NULL */
    struct cret_draft *draft;           /* from the first order to read on */
    /* Digests of the adopted file and of those beside it, as their signature was verified; or NULL.
     */
    uint8_t (*judged)[CRET_SHA256_BYTES];
    struct cret_manifest *previous;
};

static enum cret_status reply(const struct child *child, enum cret_reply type,
                              struct cret_buffer *body, struct cret_err *err)
{
    return cret_frame_send(&cret_reply_frames, child->out, type, body, err);
}

static enum cret_status send_error(const struct child *child, const struct cret_err *error)
{
    return cret_frame_send_error(&cret_reply_frames, child->out, CRET_REPLY_ERROR, error);
}

static enum cret_status send_findings(const struct child *child,
                                      const struct cret_findings *findings, struct cret_err *err)
{
    return cret_frame_send_findings(&cret_reply_frames, child->out, CRET_REPLY_FINDING, findings,
                                    err);
}

static enum cret_status send_renamed(const struct child *child, struct cret_err *err)
{
    const struct cret_collection *collection = child->draft->collection;
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *file = &collection->files[i];
        struct cret_buffer body = {0};
        if (!file->renamed) {
            continue;
        }
        cret_frame_put_string(&body, file->wanted);
        cret_frame_put_string(&body, file->path);
        cret_frame_put_u32(&body, file->keeps_original ? 1 : 0);
        if (reply(child, CRET_REPLY_RENAMED, &body, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status send_manifest(const struct child *child, uint64_t start,
                                      struct cret_err *err)
{
    struct cret_buffer text = {0}, place = {0};
    cret_frame_put_bytes(&text, child->draft->text, child->draft->text_size);
    cret_frame_put_u64(&place, (uint64_t)child->draft->date);
    cret_frame_put_u64(&place, start);
    if (reply(child, CRET_REPLY_TEXT, &text, err) != CRET_OK) {
        cret_buffer_free(&place);
        return CRET_FAILED;
    }
    return reply(child, CRET_REPLY_PLACE, &place, err);
}

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct child *child = context;
    struct cret_buffer body = {0};
    cret_frame_put_u64(&body, done);
    cret_frame_put_u64(&body, total);
    if (reply(child, CRET_REPLY_PROGRESS, &body, NULL) != CRET_OK) {
        return; /* the next reply fails as well, and is noticed */
    }
}

static enum cret_status hash(struct child *child, struct cret_err *err)
{
    for (size_t i = 0; i < child->job->path_count; i++) {
        const char *path = child->job->paths[i];
        struct cret_file_info info;
        struct cret_buffer body = {0};
        uint8_t digest[CRET_SHA256_BYTES];
        bool exists = false;
        if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (exists && info.kind == CRET_KIND_DIRECTORY) {
            cret_err_usage(err, "%s is a folder, and adopt takes files", path);
            return cret_err_hint(err, "name the files in it, as the vendor gave them");
        }
        if (cret_file_sha256(digest, path, err) != CRET_OK) {
            return CRET_FAILED;
        }
        cret_frame_put_bytes(&body, digest, sizeof(digest));
        if (reply(child, CRET_REPLY_DIGEST, &body, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status describe(struct child *child, const char *text, size_t size,
                                 struct cret_err *err)
{
    struct cret_findings *found = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    cret_description_free(&child->described);
    if (cret_description_parse(&child->described, text, size, child->job->description_name,
                               child->job->sets, child->job->set_count, err) != CRET_OK) {
        goto out;
    }
    child->description = child->described;
    status = cret_description_validate(child->described, found) == CRET_OK
                 ? CRET_OK
                 : cret_err_usage(err, "the options do not make a valid release");
out:
    cret_findings_free(&found);
    return status;
}

static enum cret_status refuse_overwriting(const char *out, const char *input, struct cret_err *err)
{
    cret_err_usage(err, "the output would replace one of its inputs");
    cret_err_where(err, "%s", out);
    cret_err_actual(err, "%s", input);
    return cret_err_hint(err, "choose another name for it");
}

/* Whether path is the very file that `out` is now. Paths that cannot be looked at are not: they
 * fail where they are read. */
static enum cret_status check_input(const struct cret_file_info *existing, const char *out,
                                    const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, NULL) == CRET_OK && exists &&
        info.device == existing->device && info.inode == existing->inode) {
        return refuse_overwriting(out, path, err);
    }
    return CRET_OK;
}

/* Sources once more: an archive that is expanded is not among the collected files. */
static enum cret_status check_sources(const struct child *child,
                                      const struct cret_file_info *existing, const char *out,
                                      struct cret_err *err)
{
    const struct cret_description *description = child->description;
    enum cret_status status = CRET_OK;
    CRET_JSON_EACH_AT (index, entry, json_object_get(description->json, "files")) {
        char *pointer = cret_text_printf("#/files/%zu/source", index);
        if (pointer == NULL) {
            return cret_err_memory(err);
        }
        const struct cret_mark mark = cret_description_locate(description, pointer);
        char *path = cret_description_resolve(&mark, cret_json_string(entry, "source"));
        status = path != NULL ? check_input(existing, out, path, err) : cret_err_memory(err);
        free(path);
        free(pointer);
        if (status != CRET_OK) {
            break;
        }
    }
    return status;
}

/* An output must be none of the files that this run reads. */
static enum cret_status spare_inputs(const struct child *child, const char *out,
                                     struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    const struct cret_collection *collection = child->draft->collection;
    struct cret_file_info existing;
    bool exists = false;
    if (cret_os_stat_path(&existing, &exists, out, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; exists && i < collection->count; i++) {
        if (collection->files[i].device == existing.device &&
            collection->files[i].inode == existing.inode) {
            return refuse_overwriting(out, collection->files[i].input, err);
        }
    }
    for (size_t i = 0; exists && i < job->input_count; i++) {
        if (check_input(&existing, out, job->inputs[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; exists && i < child->description->name_count; i++) {
        if (check_input(&existing, out, child->description->names[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return exists ? check_sources(child, &existing, out, err) : CRET_OK;
}

static enum cret_status check_inputs(const struct child *child, struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    enum cret_status status = spare_inputs(child, job->out, err);
    for (size_t i = 0; status == CRET_OK && i < job->other_count; i++) {
        status = spare_inputs(child, job->others[i], err);
    }
    return status;
}

/* Everything about the content that is known without reading payload. */
static enum cret_status prepare(struct child *child, struct cret_findings *findings,
                                struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    const struct cret_collect_request collect = {
        .strict_names = job->strict_names,
        .no_expansion = job->detached,
        .spool_beside = job->out,
        .spool = job->spool,
    };
    if (cret_draft_make(&child->draft, child->description, &collect, false, findings, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (job->previous != NULL) {
        if (cret_previous_read(&child->previous, job->previous, err) != CRET_OK) {
            return cret_err_context(err, "--previous");
        }
        if (child->draft->manifest != NULL) {
            cret_previous_check_release(child->previous, child->draft->manifest, findings);
        }
    }
    return cret_findings_failed(findings) ? CRET_OK : check_inputs(child, err);
}

static enum cret_status check_content(const struct child *child, struct cret_findings *findings,
                                      struct cret_err *err)
{
    return cret_draft_check(child->draft, NULL, findings, err) == CRET_OK &&
                   (child->previous == NULL ||
                    cret_previous_check_documents(child->previous, child->draft->manifest, findings,
                                                  err) == CRET_OK)
               ? CRET_OK
               : CRET_FAILED;
}

/* Errors of writing know a descriptor only; people need the name. */
static enum cret_status name_output(const struct child *child, struct cret_err *err)
{
    if (err->class == CRET_ERR_UNDECIDED && err->where[0] == '\0') {
        cret_err_where(err, "%s", child->job->out);
    }
    return CRET_FAILED;
}

static enum cret_status write_payload(struct child *child, size_t signature_size,
                                      uint64_t *ret_start, struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    const struct cret_signature signature = {.size = signature_size};
    uint64_t end = 0;
    const struct cret_draft_write write = {
        .fd = job->detached ? -1 : job->fd,
        .start =
            cret_layout_front_size(child->draft->text_size, &signature, signature_size > 0 ? 1 : 0),
        .jobs = job->jobs,
        .hash = job->hash,
        .progress = show_progress,
        .context = child,
    };
    *ret_start = write.start;
    return cret_draft_write(child->draft, &write, &end, err) == CRET_OK ? CRET_OK
                                                                        : name_output(child, err);
}

/* Once more, behind a front of another size: it must be the same payload, which was checked. */
static enum cret_status read_again(struct child *child, size_t signature_size, struct cret_err *err)
{
    uint8_t before[CRET_SHA256_BYTES];
    uint64_t start = 0;
    memcpy(before, child->draft->manifest->identity, sizeof(before));
    if (write_payload(child, signature_size, &start, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(before, child->draft->manifest->identity, sizeof(before)) != 0) {
        cret_err_undecided(err, "the files changed while they were packed");
        return cret_err_hint(err,
                             "wait until nothing writes to them any more, then run this again");
    }
    return send_manifest(child, start, err);
}

static enum cret_status read_all(struct child *child, size_t signature_size, struct cret_err *err)
{
    struct cret_findings *findings = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    uint64_t start = 0;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    status = prepare(child, findings, err);
    if (status == CRET_OK && !cret_findings_failed(findings)) {
        status =
            write_payload(child, signature_size, &start, err) == CRET_OK &&
                    cret_adopt_foreign_packed(child->draft->manifest, child->draft->collection,
                                              child->judged, child->job->foreign, err) == CRET_OK &&
                    check_content(child, findings, err) == CRET_OK
                ? CRET_OK
                : CRET_FAILED;
    }
    /* What was found is told also where the work could not go on. */
    struct cret_err unsent = {0};
    if (send_findings(child, findings, &unsent) != CRET_OK && status == CRET_OK) {
        *err = unsent;
        status = CRET_FAILED;
    }
    if (status == CRET_OK && !cret_findings_failed(findings)) {
        status =
            send_renamed(child, err) == CRET_OK ? send_manifest(child, start, err) : CRET_FAILED;
    }
    cret_findings_free(&findings);
    return status;
}

/* Without a signature: framing, manifest and payload, as the verifier reads them. */
static enum cret_status check_unsigned(const struct child *child, struct cret_err *err)
{
    struct cret_existing *existing = NULL;
    const struct cret_existing_work work = {
        .payload_directory = -1, .fast = true, .jobs = child->job->jobs, .hash = child->job->hash};
    enum cret_status status = cret_existing_from_fd(&existing, child->job->fd, err);
    if (status == CRET_OK && !existing->detached) {
        status = cret_existing_verify(existing, &work, err);
    }
    if (status == CRET_OK && memcmp(existing->manifest->identity, child->draft->manifest->identity,
                                    CRET_SHA256_BYTES) != 0) {
        status = cret_err_undecided(err, "the finished archive holds another manifest");
    }
    cret_existing_free(&existing);
    if (status != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
        return cret_err_context(err, "the finished archive does not verify, and was not published");
    }
    return CRET_OK;
}

/* What lies at the output's name is somebody's, unless it is this very release. Read here, where no
 * key is: whoever may write into the folder made it. */
static enum cret_status check_overwriting(const struct child *child, struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    return job->old_fd < 0
               ? CRET_OK
               : cret_overwrite_check(job->old_fd, job->out, child->draft->manifest->identity,
                                      job->certificate, err);
}

static enum cret_status check_output(const struct child *child, struct cret_err *err)
{
    const struct cret_intake_job *job = child->job;
    if (child->draft == NULL || child->draft->manifest == NULL) {
        return cret_err_undecided(err, "internal error: nothing was read yet");
    }
    const struct cret_selfcheck check = {
        .fd = job->fd,
        .certificate = job->certificate,
        .manifest = child->draft->manifest,
        .detached = job->detached,
        .payload_directory = -1,
        .any_meaning = child->draft->manifest->adopted,
        .allow_example_keys = job->allow_example_keys,
        .jobs = job->jobs,
        .hash = job->hash,
    };
    if (check_overwriting(child, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return job->certificate != NULL ? cret_selfcheck(&check, err) : check_unsigned(child, err);
}

static enum cret_status judge_foreign(struct child *child, bool published, struct cret_err *err)
{
    struct cret_buffer body = {0};
    char *text = NULL;
    if (child->job->foreign == NULL) {
        return cret_err_undecided(err, "internal error: there is no foreign signature");
    }
    struct cret_findings *warnings = NULL;
    struct cret_adopt_foreign what = *child->job->foreign;
    what.published = published;
    free(child->judged);
    child->judged = calloc(what.side_count + 1, sizeof(*child->judged));
    warnings = cret_findings_new();
    if (child->judged == NULL || warnings == NULL) {
        cret_findings_free(&warnings);
        return cret_err_memory(err);
    }
    enum cret_status status = cret_adopt_foreign_judge(&text, child->judged, warnings, &what, err);
    if (status == CRET_OK) {
        status = send_findings(child, warnings, err);
    }
    cret_findings_free(&warnings);
    if (status != CRET_OK) {
        free(text);
        return CRET_FAILED;
    }
    cret_frame_put_bytes(&body, text, strlen(text));
    free(text);
    return reply(child, CRET_REPLY_TEXT, &body, err);
}

static enum cret_status obey(struct child *child, struct cret_frame_reader *order,
                             struct cret_err *err)
{
    switch (order->type) {
    case CRET_ORDER_HASH:
        return hash(child, err);
    case CRET_ORDER_FOREIGN:
        return judge_foreign(child, cret_frame_get_u32(order) == 1, err);
    case CRET_ORDER_DESCRIBE:
        return describe(child, (const char *)order->body, order->size, err);
    case CRET_ORDER_READ: {
        const size_t size = (size_t)cret_frame_get_u64(order);
        return child->draft == NULL ? read_all(child, size, err) : read_again(child, size, err);
    }
    case CRET_ORDER_CHECK:
        return check_output(child, err);
    default:
        return cret_err_undecided(err, "internal error: an unknown order");
    }
}

int cret_intake_run(void *context, int in, int out)
{
    const struct cret_intake_job *job = context;
    const struct cret_patience patience = {.silence_ms = CRET_LIMIT_RUN_SECONDS * 1000,
                                           .run_ms = CRET_LIMIT_RUN_SECONDS * 1000};
    struct child child = {.job = job, .out = out, .description = job->description};
    struct cret_frame_reader order;
    struct cret_err err;
    int code = 1;
    cret_frame_reader_init(&order, &cret_order_frames, in, &patience);
    for (;;) {
        bool end = false;
        cret_err_clear(&err);
        if (cret_frame_receive(&order, &end, &err) != CRET_OK) {
            break;
        }
        if (end) {
            code = 0;
            break;
        }
        cret_frame_alive(&order);
        struct cret_buffer done = {0};
        if ((obey(&child, &order, &err) == CRET_OK ? reply(&child, CRET_REPLY_DONE, &done, &err)
                                                   : send_error(&child, &err)) != CRET_OK) {
            break;
        }
    }
    cret_frame_reader_clear(&order);
    cret_draft_free(&child.draft);
    cret_manifest_free(&child.previous);
    cret_description_free(&child.described);
    free(child.judged);
    return code;
}

int cret_intake_run_template(void *context, int in, int out)
{
    const char *path = context;
    struct child child = {.out = out};
    struct cret_manifest *manifest = NULL;
    struct cret_buffer text = {0}, done = {0};
    struct cret_err err = {0};
    enum cret_status status = CRET_FAILED;
    cret_os_close(&in); /* it takes no orders */
    if (cret_previous_read(&manifest, path, &err) == CRET_OK) {
        cret_template_from(&text, manifest, path);
        status = reply(&child, CRET_REPLY_TEXT, &text, &err);
    }
    status =
        status == CRET_OK ? reply(&child, CRET_REPLY_DONE, &done, &err) : send_error(&child, &err);
    cret_manifest_free(&manifest);
    return status == CRET_OK ? 0 : 1;
}
