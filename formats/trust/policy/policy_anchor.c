/* SPDX-License-Identifier: Apache-2.0 */
/* Anchors: out of a policy, and the files of --anchor. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "trust/asn1/pem.h"
#include "trust/policy/policy_parts.h"
#include "trust/x509/certificate_parts.h"
#include "trust/x509/example_keys.h"

static enum cret_status refuse_example(const char *who, const char *reason, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_TRUST_EXAMPLE_KEY, "the key of %s must never be trusted: %s",
                    who, reason);
    return cret_err_hint(err, "its private key is public: use a certificate whose key its holder "
                              "alone has; for a trial only, give --allow-example-keys");
}

/* A PUBLIC KEY block; CERTIFICATE blocks are left to the caller (*ret_found false). Sets the key of
 * the anchor. */
static enum cret_status take_bare_key(struct cret_anchor *anchor, struct cret_public_key *ret_key,
                                      bool *ret_found, const char *pem, const char *where,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    *ret_found = false;
    if (cret_pem_read(&blocks, &count, pem, strlen(pem), where, err) != CRET_OK) {
        goto out;
    }
    if (strcmp(blocks[0].label, "PUBLIC KEY") == 0) {
        if (count != 1) {
            cret_err_usage(err, "%s: more than one PEM block", where);
            goto out;
        }
        if (cret_public_key_parse(ret_key, blocks[0].der, blocks[0].size, "public key",
                                  CRET_CHECK_CERTIFICATE_ALGORITHM, err) != CRET_OK) {
            goto out;
        }
        anchor->key = malloc(blocks[0].size);
        if (anchor->key == NULL) {
            cret_err_memory(err);
            goto out;
        }
        memcpy(anchor->key, blocks[0].der, blocks[0].size);
        anchor->key_size = blocks[0].size;
        *ret_found = true;
    }
    status = CRET_OK;
out:
    cret_pem_free(&blocks, count);
    return status;
}

enum cret_status cret_policy_read_bare_key(char **ret_pem, uint8_t ret_digest[CRET_SHA256_BYTES],
                                           const char *text, const char *origin,
                                           struct cret_err *err)
{
    struct cret_anchor anchor = {.kind = CRET_ANCHOR_KEY};
    struct cret_public_key key;
    bool found = false;
    *ret_pem = NULL;
    if (take_bare_key(&anchor, &key, &found, text, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!found) {
        return CRET_OK;
    }
    *ret_pem = cret_pem_text("PUBLIC KEY", anchor.key, anchor.key_size);
    memcpy(ret_digest, key.digest, CRET_SHA256_BYTES);
    free(anchor.key);
    return *ret_pem != NULL ? CRET_OK : cret_err_memory(err);
}

/* Exactly one certificate. */
static enum cret_status take_certificate(struct cret_certificate **ret_certificate, const char *pem,
                                         const char *where, struct cret_err *err)
{
    struct cret_certificate **list = NULL;
    size_t count = 0;
    if (cret_certificates_read(&list, &count, pem, strlen(pem), where, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (count != 1) {
        cret_certificates_free(&list, count);
        return cret_err_usage(err, "%s: exactly one certificate is expected", where);
    }
    *ret_certificate = list[0];
    list[0] = NULL;
    cret_certificates_free(&list, count);
    return CRET_OK;
}

static enum cret_status check_fingerprint(const struct cret_anchor *anchor, const json_t *signer,
                                          struct cret_err *err)
{
    const char *text = cret_json_string(signer, "added.fingerprint");
    const uint8_t *actual = anchor->kind == CRET_ANCHOR_KEY
                                ? anchor->key_digest
                                : cret_certificate_digest(anchor->certificate);
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, actual, CRET_SHA256_BYTES);
    if (text == NULL || strcmp(text, hex) == 0) {
        return CRET_OK;
    }
    cret_err_usage(err,
                   "the anchor is not the one whose fingerprint was compared when it was added");
    cret_err_expected(err, "%s", text);
    cret_err_actual(err, "%s", hex);
    return cret_err_hint(err, "find out who changed this policy, and add the signer again");
}

/* What no anchor may be; `key` is that of the anchor. */
static enum cret_status check_anchor(const struct cret_anchor *anchor,
                                     const struct cret_public_key *key, bool allow_example_keys,
                                     bool allow_rsa_2048, struct cret_err *err)
{
    const char *example = NULL, *who = "this anchor";
    if (anchor->certificate != NULL) {
        who = cret_certificate_subject(anchor->certificate);
        example = cret_example_certificate(anchor->certificate);
    } else if (cret_example_key_origin(key->digest) != NULL) {
        example = "its private key is published";
    }
    if (example != NULL && !allow_example_keys) {
        return refuse_example(who, example, err);
    }
    const char *weakness = cret_public_key_weakness_under(key, allow_rsa_2048);
    if (weakness != NULL) {
        const bool never = !cret_public_key_is_rsa_2048(key);
        cret_err_usage(err,
                       never ? "the key of %s can never be accepted: %s"
                             : "the key of %s is not accepted: %s",
                       who, weakness);
        cret_err_actual(err, "%s", key->name);
        return never ? CRET_FAILED : cret_err_hint(err, CRET_RSA_2048_HINT);
    }
    if (anchor->kind == CRET_ANCHOR_CA && !cret_certificate_is_ca(anchor->certificate)) {
        cret_err_usage(err, "%s is not a certification authority", who);
        if (cret_certificate_parts(anchor->certificate)->version == 1) {
            return cret_err_hint(err, "a certificate of X.509 version 1 cannot say that it is one: "
                                      "ask for the authority's certificate of version 3");
        }
        return cret_err_hint(err, "pin it with the type \"certificate\" instead");
    }
    return CRET_OK;
}

static enum cret_status read_anchor(struct cret_anchor *anchor, struct cret_public_key *key,
                                    const char *type, const char *pem, const char *where,
                                    struct cret_err *err)
{
    bool bare = false;
    anchor->kind = strcmp(type, "ca") == 0            ? CRET_ANCHOR_CA
                   : strcmp(type, "certificate") == 0 ? CRET_ANCHOR_CERTIFICATE
                                                      : CRET_ANCHOR_KEY;
    if (anchor->kind == CRET_ANCHOR_KEY &&
        take_bare_key(anchor, key, &bare, pem, where, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!bare) {
        if (take_certificate(&anchor->certificate, pem, where, err) != CRET_OK) {
            return CRET_FAILED;
        }
        *key = cret_certificate_parts(anchor->certificate)->key;
    }
    memcpy(anchor->key_digest, key->digest, sizeof(anchor->key_digest));
    return CRET_OK;
}

/* `field` of the entry, without what is said about the entry as a whole. */
static enum cret_status parse_anchor(struct cret_anchor *ret_anchor,
                                     struct cret_public_key *ret_key, const json_t *signer,
                                     const char *field, const char *where,
                                     const struct cret_anchor_rules *rules, struct cret_err *err)
{
    struct cret_anchor anchor;
    const json_t *json = json_object_get(signer, field);
    const char *type = cret_json_string(json, "type");
    const char *pem = cret_json_string(json, "pem");
    memset(&anchor, 0, sizeof(anchor));
    memset(ret_key, 0, sizeof(*ret_key));
    if (type == NULL || pem == NULL) {
        return cret_err_usage(err, "the signer has no anchor");
    }
    if (cret_optional_time(&anchor.not_after, signer, "notAfter") != CRET_OK) {
        return cret_err_usage(err, "notAfter is not a time");
    }
    if (read_anchor(&anchor, ret_key, type, pem, where, err) != CRET_OK ||
        check_anchor(&anchor, ret_key, rules->allow_example_keys, rules->allow_rsa_2048, err) !=
            CRET_OK) {
        cret_policy_anchor_clear(&anchor);
        return CRET_FAILED;
    }
    *ret_anchor = anchor;
    return CRET_OK;
}

enum cret_status cret_policy_anchor_parse(struct cret_anchor *ret_anchor, const json_t *signer,
                                          const char *where, const struct cret_anchor_rules *rules,
                                          struct cret_err *err)
{
    struct cret_anchor anchor;
    struct cret_public_key key;
    if (parse_anchor(&anchor, &key, signer, "anchor", where, rules, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (check_fingerprint(&anchor, signer, err) != CRET_OK) {
        cret_policy_anchor_clear(&anchor);
        return CRET_FAILED;
    }
    *ret_anchor = anchor;
    return CRET_OK;
}

enum cret_status cret_policy_post_quantum_parse(struct cret_anchor *ret_anchor, bool *ret_present,
                                                const json_t *signer, const char *where,
                                                const struct cret_anchor_rules *rules,
                                                struct cret_err *err)
{
    struct cret_anchor anchor;
    struct cret_public_key key;
    *ret_present = false;
    if (json_object_get(signer, "postQuantum") == NULL) {
        return CRET_OK;
    }
    if (parse_anchor(&anchor, &key, signer, "postQuantum", where, rules, err) != CRET_OK) {
        return cret_err_context(err, "postQuantum");
    }
    if (!cret_public_key_is_post_quantum(&key)) {
        cret_policy_anchor_clear(&anchor);
        cret_err_usage(err, "the postQuantum anchor has a classical key");
        cret_err_expected(err, "ML-DSA-65, ML-DSA-87, or SLH-DSA");
        return cret_err_actual(err, "%s", key.name);
    }
    *ret_anchor = anchor;
    *ret_present = true;
    return CRET_OK;
}

enum cret_status cret_policy_anchor_from_pem(struct cret_anchor *ret_anchor, const char *pem,
                                             const char *where,
                                             const struct cret_anchor_rules *rules,
                                             struct cret_err *err)
{
    struct cret_anchor anchor = {0};
    if (take_certificate(&anchor.certificate, pem, where, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_public_key *key = &cret_certificate_parts(anchor.certificate)->key;
    anchor.kind =
        cret_certificate_is_ca(anchor.certificate) ? CRET_ANCHOR_CA : CRET_ANCHOR_CERTIFICATE;
    memcpy(anchor.key_digest, key->digest, sizeof(anchor.key_digest));
    if (check_anchor(&anchor, key, rules->allow_example_keys, rules->allow_rsa_2048, err) !=
        CRET_OK) {
        cret_policy_anchor_clear(&anchor);
        return CRET_FAILED;
    }
    *ret_anchor = anchor;
    return CRET_OK;
}

/* One certificate of an --anchor file becomes one signer. Takes the certificate over. */
static enum cret_status add_anchor(struct cret_policy_scope *scope,
                                   struct cret_certificate **certificate, bool allow_example_keys,
                                   struct cret_err *err)
{
    const char *example = cret_example_certificate(*certificate);
    if (example != NULL && !allow_example_keys) {
        return refuse_example(cret_certificate_subject(*certificate), example, err);
    }
    struct cret_policy_signer *grown =
        realloc(scope->signers, (scope->signer_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return cret_err_memory(err);
    }
    scope->signers = grown;
    struct cret_policy_signer *signer = &grown[scope->signer_count];
    memset(signer, 0, sizeof(*signer));
    signer->name = strdup(cret_certificate_subject(*certificate));
    if (signer->name == NULL) {
        return cret_err_memory(err);
    }
    signer->anchor.kind =
        cret_certificate_is_ca(*certificate) ? CRET_ANCHOR_CA : CRET_ANCHOR_CERTIFICATE;
    memcpy(signer->anchor.key_digest, cret_certificate_key_digest(*certificate), CRET_SHA256_BYTES);
    signer->anchor.certificate = *certificate;
    *certificate = NULL;
    scope->signer_count++;
    return CRET_OK;
}

static enum cret_status add_anchor_file(struct cret_policy_scope *scope, const char *path,
                                        bool allow_example_keys, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_certificate **list = NULL;
    char *text = NULL;
    size_t size = 0, count = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK ||
        cret_certificates_read(&list, &count, text, size, path, err) != CRET_OK) {
        goto out;
    }
    /* A chain file would make its root an anchor too, and with it every signer below. */
    if (count != 1) {
        cret_err_usage(err, "%s holds %zu certificates; each of them would be trusted by itself",
                       path, count);
        cret_err_hint(err, "give a file with the one certificate that you trust; --anchor may be "
                           "repeated");
        goto out;
    }
    if (add_anchor(scope, &list[0], allow_example_keys, err) != CRET_OK) {
        cret_err_where(err, "%s", path);
        goto out;
    }
    status = CRET_OK;
out:
    cret_certificates_free(&list, count);
    free(text);
    return status;
}

/* The one role of a bare anchor: a `release` signature by any of the signers. */
static enum cret_status add_release_role(struct cret_policy_scope *scope, struct cret_err *err)
{
    scope->roles = calloc(1, sizeof(*scope->roles));
    if (scope->roles == NULL) {
        return cret_err_memory(err);
    }
    scope->role_count = 1;
    struct cret_policy_role *role = &scope->roles[0];
    if (cret_policy_role_begin(role, cret_role_kind_find("release"), scope->signer_count, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < scope->signer_count; i++) {
        role->signers[role->signer_count++] = i;
    }
    return CRET_OK;
}

enum cret_status cret_policy_from_anchors(struct cret_policy **ret_policy, const char *const *paths,
                                          size_t count, bool allow_example_keys,
                                          struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_policy *policy = calloc(1, sizeof(*policy));
    if (policy != NULL) {
        policy->name = strdup("--anchor");
        policy->scopes = calloc(1, sizeof(*policy->scopes));
    }
    if (policy == NULL || policy->name == NULL || policy->scopes == NULL) {
        cret_err_memory(err);
        goto out;
    }
    policy->bare_anchor = true;
    cret_policy_time_defaults(policy);
    policy->scope_count = 1;
    cret_policy_check_defaults(policy);
    struct cret_policy_scope *scope = &policy->scopes[0];
    scope->products = calloc(1, sizeof(*scope->products));
    if (scope->products == NULL || (scope->products[0] = strdup("*")) == NULL) {
        cret_err_memory(err);
        goto out;
    }
    scope->product_count = 1;
    for (size_t i = 0; i < count; i++) {
        if (add_anchor_file(scope, paths[i], allow_example_keys, err) != CRET_OK) {
            goto out;
        }
    }
    if (scope->signer_count == 0) {
        cret_err_usage(err, "no trust anchor was given");
        goto out;
    }
    if (add_release_role(scope, err) != CRET_OK) {
        goto out;
    }
    *ret_policy = policy;
    policy = NULL;
    status = CRET_OK;
out:
    cret_policy_free(&policy);
    return status;
}
