/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-sign have; those of both programs are in
 * base/command/shared.h. */
#ifndef CRET_SIGNER_OPTIONS_H
#define CRET_SIGNER_OPTIONS_H

#include "base/command/shared.h"
#include "base/digest/hash_engine.h"

extern const struct cret_option_group cret_description_group; /* --set, --strict-names */
extern const struct cret_option_group cret_archive_group;     /* --out, --no-signing-time */
extern const struct cret_option_group cret_release_group;     /* --previous, --detached */
extern const struct cret_option_group cret_force_group;       /* --force */
extern const struct cret_option_group cret_key_group;         /* --key */
extern const struct cret_option_group cret_chain_group;       /* --chain */
extern const struct cret_option_group cret_meaning_group;     /* --meaning */
extern const struct cret_option_group cret_replace_group;     /* --replace */
extern const struct cret_option_group cret_format_group;      /* --format */

/* --jobs, or one for each processor. */
CRET_MUST_CHECK enum cret_status
cret_option_jobs(unsigned *ret_jobs, const struct cret_options *options, struct cret_err *err);
/* --hash. Tries the engine: where the processor computes a wrong digest, says so on the standard
 * error and gives CRET_HASH_OPENSSL. class UNDECIDED where the library does. */
CRET_MUST_CHECK enum cret_status cret_option_hash(enum cret_hash_choice *ret_hash,
                                                  const struct cret_options *options,
                                                  struct cret_err *err);

#endif
