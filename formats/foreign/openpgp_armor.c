/* SPDX-License-Identifier: Apache-2.0 */
/* One block of ASCII armor (RFC 9580 6), strictly: nothing before it, nothing after. */
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/openpgp_packet.h"

#define LINE_BYTES 76u    /* RFC 9580 6.2.1 */
#define HEADERS 16u       /* Version, Comment, Hash, Charset: more than any tool writes */
#define HEADER_BYTES 400u /* of one of them */

struct armor {
    const char *next, *end;
    const char *subject;
    struct cret_err *err;
};

static enum cret_status refuse(const struct armor *armor, const char *what)
{
    cret_err_refuse(armor->err, CRET_CHECK_FOREIGN_FORM, "the armor of the %s %s", armor->subject,
                    what);
    return cret_err_expected(armor->err,
                             "one block from BEGIN to END, as gpg --armor writes it, and nothing "
                             "before or after");
}

/* The next line without its end, LF or CR LF. */
static enum cret_status take(struct armor *armor, struct cret_bytes *ret_line)
{
    const size_t left = (size_t)(armor->end - armor->next);
    const char *end = left > 0 ? memchr(armor->next, '\n', left) : NULL;
    size_t length = end != NULL ? (size_t)(end - armor->next) : left;
    if (left == 0) {
        return refuse(armor, "ends too early");
    }
    const uint8_t *line = (const uint8_t *)armor->next;
    armor->next = end != NULL ? end + 1 : armor->end;
    if (length > 0 && line[length - 1] == '\r') {
        length--;
    }
    *ret_line = (struct cret_bytes){line, length};
    return CRET_OK;
}

static bool is_text(struct cret_bytes line, const char *before, const char *label)
{
    const size_t length = strlen(before), rest = strlen(label);
    return line.size == length + rest + 5 && memcmp(line.data, before, length) == 0 &&
           memcmp(line.data + length, label, rest) == 0 &&
           memcmp(line.data + length + rest, "-----", 5) == 0;
}

/* Header lines until the empty one. What they say counts for nothing. */
static enum cret_status skip_headers(struct armor *armor)
{
    struct cret_bytes line;
    for (unsigned i = 0; i <= HEADERS; i++) {
        if (take(armor, &line) != CRET_OK) {
            return CRET_FAILED;
        }
        if (line.size == 0) {
            return CRET_OK;
        }
        if (line.size > HEADER_BYTES || memchr(line.data, ':', line.size) == NULL) {
            return refuse(armor, "has a line that is no header");
        }
    }
    return refuse(armor, "has too many headers");
}

/* CRC-24 (RFC 9580 6.1.1). */
static uint32_t checksum(const uint8_t *data, size_t size)
{
    uint32_t crc = 0xb704ceu;
    for (size_t i = 0; i < size; i++) {
        crc ^= (uint32_t)data[i] << 16;
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = crc << 1 ^ ((crc & 0x800000u) != 0 ? 0x1864cfbu : 0);
        }
    }
    return crc & 0xffffffu;
}

static enum cret_status check_sum(const struct armor *armor, struct cret_bytes line,
                                  const uint8_t *data, size_t size)
{
    char text[5] = "";
    uint8_t *sum = NULL;
    size_t length = 0;
    memcpy(text, line.data + 1, 4);
    const bool same =
        cret_base64_decode(&sum, &length, text) == CRET_OK && length == 3 &&
        ((uint32_t)sum[0] << 16 | (uint32_t)sum[1] << 8 | sum[2]) == checksum(data, size);
    free(sum);
    return same ? CRET_OK : refuse(armor, "has a wrong checksum");
}

/* The lines of base64, into one text; *ret_last is the first line that is none of them. */
static enum cret_status collect(struct armor *armor, struct cret_buffer *text,
                                struct cret_bytes *ret_last)
{
    struct cret_bytes line;
    for (;;) {
        if (take(armor, &line) != CRET_OK) {
            return CRET_FAILED;
        }
        if (line.size == 0 || line.size > LINE_BYTES) {
            return refuse(armor, "has an empty line, or one that is too long");
        }
        if (line.data[0] == '-' || line.data[0] == '=') {
            *ret_last = line;
            return CRET_OK;
        }
        cret_buffer_append(text, line.data, line.size);
    }
}

static enum cret_status read_body(struct armor *armor, const char *label, uint8_t **ret_data,
                                  size_t *ret_size)
{
    struct cret_buffer text = {0};
    struct cret_bytes line;
    uint8_t *data = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (skip_headers(armor) != CRET_OK || collect(armor, &text, &line) != CRET_OK) {
        goto out;
    }
    if (text.failed) {
        cret_err_memory(armor->err);
        goto out;
    }
    if (text.size == 0 || cret_base64_decode(&data, &size, text.data) != CRET_OK) {
        refuse(armor, "has damaged base64");
        goto out;
    }
    if (line.data[0] == '=') {
        if (line.size != 5 || check_sum(armor, line, data, size) != CRET_OK) {
            refuse(armor, "has a wrong checksum");
            goto out;
        }
        if (take(armor, &line) != CRET_OK) {
            goto out;
        }
    }
    if (!is_text(line, "-----END ", label)) {
        refuse(armor, "has another end than its beginning");
        goto out;
    }
    if (armor->next != armor->end) {
        refuse(armor, "is followed by other bytes");
        goto out;
    }
    *ret_data = data;
    *ret_size = size;
    data = NULL;
    status = CRET_OK;
out:
    free(data);
    cret_buffer_free(&text);
    return status;
}

enum cret_status cret_openpgp_unarmor(struct cret_bytes *ret_packets, uint8_t **ret_owned,
                                      struct cret_bytes file, const char *label,
                                      const char *subject, struct cret_err *err)
{
    struct armor armor = {(const char *)file.data, (const char *)file.data + file.size, subject,
                          err};
    struct cret_bytes line;
    size_t size = 0;
    if (file.size == 0 || file.size > CRET_OPENPGP_FILE_BYTES) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                        "the %s has an impossible size of %zu "
                        "bytes",
                        subject, file.size);
        return cret_err_expected(err, "1 to %u bytes", CRET_OPENPGP_FILE_BYTES);
    }
    if ((file.data[0] & 0x80u) != 0) {
        *ret_packets = file;
        *ret_owned = NULL;
        return CRET_OK;
    }
    if (take(&armor, &line) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!is_text(line, "-----BEGIN ", label)) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the %s is of another kind", subject);
        return cret_err_expected(err, "-----BEGIN %s-----, or the same in binary", label);
    }
    if (read_body(&armor, label, ret_owned, &size) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_packets = (struct cret_bytes){*ret_owned, size};
    return CRET_OK;
}
