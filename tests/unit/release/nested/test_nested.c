/* SPDX-License-Identifier: Apache-2.0 */
/* Caps of nested archives, one by one: each run is just within one cap, and just beyond it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "release/nested/nested.h"

/* Appends one regular file to a tar. */
static void add_file(struct cret_buffer *tar, const char *name, const void *data, size_t size)
{
    static const char zeros[512];
    char head[512] = {0};
    unsigned sum = 0;
    snprintf(head, 100, "%s", name);
    memcpy(head + 100, "0000644\0000000000\0000000000\000", 24);
    snprintf(head + 124, 13, "%011zo", size);
    memcpy(head + 136, "00000000000", 12);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar\00000", 8);
    for (size_t i = 0; i < sizeof(head); i++) {
        sum += (unsigned char)head[i];
    }
    snprintf(head + 148, 8, "%06o", sum);
    cret_buffer_append(tar, head, sizeof(head));
    cret_buffer_append(tar, data, size);
    cret_buffer_append(tar, zeros, (512 - size % 512) % 512);
}

static void add_end(struct cret_buffer *tar)
{
    static const char zeros[1024];
    cret_buffer_append(tar, zeros, sizeof(zeros));
}

static enum cret_status read_buffer(void *context, uint64_t offset, void *data, size_t size,
                                    size_t *ret_got, struct cret_err *err)
{
    const struct cret_buffer *buffer = context;
    (void)err;
    const size_t left = offset < buffer->size ? buffer->size - (size_t)offset : 0;
    *ret_got = size < left ? size : left;
    memcpy(data, buffer->data + offset, *ret_got);
    return CRET_OK;
}

/* Reads, frees the tar, and returns how often the file was found; -1: refused as beyond a cap. */
static int found(struct cret_buffer *tar, const struct cret_nested_limits *limits, const char *path)
{
    struct cret_nested_input input = {
        .read = read_buffer, .context = tar, .size = tar->size, .name = "test"};
    struct cret_nested_want want = {.path = path};
    enum cret_nested_outcome outcome = CRET_NESTED_UNSUPPORTED;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_not(tar->failed);
    const enum cret_status status =
        cret_nested_read(&input, limits, &want, 1, &outcome, NULL, &err);
    cret_buffer_free(tar);
    if (status != CRET_OK) {
        cr_assert_eq(err.class, CRET_ERR_REFUSED, "%s", err.what);
        cr_assert_eq(err.check, CRET_CHECK_SBOM_NESTED);
        cr_assert_not_null(strstr(err.what, "expands to more than is allowed"), "%s", err.what);
        return -1;
    }
    cr_assert_eq(outcome, CRET_NESTED_READ);
    return (int)want.found;
}

/* `count` files of 100 bytes, "a" the last one. */
static struct cret_buffer files(unsigned count)
{
    static const char data[100];
    struct cret_buffer tar = {0};
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof(name), "f%u", i);
        add_file(&tar, i + 1 < count ? name : "a", data, sizeof(data));
    }
    add_end(&tar);
    return tar;
}

Test(nested, the_number_of_members_is_capped)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    limits.members = 5;
    struct cret_buffer five = files(5), six = files(6);
    cr_assert_eq(found(&five, &limits, "a"), 1);
    cr_assert_eq(found(&six, &limits, "a"), -1);
}

Test(nested, the_expanded_size_is_capped)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer tar = files(6);
    limits.ratio = 0;
    limits.slack = tar.size;
    cr_assert_eq(found(&tar, &limits, "a"), 1);
    tar = files(6);
    limits.slack = 599;
    cr_assert_eq(found(&tar, &limits, "a"), -1);
}

Test(nested, the_ratio_counts_the_size_of_the_file)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer tar = files(6);
    limits.slack = 0;
    limits.ratio = 1;
    cr_assert_eq(found(&tar, &limits, "a"), 1);
    tar = files(6);
    limits.ratio = 0;
    cr_assert_eq(found(&tar, &limits, "a"), -1);
}

Test(nested, the_depth_is_capped)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    for (limits.depth = 2; limits.depth <= 3; limits.depth++) {
        struct cret_buffer tar = files(1);
        for (int level = 0; level < 2; level++) {
            struct cret_buffer outer = {0};
            add_file(&outer, level == 0 ? "i.tar" : "o.tar", tar.data, tar.size);
            add_end(&outer);
            cret_buffer_free(&tar);
            tar = outer;
        }
        cr_assert_eq(found(&tar, &limits, "o.tar!/i.tar!/a"), limits.depth == 3 ? 1 : -1);
    }
}
