/* SPDX-License-Identifier: Apache-2.0 */
/* Where an SBOM stands in a release: an entry of the manifest's sbom[], and its file. */
#ifndef CRET_RELEASE_SBOM_PLACE_H
#define CRET_RELEASE_SBOM_PLACE_H

#include "release/manifest/manifest.h"

/* One entry of the manifest's sbom[]. */
struct cret_sbom_place {
    const struct cret_manifest *manifest;
    size_t index; /* below cret_sbom_listed() */
};

/* How many SBOMs the manifest lists. */
size_t cret_sbom_listed(const struct cret_manifest *manifest);
/* The entry itself; NULL: there is none. Borrowed. */
const json_t *cret_sbom_entry(const struct cret_sbom_place *place);
/* Index of its file in manifest->entries; file_count where there is none. */
size_t cret_sbom_file(const struct cret_sbom_place *place);

/*
 * Whether its bytes must be kept while the payload is read: sets *ret_entry to the index of its
 * file. False where there is none, or where it and those before it are too large to be parsed
 * together (CRET_LIMIT_PARSED_FILE_BYTES; then the check is called with text NULL).
 */
bool cret_sbom_wanted(const struct cret_sbom_place *place, size_t *ret_entry);

#endif
