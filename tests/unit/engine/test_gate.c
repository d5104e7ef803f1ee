/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: what is wrong with any one signature keeps it closed, and so does a policy that is not
 * met. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding/authentic.h"
#include "base/finding/fault.h"
#include "packed.h"

static struct pki_entity vendor, other;
static struct packed packed;
static struct cret_policy *policy;
static struct cret_findings *findings;
static struct cret_gate_result result;
static struct cret_err err;

static void setup(void)
{
    vendor = pki_leaf("Vendor", NULL);
    other = pki_leaf("Other", NULL);
    policy = packed_policy(&vendor, NULL);
    findings = cret_findings_new();
    packed_begin(&packed);
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    cret_err_clear(&err);
}

static void teardown(void)
{
    cret_gate_result_free(&result);
    packed_end(&packed);
    cret_findings_free(&findings);
    cret_policy_free(&policy);
    pki_clear(&vendor);
    pki_clear(&other);
}

TestSuite(gate, .init = setup, .fini = teardown);

/* The front as it would be read; the signatures stay in the order they were made. */
static struct cret_front front(void)
{
    return (struct cret_front){.manifest = (uint8_t *)packed.manifest,
                               .manifest_size = packed.manifest_size,
                               .seconds = packed.seconds,
                               .signatures = packed.signatures,
                               .signature_count = packed.signature_count};
}

static enum cret_status gate(void)
{
    const struct cret_front read = front();
    const struct cret_judge_request rules = {.policy = policy, .now = PKI_NOW};
    const struct cret_inspect_seal none = {0};
    return cret_gate(&result, &read, &rules, &none, findings, &err);
}

static void expect_closed(enum cret_check_id check, const char *says)
{
    cr_assert_eq(gate(), CRET_FAILED);
    cr_expect_null(result.authentic);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, check, "%s", err.what);
    cr_expect_not_null(strstr(err.what, says), "%s", err.what);
    const struct cret_finding *finding = packed_found(findings, check, CRET_RESULT_FAIL);
    cr_expect_not_null(finding, "what closes the gate is a finding");
}

Test(gate, opens_over_the_very_bytes)
{
    size_t size = 0;
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    cr_assert_eq(gate(), CRET_OK, "%s", err.what);
    cr_assert_not_null(result.authentic);
    cr_expect_arr_eq(cret_authentic_bytes(result.authentic, &size), packed.manifest,
                     packed.manifest_size);
    cr_expect_eq(size, packed.manifest_size);
    cr_expect(cret_authentic_covers(result.authentic, "ACME", "PLC", false));
    cr_expect_not(cret_authentic_covers(result.authentic, "ACME", "PLC", true));
    cr_expect_not(cret_authentic_covers(result.authentic, "ACME", "HMI", false));
    cr_expect(result.signatures[0].judgement.counted);
    static const enum cret_check_id passed[] = {
        CRET_CHECK_SIGNATURE_FORM, CRET_CHECK_SIGNATURE_ALGORITHM, CRET_CHECK_SIGNATURE_VALUE,
        CRET_CHECK_TRUST_THRESHOLD};
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
        cr_expect_eq(cret_findings_tally(findings, passed[i], CRET_RESULT_PASS), 1);
    }
}

Test(gate, lesson_3_no_signature_no_way)
{
    expect_closed(CRET_CHECK_SIGNATURE_FORM, "carries no signature");
}

Test(gate, a_signature_over_other_bytes)
{
    packed_sign_text(&packed, &vendor, CRET_MEANING_ORIGIN, "{}\n");
    expect_closed(CRET_CHECK_SIGNATURE_VALUE, "");
}

Test(gate, a_signature_that_is_none)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed.signatures[0].size--;
    expect_closed(CRET_CHECK_SIGNATURE_FORM, "");
    cr_expect_null(result.signatures[0].cms);
    cr_expect_str_eq(result.signatures[0].name, packed.signatures[0].name, "it is still named");
}

Test(gate, a_signature_under_the_name_of_another_key)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed.signatures[0].name[15] ^= 1;
    expect_closed(CRET_CHECK_SIGNATURE_FORM, "under the name of its key");
}

/* One that the policy does not ask for is held to the same. */
Test(gate, a_stranger_beside_whose_signature_is_wrong)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_sign_text(&packed, &other, CRET_MEANING_ORIGIN, "{}\n");
    expect_closed(CRET_CHECK_SIGNATURE_VALUE, "");
    char path[40];
    cret_layout_signature_path(path, packed.signatures[1].name);
    cr_expect_not_null(strstr(err.where, path), "%s", err.where);
}

Test(gate, a_stranger_beside_whose_signature_is_right)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_sign(&packed, &other, CRET_MEANING_ORIGIN);
    cr_assert_eq(gate(), CRET_OK, "%s", err.what);
    cr_expect_not(result.signatures[1].judgement.counted);
}

Test(gate, two_signatures_by_one_key)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_sign(&packed, &vendor, CRET_MEANING_NONE);
    expect_closed(CRET_CHECK_SIGNATURE_FORM, "by the same key");
}

/* All of them are named, and the first one is the error. */
Test(gate, each_fault_is_a_finding)
{
    packed_sign_text(&packed, &other, CRET_MEANING_ORIGIN, "{}\n");
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed.signatures[1].name[0] = packed.signatures[1].name[0] == '0' ? '1' : '0';
    expect_closed(CRET_CHECK_SIGNATURE_VALUE, "");
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_SIGNATURE_FORM, CRET_RESULT_FAIL), 1);
}

Test(gate, a_stranger_alone)
{
    packed_sign(&packed, &other, CRET_MEANING_ORIGIN);
    cr_assert_eq(gate(), CRET_FAILED);
    cr_expect_null(result.authentic);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_gt(cret_findings_tally(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL), 0);
}

/* Weak keys: by the policy's word only, in both halves of the gate. */
Test(gate, rsa_2048_where_the_policy_names_it)
{
    struct pki_entity weak = pki_make(
        (struct pki_spec){.name = "Weak", .algorithm = "RSA-2048", .extensions = {PKI_LEAF}});
    packed_sign(&packed, &weak, CRET_MEANING_ORIGIN);
    expect_closed(CRET_CHECK_SIGNATURE_ALGORITHM, "3072");
    cret_gate_result_free(&result);
    cret_policy_free(&policy);
    policy = packed_policy(&weak, "{\"algorithms\": [\"rsa-2048\"]}");
    cr_expect_eq(gate(), CRET_OK, "%s", err.what);
    pki_clear(&weak);
}

/* lesson 28: a "no" of a process that could not find out is none. */
Test(gate, after_a_fault_nothing_is_refused)
{
    packed_sign_text(&packed, &vendor, CRET_MEANING_ORIGIN, "{}\n");
    cret_fault_note("a test denied it");
    cr_assert_eq(gate(), CRET_FAILED);
    cr_expect_null(result.authentic);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_null(result.signatures[0].judgement.role, "nobody was counted");
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_TRUST_THRESHOLD, CRET_RESULT_FAIL), 0);
    cr_expect_eq(cret_findings_count(findings), 0, "what could not be found out is no finding");
}

Test(gate, after_a_fault_nobody_is_counted)
{
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_sign_text(&packed, &other, CRET_MEANING_ORIGIN, "{}\n");
    cret_fault_note("a test denied it");
    cr_assert_eq(gate(), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_null(result.signatures[0].judgement.role,
                   "whoever signed well is not counted either");
}

/* ---- the first half, for whoever adds a signature ---- */

static enum cret_status examine(void)
{
    const struct cret_front read = front();
    return cret_gate_examine(&result, &read, findings, &err);
}

Test(gate, examined_without_a_policy)
{
    cr_expect_eq(examine(), CRET_OK, "nothing is there yet");
    cret_gate_result_free(&result);
    packed_sign(&packed, &other, CRET_MEANING_ORIGIN);
    cr_expect_eq(examine(), CRET_OK, "%s", err.what);
    cr_expect_null(result.authentic, "it opens nothing");
    cret_gate_result_free(&result);
    packed_sign_text(&packed, &vendor, CRET_MEANING_ORIGIN, "{}\n");
    cr_expect_eq(examine(), CRET_FAILED);
    cr_expect_eq(err.check, CRET_CHECK_SIGNATURE_VALUE);
}

/* A classical and a post-quantum signature: the second is checked where OpenSSL has it. */
static struct cret_front *read_hybrid(void)
{
    struct cret_source *source = NULL;
    struct cret_front *read = NULL;
    const int fd =
        open(CRET_SOURCE_DIR "/tests/vectors/pq/hybrid.cretula.tar", O_RDONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    cr_assert_eq(cret_source_new(&source, fd, &err), CRET_OK);
    cr_assert_eq(cret_front_read(&read, source, &err), CRET_OK, "%s", err.what);
    cret_source_free(&source);
    close(fd);
    return read;
}

Test(gate, an_algorithm_that_is_lacking_is_said)
{
    struct cret_front *read = read_hybrid();
    cr_assert_eq(cret_gate_examine(&result, read, findings, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(result.signature_count, 2);
    size_t unchecked = 0;
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(result.signatures[i].unchecked, !cret_cms_checkable(result.signatures[i].cms));
        unchecked += result.signatures[i].unchecked ? 1 : 0;
    }
    cr_expect_eq(
        cret_findings_tally(findings, CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_NOT_CHECKED),
        unchecked);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_PASS),
                 2 - unchecked);
    /* What its digest says is held to all the same. */
    cret_gate_result_free(&result);
    read->manifest[read->manifest_size - 1] ^= 1;
    cr_assert_eq(cret_gate_examine(&result, read, findings, &err), CRET_FAILED);
    cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_FAIL), 2);
    cret_front_free(&read);
}

/* ---- waivers ---- */

static const char text[] = "{\"cretula\": \"waivers/1\"}\n";
static struct cret_authentic *authentic;
static char *signers;

#define WAIVER_ROLES                                                                               \
    "[{\"role\": \"release\", \"signers\": [\"R\"]}, {\"role\": \"waiver\", \"signers\": "         \
    "[\"W\"]}]"

static enum cret_status gate_waivers(const struct cret_policy *rules, size_t count)
{
    const struct cret_gate_file file = {text, sizeof(text) - 1, packed.signatures, count};
    return cret_gate_waivers(&authentic, &signers, &file,
                             &(struct cret_judge_request){.policy = rules, .now = PKI_NOW}, &err);
}

static void expect_not_honoured(const struct cret_policy *rules, const char *says)
{
    cr_assert_eq(gate_waivers(rules, packed.signature_count), CRET_FAILED);
    cr_expect_null(authentic);
    cr_expect_null(signers);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_eq(err.check, CRET_CHECK_WAIVER_SIGNATURE);
    cr_expect_not_null(strstr(err.what, says), "%s", err.what);
    cr_expect_not_null(strstr(err.hint, "role waiver"), "%s", err.hint);
}

static struct cret_policy *waiver_policy(void)
{
    return packed_policy_of(&vendor, NULL, &other, WAIVER_ROLES, NULL);
}

Test(gate, waivers_signed_by_that_role)
{
    struct cret_policy *rules = waiver_policy();
    packed_sign_text(&packed, &other, CRET_MEANING_APPROVAL, text);
    cr_assert_eq(gate_waivers(rules, 1), CRET_OK, "%s", err.what);
    cr_expect_str_eq(signers, "W");
    cr_expect(cret_authentic_covers(authentic, "ACME", "PLC", false));
    cr_expect_not(cret_authentic_covers(authentic, "ACME", "HMI", false));
    free(signers);
    cret_authentic_free(&authentic);
    cret_policy_free(&rules);
}

Test(gate, waivers_that_nobody_may_give)
{
    struct cret_policy *rules = waiver_policy();
    expect_not_honoured(rules, "not signed");
    packed_sign_text(&packed, &vendor, CRET_MEANING_APPROVAL, text);
    expect_not_honoured(rules, ""); /* he releases, and waives nothing */
    packed_sign_text(&packed, &other, CRET_MEANING_APPROVAL, "{}\n");
    expect_not_honoured(rules, packed.signatures[1].name); /* over another text */
    cret_policy_free(&rules);
}

Test(gate, waivers_under_the_name_of_another_key)
{
    struct cret_policy *rules = waiver_policy();
    packed_sign_text(&packed, &other, CRET_MEANING_APPROVAL, text);
    packed.signatures[0].name[3] ^= 1;
    expect_not_honoured(rules, "under the name of its key");
    cret_policy_free(&rules);
}

Test(gate, waivers_with_a_signature_that_is_none)
{
    struct cret_policy *rules = waiver_policy();
    packed_sign_text(&packed, &other, CRET_MEANING_APPROVAL, text);
    packed.signatures[0].size--;
    expect_not_honoured(rules, packed.signatures[0].name);
    cret_policy_free(&rules);
}

Test(gate, waivers_by_an_algorithm_that_is_lacking)
{
    struct cret_policy *rules = waiver_policy();
    struct cret_front *read = read_hybrid();
    for (size_t i = 0; i < read->signature_count; i++) {
        struct cret_cms *cms = NULL;
        cr_assert_eq(cret_cms_parse(&cms, read->signatures[i].data, read->signatures[i].size, &err),
                     CRET_OK);
        cret_err_clear(&err);
        const struct cret_gate_file file = {(const char *)read->manifest, read->manifest_size,
                                            &read->signatures[i], 1};
        cr_expect_eq(
            cret_gate_waivers(&authentic, &signers, &file,
                              &(struct cret_judge_request){.policy = rules, .now = PKI_NOW}, &err),
            CRET_FAILED);
        cr_expect_eq(err.check, CRET_CHECK_WAIVER_SIGNATURE);
        cr_expect_eq(strstr(err.what, "lacks the algorithm") != NULL, !cret_cms_checkable(cms),
                     "%s", err.what);
        cret_cms_free(&cms);
    }
    cret_front_free(&read);
    cret_policy_free(&rules);
}

Test(gate, waivers_after_a_fault_are_undecided)
{
    struct cret_policy *rules = waiver_policy();
    cret_fault_note("a test denied it");
    cr_expect_eq(gate_waivers(rules, 0), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cret_policy_free(&rules);
}
