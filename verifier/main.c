/* SPDX-License-Identifier: Apache-2.0 */
/* cretula-verify: the table of verbs, and their dispatch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/library.h"
#include "base/system/os.h"
#include "base/system/terminal.h"
#include "base/text/json.h"
#include "keys/memory.h"
#include "verifier/evidence/evidence.h"
#include "verifier/evidence/tpm_guard.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/report/report.h"
#include "verifier/run/session.h"
#include "verifier/run/site.h"
#include "verifier/verbs/verb_journal.h"
#include "verifier/verbs/verb_tpm.h"
#include "verifier/verbs/verbs.h"
#include "verifier/version.h"

#define EXIT_USAGE 2
#define EXIT_UNDECIDED 3

static const struct cret_option_group *const check_groups[] = {
    &cret_trust_group, &cret_expectation_group, &cret_waiver_group,           &cret_extent_group,
    &cret_part_group,  &cret_evidence_group,    &cret_evidence_journal_group, &cret_secret_group,
    &cret_tpm_group,   &cret_site_group,        &cret_output_group,           NULL};
static const struct cret_option_group *const extract_groups[] = {
    &cret_extract_group, &cret_trust_group,    &cret_expectation_group,      &cret_waiver_group,
    &cret_extent_group,  &cret_evidence_group, &cret_evidence_journal_group, &cret_secret_group,
    &cret_tpm_group,     &cret_site_group,     &cret_output_group,           NULL};
static const struct cret_option_group *const show_groups[] = {&cret_trust_group, &cret_site_group,
                                                              &cret_show_group, NULL};
static const struct cret_option_group *const advisories_groups[] = {
    &cret_trust_group, &cret_expectation_group, &cret_site_group, &cret_advisories_group, NULL};
static const struct cret_option_group *const explain_groups[] = {NULL};

static const struct cret_verb verbs[] = {
    {"check", "FILE...", 1, CRET_OPTION_OPERANDS_ANY,
     "Verify archives against trusted keys: ACCEPTED or REFUSED",
     "Reads every byte of each FILE (- for standard input) and compares it with what the signers "
     "signed. Give --anchor or --trust.",
     check_groups, cret_verb_check},
    {"extract", "FILE", 1, 1, "Verify an archive and unpack it into a new folder, all or nothing",
     "Writes only bytes that were hashed in the same pass, under their original names where those "
     "are safe. Nothing is left behind unless the verdict is ACCEPTED.",
     extract_groups, cret_verb_extract},
    {"show", "FILE", 1, 1, "Show what an archive says of itself",
     "Without --anchor or --trust nothing is verified, and every heading says UNVERIFIED.",
     show_groups, cret_verb_show},
    {"advisories", "FILE...", 1, CRET_OPTION_OPERANDS_ANY,
     "Match advisories and VEX files with releases: affected, fixed, or not",
     "Verifies each FILE as check does, and compares what was verified, and the components of its "
     "SBOM, with advisories that came later: by hash, package URL, CPE and reference into the "
     "SBOM. "
     "Names and version ranges give possible matches, which a person confirms. Exit code 0 says "
     "that everything was compared, not that nothing is affected (--fail-on gives 1 for that); 3 "
     "that "
     "something was not compared: NOT CHECKED names it.",
     advisories_groups, cret_verb_advisories},
    {"explain", "CHECK-ID", 1, 1, "Say what a check means, why it may fail, and whom to ask",
     "`explain all` lists every check.", explain_groups, cret_verb_explain},
    {"trust", "init|add-signer|remove-signer|set|show|lint|sign|update", 0, 0,
     "Write, read, sign and update trust policies (trust.json)", NULL, NULL, NULL},
    {"journal", "verify|note|close|continue", 0, 0, "Keep and check the journal", NULL, NULL, NULL},
    {"record", "show|verify|export", 0, 0, "Show, verify and export records", NULL, NULL, NULL},
    {"tpm", "provision|apply|status", 0, 0, "Use the TPM of this station", NULL, NULL, NULL},
    {.name = NULL},
};

static const struct cret_option_group *const init_groups[] = {&cret_trust_init_group, NULL};
static const struct cret_option_group *const add_groups[] = {
    &cret_trust_add_signer_group, &cret_trust_edit_group, &cret_site_group, NULL};
static const struct cret_option_group *const remove_groups[] = {
    &cret_trust_remove_signer_group, &cret_trust_edit_group, &cret_site_group, NULL};
static const struct cret_option_group *const set_groups[] = {
    &cret_trust_set_group, &cret_trust_edit_group, &cret_site_group, NULL};
static const struct cret_option_group *const sign_groups[] = {
    &cret_trust_sign_group, &cret_secret_group, &cret_site_group, NULL};
static const struct cret_option_group *const update_groups[] = {&cret_trust_update_group,
                                                                &cret_site_group, NULL};
static const struct cret_option_group *const read_groups[] = {&cret_trust_read_group,
                                                              &cret_site_group, NULL};

static const struct cret_verb trust_verbs[] = {
    {"init", "FILE", 1, 1, "Begin a trust policy without signers", NULL, init_groups,
     cret_verb_trust_init},
    {"add-signer", "FILE", 1, 1, "Add a signer to a role of a scope",
     "The fingerprint of the certificate must be given (--fingerprint) or typed: compare it with "
     "what the vendor told you on another way than the file came.",
     add_groups, cret_verb_trust_add_signer},
    {"remove-signer", "FILE", 1, 1, "Remove a signer, or an owner of the policy",
     "A role without signers goes with its last one, and so does a scope.", remove_groups,
     cret_verb_trust_remove_signer},
    {"set", "FILE", 1, 1, "Change other fields of a trust policy",
     "The version rises by itself, once for each run; --keep-version for further changes to a "
     "version that nobody has signed or installed yet.",
     set_groups, cret_verb_trust_set},
    {"show", "FILE", 1, 1, "Show a trust policy: who may sign what", NULL, read_groups,
     cret_verb_trust_show},
    {"lint", "FILE", 1, 1, "Check a trust policy",
     "Says what is allowed and still hardly meant: no owners, an end that is near, a review that "
     "is "
     "due.",
     read_groups, cret_verb_trust_lint},
    {"sign", "FILE", 1, 1, "Sign a version of a trust policy as one of its owners",
     "Each owner of the version before, and of this one, signs on a machine of his own; the folder "
     "goes from one to the other, and then to the stations.",
     sign_groups, cret_verb_trust_sign},
    {"update", "DIR", 1, 1, "Take the newest version of the trust policy from a folder",
     "Walks through every version from the installed one on. Each must be signed by enough owners "
     "of the version before and of its own; only the last one must not have expired. Then the "
     "installed file is replaced as a whole, and what changed is said.",
     update_groups, cret_verb_trust_update},
    {.name = NULL},
};

static const struct cret_option_group *const provision_groups[] = {&cret_tpm_provision_group,
                                                                   &cret_site_group, NULL};
static const struct cret_option_group *const apply_groups[] = {
    &cret_tpm_apply_group, &cret_tpm_station_group, &cret_site_group, NULL};
static const struct cret_option_group *const status_groups[] = {
    &cret_tpm_status_group, &cret_tpm_station_group, &cret_site_group, NULL};

static const struct cret_verb tpm_verbs[] = {
    {"provision", NULL, 0, 0, "Make this station's objects in the TPM, once",
     "Creates keys and indices, writes the trust anchor, and writes station.json, a copy of which "
     "change control keeps. Owner and lockout authorization of the TPM must be set.",
     provision_groups, cret_verb_tpm_provision},
    {"apply", "ORDER", 1, 1, "Take a new trust policy, by the trust owner's order",
     "The TPM judges the order; where it obeys, trust.json is replaced by the new file. Run it "
     "again "
     "where it was interrupted.",
     apply_groups, cret_verb_tpm_apply},
    {"status", NULL, 0, 0, "Show what the TPM holds, and whether it is what it should be",
     "Without --station nothing is compared.", status_groups, cret_verb_tpm_status},
    {.name = NULL},
};

static const struct cret_option_group *const journal_verify_groups[] = {
    &cret_journal_verify_group, &cret_tpm_journal_group, &cret_site_group, NULL};
static const struct cret_option_group *const note_groups[] = {
    &cret_journal_note_group, &cret_tpm_journal_group, &cret_site_group, NULL};
static const struct cret_option_group *const close_groups[] = {
    &cret_journal_close_group, &cret_tpm_journal_group, &cret_site_group, NULL};
static const struct cret_option_group *const continue_groups[] = {
    &cret_journal_continue_group, &cret_tpm_journal_group, &cret_site_group, NULL};

static const struct cret_verb journal_verbs[] = {
    {"verify", "[DIR]", 0, 1, "Find lines that were edited, deleted, moved or added",
     "Reads every line and every record of the journal in DIR, and names what is not as it was "
     "written. With --tpm (or --head) also lines deleted at the end, and an older copy of the "
     "folder.",
     journal_verify_groups, cret_verb_journal_verify},
    {"note", "[DIR]", 0, 1, "Add what happened later to a release",
     "Received, in test, authorized, deployed: on which asset, when. Authorized and deployed need "
     "a "
     "run that accepted the release; from then on an older release on that asset is a finding.",
     note_groups, cret_verb_journal_note},
    {"close", "[DIR]", 0, 1, "End a journal: nothing can be added afterwards", NULL, close_groups,
     cret_verb_journal_close},
    {"continue", "NEW", 1, 1, "Begin a journal that goes on from another one",
     "For another machine, or another TPM (--tpm): the first line of NEW names head and genesis of "
     "OLD, whose lines are copied to NEW/earlier, so that nothing is forgotten.",
     continue_groups, cret_verb_journal_continue},
    {.name = NULL},
};

static const struct cret_option_group *const record_show_groups[] = {&cret_record_show_group, NULL};
static const struct cret_option_group *const record_verify_groups[] = {
    &cret_record_trust_group, &cret_record_verify_group, &cret_site_group, NULL};
static const struct cret_option_group *const record_export_groups[] = {
    &cret_record_export_group, &cret_record_trust_group, &cret_secret_group, &cret_site_group,
    NULL};

static const struct cret_verb record_verbs[] = {
    {"show", "FILE", 1, 1, "Show a record", "Nothing is verified, and the first word says so.",
     record_show_groups, cret_verb_record_show},
    {"verify", "FILE", 1, 1, "Verify a record without the archive",
     "By its signature, by the attestation of a station's TPM, by the journal, or by several: each "
     "that is named must hold. Exit code 0 says that the record is genuine, whatever its verdict; "
     "--accepted asks for an acceptance too.",
     record_verify_groups, cret_verb_record_verify},
    {"export", "FILE", 1, 1, "Write a verified record in the form of another system",
     "The record is verified as by `record verify` first.", record_export_groups,
     cret_verb_record_export},
    {.name = NULL},
};

static const char footer[] = "Exit codes: 0 accepted or done; 1 refused; 2 usage, configuration or "
                             "policy error, nothing was "
                             "judged; 3 undecided, or judged only in part.\n";

static const struct cret_program program = {"cretula-verify", CRETULA_VERSION,
                                            "Verify firmware releases, offline", verbs, footer};
static const struct cret_program trust_program = {
    "cretula-verify trust", CRETULA_VERSION, "Write and read trust policies", trust_verbs, footer};
static const struct cret_program tpm_program = {"cretula-verify tpm", CRETULA_VERSION,
                                                "Use the TPM of this station", tpm_verbs, footer};

static const struct cret_program journal_program = {
    "cretula-verify journal", CRETULA_VERSION, "Keep and check the journal", journal_verbs, footer};
static const struct cret_program record_program = {"cretula-verify record", CRETULA_VERSION,
                                                   "Show, verify and export records", record_verbs,
                                                   footer};

static int print_text(char *text)
{
    if (text == NULL) {
        fputs("cretula-verify: out of memory\n", stderr);
        return EXIT_UNDECIDED;
    }
    fputs(text, stdout); /* the flush says whether all of it was written */
    free(text);
    return cret_report_flush(0);
}

int cret_verb_fail(const struct cret_options *options, const struct cret_err *err)
{
    const char *name = cret_options_program(options)->name;
    if (cret_options_given(options, "json")) {
        json_t *json = cret_record_error_json(name, err);
        struct cret_err print_err;
        char *text = NULL;
        size_t size = 0;
        if (json == NULL || cret_json_print(&text, &size, json, &print_err) != CRET_OK ||
            (cret_options_operand_count(options) > 1
                 ? cret_report_json_line(stdout, text, size, &print_err)
                 : cret_report_text(stdout, text, size, &print_err)) != CRET_OK) {
            fputs("cretula-verify: cannot write to standard output\n", stderr);
        }
        free(text);
        json_decref(json);
    }
    cret_report_error(stderr, name, err);
    return (int)err->class;
}

static int usage_failure(const struct cret_program *which, int argc, char *const *argv,
                         const struct cret_err *err)
{
    if (cret_options_wants(argc, argv, "json")) {
        json_t *json = cret_record_error_json(which->name, err);
        struct cret_err ignored;
        if (cret_report_json(stdout, json, &ignored) != CRET_OK) {
            fputs("cretula-verify: cannot write to standard output\n", stderr);
        }
        json_decref(json);
    }
    cret_report_error(stderr, which->name, err);
    return cret_report_end(err->class == CRET_ERR_UNDECIDED ? EXIT_UNDECIDED : EXIT_USAGE);
}

static int run(const struct cret_program *which, int argc, char *const *argv)
{
    struct cret_options *options = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_options_parse(&options, which, argc, argv, &err) != CRET_OK) {
        return usage_failure(which, argc, argv, &err);
    }
    struct cret_site *site = NULL;
    int code = EXIT_UNDECIDED;
    switch (cret_options_action(options)) {
    case CRET_OPTIONS_HELP:
        code = print_text(cret_options_help_text(which, cret_options_verb(options)));
        break;
    case CRET_OPTIONS_VERSION:
        code = print_text(cret_options_version_text(which));
        break;
    default:
        /* Before any verb, and for every one: what the owner of this machine has decided. */
        code = cret_site_bind(&site, options, CRET_SITE_PATH, &err) == CRET_OK
                   ? cret_options_verb(options)->run(options)
                   : cret_verb_fail(options, &err);
        code = code == 0 ? cret_report_flush(0) : code;
        break;
    }
    cret_site_free(&site);
    cret_options_free(&options);
    return cret_report_end(code);
}

int main(int argc, char **argv)
{
    /* Commands with verbs of their own. */
    static const struct {
        const char *name;
        const struct cret_program *program;
    } groups[] = {{"journal", &journal_program},
                  {"record", &record_program},
                  {"tpm", &tpm_program},
                  {"trust", &trust_program}};
    cret_os_harden();
    if (cret_terminal_begin() != CRET_OK) {
        fputs("cretula-verify: out of memory\n", stderr);
        return EXIT_UNDECIDED;
    }
    if (cret_key_memory_guard() != CRET_OK) {
        fputs(
            "cretula-verify: the cryptographic library was in use before its memory was guarded\n",
            stderr);
        return EXIT_UNDECIDED;
    }
    struct cret_err err;
    if (cret_library_begin(&err) != CRET_OK) {
        cret_report_error(stderr, program.name, &err);
        return EXIT_UNDECIDED;
    }
    for (size_t i = 0; argc > 1 && i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (strcmp(argv[1], groups[i].name) == 0) {
            return run(groups[i].program, argc - 1, argv + 1);
        }
    }
    return run(&program, argc, argv);
}
