/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on components that several profiles have. */
#include "base/text/json.h"
#include "release/sbom/sbom_rules_internal.h"

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
        const size_t mark = cret_json_enter(&run->at, "metadata");
        cret_rules_fault(run, "timestamp", text, "the SBOM does not say when it was made");
        cret_json_leave(&run->at, mark);
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
