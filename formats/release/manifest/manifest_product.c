/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a manifest about vendor, product and version. */
#include "release/manifest/manifest_fields.h"

static const char *const product_roles[] = {
    "field-device",       "plc",   "gateway", "hmi", "engineering-workstation",
    "security-appliance", "other", NULL};

/* OASIS CSAF 2.0, 3.2.3.12.5.1: categories of restart_required. */
static const char *const restart_categories[] = {
    "none",    "connected", "dependencies",         "machine", "parent",
    "service", "system",    "vulnerable_component", "zone",    NULL};

static const char *const release_types[] = {"feature", "security", "bugfix", "emergency", NULL};

static const char *const safety_effects[] = {"yes", "no", "unknown", NULL};

static const char *const compatibility_kinds[] = {
    "protocol", "operating-system", "software", "hardware", "other", NULL};

static const char *const qualification_states[] = {"qualified", "in-progress", "not-qualified",
                                                   NULL};

const struct cret_field cret_manifest_product_fields[] = {
    CRET_ROW_LINE("vendor", CRET_REQUIRED,
                  "Vendor of the product; the trust policy's scopes name it."),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of the product; the trust policy's scopes name it."),
    CRET_ROW_LINE("type", 0, "Type of the product, in the vendor's words."),
    CRET_ROW_STRINGS("modelNumbers", 0, CRET_FORMAT_LINE,
                     "Model or order numbers, as printed on the product."),
    CRET_ROW_ENUM("role", 0, product_roles,
                  "Intended role in the industrial automation and control system."),
    CRET_ROW_STRING("purl", 0, CRET_FORMAT_PURL, "Package URL of the product."),
    CRET_ROW_STRING("cpe", 0, CRET_FORMAT_CPE, "CPE name of the product."),
    CRET_ROW_STRING("iec61406Link", 0, CRET_FORMAT_IEC61406,
                    "IEC 61406 identification link of the product type."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_contacts_fields[] = {
    CRET_ROW_LINE("securityContact", 0,
                  "Where to report vulnerabilities: e-mail address, telephone number or URL."),
    CRET_ROW_STRING("disclosurePolicy", 0, CRET_FORMAT_URI,
                    "URL of the vulnerability disclosure policy."),
    CRET_ROW_STRING("csafProvider", 0, CRET_FORMAT_URI, "URL of the CSAF provider-metadata.json."),
    CRET_ROW_END,
};

static const struct cret_field rollback_fields[] = {
    CRET_ROW_BOOLEAN("allowed", CRET_REQUIRED,
                     "Whether the product accepts an older release after this one."),
    CRET_ROW_INTEGER("securityVersion", 0, 0, CRET_LIMIT_JSON_INTEGER,
                     "Anti-rollback counter that this release sets in the product."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_release_fields[] = {
    CRET_ROW_LINE("id", 0, "The vendor's own identifier of the release."),
    CRET_ROW_LINE("version", CRET_REQUIRED, "Version, as the product shows it."),
    CRET_ROW_INTEGER(
        "sequence", CRET_REQUIRED, 0, CRET_LIMIT_JSON_INTEGER,
        "Whole number that rises with every release of the product: the rollback floor."),
    CRET_ROW_LINE("buildId", 0, "Identifier of the build."),
    CRET_ROW_TIME("date", CRET_DEFAULTED,
                  "Time of the release, UTC; default SOURCE_DATE_EPOCH, else now."),
    CRET_ROW_ENUM("type", 0, release_types, "What kind of release this is."),
    CRET_ROW_TEXT("combinedBecause", 0,
                  "Of a security release that changes functions too: why the two were not kept "
                  "apart."),
    CRET_ROW_ENUM("affectsSafety", 0, safety_effects,
                  "Whether the release changes what functional safety rests on."),
    CRET_ROW_STRINGS("supersedes", 0, CRET_FORMAT_LINE, "Versions that this release replaces."),
    CRET_ROW_LINE("minUpgradeFrom", 0,
                  "Oldest version from which this release can be installed directly."),
    CRET_ROW_OBJECT("rollback", 0, rollback_fields, "Going back to an older release."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_hardware_fields[] = {
    CRET_ROW_LINE("model", CRET_REQUIRED, "Hardware model, as printed on its label."),
    CRET_ROW_LINE("sku", 0, "Stock keeping unit or order number."),
    CRET_ROW_LINE("revisionFrom", 0, "First hardware revision that the release is for."),
    CRET_ROW_LINE("revisionTo", 0, "Last hardware revision that the release is for."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_prerequisite_fields[] = {
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "What must hold before installation."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_compatibility_fields[] = {
    CRET_ROW_ENUM("kind", CRET_REQUIRED, compatibility_kinds, "What the entry is about."),
    CRET_ROW_LINE("name", CRET_REQUIRED, "Protocol, operating system, software or hardware."),
    CRET_ROW_LINE("minimumVersion", 0, "Lowest version that works and is supported."),
    CRET_ROW_LINE("maximumVersion", 0, "Highest version that was tested."),
    CRET_ROW_TEXT("riskBelow", 0, "Risk of using a version below the minimum."),
    CRET_ROW_TEXT("limits", 0, "What does not work together, or only in part."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_restart_fields[] = {
    CRET_ROW_ENUM("category", CRET_REQUIRED, restart_categories,
                  "What must be restarted after installation (CSAF category)."),
    CRET_ROW_TEXT("details", 0, "What the restart interrupts, and for how long."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_test_advice_fields[] = {
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "What to test before deployment."),
    CRET_ROW_TEXT("expected", 0, "The result that shows that it works."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes the test."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_qualification_fields[] = {
    CRET_ROW_ENUM("state", CRET_REQUIRED, qualification_states,
                  "Whether the release was qualified."),
    CRET_ROW_STRINGS("testedWith", 0, CRET_FORMAT_LINE,
                     "Systems, versions and hardware that it was tested with."),
    CRET_ROW_LINE("document", 0, "Id of the document that reports the qualification."),
    CRET_ROW_END,
};
