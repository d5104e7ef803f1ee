/* SPDX-License-Identifier: Apache-2.0 */
/* Listing what lies in archives: what is told, what is a gap, and what ends it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "release/nested/nested.h"

/* Appends one regular file to a tar; size is what its header says. */
static void add_file(struct cret_buffer *tar, const char *name, const struct cret_buffer *content,
                     size_t size)
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
    cret_buffer_append(tar, content->data, content->size);
    cret_buffer_append(tar, zeros, (512 - content->size % 512) % 512);
}

static void add_end(struct cret_buffer *tar)
{
    static const char zeros[1024];
    cret_buffer_append(tar, zeros, sizeof(zeros));
}

static struct cret_buffer text(const char *words)
{
    struct cret_buffer buffer = {0};
    cret_buffer_printf(&buffer, "%s", words);
    return buffer;
}

/* A tar with one file; takes the content over. */
static struct cret_buffer tar_of(const char *name, struct cret_buffer *content)
{
    struct cret_buffer tar = {0};
    add_file(&tar, name, content, content->size);
    add_end(&tar);
    cret_buffer_free(content);
    return tar;
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

/* What was told, a line each. */
struct heard {
    struct cret_buffer lines;
    bool deaf; /* the listener fails */
};

static enum cret_status on_member(void *context, const char *path, uint64_t size,
                                  const uint8_t sha256[CRET_SHA256_BYTES], struct cret_err *err)
{
    struct heard *heard = context;
    uint8_t empty[CRET_SHA256_BYTES] = {0};
    cr_assert_neq(memcmp(sha256, empty, sizeof(empty)), 0);
    if (heard->deaf) {
        return cret_err_undecided(err, "nobody listens");
    }
    cret_buffer_printf(&heard->lines, "%s %llu\n", path, (unsigned long long)size);
    return CRET_OK;
}

static enum cret_status on_gap(void *context, const char *path, const char *why,
                               struct cret_err *err)
{
    struct heard *heard = context;
    (void)err;
    cr_assert_neq(why[0], '\0');
    cret_buffer_printf(&heard->lines, "gap %s\n", path != NULL ? path : "(itself)");
    return CRET_OK;
}

static enum cret_status list(struct heard *heard, struct cret_buffer *archive,
                             const struct cret_nested_limits *limits, struct cret_err *err)
{
    const struct cret_nested_input input = {
        .read = read_buffer, .context = archive, .size = archive->size, .name = "test.tar"};
    const struct cret_nested_listener listener = {
        .member = on_member, .gap = on_gap, .context = heard};
    cret_err_clear(err);
    const enum cret_status status = cret_nested_list(&input, limits, &listener, err);
    cret_buffer_free(archive);
    return status;
}

static void expect(struct cret_buffer *archive, const struct cret_nested_limits *limits,
                   const char *lines)
{
    struct heard heard = {0};
    struct cret_err err;
    cr_assert_eq(list(&heard, archive, limits, &err), CRET_OK, "%s", err.what);
    cr_assert_str_eq(heard.lines.data != NULL ? heard.lines.data : "", lines);
    cret_buffer_free(&heard.lines);
}

Test(nested_list, files_of_every_level_are_told)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer words = text("deep"), inner = tar_of("b/deep", &words);
    struct cret_buffer outer = tar_of("a.tar", &inner);
    expect(&outer, &limits, "a.tar 2048\na.tar!/b/deep 4\n");
}

Test(nested_list, beyond_the_depth_is_a_gap)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    limits.depth = 1;
    struct cret_buffer words = text("deep"), inner = tar_of("b/deep", &words);
    struct cret_buffer outer = tar_of("a.tar", &inner);
    expect(&outer, &limits, "a.tar 2048\ngap a.tar\n");
}

Test(nested_list, an_inner_archive_that_is_too_large_is_a_gap)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    limits.inner = 100;
    struct cret_buffer words = text("deep"), inner = tar_of("b/deep", &words);
    struct cret_buffer outer = tar_of("a.tar", &inner);
    expect(&outer, &limits, "a.tar 2048\ngap a.tar\n");
}

Test(nested_list, what_was_told_before_the_damage_stays)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer words = text("first"), archive = {0};
    add_file(&archive, "first", &words, words.size);
    add_file(&archive, "cut", &words, 100000);
    cret_buffer_free(&words);
    expect(&archive, &limits, "first 5\ngap (itself)\n");
}

Test(nested_list, a_bomb_ends_in_a_gap)
{
    struct cret_nested_limits limits = cret_nested_default_limits();
    limits.members = 2;
    struct cret_buffer words = text("x"), archive = {0};
    for (int i = 0; i < 4; i++) {
        char name[8];
        snprintf(name, sizeof(name), "f%d", i);
        add_file(&archive, name, &words, words.size);
    }
    add_end(&archive);
    cret_buffer_free(&words);
    expect(&archive, &limits, "f0 1\nf1 1\ngap (itself)\n");
}

Test(nested_list, what_only_begins_as_an_archive_is_a_file)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer words = text("\x1f\x8b is no gzip"), archive = tar_of("man.gz", &words);
    expect(&archive, &limits, "man.gz 13\n");
    /* Unless somebody called it an archive. */
    words = text("\x1f\x8b is no gzip");
    archive = tar_of("man.tar.gz", &words);
    expect(&archive, &limits, "man.tar.gz 13\ngap man.tar.gz\n");
}

Test(nested_list, a_listener_that_fails_ends_it)
{
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct cret_buffer words = text("deep"), inner = tar_of("b/deep", &words);
    struct cret_buffer outer = tar_of("a.tar", &inner);
    struct heard heard = {.deaf = true};
    struct cret_err err;
    cr_assert_eq(list(&heard, &outer, &limits, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_str_eq(err.what, "nobody listens");
    cr_assert_null(heard.lines.data);
}

Test(nested_list, beginnings)
{
    cr_assert(cret_nested_begins((const uint8_t *)"PK\x03\x04", 4));
    cr_assert(!cret_nested_begins((const uint8_t *)"PK\x03", 3));
    cr_assert(!cret_nested_begins((const uint8_t *)"", 0));
    uint8_t block[CRET_NESTED_START] = {0};
    memcpy(block + 257, "ustar", 5);
    cr_assert(cret_nested_begins(block, sizeof(block)));
    cr_assert(!cret_nested_begins(block, 261));
}
