/* SPDX-License-Identifier: Apache-2.0 */
/* What pack and adopt share once there is a description: publishing, and telling what came of it. */
#ifndef CRET_SIGNER_PACKING_H
#define CRET_SIGNER_PACKING_H

#include "base/options.h"
#include "signer/credentials.h"
#include "signer/publish.h"

/* One run: what the options name, opened. */
struct cret_packing {
    const struct cret_options *options;
    struct cret_description *description;
    struct cret_credentials credentials;
    struct cret_findings *findings;
    struct cret_publication *publication;
};

/* cret_publish with the options of `pack`; description, credentials and findings are there. */
CRET_MUST_CHECK enum cret_status cret_packing_publish(struct cret_packing *pack,
                                                      enum cret_meaning meaning,
                                                      struct cret_err *err);
/* Prints findings and the error, or the summary. Each returns the exit code. */
int cret_packing_fail(const struct cret_packing *pack, const struct cret_err *err);
int cret_packing_succeed(const struct cret_packing *pack);
void cret_packing_clear(struct cret_packing *pack);

#endif
