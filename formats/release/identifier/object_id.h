/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers that name an object of version control by its hash. */
#ifndef CRET_RELEASE_OBJECT_ID_H
#define CRET_RELEASE_OBJECT_ID_H

#include <stdbool.h>

/* Whether a text is a gitoid (gitoid:TYPE:sha1:HEX or sha256, TYPE an object type of git), or a
 * SWHID (ISO/IEC 18670: swh:1:TYPE:HEX, with or without qualifiers). Hex is in lower case. */
bool cret_gitoid_valid(const char *text);
bool cret_swhid_valid(const char *text);

#endif
