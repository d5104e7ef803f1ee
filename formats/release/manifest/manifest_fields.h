/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: the parts of the manifest's field table, and the words in it. */
#ifndef CRET_RELEASE_MANIFEST_FIELDS_H
#define CRET_RELEASE_MANIFEST_FIELDS_H

#include "base/schema/rows.h"
#include "release/manifest/manifest.h"

/* manifest_product.c */
extern const struct cret_field cret_manifest_product_fields[];
extern const struct cret_field cret_manifest_contacts_fields[];
extern const struct cret_field cret_manifest_release_fields[];
extern const struct cret_field cret_manifest_hardware_fields[];
extern const struct cret_field cret_manifest_prerequisite_fields[];
extern const struct cret_field cret_manifest_compatibility_fields[];
extern const struct cret_field cret_manifest_restart_fields[];
extern const struct cret_field cret_manifest_test_advice_fields[];
extern const struct cret_field cret_manifest_qualification_fields[];

/* manifest_use.c */
extern const struct cret_field cret_manifest_manufacturer_fields[];
extern const struct cret_field cret_manifest_security_property_fields[];
extern const struct cret_field cret_manifest_misuse_fields[];
extern const struct cret_field cret_manifest_declaration_fields[];
extern const struct cret_field cret_manifest_technical_file_fields[];
extern const struct cret_field cret_manifest_update_settings_fields[];
extern const struct cret_field cret_manifest_integrator_fields[];

/* manifest_adoption.c */
extern const struct cret_field cret_manifest_adoption_fields[];

/* manifest_claims.c */
extern const struct cret_field cret_manifest_lifecycle_fields[];
extern const struct cret_field cret_manifest_change_fields[];
extern const struct cret_field cret_manifest_deprecated_fields[];
extern const struct cret_field cret_manifest_new_risk_fields[];
extern const struct cret_field cret_manifest_known_issue_fields[];
extern const struct cret_field cret_manifest_advisory_fields[];
extern const struct cret_field cret_manifest_claim_fields[];
extern const struct cret_field cret_manifest_responsibility_fields[];
extern const struct cret_field cret_manifest_interface_fields[];
extern const struct cret_field cret_manifest_external_service_fields[];
extern const struct cret_field cret_manifest_setting_fields[];

/* manifest_content.c */
extern const struct cret_field cret_manifest_document_fields[];
extern const struct cret_field cret_document_list_fields[]; /* of a list of documents by digest */
extern const struct cret_field cret_manifest_topic_fields[];
extern const struct cret_field cret_manifest_sbom_fields[];
extern const struct cret_field cret_manifest_provenance_fields[];
extern const struct cret_field cret_manifest_file_fields[];

/* manifest_fields.c */
extern const char *const cret_manifest_origins[];

/*
 * The parts of a manifest, in their order, each the rest of a CRET_ROW_<kind>; the first word is
 * the column that says whether records repeat the part. manifest_fields.c makes the manifest's
 * table of it, record_fields.c the record's, and the child hands over what the column names.
 */
#define CRET_MANIFEST_PARTS(RECORDED, PLAIN)                                                       \
    RECORDED(OBJECT, "product", CRET_REQUIRED, cret_manifest_product_fields,                       \
             "The product that the release is for.")                                               \
    RECORDED(ENUM, "origin", CRET_DEFAULTED, cret_manifest_origins,                                \
             "Who released the files: the vendor, or an owner who adopted files that came "        \
             "unsigned; default vendor.")                                                          \
    RECORDED(OBJECT, "adoption", 0, cret_manifest_adoption_fields,                                 \
             "Of an adopted release: by whom, where from, and what was compared with what.")       \
    PLAIN(SHA256, "checksums", CRET_GENERATED_REQUIRED, "SHA-256 of the file SHA256SUMS.")         \
    RECORDED(OBJECT, "contacts", 0, cret_manifest_contacts_fields,                                 \
             "Whom to tell about vulnerabilities.")                                                \
    RECORDED(OBJECT, "manufacturer", 0, cret_manifest_manufacturer_fields,                         \
             "Who answers for the product, and where they are reached.")                           \
    RECORDED(STRING, "intendedPurpose", 0, CRET_FORMAT_TEXT,                                       \
             "What the product is meant to be used for.")                                          \
    PLAIN(STRINGS, "essentialFunctions", 0, CRET_FORMAT_TEXT,                                      \
          "What the product must go on doing.")                                                    \
    RECORDED(STRING, "securityEnvironment", 0, CRET_FORMAT_TEXT,                                   \
             "The environment that the product is made for, and what that is relied on for.")      \
    PLAIN(OBJECTS, "securityProperties", 0, cret_manifest_security_property_fields,                \
          "Properties of the product that security rests on.")                                     \
    RECORDED(OBJECTS, "foreseeableMisuse", 0, cret_manifest_misuse_fields,                         \
             "Circumstances that can be foreseen and bring a significant risk.")                   \
    RECORDED(OBJECT, "release", CRET_REQUIRED, cret_manifest_release_fields, "The release.")       \
    RECORDED(OBJECTS, "hardware", 0, cret_manifest_hardware_fields,                                \
             "Hardware that the release is for.")                                                  \
    RECORDED(OBJECTS, "prerequisites", 0, cret_manifest_prerequisite_fields,                       \
             "What must hold before installation.")                                                \
    PLAIN(OBJECTS, "compatibility", 0, cret_manifest_compatibility_fields,                         \
          "What the release works with, and the risk below the minimum versions.")                 \
    RECORDED(OBJECT, "restart", 0, cret_manifest_restart_fields, "What installation interrupts.")  \
    PLAIN(OBJECTS, "testAdvice", 0, cret_manifest_test_advice_fields,                              \
          "What to test before deployment.")                                                       \
    PLAIN(OBJECT, "qualification", 0, cret_manifest_qualification_fields,                          \
          "How the release was qualified.")                                                        \
    RECORDED(OBJECT, "lifecycle", 0, cret_manifest_lifecycle_fields,                               \
             "Dates of support (OpenEoX).")                                                        \
    RECORDED(OBJECTS, "changes", 0, cret_manifest_change_fields,                                   \
             "Changes since the release before.")                                                  \
    RECORDED(OBJECTS, "deprecated", 0, cret_manifest_deprecated_fields,                            \
             "Settings and functions that are going away.")                                        \
    RECORDED(OBJECTS, "newRisks", 0, cret_manifest_new_risk_fields,                                \
             "Risks that the release brings.")                                                     \
    RECORDED(OBJECTS, "knownIssues", 0, cret_manifest_known_issue_fields, "Known issues.")         \
    RECORDED(OBJECTS, "advisories", 0, cret_manifest_advisory_fields,                              \
             "Security advisories that the release answers.")                                      \
    RECORDED(OBJECTS, "claims", 0, cret_manifest_claim_fields,                                     \
             "Claims about standards, with scope, limits and basis.")                              \
    RECORDED(STRINGS, "assumptions", 0, CRET_FORMAT_TEXT,                                          \
             "Assumptions about the deployment that the claims rest on.")                          \
    RECORDED(STRINGS, "outOfScopeThreats", 0, CRET_FORMAT_TEXT,                                    \
             "Threats that the product does not counter.")                                         \
    RECORDED(OBJECTS, "responsibilities", 0, cret_manifest_responsibility_fields,                  \
             "What integrator and owner must do.")                                                 \
    RECORDED(STRINGS, "notAddressed", 0, CRET_FORMAT_TEXT,                                         \
             "What the release and its documents do not address.")                                 \
    RECORDED(OBJECT, "declarationOfConformity", 0, cret_manifest_declaration_fields,               \
             "The EU declaration of conformity that the manufacturer made.")                       \
    PLAIN(OBJECT, "technicalFile", 0, cret_manifest_technical_file_fields,                         \
          "The technical documentation that belongs to the release.")                              \
    RECORDED(OBJECT, "updateSettings", 0, cret_manifest_update_settings_fields,                    \
             "Whether updates install themselves, and how that is turned off.")                    \
    RECORDED(OBJECT, "integratorInformation", 0, cret_manifest_integrator_fields,                  \
             "What an integrator needs.")                                                          \
    PLAIN(OBJECTS, "interfaces", 0, cret_manifest_interface_fields, "Interfaces of the product.")  \
    PLAIN(OBJECTS, "externalServices", 0, cret_manifest_external_service_fields,                   \
          "Services that the product uses, and the effect of their loss.")                         \
    RECORDED(OBJECTS, "settings", 0, cret_manifest_setting_fields,                                 \
             "Settings that matter for security.")                                                 \
    PLAIN(OBJECTS, "documents", 0, cret_manifest_document_fields,                                  \
          "Documents that belong to the release.")                                                 \
    RECORDED(MAP, "topics", 0, CRET_FORMAT_TOKEN, cret_manifest_topic_fields,                      \
             "How each topic that asset owners ask for is answered, by its id (S3, S5, ...).")     \
    PLAIN(OBJECTS, "sbom", 0, cret_manifest_sbom_fields,                                           \
          "Software bills of materials; each is held to the bytes that it describes.",             \
          .minimum = 1, .maximum = CRET_LIMIT_SBOMS)                                               \
    PLAIN(OBJECTS, "provenance", 0, cret_manifest_provenance_fields,                               \
          "In-toto and SLSA attestations.")                                                        \
    PLAIN(OBJECTS, "files", CRET_REQUIRED, cret_manifest_file_fields,                              \
          "Every file of the release.", .minimum = 1, .maximum = CRET_LIMIT_FILES)

#endif
