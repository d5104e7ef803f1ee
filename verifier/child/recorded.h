/* SPDX-License-Identifier: Apache-2.0 */
/* What a record repeats of a release, within fixed bounds. */
#ifndef CRET_VERIFIER_RECORDED_H
#define CRET_VERIFIER_RECORDED_H

#include "base/text/json_build.h"
#include "engine/content.h"

/*
 * Adds to the document, as a record has it under `what`: each part of the manifest whose row says
 * CRET_RECORDED, "sbom", "advice", and "leftOut". Of a list or map the first entries, at most
 * CRET_LIMIT_RECORD_ENTRIES and CRET_LIMIT_RECORD_PART bytes; what a board decides by (security
 * changes, settings that must or cannot change) comes before the rest there, and of advice what is
 * graver. leftOut counts the others. The same release gives the same bytes.
 */
void cret_recorded_parts(struct cret_build *document, const struct cret_manifest *manifest,
                         const struct cret_content_facts *facts);

#endif
