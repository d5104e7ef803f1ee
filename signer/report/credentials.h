/* SPDX-License-Identifier: Apache-2.0 */
/* What the options --key, --cert, --chain and those for PIN and passphrase name, opened. */
#ifndef CRET_SIGNER_CREDENTIALS_H
#define CRET_SIGNER_CREDENTIALS_H

#include "base/command/options.h"
#include "keys/keystore.h"
#include "trust/cms/cms.h"

struct cret_credentials {
    struct cret_key *key;                         /* NULL where there is no --key */
    struct cret_certificate **list, **chain_list; /* --cert, --chain; NULL where not given */
    size_t count, chain_count;
    const struct cret_certificate **chain; /* intermediates of both, without roots */
    size_t intermediate_count;
};

/* --cert and --chain, where they are given. class USAGE for files that hold none. */
CRET_MUST_CHECK enum cret_status cret_credentials_certificates(struct cret_credentials *credentials,
                                                               const struct cret_options *options,
                                                               struct cret_err *err);
/* --key, with PIN or passphrase as the options say. input_is_stdin: another input is standard
 * input, so that no secret can be read there. */
CRET_MUST_CHECK enum cret_status cret_credentials_key(struct cret_credentials *credentials,
                                                      const struct cret_options *options,
                                                      bool input_is_stdin, struct cret_err *err);
void cret_credentials_clear(struct cret_credentials *credentials);

/* --meaning; NONE where it is not given. */
enum cret_meaning cret_option_meaning(const struct cret_options *options);

#endif
