/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-verify have, and that belong to no module of it; those of
 * both programs are in base/command/shared.h. */
#ifndef CRET_VERIFIER_OPTIONS_H
#define CRET_VERIFIER_OPTIONS_H

#include "base/command/shared.h"

extern const struct cret_option_group cret_person_group;      /* --name, --role */
extern const struct cret_option_group cret_installed_group;   /* --trust: replaced by the verb */
extern const struct cret_option_group cret_scope_group;       /* --product of a scope */
extern const struct cret_option_group cret_tpm_group;         /* --tpm, --tpm-verify of a run */
extern const struct cret_option_group cret_tpm_journal_group; /* --tpm of `journal` */
extern const struct cret_option_group cret_station_group;     /* --station, --journal-auth */
extern const struct cret_option_group cret_catalogue_group;   /* --catalogue */
extern const struct cret_option_group cret_index_group;       /* the same in place of archives */
extern const struct cret_option_group cret_verbose_group;     /* --verbose of a page */
extern const struct cret_option_group cret_files_group;       /* --files of a page */
extern const struct cret_option_group cret_tcti_group;        /* --tcti */
/* --config: of every verb that a site can bind. */
extern const struct cret_option_group cret_site_group;

#endif
