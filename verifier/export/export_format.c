/* SPDX-License-Identifier: Apache-2.0 */
/* The format of tables in JSON, "export/1": what its schema is made of. */
#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "release/manifest/manifest_fields.h"
#include "verifier/export/export.h"

static const char *const kinds[] = {"inventory", "checklist", "settings", "interfaces",
                                    "claims",    "annex2",    NULL};

/* Columns of all kinds; each has its own (docs/spec/exports.md). */
static const struct cret_field row_fields[] = {
    CRET_ROW_TEXT("kind", 0, "What the row is."),
    CRET_ROW_TEXT("name", 0, "Setting, protocol or service."),
    CRET_ROW_TEXT("default", 0, "Value on delivery."),
    CRET_ROW_BOOLEAN("mustChange", 0, "Whether the default must be changed before use."),
    CRET_ROW_BOOLEAN("fixed", 0, "Whether the setting cannot be changed."),
    CRET_ROW_TEXT("implication", 0, "What the setting means for security; its risk."),
    CRET_ROW_TEXT("replacement", 0, "What to use instead."),
    CRET_ROW_TEXT("removedIn", 0, "Version that will no longer have it."),
    CRET_ROW_TEXT("port", 0, "Port, or not stated."),
    CRET_ROW_TEXT("direction", 0, "Who opens the connection, or not stated."),
    CRET_ROW_TEXT("authentication", 0, "How the peer is authenticated, or not stated."),
    CRET_ROW_TEXT("data", 0, "What data pass the interface."),
    CRET_ROW_TEXT("effectOfLoss", 0, "What happens when the service is not there."),
    CRET_ROW_TEXT("subject", 0, "Standard of a claim, or party of a responsibility."),
    CRET_ROW_TEXT("text", 0, "Scope of a claim, or the text."),
    CRET_ROW_TEXT("limits", 0, "What the claim does not cover."),
    CRET_ROW_TEXT("basis", 0, "What the claim rests on."),
    CRET_ROW_TEXT("securityLevel", 0, "Security level that is claimed."),
    CRET_ROW_TEXT("conditions", 0, "Conditions under which the level holds."),
    CRET_ROW_TEXT("certificate", 0, "Id of the certificate, or none."),
    CRET_ROW_TEXT("item", 0, "What is done or confirmed; an item of Annex II."),
    CRET_ROW_TEXT("state", 0, "How an item of Annex II is answered, or what the row is."),
    CRET_ROW_TEXT("answers", 0, "What answers it, and where, or nothing."),
    CRET_ROW_TEXT("delivered", 0, "Value on delivery."),
    CRET_ROW_TEXT("expected", 0, "What is expected."),
    CRET_ROW_TEXT("detail", 0, "What belongs to it."),
    CRET_ROW_TEXT("document", 0, "Id of the document that describes it."),
    CRET_ROW_TEXT("asset", 0, "The asset (--asset)."),
    CRET_ROW_STRINGS("modelNumbers", 0, CRET_FORMAT_LINE, "Model or order numbers."),
    CRET_ROW_TEXT("role", 0, "Intended role of the product."),
    CRET_ROW_COUNT("sequence", 0, "Sequence of the release."),
    CRET_ROW_TEXT("releaseId", 0, "The vendor's identifier of the release."),
    CRET_ROW_TEXT("type", 0, "What kind of release it is."),
    CRET_ROW_TIME("date", 0, "Time of the release."),
    CRET_ROW_TEXT("origin", 0, "Who released the files."),
    CRET_ROW_OBJECTS("hardware", 0, cret_manifest_hardware_fields,
                     "Hardware that the release is for."),
    CRET_ROW_TEXT("purl", 0, "Package URL of the product."),
    CRET_ROW_TEXT("cpe", 0, "CPE name of the product."),
    CRET_ROW_TEXT("iec61406Link", 0, "IEC 61406 identification link."),
    CRET_ROW_TEXT("endOfSales", 0, "Date, tba, or not stated."),
    CRET_ROW_TEXT("endOfSecuritySupport", 0, "Date, tba, or not stated."),
    CRET_ROW_TEXT("endOfLife", 0, "Date, tba, or not stated."),
    CRET_ROW_TEXT("sbom", 0, "Formats of the SBOMs, or none."),
    CRET_ROW_TEXT("securityContact", 0, "Where to report vulnerabilities."),
    CRET_ROW_COUNT("fileCount", 0, "Number of files."),
    CRET_ROW_COUNT("fileBytes", 0, "Their bytes."),
    CRET_ROW_SHA256("identity", 0, "SHA-256 of MANIFEST.json."),
    CRET_ROW_STRINGS("signers", 0, CRET_FORMAT_TEXT, "Names of the signers that counted."),
    CRET_ROW_END,
};

static const struct cret_field release_fields[] = {
    CRET_ROW_TEXT("file", CRET_REQUIRED, "The archive, as it was given."),
    CRET_ROW_TEXT("verification", CRET_REQUIRED,
                  "UNVERIFIED, or verified with what narrows that in brackets."),
    CRET_ROW_BOOLEAN("verified", CRET_REQUIRED, "Whether the trust of the run accepted it."),
    CRET_ROW_TEXT("vendor", CRET_REQUIRED, "Vendor of the product."),
    CRET_ROW_TEXT("product", CRET_REQUIRED, "Name of the product."),
    CRET_ROW_TEXT("version", CRET_REQUIRED, "Version of the release."),
    CRET_ROW_SHA256("identity", CRET_REQUIRED, "SHA-256 of MANIFEST.json."),
    CRET_ROW_TEXT("note", 0, "What it means that there are no rows."),
    CRET_ROW_OBJECTS("rows", CRET_REQUIRED, row_fields, "The rows of this release."),
    CRET_ROW_END,
};

static const struct cret_field export_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "export/1"),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, kinds, "Which table it is."),
    CRET_ROW_OBJECTS("releases", CRET_REQUIRED, release_fields, "What each release says.",
                     .minimum = 1),
    CRET_ROW_END,
};

const struct cret_file_format cret_export_format = {
    .purpose = "export/1",
    .words = "table of an export",
    .file = "export --format json",
    .fields = export_fields,
    .bytes = CRET_LIMIT_MANIFEST_BYTES,
    .fault = CRET_ERR_USAGE,
};

static const struct cret_field container_fields[] = {
    CRET_ROW_TEXT("document", CRET_REQUIRED, "Id of the document."),
    CRET_ROW_LINE("container", 0, "Its container; absent: there is none."),
    CRET_ROW_TEXT("missing", 0, "What the guideline demands and the release does not say."),
    CRET_ROW_TEXT("notes", 0, "What a receiver may miss."),
    CRET_ROW_END,
};

static const struct cret_field handover_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "vdi2770/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "Exit code of the run."),
    CRET_ROW_TEXT("folder", 0, "The folder that was made (--to)."),
    CRET_ROW_TEXT("file", 0, "The one container that was made (--out)."),
    CRET_ROW_OBJECTS("documents", CRET_REQUIRED, container_fields, "Every document."),
    CRET_ROW_END,
};

const struct cret_file_format cret_vdi2770_format = {
    .purpose = "vdi2770/1",
    .words = "what export vdi2770 made",
    .file = "export vdi2770 --json",
    .fields = handover_fields,
    .bytes = CRET_LIMIT_MANIFEST_BYTES,
    .fault = CRET_ERR_USAGE,
};
