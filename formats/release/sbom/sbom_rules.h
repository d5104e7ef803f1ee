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

/*
 * The profiles, one row each: id, name, its check in the table of checks (CRET_CHECK_SBOM_...), the
 * title of the document with its edition, and the same in a few words. The rules of a profile are
 * cret_rules_... of that id in a file of its own, which says for each rule what it looks at in
 * which format.
 */
#define CRET_SBOM_PROFILES(PROFILE)                                                                \
    PROFILE(cisa, "cisa-2026", CISA,                                                               \
            "CISA, 2026 Minimum Elements for a Software Bill of Materials",                        \
            "CISA minimum elements, 2026")                                                         \
    PROFILE(bsi, "bsi", BSI, "BSI TR-03183-2 v2.1.0 (2025)", "BSI TR-03183-2 v2.1.0")              \
    PROFILE(ntia, "ntia-2021", NTIA,                                                               \
            "NTIA, The Minimum Elements For a Software Bill of Materials (2021)",                  \
            "NTIA minimum elements, 2021, which those of 2026 replaced")

#define CRET_SBOM_PROFILE_ONE(id, name, check, title, words) +1
enum { CRET_SBOM_PROFILE_COUNT = 0 CRET_SBOM_PROFILES(CRET_SBOM_PROFILE_ONE) };

struct cret_rules; /* rows of one profile */

struct cret_sbom_profile {
    const char *name;
    const char *title;
    enum cret_check_id check;
    const struct cret_rules *rules;
};
/* All names, ended by NULL. */
extern const char *const cret_sbom_profile_names[];
/* index < CRET_SBOM_PROFILE_COUNT */
const struct cret_sbom_profile *cret_sbom_profile_at(size_t index);
/* By name; NULL where there is none. */
const struct cret_sbom_profile *cret_sbom_profile_find(const char *name);
size_t cret_sbom_profile_rules(const struct cret_sbom_profile *profile);
/* index < cret_sbom_profile_rules() */
const struct cret_sbom_rule *cret_sbom_profile_rule(const struct cret_sbom_profile *profile,
                                                    size_t index);

/* One place that does not meet a rule. */
struct cret_sbom_fault {
    const struct cret_sbom_rule *rule;
    char *pointer; /* RFC 6901, without '#'; of a text form with " (line N)" behind it */
    char *actual;  /* the value found, or NULL: nothing is there */
    char *reason;  /* for people */
};

/* What a rule found beside faults: that a field is said to be unknown or withheld, which is none.
 */
struct cret_sbom_said {
    const struct cret_sbom_rule *rule;
    size_t looked_at;   /* components, or 1: the document */
    size_t declared;    /* of them */
    const char *unseen; /* why it could not be looked at, or NULL */
};

struct cret_sbom_faults {
    struct cret_sbom_fault *list;
    size_t count, capacity;
    bool ended;                  /* a rule is not met without which the others were not looked at */
    struct cret_sbom_said *said; /* one for each rule of the profile */
    size_t said_count;
};
/* "3 of 57 components: said to be unknown or withheld", or why it could not be looked at; empty:
 * neither. */
void cret_sbom_said_words(char *text, size_t size, const struct cret_sbom_said *said);
void cret_sbom_faults_free(struct cret_sbom_faults *faults);

/* Holds an SBOM to a profile. Fails only for memory. */
CRET_MUST_CHECK enum cret_status cret_sbom_judge(const struct cret_sbom *sbom,
                                                 const struct cret_sbom_profile *profile,
                                                 struct cret_sbom_faults *ret_faults,
                                                 struct cret_err *err);

/*
 * The same as findings of the profile's check: each fault a FAIL that points into the SBOM, with
 * the rule's id in front of the reason; one PASS where there is none, one for each rule that is
 * met by what is said to be unknown, and NOT_CHECKED for each that the format cannot answer.
 * per_rule: only the first fault of a rule, which says how many there are (for the verdict on a
 * release).
 */
CRET_MUST_CHECK enum cret_status
cret_sbom_judge_findings(const struct cret_sbom *sbom, const struct cret_sbom_profile *profile,
                         bool per_rule, struct cret_findings *findings, struct cret_err *err);

#endif
