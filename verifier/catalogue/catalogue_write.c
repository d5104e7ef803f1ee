/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into the catalogue: one source at a time, whole or not at all. */
#include <string.h>

#include "base/text/path.h"
#include "verifier/catalogue/catalogue_internal.h"

static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return text == NULL ? cret_sqlite()->bind_null(statement, at)
                        : cret_sqlite()->bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static int bind_digest(sqlite3_stmt *statement, int at, const uint8_t *digest)
{
    return digest == NULL
               ? cret_sqlite()->bind_null(statement, at)
               : cret_sqlite()->bind_blob(statement, at, digest, CRET_SHA256_BYTES, SQLITE_STATIC);
}

static int bind_optional(sqlite3_stmt *statement, int at, const struct cret_optional *number)
{
    return number->given ? cret_sqlite()->bind_int64(statement, at, number->value)
                         : cret_sqlite()->bind_null(statement, at);
}

enum cret_status cret_catalogue_begin(struct cret_catalogue *catalogue, struct cret_err *err)
{
    return cret_catalogue_run(catalogue, "BEGIN IMMEDIATE", err);
}

enum cret_status cret_catalogue_commit(struct cret_catalogue *catalogue, struct cret_err *err)
{
    /* What was not found out (base/finding/fault.h) is not kept. */
    return cret_err_fault(err) == CRET_OK ? cret_catalogue_run(catalogue, "COMMIT", err)
                                          : CRET_FAILED;
}

void cret_catalogue_rollback(struct cret_catalogue *catalogue)
{
    cret_sqlite()->exec(catalogue->base, "ROLLBACK", NULL, NULL, NULL);
}

enum cret_status cret_catalogue_forget(struct cret_catalogue *catalogue, const char *path,
                                       struct cret_err *err)
{
    static const char *const steps[] = {
        "DELETE FROM item WHERE source IN (SELECT id FROM source WHERE path = ?1)",
        "DELETE FROM line WHERE source IN (SELECT id FROM source WHERE path = ?1)",
        "DELETE FROM gap WHERE source IN (SELECT id FROM source WHERE path = ?1)",
        "DELETE FROM statement WHERE source IN (SELECT id FROM source WHERE path = ?1)",
        "DELETE FROM source WHERE path = ?1",
    };
    for (size_t i = 0; i < CRET_LENGTH(steps); i++) {
        sqlite3_stmt *statement = NULL;
        if (cret_catalogue_prepare(catalogue, &statement, steps[i], err) != CRET_OK ||
            cret_catalogue_finish(catalogue, statement, bind_text(statement, 1, path), err) !=
                CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_catalogue_add_source(struct cret_catalogue *catalogue,
                                           struct cret_catalogue_source *source,
                                           struct cret_err *err)
{
    sqlite3_stmt *to = NULL;
    if (cret_catalogue_forget(catalogue, source->path, err) != CRET_OK ||
        cret_catalogue_prepare(
            catalogue, &to,
            "INSERT INTO source(kind, path, size, modified, identity, vendor, product, version,"
            " sequence, verdict, verified, policy, policy_sha256, as_of, example_keys, added)"
            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
            err) != CRET_OK) {
        return CRET_FAILED;
    }
    int bound = bind_text(to, 1, source->kind) | bind_text(to, 2, source->path);
    bound |= cret_sqlite()->bind_int64(to, 3, (int64_t)source->size);
    bound |= cret_sqlite()->bind_int64(to, 4, source->modified_ns);
    bound |= bind_digest(to, 5, source->has_identity ? source->identity : NULL);
    bound |= bind_text(to, 6, source->vendor) | bind_text(to, 7, source->product);
    bound |= bind_text(to, 8, source->version) | bind_optional(to, 9, &source->sequence);
    bound |= bind_text(to, 10, source->verdict) | cret_sqlite()->bind_int(to, 11, source->verified);
    bound |= bind_text(to, 12, source->policy);
    bound |= bind_digest(to, 13, source->has_policy_sha256 ? source->policy_sha256 : NULL);
    bound |= bind_optional(to, 14, &source->as_of);
    bound |= cret_sqlite()->bind_int(to, 15, source->example_keys);
    bound |= cret_sqlite()->bind_int64(to, 16, source->added);
    if (cret_catalogue_finish(catalogue, to, bound, err) != CRET_OK) {
        return CRET_FAILED;
    }
    source->id = cret_sqlite()->last_insert_rowid(catalogue->base);
    return CRET_OK;
}

/* The last component of a path, in an archive or not. */
enum cret_status cret_catalogue_add_item(struct cret_catalogue *catalogue, int64_t source,
                                         const struct cret_catalogue_item *item,
                                         struct cret_err *err)
{
    sqlite3_stmt *to = NULL;
    if (cret_catalogue_prepare(catalogue, &to,
                               "INSERT INTO item(source, kind, path, base, version, purl, size,"
                               " sha256) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    int bound = cret_sqlite()->bind_int64(to, 1, source) | bind_text(to, 2, item->kind);
    bound |= bind_text(to, 3, item->path) |
             bind_text(to, 4, cret_path_name(item->name != NULL ? item->name : item->path));
    bound |= bind_text(to, 5, item->version) | bind_text(to, 6, item->purl);
    bound |= bind_optional(to, 7, &item->size) | bind_digest(to, 8, item->sha256);
    return cret_catalogue_finish(catalogue, to, bound, err);
}

enum cret_status cret_catalogue_add_line(struct cret_catalogue *catalogue, int64_t source,
                                         const struct cret_catalogue_line *line,
                                         struct cret_err *err)
{
    sqlite3_stmt *to = NULL;
    if (cret_catalogue_prepare(catalogue, &to,
                               "INSERT INTO line(source, number, time, kind, verdict, asset,"
                               " stage, change_id, counts, identity)"
                               " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    int bound =
        cret_sqlite()->bind_int64(to, 1, source) | cret_sqlite()->bind_int64(to, 2, line->number);
    bound |= cret_sqlite()->bind_int64(to, 3, line->time) | bind_text(to, 4, line->kind);
    bound |= bind_text(to, 5, line->verdict) | bind_text(to, 6, line->asset);
    bound |= bind_text(to, 7, line->stage) | bind_text(to, 8, line->change_id);
    bound |= cret_sqlite()->bind_int(to, 9, line->counts) | bind_digest(to, 10, line->identity);
    return cret_catalogue_finish(catalogue, to, bound, err);
}

enum cret_status cret_catalogue_add_gap(struct cret_catalogue *catalogue, int64_t source,
                                        const char *path, const char *why, struct cret_err *err)
{
    sqlite3_stmt *to = NULL;
    if (cret_catalogue_prepare(catalogue, &to,
                               "INSERT INTO gap(source, path, why)"
                               " VALUES(?1,?2,?3)",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    const int bound =
        cret_sqlite()->bind_int64(to, 1, source) | bind_text(to, 2, path) | bind_text(to, 3, why);
    return cret_catalogue_finish(catalogue, to, bound, err);
}

enum cret_status cret_catalogue_add_statement(struct cret_catalogue *catalogue, int64_t source,
                                              const char *kind, const char *text,
                                              struct cret_err *err)
{
    sqlite3_stmt *to = NULL;
    if (cret_catalogue_prepare(catalogue, &to,
                               "INSERT INTO statement(source, kind, text)"
                               " VALUES(?1,?2,?3)",
                               err) != CRET_OK) {
        return CRET_FAILED;
    }
    const int bound =
        cret_sqlite()->bind_int64(to, 1, source) | bind_text(to, 2, kind) | bind_text(to, 3, text);
    return cret_catalogue_finish(catalogue, to, bound, err);
}
