/* SPDX-License-Identifier: Apache-2.0 */
/* The content of one file, wherever it lies: opened, read, and looked at again in the end. */
#include "container/walk_content.h"

#include <errno.h>

#include "base/system/os.h"
#include "container/member.h"

static enum cret_status refuse_missing(const char *path, const char *name, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS, "the payload file '%s' is missing", path);
    cret_err_where(err, "%s", path);
    cret_err_expected(err, "a file '%s' in the payload folder", name);
    return cret_err_hint(err,
                         "put the file into the folder under that name, or name another folder");
}

static enum cret_status check_folder_file(const struct cret_entry *file, const char *name, int fd,
                                          struct cret_err *err)
{
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        return cret_err_where(err, "%s", name);
    }
    if (info.kind != CRET_KIND_REGULAR) {
        cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS, "the payload file '%s' is no regular file",
                        file->path);
        return cret_err_where(err, "%s", name);
    }
    if (info.size != file->size) {
        cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS,
                        "'%s' is not the file that was released: its size differs", file->path);
        cret_err_where(err, "%s", name);
        cret_err_expected(err, "%llu bytes", (unsigned long long)file->size);
        cret_err_actual(err, "%llu bytes", (unsigned long long)info.size);
        return cret_err_hint(err, "download the file again; if it fails again, send the vendor its "
                                  "name and size");
    }
    return CRET_OK;
}

enum cret_status cret_content_open(const struct cret_walk_run *run, size_t entry,
                                   struct cret_content *ret_content, struct cret_err *err)
{
    const struct cret_entry *file = &run->walk->entries[entry];
    if (!run->detached) {
        *ret_content = (struct cret_content){cret_source_fd(run->source), file->offset};
        return CRET_OK;
    }
    const char *name = run->walk->names[entry];
    int fd = -1;
    errno = 0;
    if (cret_os_open_read_beneath(&fd, run->walk->payload_directory, name, err) != CRET_OK) {
        return errno == ENOENT ? refuse_missing(file->path, name, err) : CRET_FAILED;
    }
    if (check_folder_file(file, name, fd, err) != CRET_OK) {
        cret_os_close(&fd);
        return CRET_FAILED;
    }
    *ret_content = (struct cret_content){fd, 0};
    return CRET_OK;
}

enum cret_status cret_content_close(const struct cret_walk_run *run, size_t entry,
                                    struct cret_content *content, enum cret_status status,
                                    struct cret_err *err)
{
    struct cret_file_info info;
    if (!run->detached) {
        return status;
    }
    if (status == CRET_OK) {
        status = cret_os_stat_fd(&info, content->fd, err);
        if (status == CRET_OK && info.size != run->walk->entries[entry].size) {
            status = cret_member_changed(run->walk->names[entry], err);
        }
    }
    cret_os_close(&content->fd);
    return status;
}

enum cret_status cret_content_read(const struct cret_walk_run *run, size_t entry,
                                   const struct cret_content *content, uint8_t *data, size_t size,
                                   uint64_t offset, struct cret_err *err)
{
    size_t got = 0;
    if (cret_os_pread(content->fd, data, size, content->base + offset, &got, err) != CRET_OK) {
        return cret_err_where(err, "%s", run->walk->entries[entry].path);
    }
    return got == size ? CRET_OK : cret_member_changed(run->walk->entries[entry].path, err);
}
