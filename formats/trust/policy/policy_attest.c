/* SPDX-License-Identifier: Apache-2.0 */
/* Which signers of the role provenance signed an attestation, and whether that is enough. */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/fault.h"
#include "base/text/unicode.h"
#include "trust/asn1/library.h"
#include "trust/policy/attest.h"
#include "trust/policy/policy_parts.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/cms_algorithm.h"

/* One pinned key, as the policy has it and as OpenSSL uses it. */
struct pin {
    struct cret_public_key key;
    EVP_PKEY *pkey; /* owned where `own` */
    bool own;
};

static void pin_clear(struct pin *pin)
{
    if (pin->own) {
        EVP_PKEY_free(pin->pkey);
    }
    *pin = (struct pin){.own = false};
}

/* The key of a signer's anchor; pkey NULL where this OpenSSL cannot use it. */
static enum cret_status open_pin(struct pin *ret_pin, const struct cret_anchor *anchor,
                                 struct cret_err *err)
{
    struct pin pin = {.own = false};
    if (cret_library_begin(err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (anchor->certificate != NULL) {
        pin.key = cret_certificate_parts(anchor->certificate)->key;
        pin.pkey = X509_get0_pubkey(cret_certificate_x509(anchor->certificate));
    } else {
        const unsigned char *at = anchor->key;
        if (cret_public_key_parse(&pin.key, anchor->key, anchor->key_size, "public key",
                                  CRET_CHECK_CERTIFICATE_ALGORITHM, err) != CRET_OK) {
            return CRET_FAILED;
        }
        pin.pkey = d2i_PUBKEY(NULL, &at, (long)anchor->key_size);
        pin.own = true;
    }
    if (!cret_public_key_available(&pin.key)) {
        pin_clear(&pin);
    } else if (pin.pkey == NULL) {
        return cret_err_undecided(err, "a public key of the policy cannot be loaded");
    }
    *ret_pin = pin;
    return CRET_OK;
}

/* digest NULL: the key signs the message itself. */
static enum cret_status try_once(bool *ret_valid, const struct pin *pin, const EVP_MD *digest,
                                 bool pss, const struct cret_attest_request *request,
                                 const struct cret_attest_signature *signature,
                                 struct cret_err *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL;
    enum cret_status status = CRET_FAILED;
    if (context == NULL) {
        return cret_err_memory(err);
    }
    if (!cret_library_done(EVP_DigestVerifyInit(context, &parameters, digest, NULL, pin->pkey)) ||
        (pss &&
         (!cret_library_done(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING)) ||
          !cret_library_done(
              EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST))))) {
        cret_err_undecided(err, "a signature of an attestation cannot be verified");
        goto out;
    }
    *ret_valid = cret_library_holds(EVP_DigestVerify(context, signature->value, signature->size,
                                                     (const unsigned char *)request->message,
                                                     request->size));
    status = cret_fault_noted() ? cret_err_undecided(err, "%s", cret_fault_words()) : CRET_OK;
out:
    EVP_MD_CTX_free(context);
    return status;
}

/* By one algorithm, where the policy lets it count. */
static enum cret_status try_algorithm(bool *ret_valid, const struct pin *pin, const char *name,
                                      bool pss, const struct cret_attest_request *request,
                                      const struct cret_attest_signature *signature,
                                      struct cret_err *err)
{
    const bool pure = cret_public_key_family(&pin->key) == CRET_FAMILY_PURE;
    const struct cret_digest_algorithm *digest = cret_digest_by_name(name);
    const struct cret_signature_algorithm *algorithm =
        cret_signature_algorithm_for(&pin->key, pure ? cret_digest_by_name("sha512") : digest, pss);
    char words[64];
    if (*ret_valid || algorithm == NULL) {
        return CRET_OK;
    }
    cret_signature_algorithm_name(words, sizeof(words), algorithm, &pin->key);
    if (!cret_policy_allows_algorithm(request->policy, words)) {
        return CRET_OK;
    }
    return try_once(ret_valid, pin, pure ? NULL : digest->md(), pss, request, signature, err);
}

/* Is this signature by this key? */
static enum cret_status try_key(bool *ret_valid, const struct pin *pin,
                                const struct cret_attest_request *request,
                                const struct cret_attest_signature *signature, struct cret_err *err)
{
    const struct cret_digest_algorithm *curve = cret_digest_for_curve(&pin->key);
    const bool rsa = cret_public_key_family(&pin->key) == CRET_FAMILY_RSA;
    *ret_valid = false;
    if (pin->pkey == NULL) {
        return CRET_OK;
    }
    if (try_algorithm(ret_valid, pin, curve != NULL ? curve->name : "sha256", false, request,
                      signature, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (rsa) {
        return try_algorithm(ret_valid, pin, "sha256", true, request, signature, err);
    }
    return curve != NULL ? try_algorithm(ret_valid, pin, "sha256", false, request, signature, err)
                         : CRET_OK;
}

/* "sha256:..." or the digits alone, of the SubjectPublicKeyInfo. */
static bool names_key(const struct cret_attest_signature *signature,
                      const struct cret_public_key *key)
{
    static const char prefix[] = "sha256:";
    char digest[CRET_SHA256_HEX];
    const char *id = signature->keyid != NULL ? signature->keyid : "";
    cret_hex_encode(digest, key->digest, CRET_SHA256_BYTES);
    id += strncmp(id, prefix, sizeof(prefix) - 1) == 0 ? sizeof(prefix) - 1 : 0;
    return strcmp(id, digest) == 0;
}

/* Whether one signer signed, and whether a signature only says so. */
static enum cret_status ask_signer(bool *ret_signed, bool *broken,
                                   const struct cret_policy_signer *signer,
                                   const struct cret_attest_request *request, struct cret_err *err)
{
    struct pin pin = {.own = false};
    bool found = false;
    enum cret_status status = open_pin(&pin, &signer->anchor, err);
    for (size_t i = 0; status == CRET_OK && !found && i < request->count; i++) {
        status = try_key(&found, &pin, request, &request->signatures[i], err);
        *broken =
            *broken || (!found && pin.pkey != NULL && names_key(&request->signatures[i], &pin.key));
    }
    pin_clear(&pin);
    *ret_signed = found;
    return status;
}

/* Whether lists let a signer count, as for every pinned signer; what they say otherwise is kept. */
static enum cret_status ask_lists(bool *counts, struct cret_attest_judgement *judgement,
                                  const struct cret_policy_signer *signer,
                                  const struct cret_attest_request *request, struct cret_err *err)
{
    const struct cret_policy *policy = request->policy;
    const struct cret_certificate *certificate = signer->anchor.certificate;
    const struct cret_policy_lists lists = {
        .policy = policy, .now = request->now, .time = request->now};
    const struct cret_chain_request path = {
        .signer = certificate,
        .anchor = &signer->anchor,
        .intermediates = (const struct cret_certificate *const *)policy->intermediates,
        .intermediate_count = policy->intermediate_count,
        .time = request->now,
        .context = &lists,
    };
    const struct cret_chain chain = {.certificates = {certificate}, .count = 1};
    struct cret_signature_judgement said;
    struct cret_err why = {0};
    if (certificate == NULL) {
        return CRET_OK; /* a bare key is in no certificate that could be revoked */
    }
    memset(&said, 0, sizeof(said));
    if (cret_policy_check_revocation(&path, &chain, &said, &why) == CRET_OK) {
        if (said.revocation_listed && !said.revocation_known) {
            judgement->lists = said.revocation_why;
        }
        return CRET_OK;
    }
    if (why.class != CRET_ERR_REFUSED) {
        *err = why;
        return CRET_FAILED;
    }
    *counts = false;
    judgement->answer = CRET_ATTEST_REVOKED;
    judgement->lists = why;
    return CRET_OK;
}

bool cret_role_attests(const char *name)
{
    const struct cret_role_kind *kind = cret_role_kind_find(name);
    return kind != NULL && kind->attests;
}

/* The role provenance of the scope that is for this product; NULL: there is none. */
static const struct cret_policy_role *find_role(const struct cret_attest_request *request,
                                                const struct cret_policy_scope **ret_scope)
{
    for (size_t i = 0; i < request->policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &request->policy->scopes[i];
        if (scope->vendor == NULL || !cret_unicode_same(scope->vendor, request->vendor) ||
            !cret_policy_scope_covers(scope, request->product)) {
            continue;
        }
        for (size_t j = 0; j < scope->role_count; j++) {
            if (cret_role_attests(scope->roles[j].name)) {
                *ret_scope = scope;
                return &scope->roles[j];
            }
        }
    }
    return NULL;
}

/* The builder among those that the role's signers may speak for; or any, where none is named. */
static bool allows_builder(const struct cret_policy_role *role, const char *builder,
                           struct cret_attest_judgement *judgement)
{
    for (size_t i = 0; i < role->builder_count; i++) {
        if (builder != NULL && strcmp(role->builders[i].id, builder) == 0) {
            judgement->has_level = true;
            judgement->level = role->builders[i].level;
            return true;
        }
    }
    return role->builder_count == 0;
}

static enum cret_status ask_role(struct cret_attest_judgement *judgement, bool *broken,
                                 const struct cret_policy_scope *scope,
                                 const struct cret_policy_role *role,
                                 const struct cret_attest_request *request, struct cret_err *err)
{
    struct cret_buffer names = {0};
    for (size_t i = 0; i < role->signer_count; i++) {
        const struct cret_policy_signer *signer = &scope->signers[role->signers[i]];
        bool counts = false;
        if (signer->removed || cret_optional_past(signer->anchor.not_after, request->now)) {
            continue;
        }
        if (ask_signer(&counts, broken, signer, request, err) != CRET_OK ||
            (counts && ask_lists(&counts, judgement, signer, request, err) != CRET_OK)) {
            cret_buffer_free(&names);
            return CRET_FAILED;
        }
        if (counts) {
            cret_buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "", signer->name);
            judgement->counted++;
        }
    }
    if (names.failed) {
        cret_buffer_free(&names);
        return cret_err_memory(err);
    }
    judgement->signers = names.data;
    return CRET_OK;
}

enum cret_status cret_policy_judge_attestation(struct cret_attest_judgement *ret_judgement,
                                               const struct cret_attest_request *request,
                                               struct cret_err *err)
{
    struct cret_attest_judgement judgement = {.answer = CRET_ATTEST_UNASKED};
    const struct cret_policy_scope *scope = NULL;
    const struct cret_policy_role *role = find_role(request, &scope);
    bool broken = false;
    *ret_judgement = judgement;
    if (role == NULL) {
        return CRET_OK;
    }
    judgement.threshold = cret_role_threshold(role);
    if (request->count == 0) {
        judgement.answer = CRET_ATTEST_UNSIGNED;
        *ret_judgement = judgement;
        return CRET_OK;
    }
    if (ask_role(&judgement, &broken, scope, role, request, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (judgement.counted < judgement.threshold) {
        judgement.answer = judgement.answer == CRET_ATTEST_REVOKED ? CRET_ATTEST_REVOKED
                           : broken                                ? CRET_ATTEST_BROKEN
                                                                   : CRET_ATTEST_UNKNOWN;
    } else if (!allows_builder(role, request->builder, &judgement)) {
        judgement.answer = CRET_ATTEST_BUILDER;
    } else {
        judgement.answer = CRET_ATTEST_PROVED;
    }
    *ret_judgement = judgement;
    return CRET_OK;
}

void cret_attest_judgement_clear(struct cret_attest_judgement *judgement)
{
    free(judgement->signers);
    judgement->signers = NULL;
}
