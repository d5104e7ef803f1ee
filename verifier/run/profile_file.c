/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the profile, and whether its owner signed it. */
#include "verifier/run/profile_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "release/statements/profile_named.h"
#include "verifier/run/site.h"

/* The role whose signers may sign a profile. */
#define OWNER "owner"

static bool has_owner_role(const struct cret_policy *policy)
{
    for (size_t i = 0; policy != NULL && i < policy->scope_count; i++) {
        for (size_t k = 0; k < policy->scopes[i].role_count; k++) {
            if (strcmp(policy->scopes[i].roles[k].name, OWNER) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* One owner of any scope is enough, whatever the threshold: a profile can only ask for more than
 * the policy does. */
static enum cret_status judge(const struct cret_cms *cms, const struct cret_profile_source *source,
                              struct cret_err *err)
{
    struct cret_err why = {0};
    if (cret_policy_judge_profile(source->policy, cms, source->now, source->allow_example_keys,
                                  &why) == CRET_OK) {
        return CRET_OK;
    }
    if (why.class != CRET_ERR_REFUSED) {
        *err = why;
        return CRET_FAILED;
    }
    cret_err_usage(err, "the profile was not signed by an owner of the trust policy");
    if (why.what[0] != '\0') {
        cret_err_actual(err, "%s", why.what);
    }
    return cret_err_hint(err, "have the owner sign it: cretula-sign sign-profile");
}

/* *ret_signer stays NULL where there is no signature. */
static enum cret_status check_signature(char **ret_signer, const char *path, const char *text,
                                        size_t size, const struct cret_profile_source *source,
                                        struct cret_err *err)
{
    char *der = NULL;
    size_t der_size = 0;
    struct cret_cms *cms = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_site_read(&der, &der_size, source->options, CRET_SITE_PROFILE, ".p7s",
                       CRET_LIMIT_SIGNATURE_BYTES, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (der == NULL) {
        return CRET_OK;
    }
    if (cret_cms_parse_under(&cms, (const uint8_t *)der, der_size, source->policy->rsa_2048, err) ==
            CRET_OK &&
        cret_cms_verify(cms, (const uint8_t *)text, size, err) == CRET_OK &&
        judge(cms, source, err) == CRET_OK) {
        *ret_signer = cret_text_escape(cret_certificate_subject(cret_cms_signer(cms)));
        status = *ret_signer != NULL ? CRET_OK : cret_err_memory(err);
    }
    if (status != CRET_OK && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    cret_cms_free(&cms);
    free(der);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s.p7s", path);
}

static enum cret_status check_pin(const struct cret_profile *profile, const char *path,
                                  const uint8_t *pin, struct cret_err *err)
{
    char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
    if (pin == NULL || memcmp(pin, profile->digest, CRET_SHA256_BYTES) == 0) {
        return CRET_OK;
    }
    cret_hex_encode(expected, pin, CRET_SHA256_BYTES);
    cret_hex_encode(actual, profile->digest, CRET_SHA256_BYTES);
    cret_err_usage(err, "the profile is not the one that the site configuration pins");
    cret_err_where(err, "%s", path);
    cret_err_expected(err, "%s", expected);
    cret_err_actual(err, "%s", actual);
    return cret_err_hint(err, "restore the profile, or have root change profileSha256");
}

/* A name is of this program, and nobody signs that beside it; a path is a file of the owner's. */
static enum cret_status read_named(char **ret_text, size_t *ret_size,
                                   const struct cret_profile_named *named, struct cret_err *err)
{
    struct cret_buffer text = {0};
    cret_buffer_append(&text, named->text, named->size);
    *ret_text = cret_buffer_take(&text);
    *ret_size = named->size;
    return *ret_text != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_profile_load(struct cret_profile **ret_profile, char **ret_signer,
                                   const struct cret_profile_source *source, struct cret_err *err)
{
    struct cret_profile *profile = NULL;
    char *text = NULL, *signer = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    const char *path = cret_site_value(source->options, CRET_SITE_PROFILE);
    const struct cret_profile_named *named = cret_profile_named(path);
    if (named != NULL) {
        if (read_named(&text, &size, named, err) != CRET_OK) {
            goto out;
        }
    } else if (cret_site_read(&text, &size, source->options, CRET_SITE_PROFILE, "",
                              CRET_LIMIT_POLICY_BYTES, err) != CRET_OK) {
        cret_profile_misnamed(err, path);
        goto out;
    }
    if (cret_profile_parse(&profile, text, size, path, err) != CRET_OK ||
        check_pin(profile, path, cret_site_profile_digest(source->options), err) != CRET_OK ||
        (named == NULL && has_owner_role(source->policy) &&
         check_signature(&signer, path, text, size, source, err) != CRET_OK)) {
        goto out;
    }
    *ret_profile = profile;
    *ret_signer = signer;
    profile = NULL;
    signer = NULL;
    status = CRET_OK;
out:
    cret_profile_free(&profile);
    free(signer);
    free(text);
    return status;
}
