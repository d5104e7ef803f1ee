/* SPDX-License-Identifier: Apache-2.0 */
/* A static program loads no library, whoever asks; posix/os_library_refused.c sees to that for
 * libraries. */
#include <stddef.h>

#include "base/system/os.h"

enum cret_status cret_os_libraries(const char *what, struct cret_err *err)
{
    cret_err_usage(err, "this is the static program, which loads no libraries: %s", what);
    return cret_err_hint(err, "use the programs of a Debian package or of a build of your own");
}

enum cret_status cret_os_library_open(void **ret_library, const char *name, struct cret_err *err)
{
    (void)ret_library;
    return cret_os_libraries(name, err);
}

void cret_os_library_preload(const char *name)
{
    (void)name;
}

bool cret_os_library_find(void *library, const char *name, void *ret_function)
{
    (void)library;
    (void)name;
    (void)ret_function;
    return false;
}
