/* SPDX-License-Identifier: Apache-2.0 */
/* Other readers of tar list and extract what this one writes, also a member of 9 GiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/ustar.h"
#include "fixture.h"

static char path[] = "/tmp/cretula-stock-XXXXXX";
static struct cret_err err;

/* The output of a command on the archive ("%s" is its path). */
static char *output_of(const char *format)
{
    char command[1024];
    static char text[8192];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(command, sizeof(command), format, path);
#pragma GCC diagnostic pop
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    text[fread(text, 1, sizeof(text) - 1, pipe)] = '\0';
    cr_assert_eq(pclose(pipe), 0, "%s", command);
    return text;
}

static const char python[] =
    "python3 -c \"import sys, tarfile\nfor m in tarfile.open(sys.argv[1], 'r:'): "
    "print(m.name, m.size, m.mtime, m.mode, m.isreg())\" %s";

/* An archive as a sparse file: front, heads and small contents; the last file is a hole. */
static void make(struct fixture *fixture, const struct fixture_file *files, size_t count,
                 uint64_t hole)
{
    fixture_make(fixture, files, count, 1);
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    uint8_t *data = fixture_read(fixture);
    cr_assert_eq(write(fd, data, (size_t)fixture->payload_end), (ssize_t)fixture->payload_end);
    free(data);
    uint64_t end = fixture->payload_end;
    if (hole > 0) {
        uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
        size_t size = 0;
        cr_assert_eq(cret_ustar_head(head, &size, "z/huge.img", hole, FIXTURE_SECONDS, &err),
                     CRET_OK);
        cr_assert_eq(pwrite(fd, head, size, (off_t)end), (ssize_t)size);
        end += size + cret_ustar_padded(hole);
        cr_assert_eq(cret_ustar_head(head, &size, "z/last.txt", 0, FIXTURE_SECONDS, &err), CRET_OK);
        cr_assert_eq(pwrite(fd, head, size, (off_t)end), (ssize_t)size);
        end += size;
    }
    cr_assert_eq(ftruncate(fd, (off_t)end + 1024), 0);
    close(fd);
}

static const struct fixture_file files[] = {
    {"a.bin", 1000},
    {"folder/of/a/name/that/is/longer/than/one/hundred/bytes/so/that/it/is/split/into/prefix/and/"
     "name/x.bin",
     700},
};

static const char names[] =
    "MANIFEST.json\nSIGNATURES/00112233445566aa.p7s\nSIGNATURES/ff112233445566aa.p7s\na.bin\n"
    "folder/of/a/name/that/is/longer/than/one/hundred/bytes/so/that/it/is/split/into/prefix/and/"
    "name/x.bin\n";

Test(stock_tools, list_an_archive)
{
    struct fixture fixture;
    make(&fixture, files, 2, 0);
    cr_expect_str_eq(output_of("bsdtar tf %s 2>&1"), names);
    cr_expect_str_eq(output_of("tar tf %s 2>&1"), names);
    const char *listed = output_of(python);
    cr_expect_not_null(strstr(listed, "a.bin 1000 1700000000 420 True\n"), "%s", listed);
    cr_expect_not_null(strstr(listed, "/x.bin 700 1700000000 420 True\n"), "%s", listed);
    unlink(path);
    fixture_free(&fixture);
}

Test(stock_tools, extract_the_same_bytes)
{
    struct fixture fixture;
    make(&fixture, files, 2, 0);
    const char *text = output_of("bsdtar xOf %s a.bin 2>&1");
    cr_expect_arr_eq(text, fixture.contents[0], 1000);
    text = output_of("tar xOf %s a.bin 2>&1");
    cr_expect_arr_eq(text, fixture.contents[0], 1000);
    unlink(path);
    fixture_free(&fixture);
}

Test(stock_tools, list_a_member_of_9_gib)
{
    struct fixture fixture;
    char expected[1024];
    uint64_t hole = (9ull << 30) + 1;
    make(&fixture, files, 2, hole);
    snprintf(expected, sizeof(expected), "%sz/huge.img\nz/last.txt\n", names);
    cr_expect_str_eq(output_of("bsdtar tf %s 2>&1"), expected);
    cr_expect_str_eq(output_of("tar tf %s 2>&1"), expected);
    cr_expect_not_null(strstr(output_of("bsdtar tvf %s 2>&1"), " 9663676417 "));
    cr_expect_not_null(strstr(output_of("tar tvf %s 2>&1"), " 9663676417 "));
    cr_expect_not_null(strstr(output_of(python), "z/huge.img 9663676417 1700000000 420 True\n"));
    unlink(path);
    fixture_free(&fixture);
}
