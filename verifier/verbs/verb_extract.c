/* SPDX-License-Identifier: Apache-2.0 */
/* extract: verify an archive, and unpack it where it is accepted. */
#include "console/print.h"
#include "verifier/evidence/evidence.h"
#include "verifier/run/session.h"
#include "verifier/verbs/check_seal.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verb_check.h"
#include "verifier/verbs/verbs.h"

static const struct cret_option extract_options[] = {
    CRET_OPTION("to", "DIR", "The folder to make; must not exist.", .excludes = "to-fd"),
    CRET_FLAG("portable-names", "Keep the archive's names instead of the original ones.",
              .needs = "to"),
    CRET_OPTION("to-fd", "N",
                "Hand the files to another program through descriptor N instead, in the form of "
                "docs/spec/delivery.md, as they are read. They count only once this run has ended "
                "with exit code 0."),
    CRET_OPTION_END,
};
static const struct cret_option_group extract_group = {"Extraction", extract_options};

static int run(const struct cret_options *options)
{
    struct cret_err err = {0};
    if (cret_options_given(options, "to") || cret_options_given(options, "to-fd")) {
        return cret_check_run(options);
    }
    cret_err_usage(&err, "where do the files go?");
    cret_err_hint(&err, "give --to DIR, a folder that does not exist yet; or --to-fd N");
    return cret_verb_fail(options, &err);
}

const struct cret_verb cret_verb_extract = {
    .name = "extract",
    .operands = "FILE",
    .summary = "Verify an archive and unpack it into a new folder, all or nothing",
    .help = "Writes only bytes that were hashed in the same pass, under their original names where "
            "those are safe. Nothing is left behind unless the verdict is ACCEPTED. With --json "
            "the result is the record.",
    .groups = CRET_GROUPS(&extract_group, &cret_trust_group, &cret_example_group,
                          &cret_confinement_group, &cret_expectation_group, &cret_profile_group,
                          &cret_waiver_group, &cret_check_seal_group, &cret_extent_group,
                          &cret_payload_group, &cret_jobs_group, &cret_evidence_group,
                          &cret_person_group, &cret_evidence_journal_group, &cret_secret_group,
                          &cret_tpm_group, &cret_station_group, &cret_tcti_group, &cret_site_group,
                          &cret_verbose_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify extract RTU-7-4.2.0.cretula.tar --to RTU-7-4.2.0 "
                              "--trust trust.json"),
    .run = run,
};
