/* SPDX-License-Identifier: Apache-2.0 */
/* BSI TR-03183-2 "Cyber Resilience Requirements, Part 2: SBOM", v2.1.0, chapter 5: its rules. */
#include "release/sbom/sbom_rules_bsi.h"

#include "base/text/json.h"
#include "release/sbom/sbom_rules_spdx3.h"

static void spdx_format(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    cret_rules_fault(run, "spdxVersion", cret_json_string(run->sbom->json, "spdxVersion"),
                     "the guideline asks for SPDX 3.0.1 or newer, or CycloneDX 1.6 or newer; "
                     "nothing else was looked at");
}

static void identifiers(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    cret_rules_identifiers(run, component);
}

/* SPDX 2 is looked at by the first rule alone, which it does not meet. */
#define ROW(number, of, title, passes, scope, cyclonedx, spdx3, never)                             \
    {                                                                                              \
        {"BSI-" number, of, title, passes}, CRET_RULE_##scope, false, cyclonedx, NULL, spdx3, 0,   \
            never                                                                                  \
    }
static const struct cret_rule_row rows[] = {
    {{"BSI-01", "4 Format", "format of the SBOM", "CycloneDX 1.6 or newer (SPDX 3.0.1 or newer)"},
     CRET_RULE_DOCUMENT,
     true,
     cret_rules_cyclonedx_bsi_01,
     spdx_format,
     cret_rules_spdx3_bsi_01,
     0,
     NULL},
    ROW("02", "3.1, 5.1", "one SBOM for one version of a product",
        "metadata.component; SPDX 3: one package in rootElement", DOCUMENT,
        cret_rules_cyclonedx_bsi_02, cret_rules_spdx3_bsi_02, NULL),
    ROW("03", "5.2.1 Creator of the SBOM", "creator of the SBOM",
        "metadata.manufacturer with contact[].email, or else url[]; SPDX 3: createdBy a person or "
        "organization with an externalIdentifier email, or else urlScheme",
        DOCUMENT, cret_rules_cyclonedx_bsi_03, cret_rules_spdx3_bsi_03, NULL),
    ROW("04", "5.2.1 Timestamp", "time of the SBOM",
        "metadata.timestamp, RFC 3339, not before 2000; SPDX 3: created of the document's "
        "creationInfo",
        DOCUMENT, cret_rules_cyclonedx_timestamp, cret_rules_spdx3_timestamp, NULL),
    ROW("05", "5.2.3 SBOM-URI", "URI of the SBOM, if there is one",
        "a serialNumber urn:uuid: that is not all zeros; SPDX 3: the spdxId of the software_Sbom "
        "begins with https or urn",
        DOCUMENT, cret_rules_cyclonedx_bsi_05, cret_rules_spdx3_bsi_05, NULL),
    ROW("06", "3.1 (no vulnerability information)", "no vulnerabilities in the SBOM",
        "no vulnerabilities; a VEX file instead; SPDX 3: no element security_..., no "
        "hasAssociatedVulnerability",
        DOCUMENT, cret_rules_cyclonedx_bsi_06, cret_rules_spdx3_bsi_06, NULL),
    ROW("07", "5.2.2 Dependencies", "no dependency on what is not there",
        "every ref and dependsOn is the bom-ref of a component or service, or a BOM-Link", DOCUMENT,
        cret_rules_dangling, NULL,
        "SPDX 3: a reference that leads to nothing is a fault of `sbom.form`"),
    ROW("08", "5.2.2 Component creator", "creator of each component",
        "manufacturer with contact[].email, or else url[]; SPDX 3: originatedBy, with an "
        "externalIdentifier email, urlScheme or other",
        COMPONENT, cret_rules_cyclonedx_bsi_08, cret_rules_spdx3_bsi_08, NULL),
    ROW("09", "5.2.2 Component name", "name of each component", "a name that is no placeholder",
        COMPONENT, cret_rules_cyclonedx_name, cret_rules_cyclonedx_name, NULL),
    ROW("10", "5.2.2 Component version", "version of each component",
        "a version that is no placeholder; SPDX 3: software_packageVersion", COMPONENT,
        cret_rules_cyclonedx_version, cret_rules_spdx3_version, NULL),
    ROW("11", "5.2.2 Filename of the component", "file name of each component",
        "one property bsi:component:filename, a name without folder; SPDX 3: name of the "
        "software_File that hasDistributionArtifact names",
        FILE, cret_rules_cyclonedx_bsi_11, cret_rules_spdx3_bsi_11, NULL),
    ROW("12", "5.2.2 Executable property", "whether each component is executable",
        "one property bsi:component:executable: executable, or non-executable", FILE,
        cret_rules_cyclonedx_bsi_12, NULL, "SPDX 3: a file has the purpose executable, or is none"),
    ROW("13", "5.2.2 Archive property", "whether each component is an archive",
        "one property bsi:component:archive: archive, or no archive", FILE,
        cret_rules_cyclonedx_bsi_13, NULL, "SPDX 3: a file has the purpose archive, or is none"),
    ROW("14", "5.2.2 Structured property", "whether each component is structured",
        "one property bsi:component:structured: structured, or unstructured; SPDX 3: one of "
        "container and firmware in software_additionalPurpose of the file",
        FILE, cret_rules_cyclonedx_bsi_14, cret_rules_spdx3_bsi_14, NULL),
    ROW("15", "5.2.2 Dependencies on other components", "dependencies of each component",
        "an entry in dependencies, of leaves too; SPDX 3: contains or dependsOn, of leaves to "
        "NoneElement",
        INCLUDED, cret_rules_cyclonedx_depends, cret_rules_spdx3_bsi_15, NULL),
    ROW("16", "5.2.2 Dependencies, completeness", "completeness of the dependencies",
        "a composition with an aggregate other than not_specified that lists the bom-ref in "
        "dependencies or assemblies; SPDX 3: completeness of each contains and dependsOn",
        INCLUDED, cret_rules_cyclonedx_bsi_16, cret_rules_spdx3_bsi_16, NULL),
    ROW("17", "5.2.2 Distribution licences", "distribution licence of each component",
        "licenses with acknowledgement concluded: an id, an expression, or a name LicenseRef-...; "
        "SPDX 3: hasConcludedLicense",
        INCLUDED, cret_rules_cyclonedx_bsi_17, cret_rules_spdx3_bsi_17, NULL),
    ROW("18", "5.2.2 Hash value of the deployable component", "SHA-512 of each component",
        "externalReferences of type distribution, with url and a SHA-512 in hashes; SPDX 3: a "
        "sha512 in verifiedUsing of the file",
        FILE, cret_rules_cyclonedx_bsi_18, cret_rules_spdx3_bsi_18, NULL),
    ROW("19", "5.2.4 Source code URI", "URI of the source code, if there is one",
        "externalReferences of type source-distribution, with a URI; SPDX 3: sourceArtifact of "
        "what generates it",
        COMPONENT, cret_rules_cyclonedx_bsi_19, cret_rules_spdx3_bsi_19, NULL),
    ROW("20", "5.2.4 URI of the deployable form", "URI of the deployable form",
        "externalReferences of type distribution, with a URI; SPDX 3: binaryArtifact of the file",
        COMPONENT, cret_rules_cyclonedx_bsi_20, cret_rules_spdx3_bsi_20, NULL),
    ROW("21", "5.2.4 Other unique identifiers", "identifiers, if there are any",
        "well-formed purl, cpe, swid.tagId, omniborId, swhid; SPDX 3: externalIdentifier and "
        "software_packageUrl",
        COMPONENT, identifiers, identifiers, NULL),
    ROW("22", "5.2.4 Original licences", "declared licence, if there is one",
        "licenses with acknowledgement declared: an id, an expression, or a name LicenseRef-...; "
        "SPDX 3: hasDeclaredLicense",
        COMPONENT, cret_rules_cyclonedx_bsi_22, cret_rules_spdx3_bsi_22, NULL),
    ROW("23", "5.2.5 Effective licence", "effective licence, if there is one",
        "one property bsi:component:effectiveLicence (or effectiveLicense), an SPDX expression; "
        "SPDX 3: other with the comment hasEffectiveLicense",
        COMPONENT, cret_rules_cyclonedx_bsi_23, cret_rules_spdx3_bsi_23, NULL),
    ROW("24", "5.2.5 URL of the security.txt", "security.txt, if there is one",
        "externalReferences of type rfc-9116, with an https URL; SPDX 3: externalRef securityOther",
        COMPONENT, cret_rules_cyclonedx_bsi_24, cret_rules_spdx3_bsi_24, NULL),
};

const struct cret_rules cret_rules_bsi = {rows, CRET_LENGTH(rows)};
