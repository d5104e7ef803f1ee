/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-verify have. */
#include "verifier/verbs/options.h"

static const struct cret_option person_options[] = {
    {.name = "name", .argument = "TEXT", .help = "Your name, as declared by you."},
    {.name = "role", .argument = "TEXT", .help = "Your role, as declared by you."},
    {.name = NULL},
};
const struct cret_option_group cret_person_group = {"Person", person_options};

static const struct cret_option installed_options[] = {
    {.name = "trust",
     .argument = "FILE",
     .help = "The installed trust.json, which the new version replaces. Default: that of the site "
             "configuration."},
    {.name = NULL},
};
const struct cret_option_group cret_installed_group = {"Trust policy", installed_options};

static const struct cret_option scope_options[] = {
    {.name = "product",
     .argument = "TEXT",
     .repeatable = true,
     .needs = "vendor",
     .help =
         "A product of the scope; every one, in its order. Default: the scope of all products."},
    {.name = NULL},
};
const struct cret_option_group cret_scope_group = {"Scope", scope_options};

static const struct cret_option tpm_options[] = {
    {.name = "tpm",
     .help = "The TPM must hold this trust policy and the journal's head; it is extended with this "
             "run."},
    {.name = "tpm-verify",
     .help = "Let the TPM verify each signature once more, where it takes that kind of key."},
    {.name = NULL},
};
const struct cret_option_group cret_tpm_group = {"TPM", tpm_options};

static const struct cret_option tpm_journal_options[] = {
    {.name = "tpm", .help = "Compare with the journal head in the TPM, and extend it."},
    {.name = NULL},
};
const struct cret_option_group cret_tpm_journal_group = {"TPM", tpm_journal_options};

static const struct cret_option station_options[] = {
    {.name = "station", .argument = "FILE", .help = "The station.json of this TPM."},
    {.name = "journal-auth",
     .argument = "FILE",
     .help = "Authorization of the journal head. Default: journal.auth beside station.json."},
    {.name = NULL},
};
const struct cret_option_group cret_station_group = {"TPM", station_options};

static const struct cret_option tcti_options[] = {
    {.name = "tcti",
     .argument = "TCTI",
     .help = "Connection to the TPM. Default: device:/dev/tpmrm0."},
    {.name = NULL},
};
const struct cret_option_group cret_tcti_group = {"TPM", tcti_options};

static const struct cret_option site_options[] = {
    {.name = "config",
     .argument = "FILE",
     .help = "Site configuration, on a machine without /etc/cretula/verify.json."},
    {.name = NULL},
};
const struct cret_option_group cret_site_group = {"Site", site_options};

static const struct cret_option catalogue_options[] = {
    {.name = "catalogue",
     .left_free = true,
     .argument = "FILE",
     .help = "The catalogue (made with `catalogue add`): an index, never evidence."},
    {.name = NULL},
};
const struct cret_option_group cret_catalogue_group = {"Catalogue", catalogue_options};

static const struct cret_option verbose_options[] = {
    {.name = "verbose", .help = "Everything, in sections, instead of one screen."},
    {.name = NULL},
};
const struct cret_option_group cret_verbose_group = {"Page", verbose_options};

static const struct cret_option files_options[] = {
    {.name = "files", .help = "The list of files as well."},
    {.name = NULL},
};
const struct cret_option_group cret_files_group = {"Page", files_options};
