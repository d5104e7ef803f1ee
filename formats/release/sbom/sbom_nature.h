/* SPDX-License-Identifier: Apache-2.0 */
/* What the first bytes of a file say for sure of what it is, in the words of BSI TR-03183-2. */
#ifndef CRET_RELEASE_SBOM_NATURE_H
#define CRET_RELEASE_SBOM_NATURE_H

#include <stddef.h>
#include <stdint.h>

/* Each NULL where the bytes do not say it: most files say nothing. */
struct cret_nature {
    const char *executable; /* "executable" */
    const char *archive;    /* "archive", "no archive" */
    const char *structured; /* "structured" */
};

/* data: the beginning of the file, size bytes of it. */
struct cret_nature cret_nature_of(const uint8_t *data, size_t size);

#endif
