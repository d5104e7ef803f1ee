/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/page/escape.h"
#include "base/page/page.h"
#include "base/page/page_html.h"
#include "base/page/page_text.h"
#include "base/text/unicode.h"

#define LONG_WORD "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

static void collect(void *context, const char *text, size_t size)
{
    cret_buffer_append(context, text, size);
}

/* The page as text; frees it. */
static char *text_of(struct cret_page **page, size_t width)
{
    struct cret_buffer out = {0};
    const struct cret_page_sink sink = {.text = collect, .context = &out};
    cret_page_write_text(*page, width, &sink);
    cret_page_free(page);
    cr_assert_not(out.failed);
    return out.data;
}

static void expect_text(struct cret_page *page, size_t width, const char *expected)
{
    char *text = text_of(&page, width);
    cr_expect_str_eq(text, expected);
    free(text);
}

Test(page, rows_wrap_between_words_beside_their_label)
{
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_GOOD, "ACCEPTED", "Example Gateway 3.2.0");
    cret_page_qualify(page, "as of %d", 2031);
    cret_page_row(page, "brings", "%s", "two fixes, and a restart of the machine");
    cret_page_row(page, "empty", "%s", "");
    cret_page_row(page, "signed with", "%s", LONG_WORD);
    cret_page_command(page, "next", "cretula-verify extract 'a b' --to 'somewhere else'");
    cret_page_paragraph(page, "One line.\nAnother line of words.");
    expect_text(page, 40,
                "ACCEPTED: Example Gateway 3.2.0  [as of\n"
                "    2031]\n"
                "  brings      two fixes, and a restart\n"
                "              of the machine\n"
                "  signed with\n"
                "    " LONG_WORD "\n"
                "  next        cretula-verify extract 'a b' --to 'somewhere else'\n"
                "  One line.\n"
                "  Another line of words.\n");
}

Test(page, a_text_of_others_cannot_make_a_line_of_its_own)
{
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_BAD, "REFUSED", "x\nACCEPTED: y");
    cret_page_row(page, "file", "%s", "a\nACCEPTED: b\n  next        rm\033[2J");
    expect_text(page, 80,
                "REFUSED: x\\nACCEPTED: y\n"
                "  file        a\n"
                "              ACCEPTED: b\n"
                "                next        rm\\x1b[2J\n");
}

Test(page, tables_fit_and_keep_their_words)
{
    static const struct cret_page_column columns[] = {
        {.name = "line", .number = true}, {.name = "what"}, {.name = "when"}};
    struct cret_page *page = cret_page_new();
    cret_page_section(page, "Journal");
    cret_page_table(page, columns, 3);
    cret_page_cell(page, "%d", 7);
    cret_page_cell(page, "%s", "a long text that has to be broken somewhere");
    cret_page_cell(page, "%s", "2026");
    cret_page_cell(page, "%d", 12);
    cret_page_cell(page, "%s", "短い");
    cret_page_cell(page, "%s", "2027");
    expect_text(page, 40,
                "Journal\n"
                "  line  what                        when\n"
                "     7  a long text that has to be  2026\n"
                "        broken somewhere\n"
                "    12  短い                        2027\n");
}

/* Where not all columns fit, those of the longest words leave the row; never the first. */
Test(page, what_has_no_place_in_a_row_stands_below_it)
{
    static const struct cret_page_column columns[] = {
        {.name = "file"}, {.name = "bytes", .number = true}, {.name = "SHA-256"}, {.name = "role"}};
    struct cret_page *page = cret_page_new();
    cret_page_table(page, columns, 4);
    for (int i = 0; i < 2; i++) {
        cret_page_cell(page, "%s", i == 0 ? "a/long/path/to/a/file" : "b");
        cret_page_cell(page, "%d", 7);
        cret_page_cell(page, "%s", i == 0 ? LONG_WORD : "");
        cret_page_cell(page, "%s", "firmware");
    }
    expect_text(page, 46,
                "  file                   bytes  role\n"
                "  a/long/path/to/a/file      7  firmware\n"
                "    SHA-256:\n"
                "    " LONG_WORD "\n"
                "  b                          7  firmware\n");
}

/* A word that fits into a line, but not beside its label, is carried on further left. */
Test(page, a_word_that_has_no_place_beside_its_label)
{
    struct cret_page *page = cret_page_new();
    cret_page_row(page, "address", "%s", "see https://example.com/a/long/way/on");
    cret_page_row(page, "no", "%s", "https://example.com/a/long/way/on");
    expect_text(page, 40,
                "  address     see\n"
                "    https://example.com/a/long/way/on\n"
                "  no\n"
                "    https://example.com/a/long/way/on\n");
}

Test(page, columns_of_characters)
{
    cr_expect_eq(cret_unicode_columns("abc", 3), 3);
    cr_expect_eq(cret_unicode_columns("短い", strlen("短い")), 4);
    cr_expect_eq(cret_unicode_columns("e\xcc\x81", 3), 1);
    cr_expect_eq(cret_unicode_columns("\xff", 1), 1);
}

Test(page, a_page_that_failed_shows_nothing_else)
{
    struct cret_err err = {0};
    struct cret_buffer out = {0};
    const struct cret_page_html options = {.title = "t"};
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_GOOD, "ACCEPTED", "x");
    cret_page_table(page, NULL, 0);
    cr_assert(cret_page_failed(page));
    cr_expect_eq(cret_page_html(&out, page, &options, &err), CRET_FAILED);
    cr_expect_eq(out.size, 0);
    expect_text(page, 80, "this page could not be made: out of memory\n");
    cret_page_row(NULL, "a", "%s", "b");
    cr_expect(cret_page_failed(NULL));
    expect_text(NULL, 80, "this page could not be made: out of memory\n");
}

static char *html_of(struct cret_page *page, const struct cret_page_html *options)
{
    struct cret_err err = {0};
    struct cret_buffer out = {0};
    cr_assert_eq(cret_page_html(&out, page, options, &err), CRET_OK);
    cret_page_free(&page);
    return out.data;
}

Test(page, nothing_of_others_is_markup)
{
    static const char hostile[] = "</style><script>alert(1)</script>\"'&\033\xe2\x80\xae";
    static const struct cret_page_column columns[] = {{.name = "a<b"}};
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_BAD, hostile, "%s", hostile);
    cret_page_qualify(page, "%s", hostile);
    cret_page_section(page, "%s", hostile);
    cret_page_row(page, hostile, "%s", hostile);
    cret_page_command(page, hostile, hostile);
    cret_page_paragraph(page, "%s", hostile);
    cret_page_table(page, columns, 1);
    cret_page_cell(page, "%s", hostile);
    const struct cret_page_attachment data = {
        .id = "record", .data = (const uint8_t *)"<a>", .size = 3};
    const struct cret_page_html options = {.title = hostile,
                                           .footer = hostile,
                                           .decision = true,
                                           .attachments = &data,
                                           .attachment_count = 1};
    char *html = html_of(page, &options);
    cr_expect_null(strstr(html, "<script"));
    cr_expect_null(strchr(html, '\033'));
    cr_expect_null(strstr(html, "\xe2\x80\xae"));
    const char *end = strstr(html, "</style>");
    cr_assert_not_null(end);
    cr_expect_null(strstr(end + 1, "</style>"), "only our own style ends");
    cr_expect_not_null(strstr(html,
                              "&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"
                              "\\x1b\\xe2\\x80\\xae"));
    cr_expect_not_null(strstr(html, "<data id=\"record\" hidden value=\"PGE+\"></data>"));
    cr_expect_not_null(strstr(html, "default-src 'none'; style-src 'sha256-"));
    cr_expect_not_null(strstr(html, "Decision of the board"));
    free(html);
}

Test(page, fields_of_csv_are_no_formulas)
{
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"plain", "\"plain\""},
        {"a \"b\", c", "\"a \"\"b\"\", c\""},
        {"=HYPERLINK(1)", "\"'=HYPERLINK(1)\""},
        {"  +1", "\"'  +1\""},
        {"-1", "\"-1\""},
        {"-0.25", "\"-0.25\""},
        {"-1+2", "\"'-1+2\""},
        {"-1.x", "\"'-1.x\""},
        {"-.5", "\"'-.5\""},
        {"--1", "\"'--1\""},
        {"+1", "\"'+1\""},
        {"@x", "\"'@x\""},
        {"\t=1", "\"'\\t=1\""},
        {"\n=1", "\"'\\n=1\""},
        {"\xef\xbc\x9d"
         "1",
         "\"'\xef\xbc\x9d"
         "1\""},
        {"a\x1b"
         "b",
         "\"a\\x1bb\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_buffer out = {0};
        cret_escape_csv(&out, rows[i].text);
        cr_expect_str_eq(out.data, rows[i].field);
        cret_buffer_free(&out);
    }
}
