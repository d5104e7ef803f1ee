/* SPDX-License-Identifier: Apache-2.0 */
/* Options that several verbs of cretula-sign have. */
#include "signer/command/options.h"

#include <stdio.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "console/print.h"
#include "trust/cms/cms.h"

static const struct cret_option description_options[] = {
    CRET_OPTION("set", "PATH=VALUE",
                "Set one field of the description, for example release.version=1.2.3.",
                .repeatable = true),
    CRET_FLAG("strict-names",
              "Refuse file names that the archive cannot hold, instead of mapping them."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_description_group = {"Release description",
                                                         description_options};

static const struct cret_option archive_options[] = {
    CRET_OPTION("out", "FILE",
                "The archive to write. Default: <product>-<version>.cretula.tar in this folder."),
    CRET_FLAG("no-signing-time",
              "Leave the signer's own time out of the signature, which nobody confirms anyway: "
              "with RSA, Ed25519 or ML-DSA keys two runs then give the same bytes."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_archive_group = {"Archive", archive_options};

static const struct cret_option release_options[] = {
    CRET_OPTION("previous", "OLD",
                "The archive of the last release: the sequence must rise, and a document that "
                "changed must have another version."),
    CRET_FLAG("detached", "Write manifest and signature only; the payload stays where it is."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_release_group = {"Archive", release_options};

static const struct cret_option force_options[] = {
    CRET_FLAG("force", "Replace whatever lies at the output. Without it only an archive of the "
                       "same content is replaced, and no signature by another key is lost."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_force_group = {"Archive", force_options};

static const struct cret_option key_options[] = {
    CRET_OPTION(
        "key", "URI",
        "The private key: a PEM file (PKCS#8, encrypted or not; TSS2 PRIVATE KEY of a TPM), "
        "pkcs11:token=LABEL;object=LABEL?module-path=FILE (RFC 7512), or handle:0x81... of a "
        "persistent TPM key (with ?pass where it has an authorization value).",
        .required = true),
    CRET_OPTION_END,
};
const struct cret_option_group cret_key_group = {"Key", key_options};

static const struct cret_option chain_options[] = {
    CRET_OPTION("chain", "PEM",
                "Intermediate certificates, from the signer's issuer upwards, without the root.",
                .needs = "cert"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_chain_group = {"Certificate", chain_options};

static const struct cret_option meaning_options[] = {
    CRET_OPTION("meaning", "MEANING",
                "What the signer says by signing: origin (this comes from us), approval (we have "
                "approved it), receipt (we have received it). Default: nothing is said.",
                .choices = cret_meaning_names + CRET_MEANING_ORIGIN, .needs = "key tbs raw"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_meaning_group = {"Signature", meaning_options};

static const struct cret_option replace_options[] = {
    CRET_FLAG("replace", "Put the new signature in the place of the one by the same key, and of "
                         "its timestamp: for a certificate that was renewed."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_replace_group = {"Signature", replace_options};

static const char *const formats[] = {"text", "json", "sarif", NULL};
static const struct cret_option format_options[] = {
    CRET_OPTION("format", "FORMAT", "Form of the findings.", .choices = formats,
                .excludes = "json"),
    CRET_OPTION_END,
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
        cret_print_note(options, "%s", cret_hash_warning(engine.id));
        choice = CRET_HASH_OPENSSL;
    }
    *ret_hash = choice;
    return CRET_OK;
}
