/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the release before, and comparing the two. */
#include "signer/release/previous.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/unicode.h"
#include "container/archive.h"
#include "release/statements/document.h"

enum cret_status cret_previous_read(struct cret_manifest **ret_manifest, const char *path,
                                    struct cret_err *err)
{
    int fd = -1;
    struct cret_source *source = NULL;
    struct cret_front *front = NULL;
    struct cret_findings *findings = cret_findings_new();
    enum cret_status status = CRET_FAILED;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) == CRET_OK &&
        cret_source_new(&source, fd, err) == CRET_OK &&
        cret_front_read(&front, source, err) == CRET_OK &&
        cret_manifest_parse_unverified(ret_manifest, front->manifest, front->manifest_size,
                                       findings, err) == CRET_OK) {
        status = CRET_OK;
    }
    cret_front_free(&front);
    cret_source_free(&source);
    cret_os_close(&fd);
    cret_findings_free(&findings);
    if (status != CRET_OK && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", path);
}

void cret_previous_check_release(const struct cret_manifest *old, const struct cret_manifest *now,
                                 struct cret_findings *findings)
{
    char expected[64], actual[64];
    if (!cret_unicode_same(old->vendor, now->vendor) ||
        !cret_unicode_same(old->product, now->product)) {
        char *was = cret_text_printf("%s/%s", old->vendor, old->product);
        char *is = cret_text_printf("%s/%s", now->vendor, now->product);
        cret_findings_add(findings, CRET_CHECK_RELEASE_PRODUCT, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = "#/product",
                              .expected = was,
                              .actual = is,
                              .hint = "give the last release of the same product as --previous"},
                          "the previous release is of another product");
        free(was);
        free(is);
        return;
    }
    if (now->sequence <= old->sequence) {
        snprintf(expected, sizeof(expected), "more than %" PRId64, old->sequence);
        snprintf(actual, sizeof(actual), "%" PRId64, now->sequence);
        cret_findings_add(findings, CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = "#/release/sequence",
                              .expected = expected,
                              .actual = actual,
                              .hint = "raise the sequence with every release; verifiers go by it"},
                          "the sequence does not rise above that of release %s", old->version);
    }
    if (strcmp(now->version, old->version) == 0) {
        cret_findings_add(findings, CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_WARN,
                          (struct cret_finding_text){
                              .where = "#/release/version",
                              .actual = now->version,
                              .hint = "raise the version: people tell releases apart by it"},
                          "the version is that of the previous release");
    }
    const int64_t was = cret_json_integer(old->json, "release.rollback.securityVersion", 0);
    const int64_t is = cret_json_integer(now->json, "release.rollback.securityVersion", was);
    if (is < was) {
        snprintf(expected, sizeof(expected), "%" PRId64 " or more", was);
        snprintf(actual, sizeof(actual), "%" PRId64, is);
        cret_findings_add(
            findings, CRET_CHECK_RELEASE_SEQUENCE, CRET_RESULT_FAIL,
            (struct cret_finding_text){.where = "#/release/rollback/securityVersion",
                                       .expected = expected,
                                       .actual = actual,
                                       .hint = "keep the counter or raise it: devices that took "
                                               "the last release refuse a lower one"},
            "the anti-rollback counter falls below that of release %s", old->version);
    }
}

enum cret_status cret_previous_check_documents(const struct cret_manifest *old,
                                               const struct cret_manifest *now,
                                               struct cret_findings *findings, struct cret_err *err)
{
    json_t *before = cret_document_list(old), *after = cret_document_list(now);
    char *since = cret_text_printf("release %s", old->version);
    const bool complete = before != NULL && after != NULL && since != NULL;
    if (complete) {
        cret_document_compare(before, since, after, findings);
    }
    json_decref(before);
    json_decref(after);
    free(since);
    return complete ? CRET_OK : cret_err_memory(err);
}
