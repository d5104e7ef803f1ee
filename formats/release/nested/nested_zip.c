/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ZIP file has two tables of its members: the central directory at its end, and a header before
 * each one. Some programs read the first, some the second. Only a file in which both say the same,
 * and which holds nothing else, holds one set of members (PKWARE APPNOTE 6.3.9).
 */
#include <stdlib.h>
#include <string.h>

#include "release/nested/nested_internal.h"

#define END_SIZE 22u
#define LOCATOR_SIZE 20u
#define END64_SIZE 56u
#define CENTRAL_SIZE 46u
#define LOCAL_SIZE 30u
#define COMMENT_MAX 65535u
#define DIRECTORY_MAX (64u << 20) /* a million members of short names */
#define FLAG_DESCRIPTOR (1u << 3) /* sizes behind the data */
#define IS_64 0xffffffffu

/* One member as the central directory has it. */
struct member {
    uint64_t offset, compressed, size;
    uint32_t crc;
    uint16_t flags, method, name_size;
    const uint8_t *name;
};

struct zip {
    struct cret_nested_level *level;
    uint8_t *directory;
    struct member *members;
    uint64_t count, directory_offset, directory_size;
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | (at[1] << 8));
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) | ((uint32_t)get16(at + 2) << 16);
}

static uint64_t get64(const uint8_t *at)
{
    return (uint64_t)get32(at) | ((uint64_t)get32(at + 4) << 32);
}

static enum cret_status refuse(const struct zip *zip, struct cret_err *err, const char *what)
{
    cret_nested_refuse(zip->level->job, err,
                       "the ZIP file does not say in both of its tables the same", what);
    cret_err_expected(err, "a header before each member as in the central directory, members "
                           "one after the other from the first byte on, nothing else");
    return cret_err_hint(err, "pack it again with a common tool; do not sign what two programs "
                              "unpack differently");
}

static enum cret_status read_at(const struct zip *zip, uint64_t offset, void *data, size_t size,
                                struct cret_err *err)
{
    const struct cret_nested_input *input = zip->level->input;
    size_t got = 0;
    if (offset > input->size || size > input->size - offset) {
        return refuse(zip, err, "a table points behind the end of the file");
    }
    if (input->read(input->context, offset, data, size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return got == size ? CRET_OK
                       : cret_err_undecided(err, "%s: cannot be read", zip->level->job->what);
}

/* The 64-bit end of the central directory, where the short one has no room. end: where the short
 * one begins; *ret_limit: where the directory must end. */
static enum cret_status read_end64(struct zip *zip, uint64_t end, uint64_t *ret_limit,
                                   struct cret_err *err)
{
    uint8_t locator[LOCATOR_SIZE], record[END64_SIZE];
    if (end < LOCATOR_SIZE + END64_SIZE) {
        return refuse(zip, err, "the 64-bit end record is missing");
    }
    if (read_at(zip, end - LOCATOR_SIZE, locator, sizeof(locator), err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t at = get64(locator + 8);
    if (get32(locator) != 0x07064b50u || at != end - LOCATOR_SIZE - END64_SIZE) {
        return refuse(zip, err, "the 64-bit end record is not where it belongs");
    }
    if (read_at(zip, at, record, sizeof(record), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (get32(record) != 0x06064b50u || get64(record + 4) != END64_SIZE - 12u ||
        get32(record + 16) != 0 || get32(record + 20) != 0 ||
        get64(record + 24) != get64(record + 32)) {
        return refuse(zip, err, "the 64-bit end record");
    }
    zip->count = get64(record + 32);
    zip->directory_size = get64(record + 40);
    zip->directory_offset = get64(record + 48);
    *ret_limit = at;
    return CRET_OK;
}

/* The end record: the one whose comment ends with the file. Two of them would be two tables. */
static enum cret_status read_end(struct zip *zip, struct cret_err *err)
{
    const uint64_t size = zip->level->input->size;
    const size_t tail = (size_t)(size < END_SIZE + COMMENT_MAX ? size : END_SIZE + COMMENT_MAX);
    uint8_t *data = malloc(tail + 1);
    size_t found = 0, place = 0;
    enum cret_status status = CRET_FAILED;
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (read_at(zip, size - tail, data, tail, err) != CRET_OK) {
        goto out;
    }
    for (size_t i = 0; i + END_SIZE <= tail; i++) {
        if (get32(data + i) == 0x06054b50u && i + END_SIZE + get16(data + i + 20) == tail) {
            place = i;
            found++;
        }
    }
    if (found != 1) {
        refuse(zip, err,
               found == 0 ? "something follows its end record, or it has none"
                          : "it has two end records");
        goto out;
    }
    const uint8_t *end = data + place;
    uint64_t limit = size - tail + place;
    zip->count = get16(end + 10);
    zip->directory_size = get32(end + 12);
    zip->directory_offset = get32(end + 16);
    if (get16(end + 4) != 0 || get16(end + 6) != 0 || get16(end + 8) != get16(end + 10)) {
        refuse(zip, err, "it is a part of several");
        goto out;
    }
    if ((zip->count == 0xffffu || zip->directory_size == IS_64 || zip->directory_offset == IS_64) &&
        read_end64(zip, limit, &limit, err) != CRET_OK) {
        goto out;
    }
    if (zip->directory_offset > limit || limit - zip->directory_offset != zip->directory_size) {
        refuse(zip, err, "the central directory is not before the end record");
        goto out;
    }
    status = CRET_OK;
out:
    free(data);
    return status;
}

/* The 64-bit values of a member, each where its short field has no room (4.5.3). */
static bool widen(struct member *member, const uint8_t *extra, size_t size)
{
    uint64_t *const fields[] = {&member->size, &member->compressed, &member->offset};
    for (size_t at = 0; at + 4 <= size;) {
        const size_t length = get16(extra + at + 2);
        if (length > size - at - 4) {
            return false;
        }
        if (get16(extra + at) == 1) {
            size_t used = 0;
            for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
                if (*fields[i] == IS_64) {
                    if (used + 8 > length) {
                        return false;
                    }
                    *fields[i] = get64(extra + at + 4 + used);
                    used += 8;
                }
            }
            return true;
        }
        at += 4 + length;
    }
    return member->size != IS_64 && member->compressed != IS_64 && member->offset != IS_64;
}

static enum cret_status read_directory(struct zip *zip, struct cret_err *err)
{
    if (zip->directory_size > DIRECTORY_MAX || zip->count > zip->directory_size / CENTRAL_SIZE) {
        return refuse(zip, err, "the central directory is too large, or too small for its members");
    }
    const size_t size = (size_t)zip->directory_size;
    zip->directory = malloc(size + 1);
    zip->members = calloc((size_t)zip->count + 1, sizeof(*zip->members));
    if (zip->directory == NULL || zip->members == NULL) {
        return cret_err_memory(err);
    }
    if (read_at(zip, zip->directory_offset, zip->directory, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    size_t at = 0;
    for (uint64_t i = 0; i < zip->count; i++) {
        const uint8_t *entry = zip->directory + at;
        if (size - at < CENTRAL_SIZE || get32(entry) != 0x02014b50u) {
            return refuse(zip, err, "the central directory has fewer members than it says");
        }
        const size_t name = get16(entry + 28), extra = get16(entry + 30),
                     all = CENTRAL_SIZE + name + extra + get16(entry + 32);
        struct member *member = &zip->members[i];
        *member = (struct member){.flags = get16(entry + 8),
                                  .method = get16(entry + 10),
                                  .crc = get32(entry + 16),
                                  .compressed = get32(entry + 20),
                                  .size = get32(entry + 24),
                                  .offset = get32(entry + 42),
                                  .name_size = (uint16_t)name,
                                  .name = entry + CENTRAL_SIZE};
        if (all > size - at || get16(entry + 34) != 0 ||
            !widen(member, entry + CENTRAL_SIZE + name, extra)) {
            return refuse(zip, err, "an entry of the central directory");
        }
        at += all;
    }
    return at == size ? CRET_OK
                      : refuse(zip, err, "the central directory has more than its members");
}

static int by_offset(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* One header before a member; *ret_end: behind the member's data. */
static enum cret_status check_local(const struct zip *zip, const struct member *member,
                                    uint64_t *ret_end, struct cret_err *err)
{
    uint8_t header[LOCAL_SIZE];
    uint8_t *rest = NULL;
    enum cret_status status = CRET_FAILED;
    if (read_at(zip, member->offset, header, sizeof(header), err) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t name = get16(header + 26), extra = get16(header + 28);
    rest = malloc(name + extra + 1);
    if (rest == NULL) {
        return cret_err_memory(err);
    }
    if (read_at(zip, member->offset + LOCAL_SIZE, rest, name + extra, err) != CRET_OK) {
        goto out;
    }
    struct member local = {.compressed = get32(header + 18), .size = get32(header + 22)};
    const bool later = (member->flags & FLAG_DESCRIPTOR) != 0;
    const uint64_t data = member->offset + LOCAL_SIZE + name + extra;
    if (get32(header) != 0x04034b50u || get16(header + 6) != member->flags ||
        get16(header + 8) != member->method || name != member->name_size ||
        memcmp(rest, member->name, name) != 0) {
        refuse(zip, err, "a header differs in name, method or flags");
        goto out;
    }
    if (!widen(&local, rest + name, extra) ||
        (!later && (get32(header + 14) != member->crc || local.compressed != member->compressed ||
                    local.size != member->size))) {
        refuse(zip, err, "a header differs in size or checksum");
        goto out;
    }
    if (member->compressed > zip->directory_offset ||
        data > zip->directory_offset - member->compressed) {
        refuse(zip, err, "a member reaches into the central directory");
        goto out;
    }
    *ret_end = data + member->compressed;
    status = CRET_OK;
out:
    free(rest);
    return status;
}

/* Nothing lies between members but the descriptors that some have (4.3.9). */
static enum cret_status check_members(struct zip *zip, struct cret_err *err)
{
    uint64_t expected = 0;
    bool described = false;
    qsort(zip->members, (size_t)zip->count, sizeof(*zip->members), by_offset);
    for (uint64_t i = 0; i <= zip->count; i++) {
        const uint64_t offset = i < zip->count ? zip->members[i].offset : zip->directory_offset;
        const uint64_t gap = offset - expected;
        if (offset < expected ||
            (described ? gap != 12 && gap != 16 && gap != 20 && gap != 24 : gap != 0)) {
            return refuse(zip, err, "something lies between two members, or they overlap");
        }
        if (i == zip->count) {
            break;
        }
        if (check_local(zip, &zip->members[i], &expected, err) != CRET_OK) {
            return CRET_FAILED;
        }
        described = (zip->members[i].flags & FLAG_DESCRIPTOR) != 0;
    }
    return CRET_OK;
}

enum cret_status cret_nested_check_zip(struct cret_nested_level *level, struct cret_err *err)
{
    struct zip zip = {.level = level};
    enum cret_status status = CRET_FAILED;
    if (read_end(&zip, err) == CRET_OK && read_directory(&zip, err) == CRET_OK) {
        status = check_members(&zip, err);
    }
    free(zip.members);
    free(zip.directory);
    return status;
}
