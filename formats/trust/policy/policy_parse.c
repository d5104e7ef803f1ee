/* SPDX-License-Identifier: Apache-2.0 */
/* trust.json: by the tables first, then what holds between its parts. */
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "trust/policy/policy_parts.h"

struct parse {
    struct cret_policy *policy;
    const char *origin; /* the file, for errors */
    bool allow_example_keys;
    struct cret_err *err;
};

enum { WHERE_BYTES = 128 };

static enum cret_status at(const struct parse *parse, const char *where)
{
    return cret_policy_at(parse->origin, where, parse->err);
}

static char *copy_string(const json_t *object, const char *key)
{
    const char *text = cret_json_string(object, key);
    return strdup(text == NULL ? "" : text);
}

static enum cret_status parse_products(const struct parse *parse, struct cret_policy_scope *scope,
                                       const json_t *json, const char *where)
{
    const json_t *list = json_object_get(json, "products");
    const size_t count = json_array_size(list);
    scope->vendor = copy_string(json, "vendor");
    scope->products = calloc(count + 1, sizeof(*scope->products));
    if (scope->vendor == NULL || scope->products == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (strcmp(name, "*") == 0 && count != 1) {
            cret_err_usage(parse->err, "\"*\" stands for all products and must be the only one");
            return at(parse, where);
        }
        for (size_t j = 0; j < i; j++) {
            if (cret_unicode_same(scope->products[j], name)) {
                cret_err_usage(parse->err, "the product %s is listed twice", name);
                return at(parse, where);
            }
        }
        scope->products[i] = strdup(name);
        if (scope->products[i] == NULL) {
            return cret_err_memory(parse->err);
        }
        scope->product_count++;
    }
    return CRET_OK;
}

static enum cret_status parse_signers(const struct parse *parse, struct cret_policy_scope *scope,
                                      const json_t *json, size_t scope_index)
{
    const json_t *list = json_object_get(json, "signers");
    const size_t count = json_array_size(list);
    char where[WHERE_BYTES];
    scope->signers = calloc(count + 1, sizeof(*scope->signers));
    if (scope->signers == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        struct cret_policy_signer signer;
        memset(&signer, 0, sizeof(signer));
        const struct cret_anchor_rules rules = {parse->allow_example_keys, parse->policy->rsa_2048};
        snprintf(where, sizeof(where), "#/scopes/%zu/signers/%zu", scope_index, i);
        signer.name = copy_string(entry, "name");
        if (signer.name == NULL) {
            return cret_err_memory(parse->err);
        }
        enum cret_status status = CRET_FAILED;
        if (cret_policy_anchor_parse(&signer.anchor, entry, where, &rules, parse->err) != CRET_OK ||
            cret_policy_post_quantum_parse(&signer.post_quantum, &signer.has_post_quantum, entry,
                                           where, &rules, parse->err) != CRET_OK) {
            at(parse, where);
        } else if (cret_policy_check_unique(scope, &signer, parse->err) != CRET_OK) {
            at(parse, where);
        } else {
            status = CRET_OK;
        }
        if (status != CRET_OK) {
            free(signer.name);
            cret_policy_anchor_clear(&signer.anchor);
            cret_policy_anchor_clear(&signer.post_quantum);
            return CRET_FAILED;
        }
        scope->signers[scope->signer_count++] = signer;
    }
    return CRET_OK;
}

/* A dotted object identifier in its one form, or the name codeSigning. */
static enum cret_status parse_usage(const struct parse *parse, struct cret_policy_role *role,
                                    const json_t *json, const char *where)
{
    const char *text = cret_json_string(json, "usage");
    char canonical[128] = "";
    if (text == NULL || strcmp(text, "codeSigning") == 0) {
        return CRET_OK;
    }
    ASN1_OBJECT *object = strspn(text, "0123456789.") == strlen(text) ? OBJ_txt2obj(text, 1) : NULL;
    const bool good = object != NULL &&
                      OBJ_obj2txt(canonical, (int)sizeof(canonical), object, 1) > 0 &&
                      strcmp(canonical, text) == 0 && strcmp(text, "2.5.29.37.0") != 0;
    ASN1_OBJECT_free(object);
    if (!good) {
        cret_err_usage(parse->err, "%s is not an extended key usage", text);
        cret_err_expected(parse->err, "a dotted object identifier other than anyExtendedKeyUsage, "
                                      "or codeSigning");
        return at(parse, where);
    }
    free(role->usage);
    role->usage = strdup(text);
    return role->usage == NULL ? cret_err_memory(parse->err) : CRET_OK;
}

/* A policy may ask for fewer meanings than the role takes, never for others. */
static enum cret_status parse_meanings(const struct parse *parse, struct cret_policy_role *role,
                                       const json_t *json, const char *where)
{
    const json_t *list = json_object_get(json, "meanings");
    bool wanted[CRET_MEANING_COUNT] = {false};
    if (list == NULL) {
        return CRET_OK;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        for (int meaning = 0; meaning < CRET_MEANING_COUNT; meaning++) {
            if (strcmp(cret_meaning_name((enum cret_meaning)meaning), name) != 0) {
                continue;
            }
            if (!role->meanings[meaning]) {
                cret_err_usage(parse->err, "the role %s does not take the meaning %s", role->name,
                               name);
                cret_err_expected(parse->err,
                                  "release: origin, none; quality, owner, waiver: approval");
                return at(parse, where);
            }
            wanted[meaning] = true;
        }
    }
    memcpy(role->meanings, wanted, sizeof(wanted));
    return CRET_OK;
}

/* Which roles, this one included, hold the signer already? */
static bool has_role(const struct cret_policy_scope *scope, size_t signer)
{
    for (size_t i = 0; i < scope->role_count; i++) {
        for (size_t j = 0; j < scope->roles[i].signer_count; j++) {
            if (scope->roles[i].signers[j] == signer) {
                return true;
            }
        }
    }
    return false;
}

/* `role` is the last of scope->roles and counted there. */
static enum cret_status parse_role_signers(const struct parse *parse,
                                           const struct cret_policy_scope *scope,
                                           struct cret_policy_role *role, const json_t *list,
                                           const char *where)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        const size_t signer = cret_policy_signer_find(scope, name);
        if (signer == scope->signer_count) {
            cret_err_usage(parse->err, "the role %s names %s, who is no signer of this scope",
                           role->name, name);
            return at(parse, where);
        }
        if (has_role(scope, signer)) {
            cret_err_usage(parse->err, "%s is named twice in the roles of this scope", name);
            at(parse, where);
            return cret_err_hint(parse->err,
                                 "no signer fills two roles: four eyes need two people");
        }
        role->signers[role->signer_count++] = signer;
    }
    return CRET_OK;
}

static enum cret_status parse_threshold(const struct parse *parse, struct cret_policy_role *role,
                                        bool owner, const json_t *json, const char *where)
{
    const int64_t threshold = cret_json_integer(json, "threshold", 1);
    const int64_t minimum = owner ? 0 : 1;
    if (threshold < minimum || threshold > (int64_t)role->signer_count) {
        cret_err_usage(parse->err, "the threshold of the role %s cannot be met as intended",
                       role->name);
        cret_err_expected(parse->err, "%lld to %zu (its signers)", (long long)minimum,
                          role->signer_count);
        cret_err_actual(parse->err, "%lld", (long long)threshold);
        return at(parse, where);
    }
    role->threshold = (unsigned)threshold;
    return CRET_OK;
}

/* The first builder with that id; the count where there is none. */
static size_t names_builder(const struct cret_policy_role *role, const char *id)
{
    size_t i = 0;
    while (i < role->builder_count && strcmp(role->builders[i].id, id) != 0) {
        i++;
    }
    return i;
}

/* What only the role provenance has, and what it cannot have: an attestation carries no
 * certificate, so that a CA would vouch for nothing. */
static enum cret_status parse_builders(const struct parse *parse,
                                       const struct cret_policy_scope *scope,
                                       struct cret_policy_role *role, const json_t *json,
                                       const char *where)
{
    const struct cret_role_kind *kind = cret_role_kind_find(role->name);
    const json_t *list = json_object_get(json, "builders");
    const size_t count = json_array_size(list);
    if (!kind->attests && count > 0) {
        cret_err_usage(parse->err, "the role %s has no builders", role->name);
        at(parse, where);
        return cret_err_hint(parse->err, "builders belong to the role provenance");
    }
    for (size_t i = 0; kind->attests && i < role->signer_count; i++) {
        const struct cret_policy_signer *signer = &scope->signers[role->signers[i]];
        if (signer->anchor.kind == CRET_ANCHOR_CA) {
            cret_err_usage(parse->err, "%s cannot sign provenance below a certification authority",
                           signer->name);
            at(parse, where);
            return cret_err_hint(parse->err, "attestations carry no certificates: pin the "
                                             "builder's key or certificate (type key)");
        }
    }
    role->builders = calloc(count + 1, sizeof(*role->builders));
    for (size_t i = 0; role->builders != NULL && i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        role->builders[i].id = copy_string(entry, "id");
        role->builders[i].level = (unsigned)cret_json_integer(entry, "level", 0);
        role->builder_count++;
        if (role->builders[i].id == NULL) {
            return cret_err_memory(parse->err);
        }
        if (names_builder(role, role->builders[i].id) < i) {
            cret_err_usage(parse->err, "the builder %s is named twice in the role %s",
                           role->builders[i].id, role->name);
            at(parse, where);
            return cret_err_hint(parse->err, "grant each builder one level");
        }
    }
    return role->builders != NULL ? CRET_OK : cret_err_memory(parse->err);
}

/* Under "require" only those count who have a post-quantum anchor. */
static enum cret_status check_post_quantum(const struct parse *parse,
                                           const struct cret_policy_scope *scope,
                                           const struct cret_policy_role *role, const char *where)
{
    size_t able = 0;
    if (parse->policy->post_quantum != CRET_DEMAND_REQUIRE ||
        cret_role_kind_find(role->name)->attests) {
        return CRET_OK;
    }
    for (size_t i = 0; i < role->signer_count; i++) {
        able += scope->signers[role->signers[i]].has_post_quantum ? 1 : 0;
    }
    if (able >= role->threshold) {
        return CRET_OK;
    }
    cret_err_usage(
        parse->err,
        "the policy requires post-quantum signatures, but too few signers of the role %s "
        "have a postQuantum anchor",
        role->name);
    cret_err_expected(parse->err, "at least %u", role->threshold);
    cret_err_actual(parse->err, "%zu", able);
    at(parse, where);
    return cret_err_hint(parse->err, "add the anchors, or ask with \"prefer\" until all have one");
}

static enum cret_status parse_roles(const struct parse *parse, struct cret_policy_scope *scope,
                                    const json_t *json, size_t scope_index)
{
    const json_t *list = json_object_get(json, "roles");
    const size_t count = json_array_size(list);
    char where[WHERE_BYTES];
    scope->roles = calloc(count + 1, sizeof(*scope->roles));
    if (scope->roles == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        const json_t *names = json_object_get(entry, "signers");
        const char *name = cret_json_string(entry, "role");
        const struct cret_role_kind *kind = name == NULL ? NULL : cret_role_kind_find(name);
        snprintf(where, sizeof(where), "#/scopes/%zu/roles/%zu", scope_index, i);
        for (size_t j = 0; kind != NULL && j < i; j++) {
            if (strcmp(scope->roles[j].name, name) == 0) {
                kind = NULL;
            }
        }
        if (kind == NULL) {
            cret_err_usage(parse->err, "the role %s is unknown, or twice in this scope",
                           name == NULL ? "" : name);
            return at(parse, where);
        }
        struct cret_policy_role *role = &scope->roles[i];
        scope->role_count++;
        if (cret_policy_role_begin(role, kind, json_array_size(names), parse->err) != CRET_OK ||
            parse_role_signers(parse, scope, role, names, where) != CRET_OK ||
            parse_threshold(parse, role, kind->owner, entry, where) != CRET_OK ||
            check_post_quantum(parse, scope, role, where) != CRET_OK ||
            parse_builders(parse, scope, role, entry, where) != CRET_OK ||
            parse_usage(parse, role, entry, where) != CRET_OK ||
            parse_meanings(parse, role, entry, where) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status parse_floors(const struct parse *parse, struct cret_policy_scope *scope,
                                     const json_t *json, size_t scope_index)
{
    const json_t *list = json_object_get(json, "minimumSequence");
    const size_t count = json_array_size(list);
    char where[WHERE_BYTES];
    scope->floors = calloc(count + 1, sizeof(*scope->floors));
    if (scope->floors == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        struct cret_policy_floor *floor = &scope->floors[i];
        snprintf(where, sizeof(where), "#/scopes/%zu/minimumSequence/%zu", scope_index, i);
        floor->product = copy_string(entry, "product");
        if (floor->product == NULL) {
            return cret_err_memory(parse->err);
        }
        scope->floor_count++;
        floor->sequence = cret_json_integer(entry, "sequence", 0);
        /* A floor under another name than the product's would hold nothing, silently. */
        if (strcmp(floor->product, "*") == 0 || !cret_policy_scope_covers(scope, floor->product)) {
            cret_err_usage(parse->err, "%s is not a product of this scope", floor->product);
            return at(parse, where);
        }
        for (size_t j = 0; j < i; j++) {
            if (cret_unicode_same(scope->floors[j].product, floor->product)) {
                cret_err_usage(parse->err, "%s has two minimum sequences", floor->product);
                return at(parse, where);
            }
        }
    }
    return CRET_OK;
}

/* A scope that pins foreign signatures may have nobody who signs releases: then no release of it is
 * ever accepted. */
static enum cret_status check_whole(const struct parse *parse,
                                    const struct cret_policy_scope *scope, const char *where)
{
    const bool signs = scope->signer_count > 0;
    if ((signs || scope->pin_count > 0) && signs == (scope->role_count > 0)) {
        return CRET_OK;
    }
    cret_err_usage(parse->err, signs ? "the scope has signers, and no roles for them"
                               : scope->role_count > 0
                                   ? "the scope has roles, and no signers for them"
                                   : "the scope names nobody");
    cret_err_expected(parse->err, "signers and roles, or foreign, or all three");
    return at(parse, where);
}

static enum cret_status parse_pins(const struct parse *parse, struct cret_policy_scope *scope,
                                   const json_t *entry, const char *where)
{
    const struct cret_anchor_rules rules = {parse->allow_example_keys, parse->policy->rsa_2048};
    return cret_policy_pins_parse(scope, entry, where, &rules, parse->err) == CRET_OK
               ? check_whole(parse, scope, where)
               : at(parse, where);
}

/* Were a product in two scopes, the weaker one would decide. */
static enum cret_status check_overlap(const struct parse *parse,
                                      const struct cret_policy_scope *scope, size_t scope_index)
{
    char where[WHERE_BYTES];
    snprintf(where, sizeof(where), "#/scopes/%zu/products", scope_index);
    for (size_t i = 0; i < scope_index; i++) {
        const struct cret_policy_scope *other = &parse->policy->scopes[i];
        if (!cret_unicode_same(other->vendor, scope->vendor)) {
            continue;
        }
        for (size_t j = 0; j < scope->product_count; j++) {
            const char *product = scope->products[j];
            if (cret_policy_scope_covers(other, product) || strcmp(product, "*") == 0) {
                cret_err_usage(parse->err, "the product %s of %s is in scope %zu already", product,
                               scope->vendor, i);
                at(parse, where);
                return cret_err_hint(parse->err, "list the products of each scope by name, or add "
                                                 "the signers and roles to the one scope");
            }
        }
    }
    return CRET_OK;
}

static enum cret_status parse_scopes(const struct parse *parse, const json_t *json)
{
    struct cret_policy *policy = parse->policy;
    const json_t *list = json_object_get(json, "scopes");
    const size_t count = json_array_size(list);
    char where[WHERE_BYTES];
    policy->scopes = calloc(count + 1, sizeof(*policy->scopes));
    if (policy->scopes == NULL) {
        return cret_err_memory(parse->err);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        struct cret_policy_scope *scope = &policy->scopes[i];
        policy->scope_count++;
        snprintf(where, sizeof(where), "#/scopes/%zu", i);
        if (parse_products(parse, scope, entry, where) != CRET_OK ||
            parse_signers(parse, scope, entry, i) != CRET_OK ||
            parse_roles(parse, scope, entry, i) != CRET_OK ||
            parse_floors(parse, scope, entry, i) != CRET_OK ||
            parse_pins(parse, scope, entry, where) != CRET_OK ||
            check_overlap(parse, scope, i) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status parse_time(const struct parse *parse, const json_t *json, const char *key,
                                   struct cret_optional *ret_time)
{
    if (cret_optional_time(ret_time, json, key) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_usage(parse->err, "%s is not a time", key);
    return at(parse, "#/");
}

static enum cret_demand parse_demand(const json_t *json, const char *key, enum cret_demand absent)
{
    const char *text = cret_json_string(json, key);
    if (text == NULL) {
        return absent;
    }
    return strcmp(text, "off") == 0      ? CRET_DEMAND_OFF
           : strcmp(text, "prefer") == 0 ? CRET_DEMAND_PREFER
                                         : CRET_DEMAND_REQUIRE;
}

static enum cret_status parse_head(const struct parse *parse, const json_t *json, int64_t now)
{
    struct cret_policy *policy = parse->policy;
    struct cret_optional issued;
    char end[32], time[32];
    policy->name = copy_string(json, "name");
    policy->version = cret_json_integer(json, "version", 0);
    policy->rsa_2048 = cret_policy_names_rsa_2048(json);
    policy->post_quantum = parse_demand(json, "postQuantum", CRET_DEMAND_OFF);
    if (policy->name == NULL) {
        return cret_err_memory(parse->err);
    }
    if (parse_time(parse, json, "issued", &issued) != CRET_OK ||
        parse_time(parse, json, "reviewBy", &policy->review_by) != CRET_OK ||
        parse_time(parse, json, "expires", &policy->expires) != CRET_OK) {
        return CRET_FAILED;
    }
    policy->issued = issued.value; /* the table requires it */
    if (cret_optional_past(policy->expires, now)) {
        cret_time_format(end, policy->expires.value);
        cret_time_format(time, now);
        cret_err_usage(parse->err, "the trust policy \"%s\" expired on %s", policy->name, end);
        at(parse, "#/expires");
        cret_err_expected(parse->err, "a time up to %s", end);
        cret_err_actual(parse->err, "%s", time);
        return cret_err_hint(parse->err, "get the current version of this policy from those who "
                                         "maintain it");
    }
    return CRET_OK;
}

enum cret_status cret_policy_check_draft(const json_t *json, const char *origin, int64_t now,
                                         struct cret_err *err)
{
    struct parse parse = {.origin = origin, .err = err};
    parse.policy = calloc(1, sizeof(*parse.policy));
    if (parse.policy == NULL) {
        return cret_err_memory(err);
    }
    const json_t *scopes = json_object_get(json, "scopes");
    const bool draft = json_is_array(scopes) && json_array_size(scopes) == 0;
    const enum cret_status status =
        cret_file_format_check(&cret_trust_format, json, origin, draft ? "#/scopes" : NULL, err) ==
                    CRET_OK &&
                cret_policy_checks_parse(parse.policy, json, origin, err) == CRET_OK
            ? parse_head(&parse, json, now)
            : CRET_FAILED;
    cret_policy_free(&parse.policy);
    return status;
}

enum cret_status cret_policy_parse(struct cret_policy **ret_policy, const char *text, size_t size,
                                   const char *origin, int64_t now, bool allow_example_keys,
                                   struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct parse parse = {.origin = origin, .allow_example_keys = allow_example_keys, .err = err};
    json_t *json = NULL;
    parse.policy = calloc(1, sizeof(*parse.policy));
    if (parse.policy == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_file_format_read(&json, &cret_trust_format, text, size, origin, err) != CRET_OK ||
        parse_head(&parse, json, now) != CRET_OK || parse_scopes(&parse, json) != CRET_OK ||
        cret_policy_checks_parse(parse.policy, json, origin, err) != CRET_OK ||
        cret_policy_time_parse(parse.policy, json, origin, allow_example_keys, err) != CRET_OK ||
        cret_policy_owners_parse(parse.policy, json, origin, allow_example_keys, err) != CRET_OK ||
        cret_sha256(parse.policy->digest, text, size, err) != CRET_OK) {
        goto out;
    }
    *ret_policy = parse.policy;
    parse.policy = NULL;
    status = CRET_OK;
out:
    json_decref(json);
    cret_policy_free(&parse.policy);
    return status;
}
