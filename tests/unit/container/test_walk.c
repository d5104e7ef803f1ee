/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/ustar.h"
#include "fixture.h"

/* Small and large files in turn; the largest is not the first. */
static const struct fixture_file mixed[] = {
    {"SHA256SUMS", 400},
    {"a/large.bin", (3u << 20) + 77},
    {"a/small.bin", 1000},
    {"b/empty.txt", 0},
    {"b/larger.bin", 20u << 20},
    {"b/limit.bin", 1u << 20},
    {"c/over.bin", (1u << 20) + 1},
    {"c/two-thirds.bin", 700u << 10},
    {"d/last.txt", 1},
};
#define MIXED (sizeof(mixed) / sizeof(mixed[0]))

static struct fixture fixture;
static struct cret_err err;

/* The ways to read one archive. */
struct way {
    unsigned jobs;
    bool fast, piped;
};
static const struct way ways[] = {{1, false, false}, {2, false, false}, {4, false, false},
                                  {1, true, false},  {2, true, false},  {5, true, false},
                                  {1, false, true},  {2, false, true},  {8, true, true}};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

static enum cret_status walk_by(const struct way *way, struct cret_walk walk)
{
    struct fixture_feed *feed = NULL;
    int fd = fixture.fd;
    walk.jobs = way->jobs;
    walk.fast = way->fast;
    if (way->piped) {
        feed = fixture_feed_start(fixture.fd, &fd);
    }
    enum cret_status status = fixture_check(&fixture, fd, &walk, &err);
    if (feed != NULL) {
        fixture_feed_end(feed);
    }
    return status;
}

Test(walk, a_good_archive_passes_every_way)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (size_t i = 0; i < WAYS; i++) {
        cr_expect_eq(walk_by(&ways[i], fixture_walk(&fixture)), CRET_OK, "way %zu: %s", i,
                     err.what);
    }
    fixture_free(&fixture);
}

Test(walk, an_archive_without_payload)
{
    fixture_make(&fixture, mixed, 0, 2);
    for (size_t i = 0; i < WAYS; i++) {
        cr_expect_eq(walk_by(&ways[i], fixture_walk(&fixture)), CRET_OK, "%s", err.what);
    }
    fixture_free(&fixture);
}

/* Both digests count, each on its own; `fast` looks at the tree where there is one. */
Test(walk, each_digest_counts)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (size_t file = 0; file < MIXED; file++) {
        bool large = fixture.entries[file].has_fsverity;
        for (size_t i = 0; i < WAYS; i++) {
            fixture.entries[file].sha256[31] ^= 1;
            bool wrong = !ways[i].fast || !large;
            cr_expect_eq(walk_by(&ways[i], fixture_walk(&fixture)), wrong ? CRET_FAILED : CRET_OK,
                         "file %zu, way %zu", file, i);
            if (wrong) {
                cr_expect_eq(err.check, CRET_CHECK_FILE_DIGESTS);
                cr_expect_not_null(strstr(err.what, mixed[file].path));
                cr_expect_not_null(strstr(err.what, "SHA-256"));
            }
            fixture.entries[file].sha256[31] ^= 1;
            if (!large) {
                continue;
            }
            fixture.entries[file].fsverity[0] ^= 0x80;
            cr_expect_eq(walk_by(&ways[i], fixture_walk(&fixture)), CRET_FAILED);
            cr_expect_eq(err.class, CRET_ERR_REFUSED);
            cr_expect_not_null(strstr(err.what, "fs-verity"));
            cr_expect_not_null(strstr(err.what, mixed[file].path));
            fixture.entries[file].fsverity[0] ^= 0x80;
        }
    }
    fixture_free(&fixture);
}

/* An entry without the tree digest that its size asks for would escape `fast`; one with a tree
 * digest that it must not have would escape the flat one. lesson 3 */
Test(walk, a_tree_digest_exactly_where_the_size_says)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (size_t file = 1; file < 3; file++) {
        fixture.entries[file].has_fsverity = !fixture.entries[file].has_fsverity;
        for (size_t i = 0; i < WAYS; i++) {
            cr_expect_eq(walk_by(&ways[i], fixture_walk(&fixture)), CRET_FAILED);
            cr_expect_eq(err.class, CRET_ERR_REFUSED);
        }
        fixture.entries[file].has_fsverity = !fixture.entries[file].has_fsverity;
    }
    fixture_free(&fixture);
}

/* Of several faults the lowest member's is reported, whatever the threads do. */
Test(walk, the_report_does_not_depend_on_timing)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    static const size_t faults[][2] = {{2, 4}, {1, 4}, {4, 8}, {3, 5}, {0, 1}, {6, 7}};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        for (size_t j = 0; j < 2; j++) {
            fixture.entries[faults[i][j]].sha256[3] ^= 1;
        }
        for (size_t way = 0; way < 24; way++) {
            struct way one = {1 + (unsigned)way % 4, false, way % 8 == 7};
            cr_expect_eq(walk_by(&one, fixture_walk(&fixture)), CRET_FAILED);
            cr_expect_not_null(strstr(err.where, mixed[faults[i][0]].path), "%zu: %s", way,
                               err.where);
        }
        for (size_t j = 0; j < 2; j++) {
            fixture.entries[faults[i][j]].sha256[3] ^= 1;
        }
    }
    fixture_free(&fixture);
}

struct sink {
    uint8_t *contents[FIXTURE_FILES];
    _Atomic uint64_t next[FIXTURE_FILES];
    _Atomic unsigned calls[FIXTURE_FILES];
    _Atomic unsigned inside[FIXTURE_FILES];
    _Atomic unsigned wrong;
    size_t fail_entry;
    int shrink_fd, grow_fd;
    uint64_t done, total;
};

static enum cret_status take(void *context, size_t entry, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *ret_err)
{
    struct sink *sink = context;
    if (atomic_fetch_add(&sink->inside[entry], 1) != 0 || sink->next[entry] != offset) {
        sink->wrong++;
    }
    if (size > 0) {
        memcpy(sink->contents[entry] + offset, data, size);
    }
    sink->next[entry] = offset + size;
    sink->calls[entry]++;
    atomic_fetch_sub(&sink->inside[entry], 1);
    if (sink->shrink_fd >= 0) {
        cr_assert_eq(ftruncate(sink->shrink_fd, (off_t)fixture.payload_end - 600), 0);
    }
    if (sink->grow_fd >= 0) {
        cr_assert_eq(ftruncate(sink->grow_fd, (off_t)fixture.size + 1), 0);
    }
    if (entry == sink->fail_entry) {
        return cret_err_undecided(ret_err, "the disk is full");
    }
    return CRET_OK;
}

static void progress(void *context, uint64_t done, uint64_t total)
{
    struct sink *sink = context;
    sink->done = done;
    sink->total = total;
}

static void start_sink(struct sink *sink)
{
    memset(sink, 0, sizeof(*sink));
    sink->fail_entry = SIZE_MAX;
    sink->shrink_fd = sink->grow_fd = -1;
    for (size_t i = 0; i < fixture.count; i++) {
        sink->contents[i] = calloc(1, fixture.entries[i].size + 1);
    }
}

static void end_sink(struct sink *sink)
{
    for (size_t i = 0; i < fixture.count; i++) {
        free(sink->contents[i]);
    }
}

Test(walk, the_sink_gets_each_wanted_byte_once_in_order)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (size_t i = 0; i < 2 * WAYS; i++) {
        struct sink sink;
        struct cret_walk walk = fixture_walk(&fixture);
        bool wanted[MIXED];
        uint64_t total = 0;
        start_sink(&sink);
        for (size_t j = 0; j < MIXED; j++) {
            wanted[j] = i < WAYS || j % 3 == 1;
            total += mixed[j].size;
        }
        walk.sink = take;
        walk.sink_wanted = i < WAYS ? NULL : wanted;
        walk.context = &sink;
        walk.progress = progress;
        cr_assert_eq(walk_by(&ways[i % WAYS], walk), CRET_OK, "%s", err.what);
        cr_expect_eq(sink.wrong, 0);
        cr_expect_eq(sink.done, total);
        cr_expect_eq(sink.total, total);
        for (size_t j = 0; j < MIXED; j++) {
            cr_expect_eq(sink.calls[j] > 0, wanted[j], "way %zu, file %zu", i, j);
            cr_expect_eq(sink.next[j], wanted[j] ? mixed[j].size : 0);
            if (wanted[j] && mixed[j].size > 0) {
                cr_expect_eq(memcmp(sink.contents[j], fixture.contents[j], mixed[j].size), 0);
            }
        }
        end_sink(&sink);
    }
    fixture_free(&fixture);
}

Test(walk, a_sink_that_fails_ends_the_walk_with_its_error)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (size_t i = 0; i < WAYS; i++) {
        for (size_t file = 0; file < MIXED; file += 4) {
            struct sink sink;
            struct cret_walk walk = fixture_walk(&fixture);
            start_sink(&sink);
            sink.fail_entry = file;
            walk.sink = take;
            walk.context = &sink;
            cr_expect_eq(walk_by(&ways[i], walk), CRET_FAILED);
            cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
            cr_expect_str_eq(err.what, "the disk is full");
            end_sink(&sink);
        }
    }
    fixture_free(&fixture);
}

/* Small files reach the sink only after their digest matched. */
Test(walk, a_wrong_small_file_never_reaches_the_sink)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    fixture.entries[2].sha256[0] ^= 1;
    for (size_t i = 0; i < WAYS; i++) {
        struct sink sink;
        struct cret_walk walk = fixture_walk(&fixture);
        start_sink(&sink);
        walk.sink = take;
        walk.context = &sink;
        cr_expect_eq(walk_by(&ways[i], walk), CRET_FAILED);
        cr_expect_eq(sink.calls[2], 0);
        end_sink(&sink);
    }
    fixture_free(&fixture);
}

Test(walk, entries_that_are_not_wanted_are_not_hashed)
{
    bool wanted[MIXED] = {false};
    fixture_make(&fixture, mixed, MIXED, 2);
    wanted[2] = wanted[4] = true;
    for (size_t i = 0; i < WAYS; i++) {
        struct cret_walk walk = fixture_walk(&fixture);
        struct sink sink;
        start_sink(&sink);
        walk.digest_wanted = wanted;
        walk.sink = take;
        walk.context = &sink;
        fixture.entries[1].sha256[0] ^= 1;
        fixture.entries[1].fsverity[0] ^= 1;
        fixture.entries[5].sha256[0] ^= 1;
        cr_expect_eq(walk_by(&ways[i], walk), CRET_OK, "way %zu: %s", i, err.what);
        for (size_t j = 0; j < MIXED; j++) {
            cr_expect_eq(sink.calls[j] > 0, wanted[j]);
        }
        fixture.entries[1].sha256[0] ^= 1;
        fixture.entries[1].fsverity[0] ^= 1;
        fixture.entries[5].sha256[0] ^= 1;
        end_sink(&sink);
    }
    fixture_free(&fixture);
}

Test(walk, an_archive_that_changes_its_size_meanwhile_is_undecided)
{
    fixture_make(&fixture, mixed, MIXED, 2);
    for (unsigned way = 0; way < 4; way++) {
        struct sink sink;
        struct cret_walk walk = fixture_walk(&fixture);
        int fd = fixture_copy(&fixture);
        start_sink(&sink);
        sink.shrink_fd = way & 1 ? fd : -1;
        sink.grow_fd = way & 1 ? -1 : fd;
        walk.jobs = 1 + (way >> 1);
        walk.sink = take;
        walk.context = &sink;
        cr_expect_eq(fixture_check(&fixture, fd, &walk, &err), CRET_FAILED, "way %u", way);
        cr_expect(err.class == CRET_ERR_UNDECIDED || (way & 1), "way %u: %s", way, err.what);
        end_sink(&sink);
        close(fd);
    }
    fixture_free(&fixture);
}

/* A folder with the payload beside a front. */
static char folder[] = "/tmp/cretula-walk-XXXXXX";
static int folder_fd = -1, front_fd = -1;
static const char *names[MIXED];

static void write_name(const char *name, const uint8_t *data, size_t size)
{
    int fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, data, size), (ssize_t)size);
    close(fd);
}

static void start_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
    cr_assert_eq(mkdirat(folder_fd, "sub", 0755), 0);
    fixture_make(&fixture, mixed, MIXED, 2);
    uint8_t *data = fixture_read(&fixture);
    memset(data + fixture.front_end, 0, 1024);
    front_fd = fixture_file_of(data, (size_t)fixture.front_end + 1024);
    free(data);
    for (size_t i = 0; i < MIXED; i++) {
        static char texts[MIXED][32];
        snprintf(texts[i], sizeof(texts[i]), "%sNamed (%zu).bin", i % 2 ? "sub/" : "", i);
        names[i] = texts[i];
        write_name(names[i], fixture.contents[i], mixed[i].size);
    }
}

static void end_folder(void)
{
    for (size_t i = 0; i < MIXED; i++) {
        unlinkat(folder_fd, names[i], 0);
    }
    unlinkat(folder_fd, "sub", AT_REMOVEDIR);
    close(folder_fd);
    rmdir(folder);
    close(front_fd);
    fixture_free(&fixture);
}

static enum cret_status walk_folder(const struct way *way)
{
    struct fixture_feed *feed = NULL;
    struct cret_walk walk = fixture_walk(&fixture);
    int fd = front_fd;
    walk.payload_directory = folder_fd;
    walk.names = names;
    walk.jobs = way->jobs;
    walk.fast = way->fast;
    if (way->piped) {
        feed = fixture_feed_start(front_fd, &fd);
    }
    enum cret_status status = fixture_check(&fixture, fd, &walk, &err);
    if (feed != NULL) {
        fixture_feed_end(feed);
    }
    return status;
}

static void expect_refused_folder(const char *words)
{
    for (size_t i = 0; i < WAYS; i++) {
        cr_expect_eq(walk_folder(&ways[i]), CRET_FAILED, "%s, way %zu", words, i);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: %s", words, err.what);
        cr_expect_not_null(strstr(err.what, words), "%s: %s", words, err.what);
    }
}

Test(walk, detached_payload)
{
    start_folder();
    for (size_t i = 0; i < WAYS; i++) {
        cr_expect_eq(walk_folder(&ways[i]), CRET_OK, "way %zu: %s", i, err.what);
    }
    end_folder();
}

Test(walk, detached_payload_with_faults_is_refused)
{
    start_folder();
    for (size_t file = 1; file <= 2; file++) {
        unlinkat(folder_fd, names[file], 0);
        expect_refused_folder("is missing");
        cr_expect_not_null(strstr(err.expected, names[file]));
        cr_assert_eq(mkfifoat(folder_fd, names[file], 0644), 0);
        expect_refused_folder("no regular file");
        unlinkat(folder_fd, names[file], 0);
        write_name(names[file], fixture.contents[file], mixed[file].size - 1);
        expect_refused_folder("size differs");
        fixture.contents[file][500] ^= 1;
        write_name(names[file], fixture.contents[file], mixed[file].size);
        expect_refused_folder("digest differs");
        fixture.contents[file][500] ^= 1;
        write_name(names[file], fixture.contents[file], mixed[file].size);
    }
    end_folder();
}

Test(walk, detached_payload_is_never_a_symbolic_link)
{
    start_folder();
    cr_assert_eq(renameat(folder_fd, names[2], folder_fd, "elsewhere"), 0);
    cr_assert_eq(symlinkat("elsewhere", folder_fd, names[2]), 0);
    for (size_t i = 0; i < WAYS; i++) {
        cr_expect_eq(walk_folder(&ways[i]), CRET_FAILED);
    }
    unlinkat(folder_fd, "elsewhere", 0);
    end_folder();
}

Test(walk, a_detached_front_ends_with_two_zero_blocks)
{
    start_folder();
    struct stat info;
    cr_assert_eq(fstat(front_fd, &info), 0);
    cr_assert_eq(ftruncate(front_fd, info.st_size + 512), 0);
    expect_refused_folder("follows the end");
    cr_assert_eq(ftruncate(front_fd, info.st_size - 512), 0);
    expect_refused_folder("truncated");
    cr_assert_eq(ftruncate(front_fd, info.st_size), 0);
    cr_assert_eq(pwrite(front_fd, "x", 1, info.st_size - 1), 1);
    expect_refused_folder("not zero");
    end_folder();
}
