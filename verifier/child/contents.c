/* SPDX-License-Identifier: Apache-2.0 */
/* Files inside archives of the payload, listed in the child. */
#include "verifier/child/contents.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json_build.h"
#include "base/text/text.h"
#include "engine/reread.h"
#include "release/nested/nested.h"

/* What a member takes in the document beside its name. */
#define ENTRY_BYTES 160u

/* One listing; the payload file that is being read. */
struct work {
    const struct cret_payload_reader *reader;
    size_t entry;
    const char *name;
    struct cret_build nested, gaps;
    size_t bytes;
    bool full; /* CRET_CONTENTS_BYTES are kept */
};

static enum cret_status add_gap(struct work *work, const char *path, const char *why,
                                struct cret_err *err)
{
    struct cret_build gap = cret_build_object();
    cret_build_text(&gap, "path", path[0] != '\0' ? path : NULL);
    cret_build_text(&gap, "why", why);
    work->bytes += ENTRY_BYTES + 2 * json_string_length(json_object_get(gap.json, "path")) +
                   2 * json_string_length(json_object_get(gap.json, "why"));
    cret_build_add(&work->gaps, cret_build_end(&gap));
    return work->gaps.failed ? cret_err_memory(err) : CRET_OK;
}

/* *ret_room false where nothing more is kept, which is said once. */
static enum cret_status look_for_room(struct work *work, bool *ret_room, struct cret_err *err)
{
    *ret_room = !work->full && work->bytes <= CRET_CONTENTS_BYTES;
    if (*ret_room || work->full) {
        return CRET_OK;
    }
    work->full = true;
    return add_gap(work, work->name, "there are more files than are kept", err);
}

static char *path_of(const struct work *work, const char *path)
{
    return path == NULL ? strdup(work->name)
                        : cret_text_printf("%s%s%s", work->name, CRET_NESTED_SEPARATOR, path);
}

static enum cret_status member(void *context, const char *path, uint64_t size,
                               const uint8_t sha256[CRET_SHA256_BYTES], struct cret_err *err)
{
    struct work *work = context;
    bool room = false;
    if (look_for_room(work, &room, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!room) {
        return CRET_OK;
    }
    struct cret_build one = cret_build_object();
    char *whole = path_of(work, path);
    cret_build_text(&one, "path", whole);
    cret_build_integer(&one, "size", (int64_t)size);
    cret_build_sha256(&one, "sha256", sha256);
    /* As it is written: escaped, and a backslash is two. */
    work->bytes += ENTRY_BYTES + 2 * json_string_length(json_object_get(one.json, "path"));
    cret_build_add(&work->nested, cret_build_end(&one));
    free(whole);
    return whole == NULL || work->nested.failed ? cret_err_memory(err) : CRET_OK;
}

static enum cret_status gap(void *context, const char *path, const char *why, struct cret_err *err)
{
    struct work *work = context;
    bool room = false;
    if (look_for_room(work, &room, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!room) {
        return CRET_OK;
    }
    char *whole = path_of(work, path);
    const enum cret_status status =
        whole != NULL ? add_gap(work, whole, why, err) : cret_err_memory(err);
    free(whole);
    return status;
}

static enum cret_status read_range(void *context, uint64_t offset, void *data, size_t size,
                                   size_t *ret_got, struct cret_err *err)
{
    const struct work *work = context;
    return work->reader->read(work->reader->context, work->entry, offset, data, size, ret_got, err);
}

static enum cret_status list_file(struct work *work, const struct cret_entry *file,
                                  struct cret_err *err)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    const struct cret_nested_listener listener = {.member = member, .gap = gap, .context = work};
    const struct cret_nested_input input = {
        .read = read_range, .context = work, .size = file->size, .name = file->path};
    uint8_t start[CRET_NESTED_START];
    size_t got = 0;
    work->name = file->path;
    if (read_range(work, 0, start, sizeof(start), &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_nested_begins(start, got) ? cret_nested_list(&input, &limits, &listener, err)
                                          : CRET_OK;
}

static enum cret_status list_files(struct work *work, const struct cret_source *source,
                                   const struct cret_inspection *inspection,
                                   const struct cret_inspect_request *request, struct cret_err *err)
{
    const bool detached = request->payload_directory >= 0;
    const char **names = detached ? cret_manifest_detached_names(inspection->manifest) : NULL;
    if (detached && names == NULL) {
        return cret_err_memory(err);
    }
    struct cret_reread reread;
    cret_reread_init(&reread, source, inspection->manifest, request->payload_directory, names,
                     request->hash, &request->watch);
    const struct cret_payload_reader reader = cret_reread_reader(&reread);
    enum cret_status status = CRET_OK;
    work->reader = &reader;
    for (size_t i = 0; i < inspection->manifest->file_count && status == CRET_OK; i++) {
        work->entry = i;
        status = list_file(work, &inspection->manifest->entries[i], err);
    }
    work->reader = NULL;
    cret_reread_clear(&reread);
    free(names);
    return status;
}

enum cret_status cret_contents_list(json_t **ret_contents, const struct cret_source *source,
                                    const struct cret_inspection *inspection,
                                    const struct cret_inspect_request *request,
                                    struct cret_err *err)
{
    struct work work = {.nested = cret_build_list(), .gaps = cret_build_list()};
    struct cret_build contents = cret_build_object();
    enum cret_status status = CRET_OK;
    if (inspection->manifest != NULL && inspection->payload_verified &&
        (request->payload_directory >= 0 || cret_source_is_file(source))) {
        status = list_files(&work, source, inspection, request, err);
    } else {
        status = add_gap(&work, "",
                         "archives in it were not looked into: its files were not "
                         "verified, or came through a pipe",
                         err);
    }
    cret_build_put(&contents, "nested", cret_build_end(&work.nested));
    cret_build_put(&contents, "gaps", cret_build_end(&work.gaps));
    json_t *made = cret_build_end(&contents);
    if (status == CRET_OK && made == NULL) {
        status = cret_err_memory(err);
    }
    if (status != CRET_OK) {
        json_decref(made);
        return CRET_FAILED;
    }
    *ret_contents = made;
    return CRET_OK;
}
