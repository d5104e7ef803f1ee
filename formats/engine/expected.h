/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a release is the one that operator and policy expect. */
#ifndef CRET_ENGINE_EXPECTED_H
#define CRET_ENGINE_EXPECTED_H

#include "engine/request.h"

/* Where the release says what it is, for findings. */
struct cret_expected_places {
    const char *identity, *scope, *product, *hardware, *sequence;
};

/* policy.review, release.identity, release.product, release.hardware, release.sequence,
 * document.also: findings, one PASS for each that is asked for and met. */
void cret_expected_check(struct cret_findings *findings, const struct cret_manifest *manifest,
                         const struct cret_expected_places *places,
                         const struct cret_inspect_request *request);
/* policy.review alone: a WARN where the trust policy was due for review. */
void cret_expected_review(struct cret_findings *findings,
                          const struct cret_inspect_request *request);

#endif
