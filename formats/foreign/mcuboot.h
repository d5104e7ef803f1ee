/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MCUboot images (docs/spec/foreign-updates.md): a header, the image, protected records (TLVs), all
 * of which are hashed, and records that are not: the digest, and signatures over it.
 */
#ifndef CRET_FOREIGN_MCUBOOT_H
#define CRET_FOREIGN_MCUBOOT_H

#include "foreign/file.h"
#include "trust/asn1/der.h"

#define CRET_MCUBOOT_TLV_BYTES 65535u /* of each area: its length has two octets */
#define CRET_MCUBOOT_SIGNATURES 8u    /* pairs of a key's hash and a signature */

/* Records whose meaning is known. */
enum {
    CRET_MCUBOOT_KEY_HASH = 0x01,
    CRET_MCUBOOT_KEY = 0x02,
    CRET_MCUBOOT_SHA256 = 0x10,
    CRET_MCUBOOT_SHA384 = 0x11,
    CRET_MCUBOOT_SHA512 = 0x12,
    CRET_MCUBOOT_RSA2048 = 0x20,
    CRET_MCUBOOT_ECDSA224 = 0x21,
    CRET_MCUBOOT_ECDSA = 0x22,
    CRET_MCUBOOT_RSA3072 = 0x23,
    CRET_MCUBOOT_ED25519 = 0x24,
    CRET_MCUBOOT_PURE = 0x25,
    CRET_MCUBOOT_DEPENDENCY = 0x40,
    CRET_MCUBOOT_COUNTER = 0x50
};

struct cret_mcuboot_signature {
    unsigned type;
    struct cret_bytes value;
    struct cret_bytes key_hash; /* SHA-256 of the key that stands before it; empty: none */
    struct cret_bytes key;      /* the key itself; empty: none */
};

struct cret_mcuboot {
    uint8_t major, minor;
    uint16_t revision;
    uint32_t build;
    uint64_t hashed; /* bytes from the start of the file: header, image, protected records */
    uint64_t end;    /* of the last record */
    const char *digest_algorithm; /* "sha256"; NULL: the image has none (pure signatures) */
    struct cret_bytes digest;
    bool pure; /* signatures are over the image itself */
    bool has_counter;
    uint32_t counter; /* security counter */
    unsigned dependencies;
    struct cret_mcuboot_signature signatures[CRET_MCUBOOT_SIGNATURES];
    size_t signature_count;
    uint8_t *protected_area, *open_area; /* owned; the slices above lie in them */
};

bool cret_mcuboot_recognized(const struct cret_foreign_file *file);

/* Header and records. A record that nobody signs and that is no digest, key or signature is
 * refused, as are encrypted images. class REFUSED with foreign.form, foreign.coverage or
 * foreign.strength; UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_mcuboot_read(struct cret_mcuboot *ret_image,
                                                   const struct cret_foreign_file *file,
                                                   struct cret_err *err);
void cret_mcuboot_clear(struct cret_mcuboot *image);

#endif
