/* SPDX-License-Identifier: Apache-2.0 */
/* Programs (ELF, scripts) and archives (ZIP, tar, cpio, 7z), by their first bytes. Compressed
 * files, file systems and images of any kind are left to people. */
#include "release/sbom/sbom_nature.h"

#include <stdbool.h>
#include <string.h>

#include "base/finding/attributes.h"

static const struct {
    size_t offset;
    const char *magic;
    size_t size;
} archives[] = {
    {0, "PK\x03\x04", 4}, {257, "ustar", 5}, {0, "070701", 6},
    {0, "070702", 6},     {0, "070707", 6},  {0, "7z\xbc\xaf\x27\x1c", 6},
};

static bool is_archive(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < CRET_LENGTH(archives); i++) {
        if (size >= archives[i].offset + archives[i].size &&
            memcmp(data + archives[i].offset, archives[i].magic, archives[i].size) == 0) {
            return true;
        }
    }
    return false;
}

/* A number of an ELF file; beyond the bytes that are there: all bits set, which is no value that is
 * looked for. */
static uint64_t number(const uint8_t *data, size_t size, uint64_t offset, unsigned bytes)
{
    const bool big = data[5] == 2;
    uint64_t value = 0;
    if (offset > size || size - offset < bytes) {
        return UINT64_MAX;
    }
    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint64_t)data[offset + (big ? bytes - 1 - i : i)] << (8 * i);
    }
    return value;
}

/* An executable (ET_EXEC), or a shared object (ET_DYN) that names its interpreter (PT_INTERP) and
 * so is started as a program. */
static bool is_program(const uint8_t *data, size_t size)
{
    if (size < 64 ||
        memcmp(data,
               "\x7f"
               "ELF",
               4) != 0 ||
        (data[4] != 1 && data[4] != 2) || (data[5] != 1 && data[5] != 2)) {
        return false;
    }
    const bool wide = data[4] == 2;
    const uint64_t type = number(data, size, 16, 2);
    const uint64_t table = number(data, size, wide ? 32 : 28, wide ? 8 : 4);
    const uint64_t entry = number(data, size, wide ? 54 : 42, 2);
    const uint64_t count = number(data, size, wide ? 56 : 44, 2);
    for (uint64_t i = 0; type == 3 && table <= size && i < count; i++) {
        if (number(data, size, table + i * entry, 4) == 3) {
            return true;
        }
    }
    return type == 2;
}

struct cret_nature cret_nature_of(const uint8_t *data, size_t size)
{
    const bool script = size > 3 && memcmp(data, "#!/", 3) == 0;
    if (is_archive(data, size)) {
        return (struct cret_nature){.archive = "archive", .structured = "structured"};
    }
    if (script || is_program(data, size)) {
        return (struct cret_nature){.executable = "executable", .archive = "no archive"};
    }
    return (struct cret_nature){0};
}
