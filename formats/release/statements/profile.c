/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a profile. */
#include "release/statements/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "release/manifest/manifest_fields.h"

static const char *const severities[] = {"fail", "warn", "ignore", NULL};

static const struct cret_field topic_fields[] = {
    CRET_ROW_TOKEN("id", CRET_REQUIRED, "Id of the topic, for example S3."),
    CRET_ROW_LINE("title", CRET_REQUIRED, "What the topic is about."),
    CRET_ROW_STRINGS("roles", 0, CRET_FORMAT_TOKEN,
                     "Product roles that must answer it. Absent: every product."),
    CRET_ROW_END,
};

const struct cret_field cret_profile_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "profile/1"),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of the profile."),
    CRET_ROW_INTEGER("version", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "Whole number that rises with every change."),
    CRET_ROW_TEXT("description", 0, "What the profile is for."),
    CRET_ROW_OBJECTS("topics", CRET_REQUIRED, topic_fields, "Topics that must be answered."),
    CRET_ROW_MAP("severities", 0, CRET_FORMAT_TOKEN, NULL, "Check id to fail, warn or ignore.",
                 .values = severities),
    CRET_ROW_END,
};

static enum cret_status read_severities(struct cret_profile *profile, const char *origin,
                                        struct cret_err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(profile->json, "severities"), key, value)
    {
        const struct cret_check *check = NULL;
        if (cret_check_to_set(&check, key, CRET_SET_BY_PROFILE, err) != CRET_OK) {
            return cret_err_where(err, "%s, #/severities/%s", origin, key);
        }
        profile->has_severity[check->id] = true;
        profile->severities[check->id] =
            strcmp(json_string_value(value), "fail") == 0   ? CRET_SEVERITY_FAIL
            : strcmp(json_string_value(value), "warn") == 0 ? CRET_SEVERITY_WARN
                                                            : CRET_SEVERITY_IGNORE;
    }
    return CRET_OK;
}

/* The first fault of the table as the error. */
static enum cret_status table_fault(const struct cret_findings *findings, const char *origin,
                                    struct cret_err *err)
{
    if (cret_findings_count(findings) == 0) {
        return cret_err_memory(err);
    }
    const struct cret_finding *first = cret_findings_at(findings, 0);
    cret_err_usage(err, "the profile is not valid: %s", first->reason);
    cret_err_where(err, "%s, %s", origin, first->where != NULL ? first->where : "#");
    if (first->expected != NULL) {
        cret_err_expected(err, "%s", first->expected);
    }
    return CRET_FAILED;
}

enum cret_status cret_profile_parse(struct cret_profile **ret_profile, const char *text,
                                    size_t size, const char *origin, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_profile *profile = calloc(1, sizeof(*profile));
    struct cret_findings *findings = cret_findings_new();
    if (profile == NULL || findings == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_json_parse(&profile->json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM,
                        err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        cret_err_context(err, "the profile %s", origin);
        goto out;
    }
    if (cret_schema_validate(cret_profile_fields, profile->json, CRET_SCHEMA_MANIFEST,
                             CRET_CHECK_MANIFEST_FORM, findings) != CRET_OK) {
        table_fault(findings, origin, err);
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
    cret_findings_free(&findings);
    cret_profile_free(&profile);
    return status;
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
