/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys and names that must never be trusted: keys-example/ and keys of public test PKIs. */
#ifndef CRET_TRUST_EXAMPLE_KEYS_H
#define CRET_TRUST_EXAMPLE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/x509/certificate.h"

/* Where a listed key is from ("rauc/rauc test/openssl-ca/dev-ca.pem"), or NULL. */
const char *cret_example_key_origin(const uint8_t key_digest[32]);
/* Listed key, or a name that says DO NOT TRUST / DO NOT SHIP / a test key marker: the reason for
 * people, else NULL. */
const char *cret_example_certificate(const struct cret_certificate *certificate);

#endif
