/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting words of a command that is printed to be pasted. */
#include "base/text/shell.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"

static char *taken(struct cret_buffer *buffer)
{
    if (buffer->failed) {
        cret_buffer_free(buffer);
        return NULL;
    }
    return buffer->data;
}

/* In single quotes nothing is special but their end. */
static void quote(struct cret_buffer *word, const char *text)
{
    cret_buffer_append(word, "'", 1);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            cret_buffer_append(word, "'\\''", 4);
        } else {
            cret_buffer_append(word, text, 1);
        }
    }
    cret_buffer_append(word, "'", 1);
}

/* Every byte beyond printable ASCII, and what ends the quotes, as \xNN. */
static void quote_bytes(struct cret_buffer *word, const char *text)
{
    cret_buffer_append(word, "$'", 2);
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte > 0x7e || byte == '\'' || byte == '\\') {
            cret_buffer_printf(word, "\\x%02x", byte);
        } else {
            cret_buffer_append(word, text, 1);
        }
    }
    cret_buffer_append(word, "'", 1);
}

char *cret_shell_word_posix(const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+:,@%-";
    const size_t size = strlen(text);
    struct cret_buffer word = {0};
    if (!cret_utf8_valid(text, size) || !cret_text_visible(text)) {
        quote_bytes(&word, text);
    } else if (size == 0 || strspn(text, plain) != size) {
        quote(&word, text);
    } else {
        cret_buffer_append(&word, text, size);
    }
    return taken(&word);
}

/* PowerShell takes typographic quotation marks for the plain ones. */
static bool is_quotation_mark(const char *text)
{
    static const char *const marks[] = {"\"",           "\xe2\x80\x98", "\xe2\x80\x99",
                                        "\xe2\x80\x9a", "\xe2\x80\x9b", "\xe2\x80\x9c",
                                        "\xe2\x80\x9d", "\xe2\x80\x9e"};
    for (size_t i = 0; i < CRET_LENGTH(marks); i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0) {
            return true;
        }
    }
    return false;
}

char *cret_shell_word_windows(const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./\\+:-";
    const size_t size = strlen(text);
    const bool shown = cret_utf8_valid(text, size) && cret_text_visible(text);
    struct cret_buffer word = {0};
    if (size != 0 && strspn(text, plain) == size) {
        cret_buffer_append(&word, text, size);
        return taken(&word);
    }
    cret_buffer_append(&word, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)text[i];
        const bool kept = byte > 0x7e ? shown : byte >= 0x20 && strchr("$`%", byte) == NULL;
        if (!kept || is_quotation_mark(text + i)) {
            cret_buffer_append(&word, "?", 1);
            while (shown && ((unsigned char)text[i + 1] & 0xc0) == 0x80) {
                i++; /* the rest of its character */
            }
        } else {
            cret_buffer_append(&word, text + i, 1);
        }
    }
    /* Backslashes before the last quote would keep it: each is doubled (CommandLineToArgvW). */
    for (size_t i = size; i > 0 && text[i - 1] == '\\'; i--) {
        cret_buffer_append(&word, "\\", 1);
    }
    cret_buffer_append(&word, "\"", 1);
    return taken(&word);
}

char *cret_shell_word(const char *text)
{
    return cret_os_shell_is_posix ? cret_shell_word_posix(text) : cret_shell_word_windows(text);
}

char *cret_shell_file(const char *path)
{
    if (path[0] != '-' || path[1] == '\0') {
        return cret_shell_word(path);
    }
    char *relative = cret_text_printf("./%s", path);
    char *word = relative != NULL ? cret_shell_word(relative) : NULL;
    free(relative);
    return word;
}

void cret_shell_fill(struct cret_buffer *out, const char *text, const char *path)
{
    char *word = cret_shell_file(path);
    const char *place = NULL;
    while ((place = strstr(text, "{}")) != NULL) {
        cret_buffer_append(out, text, (size_t)(place - text));
        cret_buffer_printf(out, "%s", word != NULL ? word : "...");
        text = place + 2;
    }
    cret_buffer_printf(out, "%s", text);
    free(word);
}

enum cret_status cret_err_hint_file(struct cret_err *err, const char *text, const char *path)
{
    struct cret_buffer hint = {0};
    cret_shell_fill(&hint, text, path);
    if (!hint.failed) {
        cret_err_hint(err, "%s", hint.data);
    }
    cret_buffer_free(&hint);
    return CRET_FAILED;
}
