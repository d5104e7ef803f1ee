/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on what an authenticated manifest says, against policy and the operator's expectations. */
#ifndef CRET_ENGINE_CONTENT_H
#define CRET_ENGINE_CONTENT_H

#include "engine/inspect.h"
#include "engine/kept.h"

/* policy.review, release.*, lifecycle.*, document.*, topics.answered, claims.hygiene of the
 * manifest: findings with the severities of policy and profile. */
void cret_content_check_release(struct cret_findings *findings,
                                const struct cret_manifest *manifest,
                                const struct cret_inspect_request *request);

/* Whether the text of this file is searched for claims. */
bool cret_content_scans(const struct cret_manifest *manifest, size_t entry);

/* claims.hygiene over the documents that were kept (their digests matched); others are counted as
 * not checked. */
void cret_content_check_documents(struct cret_findings *findings,
                                  const struct cret_manifest *manifest,
                                  const struct cret_inspect_request *request,
                                  const struct cret_kept *kept);

/*
 * sbom.form and sbom.binding over the SBOM's bytes (their digest matched), with the policy's
 * severities. digests_claimed: some SHA-256 was not recomputed (--fast), so that a binding that
 * holds is NOT_CHECKED instead of PASS. CRET_FAILED only where the tool could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_content_check_sbom(struct cret_findings *findings,
                                                         const struct cret_manifest *manifest,
                                                         const struct cret_inspect_request *request,
                                                         const char *text, size_t size,
                                                         bool digests_claimed,
                                                         struct cret_err *err);
#endif
