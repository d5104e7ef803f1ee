/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the vendors' own tools signed: tests/unit/foreign/data/README.md says by which
 * command. */
#ifndef CRET_TEST_FOREIGN_DATA_H
#define CRET_TEST_FOREIGN_DATA_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/system/file.h"
#include "base/text/text.h"
#include "trust/asn1/der.h"

/* A file, on the heap. */
static inline struct cret_bytes data_of(const char *folder, const char *name)
{
    char *data = NULL;
    size_t size = 0;
    char *path = cret_text_printf("%s%s", folder, name);
    cr_assert_eq(cret_file_read(&data, &size, path, 1u << 24, CRET_ERR_USAGE, NULL), CRET_OK, "%s",
                 path);
    free(path);
    return (struct cret_bytes){(const uint8_t *)data, size};
}

#endif
