/* SPDX-License-Identifier: Apache-2.0 */
/* Running the rules of a profile over an SBOM; the profiles. */
#include "release/sbom/sbom_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_internal.h"
#include "release/sbom/sbom_spdx3.h"

/* A component that the product refers to but does not bring along. */
static bool is_referenced(const json_t *component)
{
    const char *scope = cret_json_string(component, "scope");
    return cret_json_boolean(component, "isExternal", false) ||
           (scope != NULL && strcmp(scope, "excluded") == 0);
}

static bool has_filename(const json_t *component)
{
    CRET_JSON_EACH (property, json_object_get(component, "properties")) {
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

/* The same of SPDX 3: it contains others, and no file is it. */
static bool is_logical_spdx3(const struct cret_sbom *sbom, const json_t *component)
{
    const char *id = cret_json_string(component, "spdxId");
    size_t files = 0, parts = 0;
    return cret_spdx3_relation(sbom->spdx3, id, "hasDistributionArtifact", &files) == NULL &&
           cret_spdx3_relation(sbom->spdx3, id, "contains", &parts) != NULL;
}

static bool is_for(enum cret_rule_scope scope, const struct cret_sbom *sbom,
                   const json_t *component)
{
    const bool spdx3 = sbom->kind == &cret_sbom_spdx3;
    switch (scope) {
    case CRET_RULE_COMPONENT:
        return true;
    case CRET_RULE_INCLUDED:
        return spdx3 ? !cret_spdx3_is_provided(sbom, component) : !is_referenced(component);
    case CRET_RULE_FILE:
        return spdx3
                   ? !cret_spdx3_is_provided(sbom, component) && !is_logical_spdx3(sbom, component)
                   : !is_referenced(component) && !is_logical(component);
    case CRET_RULE_PHYSICAL:
        return spdx3 ? !is_logical_spdx3(sbom, component) : !is_logical(component);
    case CRET_RULE_DOCUMENT:
        break;
    }
    return false;
}

static void run_row(struct cret_rules_run *run)
{
    const struct cret_sbom *sbom = run->sbom;
    const cret_rule_check check = sbom->kind == &cret_sbom_cyclonedx ? run->row->cyclonedx
                                  : sbom->kind == &cret_sbom_spdx3   ? run->row->spdx3
                                                                     : run->row->spdx;
    if (check == NULL) {
        return;
    }
    if (run->row->scope == CRET_RULE_DOCUMENT) {
        run->said->looked_at = 1;
        check(run, NULL);
        return;
    }
    for (size_t i = 0; i < sbom->components.packages && !run->at.failed; i++) {
        const struct cret_sbom_component *component = &sbom->components.list[i];
        if (is_for(run->row->scope, sbom, component->json)) {
            cret_json_enter_pointer(&run->at, component->pointer);
            run->said->looked_at++;
            check(run, component);
            cret_json_leave(&run->at, 0);
        }
    }
}

enum cret_status cret_sbom_judge(const struct cret_sbom *sbom,
                                 const struct cret_sbom_profile *profile,
                                 struct cret_sbom_faults *ret_faults, struct cret_err *err)
{
    const struct cret_rule_row *rows = profile->rules->rows;
    struct cret_rules_run run = {.sbom = sbom, .faults = ret_faults};
    *ret_faults = (struct cret_sbom_faults){
        .said = calloc(profile->rules->count, sizeof(*ret_faults->said)),
        .said_count = profile->rules->count,
    };
    run.at.failed = ret_faults->said == NULL || !cret_rules_graph(&run);
    for (size_t i = 0; i < profile->rules->count && !run.at.failed; i++) {
        const size_t before = ret_faults->count;
        run.row = &rows[i];
        run.said = &ret_faults->said[i];
        run.said->rule = &rows[i].rule;
        run_row(&run);
        if (rows[i].fatal && ret_faults->count > before) {
            ret_faults->ended = true;
            break;
        }
    }
    json_decref(run.graph);
    json_decref(run.known);
    json_decref(run.stated);
    cret_json_cursor_clear(&run.at);
    if (run.at.failed) {
        cret_sbom_faults_free(ret_faults);
        return cret_err_memory(err);
    }
    return CRET_OK;
}

#define NAME(id, name, check, title, words) name,
#define ROW(id, name, check, title, words) {name, title, CRET_CHECK_SBOM_##check, &cret_rules_##id},
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
        snprintf(more, sizeof(more), " (and %zu more %s)", places - 1,
                 cret_plural(places - 1, "place", "places"));
    }
    cret_findings_add(
        findings, profile->check, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where,
                                   .expected = fault->rule->passes,
                                   .actual = fault->actual != NULL ? fault->actual : "absent"},
        "%s %s: %s%s", fault->rule->id, fault->rule->title, fault->reason, more);
    free(where);
    return CRET_OK;
}

/* Rules that are met by what is said to be unknown, and those that could not be looked at. */
static void add_said(const struct cret_sbom *sbom, const struct cret_sbom_profile *profile,
                     const struct cret_sbom_faults *faults, struct cret_findings *findings)
{
    for (size_t i = 0; i < faults->said_count; i++) {
        const struct cret_sbom_said *said = &faults->said[i];
        char words[200];
        cret_sbom_said_words(words, sizeof(words), said);
        if (words[0] != '\0') {
            cret_findings_add(findings, profile->check,
                              said->unseen != NULL ? CRET_RESULT_NOT_CHECKED : CRET_RESULT_PASS,
                              (struct cret_finding_text){.where = sbom->file}, "%s %s: %s",
                              said->rule->id, said->rule->title, words);
        }
    }
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
        cret_findings_add(findings, profile->check, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = sbom->file},
                          "every rule is met: %s (%zu rules)", profile->title,
                          profile->rules->count);
    }
    add_said(sbom, profile, &faults, findings);
    cret_sbom_faults_free(&faults);
    return status;
}
