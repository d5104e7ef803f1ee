/* SPDX-License-Identifier: Apache-2.0 */
/* Opening inputs again as the bytes that were hashed. */
#include "signer/release/payload.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"

void cret_payload_init(struct cret_payload *payload, const struct cret_draft *draft)
{
    *payload = (struct cret_payload){.draft = draft, .fd = -1};
}

void cret_payload_clear(struct cret_payload *payload)
{
    cret_proved_free(&payload->proved);
    cret_os_close(&payload->fd);
}

static enum cret_status open_input(struct cret_payload *payload, size_t entry, struct cret_err *err)
{
    const struct cret_release_files *files = &payload->draft->files;
    if (payload->proved != NULL && payload->entry == entry) {
        return CRET_OK;
    }
    cret_payload_clear(payload);
    payload->entry = entry;
    if (cret_os_open_read(&payload->fd, files->inputs[entry].directory_fd,
                          files->inputs[entry].path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_proved_open(&payload->proved, payload->fd, 0, &files->entries[entry],
                            payload->draft->hash, NULL, err);
}

static enum cret_status read_input(void *context, size_t entry, uint64_t offset, void *data,
                                   size_t size, size_t *ret_got, struct cret_err *err)
{
    struct cret_payload *payload = context;
    const struct cret_input *input = &payload->draft->files.inputs[entry];
    const uint64_t whole = payload->draft->files.entries[entry].size;
    if (input->path != NULL) {
        return open_input(payload, entry, err) == CRET_OK
                   ? cret_proved_read(payload->proved, offset, data, size, ret_got, err)
                   : CRET_FAILED;
    }
    const uint64_t left = offset < whole ? whole - offset : 0;
    *ret_got = size < left ? size : (size_t)left;
    if (*ret_got > 0) {
        memcpy(data, input->data + offset, *ret_got);
    }
    return CRET_OK;
}

struct cret_payload_reader cret_payload_reader(struct cret_payload *payload)
{
    const struct cret_payload_reader reader = {.read = read_input, .context = payload};
    return reader;
}

enum cret_status cret_payload_read_text(char **ret_text, size_t *ret_size,
                                        const struct cret_draft *draft, size_t entry, uint64_t cap,
                                        struct cret_err *err)
{
    const struct cret_entry *file = &draft->files.entries[entry];
    enum cret_status status = CRET_FAILED;
    struct cret_payload payload;
    size_t got = 0;
    if (file->size > cap) {
        return cret_err_undecided(err, "'%s' is too large to be parsed", file->path);
    }
    char *text = calloc(1, (size_t)file->size + 1);
    if (text == NULL) {
        return cret_err_memory(err);
    }
    cret_payload_init(&payload, draft);
    if (read_input(&payload, entry, 0, text, (size_t)file->size, &got, err) != CRET_OK) {
        goto out;
    }
    *ret_text = text;
    *ret_size = got;
    text = NULL;
    status = CRET_OK;
out:
    cret_payload_clear(&payload);
    free(text);
    return status;
}
