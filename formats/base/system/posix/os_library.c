/* SPDX-License-Identifier: Apache-2.0 */
/* Shared libraries that only some runs need. */
#include <dlfcn.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/system/os.h"

enum cret_status cret_os_libraries(const char *what, struct cret_err *err)
{
    (void)what;
    (void)err;
    return CRET_OK;
}

enum cret_status cret_os_library_open(void **ret_library, const char *name, struct cret_err *err)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *why = dlerror();
        /* One that the user names by its path (a PKCS#11 module) may be none: that is an answer. */
        if (strchr(name, '/') == NULL) {
            cret_fault_note("a library could not be loaded");
        }
        cret_err_undecided(err, "the library %s cannot be loaded", name);
        return cret_err_actual(err, "%s", why != NULL ? why : "no reason given");
    }
    *ret_library = library;
    return CRET_OK;
}

void cret_os_library_preload(const char *name)
{
    if (dlopen(name, RTLD_NOW | RTLD_LOCAL) == NULL) {
        dlerror(); /* said by whoever opens it */
    }
}

/* A pointer to data as one to a function: POSIX allows it for dlsym, ISO C has no cast for it. */
bool cret_os_library_find(void *library, const char *name, void *ret_function)
{
    void *symbol = dlsym(library, name);
    memcpy(ret_function, &symbol, sizeof(symbol));
    return symbol != NULL;
}
