/* SPDX-License-Identifier: Apache-2.0 */
/* META/package_metadata.json (OPC 10000-100, 8.7.3): reading and writing. */
#ifndef CRET_PACKAGE_METADATA_H
#define CRET_PACKAGE_METADATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"
#include "base/text/optional.h"

enum cret_package_type {
    CRET_PACKAGE_FIRMWARE,
    CRET_PACKAGE_APPLICATION,
    CRET_PACKAGE_CONFIGURATION,
    CRET_PACKAGE_SOLUTION,
    CRET_PACKAGE_TYPES
};

struct cret_package_metadata {
    json_t *json;
    const char *name, *manufacturer, *manufacturer_uri, *package_revision; /* always there */
    const char *software_revision, *description;                           /* or NULL */
    enum cret_package_type type;
    struct cret_optional release_date; /* seconds */
    const char *deployment_item;       /* the one file that goes to the device, or NULL */
};

/*
 * Reads it as the compact or the verbose encoding of OPC 10000-6 has it: enumerations by number,
 * "Firmware_0", or the bare name. Fields beyond those of Table 120 are left alone. class REFUSED,
 * check package.metadata.
 */
CRET_MUST_CHECK enum cret_status
cret_package_metadata_parse(struct cret_package_metadata **ret_metadata, const char *text,
                            size_t size, struct cret_err *err);
void cret_package_metadata_free(struct cret_package_metadata **metadata);

#endif
