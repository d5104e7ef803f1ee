/* SPDX-License-Identifier: Apache-2.0 */
/* export inventory: a row of an asset list for each release. */
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"asset", "Asset"},
    {"modelNumbers", "Model numbers"},
    {"role", "Role"},
    {"sequence", "Sequence"},
    {"releaseId", "Release"},
    {"type", "Type"},
    {"date", "Released"},
    {"origin", "Origin"},
    {"hardware", "Hardware"},
    {"purl", "Package URL"},
    {"cpe", "CPE"},
    {"iec61406Link", "IEC 61406 link"},
    {"endOfSales", "End of sales"},
    {"endOfSecuritySupport", "End of security support"},
    {"endOfLife", "End of life"},
    {"sbom", "SBOM"},
    {"securityContact", "Security contact"},
    {"fileCount", "Files"},
    {"fileBytes", "Bytes"},
    {"identity", "Identity (SHA-256 of MANIFEST.json)"},
    {"signers", "Signers that counted"},
    {NULL, NULL},
};

static const char *const paths[] = {"asset",
                                    "product.modelNumbers",
                                    "product.role",
                                    "release.sequence",
                                    "release.id",
                                    "release.type",
                                    "release.date",
                                    "origin",
                                    "hardware",
                                    "product.purl",
                                    "product.cpe",
                                    "product.iec61406Link",
                                    "lifecycle.endOfSales?not stated",
                                    "lifecycle.endOfSecuritySupport?not stated",
                                    "lifecycle.endOfLife?not stated",
                                    "sbomFormats?none",
                                    "contacts.securityContact",
                                    "fileCount",
                                    "fileBytes",
                                    "identity",
                                    "signers"};

static const struct cret_sheet_part parts[] = {
    {.member = "", .paths = paths},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "inventory",
    .title = "Inventory",
    .nothing = "Nothing is known.",
    .indexed = true,
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

static const struct cret_option asset_options[] = {
    CRET_OPTION("asset", "TEXT",
                "The asset that runs, or will run, the releases: a column of the list."),
    CRET_OPTION_END,
};
static const struct cret_option_group asset_group = {"Export", asset_options};

const struct cret_verb cret_verb_export_inventory = {
    .name = "inventory",
    .operands = "[FILE...]",
    .summary = "Export rows of an asset list",
    .help = "One row for each release: what it is, for which hardware, until when it is supported, "
            "who vouched for it. An archive says what was released, not what is installed. From "
            "--catalogue comes what archives were when it read them, and each row says so; one "
            "whose archive is gone or was changed since says UNVERIFIED, and the exit code is 3.",
    .groups =
        CRET_GROUPS(&asset_group, &cret_index_group, &cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export inventory released/*.cretula.tar --trust "
                              "trust.json --out inventory.csv",
                              "cretula-verify export inventory --catalogue site.catalogue --trust "
                              "trust.json --out inventory.csv"),
    .run = act,
};
