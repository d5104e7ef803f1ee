/* SPDX-License-Identifier: Apache-2.0 */
/* The one JSON document that a child hands over: what is said of the release and its signatures. */
#ifndef CRET_VERIFIER_DESCRIBE_H
#define CRET_VERIFIER_DESCRIBE_H

#include <jansson.h>

#include "engine/inspect.h"

/*
 * {"fileCount", "fileBytes", "documents", "signatures": [...], the parts of recorded.h, "manifest":
 * {...} where whole}. manifest may be NULL (then only signatures). facts: of the checks on the
 * content. New reference; NULL when memory is exhausted.
 */
json_t *cret_describe(const struct cret_manifest *manifest, const struct cret_gate_result *gate,
                      const struct cret_content_facts *facts, bool whole);

/*
 * {"identity", "vendor", "product", "version"} of a front whose manifest was not authenticated;
 * what it is by its digest, and what it says of itself where it is a manifest at all. Nobody
 * vouches for it. New reference; NULL when memory is exhausted, or no digest could be made.
 */
json_t *cret_describe_claim(const struct cret_front *front);

/* What the TPM needs to verify each signature once more (--tpm-verify): a list of {"name",
 * "algorithm", "key", "digest", "value"}. New reference; NULL when memory is exhausted. */
json_t *cret_describe_cross_checks(const struct cret_gate_result *gate);

#endif
