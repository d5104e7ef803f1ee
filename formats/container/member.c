/* SPDX-License-Identifier: Apache-2.0 */
/* Head, padding, digests and end of members, held against what they must be. */
#include "container/member.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/text.h"
#include "container/ustar.h"

static const char hint_again[] =
    "download the file again; if this happens again, send the vendor this message and the file's "
    "size";

bool cret_member_zero(const uint8_t *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

enum cret_status cret_member_truncated(const char *path, uint64_t end, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                    "the archive is truncated: it ends inside '%s'", path);
    cret_err_where(err, "%s, byte %" PRIu64, path, end);
    return cret_err_hint(err, "%s", hint_again);
}

enum cret_status cret_member_changed(const char *path, struct cret_err *err)
{
    cret_err_undecided(err, "'%s' changed while it was read", path);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err,
                         "wait until nothing writes to the file any more, then run this again");
}

/* Says which field of a header block differs first, and how. */
static enum cret_status wrong_field(const uint8_t *actual, const uint8_t *expected,
                                    const char *path, uint64_t offset, struct cret_err *err)
{
    size_t at = 0;
    while (at < CRET_BLOCK - 1 && actual[at] == expected[at]) {
        at++;
    }
    const struct cret_ustar_field *field = cret_ustar_field_at(at);
    /* The first 16 bytes from the difference on tell enough, and fit. */
    size_t shown = field->offset + field->size - at;
    if (shown > 16) {
        shown = 16;
    }
    char expected_hex[33], actual_hex[33];
    cret_hex_encode(expected_hex, expected + at, shown);
    cret_hex_encode(actual_hex, actual + at, shown);
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                    "the header of '%s' is not the one it must have: its field '%s' differs", path,
                    field->name);
    cret_err_where(err, "%s, byte %" PRIu64, path, offset + at);
    cret_err_expected(err, "bytes %s", expected_hex);
    cret_err_actual(err, "bytes %s", actual_hex);
    return cret_err_hint(err, "%s", hint_again);
}

/* The block where a member's head must be, and which differs from it. */
static enum cret_status wrong_head(const uint8_t *actual, const uint8_t *expected, const char *path,
                                   uint64_t offset, struct cret_err *err)
{
    char name[CRET_USTAR_NAME_TEXT], wanted[CRET_USTAR_NAME_TEXT];
    cret_ustar_name(name, actual);
    cret_ustar_name(wanted, expected);
    if (cret_member_zero(actual, CRET_BLOCK)) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "the archive ends before the member '%s'",
                        path);
    } else if (!cret_ustar_is_header(actual)) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "there is no archive header where that of '%s' must be", path);
    } else if (strcmp(name, wanted) != 0) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "another member is where '%s' must be: a member is missing, extra, renamed "
                        "or out of order",
                        path);
        cret_err_where(err, "%s, byte %" PRIu64, path, offset);
        cret_err_expected(err, "member '%s'", wanted);
        cret_err_actual(err, "member '%s'", name);
        return cret_err_hint(err, "%s", hint_again);
    } else {
        return wrong_field(actual, expected, path, offset, err);
    }
    cret_err_where(err, "%s, byte %" PRIu64, path, offset);
    return cret_err_hint(err, "%s", hint_again);
}

enum cret_status cret_member_head(const uint8_t *bytes, size_t got, const char *path, uint64_t size,
                                  int64_t seconds, uint64_t offset, struct cret_err *err)
{
    uint8_t head[CRET_USTAR_HEAD_MAXIMUM];
    size_t head_size = 0;
    if (cret_ustar_head(head, &head_size, path, size, seconds, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got >= head_size && memcmp(bytes, head, head_size) == 0) {
        return CRET_OK;
    }
    for (size_t at = 0; at < head_size; at += CRET_BLOCK) {
        if (got < at + CRET_BLOCK) {
            return cret_member_truncated(path, offset + got, err);
        }
        if (memcmp(bytes + at, head + at, CRET_BLOCK) == 0) {
            continue;
        }
        if (at == CRET_BLOCK && head_size > CRET_BLOCK) {
            cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                            "the extended header of '%s' is not the one it must have", path);
            cret_err_where(err, "%s, byte %" PRIu64, path, offset + at);
            cret_err_expected(err, "the one record 'size', %" PRIu64, size);
            return cret_err_hint(err, "%s", hint_again);
        }
        return wrong_head(bytes + at, head + at, path, offset + at, err);
    }
    return CRET_FAILED;
}

enum cret_status cret_member_padding(const uint8_t *bytes, size_t got, const char *path,
                                     uint64_t size, uint64_t offset, struct cret_err *err)
{
    size_t padding = (size_t)(cret_ustar_padded(size) - size);
    if (got < padding) {
        return cret_member_truncated(path, offset + got, err);
    }
    if (cret_member_zero(bytes, padding)) {
        return CRET_OK;
    }
    size_t at = 0;
    while (bytes[at] == 0) {
        at++;
    }
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "the padding after '%s' is not zero", path);
    cret_err_where(err, "%s, byte %" PRIu64, path, offset + at);
    cret_err_expected(err, "00");
    cret_err_actual(err, "%02x", bytes[at]);
    return cret_err_hint(err, "%s", hint_again);
}

enum cret_status cret_member_end(const uint8_t *bytes, size_t got, uint64_t offset,
                                 struct cret_err *err)
{
    if (got == CRET_MEMBER_END && cret_member_zero(bytes, CRET_MEMBER_END)) {
        return CRET_OK;
    }
    if (got < CRET_MEMBER_END && cret_member_zero(bytes, got)) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "the archive is truncated: its two end blocks are not complete");
    } else if (got > CRET_MEMBER_END && cret_member_zero(bytes, CRET_MEMBER_END)) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "something follows the end of the archive");
        offset += CRET_MEMBER_END;
    } else if (got >= CRET_BLOCK && cret_ustar_is_header(bytes)) {
        char name[CRET_USTAR_NAME_TEXT];
        cret_ustar_name(name, bytes);
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "the archive has a member that its manifest does not list");
        cret_err_actual(err, "member '%s'", name);
    } else {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "the end blocks are not zero");
    }
    cret_err_where(err, "end of the archive, byte %" PRIu64, offset);
    cret_err_expected(err, "1024 zero bytes, then the end of the file");
    return cret_err_hint(err, "%s", hint_again);
}

enum cret_status cret_member_digest(const char *title, const char *path, uint64_t offset,
                                    const uint8_t expected[CRET_SHA256_BYTES],
                                    const uint8_t actual[CRET_SHA256_BYTES], struct cret_err *err)
{
    if (memcmp(expected, actual, CRET_SHA256_BYTES) == 0) {
        return CRET_OK;
    }
    char expected_hex[CRET_SHA256_HEX], actual_hex[CRET_SHA256_HEX];
    cret_hex_encode(expected_hex, expected, CRET_SHA256_BYTES);
    cret_hex_encode(actual_hex, actual, CRET_SHA256_BYTES);
    cret_err_refuse(err, CRET_CHECK_FILE_DIGESTS,
                    "'%s' is not the file that was released: its %s digest differs", path, title);
    cret_err_where(err, "%s, content from byte %" PRIu64, path, offset);
    cret_err_expected(err, "%s", expected_hex);
    cret_err_actual(err, "%s", actual_hex);
    return cret_err_hint(err, "download the file again; if it fails again, send the vendor both "
                              "digests and the name of this file");
}
