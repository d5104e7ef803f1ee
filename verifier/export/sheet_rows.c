/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a table, taken out of what a release says. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "verifier/export/sheet.h"
#include "verifier/report/pieces.h"

/* What a single path names. */
static const json_t *at(const json_t *entry, const char *path)
{
    if (strcmp(path, ".") == 0) {
        return entry;
    }
    return json_is_object(entry) && path[0] != '\0' ? cret_json_get(entry, path) : NULL;
}

/* Several values in one text. NULL: memory. */
static json_t *joined(const json_t *entry, const char *paths)
{
    struct cret_buffer text = {0};
    char *copy = strdup(paths), *rest = NULL;
    if (copy == NULL) {
        return NULL;
    }
    cret_buffer_append(&text, "", 0);
    for (char *path = strtok_r(copy, " ", &rest); path != NULL; path = strtok_r(NULL, " ", &rest)) {
        const json_t *value = at(entry, path);
        if (value != NULL) {
            cret_buffer_printf(&text, text.size > 0 ? " " : "");
            cret_piece_value(&text, value);
        }
    }
    free(copy);
    json_t *value = text.failed     ? NULL
                    : text.size > 0 ? json_stringn(text.data, text.size)
                                    : json_null();
    cret_buffer_free(&text);
    return value;
}

/* The value of a cell; JSON null where there is none. New reference; NULL: memory. */
static json_t *cell(const json_t *entry, const char *path)
{
    const char *fallback = strchr(path, '?');
    char *paths = strndup(path, fallback != NULL ? (size_t)(fallback - path) : strlen(path));
    if (paths == NULL) {
        return NULL;
    }
    const bool several = strchr(paths, ' ') != NULL;
    const json_t *one = several ? NULL : at(entry, paths);
    json_t *value = several       ? joined(entry, paths)
                    : one != NULL ? json_deep_copy(one)
                                  : json_null();
    free(paths);
    if (json_is_null(value) && fallback != NULL) {
        value = json_string(fallback + 1);
    }
    return value;
}

static void add_row(struct cret_build *rows, const struct cret_sheet *sheet,
                    const struct cret_sheet_part *part, const json_t *entry)
{
    struct cret_build row = cret_build_object();
    const struct cret_sheet_column *column = sheet->columns;
    if (part->wanted != NULL && !part->wanted(entry)) {
        json_decref(cret_build_end(&row));
        return;
    }
    if (part->kind != NULL) {
        cret_build_string(&row, column->key, part->kind);
        column++;
    }
    for (size_t i = 0; column->key != NULL; i++, column++) {
        if (part->paths[i] != NULL) {
            cret_build_put(&row, column->key, cell(entry, part->paths[i]));
        }
    }
    cret_build_add(rows, cret_build_end(&row));
}

static void add_part(struct cret_build *rows, const struct cret_sheet *sheet,
                     const struct cret_sheet_part *part, const json_t *facts)
{
    const json_t *member = part->member[0] == '\0' ? facts : cret_json_get(facts, part->member);
    if (!json_is_array(member)) {
        if (member != NULL) {
            add_row(rows, sheet, part, member);
        }
        return;
    }
    CRET_JSON_EACH (entry, member) {
        add_row(rows, sheet, part, entry);
    }
}

json_t *cret_sheet_rows(const struct cret_sheet *sheet, const json_t *facts)
{
    struct cret_build release = cret_build_object(), rows = cret_build_list();
    cret_build_share(&release, "file", json_object_get(facts, "file"));
    cret_build_share(&release, "verification", json_object_get(facts, "verification"));
    cret_build_share(&release, "verified", json_object_get(facts, "verified"));
    cret_build_share(&release, "vendor", cret_json_get(facts, "product.vendor"));
    cret_build_share(&release, "product", cret_json_get(facts, "product.name"));
    cret_build_share(&release, "version", cret_json_get(facts, "release.version"));
    cret_build_share(&release, "identity", json_object_get(facts, "identity"));
    json_t *derived = sheet->derive != NULL ? sheet->derive(facts) : NULL;
    rows.failed |= sheet->derive != NULL && derived == NULL;
    for (const struct cret_sheet_part *part = sheet->parts; part->member != NULL; part++) {
        add_part(&rows, sheet, part, derived != NULL ? derived : facts);
    }
    json_decref(derived);
    if (json_array_size(rows.json) == 0) {
        cret_build_string(&release, "note", sheet->nothing);
    }
    cret_build_put(&release, "rows", cret_build_end(&rows));
    return cret_build_end(&release);
}
