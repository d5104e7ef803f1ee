/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite statements, and what its failures mean to the one who runs the program. */
#include "base/text/text.h"
#include "verifier/catalogue/catalogue_internal.h"

/* SQLite says "corrupt" of a file that could not be read, too: what the system said last tells the
 * two apart. */
static bool could_not_be_read(const struct cret_catalogue *catalogue)
{
    int number = 0;
    return catalogue->base != NULL &&
           cret_sqlite()->file_control(catalogue->base, "main", SQLITE_FCNTL_LAST_ERRNO, &number) ==
               SQLITE_OK &&
           number != 0;
}

enum cret_status cret_catalogue_failed(const struct cret_catalogue *catalogue, int code,
                                       struct cret_err *err)
{
    const char *path = catalogue->path;
    code = (code & 0xff) == SQLITE_CORRUPT && could_not_be_read(catalogue) ? SQLITE_IOERR : code;
    const char *words = cret_sqlite()->errstr(code & 0xff);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return cret_err_memory(err);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
        cret_err_usage(err, "%s: the catalogue is damaged, or is none", path);
        cret_err_where(err, "%s", path);
        cret_err_actual(err, "%s", words);
        return cret_err_hint(err, "nothing of it is used; `catalogue rebuild --catalogue FILE "
                                  "ARCHIVE...` makes it anew from archives");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        cret_err_undecided(err, "%s: another run writes into the catalogue", path);
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "try again when it has ended");
    case SQLITE_FULL:
        cret_err_undecided(err, "%s: no space is left for the catalogue", path);
        break;
    case SQLITE_READONLY:
        cret_err_undecided(err,
                           "%s: the catalogue cannot be written, or what an interrupted run "
                           "left cannot be taken back here",
                           path);
        break;
    default:
        cret_err_undecided(err, "%s: the catalogue cannot be read or written: %s", path, words);
        break;
    }
    return cret_err_where(err, "%s", path);
}

enum cret_status cret_catalogue_run(struct cret_catalogue *catalogue, const char *sql,
                                    struct cret_err *err)
{
    const int code = cret_sqlite()->exec(catalogue->base, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? CRET_OK : cret_catalogue_failed(catalogue, code, err);
}

enum cret_status cret_catalogue_prepare(struct cret_catalogue *catalogue,
                                        sqlite3_stmt **ret_statement, const char *sql,
                                        struct cret_err *err)
{
    sqlite3_stmt *statement = NULL;
    const int code = cret_sqlite()->prepare_v2(catalogue->base, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        return cret_catalogue_failed(catalogue, code, err);
    }
    *ret_statement = statement;
    return CRET_OK;
}

enum cret_status cret_catalogue_finish(struct cret_catalogue *catalogue, sqlite3_stmt *statement,
                                       int bound, struct cret_err *err)
{
    const int code = bound == SQLITE_OK ? cret_sqlite()->step(statement) : bound;
    const int ended = cret_sqlite()->finalize(statement);
    if (code == SQLITE_DONE && ended == SQLITE_OK) {
        return CRET_OK;
    }
    return cret_catalogue_failed(catalogue, code == SQLITE_DONE ? ended : code, err);
}
