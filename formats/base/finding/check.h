/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks: one row per stable check id, with its kind, its default severity, what may
 * soften it, and the texts that `explain` prints. Severities, waivers, `trust lint`, the verdict
 * and docs/spec/checks.md read this row, and nothing else says the same.
 */
#ifndef CRET_BASE_CHECK_H
#define CRET_BASE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/attributes.h"

/* Order = order of reports. A check is one row in a file of checks.h, which gives the number here,
 * the words, and all that follows; names never change and are never reused, numbers may. */
enum cret_check_id {
    CRET_CHECK_NONE = 0,
#define CRET_CHECK(id, name, kind, ...) CRET_CHECK_##id,
#include "base/finding/checks.h"
#undef CRET_CHECK
    CRET_CHECK_COUNT
};

/* What happens where a check finds something. Ordered: a higher one is stricter. */
enum cret_severity { CRET_SEVERITY_IGNORE = 0, CRET_SEVERITY_WARN = 1, CRET_SEVERITY_FAIL = 2 };

/* Whose question a check answers; docs/spec/checks.md says it of each. */
enum cret_check_kind {
    CRET_CHECK_KIND_CORE = 0, /* what every verdict rests on */
    CRET_CHECK_KIND_RELEASE,  /* what a release says of itself */
    CRET_CHECK_KIND_JOURNAL,  /* what the journal knows, asked after the archive was read */
    CRET_CHECK_KIND_OPERATOR, /* what the operator asks for in this run */
    CRET_CHECK_KIND_SIGNER,   /* what only whoever signs is told */
    CRET_CHECK_KIND_WAIVER,   /* why a waiver is not honoured */
    CRET_CHECK_KIND_TPM,      /* what a TPM answers */
    CRET_CHECK_KIND_STATION,  /* what a station holds: log, journals, records, its trust policy */
    CRET_CHECK_KIND_FOREIGN,  /* what a verdict on a file in a vendor's own format rests on */
    CRET_CHECK_KIND_COUNT
};

/* Who may set a severity; ordered: whoever stands higher may too. A profile only raises it. */
enum cret_set_by { CRET_SET_BY_NOBODY = 0, CRET_SET_BY_PROFILE = 1, CRET_SET_BY_POLICY = 2 };

/* A file that sets or waives what its row does not let it is refused. So what a row once let, it
 * lets for ever: files that were signed would be refused, else. */
struct cret_check {
    enum cret_check_id id;
    const char *name; /* the stable id, e.g. "archive.framing" */
    enum cret_check_kind kind;
    bool asked;                  /* core: answered, and required, only where a policy asks for it */
    enum cret_severity severity; /* by default */
    enum cret_set_by set_by;
    bool waivable;     /* a policy may list it in `waivable`, and a waiver cover its FAILs then */
    bool owed;         /* work of the verifier's own: where it is NOT_CHECKED, nothing is decided */
    const char *title; /* at most 60 characters, for tables */
    const char *meaning; /* explain: what the check means */
    const char *causes;  /* explain: why it may fail */
    const char *ask;     /* explain: whom to ask and what to send */
    /* The last line of a finding, in a few words, for its reader: where checks on the content serve
     * both programs, whoever signs can mend what an asset owner can only ask about. NULL: the
     * finding says it itself. */
    const char *owner;  /* in the place of the finding's hint, where an asset owner reads */
    const char *signer; /* where whoever signs reads, and the finding has no hint */
};

/* Who reads a finding. */
enum cret_reader { CRET_READER_OWNER, CRET_READER_SIGNER };

/* The row of an id; never NULL: an id out of range gives the row of CRET_CHECK_NONE. */
const struct cret_check *cret_check_get(enum cret_check_id id);

/* What a finding of this check tells that reader to do; hint: of the finding itself, or NULL. May
 * be NULL. Borrowed. */
const char *cret_check_hint(enum cret_check_id id, enum cret_reader reader, const char *hint);

/* The row of a stable name, or NULL. */
const struct cret_check *cret_check_find(const char *name);
/* The name of the check that somebody may have meant; NULL: none is near. */
const char *cret_check_nearest(const char *name);

struct cret_err;
/* The row of a name in a file that sets its severity (setter: the kind of file), or lets it be
 * waived. class USAGE: there is no such check, or nothing would follow, with the reason. */
CRET_MUST_CHECK enum cret_status cret_check_to_set(const struct cret_check **ret_check,
                                                   const char *name, enum cret_set_by setter,
                                                   struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_check_to_waive(const struct cret_check **ret_check,
                                                     const char *name, struct cret_err *err);

/* "core", "release", ... and why a check of that kind is not softened, as the end of a sentence. */
const char *cret_check_kind_name(enum cret_check_kind kind);
const char *cret_check_kind_reason(enum cret_check_kind kind);

const char *cret_severity_name(enum cret_severity severity);

#endif
