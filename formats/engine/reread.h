/* SPDX-License-Identifier: Apache-2.0 */
/* Payload files read a second time, after their digests matched. */
#ifndef CRET_ENGINE_REREAD_H
#define CRET_ENGINE_REREAD_H

#include "container/source.h"
#include "release/sbom.h"

/*
 * The bytes come from the very descriptors that were verified, never from a path that was opened
 * again, except in the detached form, whose files have no other. Whoever can write to the archive
 * while it is verified could change what is read here; what is installed is what `extract` hashed
 * in its own pass.
 */
struct cret_reread {
    const struct cret_source *source; /* seekable */
    const struct cret_manifest *manifest;
    int directory;            /* detached payload; else -1 */
    const char *const *names; /* detached: the file name of each entry */
    size_t entry;             /* detached: the one that is open */
    int fd;                   /* -1: none */
};

/* source and manifest are borrowed; entries have the offsets of a walk that succeeded. */
void cret_reread_init(struct cret_reread *reread, const struct cret_source *source,
                      const struct cret_manifest *manifest, int directory,
                      const char *const *names);
void cret_reread_clear(struct cret_reread *reread);
struct cret_payload_reader cret_reread_reader(struct cret_reread *reread);

#endif
