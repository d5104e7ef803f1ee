/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "container/ustar.h"
#include "fixture.h"

static struct cret_err err;
static struct cret_front *front;

/* Reads the front of these bytes, as a file and as a pipe: both must agree. */
static enum cret_status front_of(const uint8_t *data, size_t size)
{
    struct cret_source *source = NULL;
    enum cret_status status[2];
    for (int i = 0; i < 2; i++) {
        int fd = i == 0 ? fixture_file_of(data, size) : fixture_pipe(data, size);
        cret_err_clear(&err);
        cret_front_free(&front);
        cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
        status[i] = cret_front_read(&front, source, &err);
        cr_assert_eq(status[i] == CRET_OK, front != NULL);
        if (status[i] == CRET_OK) {
            cr_assert_eq(cret_source_position(source), front->end);
        }
        cret_source_free(&source);
        close(fd);
    }
    cr_assert_eq(status[0], status[1]);
    return status[0];
}

static void expect_refused(const uint8_t *data, size_t size, enum cret_check_id check,
                           const char *words)
{
    cr_expect_eq(front_of(data, size), CRET_FAILED, "%s", words);
    cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", words);
    cr_expect_eq(err.check, check, "%s", words);
    cr_expect(strstr(err.what, words) != NULL || strstr(err.actual, words) != NULL,
              "'%s' is not in '%s' / '%s'", words, err.what, err.actual);
}

/* A growing archive: members one after the other. */
static uint8_t bytes[60 << 10];
static size_t size;

static uint8_t *add(const char *name, size_t content, int64_t seconds)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0;
    cr_assert_eq(cret_ustar_head(head, &head_size, name, content, seconds, &err), CRET_OK);
    uint8_t *place = bytes + size;
    memcpy(place, head, head_size);
    memset(place + head_size, 'm', content);
    memset(place + head_size + content, 0, cret_ustar_padded(content) - content);
    size += head_size + cret_ustar_padded(content);
    return place;
}

static void start(void)
{
    size = 0;
    add("MANIFEST.json", 10, 1000);
}

static void end(void)
{
    memset(bytes + size, 0, 1024);
    size += 1024;
}

static char *signature_name(unsigned number)
{
    static char name[40];
    snprintf(name, sizeof(name), "SIGNATURES/%016x.p7s", number);
    return name;
}

Test(front, members_are_returned)
{
    start();
    add(signature_name(1), 500, 1000);
    add(signature_name(2), 512, 1000);
    size_t before = size;
    end();
    cr_assert_eq(front_of(bytes, size), CRET_OK, "%s", err.what);
    cr_assert_eq(front->manifest_size, 10);
    cr_assert_arr_eq(front->manifest, "mmmmmmmmmm", 11);
    cr_assert_eq(front->seconds, 1000);
    cr_assert_eq(front->signature_count, 2);
    cr_assert_str_eq(front->signatures[0].name, "0000000000000001");
    cr_assert_eq(front->signatures[0].size, 500);
    cr_assert_eq(front->signatures[1].size, 512);
    cr_assert_eq(front->end, before);
    cret_front_free(&front);
    cr_assert_null(front);
    cret_front_free(&front);
}

Test(front, an_unsigned_one_has_no_signatures)
{
    start();
    end();
    cr_assert_eq(front_of(bytes, size), CRET_OK);
    cr_assert_eq(front->signature_count, 0);
}

Test(front, empty_and_foreign_files_are_named)
{
    static const struct {
        const char *bytes, *words;
    } rows[] = {
        {"", "empty"},
        {"\x1f\x8b\x08", "gzip"},
        {"PK\x03\x04", "ZIP"},
        {"\x7f"
         "ELF",
         "ELF"},
        {"-----BEGIN CERTIFICATE-----", "PEM"},
        {"<!DOCTYPE html>", "HTML"},
        {"{\"a\": 1}", "JSON"},
        {"what is this?", "something else"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_refused((const uint8_t *)rows[i].bytes, strlen(rows[i].bytes),
                       CRET_CHECK_ARCHIVE_FRAMING, rows[i].words);
    }
    size = 0;
    add("firmware.bin", 10, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "begins with 'firmware.bin'");
    memset(bytes, 0, 2048);
    expect_refused(bytes, 2048, CRET_CHECK_ARCHIVE_FRAMING, "not a Cretula archive");
}

Test(front, every_truncation_is_refused)
{
    start();
    add(signature_name(1), 20, 1000);
    for (size_t length = 0; length <= size + 511; length++) {
        memset(bytes + size, 0, 512);
        cr_assert_eq(front_of(bytes, length), CRET_FAILED, "%zu bytes", length);
        cr_assert_eq(err.class, CRET_ERR_REFUSED);
        cr_assert_eq(err.check, CRET_CHECK_ARCHIVE_FRAMING);
        cr_assert_neq(err.hint[0], '\0', "%zu bytes", length);
    }
    cr_assert_eq(front_of(bytes, size + 512), CRET_OK);
}

Test(front, sizes_beyond_the_caps_are_refused)
{
    size = 0;
    add("MANIFEST.json", 0, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_LIMITS, "is empty");
    start();
    add(signature_name(1), 0, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_LIMITS, "is empty");
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0;
    cr_assert_eq(cret_ustar_head(head, &head_size, "MANIFEST.json", CRET_LIMIT_MANIFEST_BYTES + 1,
                                 1000, &err),
                 CRET_OK);
    expect_refused(head, head_size, CRET_CHECK_ARCHIVE_LIMITS, "too large");
    start();
    cr_assert_eq(cret_ustar_head(head, &head_size, signature_name(1),
                                 CRET_LIMIT_SIGNATURE_BYTES + 1, 1000, &err),
                 CRET_OK);
    memcpy(bytes + size, head, head_size);
    expect_refused(bytes, size + head_size, CRET_CHECK_ARCHIVE_LIMITS, "too large");
}

Test(front, at_most_16_signatures)
{
    start();
    for (unsigned i = 0; i < 16; i++) {
        add(signature_name(i), 5, 1000);
    }
    end();
    cr_assert_eq(front_of(bytes, size), CRET_OK);
    cr_assert_eq(front->signature_count, 16);
    size -= 1024;
    add(signature_name(16), 5, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_LIMITS, "too many signatures");
}

Test(front, signatures_are_sorted_and_unique)
{
    start();
    add(signature_name(2), 5, 1000);
    add(signature_name(1), 5, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "not sorted");
    start();
    add(signature_name(1), 5, 1000);
    add(signature_name(1), 5, 1000);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "not sorted");
}

Test(front, signature_names_have_one_form)
{
    static const char *const names[] = {
        "SIGNATURES/00000000000000AB.p7s",
        "SIGNATURES/000000000000001.p7s",
        "SIGNATURES/00000000000000011.p7s",
        "SIGNATURES/0000000000000001.p7m",
        "SIGNATURES/0000000000000001.p7s2",
        "SIGNATURES/0000000000000001.p7s/a",
        "SIGNATURES/",
        "SIGNATURES/../firmware.p7s",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        start();
        add(names[i], 5, 1000);
        end();
        expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "wrong name");
    }
}

Test(front, one_date_for_all)
{
    start();
    add(signature_name(1), 5, 1001);
    end();
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "'mtime'");
}

Test(front, padding_is_zero)
{
    start();
    end();
    bytes[512 + 10] = 1;
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "padding");
    cr_assert_str_eq(err.where, "MANIFEST.json, byte 522");
    bytes[512 + 10] = 0;
    bytes[1023] = 0x80;
    expect_refused(bytes, size, CRET_CHECK_ARCHIVE_FRAMING, "padding");
    cr_assert_str_eq(err.actual, "80");
}
