/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a table: CSV, JSON, a page. */
#include <stdlib.h>
#include <string.h>

#include "base/page/escape.h"
#include "base/page/page_html.h"
#include "base/text/json.h"
#include "verifier/export/sheet.h"
#include "verifier/report/pieces.h"

/* What every row of CSV is said of. */
static const struct cret_sheet_column release_columns[] = {
    {"verification", "Verification"}, {"vendor", "Vendor"}, {"product", "Product"},
    {"version", "Version"},           {"file", "File"},     {NULL, NULL}};

static enum cret_status settle(const struct cret_buffer *out, struct cret_err *err)
{
    return out->failed ? cret_err_memory(err) : CRET_OK;
}

/* A value as a text, never NULL in *text. */
static void value_text(struct cret_buffer *text, const json_t *value)
{
    cret_buffer_append(text, "", 0);
    cret_piece_value(text, value);
}

static void csv_field(struct cret_buffer *out, const json_t *value, bool first)
{
    struct cret_buffer text = {0};
    value_text(&text, value);
    cret_buffer_append(out, ",", first ? 0 : 1);
    if (text.failed) {
        out->failed = true;
    } else {
        cret_escape_csv(out, text.data);
    }
    cret_buffer_free(&text);
}

static void csv_names(struct cret_buffer *out, const struct cret_sheet_column *columns)
{
    for (; columns->key != NULL; columns++) {
        cret_escape_csv(out, columns->name);
        cret_buffer_append(out, ",", 1);
    }
}

/* The note takes the last column: a release without rows is a row all the same, so that nothing of
 * it is lost in silence. */
static void csv_row(struct cret_buffer *out, const struct cret_sheet *sheet, const json_t *release,
                    const json_t *row)
{
    for (size_t i = 0; release_columns[i].key != NULL; i++) {
        csv_field(out, json_object_get(release, release_columns[i].key), i == 0);
    }
    for (const struct cret_sheet_column *column = sheet->columns; column->key != NULL; column++) {
        csv_field(out, json_object_get(row, column->key), false);
    }
    csv_field(out, row == NULL ? json_object_get(release, "note") : NULL, false);
    cret_buffer_append(out, "\r\n", 2);
}

enum cret_status cret_sheet_csv(struct cret_buffer *out, const struct cret_sheet *sheet,
                                const json_t *releases, struct cret_err *err)
{
    csv_names(out, release_columns);
    csv_names(out, sheet->columns);
    cret_escape_csv(out, "Note");
    cret_buffer_append(out, "\r\n", 2);
    CRET_JSON_EACH (release, releases) {
        const json_t *rows = json_object_get(release, "rows");
        CRET_JSON_EACH (row, rows) {
            csv_row(out, sheet, release, row);
        }
        if (json_array_size(rows) == 0) {
            csv_row(out, sheet, release, NULL);
        }
    }
    return settle(out, err);
}

enum cret_status cret_sheet_json(struct cret_buffer *out, const struct cret_sheet *sheet,
                                 const json_t *releases, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    json_t *json = json_pack("{s:s, s:s, s:O}", "cretula", "export/1", "kind", sheet->name,
                             "releases", releases);
    if (json == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_json_print(&text, &size, json, err);
    json_decref(json);
    if (status == CRET_OK) {
        cret_buffer_quoted(out, text, CRET_QUOTE_JSON);
    }
    free(text);
    return status == CRET_OK ? settle(out, err) : CRET_FAILED;
}

/* A cell or a row of the page; label NULL: a cell. */
static void page_value(struct cret_page *page, const char *label, const json_t *value)
{
    struct cret_buffer text = {0};
    value_text(&text, value);
    const char *said = text.failed ? "?" : text.data;
    if (label == NULL) {
        cret_page_cell(page, "%s", said);
    } else {
        cret_page_row(page, label, "%s", said);
    }
    cret_buffer_free(&text);
}

/* As many columns as a page takes make a table; more are said one below the other. */
static void page_rows(struct cret_page *page, const struct cret_sheet *sheet, const json_t *rows)
{
    struct cret_page_column heads[CRET_SHEET_COLUMNS];
    size_t count = 0;
    for (; count < CRET_SHEET_COLUMNS && sheet->columns[count].key != NULL; count++) {
        heads[count] = (struct cret_page_column){.name = sheet->columns[count].name};
    }
    const bool table = count <= 8;
    if (table) {
        cret_page_table(page, heads, count);
    }
    CRET_JSON_EACH (row, rows) {
        for (size_t i = 0; i < count; i++) {
            page_value(page, table ? NULL : heads[i].name,
                       json_object_get(row, sheet->columns[i].key));
        }
    }
}

static void page_release(struct cret_page *page, const struct cret_sheet *sheet,
                         const json_t *release)
{
    const bool verified = cret_json_boolean(release, "verified", false);
    char *heading = cret_text_printf(
        "%s%s %s %s", verified ? "" : "UNVERIFIED: ", cret_piece_text(release, "vendor"),
        cret_piece_text(release, "product"), cret_piece_text(release, "version"));
    cret_page_section(page, "%s", heading != NULL ? heading : "");
    cret_page_toned(page, verified ? CRET_TONE_PLAIN : CRET_TONE_CAUTION, "verification", "%s",
                    cret_piece_text(release, "verification"));
    cret_page_row(page, "file", "%s", cret_piece_text(release, "file"));
    cret_page_row(page, "identity", "%s", cret_piece_text(release, "identity"));
    if (json_object_get(release, "note") != NULL) {
        cret_page_paragraph(page, "%s", cret_piece_text(release, "note"));
    } else {
        page_rows(page, sheet, json_object_get(release, "rows"));
    }
    free(heading);
}

enum cret_status cret_sheet_html(struct cret_buffer *out, const struct cret_sheet *sheet,
                                 const json_t *releases, struct cret_err *err)
{
    const struct cret_page_html options = {.title = sheet->title};
    struct cret_page *page = cret_page_new();
    size_t unverified = 0;
    CRET_JSON_EACH (release, releases) {
        unverified += !cret_json_boolean(release, "verified", false);
    }
    cret_page_verdict(page, unverified > 0 ? CRET_TONE_CAUTION : CRET_TONE_PLAIN,
                      unverified > 0 ? "UNVERIFIED" : "VERIFIED", "%s", sheet->title);
    CRET_JSON_EACH (release, releases) {
        page_release(page, sheet, release);
    }
    const enum cret_status status = cret_page_html(out, page, &options, err);
    cret_page_free(&page);
    return status == CRET_OK ? settle(out, err) : CRET_FAILED;
}
