/* SPDX-License-Identifier: Apache-2.0 */
/* What trust.json says of revocation lists, timestamps and intermediates, and the files of
 * --crl. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "trust/policy/policy_parts.h"

enum { WHERE_BYTES = 128, DAY = 86400 };

struct parse {
    struct cret_policy *policy;
    const char *origin;
    bool allow_example_keys;
    struct cret_err *err;
};

static enum cret_status at(const struct parse *parse, const char *where)
{
    return cret_policy_at(parse->origin, where, parse->err);
}

static enum cret_demand demand(const json_t *json, const char *key, const char *middle)
{
    const char *text = cret_json_string(json, key);
    if (text == NULL || strcmp(text, middle) == 0) {
        return CRET_DEMAND_PREFER;
    }
    return strcmp(text, "off") == 0 ? CRET_DEMAND_OFF : CRET_DEMAND_REQUIRE;
}

static enum cret_status parse_crls(const struct parse *parse, const json_t *list)
{
    char where[WHERE_BYTES];
    struct cret_policy *policy = parse->policy;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *pem = cret_json_string(json_array_get(list, i), "pem");
        snprintf(where, sizeof(where), "#/crls/%zu", i);
        if (cret_crls_read(&policy->crls, &policy->crl_count, pem, strlen(pem), "pem",
                           parse->err) != CRET_OK) {
            return at(parse, where);
        }
    }
    return CRET_OK;
}

static enum cret_status parse_authorities(const struct parse *parse, const json_t *list)
{
    char where[WHERE_BYTES];
    struct cret_policy *policy = parse->policy;
    policy->authorities = calloc(json_array_size(list) + 1, sizeof(*policy->authorities));
    if (policy->authorities == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        struct cret_policy_authority *authority = &policy->authorities[i];
        snprintf(where, sizeof(where), "#/timestampAuthorities/%zu", i);
        const struct cret_anchor_rules rules = {parse->allow_example_keys, policy->rsa_2048};
        if (cret_policy_anchor_from_pem(&authority->anchor, cret_json_string(entry, "pem"), "pem",
                                        &rules, parse->err) != CRET_OK) {
            return at(parse, where);
        }
        policy->authority_count++;
        authority->name = strdup(cret_json_string(entry, "name"));
        if (authority->name == NULL) {
            return cret_err_memory(parse->err);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(policy->authorities[j].name, authority->name) == 0) {
                cret_err_usage(parse->err, "two timestamp authorities are called %s",
                               authority->name);
                return at(parse, where);
            }
        }
    }
    return CRET_OK;
}

static enum cret_status parse_intermediates(const struct parse *parse, const json_t *list)
{
    char where[WHERE_BYTES];
    struct cret_policy *policy = parse->policy;
    policy->intermediates = calloc(json_array_size(list) + 1, sizeof(*policy->intermediates));
    if (policy->intermediates == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct cret_anchor anchor;
        const struct cret_anchor_rules rules = {parse->allow_example_keys, policy->rsa_2048};
        snprintf(where, sizeof(where), "#/intermediates/%zu", i);
        if (cret_policy_anchor_from_pem(&anchor, json_string_value(json_array_get(list, i)),
                                        "the entry", &rules, parse->err) != CRET_OK) {
            return at(parse, where);
        }
        policy->intermediates[policy->intermediate_count++] = anchor.certificate;
        if (anchor.kind != CRET_ANCHOR_CA) {
            cret_err_usage(parse->err, "%s is not a certification authority",
                           cret_certificate_subject(anchor.certificate));
            return at(parse, where);
        }
    }
    return CRET_OK;
}

/* A policy that can accept nothing at all is a mistake. */
static enum cret_status check_possible(const struct parse *parse)
{
    if (parse->policy->timestamp != CRET_DEMAND_REQUIRE || parse->policy->authority_count > 0) {
        return CRET_OK;
    }
    cret_err_usage(parse->err, "the policy requires timestamps, but names no timestamp authority");
    at(parse, "#/timestamp");
    return cret_err_hint(parse->err, "add the authority's certificate to timestampAuthorities");
}

enum cret_status cret_policy_time_parse(struct cret_policy *policy, const json_t *json,
                                        const char *origin, bool allow_example_keys,
                                        struct cret_err *err)
{
    const struct parse parse = {
        .policy = policy, .origin = origin, .allow_example_keys = allow_example_keys, .err = err};
    policy->revocation = demand(json, "revocation", "if-present");
    policy->timestamp = demand(json, "timestamp", "prefer");
    if (cret_optional_number(&policy->crl_max_age, json, "crlMaxAgeDays") != CRET_OK) {
        cret_err_usage(err, "crlMaxAgeDays is not a whole number");
        return at(&parse, "#/crlMaxAgeDays");
    }
    policy->crl_max_age.value *= DAY;
    if (parse_crls(&parse, json_object_get(json, "crls")) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_crls_check_bases(policy->crls, policy->crl_count, err) != CRET_OK) {
        return at(&parse, "#/crls");
    }
    policy->own_crl_count = policy->crl_count;
    if (parse_authorities(&parse, json_object_get(json, "timestampAuthorities")) != CRET_OK ||
        parse_intermediates(&parse, json_object_get(json, "intermediates")) != CRET_OK) {
        return CRET_FAILED;
    }
    return check_possible(&parse);
}

enum cret_status cret_policy_share_crls(struct cret_policy *policy, const struct cret_policy *from,
                                        struct cret_err *err)
{
    policy->revocation = from->revocation;
    policy->crl_max_age = from->crl_max_age;
    policy->as_of = from->as_of;
    for (size_t i = 0; i < from->crl_count; i++) {
        char *pem = cret_crl_pem(from->crls[i]);
        if (pem == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status = cret_crls_read(&policy->crls, &policy->crl_count, pem,
                                                       strlen(pem), "a revocation list", err);
        free(pem);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    policy->own_crl_count = from->own_crl_count;
    return CRET_OK;
}

enum cret_status cret_policy_add_crls(struct cret_policy *policy, const char *const *paths,
                                      size_t count, struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        char *data = NULL;
        size_t size = 0;
        enum cret_status status =
            cret_file_read(&data, &size, paths[i], CRET_LIMIT_CRL_FILE_BYTES, CRET_ERR_USAGE, err);
        if (status == CRET_OK) {
            status = cret_crls_read(&policy->crls, &policy->crl_count, data, size, paths[i], err);
        }
        free(data);
        if (status != CRET_OK) {
            return cret_err_context(err, "--crl");
        }
    }
    return cret_crls_check_bases(policy->crls, policy->crl_count, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "--crl");
}
