/* SPDX-License-Identifier: Apache-2.0 */
/* Words for the shells of Windows: one form that both take. */
#include <string.h>

#include "base/text/shell.h"
#include "base/text/text.h"

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
        return cret_buffer_take(&word);
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
    return cret_buffer_take(&word);
}
