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
 * What there is to say of it, which may go through a process that is not believed: the embedded
 * certificates, the anchors that verify, what of --cert and --chain is not in the signature, and
 * when the first of its certificates ends (seconds). New reference; NULL: out of memory.
 */
json_t *cret_embedded_told(const struct cret_cms *cms, const struct cret_credentials *credentials,
                           int64_t end);
/* Whether it has that form; the others want it. Other members may stand beside them. */
bool cret_embedded_is(const json_t *told);

/* Rows for people, with the reason for what was left out. Where a certificate of a CA is embedded
 * alone, they say that its issuer, if that is an intermediate, must be embedded or known to
 * verifiers. */
void cret_embedded_put(struct cret_page *page, const json_t *told);
/* A row that says what the end of the certificates means: it ends nothing where a verifier pins the
 * signer, as everybody does who trusts a self-signed one. */
void cret_embedded_put_end(struct cret_page *page, const json_t *told);

/* {"certificates": [subject, ...], "anchor": subject, "leftOut": [subject, ...]}. New reference;
 * NULL: out of memory. */
json_t *cret_embedded_json(const json_t *told);

#endif
