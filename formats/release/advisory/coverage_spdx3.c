/* SPDX-License-Identifier: Apache-2.0 */
/* What an SPDX 3 document has that no advisory is compared with. */
#include "release/advisory/coverage_internal.h"

#include <string.h>

#include "base/text/json.h"

size_t cret_coverage_spdx3_of_class(const struct cret_spdx3 *spdx3, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < spdx3->elements.count; i++) {
        count += cret_spdx3_is(spdx3->elements.list[i].class, name) ? 1u : 0u;
    }
    return count;
}

/* What an SPDX 3 document says of the parts of one element. */
static void note_parts(struct cret_known *known, const struct cret_spdx3_element *relation)
{
    const char *type = cret_json_string(relation->json, "relationshipType");
    const char *completeness = cret_json_string(relation->json, "completeness");
    bool open = completeness != NULL && strcmp(completeness, "complete") != 0;
    CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
        const char *individual = cret_spdx3_individual(json_string_value(target));
        open = open || (individual != NULL && strcmp(individual, "NoAssertionElement") == 0);
    }
    if (open && type != NULL && cret_spdx3_is_dependency(type)) {
        cret_known_note(known, relation->id);
    }
}

void cret_coverage_spdx3_open(struct cret_known *known, const struct cret_spdx3 *spdx3)
{
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        note_parts(known, &spdx3->relations.list[i]);
    }
}

/* An assessment says that a vulnerability does not affect, or is fixed in, what it leads to or a
 * part of that, and was not withdrawn. */
static bool is_mild(const struct cret_spdx3_element *relation)
{
    return (cret_spdx3_is(relation->class, "security_VexNotAffectedVulnAssessmentRelationship") ||
            cret_spdx3_is(relation->class, "security_VexFixedVulnAssessmentRelationship")) &&
           json_object_get(relation->json, "security_withdrawnTime") == NULL;
}

/* A relationship says that a vulnerability is open, also where it is no assessment. */
static bool is_open(const struct cret_spdx3_element *relation)
{
    const char *type = cret_json_string(relation->json, "relationshipType");
    return (type != NULL &&
            (strcmp(type, "affects") == 0 || strcmp(type, "underInvestigationFor") == 0)) ||
           (cret_spdx3_is(relation->class, "security_VexVulnAssessmentRelationship") &&
            !is_mild(relation));
}

/* Notes in `words` what a relationship says of a vulnerability: {id: {element: whole}}, the
 * elements that it does not affect as a whole, or in a part; null where anything says that it is
 * open. What is said for a time, of nothing, or of what is not known settles nothing. False:
 * memory. */
static bool note_words(json_t *words, const struct cret_spdx3_element *relation)
{
    json_t *said = json_object_get(words, relation->id);
    const bool whole = json_object_get(relation->json, "security_assessedElement") == NULL;
    if (is_open(relation)) {
        return json_object_set_new(words, relation->id, json_null()) == 0;
    }
    if (!is_mild(relation) || json_is_null(said) ||
        json_object_get(relation->json, "startTime") != NULL ||
        json_object_get(relation->json, "endTime") != NULL) {
        return true;
    }
    if (said == NULL && json_object_set_new(words, relation->id, json_object()) != 0) {
        return false;
    }
    said = json_object_get(words, relation->id);
    CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
        const char *id = json_string_value(target);
        if (id != NULL && cret_spdx3_individual(id) == NULL &&
            !json_is_true(json_object_get(said, id)) &&
            json_object_set_new(said, id, json_boolean(whole)) != 0) {
            return false;
        }
    }
    return true;
}

/* element NULL: whether whatever is said of the vulnerability is mild. */
static bool is_settled_spdx3(const json_t *words, const char *vulnerability, const char *element)
{
    const json_t *said = json_object_get(words, vulnerability);
    return json_object_size(said) > 0 &&
           (element == NULL || json_is_true(json_object_get(said, element)));
}

/* Each vulnerability, and each element that has it, must be spoken of. */
size_t cret_coverage_spdx3_vulnerabilities(const struct cret_spdx3 *spdx3)
{
    struct cret_known known = cret_known_begin();
    json_t *words = json_object();
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        known.failed |= !note_words(words, &spdx3->relations.list[i]);
    }
    for (size_t i = 0; i < spdx3->elements.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->elements.list[i];
        if (cret_spdx3_is(one->class, "security_Vulnerability") &&
            !is_settled_spdx3(words, one->id, NULL)) {
            cret_known_note(&known, one->id);
        }
    }
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->relations.list[i];
        const char *type = cret_json_string(one->json, "relationshipType");
        cret_known_note(&known, is_open(one) ? one->id : NULL);
        if (type == NULL || strcmp(type, "hasAssociatedVulnerability") != 0) {
            continue;
        }
        CRET_JSON_EACH (target, json_object_get(one->json, "to")) {
            if (!is_settled_spdx3(words, json_string_value(target), one->id)) {
                cret_known_note(&known, json_string_value(target));
            }
        }
    }
    json_decref(words);
    return cret_known_count(&known);
}

bool cret_coverage_spdx3_whole(const struct cret_spdx3 *spdx3, const char *root)
{
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    while ((relation = cret_spdx3_relation(spdx3, root, NULL, &at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        const char *to =
            json_string_value(json_array_get(json_object_get(relation->json, "to"), 0));
        const char *individual = cret_spdx3_individual(to);
        if (type != NULL && individual != NULL && strcmp(individual, "NoneElement") == 0 &&
            (strcmp(type, "contains") == 0 || strcmp(type, "dependsOn") == 0)) {
            return true;
        }
    }
    return false;
}
