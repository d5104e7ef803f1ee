/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that can lead from a signer to an anchor (RFC 4158), before any of them is judged.
 * Internal to trust/. */
#ifndef CRET_TRUST_CHAIN_PATHS_H
#define CRET_TRUST_CHAIN_PATHS_H

#include "trust/x509/chain.h"

enum {
    CRET_PATHS_MAXIMUM = 64,       /* complete paths: cross certificates multiply them */
    CRET_PATH_SIGNATURES = 512,    /* certificate signatures that are checked for them */
    CRET_PATH_STEPS_MAXIMUM = 4096 /* certificates that are looked at on the way */
};

struct cret_paths {
    struct cret_chain paths[CRET_PATHS_MAXIMUM];
    size_t count;
    bool cut; /* there may be more: a bound was met */
};

/*
 * Every path from request->signer to the certificate of request->anchor through the intermediates,
 * in their order, depth first. In a path each certificate names the next one as its issuer and was
 * signed by its key, and a key identifier of the issuer, where both have one, fits; issuer and
 * serial number in an authorityKeyIdentifier say which of several certificates a CA had in mind,
 * and are no part of the proof. No path has one subject with one key twice. Nothing else is judged.
 * The caller frees *ret_paths. class UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_paths_find(struct cret_paths **ret_paths,
                                                 const struct cret_chain_request *request,
                                                 struct cret_err *err);
/* Whether there is one path at most, from the signer straight to the anchor. Its signature was not
 * asked for, all else as above: whoever takes it for a path has to verify that. */
bool cret_paths_straight(struct cret_chain *ret_path, const struct cret_chain_request *request);

#endif
