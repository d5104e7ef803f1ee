/* SPDX-License-Identifier: Apache-2.0 */
/* Loading SQLite, and asking it for its functions. */
#include "verifier/catalogue/catalogue_library.h"

#include <stdbool.h>

#include "base/system/os.h"

#define SONAME "libsqlite3.so.0"

static struct cret_sqlite functions;
static bool loaded;

enum cret_status cret_sqlite_load(struct cret_err *err)
{
    void *library = NULL;
    bool complete = true;
    if (loaded) {
        return CRET_OK;
    }
    if (cret_os_libraries("a catalogue needs that of SQLite", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_os_library_open(&library, SONAME, err) != CRET_OK) {
        return cret_err_hint(err, "install the package libsqlite3-0 (Debian)");
    }
#define CRET_SQLITE_FIND(name)                                                                     \
    complete = cret_os_library_find(library, "sqlite3_" #name, &functions.name) && complete;
    CRET_SQLITE_FUNCTIONS(CRET_SQLITE_FIND)
#undef CRET_SQLITE_FIND
    if (!complete) {
        return cret_err_undecided(err, "%s lacks functions that are needed", SONAME);
    }
    loaded = true;
    return CRET_OK;
}

const struct cret_sqlite *cret_sqlite(void)
{
    return &functions;
}
