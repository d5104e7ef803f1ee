/* SPDX-License-Identifier: Apache-2.0 */
/* Files of waivers with the signatures beside them, and what they do to what a child reported. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../engine/packed.h"
#include "base/finding/limits.h"
#include "base/text/json.h"
#include "scene.h"
#include "trust/asn1/oid.h"
#include "verifier/child/waiver_files.h"

static struct pki_entity vendor, board;
static struct cret_policy *policy;
static struct cret_inspect_request request;
static struct cret_waivers *waivers;
static struct cret_err err;

#define IDENTITY "0100000000000000000000000000000000000000000000000000000000000000"
#define WAIVER(check)                                                                              \
    "{\"check\": \"" check "\", \"release\": \"" IDENTITY                                          \
    "\", \"reason\": \"spare parts\", \"approver\": \"A. Prover\", \"control\": \"a firewall\", "  \
    "\"issued\": \"2025-12-01T00:00:00Z\", \"until\": \"2026-12-01T00:00:00Z\"}"
#define TEXT                                                                                       \
    "{\"cretula\": \"waivers/1\", \"waivers\": [" WAIVER("lifecycle.support") ", " WAIVER(         \
        "release.backout") ", " WAIVER("document.identity") "]}\n"
#define ROLES                                                                                      \
    "[{\"role\": \"release\", \"signers\": [\"R\"]}, {\"role\": \"waiver\", \"signers\": "         \
    "[\"W\"]}]"

static void setup(void)
{
    scene_enter();
    vendor = pki_leaf("Vendor", NULL);
    board = pki_leaf("Board", NULL);
    policy = packed_policy_of(&vendor, NULL, &board, ROLES,
                              "{\"waivable\": [\"lifecycle.support\", \"release.backout\", "
                              "\"document.identity\"]}");
    request = packed_request(policy);
    cret_err_clear(&err);
}

static void teardown(void)
{
    cret_waivers_free(&waivers);
    cret_policy_free(&policy);
    pki_clear(&vendor);
    pki_clear(&board);
    scene_leave();
}

TestSuite(waiver_files, .init = setup, .fini = teardown);

/* A signature of the text beside it, under the right name but for `end`. */
static void sign(const struct pki_entity *who, const char *base, const char *text, const char *end)
{
    struct forge forge;
    size_t size = 0;
    char hex[CRET_SHA256_HEX], name[128];
    forge_begin(&forge, who, text, NULL, 0);
    forge_commitment(&forge, cret_oid_proof_of_approval);
    uint8_t *der = forge_write(&forge, &size);
    forge_end(&forge);
    cret_hex_encode(hex, cret_certificate_key_digest(who->certificate), CRET_SHA256_BYTES);
    snprintf(name, sizeof(name), "%s.%.16s%s", base, hex, end);
    FILE *file = fopen(name, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(der, 1, size, file), size);
    fclose(file);
    free(der);
}

static enum cret_err_class read_files(const char *const *paths, size_t count)
{
    cret_waivers_free(&waivers);
    cret_err_clear(&err);
    return cret_waiver_files_read(&waivers, paths, count, &request, &err) == CRET_OK ? CRET_ERR_NONE
                                                                                     : err.class;
}

static enum cret_err_class read_one(void)
{
    return read_files(WORDS("w.json"), 1);
}

/* Read, and kept with the reason why nothing in it is honoured. */
static void expect_not_honoured(const char *says)
{
    cr_assert_eq(read_one(), CRET_ERR_NONE, "%s", err.what);
    const struct cret_waiver_file *file = &waivers->files[0];
    cr_expect_null(file->authentic);
    cr_expect_eq(file->count, 0);
    cr_expect_eq(file->fault.class, CRET_ERR_REFUSED);
    cr_expect_not_null(strstr(file->fault.what, says), "%s", file->fault.what);
    cr_expect_str_eq(file->path, "w.json");
}

Test(waiver_files, signed_by_the_role_waiver)
{
    scene_write("w.json", TEXT);
    sign(&board, "w.json", TEXT, ".p7s");
    cr_assert_eq(read_one(), CRET_ERR_NONE, "%s", err.what);
    cr_expect_eq(waivers->count, 1);
    cr_expect_eq(waivers->files[0].count, 3);
    cr_expect_str_eq(waivers->files[0].signers, "W");
    cr_expect_not_null(waivers->files[0].authentic);
    /* However the path is written. */
    char path[300];
    snprintf(path, sizeof(path), "%s/w.json", scene_folder());
    cr_expect_eq(read_files(WORDS("./w.json", path), 2), CRET_ERR_NONE, "%s", err.what);
    cr_expect_not_null(waivers->files[1].authentic);
}

Test(waiver_files, by_nobody)
{
    scene_write("w.json", TEXT);
    expect_not_honoured("not signed");
}

Test(waiver_files, by_somebody_else)
{
    scene_write("w.json", TEXT);
    sign(&vendor, "w.json", TEXT, ".p7s");
    expect_not_honoured("");
    cr_expect_eq(waivers->files[0].fault.check, CRET_CHECK_WAIVER_SIGNATURE);
}

Test(waiver_files, over_another_text)
{
    scene_write("w.json", TEXT " ");
    sign(&board, "w.json", TEXT, ".p7s");
    expect_not_honoured("its signature");
}

/* What is signed is parsed, and may be wrong; what is not is not even looked at. */
Test(waiver_files, that_say_nothing_in_form)
{
    scene_write("w.json", "{}\n");
    sign(&board, "w.json", "{}\n", ".p7s");
    expect_not_honoured("");
    cr_expect_eq(waivers->files[0].fault.check, CRET_CHECK_WAIVER_FORM);
}

Test(waiver_files, other_names_belong_to_others)
{
    static const char *const names[] = {
        "w.json.0123456789abcdef.p7",  "w.json.0123456789ABCDEF.p7s",
        "w.json.0123456789abcde.p7s",  "w.json.0123456789abcdef0.p7s",
        "w.json0123456789abcdef.p7s",  "v.json.0123456789abcdef.p7s",
        "w.json-0123456789abcdef.p7s", "w.json.0123456789abcdef.p7s.old"};
    scene_write("w.json", TEXT);
    sign(&board, "w.json", TEXT, ".p7s");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        scene_write(names[i], "not a signature");
        cr_assert_eq(read_one(), CRET_ERR_NONE, "%s: %s", names[i], err.what);
        cr_expect_not_null(waivers->files[0].authentic, "%s", names[i]);
    }
    scene_write("w.json.0123456789abcdef.p7s", "not a signature");
    expect_not_honoured("0123456789abcdef.p7s");
}

Test(waiver_files, that_cannot_be_read_end_the_run)
{
    cr_expect_eq(read_one(), CRET_ERR_USAGE, "it is not there");
    cr_expect_not_null(strstr(err.what, "--waivers"), "%s", err.what);
    cr_expect_null(waivers);
    scene_write("w.json", TEXT);
    cr_assert_eq(mkdir("w.json.0123456789abcdef.p7s", 0755), 0);
    cr_expect_eq(read_one(), CRET_ERR_UNDECIDED, "its signature is no file");
    cr_assert_eq(rmdir("w.json.0123456789abcdef.p7s"), 0);
    for (unsigned i = 0; i <= CRET_LIMIT_SIGNATURES; i++) {
        char name[64];
        snprintf(name, sizeof(name), "w.json.%016x.p7s", i);
        scene_write(name, "x");
    }
    cr_expect_eq(read_one(), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "more than"), "%s", err.what);
}

Test(waiver_files, too_many)
{
    const char *paths[CRET_LIMIT_WAIVER_FILES + 1];
    for (size_t i = 0; i < CRET_LIMIT_WAIVER_FILES + 1; i++) {
        paths[i] = "w.json";
    }
    scene_write("w.json", TEXT);
    cr_expect_eq(read_files(paths, CRET_LIMIT_WAIVER_FILES), CRET_ERR_NONE, "%s", err.what);
    cr_expect_eq(read_files(paths, CRET_LIMIT_WAIVER_FILES + 1), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "more than"), "%s", err.what);
    cr_expect_null(waivers);
}

/* ---- over an outcome ---- */

static struct cret_outcome outcome;

/* What a child said of the release that the waivers are for. */
static void begin_outcome(enum cret_check_id check, enum cret_result result)
{
    scene_write("w.json", TEXT);
    sign(&board, "w.json", TEXT, ".p7s");
    cr_assert_eq(read_one(), CRET_ERR_NONE, "%s", err.what);
    request.waivers = waivers;
    memset(&outcome, 0, sizeof(outcome));
    outcome.findings = cret_findings_new();
    outcome.has_identity = true;
    outcome.identity[0] = 1;
    outcome.document = json_pack("{s:{s:s, s:s}, s:{s:i}}", "product", "vendor", "ACME", "name",
                                 "PLC", "release", "sequence", 42);
    cret_findings_add(outcome.findings, check, result, (struct cret_finding_text){0}, "found");
}

static void end_outcome(void)
{
    cret_findings_free(&outcome.findings);
    json_decref(outcome.document);
    free(outcome.waivers);
}

Test(waiver_files, behind_each_waived_finding_stands_one)
{
    begin_outcome(CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_WAIVED);
    outcome.verdict = CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
    cret_findings_add(outcome.findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_WAIVED,
                      (struct cret_finding_text){0}, "once more");
    cret_waivers_settle(&request, &outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
    cr_assert_eq(outcome.waiver_count, 1, "one a check");
    cr_expect_eq(outcome.waivers[0].waiver->check, CRET_CHECK_LIFECYCLE_SUPPORT);
    cr_expect_eq(outcome.waivers[0].file, &waivers->files[0]);
    end_outcome();
}

/* A child that waives more than there are waivers for, or for another release, contradicts them. */
Test(waiver_files, a_child_cannot_make_one_up)
{
    static const struct {
        enum cret_check_id check;
        bool identity;
        uint8_t first;
        const char *vendor, *product;
        int sequence;
    } rows[] = {{CRET_CHECK_SBOM_BINDING, true, 1, "ACME", "PLC", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, false, 1, "ACME", "PLC", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 2, "ACME", "PLC", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 1, "Other", "PLC", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 1, "ACME", "HMI", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 1, NULL, "PLC", 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 1, "ACME", NULL, 42},
                {CRET_CHECK_LIFECYCLE_SUPPORT, true, 1, "ACME", "PLC", -1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_outcome(rows[i].check, CRET_RESULT_WAIVED);
        outcome.verdict = CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
        outcome.has_identity = rows[i].identity;
        outcome.identity[0] = rows[i].first;
        json_decref(outcome.document);
        outcome.document =
            json_pack("{s:{s:s*, s:s*}, s:{s:i}}", "product", "vendor", rows[i].vendor, "name",
                      rows[i].product, "release", "sequence", rows[i].sequence);
        cret_waivers_settle(&request, &outcome);
        cr_expect_eq(outcome.verdict, CRET_VERDICT_UNDECIDED, "%zu", i);
        cr_expect_not_null(strstr(outcome.error.what, "which no waiver covers"), "%s",
                           outcome.error.what);
        end_outcome();
    }
}

/* ---- after the journal was asked ---- */

Test(waiver_files, what_the_journal_found_is_waived_afterwards)
{
    begin_outcome(CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_ACCEPTED_WITH_WAIVERS);
    cr_expect_eq(
        cret_findings_tally(outcome.findings, CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_WAIVED), 1);
    cr_expect_eq(outcome.waiver_count, 1);
    end_outcome();
}

Test(waiver_files, a_refusal_of_before_comes_back)
{
    begin_outcome(CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    cret_findings_add(outcome.findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_FAIL,
                      (struct cret_finding_text){0}, "other bytes");
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_REFUSED);
    end_outcome();
}

Test(waiver_files, one_fault_that_stays_refuses)
{
    begin_outcome(CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    cret_findings_add(outcome.findings, CRET_CHECK_DOCUMENT_IDENTITY, CRET_RESULT_FAIL,
                      (struct cret_finding_text){0}, "other bytes");
    policy->waivable[CRET_CHECK_DOCUMENT_IDENTITY] = false;
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_REFUSED);
    end_outcome();
}

/* What the journal does not answer was waived, or not, before it was asked. */
Test(waiver_files, other_checks_are_not_waived_afterwards)
{
    begin_outcome(CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL);
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_REFUSED);
    cr_expect_eq(
        cret_findings_tally(outcome.findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL), 1);
    end_outcome();
}

Test(waiver_files, what_is_undecided_stays_so)
{
    struct cret_err gone;
    cret_err_clear(&gone);
    cret_err_undecided(&gone, "the disk is gone");
    begin_outcome(CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    cret_outcome_undecide(&outcome, &gone);
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_UNDECIDED);
    cr_expect_eq(cret_findings_total(outcome.findings, CRET_RESULT_WAIVED), 0);
    end_outcome();
    begin_outcome(CRET_CHECK_RELEASE_BACKOUT, CRET_RESULT_FAIL);
    outcome.has_identity = false;
    cret_waivers_after_journal(&request, &outcome);
    cret_outcome_conclude(&outcome);
    cr_expect_eq(outcome.verdict, CRET_VERDICT_REFUSED, "nothing was authenticated");
    end_outcome();
}
