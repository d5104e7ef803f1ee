/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of SQLite, found when a catalogue is opened: most runs open none, and loading the
 * library costs each of them half a millisecond. */
#ifndef CRET_VERIFIER_CATALOGUE_LIBRARY_H
#define CRET_VERIFIER_CATALOGUE_LIBRARY_H

#include <sqlite3.h>

#include "base/finding/err.h"

/* Every function that is used, without its prefix; the types are those of the header, so that the
 * compiler checks each call. */
#define CRET_SQLITE_FUNCTIONS(X)                                                                   \
    X(bind_blob)                                                                                   \
    X(bind_int)                                                                                    \
    X(bind_int64)                                                                                  \
    X(bind_null)                                                                                   \
    X(bind_text)                                                                                   \
    X(busy_timeout)                                                                                \
    X(close_v2)                                                                                    \
    X(column_blob)                                                                                 \
    X(column_bytes)                                                                                \
    X(column_int)                                                                                  \
    X(column_int64)                                                                                \
    X(column_text)                                                                                 \
    X(column_type)                                                                                 \
    X(db_config)                                                                                   \
    X(errstr)                                                                                      \
    X(exec)                                                                                        \
    X(file_control)                                                                                \
    X(finalize)                                                                                    \
    X(free)                                                                                        \
    X(last_insert_rowid)                                                                           \
    X(limit)                                                                                       \
    X(open_v2)                                                                                     \
    X(prepare_v2)                                                                                  \
    X(serialize)                                                                                   \
    X(step)

struct cret_sqlite {
#define CRET_SQLITE_MEMBER(name) __typeof__(sqlite3_##name) *name;
    CRET_SQLITE_FUNCTIONS(CRET_SQLITE_MEMBER)
#undef CRET_SQLITE_MEMBER
};

/* Before the first use of cret_sqlite(); again and again. class UNDECIDED where the library is
 * missing, with the package that has it, or lacks a function. */
CRET_MUST_CHECK enum cret_status cret_sqlite_load(struct cret_err *err);
/* The functions; of this process, and never changed once they are loaded. */
const struct cret_sqlite *cret_sqlite(void);

#endif
