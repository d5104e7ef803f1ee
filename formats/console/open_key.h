/* SPDX-License-Identifier: Apache-2.0 */
/* The key that an option names, opened with the secret that others of cret_secret_group name. */
#ifndef CRET_CONSOLE_OPEN_KEY_H
#define CRET_CONSOLE_OPEN_KEY_H

#include "base/command/options.h"
#include "keys/keystore.h"

/* Where PIN or passphrase come from: --passphrase-fd, --passphrase-file, --pin-fd, --pin-file, a
 * prompt. class USAGE for a descriptor that nobody opened. */
CRET_MUST_CHECK enum cret_status cret_secret_named(struct cret_secret_source *ret_source,
                                                   const struct cret_options *options,
                                                   struct cret_err *err);
/* Says on standard error that others can read the file with the secret. */
void cret_secret_warn(const struct cret_options *options, const struct cret_secret_source *source);

/* cret_key_open of the value of key_option, with that warning. */
CRET_MUST_CHECK enum cret_status
cret_open_key(struct cret_key **ret_key, const struct cret_options *options, const char *key_option,
              const struct cret_certificate *certificate, struct cret_err *err);

#endif
