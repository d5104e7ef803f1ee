/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of a release as VDI 2770 part 1 wants it handed over: the metadata of its document
 * container. What the guideline demands and the release does not say is named, and never made up.
 */
#ifndef CRET_VERIFIER_VDI2770_H
#define CRET_VERIFIER_VDI2770_H

#include <jansson.h>

#include "base/finding/err.h"
#include "base/text/text.h"

#define CRET_VDI2770_METADATA "VDI2770_Metadata.xml"

/* What was found out of one document. */
struct cret_vdi2770 {
    struct cret_buffer missing; /* why there can be no container: words, separated by "; " */
    struct cret_buffer notes;   /* what a receiver may miss in it */
    struct cret_buffer metadata;
};

/*
 * Fills *ret_made of one entry of documents[]; facts: the manifest; comment: stands in the metadata
 * as such ("verified, ..."), without hyphens in a row. Where something is missing, metadata is not
 * to be used. class UNDECIDED: memory. Free with cret_vdi2770_clear() in every case.
 */
CRET_MUST_CHECK enum cret_status cret_vdi2770_make(struct cret_vdi2770 *ret_made,
                                                   const json_t *facts, const json_t *document,
                                                   const char *comment, struct cret_err *err);
void cret_vdi2770_clear(struct cret_vdi2770 *made);

/* The primary id, or the first. NULL: none. */
const char *cret_vdi2770_id(const json_t *document);

#endif
