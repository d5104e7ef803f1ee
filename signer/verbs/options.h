/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-sign with their option tables; one verb_*.c each. */
#ifndef CRET_SIGNER_OPTIONS_H
#define CRET_SIGNER_OPTIONS_H

#include "base/command/options.h"

extern const struct cret_program cret_sign_program;

/* Each returns the exit code. */
int cret_verb_adopt(const struct cret_options *options);
int cret_verb_attach(const struct cret_options *options);
int cret_verb_prepare(const struct cret_options *options);
int cret_verb_endorse(const struct cret_options *options);
int cret_verb_init(const struct cret_options *options);
int cret_verb_keygen(const struct cret_options *options);
int cret_verb_lint(const struct cret_options *options);
int cret_verb_pack(const struct cret_options *options);
int cret_verb_sign_profile(const struct cret_options *options);
int cret_verb_timestamp(const struct cret_options *options);
int cret_verb_trust_order(const struct cret_options *options);
int cret_verb_waive(const struct cret_options *options);

/* --jobs, or one for each processor. */
CRET_MUST_CHECK enum cret_status
cret_option_jobs(unsigned *ret_jobs, const struct cret_options *options, struct cret_err *err);
#endif
