/* SPDX-License-Identifier: Apache-2.0 */
/* ASiCManifest (EN 319 162-1, Annex A.4): the list of digests that a signature in a package is
 * over. */
#ifndef CRET_PACKAGE_ASIC_MANIFEST_H
#define CRET_PACKAGE_ASIC_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/finding/err.h"

/* One member with its digest. */
struct cret_asic_reference {
    char *name; /* in the package: the URI, decoded */
    bool sha512;
    uint8_t digest[CRET_SHA512_BYTES]; /* 32 or 64 bytes of it */
};

struct cret_asic_manifest {
    char *signature; /* the member that is the signature over this file */
    struct cret_asic_reference *references;
    size_t count;
};

/*
 * Reads one strictly: the elements of the schema in their order, no extensions (a reader that does
 * not know them cannot say what they change), URIs relative to the root of the package, percent
 * encoding decoded once, names safe and none twice, digests by SHA-256 or SHA-512. name: for
 * errors. class REFUSED, check package.manifest.
 */
CRET_MUST_CHECK enum cret_status cret_asic_manifest_parse(struct cret_asic_manifest **ret_manifest,
                                                          const char *text, size_t size,
                                                          const char *name, struct cret_err *err);
void cret_asic_manifest_free(struct cret_asic_manifest **manifest);
/* The reference to this member, or NULL. */
const struct cret_asic_reference *cret_asic_manifest_find(const struct cret_asic_manifest *manifest,
                                                          const char *name);

/* What is written of a member. */
struct cret_asic_member {
    const char *name;
    const char *media_type; /* or NULL */
    uint8_t sha256[CRET_SHA256_BYTES];
};
/* The text of a list over these, in their order. Caller frees *ret_text. */
CRET_MUST_CHECK enum cret_status cret_asic_manifest_write(char **ret_text, size_t *ret_size,
                                                          const char *signature,
                                                          const struct cret_asic_member *members,
                                                          size_t count, struct cret_err *err);

#endif
