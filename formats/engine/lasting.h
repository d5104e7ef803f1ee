/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a release can still be verified when its update has to be available. */
#ifndef CRET_ENGINE_LASTING_H
#define CRET_ENGINE_LASTING_H

#include "engine/gate.h"
#include "engine/request.h"

/*
 * signature.lasting, of security and emergency releases: each signature that counts has a timestamp
 * that is trusted, or was pinned, or a path whose certificates outlive ten years from the release
 * date. Others list nothing.
 */
void cret_lasting_check(struct cret_findings *findings, const struct cret_gate_result *gate,
                        const struct cret_manifest *manifest,
                        const struct cret_inspect_request *request);

#endif
