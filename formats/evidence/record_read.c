/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/record_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "trust/cms.h"

/* The first finding as the error. */
static enum cret_status first_fault(const struct cret_findings *findings, const char *origin,
                                    struct cret_err *err)
{
    if (cret_findings_count(findings) == 0 || cret_findings_broken(findings)) {
        return cret_err_memory(err);
    }
    const struct cret_finding *finding = cret_findings_at(findings, 0);
    (void)cret_err_refuse(err, CRET_CHECK_RECORD_FORM, "this is not a record: %s", finding->reason);
    (void)cret_err_where(err, "%s, %s", origin, finding->where != NULL ? finding->where : "#");
    if (finding->expected != NULL) {
        (void)cret_err_expected(err, "%s", finding->expected);
    }
    if (finding->actual != NULL) {
        (void)cret_err_actual(err, "%s", finding->actual);
    }
    return cret_err_hint(err, "ask whoever ran the verification for the file again");
}

static bool verdict_of(enum cret_verdict *ret_verdict, const char *name)
{
    for (int i = 0; i < CRET_VERDICT_COUNT; i++) {
        if (strcmp(name, cret_verdict_name((enum cret_verdict)i)) == 0) {
            *ret_verdict = (enum cret_verdict)i;
            return true;
        }
    }
    return false;
}

static enum cret_result result_of(const char *name)
{
    for (int i = 0; i < CRET_RESULT_COUNT; i++) {
        if (strcmp(name, cret_result_name((enum cret_result)i)) == 0) {
            return (enum cret_result)i;
        }
    }
    return CRET_RESULT_FAIL;
}

/* The findings as they were, but for checks that this version does not know: they count as what
 * they say only where they refuse. */
static struct cret_findings *rebuild(const json_t *checks)
{
    struct cret_findings *findings = cret_findings_new();
    size_t index;
    json_t *check;
    json_array_foreach(checks, index, check)
    {
        const struct cret_check *known = cret_check_find(cret_json_string(check, "check"));
        const enum cret_result result = result_of(cret_json_string(check, "result"));
        if (findings != NULL && (known != NULL || result == CRET_RESULT_FAIL)) {
            cret_findings_add(findings, known != NULL ? known->id : CRET_CHECK_NONE, result, NULL,
                              NULL, NULL, NULL, "%s", cret_json_string(check, "reason"));
        }
    }
    return findings;
}

/* What the policy required of this run beyond the core checks, as the record tells it. */
static void require_policy(struct cret_required *required, const json_t *policy)
{
    static const struct {
        const char *field;
        enum cret_check_id check;
    } rows[] = {{"revocation", CRET_CHECK_CERTIFICATE_REVOCATION},
                {"timestamp", CRET_CHECK_SIGNATURE_TIMESTAMP},
                {"postQuantum", CRET_CHECK_SIGNATURE_POST_QUANTUM}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *demand = cret_json_string(policy, rows[i].field);
        if (demand != NULL && strcmp(demand, "require") == 0) {
            required->check[rows[i].check] = true;
        }
    }
}

/* A verdict that does not follow from the checks was written by hand. UNDECIDED and PARTIAL depend
 * on what is not in the list. */
static enum cret_status check_verdict(struct cret_record_copy *copy, const char *origin,
                                      struct cret_err *err)
{
    const json_t *checks = cret_json_get(copy->json, "result.checks");
    struct cret_required required;
    struct cret_findings *findings = rebuild(checks);
    if (findings == NULL || cret_findings_broken(findings)) {
        cret_findings_free(&findings);
        return cret_err_memory(err);
    }
    cret_required_core(&required);
    require_policy(&required, cret_json_get(copy->json, "how.policy"));
    const enum cret_verdict decided = cret_verdict_decide(findings, &required, false);
    cret_findings_free(&findings);
    const bool accepted = copy->verdict == CRET_VERDICT_ACCEPTED ||
                          copy->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
    const int64_t code = cret_json_integer(copy->json, "result.exitCode", -1);
    if ((accepted && decided != copy->verdict) || code != cret_verdict_exit_code(copy->verdict)) {
        (void)cret_err_refuse(err, CRET_CHECK_RECORD_FORM,
                              "the record contradicts itself: its verdict does not follow from the "
                              "checks that it lists");
        (void)cret_err_where(err, "%s, #/result", origin);
        (void)cret_err_expected(err, "%s", cret_verdict_name(decided));
        (void)cret_err_actual(err, "%s, exit code %" PRId64, cret_verdict_name(copy->verdict),
                              code);
        return cret_err_hint(err, "it was edited, or damaged: do not rely on it");
    }
    return CRET_OK;
}

/* Whoever reads WAIVED must be able to read by whom, until when, and what is done instead. */
static enum cret_status check_waivers(const struct cret_record_copy *copy, const char *origin,
                                      struct cret_err *err)
{
    size_t index, inner;
    json_t *check, *waiver;
    json_array_foreach(cret_json_get(copy->json, "result.checks"), index, check)
    {
        const char *name = cret_json_string(check, "check");
        bool named = result_of(cret_json_string(check, "result")) != CRET_RESULT_WAIVED;
        json_array_foreach(cret_json_get(copy->json, "result.waivers"), inner, waiver)
        {
            named = named || strcmp(cret_json_string(waiver, "check"), name) == 0;
        }
        if (!named) {
            (void)cret_err_refuse(err, CRET_CHECK_RECORD_FORM,
                                  "the record contradicts itself: it lists no waiver of %s", name);
            (void)cret_err_where(err, "%s, #/result/waivers", origin);
            return cret_err_hint(err, "it was edited, or damaged: do not rely on it");
        }
    }
    return CRET_OK;
}

enum cret_status cret_record_parse(struct cret_record_copy *ret_copy, const char *text, size_t size,
                                   const char *origin, struct cret_err *err)
{
    struct cret_record_copy copy = {.text = malloc(size + 1), .size = size};
    struct cret_findings *findings = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    if (copy.text == NULL || findings == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    memcpy(copy.text, text, size);
    copy.text[size] = '\0';
    if (cret_json_parse(&copy.json, text, size, CRET_JSON_STRICT, CRET_CHECK_RECORD_FORM, err) !=
        CRET_OK) {
        (void)cret_err_context(err, "%s", origin);
        goto out;
    }
    if (cret_schema_validate(cret_record_fields, copy.json, CRET_SCHEMA_MANIFEST,
                             CRET_CHECK_RECORD_FORM, findings) != CRET_OK) {
        (void)first_fault(findings, origin, err);
        goto out;
    }
    if (!verdict_of(&copy.verdict, cret_json_string(copy.json, "result.verdict")) ||
        cret_sha256(copy.digest, text, size, err) != CRET_OK ||
        check_verdict(&copy, origin, err) != CRET_OK ||
        check_waivers(&copy, origin, err) != CRET_OK) {
        goto out;
    }
    *ret_copy = copy;
    memset(&copy, 0, sizeof(copy));
    status = CRET_OK;
out:
    cret_findings_free(&findings);
    cret_record_copy_clear(&copy);
    return status;
}

enum cret_status cret_record_read(struct cret_record_copy *ret_copy, const char *path,
                                  struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_RECORD_BYTES, CRET_ERR_UNDECIDED, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_record_parse(ret_copy, text, size, path, err);
    free(text);
    return status;
}

void cret_record_copy_clear(struct cret_record_copy *copy)
{
    json_decref(copy->json);
    free(copy->text);
    memset(copy, 0, sizeof(*copy));
}

/* Why no signer was found, in the words of the judgement. */
static enum cret_status untrusted(const struct cret_signature_judgement *judgement,
                                  struct cret_err *err)
{
    if (judgement->why_not.class != CRET_ERR_NONE) {
        *err = judgement->why_not;
        return cret_err_context(err, "the record's signature");
    }
    (void)cret_err_refuse(err, CRET_CHECK_RECORD_SIGNATURE,
                          "the record was not signed by a trusted key");
    return cret_err_hint(err, "name the anchor of whoever signs records with --anchor");
}

enum cret_status cret_record_verify_signature(char **ret_signer,
                                              const struct cret_record_copy *copy,
                                              const uint8_t *signature, size_t signature_size,
                                              const struct cret_policy *policy, int64_t now,
                                              bool allow_example_keys, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_cms *cms = NULL;
    struct cret_signature_judgement judgement = {0};
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    char *signer = NULL;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_cms_parse(&cms, signature, signature_size, err) != CRET_OK ||
        cret_cms_verify(cms, (const uint8_t *)copy->text, copy->size, err) != CRET_OK) {
        (void)cret_err_context(err, "the record's signature");
        goto out;
    }
    const struct cret_cms *const one[] = {cms};
    const struct cret_judge_request request = {.policy = policy,
                                               .signatures = one,
                                               .count = 1,
                                               .now = now,
                                               .allow_example_keys = allow_example_keys};
    if (cret_policy_judge(&request, &judgement, &scopes, findings, err) != CRET_OK) {
        if (err->class == CRET_ERR_REFUSED || err->class == CRET_ERR_NONE) {
            (void)untrusted(&judgement, err);
        }
        goto out;
    }
    if (!judgement.counted) {
        (void)untrusted(&judgement, err);
        goto out;
    }
    signer = cret_text_printf("%s", cret_certificate_subject(cret_cms_signer(cms)));
    if (signer == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    *ret_signer = signer;
    status = CRET_OK;
out:
    free(scopes);
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    return status;
}

bool cret_record_accepts(const struct cret_record_copy *copy)
{
    return (copy->verdict == CRET_VERDICT_ACCEPTED ||
            copy->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS) &&
           !cret_json_boolean(copy->json, "when.verificationTimeGiven", true) &&
           !cret_json_boolean(copy->json, "how.exampleKeysAllowed", true);
}
