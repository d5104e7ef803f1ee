/* SPDX-License-Identifier: Apache-2.0 */
/* What pack says of the archive that it made. */
#ifndef CRET_SIGNER_SUMMARY_H
#define CRET_SIGNER_SUMMARY_H

#include <stdio.h>

#include "signer/release/publish.h"
#include "signer/report/credentials.h"

struct cret_summary {
    const struct cret_publication *publication;
    const struct cret_description *description;
    const struct cret_findings *findings;
    const struct cret_certificate *certificate;
    const struct cret_certificate *const *chain;
    size_t chain_count;
    const struct cret_credentials *credentials; /* what was given */
    bool detached;
};

/* For people: identity, files, renamed ones, signer, until when it can be verified, what next. */
void cret_summary_print(FILE *stream, const struct cret_summary *summary);

/* The same for pipelines ("pack/1"). New reference; NULL: out of memory. */
json_t *cret_summary_json(const struct cret_summary *summary);

#endif
