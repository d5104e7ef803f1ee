/* SPDX-License-Identifier: Apache-2.0 */
/* `adoption`: what an owner says who signs files that came unsigned (docs/guides/adopt.md). */
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_fields.h"
#include "release/manifest/manifest_internal.h"

static const struct cret_field published_fields[] = {
    CRET_ROW_LINE("file", CRET_REQUIRED, "The file of the release that has this digest."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 as the vendor published it."),
    CRET_ROW_LINE("at", 0, "Where it was published, for example the URL of the vendor's page."),
    CRET_ROW_END,
};

static const struct cret_field foreign_fields[] = {
    CRET_ROW_LINE("file", CRET_REQUIRED,
                  "The file of the release that is the vendor's signature in another format."),
    CRET_ROW_TEXT("result", CRET_REQUIRED,
                  "What the tool for that format said, with the key, as the owner saw it."),
    CRET_ROW_END,
};

static const char *const vendor_methods[] = {"signature", "hash", "none", NULL};

const struct cret_field cret_manifest_adoption_fields[] = {
    CRET_ROW_LINE("by", CRET_REQUIRED, "Who compared and adopted, as declared."),
    CRET_ROW_LINE("role", 0, "That person's role, as declared."),
    CRET_ROW_LINE("source", CRET_REQUIRED,
                  "Where the files come from: URL, portal, person, device."),
    CRET_ROW_LINE("medium", CRET_REQUIRED, "How they came: download, USB stick, service laptop."),
    CRET_ROW_TIME("acquired", 0, "When they came, UTC."),
    CRET_ROW_OBJECTS("published", 0, published_fields,
                     "Digests that the vendor published, each with the file that has it."),
    CRET_ROW_OBJECTS("foreignSignatures", 0, foreign_fields,
                     "Signatures in other formats, and what their tools said."),
    CRET_ROW_ENUM("vendorMethod", 0, vendor_methods,
                  "What the vendor offers to verify source and integrity with."),
    CRET_ROW_TEXT("mitigation", 0, "What was done where the vendor offers nothing."),
    CRET_ROW_TEXT("note", 0, "Anything else that was compared or is known."),
    CRET_ROW_END,
};

void cret_manifest_check_adoption(const json_t *manifest, struct cret_findings *findings)
{
    const char *origin = cret_json_string(manifest, "origin");
    const bool adopted = origin != NULL && strcmp(origin, "adopted") == 0;
    const bool told = json_object_get(manifest, "adoption") != NULL;
    if (adopted == told) {
        return;
    }
    cret_findings_add(findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .where = "#/adoption",
                          .expected = adopted ? "by whom, where from, how" : "no adoption",
                          .actual = adopted ? "nothing" : "adoption",
                          .hint = adopted ? "make it with cretula-sign adopt"
                                          : "leave it out: it belongs to files that came unsigned"},
                      adopted ? "an adopted release says who adopted it and where it comes from"
                              : "a vendor's release is not adopted");
}
