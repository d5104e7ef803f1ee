/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libarchive, and asking it for its functions. */
#include "release/nested/nested_library.h"

#include <locale.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "release/nested/nested.h"

/* The name that Debian's libarchive has had since 2013; another one has other functions. */
#define SONAME "libarchive.so.13"

/* Of the process, as what is loaded is. */
static atomic_bool missed;

void cret_nested_prepare(void)
{
    cret_os_library_preload(SONAME);
    /* The files of the locale and of its conversions stay with the process as well. */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
    wchar_t wide[2];
    if (mbstowcs(wide, "a", 2) == 1 && utf8 != (locale_t)0) {
        uselocale(before); /* `utf8` stays */
    }
}

bool cret_nested_missed(void)
{
    return atomic_load(&missed);
}

enum cret_status cret_nested_library(struct cret_nested_library *ret_library, struct cret_err *err)
{
    struct cret_nested_library found;
#ifdef CRETULA_STATIC
    (void)err;
#define CRET_NESTED_LINKED(name) found.name = name;
    CRET_NESTED_FUNCTIONS(CRET_NESTED_LINKED)
#undef CRET_NESTED_LINKED
#else
    void *library = NULL;
    bool complete = true;
    if (cret_os_library_open(&library, SONAME, err) != CRET_OK) {
        atomic_store(&missed, true);
        return CRET_FAILED;
    }
#define CRET_NESTED_FIND(name)                                                                     \
    complete = cret_os_library_find(library, #name, &found.name) && complete;
    CRET_NESTED_FUNCTIONS(CRET_NESTED_FIND)
#undef CRET_NESTED_FIND
    if (!complete) {
        return cret_err_undecided(err, "%s lacks functions that are needed", SONAME);
    }
#endif
    *ret_library = found;
    return CRET_OK;
}
