/* SPDX-License-Identifier: Apache-2.0 */
/* export annex2: what a release answers of the information that users are owed, item by item. */
#include "release/statements/annex2.h"
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"state", "State"}, {"item", "Item"},    {"text", "Asked for"}, {"answers", "Answered by"},
    {"detail", "Why"},  {"expected", "Add"}, {NULL, NULL},
};

static const char *const item[] = {"state", "id", "title", "told?nothing", "reason", "add"};
static const char *const limit[] = {NULL, ".", NULL, NULL, NULL};

static const struct cret_sheet_part parts[] = {
    {.member = "items", .paths = item},
    {.member = "limits", .kind = "not said here", .paths = limit},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "annex2",
    .title = CRET_ANNEX2_TITLE,
    .nothing = "There are no items.",
    .derive = cret_annex2_told,
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_annex2 = {
    .name = "annex2",
    .operands = "FILE...",
    .summary = "Export what a release answers of Annex II of Regulation (EU) 2024/2847",
    .help = "A row for each item of the information that a manufacturer gives to users: answered "
            "(by what, and where), missing (and what the vendor would add), not applicable (the "
            "vendor says why), or not said where it is asked for only if it applies. The last rows "
            "say what this does not tell. It says what is there, and judges no product.",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export annex2 rtu7.cretula.tar --trust trust.json "
                              "--format html --out annex2.html"),
    .run = act,
};
