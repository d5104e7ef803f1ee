/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof of authentication. Only the gate (engine/gate.c) makes one; every parser of signed content
 * takes one. It carries the exact signed bytes and the policy scopes whose thresholds were met.
 */
#ifndef CRET_BASE_AUTHENTIC_H
#define CRET_BASE_AUTHENTIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cret_authentic;

/* One scope of the policy with what was met in it. product "*" stands for all of the vendor. */
struct cret_authentic_scope {
    const char *vendor; /* NULL: bare anchor, any vendor and product */
    const char *const *products;
    size_t product_count;
    bool vendor_met; /* every role with its threshold */
    bool owner_met;  /* the owner role with a threshold of at least 1 */
};

/* The signed bytes of MANIFEST.json; borrowed. */
const uint8_t *cret_authentic_bytes(const struct cret_authentic *authentic, size_t *ret_size);

/*
 * Whether the thresholds met cover this vendor and product: for origin `vendor` the roles of a
 * scope that names them, for origin `adopted` that scope's owner role. A bare anchor covers every
 * product of origin `vendor`, and nothing adopted.
 */
bool cret_authentic_covers(const struct cret_authentic *authentic, const char *vendor,
                           const char *product, bool adopted);

/* The first few scopes whose thresholds were met, as "VENDOR/PRODUCT, ..."; "" where there is none.
 * Caller frees; NULL: out of memory. */
char *cret_authentic_scopes(const struct cret_authentic *authentic, bool adopted);

/* False with a bare anchor: the verdict must say "product not bound". */
bool cret_authentic_product_bound(const struct cret_authentic *authentic);

void cret_authentic_free(struct cret_authentic **authentic);

#endif
