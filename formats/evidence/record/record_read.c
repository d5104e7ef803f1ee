/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record: its form, whether it contradicts itself, who signed it. */
#include "evidence/record/record_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "trust/cms/cms.h"

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
    CRET_JSON_EACH (check, checks) {
        const struct cret_check *known = cret_check_find(cret_json_string(check, "check"));
        const enum cret_result result = result_of(cret_json_string(check, "result"));
        if (findings != NULL && (known != NULL || result == CRET_RESULT_FAIL)) {
            cret_findings_add(findings, known != NULL ? known->id : CRET_CHECK_NONE, result,
                              (struct cret_finding_text){0}, "%s",
                              cret_json_string(check, "reason"));
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
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
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
    if (cret_json_get(copy->json, "what.foreign") != NULL) {
        cret_required_foreign(&required);
    } else {
        cret_required_core(&required);
        require_policy(&required, cret_json_get(copy->json, "how.policy"));
    }
    const enum cret_verdict decided = cret_verdict_decide(findings, &required, false);
    cret_findings_free(&findings);
    const bool accepted = copy->verdict == CRET_VERDICT_ACCEPTED ||
                          copy->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
    const int64_t code = cret_json_integer(copy->json, "result.exitCode", -1);
    if ((accepted && decided != copy->verdict) || code != cret_verdict_exit_code(copy->verdict)) {
        cret_err_refuse(err, CRET_CHECK_RECORD_FORM,
                        "the record contradicts itself: its verdict does not follow from the "
                        "checks that it lists");
        cret_err_where(err, "%s #/result", origin);
        cret_err_expected(err, "%s", cret_verdict_name(decided));
        cret_err_actual(err, "%s, exit code %" PRId64, cret_verdict_name(copy->verdict), code);
        return cret_err_hint(err, "it was edited, or damaged: do not rely on it");
    }
    return CRET_OK;
}

/* Whoever reads WAIVED must be able to read by whom, until when, and what is done instead. */
static enum cret_status check_waivers(const struct cret_record_copy *copy, const char *origin,
                                      struct cret_err *err)
{
    CRET_JSON_EACH (check, cret_json_get(copy->json, "result.checks")) {
        const char *name = cret_json_string(check, "check");
        bool named = result_of(cret_json_string(check, "result")) != CRET_RESULT_WAIVED;
        CRET_JSON_EACH (waiver, cret_json_get(copy->json, "result.waivers")) {
            named = named || strcmp(cret_json_string(waiver, "check"), name) == 0;
        }
        if (!named) {
            cret_err_refuse(err, CRET_CHECK_RECORD_FORM,
                            "the record contradicts itself: it lists no waiver of %s", name);
            cret_err_where(err, "%s #/result/waivers", origin);
            return cret_err_hint(err, "it was edited, or damaged: do not rely on it");
        }
    }
    return CRET_OK;
}

enum cret_status cret_record_parse(struct cret_record_copy *ret_copy, const char *text, size_t size,
                                   const char *origin, struct cret_err *err)
{
    struct cret_record_copy copy = {.text = malloc(size + 1), .size = size};
    enum cret_status status = CRET_FAILED;
    if (copy.text == NULL) {
        return cret_err_memory(err);
    }
    memcpy(copy.text, text, size);
    copy.text[size] = '\0';
    if (cret_file_format_read(&copy.json, &cret_record_format, text, size, origin, err) !=
        CRET_OK) {
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
    cret_record_copy_clear(&copy);
    return status;
}

enum cret_status cret_record_read(struct cret_record_copy *ret_copy, const char *path,
                                  struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, cret_record_format.bytes, CRET_ERR_UNDECIDED, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_record_parse(ret_copy, text, size, path, err);
    free(text);
    return status;
}

/* The list of files of a record that is read one by one. */
struct file_walk {
    json_t *kept; /* the first of them, or NULL: none is kept */
    size_t most;  /* that are kept */
    size_t count; /* of all */
};

/* The elements from `at` on; *ret_end is the bracket behind them. The text is of the one written
 * form, in which a string holds no line break, and the indentation of a brace is its depth. */
static enum cret_status walk_files(struct file_walk *walk, const char *at, const char **ret_end,
                                   struct cret_err *err)
{
    static const char opens[] = "\n      {", closes[] = "\n      }", ends[] = "\n    ]";
    while (walk->count < CRET_LIMIT_FILES) {
        const char *end = strncmp(at, opens, sizeof(opens) - 1) == 0 ? strstr(at, closes) : NULL;
        if (end == NULL) {
            break;
        }
        end += sizeof(closes) - 1;
        json_t *json = NULL;
        if (cret_file_format_read(&json, &cret_record_file_format, at, (size_t)(end - at),
                                  "one of its files", err) != CRET_OK) {
            return CRET_FAILED;
        }
        const bool keep = walk->kept != NULL && walk->count < walk->most;
        const bool lost = keep && json_array_append(walk->kept, json) != 0;
        json_decref(json);
        if (lost) {
            return cret_err_memory(err);
        }
        walk->count++;
        if (strncmp(end, ends, sizeof(ends) - 1) == 0) {
            *ret_end = end + sizeof(ends) - 2;
            return CRET_OK;
        }
        if (*end != ',') {
            break;
        }
        at = end + 1;
    }
    return cret_err_undecided(err, "its list of files is not one");
}

/* The record without its files, which are read one by one. */
static enum cret_status read_apart(struct cret_record_copy *ret_copy, struct file_walk *walk,
                                   const char *text, size_t size, struct cret_err *err)
{
    static const char files[] = "\n    \"files\": [";
    struct cret_buffer rest = {0};
    const char *place = strstr(text, files);
    const char *from = place != NULL ? place + sizeof(files) - 1 : NULL, *end = from;
    if (from == NULL || strlen(text) != size || strstr(from, files) != NULL) {
        return cret_err_undecided(err, "its list of files is not there");
    }
    if (*from != ']' && walk_files(walk, from, &end, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_buffer_append(&rest, text, (size_t)(from - text));
    cret_buffer_append(&rest, end, size - (size_t)(end - text));
    const enum cret_status status =
        rest.failed ? cret_err_memory(err)
                    : cret_record_parse(ret_copy, rest.data, rest.size, "the record", err);
    cret_buffer_free(&rest);
    return status;
}

static enum cret_status read_back(const char *text, size_t size, struct cret_err *err)
{
    struct cret_record_copy copy = {0};
    struct file_walk walk = {0};
    const enum cret_status status = read_apart(&copy, &walk, text, size, err);
    cret_record_copy_clear(&copy);
    return status;
}

enum cret_status cret_record_read_brief(json_t **ret_record, size_t *ret_files, const char *text,
                                        size_t size, size_t most, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_record_copy copy = {0};
    struct file_walk walk = {.kept = json_array(), .most = most};
    if (walk.kept == NULL) {
        return cret_err_memory(err);
    }
    if (read_apart(&copy, &walk, text, size, err) != CRET_OK) {
        goto out;
    }
    if (json_object_set(json_object_get(copy.json, "what"), "files", walk.kept) != 0) {
        cret_err_memory(err);
        goto out;
    }
    *ret_files = walk.count;
    *ret_record = json_incref(copy.json);
    status = CRET_OK;
out:
    json_decref(walk.kept);
    cret_record_copy_clear(&copy);
    return status;
}

enum cret_status cret_record_read_back(const char *text, size_t size, struct cret_err *err)
{
    if (size <= cret_record_format.bytes && read_back(text, size, err) == CRET_OK) {
        return CRET_OK;
    }
    if (size > cret_record_format.bytes) {
        cret_err_undecided(err, "it would have %zu bytes", size);
    }
    cret_err_reclass(err, CRET_ERR_UNDECIDED);
    cret_err_hint(err, "nothing was accepted; this is a fault of the program: please report "
                       "it with this message");
    return cret_err_context(err, "the record of this run could not be read back");
}

void cret_record_copy_clear(struct cret_record_copy *copy)
{
    json_decref(copy->json);
    free(copy->text);
    memset(copy, 0, sizeof(*copy));
}

/* Why no signer was found, in the words of the judgement; these were made for releases, so that
 * what to do is said here. */
static enum cret_status untrusted(const struct cret_signature_judgement *judgement,
                                  struct cret_err *err)
{
    if (judgement->why_not.class != CRET_ERR_NONE) {
        *err = judgement->why_not;
        cret_err_context(err, "the record's signature");
    } else {
        cret_err_refuse(err, CRET_CHECK_RECORD_SIGNATURE,
                        "the record was not signed by a trusted key");
    }
    return cret_err_hint(err, "do not rely on the record; ask whoever made it, and name with "
                              "--anchor whom you trust to sign records");
}

static enum cret_status describe_seal(struct cret_record_sealed *ret_sealed,
                                      const struct cret_signature_judgement *judgement,
                                      struct cret_err *err)
{
    /* Where the anchor is the signer's own certificate, there is no issuer whose list could tell.
     */
    const bool pinned = judgement->chain.count < 2;
    struct cret_record_sealed sealed = {
        .signer = cret_text_printf("%s", cret_certificate_subject(cret_cms_signer(judgement->cms))),
        .revocation_known = judgement->revocation_known && !pinned};
    const char *why = pinned ? "the signer's certificate is the anchor itself: no revocation list "
                               "was asked about it; name its CA with --anchor"
                             : judgement->revocation_why.what;
    if (!sealed.revocation_known && why[0] != '\0') {
        sealed.revocation_why = cret_text_printf("%s", why);
    }
    if (sealed.signer == NULL ||
        (!sealed.revocation_known && why[0] != '\0' && sealed.revocation_why == NULL)) {
        cret_record_sealed_clear(&sealed);
        return cret_err_memory(err);
    }
    *ret_sealed = sealed;
    return CRET_OK;
}

enum cret_status cret_record_verify_signature(struct cret_record_sealed *ret_sealed,
                                              const struct cret_record_copy *copy,
                                              const uint8_t *signature, size_t signature_size,
                                              const struct cret_record_judges *judges,
                                              struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_cms *cms = NULL;
    struct cret_signature_judgement judgement = {0};
    struct cret_authentic_scope *scopes = NULL;
    struct cret_findings *findings = cret_findings_new();
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_cms_parse(&cms, signature, signature_size, err) != CRET_OK ||
        cret_cms_verify(cms, (const uint8_t *)copy->text, copy->size, err) != CRET_OK) {
        cret_err_context(err, "the record's signature");
        goto out;
    }
    const struct cret_cms *const one[] = {cms};
    const struct cret_judge_request request = {.policy = judges->policy,
                                               .signatures = one,
                                               .count = 1,
                                               .now = judges->now,
                                               .allow_example_keys = judges->allow_example_keys};
    if (cret_policy_judge(&request, &judgement, &scopes, findings, err) != CRET_OK) {
        if (err->class == CRET_ERR_REFUSED || err->class == CRET_ERR_NONE) {
            untrusted(&judgement, err);
        }
        goto out;
    }
    status =
        judgement.counted ? describe_seal(ret_sealed, &judgement, err) : untrusted(&judgement, err);
out:
    free(scopes);
    cret_findings_free(&findings);
    cret_cms_free(&cms);
    return status;
}

enum cret_status cret_record_signature_belongs(const struct cret_record_copy *copy,
                                               const uint8_t *signature, size_t signature_size,
                                               struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    const uint8_t *text = (const uint8_t *)copy->text;
    enum cret_status status = cret_cms_parse(&cms, signature, signature_size, err);
    if (status == CRET_OK) {
        status = cret_cms_checkable(cms) ? cret_cms_verify(cms, text, copy->size, err)
                                         : cret_cms_match_content(cms, text, copy->size, err);
    }
    cret_cms_free(&cms);
    return status;
}

void cret_record_sealed_clear(struct cret_record_sealed *sealed)
{
    free(sealed->signer);
    free(sealed->revocation_why);
    memset(sealed, 0, sizeof(*sealed));
}

bool cret_record_accepts(const struct cret_record_copy *copy)
{
    return (copy->verdict == CRET_VERDICT_ACCEPTED ||
            copy->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS) &&
           !cret_json_boolean(copy->json, "when.verificationTimeGiven", true) &&
           !cret_json_boolean(copy->json, "how.exampleKeysAllowed", true);
}
