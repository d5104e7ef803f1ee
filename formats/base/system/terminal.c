/* SPDX-License-Identifier: Apache-2.0 */
/* Standard streams whose lines are made harmless and come whole. */
#include "base/system/terminal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "base/text/utf8.h"

enum { STREAM_BYTES = 1 << 16, CODE_BYTES = 4 };

/* One of the two. What a write cuts in the middle of a character, or of a line's end, waits for the
 * next one. */
struct stream {
    int fd;
    char rest[CODE_BYTES];
    size_t rest_size;
};

static struct stream streams[] = {{.fd = 1}, {.fd = 2}};

/* Whether these bytes begin a character that more bytes would complete. */
static bool incomplete(const char *text, size_t size)
{
    const unsigned char lead = (unsigned char)text[0];
    const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (lead > 0xf4 || size >= length) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            return false;
        }
    }
    return true;
}

/* Appends what is safe of it; returns how many bytes are left at the end. */
static size_t append_safe(struct cret_buffer *out, const char *text, size_t size)
{
    size_t plain = 0; /* bytes that are passed on as they are, before `text` */
    while (size > 0) {
        uint32_t code = 0;
        if (text[0] >= 0x20 && text[0] < 0x7f) { /* as most of them */
            plain++;
            text++;
            size--;
            continue;
        }
        const size_t length = cret_utf8_decode(&code, text, size);
        if (length > 0 && (cret_code_visible(code) || code == '\n' || code == '\t')) {
            plain += length;
            text += length;
            size -= length;
            continue;
        }
        if (text[0] == '\r' && size > 1 && text[1] == '\n') {
            plain += 2; /* a line's end (RFC 4180): nothing is written over */
            text += 2;
            size -= 2;
            continue;
        }
        cret_buffer_append(out, text - plain, plain);
        plain = 0;
        if ((length == 0 && incomplete(text, size)) || (text[0] == '\r' && size == 1)) {
            return size;
        }
        for (size_t i = 0; i < (length == 0 ? 1 : length); i++) {
            cret_buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)text[i]);
        }
        size -= length == 0 ? 1 : length;
        text += length == 0 ? 1 : length;
    }
    cret_buffer_append(out, text - plain, plain);
    return 0;
}

static ssize_t write_stream(void *cookie, const char *data, size_t size)
{
    struct stream *stream = cookie;
    struct cret_buffer in = {0}, out = {0};
    ssize_t written = 0; /* stdio's word for an error */
    const bool noted = cret_fault_noted();
    if (stream == &streams[1] && !cret_fault_noted()) {
        fflush(stdout); /* what was printed before comes before */
    }
    cret_buffer_append(&in, stream->rest, stream->rest_size);
    cret_buffer_append(&in, data, size);
    if (!in.failed) {
        const size_t left = append_safe(&out, in.data, in.size);
        /* An answer that memory ran out over is not shown: whoever prints it hears of that. */
        const bool fresh = stream == &streams[0] && !noted && cret_fault_noted();
        if (!out.failed && !fresh &&
            cret_os_write(stream->fd, out.data, out.size, NULL) == CRET_OK) {
            memcpy(stream->rest, in.data + in.size - left, left);
            stream->rest_size = left;
            written = (ssize_t)size;
        }
    }
    cret_buffer_free(&in);
    cret_buffer_free(&out);
    return written;
}

enum cret_status cret_terminal_begin(void)
{
    const cookie_io_functions_t functions = {.write = write_stream};
    FILE *out = fopencookie(&streams[0], "w", functions);
    FILE *err = fopencookie(&streams[1], "w", functions);
    /* What nobody has seen can be taken back after a fault; a terminal shows each line. */
    static char page[STREAM_BYTES];
    const int mode = cret_os_is_terminal(streams[0].fd) ? _IOLBF : _IOFBF;
    if (out == NULL || err == NULL || setvbuf(out, page, mode, sizeof(page)) != 0 ||
        setvbuf(err, NULL, _IOLBF, STREAM_BYTES) != 0) {
        return CRET_FAILED;
    }
    stdout = out;
    stderr = err;
    return CRET_OK;
}

void cret_terminal_status(const char *text)
{
    static const char clear[] = "\r\033[K";
    char *safe = text != NULL ? cret_text_escape(text) : NULL;
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s%s", clear, safe != NULL ? safe : "");
    fflush(stderr);
    if (!line.failed && cret_os_write(streams[1].fd, line.data, line.size, NULL) != CRET_OK) {
        /* progress only: what matters is printed elsewhere, and noticed there */
        line.failed = true;
    }
    cret_buffer_free(&line);
    free(safe);
}

size_t cret_terminal_columns(void)
{
    const char *wanted = cret_os_environment("COLUMNS");
    char *end = NULL;
    const unsigned long columns = wanted != NULL ? strtoul(wanted, &end, 10) : 0;
    return columns > 0 && *end == '\0' ? columns : cret_os_columns(streams[0].fd);
}

size_t cret_terminal_rows(const FILE *stream)
{
    return cret_os_rows(streams[stream == stderr ? 1 : 0].fd);
}

static bool plain;

void cret_terminal_plain(void)
{
    plain = true;
}

bool cret_terminal_colours(const FILE *stream)
{
    const char *unwanted = cret_os_environment("NO_COLOR"), *term = cret_os_environment("TERM");
    return !plain && cret_os_is_terminal(streams[stream == stderr ? 1 : 0].fd) &&
           (unwanted == NULL || unwanted[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

void cret_terminal_colour(FILE *stream, enum cret_colour colour)
{
    static const char *const codes[] = {
        [CRET_COLOUR_NONE] = "\033[0m",
        [CRET_COLOUR_GREEN] = "\033[1;32m",
        [CRET_COLOUR_YELLOW] = "\033[1;33m",
        [CRET_COLOUR_RED] = "\033[1;31m",
    };
    if (!cret_terminal_colours(stream)) {
        return;
    }
    /* A line that cannot be written is noticed when its text is. */
    fflush(stream);
    if (cret_os_write(streams[stream == stderr ? 1 : 0].fd, codes[colour], strlen(codes[colour]),
                      NULL) != CRET_OK) {
        plain = true;
    }
}
