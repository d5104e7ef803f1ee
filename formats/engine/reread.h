/* SPDX-License-Identifier: Apache-2.0 */
/* Payload files read a second time, after their digests matched: compared once more as they are
 * read (container/proved.h), so that a writer in between changes nothing but that the run ends
 * undecided. */
#ifndef CRET_ENGINE_REREAD_H
#define CRET_ENGINE_REREAD_H

#include "container/proved.h"
#include "container/source.h"
#include "release/sbom/sbom.h"

struct cret_reread {
    const struct cret_source *source; /* a file */
    const struct cret_manifest *manifest;
    int directory;            /* detached payload; else -1 */
    const char *const *names; /* detached: the file name of each entry */
    enum cret_hash_choice hash;
    struct cret_watch watch;
    size_t entry; /* the one that is being read */
    struct cret_proved *proved;
    int fd; /* detached: of that one; else -1 */
};

/* source and manifest are borrowed; entries have the offsets of a walk that succeeded. */
void cret_reread_init(struct cret_reread *reread, const struct cret_source *source,
                      const struct cret_manifest *manifest, int directory, const char *const *names,
                      enum cret_hash_choice hash, const struct cret_watch *watch);
void cret_reread_clear(struct cret_reread *reread);
struct cret_payload_reader cret_reread_reader(struct cret_reread *reread);

#endif
