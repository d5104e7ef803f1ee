/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to `sbom complete`: one completion in progress, shared by its files. */
#ifndef CRET_RELEASE_SBOM_COMPLETE_INTERNAL_H
#define CRET_RELEASE_SBOM_COMPLETE_INTERNAL_H

#include "release/sbom/sbom_complete.h"
#include "release/sbom/sbom_internal.h"

struct cret_completion {
    struct cret_sbom *sbom;
    const struct cret_sbom_facts *facts;
    json_t *changes; /* strings */
    bool failed;     /* memory */
};

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
