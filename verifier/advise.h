/* SPDX-License-Identifier: Apache-2.0 */
/* What advisories say of a release that was verified. Child's side: the only one that parses them.
 */
#ifndef CRET_VERIFIER_ADVISE_H
#define CRET_VERIFIER_ADVISE_H

#include <jansson.h>

#include "engine/inspect.h"

/* One advisory file, read whole by the parent and not looked into. */
struct cret_advice {
    char *name; /* path, for people */
    char *text; /* terminated */
    size_t size;
};

/*
 * {"read": number of documents, "skipped": number of files that are none, "documents": [{"file",
 * "id", "title", "kind", "matches": [... of release/advisory.h, each perhaps with "change": the id
 * of the entry of changes[] that says the vulnerability is fixed in this release]} for those that
 * speak of the release, {"file", "error"} for those that are none]}. The inspection has subjects
 * and a verified manifest. New reference; NULL: memory.
 */
json_t *cret_advise(const struct cret_inspection *inspection, const struct cret_advice *advice,
                    size_t count);

#endif
