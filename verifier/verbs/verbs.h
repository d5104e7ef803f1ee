/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-verify: a verb is a file, verb_*.c, and one row here. */
#ifndef CRET_VERIFIER_VERBS_H
#define CRET_VERIFIER_VERBS_H

#include "base/command/options.h"

extern const struct cret_program cret_verify_program;

/* In the order of the help; then those of each group. */
#define CRET_VERIFY_VERBS(VERB)                                                                    \
    VERB(check)                                                                                    \
    VERB(extract)                                                                                  \
    VERB(show)                                                                                     \
    VERB(diff)                                                                                     \
    VERB(advisories)                                                                               \
    VERB(compare_installed)                                                                        \
    VERB(trace)                                                                                    \
    VERB(catalogue)                                                                                \
    VERB(review)                                                                                   \
    VERB(export)                                                                                   \
    VERB(explain)                                                                                  \
    VERB(self_test)                                                                                \
    VERB(trust)                                                                                    \
    VERB(site)                                                                                     \
    VERB(journal)                                                                                  \
    VERB(record)                                                                                   \
    VERB(archive)                                                                                  \
    VERB(seal)                                                                                     \
    VERB(tpm)

#define CRET_TRUST_VERBS(VERB)                                                                     \
    VERB(trust_init)                                                                               \
    VERB(trust_add_signer)                                                                         \
    VERB(trust_remove_signer)                                                                      \
    VERB(trust_add_foreign)                                                                        \
    VERB(trust_remove_foreign)                                                                     \
    VERB(trust_set)                                                                                \
    VERB(trust_show)                                                                               \
    VERB(trust_lint)                                                                               \
    VERB(trust_sign)                                                                               \
    VERB(trust_update)

#define CRET_SITE_VERBS(VERB)                                                                      \
    VERB(site_init)                                                                                \
    VERB(site_lint)

#define CRET_JOURNAL_VERBS(VERB)                                                                   \
    VERB(journal_show)                                                                             \
    VERB(journal_verify)                                                                           \
    VERB(journal_note)                                                                             \
    VERB(journal_seal)                                                                             \
    VERB(journal_close)                                                                            \
    VERB(journal_continue)

#define CRET_RECORD_VERBS(VERB)                                                                    \
    VERB(record_show)                                                                              \
    VERB(record_verify)                                                                            \
    VERB(record_export)                                                                            \
    VERB(record_replay)

#define CRET_ARCHIVE_VERBS(VERB) VERB(archive_seal)

#define CRET_SEAL_VERBS(VERB)                                                                      \
    VERB(seal_show)                                                                                \
    VERB(seal_verify)                                                                              \
    VERB(seal_renew)

#define CRET_CATALOGUE_VERBS(VERB)                                                                 \
    VERB(catalogue_add)                                                                            \
    VERB(catalogue_list)                                                                           \
    VERB(catalogue_check)                                                                          \
    VERB(catalogue_rebuild)

#define CRET_EXPORT_VERBS(VERB)                                                                    \
    VERB(export_inventory)                                                                         \
    VERB(export_checklist)                                                                         \
    VERB(export_settings)                                                                          \
    VERB(export_interfaces)                                                                        \
    VERB(export_claims)                                                                            \
    VERB(export_annex2)                                                                            \
    VERB(export_sha256sums)                                                                        \
    VERB(export_vdi2770)

#define CRET_TPM_VERBS(VERB)                                                                       \
    VERB(tpm_provision)                                                                            \
    VERB(tpm_apply)                                                                                \
    VERB(tpm_status)

CRET_VERIFY_VERBS(CRET_VERB_DECLARE)
CRET_TRUST_VERBS(CRET_VERB_DECLARE)
CRET_SITE_VERBS(CRET_VERB_DECLARE)
CRET_JOURNAL_VERBS(CRET_VERB_DECLARE)
CRET_RECORD_VERBS(CRET_VERB_DECLARE)
CRET_ARCHIVE_VERBS(CRET_VERB_DECLARE)
CRET_SEAL_VERBS(CRET_VERB_DECLARE)
CRET_CATALOGUE_VERBS(CRET_VERB_DECLARE)
CRET_EXPORT_VERBS(CRET_VERB_DECLARE)
CRET_TPM_VERBS(CRET_VERB_DECLARE)

#endif
