/* SPDX-License-Identifier: Apache-2.0 */
/* The list of an SBOM's components, with the place of each in the document. */
#include <stdlib.h>
#include <string.h>

#include "release/sbom/sbom_internal.h"

enum cret_status cret_sbom_add(struct cret_sbom_components *components, const json_t *json,
                               const struct cret_shape_run *run)
{
    if (components->count == components->capacity) {
        const size_t capacity = components->capacity > 0 ? 2 * components->capacity : 64;
        struct cret_sbom_component *list =
            reallocarray(components->list, capacity, sizeof(*components->list));
        if (list == NULL) {
            return CRET_FAILED;
        }
        components->list = list;
        components->capacity = capacity;
    }
    char *pointer = strdup(cret_json_here(&run->at));
    if (pointer == NULL || run->at.failed) {
        free(pointer);
        return CRET_FAILED;
    }
    components->list[components->count++] =
        (struct cret_sbom_component){.json = json, .pointer = pointer};
    return CRET_OK;
}

const struct cret_sbom_component *cret_sbom_root(const struct cret_sbom *sbom)
{
    for (size_t i = 0; i < sbom->components.count; i++) {
        if (sbom->components.list[i].json == sbom->components.root) {
            return &sbom->components.list[i];
        }
    }
    return NULL;
}
