/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and judging an SBOM apart, and what is believed of the answer. */
#include "signer/release/sbom_judged.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/coverage.h"
#include "release/advisory/coverage_sbom.h"

#define FORMAT_BYTES 100u
#define MANY ((int64_t)1 << 40) /* more than any count of parts of one file */

void cret_sbom_judged_clear(struct cret_sbom_judged *judged)
{
    for (size_t i = 0; i < CRET_SBOM_PROFILE_COUNT; i++) {
        cret_sbom_faults_free(&judged->faults[i]);
    }
    json_decref(judged->told);
    *judged = (struct cret_sbom_judged){.told = NULL};
}

/* The reading process. */

/* What JSON cannot hold as it is becomes visible. */
static void put_text(struct cret_build *json, const char *key, const char *text)
{
    json_t *value = text != NULL ? json_string(text) : NULL;
    if (value != NULL) {
        cret_build_put(json, key, value);
    } else {
        cret_build_escaped(json, key, text);
    }
}

static json_t *faults_json(const struct cret_sbom_profile *profile,
                           const struct cret_sbom_faults *faults)
{
    struct cret_build list = cret_build_list();
    size_t rule = 0;
    for (size_t i = 0; i < faults->count; i++) {
        const struct cret_sbom_fault *one = &faults->list[i];
        struct cret_build json = cret_build_object();
        /* Faults come in the order of their rules. */
        while (cret_sbom_profile_rule(profile, rule) != one->rule) {
            rule++;
        }
        cret_build_integer(&json, "rule", (int64_t)rule);
        put_text(&json, "pointer", one->pointer);
        put_text(&json, "reason", one->reason);
        put_text(&json, "actual", one->actual);
        cret_build_add(&list, cret_build_end(&json));
    }
    return cret_build_end(&list);
}

static json_t *profile_json(const struct cret_sbom_profile *profile,
                            const struct cret_sbom_faults *faults)
{
    struct cret_build json = cret_build_object(), said = cret_build_list();
    for (size_t i = 0; i < faults->said_count; i++) {
        const struct cret_sbom_said *one = &faults->said[i];
        struct cret_build entry = cret_build_object();
        cret_build_integer(&entry, "lookedAt", (int64_t)one->looked_at);
        cret_build_integer(&entry, "declared", (int64_t)one->declared);
        cret_build_string(&entry, "unseen", one->unseen);
        cret_build_add(&said, cret_build_end(&entry));
    }
    cret_build_boolean(&json, "ended", faults->ended);
    cret_build_put(&json, "faults", faults_json(profile, faults));
    cret_build_put(&json, "said", cret_build_end(&said));
    return cret_build_end(&json);
}

static enum cret_status judge(const struct cret_sbom_question *question,
                              const struct cret_sbom *sbom, json_t **ret_json, struct cret_err *err)
{
    struct cret_build json = cret_build_object(), list = cret_build_list();
    enum cret_status status = CRET_OK;
    for (size_t i = 0; status == CRET_OK && i < question->profile_count; i++) {
        struct cret_sbom_faults faults = {.list = NULL};
        status = cret_sbom_judge(sbom, question->profiles[i], &faults, err);
        if (status == CRET_OK) {
            cret_build_add(&list, profile_json(question->profiles[i], &faults));
        }
        cret_sbom_faults_free(&faults);
    }
    cret_build_string(&json, "format", cret_sbom_format(sbom));
    cret_build_integer(&json, "components", (int64_t)cret_sbom_count(sbom));
    cret_build_integer(&json, "missing", (int64_t)cret_sbom_missing(sbom));
    cret_build_put(&json, "gaps", cret_coverage_sbom(sbom));
    cret_build_put(&json, "profiles", cret_build_end(&list));
    *ret_json = cret_build_end(&json);
    return status == CRET_OK && *ret_json == NULL ? cret_err_memory(err) : status;
}

static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct cret_sbom_question *question = context;
    struct cret_sbom *sbom = NULL;
    struct cret_err fault = {0};
    enum cret_status status = CRET_OK;
    if (cret_sbom_read(&sbom, question->text, question->size, question->name, NULL, told->findings,
                       &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        status = CRET_FAILED;
    }
    if (status == CRET_OK && sbom != NULL) {
        status = judge(question, sbom, &told->json, err);
    } else if (status == CRET_OK && (told->json = json_object()) == NULL) {
        status = cret_err_memory(err);
    }
    cret_sbom_free(&sbom);
    return status;
}

/* Whoever asked. */

/* A count; false where it is none. */
static bool take_count(const json_t *object, const char *key, size_t *ret_count)
{
    const int64_t value = cret_json_integer(object, key, -1);
    *ret_count = value > 0 ? (size_t)value : 0;
    return value >= 0 && value < MANY;
}

static bool take_fault(const json_t *entry, const struct cret_sbom_profile *profile,
                       struct cret_sbom_faults *faults)
{
    struct cret_sbom_fault *fault = &faults->list[faults->count];
    const char *pointer = cret_json_string(entry, "pointer");
    const char *reason = cret_json_string(entry, "reason");
    const char *actual = cret_json_string(entry, "actual");
    size_t rule = 0;
    if (!take_count(entry, "rule", &rule) || rule >= cret_sbom_profile_rules(profile) ||
        pointer == NULL || reason == NULL) {
        return false;
    }
    *fault = (struct cret_sbom_fault){.rule = cret_sbom_profile_rule(profile, rule),
                                      .pointer = strdup(pointer),
                                      .reason = strdup(reason),
                                      .actual = actual != NULL ? strdup(actual) : NULL};
    faults->count++;
    return fault->pointer != NULL && fault->reason != NULL &&
           (actual == NULL || fault->actual != NULL);
}

static bool take_said(const json_t *list, const struct cret_sbom_profile *profile,
                      struct cret_sbom_faults *faults)
{
    if (json_array_size(list) != cret_sbom_profile_rules(profile)) {
        return false;
    }
    CRET_JSON_EACH_AT (index, entry, list) {
        struct cret_sbom_said *said = &faults->said[faults->said_count++];
        said->rule = cret_sbom_profile_rule(profile, index);
        said->unseen = cret_json_string(entry, "unseen");
        if (!take_count(entry, "lookedAt", &said->looked_at) ||
            !take_count(entry, "declared", &said->declared)) {
            return false;
        }
    }
    return true;
}

static bool take_profile(const json_t *entry, const struct cret_sbom_profile *profile,
                         struct cret_sbom_faults *faults)
{
    const json_t *list = json_object_get(entry, "faults");
    faults->capacity = json_array_size(list);
    faults->list = calloc(faults->capacity + 1, sizeof(*faults->list));
    faults->said = calloc(cret_sbom_profile_rules(profile) + 1, sizeof(*faults->said));
    if (faults->list == NULL || faults->said == NULL || !json_is_array(list) ||
        !json_is_boolean(json_object_get(entry, "ended"))) {
        return false;
    }
    faults->ended = cret_json_boolean(entry, "ended", true);
    CRET_JSON_EACH (fault, list) {
        if (!take_fault(fault, profile, faults)) {
            return false;
        }
    }
    return take_said(json_object_get(entry, "said"), profile, faults);
}

static bool take(struct cret_sbom_judged *judged, const struct cret_sbom_question *question)
{
    const json_t *list = json_object_get(judged->told, "profiles");
    const char *format = cret_json_string(judged->told, "format");
    if (json_object_size(judged->told) == 0) {
        return true;
    }
    judged->gaps = json_object_get(judged->told, "gaps");
    if (format == NULL || format[0] == '\0' || strlen(format) > FORMAT_BYTES ||
        !cret_text_visible(format) || !json_is_array(judged->gaps) ||
        json_array_size(list) != question->profile_count ||
        !take_count(judged->told, "components", &judged->components) ||
        !take_count(judged->told, "missing", &judged->missing)) {
        return false;
    }
    CRET_JSON_EACH (gap, judged->gaps) {
        if (cret_json_string(gap, "reason") == NULL) {
            return false;
        }
    }
    CRET_JSON_EACH_AT (index, entry, list) {
        if (!take_profile(entry, question->profiles[index], &judged->faults[index])) {
            return false;
        }
    }
    judged->format = format;
    return true;
}

enum cret_status cret_sbom_judged_take(struct cret_sbom_judged *judged,
                                       const struct cret_sbom_question *question, json_t *told,
                                       struct cret_err *err)
{
    judged->told = told;
    if (!json_is_object(told) || !take(judged, question)) {
        cret_sbom_judged_clear(judged);
        return cret_apart_malformed(err);
    }
    return CRET_OK;
}

enum cret_status cret_sbom_ask(struct cret_sbom_judged *judged,
                               const struct cret_sbom_question *question,
                               struct cret_findings *findings, struct cret_err *err)
{
    struct cret_apart_told told = {.findings = findings};
    struct cret_apart_job job = {
        .read = read_apart, .context = (void *)(uintptr_t)question, .bounds = CRET_BOUNDS_NONE};
    job.bounds.allow_unconfined = question->allow_unconfined;
    if (cret_apart_run(&told, &job, err) != CRET_OK) {
        return CRET_FAILED;
    }
    json_t *json = told.json;
    told.json = NULL;
    cret_apart_clear(&told);
    const enum cret_status status = cret_sbom_judged_take(judged, question, json, err);
    /* What was not read has a fault that says why. */
    return status == CRET_OK && judged->format == NULL && !cret_findings_failed(findings)
               ? cret_apart_malformed(err)
               : status;
}
