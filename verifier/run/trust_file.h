/* SPDX-License-Identifier: Apache-2.0 */
/* trust.json as a file that `trust` verbs read, change, and write back as a whole. */
#ifndef CRET_VERIFIER_TRUST_FILE_H
#define CRET_VERIFIER_TRUST_FILE_H

#include <jansson.h>

#include "base/system/output.h"
#include "trust/policy/policy.h"

/* What a policy is held to. */
struct cret_trust_rules {
    int64_t now; /* seconds since the epoch */
    bool allow_example_keys;
    bool allow_empty; /* a policy that has no scope yet is let through */
    bool dry;         /* what would be written is judged, and not written */
};

/* Reads FILE both as JSON (to change it) and as a policy (so that only sound ones are changed). The
 * caller owns both; of a policy without scopes *ret_policy stays NULL. class USAGE for whatever is
 * wrong with the file. */
CRET_MUST_CHECK enum cret_status
cret_trust_file_read(json_t **ret_json, struct cret_policy **ret_policy, const char *path,
                     struct cret_trust_rules rules, struct cret_err *err);

/* The error of a policy that was not taken, in plainer words where it is one that `trust init` made
 * and that has no signer yet; unchanged otherwise. */
void cret_trust_file_explain(const char *text, size_t size, const char *path, struct cret_err *err);

/* Locks FILE before it is read to be changed: no other run changes it until it is closed. class
 * USAGE where it is missing, or a symbolic link: the link would be replaced, and whoever reads what
 * it led to would keep the old policy without a word. */
CRET_MUST_CHECK enum cret_status cret_trust_file_hold(struct cret_held **ret_held, const char *path,
                                                      struct cret_err *err);

/* Writes the policy in table order, after the verifier's own parser took it,
 * instead of what is held; held NULL: FILE must not exist. rules.dry: writes nothing. */
CRET_MUST_CHECK enum cret_status
cret_trust_file_write(const char *path, const struct cret_held *held, const json_t *json,
                      struct cret_trust_rules rules, struct cret_err *err);

/* The command that gives a policy its first signer, with everything that it requires; {} is the
 * file. Words in capitals are the reader's to replace. */
#define CRET_TRUST_ADD_SIGNER                                                                      \
    "cretula-verify trust add-signer {} --vendor VENDOR --signer NAME --role release "             \
    "--anchor CERTIFICATE --obtained HOW"

#endif
