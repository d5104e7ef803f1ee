/* SPDX-License-Identifier: Apache-2.0 */
/* The files that a payload is made of while they are read, and the place of their bytes in the
 * output. */
#include <string.h>

#include "base/system/os.h"
#include "container/member.h"
#include "container/payload_internal.h"

static enum cret_status refuse_changed(const char *path, struct cret_err *err)
{
    cret_member_changed(path, err);
    return cret_err_hint(err, "let nothing write to the inputs while they are packed, then run "
                              "this again");
}

const char *cret_payload_name(const struct cret_payload_writer *writer, size_t entry)
{
    const char *path = writer->job->inputs[entry].path;
    return path != NULL ? path : writer->job->entries[entry].path;
}

enum cret_status cret_payload_open(const struct cret_payload_writer *writer, size_t entry,
                                   struct cret_payload_input *ret_input, struct cret_err *err)
{
    const struct cret_input *input = &writer->job->inputs[entry];
    struct cret_file_info info;
    if (input->path == NULL) {
        *ret_input = (struct cret_payload_input){-1, input->data};
        return CRET_OK;
    }
    int fd = -1;
    if (cret_os_open_read(&fd, input->directory_fd, input->path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_os_stat_fd(&info, fd, err);
    if (status == CRET_OK &&
        (info.kind != CRET_KIND_REGULAR || info.size != writer->job->entries[entry].size)) {
        status = refuse_changed(input->path, err);
    }
    if (status != CRET_OK) {
        cret_os_close(&fd);
        return CRET_FAILED;
    }
    *ret_input = (struct cret_payload_input){fd, NULL};
    return CRET_OK;
}

enum cret_status cret_payload_read(const struct cret_payload_writer *writer, size_t entry,
                                   const struct cret_payload_input *input, uint8_t *data,
                                   size_t size, uint64_t offset, struct cret_err *err)
{
    size_t got = 0;
    if (input->fd < 0) {
        if (size > 0) {
            memcpy(data, input->data + offset, size);
        }
        return CRET_OK;
    }
    if (cret_os_pread(input->fd, data, size, offset, &got, err) != CRET_OK) {
        return cret_err_where(err, "%s", cret_payload_name(writer, entry));
    }
    return got == size ? CRET_OK : refuse_changed(cret_payload_name(writer, entry), err);
}

enum cret_status cret_payload_close(const struct cret_payload_writer *writer, size_t entry,
                                    struct cret_payload_input *input, enum cret_status status,
                                    struct cret_err *err)
{
    uint8_t more = 0;
    size_t got = 0;
    if (status == CRET_OK && input->fd >= 0) {
        status = cret_os_pread(input->fd, &more, 1, writer->job->entries[entry].size, &got, err);
        if (status == CRET_OK && got != 0) {
            status = refuse_changed(cret_payload_name(writer, entry), err);
        }
    }
    cret_os_close(&input->fd);
    return status;
}

enum cret_status cret_payload_put(const struct cret_payload_writer *writer, const uint8_t *data,
                                  size_t size, uint64_t offset, struct cret_err *err)
{
    if (writer->job->fd < 0) {
        return CRET_OK;
    }
    return cret_os_pwrite(writer->job->fd, data, size, offset, err);
}
