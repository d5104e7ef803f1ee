/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as SARIF 2.1.0 (OASIS), for merge requests. */
#ifndef CRET_SIGNER_SARIF_H
#define CRET_SIGNER_SARIF_H

#include <jansson.h>

#include "signer/description/description.h"

/* One run with one result per finding that is not PASS. New reference; NULL
 * when memory is exhausted. */
json_t *cret_sarif(const struct cret_description *description, const struct cret_findings *findings,
                   const char *artifact);

#endif
