/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases as a catalogue holds them: what is kept of each archive, so that verbs answer without
 * opening it, and whether that may be said today. A catalogue is never evidence: who answers from
 * it says so, and when its archive was read.
 */
#ifndef CRET_VERIFIER_INDEXED_H
#define CRET_VERIFIER_INDEXED_H

#include "base/command/options.h"
#include "verifier/catalogue/catalogue.h"
#include "verifier/run/subject.h"

/* What is kept of an archive; each is a JSON object. */
#define CRET_INDEXED_FACTS "facts"     /* what `export inventory` makes rows of */
#define CRET_INDEXED_ADVISED "advised" /* of accepted ones: what advisories are compared with */

/* Keeps them of a release that is being added as that source. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_indexed_keep(struct cret_catalogue *catalogue, int64_t source,
                                                   const struct cret_subject *subject,
                                                   const struct cret_session *session,
                                                   struct cret_err *err);

/* One release; everything is borrowed, and valid during the visit. */
struct cret_indexed {
    const struct cret_catalogue_source *source;
    json_t *kept; /* NULL: nothing */
    char *read;   /* "verified 2031-05-04T12:00:00Z under Plant 7": by whom, in words */
    char *why;    /* why it proves nothing today, for people; NULL: nothing speaks against it */
};
typedef enum cret_status (*cret_indexed_visit)(void *context, const struct cret_indexed *one,
                                               struct cret_err *err);

/*
 * Visits the archives and single manifests of the catalogue that --catalogue names, with what was
 * kept of them. Nothing stands for a proof (`why`) where the archive is gone, was changed since or
 * lies behind a link; where it was not verified, or under another trust policy than the session's
 * (one without asks for none), or with example keys that the session does not let in; or where an
 * earlier version of the program added it. class USAGE (no catalogue, damaged), UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_indexed_each(const struct cret_session *session,
                                                   const struct cret_options *options,
                                                   const char *kind, cret_indexed_visit visit,
                                                   void *context, struct cret_err *err);

/* Either operands or --catalogue. class USAGE. */
CRET_MUST_CHECK enum cret_status
cret_indexed_asked(bool *ret_indexed, const struct cret_options *options, struct cret_err *err);

#endif
