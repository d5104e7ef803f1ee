/* SPDX-License-Identifier: Apache-2.0 */
/* lesson 2: no length is cut to 31 or 32 bits on the way to a digest. The files are holes with one
 * byte 'x' at their end; the digests were made with other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text/text.h"
#include "container/payload_write.h"
#include "container/ustar.h"
#include "fixture.h"

static struct cret_err err;

static const struct golden {
    uint64_t size;
    const char *sha256, *fsverity;
} goldens[] = {
    {2147483649u, "4ec7c05249cde176c7277af25f400dc66e87fabf7158179a191562d4338c42d3",
     "7ee2bee8b0e77d4e346d288d9417ff722a76207b964ae49fe237ed39cf94b9cf"},
    {4294967297u, "07d357bda5c988a206bb478ade5af844c26eaf242e951e5ac4d4f85b417ed69f",
     "04b2750070d8019dc87dc018fb58293899b56c6e8f3dc9e999e0b1da3c568de7"},
};

Test(beyond_4_gib, packing_hashes_every_byte)
{
    struct cret_entry entry = {.path = "big.img", .size = goldens[0].size};
    char path[64], hex[CRET_SHA256_HEX];
    int file = memfd_create("big", 0);
    cr_assert_eq(pwrite(file, "x", 1, (off_t)entry.size - 1), 1);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    struct cret_input input = {.directory_fd = -100, .path = path};
    struct cret_payload_write job = {
        .entries = &entry, .inputs = &input, .count = 1, .fd = -1, .jobs = 2};
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
    cret_hex_encode(hex, entry.sha256, CRET_SHA256_BYTES);
    cr_expect_str_eq(hex, goldens[0].sha256);
    cret_hex_encode(hex, entry.fsverity, CRET_SHA256_BYTES);
    cr_expect_str_eq(hex, goldens[0].fsverity);
    close(file);
}

Test(beyond_4_gib, checking_hashes_every_byte)
{
    static const struct fixture_file none[1] = {{"big.img", 0}};
    struct fixture fixture;
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0;
    fixture_make(&fixture, none, 0, 1);
    struct cret_entry *entry = &fixture.entries[0];
    *entry = (struct cret_entry){.path = "big.img", .size = goldens[1].size, .has_fsverity = true};
    fixture.count = 1;
    cr_assert_eq(cret_hex_decode(entry->sha256, CRET_SHA256_BYTES, goldens[1].sha256), CRET_OK);
    cr_assert_eq(cret_hex_decode(entry->fsverity, CRET_SHA256_BYTES, goldens[1].fsverity), CRET_OK);
    cr_assert_eq(cret_layout_payload(entry, 1, fixture.front_end, &fixture.payload_end, &err),
                 CRET_OK);
    cr_assert_eq(cret_ustar_head(head, &head_size, "big.img", entry->size, FIXTURE_SECONDS, &err),
                 CRET_OK);
    cr_assert_eq(pwrite(fixture.fd, head, head_size, (off_t)fixture.front_end), (ssize_t)head_size);
    off_t last = (off_t)(entry->offset + entry->size) - 1;
    cr_assert_eq(pwrite(fixture.fd, "x", 1, last), 1);
    cr_assert_eq(ftruncate(fixture.fd, (off_t)fixture.payload_end + 1024), 0);
    cr_expect_eq(fixture_check(&fixture, fixture.fd, NULL, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(pwrite(fixture.fd, "y", 1, last), 1);
    struct cret_walk walk = fixture_walk(&fixture);
    walk.fast = true;
    cr_expect_eq(fixture_check(&fixture, fixture.fd, &walk, &err), CRET_FAILED);
    cr_expect_eq(err.check, CRET_CHECK_FILE_DIGESTS);
    fixture.count = 0;
    fixture_free(&fixture);
}
