/* SPDX-License-Identifier: Apache-2.0 */
/* What an SBOM should say, beyond its format: rules as data, one row each, in profiles. */
#ifndef CRET_RELEASE_SBOM_RULES_H
#define CRET_RELEASE_SBOM_RULES_H

#include "release/sbom/sbom.h"

/* One rule, as docs/spec/sbom.md lists it. */
struct cret_sbom_rule {
    const char *id;     /* stable: "NTIA-03", "BSI-14" */
    const char *source; /* where the profile's document asks for it */
    const char *title;  /* what is asked for */
    const char *passes; /* what would pass */
};

/* One profile; its check of the table is CRET_CHECK_SBOM_NTIA or CRET_CHECK_SBOM_BSI. */
struct cret_sbom_profile {
    const char *name;  /* "ntia", "bsi" */
    const char *title; /* the document, with its edition */
    enum cret_check_id check;
    size_t rule_count;
    const struct cret_sbom_rule *(*rule)(size_t index);
};
extern const struct cret_sbom_profile cret_sbom_profile_ntia;
extern const struct cret_sbom_profile cret_sbom_profile_bsi;
/* By name; NULL where there is none. */
const struct cret_sbom_profile *cret_sbom_profile_find(const char *name);

/* One place that does not meet a rule. */
struct cret_sbom_fault {
    const struct cret_sbom_rule *rule;
    char *pointer; /* RFC 6901, without '#' */
    char *actual;  /* the value found, or NULL: nothing is there */
    char *reason;  /* for people */
};

struct cret_sbom_faults {
    struct cret_sbom_fault *list;
    size_t count, capacity;
};
void cret_sbom_faults_free(struct cret_sbom_faults *faults);

/* Holds an SBOM to a profile. Fails only for memory. */
CRET_MUST_CHECK enum cret_status cret_sbom_judge(const struct cret_sbom *sbom,
                                                 const struct cret_sbom_profile *profile,
                                                 struct cret_sbom_faults *ret_faults,
                                                 struct cret_err *err);

/*
 * The same as findings of the profile's check: each fault a FAIL that points into the SBOM, with
 * the rule's id in front of the reason; one PASS where there is none. per_rule: only the first
 * fault of a rule, which says how many there are (for the verdict on a release).
 */
CRET_MUST_CHECK enum cret_status
cret_sbom_judge_findings(const struct cret_sbom *sbom, const struct cret_sbom_profile *profile,
                         bool per_rule, struct cret_findings *findings, struct cret_err *err);

#endif
