/* SPDX-License-Identifier: Apache-2.0 */
#include "verifier/advice_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/text.h"

#define DEEPEST 8u /* CSAF folders are by year and perhaps by publisher */

void cret_advice_files_clear(struct cret_advice_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->list[i].name);
        free(files->list[i].text);
    }
    free(files->list);
    *files = (struct cret_advice_files){0};
}

static enum cret_status too_many(struct cret_err *err)
{
    (void)cret_err_usage(err, "--csaf: there are more advisories than can be read at once");
    (void)cret_err_expected(err, "at most %u files of %u MiB together", CRET_LIMIT_ADVICE_FILES,
                            CRET_LIMIT_ADVICE_BYTES >> 20);
    return cret_err_hint(err, "name folders one by one, or leave out the years before the product");
}

static enum cret_status add_file(struct cret_advice_files *files, const char *path,
                                 struct cret_err *err)
{
    struct cret_advice advice = {0};
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
    return size > 5 && strcmp(name + size - 5, ".json") == 0;
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
    if (exists && info.kind == CRET_KIND_DIRECTORY && depth < DEEPEST) {
        return add_folder(files, path, depth + 1, err);
    }
    return exists && info.kind == CRET_KIND_REGULAR && is_json(path) ? add_file(files, path, err)
                                                                     : CRET_OK;
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
        (void)cret_err_usage(err, "--csaf: there is no such file or folder: %s", path);
        return cret_err_hint(err, "name a CSAF or VEX file, or a folder with such files");
    }
    /* The path itself may be a link to a folder. */
    const bool folder =
        info.kind == CRET_KIND_DIRECTORY ||
        (info.kind == CRET_KIND_SYMLINK && cret_os_open_directory(&fd, path, NULL) == CRET_OK);
    cret_os_close(&fd);
    if (!folder) {
        files->has_named = true;
        return add_file(files, path, err);
    }
    if (add_folder(files, path, 1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (files->count == before) {
        (void)cret_err_usage(err, "--csaf: there is no .json file below %s", path);
        return cret_err_hint(err, "name the folder that the advisories were downloaded to");
    }
    return CRET_OK;
}
