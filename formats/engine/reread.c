/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reread.h"

#include "base/os.h"

void cret_reread_init(struct cret_reread *reread, const struct cret_source *source,
                      const struct cret_manifest *manifest, int directory, const char *const *names)
{
    *reread = (struct cret_reread){
        .source = source, .manifest = manifest, .directory = directory, .names = names, .fd = -1};
}

void cret_reread_clear(struct cret_reread *reread)
{
    cret_os_close(&reread->fd);
}

static enum cret_status open_entry(struct cret_reread *reread, size_t entry, struct cret_err *err)
{
    if (reread->fd >= 0 && reread->entry == entry) {
        return CRET_OK;
    }
    cret_os_close(&reread->fd);
    reread->entry = entry;
    return cret_os_open_read_beneath(&reread->fd, reread->directory, reread->names[entry], err);
}

static enum cret_status read_entry(void *context, size_t entry, uint64_t offset, void *data,
                                   size_t size, size_t *ret_got, struct cret_err *err)
{
    struct cret_reread *reread = context;
    const struct cret_entry *file = &reread->manifest->entries[entry];
    *ret_got = 0;
    if (offset >= file->size) {
        return CRET_OK;
    }
    const size_t wanted = size < file->size - offset ? size : (size_t)(file->size - offset);
    if (reread->directory >= 0) {
        return open_entry(reread, entry, err) == CRET_OK
                   ? cret_os_pread(reread->fd, data, wanted, offset, ret_got, err)
                   : CRET_FAILED;
    }
    return cret_os_pread(cret_source_fd(reread->source), data, wanted, file->offset + offset,
                         ret_got, err);
}

struct cret_payload_reader cret_reread_reader(struct cret_reread *reread)
{
    const struct cret_payload_reader reader = {.read = read_entry, .context = reread};
    return reader;
}
