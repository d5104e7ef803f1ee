/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a manifest about who answers for the product, what it is for, and what a user or an
 * integrator is to be told beside that. */
#include "release/manifest/manifest_fields.h"

const struct cret_field cret_manifest_manufacturer_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of the manufacturer, as it is registered."),
    CRET_ROW_LINE("tradeName", 0, "Registered trade name or trade mark."),
    CRET_ROW_TEXT("postalAddress", 0, "Postal address; several lines are allowed."),
    CRET_ROW_LINE("email", 0, "E-mail address or another digital contact."),
    CRET_ROW_STRING("contactUrl", 0, CRET_FORMAT_URI, "URL of a form or page for contact."),
    CRET_ROW_STRING("website", 0, CRET_FORMAT_URI, "URL of the manufacturer."),
    CRET_ROW_STRING("uri", 0, CRET_FORMAT_URI,
                    "URI that identifies the manufacturer (ManufacturerUri of OPC UA)."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_security_property_fields[] = {
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "The property."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_misuse_fields[] = {
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "The use, intended or not, that can be foreseen."),
    CRET_ROW_TEXT("risk", 0, "What can come of it."),
    CRET_ROW_TEXT("mitigation", 0, "What reduces that."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_declaration_fields[] = {
    CRET_ROW_STRING("url", 0, CRET_FORMAT_URI, "Where the declaration is published."),
    CRET_ROW_LINE("file", 0, "The file of the release that is the declaration."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the declaration, where it is not in the release."),
    CRET_ROW_BOOLEAN("simplified", 0, "Whether it is the simplified declaration."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_technical_file_fields[] = {
    CRET_ROW_LINE("index", CRET_REQUIRED,
                  "Identifier of the technical documentation; it is not shipped."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 by which it is recognised where somebody asks for it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_update_settings_fields[] = {
    CRET_ROW_BOOLEAN("automatic", 0, "Whether security updates install themselves by default."),
    CRET_ROW_TEXT("switchOff", 0, "How that default is turned off, or updates are postponed."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_integrator_fields[] = {
    CRET_ROW_LINE("document", 0, "Id of the document that is for integrators."),
    CRET_ROW_STRINGS("items", 0, CRET_FORMAT_TEXT,
                     "What somebody who builds the product into another must know."),
    CRET_ROW_END,
};
