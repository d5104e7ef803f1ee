/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the advisory files of a run. */
#include "verifier/child/advice_files.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "release/sbom/foreign.h"

#define DEEPEST 8u /* CSAF folders are by year and perhaps by publisher */

void cret_advice_files_clear(struct cret_advice_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->list[i].name);
        free(files->list[i].text);
    }
    free(files->list);
    json_decref(files->left_out);
    *files = (struct cret_advice_files){0};
}

/* Files of one kind that are named; the others are counted. */
#define NAMED_FILES 20u

int cret_advice_leave_out(json_t *list, const char *path, const char *kind, const char *way,
                          bool silent)
{
    json_t *found = NULL;
    CRET_JSON_EACH (one, list) {
        const char *known = cret_json_string(one, "kind");
        if (known != NULL && strcmp(known, kind) == 0 &&
            cret_json_boolean(one, "silent", false) == silent) {
            found = one;
        }
    }
    if (found == NULL) {
        found = json_pack("{s:s, s:s, s:b, s:I, s:[]}", "kind", kind, "way", way, "silent", silent,
                          "count", (json_int_t)0, "files");
        if (found == NULL || json_array_append_new(list, found) != 0) {
            return -1;
        }
    }
    const json_int_t count = cret_json_integer(found, "count", 0);
    json_t *files = json_object_get(found, "files");
    int failed = json_object_set_new(found, "count", json_integer(count + 1));
    if (json_array_size(files) < NAMED_FILES) {
        failed |= json_array_append_new(files, json_string(path));
    }
    return failed;
}

static enum cret_status leave_out(struct cret_advice_files *files, const char *path,
                                  const struct cret_foreign *foreign, struct cret_err *err)
{
    if (files->left_out == NULL) {
        files->left_out = json_array();
    }
    return files->left_out != NULL && cret_advice_leave_out(files->left_out, path, foreign->name,
                                                            foreign->way, foreign->silent) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

static enum cret_status too_many(struct cret_err *err)
{
    cret_err_usage(err, "--csaf: there are more advisories than can be read at once");
    cret_err_expected(err, "at most %u files of %u MiB together", CRET_LIMIT_ADVICE_FILES,
                      CRET_LIMIT_ADVICE_BYTES >> 20);
    return cret_err_hint(err, "name folders one by one, or leave out the years before the product");
}

static enum cret_status add_file(struct cret_advice_files *files, const char *path, bool named,
                                 struct cret_err *err)
{
    struct cret_advice advice = {.named = named};
    if (files->count == files->capacity) {
        const size_t capacity = files->capacity > 0 ? 2 * files->capacity : 64;
        struct cret_advice *list = reallocarray(files->list, capacity, sizeof(*list));
        if (list == NULL) {
            return cret_err_memory(err);
        }
        files->list = list;
        files->capacity = capacity;
    }
    if (files->count >= CRET_LIMIT_ADVICE_FILES) {
        return too_many(err);
    }
    if (cret_file_read(&advice.text, &advice.size, path, CRET_LIMIT_PARSED_FILE_BYTES,
                       CRET_ERR_UNDECIDED, err) != CRET_OK) {
        return CRET_FAILED;
    }
    advice.name = strdup(path);
    if (advice.name == NULL || advice.size > CRET_LIMIT_ADVICE_BYTES - files->bytes) {
        const bool memory = advice.name == NULL;
        free(advice.text);
        free(advice.name);
        return memory ? cret_err_memory(err) : too_many(err);
    }
    files->bytes += advice.size;
    files->list[files->count++] = advice;
    return CRET_OK;
}

static bool is_json(const char *name)
{
    const size_t size = strlen(name);
    return size > 5 && strcasecmp(name + size - 5, ".json") == 0;
}

static enum cret_status add_folder(struct cret_advice_files *files, const char *path,
                                   unsigned depth, struct cret_err *err);

static enum cret_status add_child(struct cret_advice_files *files, const char *path, unsigned depth,
                                  struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    static const struct cret_foreign deeper = {"folders too deep", "name that folder itself",
                                               false};
    static const struct cret_foreign link = {"links", "name what it leads to", false};
    static const struct cret_foreign special = {"devices and pipes", "name a file", false};
    if (!exists) {
        return CRET_OK; /* it went meanwhile */
    }
    if (info.kind == CRET_KIND_DIRECTORY) {
        return depth < DEEPEST ? add_folder(files, path, depth + 1, err)
                               : leave_out(files, path, &deeper, err);
    }
    if (info.kind != CRET_KIND_REGULAR) {
        return leave_out(files, path, info.kind == CRET_KIND_SYMLINK ? &link : &special, err);
    }
    return is_json(path) ? add_file(files, path, false, err)
                         : leave_out(files, path, cret_foreign_name(path), err);
}

static enum cret_status add_folder(struct cret_advice_files *files, const char *path,
                                   unsigned depth, struct cret_err *err)
{
    int fd = -1;
    char **names = NULL;
    size_t count = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_os_open_directory(&fd, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_os_list(&names, &count, fd, err) == CRET_OK) {
        status = CRET_OK;
    }
    cret_os_close(&fd);
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        char *child = cret_text_printf("%s/%s", path, names[i]);
        status = child != NULL ? add_child(files, child, depth, err) : cret_err_memory(err);
        free(child);
    }
    cret_os_names_free(&names, count);
    return status;
}

enum cret_status cret_advice_files_add(struct cret_advice_files *files, const char *path,
                                       struct cret_err *err)
{
    const size_t before = files->count;
    struct cret_file_info info;
    bool exists = false;
    int fd = -1;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        cret_err_usage(err, "--csaf: there is no such file or folder: %s", path);
        return cret_err_hint(err, "name a CSAF or VEX file, or a folder with such files");
    }
    /* The path itself may be a link to a folder. */
    const bool folder =
        info.kind == CRET_KIND_DIRECTORY ||
        (info.kind == CRET_KIND_SYMLINK && cret_os_open_directory(&fd, path, NULL) == CRET_OK);
    cret_os_close(&fd);
    if (!folder) {
        return add_file(files, path, true, err);
    }
    if (add_folder(files, path, 1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (files->count == before) {
        const json_t *first = json_array_get(files->left_out, 0);
        cret_err_usage(err, "--csaf: there is no .json file below %s", path);
        if (first != NULL) {
            cret_err_actual(err, "%lld of the kind %s, which is not read",
                            (long long)cret_json_integer(first, "count", 0),
                            cret_json_string(first, "kind"));
            return cret_err_hint(err, "%s", cret_json_string(first, "way"));
        }
        return cret_err_hint(err, "name the folder that the advisories were downloaded to");
    }
    return CRET_OK;
}
