/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a package that is made of a release. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "signer/archive/package_draft.h"

/* A release that verifies in itself: every byte, every signature, and one at least. */
static enum cret_status verify(struct cret_existing *existing,
                               const struct cret_existing_work *work, struct cret_err *err)
{
    if (existing->gate.signature_count == 0) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the archive carries no signature");
        return cret_err_hint(err, "sign the release first: its signature rides along");
    }
    return cret_existing_verify(existing, work, err);
}

static enum cret_status add_release(struct cret_package_draft *draft,
                                    const struct cret_front *front, struct cret_err *err)
{
    if (cret_package_draft_add(draft, CRET_PACKAGE_RELEASE_MANIFEST, front->manifest,
                               front->manifest_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < front->signature_count; i++) {
        char name[sizeof(CRET_PACKAGE_RELEASE_SIGNATURES) + 24] = CRET_PACKAGE_RELEASE_SIGNATURES;
        strcat(name, front->signatures[i].name);
        strcat(name, ".p7s");
        if (cret_package_draft_add(draft, name, front->signatures[i].data,
                                   front->signatures[i].size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status add_files(struct cret_package_draft *draft,
                                  const struct cret_existing *existing,
                                  const struct cret_existing_work *work, struct cret_err *err)
{
    const struct cret_manifest *manifest = existing->manifest;
    for (size_t i = 0; i < manifest->file_count; i++) {
        char name[256];
        if (!cret_package_place(name, sizeof(name), manifest, i)) {
            return cret_err_undecided(err, "internal error: the name of a file");
        }
        if (cret_package_draft_add_file(draft, name, existing, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (work->progress != NULL) {
            work->progress(work->context, existing->size, existing->size); /* it goes on */
        }
    }
    return CRET_OK;
}

enum cret_status cret_package_make(struct cret_package_draft *draft, int fd,
                                   struct cret_existing *existing, const char *uri,
                                   const struct cret_existing_work *work, struct cret_err *err)
{
    static const char type[] = CRET_PACKAGE_MEDIA_TYPE;
    char *metadata = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (verify(existing, work, err) != CRET_OK ||
        cret_package_describe(&metadata, &size, existing->manifest, uri, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_package_draft_name(draft, 1);
    if (cret_zip_out_new(&draft->zip, fd, err) == CRET_OK &&
        cret_zip_out_add(draft->zip, "mimetype", type, sizeof(type) - 1, err) == CRET_OK &&
        cret_package_draft_add(draft, CRET_PACKAGE_METADATA_PATH, metadata, size, err) == CRET_OK &&
        add_files(draft, existing, work, err) == CRET_OK &&
        add_release(draft, existing->front, err) == CRET_OK &&
        cret_zip_out_finish(draft->zip, err) == CRET_OK) {
        status = cret_package_draft_list(draft, err);
    }
    free(metadata);
    return status;
}
