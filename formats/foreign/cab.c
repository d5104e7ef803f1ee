/* SPDX-License-Identifier: Apache-2.0 */
/* Where a cabinet keeps its signature, and which of its bytes are hashed. */
#include "foreign/cab.h"

#include <string.h>

enum {
    MARK_BYTES = 4,
    RESERVED = 4, /* 4 bytes, zero */
    SIZE = 8,     /* of the cabinet, without its signature */
    FLAGS = 30,
    NUMBER = 34,   /* of the cabinet in its set */
    HEADER = 36,   /* where one without a reserve ends; how large its reserve is */
    RESERVE = 40,  /* of the header */
    POSITION = 44, /* of the signature; then its size */
    UNUSED = 52,   /* 4 bytes that are not hashed */
    HASHED_AGAIN = 56,
    HEADER_SIGNED = 60,
    FLAG_PREVIOUS = 1,
    FLAG_NEXT = 2,
    FLAG_RESERVE = 4
};

static uint32_t u32(const uint8_t *data)
{
    return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
           (uint32_t)data[3] << 24;
}

bool cret_cab_is(const struct cret_foreign_file *file)
{
    uint8_t mark[MARK_BYTES];
    size_t got = 0;
    return cret_foreign_peek(file, 0, mark, sizeof(mark), &got, NULL) == CRET_OK &&
           got == sizeof(mark) && memcmp(mark, "MSCF", sizeof(mark)) == 0;
}

static enum cret_status refuse(uint64_t at, const char *what, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s", what);
    return cret_err_where(err, "byte %llu", (unsigned long long)at);
}

/* The reserve of the header, as a signature has it. How large those of folders and data are says
 * where these begin, and is hashed by nobody: there are none. */
static enum cret_status read_reserve(struct cret_cab *cab, const struct cret_foreign_file *file,
                                     struct cret_err *err)
{
    static const uint8_t expected[] = {20, 0, 0, 0, 0, 0, 16, 0};
    uint8_t head[HEADER_SIGNED];
    if (cret_foreign_read(file, 0, head, sizeof(head), "the cabinet's header", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(head + HEADER, expected, sizeof(expected)) != 0) {
        return refuse(HEADER, "the cabinet has a reserve that is no place for a signature", err);
    }
    const uint64_t position = u32(head + POSITION), size = u32(head + POSITION + 4);
    if (position == 0 && size == 0) {
        return refuse(POSITION, "the cabinet has a place for a signature, and none is there", err);
    }
    if (position < HEADER_SIGNED || position > file->size || size == 0) {
        return refuse(POSITION, "the signature does not lie where it can", err);
    }
    if (size != file->size - position) {
        return refuse(POSITION,
                      size < file->size - position
                          ? "bytes follow the signature of the cabinet: nothing signs them"
                          : "the signature of the cabinet is cut short",
                      err);
    }
    if (u32(head + SIZE) != position) {
        return refuse(SIZE, "the signature does not begin where the cabinet ends", err);
    }
    cab->signature = position;
    cab->signature_size = size;
    return CRET_OK;
}

enum cret_status cret_cab_read(struct cret_cab *ret_cab, const struct cret_foreign_file *file,
                               struct cret_err *err)
{
    struct cret_cab cab = {.signature = file->size};
    uint8_t head[HEADER];
    if (cret_foreign_read(file, 0, head, sizeof(head), "the cabinet's header", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const unsigned flags = (unsigned)head[FLAGS] | (unsigned)head[FLAGS + 1] << 8;
    if (memcmp(head, "MSCF", MARK_BYTES) != 0) {
        return refuse(0, "this is no cabinet", err);
    }
    if ((flags & (FLAG_PREVIOUS | FLAG_NEXT)) != 0) {
        return refuse(FLAGS, "the cabinet is one of a set: what it holds begins or ends in another",
                      err);
    }
    if ((flags & ~(unsigned)FLAG_RESERVE) != 0) {
        return refuse(FLAGS, "the cabinet has flags that are not known", err);
    }
    if (flags == FLAG_RESERVE && read_reserve(&cab, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_cab = cab;
    return CRET_OK;
}

enum cret_status cret_cab_hash(const struct cret_cab *cab, const struct cret_foreign_file *file,
                               const EVP_MD *md, uint8_t *ret_digest, size_t *ret_size,
                               struct cret_err *err)
{
    static const char what[] = "the cabinet";
    struct cret_foreign_hash hash;
    const bool is_signed = cab->signature_size > 0;
    const uint64_t first = (is_signed ? (uint64_t)NUMBER : cab->signature) - SIZE,
                   second = is_signed ? cab->signature - HASHED_AGAIN : 0;
    if (cret_foreign_hash_begin(&hash, md, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, file, 0, MARK_BYTES, what, err) != CRET_OK ||
        cret_foreign_hash_part(&hash, file, SIZE, first, what, err) != CRET_OK ||
        (second > 0 &&
         cret_foreign_hash_part(&hash, file, HASHED_AGAIN, second, what, err) != CRET_OK)) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    return cret_foreign_hash_end(&hash, ret_digest, ret_size, err);
}

enum cret_status cret_cab_name_gaps(const struct cret_cab *cab,
                                    const struct cret_foreign_file *file,
                                    struct cret_foreign_proof *proof, struct cret_err *err)
{
    static const char what[] = "parts of the cabinet's header that mean nothing";
    if (cret_foreign_gap_read(proof, file, what, RESERVED, SIZE - RESERVED, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cab->signature_size == 0) {
        return CRET_OK;
    }
    cret_foreign_gap_add(proof, "place and size of the signature, which fit the file", HEADER,
                         UNUSED - HEADER, false, true);
    return cret_foreign_gap_read(proof, file, "number of the cabinet in a set", NUMBER,
                                 HEADER - NUMBER, err) != CRET_OK
               ? CRET_FAILED
               : cret_foreign_gap_read(proof, file, what, UNUSED, HASHED_AGAIN - UNUSED, err);
}
