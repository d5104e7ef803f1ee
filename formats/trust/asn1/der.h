/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict reader of DER (X.690 sections 8, 10, 11): definite minimal lengths, one-byte tags, no
 * indefinite form. It copies nothing and allocates nothing; every element that it hands out lies
 * inside the bytes it was given. Tags are given as their one identifier octet.
 */
#ifndef CRET_TRUST_DER_H
#define CRET_TRUST_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

enum {
    CRET_DER_BOOLEAN = 0x01,
    CRET_DER_INTEGER = 0x02,
    CRET_DER_BIT_STRING = 0x03,
    CRET_DER_OCTET_STRING = 0x04,
    CRET_DER_NULL = 0x05,
    CRET_DER_OID = 0x06,
    CRET_DER_UTC_TIME = 0x17,
    CRET_DER_GENERALIZED_TIME = 0x18,
    CRET_DER_SEQUENCE = 0x30,
    CRET_DER_SET = 0x31,
    CRET_DER_CONTEXT = 0x80,            /* [n] IMPLICIT of a primitive: CONTEXT | n */
    CRET_DER_CONTEXT_CONSTRUCTED = 0xa0 /* [n] of a constructed one: CONTEXT_CONSTRUCTED | n */
};

/* A borrowed run of bytes. */
struct cret_bytes {
    const uint8_t *data;
    size_t size;
};
bool cret_bytes_equal(struct cret_bytes a, struct cret_bytes b);

struct cret_der_element {
    uint8_t tag;
    struct cret_bytes content;
    struct cret_bytes whole; /* with tag and length */
};

/* Reads the elements of one level, in order. */
struct cret_der {
    const uint8_t *origin; /* offsets in errors are relative to this byte */
    const uint8_t *next, *end;
    const char *subject;      /* what errors call the object: "signature", "certificate" */
    enum cret_check_id check; /* the check that a deviation fails */
    struct cret_err *err;     /* or NULL */
};

/* Begins at the first byte of an object. Errors are class REFUSED with `check`. */
struct cret_der cret_der_begin(const uint8_t *data, size_t size, const char *subject,
                               enum cret_check_id check, struct cret_err *err);

/* True while elements are left at this level. */
bool cret_der_more(const struct cret_der *der);
/* Whether the next element has this tag. False at the end. */
bool cret_der_next_is(const struct cret_der *der, uint8_t tag);

/* All below: `name` is what the standard calls the element, for errors. ret_... is set only on
 * success, may be NULL where noted, and the reader then stands behind the element. */

/* The next element, whatever its tag (X.690 8.1.2, 8.1.3, 10.1). */
CRET_MUST_CHECK enum cret_status cret_der_any(struct cret_der *der, const char *name,
                                              struct cret_der_element *ret_element);
/* The next element, which must have this tag; ret_element may be NULL. */
CRET_MUST_CHECK enum cret_status cret_der_take(struct cret_der *der, uint8_t tag, const char *name,
                                               struct cret_der_element *ret_element);
/* Takes a constructed element and opens its content. */
CRET_MUST_CHECK enum cret_status cret_der_enter(struct cret_der *der, uint8_t tag, const char *name,
                                                struct cret_der *ret_inner);
/* Nothing may follow at this level. */
CRET_MUST_CHECK enum cret_status cret_der_end(const struct cret_der *der, const char *name);
/* The next element must be exactly these bytes, tag and length included. */
CRET_MUST_CHECK enum cret_status cret_der_exact(struct cret_der *der, const char *name,
                                                struct cret_bytes expected);
/* INTEGER in its minimal form (8.3.2), positive or zero; *ret_magnitude is the content without a
 * leading zero octet (empty for zero). Either result may be NULL. */
CRET_MUST_CHECK enum cret_status cret_der_unsigned(struct cret_der *der, const char *name,
                                                   struct cret_bytes *ret_magnitude,
                                                   struct cret_bytes *ret_whole);
/* INTEGER with this one value, 0..127. */
CRET_MUST_CHECK enum cret_status cret_der_number(struct cret_der *der, const char *name,
                                                 unsigned value);
/* OBJECT IDENTIFIER, its content octets. */
CRET_MUST_CHECK enum cret_status cret_der_oid(struct cret_der *der, const char *name,
                                              struct cret_bytes *ret_oid);
/* Time as RFC 5280 4.1.2.5 writes it, UTCTime YYMMDDHHMMSSZ for 1950..2049 or GeneralizedTime
 * YYYYMMDDHHMMSSZ, the latter also before 2050, as some authorities wrote it. Seconds since 1970,
 * negative before. */
CRET_MUST_CHECK enum cret_status cret_der_time(struct cret_der *der, const char *name,
                                               int64_t *ret_seconds);
/* GeneralizedTime of any year, in UTC (11.7): YYYYMMDDHHMMSS, then perhaps a fraction of at most
 * nine digits without trailing zeros, then Z. *ret_seconds is the whole second at or before it,
 * *ret_fraction whether there is more. */
CRET_MUST_CHECK enum cret_status cret_der_generalized_time(struct cret_der *der, const char *name,
                                                           int64_t *ret_seconds,
                                                           bool *ret_fraction);
/* Entering one element of a SET OF: its encoding must be greater than that of the one before
 * (11.6; equal ones are duplicates, which no set of ours may hold). *previous starts empty. */
CRET_MUST_CHECK enum cret_status cret_der_ascending(const struct cret_der *der, const char *name,
                                                    struct cret_bytes *previous,
                                                    struct cret_bytes element);

/* Sets der->err: `what` is a half-sentence ("has a second SignerInfo"), at points into the object.
 * Returns CRET_FAILED. */
enum cret_status cret_der_refuse(const struct cret_der *der, const uint8_t *at, const char *format,
                                 ...) CRET_PRINTF(3, 4);

/*
 * Walks one element and everything inside, as deep as CRET_DER_DEPTH: each tag and length, and for
 * universal types the content rules of DER (BOOLEAN, INTEGER, BIT STRING, NULL, OBJECT IDENTIFIER,
 * order of SET OF, primitive and constructed forms). Context-specific primitives are opaque.
 */
#define CRET_DER_DEPTH 24u
CRET_MUST_CHECK enum cret_status cret_der_check_tree(struct cret_der *der, const char *name);

#endif
