/* SPDX-License-Identifier: Apache-2.0 */
/* What one run carries between its steps, and those steps that read the payload. */
#ifndef CRET_ENGINE_INSPECT_INTERNAL_H
#define CRET_ENGINE_INSPECT_INTERNAL_H

#include "container/ahead.h"
#include "engine/content.h"
#include "engine/inspect.h"

struct cret_inspect_run {
    struct cret_source *source;
    const struct cret_inspect_request *request;
    struct cret_inspection *inspection;
    struct cret_kept *kept; /* files that are parsed afterwards, as they were hashed */
    bool *sink_wanted;
    bool *digest_wanted;
    struct cret_ahead *ahead; /* hashes while the signature is judged; or NULL */
};

/* What the checks on content are told; the manifest was parsed. */
struct cret_content cret_inspect_content(const struct cret_inspect_run *run);

/* Reads every byte that is asked for, and compares its digests. On failure err says why: REFUSED
 * with a check, or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_inspect_walk(struct cret_inspect_run *run,
                                                   struct cret_err *err);
/* What needs payload bytes, behind a walk that succeeded: findings and facts of the inspection. On
 * failure err says why. */
CRET_MUST_CHECK enum cret_status cret_inspect_check_payload(struct cret_inspect_run *run,
                                                            struct cret_err *err);

#endif
