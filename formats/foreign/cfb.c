/* SPDX-License-Identifier: Apache-2.0 */
/* A compound file from its header to its streams: header, allocation tables, then the directory. */
#include "foreign/cfb_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 512,
    CLSID = 8, /* 16 bytes, zero */
    VERSION = 26,
    ORDER_MARK = 28,
    SECTOR_SHIFT = 30,
    MINI_SHIFT = 32,
    RESERVED = 34, /* 6 bytes, zero */
    DIRECTORY_COUNT = 40,
    FAT_COUNT = 44,
    DIRECTORY_START = 48,
    CUTOFF = 56,
    MINI_FAT_START = 60,
    MINI_FAT_COUNT = 64,
    DIFAT_START = 68,
    DIFAT_COUNT = 72,
    DIFAT = 76, /* 109 entries */
    DIFAT_ENTRIES = 109
};

static const uint8_t magic[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

bool cret_cfb_is(const struct cret_foreign_file *file)
{
    uint8_t start[sizeof(magic)];
    size_t got = 0;
    return cret_foreign_peek(file, 0, start, sizeof(start), &got, NULL) == CRET_OK &&
           got == sizeof(start) && memcmp(start, magic, sizeof(magic)) == 0;
}

static unsigned u16(const uint8_t *data)
{
    return (unsigned)data[0] | (unsigned)data[1] << 8;
}

static enum cret_status read_header(struct cret_cfb *cfb, uint8_t header[HEADER_BYTES],
                                    struct cret_err *err)
{
    if (cret_foreign_read(cfb->file, 0, header, HEADER_BYTES, "the header", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const unsigned version = u16(header + VERSION), shift = u16(header + SECTOR_SHIFT);
    if (memcmp(header, magic, sizeof(magic)) != 0 || u16(header + ORDER_MARK) != 0xfffe ||
        !((version == 3 && shift == 9) || (version == 4 && shift == 12)) ||
        u16(header + MINI_SHIFT) != 6 || cret_cfb_u32(header + CUTOFF) != CRET_CFB_CUTOFF ||
        (version == 3 && cret_cfb_u32(header + DIRECTORY_COUNT) != 0)) {
        return cret_cfb_refuse(VERSION, err, "this is no compound file of version 3 or 4");
    }
    const uint32_t unit = 1u << shift;
    cfb->sectors.unit = unit;
    cfb->minis.unit = CRET_CFB_MINI_UNIT;
    if (cfb->file->size % unit != 0 || cfb->file->size < unit) {
        return cret_cfb_refuse(cfb->file->size - cfb->file->size % unit, err,
                               "bytes follow the last sector of the compound file");
    }
    const uint64_t count = cfb->file->size / unit - 1;
    if (count > CRET_CFB_SECTORS) {
        return cret_cfb_refuse(0, err, "the compound file has too many sectors");
    }
    cfb->sectors.count = (uint32_t)count;
    cfb->structure = HEADER_BYTES;
    if (cret_cfb_slack_add(cfb, CRET_CFB_SLACK_HEADER, CLSID, 16, err) != CRET_OK ||
        cret_cfb_slack_add(cfb, CRET_CFB_SLACK_HEADER, RESERVED, 6, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_cfb_slack_add(cfb, CRET_CFB_SLACK_HEADER, HEADER_BYTES, unit - HEADER_BYTES, err);
}

/* A sector of the structure itself, which the tables do not chain. */
static enum cret_status own(struct cret_cfb *cfb, uint32_t sector, const char *what,
                            struct cret_err *err)
{
    if (sector >= cfb->sectors.count) {
        return cret_cfb_refuse(0, err, "%s has a sector that is not there", what);
    }
    if (cfb->sectors.owned[sector]) {
        return cret_cfb_refuse(cret_cfb_sector_at(cfb, sector), err,
                               "%s has a sector that belongs to something else", what);
    }
    cfb->sectors.owned[sector] = 1;
    cfb->structure += cfb->sectors.unit;
    return CRET_OK;
}

/* Sector `index` of a table: its entries, as far as there are units; what is beyond is free.
 * osslsigncode ends its table of small sectors with the end of a chain that has no sector. */
static enum cret_status read_table(struct cret_cfb *cfb, struct cret_cfb_space *space,
                                   uint32_t sector, uint64_t index, struct cret_err *err)
{
    uint8_t data[CRET_CFB_SECTOR_MOST];
    const uint32_t each = cfb->sectors.unit / 4;
    const uint64_t at = cret_cfb_sector_at(cfb, sector);
    if (cret_foreign_read(cfb->file, at, data, cfb->sectors.unit, "an allocation table", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    for (uint32_t i = 0; i < each; i++) {
        const uint64_t unit = index * each + i;
        const uint32_t value = cret_cfb_u32(data + (size_t)i * 4);
        if (unit < space->count) {
            space->next[unit] = value;
        } else if (value != CRET_CFB_FREE &&
                   (space != &cfb->minis || value != CRET_CFB_END || unit != space->count)) {
            return cret_cfb_refuse(at + (uint64_t)i * 4, err,
                                   "an allocation table has an entry for a sector that is not "
                                   "there");
        }
    }
    return CRET_OK;
}

/* One number of the list of the table's sectors; those beyond the count are free. */
static enum cret_status take_fat(struct cret_cfb *cfb, uint32_t sector, uint32_t *taken,
                                 uint32_t count, uint64_t at, struct cret_err *err)
{
    if (*taken == count) {
        return sector == CRET_CFB_FREE
                   ? CRET_OK
                   : cret_cfb_refuse(at, err,
                                     "the allocation table has more sectors than the "
                                     "header says");
    }
    if (own(cfb, sector, "the allocation table", err) != CRET_OK ||
        read_table(cfb, &cfb->sectors, sector, *taken, err) != CRET_OK) {
        return CRET_FAILED;
    }
    (*taken)++;
    return CRET_OK;
}

/* The sectors of the list itself, where the header has no room: each but the last names the next.
 */
static enum cret_status read_difat(struct cret_cfb *cfb, const uint8_t *header, uint32_t *taken,
                                   struct cret_err *err)
{
    uint8_t data[CRET_CFB_SECTOR_MOST];
    const uint32_t count = cret_cfb_u32(header + FAT_COUNT),
                   lists = cret_cfb_u32(header + DIFAT_COUNT), each = cfb->sectors.unit / 4 - 1;
    uint32_t sector = cret_cfb_u32(header + DIFAT_START);
    for (uint32_t i = 0; i < lists; i++) {
        if (own(cfb, sector, "the list of the allocation table", err) != CRET_OK ||
            cret_foreign_read(cfb->file, cret_cfb_sector_at(cfb, sector), data, cfb->sectors.unit,
                              "the list of the allocation table", err) != CRET_OK) {
            return CRET_FAILED;
        }
        for (uint32_t j = 0; j < each; j++) {
            if (take_fat(cfb, cret_cfb_u32(data + (size_t)j * 4), taken, count,
                         cret_cfb_sector_at(cfb, sector) + (uint64_t)j * 4, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        sector = cret_cfb_u32(data + (size_t)each * 4);
    }
    return sector == CRET_CFB_END || sector == CRET_CFB_FREE
               ? CRET_OK
               : cret_cfb_refuse(DIFAT_START, err,
                                 "the list of the allocation table is longer than the header "
                                 "says");
}

/* What the table says of the sectors that it lies in itself. */
static enum cret_status check_marks(const struct cret_cfb *cfb, uint32_t tables, uint32_t lists,
                                    struct cret_err *err)
{
    uint32_t fat = 0, difat = 0;
    for (uint32_t i = 0; i < cfb->sectors.count; i++) {
        if (!cfb->sectors.owned[i]) {
            continue;
        }
        fat += cfb->sectors.next[i] == CRET_CFB_FAT;
        difat += cfb->sectors.next[i] == CRET_CFB_DIFAT;
    }
    return fat == tables && difat == lists
               ? CRET_OK
               : cret_cfb_refuse(FAT_COUNT, err,
                                 "the allocation table does not mark the sectors in which it lies");
}

static enum cret_status make_space(struct cret_cfb_space *space, struct cret_err *err)
{
    space->next = calloc((size_t)space->count + 1, sizeof(*space->next));
    space->owned = calloc((size_t)space->count + 1, sizeof(*space->owned));
    return space->next != NULL && space->owned != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status read_fat(struct cret_cfb *cfb, const uint8_t *header, struct cret_err *err)
{
    const uint32_t count = cret_cfb_u32(header + FAT_COUNT), each = cfb->sectors.unit / 4;
    uint32_t taken = 0;
    if ((uint64_t)count * each < cfb->sectors.count) {
        return cret_cfb_refuse((uint64_t)count * each * cfb->sectors.unit, err,
                               "the file has sectors that its allocation table does not know");
    }
    if (make_space(&cfb->sectors, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (uint32_t i = 0; i < DIFAT_ENTRIES; i++) {
        const uint64_t at = DIFAT + (uint64_t)i * 4;
        if (take_fat(cfb, cret_cfb_u32(header + at), &taken, count, at, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (read_difat(cfb, header, &taken, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (taken != count) {
        return cret_cfb_refuse(FAT_COUNT, err,
                               "the allocation table has fewer sectors than the header says");
    }
    return check_marks(cfb, count, cret_cfb_u32(header + DIFAT_COUNT), err);
}

/* The number of sectors that the header gives for a chain. */
static enum cret_status claim_counted(struct cret_cfb *cfb, uint32_t start, uint32_t expected,
                                      const char *what, struct cret_err *err)
{
    uint32_t count = 0;
    if (expected == 0 && start == CRET_CFB_FREE) {
        return CRET_OK;
    }
    /* All of its sectors are read: none of them is slack. */
    if (cret_cfb_claim(cfb, &cfb->sectors, start, (uint64_t)expected * cfb->sectors.unit, what,
                       &count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cfb->structure += (uint64_t)count * cfb->sectors.unit;
    return count == expected
               ? CRET_OK
               : cret_cfb_refuse(0, err, "%s has more sectors than the header says", what);
}

/* How many sectors a chain has, before it is claimed: the directory's length stands nowhere in
 * version 3. More than there are is one more than there are. */
static uint32_t count_chain(const struct cret_cfb *cfb, uint32_t start)
{
    uint32_t count = 0;
    for (uint32_t at = start; at < cfb->sectors.count && count <= cfb->sectors.count;
         at = cfb->sectors.next[at]) {
        count++;
    }
    return count;
}

static enum cret_status read_directory(struct cret_cfb *cfb, const uint8_t *header,
                                       struct cret_err *err)
{
    const uint32_t start = cret_cfb_u32(header + DIRECTORY_START),
                   said = cret_cfb_u32(header + DIRECTORY_COUNT);
    const uint32_t count = said != 0 ? said : count_chain(cfb, start);
    if (claim_counted(cfb, start, count, "the directory", err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_cfb_directory_read(cfb, start, count, err);
}

static enum cret_status read_mini_table(struct cret_cfb *cfb, const uint8_t *header,
                                        struct cret_err *err)
{
    uint32_t sector = cret_cfb_u32(header + MINI_FAT_START);
    const uint32_t count = cret_cfb_u32(header + MINI_FAT_COUNT);
    if (claim_counted(cfb, sector, count, "the table of small sectors", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((uint64_t)count * (cfb->sectors.unit / 4) < cfb->minis.count) {
        return cret_cfb_refuse(MINI_FAT_COUNT, err,
                               "there are small sectors that no allocation table knows");
    }
    for (uint32_t i = 0; i < count; i++, sector = cfb->sectors.next[sector]) {
        if (read_table(cfb, &cfb->minis, sector, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The stream of the root, in which the small sectors lie. */
static enum cret_status read_mini_stream(struct cret_cfb *cfb, const uint8_t *header,
                                         struct cret_err *err)
{
    const struct cret_cfb_entry *root = &cfb->entries[0];
    const uint64_t minis = ((uint64_t)root->size + CRET_CFB_MINI_UNIT - 1) / CRET_CFB_MINI_UNIT;
    uint32_t sector = root->start, count = 0;
    if (minis > CRET_CFB_SECTORS) {
        return cret_cfb_refuse(0, err, "the compound file has too many small sectors");
    }
    if (root->size > 0 &&
        cret_cfb_claim(cfb, &cfb->sectors, root->start, minis * CRET_CFB_MINI_UNIT,
                       "the stream of small sectors", &count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cfb->minis.count = (uint32_t)minis;
    if (make_space(&cfb->minis, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cfb->mini_sectors = calloc((size_t)count + 1, sizeof(*cfb->mini_sectors));
    if (cfb->mini_sectors == NULL) {
        return cret_err_memory(err);
    }
    cfb->mini_sector_count = count;
    for (uint32_t i = 0; i < count; i++, sector = cfb->sectors.next[sector]) {
        cfb->mini_sectors[i] = sector;
    }
    return read_mini_table(cfb, header, err);
}

static enum cret_status claim_streams(struct cret_cfb *cfb, struct cret_err *err)
{
    for (size_t i = 0; i < cfb->entry_count; i++) {
        const struct cret_cfb_entry *entry = &cfb->entries[i];
        if (entry->type == CRET_CFB_STREAM && entry->size > 0 &&
            cret_cfb_claim(cfb, cret_cfb_space_of(cfb, entry->size), entry->start, entry->size,
                           "a stream", NULL, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_cfb_open(struct cret_cfb *ret_cfb, const struct cret_foreign_file *file,
                               struct cret_err *err)
{
    uint8_t header[HEADER_BYTES];
    struct cret_cfb *cfb = ret_cfb;
    memset(cfb, 0, sizeof(*cfb));
    cfb->file = file;
    if (read_header(cfb, header, err) != CRET_OK || read_fat(cfb, header, err) != CRET_OK ||
        read_directory(cfb, header, err) != CRET_OK ||
        read_mini_stream(cfb, header, err) != CRET_OK ||
        cret_cfb_directory_walk(cfb, err) != CRET_OK || claim_streams(cfb, err) != CRET_OK ||
        cret_cfb_check_units(cfb, &cfb->minis, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_cfb_check_units(cfb, &cfb->sectors, err);
}

void cret_cfb_clear(struct cret_cfb *cfb)
{
    free(cfb->sectors.next);
    free(cfb->sectors.owned);
    free(cfb->minis.next);
    free(cfb->minis.owned);
    free(cfb->mini_sectors);
    free(cfb->entries);
    free(cfb->order);
    memset(cfb, 0, sizeof(*cfb));
}
