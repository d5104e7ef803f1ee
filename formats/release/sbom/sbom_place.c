/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of sbom[], and which of their files are kept to be parsed. */
#include "release/sbom/sbom_place.h"

#include "base/finding/limits.h"
#include "base/text/json.h"

size_t cret_sbom_listed(const struct cret_manifest *manifest)
{
    return json_array_size(json_object_get(manifest->json, "sbom"));
}

const json_t *cret_sbom_entry(const struct cret_sbom_place *place)
{
    return json_array_get(json_object_get(place->manifest->json, "sbom"), place->index);
}

size_t cret_sbom_file(const struct cret_sbom_place *place)
{
    return cret_manifest_find(place->manifest, cret_json_string(cret_sbom_entry(place), "file"));
}

bool cret_sbom_wanted(const struct cret_sbom_place *place, size_t *ret_entry)
{
    const struct cret_manifest *manifest = place->manifest;
    uint64_t room = CRET_LIMIT_PARSED_FILE_BYTES;
    for (size_t i = 0; i <= place->index; i++) {
        const size_t entry =
            cret_sbom_file(&(struct cret_sbom_place){.manifest = manifest, .index = i});
        const bool fits = entry < manifest->file_count && manifest->entries[entry].size <= room;
        if (i == place->index && fits) {
            *ret_entry = entry;
            return true;
        }
        room -= fits ? manifest->entries[entry].size : 0;
    }
    return false;
}
