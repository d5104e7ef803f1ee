/* SPDX-License-Identifier: Apache-2.0 */
/* Each function here compares with what the policy says already, and takes over only what is
 * stricter; equal is allowed, so that an overlay outlives a policy that catches up with it. */
#include "trust/policy/overlay.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "trust/policy/policy_parts.h"

enum { WHERE_BYTES = 128, DAY = 86400 };

struct overlay {
    struct cret_policy *policy;
    const char *origin; /* the file, for errors */
    struct cret_err *err;
};

static enum cret_status at(const struct overlay *overlay, const char *where)
{
    return cret_err_where(overlay->err, "%s %s", overlay->origin, where);
}

/* The one thing that an overlay must not do. */
static enum cret_status loosens(const struct overlay *overlay, const char *where,
                                const char *expected, const char *actual)
{
    cret_err_usage(overlay->err, "the site overlay would loosen the trust policy");
    at(overlay, where);
    cret_err_expected(overlay->err, "%s", expected);
    cret_err_actual(overlay->err, "%s", actual);
    return cret_err_hint(overlay->err, "an overlay can only tighten: leave the field out, or have "
                                       "the trust policy itself changed by its owners");
}

/* Fields at the top that are stricter in one direction. A new one joins by a row here and one in
 * the field table. */
static const struct tightening {
    const char *name;
    enum { DEMAND, END_TIME, AGE } kind; /* higher is stricter; earlier; shorter */
    size_t offset;                       /* in struct cret_policy */
    const char *words[3];                /* DEMAND: by rising strictness */
    const char *off;                     /* DEMAND: why "off" in the policy must stay, or NULL */
} tightenings[] = {
    {.name = "reviewBy", .kind = END_TIME, .offset = offsetof(struct cret_policy, review_by)},
    {.name = "expires", .kind = END_TIME, .offset = offsetof(struct cret_policy, expires)},
    {.name = "postQuantum",
     .kind = DEMAND,
     .offset = offsetof(struct cret_policy, post_quantum),
     .words = {"off", "prefer", "require"}},
    {.name = "revocation",
     .kind = DEMAND,
     .offset = offsetof(struct cret_policy, revocation),
     .words = {"off", "if-present", "require"}},
    {.name = "crlMaxAgeDays", .kind = AGE, .offset = offsetof(struct cret_policy, crl_max_age)},
    {.name = "timestamp",
     .kind = DEMAND,
     .offset = offsetof(struct cret_policy, timestamp),
     .words = {"off", "prefer", "require"},
     .off = "off, as in the policy: with timestamps, certificates that expired since would count"},
};

static enum cret_status tighten_demand(const struct overlay *overlay, const struct tightening *row,
                                       const json_t *value, const char *where)
{
    enum cret_demand *demand = (enum cret_demand *)(void *)((char *)overlay->policy + row->offset);
    const char *text = json_string_value(value);
    char expected[64];
    enum cret_demand wanted = CRET_DEMAND_REQUIRE;
    while (wanted > CRET_DEMAND_OFF && strcmp(row->words[wanted], text) != 0) {
        wanted--;
    }
    if (*demand == CRET_DEMAND_OFF && wanted != CRET_DEMAND_OFF && row->off != NULL) {
        return loosens(overlay, where, row->off, text);
    }
    if (wanted < *demand) {
        snprintf(expected, sizeof(expected), "%s, as in the policy, or stricter",
                 row->words[*demand]);
        return loosens(overlay, where, expected, text);
    }
    *demand = wanted;
    return CRET_OK;
}

static enum cret_status tighten_limit(const struct overlay *overlay, const struct tightening *row,
                                      const json_t *json, const char *where)
{
    struct cret_optional *limit =
        (struct cret_optional *)(void *)((char *)overlay->policy + row->offset);
    struct cret_optional wanted;
    char expected[64], actual[32];
    if ((row->kind == AGE ? cret_optional_number(&wanted, json, row->name)
                          : cret_optional_time(&wanted, json, row->name)) != CRET_OK) {
        cret_err_usage(overlay->err, "%s is not a %s", row->name,
                       row->kind == AGE ? "whole number" : "time");
        return at(overlay, where);
    }
    if (row->kind == AGE) {
        wanted.value *= DAY;
        snprintf(expected, sizeof(expected), "%" PRId64 " or fewer", limit->value / DAY);
        snprintf(actual, sizeof(actual), "%" PRId64, wanted.value / DAY);
    } else {
        char end[32];
        cret_time_format(end, limit->value);
        cret_time_format(actual, wanted.value);
        snprintf(expected, sizeof(expected), "%s or earlier", end);
    }
    if (!cret_optional_within(wanted, *limit)) {
        return loosens(overlay, where, expected, actual);
    }
    *limit = wanted;
    return CRET_OK;
}

static enum cret_status tighten_head(const struct overlay *overlay, const json_t *json)
{
    char where[WHERE_BYTES];
    for (size_t i = 0; i < CRET_LENGTH(tightenings); i++) {
        const struct tightening *row = &tightenings[i];
        const json_t *value = json_object_get(json, row->name);
        if (value == NULL) {
            continue;
        }
        snprintf(where, sizeof(where), "#/%s", row->name);
        if ((row->kind == DEMAND ? tighten_demand(overlay, row, value, where)
                                 : tighten_limit(overlay, row, json, where)) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (overlay->policy->timestamp == CRET_DEMAND_REQUIRE &&
        overlay->policy->authority_count == 0) {
        cret_err_usage(overlay->err, "timestamps cannot be required: the trust policy names no "
                                     "timestamp authority");
        return at(overlay, "#/timestamp");
    }
    return CRET_OK;
}

static enum cret_status tighten_severities(const struct overlay *overlay, const json_t *json)
{
    json_t *map = json_object_get(json, "severities");
    CRET_JSON_MEMBERS (name, value, map) {
        char where[WHERE_BYTES], expected[64];
        const struct cret_check *check = NULL;
        snprintf(where, sizeof(where), "#/severities/%.100s", name);
        if (cret_check_to_set(&check, name, CRET_SET_BY_POLICY, overlay->err) != CRET_OK) {
            return at(overlay, where);
        }
        enum cret_severity *severity = &overlay->policy->severities[check->id];
        const enum cret_severity wanted =
            strcmp(json_string_value(value), "fail") == 0 ? CRET_SEVERITY_FAIL : CRET_SEVERITY_WARN;
        if (wanted < *severity) {
            snprintf(expected, sizeof(expected), "%s, as in the policy or by default",
                     cret_severity_name(*severity));
            return loosens(overlay, where, expected, cret_severity_name(wanted));
        }
        *severity = wanted;
    }
    return CRET_OK;
}

static enum cret_status remove_waivable(const struct overlay *overlay, const json_t *json)
{
    const json_t *list = json_object_get(json, "removeWaivable");
    char where[WHERE_BYTES];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        const struct cret_check *check = cret_check_find(name);
        if (check == NULL) {
            cret_err_usage(overlay->err, "there is no check %s", name);
            snprintf(where, sizeof(where), "#/removeWaivable/%zu", i);
            return at(overlay, where);
        }
        overlay->policy->waivable[check->id] = false;
    }
    return CRET_OK;
}

static bool is_about(const json_t *entry, const struct cret_policy_scope *scope)
{
    const char *product = cret_json_string(entry, "product");
    return scope->vendor != NULL &&
           cret_unicode_same(scope->vendor, cret_json_string(entry, "vendor")) &&
           (product == NULL || cret_policy_scope_covers(scope, product));
}

/* Pins have names: an entry that does no more than take some away needs no single scope. */
static bool removes_only_pins(const json_t *entry)
{
    return json_object_get(entry, "removeForeign") != NULL &&
           json_object_get(entry, "removeSigners") == NULL &&
           json_object_get(entry, "thresholds") == NULL &&
           json_object_get(entry, "minimumSequence") == NULL;
}

/* The one scope of the policy that an entry is about. */
static enum cret_status find_scope(const struct overlay *overlay, const json_t *entry,
                                   struct cret_policy_scope **ret_scope, const char *where)
{
    const char *vendor = cret_json_string(entry, "vendor");
    const char *product = cret_json_string(entry, "product");
    struct cret_policy_scope *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < overlay->policy->scope_count; i++) {
        struct cret_policy_scope *scope = &overlay->policy->scopes[i];
        if (is_about(entry, scope)) {
            found = scope;
            count++;
        }
    }
    if (count == 1) {
        *ret_scope = found;
        return CRET_OK;
    }
    if (count == 0) {
        cret_err_usage(overlay->err, "the trust policy has no scope of %s%s%s", vendor,
                       product == NULL ? "" : " with the product ", product == NULL ? "" : product);
        at(overlay, where);
        return cret_err_hint(overlay->err, "an entry for what is not there would hold nothing, and "
                                           "nobody would notice");
    }
    cret_err_usage(overlay->err, "the trust policy has %zu scopes of %s", count, vendor);
    at(overlay, where);
    return cret_err_hint(overlay->err, "say by \"product\" which of them is meant");
}

/* The signer stays in the scope without a role: what his pin matches still counts for no CA, and
 * what lies below his CA for none above it. */
static void strike(struct cret_policy_scope *scope, size_t signer)
{
    scope->signers[signer].removed = true;
    for (size_t i = 0; i < scope->role_count; i++) {
        struct cret_policy_role *role = &scope->roles[i];
        size_t kept = 0;
        for (size_t j = 0; j < role->signer_count; j++) {
            if (role->signers[j] != signer) {
                role->signers[kept++] = role->signers[j];
            }
        }
        role->signer_count = kept;
    }
}

static enum cret_status remove_signers(const struct overlay *overlay,
                                       struct cret_policy_scope *scope, const json_t *list,
                                       const char *where)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        const size_t signer = cret_policy_signer_find(scope, name);
        if (signer == scope->signer_count) {
            char inner[WHERE_BYTES];
            cret_err_usage(overlay->err, "%s is no signer of this scope", name);
            snprintf(inner, sizeof(inner), "%.80s/removeSigners/%zu", where, i);
            return at(overlay, inner);
        }
        strike(scope, signer);
    }
    return CRET_OK;
}

/* From every scope that the entry is about: without a product, from all of the vendor. */
static bool remove_pin(const struct overlay *overlay, const json_t *entry, const char *name)
{
    bool removed = false;
    for (size_t i = 0; i < overlay->policy->scope_count; i++) {
        struct cret_policy_scope *scope = &overlay->policy->scopes[i];
        if (is_about(entry, scope)) {
            removed = cret_policy_pin_remove(scope, name) || removed;
        }
    }
    return removed;
}

static enum cret_status remove_pins(const struct overlay *overlay, const json_t *entry,
                                    const char *where)
{
    const json_t *list = json_object_get(entry, "removeForeign");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!remove_pin(overlay, entry, name)) {
            char inner[WHERE_BYTES];
            cret_err_usage(overlay->err, "%s is no pin of this scope", name);
            snprintf(inner, sizeof(inner), "%.80s/removeForeign/%zu", where, i);
            return at(overlay, inner);
        }
    }
    return CRET_OK;
}

static enum cret_status raise_threshold(const struct overlay *overlay,
                                        struct cret_policy_scope *scope, const json_t *entry,
                                        const char *where)
{
    const char *name = cret_json_string(entry, "role");
    const int64_t wanted = cret_json_integer(entry, "threshold", 0);
    char expected[32], actual[32];
    for (size_t i = 0; i < scope->role_count; i++) {
        struct cret_policy_role *role = &scope->roles[i];
        if (strcmp(role->name, name) != 0) {
            continue;
        }
        if (wanted < (int64_t)role->threshold) {
            snprintf(expected, sizeof(expected), "%u or more", role->threshold);
            snprintf(actual, sizeof(actual), "%" PRId64, wanted);
            return loosens(overlay, where, expected, actual);
        }
        role->threshold = (unsigned)wanted;
        return CRET_OK;
    }
    cret_err_usage(overlay->err, "the scope has no role %s", name);
    return at(overlay, where);
}

static enum cret_status raise_floor(const struct overlay *overlay, struct cret_policy_scope *scope,
                                    const json_t *entry, const char *where)
{
    const char *product = cret_json_string(entry, "product");
    const int64_t wanted = cret_json_integer(entry, "sequence", 0);
    char expected[48], actual[32];
    if (strcmp(product, "*") == 0 || !cret_policy_scope_covers(scope, product)) {
        cret_err_usage(overlay->err, "%s is not a product of this scope", product);
        return at(overlay, where);
    }
    size_t i = 0;
    while (i < scope->floor_count && !cret_unicode_same(scope->floors[i].product, product)) {
        i++;
    }
    if (i < scope->floor_count && wanted < scope->floors[i].sequence) {
        snprintf(expected, sizeof(expected), "%" PRId64 " or more", scope->floors[i].sequence);
        snprintf(actual, sizeof(actual), "%" PRId64, wanted);
        return loosens(overlay, where, expected, actual);
    }
    if (i == scope->floor_count) {
        struct cret_policy_floor *grown =
            realloc(scope->floors, (scope->floor_count + 1) * sizeof(*grown));
        if (grown == NULL) {
            return cret_err_memory(overlay->err);
        }
        scope->floors = grown;
        grown[i] = (struct cret_policy_floor){.product = strdup(product)};
        if (grown[i].product == NULL) {
            return cret_err_memory(overlay->err);
        }
        scope->floor_count++;
    }
    scope->floors[i].sequence = wanted;
    return CRET_OK;
}

/* Each entry of one list of a scope. */
static enum cret_status raise_each(const struct overlay *overlay, struct cret_policy_scope *scope,
                                   const json_t *entry, const char *key, const char *where,
                                   enum cret_status (*raise)(const struct overlay *,
                                                             struct cret_policy_scope *,
                                                             const json_t *, const char *))
{
    const json_t *list = json_object_get(entry, key);
    char inner[WHERE_BYTES];
    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(inner, sizeof(inner), "%.60s/%s/%zu", where, key, i);
        if (raise(overlay, scope, json_array_get(list, i), inner) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status tighten_scopes(const struct overlay *overlay, const json_t *json)
{
    const json_t *list = json_object_get(json, "scopes");
    char where[WHERE_BYTES];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        struct cret_policy_scope *scope = NULL;
        snprintf(where, sizeof(where), "#/scopes/%zu", i);
        if (remove_pins(overlay, entry, where) != CRET_OK) {
            return CRET_FAILED;
        }
        if (removes_only_pins(entry)) {
            continue;
        }
        if (find_scope(overlay, entry, &scope, where) != CRET_OK ||
            remove_signers(overlay, scope, json_object_get(entry, "removeSigners"), where) !=
                CRET_OK ||
            raise_each(overlay, scope, entry, "thresholds", where, raise_threshold) != CRET_OK ||
            raise_each(overlay, scope, entry, "minimumSequence", where, raise_floor) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* Those of a role who can count at all. */
static size_t able_signers(const struct cret_policy *policy, const struct cret_policy_scope *scope,
                           const struct cret_policy_role *role)
{
    size_t able = 0;
    for (size_t i = 0; i < role->signer_count; i++) {
        able += policy->post_quantum != CRET_DEMAND_REQUIRE ||
                        scope->signers[role->signers[i]].has_post_quantum
                    ? 1
                    : 0;
    }
    return able;
}

/* What nobody can meet any more is a mistake, better told now than with the next release. */
static enum cret_status check_possible(const struct overlay *overlay)
{
    for (size_t i = 0; i < overlay->policy->scope_count; i++) {
        const struct cret_policy_scope *scope = &overlay->policy->scopes[i];
        for (size_t j = 0; j < scope->role_count; j++) {
            const struct cret_policy_role *role = &scope->roles[j];
            const struct cret_role_kind *kind = cret_role_kind_find(role->name);
            const size_t able = able_signers(overlay->policy, scope, role);
            /* A site may well want no waivers at all, or no word of a builder. */
            if (role->threshold <= able || (kind != NULL && (kind->waiver || kind->attests))) {
                continue;
            }
            cret_err_usage(overlay->err,
                           "with this overlay nobody could fill the role %s of %s any more",
                           role->name, scope->vendor);
            at(overlay, "#/scopes");
            cret_err_expected(overlay->err, "a threshold of at most %zu", able);
            cret_err_actual(overlay->err, "%u", role->threshold);
            return cret_err_hint(overlay->err, "to trust nobody of a scope, have it taken out of "
                                               "the trust policy");
        }
    }
    return CRET_OK;
}

static enum cret_status check_end(const struct overlay *overlay, int64_t now)
{
    char end[32];
    if (!cret_optional_past(overlay->policy->expires, now)) {
        return CRET_OK;
    }
    cret_time_format(end, overlay->policy->expires.value);
    cret_err_usage(overlay->err, "the site overlay ended the use of the trust policy on %s", end);
    at(overlay, "#/expires");
    return cret_err_hint(overlay->err, "get the current version of the policy and of the overlay "
                                       "from those who maintain them");
}

enum cret_status cret_overlay_apply(struct cret_policy *policy, const char *text, size_t size,
                                    const char *origin, int64_t now, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const struct overlay overlay = {.policy = policy, .origin = origin, .err = err};
    json_t *json = NULL;
    if (policy->bare_anchor) {
        cret_err_usage(err, "a site overlay tightens a trust policy; a bare anchor is none");
        return cret_err_hint(err, "give --trust FILE instead of --anchor");
    }
    if (cret_file_format_read(&json, &cret_overlay_format, text, size, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (tighten_scopes(&overlay, json) != CRET_OK || tighten_head(&overlay, json) != CRET_OK ||
        tighten_severities(&overlay, json) != CRET_OK ||
        remove_waivable(&overlay, json) != CRET_OK || check_possible(&overlay) != CRET_OK ||
        check_end(&overlay, now) != CRET_OK ||
        cret_sha256(policy->overlay_digest, text, size, err) != CRET_OK) {
        goto out;
    }
    policy->overlay_name = strdup(cret_json_string(json, "name"));
    if (policy->overlay_name == NULL) {
        cret_err_memory(err);
        goto out;
    }
    status = CRET_OK;
out:
    json_decref(json);
    return status;
}
