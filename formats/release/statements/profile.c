/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a profile. */
#include "release/statements/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/nearest.h"
#include "release/manifest/manifest_fields.h"
#include "release/sbom/sbom_rules.h"
#include "release/statements/annex2.h"
#include "release/statements/profile_named.h"

/* A profile only raises: "ignore" would have no effect. */
static const char *const severities[] = {"fail", "warn", NULL};

static const struct cret_field topic_fields[] = {
    CRET_ROW_TOKEN("id", CRET_REQUIRED, "Id of the topic, for example S3."),
    CRET_ROW_LINE("title", CRET_REQUIRED, "What the topic is about."),
    CRET_ROW_STRINGS("roles", 0, CRET_FORMAT_TOKEN,
                     "Product roles that must answer it. Absent: every product."),
    CRET_ROW_END,
};

static const struct cret_field profile_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_PROFILE_PURPOSE),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of the profile."),
    CRET_ROW_INTEGER("version", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "Whole number that rises with every change."),
    CRET_ROW_TEXT("description", 0, "What the profile is for."),
    CRET_ROW_OBJECTS("topics", CRET_REQUIRED, topic_fields, "Topics that must be answered."),
    CRET_ROW_MAP("severities", 0, CRET_FORMAT_TOKEN, NULL,
                 "Check id to fail or warn, where that is higher.", .values = severities),
    CRET_ROW_END,
};

const struct cret_file_format cret_profile_format = {
    .purpose = CRET_PROFILE_PURPOSE,
    .words = "profile",
    .file = "what a release must answer",
    .fields = profile_fields,
    .bytes = CRET_LIMIT_POLICY_BYTES,
    .fault = CRET_ERR_USAGE,
};

static enum cret_status read_severities(struct cret_profile *profile, const char *origin,
                                        struct cret_err *err)
{
    CRET_JSON_MEMBERS (key, value, json_object_get(profile->json, "severities")) {
        const struct cret_check *check = NULL;
        if (cret_check_to_set(&check, key, CRET_SET_BY_PROFILE, err) != CRET_OK) {
            return cret_err_where(err, "%s #/severities/%s", origin, key);
        }
        profile->has_severity[check->id] = true;
        profile->severities[check->id] =
            strcmp(json_string_value(value), "fail") == 0 ? CRET_SEVERITY_FAIL : CRET_SEVERITY_WARN;
    }
    return CRET_OK;
}

enum cret_status cret_profile_parse(struct cret_profile **ret_profile, const char *text,
                                    size_t size, const char *origin, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_profile *profile = calloc(1, sizeof(*profile));
    if (profile == NULL) {
        return cret_err_memory(err);
    }
    if (cret_file_format_read(&profile->json, &cret_profile_format, text, size, origin, err) !=
        CRET_OK) {
        goto out;
    }
    if (cret_sha256(profile->digest, text, size, err) != CRET_OK ||
        read_severities(profile, origin, err) != CRET_OK) {
        goto out;
    }
    profile->name = cret_json_string(profile->json, "name");
    *ret_profile = profile;
    profile = NULL;
    status = CRET_OK;
out:
    cret_profile_free(&profile);
    return status;
}

void cret_profile_misnamed(struct cret_err *err, const char *path)
{
    const struct cret_sbom_profile *sbom = cret_sbom_profile_find(path);
    struct cret_nearest nearest;
    size_t count = 0;
    const struct cret_profile_named *named = cret_profiles_named(&count);
    cret_nearest_begin(&nearest, path);
    for (size_t i = 0; i < count; i++) {
        cret_nearest_consider(&nearest, named[i].name);
    }
    cret_nearest_consider(&nearest, CRET_ANNEX2_PROFILE);
    for (size_t i = 0; cret_sbom_profile_names[i] != NULL; i++) {
        cret_nearest_consider(&nearest, cret_sbom_profile_names[i]);
    }
    if (sbom != NULL) {
        cret_err_hint(err,
                      "%s is a profile for SBOMs, which `cretula-sign sbom check` takes; in a "
                      "profile or policy \"severities\": {\"%s\": \"fail\"} asks for it",
                      sbom->name, cret_check_get(sbom->check)->name);
    } else if (strcmp(path, CRET_ANNEX2_PROFILE) == 0) {
        cret_err_hint(err, "this name is known to `cretula-sign lint`; of a release its items are "
                           "shown by `cretula-verify export annex2`");
    } else if (nearest.name != NULL) {
        cret_err_hint(err, "there is no such file; is the profile %s meant?", nearest.name);
    }
}

void cret_profile_free(struct cret_profile **profile)
{
    if (profile == NULL || *profile == NULL) {
        return;
    }
    json_decref((*profile)->json);
    free(*profile);
    *profile = NULL;
}

enum cret_result cret_profile_result(const struct cret_profile *profile,
                                     const enum cret_severity *policy, enum cret_check_id check)
{
    const struct cret_check *row = cret_check_get(check);
    enum cret_severity severity = row->severity;
    if (policy != NULL && row->set_by >= CRET_SET_BY_POLICY) {
        severity = policy[check];
    }
    if (profile != NULL && row->set_by >= CRET_SET_BY_PROFILE && profile->has_severity[check] &&
        profile->severities[check] > severity) {
        severity = profile->severities[check];
    }
    if (severity == CRET_SEVERITY_FAIL) {
        return CRET_RESULT_FAIL;
    }
    return severity == CRET_SEVERITY_WARN ? CRET_RESULT_WARN : CRET_RESULT_NOT_CHECKED;
}
