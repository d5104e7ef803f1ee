/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-sign have. */
#include "signer/verbs/options.h"

#include <stdio.h>

#include "base/finding/limits.h"
#include "base/system/os.h"

static const struct cret_option description_options[] = {
    {.name = "set",
     .argument = "PATH=VALUE",
     .repeatable = true,
     .help = "Set one field of the description, for example release.version=1.2.3."},
    {.name = "strict-names",
     .help = "Refuse file names that the archive cannot hold, instead of mapping them."},
    {.name = NULL},
};
const struct cret_option_group cret_description_group = {"Release description",
                                                         description_options};

static const struct cret_option archive_options[] = {
    {.name = "out",
     .argument = "FILE",
     .help = "The archive to write. Default: <product>-<version>.cretula.tar in this folder."},
    {.name = "no-signing-time",
     .help = "Leave the signer's own time out of the signature, which nobody confirms anyway: with "
             "RSA, Ed25519 or ML-DSA keys two runs then give the same bytes."},
    {.name = NULL},
};
const struct cret_option_group cret_archive_group = {"Archive", archive_options};

static const struct cret_option release_options[] = {
    {.name = "previous",
     .argument = "OLD",
     .help = "The archive of the last release: the sequence must rise, and a document that changed "
             "must have another version."},
    {.name = "detached",
     .help = "Write manifest and signature only; the payload stays where it is."},
    {.name = NULL},
};
const struct cret_option_group cret_release_group = {"Archive", release_options};

static const struct cret_option force_options[] = {
    {.name = "force",
     .help =
         "Replace whatever lies at the output. Without it only an archive of the same content is "
         "replaced, and no signature by another key is lost."},
    {.name = NULL},
};
const struct cret_option_group cret_force_group = {"Archive", force_options};

static const struct cret_option key_options[] = {
    {.name = "key",
     .argument = "URI",
     .required = true,
     .help = "The private key: a PEM file (PKCS#8, encrypted or not; TSS2 PRIVATE KEY of a TPM), "
             "pkcs11:token=LABEL;object=LABEL?module-path=FILE (RFC 7512), or handle:0x81... of a "
             "persistent TPM key (with ?pass where it has an authorization value)."},
    {.name = NULL},
};
const struct cret_option_group cret_key_group = {"Key", key_options};

static const struct cret_option chain_options[] = {
    {.name = "chain",
     .argument = "PEM",
     .needs = "cert",
     .help = "Intermediate certificates, from the signer's issuer upwards, without the root."},
    {.name = NULL},
};
const struct cret_option_group cret_chain_group = {"Certificate", chain_options};

static const char *const meanings[] = {"origin", "approval", "receipt", NULL};
static const struct cret_option meaning_options[] = {
    {.name = "meaning",
     .argument = "MEANING",
     .choices = meanings,
     .needs = "key tbs raw",
     .help = "What the signer says by signing: origin (this comes from us), approval (we have "
             "approved it), receipt (we have received it). Default: nothing is said."},
    {.name = NULL},
};
const struct cret_option_group cret_meaning_group = {"Signature", meaning_options};

static const struct cret_option replace_options[] = {
    {.name = "replace",
     .help =
         "Put the new signature in the place of the one by the same key, and of its timestamp: for "
         "a certificate that was renewed."},
    {.name = NULL},
};
const struct cret_option_group cret_replace_group = {"Signature", replace_options};

static const char *const formats[] = {"text", "json", "sarif", NULL};
static const struct cret_option format_options[] = {
    {.name = "format",
     .argument = "FORMAT",
     .choices = formats,
     .excludes = "json",
     .help = "Form of the findings."},
    {.name = NULL},
};
const struct cret_option_group cret_format_group = {"Output", format_options};

enum cret_status cret_option_jobs(unsigned *ret_jobs, const struct cret_options *options,
                                  struct cret_err *err)
{
    int64_t number = 0;
    const unsigned cores = cret_os_cores();
    if (cret_options_number(&number, options, "jobs", 1, CRET_LIMIT_JOBS,
                            cores < CRET_LIMIT_JOBS ? cores : CRET_LIMIT_JOBS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_jobs = (unsigned)number;
    return CRET_OK;
}

enum cret_status cret_option_hash(enum cret_hash_choice *ret_hash,
                                  const struct cret_options *options, struct cret_err *err)
{
    enum cret_hash_choice choice = cret_hash_choice_of(cret_options_value(options, "hash"));
    struct cret_hash_engine engine;
    if (cret_hash_engine_choose(&engine, choice, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_hash_warning(engine.id) != NULL) {
        fprintf(stderr, "%s: %s\n", cret_options_program(options)->name,
                cret_hash_warning(engine.id));
        choice = CRET_HASH_OPENSSL;
    }
    *ret_hash = choice;
    return CRET_OK;
}
