/* SPDX-License-Identifier: Apache-2.0 */
/* Holds many SBOMs to profiles in one process, for tests: each line of standard input is
 * [PROFILE, DOCUMENT] as JSON, the line that answers says what the rules found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules.h"

static json_t *faults_json(const struct cret_sbom_faults *faults)
{
    json_t *list = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const struct cret_sbom_fault *fault = &faults->list[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s}", "rule", fault->rule->id,
                                              "pointer", fault->pointer, "actual", fault->actual,
                                              "reason", fault->reason));
    }
    return list;
}

/* Rules that are met by a declaration, or that could not be looked at. */
static json_t *said_json(const struct cret_sbom_faults *faults, bool declared)
{
    json_t *list = json_array();
    for (size_t i = 0; i < faults->said_count; i++) {
        const struct cret_sbom_said *said = &faults->said[i];
        if (declared ? said->declared > 0 : said->unseen != NULL) {
            json_array_append_new(list, json_string(said->rule->id));
        }
    }
    return list;
}

static json_t *form_json(const struct cret_findings *findings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->result == CRET_RESULT_FAIL) {
            json_array_append_new(list, json_string(finding->reason));
        }
    }
    return list;
}

/* The answer to one line; NULL: the line is none, or there is no memory. */
static json_t *judge(const char *line)
{
    const char *name = NULL;
    json_t *document = NULL, *answer = NULL;
    struct cret_sbom *sbom = NULL;
    struct cret_sbom_faults faults = {0};
    struct cret_err err = {0};
    struct cret_findings *findings = cret_findings_new();
    json_t *request = json_loads(line, 0, NULL);
    char *text = NULL;
    if (findings != NULL && request != NULL &&
        json_unpack(request, "[s, o]", &name, &document) == 0) {
        text = json_dumps(document, JSON_COMPACT);
    }
    const struct cret_sbom_profile *profile = text != NULL ? cret_sbom_profile_find(name) : NULL;
    if (profile != NULL) {
        const bool read =
            cret_sbom_read(&sbom, text, strlen(text), "sbom.json", NULL, findings, &err) == CRET_OK;
        if (!read || cret_sbom_judge(sbom, profile, &faults, &err) == CRET_OK) {
            answer = json_pack("{s:o, s:o, s:o, s:o, s:b}", "form", form_json(findings), "faults",
                               faults_json(&faults), "declared", said_json(&faults, true), "unseen",
                               said_json(&faults, false), "ended", faults.ended);
        }
    }
    cret_sbom_faults_free(&faults);
    cret_sbom_free(&sbom);
    cret_findings_free(&findings);
    json_decref(request);
    free(text);
    return answer;
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    int code = 0;
    while (code == 0 && getline(&line, &capacity, stdin) > 0) {
        json_t *answer = judge(line);
        code = answer == NULL || json_dumpf(answer, stdout, JSON_COMPACT) != 0 ||
                       fputc('\n', stdout) == EOF
                   ? 1
                   : 0;
        json_decref(answer);
    }
    free(line);
    return code;
}
