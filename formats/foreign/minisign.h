/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Detached signatures and public keys of minisign and signify (docs/spec/foreign-updates.md): two
 * lines of text, or four with the trusted comment of minisign. Ed25519 over the file itself, or
 * over its BLAKE2b-512.
 */
#ifndef CRET_FOREIGN_MINISIGN_H
#define CRET_FOREIGN_MINISIGN_H

#include <stdbool.h>

#include "trust/asn1/der.h"

#define CRET_MINISIGN_LINE 1024u      /* an untrusted comment, and each other line */
#define CRET_MINISIGN_COMMENT 8192u   /* a trusted comment, as minisign has it */
#define CRET_MINISIGN_ID_BYTES 8u     /* key id */
#define CRET_MINISIGN_KEY_BYTES 32u   /* RFC 8032 5.1.5 */
#define CRET_MINISIGN_VALUE_BYTES 64u /* RFC 8032 5.1.6 */
#define CRET_MINISIGN_DIGEST_BYTES 64u

struct cret_minisign_key {
    uint8_t id[CRET_MINISIGN_ID_BYTES];
    uint8_t octets[CRET_MINISIGN_KEY_BYTES];
};

struct cret_minisign {
    bool prehashed; /* "ED": the message is BLAKE2b-512 of the file; else "Ed": the file */
    uint8_t id[CRET_MINISIGN_ID_BYTES]; /* of the key; chosen by who made the file */
    uint8_t value[CRET_MINISIGN_VALUE_BYTES];
    bool has_trusted;                                 /* minisign; signify has no such comment */
    char trusted[CRET_MINISIGN_COMMENT];              /* terminated; UTF-8 that can be shown */
    uint8_t trusted_value[CRET_MINISIGN_VALUE_BYTES]; /* over value and trusted */
};

/* Does the text begin as a signature or key of these tools does? */
bool cret_minisign_recognized(const char *text, size_t size);

/* A signature file, whole. class REFUSED with foreign.form. */
CRET_MUST_CHECK enum cret_status cret_minisign_parse(struct cret_minisign *ret_signature,
                                                     const char *text, size_t size,
                                                     struct cret_err *err);
/* A public key: the file, or its second line alone. class REFUSED with foreign.form. */
CRET_MUST_CHECK enum cret_status cret_minisign_key_parse(struct cret_minisign_key *ret_key,
                                                         const char *text, size_t size,
                                                         struct cret_err *err);

/*
 * Is this a signature by the key over the message, which is the file, or where prehashed its
 * BLAKE2b-512 (CRET_MINISIGN_DIGEST_BYTES)? Both values are verified: that of the file, and that of
 * the trusted comment. class REFUSED with foreign.value.
 */
CRET_MUST_CHECK enum cret_status cret_minisign_verify(const struct cret_minisign *signature,
                                                      const struct cret_minisign_key *key,
                                                      struct cret_bytes message,
                                                      struct cret_err *err);

/* The key id as these tools print it: sixteen upper-case digits, the last byte first. */
void cret_minisign_id_text(char out[17], const uint8_t id[CRET_MINISIGN_ID_BYTES]);

#endif
