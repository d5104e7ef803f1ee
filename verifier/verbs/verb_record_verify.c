/* SPDX-License-Identifier: Apache-2.0 */
/* record verify: whether a record is genuine, without the archive. */
#include "base/text/json_build.h"
#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_trust.h"
#include "verifier/verbs/record_view.h"
#include "verifier/verbs/verbs.h"

static json_t *trust_json(const struct cret_record_trust *trust)
{
    const char *unasked[CRET_RECORD_UNASKED];
    struct cret_build json = cret_build_object(), list = cret_build_list();
    cret_build_string(&json, "cretula", "record-report/1");
    cret_build_boolean(&json, "genuine", true);
    cret_build_boolean(&json, "report", trust->source.page);
    cret_build_sha256(&json, "sha256", trust->record.digest);
    cret_build_string(&json, "verdict", cret_verdict_name(trust->record.verdict));
    cret_build_boolean(&json, "countsAsAccepted", cret_record_trust_accepts(trust));
    if (trust->sealed.signer != NULL) {
        cret_build_text(&json, "signedBy", trust->sealed.signer);
        cret_build_boolean(&json, "revocationKnown", trust->sealed.revocation_known);
    }
    if (trust->seal.held) {
        cret_build_time(&json, "sealedAt", trust->seal.since);
        cret_build_time(&json, "provedUntil", trust->seal.until);
    }
    if (trust->attested) {
        cret_build_string(&json, "attestedBy", trust->station != NULL ? trust->station : "TPM");
    }
    if (trust->line >= 0) {
        cret_build_integer(&json, "journalLine", trust->line);
        cret_build_boolean(&json, "confirmed", trust->confirmed);
    }
    cret_build_string(&json, "asOf", trust->as_of);
    cret_record_trust_unasked(trust, unasked);
    for (size_t i = 0; unasked[i] != NULL; i++) {
        cret_build_add(&list, json_string(unasked[i]));
    }
    cret_build_put(&json, "notAsked", cret_build_end(&list));
    return cret_build_end(&json);
}

static int print_trust(const struct cret_options *options, const struct cret_record_trust *trust,
                       int code)
{
    struct cret_page *page = cret_page_new();
    cret_record_view_genuine(page, options, trust);
    return cret_print_last(options, &page, code);
}

static int act(const struct cret_options *options)
{
    struct cret_record_trust trust = {0};
    struct cret_err err = {0};
    if (cret_record_trust_open(&trust, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_options_given(options, "accepted") && cret_record_accepts(&trust.record) &&
        cret_record_trust_settled(&trust, &err) != CRET_OK) {
        cret_record_trust_clear(&trust);
        return cret_verb_fail(options, &err);
    }
    int code = !cret_options_given(options, "accepted") || cret_record_trust_accepts(&trust)
                   ? 0
                   : (int)CRET_ERR_REFUSED;
    if (cret_options_given(options, "json")) {
        code = cret_print_json(options, trust_json(&trust), code);
    } else {
        code = print_trust(options, &trust, code);
    }
    cret_record_trust_clear(&trust);
    return code;
}

static const struct cret_option verify_options[] = {
    CRET_FLAG("accepted", "Exit 1 as well where the record is genuine, but not one of an "
                          "acceptance (REFUSED, PARTIAL, --at, example keys, not confirmed by its "
                          "journal). The record of a journal needs --journal."),
    CRET_OPTION_END,
};
static const struct cret_option_group verify_group = {"Record", verify_options};

const struct cret_verb cret_verb_record_verify = {
    .name = "verify",
    .operands = "FILE",
    .summary = "Verify a record without the archive",
    .help = "By its signature, by the attestation of a station's TPM, by the journal, or by "
            "several: each that is named must hold. Exit code 0 says that the record is genuine, "
            "whatever its verdict; --accepted asks for an acceptance too. FILE is a record, or a "
            "report (check --report): it carries the record and its signature, and must show just "
            "that record.",
    .groups = CRET_GROUPS(&cret_record_trust_group, &cret_example_group, &cret_confinement_group,
                          &verify_group, &cret_site_group, &cret_verbose_group, &cret_files_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify record verify RECORD.json --anchor recorder-root.pem --accepted",
        "cretula-verify record verify RECORD.json --station station.json",
        "cretula-verify record verify report.html --anchor recorder-root.pem --accepted"),
    .run = act,
};
