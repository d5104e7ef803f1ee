/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a vendor's archive (zip, tar, cpio, 7z, ISO 9660; plain or compressed) as files in
 * a private spool folder. The archive is taken for hostile: it may come from a supplier. */
#ifndef CRET_SIGNER_IMPORT_H
#define CRET_SIGNER_IMPORT_H

#include <stdint.h>

#include "base/finding/err.h"

/* Where members go: a folder that only we can enter, file names that are numbers, so that no name
 * in an archive ever becomes a path. */
struct cret_spool {
    char *path;
    int fd;
    unsigned long files;
};

/* A new 0700 folder with a hidden name beside final_path. */
CRET_MUST_CHECK enum cret_status cret_spool_open(struct cret_spool **ret_spool,
                                                 const char *final_path, struct cret_err *err);
/* Removes the folder and what is in it. */
void cret_spool_free(struct cret_spool **spool);

/* Caps of one archive; the defaults are those of base/finding/limits.h. */
struct cret_import_limits {
    uint64_t members;
    uint64_t bytes; /* all members together */
    uint64_t slack; /* bytes that are always allowed */
    uint64_t ratio; /* above them: times the size of the archive */
};
struct cret_import_limits cret_import_default_limits(void);

/* One regular file. name: relative, '/'-separated, no empty, "." or ".." component, UTF-8, as the
 * archive has it otherwise. spooled: path of the bytes. Both are borrowed for the call. */
typedef enum cret_status (*cret_import_sink)(void *context, const char *name, const char *spooled,
                                             struct cret_err *err);

/*
 * Expands an archive. Refused with class USAGE: no archive of a known format, links, devices and
 * other special members, absolute names and names with "..", names that are not UTF-8, encrypted
 * members, a member whose size is not the one announced, more than the limits allow, any error or
 * warning of libarchive (a truncated archive included), an archive without a file. UNDECIDED for
 * I/O. What was spooled until then goes with the spool.
 */
CRET_MUST_CHECK enum cret_status cret_import_expand(struct cret_spool *spool, const char *path,
                                                    const struct cret_import_limits *limits,
                                                    cret_import_sink sink, void *context,
                                                    struct cret_err *err);
#endif
