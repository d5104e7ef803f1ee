/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/payload.h"

#include <string.h>

#include "base/os.h"

void cret_payload_init(struct cret_payload *payload, const struct cret_content *content)
{
    *payload = (struct cret_payload){.content = content, .fd = -1};
}

void cret_payload_clear(struct cret_payload *payload)
{
    cret_os_close(&payload->fd);
}

static enum cret_status read_input(void *context, size_t entry, uint64_t offset, void *data,
                                   size_t size, size_t *ret_got, struct cret_err *err)
{
    struct cret_payload *payload = context;
    const struct cret_input *input = &payload->content->files.inputs[entry];
    const uint64_t whole = payload->content->files.entries[entry].size;
    if (offset >= whole) {
        *ret_got = 0;
        return CRET_OK;
    }
    const size_t wanted = size < whole - offset ? size : (size_t)(whole - offset);
    if (input->path == NULL) {
        memcpy(data, input->data + offset, wanted);
        *ret_got = wanted;
        return CRET_OK;
    }
    if (payload->fd < 0 || payload->entry != entry) {
        cret_os_close(&payload->fd);
        if (cret_os_open_read(&payload->fd, input->directory_fd, input->path, err) != CRET_OK) {
            return CRET_FAILED;
        }
        payload->entry = entry;
    }
    return cret_os_pread(payload->fd, data, wanted, offset, ret_got, err);
}

struct cret_payload_reader cret_payload_reader(struct cret_payload *payload)
{
    const struct cret_payload_reader reader = {.read = read_input, .context = payload};
    return reader;
}
