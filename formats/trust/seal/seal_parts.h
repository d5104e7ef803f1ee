/* SPDX-License-Identifier: Apache-2.0 */
/* What the modules of a seal share. Internal to trust/seal. */
#ifndef CRET_TRUST_SEAL_PARTS_H
#define CRET_TRUST_SEAL_PARTS_H

#include "base/finding/limits.h"
#include "trust/cms/timestamp.h"
#include "trust/seal/seal.h"

#define CRET_SEAL_SUBJECT "seal"

/* PartialHashtree: digests of a chain's algorithm; points into the record. */
struct cret_seal_list {
    const struct cret_bytes *values;
    size_t count;
};

/* ArchiveTimeStamp. */
struct cret_seal_part {
    size_t chain;
    const struct cret_digest_algorithm *named; /* in its digestAlgorithm; NULL: absent */
    struct cret_seal_list lists[CRET_LIMIT_SEAL_LISTS];
    size_t list_count;
    struct cret_bytes token;          /* ContentInfo, the exact bytes */
    struct cret_timestamp *timestamp; /* owned */
    struct cret_bytes imprint;        /* points into timestamp */
};

struct cret_seal {
    uint8_t *data; /* owned; all below points into it */
    size_t size;
    const struct cret_digest_algorithm *algorithms[3]; /* digestAlgorithms */
    size_t algorithm_count;
    struct cret_bytes chains[CRET_LIMIT_SEAL_CHAINS]; /* whole elements */
    const struct cret_digest_algorithm *chain_algorithms[CRET_LIMIT_SEAL_CHAINS];
    size_t chain_count;
    struct cret_seal_part **parts; /* of all chains; owned */
    size_t part_count;
    struct cret_bytes *values; /* of all lists; owned */
    size_t value_count;
};

/* Digest of several runs of bytes behind one another, into *ret_hash. */
CRET_MUST_CHECK enum cret_status cret_seal_hash_runs(struct cret_seal_hash *ret_hash,
                                                     const struct cret_digest_algorithm *algorithm,
                                                     const struct cret_bytes *runs, size_t count,
                                                     struct cret_err *err);
/* The node above these values (4.2.1): their digest in ascending order; of one, that one itself.
 * values is sorted. */
CRET_MUST_CHECK enum cret_status cret_seal_hash_node(struct cret_seal_hash *ret_hash,
                                                     const struct cret_digest_algorithm *algorithm,
                                                     struct cret_bytes *values, size_t count,
                                                     struct cret_err *err);
/* Digest of the DER of ArchiveTimeStampSequence with the first `count` chains (5.2). */
CRET_MUST_CHECK enum cret_status
cret_seal_hash_chains(struct cret_seal_hash *ret_hash,
                      const struct cret_digest_algorithm *algorithm, const struct cret_seal *seal,
                      size_t count, struct cret_err *err);

/* The reduced hash tree of a group, as lists of digests (4.2.2). */
struct cret_seal_path {
    struct cret_seal_hash *values; /* owned */
    size_t counts[CRET_LIMIT_SEAL_LISTS];
    size_t list_count; /* 0: the group's one digest is the root */
};
CRET_MUST_CHECK enum cret_status cret_seal_tree_path(struct cret_seal_path *ret_path,
                                                     const struct cret_seal_tree *tree,
                                                     size_t group, struct cret_err *err);
const struct cret_digest_algorithm *cret_seal_tree_algorithm(const struct cret_seal_tree *tree);

#endif
