/* SPDX-License-Identifier: Apache-2.0 */
/* What an SPDX 3 document says of a component by way of other objects: who made it, its licence,
 * the file that it is delivered in. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_spdx3.h"
#include "release/sbom/values.h"

#define LISTED_LICENSE "https://spdx.org/licenses/"

const char *cret_spdx3_agent(const struct cret_spdx3 *spdx3, const char *id)
{
    const struct cret_spdx3_element *agent = cret_spdx3_find(spdx3, id);
    const char *individual = cret_spdx3_individual(id);
    if (individual != NULL && strcmp(individual, "SpdxOrganization") == 0) {
        return "SPDX";
    }
    if (agent == NULL || !cret_spdx3_is(agent->class, "Agent") ||
        cret_spdx3_is(agent->class, "SoftwareAgent")) {
        return NULL;
    }
    return cret_json_string(agent->json, "name");
}

const char *cret_spdx3_supplier(const struct cret_sbom *sbom, const json_t *component)
{
    const char *name = cret_spdx3_agent(sbom->spdx3, cret_json_string(component, "suppliedBy"));
    CRET_JSON_EACH (maker, json_object_get(component, "originatedBy")) {
        if (!cret_value_says(name)) {
            name = cret_spdx3_agent(sbom->spdx3, json_string_value(maker));
        }
    }
    return name;
}

const char *cret_spdx3_license(const struct cret_spdx3 *spdx3, const char *id)
{
    const char *individual = cret_spdx3_individual(id);
    const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    if (individual != NULL) {
        return strcmp(individual, "expandedlicensing_NoneLicense") == 0 ? "NONE" : "NOASSERTION";
    }
    const json_t *json = element != NULL ? element->json : NULL;
    const char *expression = cret_json_string(json, "simplelicensing_licenseExpression");
    const char *name = cret_json_string(json, "name");
    const size_t prefix = strlen(LISTED_LICENSE);
    if (expression != NULL) {
        return expression;
    }
    if (id != NULL && strncmp(id, LISTED_LICENSE, prefix) == 0) {
        return id + prefix;
    }
    return name != NULL ? name : id;
}

bool cret_spdx3_is_dependency(const char *type)
{
    static const char *const types[] = {"contains",
                                        "dependsOn",
                                        "hasDistributionArtifact",
                                        "hasDynamicLink",
                                        "hasOptionalComponent",
                                        "hasOptionalDependency",
                                        "hasPrerequisite",
                                        "hasProvidedDependency",
                                        "hasStaticLink",
                                        "hasVariant",
                                        "packagedBy",
                                        NULL};
    for (size_t i = 0; types[i] != NULL; i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

bool cret_spdx3_is_provided(const struct cret_sbom *sbom, const json_t *component)
{
    const struct cret_spdx3_element *element =
        cret_spdx3_find(sbom->spdx3, cret_json_string(component, "spdxId"));
    return element != NULL && element->provided;
}

const struct cret_sbom_component *cret_spdx3_artifact(const struct cret_sbom *sbom,
                                                      const struct cret_sbom_component *component)
{
    const struct cret_spdx3_element *relation, *found = NULL;
    const char *id = cret_json_string(component->json, "spdxId");
    size_t at = 0, count = 0;
    while ((relation = cret_spdx3_relation(sbom->spdx3, id, "hasDistributionArtifact", &at)) !=
           NULL) {
        CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
            found = cret_spdx3_find(sbom->spdx3, json_string_value(target));
            count++;
        }
    }
    return count == 1 && found != NULL && found->component != CRET_SPDX3_NO_COMPONENT
               ? &sbom->components.list[found->component]
               : NULL;
}

static const struct cret_sbom_component *component_of(const struct cret_sbom *sbom,
                                                      const struct cret_spdx3_element *root)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(sbom->spdx3, root->id);
    return element->component == CRET_SPDX3_NO_COMPONENT
               ? NULL
               : &sbom->components.list[element->component];
}

const struct cret_sbom_component *cret_spdx3_root_file(const struct cret_sbom *sbom, size_t *at)
{
    const struct cret_spdx3_list *roots = &sbom->spdx3->roots;
    while (*at < roots->count) {
        const struct cret_spdx3_element *root = &roots->list[(*at)++];
        if (cret_spdx3_is(root->class, "software_File")) {
            return component_of(sbom, root);
        }
    }
    return NULL;
}

static bool says(const json_t *component, const char *member, const char *wanted)
{
    const char *text = cret_json_string(component, member);
    return text != NULL && strcmp(text, wanted) == 0;
}

const struct cret_sbom_component *cret_spdx3_root_named(const struct cret_sbom *sbom,
                                                        const char *name, const char *version)
{
    const struct cret_spdx3_list *roots = &sbom->spdx3->roots;
    const struct cret_spdx3_element *found = NULL;
    for (size_t i = 0; i < roots->count; i++) {
        const json_t *json = roots->list[i].json;
        if (cret_spdx3_is(roots->list[i].class, "software_Package") && says(json, "name", name) &&
            says(json, "software_packageVersion", version)) {
            if (found != NULL) {
                return NULL;
            }
            found = &roots->list[i];
        }
    }
    return found != NULL ? component_of(sbom, found) : NULL;
}
