/* SPDX-License-Identifier: Apache-2.0 */
/* OpenEoX core (OASIS): a file of the release that says until when the product is sold and
 * supported, held against what the manifest says. */
#ifndef CRET_RELEASE_OPENEOX_H
#define CRET_RELEASE_OPENEOX_H

#include "release/advisory/advisory.h"

/* Whether a file is such a document, by its name: openeox.json, *.openeox.json. */
bool cret_openeox_wanted(const struct cret_manifest *manifest, size_t entry);

/*
 * lifecycle.dates, for each such file: FAIL where it is no valid OpenEoX core document (with the
 * number of the mandatory test that it fails) or says another date than the manifest; NOT_CHECKED
 * where it could not be read, or the manifest says none of its dates; else PASS. A document names
 * no product: it means this one because the release carries it.
 */
void cret_openeox_check(const struct cret_manifest *manifest, cret_payload_text text,
                        const void *context, struct cret_findings *findings);

#endif
