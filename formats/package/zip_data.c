/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a ZIP file: their headers, and their bytes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "package/crc32.h"
#include "package/inflate.h"
#include "package/zip_form.h"

#define PIECE ((size_t)1 << 16)

static enum cret_status refuse(struct cret_err *err, const struct cret_zip_member *member,
                               const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_ZIP, "%s", what);
    return cret_err_where(err, "%s", member->name);
}

/* A field of a header. */
struct zip_field {
    const char *name;
    uint32_t said, wanted;
};

/* Whether a header says in each of these fields what is wanted; else which one differs. */
static enum cret_status check_fields(const struct cret_zip_member *member, const char *whose,
                                     const struct zip_field *fields, size_t count,
                                     struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].said != fields[i].wanted) {
            cret_err_refuse(err, CRET_CHECK_PACKAGE_ZIP, "the %s of an entry differs in its %s",
                            whose, fields[i].name);
            cret_err_where(err, "%s", member->name);
            cret_err_expected(err, "%" PRIu32 ", as the directory says", fields[i].wanted);
            return cret_err_actual(err, "%" PRIu32, fields[i].said);
        }
    }
    return CRET_OK;
}

/* Whether the local header, with the name behind it, is the one that the directory calls for. */
static enum cret_status check_local(const struct cret_zip_member *member, const uint8_t *header,
                                    struct cret_err *err)
{
    const bool later = (member->flags & ZIP_FLAG_DESCRIPTOR) != 0;
    const size_t name = member->below + strlen(member->name);
    const struct zip_field fields[] = {
        {"version", cret_zip_get16(header + 4), member->needed},
        {"flags", cret_zip_get16(header + 6), member->flags},
        {"method", cret_zip_get16(header + 8), (uint32_t)member->method},
        {"time", cret_zip_get16(header + 10), member->time},
        {"date", cret_zip_get16(header + 12), member->date},
        {"checksum", cret_zip_get32(header + 14), later ? 0 : member->crc},
        {"packed size", cret_zip_get32(header + 18), later ? 0 : (uint32_t)member->packed},
        {"size", cret_zip_get32(header + 22), later ? 0 : (uint32_t)member->size},
    };
    if (cret_zip_get32(header) != ZIP_LOCAL_MAGIC) {
        return refuse(err, member, "no local header stands where the directory says");
    }
    if (cret_zip_get16(header + 26) != name ||
        memcmp(header + ZIP_LOCAL_SIZE, member->name - member->below, name) != 0) {
        return refuse(err, member, "the local header of an entry has another name");
    }
    if (cret_zip_get16(header + 28) != 0) {
        return refuse(err, member,
                      "the local header of an entry has an extra field, which nothing signs");
    }
    return check_fields(member, "local header", fields, CRET_LENGTH(fields), err);
}

/* Whether the descriptor behind the data is. */
static enum cret_status check_tail(const struct cret_zip_member *member, const uint8_t *tail,
                                   struct cret_err *err)
{
    const struct zip_field fields[] = {
        {"checksum", cret_zip_get32(tail + 4), member->crc},
        {"packed size", cret_zip_get32(tail + 8), (uint32_t)member->packed},
        {"size", cret_zip_get32(tail + 12), (uint32_t)member->size},
    };
    return cret_zip_get32(tail) == ZIP_DESCRIPTOR_MAGIC
               ? check_fields(member, "data descriptor", fields, CRET_LENGTH(fields), err)
               : refuse(err, member,
                        "no data descriptor with its signature stands behind an entry that is "
                        "said to have one");
}

/* One member on its way: packed bytes from a place or a source, unpacked ones to whoever wants
 * them. */
struct passage {
    const struct cret_zip_member *member;
    int fd;                     /* read by offset, where there is no source */
    struct cret_source *source; /* read in order */
    uint64_t read, made;        /* bytes so far */
    uint32_t crc;
    enum cret_status (*sink)(void *context, uint64_t offset, const uint8_t *data, size_t size,
                             struct cret_err *err);
    void *context;
};

static enum cret_status read_packed(void *context, void *data, size_t size, size_t *ret_got,
                                    struct cret_err *err)
{
    struct passage *passage = context;
    const uint64_t left = passage->member->packed - passage->read;
    const size_t wanted = left < size ? (size_t)left : size;
    size_t got = 0;
    if (wanted > 0 && (passage->source != NULL
                           ? cret_source_read(passage->source, data, wanted, &got, err)
                           : cret_os_pread(passage->fd, data, wanted,
                                           cret_zip_data_offset(passage->member) + passage->read,
                                           &got, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got != wanted) {
        return cret_err_undecided(err, "the file is shorter than when it was opened");
    }
    passage->read += got;
    *ret_got = got;
    return CRET_OK;
}

static enum cret_status take_made(void *context, const uint8_t *data, size_t size,
                                  struct cret_err *err)
{
    struct passage *passage = context;
    const uint64_t offset = passage->made;
    passage->crc = cret_crc32(passage->crc, data, size);
    passage->made += size;
    return passage->sink == NULL ? CRET_OK
                                 : passage->sink(passage->context, offset, data, size, err);
}

static enum cret_status pass_stored(struct passage *passage, struct cret_err *err)
{
    uint8_t *piece = malloc(PIECE);
    size_t got = 1;
    enum cret_status status = piece != NULL ? CRET_OK : cret_err_memory(err);
    while (status == CRET_OK && got > 0) {
        status = read_packed(passage, piece, PIECE, &got, err);
        if (status == CRET_OK && got > 0) {
            status = take_made(passage, piece, got, err);
        }
    }
    free(piece);
    return status;
}

/* All of the member's data, with its checksum. */
static enum cret_status pass(struct passage *passage, struct cret_err *err)
{
    const struct cret_zip_member *member = passage->member;
    if (member->method == CRET_ZIP_STORED) {
        if (pass_stored(passage, err) != CRET_OK) {
            return CRET_FAILED;
        }
    } else {
        uint64_t size = 0;
        const struct cret_inflate_ends ends = {read_packed, take_made, passage};
        if (cret_inflate(&ends, member->size, &size, err) != CRET_OK) {
            return err != NULL && err->class == CRET_ERR_REFUSED && err->where[0] == '\0'
                       ? cret_err_where(err, "%s", member->name)
                       : CRET_FAILED;
        }
        if (size != member->size) {
            refuse(err, member, "the data of an entry is shorter than the directory says");
            cret_err_expected(err, "%" PRIu64 " bytes", member->size);
            return cret_err_actual(err, "%" PRIu64 " bytes", size);
        }
    }
    return passage->crc == member->crc
               ? CRET_OK
               : refuse(err, member, "the data of an entry does not have its checksum");
}

static enum cret_status gather(void *context, uint64_t offset, const uint8_t *data, size_t size,
                               struct cret_err *err)
{
    uint8_t *memory = context;
    (void)err; /* cret_inflate holds it to the size of the member */
    memcpy(memory + offset, data, size);
    return CRET_OK;
}

static enum cret_status read_local_at(const struct cret_zip_member *member, int fd,
                                      struct cret_err *err)
{
    const size_t size = ZIP_LOCAL_SIZE + member->below + strlen(member->name);
    uint8_t *header = malloc(size);
    size_t got = 0;
    enum cret_status status = CRET_FAILED;
    if (header == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_pread(fd, header, size, member->offset, &got, err) == CRET_OK) {
        status = got == size
                     ? check_local(member, header, err)
                     : cret_err_undecided(err, "the file is shorter than when it was opened");
    }
    free(header);
    return status;
}

enum cret_status cret_zip_member_read(uint8_t **ret_data, const struct cret_zip *zip, size_t member,
                                      int fd, size_t limit, struct cret_err *err)
{
    const struct cret_zip_member *one = &zip->members[member];
    if (one->size > limit) {
        refuse(err, one, "an entry is too large for what it is");
        cret_err_expected(err, "at most %zu bytes", limit);
        return cret_err_actual(err, "%" PRIu64 " bytes", one->size);
    }
    uint8_t *memory = malloc((size_t)one->size + 1);
    if (memory == NULL) {
        return cret_err_memory(err);
    }
    struct passage passage = {.member = one, .fd = fd, .sink = gather, .context = memory};
    if (read_local_at(one, fd, err) != CRET_OK || pass(&passage, err) != CRET_OK) {
        free(memory);
        return CRET_FAILED;
    }
    memory[one->size] = '\0';
    *ret_data = memory;
    return CRET_OK;
}

/* Whoever walks, and which member it is at. */
struct step {
    const struct cret_zip_walk *walk;
    size_t member;
};

static enum cret_status hand_over(void *context, uint64_t offset, const uint8_t *data, size_t size,
                                  struct cret_err *err)
{
    const struct step *step = context;
    return step->walk->data == NULL
               ? CRET_OK
               : step->walk->data(step->walk->context, step->member, offset, data, size, err);
}

/* Exactly so many bytes of a source. */
static enum cret_status read_exactly(struct cret_source *source, void *data, size_t size,
                                     struct cret_err *err)
{
    size_t got = 0;
    if (cret_source_read(source, data, size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return got == size ? CRET_OK
                       : cret_err_undecided(err, "the file is shorter than when it was opened");
}

static enum cret_status walk_member(const struct cret_zip *zip, struct cret_source *source,
                                    struct step *step, struct cret_err *err)
{
    const struct cret_zip_member *member = &zip->members[step->member];
    uint8_t header[ZIP_LOCAL_SIZE + CRET_LIMIT_PACKAGE_NAME_BYTES + 1]; /* and a folder's slash */
    struct passage passage = {
        .member = member, .source = source, .sink = hand_over, .context = step};
    const size_t size = ZIP_LOCAL_SIZE + strlen(member->name);
    if (read_exactly(source, header, size, err) != CRET_OK ||
        check_local(member, header, err) != CRET_OK || pass(&passage, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t tail = (size_t)cret_zip_tail_size(member);
    if (tail > 0 && (read_exactly(source, header, tail, err) != CRET_OK ||
                     check_tail(member, header, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    return step->walk->end == NULL ? CRET_OK
                                   : step->walk->end(step->walk->context, step->member, err);
}

/* The directory and the end, which were read first, are there still. */
static enum cret_status walk_index(const struct cret_zip *zip, struct cret_source *source,
                                   struct cret_err *err)
{
    uint8_t *again = malloc(zip->index_size + 1);
    size_t got = 0;
    enum cret_status status = again != NULL ? CRET_OK : cret_err_memory(err);
    if (status == CRET_OK) {
        status = cret_source_read(source, again, zip->index_size + 1, &got, err);
    }
    if (status == CRET_OK &&
        (got != zip->index_size || memcmp(again, zip->index, zip->index_size) != 0)) {
        status = cret_err_undecided(err, "the file changed while it was read");
    }
    free(again);
    return status;
}

enum cret_status cret_zip_walk(const struct cret_zip *zip, struct cret_source *source,
                               const struct cret_zip_walk *walk, struct cret_err *err)
{
    struct step step = {.walk = walk};
    for (; step.member < zip->count; step.member++) {
        if (walk_member(zip, source, &step, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return walk_index(zip, source, err);
}
