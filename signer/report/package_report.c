/* SPDX-License-Identifier: Apache-2.0 */
/* A page and a JSON document about a package that was signed. */
#include "signer/report/package_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/system/apart.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "signer/command/options.h"

const char cret_package_open_words[] = "depends on who is trusted, since several signed lists name "
                                       "no other one: cretula-verify check shows it";

json_t *cret_package_told(const struct cret_manifest *manifest, size_t members)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "vendor", manifest->vendor);
    cret_build_string(&json, "product", manifest->product);
    cret_build_string(&json, "version", manifest->version);
    cret_build_integer(&json, "members", (int64_t)members);
    return cret_build_end(&json);
}

enum cret_status cret_package_said(const json_t *told, struct cret_err *err)
{
    return cret_json_string(told, "vendor") != NULL && cret_json_string(told, "product") != NULL &&
                   cret_json_string(told, "version") != NULL &&
                   cret_json_integer(told, "members", 0) > 0
               ? CRET_OK
               : cret_apart_malformed(err);
}

static int print_json(const struct cret_options *options, const struct cret_package_report *report)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", "package/1");
    cret_build_string(&json, "file", report->file);
    if (report->signer != NULL) {
        cret_build_sha256(&json, "identity", report->identity_open ? NULL : report->identity);
    }
    cret_build_put(&json, "release",
                   json_pack("{s:s, s:s, s:s}", "vendor", cret_json_string(report->told, "vendor"),
                             "product", cret_json_string(report->told, "product"), "version",
                             cret_json_string(report->told, "version")));
    cret_build_integer(&json, "members", cret_json_integer(report->told, "members", 0));
    if (report->signer != NULL) {
        cret_build_text(&json, "signer", cret_certificate_subject(report->signer));
    }
    cret_build_string(&json, "request", report->request);
    return cret_print_json(options, cret_build_end(&json), CRET_EXIT_DONE);
}

int cret_package_tell(const struct cret_options *options, const struct cret_package_report *report)
{
    char identity[CRET_SHA256_HEX];
    if (cret_options_given(options, "json")) {
        return print_json(options, report);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_page_verdict(
        page, CRET_TONE_GOOD, report->title, "%s %s, %s", cret_json_string(report->told, "product"),
        cret_json_string(report->told, "version"), cret_json_string(report->told, "vendor"));
    cret_page_text(page, "package", report->file);
    if (report->signer != NULL) {
        cret_hex_encode(identity, report->identity, CRET_SHA256_BYTES);
        cret_page_text(page, "identity",
                       report->identity_open ? cret_package_open_words : identity);
        cret_page_row(page, "members", "%" PRId64 " in the signed list",
                      cret_json_integer(report->told, "members", 0));
        cret_page_text(page, "signer", cret_certificate_subject(report->signer));
    }
    if (report->request != NULL) {
        cret_page_text(page, "request", report->request);
        cret_page_text(page, "next", "have the timestamp authority answer it, then:");
        cret_page_command_file(page, "", "cretula-sign timestamp {} --response IN.tsr",
                               report->file);
    }
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}
