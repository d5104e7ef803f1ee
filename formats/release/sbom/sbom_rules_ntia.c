/* SPDX-License-Identifier: Apache-2.0 */
/* NTIA, The Minimum Elements For a Software Bill of Materials, 2021: data fields. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_spdx3.h"

static void cyclonedx_supplier(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *supplier = cret_json_string(component->json, "supplier.name");
    const char *manufacturer = cret_json_string(component->json, "manufacturer.name");
    if (!cret_value_says(supplier) && !cret_value_says(manufacturer)) {
        cret_rules_fault(run, "supplier", supplier != NULL ? supplier : manufacturer,
                         "component %.200s has no supplier", cret_rules_label(component));
    }
}

static void spdx_supplier(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *supplier = cret_json_string(component->json, "supplier");
    char name[CRET_PARTY_NAME];
    cret_rules_party_name(name, supplier);
    if (!cret_value_says(name)) {
        cret_rules_fault(run, "supplier", supplier, "package %.200s has no supplier",
                         cret_rules_label(component));
    }
}

static void spdx_version(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *version = cret_json_string(component->json, "versionInfo");
    if (!cret_value_says(version)) {
        cret_rules_fault(run, "versionInfo", version, "package %.200s has no version",
                         cret_rules_label(component));
    }
}

static void cyclonedx_identifier(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    if (cret_rules_identifiers(run, component) == 0) {
        cret_rules_fault(run, NULL, NULL, "component %.200s has no identifier besides its name",
                         cret_rules_label(component));
    }
}

static void spdx_identifier(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    if (cret_rules_identifiers(run, component) == 0) {
        cret_rules_fault(run, "externalRefs", NULL,
                         "package %.200s has no identifier besides its name (an SPDXID is none)",
                         cret_rules_label(component));
    }
}

/* A component whose dependencies are said to be unknown is a known unknown. */
static void cyclonedx_depends(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    const char *reference = cret_json_string(component->json, "bom-ref");
    if (reference == NULL || json_object_get(run->stated, reference) == NULL) {
        cret_rules_cyclonedx_depends(run, component);
    }
}

#define ROW(number, field, title, passes, scope, cyclonedx, spdx, spdx3, never)                    \
    {                                                                                              \
        {"NTIA-" number, "Data fields: " field, title, passes}, CRET_RULE_##scope, false,          \
            cyclonedx, spdx, spdx3, 0, never                                                       \
    }
static const struct cret_rule_row rows[] = {
    ROW("01", "Supplier Name", "supplier of each component",
        "CycloneDX: supplier.name or manufacturer.name; SPDX 2: supplier \"Organization: NAME\" or "
        "\"Person: NAME\"; SPDX 3: suppliedBy or originatedBy a person or organization with a name",
        COMPONENT, cyclonedx_supplier, spdx_supplier, cret_rules_spdx3_supplier, NULL),
    ROW("02", "Component Name", "name of each component", "a name that is no placeholder",
        COMPONENT, cret_rules_cyclonedx_name, cret_rules_cyclonedx_name, cret_rules_cyclonedx_name,
        NULL),
    ROW("03", "Version of the Component", "version of each component",
        "CycloneDX: version; SPDX 2: versionInfo; SPDX 3: software_packageVersion; no placeholder",
        COMPONENT, cret_rules_cyclonedx_version, spdx_version, cret_rules_spdx3_version, NULL),
    ROW("04", "Other Unique Identifiers", "unique identifier of each component",
        "CycloneDX: a well-formed purl, cpe, swid.tagId, omniborId or swhid; SPDX 2: an "
        "externalRef "
        "purl, cpe23Type, cpe22Type, swid, gitoid or swh; SPDX 3: software_packageUrl, an "
        "externalIdentifier of these kinds, or a software_contentIdentifier",
        COMPONENT, cyclonedx_identifier, spdx_identifier, cret_rules_spdx3_identifier, NULL),
    ROW("05", "Dependency Relationship", "dependencies of each component",
        "CycloneDX: an entry in dependencies (leaves too), or a composition that names it; SPDX: a "
        "relationship DEPENDS_ON, CONTAINS or the like, also to NONE or NOASSERTION; SPDX 3: as "
        "SPDX 2, or hasInput or hasOutput of a build",
        COMPONENT, cyclonedx_depends, cret_rules_spdx_depends, cret_rules_spdx3_depends, NULL),
    ROW("06", "Dependency Relationship", "no dependency on what is not there",
        "every ref and dependsOn is the bom-ref of a component or service, or a BOM-Link", DOCUMENT,
        cret_rules_dangling, NULL, NULL,
        "SPDX: a relationship that leads to nothing is a fault of `sbom.form`"),
    ROW("07", "Author of SBOM Data", "author of the SBOM",
        "CycloneDX: metadata.authors with a name or e-mail, or metadata.manufacturer.name; SPDX 2: "
        "a creator \"Person: NAME\" or \"Organization: NAME\"; SPDX 3: createdBy a person or "
        "organization with a name",
        DOCUMENT, cret_rules_cyclonedx_author, cret_rules_spdx_author, cret_rules_spdx3_author,
        NULL),
    ROW("08", "Timestamp", "time of the SBOM",
        "CycloneDX: metadata.timestamp; SPDX: created of the document's creationInfo; RFC 3339, "
        "not "
        "before 2000",
        DOCUMENT, cret_rules_cyclonedx_timestamp, cret_rules_spdx_timestamp,
        cret_rules_spdx3_timestamp, NULL),
};

const struct cret_rules cret_rules_ntia = {rows, CRET_LENGTH(rows)};
