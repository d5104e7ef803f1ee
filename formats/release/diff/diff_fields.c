/* SPDX-License-Identifier: Apache-2.0 */
/* The format "diff/1", and the sections that it speaks of. */
#include "base/schema/rows.h"
#include "release/diff/diff_internal.h"

/* One row each: name, label of a line, heading, who says so. In the order in which a board reads
 * them. */
#define SECTIONS(SECTION)                                                                          \
    SECTION("vulnerabilities", "CVEs", "Vulnerabilities", "the manifests")                         \
    SECTION("risks", "new risks", "New risks", "the manifests")                                    \
    SECTION("issues", "issues", "Known issues", "the manifests")                                   \
    SECTION("rollback", "rollback", "Rollback", "the manifests")                                   \
    SECTION("lifecycle", "lifecycle", "Lifecycle", "the manifests")                                \
    SECTION("settings", "settings", "Settings", "the manifests")                                   \
    SECTION("deprecated", "deprecated", "Deprecated", "the manifests")                             \
    SECTION("interfaces", "interfaces", "Interfaces", "the manifests")                             \
    SECTION("services", "services", "External services", "the manifests")                          \
    SECTION("signers", "signers", "Signers", "the signatures")                                     \
    SECTION("components", "components", "Components", "the SBOMs")                                 \
    SECTION("files", "files", "Files", "the digests of the files")                                 \
    SECTION("changes", "changes", "Changes", "the manifests")                                      \
    SECTION("release", "release", "Release", "the manifests")                                      \
    SECTION("restart", "restart", "Restart", "the manifests")                                      \
    SECTION("hardware", "hardware", "Hardware", "the manifests")                                   \
    SECTION("product", "product", "Product", "the manifests")                                      \
    SECTION("prerequisites", "needs", "Prerequisites", "the manifests")                            \
    SECTION("manufacturer", "maker", "Manufacturer", "the manifests")                              \
    SECTION("purpose", "purpose", "Purpose and environment", "the manifests")                      \
    SECTION("misuse", "misuse", "Misuse that can be foreseen", "the manifests")                    \
    SECTION("conformity", "conformity", "Declaration and technical file", "the manifests")         \
    SECTION("updates", "updates", "Update settings", "the manifests")                              \
    SECTION("integrator", "integrator", "For integrators", "the manifests")                        \
    SECTION("compatibility", "works with", "Compatibility", "the manifests")                       \
    SECTION("tests", "tests", "Tests", "the manifests")                                            \
    SECTION("qualification", "qualified", "Qualification", "the manifests")                        \
    SECTION("claims", "claims", "Claims", "the manifests")                                         \
    SECTION("responsibilities", "duties", "Responsibilities", "the manifests")                     \
    SECTION("assumptions", "assumptions", "Assumptions", "the manifests")                          \
    SECTION("threats", "threats", "Threats out of scope", "the manifests")                         \
    SECTION("gaps", "gaps", "Not addressed", "the manifests")                                      \
    SECTION("documents", "documents", "Documents", "the manifests")                                \
    SECTION("topics", "topics", "Topics", "the manifests")                                         \
    SECTION("advisories", "advisories", "Advisories", "the manifests")                             \
    SECTION("contacts", "contacts", "Contacts", "the manifests")                                   \
    SECTION("adoption", "adoption", "Adoption", "the manifests")                                   \
    SECTION("other", "other", "Other", "the manifests")

#define SECTION_ROW(name, label, heading, source) {name, label, heading, source},
#define SECTION_NAME(name, label, heading, source) name,

const struct cret_diff_section cret_diff_sections[] = {
    SECTIONS(SECTION_ROW){NULL, NULL, NULL, NULL}};
static const char *const section_names[] = {SECTIONS(SECTION_NAME) NULL};

const char *const cret_diff_changes[] = {
    "added", "removed", "changed",   "renamed",  "upgraded", "downgraded", "revised",
    "fixed", "open",    "shortened", "extended", "answered", "unanswered", NULL};

static const char *const orders[] = {"newer", "older", "same", NULL};

static const struct cret_field side_fields[] = {
    CRET_ROW_TEXT("file", CRET_REQUIRED, "The file, as it was named."),
    CRET_ROW_TEXT("standing", CRET_REQUIRED,
                  "UNVERIFIED, or verified with what narrows that in brackets."),
    CRET_ROW_BOOLEAN("verified", CRET_REQUIRED, "Whether the trust of this run accepts it."),
    CRET_ROW_LINE("vendor", CRET_REQUIRED, "Vendor of the product."),
    CRET_ROW_LINE("product", CRET_REQUIRED, "Name of the product."),
    CRET_ROW_LINE("version", CRET_REQUIRED, "Version of the release."),
    CRET_ROW_COUNT("sequence", CRET_REQUIRED, "Sequence of the release."),
    CRET_ROW_TIME("date", CRET_REQUIRED, "Time of the release."),
    CRET_ROW_SHA256("identity", CRET_REQUIRED, "SHA-256 of its MANIFEST.json."),
    CRET_ROW_END,
};

static const struct cret_field step_fields[] = {
    CRET_ROW_ENUM("section", CRET_REQUIRED, section_names, "What it is about."),
    CRET_ROW_TEXT("text", CRET_REQUIRED, "What to do."),
    CRET_ROW_END,
};

static const struct cret_field detail_fields[] = {
    CRET_ROW_TEXT("field", CRET_REQUIRED, "The field that differs."),
    CRET_ROW_TEXT("old", 0, "What it was; absent: it was not there."),
    CRET_ROW_TEXT("new", 0, "What it is; absent: it is not there."),
    CRET_ROW_END,
};

static const struct cret_field difference_fields[] = {
    CRET_ROW_ENUM("section", CRET_REQUIRED, section_names, "What it is about."),
    CRET_ROW_ENUM("change", CRET_REQUIRED, cret_diff_changes, "What became of it."),
    CRET_ROW_TEXT("subject", CRET_REQUIRED, "What changed: a name, a path, an id."),
    CRET_ROW_BOOLEAN("attention", 0, "It asks for more than to be read."),
    CRET_ROW_OBJECTS("details", 0, detail_fields, "The fields that differ."),
    CRET_ROW_TEXT("note", 0, "What else there is to say."),
    CRET_ROW_END,
};

static const struct cret_field gap_fields[] = {
    CRET_ROW_ENUM("section", CRET_REQUIRED, section_names, "What was not compared."),
    CRET_ROW_TEXT("reason", CRET_REQUIRED, "Why."),
    CRET_ROW_END,
};

static const struct cret_field diff_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "diff/1"),
    CRET_ROW_OBJECT("old", CRET_REQUIRED, side_fields, "The release that was named first."),
    CRET_ROW_OBJECT("new", CRET_REQUIRED, side_fields, "The release that was named second."),
    CRET_ROW_ENUM("order", CRET_REQUIRED, orders, "The second to the first, by their sequences."),
    CRET_ROW_BOOLEAN(
        "identical", CRET_REQUIRED,
        "Whether both have the same identity: the same manifest. Their files are the same "
        "only where both are verified."),
    CRET_ROW_OBJECTS("before", CRET_REQUIRED, step_fields, "What to do before the update."),
    CRET_ROW_OBJECTS("after", CRET_REQUIRED, step_fields, "What to do after it."),
    CRET_ROW_OBJECTS("differences", CRET_REQUIRED, difference_fields, "What differs.",
                     .maximum = CRET_LIMIT_JSON_VALUES),
    CRET_ROW_OBJECTS("notCompared", CRET_REQUIRED, gap_fields,
                     "What could not be compared, and may have changed or not."),
    CRET_ROW_END,
};

const struct cret_file_format cret_diff_format = {
    .purpose = "diff/1",
    .words = "comparison of two releases",
    .file = "output of cretula-verify diff --json",
    .fields = diff_fields,
    .bytes = CRET_LIMIT_DOCUMENT_BYTES,
    .fault = CRET_ERR_REFUSED,
    .check = CRET_CHECK_MANIFEST_FORM,
};
