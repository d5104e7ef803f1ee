/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512 of the files of a release, computed from the bytes as they are verified: manifests have
 * SHA-256 only, and advisories may name files by the other. */
#ifndef CRET_VERIFIER_ADVISE_DIGESTS_H
#define CRET_VERIFIER_ADVISE_DIGESTS_H

#include <jansson.h>

#include "release/manifest/manifest.h"

struct cret_advise_digests;

CRET_MUST_CHECK enum cret_status cret_advise_digests_new(struct cret_advise_digests **ret_digests,
                                                         const struct cret_manifest *manifest,
                                                         struct cret_err *err);
void cret_advise_digests_free(struct cret_advise_digests **digests);
/* The next bytes of an entry, ascending; different entries may come from different threads. */
CRET_MUST_CHECK enum cret_status cret_advise_digests_write(struct cret_advise_digests *digests,
                                                           size_t entry, uint64_t offset,
                                                           const uint8_t *data, size_t size,
                                                           struct cret_err *err);
/* Adds "sha512" to those of an array of files in the manifest's order whose bytes all came.
 * Non-zero: memory. */
int cret_advise_digests_add(const struct cret_advise_digests *digests, json_t *files);

#endif
