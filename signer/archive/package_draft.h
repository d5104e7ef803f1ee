/* SPDX-License-Identifier: Apache-2.0 */
/* An OPC UA package that gets a signature: its members, and the list over them that is signed. */
#ifndef CRET_SIGNER_PACKAGE_DRAFT_H
#define CRET_SIGNER_PACKAGE_DRAFT_H

#include "package/package.h"
#include "package/zip_write.h"
#include "signer/archive/existing.h"

/* Zeroed is empty. */
struct cret_package_draft {
    struct cret_zip_out *zip;         /* where members are written; NULL: they are there */
    struct cret_asic_member *members; /* what the list will name */
    char **names;                     /* of these, owned */
    size_t count, capacity;
    char *list; /* once it was made, its text; */
    size_t list_size;
    unsigned number;
    char list_name[48], signature_name[48]; /* its name, and that of the signature over it */
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
/* The names of the `number`th list and its signature (ASiCManifest001.xml, signature001.p7s). */
void cret_package_draft_name(struct cret_package_draft *draft, unsigned number);
/* The list over all that was noted, under these names. */
CRET_MUST_CHECK enum cret_status cret_package_draft_list(struct cret_package_draft *draft,
                                                         struct cret_err *err);
/*
 * A release as a package that nobody signed yet, in a file that is empty; then the list that its
 * author signs. `existing` was read (cret_existing_read) and is verified here: every byte, every
 * signature, one at least. uri: ManufacturerUri, where the manifest has none; or NULL. class
 * REFUSED, or USAGE for what a package needs and the release lacks.
 */
CRET_MUST_CHECK enum cret_status cret_package_make(struct cret_package_draft *draft, int fd,
                                                   struct cret_existing *existing, const char *uri,
                                                   const struct cret_existing_work *work,
                                                   struct cret_err *err);

/* What META/package_metadata.json says of a release (docs/spec/uadipkg.md). uri: ManufacturerUri
 * where the manifest has none; or NULL. Caller frees. class USAGE names what is missing. */
CRET_MUST_CHECK enum cret_status cret_package_describe(char **ret_text, size_t *ret_size,
                                                       const struct cret_manifest *manifest,
                                                       const char *uri, struct cret_err *err);
/* Where a file of a release lies in a package; false where path has no room. */
bool cret_package_place(char *out, size_t size, const struct cret_manifest *manifest, size_t entry);

#endif
