/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue list: its sources. */
#include "console/print.h"
#include "verifier/review/shelf.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static int act(const struct cret_options *options)
{
    struct cret_shelf shelf = {.options = options};
    struct cret_err err = {0};
    int code = CRET_ERR_UNDECIDED;
    if (cret_shelf_open(&shelf, CRET_CATALOGUE_READ, &err) != CRET_OK ||
        cret_shelf_list(&shelf, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = cret_shelf_say(&shelf, "HOLDS");
    }
    cret_shelf_close(&shelf);
    return code;
}

const struct cret_verb cret_verb_catalogue_list = {
    .name = "list",
    .summary = "List what a catalogue holds",
    .help = "Each with what was verified when it was read, and whether it lies there today with "
            "the same size and time.",
    .groups = CRET_GROUPS(&cret_catalogue_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify catalogue list --catalogue site.catalogue"),
    .run = act,
};
