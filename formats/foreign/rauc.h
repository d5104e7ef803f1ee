/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RAUC bundles (docs/spec/foreign-updates.md): a squashfs, then a CMS, then its size. Plain: the
 * CMS is over the squashfs. Verity: it holds a manifest with the root of a hash tree (dm-verity)
 * that stands between squashfs and CMS.
 */
#ifndef CRET_FOREIGN_RAUC_H
#define CRET_FOREIGN_RAUC_H

#include "base/digest/digest.h"
#include "foreign/file.h"
#include "trust/asn1/der.h"

#define CRET_RAUC_CMS_BYTES (256u << 10) /* as other signatures; RAUC's own cap is 64 KiB */
#define CRET_RAUC_BLOCK 4096u
#define CRET_RAUC_SIZE_BYTES 8u /* of the CMS's size, at the end */

struct cret_rauc {
    uint64_t payload; /* bytes before the CMS */
    size_t cms_size;
};

/* What the manifest of a verity bundle says of its tree. */
struct cret_rauc_verity {
    uint8_t root[CRET_SHA256_BYTES], salt[32];
    uint64_t tree;                     /* bytes */
    char version[64], compatible[128]; /* "" where it says nothing */
};

/* A squashfs with the size of a CMS at its end, where one begins? */
bool cret_rauc_recognized(const struct cret_foreign_file *file);

/* class REFUSED with foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_rauc_open(struct cret_rauc *ret_bundle,
                                                const struct cret_foreign_file *file,
                                                struct cret_err *err);

/* [bundle] of a manifest: format=verity and its three fields, once each. Only of one whose
 * signature was verified. class REFUSED with foreign.form. */
CRET_MUST_CHECK enum cret_status cret_rauc_manifest_read(struct cret_rauc_verity *ret_verity,
                                                         const char *text, size_t size,
                                                         struct cret_err *err);

/*
 * Hashes every block of the squashfs, and compares every byte of the tree with what follows of
 * them, up to the root. *ret_data: bytes of the squashfs. class REFUSED with foreign.value (the
 * block is named) or foreign.form; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_rauc_tree_verify(uint64_t *ret_data,
                                                       const struct cret_rauc *bundle,
                                                       const struct cret_rauc_verity *verity,
                                                       const struct cret_foreign_file *file,
                                                       struct cret_err *err);

#endif
