/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../verity.h"
#include "base/digest/verity.h"
#include "container/payload_write.h"
#include "container/ustar.h"
#include "fixture.h"

static struct cret_err err;

#define FILES 7
static char folder[] = "/tmp/cretula-payload-XXXXXX";
static int folder_fd = -1;
static const char *const paths[FILES] = {"a.bin", "b.bin", "c.bin", "d.bin",
                                         "e.bin", "f.bin", "g.bin"};
static const size_t sizes[FILES] = {10, (1u << 20) + 5, 0, 1u << 20, 12u << 20, 700, 4u << 20};
static uint8_t *contents[FILES];
static struct cret_entry entries[FILES];
static struct cret_input inputs[FILES];
static uint64_t end;

/* Files in a folder; one is in memory, one is zeros but for its last byte. */
static void start(void)
{
    cr_assert_not_null(mkdtemp(folder));
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < FILES; i++) {
        contents[i] = fixture_bytes(paths[i], sizes[i]);
        if (i == 6) {
            memset(contents[i], 0, sizes[i] - 1);
        }
        int fd = openat(folder_fd, paths[i], O_WRONLY | O_CREAT, 0644);
        cr_assert_eq(write(fd, contents[i], sizes[i]), (ssize_t)sizes[i]);
        close(fd);
        entries[i] = (struct cret_entry){.path = paths[i], .size = sizes[i]};
        inputs[i] = (struct cret_input){.directory_fd = folder_fd, .path = paths[i]};
    }
    inputs[5] = (struct cret_input){.data = contents[5]};
    cr_assert_eq(cret_layout_payload(entries, FILES, 4096, &end, &err), CRET_OK);
}

static void finish(void)
{
    for (size_t i = 0; i < FILES; i++) {
        unlinkat(folder_fd, paths[i], 0);
        free(contents[i]);
    }
    close(folder_fd);
    rmdir(folder);
}

static enum cret_status write_to(int fd, unsigned jobs)
{
    struct cret_payload_write job = {.entries = entries,
                                     .inputs = inputs,
                                     .count = FILES,
                                     .fd = fd,
                                     .seconds = FIXTURE_SECONDS,
                                     .jobs = jobs};
    for (size_t i = 0; i < FILES; i++) {
        memset(entries[i].sha256, 0xaa, CRET_SHA256_BYTES);
        memset(entries[i].fsverity, 0xaa, CRET_SHA256_BYTES);
    }
    cret_err_clear(&err);
    return cret_payload_write(&job, &err);
}

static void expect_digests(void)
{
    for (size_t i = 0; i < FILES; i++) {
        uint8_t digest[CRET_SHA256_BYTES];
        cr_assert_eq(cret_sha256(digest, contents[i], sizes[i], &err), CRET_OK);
        cr_expect_arr_eq(entries[i].sha256, digest, CRET_SHA256_BYTES, "%s", paths[i]);
        cr_expect_eq(entries[i].has_fsverity, sizes[i] > 1u << 20);
        if (!entries[i].has_fsverity) {
            continue;
        }
        verity_of(digest, contents[i], sizes[i]);
        cr_expect_arr_eq(entries[i].fsverity, digest, CRET_SHA256_BYTES, "%s", paths[i]);
    }
}

static void expect_bytes(int fd)
{
    for (size_t i = 0; i < FILES; i++) {
        uint8_t head[CRET_USTAR_HEAD_MAXIMUM], *data = malloc(sizes[i] + 1024);
        size_t head_size = 0, padded = cret_ustar_padded(sizes[i]);
        cr_assert_eq(cret_ustar_head(head, &head_size, paths[i], sizes[i], FIXTURE_SECONDS, &err),
                     CRET_OK);
        cr_assert_eq(pread(fd, data, 512, (off_t)entries[i].offset - 512), 512);
        cr_expect_arr_eq(data, head, 512);
        cr_assert_eq(pread(fd, data, padded, (off_t)entries[i].offset), (ssize_t)padded);
        if (sizes[i] > 0) {
            cr_expect_eq(memcmp(data, contents[i], sizes[i]), 0, "%s", paths[i]);
        }
        for (size_t at = sizes[i]; at < padded; at++) {
            cr_expect_eq(data[at], 0);
        }
        free(data);
    }
}

Test(payload, bytes_and_digests_by_any_number_of_threads)
{
    start();
    for (unsigned jobs = 0; jobs <= 5; jobs++) {
        struct stat info;
        int fd = memfd_create("payload", 0);
        cr_assert_eq(write_to(fd, jobs), CRET_OK, "%s", err.what);
        expect_digests();
        expect_bytes(fd);
        cr_assert_eq(fstat(fd, &info), 0);
        cr_expect_eq((uint64_t)info.st_size, end + 1024);
        close(fd);
    }
    finish();
}

Test(payload, without_an_output_only_digests)
{
    start();
    for (size_t i = 0; i < FILES; i++) {
        entries[i].offset = 0;
    }
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        cr_assert_eq(write_to(-1, jobs), CRET_OK, "%s", err.what);
        expect_digests();
    }
    finish();
}

/* What lay there before must not show through where the input is zeros. */
Test(payload, zeros_are_written_over_old_bytes)
{
    start();
    uint8_t *old = malloc(end + 5000);
    memset(old, 0x5a, end + 5000);
    int fd = fixture_file_of(old, end + 5000);
    cr_assert_eq(write_to(fd, 2), CRET_OK);
    expect_bytes(fd);
    /* The end cuts what is left over. */
    struct stat info;
    uint8_t tail[1024], zeros[1024] = {0};
    cr_assert_eq(cret_archive_end(fd, end, &err), CRET_OK);
    cr_assert_eq(fstat(fd, &info), 0);
    cr_expect_eq((uint64_t)info.st_size, end + 1024);
    cr_assert_eq(pread(fd, tail, 1024, (off_t)end), 1024);
    cr_expect_arr_eq(tail, zeros, 1024);
    close(fd);
    free(old);
    finish();
}

/* First all but one, then that one (SHA256SUMS needs the digests of the others). */
Test(payload, a_second_call_fills_a_place_that_was_left_out)
{
    start();
    struct cret_entry others[FILES - 1];
    struct cret_input other_inputs[FILES - 1];
    for (size_t i = 0, j = 0; i < FILES; i++) {
        if (i != 5) {
            others[j] = entries[i];
            other_inputs[j++] = inputs[i];
        }
    }
    int fd = memfd_create("payload", 0);
    struct cret_payload_write job = {.entries = others,
                                     .inputs = other_inputs,
                                     .count = FILES - 1,
                                     .fd = fd,
                                     .seconds = FIXTURE_SECONDS,
                                     .jobs = 2};
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
    job.entries = &entries[5];
    job.inputs = &inputs[5];
    job.count = 1;
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
    expect_bytes(fd);
    close(fd);
    finish();
}

static void expect_undecided(const char *path)
{
    for (unsigned way = 0; way < 6; way++) {
        int fd = way < 3 ? memfd_create("payload", 0) : -1;
        cr_expect_eq(write_to(fd, 1 + way % 3), CRET_FAILED, "%s", path);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
        cr_expect_not_null(strstr(err.what, path), "%s: %s", path, err.what);
        if (fd >= 0) {
            close(fd);
        }
    }
}

Test(payload, an_input_that_changed_its_size_is_undecided_and_named)
{
    start();
    static const size_t changed[] = {0, 2, 3, 4};
    for (size_t i = 0; i < 4; i++) {
        const char *path = paths[changed[i]];
        int fd = openat(folder_fd, path, O_WRONLY);
        if (sizes[changed[i]] > 0) {
            cr_assert_eq(ftruncate(fd, (off_t)sizes[changed[i]] - 1), 0);
            expect_undecided(path);
        }
        cr_assert_eq(ftruncate(fd, (off_t)sizes[changed[i]] + 1), 0);
        expect_undecided(path);
        cr_assert_eq(ftruncate(fd, (off_t)sizes[changed[i]]), 0);
        close(fd);
    }
    finish();
}

/* Files of the kernel have another size than they say: like one that changes after it was looked
 * at. */
Test(payload, an_input_with_more_or_fewer_bytes_than_its_size_is_undecided)
{
    static const char *const files[] = {"/proc/self/stat", "/sys/devices/system/cpu/online"};
    for (size_t i = 0; i < 2; i++) {
        struct stat info;
        if (stat(files[i], &info) != 0) {
            continue; /* not every sandbox shows them */
        }
        cr_assert_eq(info.st_size == 0, i == 0);
        struct cret_entry entry = {.path = "a", .size = (uint64_t)info.st_size};
        struct cret_input input = {.directory_fd = -100, .path = files[i]};
        struct cret_payload_write job = {
            .entries = &entry, .inputs = &input, .count = 1, .fd = -1, .jobs = 1};
        cr_expect_eq(cret_payload_write(&job, &err), CRET_FAILED);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
        cr_expect_not_null(strstr(err.what, "changed"), "%s", err.what);
    }
}

Test(payload, an_input_that_is_missing_is_undecided_and_named)
{
    start();
    unlinkat(folder_fd, paths[1], 0);
    expect_undecided(paths[1]);
    unlinkat(folder_fd, paths[0], 0);
    expect_undecided(paths[0]);
    finish();
}

Test(payload, an_output_that_cannot_be_written_is_undecided)
{
    start();
    int fd = openat(folder_fd, paths[0], O_RDONLY);
    cr_expect_eq(write_to(fd, 2), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    close(fd);
    finish();
}

/* Offsets that are not those of a layout would overwrite the front or each other. */
Test(payload, unsound_offsets_are_not_written)
{
    start();
    entries[1].offset = entries[0].offset;
    int fd = memfd_create("payload", 0);
    cr_expect_eq(write_to(fd, 1), CRET_FAILED);
    entries[0].offset = 100;
    cr_expect_eq(write_to(fd, 1), CRET_FAILED);
    close(fd);
    finish();
}

Test(payload, fronts_beyond_the_limits_are_not_written)
{
    uint8_t data[8] = {0};
    struct cret_signature signatures[17] = {{.name = "00", .data = data, .size = 1},
                                            {.name = "00", .data = data, .size = 1}};
    struct cret_front front = {.manifest = data, .signatures = signatures};
    uint64_t size = 0;
    int fd = memfd_create("front", 0);
    cr_expect_eq(cret_front_write(fd, &front, &size, &err), CRET_FAILED);
    front.manifest_size = 1;
    front.signature_count = 2; /* of one name */
    cr_expect_eq(cret_front_write(fd, &front, &size, &err), CRET_FAILED);
    front.signature_count = 17;
    cr_expect_eq(cret_front_write(fd, &front, &size, &err), CRET_FAILED);
    signatures[0].size = 0;
    front.signature_count = 1;
    cr_expect_eq(cret_front_write(fd, &front, &size, &err), CRET_FAILED);
    cr_expect_eq(err.check, CRET_CHECK_ARCHIVE_LIMITS);
    close(fd);
}
