/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a manifest about conformity, lifecycle and support. */
#include "release/manifest/manifest_fields.h"

/* IEC 62443-1-1: target, capability and achieved security level. */
static const char *const security_level_types[] = {"SL-T", "SL-C", "SL-A", NULL};

static const char *const claim_bases[] = {"self-assessment", "third-party-assessment",
                                          "certification", NULL};

static const char *const parties[] = {"integrator", "owner", "vendor", NULL};

static const char *const data_impacts[] = {"none", "possible", NULL};

static const char *const directions[] = {"inbound", "outbound", "bidirectional", NULL};

/* OASIS OpenEoX core. */
const struct cret_field cret_manifest_lifecycle_fields[] = {
    CRET_ROW_STRING("generalAvailability", 0, CRET_FORMAT_DATE_OR_TBA,
                    "When the product became available."),
    CRET_ROW_STRING("endOfSales", 0, CRET_FORMAT_DATE_OR_TBA, "When sales end."),
    CRET_ROW_STRING("endOfSecuritySupport", 0, CRET_FORMAT_DATE_OR_TBA,
                    "When security updates end; a month says until its last day."),
    CRET_ROW_TEXT("securitySupportKind", 0, "What the support consists of, and how it is given."),
    CRET_ROW_STRING("endOfLife", 0, CRET_FORMAT_DATE_OR_TBA, "When all support ends."),
    CRET_ROW_STRING("updateAvailableUntil", 0, CRET_FORMAT_DATE_OR_TBA,
                    "Until when this release can be fetched from its vendor."),
    CRET_ROW_TEXT("endNotice", 0, "How users are told that the support ends."),
    CRET_ROW_STRING("lastUpdated", 0, CRET_FORMAT_DATE_OR_TBA,
                    "When these dates were last reviewed."),
    CRET_ROW_TEXT("afterwards", 0, "What happens after the end of support."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_change_fields[] = {
    CRET_ROW_LINE("id", 0, "The vendor's identifier of the change."),
    CRET_ROW_BOOLEAN("security", CRET_REQUIRED, "Whether the change concerns security."),
    CRET_ROW_STRINGS("cves", 0, CRET_FORMAT_CVE, "Vulnerabilities that the change fixes."),
    CRET_ROW_STRINGS("cwe", 0, CRET_FORMAT_CWE, "Weaknesses that the change removes."),
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "What changed."),
    CRET_ROW_ENUM("dataImpact", 0, data_impacts,
                  "Whether the change may affect the security of data."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes the change."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_deprecated_fields[] = {
    CRET_ROW_LINE("setting", CRET_REQUIRED, "Setting or function that is going away."),
    CRET_ROW_LINE("replacement", 0, "What to use instead."),
    CRET_ROW_LINE("removedIn", 0, "Version that will no longer have it."),
    CRET_ROW_TEXT("risk", 0, "Risk of using it until then."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_new_risk_fields[] = {
    CRET_ROW_LINE("id", 0, "The vendor's identifier of the risk."),
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "Risk that this release brings."),
    CRET_ROW_TEXT("mitigation", 0, "What reduces the risk."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_known_issue_fields[] = {
    CRET_ROW_LINE("id", 0, "The vendor's identifier of the issue."),
    CRET_ROW_TEXT("summary", CRET_REQUIRED, "What does not work as it should."),
    CRET_ROW_TEXT("workaround", 0, "What to do until it is fixed."),
    CRET_ROW_LINE("document", 0, "Id of the document that describes it."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_advisory_fields[] = {
    CRET_ROW_LINE("id", CRET_REQUIRED, "Identifier of the security advisory."),
    CRET_ROW_STRING("url", 0, CRET_FORMAT_URI, "Where the advisory is published."),
    CRET_ROW_SHA256("digest", 0, "SHA-256 of the advisory."),
    CRET_ROW_LINE("file", 0, "The file of the release that is the advisory."),
    CRET_ROW_END,
};

static const struct cret_field security_level_fields[] = {
    CRET_ROW_ENUM("type", CRET_REQUIRED, security_level_types,
                  "Target (SL-T), capability (SL-C) or achieved (SL-A) security level."),
    CRET_ROW_INTEGER("value", CRET_REQUIRED, 0, 4, "Security level from 0 to 4."),
    CRET_ROW_TEXT("conditions", CRET_REQUIRED, "Conditions under which the level holds."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_claim_fields[] = {
    CRET_ROW_LINE("standard", CRET_REQUIRED,
                  "Standard, part and edition, for example IEC 62443-4-2:2019."),
    CRET_ROW_ENUM("basis", CRET_REQUIRED, claim_bases, "What the claim rests on."),
    CRET_ROW_TEXT("scope", CRET_REQUIRED, "What the claim covers."),
    CRET_ROW_TEXT("limits", 0, "What the claim does not cover."),
    CRET_ROW_OBJECT("securityLevel", 0, security_level_fields,
                    "Security level that is claimed, with its conditions."),
    CRET_ROW_LINE("certificate", 0,
                  "Id of the document that is the certificate; absent: there is none."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_responsibility_fields[] = {
    CRET_ROW_ENUM("party", CRET_REQUIRED, parties, "Who is responsible."),
    CRET_ROW_TEXT("item", CRET_REQUIRED, "For what, for example a compensating control."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_interface_fields[] = {
    CRET_ROW_LINE("protocol", CRET_REQUIRED, "Protocol of the interface."),
    CRET_ROW_LINE("port", 0, "Port or port range with transport, for example 443/tcp."),
    CRET_ROW_ENUM("direction", 0, directions, "Who opens the connection, seen from the product."),
    CRET_ROW_TEXT("authentication", 0, "How the peer is authenticated, or none."),
    CRET_ROW_TEXT("data", 0, "What data pass the interface."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_external_service_fields[] = {
    CRET_ROW_LINE("service", CRET_REQUIRED,
                  "Service that the product uses, for example NTP, DNS or a CA."),
    CRET_ROW_TEXT("effectOfLoss", CRET_REQUIRED, "What happens when the service is not there."),
    CRET_ROW_END,
};

const struct cret_field cret_manifest_setting_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED, "Name of the setting."),
    CRET_ROW_LINE("default", 0, "Value on delivery."),
    CRET_ROW_BOOLEAN("mustChange", 0, "Whether the default must be changed before use."),
    CRET_ROW_BOOLEAN("fixed", 0, "Whether the setting cannot be changed."),
    CRET_ROW_TEXT("implication", 0, "What the setting means for security."),
    CRET_ROW_END,
};
