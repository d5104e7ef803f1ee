/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures parsed and judged; where a policy is met, the proof is made. */
#include "engine/gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/authentic_make.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "engine/gate_seal.h"
#include "trust/cms/cades.h"

/* Form, member name, and value of one signature. Every signature of an archive is held to this,
 * whether the policy asks for it or not: one that is inconsistent in itself refuses the archive. */
static enum cret_status examine_signature(struct cret_gate_signature *signature,
                                          const struct cret_signature *member,
                                          const struct cret_front *front, bool allow_rsa_2048,
                                          struct cret_err *err)
{
    memcpy(signature->name, member->name, sizeof(signature->name));
    if (cret_sha256(signature->digest, member->data, member->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_cms *cms = NULL;
    if (cret_cms_parse_under(&cms, member->data, member->size, allow_rsa_2048, err) != CRET_OK) {
        return CRET_FAILED;
    }
    char expected[17];
    cret_cms_member_name(cms, expected);
    if (strcmp(expected, member->name) != 0) {
        cret_cms_free(&cms);
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM,
                        "the signature does not lie under the name of its key");
        cret_err_expected(err, "SIGNATURES/%s.p7s", expected);
        return cret_err_actual(err, "SIGNATURES/%s.p7s", member->name);
    }
    const bool checkable = cret_cms_checkable(cms);
    if ((checkable ? cret_cms_verify(cms, front->manifest, front->manifest_size, err)
                   : cret_cms_match_content(cms, front->manifest, front->manifest_size, err)) !=
        CRET_OK) {
        cret_cms_free(&cms);
        return CRET_FAILED;
    }
    signature->unchecked = !checkable;
    signature->cms = cms;
    return CRET_OK;
}

/* The name holds only 8 bytes of the key's digest: compare keys in full. */
static bool key_seen_before(const struct cret_gate_result *result, size_t index)
{
    const uint8_t *key =
        cret_certificate_key_digest(cret_cms_signer(result->signatures[index].cms));
    for (size_t i = 0; i < index; i++) {
        const struct cret_cms *other = result->signatures[i].cms;
        if (other != NULL && memcmp(cret_certificate_key_digest(cret_cms_signer(other)), key,
                                    CRET_SHA256_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static void add_signature_passes(struct cret_findings *findings, const char *where,
                                 const char *content, const struct cret_gate_signature *signature)
{
    cret_findings_add(findings, CRET_CHECK_SIGNATURE_FORM, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = where},
                      "the signature is in the one form of the profile");
    cret_findings_add(
        findings, CRET_CHECK_SIGNATURE_ALGORITHM, CRET_RESULT_PASS,
        (struct cret_finding_text){.where = where, .actual = cret_cms_algorithm(signature->cms)},
        "strong key and digest: %s", cret_cms_algorithm(signature->cms));
    if (signature->unchecked) {
        cret_findings_add(
            findings, CRET_CHECK_SIGNATURE_POST_QUANTUM, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){.where = where,
                                       .actual = cret_cms_algorithm(signature->cms),
                                       .hint = "use a verifier with OpenSSL 3.5 or newer"},
            "this OpenSSL lacks the algorithm: the signature value was not checked, "
            "and counts for nothing");
        return;
    }
    cret_findings_add(findings, CRET_CHECK_SIGNATURE_VALUE, CRET_RESULT_PASS,
                      (struct cret_finding_text){.where = where}, "the signature over %s verifies",
                      content);
}

/* A signature that is not good: a finding that says where, and, of the first one, *err. Failures
 * of the tool itself come back at once. */
static enum cret_status note_fault(struct cret_err *fault, const char *where, bool first,
                                   struct cret_findings *findings, struct cret_err *err)
{
    char inner[sizeof(fault->where)];
    if (fault->class != CRET_ERR_REFUSED) {
        *err = *fault;
        return CRET_FAILED;
    }
    memcpy(inner, fault->where, sizeof(inner));
    cret_err_where(fault, "%s%s%.300s", where, inner[0] != '\0' ? ", " : "", inner);
    cret_findings_add_err(findings, CRET_RESULT_FAIL, fault);
    if (first) {
        *err = *fault;
    }
    return CRET_OK;
}

/* Examines all signature members. CRET_OK only where every one of them is right; UNDECIDED comes
 * back in err at once, refusals become findings so that a report names all of them. */
static enum cret_status examine_all(struct cret_gate_result *result, const struct cret_front *front,
                                    bool allow_rsa_2048, struct cret_findings *findings,
                                    struct cret_err *err)
{
    bool all_good = true;
    for (size_t i = 0; i < front->signature_count; i++) {
        struct cret_gate_signature *signature = &result->signatures[i];
        struct cret_err fault = {0};
        enum cret_status status =
            examine_signature(signature, &front->signatures[i], front, allow_rsa_2048, &fault);
        if (status == CRET_OK && key_seen_before(result, i)) {
            cret_cms_free(&signature->cms);
            status = cret_err_refuse(&fault, CRET_CHECK_SIGNATURE_FORM,
                                     "two signatures are by the same key");
        }
        char path[40];
        cret_layout_signature_path(path, signature->name);
        if (status != CRET_OK) {
            if (note_fault(&fault, path, all_good, findings, err) != CRET_OK) {
                return CRET_FAILED;
            }
            all_good = false;
            continue;
        }
        add_signature_passes(findings, path, "MANIFEST.json", signature);
    }
    return all_good ? CRET_OK : CRET_FAILED;
}

/* What a manifest says of itself that nobody vouches for; for the words of a refusal only. */
struct claim {
    const struct cret_front *front;
    json_t *json; /* once it was asked */
};

static bool ask_claim(void *context, const char **ret_vendor, const char **ret_product)
{
    struct claim *claim = context;
    if (claim->json == NULL && cret_json_parse(&claim->json, (const char *)claim->front->manifest,
                                               claim->front->manifest_size, CRET_JSON_STRICT,
                                               CRET_CHECK_MANIFEST_FORM, NULL) != CRET_OK) {
        return false;
    }
    *ret_vendor = cret_json_string(claim->json, "product.vendor");
    *ret_product = cret_json_string(claim->json, "product.name");
    return *ret_vendor != NULL && *ret_product != NULL;
}

/* Lets the policy count the signatures that are good in themselves. rules: all but those. */
static enum cret_status judge(struct cret_gate_result *result,
                              const struct cret_judge_request *rules,
                              struct cret_authentic_scope **ret_scopes,
                              struct cret_findings *findings, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const size_t count = result->signature_count;
    const struct cret_cms **good = calloc(count, sizeof(*good));
    struct cret_signature_judgement *judgements = calloc(count, sizeof(*judgements));
    size_t *origin = calloc(count, sizeof(*origin));
    struct cret_sealed *sealed = calloc(count, sizeof(*sealed));
    size_t good_count = 0;
    if (good == NULL || judgements == NULL || origin == NULL || sealed == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (result->signatures[i].cms != NULL) {
            origin[good_count] = i;
            sealed[good_count] = result->signatures[i].sealed;
            good[good_count++] = result->signatures[i].cms;
        }
    }
    struct cret_judge_request request = *rules;
    request.signatures = good;
    request.sealed = sealed;
    request.count = good_count;
    status = cret_policy_judge(&request, judgements, ret_scopes, findings, err);
    for (size_t i = 0; i < good_count; i++) {
        result->signatures[origin[i]].judgement = judgements[i];
    }
out:
    free(good);
    free(judgements);
    free(origin);
    free(sealed);
    return status;
}

enum cret_status cret_gate(struct cret_gate_result *ret_result, const struct cret_front *front,
                           const struct cret_judge_request *rules,
                           const struct cret_inspect_seal *seal, struct cret_findings *findings,
                           struct cret_err *err)
{
    memset(ret_result, 0, sizeof(*ret_result));
    if (front->signature_count == 0) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the archive carries no signature");
        cret_err_where(err, "SIGNATURES/");
        cret_err_hint(err, "ask the vendor for the signed archive; an unsigned one proves "
                           "nothing about who made it");
        cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        return CRET_FAILED;
    }
    ret_result->signatures = calloc(front->signature_count, sizeof(*ret_result->signatures));
    if (ret_result->signatures == NULL) {
        return cret_err_memory(err);
    }
    ret_result->signature_count = front->signature_count;

    const enum cret_status examined =
        examine_all(ret_result, front, rules->policy->rsa_2048, findings, err);
    if (examined != CRET_OK && err->class != CRET_ERR_REFUSED) {
        return CRET_FAILED;
    }
    struct cret_err judged_err = {0};
    struct cret_authentic_scope *scopes = NULL;
    struct claim claim = {.front = front};
    const struct cret_claimed_product claimed = {.ask = ask_claim, .context = &claim};
    struct cret_judge_request whole = *rules;
    whole.claimed = &claimed;
    const enum cret_status sealed =
        cret_gate_seal(ret_result, front, rules, seal, findings, &judged_err);
    const enum cret_status judged =
        sealed == CRET_OK ? judge(ret_result, &whole, &scopes, findings, &judged_err) : CRET_FAILED;
    json_decref(claim.json);
    enum cret_status status = CRET_FAILED;
    if (examined == CRET_OK) {
        if (judged != CRET_OK) {
            *err = judged_err;
        } else {
            status =
                cret_authentic_make(&ret_result->authentic, front->manifest, front->manifest_size,
                                    scopes, rules->policy->scope_count, err);
        }
    }
    free(scopes);
    return status;
}

/* Form and value of one signature of a package. */
static enum cret_status examine_pair(struct cret_gate_signature *signature,
                                     const struct cret_gate_pair *pair, bool allow_rsa_2048,
                                     struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    if (cret_sha256(signature->digest, pair->der, pair->der_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_hex_encode(signature->name, signature->digest, 8); /* until its key is known */
    if (cret_cades_parse(&cms, pair->der, pair->der_size, allow_rsa_2048, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool checkable = cret_cms_checkable(cms);
    cret_cms_member_name(cms, signature->name);
    if ((checkable ? cret_cms_verify(cms, pair->list, pair->list_size, err)
                   : cret_cms_match_content(cms, pair->list, pair->list_size, err)) != CRET_OK) {
        cret_cms_free(&cms);
        return CRET_FAILED;
    }
    signature->unchecked = !checkable;
    signature->cms = cms;
    return CRET_OK;
}

enum cret_status cret_gate_package_examine(struct cret_gate_result *ret_result,
                                           const struct cret_gate_pair *pairs, size_t count,
                                           bool allow_rsa_2048, struct cret_findings *findings,
                                           struct cret_err *err)
{
    bool all_good = true;
    memset(ret_result, 0, sizeof(*ret_result));
    ret_result->signatures = calloc(count + 1, sizeof(*ret_result->signatures));
    if (ret_result->signatures == NULL) {
        return cret_err_memory(err);
    }
    ret_result->signature_count = count;
    for (size_t i = 0; i < count; i++) {
        struct cret_gate_signature *signature = &ret_result->signatures[i];
        struct cret_err fault = {0};
        enum cret_status status = examine_pair(signature, &pairs[i], allow_rsa_2048, &fault);
        if (status == CRET_OK && key_seen_before(ret_result, i)) {
            cret_cms_free(&signature->cms);
            status = cret_err_refuse(&fault, CRET_CHECK_SIGNATURE_FORM,
                                     "two signatures are by the same key");
        }
        if (status == CRET_OK) {
            add_signature_passes(findings, pairs[i].name, "its list", signature);
            continue;
        }
        if (note_fault(&fault, pairs[i].name, all_good, findings, err) != CRET_OK) {
            return CRET_FAILED;
        }
        all_good = false;
    }
    return all_good ? CRET_OK : CRET_FAILED;
}

enum cret_status cret_gate_package(struct cret_gate_result *ret_result,
                                   const struct cret_gate_pair *pairs, size_t count,
                                   struct cret_bytes bytes, const struct cret_judge_request *rules,
                                   struct cret_findings *findings, struct cret_err *err)
{
    struct cret_authentic_scope *scopes = NULL;
    struct cret_err judged_err = {0};
    const enum cret_status examined =
        cret_gate_package_examine(ret_result, pairs, count, rules->policy->rsa_2048, findings, err);
    if (count == 0) {
        return cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the package carries no signature");
    }
    if (examined != CRET_OK && err->class != CRET_ERR_REFUSED) {
        return CRET_FAILED;
    }
    const enum cret_status judged = judge(ret_result, rules, &scopes, findings, &judged_err);
    enum cret_status status = CRET_FAILED;
    if (examined == CRET_OK && judged != CRET_OK) {
        *err = judged_err;
    } else if (examined == CRET_OK) {
        status = cret_authentic_make(&ret_result->authentic, bytes.data, bytes.size, scopes,
                                     rules->policy->scope_count, err);
    }
    free(scopes);
    return status;
}

enum cret_status cret_gate_examine(struct cret_gate_result *ret_result,
                                   const struct cret_front *front, struct cret_findings *findings,
                                   struct cret_err *err)
{
    memset(ret_result, 0, sizeof(*ret_result));
    ret_result->signatures = calloc(front->signature_count + 1, sizeof(*ret_result->signatures));
    if (ret_result->signatures == NULL) {
        return cret_err_memory(err);
    }
    ret_result->signature_count = front->signature_count;
    return examine_all(ret_result, front, false, findings, err);
}

void cret_gate_result_free(struct cret_gate_result *result)
{
    if (result == NULL) {
        return;
    }
    for (size_t i = 0; i < result->signature_count; i++) {
        cret_cms_free(&result->signatures[i].cms);
    }
    free(result->signatures);
    cret_authentic_free(&result->authentic);
    memset(result, 0, sizeof(*result));
}

/* One signature beside a waiver file: in form, under the name of its key, and over these bytes. */
static enum cret_status examine_beside(struct cret_cms **ret_cms, const struct cret_gate_file *file,
                                       const struct cret_signature *signature, bool allow_rsa_2048,
                                       struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    char expected[17];
    if (cret_cms_parse_under(&cms, signature->data, signature->size, allow_rsa_2048, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    cret_cms_member_name(cms, expected);
    if (strcmp(expected, signature->name) != 0) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_SIGNATURE,
                        "the signature does not lie under the name of its key");
        cret_err_expected(err, "%s.p7s", expected);
    } else if (cret_cms_checkable(cms) &&
               cret_cms_verify(cms, (const uint8_t *)file->text, file->size, err) == CRET_OK) {
        *ret_cms = cms;
        return CRET_OK;
    } else if (!cret_cms_checkable(cms)) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_SIGNATURE,
                        "this OpenSSL lacks the algorithm of the signature");
        cret_err_actual(err, "%s", cret_cms_algorithm(cms));
    }
    cret_cms_free(&cms);
    return CRET_FAILED;
}

/* "A, B": who was counted. Where those are enough somebody was, so that NULL says: memory. */
static char *list_signers(const struct cret_signature_judgement *judgements, size_t count)
{
    struct cret_buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        if (judgements[i].counted) {
            cret_buffer_printf(&text, "%s%s", text.size == 0 ? "" : ", ", judgements[i].signer);
        }
    }
    if (text.failed) {
        cret_buffer_free(&text);
    }
    return text.data;
}

static enum cret_status judge_waivers(struct cret_authentic **ret_authentic, char **ret_signers,
                                      const struct cret_gate_file *file,
                                      const struct cret_judge_request *request,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_authentic_scope *scopes = NULL;
    struct cret_signature_judgement *judgements = calloc(request->count + 1, sizeof(*judgements));
    struct cret_findings *ignored = cret_findings_new(); /* err says the one thing that counts */
    char *signers = NULL;
    if (judgements == NULL || ignored == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_policy_judge_waivers(request, judgements, &scopes, ignored, err) != CRET_OK) {
        goto out;
    }
    signers = list_signers(judgements, request->count);
    if (signers == NULL) {
        cret_err_memory(err);
        goto out;
    }
    status = cret_authentic_make(ret_authentic, (const uint8_t *)file->text, file->size, scopes,
                                 request->policy->scope_count, err);
    if (status == CRET_OK) {
        *ret_signers = signers;
        signers = NULL;
    }
out:
    free(signers);
    free(scopes);
    free(judgements);
    cret_findings_free(&ignored);
    return status;
}

enum cret_status cret_gate_waivers(struct cret_authentic **ret_authentic, char **ret_signers,
                                   const struct cret_gate_file *file,
                                   const struct cret_judge_request *rules, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const size_t count = file->signature_count;
    struct cret_judge_request request = *rules;
    struct cret_cms **list = calloc(count + 1, sizeof(*list));
    if (list == NULL) {
        return cret_err_memory(err);
    }
    if (count == 0) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_SIGNATURE, "it is not signed");
        cret_err_expected(err, "a signature beside it: its name, a dot, 16 hex digits, .p7s");
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (examine_beside(&list[i], file, &file->signatures[i], rules->policy->rsa_2048, err) !=
            CRET_OK) {
            cret_err_context(err, "its signature %s.p7s", file->signatures[i].name);
            goto out;
        }
    }
    request.signatures = (const struct cret_cms *const *)list;
    request.count = count;
    status = judge_waivers(ret_authentic, ret_signers, file, &request, err);
out:
    for (size_t i = 0; i < count; i++) {
        cret_cms_free(&list[i]);
    }
    free(list);
    if (status != CRET_OK && err != NULL && err->class == CRET_ERR_REFUSED) {
        err->check = CRET_CHECK_WAIVER_SIGNATURE;
        cret_err_hint(err, "have it signed by those to whom the trust policy gives the role "
                           "waiver for this product");
    }
    return status;
}
