/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs that make and renew seals share: which files belong to a seal, the request for a
 * timestamp over all of them, and its answer. */
#ifndef CRET_VERIFIER_SEAL_DESK_H
#define CRET_VERIFIER_SEAL_DESK_H

#include "base/command/options.h"
#include "base/finding/limits.h"
#include "trust/seal/seal.h"
#include "verifier/verbs/seal_apart.h"

/* --authority; --request and --response. */
extern const struct cret_option_group cret_seal_trust_group, cret_seal_exchange_group;

/* One seal, and the files that it is over: a file, its signature (.p7s), a TPM's attestation of it
 * (.tpm.json); MANIFEST.json and the signatures of an archive; or the lines of a journal. */
enum { CRET_SEAL_FILES = 1 + CRET_LIMIT_SIGNATURES };
struct cret_seal_item {
    char *out; /* where the seal is, or will be */
    char *der; /* what is there, as bytes; NULL: nothing */
    size_t der_size;
    struct cret_seal *old; /* the same, read by the process that makes the next one; else NULL */
    char *made;            /* the next one, as that told; NULL: not yet */
    size_t made_size;
    char *names[CRET_SEAL_FILES], *data[CRET_SEAL_FILES];
    struct cret_seal_object objects[CRET_SEAL_FILES];
    size_t count;
};
/* Zeroed is empty. */
struct cret_seal_batch {
    enum cret_seal_step step;
    const struct cret_digest_algorithm *algorithm;
    struct cret_seal_item *items;
    size_t count, capacity;
    bool renews;           /* seals that exist; the process that reads them sets the step, */
    const char *digest;    /* to the tree's where a digest is named; else NULL */
    bool allow_unconfined; /* what reads an archive, makes or judges a seal */
};
void cret_seal_batch_clear(struct cret_seal_batch *batch);

/* A seal of a file that is to be made as SEALS/<name>.ers. */
CRET_MUST_CHECK enum cret_status cret_seal_batch_add(struct cret_seal_batch *batch,
                                                     const char *path, const char *seals,
                                                     struct cret_err *err);
/* The same of an archive: of its manifest and signatures, read by a process of its own. class USAGE
 * where its seal is there already. */
CRET_MUST_CHECK enum cret_status cret_seal_batch_add_archive(struct cret_seal_batch *batch,
                                                             const char *path, const char *seals,
                                                             struct cret_err *err);
/* The first `lines` lines of a journal, as SEALS/lines-<lines>.ers. class USAGE: it has fewer. */
CRET_MUST_CHECK enum cret_status cret_seal_batch_add_lines(struct cret_seal_batch *batch,
                                                           const char *folder, int64_t lines,
                                                           const char *seals, struct cret_err *err);
/* A seal that exists. What it is over lies in one of the folders (NULL-terminated) under its name
 * without .ers; without folders, in the one above its own, or in `records` there. */
CRET_MUST_CHECK enum cret_status cret_seal_batch_open(struct cret_seal_batch *batch,
                                                      const char *path, const char *const *folders,
                                                      size_t count, struct cret_err *err);
/* The highest number N for which SEALS/lines-N.ers is there; 0: none. */
CRET_MUST_CHECK enum cret_status cret_seal_last_lines(int64_t *ret_lines, const char *seals,
                                                      struct cret_err *err);

/* Judges the seal of an item that was opened, in a process of its own, by the authorities of
 * --authority (cret_seal_judge). */
CRET_MUST_CHECK enum cret_status cret_seal_item_judge(struct cret_seal_said *ret_said,
                                                      const struct cret_seal_item *item,
                                                      const struct cret_policy *policy,
                                                      const struct cret_options *options,
                                                      struct cret_err *err);
/* The policy that --authority stands for; without one, on a machine with a site configuration, the
 * trust policy that it names. class USAGE where nobody is trusted. */
CRET_MUST_CHECK enum cret_status cret_seal_policy(struct cret_policy **ret_policy,
                                                  const struct cret_options *options,
                                                  struct cret_err *err);

/*
 * Writes the request over everything in the batch, or takes the answer: only a token over just
 * these files, by a trusted authority, makes seals (seal_making.h), and each is judged before it
 * is written. Prints what came of it; `next` is the command with which the answer is given, with {}
 * for `path` unless that is NULL. Returns the exit code.
 */
int cret_seal_batch_end(const struct cret_options *options, struct cret_seal_batch *batch,
                        const char *next, const char *path);

#endif
