/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release/diff: one comparison in progress, shared by its files. */
#ifndef CRET_RELEASE_DIFF_INTERNAL_H
#define CRET_RELEASE_DIFF_INTERNAL_H

#include "base/finding/attributes.h"
#include "base/text/json_build.h"
#include "release/diff/diff.h"

struct cret_diff_run {
    const struct cret_diff_side *old, *new;
    struct cret_build differences, gaps, before, after; /* lists */
};

/* One difference. Texts are copied. */
struct cret_difference {
    const char *section; /* of cret_diff_sections */
    const char *change;  /* of cret_diff_changes */
    const char *subject; /* what changed: a name, a path, an id */
    json_t *details;     /* fields of it, taken over; NULL: none */
    const char *note;    /* a sentence; NULL: none */
    bool attention;      /* it asks for more than to be read */
};

extern const char *const cret_diff_changes[];

void cret_diff_add(struct cret_diff_run *run, const struct cret_difference *difference);
/* Something that could not be compared, and why. */
void cret_diff_gap(struct cret_diff_run *run, const char *section, const char *format, ...)
    CRET_PRINTF(3, 4);
/* Something to do, in one of the lists before and after. */
void cret_diff_step(struct cret_build *steps, const char *section, const char *format, ...)
    CRET_PRINTF(3, 4);

/* A list of details; each field with what it was and what it is, NULL: absent. */
json_t *cret_diff_details(void);
void cret_diff_detail(json_t **details, const char *field, const char *was, const char *is);
/* The same of JSON values, in words; nothing where they are equal. */
void cret_diff_detail_json(json_t **details, const char *field, const json_t *was,
                           const json_t *is);

/* diff_members.c: what stands in members of the manifest. */
void cret_diff_members(struct cret_diff_run *run);
/* diff_documents.c: documents with their revisions, and topics. */
void cret_diff_documents(struct cret_diff_run *run);
/* diff_files.c */
void cret_diff_files(struct cret_diff_run *run);
/* diff_components.c */
void cret_diff_components(struct cret_diff_run *run);
/* diff_signers.c */
void cret_diff_signers(struct cret_diff_run *run);
/* diff_vulnerabilities.c */
void cret_diff_vulnerabilities(struct cret_diff_run *run);
/* diff_steps.c: what to do before and after, of what the new release says. */
void cret_diff_steps(struct cret_diff_run *run);

#endif
