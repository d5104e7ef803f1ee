/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on what an authenticated manifest says, against policy and the operator's expectations. */
#ifndef CRET_ENGINE_CONTENT_H
#define CRET_ENGINE_CONTENT_H

#include "engine/inspect.h"

/* policy.review, release.identity, release.product, release.hardware, release.sequence: each adds
 * a finding where the policy or the operator asked something; severities are the policy's. */
void cret_content_check_release(struct cret_findings *findings,
                                const struct cret_manifest *manifest,
                                const struct cret_inspect_request *request);

/*
 * sbom.form and sbom.binding over the SBOM's bytes (their digest matched), with the policy's
 * severities. digests_claimed: some SHA-256 was not recomputed (--fast), so that a binding that
 * holds is NOT_CHECKED instead of PASS. CRET_FAILED only where the tool could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_content_check_sbom(struct cret_findings *findings,
                                                         const struct cret_manifest *manifest,
                                                         const struct cret_policy *policy,
                                                         const char *text, size_t size,
                                                         bool digests_claimed,
                                                         struct cret_err *err);
#endif
