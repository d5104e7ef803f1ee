/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of one document: the newest speaks. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/vers.h"

/* Which revision of which series, in which form: of these there is one document. */
static void add_claim(struct cret_build *revision, const struct cret_advisory *advisory)
{
    const json_t *series = json_object_get(revision->json, "series");
    const char *version = cret_json_string(revision->json, "version");
    if (series != NULL && version != NULL) {
        char digest[2 * sizeof(advisory->digest) + 1];
        cret_hex_encode(digest, advisory->digest, sizeof(advisory->digest));
        cret_build_string(revision, "digest", digest);
        cret_build_put(revision, "claim",
                       json_pack("[O, s, i]", series, version, advisory->csaf_minor));
    }
}

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
        cret_build_put(&revision, "form", json_integer(advisory->csaf_minor));
    } else if (advisory->openvex) {
        const char *updated = cret_json_string(document, "last_updated");
        cret_build_put(&revision, "series", json_pack("[s, s]", "openvex", advisory->id));
        cret_build_put(&revision, "version",
                       json_sprintf("%lld", (long long)cret_json_integer(document, "version", 1)));
        cret_build_string(&revision, "date",
                          updated != NULL ? updated : cret_json_string(document, "timestamp"));
    } else if (advisory->spdx3) {
        /* An id names one version: there is no second one of it. */
        cret_build_put(&revision, "series", json_pack("[s, s]", "spdx", advisory->id));
        cret_build_string(&revision, "version", "1");
        cret_build_string(&revision, "date", advisory->created);
    } else if (serial != NULL) {
        cret_build_put(&revision, "series", json_pack("[s, s]", "cyclonedx", serial));
        cret_build_put(&revision, "version",
                       json_sprintf("%lld", (long long)cret_json_integer(document, "version", 1)));
    }
    add_claim(&revision, advisory);
    return cret_build_end(&revision);
}

/* Whether left is surely the higher version: whole numbers, or semantic versions (3.1.11). */
static bool is_higher(const char *left, const char *right)
{
    static const char digits[] = "0123456789";
    int order = 0;
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
    const char *version = cret_json_string(left, "version");
    const char *other_version = cret_json_string(right, "version");
    if (series == NULL || json_equal(series, json_object_get(right, "series")) != 1 ||
        cret_json_string(left, "state") != NULL || version == NULL || other_version == NULL) {
        return false;
    }
    /* CSAF 2.1, on serving both: of one revision in two forms the newer form is read. */
    const bool newer_form =
        strcmp(version, other_version) == 0 && cret_json_string(right, "state") == NULL &&
        cret_json_integer(left, "form", 0) > cret_json_integer(right, "form", 0);
    if (!newer_form && !is_higher(version, other_version)) {
        return false;
    }
    /* A higher version of an earlier day: one of the two is wrong, so that both speak. Days only:
     * times are of any zone. */
    return date == NULL || other == NULL || strncmp(date, other, 10) >= 0;
}
