/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a ZIP archive, through libarchive, which is loaded for it. The bytes depend on names and
 * contents alone: nothing is compressed, and no time is noted. */
#ifndef CRET_VERIFIER_ZIP_WRITE_H
#define CRET_VERIFIER_ZIP_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_zip;

/* Begins an archive at the place of fd, which stays the caller's. class UNDECIDED where libarchive
 * cannot be loaded. */
CRET_MUST_CHECK enum cret_status cret_zip_new(struct cret_zip **ret_zip, int fd,
                                              struct cret_err *err);
/* A member with these bytes, or with all of what the file holds from its beginning: size bytes.
 * name: ASCII, without a folder. */
CRET_MUST_CHECK enum cret_status cret_zip_add(struct cret_zip *zip, const char *name,
                                              const void *data, size_t size, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_zip_add_file(struct cret_zip *zip, const char *name, int fd,
                                                   uint64_t size, struct cret_err *err);
/* Writes the end. Frees in every case; NULL-safe. */
CRET_MUST_CHECK enum cret_status cret_zip_finish(struct cret_zip **zip, struct cret_err *err);
void cret_zip_discard(struct cret_zip **zip);

#endif
