/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that several profiles have, and those of the NTIA, as they look at SPDX 3. */
#include "release/sbom/sbom_rules_spdx3.h"

#include "base/text/json.h"

void cret_rules_at_place(struct cret_rules_run *run, size_t place)
{
    cret_json_leave(&run->at, 0);
    cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
    cret_json_enter_index(&run->at, place);
}

void cret_rules_at_creation(struct cret_rules_run *run)
{
    const struct cret_spdx3 *spdx3 = run->sbom->spdx3;
    const json_t *info = json_object_get(spdx3->document, "creationInfo");
    const struct cret_spdx3_element *named = cret_spdx3_find(spdx3, json_string_value(info));
    cret_json_leave(&run->at, 0);
    if (named != NULL) {
        cret_rules_at_place(run, named->place);
    } else if (spdx3->document != NULL) {
        cret_rules_at_place(run, spdx3->document_place);
        cret_json_enter(&run->at, "creationInfo");
    }
}

void cret_rules_back(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    cret_json_leave(&run->at, 0);
    if (component != NULL) {
        cret_json_enter_pointer(&run->at, component->pointer);
    }
}

void cret_rules_spdx3_supplier(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *name = cret_spdx3_supplier(run->sbom, component->json);
    if (!cret_value_says(name)) {
        cret_rules_fault(run, "suppliedBy", name, "package %.200s has no supplier",
                         cret_rules_label(component));
    }
}

void cret_rules_spdx3_version(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    const char *version = cret_json_string(component->json, "software_packageVersion");
    if (!cret_value_says(version)) {
        cret_rules_fault(run, "software_packageVersion", version, "package %.200s has no version",
                         cret_rules_label(component));
    }
}

void cret_rules_spdx3_identifier(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    if (cret_rules_identifiers(run, component) == 0) {
        cret_rules_fault(run, "externalIdentifier", NULL,
                         "package %.200s has no identifier besides its name (a spdxId is none)",
                         cret_rules_label(component));
    }
}

/* Whether a component stands in the graph: what it is made of or depends on, or what it is a part
 * of, or which build took or made it. */
static bool in_graph(const struct cret_sbom *sbom, const json_t *component)
{
    const char *id = cret_json_string(component, "spdxId");
    const struct cret_spdx3_element *element = cret_spdx3_find(sbom->spdx3, id);
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    if (element == NULL || element->part || element->built) {
        return element != NULL;
    }
    while ((relation = cret_spdx3_relation(sbom->spdx3, id, NULL, &at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        if (type != NULL && cret_spdx3_is_dependency(type)) {
            return true;
        }
    }
    return false;
}

void cret_rules_spdx3_depends(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    if (!in_graph(run->sbom, component->json)) {
        cret_rules_fault(run, NULL, cret_json_string(component->json, "spdxId"),
                         "package %.200s has no dependency relationship (NoneElement and "
                         "NoAssertionElement are answers too)",
                         cret_rules_label(component));
    }
}

void cret_rules_spdx3_author(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const json_t *authors = json_object_get(run->sbom->spdx3->creation, "createdBy");
    CRET_JSON_EACH (author, authors) {
        if (cret_value_says(cret_spdx3_agent(run->sbom->spdx3, json_string_value(author)))) {
            return;
        }
    }
    cret_rules_at_creation(run);
    cret_rules_fault(run, "createdBy", json_string_value(json_array_get(authors, 0)),
                     "no person or organization with a name is there (software is none)");
    cret_rules_back(run, component);
}

void cret_rules_spdx3_timestamp(struct cret_rules_run *run,
                                const struct cret_sbom_component *component)
{
    const char *created = cret_json_string(run->sbom->spdx3->creation, "created");
    if (!cret_value_time(created)) {
        cret_rules_at_creation(run);
        cret_rules_fault(run, "created", created, "the SBOM does not say when it was made");
        cret_rules_back(run, component);
    }
}
