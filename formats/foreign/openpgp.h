/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenPGP (RFC 4880, RFC 9580): detached signatures of version 4 and the keys that make them, as
 * far as docs/spec/foreign-updates.md takes them: RSA, ECDSA on the curves of NIST and Ed25519,
 * over SHA-2. All else is refused by name.
 */
#ifndef CRET_FOREIGN_OPENPGP_H
#define CRET_FOREIGN_OPENPGP_H

#include "base/text/optional.h"
#include "foreign/raw_key.h"

#define CRET_OPENPGP_SIGNATURES 16u /* in one file: signers of one release */
#define CRET_OPENPGP_KEYS 16u       /* a key and its subkeys */
#define CRET_OPENPGP_FINGERPRINT 20u
#define CRET_OPENPGP_TRAILER 6u

/* Types of signatures (RFC 9580 5.2.1). */
enum {
    CRET_OPENPGP_BINARY = 0x00,
    CRET_OPENPGP_TEXT = 0x01,
    CRET_OPENPGP_CERTIFICATION = 0x10, /* up to 0x13 */
    CRET_OPENPGP_SUBKEY_BINDING = 0x18,
    CRET_OPENPGP_PRIMARY_BINDING = 0x19,
    CRET_OPENPGP_DIRECT = 0x1f,
    CRET_OPENPGP_KEY_REVOCATION = 0x20,
    CRET_OPENPGP_SUBKEY_REVOCATION = 0x28,
    CRET_OPENPGP_CERTIFICATION_REVOCATION = 0x30
};

/* One signature packet; slices lie in the packets that it was read from. */
struct cret_openpgp_signature {
    unsigned type;
    unsigned algorithm; /* of the key */
    const char *weak;   /* why it must not count ("SHA-1"), or NULL; then digest may be NULL */
    const struct cret_digest_algorithm *digest;
    struct cret_bytes hashed;   /* from the version to the end of the hashed subpackets */
    struct cret_bytes value;    /* the numbers, or octets, behind the first two of the digest */
    struct cret_bytes embedded; /* a signature packet's body (subpacket 32); empty: none */
    uint8_t begin[2];           /* of the digest */
    uint32_t created;           /* seconds since 1970; said by the signer */
    uint32_t lifetime;          /* of the signature, seconds; 0: no end */
    uint32_t key_lifetime;      /* of the key that is certified; 0: no end */
    bool has_flags;
    uint8_t flags; /* what the key that is certified is for: 0x02 signs */
    bool has_fingerprint, has_key_id;
    uint8_t fingerprint[CRET_OPENPGP_FINGERPRINT]; /* of the key that signed, as it says */
    uint8_t key_id[8];
    size_t unsigned_bytes; /* in its unhashed part, beyond the names of its key */
};

/* A key of the pinned certificate, and whether its signatures over files count. */
struct cret_openpgp_component {
    uint8_t fingerprint[CRET_OPENPGP_FINGERPRINT];
    uint32_t created;
    struct cret_optional expiry; /* the first second at which it is not valid any more */
    struct cret_raw_key *key;    /* NULL where it does not sign files; then `reason` says why */
    char reason[120];
};

struct cret_openpgp_key {
    struct cret_openpgp_component components[CRET_OPENPGP_KEYS]; /* first: the primary key */
    size_t count;
    char user[200]; /* its first user id that it certified, escaped for nothing; "" where none */
};

/* Does the file begin as a detached signature does, in armor or in binary? */
bool cret_openpgp_recognized(struct cret_bytes file);

/* The body of one signature packet. Weak ones are read and marked. class REFUSED with
 * foreign.form or foreign.strength. */
CRET_MUST_CHECK enum cret_status
cret_openpgp_signature_parse(struct cret_openpgp_signature *ret_signature, struct cret_bytes body,
                             const char *subject, struct cret_err *err);

/* The packets of a detached signature's file (cret_openpgp_unarmor): signatures, nothing else. */
CRET_MUST_CHECK enum cret_status
cret_openpgp_signatures_parse(struct cret_openpgp_signature ret_signatures[CRET_OPENPGP_SIGNATURES],
                              size_t *ret_count, struct cret_bytes packets, struct cret_err *err);

/* What is hashed behind the document: `hashed`, then these octets (RFC 9580 5.2.4). */
void cret_openpgp_trailer(uint8_t out[CRET_OPENPGP_TRAILER],
                          const struct cret_openpgp_signature *signature);

/* Is the value one by the key over this digest (of document, hashed part and trailer)? class
 * REFUSED with foreign.value or foreign.strength. */
CRET_MUST_CHECK enum cret_status
cret_openpgp_verify_digest(const struct cret_openpgp_signature *signature,
                           const struct cret_raw_key *key, const uint8_t *digest,
                           struct cret_err *err);
/* The same where what is hashed before the trailer lies in memory. */
CRET_MUST_CHECK enum cret_status
cret_openpgp_verify_bytes(const struct cret_openpgp_signature *signature,
                          const struct cret_raw_key *key, struct cret_bytes document,
                          struct cret_err *err);

/*
 * A public key as it is exported, in armor or binary: exactly one primary key. Components that may
 * sign files are those that the primary key says may: each certified by a signature of its own,
 * subkeys with the subkey's answer, none revoked. allow_rsa_2048 as in raw_key.h. class REFUSED.
 */
CRET_MUST_CHECK enum cret_status cret_openpgp_key_parse(struct cret_openpgp_key *ret_key,
                                                        struct cret_bytes file, bool allow_rsa_2048,
                                                        struct cret_err *err);
void cret_openpgp_key_clear(struct cret_openpgp_key *key);

/* The component that this signature names, by fingerprint, or where it gives none by key id; NULL:
 * none of them. */
const struct cret_openpgp_component *
cret_openpgp_key_find(const struct cret_openpgp_key *key,
                      const struct cret_openpgp_signature *signature);

/* May a signature over a file by this component count now (seconds since 1970)? Type, digest,
 * times, what nobody signed. class REFUSED. */
CRET_MUST_CHECK enum cret_status cret_openpgp_judge(const struct cret_openpgp_signature *signature,
                                                    const struct cret_openpgp_component *component,
                                                    int64_t now, struct cret_err *err);

#endif
