/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that several checks ask of a request. */
#include "engine/request.h"

#include <string.h>

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
