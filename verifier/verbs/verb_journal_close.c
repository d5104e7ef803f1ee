/* SPDX-License-Identifier: Apache-2.0 */
/* journal close: nothing can be added afterwards. */
#include "console/print.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct cret_err err = {0};
    const int code = cret_desk_open(&desk, options, &err) == CRET_OK &&
                             cret_journal_open(&desk.journal, desk.folder, CRET_JOURNAL_APPEND,
                                               cret_guard_witness(desk.guard), &err) == CRET_OK &&
                             cret_journal_append_close(
                                 desk.journal, cret_options_value(options, "text"), &err) == CRET_OK
                         ? cret_desk_done(options, &desk, "journal-close/1", "closed")
                         : cret_verb_fail(options, &err);
    cret_desk_close(&desk);
    return code;
}

static const struct cret_option close_options[] = {
    CRET_OPTION("text", "TEXT", "Why it ends, and where it goes on."),
    CRET_OPTION_END,
};
static const struct cret_option_group close_group = {"Journal", close_options};

const struct cret_verb cret_verb_journal_close = {
    .name = "close",
    .operands = "[DIR]",
    .summary = "End a journal: nothing can be added afterwards",
    .groups = CRET_GROUPS(&close_group, &cret_tpm_journal_group, &cret_station_group,
                          &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal close /mnt/journal-A "
                              "--text \"moved to station B\""),
    .run = act,
};
