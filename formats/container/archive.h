/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical archive: reading its front, walking its payload, writing both
 * (docs/spec/archive.md). */
#ifndef CRET_CONTAINER_ARCHIVE_H
#define CRET_CONTAINER_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest/hash_engine.h"
#include "container/layout.h"
#include "container/source.h"

/* Members 1 and 2, as bytes. Nothing in it is trusted. */
struct cret_front {
    uint8_t *manifest;
    size_t manifest_size;
    int64_t seconds; /* the mtime that every header must carry */
    struct cret_signature *signatures;
    size_t signature_count; /* 0: an unsigned archive, which every caller but `show` and the signer
                               refuses */
    uint64_t end;           /* offset of the first byte after the front */
};

/*
 * Reads the front of a source from its beginning, comparing each header and padding byte with the
 * regenerated one. Stops before the first header that does not begin with "SIGNATURES/"; that
 * block stays unread on a seekable source, and is kept for cret_archive_walk on a pipe. Refuses
 * (check archive.framing / archive.limits) whatever is not canonical. An empty input and a foreign
 * file are named as such.
 */
CRET_MUST_CHECK enum cret_status cret_front_read(struct cret_front **ret_front,
                                                 struct cret_source *source, struct cret_err *err);
/* A file that is MANIFEST.json alone, without its archive: a front without signatures, of which
 * nothing can be verified. Refuses what does not begin as JSON as cret_front_read() does. */
CRET_MUST_CHECK enum cret_status cret_front_read_alone(struct cret_front **ret_front,
                                                       struct cret_source *source,
                                                       struct cret_err *err);
void cret_front_free(struct cret_front **front);

/* What a caller wants of each byte that was hashed (extract, files to parse). Called with bytes of
 * one pass, the very ones that were hashed; calls of one entry come in ascending offset on one
 * thread at a time, different entries concurrently. */
typedef enum cret_status (*cret_payload_sink)(void *context, size_t entry, uint64_t offset,
                                              const uint8_t *data, size_t size,
                                              struct cret_err *err);

struct cret_ahead;

struct cret_walk {
    struct cret_entry *entries; /* sorted; offsets are set by the walk */
    size_t count;
    bool fast;     /* one digest a file: the tree where there is one */
    unsigned jobs; /* threads; a pipe uses at most two */
    enum cret_hash_choice hash;
    int payload_directory;     /* detached form: entries are files below this folder, by
                                  `names`; else -1 */
    const char *const *names;  /* detached: the file name of each entry */
    cret_payload_sink sink;    /* or NULL */
    const bool *sink_wanted;   /* which entries the sink gets; NULL: all */
    const bool *digest_wanted; /* which entries are read; NULL: all (headers always are) */
    struct cret_ahead *ahead;  /* what was hashed already (ahead.h), or NULL */
    void *context;             /* of sink and progress */
    void (*progress)(void *context, uint64_t done, uint64_t total); /* calling thread, or NULL */
    enum cret_hash_id engine; /* set by the walk, where it came to reading files: what computed
                                 trees, and digests of small files */
    bool has_engine;
};

/*
 * Checks everything after the front: each header and padding byte, each file's size and digests,
 * the two end blocks, and that nothing follows. On failure err is class REFUSED with check
 * archive.framing, file.digests or archive.limits and names member and offset, or UNDECIDED for
 * I/O. Whatever the number of threads, the same fault is reported: that of the lowest member. (On a
 * seekable source what lies around large members, and the end, is checked before any digest: such a
 * fault comes first, with the lowest member whose framing is wrong.) Detached: the front must end
 * with the two end blocks, and each payload file must be a regular file of the right size and
 * digests.
 */
CRET_MUST_CHECK enum cret_status cret_archive_walk(struct cret_source *source,
                                                   const struct cret_front *front,
                                                   struct cret_walk *walk, struct cret_err *err);

/* Writes heads, contents and padding of the front, whose signatures are sorted by name, at offset 0
 * of fd. Returns its size in *ret_size, equal to cret_layout_front_size; front->end is not looked
 * at. class REFUSED, check archive.limits where a cap is passed. */
CRET_MUST_CHECK enum cret_status cret_front_write(int fd, const struct cret_front *front,
                                                  uint64_t *ret_size, struct cret_err *err);
/* Writes the two end blocks at offset and cuts the file there. */
CRET_MUST_CHECK enum cret_status cret_archive_end(int fd, uint64_t offset, struct cret_err *err);

#endif
