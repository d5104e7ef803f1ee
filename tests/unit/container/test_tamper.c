/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is changed in an archive outside of the manifest's and the signatures' bytes (which the
 * signatures cover) is refused by front and walk. lesson 12 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/ustar.h"
#include "fixture.h"

static const struct fixture_file small_files[] = {
    {"SHA256SUMS", 100},
    {"docs/empty.txt", 0},
    {"docs/full-block.bin", 512},
    {"folder/of/a/name/that/is/longer/than/one/hundred/bytes/so/that/it/is/split/into/prefix/and/"
     "name/x.bin",
     700},
};

static struct fixture fixture;
static struct cret_err err;

/* With sanitizers, which make each check slow, of so many changes one is made; five has no factor
 * in common with eight, so that each bit has its turn. */
#ifdef __SANITIZE_ADDRESS__
#define EVERY 5u
#else
#define EVERY 1u
#endif

/* Whether a byte is content of MANIFEST.json or of a signature. */
static bool signed_or_signature(uint64_t at)
{
    uint64_t start = 512;
    if (at >= start && at < start + fixture.manifest_size) {
        return true;
    }
    start += cret_ustar_padded(fixture.manifest_size);
    for (size_t i = 0; i < 2; i++) {
        start += 512;
        if (at >= start && at < start + fixture.signatures[i].size) {
            return true;
        }
        start += cret_ustar_padded(fixture.signatures[i].size);
    }
    return false;
}

static void expect_refused(int fd, struct cret_walk *walk, const char *what, uint64_t at)
{
    cr_assert_eq(fixture_check(&fixture, fd, walk, &err), CRET_FAILED, "%s at %llu was accepted",
                 what, (unsigned long long)at);
    cr_assert_eq(err.class, CRET_ERR_REFUSED, "%s at %llu: %s", what, (unsigned long long)at,
                 err.what);
    cr_assert(err.check == CRET_CHECK_ARCHIVE_FRAMING || err.check == CRET_CHECK_ARCHIVE_LIMITS ||
              err.check == CRET_CHECK_FILE_DIGESTS);
    cr_assert(err.where[0] != '\0' || at < 512, "%s at %llu: %s", what, (unsigned long long)at,
              err.what);
}

/* Flips each bit of [from, to), one after the other. */
static void flip_bits(int fd, uint64_t from, uint64_t to, struct cret_walk *walk)
{
    for (uint64_t at = from; at < to; at++) {
        uint8_t byte = 0;
        if (signed_or_signature(at)) {
            continue;
        }
        cr_assert_eq(pread(fd, &byte, 1, (off_t)at), 1);
        for (unsigned bit = 0; bit < 8; bit++) {
            if ((at * 8 + bit) % EVERY != 0) {
                continue;
            }
            uint8_t flipped = (uint8_t)(byte ^ (1u << bit));
            cr_assert_eq(pwrite(fd, &flipped, 1, (off_t)at), 1);
            expect_refused(fd, walk, "a flipped bit", at);
        }
        cr_assert_eq(pwrite(fd, &byte, 1, (off_t)at), 1);
    }
}

Test(tamper, every_bit_of_a_small_archive)
{
    fixture_make(&fixture, small_files, 4, 1);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.jobs = 1;
    cr_assert_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_OK, "%s", err.what);
    flip_bits(fixture.fd, 0, fixture.size, &walk);
    cr_assert_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_OK);
    fixture_free(&fixture);
}

Test(tamper, a_bit_of_every_byte_from_a_pipe)
{
    fixture_make(&fixture, small_files, 4, 1);
    uint8_t *data = fixture_read(&fixture);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.jobs = 1;
    for (uint64_t at = 0; at < fixture.size; at += EVERY) {
        if (signed_or_signature(at)) {
            continue;
        }
        data[at] ^= (uint8_t)(1u << (at % 8));
        int fd = fixture_pipe(data, (size_t)fixture.size);
        expect_refused(fd, &walk, "a flipped bit in a pipe", at);
        close(fd);
        data[at] ^= (uint8_t)(1u << (at % 8));
    }
    int fd = fixture_pipe(data, (size_t)fixture.size);
    cr_assert_eq(fixture_check(&fixture, fd, &walk, &err), CRET_OK, "%s", err.what);
    close(fd);
    free(data);
    fixture_free(&fixture);
}

Test(tamper, every_truncation_and_every_appendix)
{
    fixture_make(&fixture, small_files, 4, 1);
    uint8_t *data = fixture_read(&fixture);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.jobs = 1;
    int fd = fixture_copy(&fixture);
    for (uint64_t size = fixture.size; size-- > 0;) {
        if (size % EVERY != 0) {
            continue;
        }
        cr_assert_eq(ftruncate(fd, (off_t)size), 0);
        expect_refused(fd, &walk, "a truncation", size);
        if (size % 64 != 0 && size % 512 != 511) {
            continue;
        }
        int in = fixture_pipe(data, (size_t)size);
        expect_refused(in, &walk, "a truncated pipe", size);
        close(in);
    }
    close(fd);
    static const size_t appendices[] = {1, 511, 512, 1024, 10240};
    for (size_t i = 0; i < sizeof(appendices) / sizeof(appendices[0]); i++) {
        uint8_t *longer = calloc(1, (size_t)fixture.size + appendices[i]);
        memcpy(longer, data, (size_t)fixture.size);
        fd = fixture_file_of(longer, (size_t)fixture.size + appendices[i]);
        expect_refused(fd, &walk, "an appendix", appendices[i]);
        close(fd);
        fd = fixture_pipe(longer, (size_t)fixture.size + appendices[i]);
        expect_refused(fd, &walk, "an appendix in a pipe", appendices[i]);
        close(fd);
        free(longer);
    }
    free(data);
    fixture_free(&fixture);
}

/* The heads, paddings and end around files over 1 MiB, which are checked another way. */
Test(tamper, around_large_files)
{
    static const struct fixture_file files[] = {
        {"a.bin", (1u << 20) + 1}, {"b.txt", 10}, {"c.bin", (2u << 20) + 511}};
    fixture_make(&fixture, files, 3, 2);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.jobs = 1;
    cr_assert_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_OK, "%s", err.what);
    uint64_t a_end = fixture.entries[0].offset + fixture.entries[0].size;
    uint64_t b_head = fixture.entries[1].offset - 512, b_end = fixture.entries[1].offset + 10;
    flip_bits(fixture.fd, fixture.front_end, fixture.entries[0].offset, &walk);
    flip_bits(fixture.fd, a_end, b_head, &walk);
    flip_bits(fixture.fd, b_head, b_head + 512, &walk);
    flip_bits(fixture.fd, b_end, fixture.entries[2].offset, &walk);
    flip_bits(fixture.fd, fixture.entries[2].offset + fixture.entries[2].size, fixture.size, &walk);
    /* Without their content being read: still every byte around it. */
    bool none[3] = {false, false, false};
    walk.digest_wanted = none;
    cr_assert_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_OK, "%s", err.what);
    flip_bits(fixture.fd, fixture.front_end, fixture.entries[0].offset, &walk);
    flip_bits(fixture.fd, a_end, fixture.entries[1].offset, &walk);
    flip_bits(fixture.fd, b_end, fixture.entries[2].offset, &walk);
    flip_bits(fixture.fd, fixture.entries[2].offset + fixture.entries[2].size, fixture.size, &walk);
    fixture_free(&fixture);
}

/* The same places, read from a pipe. */
Test(tamper, around_large_files_in_a_pipe)
{
    static const struct fixture_file files[] = {
        {"a.bin", (1u << 20) + 1}, {"b.txt", 10}, {"c.bin", (2u << 20) + 511}};
    fixture_make(&fixture, files, 3, 2);
    for (size_t i = 0; i < 3; i++) {
        uint64_t start = fixture.entries[i].offset, end = start + fixture.entries[i].size;
        uint64_t places[] = {start - 512, start - 512 + 130, start - 1, end, start - 512 + 148};
        for (size_t j = 0; j < 10; j++) {
            uint64_t at = places[j % 5];
            uint8_t byte = 0;
            int fd = -1;
            struct cret_walk walk = fixture_walk(&fixture);
            walk.jobs = 1 + (unsigned)(j / 5);
            cr_assert_eq(pread(fixture.fd, &byte, 1, (off_t)at), 1);
            byte ^= 1;
            cr_assert_eq(pwrite(fixture.fd, &byte, 1, (off_t)at), 1);
            struct fixture_feed *feed = fixture_feed_start(fixture.fd, &fd);
            expect_refused(fd, &walk, "a bit around a large file in a pipe", at);
            cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_FRAMING);
            cr_expect(strstr(err.where, fixture.entries[i].path) == err.where, "%s", err.where);
            fixture_feed_end(feed);
            byte ^= 1;
            cr_assert_eq(pwrite(fixture.fd, &byte, 1, (off_t)at), 1);
        }
    }
    fixture_free(&fixture);
}

/* Content of large files: a bit in the first, a middle and the last byte, by any way to read. */
Test(tamper, content_of_large_files)
{
    static const struct fixture_file files[] = {{"a.bin", (1u << 20) + 1},
                                                {"c.bin", (5u << 20) + 511}};
    fixture_make(&fixture, files, 2, 2);
    for (size_t i = 0; i < 2; i++) {
        uint64_t start = fixture.entries[i].offset, size = fixture.entries[i].size;
        uint64_t places[] = {start, start + size / 2, start + (1u << 20), start + size - 1};
        for (size_t j = 0; j < 4; j++) {
            uint8_t byte = 0;
            cr_assert_eq(pread(fixture.fd, &byte, 1, (off_t)places[j]), 1);
            byte ^= 0x40;
            cr_assert_eq(pwrite(fixture.fd, &byte, 1, (off_t)places[j]), 1);
            for (unsigned way = 0; way < 8; way++) {
                struct cret_walk walk = fixture_walk(&fixture);
                int fd = fixture.fd;
                struct fixture_feed *feed = NULL;
                walk.jobs = 1 + way % 2;
                walk.fast = way & 2;
                if (way & 4) {
                    feed = fixture_feed_start(fixture.fd, &fd);
                }
                expect_refused(fd, &walk, "a bit of a large file", places[j]);
                cr_expect_eq(err.check, CRET_CHECK_FILE_DIGESTS);
                cr_expect_eq(strlen(err.expected), 64);
                cr_expect_eq(strlen(err.actual), 64);
                cr_expect(strstr(err.what, walk.fast ? "fs-verity" : "SHA-256") != NULL);
                cr_expect_neq(err.hint[0], '\0');
                if (feed != NULL) {
                    fixture_feed_end(feed);
                }
            }
            byte ^= 0x40;
            cr_assert_eq(pwrite(fixture.fd, &byte, 1, (off_t)places[j]), 1);
        }
    }
    cr_assert_eq(fixture_check(&fixture, fixture.fd, NULL, &err), CRET_OK);
    fixture_free(&fixture);
}

/* The three blocks of a head of 8 GiB and more. The file is a hole, and its digest not asked for.
 */
Test(tamper, pax_head)
{
    static const struct fixture_file files[] = {{"big.img", 10}, {"readme.txt", 10}};
    bool wanted[2] = {false, true};
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0;
    fixture_make(&fixture, files, 2, 1);
    fixture.entries[0].size = (8ull << 30) + 5;
    fixture.entries[0].has_fsverity = true;
    cr_assert_eq(
        cret_layout_payload(fixture.entries, 2, fixture.front_end, &fixture.payload_end, &err),
        CRET_OK);
    cr_assert_eq(cret_ustar_head(head, &head_size, "big.img", fixture.entries[0].size,
                                 FIXTURE_SECONDS, &err),
                 CRET_OK);
    cr_assert_eq(head_size, 1536);
    static const uint8_t zeros[512];
    cr_assert_eq(pwrite(fixture.fd, zeros, 512, (off_t)fixture.entries[0].offset), 512);
    cr_assert_eq(pwrite(fixture.fd, head, 1536, (off_t)fixture.front_end), 1536);
    struct cret_payload_write job = {.entries = &fixture.entries[1],
                                     .inputs = &fixture.inputs[1],
                                     .count = 1,
                                     .fd = fixture.fd,
                                     .seconds = FIXTURE_SECONDS,
                                     .jobs = 1};
    /* Not cret_payload_write's reservation: the file stays sparse. */
    cr_assert_eq(ftruncate(fixture.fd, (off_t)fixture.payload_end + 1024), 0);
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.digest_wanted = wanted;
    cr_assert_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_OK, "%s", err.what);
    flip_bits(fixture.fd, fixture.front_end, fixture.entries[0].offset, &walk);
    flip_bits(fixture.fd, fixture.entries[0].offset + fixture.entries[0].size,
              fixture.entries[1].offset, &walk);
    fixture_free(&fixture);
}

/* Archives whose members are whole, but not the ones that are listed. */
Test(tamper, missing_extra_reordered_and_duplicated_members)
{
    static const struct fixture_file files[] = {{"a", 10}, {"b", 10}, {"c", 10}};
    fixture_make(&fixture, files, 3, 1);
    uint8_t *data = fixture_read(&fixture);
    static const struct {
        const char *order, *where, *words;
    } rows[] = {
        {"abc", NULL, ""},
        {"ab", "c, byte", "ends before"},
        {"bc", "a, byte", "another member"},
        {"acb", "b, byte", "another member"},
        {"abbc", "c, byte", "another member"},
        {"abcc", "end of the archive", "does not list"},
        {"", "a, byte", "ends before"},
        {"abcx", "end of the archive", "end blocks"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t made[16384] = {0};
        size_t at = (size_t)fixture.front_end;
        memcpy(made, data, at);
        for (const char *member = rows[i].order; *member != '\0'; member++, at += 1024) {
            if (*member == 'x') {
                made[at] = 'x';
            } else {
                memcpy(made + at, data + fixture.front_end + 1024 * (size_t)(*member - 'a'), 1024);
            }
        }
        at += 1024;
        for (unsigned jobs = 1; jobs <= 2; jobs++) {
            for (int piped = 0; piped < 2; piped++) {
                int fd = piped ? fixture_pipe(made, at) : fixture_file_of(made, at);
                struct cret_walk walk = fixture_walk(&fixture);
                walk.jobs = jobs;
                enum cret_status status = fixture_check(&fixture, fd, &walk, &err);
                close(fd);
                if (rows[i].where == NULL) {
                    cr_expect_eq(status, CRET_OK, "%s", err.what);
                    continue;
                }
                cr_expect_eq(status, CRET_FAILED, "%s", rows[i].order);
                cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_FRAMING);
                cr_expect(strstr(err.where, rows[i].where) == err.where, "%s: %s", rows[i].order,
                          err.where);
                cr_expect_not_null(strstr(err.what, rows[i].words), "%s: %s", rows[i].order,
                                   err.what);
            }
        }
    }
    free(data);
    fixture_free(&fixture);
}
