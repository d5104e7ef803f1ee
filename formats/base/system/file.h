/* SPDX-License-Identifier: Apache-2.0 */
/* Whole small files, read. */
#ifndef CRET_BASE_FILE_H
#define CRET_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"

/* Reads a whole regular file of at most `cap` bytes into a terminated buffer (caller frees). "-"
 * is not special. Larger, missing, unreadable: err of the given class. */
CRET_MUST_CHECK enum cret_status cret_file_read(char **ret_data, size_t *ret_size, const char *path,
                                                size_t cap, enum cret_err_class class,
                                                struct cret_err *err);
/* The same from a descriptor (not closed). */
CRET_MUST_CHECK enum cret_status cret_file_read_fd(char **ret_data, size_t *ret_size, int fd,
                                                   size_t cap, struct cret_err *err);

/* SHA-256 of all of a regular file, piece by piece. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_file_sha256(uint8_t ret_digest[CRET_SHA256_BYTES],
                                                  const char *path, struct cret_err *err);

#endif
