/* SPDX-License-Identifier: Apache-2.0 */
/* Which release is spoken of, in JSON and in words. */
#include "verifier/review/said.h"

#include <inttypes.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "verifier/report/pieces.h"

const char *const cret_said_verdicts[] = {
    "ACCEPTED", "ACCEPTED WITH WAIVERS", "REFUSED", "UNDECIDED", "PARTIAL", NULL};

const struct cret_field cret_said_release_fields[] = {
    CRET_ROW_LINE("vendor", 0, "The vendor, as the release says."),
    CRET_ROW_LINE("product", 0, "The product, as the release says."),
    CRET_ROW_LINE("version", 0, "The version, as the release says."),
    CRET_ROW_COUNT("sequence", 0, "Its place in the order of releases."),
    CRET_ROW_END,
};

const struct cret_field cret_said_trust_fields[] = {
    CRET_ROW_BOOLEAN("verified", CRET_REQUIRED,
                     "Whether trust was named. Where not, whatever is said is UNVERIFIED."),
    CRET_ROW_TEXT("policy", 0, "Name of the trust policy."),
    CRET_ROW_SHA256("policySha256", 0, "SHA-256 of trust.json; absent with bare anchors."),
    CRET_ROW_STRING("asOf", 0, CRET_FORMAT_ANY_TIME, "The time of --at, in place of the clock's."),
    CRET_ROW_BOOLEAN("exampleKeys", 0,
                     "true: published example keys counted, which proves nothing."),
    CRET_ROW_BOOLEAN("productBound", 0, "Whether the keys that counted may speak for the product."),
    CRET_ROW_END,
};

json_t *cret_said_trust(const struct cret_session *session, const struct cret_outcome *outcome)
{
    const struct cret_policy *policy = session->policy;
    struct cret_build json = cret_build_object();
    cret_build_boolean(&json, "verified", policy != NULL);
    if (policy != NULL) {
        cret_build_text(&json, "policy", policy->name);
        cret_build_sha256(&json, "policySha256", policy->bare_anchor ? NULL : policy->digest);
        if (session->at_given) {
            cret_build_time(&json, "asOf", session->request.now);
        }
        cret_build_flag(&json, "exampleKeys", session->request.allow_example_keys);
    }
    if (policy != NULL && outcome != NULL) {
        cret_build_boolean(&json, "productBound", outcome->product_bound);
    }
    return cret_build_end(&json);
}

void cret_said_qualify(struct cret_page *page, const struct cret_session *session,
                       const struct cret_outcome *outcome)
{
    if (session->policy == NULL) {
        cret_page_qualify(page, "UNVERIFIED: nothing was compared with a trusted key");
        return;
    }
    if (session->request.allow_example_keys) {
        cret_page_qualify(page, "example keys allowed: proves nothing");
    }
    if (outcome != NULL && outcome->confined.missing[0] != '\0') {
        cret_page_qualify(page, "not confined");
    }
    if (session->at_given) {
        char time[32];
        cret_time_format(time, session->request.now);
        cret_page_qualify(page, "as of %s", time);
    }
    if (outcome != NULL && !outcome->product_bound) {
        cret_page_qualify(page, "product not bound");
    }
}

json_t *cret_said_release(const json_t *document)
{
    static const char *const members[][2] = {{"vendor", "product.vendor"},
                                             {"product", "product.name"},
                                             {"version", "release.version"},
                                             {"sequence", "release.sequence"}};
    struct cret_build json = cret_build_object();
    for (size_t i = 0; i < CRET_LENGTH(members); i++) {
        cret_build_share(&json, members[i][0], cret_json_get(document, members[i][1]));
    }
    return cret_build_end(&json);
}

char *cret_said_release_words(const json_t *document)
{
    const char *vendor = cret_json_string(document, "product.vendor");
    const char *product = cret_json_string(document, "product.name");
    const char *version = cret_json_string(document, "release.version");
    if (vendor == NULL || product == NULL || version == NULL) {
        return cret_text_printf("a release that does not say what it is");
    }
    return cret_text_printf("%s %s %s (sequence %" PRId64 ")", vendor, product, version,
                            cret_json_integer(document, "release.sequence", 0));
}

enum cret_status cret_said_refusal(const struct cret_outcome *outcome, const char *archive,
                                   struct cret_err *err)
{
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        *err = outcome->error;
        return cret_err_context(err, "%s", archive);
    }
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (finding->result == CRET_RESULT_FAIL) {
            cret_err_refuse(err, finding->check, "%s is refused: %s", archive, finding->reason);
            cret_err_where(err, "%s", finding->where != NULL ? finding->where : "");
            cret_err_expected(err, "%s", finding->expected != NULL ? finding->expected : "");
            cret_err_actual(err, "%s", finding->actual != NULL ? finding->actual : "");
            return cret_err_hint(err, "%s", finding->hint != NULL ? finding->hint : "");
        }
    }
    return cret_err_refuse(err, CRET_CHECK_NONE,
                           "%s is refused: a check that is required was not "
                           "made",
                           archive);
}

void cret_said_failed(struct cret_page *page, enum cret_tone tone, const char *label,
                      const json_t *one)
{
    const char *path = cret_piece_text(one, "path"), *why = cret_piece_text(one, "why");
    const char *hint = cret_piece_text(one, "hint");
    const bool named = strncmp(why, path, strlen(path)) == 0;
    cret_page_toned(page, tone, label, "%s%s%s%s%s", named ? "" : path, named ? "" : ": ", why,
                    hint[0] != '\0' ? " - " : "", hint);
}
