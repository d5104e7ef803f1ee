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

#endif
