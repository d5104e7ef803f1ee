/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenPGP files are made of (RFC 4880, RFC 9580): armor, packets, subpackets, numbers.
 * Internal to openpgp*.c. Every slice lies inside of the bytes that were given. */
#ifndef CRET_FOREIGN_OPENPGP_PACKET_H
#define CRET_FOREIGN_OPENPGP_PACKET_H

#include "trust/asn1/der.h"

#define CRET_OPENPGP_FILE_BYTES                                                                    \
    (1u << 20) /* a key with many certifications; as other PEM files                               \
                */

enum {
    CRET_OPENPGP_TAG_SIGNATURE = 2,
    CRET_OPENPGP_TAG_SECRET_KEY = 5,
    CRET_OPENPGP_TAG_KEY = 6,
    CRET_OPENPGP_TAG_SECRET_SUBKEY = 7,
    CRET_OPENPGP_TAG_TRUST = 12,
    CRET_OPENPGP_TAG_USER_ID = 13,
    CRET_OPENPGP_TAG_SUBKEY = 14,
    CRET_OPENPGP_TAG_ATTRIBUTE = 17
};

/* Public-key algorithms (RFC 9580 9.1) whose signatures are read. */
enum {
    CRET_OPENPGP_RSA = 1,
    CRET_OPENPGP_ECDSA = 19,
    CRET_OPENPGP_EDDSA = 22, /* legacy, over Ed25519 */
    CRET_OPENPGP_ED25519 = 27
};

/* Reads forward; `subject` names the object in errors. */
struct cret_openpgp_reader {
    const uint8_t *next, *end;
    const char *subject;
    struct cret_err *err;
};

/* class REFUSED with foreign.form; `what` is a half-sentence. Returns CRET_FAILED. */
enum cret_status cret_openpgp_refuse(const struct cret_openpgp_reader *reader, const char *format,
                                     ...) CRET_PRINTF(2, 3);
/* `size` octets as they stand. */
CRET_MUST_CHECK enum cret_status cret_openpgp_octets(struct cret_openpgp_reader *reader,
                                                     size_t size, struct cret_bytes *ret_octets);
/* A big-endian number of 1 to 4 octets. */
CRET_MUST_CHECK enum cret_status cret_openpgp_number(struct cret_openpgp_reader *reader,
                                                     size_t size, uint32_t *ret_number);
/* A multiprecision integer of at least one bit, without leading zeros (RFC 9580 3.2). */
CRET_MUST_CHECK enum cret_status cret_openpgp_mpi(struct cret_openpgp_reader *reader,
                                                  struct cret_bytes *ret_magnitude);
/* The next packet, of a definite length (RFC 9580 4.2). */
CRET_MUST_CHECK enum cret_status cret_openpgp_packet(struct cret_openpgp_reader *reader,
                                                     unsigned *ret_tag,
                                                     struct cret_bytes *ret_body);
/* The next subpacket (RFC 9580 5.2.3.7); *ret_type is without the bit for critical. */
CRET_MUST_CHECK enum cret_status cret_openpgp_subpacket(struct cret_openpgp_reader *reader,
                                                        unsigned *ret_type, bool *ret_critical,
                                                        struct cret_bytes *ret_body);

/*
 * The packets of a file: as it is, or what one block of armor with this label ("PGP SIGNATURE")
 * holds, whose checksum must be right where it has one. Caller frees *ret_owned, which is NULL
 * where *ret_packets lies in the file. class REFUSED with foreign.form.
 */
CRET_MUST_CHECK enum cret_status cret_openpgp_unarmor(struct cret_bytes *ret_packets,
                                                      uint8_t **ret_owned, struct cret_bytes file,
                                                      const char *label, const char *subject,
                                                      struct cret_err *err);

#endif
