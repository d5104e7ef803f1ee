/* SPDX-License-Identifier: Apache-2.0 */
#include "release/sbom/sbom_nature.h"

#include <criterion/criterion.h>
#include <string.h>

/* A small ELF file: type, and the type of its one program header. */
static size_t elf(uint8_t out[160], bool wide, bool big, uint8_t type, uint8_t segment)
{
    const size_t last = big ? 1 : 0, table = wide ? 64 : 52;
    memset(out, 0, 160);
    memcpy(out,
           "\x7f"
           "ELF",
           4);
    out[4] = wide ? 2 : 1;
    out[5] = big ? 2 : 1;
    out[16 + last] = type;
    out[(wide ? 32 : 28) + (big ? (wide ? 7 : 3) : 0)] = (uint8_t)table;
    out[(wide ? 54 : 42) + last] = wide ? 56 : 32;
    out[(wide ? 56 : 44) + last] = 1;
    out[table + (big ? 3 : 0)] = segment;
    return 160;
}

Test(nature, programs)
{
    uint8_t data[160];
    for (int form = 0; form < 4; form++) {
        const bool wide = (form & 1) != 0, big = (form & 2) != 0;
        struct cret_nature found = cret_nature_of(data, elf(data, wide, big, 2, 1));
        cr_assert_str_eq(found.executable, "executable");
        cr_assert_str_eq(found.archive, "no archive");
        cr_assert_null(found.structured);
        cr_assert_not_null(cret_nature_of(data, elf(data, wide, big, 3, 3)).executable,
                           "a shared object with an interpreter is a program");
        cr_assert_null(cret_nature_of(data, elf(data, wide, big, 3, 1)).executable,
                       "a library is not known to be one");
        cr_assert_null(cret_nature_of(data, elf(data, wide, big, 1, 3)).executable,
                       "an object file");
    }
    elf(data, true, false, 3, 3);
    cr_assert_null(cret_nature_of(data, 65).executable, "cut in the table");
    cr_assert_null(cret_nature_of(data, 63).executable, "cut in the header");
    data[5] = 3;
    cr_assert_null(cret_nature_of(data, sizeof(data)).executable, "no order of bytes");
    cr_assert_str_eq(cret_nature_of((const uint8_t *)"#!/bin/sh\n", 10).executable, "executable");
    cr_assert_null(cret_nature_of((const uint8_t *)"#!x", 3).executable);
}

Test(nature, archives)
{
    static const struct {
        size_t offset;
        const char *magic;
    } cases[] = {
        {0, "PK\x03\x04"}, {257, "ustar"}, {0, "070701"}, {0, "070707"}, {0, "7z\xbc\xaf\x27\x1c"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t data[512] = {0};
        const size_t size = strlen(cases[i].magic);
        memcpy(data + cases[i].offset, cases[i].magic, size);
        const struct cret_nature found = cret_nature_of(data, sizeof(data));
        cr_assert_str_eq(found.archive, "archive");
        cr_assert_str_eq(found.structured, "structured");
        cr_assert_null(found.executable);
        cr_assert_null(cret_nature_of(data, cases[i].offset + size - 1).archive, "cut");
        data[cases[i].offset] ^= 1u;
        cr_assert_null(cret_nature_of(data, sizeof(data)).archive, "another byte");
    }
    cr_assert_null(cret_nature_of((const uint8_t *)"\x1f\x8b", 2).archive, "compressed: of what?");
    cr_assert_null(cret_nature_of((const uint8_t *)"", 0).archive);
}
