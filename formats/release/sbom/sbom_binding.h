/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the binding of SBOMs: one check of one SBOM, and the hashes of its components. */
#ifndef CRET_RELEASE_SBOM_BINDING_H
#define CRET_RELEASE_SBOM_BINDING_H

#include "release/sbom/sbom_spdx3.h"

/* Ways to name a component, in the order in which they are tried. */
enum { NAME_REFERENCE, NAME_PURL, NAME_LABEL, NAME_WAYS };

/* What the hashes of a component say. */
struct cret_binding_hash {
    size_t sha256, sha512;        /* how many */
    bool any;                     /* of whatever algorithm */
    const char *value, *value512; /* the first ones */
    size_t index, index512;       /* their places in the list */
};

/* A component that is a file inside an archive of the payload. */
struct cret_binding_inner {
    const struct cret_sbom_component *component;
    struct cret_binding_hash hashes;
    const struct cret_entry *entry;
    const char *member, *name; /* name: the component, as the manifest calls it */
    bool done;
};

/* One check of one SBOM. */
struct cret_binding {
    const struct cret_sbom *sbom;
    const struct cret_manifest *manifest;
    const json_t *entry; /* of sbom[] */
    const struct cret_payload_reader *reader;
    json_t *names[NAME_WAYS];  /* objects: name to number of the component */
    struct cret_shape_run run; /* check sbom.binding; pointers into the SBOM */
    struct cret_binding_inner *inners;
    size_t inner_count;
    size_t bound;     /* binds[] that hold */
    size_t unchecked; /* binds[] whose bytes could not be read */
    bool root_bound;  /* one of them names the root component */
    bool file_bound;  /* SPDX 3: one of them names a file that the document is about */
    const struct cret_sbom_component *root;
};

/* Places the pointer on a component; NULL: on the document. */
void cret_binding_point(struct cret_binding *binding, const struct cret_sbom_component *component);
/* Whether both are the same digest, in whichever case; false for NULL. */
bool cret_binding_hex_equal(const char *left, const char *right);
struct cret_binding_hash cret_binding_hashes(const struct cret_binding *binding,
                                             const json_t *component);
/* Where the hashes of a component stand: in itself, or, of SPDX 3, in the file that it is delivered
 * in. Adds a fault where both have one and they differ. */
const struct cret_sbom_component *cret_binding_holder(struct cret_binding *binding,
                                                      const struct cret_sbom_component *component);
/* A component must have one SHA-256, or where its bytes can be hashed one SHA-512. Adds the fault
 * at the pointer where it has not. */
bool cret_binding_has_hash(struct cret_binding *binding, const struct cret_binding_hash *hashes,
                           bool sha512_will_do, const char *subject);
/* A fault at the index-th hash of the component at the pointer. */
void cret_binding_hash_fault(struct cret_binding *binding, size_t index, const char *expected,
                             const char *actual, const char *subject, const char *algorithm,
                             const char *file);
/* Compares the hashes that a component has with digests of its bytes; sha512 NULL: not computed. */
bool cret_binding_hashes_hold(struct cret_binding *binding, const struct cret_binding_hash *hashes,
                              const uint8_t *sha256, const uint8_t *sha512, const char *subject,
                              const char *file);

/* sbom_binding_root.c: name, version and hash of the component that stands for the product. */
void cret_binding_check_root(struct cret_binding *binding);
/* Whether it is a file that an SPDX 3 document is about. */
bool cret_binding_is_root_file(const struct cret_binding *binding,
                               const struct cret_sbom_component *component);

#endif
