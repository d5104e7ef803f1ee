/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the rules on SBOMs: what the checks of all profiles share. */
#ifndef CRET_RELEASE_SBOM_RULES_INTERNAL_H
#define CRET_RELEASE_SBOM_RULES_INTERNAL_H

#include "base/text/json_cursor.h"
#include "release/sbom/sbom_internal.h"
#include "release/sbom/sbom_rules.h"
#include "release/sbom/values.h"

struct cret_rules_run;

/* Looks at the document (component NULL) or at one component, and adds faults. */
typedef void (*cret_rule_check)(struct cret_rules_run *run,
                                const struct cret_sbom_component *component);

/* Which components a rule is for; a document rule runs once. */
enum cret_rule_scope {
    CRET_RULE_DOCUMENT,
    CRET_RULE_COMPONENT, /* every component or package */
    CRET_RULE_INCLUDED,  /* not those that the product only refers to */
    CRET_RULE_FILE,      /* only those that are files: not logical ones either */
    CRET_RULE_PHYSICAL,  /* all but logical ones */
};

/* Formats, as flags: those in which a field may be said to be unknown or withheld. */
enum {
    CRET_IN_CYCLONEDX = 1u << 0,
    CRET_IN_SPDX = 1u << 1,
    CRET_IN_SPDX3 = 1u << 2,
    CRET_IN_EACH = CRET_IN_CYCLONEDX | CRET_IN_SPDX | CRET_IN_SPDX3,
};

struct cret_rule_row {
    struct cret_sbom_rule rule;
    enum cret_rule_scope scope;
    bool fatal;                /* where it is not met, nothing else is looked at */
    cret_rule_check cyclonedx; /* NULL: no document that is read breaks it */
    cret_rule_check spdx;
    cret_rule_check spdx3;
    unsigned declares; /* CRET_IN_...; in no other format a check says cret_rules_declare() */
    const char *never; /* which formats cannot break it, and why; NULL: each can */
};

/* One run of one profile over one SBOM. */
struct cret_rules_run {
    const struct cret_sbom *sbom;
    const struct cret_rule_row *row; /* being checked */
    struct cret_sbom_faults *faults;
    struct cret_sbom_said *said; /* of the row */
    struct cret_json_cursor at;  /* what is being looked at */
    json_t *graph; /* references that the dependency graph lists, false: SPDX 2 says that what it is
                      made of is not known; NULL until wanted */
    json_t *known; /* every reference of the document */
    json_t *stated; /* CycloneDX: references whose completeness a composition states, in its word */
};

/* A fault at `name` below the cursor (NULL: at it). actual may be NULL. */
void cret_rules_fault(struct cret_rules_run *run, const char *name, const char *actual,
                      const char *reason_format, ...) CRET_PRINTF(4, 5);

/* The field that is looked at is said to be unknown or withheld. */
void cret_rules_declare(struct cret_rules_run *run);
/* The rule cannot be looked at; why, for ever. */
void cret_rules_unseen(struct cret_rules_run *run, const char *why);

/* Rows of each profile, in a file of their own. */
struct cret_rules {
    const struct cret_rule_row *rows;
    size_t count;
};
#define CRET_RULES_OF(id, name, check, title, words) extern const struct cret_rules cret_rules_##id;
CRET_SBOM_PROFILES(CRET_RULES_OF)

/* Names a component in a reason, for people. */
const char *cret_rules_label(const struct cret_sbom_component *component);

/* sbom_graph.c: the references of a document. Sets run->graph, known and stated; false: memory. */
bool cret_rules_graph(struct cret_rules_run *run);
/* Faults for references of the dependency graph to what is not there. A rule of the document. */
void cret_rules_dangling(struct cret_rules_run *run, const struct cret_sbom_component *component);

/* Checks that several profiles have. */
void cret_rules_cyclonedx_name(struct cret_rules_run *run,
                               const struct cret_sbom_component *component);
void cret_rules_cyclonedx_version(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component);
void cret_rules_cyclonedx_timestamp(struct cret_rules_run *run,
                                    const struct cret_sbom_component *component);
void cret_rules_cyclonedx_depends(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component);
/* As much of a name as is looked at. */
#define CRET_PARTY_NAME 256
/* "Organization: Name (mail)" or "Person: Name" of SPDX 2: the name, which may be a placeholder;
 * empty: none is there. */
void cret_rules_party_name(char name[CRET_PARTY_NAME], const char *party);
void cret_rules_cyclonedx_author(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component);
void cret_rules_spdx_author(struct cret_rules_run *run,
                            const struct cret_sbom_component *component);
void cret_rules_spdx_depends(struct cret_rules_run *run,
                             const struct cret_sbom_component *component);
void cret_rules_spdx_timestamp(struct cret_rules_run *run,
                               const struct cret_sbom_component *component);
/* sbom_identifiers.c: adds a fault for each identifier of a component that is none, in both
 * formats; returns how many are given. */
size_t cret_rules_identifiers(struct cret_rules_run *run,
                              const struct cret_sbom_component *component);

#endif
