/* SPDX-License-Identifier: Apache-2.0 */
/* One step of a rotation. It starts at "not authorized" and counts only what was verified. */
#include "trust/policy/policy_rotation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/policy/policy_parts.h"

enum { SIGNATURES = 2 * CRET_LIMIT_OWNERS }; /* all owners of both versions */

void cret_rotation_step_clear(struct cret_rotation_step *step)
{
    free(step->who);
    memset(step, 0, sizeof(*step));
}

static enum cret_status refuse_step(const struct cret_policy *next, struct cret_err *err)
{
    return cret_err_where(err, "version %lld", (long long)next->version);
}

/* What two versions must have in common. Were the name free to change, a version of another policy
 * of the same owners could be slipped in. */
static enum cret_status check_succession(const struct cret_policy *previous,
                                         const struct cret_policy *next, struct cret_err *err)
{
    char before[32], after[32];
    if (previous->bare_anchor || next->bare_anchor || next->version != previous->version + 1) {
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION,
                        "this is not the version that follows the one before");
        cret_err_expected(err, "version %lld", (long long)previous->version + 1);
        cret_err_actual(err, "version %lld", (long long)next->version);
        return cret_err_hint(err,
                             "versions follow each other without a gap; ask those who maintain "
                             "the policy for all of them");
    }
    if (strcmp(previous->name, next->name) != 0) {
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION, "this is a version of another policy");
        cret_err_expected(err, "%s", previous->name);
        cret_err_actual(err, "%s", next->name);
        return cret_err_hint(err,
                             "see whether this folder is meant for this station; a policy with "
                             "a new name is installed by hand");
    }
    if (next->issued < previous->issued) {
        cret_time_format(before, previous->issued);
        cret_time_format(after, next->issued);
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION,
                        "this version was issued before the one that it follows");
        cret_err_expected(err, "%s or later", before);
        return cret_err_actual(err, "%s", after);
    }
    return CRET_OK;
}

static enum cret_status check_owners(const struct cret_policy *policy, struct cret_err *err)
{
    if (policy->owners.signer_count > 0 && policy->owners.role_count == 1) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION,
                    "version %lld names no owners, so nobody can authorize a change from or to it",
                    (long long)policy->version);
    return cret_err_hint(err, "install a version with owners by hand, after comparing its "
                              "fingerprints (cretula-verify trust show)");
}

/* Named after another key, or for another version, it is not what somebody put there. */
static enum cret_status check_name(const struct cret_cms *cms,
                                   const struct cret_rotation_signature *signature, int64_t version,
                                   struct cret_err *err)
{
    char hex[17], name[64];
    cret_cms_member_name(cms, hex);
    snprintf(name, sizeof(name), "%lld.%s.p7s", (long long)version, hex);
    if (strcmp(name, signature->name) == 0) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION, "the signature has the name of another one");
    cret_err_expected(err, "%s", name);
    return cret_err_actual(err, "%s", signature->name);
}

/* Its form, its value over the text, and its name. */
static enum cret_status read_signature(struct cret_cms **ret_cms,
                                       const struct cret_rotation_signature *signature,
                                       const struct cret_rotation_next *next, struct cret_err *err)
{
    const uint8_t *text = (const uint8_t *)next->text;
    enum cret_status status = cret_cms_parse(ret_cms, signature->der, signature->size, err);
    if (status == CRET_OK) {
        status = cret_cms_checkable(*ret_cms)
                     ? cret_cms_verify(*ret_cms, text, next->size, err)
                     : cret_cms_match_content(*ret_cms, text, next->size, err);
    }
    if (status == CRET_OK) {
        status = check_name(*ret_cms, signature, next->policy->version, err);
    }
    if (status != CRET_OK && err != NULL) {
        struct cret_err inner = *err;
        cret_err_where(err, "%s%s%s", signature->name, inner.where[0] == '\0' ? "" : ": ",
                       inner.where);
    }
    return status;
}

/* A copy of a signature under a second name would only look like a second one. */
static enum cret_status check_once(struct cret_cms *const *list, size_t index,
                                   const struct cret_rotation_signature *signature,
                                   struct cret_err *err)
{
    const uint8_t *key = cret_certificate_key_digest(cret_cms_signer(list[index]));
    for (size_t i = 0; i < index; i++) {
        if (memcmp(cret_certificate_key_digest(cret_cms_signer(list[i])), key, CRET_SHA256_BYTES) !=
            0) {
            continue;
        }
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION, "a key signed this version twice");
        return cret_err_where(err, "%s", signature->name);
    }
    return CRET_OK;
}

static enum cret_status read_signatures(struct cret_cms **list,
                                        const struct cret_rotation_next *next, struct cret_err *err)
{
    for (size_t i = 0; i < next->count; i++) {
        if (read_signature(&list[i], &next->signatures[i], next, err) != CRET_OK ||
            check_once(list, i, &next->signatures[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The signatures of a step, and what was found of them while owners were counted. */
struct tally {
    struct cret_cms *list[SIGNATURES];
    size_t count;
    bool allow_example_keys;
    const char *names[SIGNATURES]; /* one per signature that counted; the first one stays */
    struct cret_err telling;       /* the most telling reason so far why one did not count */
};

/* How many owners of `policy` signed. */
static enum cret_status count_owners(size_t *ret_count, struct tally *tally,
                                     const struct cret_policy *policy, struct cret_err *err)
{
    struct cret_scope_judgement judgement;
    if (cret_policy_judge_owners(policy, (const struct cret_cms *const *)tally->list, tally->count,
                                 tally->allow_example_keys, &judgement, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < tally->count; i++) {
        const struct cret_signature_judgement *one = &judgement.signatures[i];
        if (!one->counted && cret_reason_rank(&one->why_not) > cret_reason_rank(&tally->telling)) {
            tally->telling = one->why_not;
        }
        if (one->counted && tally->names[i] == NULL) {
            tally->names[i] = one->signer;
        }
    }
    *ret_count = judgement.role_signers[0];
    cret_scope_judgement_clear(&judgement);
    return CRET_OK;
}

/* Starts at refusal: only two met thresholds lead past it. */
static enum cret_status decide(const struct cret_rotation_step *step,
                               const struct cret_err *telling, struct cret_err *err)
{
    if (step->before_threshold >= 1 && step->before >= step->before_threshold &&
        step->own_threshold >= 1 && step->own >= step->own_threshold) {
        return CRET_OK;
    }
    if (cret_reason_rank(telling) > 1 && err != NULL) {
        *err = *telling; /* says more than numbers do */
        cret_err_context(err, "too few owners signed");
    } else {
        cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD, "too few owners signed this version");
        cret_err_hint(err, "ask those who maintain the policy for the missing signatures");
    }
    cret_err_expected(err, "%u %s of version %lld and %u of version %lld", step->before_threshold,
                      cret_plural(step->before_threshold, "owner", "owners"),
                      (long long)step->version - 1, step->own_threshold, (long long)step->version);
    return cret_err_actual(err, "%zu and %zu", step->before, step->own);
}

static enum cret_status authorize(const struct cret_policy *previous,
                                  const struct cret_policy *next, struct tally *tally,
                                  struct cret_rotation_step *step, struct cret_err *err)
{
    struct cret_buffer who = {0};
    step->version = next->version;
    memcpy(step->digest, next->digest, CRET_SHA256_BYTES);
    step->before_threshold = cret_role_threshold(&previous->owners.roles[0]);
    step->own_threshold = cret_role_threshold(&next->owners.roles[0]);
    if (count_owners(&step->before, tally, previous, err) != CRET_OK ||
        count_owners(&step->own, tally, next, err) != CRET_OK ||
        decide(step, &tally->telling, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < tally->count; i++) {
        if (tally->names[i] != NULL) {
            cret_buffer_printf(&who, "%s%s", who.size == 0 ? "" : ", ", tally->names[i]);
        }
    }
    if (who.failed || who.data == NULL) {
        cret_buffer_free(&who);
        return cret_err_memory(err);
    }
    step->who = who.data;
    return CRET_OK;
}

enum cret_status cret_policy_authorize(const struct cret_policy *previous,
                                       const struct cret_rotation_next *offered,
                                       bool allow_example_keys, struct cret_rotation_step *ret_step,
                                       struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const struct cret_policy *next = offered->policy;
    struct tally tally = {.count = offered->count, .allow_example_keys = allow_example_keys};
    struct cret_rotation_step step;
    uint8_t digest[CRET_SHA256_BYTES];
    memset(&step, 0, sizeof(step));
    cret_err_clear(&tally.telling);
    if (tally.count > SIGNATURES) {
        cret_err_refuse(err, CRET_CHECK_TRUST_ROTATION, "this version has too many signatures");
        cret_err_expected(err, "at most %d", SIGNATURES);
        cret_err_actual(err, "%zu", tally.count);
        return refuse_step(next, err);
    }
    if (cret_sha256(digest, offered->text, offered->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, next->digest, sizeof(digest)) != 0) {
        return cret_err_undecided(err, "the policy was parsed of other bytes than those signed");
    }
    if (check_succession(previous, next, err) != CRET_OK ||
        check_owners(previous, err) != CRET_OK || check_owners(next, err) != CRET_OK) {
        refuse_step(next, err);
        goto out;
    }
    if (read_signatures(tally.list, offered, err) != CRET_OK) {
        goto out;
    }
    if (authorize(previous, next, &tally, &step, err) != CRET_OK) {
        refuse_step(next, err);
        goto out;
    }
    if (ret_step != NULL) {
        *ret_step = step;
        memset(&step, 0, sizeof(step));
    }
    status = CRET_OK;
out:
    cret_rotation_step_clear(&step);
    for (size_t i = 0; i < SIGNATURES; i++) {
        cret_cms_free(&tally.list[i]);
    }
    return status;
}
