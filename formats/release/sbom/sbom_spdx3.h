/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: an SPDX 3 document as a graph, and what it says of a component. */
#ifndef CRET_RELEASE_SBOM_SPDX3_H
#define CRET_RELEASE_SBOM_SPDX3_H

#include "release/sbom/sbom_internal.h"
#include "release/sbom/sbom_spdx3_classes.h"

#define CRET_SPDX3_GRAPH "@graph"
#define CRET_SPDX3_NO_COMPONENT SIZE_MAX

/* An object of @graph that has an id, or a relationship of it. */
struct cret_spdx3_element {
    const char *id; /* of a relationship: whom it is from; NULL: nobody */
    const json_t *json;
    const struct cret_spdx3_class *class; /* NULL: unknown */
    size_t place;                         /* in @graph */
    size_t component;   /* of a package or file: its number in the list of components */
    bool visited;       /* the document is about it */
    bool part;          /* something is made of it, or depends on it */
    bool built;         /* a build took it in, or made it */
    bool provided;      /* something needs it, and the product does not bring it along */
    const char *source; /* id of what it was generated from, or NULL */
};

struct cret_spdx3_list {
    struct cret_spdx3_element *list;
    size_t count;
};

struct cret_spdx3 {
    struct cret_spdx3_list elements;  /* in the order of their ids, then of @graph */
    struct cret_spdx3_list relations; /* in the order of whom they are from, then of @graph */
    json_t *imports;        /* object: ids of other documents, each with its ExternalMap */
    size_t documents;       /* how many SpdxDocument there are */
    const json_t *document; /* the first one, or NULL */
    size_t document_place;
    const json_t *creation;       /* its CreationInfo, or NULL */
    struct cret_spdx3_list roots; /* packages and files that the document is about */
};

/* sbom_spdx3_index.c. CRET_FAILED: memory. */
CRET_MUST_CHECK enum cret_status cret_spdx3_index(struct cret_spdx3 **ret_spdx3,
                                                  const json_t *document);
void cret_spdx3_free(struct cret_spdx3 **spdx3);
/* An object by its id; NULL: there is none. Of several the first one. */
struct cret_spdx3_element *cret_spdx3_find(const struct cret_spdx3 *spdx3, const char *id);
/* "NoneElement" of that and of its full IRI, and so for the other individuals; NULL: it is none. */
const char *cret_spdx3_individual(const char *id);
/* The next relationship of a type (NULL: any) from an element; *at begins with 0. NULL: no more. */
const struct cret_spdx3_element *
cret_spdx3_relation(const struct cret_spdx3 *spdx3, const char *from, const char *type, size_t *at);
/* Whether the class of the object with that id is one, or made of one; false: there is none. */
bool cret_spdx3_id_is(const struct cret_spdx3 *spdx3, const char *id, const char *class_name);
/* Fills roots. CRET_FAILED: memory. *ret_described: they are those of relationships `describes`. */
CRET_MUST_CHECK enum cret_status cret_spdx3_find_roots(struct cret_spdx3 *spdx3,
                                                       bool *ret_described);

/* sbom_spdx3_form.c: faults of @graph, its objects and references. */
void cret_spdx3_check(const struct cret_spdx3 *spdx3, const json_t *document,
                      struct cret_shape_run *run);
/* sbom_spdx3_meaning.c: faults of one object of that class, at the cursor, that are no matter of
 * its members' form. */
void cret_spdx3_check_meaning(const struct cret_spdx3 *spdx3, struct cret_shape_run *run,
                              const struct cret_spdx3_class *class, const json_t *object);

/* sbom_spdx3_facts.c. The name of a person or an organization; software is none. Else NULL. */
const char *cret_spdx3_agent(const struct cret_spdx3 *spdx3, const char *id);
/* Who supplied a component, or else who made it; NULL: nobody is named. */
const char *cret_spdx3_supplier(const struct cret_sbom *sbom, const json_t *component);
/* What the licence with that id is called: an expression, an id of the SPDX list, a name, NONE or
 * NOASSERTION; else the id. NULL only for NULL. */
const char *cret_spdx3_license(const struct cret_spdx3 *spdx3, const char *id);
/* Whether the product needs a component and does not bring it along (hasProvidedDependency). */
bool cret_spdx3_is_provided(const struct cret_sbom *sbom, const json_t *component);
/* Whether a relationship says what a component is made of or depends on. */
bool cret_spdx3_is_dependency(const char *type);
/* The next file that the document is about; *at begins with 0. NULL: no more. */
const struct cret_sbom_component *cret_spdx3_root_file(const struct cret_sbom *sbom, size_t *at);
/* Of the packages that the document is about the only one of that name and version; else NULL. */
const struct cret_sbom_component *cret_spdx3_root_named(const struct cret_sbom *sbom,
                                                        const char *name, const char *version);
/* The file in which a component is delivered, where it is exactly one; else NULL. */
const struct cret_sbom_component *cret_spdx3_artifact(const struct cret_sbom *sbom,
                                                      const struct cret_sbom_component *component);

#endif
