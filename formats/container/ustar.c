/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the one header of a name, a size and a date. */
#include "container/ustar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"

/* Fields of a POSIX.1 ustar header block that are not constant. */
enum {
    NAME_AT = 0,
    NAME_BYTES = 100,
    SIZE_AT = 124,
    MTIME_AT = 136,
    CHECKSUM_AT = 148,
    CHECKSUM_BYTES = 8,
    TYPE_AT = 156,
    PREFIX_AT = 345,
    PREFIX_BYTES = 155,
    NUMBER_DIGITS = 11
};
#define NUMBER_MAXIMUM ((1ull << (3 * NUMBER_DIGITS)) - 1)
#define PAX_NAME "PaxHeaders/size"

static const struct cret_ustar_field fields[] = {
    {"name", 0, 100},       {"mode", 100, 8},     {"uid", 108, 8},      {"gid", 116, 8},
    {"size", 124, 12},      {"mtime", 136, 12},   {"checksum", 148, 8}, {"typeflag", 156, 1},
    {"linkname", 157, 100}, {"magic", 257, 6},    {"version", 263, 2},  {"uname", 265, 32},
    {"gname", 297, 32},     {"devmajor", 329, 8}, {"devminor", 337, 8}, {"prefix", 345, 155},
    {"unused", 500, 12},
};

const struct cret_ustar_field *cret_ustar_field_at(size_t offset)
{
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        if (offset >= fields[i].offset && offset - fields[i].offset < fields[i].size) {
            return &fields[i];
        }
    }
    return NULL;
}

size_t cret_ustar_head_size(uint64_t size)
{
    return size >= CRET_USTAR_PAX_SIZE ? CRET_USTAR_HEAD_MAXIMUM : CRET_BLOCK;
}

uint64_t cret_ustar_padded(uint64_t size)
{
    return size + (CRET_BLOCK - size % CRET_BLOCK) % CRET_BLOCK;
}

/* Zero-padded octal with a terminating NUL; value must fit. */
static void put_octal(uint8_t *field, size_t digits, uint64_t value)
{
    field[digits] = '\0';
    while (digits > 0) {
        digits--;
        field[digits] = (uint8_t)('0' + (value & 7));
        value >>= 3;
    }
}

/* A name of more than 100 bytes is split at the last '/' that leaves both parts short enough. */
static enum cret_status put_name(uint8_t *block, const char *name, struct cret_err *err)
{
    size_t length = strlen(name);
    if (length > 0 && length <= NAME_BYTES) {
        memcpy(block + NAME_AT, name, length);
        return CRET_OK;
    }
    for (size_t at = length; at-- > 1;) {
        size_t rest = length - at - 1;
        if (name[at] != '/' || at > PREFIX_BYTES || rest == 0 || rest > NAME_BYTES) {
            continue;
        }
        memcpy(block + PREFIX_AT, name, at);
        memcpy(block + NAME_AT, name + at + 1, rest);
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_FILE_PATHS, "the path '%s' does not fit an archive header",
                    name);
    cret_err_where(err, "%s", name);
    cret_err_expected(err,
                      "1 to 100 bytes, or a '/' that splits it into at most 155 and 100 bytes");
    cret_err_actual(err, "%zu bytes", length);
    return cret_err_hint(err, "shorten the names of the folders or of the file");
}

/* One 512-byte header; size and seconds must fit their fields. */
static enum cret_status put_header(uint8_t *block, const char *name, char type, uint64_t size,
                                   int64_t seconds, struct cret_err *err)
{
    memset(block, 0, CRET_BLOCK);
    if (put_name(block, name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(block + 100, "0000644", 8);
    memcpy(block + 108, "0000000", 8);
    memcpy(block + 116, "0000000", 8);
    put_octal(block + SIZE_AT, NUMBER_DIGITS, size);
    put_octal(block + MTIME_AT, NUMBER_DIGITS, (uint64_t)seconds);
    memset(block + CHECKSUM_AT, ' ', CHECKSUM_BYTES);
    block[TYPE_AT] = (uint8_t)type;
    memcpy(block + 257,
           "ustar\0"
           "00",
           8);
    memcpy(block + 329, "0000000", 8);
    memcpy(block + 337, "0000000", 8);
    uint64_t sum = 0;
    for (size_t i = 0; i < CRET_BLOCK; i++) {
        sum += block[i];
    }
    put_octal(block + CHECKSUM_AT, 6, sum);
    return CRET_OK;
}

/* "NN size=BYTES\n": the length counts itself; with 10 to 16 digits of BYTES it has two digits. */
static size_t put_pax_record(uint8_t *block, uint64_t size)
{
    char record[64];
    int digits = snprintf(record, sizeof(record), "%" PRIu64, size);
    size_t length = 2 + sizeof(" size=") - 1 + (size_t)digits + 1;
    snprintf(record, sizeof(record), "%zu size=%" PRIu64 "\n", length, size);
    memset(block, 0, CRET_BLOCK);
    memcpy(block, record, length);
    return length;
}

enum cret_status cret_ustar_head(uint8_t ret_head[CRET_USTAR_HEAD_MAXIMUM], size_t *ret_size,
                                 const char *name, uint64_t size, int64_t seconds,
                                 struct cret_err *err)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    if (size > CRET_LIMIT_FILE_BYTES) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "the file '%s' is too large", name);
        cret_err_where(err, "%s", name);
        cret_err_expected(err, "at most %llu bytes", (unsigned long long)CRET_LIMIT_FILE_BYTES);
        return cret_err_actual(err, "%" PRIu64 " bytes", size);
    }
    if (seconds < 0 || seconds > CRET_LIMIT_DATE || (uint64_t)seconds > NUMBER_MAXIMUM) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS,
                        "the release date does not fit an archive header");
        cret_err_where(err, "%s", name);
        cret_err_expected(err, "1970-01-01T00:00:00Z to 2242-03-16T12:56:31Z");
        return cret_err_actual(err, "%" PRId64 " seconds since 1970", seconds);
    }
    size_t at = 0;
    if (size >= CRET_USTAR_PAX_SIZE) {
        size_t record = put_pax_record(head + CRET_BLOCK, size);
        if (put_header(head, PAX_NAME, 'x', record, seconds, err) != CRET_OK) {
            return CRET_FAILED;
        }
        at = (size_t)2 * CRET_BLOCK;
    }
    uint64_t shown = size >= CRET_USTAR_PAX_SIZE ? 0 : size;
    if (put_header(head + at, name, '0', shown, seconds, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(ret_head, head, at + CRET_BLOCK);
    *ret_size = at + CRET_BLOCK;
    return CRET_OK;
}

static enum cret_status get_octal(const uint8_t *field, const char *title, uint64_t *ret_value,
                                  struct cret_err *err)
{
    uint64_t value = 0;
    bool canonical = field[NUMBER_DIGITS] == '\0';
    for (size_t i = 0; i < NUMBER_DIGITS && canonical; i++) {
        canonical = field[i] >= '0' && field[i] <= '7';
        value = value << 3 | (uint64_t)(field[i] - '0');
    }
    if (!canonical) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "the %s in an archive header is malformed",
                        title);
        return cret_err_expected(err, "11 octal digits and NUL");
    }
    *ret_value = value;
    return CRET_OK;
}

enum cret_status cret_ustar_numbers(const uint8_t block[CRET_BLOCK], uint64_t *ret_size,
                                    int64_t *ret_seconds, struct cret_err *err)
{
    uint64_t size = 0, seconds = 0;
    if (get_octal(block + SIZE_AT, "size", &size, err) != CRET_OK ||
        get_octal(block + MTIME_AT, "date", &seconds, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_size = size;
    *ret_seconds = (int64_t)seconds;
    return CRET_OK;
}

void cret_ustar_name(char out[CRET_USTAR_NAME_TEXT], const uint8_t block[CRET_BLOCK])
{
    size_t prefix = strnlen((const char *)block + PREFIX_AT, PREFIX_BYTES);
    size_t name = strnlen((const char *)block + NAME_AT, NAME_BYTES);
    size_t at = 0;
    if (prefix > 0) {
        memcpy(out, block + PREFIX_AT, prefix);
        out[prefix] = '/';
        at = prefix + 1;
    }
    memcpy(out + at, block + NAME_AT, name);
    out[at + name] = '\0';
}

bool cret_ustar_is_header(const uint8_t block[CRET_BLOCK])
{
    return memcmp(block + 257, "ustar", 5) == 0;
}
