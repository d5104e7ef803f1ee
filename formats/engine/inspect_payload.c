/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a verification that read the payload: which entries, for whom, and what is in it. */
#include "engine/inspect_internal.h"

#include <stdlib.h>

#include "container/ustar.h"
#include "engine/reread.h"

static void progress(void *context, uint64_t done, uint64_t total)
{
    const struct cret_inspect_run *run = context;
    run->request->progress(run->request->context, done, total);
}

static size_t checksums_entry(const struct cret_manifest *manifest)
{
    return cret_manifest_find(manifest, CRET_CHECKSUMS_PATH);
}

/* Which entries are read: all, or those that --only names (at least one). A detached payload is the
 * vendor's own files, without SHA256SUMS: its bytes follow from the manifest, and were compared
 * with it when that was parsed. */
static enum cret_status select_entries(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_inspect_request *request = run->request;
    const struct cret_manifest *manifest = run->inspection->manifest;
    const bool detached = request->payload_directory >= 0;
    if (!request->partial && !detached) {
        return CRET_OK;
    }
    run->digest_wanted = calloc(manifest->file_count + 1, sizeof(*run->digest_wanted));
    if (run->digest_wanted == NULL) {
        return cret_err_memory(err);
    }
    bool any = false;
    for (size_t i = 0; i < manifest->file_count; i++) {
        run->digest_wanted[i] = cret_inspect_selects(request, manifest->entries[i].path);
        any = any || run->digest_wanted[i];
    }
    if (!any) {
        return cret_inspect_selects_none(request, manifest, err);
    }
    if (detached) {
        run->digest_wanted[checksums_entry(manifest)] = false;
    }
    return CRET_OK;
}

/* Hands the SHA256SUMS of a detached release to whoever wants the payload's bytes. */
static enum cret_status sink_checksums(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->inspection->manifest;
    const size_t entry = checksums_entry(manifest);
    char *text = NULL;
    size_t size = 0;
    if (run->request->payload_directory < 0 || run->request->sink == NULL ||
        run->request->partial) {
        return CRET_OK;
    }
    if (cret_manifest_checksums_text(&text, &size, manifest->entries, manifest->file_count, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        run->request->sink(run->request->context, entry, 0, (const uint8_t *)text, size, err);
    free(text);
    return status;
}

struct cret_content cret_inspect_content(const struct cret_inspect_run *run)
{
    return (struct cret_content){.manifest = run->inspection->manifest,
                                 .reader = CRET_READER_OWNER,
                                 .now = run->request->now,
                                 .hardware = run->request->hardware,
                                 .severities = run->request->policy->severities,
                                 .profile = run->request->profile,
                                 .policy = run->request->policy,
                                 .kept = run->kept,
                                 .read = run->digest_wanted};
}

static enum cret_status prepare_sinks(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->inspection->manifest;
    const struct cret_content content = cret_inspect_content(run);
    run->sink_wanted = calloc(manifest->file_count + 1, sizeof(*run->sink_wanted));
    if (run->sink_wanted == NULL) {
        return cret_err_memory(err);
    }
    if (cret_kept_new(&run->kept, manifest->file_count, err) != CRET_OK ||
        cret_content_choose(&content, run->kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        run->sink_wanted[i] = run->request->sink != NULL || cret_kept_has(run->kept, i);
    }
    return CRET_OK;
}

/* The front of a detached release, taken for the whole: said as such, since "it ends too early"
 * would send people to download it again. */
static enum cret_status check_not_detached(const struct cret_inspect_run *run, struct cret_err *err)
{
    if (run->package != NULL || run->request->payload_directory >= 0 ||
        !cret_source_is_file(run->source) ||
        cret_source_size(run->source) != run->inspection->front->end + 2 * CRET_BLOCK) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                    "this is a detached release: manifest and signatures, without the files");
    return cret_err_hint(err, "give the folder with the vendor's files: --payload DIR");
}

enum cret_status cret_inspect_walk(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_inspect_request *request = run->request;
    struct cret_manifest *manifest = run->inspection->manifest;
    const char **names = NULL;
    enum cret_status status = CRET_FAILED;
    if (check_not_detached(run, err) != CRET_OK || select_entries(run, err) != CRET_OK ||
        prepare_sinks(run, err) != CRET_OK) {
        goto out;
    }
    if (request->begin != NULL && request->begin(request->context, manifest, err) != CRET_OK) {
        goto out;
    }
    if (run->package != NULL) {
        status = cret_inspect_package_walk(run, err);
        goto out;
    }
    if (request->payload_directory >= 0) {
        names = cret_manifest_detached_names(manifest);
        if (names == NULL) {
            cret_err_memory(err);
            goto out;
        }
    }
    struct cret_walk walk = {.entries = manifest->entries,
                             .count = manifest->file_count,
                             .fast = request->fast,
                             .jobs = request->jobs,
                             .hash = request->hash,
                             .payload_directory = request->payload_directory,
                             .names = names,
                             .sink = cret_inspect_sink,
                             .sink_wanted = run->sink_wanted,
                             .digest_wanted = run->digest_wanted,
                             .ahead = run->ahead,
                             .context = run,
                             .progress = request->progress != NULL ? progress : NULL};
    status = cret_archive_walk(run->source, run->inspection->front, &walk, err);
    run->inspection->engine = walk.engine;
    run->inspection->has_engine = walk.has_engine;
    if (status == CRET_OK) {
        status = sink_checksums(run, err);
    }
out:
    free(names);
    return status;
}

static bool any_digest_claimed(const struct cret_inspect_run *run)
{
    for (size_t i = 0; i < run->inspection->manifest->file_count; i++) {
        const struct cret_entry *entry = &run->inspection->manifest->entries[i];
        if ((run->request->fast && entry->has_fsverity) ||
            !cret_inspect_selects(run->request, entry->path)) {
            return true;
        }
    }
    return false;
}

enum cret_status cret_inspect_check_payload(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_inspect_request *request = run->request;
    const bool detached = request->payload_directory >= 0;
    const char **names = detached ? cret_manifest_detached_names(run->inspection->manifest) : NULL;
    if (detached && names == NULL) {
        return cret_err_memory(err);
    }
    struct cret_reread reread;
    cret_reread_init(&reread, run->source, run->inspection->manifest, request->payload_directory,
                     names, request->hash, &request->watch);
    const struct cret_payload_reader reader = cret_reread_reader(&reread);
    struct cret_content content = cret_inspect_content(run);
    content.digests_claimed = any_digest_claimed(run);
    if ((detached || cret_source_is_file(run->source)) && !request->partial && !run->packed) {
        content.payload = &reader;
    }
    content.want_subjects = request->want_subjects;
    const enum cret_status status = cret_content_check_payload(&content, run->inspection->findings,
                                                               &run->inspection->facts, err);
    cret_reread_clear(&reread);
    free(names);
    return status;
}
