/* SPDX-License-Identifier: Apache-2.0 */
/* Words that the fields of a manifest choose from. */
#include "release/manifest/manifest_fields.h"

const char cret_manifest_notice[] =
    "A valid signature says who released these bytes. It does not say that they are secure, "
    "certified, or compliant with any standard.";

static const char *const notices[] = {cret_manifest_notice, NULL};
static const char *const origins[] = {"vendor", "adopted", NULL};

const struct cret_field cret_manifest_fields[] = {
    CRET_ROW_PURPOSE(CRET_GENERATED_REQUIRED, CRET_MANIFEST_PURPOSE),
    CRET_ROW_OBJECT("product", CRET_REQUIRED, cret_manifest_product_fields,
                    "The product that the release is for."),
    CRET_ROW_ENUM("origin", CRET_DEFAULTED, origins,
                  "Who released the files: the vendor, or an owner who adopted files that came "
                  "unsigned; default vendor."),
    CRET_ROW_OBJECT("adoption", 0, cret_manifest_adoption_fields,
                    "Of an adopted release: by whom, where from, and what was compared with what."),
    CRET_ROW_SHA256("checksums", CRET_GENERATED_REQUIRED, "SHA-256 of the file SHA256SUMS."),
    CRET_ROW_OBJECT("contacts", 0, cret_manifest_contacts_fields,
                    "Whom to tell about vulnerabilities."),
    CRET_ROW_OBJECT("release", CRET_REQUIRED, cret_manifest_release_fields, "The release."),
    CRET_ROW_OBJECTS("hardware", 0, cret_manifest_hardware_fields,
                     "Hardware that the release is for."),
    CRET_ROW_OBJECTS("prerequisites", 0, cret_manifest_prerequisite_fields,
                     "What must hold before installation."),
    CRET_ROW_OBJECTS("compatibility", 0, cret_manifest_compatibility_fields,
                     "What the release works with, and the risk below the minimum versions."),
    CRET_ROW_OBJECT("restart", 0, cret_manifest_restart_fields, "What installation interrupts."),
    CRET_ROW_OBJECTS("testAdvice", 0, cret_manifest_test_advice_fields,
                     "What to test before deployment."),
    CRET_ROW_OBJECT("qualification", 0, cret_manifest_qualification_fields,
                    "How the release was qualified."),
    CRET_ROW_OBJECT("lifecycle", 0, cret_manifest_lifecycle_fields, "Dates of support (OpenEoX)."),
    CRET_ROW_OBJECTS("changes", 0, cret_manifest_change_fields,
                     "Changes since the release before."),
    CRET_ROW_OBJECTS("deprecated", 0, cret_manifest_deprecated_fields,
                     "Settings and functions that are going away."),
    CRET_ROW_OBJECTS("newRisks", 0, cret_manifest_new_risk_fields,
                     "Risks that the release brings."),
    CRET_ROW_OBJECTS("knownIssues", 0, cret_manifest_known_issue_fields, "Known issues."),
    CRET_ROW_OBJECTS("advisories", 0, cret_manifest_advisory_fields,
                     "Security advisories that the release answers."),
    CRET_ROW_OBJECTS("claims", 0, cret_manifest_claim_fields,
                     "Claims about standards, with scope, limits and basis."),
    CRET_ROW_STRINGS("assumptions", 0, CRET_FORMAT_TEXT,
                     "Assumptions about the deployment that the claims rest on."),
    CRET_ROW_STRINGS("outOfScopeThreats", 0, CRET_FORMAT_TEXT,
                     "Threats that the product does not counter."),
    CRET_ROW_OBJECTS("responsibilities", 0, cret_manifest_responsibility_fields,
                     "What integrator and owner must do."),
    CRET_ROW_STRINGS("notAddressed", 0, CRET_FORMAT_TEXT,
                     "What the release and its documents do not address."),
    CRET_ROW_OBJECTS("interfaces", 0, cret_manifest_interface_fields, "Interfaces of the product."),
    CRET_ROW_OBJECTS("externalServices", 0, cret_manifest_external_service_fields,
                     "Services that the product uses, and the effect of their loss."),
    CRET_ROW_OBJECTS("settings", 0, cret_manifest_setting_fields,
                     "Settings that matter for security."),
    CRET_ROW_OBJECTS("documents", 0, cret_manifest_document_fields,
                     "Documents that belong to the release."),
    CRET_ROW_MAP("topics", 0, CRET_FORMAT_TOKEN, cret_manifest_topic_fields,
                 "How each topic that asset owners ask for is answered, by its id (S3, S5, ...)."),
    CRET_ROW_OBJECTS("sbom", 0, cret_manifest_sbom_fields,
                     "Software bills of materials; each is held to the bytes that it describes.",
                     .minimum = 1, .maximum = CRET_LIMIT_SBOMS),
    CRET_ROW_OBJECTS("provenance", 0, cret_manifest_provenance_fields,
                     "In-toto and SLSA attestations."),
    CRET_ROW_OBJECTS("files", CRET_REQUIRED, cret_manifest_file_fields,
                     "Every file of the release.", .minimum = 1, .maximum = CRET_LIMIT_FILES),
    {
        .name = "extensions",
        .kind = CRET_KIND_OPEN,
        .description = "Anything else, under keys that are URIs.",
    },
    CRET_ROW_ENUM("notice", CRET_GENERATED_REQUIRED, notices,
                  "What a valid signature does not say."),
    CRET_ROW_LINE("include", CRET_DESCRIPTION_ONLY,
                  "Another description, whose parts are taken where this one has none."),
    CRET_ROW_END,
};

const struct cret_file_format cret_manifest_format = {
    .purpose = CRET_MANIFEST_PURPOSE,
    .words = "version manifest",
    .file = "MANIFEST.json",
    .fields = cret_manifest_fields,
    .bytes = CRET_LIMIT_MANIFEST_BYTES,
    .fault = CRET_ERR_REFUSED,
    .check = CRET_CHECK_MANIFEST_FORM,
};

const struct cret_file_format cret_description_format = {
    .purpose = "description/1",
    .words = "release description",
    .file = "input of cretula-sign",
    .fields = cret_manifest_fields,
    .side = CRET_SCHEMA_DESCRIPTION,
    .bytes = CRET_LIMIT_DESCRIPTION_BYTES,
    .fault = CRET_ERR_USAGE,
};
