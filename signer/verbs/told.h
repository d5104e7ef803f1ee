/* SPDX-License-Identifier: Apache-2.0 */
/* What the reading processes of lint and of sbom complete tell, held to its form: anything else is
 * no answer. */
#ifndef CRET_SIGNER_TOLD_H
#define CRET_SIGNER_TOLD_H

#include <stdbool.h>

#include "base/system/apart.h"

/* lint: {"files": N, "renamed": [{"originalName", "path"}, ...]}, and the manifest as a file where
 * it is asked for, which is missing only where findings say why. Nothing is set unless true. */
CRET_MUST_CHECK bool cret_told_lint(size_t *ret_files, const json_t **ret_renamed,
                                    const struct cret_apart_told *told, bool with_manifest);

/* sbom complete: {"changes": [text, ...], "vulnerabilities": N, "inPlace": bool}, and as files the
 * SBOM and, where it is asked for, what was taken out of it; each is one JSON object. */
CRET_MUST_CHECK bool cret_told_completion(size_t *ret_vulnerabilities,
                                          const struct cret_apart_told *told, bool with_vex);

#endif
