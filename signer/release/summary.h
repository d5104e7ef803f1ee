/* SPDX-License-Identifier: Apache-2.0 */
/* What pack says of the archive that it made. */
#ifndef CRET_SIGNER_SUMMARY_H
#define CRET_SIGNER_SUMMARY_H

#include "base/page/page.h"
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
    const char *certificate_path; /* of an anchor that verifies: --cert, or what stands for one */
    bool detached;
};

/* For people, one screen: files, renamed ones, signer, what is embedded and who can verify with
 * what, until when; in its last lines size, identity, and the command that checks it. */
void cret_summary_put(struct cret_page *page, const struct cret_summary *summary);

/* The same for pipelines ("pack/1"). New reference; NULL: out of memory. */
json_t *cret_summary_json(const struct cret_summary *summary);

#endif
