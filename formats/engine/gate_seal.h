/* SPDX-License-Identifier: Apache-2.0 */
/* The seal over an archive's signatures. Internal to engine/. */
#ifndef CRET_ENGINE_GATE_SEAL_H
#define CRET_ENGINE_GATE_SEAL_H

#include "engine/gate.h"

/*
 * Sets `sealed` of each signature of the result that was found good and that the seal is over,
 * together with the manifest. Nothing is done where there is no seal. What does not hold is a
 * finding: it is over none of them, its timestamps prove nothing now, or it was dated with the key
 * that made a signature. class REFUSED (seal.*), UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status
cret_gate_seal(struct cret_gate_result *result, const struct cret_front *front,
               const struct cret_judge_request *rules, const struct cret_inspect_seal *seal,
               struct cret_findings *findings, struct cret_err *err);

#endif
