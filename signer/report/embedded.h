/* SPDX-License-Identifier: Apache-2.0 */
/* What a signature carries, and who can verify it with what: the same words in every verb that
 * signs. */
#ifndef CRET_SIGNER_EMBEDDED_H
#define CRET_SIGNER_EMBEDDED_H

#include "base/page/page.h"
#include "signer/report/credentials.h"
#include "trust/cms/cms.h"
#include <jansson.h>

/*
 * Rows for people: the embedded certificates, the anchors that verify, and what of --cert and
 * --chain is not in the signature, with the reason. Where a certificate of a CA is embedded alone,
 * it says that its issuer, if that is an intermediate, must be embedded or known to verifiers.
 */
void cret_embedded_put(struct cret_page *page, const struct cret_cms *cms,
                       const struct cret_credentials *credentials);

/* {"certificates": [subject, ...], "anchor": subject, "leftOut": [subject, ...]}. New reference;
 * NULL: out of memory. */
json_t *cret_embedded_json(const struct cret_cms *cms, const struct cret_credentials *credentials);

/* A row that says what the end of the certificates means (seconds, the earliest): it ends nothing
 * where a verifier pins the signer, as everybody does who trusts a self-signed one. */
void cret_embedded_put_end(struct cret_page *page, const struct cret_certificate *signer,
                           int64_t end);

#endif
