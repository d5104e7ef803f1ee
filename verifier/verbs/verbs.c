/* SPDX-License-Identifier: Apache-2.0 */
/* cretula-verify as a table of verbs, each of which is held to the site configuration. */
#include "verifier/verbs/verbs.h"

#include "verifier/run/site.h"

const struct cret_verb cret_verb_trust = {
    .name = "trust",
    .summary = "Write, read, sign and update trust policies (trust.json)",
    .verbs = CRET_VERBS(CRET_TRUST_VERBS),
    .on_file = "show",
};

const struct cret_verb cret_verb_site = {
    .name = "site",
    .summary = "Begin and examine the configuration of this machine",
    .help = "What the owner of a machine has decided stands in /etc/cretula/verify.json; options "
            "of a run can only tighten it.",
    .verbs = CRET_VERBS(CRET_SITE_VERBS),
};

const struct cret_verb cret_verb_journal = {
    .name = "journal",
    .summary = "Keep, show and check the journal",
    .help =
        "The journal is a folder with one line for each run of check or extract that judged, "
        "chained by digests, and with the record of each run. Runs add to it with --journal; these "
        "verbs check it, note what happened later, end it, and carry it over to another machine or "
        "TPM.",
    .verbs = CRET_VERBS(CRET_JOURNAL_VERBS),
    .on_file = "show",
};

const struct cret_verb cret_verb_record = {
    .name = "record",
    .summary = "Show, verify and export records",
    .help =
        "A record says who verified which release, when, how, with which result, and within which "
        "limits. It can be checked without the archive: by its signature, by the attestation of a "
        "TPM, by the journal.",
    .verbs = CRET_VERBS(CRET_RECORD_VERBS),
    .on_file = "show",
};

const struct cret_verb cret_verb_archive = {
    .name = "archive",
    .summary = "Seal archives",
    .help = "What is kept of many archives at once; of one, check and show say what it is.",
    .verbs = CRET_VERBS(CRET_ARCHIVE_VERBS),
};

const struct cret_verb cret_verb_seal = {
    .name = "seal",
    .summary = "Show, verify and renew seals (evidence records, RFC 4998)",
    .help = "A seal proves that files existed at a time, by timestamps that are renewed before "
            "they age: so that a record convinces when its signer's certificate has long ended. "
            "`journal seal` and `archive seal` make them.",
    .verbs = CRET_VERBS(CRET_SEAL_VERBS),
    .on_file = "show",
};

const struct cret_verb cret_verb_catalogue = {
    .name = "catalogue",
    .summary = "Keep an index of archives, records and journals",
    .help = "A catalogue is one file, in which trace finds a file again among thousands of "
            "releases. It is an index and never evidence: it says of each answer where it was "
            "read and what was verified then, and is made anew from its sources at any time.",
    .verbs = CRET_VERBS(CRET_CATALOGUE_VERBS),
};

const struct cret_verb cret_verb_export = {
    .name = "export",
    .summary = "Write what releases say in the form of another system",
    .help = "Asset lists, checklists, interfaces, digests: made of archives that are verified "
            "first where trust is named, and then written as a whole or not at all. Without it "
            "every export says UNVERIFIED in itself. Of a record: `cretula-verify record export`.",
    .verbs = CRET_VERBS(CRET_EXPORT_VERBS),
};

const struct cret_verb cret_verb_tpm = {
    .name = "tpm",
    .summary = "Use the TPM of this station",
    .help =
        "The TPM of a station holds version and digest of its trust policy, and the head of its "
        "journal. Somebody who can change the station's files cannot exchange the policy for "
        "another "
        "or an older one, and cannot cut or rewrite the journal unseen: with --tpm (or \"tpm\": "
        "true in "
        "the site configuration) a run is refused before the archive is read where the TPM denies "
        "one "
        "of them.",
    .verbs = CRET_VERBS(CRET_TPM_VERBS),
};

/* Before any verb, and for every one: what the owner of this machine has decided. */
static enum cret_status begin(struct cret_options *options, struct cret_err *err)
{
    struct cret_site *site = NULL;
    return cret_site_bind(&site, options, CRET_SITE_PATH, err);
}

static void end(struct cret_options *options)
{
    struct cret_site *site = cret_options_attached(options);
    cret_site_free(&site);
}

const struct cret_program cret_verify_program = {
    .name = "cretula-verify",
    .summary = "Verify firmware releases, offline",
    .verbs = CRET_VERBS(CRET_VERIFY_VERBS),
    .footer = "Exit codes: 0 accepted or done; 1 refused; 2 usage, configuration or policy error, "
              "nothing was judged; 3 undecided, or judged only in part.",
    .on_file = "check",
    .judges = true,
    .begin = begin,
    .end = end,
};
