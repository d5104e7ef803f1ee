/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that several checks ask of a request. */
#include "engine/request.h"

#include <string.h>

#include "base/text/text.h"

bool cret_inspect_selects(const struct cret_inspect_request *request, const char *path)
{
    for (size_t i = 0; i < request->only_count; i++) {
        const size_t size = strlen(request->only[i]);
        /* A file, or everything below a folder. */
        if (strncmp(path, request->only[i], size) == 0 &&
            (path[size] == '\0' || path[size] == '/')) {
            return true;
        }
    }
    return !request->partial;
}

enum cret_result cret_inspect_result(const struct cret_inspect_request *request,
                                     enum cret_check_id check)
{
    return cret_profile_result(request->profile, request->policy->severities, check);
}

enum cret_status cret_inspect_selects_none(const struct cret_inspect_request *request,
                                           const struct cret_manifest *manifest,
                                           struct cret_err *err)
{
    enum { NAMED = 6 }; /* more are a number */
    struct cret_buffer asked = {0}, there = {0};
    for (size_t i = 0; i < request->only_count && i < NAMED; i++) {
        cret_buffer_printf(&asked, "%s%s", i > 0 ? ", " : "", request->only[i]);
    }
    for (size_t i = 0; i < manifest->file_count && i < NAMED; i++) {
        cret_buffer_printf(&there, "%s%s", i > 0 ? ", " : "", manifest->entries[i].path);
    }
    if (manifest->file_count > NAMED) {
        cret_buffer_printf(&there, " and %zu more", manifest->file_count - NAMED);
    }
    cret_err_undecided(err, "--only: nothing in this release is called %s, and no folder is",
                       asked.data != NULL ? asked.data : "so");
    cret_err_expected(err, "%s", there.data != NULL ? there.data : "a file of the release");
    cret_buffer_free(&asked);
    cret_buffer_free(&there);
    return cret_err_hint(err, "name one of its files, or a folder of them: `show` with --files "
                              "lists all");
}
