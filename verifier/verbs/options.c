/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-verify have. */
#include "verifier/verbs/options.h"

static const struct cret_option person_options[] = {
    CRET_OPTION("name", "TEXT", "Your name, as declared by you."),
    CRET_OPTION("role", "TEXT", "Your role, as declared by you."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_person_group = {"Person", person_options};

static const struct cret_option installed_options[] = {
    CRET_OPTION("trust", "FILE",
                "The installed trust.json, which the new version replaces. Default: that of the "
                "site configuration."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_installed_group = {"Trust policy", installed_options};

static const struct cret_option scope_options[] = {
    CRET_OPTION(
        "product", "TEXT",
        "A product of the scope; every one, in its order. Default: the scope of all products.",
        .repeatable = true, .needs = "vendor"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_scope_group = {"Scope", scope_options};

static const struct cret_option tpm_options[] = {
    CRET_FLAG("tpm", "The TPM must hold this trust policy and the journal's head; it is extended "
                     "with this run."),
    CRET_FLAG("tpm-verify",
              "Let the TPM verify each signature once more, where it takes that kind of key."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_tpm_group = {"TPM", tpm_options};

static const struct cret_option tpm_journal_options[] = {
    CRET_FLAG("tpm", "Compare with the journal head in the TPM, and extend it."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_tpm_journal_group = {"TPM", tpm_journal_options};

static const struct cret_option station_options[] = {
    CRET_OPTION("station", "FILE", "The station.json of this TPM."),
    CRET_OPTION("journal-auth", "FILE",
                "Authorization of the journal head. Default: journal.auth beside station.json."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_station_group = {"TPM", station_options};

static const struct cret_option tcti_options[] = {
    CRET_OPTION("tcti", "TCTI", "Connection to the TPM. Default: device:/dev/tpmrm0."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_tcti_group = {"TPM", tcti_options};

static const struct cret_option site_options[] = {
    CRET_OPTION("config", "FILE",
                "Site configuration, on a machine without /etc/cretula/verify.json."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_site_group = {"Site", site_options};

static const struct cret_option catalogue_options[] = {
    CRET_OPTION("catalogue", "FILE",
                "The catalogue (made with `catalogue add`): an index, never evidence.",
                .left_free = true),
    CRET_OPTION_END,
};
/* Where it stands for archives: what would judge these has nothing to judge. */
static const struct cret_option index_options[] = {
    CRET_OPTION("catalogue", "FILE",
                "In place of archives, what this catalogue says that they were when it read them. "
                "Nothing is verified now: an index is never evidence. With --trust, what was "
                "verified under another policy is not used.",
                .left_free = true,
                .excludes = "anchor overlay crl at product vendor hardware "
                            "min-sequence also backout expect-identity profile waivers payload "
                            "jobs hash"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_index_group = {"Catalogue", index_options};
const struct cret_option_group cret_catalogue_group = {"Catalogue", catalogue_options};

static const struct cret_option verbose_options[] = {
    CRET_FLAG("verbose", "Everything, in sections, instead of one screen."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_verbose_group = {"Page", verbose_options};

static const struct cret_option files_options[] = {
    CRET_FLAG("files", "The list of files as well."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_files_group = {"Page", files_options};
