/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-sign: a verb is a file, verb_*.c, and one row here. */
#ifndef CRET_SIGNER_VERBS_H
#define CRET_SIGNER_VERBS_H

#include "base/command/options.h"

extern const struct cret_program cret_sign_program;

/* In the order of the help. */
#define CRET_SIGN_VERBS(VERB)                                                                      \
    VERB(init)                                                                                     \
    VERB(keygen)                                                                                   \
    VERB(lint)                                                                                     \
    VERB(pack)                                                                                     \
    VERB(prepare)                                                                                  \
    VERB(attach)                                                                                   \
    VERB(endorse)                                                                                  \
    VERB(adopt)                                                                                    \
    VERB(sign_profile)                                                                             \
    VERB(timestamp)                                                                                \
    VERB(trust_order)                                                                              \
    VERB(waive)                                                                                    \
    VERB(export)                                                                                   \
    VERB(sbom)

/* Of `sbom`. */
#define CRET_SIGN_SBOM_VERBS(VERB)                                                                 \
    VERB(sbom_check)                                                                               \
    VERB(sbom_complete)

/* Of `export`. */
#define CRET_SIGN_EXPORT_VERBS(VERB) VERB(export_uadipkg)

CRET_SIGN_VERBS(CRET_VERB_DECLARE)
CRET_SIGN_EXPORT_VERBS(CRET_VERB_DECLARE)
CRET_SIGN_SBOM_VERBS(CRET_VERB_DECLARE)

#endif
