/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of OpenSSL's path validation as findings of ours: a table.
 * Internal to trust/. */
#ifndef CRET_TRUST_CHAIN_ERRORS_H
#define CRET_TRUST_CHAIN_ERRORS_H

#include "base/finding/check.h"

struct cret_chain_error {
    int code; /* X509_V_ERR_... */
    enum cret_check_id check;
    const char *what; /* goes on after "the certificate of SUBJECT" */
    const char *hint;
};

/* What can be done about a path that does not lead to the anchor, and about a certificate that does
 * not follow its standard. */
extern const char cret_chain_other_anchor[], cret_chain_ask_issuer[];

/* NULL: an error that has no words of its own, and is certificate.path. */
const struct cret_chain_error *cret_chain_error(int code);

#endif
