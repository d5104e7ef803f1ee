/* SPDX-License-Identifier: Apache-2.0 */
/* The packages of a solution (OPC 10000-100, 8.7.5): each is judged by its own signatures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
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

static void tell_accepted(struct cret_findings *findings, const struct cret_inspect_below *below,
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

/* What the tool could not do with the package, as the run's error. */
static enum cret_status check_done(struct cret_inspect_run *run,
                                   const struct cret_inspection *inspection, const char *folder)
{
    struct cret_err err = inspection->error;
    if (err.class == CRET_ERR_NONE && cret_findings_whole(inspection->findings, &err) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_context(&err, "%s", folder);
    cret_inspect_report(run, &err);
    return CRET_FAILED;
}

/* The verdict on one package but for its bytes; what spoke against it is a finding of the whole. */
static enum cret_status settle(struct cret_inspect_run *run,
                               const struct cret_inspection *inspection, bool judged,
                               const char *folder)
{
    const struct cret_required required = required_below(run->request->policy);
    hand_up(run->inspection->findings, inspection->findings, folder);
    if (check_done(run, inspection, folder) != CRET_OK) {
        return CRET_FAILED;
    }
    if (judged && inspection->gate.authentic != NULL && inspection->manifest != NULL &&
        cret_verdict_decide(inspection->findings, &required, false) == CRET_VERDICT_ACCEPTED) {
        run->inspection->product_bound =
            run->inspection->product_bound && inspection->product_bound;
        return CRET_OK;
    }
    return CRET_FAILED;
}

/* Says in which package a fault lies. */
static void put_folder(struct cret_err *err, const char *folder)
{
    char where[sizeof(err->where)];
    snprintf(where, sizeof(where), "%s", err->where);
    if (err->class == CRET_ERR_REFUSED) {
        cret_err_where(err, "%s%s%s", folder, where[0] != '\0' ? ": " : "", where);
    } else {
        cret_err_context(err, "%s", folder);
    }
}

/* Beside what speaks against it: no waiver of that makes the package count. */
static void refuse_one(struct cret_inspect_run *run, const char *folder)
{
    struct cret_err err = {0};
    cret_err_refuse(&err, CRET_CHECK_PACKAGE_MANIFEST,
                    "a package of the solution is not accepted by its own signatures");
    cret_err_where(&err, "%s", folder);
    cret_err_hint(&err,
                  "see what speaks against this package; check it by itself where a waiver is "
                  "to hold for it: waivers do not reach packages in a solution");
    cret_inspect_report(run, &err);
}

static enum cret_status judge_one(struct cret_inspect_run *run, size_t index)
{
    const struct cret_inspect_request request = request_below(run->request);
    const char *folder = run->package->below[index];
    struct cret_inspect_below *kept = &run->below[index];
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
    if (cret_package_read_below(&kept->package, run->package, folder, cret_source_fd(run->source),
                                &err) == CRET_OK) {
        below.package = kept->package;
        const bool judged = cret_inspect_package_steps(&below) == CRET_OK;
        status = settle(run, &inspection, judged, folder);
    } else {
        put_folder(&err, folder);
        cret_inspect_report(run, &err);
    }
    if (status != CRET_OK && run->inspection->error.class == CRET_ERR_NONE) {
        refuse_one(run, folder);
    }
    kept->gate = inspection.gate;
    kept->manifest = inspection.manifest;
    kept->entry_of = below.entry_of;
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
        cret_findings_add(
            run->inspection->findings, CRET_CHECK_PACKAGE_RELEASE, CRET_RESULT_WARN,
            (struct cret_finding_text){
                .where = CRET_PACKAGE_BELOW,
                .hint = "check a package by itself for what is said in its files"},
            "of the packages in it signatures, scope, floor, digests and manifests are judged; "
            "not what their SBOMs, attestations, advisories and documents say, nor "
            "whether newer ones are installed");
    }
    return good ? CRET_OK : CRET_FAILED;
}

enum cret_status cret_inspect_solution_match(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    for (size_t i = 0; i < run->package->below_count; i++) {
        const struct cret_inspect_below *one = &run->below[i];
        const char *folder = run->package->below[i];
        if (cret_package_match_below(one->package, run->package, &err) != CRET_OK ||
            cret_inspect_package_settle(one->package, one->manifest, one->entry_of, &err) !=
                CRET_OK) {
            put_folder(&err, folder);
            cret_inspect_report(run, &err);
            if (err.class == CRET_ERR_REFUSED) {
                refuse_one(run, folder);
            }
            return CRET_FAILED;
        }
        tell_accepted(run->inspection->findings, one, folder);
    }
    return CRET_OK;
}

void cret_inspect_solution_free(struct cret_inspect_run *run)
{
    for (size_t i = 0; run->below != NULL && i < run->package->below_count; i++) {
        struct cret_inspect_below *one = &run->below[i];
        cret_package_free(&one->package);
        cret_gate_result_free(&one->gate);
        cret_manifest_free(&one->manifest);
        free(one->entry_of);
    }
    free(run->below);
    run->below = NULL;
}
