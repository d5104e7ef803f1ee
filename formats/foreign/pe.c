/* SPDX-License-Identifier: Apache-2.0 */
/* Where a PE file keeps its signature, and which of its bytes are hashed. */
#include "foreign/pe.h"

#include <string.h>

enum {
    HEADER_OFFSET = 0x3c, /* of the offset of "PE\0\0" */
    OPTIONAL = 24,        /* from there to the optional header */
    MAGIC_32 = 0x10b,
    MAGIC_64 = 0x20b,
    CHECKSUM = 88, /* all from "PE\0\0" on */
    SIZE_OF_HEADERS = 84,
    DIRECTORIES = 116,   /* NumberOfRvaAndSizes; 16 bytes later in PE32+ */
    SECURITY = 152,      /* entry of the certificate table; the same */
    SECURITY_NUMBER = 5, /* entries up to and with that one */
    ENTRY_HEADER = 8,    /* of WIN_CERTIFICATE */
    REVISION_2 = 0x0200,
    TYPE_PKCS7 = 0x0002
};

static uint32_t u32(const uint8_t *data)
{
    return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
           (uint32_t)data[3] << 24;
}

static unsigned u16(const uint8_t *data)
{
    return (unsigned)data[0] | (unsigned)data[1] << 8;
}

bool cret_pe_is(const struct cret_foreign_file *file)
{
    uint8_t start[64], mark[4];
    size_t got = 0;
    return cret_foreign_peek(file, 0, start, sizeof(start), &got, NULL) == CRET_OK &&
           got == sizeof(start) && memcmp(start, "MZ", 2) == 0 &&
           cret_foreign_peek(file, u32(start + HEADER_OFFSET), mark, sizeof(mark), &got, NULL) ==
               CRET_OK &&
           got == sizeof(mark) && memcmp(mark, "PE\0\0", 4) == 0;
}

static enum cret_status refuse(uint64_t at, const char *what, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s", what);
    return cret_err_where(err, "byte %llu", (unsigned long long)at);
}

/* Entries from the first byte of the table to its last; some files have two signatures. */
static enum cret_status read_table(struct cret_pe *pe, const struct cret_foreign_file *file,
                                   struct cret_err *err)
{
    uint64_t at = pe->table, end = pe->table + pe->table_size;
    while (at < end) {
        uint8_t head[ENTRY_HEADER];
        if (cret_foreign_read(file, at, head, sizeof(head), "the certificate table", err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        const uint64_t length = u32(head);
        if (length <= ENTRY_HEADER || length > end - at) {
            return refuse(at, "the length of an entry of the certificate table is not one", err);
        }
        if (u16(head + 4) != REVISION_2 || u16(head + 6) != TYPE_PKCS7) {
            return refuse(at, "an entry of the certificate table is no PKCS#7 signature", err);
        }
        if (pe->entry_count == CRET_PE_ENTRIES) {
            return refuse(at, "the certificate table has too many entries", err);
        }
        const uint64_t left = end - at - length, aligned = (8 - length % 8) % 8;
        pe->entries[pe->entry_count++] =
            (struct cret_pe_entry){.offset = at + ENTRY_HEADER,
                                   .size = length - ENTRY_HEADER,
                                   .padding = aligned < left ? aligned : left};
        at += length + (aligned < left ? aligned : left);
    }
    return CRET_OK;
}

static enum cret_status find_table(struct cret_pe *pe, const struct cret_foreign_file *file,
                                   const uint8_t entry[8], uint32_t headers, struct cret_err *err)
{
    pe->table = u32(entry);
    pe->table_size = u32(entry + 4);
    if (pe->table == 0 && pe->table_size == 0) {
        pe->table = file->size;
        return CRET_OK;
    }
    if (pe->table < headers || pe->table % 8 != 0 || pe->table < pe->directory + 8 ||
        pe->table > file->size || pe->table_size < ENTRY_HEADER) {
        return refuse(pe->directory, "the certificate table does not lie where it can", err);
    }
    if (pe->table_size != file->size - pe->table) {
        return refuse(pe->directory,
                      pe->table_size < file->size - pe->table
                          ? "bytes follow the certificate table: nothing signs them"
                          : "the certificate table is cut short",
                      err);
    }
    return read_table(pe, file, err);
}

enum cret_status cret_pe_read(struct cret_pe *ret_pe, const struct cret_foreign_file *file,
                              struct cret_err *err)
{
    static const char what[] = "the PE header";
    struct cret_pe pe = {0};
    uint8_t start[64], head[SECURITY + 16 + 8];
    if (cret_foreign_read(file, 0, start, sizeof(start), what, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t base = u32(start + HEADER_OFFSET);
    if (base < sizeof(start)) {
        return refuse(HEADER_OFFSET, "the PE header lies inside of the DOS header", err);
    }
    if (cret_foreign_read(file, base, head, sizeof(head), what, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const unsigned magic = u16(head + OPTIONAL);
    const size_t wide = magic == MAGIC_64 ? 16 : 0;
    if (memcmp(start, "MZ", 2) != 0 || memcmp(head, "PE\0\0", 4) != 0 ||
        (magic != MAGIC_32 && magic != MAGIC_64)) {
        return refuse(base, "this is no PE32 or PE32+ file", err);
    }
    if (u32(head + DIRECTORIES + wide) < SECURITY_NUMBER) {
        return refuse(base + DIRECTORIES + wide, "the PE header has no place for a signature", err);
    }
    pe.checksum = base + CHECKSUM;
    pe.directory = base + SECURITY + wide;
    if (find_table(&pe, file, head + SECURITY + wide, u32(head + SIZE_OF_HEADERS), err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    *ret_pe = pe;
    return CRET_OK;
}

enum cret_status cret_pe_hash(const struct cret_pe *pe, const struct cret_foreign_file *file,
                              const EVP_MD *md, uint8_t *ret_digest, size_t *ret_size,
                              struct cret_err *err)
{
    static const char what[] = "the PE file";
    struct cret_foreign_hash hash;
    static const uint8_t padding[8] = {0};
    const uint64_t second = pe->checksum + 4, third = pe->directory + 8;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, file, 0, pe->checksum, what, err) != CRET_OK ||
        cret_foreign_hash_part(&hash, file, second, pe->directory - second, what, err) != CRET_OK ||
        cret_foreign_hash_part(&hash, file, third, pe->table - third, what, err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    /* Where there is no table: as if one began behind the file, at a multiple of 8. */
    cret_foreign_hash_bytes(&hash, padding, (8 - pe->table % 8) % 8);
    return cret_foreign_hash_end(&hash, ret_digest, ret_size, err);
}
