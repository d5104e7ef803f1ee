/* SPDX-License-Identifier: Apache-2.0 */
/* Running the rules of a profile over an SBOM; the profiles. */
#include "release/sbom/sbom_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_internal.h"

/* Faults of one SBOM that are listed; more help nobody. */
#define FAULTS 20000u

size_t cret_rules_enter(struct cret_rules_run *run, const char *name)
{
    const size_t mark = run->pointer.size;
    cret_json_pointer_push(&run->pointer, name);
    run->failed = run->failed || run->pointer.failed;
    return mark;
}

size_t cret_rules_enter_index(struct cret_rules_run *run, size_t index)
{
    const size_t mark = run->pointer.size;
    cret_json_pointer_push_index(&run->pointer, index);
    run->failed = run->failed || run->pointer.failed;
    return mark;
}

void cret_rules_leave(struct cret_rules_run *run, size_t mark)
{
    run->pointer.size = mark;
    if (run->pointer.data != NULL) {
        run->pointer.data[mark] = '\0';
    }
}

static void clear_fault(struct cret_sbom_fault *fault)
{
    free(fault->pointer);
    free(fault->actual);
    free(fault->reason);
}

void cret_sbom_faults_free(struct cret_sbom_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        clear_fault(&faults->list[i]);
    }
    free(faults->list);
    *faults = (struct cret_sbom_faults){0};
}

static bool make_room(struct cret_sbom_faults *faults)
{
    if (faults->count < faults->capacity) {
        return true;
    }
    const size_t capacity = faults->capacity > 0 ? 2 * faults->capacity : 32;
    struct cret_sbom_fault *list = reallocarray(faults->list, capacity, sizeof(*list));
    if (list == NULL) {
        return false;
    }
    faults->list = list;
    faults->capacity = capacity;
    return true;
}

void cret_rules_fault(struct cret_rules_run *run, const char *name, const char *actual,
                      const char *reason_format, ...)
{
    if (run->failed || run->faults->count >= FAULTS) {
        return;
    }
    char reason[512];
    va_list arguments;
    va_start(arguments, reason_format);
    vsnprintf(reason, sizeof(reason), reason_format, arguments);
    va_end(arguments);
    const size_t mark = run->pointer.size;
    if (name != NULL) {
        cret_rules_enter(run, name);
    }
    struct cret_sbom_fault fault = {
        .rule = &run->row->rule,
        .pointer = strdup(run->pointer.data != NULL ? run->pointer.data : ""),
        .actual = actual != NULL ? strdup(actual) : NULL,
        .reason = strdup(reason),
    };
    cret_rules_leave(run, mark);
    if (run->failed || fault.pointer == NULL || fault.reason == NULL ||
        (actual != NULL && fault.actual == NULL) || !make_room(run->faults)) {
        clear_fault(&fault);
        run->failed = true;
        return;
    }
    run->faults->list[run->faults->count++] = fault;
}

/* A component that the product refers to but does not bring along. */
static bool is_referenced(const json_t *component)
{
    const char *scope = cret_json_string(component, "scope");
    return cret_json_boolean(component, "isExternal", false) ||
           (scope != NULL && strcmp(scope, "excluded") == 0);
}

static bool has_filename(const json_t *component)
{
    size_t index;
    json_t *property;
    json_array_foreach(json_object_get(component, "properties"), index, property)
    {
        const char *name = cret_json_string(property, "name");
        if (name != NULL && strcmp(name, "bsi:component:filename") == 0) {
            return true;
        }
    }
    return false;
}

/* A component that is no file of its own: a device, or something made of other components. */
static bool is_logical(const json_t *component)
{
    const char *type = cret_json_string(component, "type");
    return !has_filename(component) &&
           (json_array_size(json_object_get(component, "components")) > 0 ||
            (type != NULL && strcmp(type, "device") == 0));
}

static bool is_for(enum cret_rule_scope scope, const json_t *component)
{
    switch (scope) {
    case CRET_RULE_COMPONENT:
        return true;
    case CRET_RULE_INCLUDED:
        return !is_referenced(component);
    case CRET_RULE_FILE:
        return !is_referenced(component) && !is_logical(component);
    case CRET_RULE_DOCUMENT:
        break;
    }
    return false;
}

static void run_row(struct cret_rules_run *run)
{
    const struct cret_sbom *sbom = run->sbom;
    const cret_rule_check check =
        sbom->kind == &cret_sbom_cyclonedx ? run->row->cyclonedx : run->row->spdx;
    if (check == NULL) {
        return;
    }
    if (run->row->scope == CRET_RULE_DOCUMENT) {
        check(run, NULL);
        return;
    }
    for (size_t i = 0; i < sbom->components.packages && !run->failed; i++) {
        const struct cret_sbom_component *component = &sbom->components.list[i];
        if (is_for(run->row->scope, component->json)) {
            cret_buffer_append(&run->pointer, component->pointer, strlen(component->pointer));
            run->failed = run->failed || run->pointer.failed;
            check(run, component);
            cret_rules_leave(run, 0);
        }
    }
}

enum cret_status cret_sbom_judge(const struct cret_sbom *sbom,
                                 const struct cret_sbom_profile *profile,
                                 struct cret_sbom_faults *ret_faults, struct cret_err *err)
{
    const struct cret_rule_row *rows = profile->rules->rows;
    struct cret_rules_run run = {.sbom = sbom, .faults = ret_faults};
    *ret_faults = (struct cret_sbom_faults){0};
    run.failed = !cret_rules_graph(&run);
    for (size_t i = 0; i < profile->rules->count && !run.failed; i++) {
        const size_t before = ret_faults->count;
        run.row = &rows[i];
        run_row(&run);
        if (rows[i].fatal && ret_faults->count > before) {
            ret_faults->ended = true;
            break;
        }
    }
    json_decref(run.graph);
    json_decref(run.known);
    json_decref(run.stated);
    cret_buffer_free(&run.pointer);
    if (run.failed) {
        cret_sbom_faults_free(ret_faults);
        return cret_err_memory(err);
    }
    return CRET_OK;
}

const char *cret_rules_label(const struct cret_sbom_component *component)
{
    const char *name = cret_json_string(component->json, "name");
    return name != NULL ? name : "without a name";
}

void cret_rules_cyclonedx_name(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *name = cret_json_string(component->json, "name");
    if (!cret_value_says(name)) {
        cret_rules_fault(run, "name", name, "a component has no name");
    }
}

void cret_rules_cyclonedx_version(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component)
{
    const char *version = cret_json_string(component->json, "version");
    const char *range = cret_json_string(component->json, "versionRange");
    if (!cret_value_says(version) && !(version == NULL && cret_value_says(range))) {
        cret_rules_fault(run, "version", version, "component %.200s has no version",
                         cret_rules_label(component));
    }
}

void cret_rules_cyclonedx_timestamp(struct cret_rules_run *run,
                                    const struct cret_sbom_component *component)
{
    (void)component;
    const char *text = cret_json_string(run->sbom->json, "metadata.timestamp");
    if (!cret_value_time(text)) {
        const size_t mark = cret_rules_enter(run, "metadata");
        cret_rules_fault(run, "timestamp", text, "the SBOM does not say when it was made");
        cret_rules_leave(run, mark);
    }
}

void cret_rules_cyclonedx_depends(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component)
{
    const char *reference = cret_json_string(component->json, "bom-ref");
    if (reference == NULL) {
        cret_rules_fault(run, "bom-ref", NULL,
                         "component %.200s has no bom-ref, so that no dependency can name it",
                         cret_rules_label(component));
    } else if (json_object_get(run->graph, reference) == NULL) {
        cret_rules_fault(run, NULL, reference,
                         "component %.200s is not listed in dependencies (one without "
                         "dependencies is listed too)",
                         cret_rules_label(component));
    }
}

#define NAME(name, check, title, words) #name,
#define ROW(name, check, title, words) {#name, title, CRET_CHECK_SBOM_##check, &cret_rules_##name},
const char *const cret_sbom_profile_names[] = {CRET_SBOM_PROFILES(NAME) NULL};
static const struct cret_sbom_profile profiles[] = {CRET_SBOM_PROFILES(ROW)};

const struct cret_sbom_profile *cret_sbom_profile_at(size_t index)
{
    return &profiles[index];
}

const struct cret_sbom_profile *cret_sbom_profile_find(const char *name)
{
    for (size_t i = 0; i < CRET_SBOM_PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) == 0) {
            return &profiles[i];
        }
    }
    return NULL;
}

size_t cret_sbom_profile_rules(const struct cret_sbom_profile *profile)
{
    return profile->rules->count;
}

const struct cret_sbom_rule *cret_sbom_profile_rule(const struct cret_sbom_profile *profile,
                                                    size_t index)
{
    return &profile->rules->rows[index].rule;
}

/* How many faults of the same rule follow this one. */
static size_t count_same(const struct cret_sbom_faults *faults, size_t first)
{
    size_t count = 0;
    for (size_t i = first; i < faults->count; i++) {
        count += faults->list[i].rule == faults->list[first].rule ? 1u : 0u;
    }
    return count;
}

static enum cret_status add_fault(const struct cret_sbom *sbom,
                                  const struct cret_sbom_profile *profile,
                                  const struct cret_sbom_fault *fault, size_t places,
                                  struct cret_findings *findings, struct cret_err *err)
{
    char *where = cret_text_printf("%s#%s", sbom->file, fault->pointer);
    char more[64] = "";
    if (where == NULL) {
        return cret_err_memory(err);
    }
    if (places > 1) {
        snprintf(more, sizeof(more), " (and %zu more places)", places - 1);
    }
    cret_findings_add(findings, profile->check, CRET_RESULT_FAIL, where, fault->rule->passes,
                      fault->actual != NULL ? fault->actual : "absent", NULL, "%s %s: %s%s",
                      fault->rule->id, fault->rule->title, fault->reason, more);
    free(where);
    return CRET_OK;
}

enum cret_status cret_sbom_judge_findings(const struct cret_sbom *sbom,
                                          const struct cret_sbom_profile *profile, bool per_rule,
                                          struct cret_findings *findings, struct cret_err *err)
{
    struct cret_sbom_faults faults;
    if (cret_sbom_judge(sbom, profile, &faults, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < faults.count && status == CRET_OK; i++) {
        /* Faults of a rule follow each other. */
        const bool first = i == 0 || faults.list[i].rule != faults.list[i - 1].rule;
        if (!per_rule || first) {
            status = add_fault(sbom, profile, &faults.list[i],
                               per_rule ? count_same(&faults, i) : 1, findings, err);
        }
    }
    if (status == CRET_OK && faults.count == 0) {
        cret_findings_add(findings, profile->check, CRET_RESULT_PASS, sbom->file, NULL, NULL, NULL,
                          "every rule is met: %s (%zu rules)", profile->title,
                          profile->rules->count);
    }
    cret_sbom_faults_free(&faults);
    return status;
}
