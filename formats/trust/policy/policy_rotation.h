/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rotation without a network: may a station that trusts one version of a policy take the next one?
 * (docs/spec/trust.md, Rotation). A series is a folder of files N.trust.json, each with signatures
 * N.<16 hex>.p7s by owners: the signature profile of releases over the bytes of N.trust.json, named
 * after the key (cret_cms_member_name).
 */
#ifndef CRET_TRUST_POLICY_ROTATION_H
#define CRET_TRUST_POLICY_ROTATION_H

#include "trust/policy/policy.h"

/* One file N.<16 hex>.p7s. */
struct cret_rotation_signature {
    const uint8_t *der;
    size_t size;
    const char *name; /* of the file, for errors; borrowed */
};

/* A version that wants to follow another, with its signatures; borrowed. */
struct cret_rotation_next {
    const struct cret_policy *policy;
    const char *text; /* the bytes that policy was parsed of, which the signatures are over */
    size_t size;
    const struct cret_rotation_signature *signatures;
    size_t count;
};

/* What was found of one step. */
struct cret_rotation_step {
    int64_t version;
    uint8_t digest[CRET_SHA256_BYTES]; /* of N.trust.json */
    size_t before, own; /* owners of the version before, and of this one, who signed */
    unsigned before_threshold, own_threshold;
    char *who; /* names of those owners, "Alice, Bob"; owned */
};
void cret_rotation_step_clear(struct cret_rotation_step *step);

/*
 * Is `next` authorized by `previous`? The version is one higher, the name is the same, the issue
 * date is not earlier, both have owners, and owners of each signed, as many as its threshold says.
 * Owners are pinned: no validity of a certificate, no revocation and no timestamp is judged, nor
 * whether one of the two has expired. Each signature must be consistent in itself, whether it
 * counts or not; none twice. class REFUSED with trust.rotation, trust.threshold, signature.*,
 * trust.example-key; UNDECIDED for memory. *ret_step (may be NULL) is the caller's to clear.
 */
CRET_MUST_CHECK enum cret_status cret_policy_authorize(const struct cret_policy *previous,
                                                       const struct cret_rotation_next *next,
                                                       bool allow_example_keys,
                                                       struct cret_rotation_step *ret_step,
                                                       struct cret_err *err);

/* Where a walk ended. */
struct cret_rotation {
    struct cret_policy *policy; /* the last version; NULL: the folder has nothing newer */
    char *text;                 /* its bytes */
    size_t size;
    struct cret_rotation_step *steps;
    size_t step_count;
};
void cret_rotation_clear(struct cret_rotation *rotation);

/*
 * Walks the series in the folder `path` from the installed version to `target` (not given: to the
 * last one that is there), each step authorized as above. Nothing but such files may lie there:
 * regular ones, within the caps, without gaps up from the installed version; older ones are not
 * read, and the installed one, where it is there, must be the very same. Only the last version's
 * `expires` is judged, at `now` (seconds). class REFUSED, check trust.rotation, for a gap, another
 * history, a folder that ends before the installed version, a file that does not belong there;
 * USAGE for a version that is no policy or has expired; UNDECIDED where the folder cannot be read.
 * CRET_OK with policy NULL: nothing newer. The caller clears *ret_rotation.
 */
CRET_MUST_CHECK enum cret_status cret_policy_walk(struct cret_rotation *ret_rotation,
                                                  const struct cret_policy *installed,
                                                  const char *path, struct cret_optional target,
                                                  int64_t now, bool allow_example_keys,
                                                  struct cret_err *err);

#endif
