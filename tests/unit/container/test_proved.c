/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../verity.h"
#include "base/digest/verity.h"
#include "base/finding/limits.h"
#include "container/proved.h"
#include "fixture.h"

#define BASE 512u

static struct cret_err err;

/* A file of that size behind BASE other bytes, and what a manifest says of it. */
static int file_of(const uint8_t *data, size_t size, struct cret_entry *ret_entry)
{
    uint8_t *whole = calloc(1, BASE + size + 1);
    struct cret_entry entry = {.path = "file", .size = size};
    cr_assert_not_null(whole);
    memcpy(whole + BASE, data, size);
    entry.has_fsverity = size > CRET_FSVERITY_THRESHOLD;
    cr_assert_eq(cret_sha256(entry.sha256, data, size, &err), CRET_OK);
    verity_of(entry.fsverity, data, size);
    const int fd = fixture_file_of(whole, BASE + size);
    free(whole);
    *ret_entry = entry;
    return fd;
}

static const size_t sizes[] = {0, 1, 4096, 1u << 20, (1u << 20) + 1, 3u << 20, (4u << 20) + 4097};

Test(proved, gives_the_bytes_in_any_order)
{
    uint8_t *data = fixture_bytes("proved", 5u << 20), *out = malloc(5u << 20);
    cr_assert_not_null(out);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct cret_proved *proved = NULL;
        struct cret_entry entry;
        const size_t size = sizes[i];
        size_t got = 0;
        const int fd = file_of(data, size, &entry);
        cr_assert_eq(cret_proved_open(&proved, fd, BASE, &entry, CRET_HASH_AUTO, NULL, &err),
                     CRET_OK);
        cr_assert_eq(cret_proved_read(proved, 0, out, size + 10, &got, &err), CRET_OK);
        cr_assert_eq(got, size);
        cr_assert_eq(memcmp(out, data, size), 0);
        static const size_t parts[] = {1, 4095, 524288, 600000};
        for (size_t part = 0; part < 4; part++) {
            for (size_t at = size; at > 0;) {
                at = at > 300001 ? at - 300001 : 0;
                const size_t expected = size - at < parts[part] ? size - at : parts[part];
                cr_assert_eq(cret_proved_read(proved, at, out, parts[part], &got, &err), CRET_OK);
                cr_assert_eq(got, expected);
                cr_assert_eq(memcmp(out, data + at, got), 0);
            }
        }
        cr_assert_eq(cret_proved_read(proved, size, out, 1, &got, &err), CRET_OK);
        cr_assert_eq(got, 0);
        cr_assert_eq(cret_proved_read(proved, UINT64_MAX, out, 1, &got, &err), CRET_OK);
        cr_assert_eq(got, 0);
        cret_proved_free(&proved);
        cret_proved_free(&proved);
        close(fd);
    }
    free(out);
    free(data);
}

Test(proved, other_bytes_are_not_opened)
{
    uint8_t *data = fixture_bytes("proved", 5u << 20);
    for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const size_t places[] = {0, sizes[i] / 2, sizes[i] - 1};
        for (size_t place = 0; place < 3; place++) {
            struct cret_proved *proved = NULL;
            struct cret_entry entry;
            const int fd = file_of(data, sizes[i], &entry);
            const uint8_t wrong = data[places[place]] ^ 1;
            cr_assert_eq(pwrite(fd, &wrong, 1, (off_t)(BASE + places[place])), 1);
            cret_err_clear(&err);
            cr_assert_eq(cret_proved_open(&proved, fd, BASE, &entry, CRET_HASH_AUTO, NULL, &err),
                         CRET_FAILED);
            cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
            cr_assert_null(proved);
            close(fd);
        }
        struct cret_proved *proved = NULL;
        struct cret_entry entry;
        const int fd = file_of(data, sizes[i], &entry);
        cr_assert_eq(ftruncate(fd, (off_t)(BASE + sizes[i] - 1)), 0);
        cr_assert_eq(cret_proved_open(&proved, fd, BASE, &entry, CRET_HASH_AUTO, NULL, &err),
                     CRET_FAILED);
        close(fd);
    }
    free(data);
}

/* Whatever is changed after it was opened: each byte that comes is the right one, or none comes. */
Test(proved, what_is_changed_later_is_not_handed_out)
{
    uint8_t *data = fixture_bytes("proved", 5u << 20), *out = malloc(5u << 20);
    cr_assert_not_null(out);
    for (size_t i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct cret_proved *proved = NULL;
        struct cret_entry entry;
        size_t got = 0, refused = 0;
        const int fd = file_of(data, sizes[i], &entry);
        cr_assert_eq(cret_proved_open(&proved, fd, BASE, &entry, CRET_HASH_AUTO, NULL, &err),
                     CRET_OK);
        memset(out, 0, sizes[i]);
        cr_assert_eq(pwrite(fd, out, sizes[i], BASE), (ssize_t)sizes[i]);
        for (size_t at = 0; at < sizes[i]; at += 100000) {
            if (cret_proved_read(proved, at, out, 1000, &got, &err) == CRET_OK) {
                cr_assert_eq(memcmp(out, data + at, got), 0);
            } else {
                cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
                refused++;
            }
        }
        cr_assert_eq(refused > 0, entry.has_fsverity);
        cret_proved_free(&proved);
        close(fd);
    }
    free(out);
    free(data);
}

/* A file that must have a tree digest and has none is not taken by its first megabyte. */
Test(proved, a_large_file_needs_its_tree)
{
    uint8_t *data = fixture_bytes("proved", 2u << 20);
    struct cret_proved *proved = NULL;
    struct cret_entry entry;
    const int fd = file_of(data, 2u << 20, &entry);
    entry.has_fsverity = false;
    cr_assert_eq(cret_proved_open(&proved, fd, BASE, &entry, CRET_HASH_AUTO, NULL, &err),
                 CRET_FAILED);
    close(fd);
    free(data);
}
