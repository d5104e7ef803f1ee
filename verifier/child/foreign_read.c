/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a file in a vendor's own format, and what of it cannot be answered. */
#include "verifier/child/foreign_read.h"

#include <string.h>

#include "base/text/text.h"
#include "engine/expected.h"
#include "foreign/foreign.h"

static struct cret_foreign_file file_of(const struct cret_child_job *job,
                                        const struct cret_source *source,
                                        const struct cret_watch *watch)
{
    return (struct cret_foreign_file){.name = job->name,
                                      .fd = job->archive_fd,
                                      .size = cret_source_size(source),
                                      .work = watch != NULL ? watch->work : NULL,
                                      .context = watch != NULL ? watch->context : NULL};
}

bool cret_foreign_read_wanted(const struct cret_child_job *job, const struct cret_source *source)
{
    if (!job->foreign || !cret_source_is_file(source)) {
        return false;
    }
    const struct cret_foreign_file file = file_of(job, source, NULL);
    return job->side_count > 0 || cret_foreign_recognize(&file) != NULL;
}

static void refuse(struct cret_findings *findings, const char *option)
{
    cret_findings_add(findings, CRET_CHECK_FOREIGN_FORM, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .hint = "leave the option out, or adopt the file: an archive of its "
                                  "owner says all that"},
                      "%s asks what a file in a vendor's own format does not say", option);
}

/* Expectations that only a manifest answers refuse: silence would look like a yes. */
static void check_expectations(const struct cret_inspect_request *request,
                               const struct cret_foreign_result *result,
                               struct cret_findings *findings)
{
    char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
    const struct {
        bool given;
        const char *option;
    } unanswered[] = {{request->hardware != NULL, "--hardware"},
                      {request->minimum_sequence.given, "--min-sequence"},
                      {request->also_count > 0, "--also"},
                      {request->partial, "--only"},
                      {request->payload_directory >= 0, "--payload"},
                      {request->seal.name != NULL, "--seal"}};
    for (size_t i = 0; i < CRET_LENGTH(unanswered); i++) {
        if (unanswered[i].given) {
            refuse(findings, unanswered[i].option);
        }
    }
    cret_expected_review(findings, request);
    if (request->profile != NULL) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_FORM, CRET_RESULT_WARN,
                          (struct cret_finding_text){0},
                          "a profile asks what releases say: a foreign file says nothing, and "
                          "nothing of the profile was asked");
    }
    if (request->expect_identity == NULL) {
        return;
    }
    const bool same = memcmp(request->expect_identity, result->sha256, CRET_SHA256_BYTES) == 0;
    cret_hex_encode(expected, request->expect_identity, CRET_SHA256_BYTES);
    cret_hex_encode(actual, result->sha256, CRET_SHA256_BYTES);
    cret_findings_add(findings, CRET_CHECK_RELEASE_IDENTITY,
                      same ? CRET_RESULT_PASS : CRET_RESULT_FAIL,
                      (struct cret_finding_text){.expected = expected, .actual = actual},
                      same ? "it is the file that was expected"
                           : "it is another file than the one that was expected");
}

struct cret_inspection *cret_foreign_read_judge(struct cret_foreign_read *ret_read,
                                                const struct cret_child_job *job,
                                                const struct cret_source *source,
                                                const struct cret_watch *watch)
{
    const struct cret_inspect_request *request = &job->request;
    const struct cret_foreign_file file = file_of(job, source, watch);
    const struct cret_foreign_request asked = {.file = &file,
                                               .sides = job->sides,
                                               .side_count = job->side_count,
                                               .policy = request->policy,
                                               .vendor = request->vendor,
                                               .product = request->product,
                                               .now = request->now,
                                               .allow_example_keys = request->allow_example_keys};
    struct cret_err err = {0};
    struct cret_foreign_result result;
    struct cret_findings *findings = cret_findings_new();
    memset(ret_read, 0, sizeof(*ret_read));
    if (findings == NULL) {
        return NULL;
    }
    if (cret_foreign_judge(&result, &asked, findings, &err) == CRET_OK) {
        check_expectations(request, &result, findings);
        ret_read->document = cret_foreign_describe(&result, &asked);
        memcpy(ret_read->sha256, result.sha256, sizeof(ret_read->sha256));
        ret_read->product_bound = result.scope != NULL && request->product != NULL;
        if (ret_read->document == NULL) {
            cret_err_memory(&err);
        }
    }
    return cret_inspect_foreign(&findings, &err);
}
