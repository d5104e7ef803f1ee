/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a signature leads to an anchor of a signer, by a path that nothing speaks against. */
#include "trust/policy/policy_path.h"

#include <string.h>

#include "trust/x509/certificate_parts.h"

const struct cret_anchor *cret_signer_anchor(const struct cret_policy_signer *signer,
                                             bool post_quantum)
{
    if (!post_quantum) {
        return &signer->anchor;
    }
    return signer->has_post_quantum ? &signer->post_quantum : NULL;
}

const struct cret_policy_role *cret_signer_role(const struct cret_policy_scope *scope,
                                                size_t signer, size_t *ret_role)
{
    for (size_t i = 0; i < scope->role_count; i++) {
        for (size_t j = 0; j < scope->roles[i].signer_count; j++) {
            if (scope->roles[i].signers[j] == signer) {
                *ret_role = i;
                return &scope->roles[i];
            }
        }
    }
    return NULL;
}

int cret_signer_pin(const struct cret_policy_scope *scope,
                    const struct cret_certificate *certificate, bool post_quantum)
{
    static const enum cret_anchor_kind kinds[] = {CRET_ANCHOR_KEY, CRET_ANCHOR_CERTIFICATE};
    const uint8_t *key = cret_certificate_key_digest(certificate);
    int other = CRET_NO_SIGNER;
    for (size_t k = 0; k < CRET_LENGTH(kinds); k++) {
        for (size_t i = 0; i < scope->signer_count; i++) {
            const struct cret_anchor *anchor = cret_signer_anchor(&scope->signers[i], post_quantum);
            if (anchor == NULL || anchor->kind != kinds[k] ||
                memcmp(anchor->key_digest, key, CRET_SHA256_BYTES) != 0) {
                continue;
            }
            if (kinds[k] == CRET_ANCHOR_KEY ||
                memcmp(cret_certificate_digest(anchor->certificate),
                       cret_certificate_digest(certificate), CRET_SHA256_BYTES) == 0) {
                return (int)i;
            }
            other = (int)i;
        }
    }
    return other;
}

/* A path is as strong as its weakest key: one classical key in it, and a quantum computer can make
 * the rest. */
static enum cret_status check_post_quantum_path(const struct cret_chain *chain,
                                                struct cret_err *err)
{
    for (size_t i = 0; i < chain->count; i++) {
        const struct cret_public_key *key = &cret_certificate_parts(chain->certificates[i])->key;
        if (cret_public_key_is_post_quantum(key)) {
            continue;
        }
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "the path of the post-quantum signature leads through a classical key");
        cret_err_where(err, "%s", cret_certificate_subject(chain->certificates[i]));
        cret_err_expected(err, "ML-DSA or SLH-DSA keys from the signer to the anchor");
        return cret_err_actual(err, "%s", key->name);
    }
    return CRET_OK;
}

size_t cret_path_keys(const struct cret_chain *chain)
{
    return chain->count > 1 ? chain->count - 1 : chain->count;
}

/* The other signer of the scope who has one of these keys of a path, as anchor of whatever kind,
 * removed or ended ones too: or else one person who holds that key would be two signers. NULL:
 * nobody has. */
static const struct cret_policy_signer *other_on_path(const struct cret_policy_scope *scope,
                                                      const struct cret_chain *chain, size_t signer)
{
    for (size_t i = 0; i < 2 * scope->signer_count; i++) {
        const struct cret_anchor *other = cret_signer_anchor(&scope->signers[i / 2], i % 2 == 1);
        if (other == NULL || i / 2 == signer) {
            continue;
        }
        for (size_t j = 0; j < cret_path_keys(chain); j++) {
            if (memcmp(cret_certificate_key_digest(chain->certificates[j]), other->key_digest,
                       CRET_SHA256_BYTES) == 0) {
                return &scope->signers[i / 2];
            }
        }
    }
    return NULL;
}

/* Does a key of the path belong to somebody else? */
static enum cret_status check_shared(const struct cret_path_question *question,
                                     const struct cret_chain *chain, struct cret_err *why)
{
    const struct cret_policy_signer *other =
        other_on_path(question->scope, chain, question->signer);
    if (other == NULL) {
        return CRET_OK;
    }
    *question->shared = true;
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    "a key of %s stands on the path from this signature to %s: one key does not "
                    "stand for two signers",
                    other->name, question->scope->signers[question->signer].name);
    return cret_err_hint(why, "have it signed with a key that no other signer of this scope of the "
                              "trust policy has, and by whose certificate's path none of theirs is "
                              "used");
}

/* Whether a path counts; another one may, where this does not. */
static enum cret_status accept_path(const struct cret_chain_request *request,
                                    const struct cret_chain *chain, struct cret_err *err)
{
    const struct cret_path_question *question = request->context;
    struct cret_chain_request of_lists = *request;
    of_lists.context = &question->lists;
    return cret_policy_accept_path(&of_lists, chain, err) == CRET_OK &&
                   check_shared(question, chain, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

void cret_path_begin(struct cret_path_question *question, const struct cret_claim_maker *maker,
                     const struct cret_cms *cms, size_t signer, bool post_quantum, int64_t time,
                     bool timestamped)
{
    size_t role_index = 0;
    const struct cret_policy *policy = maker->request->policy;
    const struct cret_policy_role *role = cret_signer_role(maker->scope, signer, &role_index);
    question->scope = maker->scope;
    question->signer = signer;
    question->was_shared = false;
    question->shared = &question->was_shared;
    question->lists = (struct cret_policy_lists){
        .policy = policy, .now = maker->request->now, .time = time, .timestamped = timestamped};
    question->request = (struct cret_chain_request){
        .signer = cret_cms_signer(cms),
        .intermediates = question->candidates,
        .intermediate_count = cret_policy_candidates(policy, cms, question->candidates),
        .anchor = cret_signer_anchor(&maker->scope->signers[signer], post_quantum),
        .time = time,
        .usage = role != NULL ? role->usage : CRET_USAGE_CODE_SIGNING,
        .allow_example_keys = maker->request->allow_example_keys,
        .allow_rsa_2048 = policy->rsa_2048,
        .accept = accept_path,
        .context = question,
    };
}

enum cret_status cret_path_verify(const struct cret_claim_maker *maker, size_t index, size_t signer,
                                  bool post_quantum, struct cret_chain *ret_chain, bool *ret_shared,
                                  struct cret_err *err)
{
    size_t role_index = 0;
    struct cret_chain ignored;
    struct cret_path_question question;
    const struct cret_signature_judgement *result = &maker->results[index];
    const struct cret_policy_signer *who = &maker->scope->signers[signer];
    const struct cret_policy_role *role = cret_signer_role(maker->scope, signer, &role_index);
    cret_path_begin(&question, maker, result->cms, signer, post_quantum, result->time,
                    result->authority != NULL);
    if (cret_chain_verify(&question.request, ret_chain, err) != CRET_OK) {
        *ret_shared = question.was_shared;
        return CRET_FAILED;
    }
    if (result->doubted.given) {
        cret_path_begin(&question, maker, result->cms, signer, post_quantum, result->doubted.value,
                        false);
        if (cret_chain_verify(&question.request, &ignored, err) != CRET_OK) {
            *ret_shared = question.was_shared;
            return CRET_FAILED;
        }
    }
    if (role == NULL) {
        return cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                               who->removed ? "the site overlay removed the signer %s"
                                            : "the trust policy gives %s no role",
                               who->name);
    }
    return post_quantum ? check_post_quantum_path(ret_chain, err) : CRET_OK;
}
