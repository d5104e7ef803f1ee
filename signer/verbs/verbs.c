/* SPDX-License-Identifier: Apache-2.0 */
/* cretula-sign as a table of verbs. */
#include "signer/verbs/verbs.h"

const struct cret_verb cret_verb_sbom = {
    .name = "sbom",
    .summary = "Check and complete software bills of materials",
    .verbs = CRET_VERBS(CRET_SIGN_SBOM_VERBS),
    .on_file = "check",
};

const struct cret_verb cret_verb_export = {
    .name = "export",
    .summary = "Write releases in formats of others",
    .verbs = CRET_VERBS(CRET_SIGN_EXPORT_VERBS),
};

const struct cret_program cret_sign_program = {
    .name = "cretula-sign",
    .summary = "Pack firmware and its documents into one signed archive",
    .verbs = CRET_VERBS(CRET_SIGN_VERBS),
    .footer = "Exit codes: 0 done; 1 refused, the content has faults; 2 usage, key or description "
              "error; 3 the work could not be done (reading, writing, memory).",
    .on_file = "lint",
};
