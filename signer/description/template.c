/* SPDX-License-Identifier: Apache-2.0 */
/* Printing a description to start from. */
#include "signer/description/template.h"

#include <string.h>

#define COMMENT_WIDTH 96u

/* One line of the new description. */
struct row {
    const char *path; /* of the field, for its comment; "" for a line without one */
    bool live;        /* else commented out */
    const char *line; /* YAML with its indentation */
};

#define LIVE true
#define COMMENTED false

static const struct row rows[] = {
    {"product", LIVE, "product:"},
    {"product.vendor", LIVE, "  vendor: Example Automation GmbH"},
    {"product.name", LIVE, "  name: Example Controller"},
    {"product.modelNumbers", COMMENTED, "  modelNumbers: [EX-100-A, EX-100-B]"},
    {"product.role", COMMENTED, "  role: plc"},
    {"product.purl", COMMENTED, "  purl: pkg:generic/example/controller"},
    {"product.cpe", COMMENTED, "  cpe: \"cpe:2.3:o:example:controller_firmware:*:*:*:*:*:*:*:*\""},
    {"product.iec61406Link", COMMENTED, "  iec61406Link: https://id.example.com/?m=EX-100"},
    {"contacts", COMMENTED, "contacts:"},
    {"contacts.securityContact", COMMENTED, "  securityContact: psirt@example.com"},
    {"contacts.disclosurePolicy", COMMENTED, "  disclosurePolicy: https://example.com/disclosure"},
    {"contacts.csafProvider", COMMENTED,
     "  csafProvider: https://example.com/.well-known/csaf/provider-metadata.json"},
    {"manufacturer", COMMENTED, "manufacturer:"},
    {"manufacturer.name", COMMENTED, "  name: Example Automation GmbH"},
    {"manufacturer.postalAddress", COMMENTED, "  postalAddress: Example Street 1, 10115 Berlin"},
    {"manufacturer.website", COMMENTED, "  website: https://example.com"},
    {"intendedPurpose", COMMENTED, "intendedPurpose: Control of machines in a cabinet."},
    {"release", LIVE, "release:"},
    {"release.version", LIVE, "  version: 1.0.0"},
    {"release.sequence", LIVE, "  sequence: 1"},
    {"release.id", COMMENTED, "  id: EX-100-FW-1.0.0"},
    {"release.buildId", COMMENTED, "  buildId: 20260131.4-1f2e3d4"},
    {"release.date", COMMENTED, "  date: 2026-01-31T08:00:00Z"},
    {"release.type", COMMENTED, "  type: feature"},
    {"release.supersedes", COMMENTED, "  supersedes: [0.9.0, 0.9.1]"},
    {"release.minUpgradeFrom", COMMENTED, "  minUpgradeFrom: 0.9.0"},
    {"release.rollback", COMMENTED, "  rollback:"},
    {"release.rollback.allowed", COMMENTED, "    allowed: false"},
    {"release.rollback.securityVersion", COMMENTED, "    securityVersion: 3"},
    {"hardware", COMMENTED, "hardware:"},
    {"hardware[].model", COMMENTED, "  - model: EX-100-A"},
    {"hardware[].revisionFrom", COMMENTED, "    revisionFrom: B"},
    {"hardware[].revisionTo", COMMENTED, "    revisionTo: D"},
    {"prerequisites", COMMENTED, "prerequisites:"},
    {"prerequisites[].summary", COMMENTED,
     "  - summary: Save the configuration before the installation."},
    {"compatibility", COMMENTED, "compatibility:"},
    {"compatibility[].kind", COMMENTED, "  - kind: software"},
    {"compatibility[].name", COMMENTED, "    name: Example Engineering Suite"},
    {"compatibility[].minimumVersion", COMMENTED, "    minimumVersion: \"7.2\""},
    {"restart", COMMENTED, "restart:"},
    {"restart.category", COMMENTED, "  category: system"},
    {"restart.details", COMMENTED, "  details: Outputs keep their state; the restart takes 40 s."},
    {"testAdvice", COMMENTED, "testAdvice:"},
    {"testAdvice[].summary", COMMENTED, "  - summary: Switch one output and watch the feedback."},
    {"lifecycle", COMMENTED, "lifecycle:"},
    {"lifecycle.generalAvailability", COMMENTED, "  generalAvailability: 2026-01-31T00:00:00Z"},
    {"lifecycle.endOfSecuritySupport", COMMENTED, "  endOfSecuritySupport: 2036-01"},
    {"lifecycle.updateAvailableUntil", COMMENTED, "  updateAvailableUntil: 2041-01"},
    {"lifecycle.endOfLife", COMMENTED, "  endOfLife: tba"},
    {"changes", COMMENTED, "changes:"},
    {"changes[].security", COMMENTED, "  - security: true"},
    {"changes[].summary", COMMENTED, "    summary: The web server checks the length of a request."},
    {"changes[].cves", COMMENTED, "    cves: [CVE-2026-12345]"},
    {"changes[].cwe", COMMENTED, "    cwe: [CWE-120]"},
    {"knownIssues", COMMENTED, "knownIssues:"},
    {"knownIssues[].summary", COMMENTED, "  - summary: The display flickers below -20 degrees."},
    {"claims", COMMENTED, "claims:"},
    {"claims[].standard", COMMENTED, "  - standard: \"IEC 62443-4-2:2019\""},
    {"claims[].basis", COMMENTED, "    basis: self-assessment"},
    {"claims[].scope", COMMENTED, "    scope: The controller's firmware, without its web server."},
    {"declarationOfConformity", COMMENTED, "declarationOfConformity:"},
    {"declarationOfConformity.url", COMMENTED, "  url: https://example.com/declarations/ex-100"},
    {"updateSettings", COMMENTED, "updateSettings:"},
    {"updateSettings.automatic", COMMENTED, "  automatic: false"},
    {"interfaces", COMMENTED, "interfaces:"},
    {"interfaces[].protocol", COMMENTED, "  - protocol: HTTPS"},
    {"interfaces[].port", COMMENTED, "    port: 443/tcp"},
    {"interfaces[].direction", COMMENTED, "    direction: inbound"},
    {"settings", COMMENTED, "settings:"},
    {"settings[].name", COMMENTED, "  - name: Web server"},
    {"settings[].default", COMMENTED, "    default: \"off\""},
    {"settings[].implication", COMMENTED, "    implication: Opens port 443 to the network."},
    {"documents", COMMENTED, "documents:"},
    {"documents[].ids", COMMENTED, "  - ids: [{domain: example.com, id: EX-DOC-1}]"},
    {"documents[].title", COMMENTED, "    title: {en: Operating manual, de: Betriebsanleitung}"},
    {"documents[].version", COMMENTED, "    version: \"1.0\""},
    {"documents[].classes", COMMENTED, "    classes: [{system: VDI2770, id: 03-02}]"},
    {"documents[].languages", COMMENTED, "    languages: [en, de]"},
    {"documents[].file", COMMENTED, "    file: documents/manual.pdf"},
    {"sbom", COMMENTED, "sbom:"},
    {"sbom[].file", COMMENTED, "  - file: sbom.cdx.json"},
    {"sbom[].format", COMMENTED, "    format: CycloneDX-1.6"},
    {"sbom[].binds", COMMENTED, "    binds:"},
    {"sbom[].binds[].component", COMMENTED, "      - component: firmware-image"},
    {"sbom[].binds[].file", COMMENTED, "        file: firmware.bin"},
    {"files", LIVE, "files:"},
    {"files[].source", LIVE, "  - source: firmware.bin"},
    {"files[].role", COMMENTED, "    role: firmware"},
    {"files[].path", COMMENTED, "    path: firmware.bin"},
    {"files[].mediaType", COMMENTED, "    mediaType: application/octet-stream"},
    {"", COMMENTED, "  - source: documents"},
    {"", COMMENTED, "  - source: sbom.cdx.json"},
    {"", COMMENTED, "  - source: drivers.zip"},
    {"files[].expand", COMMENTED, "    expand: true"},
};

const char *cret_template_path(size_t index)
{
    return index < CRET_LENGTH(rows) ? rows[index].path : NULL;
}

static const struct cret_field *find_field(const struct cret_field *fields, const char *name,
                                           size_t size)
{
    for (const struct cret_field *field = fields; field != NULL && field->name != NULL; field++) {
        if (strncmp(field->name, name, size) == 0 && field->name[size] == '\0') {
            return field;
        }
    }
    return NULL;
}

const struct cret_field *cret_template_field(const char *path)
{
    const struct cret_field *fields = cret_manifest_fields;
    const struct cret_field *field = NULL;
    while (*path != '\0') {
        const size_t size = strcspn(path, ".[");
        field = find_field(fields, path, size);
        if (field == NULL) {
            return NULL;
        }
        fields = field->fields;
        path += size;
        path += strspn(path, "[].");
    }
    return field;
}

/* Prose: each line "<indentation># text", wrapped. */
static void append_comment(struct cret_buffer *out, size_t indentation, const char *words)
{
    size_t at = 0;
    while (*words != '\0') {
        const size_t space = strspn(words, " ");
        const size_t size = strcspn(words + space, " ");
        if (at == 0 || at + space + size > COMMENT_WIDTH) {
            cret_buffer_printf(out, "%s%*s#", at == 0 ? "" : "\n", (int)indentation, "");
            at = indentation + 1;
        }
        cret_buffer_printf(out, " %.*s", (int)size, words + space);
        at += 1 + size;
        words += space + size;
    }
    cret_buffer_printf(out, "\n");
}

/* The values of a closed list belong into the comment. */
static void append_field_comment(struct cret_buffer *out, size_t indentation,
                                 const struct cret_field *field)
{
    struct cret_buffer words = {0};
    cret_buffer_printf(&words, "%s", field->description);
    for (size_t i = 0; field->values != NULL && field->values[i] != NULL; i++) {
        cret_buffer_printf(&words, "%s%s", i == 0 ? " One of: " : ", ", field->values[i]);
    }
    cret_buffer_printf(&words, "%s", field->values != NULL ? "." : "");
    if (words.failed) {
        out->failed = true;
    } else {
        append_comment(out, indentation, words.data);
    }
    cret_buffer_free(&words);
}

void cret_template_new(struct cret_buffer *out)
{
    append_comment(out, 0,
                   "Release description for cretula-sign. Fill in the live fields; take the '#' "
                   "before a field away to use it. Everything else is optional.");
    append_comment(out, 0, "  cretula-sign lint FILE   checks it");
    append_comment(out, 0, "  cretula-sign pack FILE --key KEY.pem --cert CERT.pem   packs it");
    append_comment(out, 0,
                   "A value keeps the form in which it is written: 1.10 stays 1.10. Fields that "
                   "all releases share can live in another file: include: company.yaml");
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        const size_t indentation = strspn(rows[i].line, " -");
        const struct cret_field *field = cret_template_field(rows[i].path);
        if (indentation == 0) {
            cret_buffer_printf(out, "\n");
        }
        if (field != NULL) {
            append_field_comment(out, indentation, field);
        }
        cret_buffer_printf(out, "%s%s\n", rows[i].live ? "" : "#", rows[i].line);
    }
}
