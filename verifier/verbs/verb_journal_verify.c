/* SPDX-License-Identifier: Apache-2.0 */
/* journal verify: what is not as it was written. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "evidence/record/record.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/journal_lines.h"
#include "verifier/verbs/journal_seals.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/verbs.h"

static enum cret_status given_head(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                                   struct cret_err *err)
{
    (void)err;
    memcpy(ret_head, context, CRET_SHA256_BYTES);
    return CRET_OK;
}

/* What nobody can see from the folder alone. */
static const char *not_seen(const struct cret_journal_report *report)
{
    return report->bound
               ? "the TPM was not asked (--tpm, --station): whether somebody who can write in the "
                 "folder deleted lines at the end with all that belongs to them, changed or added "
                 "the last ones, put an older copy back, or wrote all of it anew"
               : "without a TPM or --head it cannot be seen whether somebody who can write in the "
                 "folder, and made all of it fit, changed lines, or lines at the end were deleted "
                 "with all that belongs to them, an older copy of the folder was put back, or all "
                 "of it was written anew: write the head down elsewhere";
}

/* The lines, where the journal can be opened; NULL: memory. */
static json_t *entries_json(const struct cret_desk *desk)
{
    struct cret_journal *journal = NULL;
    struct cret_err ignored = {0};
    struct cret_build list = cret_build_list();
    if (cret_journal_open(&journal, desk->folder, CRET_JOURNAL_READ, NULL, &ignored) == CRET_OK) {
        for (size_t i = 0; i < cret_journal_count(journal); i++) {
            cret_build_add(&list, cret_journal_line_json(cret_journal_at(journal, i)));
        }
    }
    cret_journal_free(&journal);
    return cret_build_end(&list);
}

static int print_json(const struct cret_options *options, const struct cret_desk *desk,
                      const struct cret_journal_report *report, int code)
{
    char head[CRET_SHA256_HEX] = "", genesis[CRET_SHA256_HEX] = "";
    if (report->has_head) {
        cret_hex_encode(head, report->head, CRET_SHA256_BYTES);
        cret_hex_encode(genesis, report->genesis, CRET_SHA256_BYTES);
    }
    struct cret_build json = cret_build_on(json_pack(
        "{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:b, s:b}", "cretula", "journal-report/1",
        "sound", (int)(cret_desk_faults(report) == 0), "lines", (json_int_t)report->lines, "runs",
        (json_int_t)report->runs, "accepted", (json_int_t)report->accepted, "unconfirmed",
        (json_int_t)report->unconfirmed, "records", (json_int_t)report->records, "genesis", genesis,
        "head", head, "headCompared", (int)report->witnessed, "closed", (int)report->closed));
    cret_build_put(&json, "checks", cret_record_findings_json(report->findings));
    cret_build_put(&json, "entries", entries_json(desk));
    cret_build_string(&json, "notSeen", report->witnessed ? NULL : not_seen(report));
    return cret_print_json(options, cret_build_end(&json), code);
}

static void put_finding(struct cret_page *page, const struct cret_finding *finding)
{
    const bool sound = finding->result == CRET_RESULT_PASS;
    cret_page_row(page, cret_result_name(finding->result), "%s: %s",
                  cret_check_get(finding->check)->name, finding->reason);
    cret_page_text(page, "  where", finding->where);
    cret_page_text(page, "  do", sound ? NULL : finding->hint);
}

static void put_report(struct cret_page *page, const struct cret_desk *desk,
                       const struct cret_journal_report *report)
{
    const size_t count = cret_desk_faults(report);
    char faults[64], head[CRET_SHA256_HEX];
    snprintf(faults, sizeof(faults), "%zu %s", count, cret_plural(count, "fault", "faults"));
    cret_page_verdict(page, count == 0 ? CRET_TONE_GOOD : CRET_TONE_BAD,
                      count == 0 ? "SOUND" : "NOT SOUND", "%s", desk->folder);
    if (count > 0) {
        cret_page_qualify(page, "%s", faults);
    }
    for (size_t i = 0; i < cret_findings_count(report->findings); i++) {
        put_finding(page, cret_findings_at(report->findings, i));
    }
    cret_page_row(page, "lines", "%zu: %zu %s, of which %zu %s as accepted; %zu interrupted",
                  report->lines, report->runs, cret_plural(report->runs, "run", "runs"),
                  report->accepted, cret_plural(report->accepted, "counts", "count"),
                  report->unconfirmed);
    cret_hex_encode(head, report->head, CRET_SHA256_BYTES);
    cret_page_text(page, "head", report->has_head ? head : NULL);
    cret_page_text(page, "closed", report->closed ? "nothing can be added" : NULL);
    cret_page_text(page, "not seen", report->witnessed ? NULL : not_seen(report));
}

static int print_page(const struct cret_options *options, const struct cret_desk *desk,
                      const struct cret_journal_report *report, int code)
{
    struct cret_page *page = cret_page_new();
    put_report(page, desk, report);
    return cret_print_last(options, &page, code);
}

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct cret_err err = {0};
    struct cret_journal_report report = {0};
    uint8_t head[CRET_SHA256_BYTES];
    struct cret_journal_witness fixed = {.context = head, .read = given_head};
    const char *given = cret_options_value(options, "head");
    int code = CRET_ERR_UNDECIDED;
    if (given != NULL && cret_sha256_read(head, given) != CRET_OK) {
        cret_err_usage(&err, "--head: not a SHA-256: %s", given);
        cret_sha256_expected(&err, given);
        return cret_verb_fail(options, &err);
    }
    const bool ready = cret_desk_open(&desk, options, &err) == CRET_OK;
    const struct cret_journal_witness *witness =
        given != NULL ? &fixed : (ready ? cret_guard_witness(desk.guard) : NULL);
    const struct cret_station *station =
        ready && desk.guard != NULL ? cret_guard_station(desk.guard) : NULL;
    if (!ready || cret_journal_verify(&report, desk.folder, witness, station, &err) != CRET_OK ||
        cret_journal_seals_judge(report.findings, options, desk.folder, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        goto out;
    }
    cret_guard_release(desk.guard);
    code = cret_desk_faults(&report) == 0 ? 0 : CRET_ERR_REFUSED;
    code = cret_options_given(options, "json") ? print_json(options, &desk, &report, code)
                                               : print_page(options, &desk, &report, code);
out:
    cret_journal_report_free(&report);
    cret_desk_close(&desk);
    return code;
}

static const struct cret_option verify_options[] = {
    CRET_OPTION("head", "HEX",
                "The head that the journal must have: one that was written down before, or read "
                "from the TPM elsewhere.",
                .excludes = "tpm"),
    CRET_OPTION_END,
};
static const struct cret_option_group head_group = {"Journal", verify_options};

const struct cret_verb cret_verb_journal_verify = {
    .name = "verify",
    .operands = "[DIR]",
    .summary = "Find lines that were edited, deleted, moved or added",
    .help =
        "Reads every line and every record of the journal in DIR, and names what is not as it "
        "was written. With --tpm (or --head) also lines deleted at the end, and an older copy "
        "of the folder. With --authority also the seals in DIR/seals (journal seal): which lines "
        "existed since when, and until when that is proved. --json gives every line too.",
    .groups = CRET_GROUPS(&head_group, &cret_seal_trust_group, &cret_example_group,
                          &cret_confinement_group, &cret_tpm_journal_group, &cret_station_group,
                          &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal verify /var/lib/cretula/journal",
                              "cretula-verify journal verify /var/lib/cretula/journal --tpm "
                              "--station /etc/cretula/station.json"),
    .run = act,
};
