/* SPDX-License-Identifier: Apache-2.0 */
/* BSI TR-03183-2 v2.1.0, chapter 8.2: its mapping to SPDX 3. What a file is stands at the
 * software_File that hasDistributionArtifact names. The tables of the guideline print some names
 * that no valid document has (externalIdentifers, SourceArtifact, packageURL); the right ones
 * count.
 */
#include <string.h>

#include "base/schema/schema.h"
#include "base/text/json.h"
#include "release/identifier/licenses.h"
#include "release/sbom/sbom_rules_bsi.h"
#include "release/sbom/sbom_rules_spdx3.h"

static bool is_uri(const char *text)
{
    return cret_format_accepts(CRET_FORMAT_URI, text);
}

void cret_rules_spdx3_bsi_01(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const char *version = cret_json_string(run->sbom->spdx3->creation, "specVersion");
    if (version == NULL || strcmp(version, "3.0.0") == 0) {
        cret_rules_at_creation(run);
        cret_rules_fault(run, "specVersion", version,
                         "the guideline asks for SPDX 3.0.1 or newer; nothing else was looked at");
        cret_rules_back(run, component);
    }
}

void cret_rules_spdx3_bsi_02(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    if (run->sbom->components.root == NULL) {
        cret_rules_at_place(run, run->sbom->spdx3->document_place);
        cret_rules_fault(run, "rootElement", NULL,
                         "the SBOM does not say which version of which product it describes");
        cret_rules_back(run, component);
    }
}

/* Whether an agent has an e-mail address, or else a URL; of components the guideline prints the
 * type "other" for it. */
static bool can_be_reached(const struct cret_rules_run *run, const char *id, bool other)
{
    const struct cret_spdx3_element *agent = cret_spdx3_find(run->sbom->spdx3, id);
    if (agent == NULL || cret_spdx3_agent(run->sbom->spdx3, id) == NULL) {
        return false;
    }
    CRET_JSON_EACH (identifier, json_object_get(agent->json, "externalIdentifier")) {
        const char *type = cret_json_string(identifier, "externalIdentifierType");
        const char *text = cret_json_string(identifier, "identifier");
        const bool url = type != NULL &&
                         (strcmp(type, "urlScheme") == 0 || (other && strcmp(type, "other") == 0));
        if (type != NULL && ((strcmp(type, "email") == 0 && cret_value_email(text)) ||
                             (url && cret_value_url(text)))) {
            return true;
        }
    }
    return false;
}

/* Whether one of a list of agents can be reached. */
static bool one_can_be_reached(const struct cret_rules_run *run, const json_t *agents, bool other)
{
    CRET_JSON_EACH (agent, agents) {
        if (can_be_reached(run, json_string_value(agent), other)) {
            return true;
        }
    }
    return false;
}

void cret_rules_spdx3_bsi_03(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const json_t *creators = json_object_get(run->sbom->spdx3->creation, "createdBy");
    if (!one_can_be_reached(run, creators, false)) {
        cret_rules_at_creation(run);
        cret_rules_fault(run, "createdBy", json_string_value(json_array_get(creators, 0)),
                         "the creator of the SBOM has no e-mail address and no URL");
        cret_rules_back(run, component);
    }
}

const struct cret_spdx3_element *cret_rules_spdx3_sbom(const struct cret_spdx3 *spdx3)
{
    CRET_JSON_EACH (root, json_object_get(spdx3->document, "rootElement")) {
        const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, json_string_value(root));
        if (element != NULL && cret_spdx3_is(element->class, "software_Sbom")) {
            return element;
        }
    }
    return cret_spdx3_find(spdx3, cret_json_string(spdx3->document, "spdxId"));
}

void cret_rules_spdx3_bsi_05(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const struct cret_spdx3_element *sbom = cret_rules_spdx3_sbom(run->sbom->spdx3);
    if (sbom != NULL && !cret_value_url(sbom->id) && strncmp(sbom->id, "urn:", 4) != 0) {
        cret_rules_at_place(run, sbom->place);
        cret_rules_fault(run, "spdxId", sbom->id,
                         "the id is no URI of its own (https or urn) but a prefix and a name");
        cret_rules_back(run, component);
    }
}

void cret_rules_spdx3_bsi_06(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const json_t *graph = json_object_get(run->sbom->json, CRET_SPDX3_GRAPH);
    CRET_JSON_EACH_AT (index, object, graph) {
        const char *type = cret_json_string(object, "type");
        const char *relation = cret_json_string(object, "relationshipType");
        if ((type != NULL && strncmp(type, "security_", 9) == 0) ||
            (relation != NULL && strcmp(relation, "hasAssociatedVulnerability") == 0)) {
            cret_rules_at_place(run, index);
            cret_rules_fault(run, "type", type,
                             "an SBOM carries no vulnerabilities: they change while it does not; "
                             "put them into a VEX file");
            cret_rules_back(run, component);
            return;
        }
    }
}

void cret_rules_spdx3_bsi_08(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const json_t *makers = json_object_get(component->json, "originatedBy");
    if (!one_can_be_reached(run, makers, true)) {
        cret_rules_fault(run, "originatedBy", json_string_value(json_array_get(makers, 0)),
                         "the creator of component %.200s has no e-mail address and no URL",
                         cret_rules_label(component));
    }
}

/* The file that a component is delivered in, with the pointer on it; NULL: the fault is added. */
static const json_t *enter_file(struct cret_rules_run *run,
                                const struct cret_sbom_component *component)
{
    const struct cret_sbom_component *file = cret_spdx3_artifact(run->sbom, component);
    if (file == NULL) {
        cret_rules_fault(run, NULL, NULL,
                         "component %.200s is not led to one software_File by "
                         "hasDistributionArtifact",
                         cret_rules_label(component));
        return NULL;
    }
    cret_rules_back(run, file);
    return file->json;
}

void cret_rules_spdx3_bsi_11(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const json_t *file = enter_file(run, component);
    const char *name = cret_json_string(file, "name");
    if (file != NULL && (!cret_value_says(name) || strpbrk(name, "/\\") != NULL)) {
        cret_rules_fault(run, "name", name, "this is not the name of a file, without its folder");
    }
    cret_rules_back(run, component);
}

void cret_rules_spdx3_bsi_14(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const struct cret_sbom_component *file = cret_spdx3_artifact(run->sbom, component);
    const json_t *purposes =
        file != NULL ? json_object_get(file->json, "software_additionalPurpose") : NULL;
    const bool structured = cret_json_lists(purposes, "container");
    if (file == NULL || structured != cret_json_lists(purposes, "firmware")) {
        return; /* without a file BSI-11 is not met */
    }
    cret_rules_back(run, file);
    cret_rules_fault(run, "software_additionalPurpose", structured ? "both" : NULL,
                     "a file is either a \"container\" (structured) or \"firmware\" "
                     "(unstructured)");
    cret_rules_back(run, component);
}

/* The next contains or dependsOn from a component. */
static const struct cret_spdx3_element *next_dependency(const struct cret_rules_run *run,
                                                        const struct cret_sbom_component *component,
                                                        size_t *at)
{
    const char *id = cret_json_string(component->json, "spdxId");
    const struct cret_spdx3_element *relation;
    while ((relation = cret_spdx3_relation(run->sbom->spdx3, id, NULL, at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        if (type != NULL && (strcmp(type, "contains") == 0 || strcmp(type, "dependsOn") == 0)) {
            return relation;
        }
    }
    return NULL;
}

void cret_rules_spdx3_bsi_15(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    size_t at = 0;
    if (next_dependency(run, component, &at) == NULL) {
        cret_rules_fault(run, NULL, cret_json_string(component->json, "spdxId"),
                         "component %.200s has no relationship contains or dependsOn (one without "
                         "dependencies has it to NoneElement)",
                         cret_rules_label(component));
    }
}

void cret_rules_spdx3_bsi_16(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    while ((relation = next_dependency(run, component, &at)) != NULL) {
        if (json_object_get(relation->json, "completeness") == NULL) {
            cret_rules_at_place(run, relation->place);
            cret_rules_fault(run, "completeness", NULL,
                             "it is not said whether the dependencies of component %.200s are "
                             "complete",
                             cret_rules_label(component));
            cret_rules_back(run, component);
        }
    }
}

/* Looks at the licences of a type; returns how many there are. */
static size_t check_licenses(struct cret_rules_run *run,
                             const struct cret_sbom_component *component, const char *type)
{
    const char *id = cret_json_string(component->json, "spdxId");
    const struct cret_spdx3_element *relation;
    size_t count = 0, at = 0;
    while ((relation = cret_spdx3_relation(run->sbom->spdx3, id, type, &at)) != NULL) {
        CRET_JSON_EACH_AT (index, target, json_object_get(relation->json, "to")) {
            const char *words = cret_spdx3_license(run->sbom->spdx3, json_string_value(target));
            count++;
            if (words == NULL || !cret_license_expression(words)) {
                cret_rules_at_place(run, relation->place);
                cret_json_enter(&run->at, "to");
                cret_json_enter_index(&run->at, index);
                cret_rules_fault(run, NULL, words, "this names no licence by an SPDX identifier");
                cret_rules_back(run, component);
            }
        }
    }
    return count;
}

void cret_rules_spdx3_bsi_17(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    if (check_licenses(run, component, "hasConcludedLicense") == 0) {
        cret_rules_fault(run, NULL, NULL,
                         "component %.200s has no relationship hasConcludedLicense",
                         cret_rules_label(component));
    }
}

void cret_rules_spdx3_bsi_18(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const struct cret_sbom_component *file = cret_spdx3_artifact(run->sbom, component);
    const char *actual = NULL;
    if (file == NULL) {
        return; /* BSI-11 is not met */
    }
    CRET_JSON_EACH (hash, json_object_get(file->json, "verifiedUsing")) {
        actual = cret_json_string(hash, "algorithm");
        if (actual != NULL && strcmp(actual, "sha512") == 0) {
            return;
        }
    }
    cret_rules_back(run, file);
    cret_rules_fault(run, "verifiedUsing", actual, "the file of component %.200s has no SHA-512",
                     cret_rules_label(component));
    cret_rules_back(run, component);
}

/* Every reference of a type leads somewhere; the pointer is on their holder. */
static void check_references(struct cret_rules_run *run, const json_t *holder, const char *type,
                             bool (*accepts)(const char *text), const char *words)
{
    const size_t list_mark = cret_json_enter(&run->at, "externalRef");
    CRET_JSON_EACH_AT (index, reference, json_object_get(holder, "externalRef")) {
        const char *own = cret_json_string(reference, "externalRefType");
        if (own == NULL || strcmp(own, type) != 0) {
            continue;
        }
        const size_t mark = cret_json_enter_index(&run->at, index);
        cret_json_enter(&run->at, "locator");
        CRET_JSON_EACH_AT (place, locator, json_object_get(reference, "locator")) {
            const size_t inner = cret_json_enter_index(&run->at, place);
            if (!accepts(json_string_value(locator))) {
                cret_rules_fault(run, NULL, json_string_value(locator), "%s", words);
            }
            cret_json_leave(&run->at, inner);
        }
        cret_json_leave(&run->at, mark);
    }
    cret_json_leave(&run->at, list_mark);
}

void cret_rules_spdx3_bsi_19(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const struct cret_spdx3_element *own =
        cret_spdx3_find(run->sbom->spdx3, cret_json_string(component->json, "spdxId"));
    const struct cret_spdx3_element *source =
        own != NULL ? cret_spdx3_find(run->sbom->spdx3, own->source) : NULL;
    if (source != NULL) {
        cret_rules_at_place(run, source->place);
        check_references(run, source->json, "sourceArtifact", is_uri,
                         "the place of the source code is no URI");
        cret_rules_back(run, component);
    }
}

void cret_rules_spdx3_bsi_20(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    static const char words[] = "the place of the deployable form is no URI";
    const struct cret_sbom_component *file = cret_spdx3_artifact(run->sbom, component);
    const char *place = cret_json_string(component->json, "software_downloadLocation");
    if (cret_value_says(place) && !is_uri(place)) {
        cret_rules_fault(run, "software_downloadLocation", place, "%s", words);
    }
    if (file != NULL) {
        cret_rules_back(run, file);
        check_references(run, file->json, "binaryArtifact", is_uri, words);
        cret_rules_back(run, component);
    }
}

void cret_rules_spdx3_bsi_22(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    check_licenses(run, component, "hasDeclaredLicense");
}

void cret_rules_spdx3_bsi_23(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const char *id = cret_json_string(component->json, "spdxId");
    const struct cret_spdx3_element *relation;
    size_t found = 0, at = 0;
    while ((relation = cret_spdx3_relation(run->sbom->spdx3, id, "other", &at)) != NULL) {
        const char *comment = cret_json_string(relation->json, "comment");
        if (comment == NULL || strcmp(comment, "hasEffectiveLicense") != 0) {
            continue;
        }
        const json_t *targets = json_object_get(relation->json, "to");
        const char *words =
            cret_spdx3_license(run->sbom->spdx3, json_string_value(json_array_get(targets, 0)));
        cret_rules_at_place(run, relation->place);
        if (found++ > 0 || json_array_size(targets) > 1) {
            cret_rules_fault(run, "to", words, "the effective licence is given twice");
        } else if (words == NULL || !cret_license_expression(words)) {
            cret_rules_fault(run, "to", words, "this is no SPDX licence expression");
        }
        cret_rules_back(run, component);
    }
}

static bool is_secure_url(const char *text)
{
    return text != NULL && strncmp(text, "https://", 8) == 0 && cret_value_url(text);
}

void cret_rules_spdx3_bsi_24(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    check_references(run, component->json, "securityOther", is_secure_url,
                     "the place of security.txt is no https URL (RFC 9116)");
}
