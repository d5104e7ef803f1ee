/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share; see fuzz.h. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_broken(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

void fuzz_hold_failure(const struct cret_err *err, unsigned classes)
{
    FUZZ_HOLD((classes & (1u << err->class)) != 0);
    FUZZ_HOLD(err->what[0] != '\0');
    FUZZ_HOLD((err->class == CRET_ERR_REFUSED) == (err->check != CRET_CHECK_NONE));
    FUZZ_HOLD(cret_utf8_valid(err->what, strlen(err->what)) || err->class != CRET_ERR_UNDECIDED);
}

void fuzz_hold_findings(const struct cret_findings *findings, bool accepted)
{
    FUZZ_HOLD(cret_findings_failed(findings) != accepted);
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        FUZZ_HOLD(finding->reason != NULL && finding->reason[0] != '\0');
        FUZZ_HOLD(finding->check > CRET_CHECK_NONE && finding->check < CRET_CHECK_COUNT);
    }
}

int fuzz_file(const void *data, size_t size)
{
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_HOLD(fd >= 0);
    for (size_t done = 0; done < size;) {
        const ssize_t count = pwrite(fd, (const char *)data + done, size - done, (off_t)done);
        FUZZ_HOLD(count > 0);
        done += (size_t)count;
    }
    return fd;
}

void fuzz_split(struct fuzz_part *ret_parts, size_t count, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t *zero = i + 1 < count && size > 0 ? memchr(data, 0, size) : NULL;
        ret_parts[i] =
            (struct fuzz_part){.data = data, .size = zero != NULL ? (size_t)(zero - data) : size};
        const size_t taken = ret_parts[i].size + (zero != NULL ? 1 : 0);
        data += taken;
        size -= taken;
    }
}

uint8_t fuzz_byte(struct fuzz_part *input)
{
    if (input->size == 0) {
        return 0;
    }
    input->size--;
    return *input->data++;
}

static bool replace(struct cret_buffer *object, size_t offset, size_t cut, struct fuzz_part put)
{
    struct cret_buffer changed = {0};
    offset %= object->size + 1;
    cut = cut < object->size - offset ? cut : object->size - offset;
    cret_buffer_append(&changed, object->data, offset);
    cret_buffer_append(&changed, put.data, put.size);
    cret_buffer_append(&changed, object->data + offset + cut, object->size - offset - cut);
    FUZZ_HOLD(!changed.failed);
    const bool differs =
        changed.size != object->size || memcmp(changed.data, object->data, changed.size) != 0;
    cret_buffer_free(object);
    *object = changed;
    return differs;
}

bool fuzz_change(struct cret_buffer *object, uint8_t place, struct fuzz_part changes)
{
    bool changed = false;
    while (changes.size >= 5) {
        const uint8_t where = fuzz_byte(&changes), high = fuzz_byte(&changes),
                      low = fuzz_byte(&changes), cut = fuzz_byte(&changes);
        struct fuzz_part put = {.data = changes.data + 1, .size = fuzz_byte(&changes)};
        put.size = put.size < changes.size ? put.size : changes.size;
        if (where == place && object->data != NULL) {
            changed |= replace(object, ((size_t)high << 8) | low, cut, put);
        }
        changes.data += put.size;
        changes.size -= put.size;
    }
    return changed;
}

char *fuzz_source_file(const char *path, size_t *ret_size)
{
    char name[4096];
    struct cret_buffer text = {0};
    char piece[4096];
    size_t got = 0;
    snprintf(name, sizeof(name), "%s/%s", CRET_SOURCE_DIR, path);
    FILE *file = fopen(name, "rb");
    FUZZ_HOLD(file != NULL);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        cret_buffer_append(&text, piece, got);
    }
    FUZZ_HOLD(!text.failed && text.data != NULL && ferror(file) == 0);
    fclose(file);
    if (ret_size != NULL) {
        *ret_size = text.size;
    }
    return text.data;
}
