/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files inside archives of the payload: their digests, without unpacking anything. The only part of
 * the formats that uses libarchive, which is loaded when the first archive is read: linking it
 * would cost every run 3 ms and 3.5 MB.
 */
#ifndef CRET_RELEASE_NESTED_H
#define CRET_RELEASE_NESTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

/* Between an archive and a file in it, where that is an archive itself. */
#define CRET_NESTED_SEPARATOR "!/"

/* Caps, shared by all levels of one archive. */
struct cret_nested_limits {
    unsigned depth;   /* archives in archives; 1: the payload file alone */
    uint64_t members; /* of all archives read */
    uint64_t slack;   /* expanded bytes always allowed ... */
    unsigned ratio;   /* ... plus this many times the size of the payload file */
    uint64_t inner; /* an inner archive up to this size is held in memory, so that it can be read in
                       any order (7z needs that); a larger one is read as a stream */
};
struct cret_nested_limits cret_nested_default_limits(void);

/* Reads up to size bytes at offset; *ret_got < size only at the end. */
struct cret_nested_input {
    enum cret_status (*read)(void *context, uint64_t offset, void *data, size_t size,
                             size_t *ret_got, struct cret_err *err);
    void *context;
    uint64_t size;    /* bytes */
    const char *name; /* of the payload file, for errors */
};

/* A file that is looked for: "rootfs/bin/busybox", "rootfs.cpio.gz!/bin/busybox". Names in an
 * archive count as the path that they are written to ("/a//./x/../b" is "a/b"), which must stand
 * here. */
struct cret_nested_want {
    const char *path;
    /* set by cret_nested_read */
    size_t found;  /* how often; digests are those of the first */
    size_t others; /* links, folders and devices of that name: which of them is there in the end
                      depends on who unpacks */
    uint64_t size;
    uint8_t sha256[CRET_SHA256_BYTES];
    uint8_t sha512[CRET_SHA512_BYTES];
};

enum cret_nested_outcome {
    CRET_NESTED_READ,        /* to the end: what was not found is not there */
    CRET_NESTED_UNSUPPORTED, /* a kind of file that is not read here (squashfs, disk images) */
};

/*
 * Reads an archive (zip, tar, cpio, 7z, tar and cpio also compressed with gzip, bzip2, xz, lzma,
 * zstd, lz4 or compress) and hashes the files that are wanted.
 *
 * CRET_OK with *ret_outcome; ret_detail (NULL, or 160 bytes) says in words what was unsupported.
 * class REFUSED, check sbom.nested: damaged, encrypted, two programs could see two sets of members
 * (a ZIP file whose two tables differ, a member below a link), or beyond a cap, which is noticed in
 * bounded time: at most the allowed bytes and what one 16 KiB block of input expands to are made.
 * class UNDECIDED: input, memory, or libarchive cannot be loaded.
 */
#define CRET_NESTED_DETAIL 160u
CRET_MUST_CHECK enum cret_status cret_nested_read(const struct cret_nested_input *input,
                                                  const struct cret_nested_limits *limits,
                                                  struct cret_nested_want *wants, size_t count,
                                                  enum cret_nested_outcome *ret_outcome,
                                                  char ret_detail[CRET_NESTED_DETAIL],
                                                  struct cret_err *err);

/* Loads what reading archives takes, as far as it is there: for a process that is about to be
 * confined, and opens nothing later. Some milliseconds. */
void cret_nested_prepare(void);
/* Whether an archive was to be read in this process, and the library could not be loaded. */
bool cret_nested_missed(void);

/* Told of each file that an archive holds. */
struct cret_nested_listener {
    /* path: below the payload file, "rootfs.cpio.gz!/bin/busybox"; any bytes, as the archive has
     * them. CRET_FAILED ends the listing. */
    enum cret_status (*member)(void *context, const char *path, uint64_t size,
                               const uint8_t sha256[CRET_SHA256_BYTES], struct cret_err *err);
    /* An archive in it that was not listed to its end, and why; path as above, NULL: the payload
     * file itself. */
    enum cret_status (*gap)(void *context, const char *path, const char *why, struct cret_err *err);
    void *context;
};

/* Whether bytes begin as one of the archives that are read here do. size: at least
 * CRET_NESTED_START where there are so many. */
#define CRET_NESTED_START 263u
bool cret_nested_begins(const uint8_t *bytes, size_t size);

/*
 * Hashes every regular file of an archive, and of the archives in it that are up to limits->inner
 * large. What is damaged, encrypted, ambiguous or beyond a cap is a gap, and what was told before
 * stays told: this finds things again, and proves nothing. class UNDECIDED: input, memory,
 * libarchive, or the listener failed.
 */
CRET_MUST_CHECK enum cret_status cret_nested_list(const struct cret_nested_input *input,
                                                  const struct cret_nested_limits *limits,
                                                  const struct cret_nested_listener *listener,
                                                  struct cret_err *err);

#endif
