/* SPDX-License-Identifier: Apache-2.0 */
/* Pages on the terminal: the sink that prints. */
#include "base/page/page_print.h"

#include "base/page/page_text.h"
#include "base/system/terminal.h"

enum { NARROWEST = 40 };

static void print_text(void *context, const char *text, size_t size)
{
    fwrite(text, 1, size, context);
}

static void print_tone(void *context, enum cret_tone tone)
{
    static const enum cret_colour colours[] = {
        [CRET_TONE_PLAIN] = CRET_COLOUR_NONE,
        [CRET_TONE_GOOD] = CRET_COLOUR_GREEN,
        [CRET_TONE_CAUTION] = CRET_COLOUR_YELLOW,
        [CRET_TONE_BAD] = CRET_COLOUR_RED,
    };
    cret_terminal_colour(context, colours[tone]);
}

void cret_page_print(FILE *stream, const struct cret_page *page)
{
    const struct cret_page_sink sink = {.text = print_text, .tone = print_tone, .context = stream};
    size_t columns = cret_terminal_columns();
    if (columns == 0) {
        columns = CRET_PAGE_WIDTH;
    }
    cret_page_write_text(page, columns < NARROWEST ? NARROWEST : columns, &sink);
}
