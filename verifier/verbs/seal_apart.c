/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of judging a seal: who reads it, and who asked. */
#include "verifier/verbs/seal_apart.h"

#include <string.h>

#include "base/finding/limits.h"
#include "base/system/apart.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "trust/cms/cms.h"
#include "trust/cms/timestamp.h"
#include "trust/policy/policy.h"

/* The reading process. */

/* Whoever has the signer's key could give every signature the time that he likes. */
static enum cret_status refuse_own_key(const struct cret_seal_proof *proof,
                                       struct cret_bytes signature, struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    if (signature.data == NULL) {
        return CRET_OK;
    }
    if (cret_cms_parse(&cms, signature.data, signature.size, err) != CRET_OK) {
        return cret_err_context(err, "the record's signature");
    }
    bool own = false;
    for (size_t i = 0; i < proof->stamps; i++) {
        own = own || memcmp(proof->keys[i], cret_certificate_key_digest(cret_cms_signer(cms)),
                            CRET_SHA256_BYTES) == 0;
    }
    cret_cms_free(&cms);
    return !own ? CRET_OK
                : cret_err_refuse(err, CRET_CHECK_SEAL_TIME,
                                  "the seal was dated with the key of the signature that it is to "
                                  "date");
}

/* A renewal that lost what was proved before would date everything anew. */
static enum cret_status keeps(const struct cret_seal *seal, struct cret_bytes before,
                              struct cret_err *err)
{
    struct cret_seal *old = NULL;
    if (before.data == NULL) {
        return CRET_OK;
    }
    if (cret_seal_parse(&old, before.data, before.size, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool kept = cret_seal_renews(seal, old);
    cret_seal_free(&old);
    return kept ? CRET_OK
                : cret_err_undecided(err, "what was made does not renew the seal that was there");
}

static json_t *proof_json(const struct cret_seal_proof *proof, const struct cret_seal *seal)
{
    const struct cret_seal_stamp last = cret_seal_at(seal, cret_seal_count(seal) - 1);
    struct cret_build json = cret_build_object();
    cret_build_integer(&json, "since", proof->since);
    cret_build_integer(&json, "until", proof->until);
    cret_build_integer(&json, "dated", cret_timestamp_time(last.timestamp));
    cret_build_string(&json, "authority", proof->authority);
    cret_build_string(&json, "last", proof->last);
    cret_build_integer(&json, "stamps", (int64_t)proof->stamps);
    cret_build_integer(&json, "chains", (int64_t)proof->chains);
    cret_build_string(&json, "digest", proof->algorithm->name);
    return cret_build_end(&json);
}

static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct cret_seal_case *asked = context;
    const struct cret_seal_request request = {.policy = asked->policy,
                                              .now = cret_os_now(),
                                              .allow_example_keys = asked->allow_example_keys,
                                              .objects = asked->objects,
                                              .object_count = asked->object_count};
    struct cret_seal *seal = NULL;
    struct cret_seal_proof proof = {0};
    enum cret_status status = CRET_FAILED;
    if (cret_seal_parse(&seal, asked->seal.data, asked->seal.size, false, err) != CRET_OK ||
        cret_seal_verify(&proof, seal, &request, err) != CRET_OK ||
        keeps(seal, asked->before, err) != CRET_OK) {
        cret_err_context(err, "%s", asked->path);
    } else if (refuse_own_key(&proof, asked->signature, err) == CRET_OK) {
        told->json = proof_json(&proof, seal);
        status = told->json != NULL ? CRET_OK : cret_err_memory(err);
    }
    cret_seal_proof_clear(&proof);
    cret_seal_free(&seal);
    return status;
}

/* Whoever asked. */

/* The name as the policy has it; NULL: it trusts nobody of that name. */
static const char *trusted(const struct cret_policy *policy, const char *name)
{
    for (size_t i = 0; name != NULL && i < policy->authority_count; i++) {
        if (strcmp(policy->authorities[i].name, name) == 0) {
            return policy->authorities[i].name;
        }
    }
    return NULL;
}

enum cret_status cret_seal_said_take(struct cret_seal_said *ret_said, const json_t *told,
                                     const struct cret_policy *policy, struct cret_err *err)
{
    const char *digest = cret_json_string(told, "digest");
    const int64_t stamps = cret_json_integer(told, "stamps", 0);
    const int64_t chains = cret_json_integer(told, "chains", 0);
    const struct cret_seal_said said = {
        .since = cret_json_integer(told, "since", -1),
        .until = cret_json_integer(told, "until", -1),
        .dated = cret_json_integer(told, "dated", -1),
        .authority = trusted(policy, cret_json_string(told, "authority")),
        .last = trusted(policy, cret_json_string(told, "last")),
        .stamps = stamps > 0 ? (size_t)stamps : 0,
        .chains = chains > 0 ? (size_t)chains : 0,
        .algorithm = digest != NULL ? cret_digest_by_name(digest) : NULL,
    };
    if (said.since < 0 || said.since > cret_os_now() || said.until < said.since ||
        said.until > CRET_LIMIT_TIME_LAST || said.dated < 0 || said.dated > cret_os_now() ||
        said.authority == NULL || said.last == NULL || said.chains == 0 ||
        said.chains > said.stamps || said.stamps > CRET_LIMIT_SEAL_BYTES ||
        said.algorithm == NULL) {
        return cret_apart_malformed(err);
    }
    *ret_said = said;
    return CRET_OK;
}

enum cret_status cret_seal_judge(struct cret_seal_said *ret_said,
                                 const struct cret_seal_case *asked, struct cret_err *err)
{
    struct cret_findings *none = cret_findings_new();
    struct cret_apart_told told = {.findings = none};
    struct cret_apart_job job = {
        .read = read_apart, .context = (void *)(uintptr_t)asked, .bounds = CRET_BOUNDS_NONE};
    enum cret_status status = CRET_FAILED;
    job.bounds.allow_unconfined = asked->allow_unconfined;
    if (none == NULL) {
        return cret_err_memory(err);
    }
    if (cret_apart_run(&told, &job, err) == CRET_OK) {
        status = cret_findings_count(none) == 0
                     ? cret_seal_said_take(ret_said, told.json, asked->policy, err)
                     : cret_apart_malformed(err);
    }
    cret_apart_clear(&told);
    cret_findings_free(&none);
    return status;
}
