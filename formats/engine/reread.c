/* SPDX-License-Identifier: Apache-2.0 */
/* Reading payload files again, from the archive or beside it. */
#include "engine/reread.h"

#include "base/system/os.h"

void cret_reread_init(struct cret_reread *reread, const struct cret_source *source,
                      const struct cret_manifest *manifest, int directory, const char *const *names,
                      enum cret_hash_choice hash, const struct cret_watch *watch)
{
    *reread = (struct cret_reread){.source = source,
                                   .manifest = manifest,
                                   .directory = directory,
                                   .names = names,
                                   .hash = hash,
                                   .watch = *watch,
                                   .fd = -1};
}

void cret_reread_clear(struct cret_reread *reread)
{
    cret_proved_free(&reread->proved);
    cret_os_close(&reread->fd);
}

static enum cret_status open_entry(struct cret_reread *reread, size_t entry, struct cret_err *err)
{
    const struct cret_entry *file = &reread->manifest->entries[entry];
    if (reread->proved != NULL && reread->entry == entry) {
        return CRET_OK;
    }
    cret_reread_clear(reread);
    reread->entry = entry;
    if (reread->directory < 0) {
        return cret_proved_open(&reread->proved, cret_source_fd(reread->source), file->offset, file,
                                reread->hash, &reread->watch, err);
    }
    return cret_os_open_read_beneath(&reread->fd, reread->directory, reread->names[entry], err) ==
                   CRET_OK
               ? cret_proved_open(&reread->proved, reread->fd, 0, file, reread->hash,
                                  &reread->watch, err)
               : CRET_FAILED;
}

static enum cret_status read_entry(void *context, size_t entry, uint64_t offset, void *data,
                                   size_t size, size_t *ret_got, struct cret_err *err)
{
    struct cret_reread *reread = context;
    return open_entry(reread, entry, err) == CRET_OK
               ? cret_proved_read(reread->proved, offset, data, size, ret_got, err)
               : CRET_FAILED;
}

struct cret_payload_reader cret_reread_reader(struct cret_reread *reread)
{
    const struct cret_payload_reader reader = {.read = read_entry, .context = reread};
    return reader;
}
