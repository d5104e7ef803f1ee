/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a seal is over, and where they and it lie. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "verifier/child/front_fetch.h"
#include "verifier/verbs/seal_desk.h"

#define SUFFIX ".ers"
#define LINES "lines-"

static void item_clear(struct cret_seal_item *item)
{
    for (size_t i = 0; i < CRET_SEAL_FILES; i++) {
        free(item->names[i]);
        free(item->data[i]);
    }
    free(item->out);
    free(item->der);
    free(item->made);
    cret_seal_free(&item->old);
    memset(item, 0, sizeof(*item));
}

void cret_seal_batch_clear(struct cret_seal_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        item_clear(&batch->items[i]);
    }
    free(batch->items);
    memset(batch, 0, sizeof(*batch));
}

/* Takes over both where it succeeds. */
static enum cret_status put_object(struct cret_seal_item *item, char *name, char *data, size_t size)
{
    item->names[item->count] = name;
    item->data[item->count] = data;
    item->objects[item->count++] = (struct cret_seal_object){name, {(const uint8_t *)data, size}};
    return CRET_OK;
}

/* *ret_exists NULL: it must be there. */
static enum cret_status read_object(struct cret_seal_item *item, char *path, bool optional,
                                    struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = true;
    char *data = NULL;
    size_t size = 0;
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if ((optional && cret_os_stat_path(&info, &exists, path, err) != CRET_OK) || !exists ||
        cret_file_read(&data, &size, path, CRET_LIMIT_PARSED_FILE_BYTES, CRET_ERR_UNDECIDED, err) !=
            CRET_OK) {
        free(path);
        return exists ? CRET_FAILED : CRET_OK;
    }
    return put_object(item, path, data, size);
}

static enum cret_status read_group(struct cret_seal_item *item, const char *path,
                                   struct cret_err *err)
{
    return read_object(item, strdup(path), false, err) == CRET_OK &&
                   read_object(item, cret_text_printf("%s.p7s", path), true, err) == CRET_OK &&
                   read_object(item, cret_text_printf("%s.tpm.json", path), true, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* MANIFEST.json and each signature: the archive's other bytes hang on these. */
static enum cret_status read_archive(struct cret_seal_item *item, const char *path,
                                     bool allow_unconfined, struct cret_err *err)
{
    struct cret_front *front = NULL;
    if (cret_front_fetch(&front, path, allow_unconfined, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    for (size_t i = 0; status == CRET_OK && i <= front->signature_count; i++) {
        char member[40] = "MANIFEST.json";
        uint8_t **data = i == 0 ? &front->manifest : &front->signatures[i - 1].data;
        if (i > 0) {
            cret_layout_signature_path(member, front->signatures[i - 1].name);
        }
        char *name = cret_text_printf("%s: %s", path, member);
        if (name == NULL) {
            status = cret_err_memory(err);
            break;
        }
        status = put_object(item, name, (char *)*data,
                            i == 0 ? front->manifest_size : front->signatures[i - 1].size);
        *data = NULL;
    }
    cret_front_free(&front);
    return status;
}

/* Appends the lines of one file until there are `lines` of them. */
static enum cret_status take_lines(struct cret_buffer *all, int64_t *left, const char *folder,
                                   const char *name, struct cret_err *err)
{
    char *path = cret_text_printf("%s/%s", folder, name), *data = NULL;
    size_t size = 0;
    enum cret_status status = path == NULL
                                  ? cret_err_memory(err)
                                  : cret_file_read(&data, &size, path, CRET_LIMIT_PARSED_FILE_BYTES,
                                                   CRET_ERR_UNDECIDED, err);
    const char *next = data;
    while (status == CRET_OK && *left > 0) {
        const char *end = memchr(next, '\n', size - (size_t)(next - data));
        if (end == NULL) {
            break;
        }
        cret_buffer_append(all, next, (size_t)(end + 1 - next));
        next = end + 1;
        (*left)--;
    }
    free(path);
    free(data);
    return status;
}

static bool is_lines_file(const char *name)
{
    return strncmp(name, "journal-", 8) == 0 && strlen(name) > 6 &&
           strcmp(name + strlen(name) - 6, ".jsonl") == 0;
}

/* The older files of the chain in their order, then the current one. */
static enum cret_status read_lines(struct cret_seal_item *item, const char *folder, int64_t lines,
                                   struct cret_err *err)
{
    struct cret_buffer all = {0};
    char **names = NULL;
    size_t count = 0;
    int64_t left = lines;
    int fd = -1;
    enum cret_status status = cret_os_open_directory(&fd, folder, err);
    if (status == CRET_OK) {
        status = cret_os_list(&names, &count, fd, err);
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        if (is_lines_file(names[i])) {
            status = take_lines(&all, &left, folder, names[i], err);
        }
    }
    if (status == CRET_OK) {
        status = take_lines(&all, &left, folder, "journal.jsonl", err);
    }
    if (status == CRET_OK && (left > 0 || all.failed)) {
        status = all.failed
                     ? cret_err_memory(err)
                     : cret_err_usage(err, "the journal has fewer than %" PRId64 " lines", lines);
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    char *name = cret_text_printf("%" PRId64 " lines of %s", lines, folder);
    if (status != CRET_OK || name == NULL) {
        free(name);
        cret_buffer_free(&all);
        return status != CRET_OK ? CRET_FAILED : cret_err_memory(err);
    }
    return put_object(item, name, all.data, all.size);
}

static enum cret_status new_item(struct cret_seal_item **ret_item, struct cret_seal_batch *batch,
                                 char *out, struct cret_err *err)
{
    if (out == NULL) {
        return cret_err_memory(err);
    }
    if (batch->count == batch->capacity) {
        const size_t capacity = batch->capacity == 0 ? 16 : 2 * batch->capacity;
        struct cret_seal_item *grown = realloc(batch->items, capacity * sizeof(*grown));
        if (grown == NULL) {
            free(out);
            return cret_err_memory(err);
        }
        batch->items = grown;
        batch->capacity = capacity;
    }
    struct cret_seal_item *item = &batch->items[batch->count++];
    memset(item, 0, sizeof(*item));
    item->out = out;
    *ret_item = item;
    return CRET_OK;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

enum cret_status cret_seal_batch_add(struct cret_seal_batch *batch, const char *path,
                                     const char *seals, struct cret_err *err)
{
    struct cret_seal_item *item = NULL;
    return new_item(&item, batch, cret_text_printf("%s/%s" SUFFIX, seals, base_of(path)), err) ==
                   CRET_OK
               ? read_group(item, path, err)
               : CRET_FAILED;
}

/* Archives are known by their name: what is sealed besides ends with .json. */
static bool is_archive(const char *name)
{
    const size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".tar") == 0;
}

enum cret_status cret_seal_batch_add_archive(struct cret_seal_batch *batch, const char *path,
                                             const char *seals, struct cret_err *err)
{
    struct cret_seal_item *item = NULL;
    struct cret_file_info info;
    bool exists = false;
    if (!is_archive(base_of(path))) {
        cret_err_usage(err, "%s is not called like an archive", path);
        cret_err_expected(err, "a name that ends with .tar");
        return cret_err_hint(err, "its seal is found by that name later");
    }
    if (new_item(&item, batch, cret_text_printf("%s/%s" SUFFIX, seals, base_of(path)), err) !=
            CRET_OK ||
        cret_os_stat_path(&info, &exists, item->out, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "there is a seal already: %s", item->out);
        return cret_err_hint(err, "what is sealed is renewed: cretula-verify seal renew");
    }
    return read_archive(item, path, batch->allow_unconfined, err);
}

enum cret_status cret_seal_batch_add_lines(struct cret_seal_batch *batch, const char *folder,
                                           int64_t lines, const char *seals, struct cret_err *err)
{
    struct cret_seal_item *item = NULL;
    return new_item(&item, batch, cret_text_printf("%s/" LINES "%" PRId64 SUFFIX, seals, lines),
                    err) == CRET_OK
               ? read_lines(item, folder, lines, err)
               : CRET_FAILED;
}

/* The number in lines-N[.ers]; 0: it is no such name. */
static int64_t lines_of(const char *name)
{
    int64_t lines = 0;
    int used = 0;
    if (sscanf(name, LINES "%9" SCNd64 "%n", &lines, &used) != 1 || lines <= 0 ||
        (name[used] != '\0' && strcmp(name + used, SUFFIX) != 0)) {
        return 0;
    }
    return lines;
}

enum cret_status cret_seal_last_lines(int64_t *ret_lines, const char *seals, struct cret_err *err)
{
    char **names = NULL;
    size_t count = 0;
    int64_t last = 0;
    int fd = -1;
    if (!cret_os_is_folder(seals)) {
        *ret_lines = 0;
        return CRET_OK;
    }
    enum cret_status status = cret_os_open_directory(&fd, seals, err);
    if (status == CRET_OK) {
        status = cret_os_list(&names, &count, fd, err);
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        const int64_t one = lines_of(names[i]);
        last = one > last ? one : last;
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    if (status == CRET_OK) {
        *ret_lines = last;
    }
    return status;
}

/* Looks for what the seal is over in one folder; *ret_found says whether it is there. */
static enum cret_status look_in(struct cret_seal_item *item, const char *folder, const char *name,
                                bool allow_unconfined, bool *ret_found, struct cret_err *err)
{
    struct cret_file_info info;
    const int64_t lines = lines_of(name);
    char *path = cret_text_printf("%s/%s", folder, lines > 0 ? "journal.jsonl" : name);
    enum cret_status status =
        path != NULL ? cret_os_stat_path(&info, ret_found, path, err) : cret_err_memory(err);
    if (status == CRET_OK && *ret_found) {
        status = lines > 0          ? read_lines(item, folder, lines, err)
                 : is_archive(name) ? read_archive(item, path, allow_unconfined, err)
                                    : read_group(item, path, err);
    }
    free(path);
    return status;
}

static enum cret_status find_files(struct cret_seal_item *item, const char *const *folders,
                                   size_t count, bool allow_unconfined, struct cret_err *err)
{
    const char *base = base_of(item->out);
    const size_t length = strlen(base), suffix = strlen(SUFFIX);
    bool found = false;
    if (length <= suffix || strcmp(base + length - suffix, SUFFIX) != 0) {
        cret_err_usage(err, "%s is not called like a seal (.ers)", item->out);
        return CRET_FAILED;
    }
    char *name = cret_text_printf("%.*s", (int)(length - suffix), base);
    char *own = cret_text_printf("%.*s", (int)(base - item->out), item->out);
    char *above = own != NULL ? cret_text_printf("%s%s..", own, own[0] == '\0' ? "./" : "") : NULL;
    char *records = above != NULL ? cret_text_printf("%s/records", above) : NULL;
    const char *usual[] = {above, records};
    enum cret_status status = name != NULL && records != NULL ? CRET_OK : cret_err_memory(err);
    const size_t places = count > 0 ? count : 2;
    for (size_t i = 0; status == CRET_OK && !found && i < places; i++) {
        status =
            look_in(item, count > 0 ? folders[i] : usual[i], name, allow_unconfined, &found, err);
    }
    if (status == CRET_OK && !found) {
        cret_err_usage(err, "what %s is over was not found", item->out);
        cret_err_expected(err, "%s", name);
        status = cret_err_hint(err, "name the folder in which it lies with --data");
    }
    free(name);
    free(own);
    free(above);
    free(records);
    return status;
}

enum cret_status cret_seal_batch_open(struct cret_seal_batch *batch, const char *path,
                                      const char *const *folders, size_t count,
                                      struct cret_err *err)
{
    struct cret_seal_item *item = NULL;
    if (new_item(&item, batch, strdup(path), err) != CRET_OK ||
        cret_file_read(&item->der, &item->der_size, path, CRET_LIMIT_SEAL_BYTES, CRET_ERR_UNDECIDED,
                       err) != CRET_OK) {
        return CRET_FAILED;
    }
    return find_files(item, folders, count, batch->allow_unconfined, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}
