/* SPDX-License-Identifier: Apache-2.0 */
/* endorse: one more signature. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "keys/sign.h"
#include "signer/archive/amend.h"
#include "signer/archive/examine.h"
#include "signer/command/options.h"
#include "signer/verbs/endorse_package.h"
#include "signer/verbs/verbs.h"

/* Signs what the examination found; the key is gone afterwards. */
static enum cret_status sign(struct cret_amend *amend, struct cret_examination **examination,
                             uint8_t ret_identity[CRET_SHA256_BYTES], struct cret_err *err)
{
    const struct cret_sign_request request = {
        .key = amend->credentials.key,
        .certificate = amend->credentials.list[0],
        .chain = amend->credentials.chain,
        .chain_count = amend->credentials.intermediate_count,
        .meaning = cret_option_meaning(amend->options),
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = amend->work.allow_example_keys,
    };
    uint8_t *manifest = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    struct cret_addition *addition = cret_amend_next(amend);
    /* What the certificates forbid is said before gigabytes are read. */
    if (cret_sign_check(&request, err) == CRET_OK) {
        status = cret_examination_finish(examination, &manifest, &size, err);
        cret_progress_end(&amend->progress);
    }
    if (status == CRET_OK && (cret_sha256(ret_identity, manifest, size, err) != CRET_OK ||
                              cret_key_sign(&addition->der, &addition->size, &request, manifest,
                                            size, err) != CRET_OK)) {
        status = CRET_FAILED;
    }
    cret_key_free(&amend->credentials.key); /* no private key in memory from here on */
    free(manifest);
    return status;
}

struct joining {
    struct cret_amend *amend;
    const uint8_t *identity; /* of what was signed */
};

/* In the process that reads the archive once more. */
static enum cret_status join_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct joining *joining = context;
    struct cret_amend *amend = joining->amend;
    struct cret_addition *addition = &amend->additions[0];
    if (cret_existing_takes(amend->existing, amend->credentials.list[0],
                            cret_options_given(amend->options, "replace"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(amend->existing->manifest->identity, joining->identity, CRET_SHA256_BYTES) != 0) {
        return cret_err_undecided(err, "the archive changed while it was examined");
    }
    return cret_cms_parse(&addition->cms, addition->der, addition->size, err) == CRET_OK
               ? cret_amend_tell(amend, told, cret_amend_added(amend), err)
               : CRET_FAILED;
}

/* What the signature says is read once more, where there is no key any more, and must be the same.
 */
static enum cret_status join(struct cret_amend *amend, const uint8_t identity[CRET_SHA256_BYTES],
                             struct cret_err *err)
{
    struct joining joining = {amend, identity};
    const struct cret_amend_own own = {identity,
                                       {amend->additions[0].der, amend->additions[0].size}};
    return cret_amend_read(amend, join_apart, &joining, err) == CRET_OK &&
                   cret_amend_said(amend, 1, err) == CRET_OK &&
                   cret_amend_replace(amend, 1, &own, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

static enum cret_status run(struct cret_amend *amend, struct cret_err *err)
{
    const struct cret_options *options = amend->options;
    struct cret_examination *examination = NULL;
    uint8_t identity[CRET_SHA256_BYTES] = {0};
    enum cret_status status = CRET_FAILED;
    if (cret_amend_begin(amend, err) != CRET_OK ||
        cret_existing_lock(&amend->existing, cret_options_operand(options, 0), err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_examination_job job = {
        .existing = amend->existing,
        .work = &amend->work,
        .signer = amend->credentials.list[0],
        .allow_unconfined = cret_options_given(options, "allow-unconfined"),
        .replace = cret_options_given(options, "replace"),
    };
    if (cret_examination_start(&examination, &job, err) == CRET_OK &&
        cret_credentials_key(&amend->credentials, options, false, err) == CRET_OK &&
        sign(amend, &examination, identity, err) == CRET_OK) {
        status = join(amend, identity, err);
    }
    cret_examination_free(&examination);
    return status;
}

static int act(const struct cret_options *options)
{
    struct cret_amend amend;
    if (cret_package_at(cret_options_operand(options, 0))) {
        return cret_endorse_package(options);
    }
    cret_amend_init(&amend, options, "verifying");
    return cret_amend_run(&amend, run);
}

const struct cret_verb cret_verb_endorse = {
    .name = "endorse",
    .operands = "FILE",
    .summary = "Add one more signature to an archive",
    .help =
        "Verifies every byte of FILE first (its signatures in themselves, both digests of "
        "every file), signs its manifest, and replaces FILE by an archive with that signature "
        "added. Identity and payload stay as they are. A key signs an archive once; --replace "
        "renews its certificate. Of an OPC UA package (.uadipkg) it is the approval of a machine "
        "builder or plant: a list and a signature of one's own, over all of it and over who "
        "signed before; meaning approval unless said otherwise.",
    .groups = CRET_GROUPS(&cret_key_group, &cret_certificate_group, &cret_chain_group,
                          &cret_secret_group, &cret_meaning_group, &cret_replace_group,
                          &cret_payload_group, &cret_example_group, &cret_confinement_group,
                          &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign endorse r.cretula.tar --key quality.key.pem --cert quality.cert.pem "
        "--meaning approval",
        "cretula-sign endorse RTU-7.uadipkg --key plant.key.pem --cert plant.cert.pem",
        "cretula-sign endorse r.cretula.tar --cert release.cert.pem --pin-file pin "
        "--key \"pkcs11:token=release;object=release?module-path=/usr/lib/softhsm/libsofthsm2.so\"",
        "cretula-sign endorse r.cretula.tar --key handle:0x81000011 --cert tpm.cert.pem"),
    .run = act,
};
