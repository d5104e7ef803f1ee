/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to advisories: reading the security profile of an SPDX 3 document. */
#ifndef CRET_RELEASE_ADVISORY_SPDX3_H
#define CRET_RELEASE_ADVISORY_SPDX3_H

#include "release/advisory/advisory_internal.h"
#include "release/sbom/sbom_spdx3.h"

/* One document while it is read. */
struct cret_spdx3_reading {
    struct cret_advisory *advisory;
    struct cret_sbom *sbom;
    bool *in_root; /* for each element: it is a part of the one product of the document */
};

/* Finds the product of the document and what is a part of it. Non-zero: memory. */
int cret_advisory_spdx3_begin(struct cret_spdx3_reading *reading);

/* advisory_shape.c: holds a document to its form, and to what `more` looks for. *ret_sbom: it, as
 * an SBOM (caller: cret_sbom_free). */
CRET_MUST_CHECK enum cret_status
cret_advisory_shape_spdx3(struct cret_sbom **ret_sbom, json_t *document,
                          void (*more)(const struct cret_spdx3 *spdx3, struct cret_shape_run *run),
                          struct cret_err *err);

/* Appends to ids the products that a statement about `id` means, each of which is added to those of
 * the document; of a collection all that it is about. assessed: the part that is meant, or NULL.
 * Non-zero: memory. */
int cret_advisory_spdx3_products(struct cret_spdx3_reading *reading, const char *id,
                                 const char *assessed, json_t *ids);

#endif
