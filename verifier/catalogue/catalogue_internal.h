/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to catalogue: statements of SQLite, and what its failures mean. */
#ifndef CRET_VERIFIER_CATALOGUE_INTERNAL_H
#define CRET_VERIFIER_CATALOGUE_INTERNAL_H

#include "base/text/text.h"
#include "verifier/catalogue/catalogue.h"
#include "verifier/catalogue/catalogue_library.h"

struct cret_catalogue {
    sqlite3 *base;
    char *path; /* for errors */
};

/* What failed as an error; always CRET_FAILED. Damage is class USAGE: it is our own file, and can
 * be made anew; what the machine could not do is UNDECIDED. */
enum cret_status cret_catalogue_failed(const struct cret_catalogue *catalogue, int code,
                                       struct cret_err *err);
/* One statement without values. */
CRET_MUST_CHECK enum cret_status cret_catalogue_run(struct cret_catalogue *catalogue,
                                                    const char *sql, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_catalogue_prepare(struct cret_catalogue *catalogue,
                                                        sqlite3_stmt **ret_statement,
                                                        const char *sql, struct cret_err *err);
/* Runs a statement that gives no row, and ends it; bound: whether all values were. */
CRET_MUST_CHECK enum cret_status cret_catalogue_finish(struct cret_catalogue *catalogue,
                                                       sqlite3_stmt *statement, int bound,
                                                       struct cret_err *err);

/* catalogue_schema.c: the version that this program writes. */
int64_t cret_catalogue_latest(void);
/* Makes an empty base one of this version, or brings one of an earlier version to it. */
CRET_MUST_CHECK enum cret_status cret_catalogue_migrate(struct cret_catalogue *catalogue,
                                                        int64_t version, struct cret_err *err);
/* The version of a base that says that it is a catalogue. class USAGE: it does not, or is of a
 * later version. */
CRET_MUST_CHECK enum cret_status cret_catalogue_version(struct cret_catalogue *catalogue,
                                                        int64_t *ret_version, struct cret_err *err);
/* Appends the text of every table, index, trigger and view. */
CRET_MUST_CHECK enum cret_status cret_catalogue_schema(struct cret_catalogue *catalogue,
                                                       struct cret_buffer *text,
                                                       struct cret_err *err);
/* The file is none of ours; always CRET_FAILED, class USAGE. */
enum cret_status cret_catalogue_foreign(const struct cret_catalogue *catalogue, const char *actual,
                                        struct cret_err *err);

#endif
