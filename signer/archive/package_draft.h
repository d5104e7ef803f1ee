/* SPDX-License-Identifier: Apache-2.0 */
/* An OPC UA package that is being written: its members, the signed list over them, its own check.
 */
#ifndef CRET_SIGNER_PACKAGE_DRAFT_H
#define CRET_SIGNER_PACKAGE_DRAFT_H

#include "keys/sign.h"
#include "package/package.h"
#include "package/zip_write.h"
#include "signer/archive/existing.h"

struct cret_package_draft {
    int fd; /* of the file that is written; borrowed */
    struct cret_zip_out *zip;
    struct cret_asic_member *members; /* what the list will name */
    char **names;                     /* of these, owned */
    size_t count, capacity;
    uint8_t list_digest[CRET_SHA256_BYTES]; /* once it was signed */
};
void cret_package_draft_clear(struct cret_package_draft *draft);

/* A member that lists name, with its digest; nothing is written. */
CRET_MUST_CHECK enum cret_status cret_package_draft_note(struct cret_package_draft *draft,
                                                         const char *name,
                                                         const uint8_t sha256[CRET_SHA256_BYTES],
                                                         struct cret_err *err);
/* A member with these bytes, noted. */
CRET_MUST_CHECK enum cret_status cret_package_draft_add(struct cret_package_draft *draft,
                                                        const char *name, const void *data,
                                                        size_t size, struct cret_err *err);
/* A file of a verified archive, compared once more as it is copied. */
CRET_MUST_CHECK enum cret_status cret_package_draft_add_file(struct cret_package_draft *draft,
                                                             const char *name,
                                                             const struct cret_existing *existing,
                                                             size_t entry, struct cret_err *err);
/* The list over all that was noted, and the signature over it, under the `number`th names
 * (ASiCManifest001.xml, signature001.p7s); then the end of the file. */
CRET_MUST_CHECK enum cret_status cret_package_draft_sign(struct cret_package_draft *draft,
                                                         unsigned number,
                                                         const struct cret_sign_request *request,
                                                         struct cret_err *err);

/* What META/package_metadata.json says of a release (docs/spec/uadipkg.md). uri: ManufacturerUri
 * where the manifest has none; or NULL. Caller frees. class USAGE names what is missing. */
CRET_MUST_CHECK enum cret_status cret_package_describe(char **ret_text, size_t *ret_size,
                                                       const struct cret_manifest *manifest,
                                                       const char *uri, struct cret_err *err);
/* Where a file of a release lies in a package; false where path has no room. */
bool cret_package_place(char *out, size_t size, const struct cret_manifest *manifest, size_t entry);

#endif
