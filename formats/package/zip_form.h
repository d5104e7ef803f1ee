/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of ZIP, by their places (PKWARE APPNOTE 4.3). Internal to package/. */
#ifndef CRET_PACKAGE_ZIP_FORM_H
#define CRET_PACKAGE_ZIP_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "package/zip.h"

enum {
    ZIP_LOCAL_MAGIC = 0x04034b50,
    ZIP_CENTRAL_MAGIC = 0x02014b50,
    ZIP_END_MAGIC = 0x06054b50,
    ZIP_DESCRIPTOR_MAGIC = 0x08074b50,
    ZIP_LOCAL_SIZE = CRET_ZIP_HEADER_BYTES,
    ZIP_CENTRAL_SIZE = 46,
    ZIP_END_SIZE = 22,
    ZIP_DESCRIPTOR_SIZE = 16,
    ZIP_FLAG_ENCRYPTED = 1 << 0,
    ZIP_FLAG_EFFORT = 3 << 1,     /* how hard was packed: says nothing of the bytes */
    ZIP_FLAG_DESCRIPTOR = 1 << 3, /* checksum and sizes stand behind the data */
    ZIP_FLAG_UTF8 = 1 << 11,
};

uint16_t cret_zip_get16(const uint8_t *at);
uint32_t cret_zip_get32(const uint8_t *at);
void cret_zip_put16(uint8_t *at, unsigned value);
void cret_zip_put32(uint8_t *at, uint32_t value);

/* Where the data of a member begins, and how many bytes follow it. */
uint64_t cret_zip_data_offset(const struct cret_zip_member *member);
uint64_t cret_zip_tail_size(const struct cret_zip_member *member);

/* Names as a set (zip_names.c): safe each, different without regard to case, folders in use. */
CRET_MUST_CHECK enum cret_status cret_zip_check_names(const struct cret_zip *zip,
                                                      struct cret_err *err);

#endif
