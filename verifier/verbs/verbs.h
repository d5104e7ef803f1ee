/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-verify, one file each. Each returns the exit code. */
#ifndef CRET_VERIFIER_VERBS_H
#define CRET_VERIFIER_VERBS_H

#include "base/command/options.h"

int cret_verb_check(const struct cret_options *options);
int cret_verb_extract(const struct cret_options *options);
int cret_verb_show(const struct cret_options *options);
int cret_verb_explain(const struct cret_options *options);
int cret_verb_advisories(const struct cret_options *options);

int cret_verb_trust_init(const struct cret_options *options);
int cret_verb_trust_add_signer(const struct cret_options *options);
int cret_verb_trust_remove_signer(const struct cret_options *options);
int cret_verb_trust_set(const struct cret_options *options);
int cret_verb_trust_sign(const struct cret_options *options);
int cret_verb_trust_update(const struct cret_options *options);
int cret_verb_trust_show(const struct cret_options *options);
int cret_verb_trust_lint(const struct cret_options *options);

/* Option tables that only one verb has. */
extern const struct cret_option_group cret_extract_group;
extern const struct cret_option_group cret_show_group;
extern const struct cret_option_group cret_advisories_group;
extern const struct cret_option_group cret_trust_init_group;
extern const struct cret_option_group cret_trust_add_signer_group;
extern const struct cret_option_group cret_trust_remove_signer_group;
extern const struct cret_option_group cret_trust_set_group;
extern const struct cret_option_group cret_trust_sign_group;
extern const struct cret_option_group cret_trust_update_group;
extern const struct cret_option_group cret_trust_read_group;

/* Says what went wrong (stderr, or JSON on stdout with --json) and gives the exit code. */
int cret_verb_fail(const struct cret_options *options, const struct cret_err *err);

#endif
