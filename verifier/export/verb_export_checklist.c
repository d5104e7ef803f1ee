/* SPDX-License-Identifier: Apache-2.0 */
/* export checklist: what is done and confirmed at commissioning, FAT and SAT. */
#include <string.h>

#include "base/text/json.h"
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* The last two are for the hand of who works by it. */
static const struct cret_sheet_column columns[] = {
    {"kind", "Step"},         {"item", "Item"},     {"delivered", "As delivered"},
    {"expected", "Expected"}, {"detail", "Detail"}, {"document", "Document"},
    {"result", "Result"},     {"by", "By, date"},   {NULL, NULL},
};

static bool must_change(const json_t *entry)
{
    return cret_json_boolean(entry, "mustChange", false);
}

static bool is_fixed(const json_t *entry)
{
    return !must_change(entry) && cret_json_boolean(entry, "fixed", false);
}

static bool to_confirm(const json_t *entry)
{
    return !must_change(entry) && !is_fixed(entry);
}

static bool needs_restart(const json_t *entry)
{
    const char *category = cret_json_string(entry, "category");
    return category != NULL && strcmp(category, "none") != 0;
}

static const char *const prerequisite[] = {"summary", NULL, NULL, NULL, "document", NULL, NULL};
static const char *const text[] = {NULL, NULL, ".", NULL, NULL, NULL, NULL};
static const char *const compatible[] = {
    "kind name", NULL, "minimumVersion?any version", "riskBelow limits", NULL, NULL, NULL};
static const char *const hardware[] = {
    "model sku", NULL, "revisionFrom?any revision", "revisionTo", NULL, NULL, NULL};
static const char *const restart[] = {"category", NULL, NULL, "details", NULL, NULL, NULL};
static const char *const changed[] = {
    "name", "default?not stated", "?another value", "implication", NULL, NULL, NULL};
static const char *const confirmed[] = {
    "name", "default?not stated", NULL, "implication", NULL, NULL, NULL};
static const char *const test[] = {"summary", NULL, "expected", NULL, "document", NULL, NULL};
static const char *const risk[] = {"summary", NULL, NULL, "mitigation", "document", NULL, NULL};
static const char *const issue[] = {"summary", NULL, NULL, "workaround", "document", NULL, NULL};
static const char *const duty[] = {"item", NULL, NULL, "party", NULL, NULL, NULL};

/* In the order of the work: before, installation, after. */
static const struct cret_sheet_part parts[] = {
    {.member = "hardware", .kind = "confirm hardware (revision from; to)", .paths = hardware},
    {.member = "release.minUpgradeFrom", .kind = "confirm: upgrade at least from", .paths = text},
    {.member = "prerequisites", .kind = "prerequisite", .paths = prerequisite},
    {.member = "compatibility", .kind = "confirm compatibility", .paths = compatible},
    {.member = "newRisks", .kind = "new risk: accept or mitigate", .paths = risk},
    {.member = "knownIssues", .kind = "known issue", .paths = issue},
    {.member = "restart", .kind = "restart", .wanted = needs_restart, .paths = restart},
    {.member = "release.version", .kind = "confirm: version that the product shows", .paths = text},
    {.member = "settings", .kind = "change setting", .wanted = must_change, .paths = changed},
    {.member = "settings", .kind = "confirm setting", .wanted = to_confirm, .paths = confirmed},
    {.member = "settings", .kind = "fixed setting", .wanted = is_fixed, .paths = confirmed},
    {.member = "testAdvice", .kind = "test", .paths = test},
    {.member = "responsibilities", .kind = "responsibility", .paths = duty},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "checklist",
    .title = "Checklist for commissioning, FAT and SAT",
    .nothing = "The release names nothing to do or to confirm.",
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_checklist = {
    .name = "checklist",
    .operands = "FILE...",
    .summary = "Export a checklist for commissioning, FAT and SAT",
    .help = "What the release says must be done or confirmed, in the order of the work: hardware, "
            "prerequisites, risks and known issues, restart, settings to change and to confirm, "
            "tests, responsibilities; with empty columns for the result, and who found it when. It "
            "holds what "
            "the vendor says, and is no test plan of the site.",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export checklist rtu7.cretula.tar --trust trust.json "
                              "--format html --out checklist.html"),
    .run = act,
};
