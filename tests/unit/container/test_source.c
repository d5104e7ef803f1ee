/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

static struct cret_err err;

Test(source, a_folder_is_undecided)
{
    struct cret_source *source = NULL;
    int fd = open("/", O_RDONLY | O_DIRECTORY);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_null(source);
    close(fd);
}

Test(source, a_closed_descriptor_is_undecided)
{
    struct cret_source *source = NULL;
    cr_assert_eq(cret_source_new(&source, 1000, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
}

static void read_in_order(struct cret_source *source, const uint8_t *data, size_t size)
{
    uint8_t out[4000];
    size_t got = 0;
    cr_assert_eq(cret_source_peek(source, out, &got, &err), CRET_OK);
    cr_assert_eq(got, 512);
    cr_assert_arr_eq(out, data, 512);
    cr_assert_eq(cret_source_position(source), 0);
    /* Less than was peeked, then over its end, then past the end of the input. */
    cr_assert_eq(cret_source_read(source, out, 100, &got, &err), CRET_OK);
    cr_assert_eq(got, 100);
    cr_assert_eq(cret_source_read(source, out + 100, 900, &got, &err), CRET_OK);
    cr_assert_eq(got, 900);
    cr_assert_eq(cret_source_position(source), 1000);
    cr_assert_eq(cret_source_peek(source, out + 1000, &got, &err), CRET_OK);
    cr_assert_eq(got, 512);
    cr_assert_eq(cret_source_read(source, out + 1000, 3000, &got, &err), CRET_OK);
    cr_assert_eq(got, size - 1000);
    cr_assert_arr_eq(out, data, size);
    cr_assert_eq(cret_source_read(source, out, 1, &got, &err), CRET_OK);
    cr_assert_eq(got, 0);
    cr_assert_eq(cret_source_peek(source, out, &got, &err), CRET_OK);
    cr_assert_eq(got, 0);
}

Test(source, both_kinds_give_the_same_bytes)
{
    struct cret_source *source = NULL;
    uint8_t *data = fixture_bytes("source", 2000);
    int fd = fixture_file_of(data, 2000);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert(cret_source_seekable(source));
    cr_assert_eq(cret_source_size(source), 2000);
    cr_assert_eq(cret_source_fd(source), fd);
    read_in_order(source, data, 2000);
    cret_source_seek(source, 0);
    read_in_order(source, data, 2000);
    cret_source_free(&source);
    cret_source_free(&source);
    close(fd);
    fd = fixture_pipe(data, 2000);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_not(cret_source_seekable(source));
    cr_assert_eq(cret_source_size(source), 0);
    read_in_order(source, data, 2000);
    cret_source_free(&source);
    close(fd);
    free(data);
}

Test(source, seeking_forgets_what_was_peeked)
{
    struct cret_source *source = NULL;
    uint8_t *data = fixture_bytes("source", 2000), out[512];
    size_t got = 0;
    int fd = fixture_file_of(data, 2000);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_eq(cret_source_peek(source, out, &got, &err), CRET_OK);
    cret_source_seek(source, 1500);
    cr_assert_eq(cret_source_read(source, out, 512, &got, &err), CRET_OK);
    cr_assert_eq(got, 500);
    cr_assert_arr_eq(out, data + 1500, 500);
    cret_source_free(&source);
    close(fd);
    free(data);
}

Test(source, its_digest_is_that_of_the_bytes_that_were_handed_out)
{
    struct cret_source *source = NULL;
    uint8_t *data = fixture_bytes("source", 2000), out[2000], digest[32], expected[32];
    size_t got = 0;
    int fd = fixture_file_of(data, 2000);
    cr_assert_eq(cret_sha256(expected, data, 2000, &err), CRET_OK);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_eq(cret_source_digest(source, digest, &err), CRET_FAILED); /* not asked for in time */
    cr_assert_eq(cret_source_hash(source, &err), CRET_OK);
    cr_assert_not(cret_source_seekable(source));
    cr_assert(cret_source_is_file(source));
    cr_assert_eq(cret_source_peek(source, out, &got, &err), CRET_OK);
    cr_assert_eq(pwrite(fd, "changed", 7, 100), 7); /* peeked already, and not looked at again */
    cr_assert_eq(cret_source_read(source, out, 1000, &got, &err), CRET_OK);
    cret_source_seek(source, 0); /* there is no way back */
    cr_assert_eq(cret_source_position(source), 1000);
    cr_assert_eq(pwrite(fd, "changed", 7, 600), 7);
    cr_assert_eq(cret_source_digest(source, digest, &err), CRET_OK);
    cr_assert_arr_eq(out, data, 1000);
    cr_assert_arr_eq(digest, expected, 32);
    cret_source_free(&source);
    close(fd);
    free(data);
}

Test(source, a_file_that_grows_or_shrinks_has_no_digest)
{
    uint8_t *data = fixture_bytes("source", 2000), digest[32];
    static const off_t sizes[] = {1999, 2001, 3000000, 0};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct cret_source *source = NULL;
        int fd = fixture_file_of(data, 2000);
        cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
        cr_assert_eq(cret_source_hash(source, &err), CRET_OK);
        cr_assert_eq(ftruncate(fd, sizes[i]), 0);
        cret_err_clear(&err);
        cr_assert_eq(cret_source_digest(source, digest, &err), CRET_FAILED);
        cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
        cret_source_free(&source);
        close(fd);
    }
    free(data);
}

Test(source, only_a_file_that_was_not_read_can_be_hashed)
{
    struct cret_source *source = NULL;
    uint8_t *data = fixture_bytes("source", 2000), out[10];
    size_t got = 0;
    int fd = fixture_pipe(data, 2000);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_eq(cret_source_hash(source, &err), CRET_FAILED);
    cret_source_free(&source);
    close(fd);
    fd = fixture_file_of(data, 2000);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_eq(cret_source_read(source, out, 10, &got, &err), CRET_OK);
    cr_assert_eq(cret_source_hash(source, &err), CRET_FAILED);
    cret_source_free(&source);
    close(fd);
    free(data);
}
