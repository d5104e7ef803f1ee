/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals: evidence records of RFC 4998. A token of a timestamp authority dates the root of a hash
 * tree; what is in the tree existed then. Before that token or its digest ages, another one is made
 * over it (timestamp renewal), or, with a stronger digest, over all data again (hash-tree renewal).
 * docs/spec/seals.md has each choice that the standard leaves open.
 */
#ifndef CRET_TRUST_SEAL_H
#define CRET_TRUST_SEAL_H

#include "base/text/optional.h"
#include "trust/cms/timestamp_exchange.h"
#include "trust/policy/policy.h"
#include "trust/x509/cms_algorithm.h"

/* A digest by whatever algorithm goes with it; the octets behind its size are zero. */
struct cret_seal_hash {
    uint8_t value[CRET_DIGEST_BYTES_MAXIMUM];
};

/* One file that a seal protects. Those that were sealed together are a group. */
struct cret_seal_object {
    const char *name; /* for messages */
    struct cret_bytes bytes;
};

struct cret_seal;

/*
 * Reads an EvidenceRecord (RFC 4998 3): strict DER, version 1, no encryptionInfo, no attributes,
 * each digest one of SHA-256, SHA-384, SHA-512 and listed in digestAlgorithms, each token sound in
 * itself and by the digest of its chain (5.2). cryptoInfos is passed over: nothing protects it.
 * Says nothing about files, nor about trust. Copies the bytes. class REFUSED: seal.form, or
 * seal.time for a token.
 */
CRET_MUST_CHECK enum cret_status cret_seal_parse(struct cret_seal **ret_seal, const uint8_t *data,
                                                 size_t size, bool allow_rsa_2048,
                                                 struct cret_err *err);
void cret_seal_free(struct cret_seal **seal);

/* The timestamps, oldest first; borrowed. */
size_t cret_seal_count(const struct cret_seal *seal);
struct cret_seal_stamp {
    const struct cret_timestamp *timestamp;
    const struct cret_digest_algorithm *algorithm; /* of its chain */
    size_t chain;                                  /* from 0: a hash-tree renewal begins one */
    size_t lists;                                  /* of its reduced hash tree; 0: none */
};
struct cret_seal_stamp cret_seal_at(const struct cret_seal *seal, size_t index);
/* How many digests stand in the first list of the first timestamp (1 where it has no tree): the
 * group's, and perhaps that of a neighbour. */
size_t cret_seal_first_list(const struct cret_seal *seal);

/* Whether a seal is `old` with one timestamp more: each of the others is the same, in its chain. */
bool cret_seal_renews(const struct cret_seal *seal, const struct cret_seal *old);

/* The end of a digest, that somebody decided. */
struct cret_seal_end {
    const struct cret_digest_algorithm *algorithm;
    int64_t time;
};

struct cret_seal_request {
    const struct cret_policy *policy; /* whose timestamp authorities count */
    int64_t now;
    bool allow_example_keys;
    const struct cret_seal_object *objects; /* at least one */
    size_t object_count;
    const struct cret_seal_end *ends; /* or NULL */
    size_t end_count;
};

/* What a seal proves. Zeroed is nothing. */
struct cret_seal_proof {
    int64_t since;         /* the objects existed at this time; seconds, accuracy counted in */
    int64_t until;         /* of the last timestamp: the seal must be renewed before */
    const char *authority; /* of the policy, that dated the first; borrowed */
    const char *last;      /* the one that holds it today */
    size_t stamps, chains;
    const struct cret_digest_algorithm *algorithm; /* of the last chain */
    /* SPKI SHA-256 of each authority; cret_seal_proof_clear. */
    uint8_t (*keys)[CRET_SHA256_BYTES];
};
void cret_seal_proof_clear(struct cret_seal_proof *proof);

/*
 * RFC 4998 5.3. Every object stands in the first list of the first timestamp of every chain (with
 * the digest of all chains before it), every other timestamp is over the token before it, every
 * tree ends in what its token dates; the times ascend and are not after now; each token and digest
 * holds until the next one was made, the last one now. class REFUSED (seal.data, seal.time) with
 * the one reason; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_seal_verify(struct cret_seal_proof *ret_proof,
                                                  const struct cret_seal *seal,
                                                  const struct cret_seal_request *request,
                                                  struct cret_err *err);

/* What a new timestamp is made over. */

/* Digest of an object. */
CRET_MUST_CHECK enum cret_status cret_seal_digest(struct cret_seal_hash *ret_hash,
                                                  const struct cret_digest_algorithm *algorithm,
                                                  struct cret_bytes bytes, struct cret_err *err);
/* For timestamp renewal (5.2): digest of the last token by the last chain's algorithm, which is
 * returned too. */
CRET_MUST_CHECK enum cret_status
cret_seal_digest_token(struct cret_seal_hash *ret_hash,
                       const struct cret_digest_algorithm **ret_algorithm,
                       const struct cret_seal *seal, struct cret_err *err);
/* For hash-tree renewal: H(H(object) || H(all chains so far)), in that order. */
CRET_MUST_CHECK enum cret_status
cret_seal_digest_again(struct cret_seal_hash *ret_hash,
                       const struct cret_digest_algorithm *algorithm, const struct cret_seal *seal,
                       struct cret_bytes bytes, struct cret_err *err);

/* A tree over groups of digests (4.2.1): binary, siblings in ascending order, equal groups once. */
struct cret_seal_group {
    const struct cret_seal_hash *hashes;
    size_t count; /* 1 to CRET_LIMIT_SEAL_OBJECTS */
};
struct cret_seal_tree;
CRET_MUST_CHECK enum cret_status cret_seal_tree_make(struct cret_seal_tree **ret_tree,
                                                     const struct cret_digest_algorithm *algorithm,
                                                     const struct cret_seal_group *groups,
                                                     size_t count, struct cret_err *err);
void cret_seal_tree_free(struct cret_seal_tree **tree);
const struct cret_seal_hash *cret_seal_tree_root(const struct cret_seal_tree *tree);

enum cret_seal_step {
    CRET_SEAL_FIRST,     /* a new seal; `old` is NULL */
    CRET_SEAL_TIMESTAMP, /* a timestamp more in the last chain of `old` */
    CRET_SEAL_TREE,      /* a chain more, by the tree's algorithm */
};
/* A group of a tree, by its index among those that the tree was made of. */
struct cret_seal_leaf {
    const struct cret_seal_tree *tree;
    size_t group;
};
/* The seal of that group, with this token (in the form of timestamp.h) over the tree's root; DER,
 * the caller frees. The tokens and chains of `old` stay as they are, byte by byte. class REFUSED
 * (seal.form) where a cap is reached. */
CRET_MUST_CHECK enum cret_status cret_seal_write(uint8_t **ret_der, size_t *ret_size,
                                                 const struct cret_seal *old,
                                                 enum cret_seal_step step,
                                                 struct cret_seal_leaf leaf,
                                                 struct cret_bytes token, struct cret_err *err);

#endif
