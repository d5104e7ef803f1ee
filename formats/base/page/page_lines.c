/* SPDX-License-Identifier: Apache-2.0 */
/* Words into lines: never one broken inside. */
#include "base/page/page_lines.h"

#include <string.h>

#include "base/text/unicode.h"

enum { LEFTMOST = 4 /* where words go on that have no place beside a label */ };

void cret_lines_put(struct cret_lines *lines, const char *text, size_t size)
{
    if (size == 0) {
        return;
    }
    const size_t owed = text[0] == '\n' ? 0 : lines->owed;
    lines->owed = 0;
    for (size_t i = 0; i < owed; i++) {
        lines->sink->text(lines->sink->context, " ", 1);
    }
    lines->sink->text(lines->sink->context, text, size);
}

void cret_lines_spaces(struct cret_lines *lines, size_t count)
{
    lines->owed += count;
}

void cret_lines_tone(struct cret_lines *lines, enum cret_tone tone)
{
    if (lines->sink->tone != NULL) {
        for (; lines->owed > 0; lines->owed--) {
            lines->sink->text(lines->sink->context, " ", 1);
        }
        lines->sink->tone(lines->sink->context, tone);
    }
}

size_t cret_lines_bytes(const char *text, size_t width)
{
    size_t taken = 0, place = 0, columns = 0;
    for (;;) {
        const size_t blank = strspn(text + place, " ");
        const size_t word = strcspn(text + place + blank, " ");
        if (word == 0) {
            return taken;
        }
        const size_t end = place + blank + word;
        columns += cret_unicode_columns(text + place, end - place);
        if (taken > 0 && columns > width) {
            return taken;
        }
        taken = place = end;
    }
}

size_t cret_lines_longest(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        const size_t size = strcspn(text, " ");
        const size_t columns = cret_unicode_columns(text, size);
        longest = columns > longest ? columns : longest;
        text += size;
        text += strspn(text, " ");
    }
    return longest;
}

void cret_lines_wrapped(struct cret_lines *lines, const char *text, size_t column, size_t hang)
{
    if (hang > LEFTMOST && hang + cret_lines_longest(text) > lines->width) {
        hang = LEFTMOST;
    }
    for (bool first = true; first || *text != '\0'; first = false) {
        const size_t room = lines->width > column ? lines->width - column : 1;
        size_t size = cret_lines_bytes(text, room);
        if (first && column > hang && cret_unicode_columns(text, size) > room) {
            size = 0;
        }
        if (!first) {
            cret_lines_put(lines, "\n", 1);
            cret_lines_spaces(lines, hang);
            size = cret_lines_bytes(text, lines->width > hang ? lines->width - hang : 1);
        }
        cret_lines_put(lines, text, size);
        text += size;
        text += strspn(text, " ");
        column = hang;
    }
}
