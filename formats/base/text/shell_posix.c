/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a POSIX shell. */
#include <string.h>

#include "base/text/shell.h"
#include "base/text/text.h"

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
    return cret_buffer_take(&word);
}
