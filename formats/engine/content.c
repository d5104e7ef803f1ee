/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/content.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "release/sbom.h"

/* What a fault of a check becomes under the policy. */
static enum cret_result fault_result(const struct cret_policy *policy, enum cret_check_id check)
{
    if (cret_check_get(check)->core) {
        return CRET_RESULT_FAIL;
    }
    switch (policy->severities[check]) {
    case CRET_SEVERITY_IGNORE:
        return CRET_RESULT_NOT_CHECKED;
    case CRET_SEVERITY_WARN:
        return CRET_RESULT_WARN;
    default:
        return CRET_RESULT_FAIL;
    }
}

static void check_review(struct cret_findings *findings, const struct cret_policy *policy,
                         int64_t now)
{
    if (policy->review_by == 0) {
        return;
    }
    char due[32];
    cret_time_format(due, policy->review_by);
    if (now <= policy->review_by) {
        cret_findings_add(findings, CRET_CHECK_POLICY_REVIEW, CRET_RESULT_PASS, NULL, NULL, due, NULL,
                          "the trust policy is due for review by %s", due);
        return;
    }
    cret_findings_add(findings, CRET_CHECK_POLICY_REVIEW,
                      fault_result(policy, CRET_CHECK_POLICY_REVIEW), NULL, NULL, due,
                      "review the trust policy and issue its next version",
                      "the trust policy was due for review by %s", due);
}

static void check_identity(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_inspect_request *request)
{
    if (request->expect_identity == NULL) {
        return;
    }
    char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
    cret_hex_encode(expected, request->expect_identity, CRET_SHA256_BYTES);
    cret_hex_encode(actual, manifest->identity, CRET_SHA256_BYTES);
    if (memcmp(request->expect_identity, manifest->identity, CRET_SHA256_BYTES) == 0) {
        cret_findings_add(findings, CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_PASS, NULL, expected,
                          actual, NULL, "this is the expected release");
        return;
    }
    cret_findings_add(findings, CRET_CHECK_RELEASE_IDENTITY, CRET_RESULT_FAIL, "MANIFEST.json",
                      expected, actual,
                      "check which release was approved; this archive holds another one",
                      "this is not the expected release");
}

/* expected is "NAME" or "VENDOR/NAME"; a name may hold a slash itself, so both readings count. */
static bool product_matches(const char *expected, const struct cret_manifest *manifest)
{
    if (strcmp(expected, manifest->product) == 0) {
        return true;
    }
    const size_t vendor_size = strlen(manifest->vendor);
    return strncmp(expected, manifest->vendor, vendor_size) == 0 && expected[vendor_size] == '/' &&
           strcmp(expected + vendor_size + 1, manifest->product) == 0;
}

static void check_product(struct cret_findings *findings, const struct cret_manifest *manifest,
                          const struct cret_inspect_request *request)
{
    if (request->product == NULL) {
        return;
    }
    char actual[2100];
    (void)snprintf(actual, sizeof(actual), "%s/%s", manifest->vendor, manifest->product);
    if (product_matches(request->product, manifest)) {
        cret_findings_add(findings, CRET_CHECK_RELEASE_PRODUCT, CRET_RESULT_PASS, "#/product",
                          request->product, actual, NULL, "this is a release of the expected product");
        return;
    }
    cret_findings_add(findings, CRET_CHECK_RELEASE_PRODUCT, CRET_RESULT_FAIL, "#/product",
                      request->product, actual, "use a release that was made for this product",
                      "this release is for another product");
}

/* Compares two revisions the way people number them: runs of digits as numbers, all else as text. */
static int revision_compare(const char *left, const char *right)
{
    while (*left != '\0' && *right != '\0') {
        const size_t left_digits = strspn(left, "0123456789");
        const size_t right_digits = strspn(right, "0123456789");
        if (left_digits > 0 && right_digits > 0) {
            const char *left_number = left + strspn(left, "0");
            const char *right_number = right + strspn(right, "0");
            const size_t left_size = (size_t)(left + left_digits - left_number);
            const size_t right_size = (size_t)(right + right_digits - right_number);
            if (left_size > left_digits || right_size > right_digits) {
                return 0;
            }
            if (left_size != right_size) {
                return left_size < right_size ? -1 : 1;
            }
            const int order = memcmp(left_number, right_number, left_size);
            if (order != 0) {
                return order;
            }
            left += left_digits;
            right += right_digits;
            continue;
        }
        if (*left != *right) {
            return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
        }
        left++;
        right++;
    }
    return *left == *right ? 0 : (*left == '\0' ? -1 : 1);
}

/* One entry of hardware[]: does it list this model (or SKU) at this revision? */
static bool hardware_entry_matches(const json_t *entry, const char *model, size_t model_size,
                                   const char *revision)
{
    const char *const names[] = {cret_json_string(entry, "model"), cret_json_string(entry, "sku")};
    bool named = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        named = named || (names[i] != NULL && strlen(names[i]) == model_size &&
                          memcmp(names[i], model, model_size) == 0);
    }
    if (!named) {
        return false;
    }
    const char *from = cret_json_string(entry, "revisionFrom");
    const char *to = cret_json_string(entry, "revisionTo");
    if (revision == NULL) {
        /* Which revision it is was not said: only an entry without bounds covers it surely. */
        return from == NULL && to == NULL;
    }
    return (from == NULL || revision_compare(revision, from) >= 0) &&
           (to == NULL || revision_compare(revision, to) <= 0);
}

static bool hardware_listed(const json_t *hardware, const char *expected)
{
    /* MODEL:REVISION; a model may hold a colon, so every split counts, and none as well. */
    size_t index;
    json_t *entry;
    json_array_foreach (hardware, index, entry) {
        if (hardware_entry_matches(entry, expected, strlen(expected), NULL)) {
            return true;
        }
        for (const char *colon = strchr(expected, ':'); colon != NULL;
             colon = strchr(colon + 1, ':')) {
            if (hardware_entry_matches(entry, expected, (size_t)(colon - expected), colon + 1)) {
                return true;
            }
        }
    }
    return false;
}

static void check_hardware(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_inspect_request *request)
{
    if (request->hardware == NULL) {
        return;
    }
    const json_t *hardware = cret_json_get(manifest->json, "hardware");
    if (hardware_listed(hardware, request->hardware)) {
        cret_findings_add(findings, CRET_CHECK_RELEASE_HARDWARE, CRET_RESULT_PASS, "#/hardware",
                          request->hardware, NULL, NULL, "the release lists this hardware");
        return;
    }
    struct cret_buffer listed = {0};
    size_t index;
    json_t *entry;
    json_array_foreach (hardware, index, entry) {
        const char *model = cret_json_string(entry, "model");
        const char *from = cret_json_string(entry, "revisionFrom");
        const char *to = cret_json_string(entry, "revisionTo");
        cret_buffer_printf(&listed, "%s%s", index > 0 ? ", " : "", model != NULL ? model : "?");
        if (from != NULL || to != NULL) {
            cret_buffer_printf(&listed, " %s to %s", from != NULL ? from : "any",
                               to != NULL ? to : "any");
        }
    }
    cret_findings_add(findings, CRET_CHECK_RELEASE_HARDWARE,
                      fault_result(request->policy, CRET_CHECK_RELEASE_HARDWARE), "#/hardware",
                      request->hardware,
                      listed.size > 0 && !listed.failed ? listed.data : "no hardware is listed",
                      "compare the label of the device; give --hardware MODEL:REVISION as printed there",
                      "the release does not list hardware %s", request->hardware);
    cret_buffer_free(&listed);
}

static void check_sequence(struct cret_findings *findings, const struct cret_manifest *manifest,
                           const struct cret_inspect_request *request)
{
    const int64_t policy_floor =
        cret_policy_floor(request->policy, manifest->vendor, manifest->product);
    const int64_t floor =
        request->minimum_sequence > policy_floor ? request->minimum_sequence : policy_floor;
    if (floor <= 0) {
        return;
    }
    char expected[48], actual[32];
    (void)snprintf(expected, sizeof(expected), "%" PRId64 " or higher", floor);
    (void)snprintf(actual, sizeof(actual), "%" PRId64, manifest->sequence);
    const bool met = manifest->sequence >= floor;
    /* What the operator asks for on the command line is not softened by a policy. */
    const enum cret_result fault =
        manifest->sequence < request->minimum_sequence
            ? CRET_RESULT_FAIL
            : fault_result(request->policy, CRET_CHECK_RELEASE_SEQUENCE);
    cret_findings_add(findings, CRET_CHECK_RELEASE_SEQUENCE, met ? CRET_RESULT_PASS : fault,
                      "#/release/sequence", expected, actual,
                      met ? NULL : "use a newer release, or have the policy's floor changed",
                      met ? "the release is not below the floor"
                          : "the release is older than the lowest one allowed");
}

void cret_content_check_release(struct cret_findings *findings,
                                const struct cret_manifest *manifest,
                                const struct cret_inspect_request *request)
{
    check_review(findings, request->policy, request->now);
    check_identity(findings, manifest, request);
    check_product(findings, manifest, request);
    check_hardware(findings, manifest, request);
    check_sequence(findings, manifest, request);
}

enum cret_status cret_content_check_sbom(struct cret_findings *findings,
                                         const struct cret_manifest *manifest,
                                         const struct cret_policy *policy, const char *text,
                                         size_t size, bool digests_claimed, struct cret_err *err)
{
    struct cret_findings *found = cret_findings_new();
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sbom_check(manifest, text, size, found, err) != CRET_OK &&
        err->class != CRET_ERR_REFUSED) {
        cret_findings_free(&found);
        return CRET_FAILED;
    }
    if (cret_findings_broken(found)) {
        cret_findings_free(&found);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *finding = cret_findings_at(found, i);
        enum cret_result result = finding->result;
        const char *note = "";
        if (result == CRET_RESULT_FAIL) {
            result = fault_result(policy, finding->check);
        } else if (result == CRET_RESULT_PASS && digests_claimed &&
                   finding->check == CRET_CHECK_SBOM_BINDING) {
            result = CRET_RESULT_NOT_CHECKED;
            note = "not checked with --fast, which leaves SHA-256 digests unchecked: ";
        }
        cret_findings_add(findings, finding->check, result, finding->where, finding->expected,
                          finding->actual, finding->hint, "%s%s", note, finding->reason);
    }
    cret_findings_free(&found);
    return CRET_OK;
}
