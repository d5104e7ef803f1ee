/* SPDX-License-Identifier: Apache-2.0 */
/* What is going to be signed: description, collected files, manifest. */
#ifndef CRET_SIGNER_DRAFT_H
#define CRET_SIGNER_DRAFT_H

#include "signer/release/collect.h"

struct cret_draft {
    const struct cret_description *description; /* borrowed */
    int64_t date;                               /* release date, seconds */
    json_t *completed;                          /* description with its defaults */
    enum cret_hash_choice hash;                 /* of the last cret_draft_write */
    struct cret_collection *collection;
    struct cret_release_files files;
    bool *holds_key; /* by index in the collection: whether a file of up to 1 MiB holds a private
                        key; NULL before the first cret_draft_write */
    char *checksums; /* text of SHA256SUMS */
    size_t checksums_size;
    char *text; /* MANIFEST.json */
    size_t text_size;
    struct cret_manifest *manifest; /* the same, read back */
};

/*
 * Collects the files of a valid description and checks what the manifest says across fields
 * (references, documents, topics) before a byte of payload is read: digests are still zero.
 * request: without description and findings. Faults of the content are FAIL findings that point
 * into the description; see cret_findings_failed. CRET_FAILED: what cret_collect says.
 *
 * every_fault: go on after a fault of one entry (lint), else it is in err.
 */
CRET_MUST_CHECK enum cret_status cret_draft_make(struct cret_draft **ret_draft,
                                                 const struct cret_description *description,
                                                 const struct cret_collect_request *request,
                                                 bool every_fault, struct cret_findings *findings,
                                                 struct cret_err *err);
void cret_draft_free(struct cret_draft **draft);

/* Where the payload goes, and who watches. fd -1: it is only hashed. */
struct cret_draft_write {
    int fd;
    uint64_t start; /* offset of the first head */
    unsigned jobs;
    enum cret_hash_choice hash;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* Hashes the payload (and writes it) in one pass, then makes SHA256SUMS and the manifest with real
 * digests. *ret_end: offset of the archive's end. May be called again with another start. */
CRET_MUST_CHECK enum cret_status cret_draft_write(struct cret_draft *draft,
                                                  const struct cret_draft_write *job,
                                                  uint64_t *ret_end, struct cret_err *err);

#endif
