/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process boundary: a child gets descriptors and the policy, reads every byte of the archive,
 * and hands results back as frames. The parent never parses archive bytes.
 */
#ifndef CRET_VERIFIER_CHILD_H
#define CRET_VERIFIER_CHILD_H

#include "engine/inspect.h"
#include "foreign/kind.h"
#include "verifier/child/outcome.h"

struct cret_child_job {
    int archive_fd;                      /* opened once, by the caller; never reopened by path */
    struct cret_inspect_request request; /* sink, begin, progress, context are set by the child */
    bool unverified;                     /* `show` without trust: no gate, no verdict but PARTIAL */
    bool alone;                          /* with unverified: a MANIFEST.json without its archive */
    bool want_files;                     /* FILE frames: record, JSON, show */
    bool want_manifest;                  /* the whole manifest in the document: show */
    bool want_contents;     /* files inside archives of the payload: trace, catalogue */
    bool want_components;   /* those of each SBOM, in the document, and what files are for: diff */
    bool want_cross_checks; /* what --tpm-verify needs, in the document */
    bool want_sha512;       /* of every file, among the subjects of advisories */
    bool allow_unconfined;  /* where the machine cannot confine it, it runs all the same */
    bool want_archive_digest;              /* SHA-256 of the whole file; not of a pipe */
    const char *name;                      /* of the file, without its folders */
    bool foreign;                          /* it may be a file in a vendor's own format */
    const struct cret_foreign_side *sides; /* what was given beside it (--foreign-signature) */
    size_t side_count;
    int extract_directory; /* an empty folder that is filled; else -1 */
    bool portable_names;   /* extract under the archive's names */
    bool delivers;         /* files go into deliver_fd (deliver.h); one thread */
    int deliver_fd;
    void (*forget)(void *secrets); /* called first in the child; or NULL */
    void *secrets;
    void (*progress)(void *context, uint64_t done, uint64_t total); /* parent side; or NULL */
    void *context;
};

struct cret_child;

/*
 * Forks; call before any thread exists. What job points at, and its descriptors, are borrowed until
 * cret_child_finish. A child that was started goes on while its results wait in its pipe, or waits
 * itself until they are taken. class UNDECIDED where it cannot be confined, unless the job allows
 * that.
 */
CRET_MUST_CHECK enum cret_status cret_child_start(struct cret_child **ret_child,
                                                  const struct cret_child_job *job,
                                                  struct cret_err *err);
/* Whether it has said all that it will ever say. */
bool cret_child_ended(const struct cret_child *child);
/* Waits, and returns what the child found. A child that dies, or whose results are malformed or
 * contradictory, gives UNDECIDED. NULL only when memory is exhausted. Frees *child. */
struct cret_outcome *cret_child_finish(struct cret_child **child);
/* Ends one whose results nobody wants. NULL-safe. */
void cret_child_stop(struct cret_child **child);

/* UNDECIDED for that reason, where there is no child. NULL: no memory. */
struct cret_outcome *cret_child_none(const struct cret_err *err);

/* Start and finish; what failed to start is UNDECIDED. NULL only when memory is exhausted. */
struct cret_outcome *cret_child_run(const struct cret_child_job *job);

#endif
