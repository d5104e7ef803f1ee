/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the catalogue, version by version, and whether a file has exactly these. */
#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "verifier/catalogue/catalogue_internal.h"

#define APPLICATION_ID 0x43726574 /* "Cret": what file(1) and we know a catalogue by */

/* One version after the other; a row that was published is never changed. */
static const char *const migrations[] = {
    "CREATE TABLE source(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL UNIQUE,"
    " size INTEGER NOT NULL, modified INTEGER NOT NULL, identity BLOB, vendor TEXT, product TEXT,"
    " version TEXT, sequence INTEGER, verdict TEXT, verified INTEGER NOT NULL, policy TEXT,"
    " policy_sha256 BLOB, as_of INTEGER, example_keys INTEGER NOT NULL, added INTEGER NOT NULL)"
    " STRICT;"
    "CREATE TABLE item(source INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,"
    " base TEXT NOT NULL, version TEXT, purl TEXT, size INTEGER, sha256 BLOB) STRICT;"
    "CREATE TABLE line(source INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,"
    " kind TEXT NOT NULL, verdict TEXT, asset TEXT, stage TEXT, change_id TEXT,"
    " counts INTEGER NOT NULL, identity BLOB) STRICT;"
    "CREATE TABLE gap(source INTEGER NOT NULL, path TEXT NOT NULL, why TEXT NOT NULL) STRICT;"
    "CREATE INDEX source_identity ON source(identity);"
    "CREATE INDEX item_sha256 ON item(sha256);"
    "CREATE INDEX item_base ON item(base);"
    "CREATE INDEX item_source ON item(source);"
    "CREATE INDEX line_identity ON line(identity);"
    "CREATE INDEX line_source ON line(source);"
    "CREATE INDEX gap_source ON gap(source);",
    "CREATE TABLE statement(source INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)"
    " STRICT;"
    "CREATE INDEX statement_source ON statement(source);",
};
#define LATEST ((int)(CRET_LENGTH(migrations)))

static enum cret_status read_number(struct cret_catalogue *catalogue, const char *sql,
                                    int64_t *ret_number, struct cret_err *err)
{
    sqlite3_stmt *statement = NULL;
    if (cret_catalogue_prepare(catalogue, &statement, sql, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const int code = cret_sqlite()->step(statement);
    if (code == SQLITE_ROW) {
        *ret_number = cret_sqlite()->column_int64(statement, 0);
    }
    cret_sqlite()->finalize(statement);
    return code == SQLITE_ROW
               ? CRET_OK
               : cret_catalogue_failed(catalogue, code == SQLITE_DONE ? SQLITE_CORRUPT : code, err);
}

int64_t cret_catalogue_latest(void)
{
    return LATEST;
}

enum cret_status cret_catalogue_migrate(struct cret_catalogue *catalogue, int64_t version,
                                        struct cret_err *err)
{
    int64_t from = 0;
    char numbers[96];
    if (cret_catalogue_run(catalogue, "BEGIN IMMEDIATE", err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = read_number(catalogue, "PRAGMA user_version", &from, err);
    for (int64_t i = from; i < version && status == CRET_OK; i++) {
        status = cret_catalogue_run(catalogue, migrations[i], err);
    }
    snprintf(numbers, sizeof(numbers), "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, (int)version);
    if (status == CRET_OK && cret_catalogue_run(catalogue, numbers, err) == CRET_OK &&
        cret_catalogue_run(catalogue, "COMMIT", err) == CRET_OK) {
        return CRET_OK;
    }
    cret_catalogue_rollback(catalogue);
    return CRET_FAILED;
}

enum cret_status cret_catalogue_schema(struct cret_catalogue *catalogue, struct cret_buffer *text,
                                       struct cret_err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = SQLITE_OK;
    if (cret_catalogue_prepare(catalogue, &statement,
                               "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                               " ORDER BY type, name",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    while ((code = cret_sqlite()->step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < 4; i++) {
            const char *column = (const char *)cret_sqlite()->column_text(statement, i);
            cret_buffer_printf(text, "%s\n", column != NULL ? column : "");
        }
    }
    cret_sqlite()->finalize(statement);
    return code != SQLITE_DONE ? cret_catalogue_failed(catalogue, code, err)
           : text->failed      ? cret_err_memory(err)
                               : CRET_OK;
}

enum cret_status cret_catalogue_foreign(const struct cret_catalogue *catalogue, const char *actual,
                                        struct cret_err *err)
{
    cret_err_usage(err, "%s: this is not a catalogue of cretula-verify", catalogue->path);
    cret_err_where(err, "%s", catalogue->path);
    cret_err_actual(err, "%s", actual);
    return cret_err_hint(err, "name another file; `catalogue add` begins a new one");
}

enum cret_status cret_catalogue_version(struct cret_catalogue *catalogue, int64_t *ret_version,
                                        struct cret_err *err)
{
    int64_t application = 0, version = 0;
    if (read_number(catalogue, "PRAGMA application_id", &application, err) != CRET_OK ||
        read_number(catalogue, "PRAGMA user_version", &version, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (application != APPLICATION_ID || version < 1) {
        return cret_catalogue_foreign(catalogue, "an SQLite file of another program", err);
    }
    if (version > LATEST) {
        cret_err_usage(err, "%s: the catalogue is of a later version of this program",
                       catalogue->path);
        return cret_err_hint(err, "use that version, or make it anew: catalogue rebuild");
    }
    *ret_version = version;
    return CRET_OK;
}
