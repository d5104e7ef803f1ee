/* SPDX-License-Identifier: Apache-2.0 */
/* An order (trust/tpm/order.h) signed with the trust owner's private key. */
#ifndef CRET_KEYS_ORDER_SIGN_H
#define CRET_KEYS_ORDER_SIGN_H

#include "keys/keystore.h"
#include "trust/tpm/order.h"

/*
 * Fills owner and signature of an order whose version, digest and index are set. class USAGE for a
 * key that not every TPM takes, and for an example key without allow_example_keys; UNDECIDED where
 * the key cannot sign. Free with cret_order_clear.
 */
CRET_MUST_CHECK enum cret_status cret_key_sign_order(struct cret_order *order,
                                                     const struct cret_key *key,
                                                     bool allow_example_keys, struct cret_err *err);

#endif
