/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of one document: the newest speaks. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/vers.h"

json_t *cret_advisory_revision(const struct cret_advisory *advisory)
{
    const json_t *document = advisory->document;
    struct cret_build revision = cret_build_object();
    const char *serial = cret_json_string(document, "serialNumber");
    if (advisory->csaf) {
        /* An id is unique for its publisher only (3.2.1.12.4). */
        const char *space = cret_json_string(document, "document.publisher.namespace");
        cret_build_put(&revision, "series",
                       json_pack("[s, s, s]", "csaf", space != NULL ? space : "", advisory->id));
        cret_build_string(&revision, "version",
                          cret_json_string(document, "document.tracking.version"));
        cret_build_string(&revision, "date",
                          cret_json_string(document, "document.tracking.current_release_date"));
        cret_build_string(&revision, "state", advisory->state);
    } else if (serial != NULL) {
        cret_build_put(&revision, "series", json_pack("[s, s]", "cyclonedx", serial));
        cret_build_put(&revision, "version",
                       json_sprintf("%lld", (long long)cret_json_integer(document, "version", 1)));
    }
    return cret_build_end(&revision);
}

/* Whether left is surely the higher version: whole numbers, or semantic versions (3.1.11). */
static bool is_higher(const char *left, const char *right)
{
    static const char digits[] = "0123456789";
    int order = 0;
    if (left == NULL || right == NULL) {
        return false;
    }
    if (left[strspn(left, digits)] == '\0' && right[strspn(right, digits)] == '\0') {
        return strlen(left) < 18 && strlen(right) < 18 &&
               cret_scheme_order(CRET_SCHEME_RPM, left, right, &order) && order > 0;
    }
    return cret_scheme_order(CRET_SCHEME_SEMVER, left, right, &order) && order > 0;
}

bool cret_advisory_replaces(const json_t *left, const json_t *right)
{
    const json_t *series = json_object_get(left, "series");
    const char *date = cret_json_string(left, "date"), *other = cret_json_string(right, "date");
    if (series == NULL || json_equal(series, json_object_get(right, "series")) != 1 ||
        cret_json_string(left, "state") != NULL ||
        !is_higher(cret_json_string(left, "version"), cret_json_string(right, "version"))) {
        return false;
    }
    /* A higher version of an earlier day: one of the two is wrong, so that both speak. Days only:
     * times are of any zone. */
    return date == NULL || other == NULL || strncmp(date, other, 10) >= 0;
}
