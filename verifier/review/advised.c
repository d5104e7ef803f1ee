/* SPDX-License-Identifier: Apache-2.0 */
/* Advising outcomes of several archives in one child. */
#include "verifier/review/advised.h"

#include <string.h>
#include <strings.h>

#include "verifier/child/advice_coverage.h"
#include "verifier/child/advise.h"

json_t *cret_advised_document(const struct cret_outcome *outcome)
{
    return outcome != NULL && cret_verdict_exit_code(outcome->verdict) == 0 ? outcome->document
                                                                            : NULL;
}

enum cret_status cret_advised(const struct cret_advice_files *advice, json_t *const *documents,
                              size_t count, struct cret_err *err)
{
    json_t *releases = json_array(), *advised = NULL;
    int failed = releases == NULL;
    for (size_t i = 0; i < count && !failed; i++) {
        json_t *one = json_object_get(documents[i], "advised");
        failed = one != NULL && json_array_append(releases, one) != 0;
    }
    enum cret_status status = failed ? cret_err_memory(err) : CRET_OK;
    if (status == CRET_OK && json_array_size(releases) > 0) {
        status = cret_advise(&advised, releases, advice->list, advice->count,
                             advice->allow_unconfined, err);
    }
    for (size_t i = 0, place = 0; i < count && advised != NULL && status == CRET_OK; i++) {
        if (json_object_get(documents[i], "advised") != NULL &&
            (cret_advice_cover(json_array_get(advised, place), advice) != 0 ||
             json_object_set(documents[i], "advisories", json_array_get(advised, place++)) != 0)) {
            status = cret_err_memory(err);
        }
    }
    json_decref(releases);
    json_decref(advised);
    return status;
}

bool cret_advised_by_sha512(const struct cret_advice_files *advice)
{
    for (size_t i = 0; i < advice->count; i++) {
        for (const char *at = advice->list[i].text; (at = strchr(at, '5')) != NULL; at++) {
            const size_t before = (size_t)(at - advice->list[i].text);
            if (strncmp(at, "512", 3) == 0 &&
                ((before >= 3 && strncasecmp(at - 3, "sha", 3) == 0) ||
                 (before >= 4 && strncasecmp(at - 4, "sha", 3) == 0))) {
                return true;
            }
        }
    }
    return false;
}
