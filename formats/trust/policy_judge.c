/* SPDX-License-Identifier: Apache-2.0 */
/* Which signatures count, for whom, and whether that is enough (design: signatures.md, Trust
 * policy). Starts at "nothing is met" and only ever counts what was verified. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "trust/certificate_parts.h"
#include "trust/policy_parts.h"

enum { NO_SIGNER = -1 };

struct judge {
    const struct cret_policy *policy;
    const struct cret_policy_scope *scope;
    enum cret_demand post_quantum;
    int64_t now;
    bool allow_example_keys;
    bool waivers; /* over a file of waivers; else over a release */
    size_t count;
    const struct cret_cms *const *signatures;
    const struct cret_signature_judgement *times; /* one each; NULL: all are of `now` */
    struct cret_scope_judgement *result;
    bool *signer_counted; /* per signer of the scope */
    bool unchecked;       /* there is a signature that this OpenSSL cannot verify */
};

/* The anchor of one of a signer's two kinds of keys; NULL: he has none. */
static const struct cret_anchor *anchor_of(const struct cret_policy_signer *signer,
                                           bool post_quantum)
{
    if (!post_quantum)
        return &signer->anchor;
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
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        for (size_t i = 0; i < scope->signer_count; i++) {
            const struct cret_anchor *anchor = anchor_of(&scope->signers[i], post_quantum);
            if (anchor == NULL || anchor->kind != kinds[k] ||
                memcmp(anchor->key_digest, key, CRET_SHA256_BYTES) != 0)
                continue;
            if (kinds[k] == CRET_ANCHOR_KEY ||
                memcmp(cret_certificate_digest(anchor->certificate),
                       cret_certificate_digest(certificate), CRET_SHA256_BYTES) == 0)
                return (int)i;
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
        if (cret_public_key_is_post_quantum(key))
            continue;
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "the path of the post-quantum signature leads through a classical key");
        cret_err_where(err, "%s", cret_certificate_subject(chain->certificates[i]));
        cret_err_expected(err, "ML-DSA or SLH-DSA keys from the signer to the anchor");
        return cret_err_actual(err, "%s", key->name);
    }
    return CRET_OK;
}

static int64_t time_of(const struct judge *judge, const struct cret_cms *cms)
{
    for (size_t i = 0; judge->times != NULL && i < judge->count; i++) {
        if (judge->signatures[i] == cms)
            return judge->times[i].time;
    }
    return judge->now;
}

/* Was the time of this signature proved by an authority that the policy trusts? */
static bool is_timestamped(const struct judge *judge, const struct cret_cms *cms)
{
    for (size_t i = 0; judge->times != NULL && i < judge->count; i++) {
        if (judge->signatures[i] == cms)
            return judge->times[i].authority != NULL;
    }
    return false;
}

/* The question whether a signature leads to one anchor of one signer. Stays where it was made. */
struct path_question {
    struct cret_chain_request request;
    struct cret_policy_lists lists;
    const struct cret_certificate *candidates[CRET_PATH_CANDIDATES];
};

static void begin_question(struct path_question *question, const struct judge *judge,
                           const struct cret_cms *cms, size_t signer, bool post_quantum)
{
    size_t role_index = 0;
    const struct cret_policy_role *role = role_of(judge->scope, signer, &role_index);
    question->lists = (struct cret_policy_lists){.policy = judge->policy,
                                                 .now = judge->now,
                                                 .time = time_of(judge, cms),
                                                 .timestamped = is_timestamped(judge, cms)};
    question->request = (struct cret_chain_request){
        .signer = cret_cms_signer(cms),
        .intermediates = question->candidates,
        .intermediate_count = cret_policy_candidates(judge->policy, cms, question->candidates),
        .anchor = anchor_of(&judge->scope->signers[signer], post_quantum),
        .time = question->lists.time,
        .usage = role != NULL ? role->usage : CRET_USAGE_CODE_SIGNING,
        .allow_example_keys = judge->allow_example_keys,
        .allow_rsa_2048 = judge->policy->rsa_2048,
        .accept = cret_policy_accept_path,
        .context = &question->lists,
    };
}

/* Is this signature by this signer, in the role that he has? */
static enum cret_status verify_for(const struct judge *judge, const struct cret_cms *cms,
                                   size_t signer, bool post_quantum, struct cret_chain *ret_chain,
                                   struct cret_err *err)
{
    size_t role_index = 0;
    const struct cret_policy_signer *who = &judge->scope->signers[signer];
    const struct cret_policy_role *role = role_of(judge->scope, signer, &role_index);
    struct path_question question;
    begin_question(&question, judge, cms, signer, post_quantum);
    if (cret_chain_verify(&question.request, ret_chain, err) != CRET_OK)
        return CRET_FAILED;
    if (role == NULL)
        return cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                               who->removed ? "the site overlay removed the signer %s"
                                            : "the trust policy gives %s no role",
                               who->name);
    return post_quantum ? check_post_quantum_path(ret_chain, err) : CRET_OK;
}

/* Does the path run through the key of another CA of this scope? Then that one is nearer, and the
 * signature is his alone: he must not count for the CA above him too. */
static bool runs_through_other(const struct cret_policy_scope *scope,
                               const struct cret_anchor *anchor, const struct cret_chain *chain)
{
    for (size_t i = 0; i < 2 * scope->signer_count; i++) {
        const struct cret_anchor *other = anchor_of(&scope->signers[i / 2], i % 2 == 1);
        if (other == NULL || other == anchor || other->kind != CRET_ANCHOR_CA)
            continue;
        for (size_t j = 1; j + 1 < chain->count; j++) {
            if (memcmp(cret_certificate_key_digest(chain->certificates[j]), other->key_digest,
                       CRET_SHA256_BYTES) == 0)
                return true;
        }
    }
    return false;
}

/* The one signer of the scope that this signature is by, with the path to his anchor: the one for
 * his post-quantum key, or the other. NO_SIGNER: none, and *why says the most telling reason; class
 * UNDECIDED there: could not be judged. */
static int find_signer(const struct judge *judge, const struct cret_cms *cms, bool post_quantum,
                       struct cret_chain *ret_chain, struct cret_err *why)
{
    const struct cret_policy_scope *scope = judge->scope;
    const int pin = find_pin(scope, cret_cms_signer(cms), post_quantum);
    if (pin != NO_SIGNER) {
        struct cret_err reason;
        cret_err_clear(&reason);
        if (verify_for(judge, cms, (size_t)pin, post_quantum, ret_chain, &reason) == CRET_OK)
            return pin;
        *why = reason;
        return NO_SIGNER;
    }
    int best = NO_SIGNER;
    for (size_t i = 0; i < scope->signer_count; i++) {
        struct cret_err reason;
        struct cret_chain chain;
        cret_err_clear(&reason);
        const struct cret_anchor *anchor = anchor_of(&scope->signers[i], post_quantum);
        if (anchor == NULL || anchor->kind != CRET_ANCHOR_CA)
            continue;
        if (verify_for(judge, cms, i, post_quantum, &chain, &reason) != CRET_OK) {
            if (reason.class == CRET_ERR_UNDECIDED) {
                *why = reason;
                return NO_SIGNER;
            }
            cret_reason_keep(why, &reason);
            continue;
        }
        if (runs_through_other(scope, anchor, &chain))
            continue;
        if (best == NO_SIGNER || chain.count < ret_chain->count) {
            best = (int)i;
            *ret_chain = chain;
        }
    }
    if (best == NO_SIGNER && why->class == CRET_ERR_NONE && !cret_scope_explain_pin(scope, cms, why)) {
        cret_err_refuse(why, CRET_CHECK_CERTIFICATE_PATH,
                        "the certificate of %s leads to no trusted anchor",
                        cret_certificate_subject(cret_cms_signer(cms)));
        cret_err_actual(why, "issued by %s", cret_certificate_issuer(cret_cms_signer(cms)));
        cret_err_hint(why, "check that this is the right anchor or policy for this vendor");
    }
    return best;
}

/* The words behind "needs": "origin or none". */
static void list_meanings(const struct cret_policy_role *role, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < CRET_MEANING_COUNT; i++) {
        if (!role->meanings[i])
            continue;
        const int written = snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " or ",
                                     cret_meaning_name((enum cret_meaning)i));
        if (written < 0 || (size_t)written >= size - used)
            return;
        used += (size_t)written;
    }
}

/* A key that signed twice counts once, whatever certificates it shows. */
static bool key_counted_before(const struct judge *judge, size_t index)
{
    const uint8_t *key = cret_certificate_key_digest(cret_cms_signer(judge->signatures[index]));
    for (size_t i = 0; i < index; i++) {
        if (judge->result->signatures[i].counted &&
            memcmp(cret_certificate_key_digest(cret_cms_signer(judge->signatures[i])), key,
                   CRET_SHA256_BYTES) == 0)
            return true;
    }
    return false;
}

/* Does the role take what the signer meant? */
static bool meaning_fits(const struct cret_policy_role *role, const struct cret_policy_signer *who,
                         const struct cret_cms *cms, struct cret_err *why)
{
    char accepted[64];
    const enum cret_meaning meaning = cret_cms_meaning(cms);
    if ((unsigned)meaning < CRET_MEANING_COUNT && role->meanings[meaning])
        return true;
    list_meanings(role, accepted, sizeof accepted);
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    "the signature of %s has another meaning than the role %s takes", who->name,
                    role->name);
    cret_err_expected(why, "%s", accepted);
    cret_err_actual(why, "%s", cret_meaning_name(meaning));
    return false;
}

/* Who waives does not release, and who releases does not waive. */
static bool role_counts_here(const struct judge *judge, const struct cret_policy_role *role,
                             const struct cret_policy_signer *who, struct cret_err *why)
{
    if (cret_role_for_waivers(role) == judge->waivers)
        return true;
    cret_err_refuse(why, CRET_CHECK_TRUST_THRESHOLD,
                    judge->waivers ? "%s has the role %s, which does not sign waivers"
                                   : "%s has the role %s, which signs waivers only",
                    who->name, role->name);
    return false;
}

/* Whom a signature is by, and the role that he has. CRET_OK with *ret_role NULL: nobody that it can
 * count for, and result->why_not says why. */
static enum cret_status attribute(const struct judge *judge, size_t index, bool post_quantum,
                                  size_t *ret_signer, const struct cret_policy_role **ret_role,
                                  size_t *ret_role_index, struct cret_err *err)
{
    struct cret_signature_judgement *result = &judge->result->signatures[index];
    struct cret_chain chain;
    memset(&chain, 0, sizeof chain);
    *ret_role = NULL;
    const int signer = find_signer(judge, result->cms, post_quantum, &chain, &result->why_not);
    if (signer == NO_SIGNER) {
        cret_policy_explain_time(result);
        if (result->why_not.class == CRET_ERR_REFUSED)
            return CRET_OK;
        if (err != NULL)
            *err = result->why_not;
        return CRET_FAILED;
    }
    const struct cret_policy_signer *who = &judge->scope->signers[signer];
    const struct cret_policy_role *role = role_of(judge->scope, (size_t)signer, ret_role_index);
    if (role == NULL)
        return cret_err_undecided(err, "a signer without a role was counted");
    if (!role_counts_here(judge, role, who, &result->why_not))
        return CRET_OK;
    /* A waiver ends by itself, and there is nothing to be verified in twenty years. */
    if (!judge->waivers && judge->policy->timestamp == CRET_DEMAND_REQUIRE &&
        result->authority == NULL) {
        result->why_not = result->timestamp_why;
        return CRET_OK;
    }
    struct path_question question;
    begin_question(&question, judge, result->cms, (size_t)signer, post_quantum);
    if (cret_policy_check_revocation(&question.request, &chain, result, err) != CRET_OK)
        return CRET_FAILED; /* cannot be: the path was taken for having passed */
    if (!meaning_fits(role, who, result->cms, &result->why_not))
        return CRET_OK;
    result->chain = chain;
    *ret_signer = (size_t)signer;
    *ret_role = role;
    return CRET_OK;
}

/* What is told of a signature that counts or completes. */
static void accept(const struct judge *judge, struct cret_signature_judgement *result,
                   size_t signer, const struct cret_policy_role *role)
{
    cret_err_clear(&result->why_not);
    result->scope = judge->scope->vendor;
    result->role = role->name;
    result->signer = judge->scope->signers[signer].name;
}

/* First of all: whom do post-quantum signatures complete? What an anchor for such keys matches is
 * settled here and never counts, whatever becomes of it; so is what cannot be verified at all. */
static enum cret_status judge_post_quantum(struct judge *judge, size_t index, bool *ret_settled,
                                           struct cret_err *err)
{
    struct cret_signature_judgement *result = &judge->result->signatures[index];
    const struct cret_certificate *certificate = cret_cms_signer(judge->signatures[index]);
    const struct cret_policy_role *role = NULL;
    size_t signer = 0, role_index = 0;
    if (judge->times != NULL)
        *result = judge->times[index];
    result->cms = judge->signatures[index];
    result->time = time_of(judge, result->cms);
    cret_err_clear(&result->why_not);
    if (!cret_cms_checkable(result->cms)) {
        cret_err_refuse(&result->why_not, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "not checked: this OpenSSL lacks %s, so the signature counts for nothing",
                        cret_cms_algorithm(result->cms));
        cret_err_hint(&result->why_not, "use a verifier with OpenSSL 3.5 or newer");
        judge->unchecked = true;
        *ret_settled = true;
        return CRET_OK;
    }
    if (!cret_policy_allows_algorithm(judge->policy, cret_cms_algorithm(result->cms))) {
        cret_err_refuse(&result->why_not, CRET_CHECK_SIGNATURE_ALGORITHM,
                        "the trust policy does not let signatures by %s count",
                        cret_cms_algorithm(result->cms));
        cret_err_expected(&result->why_not, "one of the %zu algorithms that it lists, such as %s",
                          judge->policy->algorithm_count, judge->policy->algorithms[0]);
        cret_err_hint(&result->why_not, "ask the vendor for a signature by one of them; "
                                        "cretula-verify trust show lists them");
        *ret_settled = true;
        return CRET_OK;
    }
    if (!cret_cms_is_post_quantum(result->cms) ||
        find_pin(judge->scope, certificate, false) != NO_SIGNER) {
        *ret_settled = false;
        return CRET_OK;
    }
    if (attribute(judge, index, true, &signer, &role, &role_index, err) != CRET_OK)
        return CRET_FAILED;
    if (role != NULL) {
        accept(judge, result, signer, role);
        result->completes = true;
        judge->result->completed[signer] = true;
    }
    *ret_settled = role != NULL || find_pin(judge->scope, certificate, true) != NO_SIGNER ||
                   result->why_not.check != CRET_CHECK_CERTIFICATE_PATH;
    return CRET_OK;
}

/* Under "require" a signer counts only with both of his signatures, a classical and a post-quantum
 * one: then neither of the two kinds of keys can fail alone. */
static bool is_complete(const struct judge *judge, const struct cret_cms *cms, size_t signer,
                        struct cret_err *why)
{
    const struct cret_policy_signer *who = &judge->scope->signers[signer];
    if (judge->post_quantum != CRET_DEMAND_REQUIRE)
        return true;
    if (cret_cms_is_post_quantum(cms)) {
        cret_err_refuse(why, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                        "%s counts only with a classical signature beside the post-quantum one",
                        who->name);
        cret_err_actual(why, "%s", cret_cms_algorithm(cms));
        return false;
    }
    if (judge->result->completed[signer])
        return true;
    cret_err_refuse(why, CRET_CHECK_SIGNATURE_POST_QUANTUM,
                    "%s signed with the classical key only%s", who->name,
                    judge->unchecked
                        ? ", as far as this OpenSSL can verify the signatures that are there"
                        : "");
    cret_err_expected(why, "the trust policy requires a post-quantum signature too");
    cret_err_hint(why, judge->unchecked ? "use a verifier with OpenSSL 3.5 or newer"
                       : who->has_post_quantum
                           ? "ask the vendor for the release with both signatures"
                           : "the trust policy has no postQuantum anchor for this signer");
    return false;
}

static enum cret_status judge_signature(const struct judge *judge, size_t index,
                                        struct cret_err *err)
{
    struct cret_signature_judgement *result = &judge->result->signatures[index];
    const struct cret_policy_role *role = NULL;
    size_t signer = 0, role_index = 0;
    if (attribute(judge, index, false, &signer, &role, &role_index, err) != CRET_OK)
        return CRET_FAILED;
    if (role == NULL || !is_complete(judge, result->cms, signer, &result->why_not))
        return CRET_OK;
    if (key_counted_before(judge, index)) {
        cret_err_refuse(&result->why_not, CRET_CHECK_TRUST_THRESHOLD,
                        "the key of %s was counted already", judge->scope->signers[signer].name);
        return CRET_OK;
    }
    accept(judge, result, signer, role);
    result->counted = true;
    if (!judge->signer_counted[signer]) {
        judge->signer_counted[signer] = true;
        judge->result->role_signers[role_index]++;
    }
    return CRET_OK;
}

/* Post-quantum signatures first: under "require" the others count only with them. */
static enum cret_status judge_all(struct judge *judge, bool *settled, struct cret_err *err)
{
    for (size_t i = 0; i < judge->count; i++) {
        if (judge_post_quantum(judge, i, &settled[i], err) != CRET_OK)
            return CRET_FAILED;
    }
    for (size_t i = 0; i < judge->count; i++) {
        if (!settled[i] && judge_signature(judge, i, err) != CRET_OK)
            return CRET_FAILED;
    }
    return CRET_OK;
}

static enum cret_status judge_scope(struct judge *judge, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const struct cret_policy_scope *scope = judge->scope;
    struct cret_scope_judgement *result = judge->result;
    result->signatures = calloc(judge->count + 1, sizeof *result->signatures);
    result->role_signers = calloc(scope->role_count + 1, sizeof *result->role_signers);
    result->completed = calloc(scope->signer_count + 1, sizeof *result->completed);
    judge->signer_counted = calloc(scope->signer_count + 1, sizeof *judge->signer_counted);
    bool *settled = calloc(judge->count + 1, sizeof *settled);
    if (result->signatures == NULL || result->role_signers == NULL || result->completed == NULL ||
        judge->signer_counted == NULL || settled == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (judge_all(judge, settled, err) != CRET_OK)
        goto out;
    result->waivers = judge->waivers;
    cret_scope_decide(scope, result);
    status = CRET_OK;
out:
    free(settled);
    free(judge->signer_counted);
    judge->signer_counted = NULL;
    return status;
}

void cret_scope_judgement_clear(struct cret_scope_judgement *judgement)
{
    free(judgement->signatures);
    free(judgement->role_signers);
    free(judgement->completed);
    memset(judgement, 0, sizeof *judgement);
}

static void free_scopes(struct cret_scope_judgement *scopes, size_t count)
{
    for (size_t i = 0; scopes != NULL && i < count; i++)
        cret_scope_judgement_clear(&scopes[i]);
    free(scopes);
}

static enum cret_status judge_scopes(const struct cret_policy *policy, bool waivers,
                                     const struct cret_cms *const *signatures, size_t count,
                                     int64_t now, bool allow_example_keys,
                                     struct cret_signature_judgement *ret_judgements,
                                     struct cret_authentic_scope **ret_scopes,
                                     struct cret_findings *findings, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_scope_judgement *scopes = NULL;
    struct cret_authentic_scope *what = NULL;
    struct cret_signature_judgement *times = NULL;
    if (policy->scope_count == 0)
        return cret_err_usage(err, "the trust policy has no scope");
    if (cret_policy_judge_times(&times, policy, signatures, count, now, allow_example_keys, ret_judgements,
                    findings, err) != CRET_OK)
        return CRET_FAILED;
    scopes = calloc(policy->scope_count, sizeof *scopes);
    what = calloc(policy->scope_count, sizeof *what);
    if (scopes == NULL || what == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < policy->scope_count; i++) {
        struct judge judge = {.policy = policy,
                              .scope = &policy->scopes[i],
                              .post_quantum = policy->post_quantum,
                              .now = now,
                              .allow_example_keys = allow_example_keys,
                              .waivers = waivers,
                              .count = count,
                              .signatures = signatures,
                              .times = times,
                              .result = &scopes[i]};
        if (judge_scope(&judge, err) != CRET_OK)
            goto out;
    }
    const bool any = cret_scopes_fill(policy, scopes, what);
    cret_scopes_merge(scopes, policy->scope_count, ret_judgements, count);
    cret_policy_report(policy, scopes, ret_judgements, count, allow_example_keys, findings, err);
    if (any && count > 0) {
        *ret_scopes = what;
        what = NULL;
        status = CRET_OK;
    }
out:
    free_scopes(scopes, policy->scope_count);
    free(what);
    free(times);
    return status;
}

enum cret_status cret_policy_judge_owners(const struct cret_policy *policy,
                                          const struct cret_cms *const *signatures, size_t count,
                                          bool allow_example_keys,
                                          struct cret_scope_judgement *ret_judgement,
                                          struct cret_err *err)
{
    /* Of the policy only what holds for its owners: no revocation, no timestamps. */
    const struct cret_policy rules = {.algorithms = policy->algorithms,
                                      .algorithm_count = policy->algorithm_count};
    struct cret_scope_judgement judgement;
    struct judge judge = {.policy = &rules,
                          .scope = &policy->owners,
                          .post_quantum = CRET_DEMAND_OFF,
                          .now = policy->issued,
                          .allow_example_keys = allow_example_keys,
                          .count = count,
                          .signatures = signatures,
                          .result = &judgement};
    memset(&judgement, 0, sizeof judgement);
    if (judge_scope(&judge, err) != CRET_OK) {
        cret_scope_judgement_clear(&judgement);
        return CRET_FAILED;
    }
    *ret_judgement = judgement;
    return CRET_OK;
}

enum cret_status cret_policy_judge(const struct cret_policy *policy,
                                   const struct cret_cms *const *signatures, size_t count,
                                   int64_t now, bool allow_example_keys,
                                   struct cret_signature_judgement *ret_judgements,
                                   struct cret_authentic_scope **ret_scopes,
                                   struct cret_findings *findings, struct cret_err *err)
{
    return judge_scopes(policy, false, signatures, count, now, allow_example_keys, ret_judgements,
                        ret_scopes, findings, err);
}

enum cret_status cret_policy_judge_waivers(
    const struct cret_policy *policy, const struct cret_cms *const *signatures, size_t count,
    int64_t now, bool allow_example_keys, struct cret_signature_judgement *ret_judgements,
    struct cret_authentic_scope **ret_scopes, struct cret_findings *findings, struct cret_err *err)
{
    return judge_scopes(policy, true, signatures, count, now, allow_example_keys, ret_judgements,
                        ret_scopes, findings, err);
}
