/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to `sbom complete`: one completion in progress, shared by its files. */
#ifndef CRET_RELEASE_SBOM_COMPLETE_INTERNAL_H
#define CRET_RELEASE_SBOM_COMPLETE_INTERNAL_H

#include "release/sbom/sbom_complete.h"
#include "release/sbom/sbom_internal.h"

struct cret_completion {
    struct cret_sbom *sbom;
    const struct cret_sbom_facts *facts;
    json_t *changes;   /* strings */
    bool failed;       /* memory */
    char space[48];    /* urn:uuid: of this release and SBOM */
    json_t *made;      /* SPDX 3: what was added, by its id */
    const char *maker; /* SPDX 3: the id of the manufacturer, once it is known */
};

/* Sets a string member; says so where that changes something. */
void cret_completion_text(struct cret_completion *completion, json_t *object, const char *where,
                          const char *member, const char *text);
/* The hashes of a component become those of its file. */
void cret_completion_hashes(struct cret_completion *completion, json_t *component,
                            const char *where, const struct cret_sbom_bound *bound);
/* A UUID as urn:uuid: that only this release has (RFC 9562, version 8), the same on every machine.
 * of: what of it; "" for its SBOM. */
CRET_MUST_CHECK enum cret_status cret_completion_uuid(const struct cret_completion *completion,
                                                      const char *of, char out[48],
                                                      struct cret_err *err);

/* Takes the signature of a CycloneDX document out, where anything changed: it was over what stood
 * there before. */
void cret_completion_unsign(struct cret_completion *completion);
/* One change, for people. */
void cret_completion_note(struct cret_completion *completion, const char *format, ...)
    CRET_PRINTF(2, 3);

/*
 * The component that stands for the product (sbom_root.c). A root that the SBOM's tool made for
 * something else (a base image, a build folder) stays what it is: the product becomes a new root
 * above it, which depends on it (CycloneDX) or contains it (SPDX). Where there was no root, the new
 * one stands above whatever nothing else leads to. Borrowed; NULL: out of memory.
 */
json_t *cret_completion_root(struct cret_completion *completion);

#endif
