/* SPDX-License-Identifier: Apache-2.0 */
/* `foreign` of a scope, and what --foreign-key and --foreign-signer stand for. */
#include "trust/policy/pin.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "trust/policy/policy_parts.h"

static enum cret_status copy_text(char **ret_text, const json_t *entry, const char *key,
                                  struct cret_err *err)
{
    const char *text = cret_json_string(entry, key);
    *ret_text = text != NULL ? strdup(text) : NULL;
    return text == NULL || *ret_text != NULL ? CRET_OK : cret_err_memory(err);
}

/* What holds between the parts of a pin: it names somebody, and in one way. */
static enum cret_status check_parts(const struct cret_foreign_pin *pin, struct cret_err *err)
{
    const bool names = pin->subject != NULL || pin->issuer != NULL;
    const bool is_ca = pin->has_anchor && pin->anchor.kind == CRET_ANCHOR_CA;
    if (pin->has_anchor == (pin->key != NULL)) {
        cret_err_usage(err, "the pin %s has %s", pin->name,
                       pin->has_anchor ? "an anchor and a key" : "neither an anchor nor a key");
        return cret_err_expected(err, "anchor (a certificate, an authority with subject and "
                                      "issuer, a public key), or key in the format's own form");
    }
    if (!is_ca && (names || pin->own)) {
        return cret_err_usage(err,
                              "the pin %s is a key or a certificate: subject, issuer and own "
                              "are for an anchor of the type ca",
                              pin->name);
    }
    if (is_ca && !pin->own && (pin->subject == NULL || pin->issuer == NULL)) {
        cret_err_usage(err, "the pin %s does not say whose certificates below the authority count",
                       pin->name);
        cret_err_expected(err, "subject and issuer of the vendor's certificate");
        return cret_err_hint(err, "a public authority issues for thousands of publishers; \"own\": "
                                  "true is for an authority that issues for this vendor alone");
    }
    return CRET_OK;
}

static enum cret_status parse_pin(struct cret_foreign_pin *pin, const json_t *entry,
                                  const char *where, const struct cret_anchor_rules *rules,
                                  struct cret_err *err)
{
    struct cret_anchor_rules wider = *rules;
    wider.allow_rsa_2048 = true; /* what vendors sign with today (pin_judge.h) */
    pin->own = json_is_true(json_object_get(entry, "own"));
    pin->weak_digests = json_is_true(json_object_get(entry, "weakDigests"));
    pin->legacy = json_is_true(json_object_get(entry, "legacy"));
    if (cret_optional_time(&pin->not_after, entry, "notAfter") != CRET_OK) {
        return cret_err_usage(err, "the pin's notAfter is no time");
    }
    if (copy_text(&pin->name, entry, "name", err) != CRET_OK ||
        copy_text(&pin->kind, entry, "kind", err) != CRET_OK ||
        copy_text(&pin->subject, entry, "subject", err) != CRET_OK ||
        copy_text(&pin->issuer, entry, "issuer", err) != CRET_OK ||
        copy_text(&pin->key, entry, "key", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (json_object_get(entry, "anchor") != NULL) {
        if (cret_policy_anchor_parse(&pin->anchor, entry, where, &wider, err) != CRET_OK) {
            return CRET_FAILED;
        }
        pin->has_anchor = true;
    }
    return check_parts(pin, err);
}

enum cret_status cret_policy_pins_parse(struct cret_policy_scope *scope, const json_t *json,
                                        const char *where, const struct cret_anchor_rules *rules,
                                        struct cret_err *err)
{
    const json_t *list = json_object_get(json, "foreign");
    scope->pins = calloc(json_array_size(list) + 1, sizeof(*scope->pins));
    if (scope->pins == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct cret_foreign_pin *pin = &scope->pins[i];
        scope->pin_count = i + 1;
        if (parse_pin(pin, json_array_get(list, i), where, rules, err) != CRET_OK) {
            return CRET_FAILED;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(scope->pins[j].name, pin->name) == 0) {
                return cret_err_usage(err, "two pins of the scope are called %s", pin->name);
            }
        }
    }
    return CRET_OK;
}

/* A policy of one scope that is for any vendor, and where nobody may sign a release. */
static enum cret_status new_bare(struct cret_policy **ret_policy, struct cret_err *err)
{
    struct cret_policy *policy = calloc(1, sizeof(*policy));
    struct cret_policy_scope *scope = calloc(1, sizeof(*scope));
    if (policy != NULL && scope != NULL) {
        policy->name = strdup("--foreign-key");
        policy->scopes = scope;
        policy->scope_count = 1;
        scope->products = calloc(1, sizeof(*scope->products));
        scope->product_count = scope->products != NULL ? 1 : 0;
        if (scope->products != NULL) {
            scope->products[0] = strdup("*");
        }
        scope = NULL;
    }
    free(scope);
    if (policy == NULL || policy->scopes == NULL || policy->name == NULL ||
        policy->scopes[0].product_count == 0 || policy->scopes[0].products[0] == NULL) {
        cret_policy_free(&policy);
        return cret_err_memory(err);
    }
    policy->bare_anchor = true;
    cret_policy_time_defaults(policy);
    cret_policy_check_defaults(policy);
    *ret_policy = policy;
    return CRET_OK;
}

static struct cret_foreign_pin *add_pin(struct cret_policy *policy, const char *name,
                                        struct cret_err *err)
{
    struct cret_policy_scope *scope = &policy->scopes[0];
    struct cret_foreign_pin *grown =
        realloc(scope->pins, (scope->pin_count + 1) * sizeof(*scope->pins));
    if (grown == NULL) {
        cret_err_memory(err);
        return NULL;
    }
    scope->pins = grown;
    struct cret_foreign_pin *pin = &grown[scope->pin_count];
    memset(pin, 0, sizeof(*pin));
    pin->name = strdup(name);
    if (pin->name == NULL) {
        cret_err_memory(err);
        return NULL;
    }
    scope->pin_count++;
    return pin;
}

/* A certificate (pinned, whatever it is), a PUBLIC KEY, or a key in some format's own form, which
 * its kind reads. */
static enum cret_status read_key(struct cret_foreign_pin *pin, char *text, const char *path,
                                 bool allow_example_keys, struct cret_err *err)
{
    const struct cret_anchor_rules rules = {allow_example_keys, true};
    const bool certificate = strstr(text, "-----BEGIN CERTIFICATE-----") != NULL;
    if (!certificate && strstr(text, "-----BEGIN PUBLIC KEY-----") == NULL) {
        pin->key = strdup(text);
        return pin->key != NULL ? CRET_OK : cret_err_memory(err);
    }
    json_t *entry = json_pack("{s:{s:s, s:s}}", "anchor", "type",
                              certificate ? "certificate" : "key", "pem", text);
    if (entry == NULL) {
        return cret_err_usage(err, "%s is no text", path);
    }
    const enum cret_status status =
        cret_policy_anchor_parse(&pin->anchor, entry, path, &rules, err);
    json_decref(entry);
    pin->has_anchor = status == CRET_OK;
    return status == CRET_OK ? CRET_OK : cret_err_where(err, "%s", path);
}

static enum cret_status add_key_file(struct cret_policy *policy, const char *path,
                                     bool allow_example_keys, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    const char *base = strrchr(path, '/'); /* its folders are nobody's business in a record */
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_FAILED;
    struct cret_foreign_pin *pin = NULL;
    if (size == 0 || memchr(text, '\0', size) != NULL) {
        cret_err_usage(err, "%s is not a key as text", path);
        cret_err_expected(err, "a PEM certificate or public key, or a key in the text form of its "
                               "tool (minisign, signify, armored OpenPGP)");
    } else if ((pin = add_pin(policy, base != NULL ? base + 1 : path, err)) != NULL) {
        status = read_key(pin, text, path, allow_example_keys, err);
    }
    free(text);
    return status;
}

/* The publisher by his name, below any of the --anchor certificates. */
static enum cret_status add_signer(struct cret_policy *policy, const char *subject,
                                   const char *path, bool allow_example_keys, struct cret_err *err)
{
    const struct cret_anchor_rules rules = {allow_example_keys, true};
    char *text = NULL;
    size_t size = 0;
    struct cret_foreign_pin *pin = add_pin(policy, subject, err);
    if (pin == NULL ||
        cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_policy_anchor_from_pem(&pin->anchor, text, path, &rules, err);
    free(text);
    if (status != CRET_OK) {
        return cret_err_where(err, "%s", path);
    }
    pin->has_anchor = true;
    if (pin->anchor.kind != CRET_ANCHOR_CA) {
        cret_err_usage(err, "%s is not a certification authority", path);
        return cret_err_hint(err, "give the publisher's own certificate with --foreign-key");
    }
    pin->subject = strdup(subject);
    return pin->subject != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_policy_from_pins(struct cret_policy **ret_policy,
                                       const struct cret_bare_pins *bare, struct cret_err *err)
{
    struct cret_policy *policy = NULL;
    if (new_bare(&policy, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    for (size_t i = 0; status == CRET_OK && i < bare->key_count; i++) {
        status = add_key_file(policy, bare->keys[i], bare->allow_example_keys, err);
    }
    for (size_t i = 0; status == CRET_OK && bare->signer != NULL && i < bare->anchor_count; i++) {
        status = add_signer(policy, bare->signer, bare->anchors[i], bare->allow_example_keys, err);
    }
    if (status == CRET_OK && policy->scopes[0].pin_count == 0) {
        status = cret_err_usage(err, "nobody was named whose foreign signature counts");
    }
    for (size_t i = 0; status == CRET_OK && i < policy->scopes[0].pin_count; i++) {
        policy->scopes[0].pins[i].weak_digests = bare->weak_digests;
    }
    if (status != CRET_OK) {
        cret_policy_free(&policy);
        return CRET_FAILED;
    }
    *ret_policy = policy;
    return CRET_OK;
}
