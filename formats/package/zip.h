/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP files in the one form that leaves nothing unsaid (docs/spec/uadipkg.md): the central
 * directory is the only index, each local header says the same, members follow each other from the
 * first byte to the directory, and nothing follows its end (PKWARE APPNOTE 6.3.9).
 */
#ifndef CRET_PACKAGE_ZIP_H
#define CRET_PACKAGE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"
#include "container/source.h"

/* A local header without its name. */
#define CRET_ZIP_HEADER_BYTES 30u

enum cret_zip_method { CRET_ZIP_STORED = 0, CRET_ZIP_DEFLATED = 8 };

struct cret_zip_member {
    char *name;   /* UTF-8, as stored; of a folder with its slash */
    size_t below; /* in a view: bytes of the stored name that stand before `name` */
    bool folder;
    enum cret_zip_method method;
    uint16_t flags, needed, time, date;
    uint32_t crc;
    uint64_t packed, size; /* bytes in the file, and what they are unpacked */
    uint64_t offset;       /* of the local header */
};

struct cret_zip {
    struct cret_zip_member *members; /* in the order of the file */
    size_t count;
    const struct cret_zip_member **sorted; /* by name */
    uint8_t *index; /* the bytes from the central directory to the end of the file */
    size_t index_size;
    size_t directory_size; /* of it, before the end record */
    uint64_t index_offset;
    bool view; /* of another one, which owns names and index */
};

/*
 * Reads the central directory and the end of a file of `size` bytes, and holds them to the form:
 * no comment but that of EN 319 162-1 A.1 ("mimetype=..."), no extra fields, no encryption, no
 * second disk, no ZIP64, stored or deflated, attributes alike in all entries (nothing signs them),
 * names that are safe and differ without regard to case, folders only where members lie in them,
 * counts and sizes within CRET_LIMIT_PACKAGE_*. class REFUSED, check package.zip, or UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_zip_read(struct cret_zip **ret_zip, int fd, uint64_t size,
                                               struct cret_err *err);
void cret_zip_free(struct cret_zip **zip);
/* The member of this very name; count where there is none. */
size_t cret_zip_find(const struct cret_zip *zip, const char *name);

/* The members below a folder, by their names in it; the folder's own entry is none of them. Lives
 * no longer than `zip`; it is read member by member, and never walked. Caller frees. */
CRET_MUST_CHECK enum cret_status cret_zip_below(struct cret_zip **ret_view,
                                                const struct cret_zip *zip, const char *folder,
                                                struct cret_err *err);

/* One member in memory, at most `limit` bytes of it; its local header, length and checksum were
 * compared. Caller frees *ret_data, which has a terminator behind its end. */
CRET_MUST_CHECK enum cret_status cret_zip_member_read(uint8_t **ret_data,
                                                      const struct cret_zip *zip, size_t member,
                                                      int fd, size_t limit, struct cret_err *err);

/* What a walk gives its reader. Each may be NULL. */
struct cret_zip_walk {
    enum cret_status (*data)(void *context, size_t member, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *err);
    enum cret_status (*end)(void *context, size_t member, struct cret_err *err);
    void *context;
};
/*
 * Reads the file once more from its first byte to its last, in order, each byte once: every header
 * is the one that the directory calls for, every member has its length and checksum, and the
 * directory and the end are those that were read before. class REFUSED (package.zip) or what the
 * functions of the walk say.
 */
CRET_MUST_CHECK enum cret_status cret_zip_walk(const struct cret_zip *zip,
                                               struct cret_source *source,
                                               const struct cret_zip_walk *walk,
                                               struct cret_err *err);

#endif
