/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sections: which field of the manifest stands in which, and how. */
#include "verifier/report/release_sections.h"

#include <string.h>

#define FIELDS static const struct cret_piece_field

FIELDS product[] = {{"vendor", "vendor", NULL}, {"name", "product", NULL},
                    {"type", "type", NULL},     {"modelNumbers", "models", "models "},
                    {"role", "role", ", "},     {"purl", "package URL", NULL},
                    {"cpe", "CPE", NULL},       {"iec61406Link", "IEC 61406", NULL},
                    {NULL, NULL, NULL}};
FIELDS release[] = {{"type", "type", ""},
                    {"id", "id", ", "},
                    {"date", "date", " of "},
                    {"buildId", "build", ", build "},
                    {"supersedes", "supersedes", ", supersedes "},
                    {"minUpgradeFrom", "upgrade from", ", upgrade from "},
                    {"affectsSafety", "affects safety", ", affects safety: "},
                    {"combinedBecause", "combined because", NULL},
                    {"rollback.allowed", "rollback", ", rollback: "},
                    {NULL, NULL, NULL}};
FIELDS rollback[] = {{"allowed", "allowed", "allowed: "},
                     {"securityVersion", "security version", ", security version "},
                     {NULL, NULL, NULL}};
FIELDS changes[] = {{"id", "id", ""},
                    {"security", "security", NULL},
                    {"cves", "CVEs", ", "},
                    {"cwe", "CWE", NULL},
                    {"summary", "summary", ": "},
                    {"dataImpact", "effect on data", NULL},
                    {"document", "document", NULL},
                    {NULL, NULL, NULL}};
FIELDS risks[] = {{"id", "id", ""},
                  {"summary", "summary", ": "},
                  {"mitigation", "mitigation", NULL},
                  {"document", "document", NULL},
                  {NULL, NULL, NULL}};
FIELDS issues[] = {{"id", "id", ""},
                   {"summary", "summary", ": "},
                   {"workaround", "workaround", NULL},
                   {"document", "document", NULL},
                   {NULL, NULL, NULL}};
FIELDS prerequisites[] = {
    {"summary", "before the update", ""}, {"document", "document", NULL}, {NULL, NULL, NULL}};
FIELDS restart[] = {{"category", "restart", ""}, {"details", "details", ": "}, {NULL, NULL, NULL}};
FIELDS compatibility[] = {
    {"name", "with", ""},   {"minimumVersion", "from", " from "}, {"maximumVersion", "to", " to "},
    {"kind", "kind", NULL}, {"riskBelow", "risk below", NULL},    {"limits", "limits", NULL},
    {NULL, NULL, NULL}};
FIELDS tests[] = {{"summary", "test", ""},
                  {"expected", "expected", NULL},
                  {"document", "document", NULL},
                  {NULL, NULL, NULL}};
FIELDS qualification[] = {{"state", "state", ""},
                          {"testedWith", "tested with", NULL},
                          {"document", "document", NULL},
                          {NULL, NULL, NULL}};
FIELDS hardware[] = {{"model", "model", ""},
                     {"sku", "SKU", ", "},
                     {"revisionFrom", "from revision", ", revision "},
                     {"revisionTo", "to revision", " to "},
                     {NULL, NULL, NULL}};
FIELDS settings[] = {{"name", "setting", ""},
                     {"default", "default", ", default "},
                     {"mustChange", "must change", NULL},
                     {"fixed", "fixed", NULL},
                     {"implication", "implication", NULL},
                     {NULL, NULL, NULL}};
FIELDS deprecated[] = {{"setting", "setting", ""},
                       {"replacement", "replaced by", ", use "},
                       {"removedIn", "removed in", ", removed in "},
                       {"risk", "risk", NULL},
                       {NULL, NULL, NULL}};
FIELDS interfaces[] = {{"protocol", "protocol", ""},     {"port", "port", ", "},
                       {"direction", "direction", ", "}, {"authentication", "authentication", NULL},
                       {"data", "data", NULL},           {NULL, NULL, NULL}};
FIELDS services[] = {
    {"service", "service", ""}, {"effectOfLoss", "effect of its loss", NULL}, {NULL, NULL, NULL}};
FIELDS lifecycle[] = {
    {"generalAvailability", "available since", NULL},
    {"endOfSales", "end of sales", NULL},
    {"endOfSecuritySupport", "end of security support", "security support until "},
    {"securitySupportKind", "kind of support", NULL},
    {"endOfLife", "end of life", ", end of life "},
    {"updateAvailableUntil", "available until", NULL},
    {"endNotice", "notice of the end", NULL},
    {"lastUpdated", "as known on", NULL},
    {"afterwards", "afterwards", NULL},
    {NULL, NULL, NULL}};
FIELDS claims[] = {{"standard", "standard", ""},
                   {"basis", "basis", ", "},
                   {"scope", "scope", NULL},
                   {"limits", "limits", "; limits: "},
                   {"securityLevel", "security level", NULL},
                   {"certificate", "certificate", NULL},
                   {NULL, NULL, NULL}};
FIELDS responsibilities[] = {
    {"party", "party", ""}, {"item", "responsibility", ": "}, {NULL, NULL, NULL}};
FIELDS advisories[] = {{"id", "advisory", ""}, {"url", "address", NULL}, {NULL, NULL, NULL}};
FIELDS contacts[] = {{"securityContact", "security contact", ""},
                     {"disclosurePolicy", "disclosure policy", NULL},
                     {"csafProvider", "CSAF provider", NULL},
                     {NULL, NULL, NULL}};
FIELDS adoption[] = {{"by", "by", "by "},
                     {"role", "role", NULL},
                     {"source", "source", " from "},
                     {"vendorMethod", "vendor offers", NULL},
                     {"mitigation", "mitigation", NULL},
                     {"medium", "medium", ", "},
                     {"acquired", "acquired", NULL},
                     {"note", "note", NULL},
                     {NULL, NULL, NULL}};

FIELDS manufacturer[] = {{"name", "name", ""},
                         {"tradeName", "trade name", NULL},
                         {"postalAddress", "address", NULL},
                         {"email", "e-mail", NULL},
                         {"contactUrl", "contact", NULL},
                         {"website", "website", NULL},
                         {"uri", "URI", NULL},
                         {NULL, NULL, NULL}};
FIELDS properties[] = {
    {"summary", "property", ""}, {"document", "document", NULL}, {NULL, NULL, NULL}};
FIELDS misuse[] = {{"summary", "circumstance", ""},
                   {"risk", "risk", NULL},
                   {"mitigation", "mitigation", NULL},
                   {NULL, NULL, NULL}};
FIELDS declaration[] = {{"url", "address", ""},
                        {"file", "file", NULL},
                        {"sha256", "SHA-256", NULL},
                        {"simplified", "simplified", NULL},
                        {NULL, NULL, NULL}};
FIELDS technical[] = {{"index", "identifier", ""}, {"sha256", "SHA-256", NULL}, {NULL, NULL, NULL}};
FIELDS updates[] = {{"automatic", "automatic", ""},
                    {"switchOff", "turned off", NULL},
                    {"document", "document", NULL},
                    {NULL, NULL, NULL}};
FIELDS integrator[] = {
    {"document", "document", ""}, {"items", "to know", NULL}, {NULL, NULL, NULL}};

const struct cret_piece_section cret_piece_sections[] = {
    {"changes", "What changes", "changes", CRET_PIECE_LINES, "changes", changes},
    {"prerequisites", "Before the update", "before", CRET_PIECE_LINES, "prerequisites",
     prerequisites},
    {"restart", "Restart", "restart", CRET_PIECE_LINES, "restart", restart},
    {"settings", "Settings", "settings", CRET_PIECE_JOINED, "settings", settings},
    {"deprecated", "Deprecated settings", "deprecated", CRET_PIECE_LINES, "deprecated", deprecated},
    {"tests", "Tests afterwards", "test", CRET_PIECE_COUNTED, "testAdvice", tests},
    {"risks", "New risks", "new risk", CRET_PIECE_LINES, "newRisks", risks},
    {"issues", "Known issues", "known issue", CRET_PIECE_LINES, "knownIssues", issues},
    {"compatibility", "Compatibility", "works with", CRET_PIECE_COUNTED, "compatibility",
     compatibility},
    {"release", "Release", "release", CRET_PIECE_LINES, "release", release},
    {"rollback", "Rollback", "rollback", CRET_PIECE_COUNTED, "release.rollback", rollback},
    {"product", "Product", "product", CRET_PIECE_LINES, "product", product},
    {"hardware", "Hardware", "hardware", CRET_PIECE_JOINED, "hardware", hardware},
    {"lifecycle", "Lifecycle", "support", CRET_PIECE_LINES, "lifecycle", lifecycle},
    {"advisories", "Advisories", "advisory", CRET_PIECE_JOINED, "advisories", advisories},
    {"interfaces", "Interfaces", "interface", CRET_PIECE_JOINED, "interfaces", interfaces},
    {"services", "External services", "service", CRET_PIECE_COUNTED, "externalServices", services},
    {"qualification", "Qualification", "qualified", CRET_PIECE_COUNTED, "qualification",
     qualification},
    {"claims", "Claims", "claims", CRET_PIECE_LINES, "claims", claims},
    {"responsibilities", "Responsibilities", "duty of", CRET_PIECE_COUNTED, "responsibilities",
     responsibilities},
    {"assumptions", "Assumptions", "assumes", CRET_PIECE_COUNTED, "assumptions", NULL},
    {"threats", "Threats that are out of scope", "no defence", CRET_PIECE_COUNTED,
     "outOfScopeThreats", NULL},
    {"gaps", "Not addressed", "not covered", CRET_PIECE_COUNTED, "notAddressed", NULL},
    {"contacts", "Contacts", "contact", CRET_PIECE_LINES, "contacts", contacts},
    {"manufacturer", "Manufacturer", "maker", CRET_PIECE_COUNTED, "manufacturer", manufacturer},
    {"purpose", "Intended purpose", "purpose", CRET_PIECE_COUNTED, "intendedPurpose", NULL},
    {"environment", "Security environment", "environment", CRET_PIECE_COUNTED,
     "securityEnvironment", NULL},
    {"functions", "Essential functions", "functions", CRET_PIECE_COUNTED, "essentialFunctions",
     NULL},
    {"properties", "Security properties", "property", CRET_PIECE_COUNTED, "securityProperties",
     properties},
    {"misuse", "Misuse that can be foreseen", "misuse", CRET_PIECE_COUNTED, "foreseeableMisuse",
     misuse},
    {"declaration", "Declaration of conformity", "declaration", CRET_PIECE_COUNTED,
     "declarationOfConformity", declaration},
    {"technical", "Technical documentation", "technical", CRET_PIECE_COUNTED, "technicalFile",
     technical},
    {"updates", "Update settings", "updates", CRET_PIECE_COUNTED, "updateSettings", updates},
    {"integrator", "For integrators", "integrator", CRET_PIECE_COUNTED, "integratorInformation",
     integrator},
    {"adoption", "Adoption", "adopted", CRET_PIECE_LINES, "adoption", adoption},
    {NULL, NULL, NULL, CRET_PIECE_LINES, NULL, NULL},
};

const struct cret_piece_section *cret_piece_section_find(const char *name)
{
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        if (strcmp(one->name, name) == 0) {
            return one;
        }
    }
    return NULL;
}
