/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the files that a description names, and the name of each in the archive. */
#include "signer/release/collect.h"
#include "signer/release/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "signer/description/kinds.h"

#define FOLDER_DEPTH 64u /* an archive path has no room for more components */

/* One entry of files[] under collection. */
struct walk {
    const struct cret_collect_request *request;
    struct cret_collection *collection;
    size_t described;
    const char *prefix;    /* goes before names; or NULL */
    const char *expanding; /* the archive whose members are taken; or NULL */
};

/* "prefix/name", or name alone. Caller frees; NULL: out of memory. */
static char *join(const char *prefix, const char *name)
{
    return prefix != NULL && prefix[0] != '\0' ? cret_text_printf("%s/%s", prefix, name)
                                               : strdup(name);
}

static enum cret_status add_file(const struct walk *walk, char *input, char *wanted, bool exact,
                                 struct cret_err *err)
{
    return cret_collection_add(walk->collection, input, wanted, exact, walk->described,
                               walk->request->strict_names, err);
}

static enum cret_status walk_folder(const struct walk *walk, const char *path, const char *name,
                                    unsigned depth, struct cret_err *err);

/* One name in a folder. path and name are the folder's own. */
static enum cret_status walk_name(const struct walk *walk, const char *path, const char *name,
                                  const char *entry, unsigned depth, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    char *input = cret_text_printf("%s/%s", path, entry);
    char *wanted = join(name, entry);
    if (input == NULL || wanted == NULL) {
        cret_err_memory(err);
    } else if (cret_os_stat_path(&info, &exists, input, err) != CRET_OK) {
        status = CRET_FAILED;
    } else if (!exists) {
        cret_err_undecided(err, "%s vanished while the folder was read", input);
    } else if (info.kind == CRET_KIND_DIRECTORY) {
        status = walk_folder(walk, input, wanted, depth + 1, err);
    } else if (info.kind == CRET_KIND_REGULAR) {
        status = add_file(walk, input, wanted, false, err);
        input = NULL;
        wanted = NULL;
    } else {
        cret_err_usage(err, "%s is %s, and a release has files only", input,
                       info.kind == CRET_KIND_SYMLINK ? "a symbolic link"
                                                      : "a device, pipe or socket");
        cret_err_hint(err, info.kind == CRET_KIND_SYMLINK
                               ? "replace the link by the file, or name its target as a "
                                 "source of its own"
                               : "keep it out of the folder");
    }
    free(input);
    free(wanted);
    return status;
}

static enum cret_status walk_folder(const struct walk *walk, const char *path, const char *name,
                                    unsigned depth, struct cret_err *err)
{
    int fd = -1;
    char **names = NULL;
    size_t count = 0;
    if (depth > FOLDER_DEPTH) {
        cret_err_usage(err, "%s: folders are nested too deeply", path);
        return cret_err_expected(err, "at most %u levels", FOLDER_DEPTH);
    }
    enum cret_status status = cret_os_open_directory(&fd, path, err);
    if (status == CRET_OK) {
        status = cret_os_list(&names, &count, fd, err);
    }
    cret_os_close(&fd);
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        status = walk_name(walk, path, name, names[i], depth, err);
    }
    cret_os_names_free(&names, count);
    return status;
}

static enum cret_status add_member(void *context, const char *name, const char *spooled,
                                   struct cret_err *err)
{
    const struct walk *walk = context;
    char *input = strdup(spooled);
    char *wanted = join(walk->prefix, name);
    if (input == NULL || wanted == NULL) {
        free(input);
        free(wanted);
        return cret_err_memory(err);
    }
    if (add_file(walk, input, wanted, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* The spooled copy has a name that nobody knows. */
    char *archive = strdup(walk->expanding);
    walk->collection->files[walk->collection->count - 1].archive = archive;
    return archive != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status expand_archive(struct walk *walk, const char *path, struct cret_err *err)
{
    const struct cret_import_limits limits = cret_import_default_limits();
    struct cret_collection *collection = walk->collection;
    if (walk->request->no_expansion) {
        cret_err_usage(err, "the detached form cannot expand an archive");
        return cret_err_hint(err, "its payload lies beside it as it is delivered: take the archive "
                                  "whole, or name the folder with its files");
    }
    if (collection->spool == NULL && walk->request->spool != NULL) {
        collection->spool = walk->request->spool;
    } else if (collection->spool == NULL) {
        if (cret_spool_open(&collection->spool, walk->request->spool_beside, err) != CRET_OK) {
            return CRET_FAILED;
        }
        collection->spool_is_mine = true;
    }
    walk->expanding = path;
    return cret_import_expand(collection->spool, path, &limits, add_member, walk, err);
}

/* The last component of a source, or "" for ".", ".." and "/". Caller frees; NULL: memory. */
static char *base_name(const char *source)
{
    size_t end = strlen(source);
    while (end > 0 && source[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && source[start - 1] != '/') {
        start--;
    }
    char *name = strndup(source + start, end - start);
    if (name != NULL && (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)) {
        name[0] = '\0';
    }
    return name;
}

static enum cret_status collect_folder(const struct walk *walk, const char *path,
                                       const char *source, struct cret_err *err)
{
    const size_t before = walk->collection->count;
    char *name = walk->prefix != NULL ? strdup(walk->prefix) : base_name(source);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = walk_folder(walk, path, name, 0, err);
    free(name);
    if (status == CRET_OK && walk->collection->count == before) {
        cret_err_usage(err, "there is no file in the folder %s", path);
        return cret_err_hint(err, "check the path, or leave the entry out");
    }
    return status;
}

/* What a source is: links in the named path itself are followed. */
static enum cret_status source_kind(const char *path, enum cret_file_kind *ret_kind,
                                    struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    int fd = -1;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists && info.kind == CRET_KIND_SYMLINK) {
        if (cret_os_open_directory(&fd, path, NULL) != CRET_OK &&
            cret_os_open_read(&fd, CRET_OS_HERE, path, err) != CRET_OK) {
            return CRET_FAILED;
        }
        const enum cret_status status = cret_os_stat_fd(&info, fd, err);
        cret_os_close(&fd);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (!exists) {
        cret_err_undecided(err, "there is no file or folder %s", path);
        return cret_err_hint(err, "sources are relative to the description that names them");
    }
    *ret_kind = info.kind;
    return CRET_OK;
}

static enum cret_status collect_source(struct walk *walk, const json_t *entry, const char *path,
                                       struct cret_err *err)
{
    const char *source = json_string_value(json_object_get(entry, "source"));
    const bool expand = json_is_true(json_object_get(entry, "expand"));
    enum cret_file_kind kind = CRET_KIND_OTHER;
    if (source_kind(path, &kind, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (kind == CRET_KIND_DIRECTORY) {
        if (expand) {
            cret_err_usage(err, "%s is a folder; expand is for archives", path);
            return cret_err_hint(err, "leave expand out: all files of a folder are taken");
        }
        return collect_folder(walk, path, source, err);
    }
    if (kind != CRET_KIND_REGULAR) {
        cret_err_usage(err, "%s is neither a file nor a folder", path);
        return cret_err_hint(err, "name a regular file");
    }
    if (expand) {
        return expand_archive(walk, path, err);
    }
    char *input = strdup(path);
    char *wanted = walk->prefix != NULL ? strdup(walk->prefix) : base_name(source);
    if (input == NULL || wanted == NULL) {
        free(input);
        free(wanted);
        return cret_err_memory(err);
    }
    return add_file(walk, input, wanted, walk->prefix != NULL, err);
}

static enum cret_status collect_entry(struct walk *walk, const json_t *entry, struct cret_err *err)
{
    char pointer[64];
    snprintf(pointer, sizeof(pointer), "#/files/%zu/source", walk->described);
    const struct cret_mark mark = cret_description_locate(walk->request->description, pointer);
    const char *source = json_string_value(json_object_get(entry, "source"));
    char *path = source != NULL ? cret_description_resolve(&mark, source) : NULL;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    walk->prefix = json_string_value(json_object_get(entry, "path"));
    enum cret_status status = collect_source(walk, entry, path, err);
    free(path);
    return status;
}

/* A fault of one entry: a finding where somebody collects them, else the end. */
static enum cret_status report_fault(const struct cret_collect_request *request, size_t described,
                                     struct cret_err *fault, struct cret_err *err)
{
    char pointer[64];
    snprintf(pointer, sizeof(pointer), "#/files/%zu/source", described);
    if (request->findings != NULL) {
        fault->check = CRET_CHECK_MANIFEST_FORM;
        cret_err_where(fault, "%s", pointer);
        cret_findings_add_err(request->findings, CRET_RESULT_FAIL, fault);
        return CRET_OK;
    }
    const struct cret_mark mark = cret_description_locate(request->description, pointer);
    cret_mark_where(fault, &mark);
    if (err != NULL) {
        *err = *fault;
    }
    return CRET_FAILED;
}

bool cret_collect_expands(const struct cret_description *description)
{
    CRET_JSON_EACH (entry, json_object_get(description->json, "files")) {
        if (json_is_true(json_object_get(entry, "expand"))) {
            return true;
        }
    }
    return false;
}

enum cret_status cret_collect(struct cret_collection **ret_collection,
                              const struct cret_collect_request *request, struct cret_err *err)
{
    struct cret_err fault;
    struct cret_collection *collection = calloc(1, sizeof(*collection));
    enum cret_status status = CRET_OK;
    size_t index = 0;
    json_t *entry = NULL;
    if (collection == NULL) {
        return cret_err_memory(err);
    }
    struct walk walk = {.request = request, .collection = collection};
    json_array_foreach(json_object_get(request->description->json, "files"), index, entry)
    {
        cret_err_clear(&fault);
        walk.described = index;
        if (status == CRET_OK && collect_entry(&walk, entry, &fault) != CRET_OK) {
            status = report_fault(request, index, &fault, err);
        }
    }
    cret_err_clear(&fault);
    if (status == CRET_OK && cret_collection_settle(collection, &index, &fault) != CRET_OK) {
        const size_t described = index < collection->count ? collection->files[index].described : 0;
        status = report_fault(request, described, &fault, err);
    }
    if (status != CRET_OK) {
        cret_collection_free(&collection);
        return CRET_FAILED;
    }
    *ret_collection = collection;
    return CRET_OK;
}

void cret_collection_free(struct cret_collection **collection)
{
    if (collection == NULL || *collection == NULL) {
        return;
    }
    for (size_t i = 0; i < (*collection)->count; i++) {
        free((*collection)->files[i].path);
        free((*collection)->files[i].wanted);
        free((*collection)->files[i].archive);
        free((*collection)->files[i].input);
    }
    free((*collection)->files);
    if ((*collection)->spool_is_mine) {
        cret_spool_free(&(*collection)->spool);
    }
    free(*collection);
    *collection = NULL;
}

static void fill_file(struct cret_release_files *out, size_t at,
                      const struct cret_collected *collected, const json_t *described)
{
    const char *role = json_string_value(json_object_get(described, "role"));
    const char *media = json_string_value(json_object_get(described, "mediaType"));
    out->entries[at].path = collected->path;
    out->entries[at].size = collected->size;
    out->entries[at].has_fsverity = collected->size > CRET_FSVERITY_THRESHOLD;
    out->files[at].original = collected->keeps_original ? collected->wanted : NULL;
    out->files[at].role = role != NULL ? role : cret_kind_role(collected->wanted);
    out->files[at].media_type = media != NULL ? media : cret_kind_media_type(collected->wanted);
    out->files[at].hardware = json_object_get(described, "hardware");
    out->files[at].safety = cret_manifest_safety(described);
    out->files[at].safety_function = cret_json_string(described, "safetyFunction");
    out->inputs[at].directory_fd = CRET_OS_HERE;
    out->inputs[at].path = collected->input;
    out->described[at] = collected->described;
}

enum cret_status cret_release_files_make(struct cret_release_files *ret_files,
                                         const struct cret_collection *collection,
                                         const struct cret_description *description,
                                         struct cret_err *err)
{
    const json_t *described = json_object_get(description->json, "files");
    struct cret_release_files out = {.count = collection->count + 1};
    uint64_t checksums_size = 0;
    out.entries = calloc(out.count, sizeof(*out.entries));
    out.files = calloc(out.count, sizeof(*out.files));
    out.inputs = calloc(out.count, sizeof(*out.inputs));
    out.described = calloc(out.count, sizeof(*out.described));
    if (out.entries == NULL || out.files == NULL || out.inputs == NULL || out.described == NULL) {
        cret_release_files_free(&out);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *collected = &collection->files[i];
        if (strcmp(collected->path, CRET_CHECKSUMS_PATH) < 0) {
            out.checksums = i + 1;
        }
        checksums_size += 2 * CRET_SHA256_BYTES + 3 + strlen(collected->path);
    }
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *collected = &collection->files[i];
        fill_file(&out, i < out.checksums ? i : i + 1, collected,
                  json_array_get(described, collected->described));
    }
    out.entries[out.checksums].path = CRET_CHECKSUMS_PATH;
    out.entries[out.checksums].size = checksums_size;
    out.entries[out.checksums].has_fsverity = checksums_size > CRET_FSVERITY_THRESHOLD;
    out.files[out.checksums].role = "checksums";
    out.files[out.checksums].media_type = "text/plain";
    out.described[out.checksums] = SIZE_MAX;
    *ret_files = out;
    return CRET_OK;
}

void cret_release_files_free(struct cret_release_files *files)
{
    if (files == NULL) {
        return;
    }
    free(files->entries);
    free(files->files);
    free(files->inputs);
    free(files->described);
    memset(files, 0, sizeof(*files));
}
