/* SPDX-License-Identifier: Apache-2.0 */
/* The signer's own output under the verifier's engine, before anybody gets to see it. */
#ifndef CRET_SIGNER_SELFCHECK_H
#define CRET_SIGNER_SELFCHECK_H

#include "base/digest/hash_engine.h"
#include "release/manifest/manifest.h"
#include "trust/x509/certificate.h"

struct cret_selfcheck {
    int fd;                                     /* the finished file */
    const struct cret_certificate *certificate; /* pinned: the only anchor */
    const struct cret_manifest *manifest;       /* what it must hold */
    bool detached;                              /* front only */
    int payload_directory;                      /* of a front: where its payload lies; -1: unread */
    bool any_meaning; /* of the signature; else origin or none, as a release needs */
    /* An OPC UA package: by which list it is known depends on who is trusted (the caller compares
     * lists), and others who signed it may have a key that a policy must name (rsa-2048). */
    bool package;
    bool allow_example_keys;
    unsigned jobs;
    enum cret_hash_choice hash;
    void (*progress)(void *context, uint64_t done, uint64_t total); /* of the payload, or NULL */
    void *context;
};

/*
 * Reads the file back and verifies it with a policy that trusts the signer's certificate alone: all
 * of it, with the fast digest of each file (both were taken from the bytes that were written); of a
 * detached front the signature and the manifest. Identity must be that of the content. Anything but
 * ACCEPTED is class UNDECIDED: the fault is this machine's or this program's, nothing was
 * published.
 */
CRET_MUST_CHECK enum cret_status cret_selfcheck(const struct cret_selfcheck *check,
                                                struct cret_err *err);

#endif
