/* SPDX-License-Identifier: Apache-2.0 */
/* Digests that are computed before it is known what they must be. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/ahead.h"
#include "container/ustar.h"
#include "fixture.h"

enum { LARGE = 1, SMALL, OTHER };
static const struct fixture_file files[] = {{"SHA256SUMS", 400},
                                            {"a/large.bin", 700u << 10},
                                            {"b/small.bin", 128u << 10},
                                            {"c/other.bin", (128u << 10) + 1}};
#define FILES (sizeof(files) / sizeof(files[0]))

static struct fixture fixture;
static struct cret_source *source;
static struct cret_front *front;
static struct cret_ahead *ahead;
static struct cret_err err;

static void begin(int fd, unsigned jobs)
{
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_front_read(&front, source, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_ahead_begin(&ahead, source, front, jobs, &err), CRET_OK, "%s", err.what);
}

static void end(void)
{
    cret_ahead_free(&ahead);
    cret_front_free(&front);
    cret_source_free(&source);
}

static enum cret_status walk(void)
{
    struct cret_walk walk = fixture_walk(&fixture);
    walk.ahead = ahead;
    cret_err_clear(&err);
    return cret_archive_walk(source, front, &walk, &err);
}

static bool has(uint64_t offset, uint64_t size, const uint8_t *expected)
{
    uint8_t digest[CRET_SHA256_BYTES] = {0};
    return cret_ahead_digest(ahead, offset, size, digest) &&
           memcmp(digest, expected, sizeof(digest)) == 0;
}

Test(ahead, has_the_digests_of_the_larger_members_and_of_nothing_else)
{
    const struct cret_entry *entries = fixture.entries;
    fixture_make(&fixture, files, FILES, 2);
    begin(fixture.fd, 2);
    cr_assert_not_null(ahead);
    cr_assert_eq(walk(), CRET_OK, "%s", err.what); /* which tells the entries where they lie */
    for (size_t i = 0; i < FILES; i++) {
        const bool larger = i == LARGE || i == OTHER;
        cr_expect_eq(has(entries[i].offset, entries[i].size, entries[i].sha256), larger, "%zu", i);
        cr_expect_not(has(entries[i].offset, entries[i].size - 1, entries[i].sha256));
        cr_expect_not(has(entries[i].offset + 1, entries[i].size, entries[i].sha256));
    }
    cr_expect_not(cret_ahead_digest(NULL, entries[LARGE].offset, entries[LARGE].size,
                                    (uint8_t[CRET_SHA256_BYTES]){0}));
    end();
    fixture_free(&fixture);
}

/* What was read counts: not what lies there afterwards, which nobody looks at. */
Test(ahead, is_what_the_walk_compares)
{
    fixture_make(&fixture, files, FILES, 2);
    begin(fixture.fd, 2);
    cr_assert_eq(walk(), CRET_OK, "%s", err.what);
    const off_t at = (off_t)fixture.entries[LARGE].offset + 5000;
    cr_assert_eq(pwrite(fixture.fd, "changed", 7, at), 7);
    cr_expect_eq(walk(), CRET_OK, "read a second time: %s", err.what);
    end();
    begin(fixture.fd, 2);
    cr_expect_eq(walk(), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_FILE_DIGESTS);
    cr_expect_eq(strncmp(err.where, "a/large.bin", strlen("a/large.bin")), 0, "%s", err.where);
    end();
    fixture_free(&fixture);
}

Test(ahead, says_the_same_as_a_walk_alone)
{
    fixture_make(&fixture, files, FILES, 2);
    for (uint64_t cut = 1; cut < fixture.size - fixture.front_end; cut += 77777) {
        struct cret_err alone;
        cr_assert_eq(ftruncate(fixture.fd, (off_t)(fixture.size - cut)), 0);
        cr_assert_eq(fixture_check(&fixture, fixture.fd, NULL, &alone), CRET_FAILED);
        begin(fixture.fd, 2);
        cr_expect_eq(walk(), CRET_FAILED);
        cr_expect_str_eq(err.what, alone.what);
        cr_expect_str_eq(err.where, alone.where);
        end();
    }
    fixture_free(&fixture);
}

/* Sizes that lead anywhere: nothing is read beyond the end, and the walk refuses. */
Test(ahead, follows_no_head_out_of_the_archive)
{
    static const char *const sizes[] = {"77777777777", "00000000000", "00004000000", "0000200000x"};
    fixture_make(&fixture, files, FILES, 2);
    const off_t head = (off_t)fixture.front_end + 124;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        cr_assert_eq(pwrite(fixture.fd, sizes[i], 11, head), 11);
        begin(fixture.fd, 2);
        cr_expect_eq(walk(), CRET_FAILED, "%s", sizes[i]);
        cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_FRAMING);
        end();
    }
    fixture_free(&fixture);
}

Test(ahead, begins_only_where_something_is_gained)
{
    static const struct fixture_file little[] = {{"SHA256SUMS", 400}, {"a.bin", 100u << 10}};
    static const struct fixture_file much[] = {
        {"SHA256SUMS", 400}, {"a.bin", 1u << 20}, {"b.bin", 1u << 20}};
    fixture_make(&fixture, files, FILES, 2);
    begin(fixture.fd, 1);
    cr_expect_null(ahead, "one thread");
    end();
    cr_assert_eq(ftruncate(fixture.fd, (off_t)(fixture.front_end + CRET_AHEAD_BYTES)), 0);
    begin(fixture.fd, 2);
    cr_expect_not_null(ahead);
    end();
    cr_assert_eq(ftruncate(fixture.fd, (off_t)(fixture.front_end + CRET_AHEAD_BYTES + 1)), 0);
    begin(fixture.fd, 2);
    cr_expect_null(ahead, "a byte more");
    end();
    fixture_free(&fixture);

    fixture_make(&fixture, much, 3, 2);
    begin(fixture.fd, 2);
    cr_expect_null(ahead, "a larger archive");
    cr_expect_eq(walk(), CRET_OK, "%s", err.what);
    end();
    fixture_free(&fixture);

    fixture_make(&fixture, little, 2, 2);
    begin(fixture.fd, 2);
    cr_expect_null(ahead, "no member is large");
    end();
    int fd = -1;
    struct fixture_feed *feed = fixture_feed_start(fixture.fd, &fd);
    begin(fd, 2);
    cr_expect_null(ahead, "a pipe");
    end();
    fixture_feed_end(feed);
    fixture_free(&fixture);
}
