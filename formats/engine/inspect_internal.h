/* SPDX-License-Identifier: Apache-2.0 */
/* What one run carries between its steps, and those steps that read the payload. */
#ifndef CRET_ENGINE_INSPECT_INTERNAL_H
#define CRET_ENGINE_INSPECT_INTERNAL_H

#include "container/ahead.h"
#include "engine/content.h"
#include "engine/inspect.h"
#include "package/package.h"

struct cret_inspect_run {
    struct cret_source *source;
    const struct cret_inspect_request *request;
    struct cret_inspection *inspection;
    struct cret_kept *kept; /* files that are parsed afterwards, as they were hashed */
    bool *sink_wanted;
    bool *digest_wanted;
    struct cret_ahead *ahead;     /* hashes while the signature is judged; or NULL */
    struct cret_package *package; /* an OPC UA package; or NULL */
    size_t *entry_of;             /* of it: each member's entry; file_count where it is none */
    bool packed;                  /* of it: some file is deflated, so that none is read again */
};

/* One that has found nothing yet: REFUSED. NULL: no memory. */
struct cret_inspection *cret_inspection_new(void);
/* A refusal becomes a finding; what the tool could not do becomes the run's error. */
void cret_inspect_report(struct cret_inspect_run *run, const struct cret_err *err);
void cret_inspect_pass(struct cret_inspect_run *run, enum cret_check_id check, const char *reason);
/* Whether those who were counted may vouch for the product; else a finding. */
CRET_MUST_CHECK enum cret_status cret_inspect_check_scope(struct cret_inspect_run *run);
/* What the manifest alone answers. */
void cret_inspect_check_manifest(const struct cret_inspect_run *run);
/* After a walk in which every digest matched. */
void cret_inspect_pass_digests(struct cret_inspect_run *run);
/* The walk's sink, of entries: keeps what is parsed afterwards, passes on what the caller wants. */
CRET_MUST_CHECK enum cret_status cret_inspect_sink(void *context, size_t entry, uint64_t offset,
                                                   const uint8_t *data, size_t size,
                                                   struct cret_err *err);

/* Whether the source is a file that is read as an OPC UA package. */
CRET_MUST_CHECK enum cret_status
cret_inspect_is_package(bool *ret_package, struct cret_source *source, struct cret_err *err);
/* All of a package but what its files say. CRET_OK where that can be looked at. */
CRET_MUST_CHECK enum cret_status cret_inspect_package(struct cret_inspect_run *run);
/* All that is asked of a package that was read, but for its bytes: of a file, and of each package
 * in a solution. CRET_FAILED with a finding or an error where a step could not be gone; what the
 * last step finds are findings alone. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_steps(struct cret_inspect_run *run);
/* inspect_solution.c: each package in it by its own signatures and files, under the same policy,
 * one after the other, so that memory is that of one; behind the walk, whose digests count for
 * them. CRET_FAILED with a finding where one is not accepted. */
CRET_MUST_CHECK enum cret_status cret_inspect_solution(struct cret_inspect_run *run);
/* The same of one that nobody judged, for `show`: what each package in it says of itself. */
void cret_inspect_solution_list(struct cret_inspect_run *run);
/* inspect_solution_tell.c: adds a package to what is told of the solution: {"folder", "vendor",
 * "product", "version", "sequence", "identity", "signers": [{"subject", "signer", "role"}],
 * "documents": cret_document_list()}; signer and role where it was counted, identity where it does
 * not depend on who is trusted, documents where its manifest lists some. */
void cret_inspect_solution_tell(struct cret_inspect_run *run,
                                const struct cret_inspection *inspection, const char *folder);
/* What holds of a package whose bytes were read and compared, as passes. */
void cret_inspect_package_passed(struct cret_inspect_run *run);
/* Form of its signatures, metadata, identity: nobody vouches for them. CRET_FAILED with a finding
 * or an error where they cannot be told. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_claims(struct cret_inspect_run *run);
/* What it says of itself. */
void cret_inspect_package_unverified(struct cret_inspect_run *run);
/* inspect_package_identity.c: the digest of the list that was signed first, by whoever released the
 * package or somebody whom he names. class REFUSED (trust.threshold): only approvals were counted.
 */
CRET_MUST_CHECK enum cret_status cret_inspect_package_identify(struct cret_inspect_run *run,
                                                               struct cret_err *err);
/* The same where nobody was counted: among all lists. With more than one that names no other the
 * identity is open, since it depends on who is trusted. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_suppose(struct cret_inspect_run *run,
                                                              struct cret_err *err);
/* inspect_package_walk.c: reads every byte, and compares digests with signed lists and manifest. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_walk(struct cret_inspect_run *run,
                                                           struct cret_err *err);

/* Whether each member has the digest that the manifest of the release in the package has for it;
 * a manifest that was made of metadata gets those that were computed. The package was walked. class
 * REFUSED (package.release) or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_settle(const struct cret_package *package,
                                                             struct cret_manifest *manifest,
                                                             const size_t *entry_of,
                                                             struct cret_err *err);

/* inspect_package_keep.c: of a package of a solution, reads those files once more that are parsed,
 * of at most *room bytes, which become fewer; each has the digest that the walk found. class
 * REFUSED (archive.limits) where they are more, or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_inspect_package_keep(struct cret_inspect_run *run,
                                                           uint64_t *room, struct cret_err *err);

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
