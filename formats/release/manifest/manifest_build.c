/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest of what another format says. */
#include <stdlib.h>

#include "release/manifest/manifest_internal.h"

/* Names are kept by the manifest. */
static enum cret_status copy_file(struct cret_manifest *manifest, size_t index,
                                  const struct cret_manifest_plan *plan)
{
    const struct cret_manifest_file *file = &plan->files[index];
    manifest->entries[index] = plan->entries[index];
    manifest->entries[index].path =
        cret_manifest_strings_add(manifest->strings, plan->entries[index].path);
    manifest->files[index].role = cret_manifest_strings_share(manifest->strings, file->role);
    if (file->original != NULL) {
        manifest->files[index].original =
            cret_manifest_strings_add(manifest->strings, file->original);
    }
    return manifest->entries[index].path != NULL && manifest->files[index].role != NULL &&
                   (file->original == NULL || manifest->files[index].original != NULL)
               ? CRET_OK
               : CRET_FAILED;
}

enum cret_status cret_manifest_build(struct cret_manifest **ret_manifest,
                                     const struct cret_manifest_plan *plan, struct cret_err *err)
{
    struct cret_manifest *manifest = calloc(1, sizeof(*manifest));
    if (manifest == NULL) {
        json_decref(plan->json);
        return cret_err_memory(err);
    }
    manifest->json = plan->json;
    manifest->vendor = plan->vendor;
    manifest->product = plan->product;
    manifest->version = plan->version;
    manifest->entries = calloc(plan->count + 1, sizeof(*manifest->entries));
    manifest->files = calloc(plan->count + 1, sizeof(*manifest->files));
    enum cret_status status = cret_manifest_strings_new(&manifest->strings);
    if (manifest->entries == NULL || manifest->files == NULL) {
        status = CRET_FAILED;
    }
    for (size_t i = 0; status == CRET_OK && i < plan->count; i++) {
        status = copy_file(manifest, i, plan);
        manifest->file_count = i + 1;
    }
    if (status != CRET_OK) {
        cret_manifest_free(&manifest);
        return cret_err_memory(err);
    }
    *ret_manifest = manifest;
    return CRET_OK;
}
