/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive's writer of ZIP. */
#include "verifier/export/zip_write.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"

/* As release/nested loads it: see there. */
#define SONAME "libarchive.so.13"
#define PIECE_BYTES (1u << 16)

#define FUNCTIONS(X)                                                                               \
    X(archive_write_new)                                                                           \
    X(archive_write_free)                                                                          \
    X(archive_write_close)                                                                         \
    X(archive_write_set_format_zip)                                                                \
    X(archive_write_zip_set_compression_store)                                                     \
    X(archive_write_set_bytes_per_block)                                                           \
    X(archive_write_set_bytes_in_last_block)                                                       \
    X(archive_write_open)                                                                          \
    X(archive_write_header)                                                                        \
    X(archive_write_data)                                                                          \
    X(archive_error_string)                                                                        \
    X(archive_entry_new)                                                                           \
    X(archive_entry_free)                                                                          \
    X(archive_entry_set_pathname)                                                                  \
    X(archive_entry_set_size)                                                                      \
    X(archive_entry_set_filetype)                                                                  \
    X(archive_entry_set_perm)

struct library {
#define FIELD(name) __typeof__(&(name)) name;
    FUNCTIONS(FIELD)
#undef FIELD
};

struct cret_zip {
    struct library library;
    struct archive *archive;
    int fd;
    bool lost; /* bytes could not be written; why is in `why` */
    struct cret_err why;
};

static enum cret_status load(struct library *library, struct cret_err *err)
{
#ifdef CRETULA_STATIC
    (void)err;
#define LINKED(name) library->name = name;
    FUNCTIONS(LINKED)
#undef LINKED
    return CRET_OK;
#else
    void *opened = NULL;
    bool complete = true;
    if (cret_os_library_open(&opened, SONAME, err) != CRET_OK) {
        return CRET_FAILED;
    }
#define FIND(name) complete = cret_os_library_find(opened, #name, &library->name) && complete;
    FUNCTIONS(FIND)
#undef FIND
    return complete ? CRET_OK
                    : cret_err_undecided(err, "%s lacks functions that are needed", SONAME);
#endif
}

static la_ssize_t write_piece(struct archive *archive, void *context, const void *data, size_t size)
{
    struct cret_zip *zip = context;
    if (archive == NULL || zip->lost || cret_os_write(zip->fd, data, size, &zip->why) != CRET_OK) {
        zip->lost = true;
        return -1;
    }
    return (la_ssize_t)size;
}

/* What libarchive could not do, or what it was told that it cannot. */
static enum cret_status fail(const struct cret_zip *zip, struct cret_err *err)
{
    if (zip->lost) {
        *err = zip->why;
        return CRET_FAILED;
    }
    const char *words = zip->library.archive_error_string(zip->archive);
    cret_err_undecided(err, "a ZIP archive could not be written");
    return cret_err_actual(err, "%s", words != NULL ? words : "no reason given");
}

static enum cret_status begin(struct cret_zip *zip, struct cret_err *err)
{
    const struct library *library = &zip->library;
    zip->archive = library->archive_write_new();
    if (zip->archive == NULL) {
        return cret_err_memory(err);
    }
    return library->archive_write_set_format_zip(zip->archive) == ARCHIVE_OK &&
                   library->archive_write_zip_set_compression_store(zip->archive) == ARCHIVE_OK &&
                   library->archive_write_set_bytes_per_block(zip->archive, 0) == ARCHIVE_OK &&
                   library->archive_write_set_bytes_in_last_block(zip->archive, 1) == ARCHIVE_OK &&
                   library->archive_write_open(zip->archive, zip, NULL, write_piece, NULL) ==
                       ARCHIVE_OK
               ? CRET_OK
               : fail(zip, err);
}

enum cret_status cret_zip_new(struct cret_zip **ret_zip, int fd, struct cret_err *err)
{
    struct cret_zip *zip = calloc(1, sizeof(*zip));
    if (zip == NULL) {
        return cret_err_memory(err);
    }
    zip->fd = fd;
    if (load(&zip->library, err) != CRET_OK || begin(zip, err) != CRET_OK) {
        cret_zip_discard(&zip);
        return CRET_FAILED;
    }
    *ret_zip = zip;
    return CRET_OK;
}

static enum cret_status add_head(struct cret_zip *zip, const char *name, uint64_t size,
                                 struct cret_err *err)
{
    const struct library *library = &zip->library;
    struct archive_entry *entry = library->archive_entry_new();
    if (entry == NULL) {
        return cret_err_memory(err);
    }
    library->archive_entry_set_pathname(entry, name);
    library->archive_entry_set_size(entry, (la_int64_t)size);
    library->archive_entry_set_filetype(entry, AE_IFREG);
    library->archive_entry_set_perm(entry, 0644);
    const int done = library->archive_write_header(zip->archive, entry);
    library->archive_entry_free(entry);
    return done == ARCHIVE_OK ? CRET_OK : fail(zip, err);
}

static enum cret_status add_bytes(struct cret_zip *zip, const void *data, size_t size,
                                  struct cret_err *err)
{
    return size == 0 ||
                   zip->library.archive_write_data(zip->archive, data, size) == (la_ssize_t)size
               ? CRET_OK
               : fail(zip, err);
}

enum cret_status cret_zip_add(struct cret_zip *zip, const char *name, const void *data, size_t size,
                              struct cret_err *err)
{
    return add_head(zip, name, size, err) == CRET_OK ? add_bytes(zip, data, size, err)
                                                     : CRET_FAILED;
}

enum cret_status cret_zip_add_file(struct cret_zip *zip, const char *name, int fd, uint64_t size,
                                   struct cret_err *err)
{
    if (add_head(zip, name, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    enum cret_status status = piece != NULL ? CRET_OK : cret_err_memory(err);
    uint64_t left = size;
    while (status == CRET_OK && left > 0) {
        const size_t wanted = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        size_t got = 0;
        status = cret_os_read(fd, piece, wanted, &got, err);
        if (status == CRET_OK && got < wanted) {
            status = cret_err_undecided(err, "%s is shorter than it was", name);
        }
        status = status == CRET_OK ? add_bytes(zip, piece, got, err) : CRET_FAILED;
        left -= got;
    }
    free(piece);
    return status;
}

enum cret_status cret_zip_finish(struct cret_zip **zip, struct cret_err *err)
{
    const enum cret_status status =
        (*zip)->library.archive_write_close((*zip)->archive) == ARCHIVE_OK && !(*zip)->lost
            ? CRET_OK
            : fail(*zip, err);
    cret_zip_discard(zip);
    return status;
}

void cret_zip_discard(struct cret_zip **zip)
{
    if (zip == NULL || *zip == NULL) {
        return;
    }
    if ((*zip)->archive != NULL) {
        (*zip)->lost = true; /* what is freed is not written any more */
        (*zip)->library.archive_write_free((*zip)->archive);
    }
    free(*zip);
    *zip = NULL;
}
