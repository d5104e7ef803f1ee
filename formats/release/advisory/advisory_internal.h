/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to advisories: the two formats in one form, and the comparison with subjects. */
#ifndef CRET_RELEASE_ADVISORY_INTERNAL_H
#define CRET_RELEASE_ADVISORY_INTERNAL_H

#include "release/advisory/advisory.h"
#include "release/advisory/advisory_judge.h"
#include "release/advisory/advisory_names.h"
#include "release/advisory/advisory_targets.h"
#include "release/identifier/identifier.h"

/* Remediations of one statement that are told: far more than anybody writes. */
#define CRET_MOST_REMEDIATIONS 64u

/* No product. */
#define CRET_NOBODY SIZE_MAX

/* A product that a document names, taken apart once. Texts are borrowed from the products. */
struct cret_named {
    const json_t *json;
    const char *id, *text; /* its name for people */
    struct cret_name *product, *full, *family, *vendor, *version_token;
    struct cret_name **models;
    struct cret_purl **purls;
    struct cret_cpe **cpes;
    size_t model_count, purl_count, cpe_count;
    const char *version, *range;
    bool says_version; /* in its name only */
    bool external, in_root, by_version;
    bool whole_models;  /* a beginning of a model number is not enough */
    bool narrowed;      /* to something that a release does not say of itself */
    bool beside;        /* installed on, or with: outside of the release */
    size_t part, whole; /* indices; CRET_NOBODY: it is no part of anything */
};

/*
 * products: object, product id to {"name", "vendor", "family", "product", "version", "range",
 * "hashes": [for each file {"filename", "digests": [{"algorithm", "value"}]}], "purls", "cpes",
 * "models": [...], "ref", "of": [part, whole], "beside": true, "in root": true, "by version": true,
 * "external": true, "narrowed": true, "listed": true,
 * "element": true, "defined": {"digests"}} with those that are there; of: ids of
 * products, the first as a part of the second; in root: as a part of root; by version: what is said
 * rests on the version alone. vulnerabilities: array of
 * {"id", "status": [[product ids] for each cret_vex_status], "vague": true, "doubt": a sentence,
 * "raw": the document's own object}; vague: the document does not say what it affects, and its
 * products stand for that; doubt: why what it says cannot be relied on. Of products element: "ref"
 * is an id of SPDX 3; defined: the digests of the file that defines it.
 */
struct cret_advisory {
    json_t *document; /* as it was parsed */
    bool csaf, openvex, spdx3;
    int csaf_minor; /* 2.x */
    const char
        *taken_back;    /* "withdrawn", "superseded": what it said before holds no more; or NULL */
    const char *doubt;  /* why nothing mild in it can be relied on; or NULL */
    uint8_t digest[32]; /* of its content, however it is written */
    char *kind;
    const char *id, *title; /* borrowed from document */
    const char *created;    /* SPDX 3: of the document itself; or NULL */
    const char *state;      /* "draft", "interim"; or NULL */
    json_t *products, *vulnerabilities;
    json_t *root;      /* CycloneDX: the product that the file is about, or NULL */
    const char *twice; /* an id that two products have, or NULL */
    json_t *groups;    /* CSAF: group id to array of product ids */
    json_t *member_of; /* CSAF: product id to an object with the ids of its groups */
    struct cret_named *named;
    size_t named_count, root_index;
    struct cret_name *publisher; /* CSAF: where it is a vendor; else NULL */
};

/* advisory_csaf.c, advisory_cyclonedx.c: fill products, vulnerabilities, groups, id, title, kind.
 * class REFUSED where the document lacks what it must have. */
CRET_MUST_CHECK enum cret_status cret_advisory_read_csaf(struct cret_advisory *advisory,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_read_cyclonedx(struct cret_advisory *advisory,
                                                              struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_read_openvex(struct cret_advisory *advisory,
                                                            struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_read_spdx3(struct cret_advisory *advisory,
                                                          struct cret_err *err);
/* Whether a document is OpenVEX, of whatever version. */
bool cret_advisory_is_openvex(const json_t *document);
/* advisory_csaf_tree.c: the product tree. Non-zero: memory. */
int cret_advisory_read_tree(struct cret_advisory *advisory);
/* advisory_mandatory_tree.c, advisory_mandatory_profile.c: mandatory tests of CSAF 2.1 that need
 * the document as it is; the first also takes note of extensions (doubt). */
CRET_MUST_CHECK enum cret_status cret_advisory_mandatory_tree(struct cret_advisory *advisory,
                                                              struct cret_err *err);
CRET_MUST_CHECK enum cret_status
cret_advisory_mandatory_profile(const struct cret_advisory *advisory, struct cret_err *err);
/* advisory_mandatory.c: the mandatory tests of CSAF that matching rests on. */
CRET_MUST_CHECK enum cret_status cret_advisory_mandatory(const struct cret_advisory *advisory,
                                                         struct cret_err *err);
/* advisory_shape.c: the types of all members that are read. class REFUSED or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_advisory_shape_csaf(const json_t *document, int minor,
                                                          struct cret_err *err);
/* advisory_shape_csaf21.c: the closed tables of CSAF 2.1. */
struct cret_shape;
extern const struct cret_shape cret_csaf21_shape;
/* advisory_shape_openvex.c. */
extern const struct cret_shape cret_openvex_shape;
CRET_MUST_CHECK enum cret_status cret_advisory_shape_openvex(const json_t *document,
                                                             struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_shape_cyclonedx(const json_t *document,
                                                               struct cret_err *err);
/* Adds "justification", "impact", "remediations" to a match of that product. Non-zero: memory. */
int cret_advisory_explain_csaf(const struct cret_advisory *advisory, const json_t *vulnerability,
                               const char *product, json_t *match);
int cret_advisory_explain_cyclonedx(const json_t *vulnerability, json_t *match);
int cret_advisory_explain_openvex(const json_t *statement, json_t *match);
int cret_advisory_explain_spdx3(const json_t *statement, json_t *match);

/* advisory_named.c: fills named, from products and root. Non-zero: memory. */
int cret_advisory_take_apart(struct cret_advisory *advisory);
void cret_advisory_free_named(struct cret_advisory *advisory);
/* The index of a product id; CRET_NOBODY: there is none. */
size_t cret_advisory_find(const struct cret_advisory *advisory, const char *id);

/* What a product of a document is among the subjects. */
struct cret_hit {
    const struct cret_target *target;
    struct cret_evidence evidence;
    const char *by; /* "hash", "reference", "purl", "cpe", "model", "name" */
    char *because;
};
struct cret_hits {
    struct cret_hit *list;
    size_t count, capacity;
};
void cret_hits_free(struct cret_hits *hits);
/* How good a hit is: identity first, then what it rests on. */
int cret_hit_rank(const struct cret_hit *hit);

/* One match, before it is told. */
struct cret_found {
    json_t *json;
    enum cret_match match;
    enum cret_vex_status status, stated;
    int rank;
    const char *thing; /* the subject, or the product where a file stands for it */
    const char *doubt; /* of the statement itself; or NULL */
    bool part, question, reasoned, dropped, unknown;
    size_t order; /* in the document */
};
/* advisory_doubt.c: what is contradicted, not final, or not justified, gets "doubt"; where a
 * document gives the same thing several statuses, only the worst stays. Non-zero: memory. */
int cret_advisory_doubt(const struct cret_advisory *advisory, struct cret_found *found,
                        size_t count);

/* advisory_product.c: what one product by itself is, and with what it is a part of. One hit for
 * each target that could be meant. Non-zero: memory. */
int cret_advisory_match_product(const struct cret_advisory *advisory, size_t product,
                                const struct cret_subject_index *index, struct cret_hits *hits);
/* advisory_identity.c: hashes and references. */
int cret_advisory_match_hashes(const struct cret_advisory *advisory, const struct cret_named *named,
                               const struct cret_subject_index *index, struct cret_hits *hits,
                               bool *ret_other_build);
int cret_advisory_match_reference(const struct cret_named *named,
                                  const struct cret_subject_index *index, struct cret_hits *hits);
/* advisory_fit.c: what a product says of versions, for a target. purl: ours that fits; or NULL. */
void cret_advisory_fit(const struct cret_named *named, const struct cret_subject_index *index,
                       const struct cret_target *target, const struct cret_purl *purl,
                       struct cret_evidence *evidence);
/* Whether the vendor is ours: the branch's, or the publisher. */
bool cret_advisory_is_ours(const struct cret_advisory *advisory, const struct cret_named *named,
                           const struct cret_subject_index *index);
/* Adds a hit, or betters the one of its target. because: taken over; NULL: memory. */
int cret_hits_add(struct cret_hits *hits, const struct cret_target *target,
                  const struct cret_evidence *evidence, const char *by, char *because);

#endif
