/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "base/text/text.h"
#include "fixture.h"
#include "signer/release/import.h"

TestSuite(import, .init = fixture_enter, .fini = fixture_leave);

/* One member to write. */
struct member {
    const char *name;
    mode_t type;      /* AE_IFREG, ... */
    const char *link; /* target, where it is a link */
    const char *data;
    int64_t size; /* of data; more than that is filled with zeros */
};

static void write_member(struct archive *writer, const struct member *member)
{
    static const char zeros[65536];
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_filetype(entry, member->type);
    archive_entry_set_perm(entry, 0777);
    archive_entry_set_size(entry, member->type == AE_IFREG ? member->size : 0);
    if (member->type == AE_IFLNK) {
        archive_entry_set_symlink(entry, member->link);
    } else if (member->link != NULL) {
        archive_entry_set_hardlink(entry, member->link);
        archive_entry_set_size(entry, 0);
    }
    cr_assert_eq(archive_write_header(writer, entry), ARCHIVE_OK, "%s",
                 archive_error_string(writer));
    if (member->type == AE_IFREG && member->link == NULL) {
        int64_t left = member->size;
        const int64_t known = member->data != NULL ? (int64_t)strlen(member->data) : 0;
        cr_assert(known <= left);
        if (known > 0) {
            cr_assert_eq(archive_write_data(writer, member->data, (size_t)known), known);
        }
        for (left -= known; left > 0;) {
            const int64_t part = left < (int64_t)sizeof(zeros) ? left : (int64_t)sizeof(zeros);
            cr_assert_eq(archive_write_data(writer, zeros, (size_t)part), part);
            left -= part;
        }
    }
    archive_entry_free(entry);
}

static void write_archive(const char *path, int (*format)(struct archive *),
                          int (*filter)(struct archive *), const struct member *members,
                          size_t count)
{
    struct archive *writer = archive_write_new();
    cr_assert_eq(format(writer), ARCHIVE_OK);
    if (filter != NULL) {
        cr_assert_eq(filter(writer), ARCHIVE_OK);
    }
    cr_assert_eq(archive_write_open_filename(writer, path), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        write_member(writer, &members[i]);
    }
    cr_assert_eq(archive_write_close(writer), ARCHIVE_OK);
    archive_write_free(writer);
}

/* What was imported: "name=content\n" of each, in order; long contents by their size. */
static enum cret_status note(void *context, const char *name, const char *spooled,
                             struct cret_err *err)
{
    struct cret_buffer *seen = context;
    struct stat info;
    char *data = NULL;
    size_t size = 0;
    if (cret_file_read(&data, &size, spooled, 1u << 30, CRET_ERR_UNDECIDED, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cr_expect_eq(stat(spooled, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600);
    if (size < 100) {
        cret_buffer_printf(seen, "%s=%s\n", name, data);
    } else {
        cret_buffer_printf(seen, "%s:%zu\n", name, size);
    }
    free(data);
    return CRET_OK;
}

struct outcome {
    enum cret_status status;
    struct cret_buffer seen;
    struct cret_err err;
};

/* Expands and removes the spool; nothing of it may stay. */
static struct outcome expand(const char *path, const struct cret_import_limits *limits)
{
    const struct cret_import_limits defaults = cret_import_default_limits();
    struct outcome outcome = {.status = CRET_FAILED};
    struct cret_spool *spool = NULL;
    cret_err_clear(&outcome.err);
    cr_assert_eq(cret_spool_open(&spool, "out.tar", &outcome.err), CRET_OK);
    cret_buffer_append(&outcome.seen, "", 0);
    outcome.status = cret_import_expand(spool, path, limits != NULL ? limits : &defaults, note,
                                        &outcome.seen, &outcome.err);
    cret_spool_free(&spool);
    cr_expect_null(spool);
    cr_expect(!fixture_stray(), "the spool is left");
    return outcome;
}

static void expect_refused(const char *path, const struct cret_import_limits *limits,
                           const char *words)
{
    struct outcome outcome = expand(path, limits);
    cr_expect(outcome.status != CRET_OK, "accepted: %s", words);
    cr_expect_eq(outcome.err.class, CRET_ERR_USAGE, "%s", outcome.err.what);
    cr_expect(strstr(outcome.err.what, words) != NULL, "%s: %s", words, outcome.err.what);
    cr_expect_neq(outcome.err.hint[0], '\0');
    cret_buffer_free(&outcome.seen);
}

static const struct member good[] = {
    {.name = "docs/", .type = AE_IFDIR},
    {.name = "docs/one.txt", .type = AE_IFREG, .data = "one", .size = 3},
    {.name = "two.bin", .type = AE_IFREG, .data = "two", .size = 300000},
};

/* Every format and filter that the documentation promises. */
Test(import, reads_each_format)
{
    static const struct {
        const char *what;
        int (*format)(struct archive *);
        int (*filter)(struct archive *);
    } cases[] = {
        {"zip", archive_write_set_format_zip, NULL},
        {"ustar", archive_write_set_format_ustar, NULL},
        {"pax", archive_write_set_format_pax, NULL},
        {"gnutar", archive_write_set_format_gnutar, NULL},
        {"v7tar", archive_write_set_format_v7tar, NULL},
        {"tar.gz", archive_write_set_format_ustar, archive_write_add_filter_gzip},
        {"tar.bz2", archive_write_set_format_ustar, archive_write_add_filter_bzip2},
        {"tar.xz", archive_write_set_format_ustar, archive_write_add_filter_xz},
        {"tar.lzma", archive_write_set_format_ustar, archive_write_add_filter_lzma},
        {"tar.zst", archive_write_set_format_ustar, archive_write_add_filter_zstd},
        {"tar.lz4", archive_write_set_format_ustar, archive_write_add_filter_lz4},
        {"tar.Z", archive_write_set_format_ustar, archive_write_add_filter_compress},
        {"cpio", archive_write_set_format_cpio, NULL},
        {"newc", archive_write_set_format_cpio_newc, NULL},
        {"7z", archive_write_set_format_7zip, NULL},
        {"iso", archive_write_set_format_iso9660, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_archive("in", cases[i].format, cases[i].filter, good, sizeof(good) / sizeof(good[0]));
        struct outcome outcome = expand("in", NULL);
        cr_expect_eq(outcome.status, CRET_OK, "%s: %s (%s)", cases[i].what, outcome.err.what,
                     outcome.err.actual);
        /* The order is the archive's own. */
        cr_expect(strstr(outcome.seen.data, "docs/one.txt=one\n") != NULL, "%s", cases[i].what);
        cr_expect(strstr(outcome.seen.data, "two.bin:300000\n") != NULL, "%s", cases[i].what);
        cr_expect_eq(outcome.seen.size, strlen("docs/one.txt=one\ntwo.bin:300000\n"), "%s",
                     cases[i].what);
        cret_buffer_free(&outcome.seen);
    }
}

/* lesson 9: file names of an archive */
Test(import, refuses_names_that_leave)
{
    static const struct {
        const char *name, *words;
    } cases[] = {
        {"../evil", "leaves the archive"}, {"a/../../evil", "leaves the archive"},
        {"a/..", "leaves the archive"},    {"..", "leaves the archive"},
        {"/etc/passwd", "absolute"},       {"//etc/passwd", "absolute"},
        {"\xff\xfe.bin", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct member members[] = {
            {.name = "first", .type = AE_IFREG, .data = "x", .size = 1},
            {.name = cases[i].name, .type = AE_IFREG, .data = "x", .size = 1}};
        write_archive("in.tar", archive_write_set_format_gnutar, NULL, members, 2);
        expect_refused("in.tar", NULL, cases[i].words);
    }
    const struct member folder = {.name = "../evil/", .type = AE_IFDIR};
    write_archive("in.tar", archive_write_set_format_ustar, NULL, &folder, 1);
    expect_refused("in.tar", NULL, "leaves the archive");
}

Test(import, cleans_names)
{
    const struct member members[] = {
        {.name = "./a//b/./c", .type = AE_IFREG, .data = "x", .size = 1},
        {.name = "./", .type = AE_IFDIR},
        {.name = "\xc3\xbc (DE).txt", .type = AE_IFREG, .data = "y", .size = 1},
        {.name = "c:\\d", .type = AE_IFREG, .data = "z", .size = 1}};
    write_archive("in.tar", archive_write_set_format_gnutar, NULL, members, 4);
    struct outcome outcome = expand("in.tar", NULL);
    cr_assert_eq(outcome.status, CRET_OK, "%s (%s)", outcome.err.what, outcome.err.actual);
    cr_expect_str_eq(outcome.seen.data, "a/b/c=x\n\xc3\xbc (DE).txt=y\nc:\\d=z\n");
    cret_buffer_free(&outcome.seen);
}

/* Names beyond ASCII through the formats that convert them, without a locale of the process. */
Test(import, keeps_names_beyond_ascii)
{
    static int (*const formats[])(struct archive *) = {
        archive_write_set_format_pax, archive_write_set_format_zip, archive_write_set_format_7zip};
    const struct member member = {
        .name = "f\xc3\xbcr.txt", .type = AE_IFREG, .data = "x", .size = 1};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        cr_assert(utf8 != (locale_t)0);
        locale_t before = uselocale(utf8);
        write_archive("in", formats[i], NULL, &member, 1);
        uselocale(before);
        freelocale(utf8);
        struct outcome outcome = expand("in", NULL);
        cr_expect_eq(outcome.status, CRET_OK, "%zu: %s (%s)", i, outcome.err.what,
                     outcome.err.actual);
        cr_expect_str_eq(outcome.seen.data, "f\xc3\xbcr.txt=x\n", "%zu", i);
        cret_buffer_free(&outcome.seen);
    }
}

Test(import, refuses_links_and_devices)
{
    static const struct {
        struct member member;
        const char *words;
    } cases[] = {
        {{.name = "l", .type = AE_IFLNK, .link = "/etc/passwd"}, "link"},
        {{.name = "l", .type = AE_IFLNK, .link = "first"}, "link"},
        {{.name = "l", .type = AE_IFREG, .link = "first"}, "link"},
        {{.name = "l", .type = AE_IFREG, .link = "/etc/passwd"}, "link"},
        {{.name = "d", .type = AE_IFCHR}, "device"},
        {{.name = "d", .type = AE_IFBLK}, "device"},
        {{.name = "p", .type = AE_IFIFO}, "device"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct member members[] = {
            {.name = "first", .type = AE_IFREG, .data = "x", .size = 1}, cases[i].member};
        write_archive("in.tar", archive_write_set_format_pax, NULL, members, 2);
        expect_refused("in.tar", NULL, cases[i].words);
    }
}

/* lesson 10: bombs */
Test(import, refuses_bombs)
{
    const struct member large = {.name = "a", .type = AE_IFREG, .size = 10000000};
    const struct member many[] = {{.name = "a", .type = AE_IFREG, .data = "x", .size = 1},
                                  {.name = "b", .type = AE_IFREG, .data = "x", .size = 1},
                                  {.name = "c", .type = AE_IFREG, .data = "x", .size = 1}};
    struct cret_import_limits limits = {
        .members = 3, .bytes = 1u << 30, .slack = 1000000, .ratio = 10};
    write_archive("in", archive_write_set_format_ustar, archive_write_add_filter_gzip, &large, 1);
    expect_refused("in", &limits, "expands to more than is allowed");
    write_archive("in", archive_write_set_format_zip, NULL, &large, 1);
    expect_refused("in", &limits, "expands to more than is allowed");
    limits.ratio = 10000;
    limits.bytes = 9999999;
    expect_refused("in", &limits, "expands to more than is allowed");
    limits.bytes = 10000000;
    struct outcome outcome = expand("in", &limits);
    cr_expect_eq(outcome.status, CRET_OK, "%s", outcome.err.what);
    cret_buffer_free(&outcome.seen);
    write_archive("in", archive_write_set_format_ustar, NULL, many, 3);
    outcome = expand("in", &limits);
    cr_expect_eq(outcome.status, CRET_OK, "%s", outcome.err.what);
    cret_buffer_free(&outcome.seen);
    limits.members = 2;
    expect_refused("in", &limits, "expands to more than is allowed");
}

/* The announced size may be a lie: the bytes that come count too. */
Test(import, counts_bytes_that_were_not_announced)
{
    const struct member members[] = {{.name = "a", .type = AE_IFREG, .size = 600000},
                                     {.name = "b", .type = AE_IFREG, .size = 600000}};
    const struct cret_import_limits limits = {
        .members = 10, .bytes = 1000000, .slack = 1000000, .ratio = 0};
    write_archive("in", archive_write_set_format_ustar, NULL, members, 2);
    expect_refused("in", &limits, "expands to more than is allowed");
}

/* lesson 12: an error of the reader is not the end of the archive. slack: bytes at the end that say
 * nothing (padding). */
static void refuse_truncations(int (*format)(struct archive *), int (*filter)(struct archive *),
                               size_t slack, const char *what)
{
    char *data = NULL;
    size_t size = 0, tries = 0;
    write_archive("in", format, filter, good + 1, 2);
    cr_assert_eq(cret_file_read(&data, &size, "in", 1u << 22, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert(size > slack);
    /* Whole blocks are where a reader might stop content. */
    for (size_t left = size - slack - 1; left > 0; left -= left > 4096 ? left % 512 + 512 : 7) {
        fixture_write("cut", data, left);
        struct outcome outcome = expand("cut", NULL);
        cr_expect(outcome.status != CRET_OK, "%s: %zu of %zu bytes", what, left, size);
        cret_buffer_free(&outcome.seen);
        tries++;
        if (left <= 7) {
            break;
        }
    }
    cr_expect(tries > 10);
    free(data);
}

Test(import, refuses_truncated_archives)
{
    refuse_truncations(archive_write_set_format_zip, NULL, 0, "zip");
    refuse_truncations(archive_write_set_format_7zip, NULL, 0, "7z");
    refuse_truncations(archive_write_set_format_ustar, archive_write_add_filter_gzip, 0, "tar.gz");
    refuse_truncations(archive_write_set_format_ustar, archive_write_add_filter_xz, 0, "tar.xz");
    refuse_truncations(archive_write_set_format_ustar, archive_write_add_filter_zstd, 0, "tar.zst");
}

/* Plain tar and cpio end with padding to their record size; a tar has to show one zero block. */
Test(import, refuses_truncated_tar_and_cpio)
{
    refuse_truncations(archive_write_set_format_ustar, NULL, 10240, "tar");
    refuse_truncations(archive_write_set_format_cpio_newc, NULL, 512, "cpio");
    /* Between members nothing is missing but the end. */
    static const size_t boundaries[] = {1024, 1024 + 512 + 300032};
    char *data = NULL;
    size_t size = 0;
    write_archive("in", archive_write_set_format_ustar, NULL, good + 1, 2);
    cr_assert_eq(cret_file_read(&data, &size, "in", 1u << 22, CRET_ERR_USAGE, NULL), CRET_OK);
    for (size_t i = 0; i < sizeof(boundaries) / sizeof(boundaries[0]); i++) {
        fixture_write("cut", data, boundaries[i]);
        expect_refused("cut", NULL, "cannot be read to its end");
    }
    fixture_write("cut", data, boundaries[1] + 512);
    struct outcome outcome = expand("cut", NULL);
    cr_expect_eq(outcome.status, CRET_OK);
    cret_buffer_free(&outcome.seen);
    free(data);
}

Test(import, refuses_what_is_no_archive)
{
    const struct member folder = {.name = "docs/", .type = AE_IFDIR};
    fixture_text("in", "just a text that is no archive at all\n");
    expect_refused("in", NULL, "cannot be read");
    fixture_text("in", "");
    expect_refused("in", NULL, "");
    write_archive("in", archive_write_set_format_ustar, NULL, &folder, 1);
    expect_refused("in", NULL, "no file in the archive");
    struct outcome outcome = expand("nothing", NULL);
    cr_expect(outcome.status != CRET_OK);
    cr_expect_eq(outcome.err.class, CRET_ERR_UNDECIDED);
    cret_buffer_free(&outcome.seen);
}

Test(import, refuses_encrypted_members)
{
    struct archive *writer = archive_write_new();
    cr_assert_eq(archive_write_set_format_zip(writer), ARCHIVE_OK);
    cr_assert_eq(archive_write_set_options(writer, "zip:encryption=traditional"), ARCHIVE_OK);
    cr_assert_eq(archive_write_set_passphrase(writer, "secret"), ARCHIVE_OK);
    cr_assert_eq(archive_write_open_filename(writer, "in"), ARCHIVE_OK);
    write_member(writer, &good[1]);
    cr_assert_eq(archive_write_close(writer), ARCHIVE_OK);
    archive_write_free(writer);
    expect_refused("in", NULL, "");
}

/* A sparse member keeps its size, holes at its end included. */
Test(import, sparse_members_keep_their_size)
{
    if (system("truncate -s 3M sparse && printf x | dd of=sparse bs=1 seek=1000000 conv=notrunc "
               "status=none && tar --sparse --format=pax -cf in.tar sparse") != 0) {
        cr_skip_test("GNU tar is not installed");
    }
    struct outcome outcome = expand("in.tar", NULL);
    cr_expect_eq(outcome.status, CRET_OK, "%s (%s)", outcome.err.what, outcome.err.actual);
    cr_expect_str_eq(outcome.seen.data, "sparse:3145728\n");
    cret_buffer_free(&outcome.seen);
}
