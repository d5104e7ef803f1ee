/* SPDX-License-Identifier: Apache-2.0 */
/* The packages of a solution (OPC 10000-100, 8.7.5): each is judged like one by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "engine/inspect_internal.h"

/* What is asked of the whole is not asked of a package in it; all that the policy asks is. */
static struct cret_inspect_request request_below(const struct cret_inspect_request *whole)
{
    return (struct cret_inspect_request){.policy = whole->policy,
                                         .now = whole->now,
                                         .allow_example_keys = whole->allow_example_keys,
                                         .profile = whole->profile,
                                         .hash = whole->hash,
                                         .watch = whole->watch,
                                         .payload_directory = -1};
}

/* What must be proved of each package: all that must be of one by itself. */
static struct cret_required required_below(const struct cret_policy *policy)
{
    struct cret_required required = {{false}};
    cret_required_core(&required);
    cret_required_policy(&required, policy);
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

/* The verdict on one package; what spoke against it is a finding of the whole. */
static enum cret_status settle(struct cret_inspect_run *run,
                               const struct cret_inspection *inspection, bool judged,
                               const char *folder)
{
    const struct cret_required required = required_below(run->request->policy);
    hand_up(run->inspection->findings, inspection->findings, folder);
    if (check_done(run, inspection, folder) != CRET_OK || !judged ||
        inspection->gate.authentic == NULL || inspection->manifest == NULL ||
        cret_verdict_decide(inspection->findings, &required, false) != CRET_VERDICT_ACCEPTED) {
        return CRET_FAILED;
    }
    run->inspection->product_bound = run->inspection->product_bound && inspection->product_bound;
    tell_accepted(run->inspection->findings, inspection, folder);
    cret_inspect_solution_tell(run, inspection, folder);
    return CRET_OK;
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

static enum cret_status fail(struct cret_inspect_run *run, const struct cret_err *err)
{
    cret_inspect_report(run, err);
    return CRET_FAILED;
}

/* Its bytes, which the walk of the whole has hashed, and what its files say. */
static enum cret_status judge_files(struct cret_inspect_run *below,
                                    const struct cret_package *whole, uint64_t *room)
{
    struct cret_package *package = below->package;
    struct cret_err err = {0};
    if (cret_package_match_below(package, whole, &err) != CRET_OK ||
        cret_inspect_package_settle(package, below->inspection->manifest, below->entry_of, &err) !=
            CRET_OK) {
        return fail(below, &err);
    }
    cret_inspect_package_passed(below);
    for (size_t i = 0; i < package->zip->count; i++) {
        below->packed = below->packed || package->zip->members[i].method != CRET_ZIP_STORED;
    }
    return cret_inspect_package_keep(below, room, &err) == CRET_OK &&
                   cret_inspect_check_payload(below, &err) == CRET_OK
               ? CRET_OK
               : fail(below, &err);
}

/* All that is asked of a package by itself, in the same order. */
static enum cret_status judge(struct cret_inspect_run *below, const struct cret_package *whole,
                              const char *folder, uint64_t *room)
{
    struct cret_err err = {0};
    if (cret_package_read_below(&below->package, whole, folder, cret_source_fd(below->source),
                                &err) != CRET_OK) {
        return fail(below, &err);
    }
    return cret_inspect_package_steps(below) == CRET_OK ? judge_files(below, whole, room)
                                                        : CRET_FAILED;
}

static enum cret_status judge_one(struct cret_inspect_run *run, const char *folder, uint64_t *room)
{
    const struct cret_inspect_request request = request_below(run->request);
    struct cret_err err = {0};
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection == NULL) {
        cret_err_memory(&err);
        return fail(run, &err);
    }
    struct cret_inspect_run below = {
        .source = run->source, .request = &request, .inspection = inspection};
    inspection->package = true;
    const bool judged = judge(&below, run->package, folder, room) == CRET_OK;
    const enum cret_status status = settle(run, inspection, judged, folder);
    if (status != CRET_OK && run->inspection->error.class == CRET_ERR_NONE) {
        refuse_one(run, folder);
    }
    cret_kept_free(&below.kept);
    cret_package_free(&below.package);
    free(below.entry_of);
    cret_inspection_free(&inspection);
    return status;
}

enum cret_status cret_inspect_solution(struct cret_inspect_run *run)
{
    const size_t count = run->package->below_count;
    uint64_t room = CRET_LIMIT_SOLUTION_PARSED_BYTES;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = judge_one(run, run->package->below[i], &room) == CRET_OK && good;
    }
    return good ? CRET_OK : CRET_FAILED;
}

static void list_one(struct cret_inspect_run *run, const char *folder)
{
    struct cret_err err = {0};
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection == NULL) {
        cret_err_memory(&err);
        cret_inspect_report(run, &err);
        return;
    }
    struct cret_inspect_run below = {
        .source = run->source, .request = run->request, .inspection = inspection};
    inspection->package = true;
    bool told = false;
    if (cret_package_read_below(&below.package, run->package, folder, cret_source_fd(run->source),
                                &err) != CRET_OK) {
        cret_inspect_report(&below, &err);
    } else {
        told = cret_inspect_package_claims(&below) == CRET_OK;
    }
    hand_up(run->inspection->findings, inspection->findings, folder);
    if (check_done(run, inspection, folder) == CRET_OK && told) {
        cret_inspect_solution_tell(run, inspection, folder);
    }
    cret_package_free(&below.package);
    free(below.entry_of);
    cret_inspection_free(&inspection);
}

void cret_inspect_solution_list(struct cret_inspect_run *run)
{
    for (size_t i = 0; i < run->package->below_count; i++) {
        list_one(run, run->package->below[i]);
    }
}
