/* SPDX-License-Identifier: Apache-2.0 */
/* A trust policy in memory: what its parts mean, and how they go. Whoever reads one stands above.
 */
#include "trust/policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/unicode.h"
#include "trust/policy/policy_parts.h"
#include "trust/x509/cms_algorithm.h"

unsigned cret_role_threshold(const struct cret_policy_role *role)
{
    return role->threshold == 0 ? 1 : role->threshold;
}

enum cret_status cret_policy_role_begin(struct cret_policy_role *role,
                                        const struct cret_role_kind *kind, size_t signer_capacity,
                                        struct cret_err *err)
{
    memset(role, 0, sizeof(*role));
    role->name = strdup(kind->name);
    role->usage = strdup(CRET_USAGE_CODE_SIGNING);
    role->signers = calloc(signer_capacity + 1, sizeof(*role->signers));
    role->threshold = 1;
    memcpy(role->meanings, kind->meanings, sizeof(role->meanings));
    if (role->name == NULL || role->usage == NULL || role->signers == NULL) {
        return cret_err_memory(err);
    }
    return CRET_OK;
}

size_t cret_policy_signer_find(const struct cret_policy_scope *scope, const char *name)
{
    size_t signer = 0;
    while (signer < scope->signer_count && !cret_unicode_same(scope->signers[signer].name, name)) {
        signer++;
    }
    return signer;
}

bool cret_policy_scope_covers(const struct cret_policy_scope *scope, const char *product)
{
    return cret_unicode_lists((const char *const *)scope->products, scope->product_count, product);
}

enum cret_status cret_policy_at(const char *origin, const char *where, struct cret_err *err)
{
    if (err != NULL && err->class == CRET_ERR_REFUSED &&
        err->check != CRET_CHECK_TRUST_EXAMPLE_KEY) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        err->check = CRET_CHECK_NONE;
    }
    return cret_err_where(err, "%s %s", origin, where);
}

bool cret_policy_allows_algorithm(const struct cret_policy *policy, const char *algorithm)
{
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        if (strcmp(policy->algorithms[i], algorithm) == 0) {
            return true;
        }
    }
    return policy->algorithm_count == 0 ||
           (policy->rsa_2048 && cret_signature_algorithm_is_rsa_2048(algorithm));
}

void cret_policy_time_defaults(struct cret_policy *policy)
{
    policy->revocation = CRET_DEMAND_PREFER;
    policy->timestamp = CRET_DEMAND_PREFER;
}

/* A key of the signer is one of the other's. */
static bool shares_key(const struct cret_policy_signer *signer,
                       const struct cret_policy_signer *other)
{
    const struct cret_anchor *const mine[] = {&signer->anchor, &signer->post_quantum};
    const struct cret_anchor *const theirs[] = {&other->anchor, &other->post_quantum};
    for (size_t i = 0; i < (signer->has_post_quantum ? 2u : 1u); i++) {
        for (size_t j = 0; j < (other->has_post_quantum ? 2u : 1u); j++) {
            if (memcmp(mine[i]->key_digest, theirs[j]->key_digest, CRET_SHA256_BYTES) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Names are unique; so are keys: one key under two names would count twice, or fill two roles. */
enum cret_status cret_policy_check_unique(const struct cret_policy_scope *scope,
                                          const struct cret_policy_signer *signer,
                                          struct cret_err *err)
{
    if (signer->has_post_quantum &&
        memcmp(signer->anchor.key_digest, signer->post_quantum.key_digest, CRET_SHA256_BYTES) ==
            0) {
        cret_err_usage(err, "%s has the same key as anchor and as postQuantum", signer->name);
        return cret_err_hint(err, "the anchor is for his classical key");
    }
    for (size_t i = 0; i < scope->signer_count; i++) {
        const struct cret_policy_signer *other = &scope->signers[i];
        if (cret_unicode_same(other->name, signer->name)) {
            return cret_err_usage(err, "two signers of this scope are called %s", signer->name);
        }
        if (shares_key(signer, other)) {
            cret_err_usage(err, "%s and %s have the same key", other->name, signer->name);
            return cret_err_hint(err, "thresholds count signers; each needs a key of his own, and "
                                      "no key has two roles");
        }
    }
    return CRET_OK;
}

void cret_policy_anchor_clear(struct cret_anchor *anchor)
{
    cret_certificate_free(&anchor->certificate);
    free(anchor->key);
    anchor->key = NULL;
}

static void clear_pin(struct cret_foreign_pin *pin)
{
    free(pin->name);
    free(pin->kind);
    free(pin->subject);
    free(pin->issuer);
    free(pin->key);
    cret_policy_anchor_clear(&pin->anchor);
}

bool cret_policy_pin_remove(struct cret_policy_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->pin_count; i++) {
        if (strcmp(scope->pins[i].name, name) == 0) {
            clear_pin(&scope->pins[i]);
            scope->pin_count--;
            memmove(&scope->pins[i], &scope->pins[i + 1],
                    (scope->pin_count - i) * sizeof(*scope->pins));
            return true;
        }
    }
    return false;
}

static void clear_scope(struct cret_policy_scope *scope)
{
    free(scope->vendor);
    for (size_t i = 0; i < scope->product_count; i++) {
        free(scope->products[i]);
    }
    free(scope->products);
    for (size_t i = 0; i < scope->signer_count; i++) {
        free(scope->signers[i].name);
        cret_policy_anchor_clear(&scope->signers[i].anchor);
        cret_policy_anchor_clear(&scope->signers[i].post_quantum);
    }
    free(scope->signers);
    for (size_t i = 0; i < scope->role_count; i++) {
        free(scope->roles[i].name);
        free(scope->roles[i].usage);
        free(scope->roles[i].signers);
        for (size_t j = 0; j < scope->roles[i].builder_count; j++) {
            free(scope->roles[i].builders[j].id);
        }
        free(scope->roles[i].builders);
    }
    free(scope->roles);
    for (size_t i = 0; i < scope->floor_count; i++) {
        free(scope->floors[i].product);
    }
    free(scope->floors);
    for (size_t i = 0; i < scope->pin_count; i++) {
        clear_pin(&scope->pins[i]);
    }
    free(scope->pins);
}

static void clear_time(struct cret_policy *policy)
{
    cret_crls_free(&policy->crls, policy->crl_count);
    for (size_t i = 0; i < policy->authority_count; i++) {
        free(policy->authorities[i].name);
        cret_policy_anchor_clear(&policy->authorities[i].anchor);
    }
    free(policy->authorities);
    cret_certificates_free(&policy->intermediates, policy->intermediate_count);
}

void cret_policy_free(struct cret_policy **policy)
{
    if (policy == NULL || *policy == NULL) {
        return;
    }
    free((*policy)->name);
    free((*policy)->overlay_name);
    for (size_t i = 0; i < (*policy)->scope_count; i++) {
        clear_scope(&(*policy)->scopes[i]);
    }
    free((*policy)->scopes);
    clear_scope(&(*policy)->owners);
    for (size_t i = 0; i < (*policy)->algorithm_count; i++) {
        free((*policy)->algorithms[i]);
    }
    free((*policy)->algorithms);
    clear_time(*policy);
    free(*policy);
    *policy = NULL;
}

struct cret_optional cret_policy_floor(const struct cret_policy *policy, const char *vendor,
                                       const char *product)
{
    struct cret_optional floor = {0};
    for (size_t i = 0; i < policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &policy->scopes[i];
        if (scope->vendor == NULL || !cret_unicode_same(scope->vendor, vendor)) {
            continue;
        }
        for (size_t j = 0; j < scope->floor_count; j++) {
            if (cret_unicode_same(scope->floors[j].product, product)) {
                floor = cret_optional_greater(floor, cret_optional_of(scope->floors[j].sequence));
            }
        }
    }
    return floor;
}
