/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up. Rows are whatever stands in the file: texts are checked before they are handed
 * out, and every one of them is somebody's claim. */
#include <string.h>

#include "base/text/text.h"
#include "verifier/catalogue/catalogue_internal.h"

#define SOURCE_COLUMNS                                                                             \
    "s.id, s.kind, s.path, s.size, s.modified, s.identity, s.vendor, s.product, s.version,"        \
    " s.sequence, s.verdict, s.verified, s.policy, s.policy_sha256, s.as_of, s.example_keys,"      \
    " s.added"
enum { AFTER_SOURCE = 17 };
#define ITEM_COLUMNS ", i.kind, i.path, i.version, i.purl, i.size, i.sha256"
#define ORDER " ORDER BY s.verified DESC, s.vendor, s.product, s.sequence DESC, s.kind, s.path"

/* A row being read; what it holds that no catalogue would is damage. */
struct row {
    sqlite3_stmt *statement;
    bool damaged;
};

static const char *text_at(struct row *row, int column)
{
    const char *text = (const char *)cret_sqlite()->column_text(row->statement, column);
    const int size = cret_sqlite()->column_bytes(row->statement, column);
    if (text == NULL) {
        return NULL;
    }
    row->damaged =
        row->damaged || strlen(text) != (size_t)size || !cret_utf8_valid(text, (size_t)size);
    return text;
}

static const char *some_text_at(struct row *row, int column)
{
    const char *text = text_at(row, column);
    row->damaged = row->damaged || text == NULL;
    return text != NULL ? text : "";
}

static const uint8_t *digest_at(struct row *row, int column)
{
    const uint8_t *digest = cret_sqlite()->column_blob(row->statement, column);
    if (cret_sqlite()->column_type(row->statement, column) == SQLITE_NULL) {
        return NULL;
    }
    if (cret_sqlite()->column_bytes(row->statement, column) != (int)CRET_SHA256_BYTES) {
        row->damaged = true;
        return NULL;
    }
    return digest;
}

static struct cret_optional number_at(const struct row *row, int column)
{
    const bool given = cret_sqlite()->column_type(row->statement, column) != SQLITE_NULL;
    return (struct cret_optional){.given = given,
                                  .value = cret_sqlite()->column_int64(row->statement, column)};
}

static void read_source(struct row *row, struct cret_catalogue_source *source)
{
    sqlite3_stmt *from = row->statement;
    const uint8_t *identity = digest_at(row, 5), *policy = digest_at(row, 13);
    *source = (struct cret_catalogue_source){
        .id = cret_sqlite()->column_int64(from, 0),
        .kind = some_text_at(row, 1),
        .path = some_text_at(row, 2),
        .size = (uint64_t)cret_sqlite()->column_int64(from, 3),
        .modified_ns = cret_sqlite()->column_int64(from, 4),
        .has_identity = identity != NULL,
        .vendor = text_at(row, 6),
        .product = text_at(row, 7),
        .version = text_at(row, 8),
        .sequence = number_at(row, 9),
        .verdict = text_at(row, 10),
        .verified = cret_sqlite()->column_int(from, 11) == 1,
        .policy = text_at(row, 12),
        .has_policy_sha256 = policy != NULL,
        .as_of = number_at(row, 14),
        .example_keys = cret_sqlite()->column_int(from, 15) != 0,
        .added = cret_sqlite()->column_int64(from, 16),
    };
    if (identity != NULL) {
        memcpy(source->identity, identity, CRET_SHA256_BYTES);
    }
    if (policy != NULL) {
        memcpy(source->policy_sha256, policy, CRET_SHA256_BYTES);
    }
}

/* One search: what is done with each of its rows. */
struct search {
    struct cret_catalogue *catalogue;
    enum cret_status (*visit)(const struct search *search, struct row *row,
                              const struct cret_catalogue_source *source, struct cret_err *err);
    cret_catalogue_on_source on_source;
    cret_catalogue_on_item on_item;
    cret_catalogue_on_line on_line;
    cret_catalogue_on_gap on_gap;
    void *context;
};

/* What a search looks for; data NULL: everything. */
struct key {
    const void *data;
    size_t size;
    bool text; /* else a digest */
};

static int bind(sqlite3_stmt *statement, const struct key *key)
{
    if (key->data == NULL) {
        return SQLITE_OK;
    }
    return key->text
               ? cret_sqlite()->bind_text(statement, 1, key->data, (int)key->size, SQLITE_STATIC)
               : cret_sqlite()->bind_blob(statement, 1, key->data, (int)key->size, SQLITE_STATIC);
}

static enum cret_status run(const struct search *search, const char *sql, const struct key *key,
                            struct cret_err *err)
{
    sqlite3_stmt *statement = NULL;
    if (cret_catalogue_prepare(search->catalogue, &statement, sql, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    int code = bind(statement, key);
    while (status == CRET_OK && code == SQLITE_OK &&
           (code = cret_sqlite()->step(statement)) == SQLITE_ROW) {
        struct row row = {.statement = statement};
        struct cret_catalogue_source source;
        read_source(&row, &source);
        status = row.damaged ? cret_catalogue_failed(search->catalogue, SQLITE_CORRUPT, err)
                             : search->visit(search, &row, &source, err);
        code = SQLITE_OK;
    }
    if (status == CRET_OK && code != SQLITE_DONE) {
        status = cret_catalogue_failed(search->catalogue, code, err);
    }
    cret_sqlite()->finalize(statement);
    return status;
}

static enum cret_status visit_source(const struct search *search, struct row *row,
                                     const struct cret_catalogue_source *source,
                                     struct cret_err *err)
{
    return row->damaged ? CRET_FAILED : search->on_source(search->context, source, err);
}

static enum cret_status visit_item(const struct search *search, struct row *row,
                                   const struct cret_catalogue_source *source, struct cret_err *err)
{
    const struct cret_catalogue_item item = {
        .kind = some_text_at(row, AFTER_SOURCE),
        .path = some_text_at(row, AFTER_SOURCE + 1),
        .version = text_at(row, AFTER_SOURCE + 2),
        .purl = text_at(row, AFTER_SOURCE + 3),
        .size = number_at(row, AFTER_SOURCE + 4),
        .sha256 = digest_at(row, AFTER_SOURCE + 5),
    };
    return row->damaged ? cret_catalogue_failed(search->catalogue, SQLITE_CORRUPT, err)
                        : search->on_item(search->context, source, &item, err);
}

static enum cret_status visit_line(const struct search *search, struct row *row,
                                   const struct cret_catalogue_source *source, struct cret_err *err)
{
    sqlite3_stmt *from = row->statement;
    const struct cret_catalogue_line line = {
        .number = cret_sqlite()->column_int64(from, AFTER_SOURCE),
        .time = cret_sqlite()->column_int64(from, AFTER_SOURCE + 1),
        .kind = some_text_at(row, AFTER_SOURCE + 2),
        .verdict = text_at(row, AFTER_SOURCE + 3),
        .asset = text_at(row, AFTER_SOURCE + 4),
        .stage = text_at(row, AFTER_SOURCE + 5),
        .change_id = text_at(row, AFTER_SOURCE + 6),
        .counts = cret_sqlite()->column_int(from, AFTER_SOURCE + 7) != 0,
        .identity = digest_at(row, AFTER_SOURCE + 8),
    };
    return row->damaged ? cret_catalogue_failed(search->catalogue, SQLITE_CORRUPT, err)
                        : search->on_line(search->context, source, &line, err);
}

static enum cret_status visit_gap(const struct search *search, struct row *row,
                                  const struct cret_catalogue_source *source, struct cret_err *err)
{
    const char *path = some_text_at(row, AFTER_SOURCE);
    const char *why = some_text_at(row, AFTER_SOURCE + 1);
    return row->damaged ? cret_catalogue_failed(search->catalogue, SQLITE_CORRUPT, err)
                        : search->on_gap(search->context, source, path, why, err);
}

#define FROM_ITEM                                                                                  \
    "SELECT " SOURCE_COLUMNS ITEM_COLUMNS " FROM item i JOIN source s ON s.id = i.source WHERE "

static const struct key everything = {.data = NULL};

enum cret_status cret_catalogue_sources(struct cret_catalogue *catalogue,
                                        cret_catalogue_on_source visit, void *context,
                                        struct cret_err *err)
{
    const struct search search = {
        .catalogue = catalogue, .visit = visit_source, .on_source = visit, .context = context};
    return run(&search,
               "SELECT " SOURCE_COLUMNS " FROM source s"
               " ORDER BY s.vendor, s.product, s.sequence, s.kind, s.path",
               &everything, err);
}

enum cret_status cret_catalogue_by_sha256(struct cret_catalogue *catalogue,
                                          const uint8_t sha256[CRET_SHA256_BYTES],
                                          cret_catalogue_on_item visit, void *context,
                                          struct cret_err *err)
{
    const struct search search = {
        .catalogue = catalogue, .visit = visit_item, .on_item = visit, .context = context};
    const struct key key = {.data = sha256, .size = CRET_SHA256_BYTES};
    return run(&search, FROM_ITEM "i.sha256 = ?1" ORDER ", i.kind, i.path", &key, err);
}

enum cret_status cret_catalogue_by_name(struct cret_catalogue *catalogue, const char *name,
                                        cret_catalogue_on_item visit, void *context,
                                        struct cret_err *err)
{
    const struct search search = {
        .catalogue = catalogue, .visit = visit_item, .on_item = visit, .context = context};
    const struct key key = {.data = name, .size = strlen(name), .text = true};
    return run(&search, FROM_ITEM "i.base = ?1" ORDER ", i.kind, i.path", &key, err);
}

enum cret_status cret_catalogue_lines(struct cret_catalogue *catalogue,
                                      const uint8_t identity[CRET_SHA256_BYTES],
                                      cret_catalogue_on_line visit, void *context,
                                      struct cret_err *err)
{
    const struct search search = {
        .catalogue = catalogue, .visit = visit_line, .on_line = visit, .context = context};
    const struct key key = {.data = identity, .size = CRET_SHA256_BYTES};
    return run(&search,
               "SELECT " SOURCE_COLUMNS ", l.number, l.time, l.kind, l.verdict, l.asset, l.stage,"
               " l.change_id, l.counts, l.identity FROM line l JOIN source s ON s.id = l.source"
               " WHERE l.identity = ?1 ORDER BY s.path, l.number",
               &key, err);
}

enum cret_status cret_catalogue_gaps(struct cret_catalogue *catalogue, cret_catalogue_on_gap visit,
                                     void *context, struct cret_err *err)
{
    const struct search search = {
        .catalogue = catalogue, .visit = visit_gap, .on_gap = visit, .context = context};
    return run(&search,
               "SELECT " SOURCE_COLUMNS ", g.path, g.why FROM gap g JOIN source s ON s.id ="
               " g.source ORDER BY s.path, g.path, g.why",
               &everything, err);
}

enum cret_status cret_catalogue_statement(struct cret_catalogue *catalogue, char **ret_text,
                                          int64_t source, const char *kind, struct cret_err *err)
{
    struct row row = {0};
    char *copy = NULL;
    if (cret_catalogue_prepare(catalogue, &row.statement,
                               "SELECT text FROM statement WHERE source = ?1 AND kind = ?2",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    int code = cret_sqlite()->bind_int64(row.statement, 1, source) |
               cret_sqlite()->bind_text(row.statement, 2, kind, -1, SQLITE_STATIC);
    code = code == SQLITE_OK ? cret_sqlite()->step(row.statement) : code;
    if (code == SQLITE_ROW) {
        const char *text = some_text_at(&row, 0);
        code = row.damaged                     ? SQLITE_CORRUPT
               : (copy = strdup(text)) == NULL ? SQLITE_NOMEM
                                               : SQLITE_DONE;
    }
    cret_sqlite()->finalize(row.statement);
    if (code != SQLITE_DONE) {
        return cret_catalogue_failed(catalogue, code, err);
    }
    *ret_text = copy;
    return CRET_OK;
}

enum cret_status cret_catalogue_check(struct cret_catalogue *catalogue, struct cret_err *err)
{
    sqlite3_stmt *statement = NULL;
    if (cret_catalogue_prepare(catalogue, &statement, "PRAGMA integrity_check(1)", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const int code = cret_sqlite()->step(statement);
    const char *answer =
        code == SQLITE_ROW ? (const char *)cret_sqlite()->column_text(statement, 0) : NULL;
    const bool sound = answer != NULL && strcmp(answer, "ok") == 0;
    cret_sqlite()->finalize(statement);
    return sound
               ? CRET_OK
               : cret_catalogue_failed(catalogue, code == SQLITE_ROW ? SQLITE_CORRUPT : code, err);
}
