/* SPDX-License-Identifier: Apache-2.0 */
/* PE files: each rule of where the certificate table can lie. */
#include <string.h>

#include "data.h"
#include "foreign/pe.h"

/* Headers to 320 or 336, a body of 64 bytes, then a table with one entry of 16 bytes. */
enum { BASE = 64, ROOM = 512, ENTRY = 16 };

struct program {
    uint8_t data[ROOM];
    size_t size, base, wide, table;
};

static void put(struct program *program, size_t at, uint32_t value, size_t octets)
{
    for (size_t i = 0; i < octets; i++) {
        program->data[at + i] = (uint8_t)(value >> 8 * i);
    }
}

/* Where the two numbers of the certificate table stand. */
static size_t directory(const struct program *program)
{
    return program->base + 152 + program->wide;
}

static struct program make(size_t base, unsigned magic)
{
    struct program program = {.base = base, .wide = magic == 0x20b ? 16 : 0};
    program.table = 384;
    program.size = program.table + ENTRY;
    memset(program.data, 0x90, program.table);
    memcpy(program.data, "MZ", 2);
    put(&program, 0x3c, (uint32_t)base, 4);
    memcpy(program.data + base, "PE\0\0", 4);
    put(&program, base + 24, magic, 2);
    put(&program, base + 84, 320, 4);
    put(&program, base + 116 + program.wide, 16, 4);
    put(&program, directory(&program), (uint32_t)program.table, 4);
    put(&program, directory(&program) + 4, ENTRY, 4);
    put(&program, program.table, ENTRY, 4);
    put(&program, program.table + 4, 0x0200, 2);
    put(&program, program.table + 6, 0x0002, 2);
    return program;
}

static enum cret_status take(struct cret_pe *ret_pe, const struct program *program,
                             struct cret_err *err)
{
    const struct cret_foreign_file file = {
        .name = "setup.exe", .data = program->data, .fd = -1, .size = program->size};
    cret_err_clear(err);
    return cret_pe_read(ret_pe, &file, err);
}

static void refused(const struct program *program, const char *words, int line)
{
    struct cret_pe pe;
    struct cret_err err = {0};
    cr_expect_neq(take(&pe, program, &err), CRET_OK, "line %d", line);
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_FORM, "line %d", line);
    cr_expect_not_null(strstr(err.what, words), "line %d: %s", line, err.what);
    cret_err_clear(&err);
}

Test(pe, both_forms_are_read)
{
    static const unsigned magics[] = {0x10b, 0x20b};
    struct cret_err err = {0};
    for (size_t i = 0; i < 2; i++) {
        struct program program = make(BASE, magics[i]);
        struct cret_pe pe;
        cr_assert_eq(take(&pe, &program, &err), CRET_OK, "%s", err.what);
        cr_expect_eq(pe.checksum, BASE + 88);
        cr_expect_eq(pe.directory, directory(&program));
        cr_expect_eq(pe.table, program.table);
        cr_expect_eq(pe.entry_count, 1);
        cr_expect_eq(pe.entries[0].offset, program.table + 8);
        cr_expect_eq(pe.entries[0].size, ENTRY - 8);
        put(&program, directory(&program), 0, 4);
        put(&program, directory(&program) + 4, 0, 4);
        cr_assert_eq(take(&pe, &program, &err), CRET_OK, "%s", err.what);
        cr_expect_eq(pe.table, program.size);
        cr_expect_eq(pe.entry_count, 0);
    }
}

Test(pe, headers_that_are_none)
{
    static const struct {
        size_t at, octets;
        uint32_t value;
        const char *words;
    } changes[] = {
        {0, 1, 'm', "no PE32"},
        {BASE, 1, 'N', "no PE32"},
        {BASE + 2, 1, 1, "no PE32"},
        {BASE + 24, 2, 0x107, "no PE32"},
        {BASE + 116, 4, 4, "has no place for a signature"},
    };
    for (size_t i = 0; i < CRET_LENGTH(changes); i++) {
        struct program program = make(BASE, 0x10b);
        put(&program, changes[i].at, changes[i].value, changes[i].octets);
        refused(&program, changes[i].words, (int)i);
    }
    const struct program inside = make(32, 0x10b);
    refused(&inside, "inside of the DOS header", __LINE__);
}

Test(pe, tables_that_lie_elsewhere)
{
    static const char nowhere[] = "does not lie where it can";
    struct program program = make(BASE, 0x10b);
    put(&program, BASE + 84, (uint32_t)program.table + 8, 4);
    refused(&program, nowhere, __LINE__); /* in the headers */
    program = make(BASE, 0x10b);
    memmove(program.data + program.table + 4, program.data + program.table, ENTRY);
    put(&program, directory(&program), (uint32_t)program.table + 4, 4);
    program.size += 4;
    refused(&program, nowhere, __LINE__); /* at no multiple of 8 */
    program = make(BASE, 0x10b);
    put(&program, BASE + 84, 0, 4);
    put(&program, directory(&program), BASE + 152, 4);
    put(&program, directory(&program) + 4, (uint32_t)program.size - (BASE + 152), 4);
    refused(&program, nowhere, __LINE__); /* over its own directory entry */
    program = make(BASE, 0x10b);
    put(&program, directory(&program), (uint32_t)program.size + 16, 4);
    refused(&program, nowhere, __LINE__); /* behind the file */
    program = make(BASE, 0x10b);
    put(&program, directory(&program) + 4, 7, 4);
    program.size = program.table + 7;
    refused(&program, nowhere, __LINE__); /* too small for an entry */
    program = make(BASE, 0x10b);
    program.size += 8;
    refused(&program, "bytes follow the certificate table", __LINE__);
    program = make(BASE, 0x10b);
    program.size -= 4;
    refused(&program, "is cut short", __LINE__);
}

Test(pe, entries_that_are_none)
{
    static const char length[] = "is not one", kind[] = "no PKCS#7";
    static const struct {
        size_t at, octets;
        uint32_t value;
        const char *words;
    } changes[] = {
        {0, 4, 8, length},    {0, 4, 0, length}, {0, 4, ENTRY + 1, length}, {4, 2, 1, kind},
        {4, 2, 0x0300, kind}, {6, 2, 1, kind},   {6, 2, 3, kind},
    };
    for (size_t i = 0; i < CRET_LENGTH(changes); i++) {
        struct program program = make(BASE, 0x10b);
        put(&program, program.table + changes[i].at, changes[i].value, changes[i].octets);
        refused(&program, changes[i].words, (int)i);
    }
}

Test(pe, as_many_entries_as_there_may_be)
{
    struct program program = make(BASE, 0x10b);
    struct cret_pe pe;
    struct cret_err err = {0};
    for (size_t i = 1; i <= CRET_PE_ENTRIES; i++) {
        cr_expect_eq(take(&pe, &program, &err), CRET_OK, "%s", err.what);
        cr_expect_eq(pe.entry_count, i);
        memcpy(program.data + program.size, program.data + program.table, ENTRY);
        program.size += ENTRY;
        put(&program, directory(&program) + 4, (uint32_t)(program.size - program.table), 4);
    }
    refused(&program, "too many entries", __LINE__);
}
