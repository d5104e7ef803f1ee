/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying what was just written, with the certificates that it was signed with. */
#include "signer/archive/selfcheck.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "engine/inspect.h"

/* One scope for any vendor (of an adopted release, for its own: a bare anchor does not do there),
 * one role, one pinned certificate. */
static enum cret_status fill_policy(struct cret_policy *policy, const struct cret_selfcheck *check,
                                    struct cret_err *err)
{
    size_t size = 0;
    const struct cret_certificate *certificate = check->certificate;
    const uint8_t *der = cret_certificate_der(certificate, &size);
    const bool adopted = check->manifest->adopted;
    policy->bare_anchor = !adopted;
    policy->rsa_2048 = check->package;
    cret_policy_check_defaults(policy);
    policy->name = strdup("the signer's own certificate");
    policy->scopes = calloc(1, sizeof(*policy->scopes));
    if (policy->name == NULL || policy->scopes == NULL) {
        return cret_err_memory(err);
    }
    policy->scope_count = 1;
    struct cret_policy_scope *scope = &policy->scopes[0];
    scope->products = calloc(1, sizeof(*scope->products));
    scope->signers = calloc(1, sizeof(*scope->signers));
    scope->roles = calloc(1, sizeof(*scope->roles));
    if (scope->products == NULL || scope->signers == NULL || scope->roles == NULL) {
        return cret_err_memory(err);
    }
    scope->product_count = scope->signer_count = scope->role_count = 1;
    scope->products[0] = strdup("*");
    scope->signers[0].name = strdup("signer");
    scope->roles[0].name = strdup(adopted ? "owner" : "release");
    scope->roles[0].usage = strdup(CRET_USAGE_CODE_SIGNING);
    scope->roles[0].signers = calloc(1, sizeof(*scope->roles[0].signers));
    scope->roles[0].signer_count = 1;
    scope->roles[0].threshold = 1;
    for (int meaning = 0; meaning < CRET_MEANING_COUNT; meaning++) {
        scope->roles[0].meanings[meaning] =
            check->any_meaning || meaning == CRET_MEANING_NONE || meaning == CRET_MEANING_ORIGIN;
    }
    scope->vendor = adopted ? strdup(check->manifest->vendor) : NULL;
    if (scope->products[0] == NULL || scope->signers[0].name == NULL ||
        scope->roles[0].name == NULL || scope->roles[0].usage == NULL ||
        scope->roles[0].signers == NULL || (adopted && scope->vendor == NULL)) {
        return cret_err_memory(err);
    }
    struct cret_anchor *anchor = &scope->signers[0].anchor;
    anchor->kind = CRET_ANCHOR_CERTIFICATE;
    memcpy(anchor->key_digest, cret_certificate_key_digest(certificate), CRET_SHA256_BYTES);
    return cret_certificate_from_der(&anchor->certificate, der, size, err);
}

/* What the verifier said against its own signer's work. */
static enum cret_status complain(const struct cret_findings *findings, const struct cret_err *why,
                                 struct cret_err *err)
{
    cret_err_undecided(err, "the finished archive does not verify, and was not published");
    const struct cret_finding *fault = cret_findings_first_fault(findings, 0);
    if (fault != NULL) {
        cret_err_actual(err, "%s: %s", cret_check_get(fault->check)->name, fault->reason);
        cret_err_where(err, "%s", fault->where != NULL ? fault->where : "");
    }
    if (why != NULL && why->class != CRET_ERR_NONE) {
        cret_err_actual(err, "%s", why->what);
        cret_err_where(err, "%s", why->where);
    }
    return cret_err_hint(err, "check disk and memory of this machine; if it happens again, report "
                              "it with this output");
}

static enum cret_status check_identity(const struct cret_selfcheck *check,
                                       const struct cret_manifest *manifest, struct cret_err *err)
{
    if (!check->package &&
        memcmp(manifest->identity, check->manifest->identity, CRET_SHA256_BYTES) != 0) {
        return cret_err_undecided(err, "the finished archive holds another manifest");
    }
    return CRET_OK;
}

static enum cret_status check_archive(const struct cret_selfcheck *check,
                                      const struct cret_policy *policy, struct cret_source *source,
                                      struct cret_err *err)
{
    const struct cret_inspect_request request = {
        .policy = policy,
        .now = cret_os_now(),
        .allow_example_keys = check->allow_example_keys,
        .fast = true,
        .jobs = check->jobs,
        .hash = check->hash,
        .payload_directory = check->payload_directory,
        .progress = check->progress,
        .context = check->context,
    };
    struct cret_inspection *inspection = cret_inspect(source, &request);
    if (inspection == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        inspection->verdict == CRET_VERDICT_ACCEPTED && inspection->manifest != NULL
            ? check_identity(check, inspection->manifest, err)
            : complain(inspection->findings, &inspection->error, err);
    cret_inspection_free(&inspection);
    return status;
}

/* Of a front the payload lies elsewhere: gate and manifest. */
static enum cret_status check_front(const struct cret_selfcheck *check,
                                    const struct cret_policy *policy, struct cret_source *source,
                                    struct cret_err *err)
{
    struct cret_front *front = NULL;
    struct cret_gate_result gate = {0};
    struct cret_manifest *manifest = NULL;
    const struct cret_judge_request rules = {
        .policy = policy, .now = cret_os_now(), .allow_example_keys = check->allow_example_keys};
    const struct cret_inspect_seal none = {0};
    struct cret_err why = {0};
    enum cret_status status = CRET_FAILED;
    struct cret_findings *findings = cret_findings_new();
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_front_read(&front, source, &why) == CRET_OK &&
        cret_gate(&gate, front, &rules, &none, findings, &why) == CRET_OK &&
        cret_manifest_parse(&manifest, gate.authentic, findings, &why) == CRET_OK) {
        status = check_identity(check, manifest, err);
    } else {
        complain(findings, &why, err);
    }
    cret_manifest_free(&manifest);
    cret_gate_result_free(&gate);
    cret_front_free(&front);
    cret_findings_free(&findings);
    return status;
}

enum cret_status cret_selfcheck(const struct cret_selfcheck *check, struct cret_err *err)
{
    struct cret_source *source = NULL;
    struct cret_policy *policy = calloc(1, sizeof(*policy));
    enum cret_status status = CRET_FAILED;
    if (policy == NULL) {
        return cret_err_memory(err);
    }
    if (fill_policy(policy, check, err) == CRET_OK &&
        cret_source_new(&source, check->fd, err) == CRET_OK) {
        status = check->detached && check->payload_directory < 0
                     ? check_front(check, policy, source, err)
                     : check_archive(check, policy, source, err);
    }
    cret_source_free(&source);
    cret_policy_free(&policy);
    return status;
}
