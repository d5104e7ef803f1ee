/* SPDX-License-Identifier: Apache-2.0 */
/* What trust.json says of its owners and of the algorithms that count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "trust/policy/policy_parts.h"
#include "trust/x509/cms_algorithm.h"

enum { WHERE_BYTES = 128 };

/* What an owner may have meant: a stock CMS tool gives no meaning, `trust sign` approves. */
static const struct cret_role_kind owner_kind = {
    .name = "policy owner",
    .meanings = {[CRET_MEANING_NONE] = true, [CRET_MEANING_APPROVAL] = true}};

static enum cret_status take_owner(struct cret_policy_scope *owners, const json_t *json,
                                   const char *where, bool allow_example_keys, struct cret_err *err)
{
    struct cret_policy_signer signer;
    memset(&signer, 0, sizeof(signer));
    const char *name = cret_json_string(json, "name");
    signer.name = strdup(name == NULL ? "" : name);
    if (signer.name == NULL) {
        return cret_err_memory(err);
    }
    const struct cret_anchor_rules rules = {.allow_example_keys = allow_example_keys};
    if (cret_policy_anchor_parse(&signer.anchor, json, where, &rules, err) != CRET_OK ||
        cret_policy_check_unique(owners, &signer, err) != CRET_OK) {
        cret_policy_anchor_clear(&signer.anchor);
        free(signer.name);
        return CRET_FAILED;
    }
    owners->signers[owners->signer_count++] = signer;
    return CRET_OK;
}

static enum cret_status parse_owners(struct cret_policy_scope *owners, const json_t *json,
                                     const char *origin, bool allow_example_keys,
                                     struct cret_err *err)
{
    const json_t *list = json_object_get(json, "signers");
    const size_t count = json_array_size(list);
    const int64_t threshold = cret_json_integer(json, "threshold", 0);
    char where[WHERE_BYTES];
    if (json == NULL) {
        return CRET_OK;
    }
    owners->signers = calloc(count + 1, sizeof(*owners->signers));
    owners->roles = calloc(1, sizeof(*owners->roles));
    if (owners->signers == NULL || owners->roles == NULL) {
        return cret_err_memory(err);
    }
    owners->role_count = 1;
    struct cret_policy_role *role = &owners->roles[0];
    if (cret_policy_role_begin(role, &owner_kind, count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(where, sizeof(where), "#/owners/signers/%zu", i);
        if (take_owner(owners, json_array_get(list, i), where, allow_example_keys, err) !=
            CRET_OK) {
            return cret_policy_at(origin, where, err);
        }
        role->signers[role->signer_count++] = i;
    }
    if (threshold < 1 || threshold > (int64_t)count) {
        cret_err_usage(err, "the owners' threshold cannot be met");
        cret_err_expected(err, "1 to %zu (the owners)", count);
        cret_err_actual(err, "%lld", (long long)threshold);
        return cret_policy_at(origin, "#/owners/threshold", err);
    }
    role->threshold = (unsigned)threshold;
    return CRET_OK;
}

static bool is_rsa_2048(const char *name)
{
    return strcmp(name, "rsa-2048") == 0;
}

bool cret_policy_names_rsa_2048(const json_t *json)
{
    const json_t *list = json_object_get(json, "algorithms");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (is_rsa_2048(json_string_value(json_array_get(list, i)))) {
            return true;
        }
    }
    return false;
}

/* A name that no signature can have would refuse everything, or hide that another was meant. */
static enum cret_status parse_algorithms(struct cret_policy *policy, const json_t *list,
                                         const char *origin, struct cret_err *err)
{
    char where[WHERE_BYTES];
    policy->algorithms = calloc(json_array_size(list) + 1, sizeof(*policy->algorithms));
    if (policy->algorithms == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        bool twice = false;
        for (size_t j = 0; j < i; j++) {
            twice = twice || strcmp(name, json_string_value(json_array_get(list, j))) == 0;
        }
        snprintf(where, sizeof(where), "#/algorithms/%zu", i);
        /* No algorithm of the profile: what it lets count besides, cret_policy_parse has noted. */
        if (!twice && is_rsa_2048(name)) {
            continue;
        }
        if (twice || !cret_signature_algorithm_named(name)) {
            cret_err_usage(err,
                           twice ? "the algorithm %s is listed twice"
                                 : "there is no signature algorithm %s",
                           name);
            cret_err_expected(err, "names such as ecdsa-p256-sha256, rsa-3072-pkcs1-sha256, "
                                   "rsa-4096-pss-sha384, ml-dsa-65-sha512; or rsa-2048");
            return cret_policy_at(origin, where, err);
        }
        policy->algorithms[policy->algorithm_count] = strdup(name);
        if (policy->algorithms[policy->algorithm_count] == NULL) {
            return cret_err_memory(err);
        }
        policy->algorithm_count++;
    }
    return CRET_OK;
}

enum cret_status cret_policy_owners_parse(struct cret_policy *policy, const json_t *json,
                                          const char *origin, bool allow_example_keys,
                                          struct cret_err *err)
{
    if (parse_owners(&policy->owners, json_object_get(json, "owners"), origin, allow_example_keys,
                     err) != CRET_OK) {
        return CRET_FAILED;
    }
    return parse_algorithms(policy, json_object_get(json, "algorithms"), origin, err);
}
