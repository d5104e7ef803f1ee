/* SPDX-License-Identifier: Apache-2.0 */
/* Text forms both ways, strictly: one spelling of each value is accepted. */
#include "base/text/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/finding/limits.h"
#include "base/text/utf8.h"

void cret_hex_encode(char *out, const uint8_t *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 0x0f];
    }
    out[2 * size] = '\0';
}

/* By table: which kind the next digit of a digest is, no processor can guess. */
static int hex_value(char digit)
{
    static const uint8_t one_more[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
        ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
        ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};
    return one_more[(unsigned char)digit] - 1;
}

enum cret_status cret_hex_decode(uint8_t *ret_data, size_t size, const char *text)
{
    if (text == NULL || strnlen(text, 2 * size + 1) != 2 * size) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < 2 * size; i++) {
        if (hex_value(text[i]) < 0) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < size; i++) {
        ret_data[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    }
    return CRET_OK;
}

/* What may stand before a digest: its algorithm. */
static const char *skip_algorithm(const char *text)
{
    static const char *const names[] = {"sha256", "sha-256"};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (strncasecmp(text, names[i], strlen(names[i])) == 0) {
            const char *rest = text + strlen(names[i]);
            if (strncasecmp(rest, " fingerprint", strlen(" fingerprint")) == 0) {
                rest += strlen(" fingerprint");
            }
            return *rest == ':' || *rest == '=' ? rest + 1 : text;
        }
    }
    return text;
}

enum cret_status cret_sha256_read(uint8_t ret_digest[32], const char *text)
{
    char hex[2 * 32 + 1];
    size_t count = 0;
    for (text = skip_algorithm(text); *text != '\0'; text++) {
        if (*text == ':' || *text == '-' || *text == ' ') {
            continue;
        }
        if (count == sizeof(hex) - 1) {
            return CRET_FAILED;
        }
        hex[count++] = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
    }
    hex[count] = '\0';
    return cret_hex_decode(ret_digest, 32, hex);
}

/* What people give instead, by the number of its digits. */
static const struct {
    size_t digits;
    const char *hint;
} mistaken[] = {
    {32, "so many digits has MD5, which binds nothing: ask for the SHA-256"},
    {40, "so many digits has SHA-1: ask for the SHA-256"},
    {96, "so many digits has SHA-384: ask for the SHA-256"},
    {128, "so many digits has SHA-512: ask for the SHA-256"},
};

/* What the text seems to be, or NULL. */
static const char *mistake(const char *text)
{
    size_t digits = 0, others = 0, far = 0;
    for (const char *at = skip_algorithm(text); *at != '\0'; at++) {
        digits += strchr("0123456789abcdefABCDEF", *at) != NULL ? 1u : 0u;
        others += strchr("0123456789abcdefABCDEF:- ", *at) == NULL ? 1u : 0u;
        far += (unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e ? 1u : 0u;
    }
    for (size_t i = 0; others == 0 && i < CRET_LENGTH(mistaken); i++) {
        if (digits == mistaken[i].digits) {
            return mistaken[i].hint;
        }
    }
    if (far > 0) {
        return "it holds characters that are no digits, and may be invisible: type it";
    }
    return others > 0 && strlen(text) == 44 && text[43] == '='
               ? "this is base64: ask for the digits, or turn it: openssl base64 -d | xxd -p -c 64"
               : NULL;
}

enum cret_status cret_sha256_expected(struct cret_err *err, const char *text)
{
    const char *hint = mistake(text);
    cret_err_expected(err, "64 hex digits, as sha256sum, openssl or Get-FileHash print them");
    return hint != NULL ? cret_err_hint(err, "%s", hint) : CRET_FAILED;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum cret_status cret_base64_encode(char **ret_text, const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return CRET_FAILED;
    }
    char *text = malloc((size + 2) / 3 * 4 + 1);
    if (text == NULL) {
        return CRET_FAILED;
    }
    char *out = text;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)data[i] << 16;
        if (left > 1) {
            group |= (uint32_t)data[i + 1] << 8;
        }
        if (left > 2) {
            group |= data[i + 2];
        }
        *out++ = base64_digits[group >> 18];
        *out++ = base64_digits[group >> 12 & 63];
        *out++ = left > 1 ? base64_digits[group >> 6 & 63] : '=';
        *out++ = left > 2 ? base64_digits[group & 63] : '=';
    }
    *out = '\0';
    *ret_text = text;
    return CRET_OK;
}

static int base64_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

enum cret_status cret_base64_decode(uint8_t **ret_data, size_t *ret_size, const char *text)
{
    size_t length = text == NULL ? 1 : strlen(text);
    if (length % 4 != 0) {
        return CRET_FAILED;
    }
    size_t padding = 0;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=') {
        padding++;
    }
    uint8_t *data = malloc(length / 4 * 3 + 1);
    if (data == NULL) {
        return CRET_FAILED;
    }
    size_t size = 0, digits = length - padding;
    uint32_t group = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = base64_value(text[i]);
        if (value < 0) {
            goto refused;
        }
        group = group << 6 | (uint32_t)value;
        if (i % 4 != 0) {
            data[size++] = (uint8_t)(group >> (6 - i % 4 * 2));
        }
    }
    /* The bits of the last digit that no byte uses must be zero: one text for one value. */
    if ((padding == 1 && (group & 3) != 0) || (padding == 2 && (group & 15) != 0)) {
        goto refused;
    }
    *ret_data = data;
    *ret_size = size;
    return CRET_OK;
refused:
    free(data);
    return CRET_FAILED;
}

size_t cret_utf8_decode(uint32_t *ret_code, const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (size == 0) {
        return 0;
    }
    if (bytes[0] < 0x80) {
        *ret_code = bytes[0];
        return 1;
    }
    size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || size < length) {
        return 0;
    }
    uint32_t code = bytes[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return 0;
    }
    *ret_code = code;
    return length;
}

bool cret_utf8_valid(const char *text, size_t size)
{
    uint32_t code = 0;
    while (size > 0) {
        size_t length = cret_utf8_decode(&code, text, size);
        if (length == 0) {
            return false;
        }
        text += length;
        size -= length;
    }
    return true;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Code points that change how a line is shown without being seen: UAX #9 and #14 controls. What
 * releases may hold is fixed by this table for ever. */
static bool code_clean(uint32_t code)
{
    static const struct range hidden[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200b, 0x200f},
        {0x2028, 0x202e}, {0x2060, 0x2060}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
    };
    return !in_ranges(code, hidden, CRET_LENGTH(hidden));
}

bool cret_code_visible(uint32_t code)
{
    /* Unicode's Cc, Cf, Zl, Zp, default ignorable and noncharacter code points, and the blanks that
     * look like nothing: a text that holds one is not what it looks like. */
    static const struct range hidden[] = {
        {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
        {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},
        {0x0890, 0x0891},   {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
        {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
        {0x2800, 0x2800},   {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},
        {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    if (code >= 0x20 && code < 0x7f) {
        return true; /* most of what is asked for */
    }
    return (code & 0xfffe) != 0xfffe && !in_ranges(code, hidden, CRET_LENGTH(hidden));
}

size_t cret_text_mark_size(const char *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool cret_text_is_utf16(const char *text, size_t size)
{
    if (size < 2) {
        return false;
    }
    return memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
           (size % 2 == 0 && (text[0] == '\0') != (text[1] == '\0'));
}

bool cret_text_clean(const char *text, bool multiline)
{
    size_t size = strlen(text);
    uint32_t code = 0;
    while (size > 0) {
        size_t length = cret_utf8_decode(&code, text, size);
        if (length == 0 || (!code_clean(code) && !(multiline && (code == '\n' || code == '\t')))) {
            return false;
        }
        text += length;
        size -= length;
    }
    return true;
}

bool cret_text_visible(const char *text)
{
    size_t size = strlen(text);
    uint32_t code = 0;
    while (size > 0) {
        size_t length = cret_utf8_decode(&code, text, size);
        if (length == 0 || !cret_code_visible(code)) {
            return false;
        }
        text += length;
        size -= length;
    }
    return true;
}

void cret_buffer_quoted(struct cret_buffer *out, const char *text, enum cret_quoting quoting)
{
    size_t size = strlen(text);
    while (size > 0) {
        uint32_t code = 0;
        size_t length = cret_utf8_decode(&code, text, size);
        if (length == 0) { /* no text: both notations know code points only */
            cret_buffer_printf(out, "\\u%04x", 0xfffdu);
            length = 1;
        } else if (quoting == CRET_QUOTE_YAML && (code == '"' || code == '\\')) {
            cret_buffer_printf(out, "\\%c", (int)code);
        } else if (quoting == CRET_QUOTE_YAML && (code == '\n' || code == '\t')) {
            cret_buffer_append(out, code == '\n' ? "\\n" : "\\t", 2);
        } else if (cret_code_visible(code) || (quoting == CRET_QUOTE_JSON && code < 0x20)) {
            cret_buffer_append(out, text, length);
        } else if (code <= 0xffff) {
            cret_buffer_printf(out, "\\u%04x", (unsigned)code);
        } else if (quoting == CRET_QUOTE_YAML) {
            cret_buffer_printf(out, "\\U%08x", (unsigned)code);
        } else {
            cret_buffer_printf(out, "\\u%04x\\u%04x", 0xd800u + (unsigned)((code - 0x10000) >> 10),
                               0xdc00u + (unsigned)((code - 0x10000) & 0x3ff));
        }
        text += length;
        size -= length;
    }
}

/* How many bytes from here on are plain: ASCII that is shown as it is. */
static size_t plain_prefix(const char *text)
{
    size_t size = 0;
    while (text[size] >= 0x20 && text[size] < 0x7f) {
        size++;
    }
    return size;
}

char *cret_text_escape(const char *text)
{
    struct cret_buffer out = {0};
    size_t size = strlen(text);
    cret_buffer_append(&out, "", 0);
    while (size > 0) {
        uint32_t code = 0;
        size_t length = plain_prefix(text);
        if (length > 0) {
            cret_buffer_append(&out, text, length);
        } else if ((length = cret_utf8_decode(&code, text, size)) > 0 && cret_code_visible(code)) {
            cret_buffer_append(&out, text, length);
        } else if (code == '\n' || code == '\t') {
            cret_buffer_append(&out, code == '\n' ? "\\n" : "\\t", 2);
        } else {
            length = length == 0 ? 1 : length;
            for (size_t i = 0; i < length; i++) {
                cret_buffer_printf(&out, "\\x%02x", (unsigned)(unsigned char)text[i]);
            }
        }
        text += length;
        size -= length;
    }
    if (out.failed) {
        cret_buffer_free(&out);
    }
    return out.data;
}

/* Makes room for `size` more bytes and the terminator. */
static bool buffer_reserve(struct cret_buffer *buffer, size_t size)
{
    if (buffer->failed) {
        return false;
    }
    if (size >= SIZE_MAX / 2 - buffer->size) {
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->size + size + 1;
    if (wanted <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < wanted) {
        capacity += capacity / 2;
    }
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void cret_buffer_append(struct cret_buffer *buffer, const void *data, size_t size)
{
    if (!buffer_reserve(buffer, size)) {
        return;
    }
    if (size > 0) {
        memcpy(buffer->data + buffer->size, data, size);
    }
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void cret_buffer_vprintf(struct cret_buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if (buffer_reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    va_end(again);
}

void cret_buffer_printf(struct cret_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cret_buffer_vprintf(buffer, format, arguments);
    va_end(arguments);
}

void cret_buffer_free(struct cret_buffer *buffer)
{
    if (buffer == NULL) {
        return;
    }
    free(buffer->data);
    memset(buffer, 0, sizeof(*buffer));
}

char *cret_buffer_take(struct cret_buffer *buffer)
{
    char *taken = NULL;
    if (!buffer->failed) {
        taken = buffer->data;
        buffer->data = NULL;
    }
    cret_buffer_free(buffer);
    return taken;
}

char *cret_text_printf(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length < 0 ? NULL : text;
}

const char *cret_plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}
