/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys among other text: what nobody means to release. */
#ifndef CRET_SIGNER_KEY_TEXT_H
#define CRET_SIGNER_KEY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a file of `size` bytes holds a private key in PEM, alone or among other text: a label of
 * capitals that ends so (RFC 7468, section 2), and bytes in base64 behind it. A page that speaks of
 * keys shows their first line alone. */
bool cret_key_text_holds(const uint8_t *data, size_t size);

#endif
