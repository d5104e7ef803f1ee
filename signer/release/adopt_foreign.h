/* SPDX-License-Identifier: Apache-2.0 */
/* What the vendor's own signature of an adopted file proves, found by the reading process. */
#ifndef CRET_SIGNER_ADOPT_FOREIGN_H
#define CRET_SIGNER_ADOPT_FOREIGN_H

#include "foreign/foreign.h"
#include "release/manifest/manifest.h"
#include "signer/release/collect.h"

/* What is asked; borrowed. */
struct cret_adopt_foreign {
    const char *path;         /* the one file that is adopted */
    const char *const *sides; /* files beside it */
    size_t side_count;
    const struct cret_policy *policy; /* whom the vendor is pinned by; NULL: nobody is asked */
    const char *vendor, *product;     /* of the release: scopes of others count for nothing */
    int64_t now;
    bool published; /* its SHA-256 was compared with what the vendor published */
    bool allow_example_keys;
};

/*
 * Reads and judges the file; *ret_text (caller frees) says in one paragraph what was proved, by
 * whom, when, and what not, with all that has to be told; `warnings` gets what only warns;
 * ret_digests are of the bytes that were judged: SHA-256 of the file,
 * then of each side. class REFUSED with the check that failed; UNDECIDED. For the process that has
 * no key.
 */
CRET_MUST_CHECK enum cret_status cret_adopt_foreign_judge(char **ret_text,
                                                          uint8_t (*ret_digests)[CRET_SHA256_BYTES],
                                                          struct cret_findings *warnings,
                                                          const struct cret_adopt_foreign *what,
                                                          struct cret_err *err);

/* Whether the manifest lists each of these files with its digest: what was judged is what is
 * packed. The first of files[] of the description is the adopted one, those beside it follow, and
 * the collection says which path each has. digests NULL: nothing was judged. class REFUSED,
 * foreign.value. */
CRET_MUST_CHECK enum cret_status cret_adopt_foreign_packed(const struct cret_manifest *manifest,
                                                           const struct cret_collection *collection,
                                                           uint8_t (*digests)[CRET_SHA256_BYTES],
                                                           const struct cret_adopt_foreign *what,
                                                           struct cret_err *err);

#endif
