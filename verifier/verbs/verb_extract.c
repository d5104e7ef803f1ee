/* SPDX-License-Identifier: Apache-2.0 */
/* extract: verify an archive, and unpack it where it is accepted. */
#include "verifier/evidence/evidence.h"
#include "verifier/run/session.h"
#include "verifier/verbs/check_seal.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verb_check.h"
#include "verifier/verbs/verbs.h"

static const struct cret_option extract_options[] = {
    CRET_OPTION("to", "DIR", "The folder to make; must not exist.", .required = true),
    CRET_FLAG("portable-names", "Keep the archive's names instead of the original ones."),
    CRET_OPTION_END,
};
static const struct cret_option_group extract_group = {"Extraction", extract_options};

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
    .run = cret_check_run,
};
