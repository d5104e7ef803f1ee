/* SPDX-License-Identifier: Apache-2.0 */
/* sign-profile: the owner of a site signs the profile that it asks of releases. */
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "keys/sign.h"
#include "release/statements/profile.h"
#include "signer/command/options.h"
#include "signer/report/credentials.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"

/* One run. */
struct signing {
    const struct cret_options *options;
    struct cret_credentials credentials;
    struct cret_profile *profile;
    char *text;
    size_t size;
    char *out;
    uint8_t *signature;
    size_t signature_size;
};

static enum cret_status run(struct signing *signing, struct cret_err *err)
{
    const struct cret_options *options = signing->options;
    const char *path = cret_options_operand(options, 0);
    /* A profile that verifiers would not take is not signed. */
    if (cret_file_read(&signing->text, &signing->size, path, CRET_LIMIT_POLICY_BYTES,
                       CRET_ERR_USAGE, err) != CRET_OK ||
        cret_profile_parse(&signing->profile, signing->text, signing->size, path, err) != CRET_OK ||
        cret_credentials_certificates(&signing->credentials, options, err) != CRET_OK ||
        cret_credentials_key(&signing->credentials, options, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_sign_request request = {
        .key = signing->credentials.key,
        .certificate = signing->credentials.list[0],
        .chain = signing->credentials.chain,
        .chain_count = signing->credentials.intermediate_count,
        .meaning = CRET_MEANING_APPROVAL,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
    };
    signing->out = cret_text_printf("%s.p7s", path);
    if (signing->out == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sign_check(&request, err) != CRET_OK ||
        cret_key_sign(&signing->signature, &signing->signature_size, &request,
                      (const uint8_t *)signing->text, signing->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_key_free(&signing->credentials.key); /* no private key in memory from here on */
    return cret_file_write(signing->out, signing->signature, signing->signature_size, 0644, err);
}

static int print(const struct signing *signing)
{
    const struct cret_options *options = signing->options;
    const char *subject = cret_certificate_subject(signing->credentials.list[0]);
    char digest[CRET_SHA256_HEX];
    cret_hex_encode(digest, signing->profile->digest, CRET_SHA256_BYTES);
    if (cret_options_given(options, "json")) {
        return cret_print_json(options,
                               json_pack("{s:s, s:s, s:s, s:s, s:s}", "cretula", "sign-profile/1",
                                         "signature", signing->out, "profile",
                                         signing->profile->name, "sha256", digest, "signer",
                                         subject),
                               CRET_EXIT_DONE);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "Signed the profile %s", signing->profile->name);
    cret_page_text(page, "signature", signing->out);
    cret_page_text(page, "SHA-256", digest);
    cret_page_text(page, "signer", subject);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct signing signing = {.options = options};
    struct cret_err err = {0};
    const int code =
        run(&signing, &err) == CRET_OK ? print(&signing) : cret_verb_fail(options, &err);
    cret_credentials_clear(&signing.credentials);
    cret_profile_free(&signing.profile);
    free(signing.signature);
    free(signing.text);
    free(signing.out);
    return code;
}

const struct cret_verb cret_verb_sign_profile = {
    .name = "sign-profile",
    .operands = "PROFILE",
    .summary = "Sign a profile as the owner of a site",
    .help = "Writes PROFILE.p7s beside it, with the meaning approval. Verifiers whose trust policy "
            "has an owner role take a profile with a signature beside it only where an owner made "
            "that.",
    .groups =
        CRET_GROUPS(&cret_key_group, &cret_certificate_group, &cret_chain_group, &cret_secret_group,
                    &cret_example_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign sign-profile site.json --key owner.key.pem "
                              "--cert owner.cert.pem"),
    .run = act,
};
