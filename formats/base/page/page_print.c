/* SPDX-License-Identifier: Apache-2.0 */
/* Pages on the terminal: the sink that prints. */
#include "base/page/page_print.h"

#include <stdlib.h>

#include "base/finding/fault.h"
#include "base/page/page_text.h"
#include "base/system/terminal.h"
#include "base/text/text.h"

enum { NARROWEST = 40 };

/* A change of tone, before the byte at `place`. */
struct turn {
    size_t place;
    enum cret_tone tone;
};

struct printed {
    struct cret_buffer text;
    struct turn *turns;
    size_t count, capacity;
};

static void collect_text(void *context, const char *text, size_t size)
{
    struct printed *printed = context;
    cret_buffer_append(&printed->text, text, size);
}

static void collect_tone(void *context, enum cret_tone tone)
{
    struct printed *printed = context;
    if (printed->count == printed->capacity) {
        const size_t capacity = printed->capacity == 0 ? 16 : printed->capacity * 2;
        struct turn *turns = reallocarray(printed->turns, capacity, sizeof(*turns));
        if (turns == NULL) {
            printed->text.failed = true;
            return;
        }
        printed->turns = turns;
        printed->capacity = capacity;
    }
    printed->turns[printed->count++] = (struct turn){printed->text.size, tone};
}

static void print_all(FILE *stream, const struct printed *printed)
{
    static const enum cret_colour colours[] = {
        [CRET_TONE_PLAIN] = CRET_COLOUR_NONE,
        [CRET_TONE_GOOD] = CRET_COLOUR_GREEN,
        [CRET_TONE_CAUTION] = CRET_COLOUR_YELLOW,
        [CRET_TONE_BAD] = CRET_COLOUR_RED,
    };
    size_t place = 0;
    for (size_t i = 0; i < printed->count; i++) {
        fwrite(printed->text.data + place, 1, printed->turns[i].place - place, stream);
        place = printed->turns[i].place;
        cret_terminal_colour(stream, colours[printed->turns[i].tone]);
    }
    if (printed->text.size > place) {
        fwrite(printed->text.data + place, 1, printed->text.size - place, stream);
    }
}

static size_t count_lines(const struct cret_buffer *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->size; i++) {
        lines += text->data[i] == '\n' ? 1u : 0u;
    }
    return lines;
}

static size_t columns_here(void)
{
    const size_t columns = cret_terminal_columns();
    return columns == 0 ? CRET_PAGE_WIDTH : columns < NARROWEST ? NARROWEST : columns;
}

size_t cret_page_lines(const struct cret_page *page)
{
    struct printed printed = {0};
    const struct cret_page_sink sink = {.text = collect_text, .context = &printed};
    cret_page_write_text(page, columns_here(), &sink);
    const size_t lines = count_lines(&printed.text);
    cret_buffer_free(&printed.text);
    return lines;
}

bool cret_page_print(FILE *stream, const struct cret_page *page)
{
    struct printed printed = {0};
    const bool noted = cret_fault_noted();
    const struct cret_page_sink sink = {
        .text = collect_text,
        .tone = cret_terminal_colours(stream) ? collect_tone : NULL,
        .context = &printed,
    };
    const size_t columns = columns_here();
    cret_page_write_text(page, columns, &sink);
    /* Where the first line is scrolled away, the verdict is the last one too. */
    const size_t rows = cret_terminal_rows(stream);
    if (rows > 0 && count_lines(&printed.text) >= rows) {
        cret_page_write_verdict(page, columns, &sink);
    }
    const bool whole =
        !cret_page_failed(page) && !printed.text.failed && (noted || !cret_fault_noted());
    if (whole) {
        print_all(stream, &printed);
    }
    free(printed.turns);
    cret_buffer_free(&printed.text);
    return whole;
}
