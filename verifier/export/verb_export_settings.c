/* SPDX-License-Identifier: Apache-2.0 */
/* export settings: settings that matter for security, and those that are going away. */
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"kind", "Kind"},
    {"name", "Setting"},
    {"default", "Default"},
    {"mustChange", "Must change"},
    {"fixed", "Fixed"},
    {"implication", "Implication or risk"},
    {"replacement", "Replacement"},
    {"removedIn", "Removed in"},
    {NULL, NULL},
};

static const char *const setting[] = {"name",        "default", "mustChange", "fixed",
                                      "implication", NULL,      NULL};
static const char *const deprecated[] = {"setting", NULL,          NULL,       NULL,
                                         "risk",    "replacement", "removedIn"};

static const struct cret_sheet_part parts[] = {
    {.member = "settings", .kind = "setting", .paths = setting},
    {.member = "deprecated", .kind = "deprecated", .paths = deprecated},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "settings",
    .title = "Settings that matter for security",
    .nothing = "The release names no setting, which does not say that there is none.",
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_settings = {
    .name = "settings",
    .operands = "FILE...",
    .summary = "Export settings that matter for security",
    .help = "A row for each setting that the release names, with its default, whether it must be "
            "changed, and what it means; then those that are going away.",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export settings rtu7.cretula.tar --trust trust.json "
                              "--out settings.csv"),
    .run = act,
};
