/* SPDX-License-Identifier: Apache-2.0 */
/* `cretula-sign sbom ...`: verbs of their own. */
#ifndef CRET_SIGNER_VERB_SBOM_H
#define CRET_SIGNER_VERB_SBOM_H

#include "base/command/options.h"

extern const struct cret_program cret_sign_sbom_program;

int cret_verb_sbom_check(const struct cret_options *options);
int cret_verb_sbom_complete(const struct cret_options *options);

#endif
