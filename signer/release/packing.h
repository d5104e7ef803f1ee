/* SPDX-License-Identifier: Apache-2.0 */
/* What pack and adopt share once there is a description: publishing, and telling what came of it.
 */
#ifndef CRET_SIGNER_PACKING_H
#define CRET_SIGNER_PACKING_H

#include "base/command/options.h"
#include "signer/command/options.h"
#include "signer/release/publish.h"
#include "signer/report/credentials.h"
#include "signer/report/report.h"

/* What stands for a file where a description is made of options. */
#define CRET_PACKING_OPTIONS "(the options)"

/* One run: what the options name, opened. */
struct cret_packing {
    const struct cret_options *options;
    struct cret_description *description;
    const struct cret_adopt_foreign *foreign; /* adopt: what is asked of the vendor's signature */
    char *proved; /* adopt: what that proves, found by the reading process; or NULL */
    struct cret_credentials credentials;
    struct cret_findings *findings;
    struct cret_publication *publication;
    struct cret_publishing *publishing;
    struct cret_publish_request request; /* what it borrows follows */
    const char *inputs[5], *secrets[2];
    struct cret_progress progress;
};

/*
 * cret_publish_begin with the options of `pack`, whose description and certificates are there, and
 * whose key is not open yet. adopts: the operands are the files, which are described later.
 */
CRET_MUST_CHECK enum cret_status cret_packing_begin(struct cret_packing *pack, bool adopts,
                                                    struct cret_err *err);
/* cret_publish; the key and findings are there. */
CRET_MUST_CHECK enum cret_status cret_packing_publish(struct cret_packing *pack,
                                                      struct cret_err *err);
/* A verb: `work` packs; prints findings and the error, or the summary. Returns the exit code. */
int cret_packing_run(const struct cret_options *options,
                     enum cret_status (*work)(struct cret_packing *pack, struct cret_err *err));

#endif
