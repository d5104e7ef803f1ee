/* SPDX-License-Identifier: Apache-2.0 */
/* Streams with a buffer, and a function or a descriptor that takes what they write. */
#include "base/system/os.h"

enum { STREAM_BYTES = 1 << 16 };

struct cret_compat_stream {
    int fd; /* where there is no function */
    void *cookie;
    cookie_io_functions_t functions;
    int mode;
    size_t used;
    bool failed;
    char buffer[STREAM_BYTES];
};

static FILE plain_in = {.fd = 0, .mode = _IONBF};
static FILE plain_out = {.fd = 1, .mode = _IONBF};
static FILE plain_err = {.fd = 2, .mode = _IONBF};
FILE *cret_compat_in = &plain_in;
FILE *cret_compat_out = &plain_out;
FILE *cret_compat_err = &plain_err;

FILE *cret_compat_cookie(void *cookie, const char *mode, cookie_io_functions_t functions)
{
    (void)mode;
    FILE *stream = calloc(1, sizeof(*stream));
    if (stream != NULL) {
        stream->cookie = cookie;
        stream->functions = functions;
        stream->mode = _IOFBF;
    }
    return stream;
}

int cret_compat_buffer(FILE *stream, char *buffer, int mode, size_t size)
{
    (void)buffer; /* it has one */
    (void)size;
    stream->mode = mode;
    return 0;
}

static bool pass_on(FILE *stream, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t count = (ssize_t)size;
        if (stream->functions.write != NULL) {
            count = stream->functions.write(stream->cookie, data, size);
        } else if (cret_os_write(stream->fd, data, size, NULL) != CRET_OK) {
            count = 0;
        }
        if (count <= 0) {
            stream->failed = true;
            return false;
        }
        data += count;
        size -= (size_t)count;
    }
    return true;
}

int cret_compat_flush(FILE *stream)
{
    const size_t size = stream->used;
    stream->used = 0;
    return pass_on(stream, stream->buffer, size) ? 0 : -1;
}

size_t cret_compat_write(const void *data, size_t size, size_t count, FILE *stream)
{
    const char *bytes = data;
    const size_t all = size * count;
    for (size_t left = all; left > 0;) {
        const size_t room = sizeof(stream->buffer) - stream->used;
        const size_t part = left < room ? left : room;
        memcpy(stream->buffer + stream->used, bytes, part);
        stream->used += part;
        bytes += part;
        left -= part;
        if (stream->used == sizeof(stream->buffer) && cret_compat_flush(stream) != 0) {
            return 0;
        }
    }
    const bool line = stream->mode == _IOLBF && memrchr(data, '\n', all) != NULL;
    if ((line || stream->mode == _IONBF) && cret_compat_flush(stream) != 0) {
        return 0;
    }
    return count;
}

int cret_compat_print_list(FILE *stream, const char *format, va_list list)
{
    char *text = NULL;
    const int size = vasprintf(&text, format, list);
    int result = -1;
    if (size >= 0) {
        result = cret_compat_write(text, 1, (size_t)size, stream) == (size_t)size ? size : -1;
        free(text);
    } else {
        stream->failed = true;
    }
    return result;
}

int cret_compat_print(FILE *stream, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int result = cret_compat_print_list(stream, format, list);
    va_end(list);
    return result;
}

int cret_compat_puts(const char *text, FILE *stream)
{
    const size_t size = strlen(text);
    return cret_compat_write(text, 1, size, stream) == size ? 0 : EOF;
}

int cret_compat_putc(int byte, FILE *stream)
{
    const char one = (char)byte;
    return cret_compat_write(&one, 1, 1, stream) == 1 ? byte : EOF;
}

int cret_compat_error(FILE *stream)
{
    return stream->failed ? 1 : 0;
}

void cret_compat_clear(FILE *stream)
{
    stream->failed = false;
}

void cret_compat_purge(FILE *stream)
{
    stream->used = 0;
}

char *cret_compat_gets(char *line, int size, FILE *stream)
{
    int used = 0;
    while (used + 1 < size) {
        size_t got = 0;
        if (cret_os_read(stream->fd, line + used, 1, &got, NULL) != CRET_OK) {
            stream->failed = true;
            return NULL;
        }
        if (got == 0) {
            break;
        }
        if (line[used++] == '\n') {
            break;
        }
    }
    line[used] = '\0';
    return used > 0 ? line : NULL;
}
