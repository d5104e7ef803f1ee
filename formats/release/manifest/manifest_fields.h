/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: the parts of the manifest's field table, and the words in it. */
#ifndef CRET_RELEASE_MANIFEST_FIELDS_H
#define CRET_RELEASE_MANIFEST_FIELDS_H

#include "base/finding/limits.h"
#include "release/manifest/manifest.h"

/* Rows of a table: each macro gives the initializer of one struct cret_field, nothing else. */
#define CRET_ROW_STRING(row_name, row_flags, row_format, words)                                    \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_STRING, .flags = (row_flags),                        \
        .format = (row_format), .description = (words),                                            \
    }
#define CRET_ROW_LINE(row_name, row_flags, words)                                                  \
    CRET_ROW_STRING(row_name, row_flags, CRET_FORMAT_LINE, words)
#define CRET_ROW_TEXT(row_name, row_flags, words)                                                  \
    CRET_ROW_STRING(row_name, row_flags, CRET_FORMAT_TEXT, words)
#define CRET_ROW_ENUM(row_name, row_flags, row_values, words)                                      \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_STRING, .flags = (row_flags),                        \
        .format = CRET_FORMAT_ENUM, .values = (row_values), .description = (words),                \
    }
#define CRET_ROW_INTEGER(row_name, row_flags, low, high, words)                                    \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_INTEGER, .flags = (row_flags), .minimum = (low),     \
        .maximum = (high), .description = (words),                                                 \
    }
#define CRET_ROW_BOOLEAN(row_name, row_flags, words)                                               \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_BOOLEAN, .flags = (row_flags),                       \
        .description = (words),                                                                    \
    }
#define CRET_ROW_STRINGS(row_name, row_flags, row_format, words)                                   \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_STRINGS, .flags = (row_flags),                       \
        .format = (row_format), .description = (words),                                            \
    }
#define CRET_ROW_OBJECT(row_name, row_flags, row_fields, words)                                    \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_OBJECT, .flags = (row_flags),                        \
        .fields = (row_fields), .description = (words),                                            \
    }
#define CRET_ROW_OBJECTS(row_name, row_flags, least, row_fields, words)                            \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_OBJECTS, .flags = (row_flags), .minimum = (least),   \
        .fields = (row_fields), .description = (words),                                            \
    }
#define CRET_ROW_MAP(row_name, row_flags, row_format, row_fields, words)                           \
    {                                                                                              \
        .name = (row_name), .kind = CRET_KIND_MAP, .flags = (row_flags), .format = (row_format),   \
        .fields = (row_fields), .description = (words),                                            \
    }
#define CRET_ROW_END                                                                               \
    {                                                                                              \
        .name = NULL                                                                               \
    }

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
extern const struct cret_field cret_manifest_topic_fields[];
extern const struct cret_field cret_manifest_sbom_fields[];
extern const struct cret_field cret_manifest_provenance_fields[];
extern const struct cret_field cret_manifest_file_fields[];

#endif
