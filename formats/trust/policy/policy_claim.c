/* SPDX-License-Identifier: Apache-2.0 */
/* Each signature by itself: which signers of a scope it could be by, and whether all that concerns
 * it alone is as the policy asks. */
#include "trust/policy/policy_claim.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "trust/x509/certificate_parts.h"

enum { NO_SIGNER = -1 };

struct maker {
    const struct cret_judge_request *request;
    const struct cret_policy_scope *scope;
    enum cret_demand post_quantum;
    const struct cret_signature_judgement *times; /* one each; NULL: all are of `now` */
    struct cret_signature_judgement *results;     /* one each */
    struct cret_claims *claims;
    bool unchecked; /* there is a signature that this OpenSSL cannot verify */
    struct cret_err *err;
};

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

/* The anchor of one of a signer's two kinds of keys; NULL: he has none. */
static const struct cret_anchor *anchor_of(const struct cret_policy_signer *signer,
                                           bool post_quantum)
{
    if (!post_quantum) {
        return &signer->anchor;
    }
    return signer->has_post_quantum ? &signer->post_quantum : NULL;
}

/* The role of a signer; the parser saw to it that there is at most one. NULL: none. */
static const struct cret_policy_role *role_of(const struct cret_policy_scope *scope, size_t signer,
                                              size_t *ret_role)
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

/* The signer whose pin of this kind has this key: pinned keys first, then pinned certificates. A
 * pinned key in another certificate than the pinned one is his as well, and then counts for nobody:
 * were it looked for below a CA too, one key could stand for two signers. */
static int find_pin(const struct cret_policy_scope *scope,
                    const struct cret_certificate *certificate, bool post_quantum)
{
    static const enum cret_anchor_kind kinds[] = {CRET_ANCHOR_KEY, CRET_ANCHOR_CERTIFICATE};
    const uint8_t *key = cret_certificate_key_digest(certificate);
    int other = NO_SIGNER;
    for (size_t k = 0; k < CRET_LENGTH(kinds); k++) {
        for (size_t i = 0; i < scope->signer_count; i++) {
            const struct cret_anchor *anchor = anchor_of(&scope->signers[i], post_quantum);
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

/* The keys of a path that no other signer may have: from the leaf to below the anchor. */
static size_t count_keys(const struct cret_chain *chain)
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
        const struct cret_anchor *other = anchor_of(&scope->signers[i / 2], i % 2 == 1);
        if (other == NULL || i / 2 == signer) {
            continue;
        }
        for (size_t j = 0; j < count_keys(chain); j++) {
            if (memcmp(cret_certificate_key_digest(chain->certificates[j]), other->key_digest,
                       CRET_SHA256_BYTES) == 0) {
                return &scope->signers[i / 2];
            }
        }
    }
    return NULL;
}

/* The question whether a signature leads to one anchor, at one time, by a path that no list speaks
 * against and in which no key is another signer's. Stays where it was made. */
struct path_question {
    struct cret_chain_request request;
    struct cret_policy_lists lists;
    const struct cret_policy_scope *scope;
    size_t signer;
    bool was_shared, *shared; /* a path was refused for a key of another signer */
    const struct cret_certificate *candidates[CRET_PATH_CANDIDATES];
};

/* Does a key of the path belong to somebody else? */
static enum cret_status check_shared(const struct path_question *question,
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
    const struct path_question *question = request->context;
    struct cret_chain_request of_lists = *request;
    of_lists.context = &question->lists;
    return cret_policy_accept_path(&of_lists, chain, err) == CRET_OK &&
                   check_shared(question, chain, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* timestamped: the time is proved by an authority that the policy trusts. */
static void begin_question(struct path_question *question, const struct maker *maker,
                           const struct cret_cms *cms, size_t signer, bool post_quantum,
                           int64_t time, bool timestamped)
{
    size_t role_index = 0;
    const struct cret_policy *policy = maker->request->policy;
    const struct cret_policy_role *role = role_of(maker->scope, signer, &role_index);
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
        .anchor = anchor_of(&maker->scope->signers[signer], post_quantum),
        .time = time,
        .usage = role != NULL ? role->usage : CRET_USAGE_CODE_SIGNING,
        .allow_example_keys = maker->request->allow_example_keys,
        .allow_rsa_2048 = policy->rsa_2048,
        .accept = accept_path,
        .context = question,
    };
}

/* Is signature `index` by this signer, in the role that he has? *ret_shared: he could be, but for a
 * key of another signer on his path. */
static enum cret_status verify_for(const struct maker *maker, size_t index, size_t signer,
                                   bool post_quantum, struct cret_chain *ret_chain,
                                   bool *ret_shared, struct cret_err *err)
{
    size_t role_index = 0;
    struct cret_chain ignored;
    struct path_question question;
    const struct cret_signature_judgement *result = &maker->results[index];
    const struct cret_policy_signer *who = &maker->scope->signers[signer];
    const struct cret_policy_role *role = role_of(maker->scope, signer, &role_index);
    begin_question(&question, maker, result->cms, signer, post_quantum, result->time,
                   result->authority != NULL);
    if (cret_chain_verify(&question.request, ret_chain, err) != CRET_OK) {
        *ret_shared = question.was_shared;
        return CRET_FAILED;
    }
    if (result->doubted.given) {
        begin_question(&question, maker, result->cms, signer, post_quantum, result->doubted.value,
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
static bool role_counts_here(const struct maker *maker, const struct cret_policy_role *role,
                             const struct cret_policy_signer *who, struct cret_err *why)
{
    if (cret_role_for_waivers(role) == maker->request->waivers) {
        return true;
    }
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    maker->request->waivers ? "%s has the role %s, which does not sign waivers"
                                            : "%s has the role %s, which signs waivers only",
                    who->name, role->name);
    return false;
}

/* Does the signature count in this role, by all that does not depend on others? */
static enum cret_status check_claim(const struct maker *maker, struct cret_claim *claim,
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
    struct path_question question;
    begin_question(&question, maker, judgement->cms, claim->signer, claim->post_quantum,
                   judgement->time, judgement->authority != NULL);
    question.request.context = &question.lists;
    if (cret_policy_check_revocation(&question.request, &judgement->chain, judgement, why) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    return meaning_fits(role, who, judgement->cms, why) ? CRET_OK : CRET_FAILED;
}

/* Adds a claim whose path was found, or keeps what speaks against it. */
static enum cret_status add_claim(const struct maker *maker, size_t index, size_t signer,
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
    const struct cret_policy_role *role = role_of(maker->scope, signer, &claim->role);
    if (role == NULL) {
        return cret_err_undecided(maker->err, "a signer without a role was counted");
    }
    claim->key_count = count_keys(chain);
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
static enum cret_status claim_for(const struct maker *maker, size_t index, size_t signer,
                                  bool post_quantum, struct reasons *reasons)
{
    struct cret_err reason = {0};
    struct cret_chain chain;
    bool shared = false;
    memset(&chain, 0, sizeof(chain));
    if (verify_for(maker, index, signer, post_quantum, &chain, &shared, &reason) == CRET_OK) {
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
static enum cret_status claim_all(const struct maker *maker, size_t index, bool post_quantum)
{
    const struct cret_policy_scope *scope = maker->scope;
    struct cret_signature_judgement *result = &maker->results[index];
    const struct cret_certificate *certificate = cret_cms_signer(result->cms);
    const size_t before = maker->claims->count;
    const int pin = find_pin(scope, certificate, post_quantum);
    struct reasons reasons;
    cret_err_clear(&reasons.why);
    cret_err_clear(&reasons.shared);
    for (size_t i = 0; i < scope->signer_count; i++) {
        const struct cret_anchor *anchor = anchor_of(&scope->signers[i], post_quantum);
        const bool asked =
            pin != NO_SIGNER ? (size_t)pin == i : anchor != NULL && anchor->kind == CRET_ANCHOR_CA;
        if (asked && claim_for(maker, index, i, post_quantum, &reasons) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    sort_claims(maker->claims->list + before, maker->claims->count - before);
    if (maker->claims->count > before) {
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
static bool is_settled(struct maker *maker, struct cret_signature_judgement *result)
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
static enum cret_status claim_post_quantum(struct maker *maker, size_t index, bool *ret_settled)
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
        find_pin(maker->scope, certificate, false) != NO_SIGNER) {
        *ret_settled = false;
        return CRET_OK;
    }
    if (claim_all(maker, index, true) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_settled = maker->claims->count > before ||
                   find_pin(maker->scope, certificate, true) != NO_SIGNER ||
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
static bool is_complete(const struct maker *maker, const struct cret_cms *cms, size_t signer,
                        struct cret_err *why)
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
static enum cret_status claim_classical(const struct maker *maker, size_t index)
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
    struct maker maker = {.request = request,
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
