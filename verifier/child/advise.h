/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What advisories say of releases that were verified. A child of its own parses each document once,
 * for all releases; the parent never does.
 */
#ifndef CRET_VERIFIER_ADVISE_H
#define CRET_VERIFIER_ADVISE_H

#include <jansson.h>

#include "base/system/frames.h"
#include "base/system/process.h"
#include "engine/inspect.h"

/* One advisory file, read whole by the parent and not looked into. */
struct cret_advice {
    char *name; /* path, for people */
    char *text; /* terminated */
    size_t size;
    bool named; /* itself, not found in a folder: it should be one */
};

/* What is kept of a verified release: {"subjects": see release/advisory/advisory.h, "changes":
 * those of the manifest}. The inspection has subjects and a verified manifest. New reference; NULL:
 * memory. */
json_t *cret_advise_subjects(const struct cret_inspection *inspection);

/* Releases that one call takes at most. */
#define CRET_ADVISE_TOGETHER 256u

/*
 * In a child process. releases: array of what cret_advise_subjects() gave. *ret_advice: an array
 * with one object for each of them: {"read": number of documents, "skipped": number of files that
 * are none, "older": number of documents that a later revision among the files replaces,
 * "compared":
 * {"components", "files": numbers, "sbom": whether there was one}, "silent": {"documents": number
 * of those that say nothing of the release, "ofVendor": that name its vendor all the same,
 * "otherProducts": of these, that speak of no version of what it has,
 * "otherVersions": that speak of other versions of what it has}, "documents": [{"file", "id",
 * "title", "kind", "state", "matches": [... of release/advisory/advisory.h, each perhaps with
 * "change": the id of the entry of changes[] that says the vulnerability is fixed in this release]}
 * for those that speak of the release, {"file", "error", "faulty"} for those that are none, those
 * of another kind with "kind", "way", "silent" (release/sbom/foreign.h), {"file", "id", "replaced
 * by"} for older revisions and copies; "taken back": "withdrawn" or "superseded", what earlier
 * revisions of it said holds no more], "gaps" (release/advisory/coverage.h)}. class UNDECIDED: the
 * child could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_advise(json_t **ret_advice, const json_t *releases,
                                             const struct cret_advice *advice, size_t count,
                                             bool allow_unconfined, struct cret_err *err);

/* What that process sends: u64 documents read so far, now and then; at the end one JSON object for
 * each release. */
enum { CRET_ADVISE_WORK = 1, CRET_ADVISE_RELEASE };
extern const struct cret_frame_protocol cret_advise_frames;
/* The same with another process (tests). */
CRET_MUST_CHECK enum cret_status cret_advise_with(json_t **ret_advice, const json_t *releases,
                                                  const struct cret_process_work *work,
                                                  struct cret_err *err);

#endif
