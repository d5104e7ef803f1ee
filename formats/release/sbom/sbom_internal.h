/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: what the SBOM formats have in common. */
#ifndef CRET_RELEASE_SBOM_INTERNAL_H
#define CRET_RELEASE_SBOM_INTERNAL_H

#include "release/sbom/sbom.h"
#include "release/sbom/sbom_shape.h"

/* One component (CycloneDX), package or file (SPDX). */
struct cret_sbom_component {
    const json_t *json;
    char *pointer; /* RFC 6901, without '#' */
};

struct cret_sbom_components {
    struct cret_sbom_component *list;
    size_t count, capacity;
    size_t packages;    /* SPDX: the first ones are packages, the rest files and, of SPDX 3, what
                           builds took in; else count */
    const json_t *root; /* the component that stands for the product, or NULL */
};

/* One of the formats: names of members, and what needs code. */
struct cret_sbom_kind {
    const char *name; /* prefix of the manifest's sbom.format, "CycloneDX-" */
    const struct cret_shape *shape;
    const char *reference, *label, *version; /* members of a component */
    const char *hashes, *algorithm, *value, *sha256, *sha512;
    const char *root_words; /* where the root component is, for people */
    /* The next package URL of a component; *at begins with 0. NULL: no more. */
    const char *(*purl)(const json_t *component, size_t *at);
    /* The next CPE name. */
    const char *(*cpe)(const json_t *component, size_t *at);
    /* Fills the list; faults of the root's definition are added to run. */
    enum cret_status (*collect)(struct cret_sbom *sbom, struct cret_shape_run *run);
    /* Rules across the document: unique references, nothing dangling. */
    enum cret_status (*check)(const struct cret_sbom *sbom, struct cret_shape_run *run);
};
extern const struct cret_sbom_kind cret_sbom_cyclonedx;
extern const struct cret_sbom_kind cret_sbom_spdx;
extern const struct cret_sbom_kind cret_sbom_spdx3;

/* sbom_cyclonedx_shapes.c: a whole BOM. */
extern const struct cret_shape cret_cyclonedx_shape;

/* Appends a component at the place of the cursor. CRET_FAILED: memory. */
CRET_MUST_CHECK enum cret_status cret_sbom_add(struct cret_sbom_components *components,
                                               const json_t *json,
                                               const struct cret_shape_run *run);

/* A parsed SBOM (sbom_document.c). */
struct cret_sbom {
    json_t *json;
    const struct cret_sbom_kind *kind;
    int minor;        /* of the format's version */
    char format[16];  /* as the manifest writes it, "CycloneDX-1.6" */
    const char *file; /* for findings; borrowed */
    size_t faults;    /* of its form */
    struct cret_sbom_components components;
    bool released;       /* it came with a release, whose signature covers it */
    json_t *lines;       /* of tag-value and sets: where pointers are from; else NULL */
    json_t *documents;   /* of a set: the file of each DocumentRef-x but the main one; or NULL */
    size_t own_packages; /* of a set: of its main document */
    struct cret_spdx3 *spdx3; /* of SPDX 3 alone (sbom_spdx3.h), else NULL */
};

/* The component that stands for the product, or NULL. */
const struct cret_sbom_component *cret_sbom_root(const struct cret_sbom *sbom);

/* sbom_graph.c: relationships of SPDX that say what a package is made of or depends on; all others
 * are about something else (who describes, tests, or patches whom). */
bool cret_sbom_is_dependency(const char *type);

/* sbom_binding.c: binding of an SBOM to the release; findings of sbom.binding and sbom.nested.
 * reader may be NULL. CRET_FAILED: class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_sbom_bind(const struct cret_sbom *sbom,
                                                const struct cret_sbom_place *place,
                                                const struct cret_payload_reader *reader,
                                                struct cret_findings *findings,
                                                struct cret_err *err);

#endif
