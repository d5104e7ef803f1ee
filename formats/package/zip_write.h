/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a ZIP file in the form that zip.h reads. The bytes depend on names and contents alone:
 * nothing is compressed, and every time is that of the first day that ZIP can name. */
#ifndef CRET_PACKAGE_ZIP_WRITE_H
#define CRET_PACKAGE_ZIP_WRITE_H

#include "base/text/text.h"
#include "package/zip.h"

/* No 64-bit fields are written. */
#define CRET_ZIP_OFFSET_MAX 0xfffffffeull

struct cret_zip_out;

/* Begins at the place of fd, which is seekable and stays the caller's, as the first byte. */
CRET_MUST_CHECK enum cret_status cret_zip_out_new(struct cret_zip_out **ret_out, int fd,
                                                  struct cret_err *err);
/* Into memory: what was written is appended to the buffer, which is empty and stays the caller's.
 */
CRET_MUST_CHECK enum cret_status cret_zip_out_memory(struct cret_zip_out **ret_out,
                                                     struct cret_buffer *buffer,
                                                     struct cret_err *err);
/* The same from the index of another ZIP file on, behind its members; new entries have the
 * attributes of its first. */
CRET_MUST_CHECK enum cret_status cret_zip_out_resume(struct cret_zip_out **ret_out,
                                                     struct cret_buffer *buffer,
                                                     const struct cret_zip *zip,
                                                     struct cret_err *err);
/* A member: begun with its size, then exactly so many bytes, then ended. class USAGE where the file
 * would need 64-bit fields, or has too many members. */
CRET_MUST_CHECK enum cret_status cret_zip_out_begin(struct cret_zip_out *out, const char *name,
                                                    uint64_t size, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_zip_out_data(struct cret_zip_out *out, const void *data,
                                                   size_t size, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_zip_out_end(struct cret_zip_out *out, struct cret_err *err);
/* All of it at once. */
CRET_MUST_CHECK enum cret_status cret_zip_out_add(struct cret_zip_out *out, const char *name,
                                                  const void *data, size_t size,
                                                  struct cret_err *err);
/* The central directory and the end. */
CRET_MUST_CHECK enum cret_status cret_zip_out_finish(struct cret_zip_out *out,
                                                     struct cret_err *err);
void cret_zip_out_free(struct cret_zip_out **out);

#endif
