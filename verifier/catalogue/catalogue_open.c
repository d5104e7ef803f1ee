/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a catalogue: which files are taken for one, and what SQLite may do with them. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "verifier/catalogue/catalogue_internal.h"

#define WAIT_MS 30000
#define IN_MEMORY ":memory:"

/*
 * A rollback journal, not WAL: a catalogue on a read-only share is read without a writable file
 * beside it. Nothing in the file is run: no triggers or views that a stranger left there
 * (trusted_schema), no writes to the schema by statements (defensive).
 */
static enum cret_status harden(struct cret_catalogue *catalogue, struct cret_err *err)
{
    static const int on[] = {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY};
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
                              SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION};
    int code = SQLITE_OK;
    for (size_t i = 0; i < CRET_LENGTH(on) && code == SQLITE_OK; i++) {
        code = cret_sqlite()->db_config(catalogue->base, on[i], 1, NULL);
    }
    for (size_t i = 0; i < CRET_LENGTH(off) && code == SQLITE_OK; i++) {
        code = cret_sqlite()->db_config(catalogue->base, off[i], 0, NULL);
    }
    if (code != SQLITE_OK) {
        return cret_catalogue_failed(catalogue, code, err);
    }
    cret_sqlite()->limit(catalogue->base, SQLITE_LIMIT_LENGTH, (int)CRET_LIMIT_DOCUMENT_BYTES);
    cret_sqlite()->limit(catalogue->base, SQLITE_LIMIT_ATTACHED, 0);
    cret_sqlite()->busy_timeout(catalogue->base, WAIT_MS);
    return cret_catalogue_run(catalogue, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", err);
}

void cret_catalogue_close(struct cret_catalogue **catalogue)
{
    if (catalogue != NULL && *catalogue != NULL) {
        cret_sqlite()->close_v2((*catalogue)->base);
        free((*catalogue)->path);
        free(*catalogue);
        *catalogue = NULL;
    }
}

bool cret_catalogue_is_kept(const struct cret_catalogue *catalogue)
{
    return strcmp(catalogue->path, IN_MEMORY) != 0;
}

static enum cret_status open_base(struct cret_catalogue **ret_catalogue, const char *path,
                                  int flags, struct cret_err *err)
{
    if (cret_sqlite_load(err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_catalogue *catalogue = calloc(1, sizeof(*catalogue));
    if (catalogue == NULL || (catalogue->path = strdup(path)) == NULL) {
        free(catalogue);
        return cret_err_memory(err);
    }
    const int code =
        cret_sqlite()->open_v2(path, &catalogue->base, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        cret_catalogue_failed(catalogue, code, err);
    } else if (harden(catalogue, err) == CRET_OK) {
        *ret_catalogue = catalogue;
        return CRET_OK;
    }
    cret_catalogue_close(&catalogue);
    return CRET_FAILED;
}

static enum cret_status open_memory(struct cret_catalogue **ret_catalogue, int64_t version,
                                    struct cret_err *err)
{
    struct cret_catalogue *catalogue = NULL;
    if (open_base(&catalogue, IN_MEMORY, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) !=
            CRET_OK ||
        cret_catalogue_migrate(catalogue, version, err) != CRET_OK) {
        cret_catalogue_close(&catalogue);
        return CRET_FAILED;
    }
    *ret_catalogue = catalogue;
    return CRET_OK;
}

enum cret_status cret_catalogue_memory(struct cret_catalogue **ret_catalogue, struct cret_err *err)
{
    return open_memory(ret_catalogue, cret_catalogue_latest(), err);
}

/* The bytes of an empty one: files of catalogues come into being whole. */
static enum cret_status empty_image(unsigned char **ret_image, size_t *ret_size,
                                    struct cret_err *err)
{
    struct cret_catalogue *catalogue = NULL;
    sqlite3_int64 size = 0;
    if (cret_catalogue_memory(&catalogue, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_image = cret_sqlite()->serialize(catalogue->base, "main", &size, 0);
    *ret_size = (size_t)size;
    cret_catalogue_close(&catalogue);
    return *ret_image != NULL ? CRET_OK : cret_err_memory(err);
}

/* NULL where none was made: the library may not be there either. */
static void free_image(unsigned char *image)
{
    if (image != NULL) {
        cret_sqlite()->free(image);
    }
}

enum cret_status cret_catalogue_create(const char *path, struct cret_err *err)
{
    unsigned char *image = NULL;
    size_t size = 0;
    enum cret_status status = empty_image(&image, &size, err);
    if (status == CRET_OK) {
        status = cret_file_create(path, image, size, 0644, err);
    }
    free_image(image);
    return status;
}

/* What lies under the name, before SQLite sees it: it would open a device, or follow a link. */
static enum cret_status look(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        cret_err_usage(err, "--catalogue: there is no file %s", path);
        return cret_err_hint(err, "`catalogue add --catalogue FILE ARCHIVE...` begins one");
    }
    if (info.kind != CRET_KIND_REGULAR) {
        cret_err_usage(err, "--catalogue: %s is %s", path,
                       info.kind == CRET_KIND_SYMLINK     ? "a symbolic link, which is not followed"
                       : info.kind == CRET_KIND_DIRECTORY ? "a folder"
                                                          : "a device, pipe or socket");
        return cret_err_expected(err, "a regular file");
    }
    return CRET_OK;
}

/* The header of an SQLite file with our number in it: what a damaged catalogue still has, and no
 * file of another kind. */
static enum cret_status check_header(const char *path, int fd, struct cret_err *err)
{
    static const char magic[] = "SQLite format 3";
    uint8_t header[100];
    size_t got = 0;
    if (cret_os_pread(fd, header, sizeof(header), 0, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got == sizeof(header) && memcmp(header, magic, sizeof(magic)) == 0 &&
        memcmp(header + 68, "Cret", 4) == 0) {
        return CRET_OK;
    }
    cret_err_usage(err, "%s: nothing in it says that it was a catalogue", path);
    return cret_err_hint(err, "delete it yourself where nobody needs it, or name another file");
}

enum cret_status cret_catalogue_replace(const char *path, struct cret_err *err)
{
    struct cret_held *held = NULL;
    unsigned char *image = NULL;
    size_t size = 0;
    if (look(path, err) != CRET_OK || cret_held_open(&held, path, WAIT_MS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    char *leftover = cret_text_printf("%s-journal", path);
    enum cret_status status =
        leftover != NULL ? check_header(path, cret_held_fd(held), err) : cret_err_memory(err);
    status = status == CRET_OK ? empty_image(&image, &size, err) : status;
    if (status == CRET_OK) {
        cret_os_unlink(leftover); /* of the damaged one: it would be rolled back into the new one */
        status = cret_file_replace(held, image, size, err);
    }
    cret_held_close(&held);
    free(leftover);
    free_image(image);
    return status;
}

/* Tables that another program added, triggers, views: whatever a catalogue of this version has not.
 */
static enum cret_status compare_schema(struct cret_catalogue *catalogue, int64_t version,
                                       struct cret_err *err)
{
    struct cret_catalogue *fresh = NULL;
    struct cret_buffer found = {0}, expected = {0};
    enum cret_status status = CRET_FAILED;
    if (open_memory(&fresh, version, err) == CRET_OK &&
        cret_catalogue_schema(fresh, &expected, err) == CRET_OK &&
        cret_catalogue_schema(catalogue, &found, err) == CRET_OK) {
        const bool same = found.size == expected.size && found.data != NULL &&
                          memcmp(found.data, expected.data, found.size) == 0;
        status = same ? CRET_OK
                      : cret_catalogue_foreign(catalogue, "an SQLite file with other tables", err);
    }
    cret_buffer_free(&found);
    cret_buffer_free(&expected);
    cret_catalogue_close(&fresh);
    return status;
}

/* Of the latest version, or brought up to it where it may be written; what is not ours stays as it
 * is. */
static enum cret_status settle(struct cret_catalogue *catalogue, enum cret_catalogue_access access,
                               struct cret_err *err)
{
    int64_t version = 0;
    if (cret_catalogue_version(catalogue, &version, err) != CRET_OK ||
        compare_schema(catalogue, version, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (version == cret_catalogue_latest()) {
        return CRET_OK;
    }
    if (access == CRET_CATALOGUE_READ) {
        cret_err_usage(err, "%s: the catalogue is of an earlier version", catalogue->path);
        return cret_err_hint(err, "`catalogue rebuild` brings it up to date");
    }
    return cret_catalogue_migrate(catalogue, cret_catalogue_latest(), err);
}

enum cret_status cret_catalogue_open(struct cret_catalogue **ret_catalogue, const char *path,
                                     enum cret_catalogue_access access, struct cret_err *err)
{
    struct cret_catalogue *catalogue = NULL;
    const int flags = access == CRET_CATALOGUE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (look(path, err) != CRET_OK || open_base(&catalogue, path, flags, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (settle(catalogue, access, err) != CRET_OK) {
        cret_catalogue_close(&catalogue);
        return CRET_FAILED;
    }
    *ret_catalogue = catalogue;
    return CRET_OK;
}
