/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CMS SignedData (RFC 5652) and PKCS#7 as tools of others write it: DER, one signer, signed
 * attributes, certificates that came along, timestamps among the unsigned attributes. Wider than
 * the one form of our own signatures (trust/cms), and for foreign files only.
 */
#ifndef CRET_FOREIGN_SIGNED_H
#define CRET_FOREIGN_SIGNED_H

#include "foreign/kind.h"
#include "trust/asn1/der.h"

/* ATTRIBUTES: unsigned ones. */
enum { CRET_SIGNED_CERTIFICATES = 24, CRET_SIGNED_ATTRIBUTES = 64, CRET_SIGNED_BYTES = 16 << 20 };

/* One SignerInfo (5.3), borrowed from the bytes that were read. */
struct cret_signer_info {
    struct cret_bytes issuer, serial; /* whole elements; empty where a key identifier is given */
    struct cret_bytes key_identifier;
    const EVP_MD *digest;
    const char *digest_name;                        /* "sha256" */
    struct cret_bytes attributes;                   /* the signed ones, whole, tag [0] */
    struct cret_bytes content_type, message_digest; /* of the attributes: OID and octets */
    struct cret_optional signing_time;              /* self-asserted */
    struct cret_bytes algorithm;                    /* AlgorithmIdentifier, whole */
    struct cret_bytes value;
    struct cret_bytes unsigned_attributes; /* content of [1], or empty */
    struct cret_bytes unknown_attribute;   /* the first of them that is not read here, or empty */
    size_t unknown_bytes;                  /* of all such */
};

struct cret_signed {
    struct cret_bytes content_type; /* OID of eContentType */
    struct cret_bytes content;      /* whole element inside [0] EXPLICIT; empty: detached */
    const uint8_t *origin;          /* the first byte of all of it */
    struct cret_certificate *certificates[CRET_SIGNED_CERTIFICATES];
    struct cret_bytes encoded[CRET_SIGNED_CERTIFICATES]; /* where each of them stands */
    size_t certificate_count;
    struct cret_bytes unread; /* the first that is none as this program reads them, or too many */
    size_t unread_bytes;      /* of all such */
    struct cret_signer_info signer;
    const struct cret_certificate *certificate; /* of the signer; NULL: did not come along */
    size_t trailing;                            /* bytes behind the outermost element */
    bool nested_read; /* set by who reads the signatures that are nested in it as well */
};

/* Borrows der. trailing: bytes may follow, and are counted; else they are refused. class REFUSED,
 * foreign.form; UNDECIDED for memory. */
CRET_MUST_CHECK enum cret_status cret_signed_read(struct cret_signed *ret_signed,
                                                  const uint8_t *der, size_t size, bool trailing,
                                                  struct cret_err *err);
void cret_signed_clear(struct cret_signed *message);

/* Whether what is signed is data (id-data, RFC 5652 4), and not a structure of something else,
 * whose octets somebody gives out as a file. class REFUSED, foreign.form. */
CRET_MUST_CHECK enum cret_status cret_signed_data(const struct cret_signed *message,
                                                  struct cret_err *err);
/* The octets of the content, which is an OCTET STRING: what an attached signature is over. class
 * REFUSED, foreign.form. */
CRET_MUST_CHECK enum cret_status cret_signed_octets(const struct cret_signed *message,
                                                    struct cret_bytes *ret_octets,
                                                    struct cret_err *err);

/*
 * Whether the signature is one by its certificate over content of this digest, which was made with
 * message->signer.digest: messageDigest is that digest, contentType that of the message, and the
 * value is right for the attributes. Sets the digest of *proof, its strength and the time that the
 * signer claims. class REFUSED, foreign.value or foreign.form; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_signed_verify(const struct cret_signed *message,
                                                    const uint8_t *digest, size_t size,
                                                    struct cret_foreign_proof *proof,
                                                    struct cret_err *err);
/*
 * Whose it is: looks for a timestamp that an authority of the policy vouches for (RFC 3161 tokens,
 * PKCS#9 countersignatures), then asks the pins. usage as in struct cret_foreign_signer. What
 * stands in the message and nobody signed becomes gaps of *proof, whether it is of a pin or not:
 * unsigned attributes, and certificates that no path needs. Call it after cret_signed_verify.
 * Errors as cret_foreign_judge_certificate.
 */
CRET_MUST_CHECK enum cret_status
cret_signed_judge(const struct cret_foreign_question *question, const struct cret_signed *message,
                  const char *usage, struct cret_foreign_proof *proof, struct cret_err *err);

/* The gap that has what is unsigned and read: what is told of a nested signature, which lies in it,
 * is no second time of it. */
extern const char cret_signed_attributes_words[];

/* A part of the file that a signature is over. */
struct cret_signed_part {
    uint64_t offset, size;
};
/* All of that for a detached signature over a part of the file, or over bytes in memory. */
CRET_MUST_CHECK enum cret_status
cret_signed_check_part(const struct cret_foreign_question *question, struct cret_bytes der,
                       struct cret_signed_part part, const char *usage,
                       struct cret_foreign_proof *proof, struct cret_err *err);
CRET_MUST_CHECK enum cret_status
cret_signed_check_bytes(const struct cret_foreign_question *question, struct cret_bytes der,
                        struct cret_bytes content, const char *usage,
                        struct cret_foreign_proof *proof, struct cret_err *err);

#endif
