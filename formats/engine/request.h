/* SPDX-License-Identifier: Apache-2.0 */
/* What a verification is asked to do: by which policy, at which time, what is expected, what is
 * read.
 */
#ifndef CRET_ENGINE_REQUEST_H
#define CRET_ENGINE_REQUEST_H

#include "base/digest/hash_engine.h"
#include "container/archive.h"
#include "release/manifest/manifest.h"
#include "release/statements/profile.h"
#include "trust/policy/policy.h"
#include "trust/policy/waiver.h"

/* A file beside the archive that is to be one of its documents (--also). */
struct cret_also {
    const char *name;
    uint8_t sha256[CRET_SHA256_BYTES];
};

/* A seal (.ers) that was not read yet: over MANIFEST.json and the signatures of the archive. */
struct cret_inspect_seal {
    const char *name; /* for messages; NULL: there is none */
    struct cret_bytes bytes;
    const struct cret_policy *policy; /* whose timestamp authorities count */
};

struct cret_inspect_request {
    const struct cret_policy *policy;
    int64_t now; /* seconds; what --at replaces */
    bool allow_example_keys;
    const char *vendor, *product;          /* expected names of the manifest, each or NULL */
    const char *hardware;                  /* expected "MODEL" or "MODEL:REVISION", or NULL */
    struct cret_optional minimum_sequence; /* --min-sequence */
    const uint8_t *expect_identity;        /* 32 bytes, or NULL */
    const struct cret_profile *profile;    /* required topics, raised severities; or NULL */
    const struct cret_also *also;          /* each must be a document of the release */
    size_t also_count;
    const struct cret_waivers *waivers; /* --waivers, or NULL */
    const char *asset;                  /* what waivers for one asset are compared with, or NULL */
    struct cret_inspect_seal seal;
    bool fast;
    bool partial; /* only the paths below are read: the verdict is PARTIAL */
    const char *const *only;
    size_t only_count;
    unsigned jobs;
    enum cret_hash_choice hash;
    int payload_directory; /* detached payload; else -1 */
    bool want_subjects;    /* keep what advisories can be matched with */

    /* Called once, after the manifest is known and before payload is read; CRET_FAILED ends the
     * run as UNDECIDED. May be NULL. */
    enum cret_status (*begin)(void *context, const struct cret_manifest *manifest,
                              struct cret_err *err);
    cret_payload_sink sink; /* gets every payload byte that was hashed; or NULL */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
    struct cret_watch watch; /* told of payload bytes that are read once more, afterwards */
};

/* What a fault of a check becomes under the request's policy and profile (cret_profile_result). */
enum cret_result cret_inspect_result(const struct cret_inspect_request *request,
                                     enum cret_check_id check);

/* Whether the request reads this path: always, unless it is partial and names others. */
bool cret_inspect_selects(const struct cret_inspect_request *request, const char *path);

/* A partial request that selects nothing: what was asked for, and what there is. Returns
 * CRET_FAILED; class UNDECIDED. */
enum cret_status cret_inspect_selects_none(const struct cret_inspect_request *request,
                                           const struct cret_manifest *manifest,
                                           struct cret_err *err);

#endif
