/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "package/crc32.h"
#include "package/inflate.h"

/* Packed bytes from memory, unpacked ones into memory. */
struct ends {
    const uint8_t *data;
    size_t size, at, piece;
    uint8_t made[400];
    size_t count;
};

static enum cret_status take(void *context, void *data, size_t size, size_t *ret_got,
                             struct cret_err *err)
{
    struct ends *ends = context;
    size_t got = ends->size - ends->at;
    (void)err;
    got = got < size ? got : size;
    got = got < ends->piece ? got : ends->piece;
    memcpy(data, ends->data + ends->at, got);
    ends->at += got;
    *ret_got = got;
    return CRET_OK;
}

static enum cret_status give(void *context, const uint8_t *data, size_t size, struct cret_err *err)
{
    struct ends *ends = context;
    (void)err;
    cr_assert(size <= sizeof(ends->made) - ends->count);
    memcpy(ends->made + ends->count, data, size);
    ends->count += size;
    return CRET_OK;
}

static struct cret_err err;

/* Unpacks, in pieces of that many bytes; the words of a refusal, or NULL. */
static const char *unpack(struct ends *ends, const char *data, size_t size, uint64_t limit,
                          size_t piece)
{
    uint64_t made = 0;
    *ends = (struct ends){.data = (const uint8_t *)data, .size = size, .piece = piece};
    const struct cret_inflate_ends both = {take, give, ends};
    cret_err_clear(&err);
    if (cret_inflate(&both, limit, &made, &err) == CRET_OK) {
        cr_expect_eq(made, ends->count);
        return NULL;
    }
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_PACKAGE_ZIP);
    return err.what;
}

#define REFUSED(data, limit, words)                                                                \
    do {                                                                                           \
        const char *what = unpack(&ends, data, sizeof(data) - 1, limit, 1);                        \
        cr_expect(what != NULL && strstr(what, words) != NULL, "%s: %s", words,                    \
                  what != NULL ? what : "taken");                                                  \
    } while (false)

/* "a" 300 times, by zlib: fixed codes, and a copy that overlaps itself. */
static const char fixed[] = "\x4b\x4c\x1c\x05\xc4\x02";
static const char stored[] = "\x01\x05\x00\xfa\xffhello";

Test(inflate, what_zlib_packs)
{
    static struct ends ends;
    for (size_t piece = 1; piece < 12; piece++) {
        cr_expect_null(unpack(&ends, stored, sizeof(stored) - 1, 5, piece));
        cr_expect_eq(memcmp(ends.made, "hello", 5), 0);
        cr_expect_null(unpack(&ends, "\x4b\x04\x00", 3, 1, piece));
        cr_expect_eq(ends.count, 1u);
        cr_expect_eq(ends.made[0], 'a');
        cr_expect_null(unpack(&ends, fixed, sizeof(fixed), 300, piece));
        cr_expect_eq(ends.count, 300u);
        cr_expect(ends.made[0] == 'a' && ends.made[150] == 'a' && ends.made[299] == 'a');
    }
    cr_expect_null(unpack(&ends, "\x03\x00", 2, 0, 1));
    cr_expect_eq(ends.count, 0u);
}

Test(inflate, what_is_not_the_form)
{
    static struct ends ends;
    REFUSED("\x01\x05\x00\xfa\xffhell", 5, "ends too early");
    REFUSED("\x01\x05\x00\xfb\xffhello", 5, "length of a stored block");
    REFUSED("\x09\x05\x00\xfa\xffhello", 5, "bits before a stored block");
    REFUSED("\x01\x05\x00\xfa\xffhello\0", 5, "bytes behind the last block");
    REFUSED("\x01\x05\x00\xfa\xffhello", 4, "longer than its entry says");
    REFUSED("\x07", 5, "a block of no kind");
    REFUSED("\x4b\x04\x80", 1, "bits behind the last block");
    REFUSED("\x03\x02", 9, "a copy begins before the first byte");
    REFUSED("\xfd\xff\xff", 9, "more codes than there are");
    REFUSED("\x05\x00\x00\x00\x00", 9, "the code of the lengths");
    REFUSED("", 0, "ends too early");
}

Test(crc32, a_known_value_in_any_pieces)
{
    static const char text[] = "The quick brown fox jumps over the lazy dog";
    for (size_t i = 0; i < sizeof(text); i++) {
        const uint32_t first = cret_crc32(0, text, i);
        cr_expect_eq(cret_crc32(first, text + i, sizeof(text) - 1 - i), 0x414fa339u);
        if (i == sizeof(text) - 1) {
            break;
        }
    }
    cr_expect_eq(cret_crc32(0, "123456789", 9), 0xcbf43926u);
}
