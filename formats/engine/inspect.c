/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a verification in their order, each only where the one before let it. */
#include "engine/inspect_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/waive.h"

typedef enum cret_status (*front_reader)(struct cret_front **, struct cret_source *,
                                         struct cret_err *);

static enum cret_status read_front(struct cret_inspect_run *run, front_reader reader)
{
    struct cret_err err = {0};
    if (reader(&run->inspection->front, run->source, &err) != CRET_OK) {
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    return CRET_OK;
}

static enum cret_status open_gate(struct cret_inspect_run *run)
{
    const struct cret_inspect_request *request = run->request;
    const struct cret_judge_request rules = {.policy = request->policy,
                                             .now = request->now,
                                             .allow_example_keys = request->allow_example_keys};
    struct cret_err err = {0};
    if (cret_gate(&run->inspection->gate, run->inspection->front, &rules, &request->seal,
                  run->inspection->findings, &err) == CRET_OK) {
        return CRET_OK;
    }
    /* The gate made findings of its refusals itself; a refusal without one must not get lost. */
    if (err.class != CRET_ERR_REFUSED) {
        cret_inspect_report(run, &err);
    } else if (cret_findings_tally(run->inspection->findings, err.check, CRET_RESULT_FAIL) == 0) {
        cret_inspect_report(run, &err);
    }
    return CRET_FAILED;
}

static enum cret_status parse_manifest(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    struct cret_findings *findings = run->inspection->findings;
    const size_t before = cret_findings_count(findings);
    if (cret_manifest_parse(&run->inspection->manifest, run->inspection->gate.authentic, findings,
                            &err) != CRET_OK) {
        if (err.class != CRET_ERR_REFUSED || cret_findings_count(findings) == before) {
            cret_inspect_report(run, &err);
        }
        return CRET_FAILED;
    }
    if (run->inspection->manifest->date != run->inspection->front->seconds) {
        cret_err_refuse(&err, CRET_CHECK_ARCHIVE_FRAMING,
                        "the date in the headers is not the release date of the manifest");
        cret_err_where(&err, "header of MANIFEST.json, mtime");
        cret_err_expected(&err, "%" PRId64, run->inspection->manifest->date);
        cret_err_actual(&err, "%" PRId64, run->inspection->front->seconds);
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    cret_inspect_pass(run, CRET_CHECK_MANIFEST_FORM,
                      "the manifest is strict JSON with known fields only");
    cret_inspect_pass(run, CRET_CHECK_FILE_PATHS, "every file name is portable and unique");
    cret_inspect_pass(run, CRET_CHECK_FILE_CHECKSUMS, "SHA256SUMS says what the manifest says");
    return CRET_OK;
}

static enum cret_status walk_payload(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    if (cret_inspect_walk(run, &err) != CRET_OK) {
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    cret_inspect_pass(run, CRET_CHECK_ARCHIVE_FRAMING,
                      "every header and padding byte is the canonical one");
    cret_inspect_pass(run, CRET_CHECK_ARCHIVE_LIMITS, "sizes and counts are within the limits");
    cret_inspect_pass_digests(run);
    return CRET_OK;
}

static void check_payload(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    if (cret_inspect_check_payload(run, &err) != CRET_OK) {
        cret_inspect_report(run, &err);
    }
}

/* Only where all bytes are hashed, and nobody else wants them. */
static enum cret_status hash_ahead(struct cret_inspect_run *run)
{
    const struct cret_inspect_request *request = run->request;
    struct cret_err err = {0};
    if (request->partial || request->payload_directory >= 0 || request->sink != NULL) {
        return CRET_OK;
    }
    if (cret_ahead_begin(&run->ahead, run->source, run->inspection->front, request->jobs, &err) ==
        CRET_OK) {
        return CRET_OK;
    }
    cret_inspect_report(run, &err);
    return CRET_FAILED;
}

static void run_all(struct cret_inspect_run *run)
{
    bool package = false;
    struct cret_err err = {0};
    if (cret_inspect_is_package(&package, run->source, &err) != CRET_OK) {
        cret_inspect_report(run, &err);
        return;
    }
    if (package) {
        if (cret_inspect_package(run) == CRET_OK) {
            check_payload(run);
        }
        return;
    }
    if (read_front(run, cret_front_read) != CRET_OK || hash_ahead(run) != CRET_OK ||
        open_gate(run) != CRET_OK || parse_manifest(run) != CRET_OK ||
        cret_inspect_check_scope(run) != CRET_OK) {
        return;
    }
    cret_inspect_check_manifest(run);
    if (walk_payload(run) == CRET_OK) {
        check_payload(run);
    }
}

/* Last of all, over what all checks have found. */
static void apply_waivers(struct cret_inspection *inspection,
                          const struct cret_inspect_request *request)
{
    const struct cret_manifest *manifest = inspection->manifest;
    if (request->waivers == NULL) {
        return;
    }
    if (manifest == NULL) {
        cret_waive(inspection->findings, request, NULL);
        return;
    }
    const struct cret_waive_release release = {.identity = manifest->identity,
                                               .vendor = manifest->vendor,
                                               .product = manifest->product,
                                               .sequence = manifest->sequence};
    cret_waive(inspection->findings, request, &release);
}

/* The only place where a verdict other than REFUSED comes from. */
static void conclude(struct cret_inspection *inspection, bool partial)
{
    if (inspection->error.class != CRET_ERR_NONE ||
        cret_findings_whole(inspection->findings, &inspection->error) != CRET_OK) {
        inspection->verdict = CRET_VERDICT_UNDECIDED;
        return;
    }
    inspection->verdict = cret_verdict_decide(inspection->findings, &inspection->required, partial);
}

struct cret_inspection *cret_inspect(struct cret_source *source,
                                     const struct cret_inspect_request *request)
{
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection == NULL) {
        return NULL;
    }
    cret_required_core(&inspection->required);
    cret_required_policy(&inspection->required, request->policy);
    struct cret_inspect_run run = {.source = source, .request = request, .inspection = inspection};
    run_all(&run);
    cret_ahead_free(&run.ahead);
    cret_kept_free(&run.kept);
    cret_package_free(&run.package);
    free(run.entry_of);
    free(run.sink_wanted);
    free(run.digest_wanted);
    apply_waivers(inspection, request);
    conclude(inspection, request->partial);
    return inspection;
}

struct cret_inspection *cret_inspect_foreign(struct cret_findings **findings,
                                             const struct cret_err *why)
{
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection == NULL) {
        cret_findings_free(findings);
        return NULL;
    }
    cret_findings_free(&inspection->findings);
    inspection->findings = *findings;
    *findings = NULL;
    cret_required_foreign(&inspection->required);
    inspection->error = *why;
    if (why->class != CRET_ERR_NONE) {
        cret_err_reclass(&inspection->error, CRET_ERR_UNDECIDED);
    }
    conclude(inspection, false);
    return inspection;
}

/* The form of each signature, without any judgement of trust. */
static void list_signatures(struct cret_inspection *inspection)
{
    const struct cret_front *front = inspection->front;
    struct cret_gate_result *gate = &inspection->gate;
    gate->signatures = calloc(front->signature_count + 1, sizeof(*gate->signatures));
    if (gate->signatures == NULL) {
        cret_err_memory(&inspection->error);
        return;
    }
    gate->signature_count = front->signature_count;
    for (size_t i = 0; i < front->signature_count; i++) {
        struct cret_gate_signature *signature = &gate->signatures[i];
        struct cret_err err = {0};
        memcpy(signature->name, front->signatures[i].name, sizeof(signature->name));
        if (cret_sha256(signature->digest, front->signatures[i].data, front->signatures[i].size,
                        &err) != CRET_OK) {
            inspection->error = err;
            return;
        }
        if (cret_cms_parse_under(&signature->cms, front->signatures[i].data,
                                 front->signatures[i].size, true, &err) != CRET_OK) {
            signature->cms = NULL;
            cret_findings_add_err(
                inspection->findings,
                err.class == CRET_ERR_REFUSED ? CRET_RESULT_FAIL : CRET_RESULT_NOT_CHECKED, &err);
        }
    }
}

static struct cret_inspection *inspect_unverified(struct cret_source *source, front_reader reader)
{
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection == NULL) {
        return NULL;
    }
    const struct cret_inspect_request request = {.partial = true};
    struct cret_inspect_run run = {.source = source, .request = &request, .inspection = inspection};
    bool package = false;
    struct cret_err fault = {0};
    if (cret_inspect_is_package(&package, source, &fault) != CRET_OK) {
        cret_inspect_report(&run, &fault);
    } else if (package) {
        cret_inspect_package_unverified(&run);
        cret_package_free(&run.package);
        free(run.entry_of);
    } else if (read_front(&run, reader) == CRET_OK) {
        list_signatures(inspection);
        struct cret_err err = {0};
        const size_t before = cret_findings_count(inspection->findings);
        if (cret_manifest_parse_unverified(&inspection->manifest, inspection->front->manifest,
                                           inspection->front->manifest_size, inspection->findings,
                                           &err) != CRET_OK &&
            (err.class != CRET_ERR_REFUSED ||
             cret_findings_count(inspection->findings) == before)) {
            cret_inspect_report(&run, &err);
        }
    }
    conclude(inspection, true);
    return inspection;
}

struct cret_inspection *cret_inspect_unverified(struct cret_source *source)
{
    return inspect_unverified(source, cret_front_read);
}

struct cret_inspection *cret_inspect_alone(struct cret_source *source)
{
    return inspect_unverified(source, cret_front_read_alone);
}

struct cret_inspection *cret_inspect_impossible(const struct cret_err *err)
{
    struct cret_inspection *inspection = cret_inspection_new();
    if (inspection != NULL) {
        inspection->error = *err;
        inspection->error.class = CRET_ERR_UNDECIDED;
        conclude(inspection, true);
    }
    return inspection;
}
