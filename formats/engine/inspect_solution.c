/* SPDX-License-Identifier: Apache-2.0 */
/* The packages of a solution (OPC 10000-100, 8.7.5): each is judged by its own signatures. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "engine/expected.h"
#include "engine/inspect_internal.h"

/* What is asked of the whole is not asked of a package in it; all that the policy asks is. */
static struct cret_inspect_request request_below(const struct cret_inspect_request *whole)
{
    return (struct cret_inspect_request){.policy = whole->policy,
                                         .now = whole->now,
                                         .allow_example_keys = whole->allow_example_keys,
                                         .profile = whole->profile,
                                         .payload_directory = -1};
}

/* What must be proved of each package by itself; its bytes are proved by the walk of the whole. */
static struct cret_required required_below(const struct cret_policy *policy)
{
    static const enum cret_check_id checks[] = {
        CRET_CHECK_SIGNATURE_FORM,   CRET_CHECK_SIGNATURE_ALGORITHM, CRET_CHECK_SIGNATURE_VALUE,
        CRET_CHECK_CERTIFICATE_PATH, CRET_CHECK_TRUST_THRESHOLD,     CRET_CHECK_TRUST_SCOPE};
    struct cret_required required = {{false}};
    cret_required_policy(&required, policy);
    for (size_t i = 0; i < CRET_LENGTH(checks); i++) {
        required.check[checks[i]] = true;
    }
    return required;
}

/* What was found of a package stands among what was found of the whole, with its folder. */
static void hand_up(struct cret_findings *findings, const struct cret_findings *below,
                    const char *folder)
{
    for (size_t i = 0; i < cret_findings_count(below); i++) {
        const struct cret_finding *one = cret_findings_at(below, i);
        char *where = cret_text_printf("%s%s%s", folder, one->where != NULL ? ": " : "",
                                       one->where != NULL ? one->where : "");
        if (where == NULL) {
            cret_findings_break(findings);
        } else if (one->result != CRET_RESULT_PASS) {
            cret_findings_add(findings, one->check, one->result,
                              (struct cret_finding_text){.where = where,
                                                         .expected = one->expected,
                                                         .actual = one->actual,
                                                         .hint = one->hint},
                              "%s", one->reason);
        }
        free(where);
    }
}

static void tell_accepted(struct cret_findings *findings, const struct cret_inspection *below,
                          const char *folder)
{
    const struct cret_manifest *manifest = below->manifest;
    struct cret_buffer signers = {0};
    char identity[CRET_SHA256_HEX];
    cret_hex_encode(identity, manifest->identity, CRET_SHA256_BYTES);
    for (size_t i = 0; i < below->gate.signature_count; i++) {
        const struct cret_signature_judgement *judgement = &below->gate.signatures[i].judgement;
        if (judgement->counted) {
            cret_buffer_printf(&signers, "%s%s", signers.size == 0 ? "" : ", ",
                               judgement->signer != NULL ? judgement->signer : "the anchor");
        }
    }
    if (signers.failed || signers.data == NULL) {
        cret_findings_break(findings);
    } else {
        cret_findings_add(findings, CRET_CHECK_PACKAGE_MANIFEST, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = folder, .actual = identity},
                          "%s %s of %s counts by its own signatures: %s", manifest->product,
                          manifest->version, manifest->vendor, signers.data);
    }
    cret_buffer_free(&signers);
}

/* CRET_OK where all steps of one package were gone. */
static enum cret_status judge(struct cret_inspect_run *run)
{
    if (cret_inspect_package_judge(run) != CRET_OK || cret_inspect_check_scope(run) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_expected_check(run->inspection->findings, run->inspection->manifest, run->request);
    for (size_t i = 0; i < run->package->absent_count; i++) {
        cret_findings_add(run->inspection->findings, CRET_CHECK_PACKAGE_MANIFEST,
                          CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = run->package->absent[i]},
                          "a signed list names this file, and it is not in the package");
    }
    return CRET_OK;
}

/* The verdict on one package; what spoke against it, or that it counts, is a finding of the whole.
 */
static enum cret_status settle(struct cret_inspect_run *run, const struct cret_inspect_run *below,
                               bool judged, const char *folder)
{
    const struct cret_required required = required_below(run->request->policy);
    const struct cret_inspection *inspection = below->inspection;
    struct cret_findings *findings = run->inspection->findings;
    struct cret_err err = {0};
    const size_t faults = cret_findings_total(findings, CRET_RESULT_FAIL);
    hand_up(findings, inspection->findings, folder);
    if (inspection->error.class != CRET_ERR_NONE ||
        cret_findings_whole(inspection->findings, &err) != CRET_OK) {
        cret_inspect_report(run,
                            inspection->error.class != CRET_ERR_NONE ? &inspection->error : &err);
        return CRET_FAILED;
    }
    if (judged && inspection->gate.authentic != NULL && inspection->manifest != NULL &&
        cret_verdict_decide(inspection->findings, &required, false) == CRET_VERDICT_ACCEPTED) {
        tell_accepted(findings, inspection, folder);
        return CRET_OK;
    }
    if (cret_findings_total(findings, CRET_RESULT_FAIL) == faults) {
        cret_err_refuse(&err, CRET_CHECK_PACKAGE_MANIFEST,
                        "a package of the solution is not accepted by its own signatures");
        cret_err_where(&err, "%s", folder);
        cret_inspect_report(run, &err);
    }
    return CRET_FAILED;
}

static enum cret_status judge_one(struct cret_inspect_run *run, size_t index)
{
    const struct cret_inspect_request request = request_below(run->request);
    const char *folder = run->package->below[index];
    struct cret_inspection inspection = {.verdict = CRET_VERDICT_REFUSED, .package = true};
    struct cret_inspect_run below = {
        .source = run->source, .request = &request, .inspection = &inspection};
    struct cret_err err = {0};
    enum cret_status status = CRET_FAILED;
    inspection.findings = cret_findings_new();
    if (inspection.findings == NULL) {
        cret_err_memory(&err);
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    if (cret_package_read_below(&run->below[index], run->package, folder,
                                cret_source_fd(run->source), &err) == CRET_OK) {
        below.package = run->below[index];
        const bool judged = judge(&below) == CRET_OK;
        status = settle(run, &below, judged, folder);
    } else {
        cret_err_context(&err, "%s", folder);
        cret_inspect_report(run, &err);
    }
    free(below.entry_of);
    cret_gate_result_free(&inspection.gate);
    cret_manifest_free(&inspection.manifest);
    cret_findings_free(&inspection.findings);
    return status;
}

enum cret_status cret_inspect_solution(struct cret_inspect_run *run)
{
    const size_t count = run->package->below_count;
    struct cret_err err = {0};
    bool good = true;
    run->below = calloc(count + 1, sizeof(*run->below));
    if (run->below == NULL) {
        cret_err_memory(&err);
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        good = judge_one(run, i) == CRET_OK && good;
    }
    if (good && count > 0) {
        cret_findings_add(run->inspection->findings, CRET_CHECK_PACKAGE_RELEASE, CRET_RESULT_WARN,
                          (struct cret_finding_text){
                              .where = CRET_PACKAGE_BELOW,
                              .hint = "check a package by itself for what is said in its files"},
                          "of the packages in it signatures, scope, floor and digests are judged; "
                          "not their SBOMs and documents, nor whether older ones are installed");
    }
    return good ? CRET_OK : CRET_FAILED;
}

enum cret_status cret_inspect_solution_match(const struct cret_inspect_run *run,
                                             struct cret_err *err)
{
    for (size_t i = 0; i < run->package->below_count; i++) {
        if (cret_package_match_below(run->below[i], run->package, err) != CRET_OK) {
            return cret_err_context(err, "%s", run->package->below[i]);
        }
    }
    return CRET_OK;
}
