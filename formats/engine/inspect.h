/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One verification from the first byte to the last: front, gate, manifest, payload, checks on the
 * content. Runs in the verifier's child process, and in the signer over its own output.
 */
#ifndef CRET_ENGINE_INSPECT_H
#define CRET_ENGINE_INSPECT_H

#include "base/digest/hash_engine.h"
#include "engine/content.h"
#include "engine/gate.h"
#include "engine/request.h"
#include "engine/verdict.h"

struct cret_inspection {
    enum cret_verdict verdict;
    struct cret_findings *findings;
    struct cret_required required;
    struct cret_front *front; /* NULL where it could not be read */
    struct cret_gate_result gate;
    struct cret_manifest *manifest; /* NULL unless authenticated and parsed */
    bool package;                   /* an OPC UA package: there is no front */
    bool identity_open;             /* of one that nobody judged: it depends on who is trusted */
    json_t *packages;               /* of a solution, what is told of each package in it; or NULL */
    bool payload_verified;          /* every digest asked for matched */
    bool product_bound;
    bool has_engine; /* it came to reading files */
    enum cret_hash_id engine;
    struct cret_content_facts facts; /* of the checks on the content */
    struct cret_err error;           /* why UNDECIDED; class NONE otherwise */
};

/*
 * Always returns an inspection (NULL only when memory is exhausted at once); the verdict starts at
 * REFUSED. Every fault is a finding; what the tool itself could not do makes the verdict UNDECIDED
 * and is in ->error.
 */
struct cret_inspection *cret_inspect(struct cret_source *source,
                                     const struct cret_inspect_request *request);

/*
 * What an archive says of itself, for `show` without trust: front, form of the signatures,
 * manifest. No gate is passed, no payload is read, and the verdict is PARTIAL at best; callers say
 * UNVERIFIED.
 */
struct cret_inspection *cret_inspect_unverified(struct cret_source *source);
/* The same of a manifest without its archive. */
struct cret_inspection *cret_inspect_alone(struct cret_source *source);

/* Of a file in a vendor's own format: over findings of foreign.* (taken over, *findings is NULL
 * then); why: what the tool could not do, class NONE where nothing. NULL: no memory. */
struct cret_inspection *cret_inspect_foreign(struct cret_findings **findings,
                                             const struct cret_err *why);

/* An inspection that could not begin: UNDECIDED with that reason. */
struct cret_inspection *cret_inspect_impossible(const struct cret_err *err);

void cret_inspection_free(struct cret_inspection **inspection);

#endif
