/* SPDX-License-Identifier: Apache-2.0 */
/* What people give in the place of a certificate, a revocation list or a key, and the way out. */
#ifndef CRET_TRUST_MISTAKEN_H
#define CRET_TRUST_MISTAKEN_H

#include <stddef.h>

/* What to do with a PEM block of this label where a certificate or list was wanted; NULL: it is not
 * one of those that are known. */
const char *cret_mistaken_label(const char *label);
/* The same of bytes in DER: PKCS #12, PKCS #7, a private key. */
const char *cret_mistaken_der(const void *der, size_t size);
/* What to do with a text that holds no private key in PEM. */
const char *cret_mistaken_key(const char *text, size_t size);

#endif
