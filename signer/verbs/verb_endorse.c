/* SPDX-License-Identifier: Apache-2.0 */
/* endorse: one more signature. */
#include <stdlib.h>

#include "base/system/os.h"
#include "keys/sign.h"
#include "signer/archive/amend.h"
#include "signer/verbs/options.h"
#include "signer/verbs/verbs.h"

static enum cret_status sign(struct cret_amend *amend, struct cret_err *err)
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
    const struct cret_front *front = amend->existing->front;
    struct cret_addition *addition = cret_amend_next(amend);
    /* What the certificates forbid is said before gigabytes are read. */
    if (cret_sign_check(&request, err) != CRET_OK ||
        cret_existing_takes(amend->existing, request.certificate,
                            cret_options_given(amend->options, "replace"), err) != CRET_OK ||
        cret_amend_verify(amend, err) != CRET_OK ||
        cret_key_sign(&addition->der, &addition->size, &request, front->manifest,
                      front->manifest_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_key_free(&amend->credentials.key); /* no private key in memory from here on */
    return cret_cms_parse(&addition->cms, addition->der, addition->size, err);
}

static enum cret_status run(struct cret_amend *amend, struct cret_err *err)
{
    if (cret_amend_begin(amend, err) != CRET_OK ||
        cret_credentials_key(&amend->credentials, amend->options, false, err) != CRET_OK ||
        cret_amend_open(amend, cret_options_operand(amend->options, 0), true, err) != CRET_OK ||
        sign(amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_amend_finish(amend, err);
}

static int act(const struct cret_options *options)
{
    struct cret_amend amend;
    struct cret_err err;
    cret_err_clear(&err);
    cret_amend_init(&amend, options, "verifying");
    const int code =
        run(&amend, &err) == CRET_OK ? cret_amend_report(&amend) : cret_verb_fail(options, &err);
    cret_amend_clear(&amend);
    return code;
}

const struct cret_verb cret_verb_endorse = {
    .name = "endorse",
    .operands = "FILE",
    .summary = "Add one more signature to an archive",
    .help = "Verifies every byte of FILE first (its signatures in themselves, both digests of "
            "every file), signs its manifest, and replaces FILE by an archive with that signature "
            "added. Identity and payload stay as they are. A key signs an archive once; --replace "
            "renews its certificate.",
    .groups =
        CRET_GROUPS(&cret_key_group, &cret_certificate_group, &cret_chain_group, &cret_secret_group,
                    &cret_meaning_group, &cret_replace_group, &cret_payload_group,
                    &cret_example_group, &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign endorse r.cretula.tar --key quality.key.pem --cert quality.cert.pem "
        "--meaning approval",
        "cretula-sign endorse r.cretula.tar --cert release.cert.pem --pin-file pin "
        "--key \"pkcs11:token=release;object=release?module-path=/usr/lib/softhsm/libsofthsm2.so\"",
        "cretula-sign endorse r.cretula.tar --key handle:0x81000011 --cert tpm.cert.pem"),
    .run = act,
};
