/* SPDX-License-Identifier: Apache-2.0 */
/* What operator and policy expect of a release, each as a finding. */
#include "engine/expected.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "release/statements/document.h"
#include "release/statements/version.h"

void cret_expected_review(struct cret_findings *findings,
                          const struct cret_inspect_request *request)
{
    const struct cret_policy *policy = request->policy;
    if (!policy->review_by.given) {
        return;
    }
    char due[32];
    cret_time_format(due, policy->review_by.value);
    if (!cret_optional_past(policy->review_by, request->now)) {
        cret_findings_add(findings, CRET_CHECK_POLICY_REVIEW, CRET_RESULT_PASS,
                          (struct cret_finding_text){.actual = due},
                          "the trust policy is due for review by %s", due);
        return;
    }
    cret_findings_add(
        findings, CRET_CHECK_POLICY_REVIEW, cret_inspect_result(request, CRET_CHECK_POLICY_REVIEW),
        (struct cret_finding_text){.actual = due,
                                   .hint = "review the trust policy and issue its next version"},
        "the trust policy was due for review by %s", due);
}

static void check_identity(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_expected_places *places,
                           const struct cret_inspect_request *request)
{
    if (request->expect_identity == NULL) {
        return;
    }
    char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
    cret_hex_encode(expected, request->expect_identity, CRET_SHA256_BYTES);
    cret_hex_encode(actual, manifest->identity, CRET_SHA256_BYTES);
    if (memcmp(request->expect_identity, manifest->identity, CRET_SHA256_BYTES) == 0) {
        cret_findings_add(findings, CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_PASS,
                          (struct cret_finding_text){.expected = expected, .actual = actual},
                          "this is the expected release");
        return;
    }
    cret_findings_add(
        findings, CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_FAIL,
        (struct cret_finding_text){
            .where = places->identity,
            .expected = expected,
            .actual = actual,
            .hint = "check which release was approved; this archive holds another one"},
        "this is not the expected release");
}

/* "NAME of VENDOR", or the one that is given. NULL: out of memory; the caller frees. */
static char *product_words(const char *vendor, const char *product)
{
    return cret_text_printf("%s%s%s", product != NULL ? product : "any product",
                            vendor != NULL ? " of " : "", vendor != NULL ? vendor : "");
}

static void check_product(struct cret_findings *findings, const struct cret_manifest *manifest,
                          const struct cret_expected_places *places,
                          const struct cret_inspect_request *request)
{
    if (request->product == NULL && request->vendor == NULL) {
        return;
    }
    const bool vendor =
        request->vendor == NULL || cret_unicode_same(request->vendor, manifest->vendor);
    const bool product =
        request->product == NULL || cret_unicode_same(request->product, manifest->product);
    char *asked = product_words(request->vendor, request->product);
    char *claim = product_words(manifest->vendor, manifest->product);
    const bool both = asked != NULL && claim != NULL;
    char *expected = both ? cret_unicode_tell(asked, vendor && product ? NULL : claim) : NULL;
    char *actual = both ? cret_unicode_tell(claim, vendor && product ? NULL : asked) : NULL;
    free(asked);
    free(claim);
    if (expected == NULL || actual == NULL) {
        cret_findings_break(findings);
    } else {
        cret_findings_add(findings, CRET_CHECK_RELEASE_PRODUCT,
                          vendor && product ? CRET_RESULT_PASS : CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = places->product,
                              .expected = expected,
                              .actual = actual,
                              .hint = vendor && product
                                          ? NULL
                                          : "get the release that was made for the product you "
                                            "asked for, or correct what you asked for"},
                          vendor && product ? "this is a release of the expected product"
                          : vendor          ? "this release is for another product: %s"
                                            : "this release is by another vendor: %s",
                          actual);
    }
    free(expected);
    free(actual);
}

static bool hardware_listed(const json_t *hardware, const char *expected)
{
    CRET_JSON_EACH (entry, hardware) {
        if (cret_hardware_covers(entry, expected)) {
            return true;
        }
    }
    return false;
}

static void check_hardware(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_expected_places *places,
                           const struct cret_inspect_request *request)
{
    if (request->hardware == NULL) {
        return;
    }
    const json_t *hardware = cret_json_get(manifest->json, "hardware");
    if (hardware_listed(hardware, request->hardware)) {
        cret_findings_add(
            findings, CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_PASS,
            (struct cret_finding_text){.where = places->hardware, .expected = request->hardware},
            "the release lists this hardware");
        return;
    }
    struct cret_buffer listed = {0};
    CRET_JSON_EACH_AT (index, entry, hardware) {
        const char *model = cret_json_string(entry, "model");
        const char *from = cret_json_string(entry, "revisionFrom");
        const char *to = cret_json_string(entry, "revisionTo");
        cret_buffer_printf(&listed, "%s%s", index > 0 ? ", " : "", model != NULL ? model : "?");
        if (from != NULL || to != NULL) {
            cret_buffer_printf(&listed, " %s to %s", from != NULL ? from : "any",
                               to != NULL ? to : "any");
        }
    }
    /* What the operator asks for on the command line is not softened by a policy. */
    cret_findings_add(
        findings, CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_FAIL,
        (struct cret_finding_text){
            .where = places->hardware,
            .expected = request->hardware,
            .actual = listed.size > 0 && !listed.failed ? listed.data : "no hardware is listed",
            .hint =
                "compare the label of the device; give --hardware MODEL:REVISION as printed there"},
        "the release does not list hardware %s", request->hardware);
    cret_buffer_free(&listed);
}

static void check_sequence(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_expected_places *places,
                           const struct cret_inspect_request *request)
{
    const struct cret_optional floor = cret_optional_greater(
        cret_policy_floor(request->policy, manifest->vendor, manifest->product),
        request->minimum_sequence);
    if (!floor.given) {
        return;
    }
    char expected[48], actual[32];
    snprintf(expected, sizeof(expected), "%" PRId64 " or higher", floor.value);
    snprintf(actual, sizeof(actual), "%" PRId64, manifest->sequence);
    const bool met = !cret_optional_below(floor, manifest->sequence);
    /* What the operator asks for on the command line is not softened by a policy. */
    const enum cret_result fault =
        cret_optional_below(request->minimum_sequence, manifest->sequence)
            ? CRET_RESULT_FAIL
            : cret_inspect_result(request, CRET_CHECK_RELEASE_SEQUENCE);
    cret_findings_add(
        findings, CRET_CHECK_RELEASE_SEQUENCE, met ? CRET_RESULT_PASS : fault,
        (struct cret_finding_text){
            .where = places->sequence,
            .expected = expected,
            .actual = actual,
            .hint = met ? NULL : "use a newer release, or have the policy's floor changed"},
        met ? "the release is not below the floor"
            : "the release is older than the lowest one allowed (sequence %" PRId64
              " instead of %s)",
        manifest->sequence, expected);
}

void cret_expected_check(struct cret_findings *findings, const struct cret_manifest *manifest,
                         const struct cret_expected_places *places,
                         const struct cret_inspect_request *request)
{
    cret_expected_review(findings, request);
    check_identity(findings, manifest, places, request);
    check_product(findings, manifest, places, request);
    check_hardware(findings, manifest, places, request);
    check_sequence(findings, manifest, places, request);
    /* What the operator asks for on the command line is not softened by a policy. */
    for (size_t i = 0; i < request->also_count; i++) {
        cret_document_prove(manifest, request->also[i].name, request->also[i].sha256, findings);
    }
}
