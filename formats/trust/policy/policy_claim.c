/* SPDX-License-Identifier: Apache-2.0 */
/* Each signature by itself: which signers of a scope it could be by, and whether all that concerns
 * it alone is as the policy asks. */
#include "trust/policy/policy_claim.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "trust/policy/policy_path.h"
#include "trust/x509/certificate_parts.h"

/* Why a signature counts for nobody. That a key of its path is another signer's is the reason only
 * where nothing more telling speaks against a claim. */
struct reasons {
    struct cret_err why, shared;
};

void cret_claims_clear(struct cret_claims *claims)
{
    free(claims->list);
    memset(claims, 0, sizeof(*claims));
}

/* The words behind "needs": "origin or none". */
static void list_meanings(const struct cret_policy_role *role, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < CRET_MEANING_COUNT; i++) {
        if (!role->meanings[i]) {
            continue;
        }
        const int written = snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " or ",
                                     cret_meaning_name((enum cret_meaning)i));
        if (written < 0 || (size_t)written >= size - used) {
            return;
        }
        used += (size_t)written;
    }
}

/* Does the role take what the signer meant? */
static bool meaning_fits(const struct cret_policy_role *role, const struct cret_policy_signer *who,
                         const struct cret_cms *cms, struct cret_err *why)
{
    char accepted[64];
    const enum cret_meaning meaning = cret_cms_meaning(cms);
    if ((unsigned)meaning < CRET_MEANING_COUNT && role->meanings[meaning]) {
        return true;
    }
    list_meanings(role, accepted, sizeof(accepted));
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    "the signature of %s has another meaning than the role %s takes", who->name,
                    role->name);
    cret_err_expected(why, "%s", accepted);
    cret_err_actual(why, "%s", cret_meaning_name(meaning));
    return false;
}

/* Who waives does not release, and who releases does not waive. */
static bool role_counts_here(const struct cret_claim_maker *maker,
                             const struct cret_policy_role *role,
                             const struct cret_policy_signer *who, struct cret_err *why)
{
    const bool waivers = maker->request->waivers;
    if (cret_role_counts(role, waivers)) {
        return true;
    }
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    waivers ? "%s has the role %s, which does not sign waivers"
                    : cret_role_counts(role, true)
                        ? "%s has the role %s, which signs waivers only"
                        : "%s has the role %s, which signs attestations only",
                    who->name, role->name);
    return false;
}

/* Does the signature count in this role, by all that does not depend on others? */
static enum cret_status check_claim(const struct cret_claim_maker *maker, struct cret_claim *claim,
                                    struct cret_err *why)
{
    const struct cret_judge_request *request = maker->request;
    const struct cret_policy_signer *who = &maker->scope->signers[claim->signer];
    const struct cret_policy_role *role = &maker->scope->roles[claim->role];
    struct cret_signature_judgement *judgement = &claim->judgement;
    if (!role_counts_here(maker, role, who, why)) {
        return CRET_FAILED;
    }
    /* What is judged as of now ends by itself, and need not be verified in twenty years. */
    if (!request->as_of_now && request->policy->timestamp == CRET_DEMAND_REQUIRE &&
        judgement->authority == NULL) {
        *why = judgement->timestamp_why;
        return CRET_FAILED;
    }
    struct cret_path_question question;
    cret_path_begin(&question, maker, judgement->cms, claim->signer, claim->post_quantum,
                    judgement->time, judgement->authority != NULL);
    question.request.context = &question.lists;
    if (cret_policy_check_revocation(&question.request, &judgement->chain, judgement, why) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    return meaning_fits(role, who, judgement->cms, why) ? CRET_OK : CRET_FAILED;
}

/* Adds a claim whose path was found, or keeps what speaks against it. */
static enum cret_status add_claim(const struct cret_claim_maker *maker, size_t index, size_t signer,
                                  bool post_quantum, const struct cret_chain *chain,
                                  struct reasons *reasons)
{
    struct cret_err reason;
    struct cret_claims *claims = maker->claims;
    struct cret_claim *grown = realloc(claims->list, (claims->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return cret_err_memory(maker->err);
    }
    claims->list = grown;
    struct cret_claim *claim = &grown[claims->count];
    memset(claim, 0, sizeof(*claim));
    claim->signature = index;
    claim->signer = signer;
    claim->post_quantum = post_quantum;
    const struct cret_policy_role *role = cret_signer_role(maker->scope, signer, &claim->role);
    if (role == NULL) {
        return cret_err_undecided(maker->err, "a signer without a role was counted");
    }
    claim->key_count = cret_path_keys(chain);
    for (size_t i = 0; i < claim->key_count; i++) {
        claim->keys[i] = cret_certificate_key_digest(chain->certificates[i]);
    }
    claim->judgement = maker->results[index];
    claim->judgement.chain = *chain;
    cret_err_clear(&reason);
    if (check_claim(maker, claim, &reason) != CRET_OK) {
        if (reason.class != CRET_ERR_REFUSED) {
            if (maker->err != NULL) {
                *maker->err = reason;
            }
            return CRET_FAILED;
        }
        cret_reason_keep(&reasons->why, &reason);
        return CRET_OK;
    }
    cret_err_clear(&claim->judgement.why_not);
    claim->judgement.scope = maker->scope->vendor;
    claim->judgement.role = role->name;
    claim->judgement.signer = maker->scope->signers[signer].name;
    claim->judgement.counted = !post_quantum;
    claim->judgement.completes = post_quantum;
    claims->count++;
    return CRET_OK;
}

/* The claim of a signature on one signer, if it is his. */
static enum cret_status claim_for(const struct cret_claim_maker *maker, size_t index, size_t signer,
                                  bool post_quantum, struct reasons *reasons)
{
    struct cret_err reason = {0};
    struct cret_chain chain;
    bool shared = false;
    memset(&chain, 0, sizeof(chain));
    if (cret_path_verify(maker, index, signer, post_quantum, &chain, &shared, &reason) == CRET_OK) {
        return add_claim(maker, index, signer, post_quantum, &chain, reasons);
    }
    if (reason.class == CRET_ERR_REFUSED) {
        shared = shared && reason.check == CRET_CHECK_TRUST_THRESHOLD;
        cret_reason_keep(shared ? &reasons->shared : &reasons->why, &reason);
        return CRET_OK;
    }
    if (maker->err != NULL) {
        *maker->err = reason;
    }
    return CRET_FAILED;
}

/* Shorter paths first; the policy's order among equals. */
static void sort_claims(struct cret_claim *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && list[j].key_count < list[j - 1].key_count; j--) {
            const struct cret_claim swap = list[j];
            list[j] = list[j - 1];
            list[j - 1] = swap;
        }
    }
}

/* All claims of one signature with one kind of anchors: on the one whose pin it matches, or else on
 * each whose CA it leads to. Without any, the result's why_not says the most telling reason. */
static enum cret_status claim_all(const struct cret_claim_maker *maker, size_t index,
                                  bool post_quantum)
{
    const struct cret_policy_scope *scope = maker->scope;
    struct cret_signature_judgement *result = &maker->results[index];
    const struct cret_certificate *certificate = cret_cms_signer(result->cms);
    const size_t before = maker->claims->count;
    const int pin = cret_signer_pin(scope, certificate, post_quantum);
    struct reasons reasons;
    cret_err_clear(&reasons.why);
    cret_err_clear(&reasons.shared);
    for (size_t i = 0; i < scope->signer_count; i++) {
        const struct cret_anchor *anchor = cret_signer_anchor(&scope->signers[i], post_quantum);
        const bool asked = pin != CRET_NO_SIGNER ? (size_t)pin == i
                                                 : anchor != NULL && anchor->kind == CRET_ANCHOR_CA;
        if (asked && claim_for(maker, index, i, post_quantum, &reasons) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (maker->claims->count > before) {
        sort_claims(maker->claims->list + before, maker->claims->count - before);
        return CRET_OK;
    }
    const bool telling = cret_reason_rank(&reasons.why) > 1;
    result->why_not =
        !telling && reasons.shared.class != CRET_ERR_NONE ? reasons.shared : reasons.why;
    if (result->why_not.class == CRET_ERR_NONE &&
        !cret_scope_explain_pin(maker->scope, result->cms, &result->why_not)) {
        cret_err_refuse(&result->why_not, CRET_CHECK_CERTIFICATE_PATH,
                        "the certificate of %s leads to no trusted anchor",
                        cret_certificate_subject(certificate));
        cret_err_actual(&result->why_not, "issued by %s", cret_certificate_issuer(certificate));
        cret_err_hint(&result->why_not,
                      "check that this is the right anchor or policy for this vendor");
    }
    cret_policy_explain_time(result);
    return CRET_OK;
}

/* Signatures that count for nothing, whoever made them. */
static bool is_settled(struct cret_claim_maker *maker, struct cret_signature_judgement *result)
{
    const struct cret_policy *policy = maker->request->policy;
    if (!cret_cms_checkable(result->cms)) {
        cret_err_refuse(&result->why_not, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "not checked: this OpenSSL lacks %s, so the signature counts for nothing",
                        cret_cms_algorithm(result->cms));
        cret_err_hint(&result->why_not, "use a verifier with OpenSSL 3.5 or newer");
        maker->unchecked = true;
        return true;
    }
    if (cret_policy_allows_algorithm(policy, cret_cms_algorithm(result->cms))) {
        return false;
    }
    cret_err_refuse(&result->why_not, CRET_CHECK_SIGNATURE_ALGORITHM,
                    "the trust policy does not let signatures by %s count",
                    cret_cms_algorithm(result->cms));
    cret_err_expected(&result->why_not, "one of the %zu algorithms that it lists, such as %s",
                      policy->algorithm_count, policy->algorithms[0]);
    cret_err_hint(&result->why_not, "ask the signer for a signature by one of them; "
                                    "cretula-verify trust show lists them");
    return true;
}

/* First of all: whom do post-quantum signatures complete? What an anchor for such keys matches is
 * settled here and never counts, whatever becomes of it; so is what cannot be verified at all. */
static enum cret_status claim_post_quantum(struct cret_claim_maker *maker, size_t index,
                                           bool *ret_settled)
{
    const struct cret_judge_request *request = maker->request;
    struct cret_signature_judgement *result = &maker->results[index];
    const struct cret_certificate *certificate = cret_cms_signer(request->signatures[index]);
    const size_t before = maker->claims->count;
    if (maker->times != NULL) {
        *result = maker->times[index];
    } else {
        result->time = request->now;
    }
    result->cms = request->signatures[index];
    cret_err_clear(&result->why_not);
    if (is_settled(maker, result)) {
        *ret_settled = true;
        return CRET_OK;
    }
    if (!cret_cms_is_post_quantum(result->cms) ||
        cret_signer_pin(maker->scope, certificate, false) != CRET_NO_SIGNER) {
        *ret_settled = false;
        return CRET_OK;
    }
    if (claim_all(maker, index, true) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_settled = maker->claims->count > before ||
                   cret_signer_pin(maker->scope, certificate, true) != CRET_NO_SIGNER ||
                   result->why_not.check != CRET_CHECK_CERTIFICATE_PATH;
    return CRET_OK;
}

static bool completed(const struct cret_claims *claims, size_t signer)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->list[i].post_quantum && claims->list[i].signer == signer) {
            return true;
        }
    }
    return false;
}

/* Under "require" a signer counts only with both of his signatures, a classical and a post-quantum
 * one: then neither of the two kinds of keys can fail alone. */
static bool is_complete(const struct cret_claim_maker *maker, const struct cret_cms *cms,
                        size_t signer, struct cret_err *why)
{
    const struct cret_policy_signer *who = &maker->scope->signers[signer];
    if (maker->post_quantum != CRET_DEMAND_REQUIRE) {
        return true;
    }
    if (cret_cms_is_post_quantum(cms)) {
        cret_err_refuse(why, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "%s counts only with a classical signature beside the post-quantum one",
                        who->name);
        cret_err_actual(why, "%s", cret_cms_algorithm(cms));
        return false;
    }
    if (completed(maker->claims, signer)) {
        return true;
    }
    cret_err_refuse(why, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                    "%s signed with the classical key only%s", who->name,
                    maker->unchecked
                        ? ", as far as this OpenSSL can verify the signatures that are there"
                        : "");
    cret_err_expected(why, "the trust policy requires a post-quantum signature too");
    cret_err_hint(why, maker->unchecked ? "use a verifier with OpenSSL 3.5 or newer"
                       : who->has_post_quantum
                           ? "ask the signer for both signatures"
                           : "the trust policy has no postQuantum anchor for this signer");
    return false;
}

/* The claims of one classical signature, without those on signers who are not complete. */
static enum cret_status claim_classical(const struct cret_claim_maker *maker, size_t index)
{
    struct cret_claims *claims = maker->claims;
    struct cret_err why = {0};
    size_t kept = claims->count;
    const size_t before = kept;
    if (claim_all(maker, index, false) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = before; i < claims->count; i++) {
        if (is_complete(maker, maker->request->signatures[index], claims->list[i].signer, &why)) {
            claims->list[kept++] = claims->list[i];
        }
    }
    if (claims->count > before && kept == before) {
        maker->results[index].why_not = why;
    }
    claims->count = kept;
    return CRET_OK;
}

enum cret_status cret_claims_make(struct cret_claims *claims,
                                  const struct cret_judge_request *request,
                                  const struct cret_policy_scope *scope,
                                  enum cret_demand post_quantum,
                                  const struct cret_signature_judgement *times,
                                  struct cret_signature_judgement *results, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_claim_maker maker = {.request = request,
                                     .scope = scope,
                                     .post_quantum = post_quantum,
                                     .times = times,
                                     .results = results,
                                     .claims = claims,
                                     .err = err};
    bool *settled = calloc(request->count + 1, sizeof(*settled));
    if (settled == NULL) {
        return cret_err_memory(err);
    }
    /* Post-quantum signatures first: under "require" the others count only with them. */
    for (size_t i = 0; i < request->count; i++) {
        if (claim_post_quantum(&maker, i, &settled[i]) != CRET_OK) {
            goto out;
        }
    }
    for (size_t i = 0; i < request->count; i++) {
        if (!settled[i] && claim_classical(&maker, i) != CRET_OK) {
            goto out;
        }
    }
    status = CRET_OK;
out:
    free(settled);
    return status;
}
