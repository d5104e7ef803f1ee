/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a timestamp, or of the request for one. */
#include "signer/verbs/timestamp_report.h"

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/time.h"

static int report_json(const struct cret_amend *amend)
{
    const struct cret_options *options = amend->options;
    const char *request = cret_options_value(options, "request");
    const json_t *report = json_object_get(amend->told.json, "report");
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", "timestamp/1");
    cret_build_string(&json, "archive", amend->existing->path);
    cret_build_string(&json, "identity", cret_json_string(report, "identity"));
    cret_build_string(&json, "member", cret_json_string(report, "member"));
    cret_build_string(&json, "subject", cret_json_string(report, "subject"));
    cret_build_time(&json, "certificateEnds", cret_json_integer(report, "certificateEnds", 0));
    cret_build_string(&json, "request", request);
    cret_build_put(&json, "notes", cret_report_findings_json(NULL, amend->notes));
    if (request == NULL) {
        struct cret_build token = cret_build_object();
        cret_build_time(&token, "time", cret_json_integer(report, "time", 0));
        cret_build_string(&token, "authority", cret_json_string(report, "authority"));
        cret_build_string(&token, "serial", cret_json_string(report, "serial"));
        cret_build_integer(&token, "certificatesLeftOut", cret_json_integer(report, "leftOut", 0));
        cret_build_put(&json, "timestamp", cret_build_end(&token));
    }
    return cret_print_json(options, cret_build_end(&json), CRET_EXIT_DONE);
}

static void put_token(struct cret_page *page, const json_t *report)
{
    const int64_t end = cret_json_integer(report, "certificateEnds", 0);
    char time[32], last[32];
    cret_time_format(time, cret_json_integer(report, "time", 0));
    cret_time_words(last, end);
    cret_page_text(page, "authority", cret_json_string(report, "authority"));
    cret_page_text(page, "time", time);
    cret_page_text(page, "serial", cret_json_string(report, "serial"));
    if (cret_json_boolean(report, "exampleKey", false)) {
        cret_page_toned(page, CRET_TONE_CAUTION, "WARNING", "by an example key that everybody has");
    }
    if (cret_json_integer(report, "latest", 0) >= end) {
        cret_page_row(page, "WARNING",
                      "the certificate ended before that, on %s: the timestamp proves nothing in "
                      "time",
                      last);
        return;
    }
    cret_page_row(page, "proves",
                  "verifiers whose trust policy names this authority accept the signature also "
                  "after %s, when its certificate ends; without that only those accept it after "
                  "that day who pin the certificate or its key",
                  last);
}

int cret_timestamp_report(const struct cret_amend *amend)
{
    const struct cret_options *options = amend->options;
    const char *request = cret_options_value(options, "request");
    if (cret_options_given(options, "json")) {
        return report_json(amend);
    }
    cret_report_findings(options, NULL, amend->notes);
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "%s", request != NULL ? "Timestamp request written" : "Timestamped");
    cret_page_text(page, "archive", amend->existing->path);
    cret_page_text(page, "signer",
                   cret_json_string(json_object_get(amend->told.json, "report"), "subject"));
    if (request != NULL) {
        cret_page_text(page, "request", request);
        cret_page_text(page, "next", "have the timestamp authority answer it, then:");
        cret_page_command_file(page, "", "cretula-sign timestamp {} --response IN.tsr",
                               amend->existing->path);
    } else {
        put_token(page, json_object_get(amend->told.json, "report"));
    }
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}
