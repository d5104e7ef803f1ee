/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue check: whether the file is whole, and its sources are there. */
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
        cret_catalogue_check(shelf.catalogue, &err) != CRET_OK ||
        cret_shelf_list(&shelf, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        shelf.code = shelf.changed + shelf.gone > 0 ? CRET_EXIT_REFUSED : CRET_EXIT_DONE;
        code = cret_shelf_say(&shelf, "SOUND");
    }
    cret_shelf_close(&shelf);
    return code;
}

const struct cret_verb cret_verb_catalogue_check = {
    .name = "check",
    .summary = "Check a catalogue, and whether its sources are still there",
    .help = "Reads every page of the file, and looks whether each source lies where it was, with "
            "the same size and time. Exit code 1: one is gone or was changed since.",
    .groups = CRET_GROUPS(&cret_catalogue_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify catalogue check --catalogue site.catalogue"),
    .run = act,
};
