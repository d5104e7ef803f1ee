/* SPDX-License-Identifier: Apache-2.0 */
/* journal continue: a journal that goes on from another one. */
#include "base/text/shell.h"
#include "console/print.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static enum cret_status carry_over(struct cret_desk *desk, const struct cret_options *options,
                                   struct cret_err *err)
{
    const char *from = cret_options_value(options, "from");
    struct cret_journal *old = NULL;
    struct cret_journal_report report = {0};
    enum cret_status status = CRET_FAILED;
    /* Its records as well: a journal that is not whole is not carried on in silence. */
    if (cret_journal_verify(&report, from, NULL, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_desk_faults(&report) > 0) {
        cret_err_undecided(err, "the journal to continue is not sound");
        cret_err_where(err, "%s", from);
        cret_err_hint_file(err, "`cretula-verify journal verify {}` says why", from);
        goto out;
    }
    if (!report.closed && !cret_options_given(options, "unclosed")) {
        cret_err_usage(err, "the journal to continue was not closed");
        cret_err_where(err, "%s", from);
        cret_err_hint(err, "`cretula-verify journal close` there; where its machine or TPM is "
                           "gone, give --unclosed");
        goto out;
    }
    if (cret_journal_open(&old, from, CRET_JOURNAL_READ, NULL, err) != CRET_OK ||
        cret_guard_before_continue(desk->guard, old, err) != CRET_OK ||
        cret_journal_create(desk->folder, cret_guard_witness(desk->guard), old, err) != CRET_OK) {
        goto out;
    }
    cret_journal_free(&old);
    status = cret_journal_open(&desk->journal, desk->folder, CRET_JOURNAL_READ,
                               cret_guard_witness(desk->guard), err);
out:
    cret_journal_free(&old);
    cret_journal_report_free(&report);
    return status;
}

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct cret_err err = {0};
    const int code = cret_desk_open(&desk, options, &err) == CRET_OK &&
                             carry_over(&desk, options, &err) == CRET_OK
                         ? cret_desk_done(options, &desk, "journal-continue/1", "begun")
                         : cret_verb_fail(options, &err);
    cret_desk_close(&desk);
    return code;
}

static const struct cret_option continue_options[] = {
    CRET_OPTION("from", "OLD", "The folder of the journal that goes on in NEW.", .required = true),
    CRET_FLAG("unclosed",
              "Let OLD be one that was never closed: its machine or TPM is gone. NEW says so."),
    CRET_OPTION_END,
};
static const struct cret_option_group continue_group = {"Journal", continue_options};

const struct cret_verb cret_verb_journal_continue = {
    .name = "continue",
    .operands = "NEW",
    .summary = "Begin a journal that goes on from another one",
    .help = "For another machine, or another TPM (--tpm): the first line of NEW names head and "
            "genesis of OLD, whose lines are copied to NEW/earlier, so that nothing is forgotten.",
    .groups = CRET_GROUPS(&continue_group, &cret_tpm_journal_group, &cret_station_group,
                          &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal continue /var/lib/cretula/journal "
                              "--from /mnt/journal-A"),
    .run = act,
};
