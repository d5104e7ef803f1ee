/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to advisories: the two formats in one form, and the comparison with subjects. */
#ifndef CRET_RELEASE_ADVISORY_INTERNAL_H
#define CRET_RELEASE_ADVISORY_INTERNAL_H

#include "release/advisory.h"
#include "release/identifier.h"

/* Ordered from what needs action most. */
enum cret_vex_status {
    CRET_VEX_AFFECTED,
    CRET_VEX_INVESTIGATED,
    CRET_VEX_FIXED,
    CRET_VEX_NOT_AFFECTED,
    CRET_VEX_COUNT
};

/*
 * products: object, product id to {"name", "vendor", "product", "version", "range", "hashes": [for
 * each file [{"algorithm", "value"}]], "purls", "cpes", "models": [...], "ref", "of": [part, whole],
 * "in root": true, "by version": true} with those that are there; of: ids of products, the first as
 * a part of the second; in root: as a part of root; by version: what is said rests on the version
 * alone. vulnerabilities: array of {"id", "status": [[product ids] for each
 * cret_vex_status], "raw": the document's own object}.
 */
struct cret_advisory {
    json_t *document; /* as it was parsed */
    bool csaf;
    char *kind;
    const char *id, *title; /* borrowed from document */
    json_t *products, *vulnerabilities;
    json_t *root;      /* CycloneDX: the product that the file is about, or NULL */
    const char *twice; /* an id that two products have, or NULL */
    json_t *groups; /* CSAF: group id to array of product ids */
};

/* advisory_csaf.c, advisory_cyclonedx.c: fill products, vulnerabilities, groups, id, title, kind.
 * class REFUSED where the document lacks what it must have. */
CRET_MUST_CHECK enum cret_status cret_advisory_read_csaf(struct cret_advisory *advisory,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_read_cyclonedx(struct cret_advisory *advisory,
                                                              struct cret_err *err);
/* advisory_shape.c: the types of all members that are read. class REFUSED or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_advisory_shape_csaf(const json_t *document,
                                                          struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_advisory_shape_cyclonedx(const json_t *document,
                                                               struct cret_err *err);
/* Adds "justification", "impact", "remediations" to a match of that product. Non-zero: memory. */
int cret_advisory_explain_csaf(const struct cret_advisory *advisory, const json_t *vulnerability,
                               const char *product, json_t *match);
int cret_advisory_explain_cyclonedx(const json_t *vulnerability, json_t *match);
/* advisory_doubt.c: what is contradicted, or not justified, gets "doubt"; where a document gives the
 * same thing several statuses, only the worst stays. matches are sorted, worst first. Non-zero:
 * memory. */
int cret_advisory_doubt(json_t *matches);

/* What a product of a document is among the subjects. */
struct cret_product_match {
    enum cret_match match;
    const char *by; /* "hash", "purl", ... */
    char because[400];
    char subject[300];
};
/* advisory_product.c */
/* Whether something is said of a product as a part of another one. */
bool cret_advisory_is_part(const json_t *product);
/* The best match of one product. */
void cret_advisory_match_product(const struct cret_advisory *advisory, const json_t *product,
                                 const json_t *subjects, struct cret_product_match *ret_match);

/* advisory_versions.c */
enum cret_range { CRET_RANGE_OUTSIDE, CRET_RANGE_UNKNOWN, CRET_RANGE_INSIDE };
/* Whether a version lies in a range as advisories write them: "vers:generic/>=1.0|<2.4", "<=2.3",
 * ">= 1.0, < 2.0", or the word for all versions of "vers". UNKNOWN: words that are no range,
 * constraints out of their order, and versions whose order is not that of dotted numbers. */
enum cret_range cret_range_holds(const char *range, const char *version);
/* Same version but for a leading v and letter case. */
bool cret_version_same(const char *left, const char *right);
/* advisory_names.c */
/* Whether two names of a product, or of a vendor, could mean the same: the significant words of one
 * are all in the other, without regard to case, punctuation, and legal forms. */
bool cret_names_alike(const char *left, const char *right);
bool cret_vendors_alike(const char *left, const char *right);

#endif
