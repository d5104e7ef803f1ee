/* SPDX-License-Identifier: Apache-2.0 */
/* Licence ids of the SPDX licence list, and licence expressions made of them. */
#ifndef CRET_RELEASE_LICENSES_H
#define CRET_RELEASE_LICENSES_H

#include <stdbool.h>

/* The version of the list that is built in, for messages. */
#define CRET_LICENSES_VERSION "3.29.0"

/* An id of the list: a licence or an exception, current or deprecated, in the list's own spelling.
 */
bool cret_license_known(const char *id);

/*
 * A licence expression (SPDX 2.3, annex D): ids of the list, LicenseRef-..., DocumentRef-...:...,
 * each perhaps with +, joined by AND, OR, WITH and parentheses (nested up to 32). NONE and
 * NOASSERTION are no licence.
 */
bool cret_license_expression(const char *text);

#endif
