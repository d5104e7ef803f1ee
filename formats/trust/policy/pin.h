/* SPDX-License-Identifier: Apache-2.0 */
/* Pins: whose signature in another format a scope of the trust policy takes for the vendor's. */
#ifndef CRET_TRUST_PIN_H
#define CRET_TRUST_PIN_H

#include <jansson.h>

#include "trust/x509/chain.h"

/* What a pin may be for. NULL ends them. */
extern const char *const cret_pin_kinds[];

struct cret_foreign_pin {
    char *name; /* of the scope's pins, unique; who it stands for */
    char *kind; /* of cret_pin_kinds; NULL: any (--foreign-key, --foreign-signer) */
    /* With an anchor of CRET_ANCHOR_CA: the certificate's own names, RFC 2253, as `show` prints
     * them. Both, unless `own`. With --foreign-signer the subject alone. */
    char *subject, *issuer;
    bool own;        /* the CA issues for this vendor alone: any name below it */
    bool has_anchor; /* a certificate, a CA, or a public key that OpenSSL reads */
    struct cret_anchor anchor;
    /* The key in the format's own form (a minisign public key file, an OpenPGP key block, hex of a
     * fingerprint); NULL with an anchor. Text of the policy's author, bounded, not yet parsed. */
    char *key;
    struct cret_optional not_after; /* it counts for nothing later, whatever a timestamp says */
    bool weak_digests;              /* MD5 and SHA-1 count, and are named */
    bool legacy; /* older forms of the format count (minisign's Ed), and are named */
};

#endif
