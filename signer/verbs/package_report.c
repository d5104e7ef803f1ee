/* SPDX-License-Identifier: Apache-2.0 */
/* A page and a JSON document about a package that was signed. */
#include "signer/verbs/package_report.h"

#include <stdio.h>

#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "signer/command/options.h"

static int print_json(const struct cret_options *options, const struct cret_package_report *report)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", "package/1");
    cret_build_string(&json, "file", report->file);
    cret_build_sha256(&json, "identity", report->identity);
    cret_build_put(&json, "release",
                   json_pack("{s:s, s:s, s:s}", "vendor", report->manifest->vendor, "product",
                             report->manifest->product, "version", report->manifest->version));
    cret_build_integer(&json, "members", (int64_t)report->members);
    cret_build_text(&json, "signer", cret_certificate_subject(report->signer));
    return cret_print_json(options, cret_build_end(&json), CRET_EXIT_DONE);
}

int cret_package_tell(const struct cret_options *options, const struct cret_package_report *report)
{
    char identity[CRET_SHA256_HEX];
    struct cret_err err = {0};
    if (cret_options_given(options, "json")) {
        return print_json(options, report);
    }
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_hex_encode(identity, report->identity, CRET_SHA256_BYTES);
    cret_page_verdict(page, CRET_TONE_GOOD, report->title, "%s %s, %s", report->manifest->product,
                      report->manifest->version, report->manifest->vendor);
    cret_page_row(page, "package", "%s", report->file);
    cret_page_row(page, "identity", "%s", identity);
    cret_page_row(page, "members", "%zu in the signed list", report->members);
    cret_page_row(page, "signer", "%s", cret_certificate_subject(report->signer));
    const enum cret_status status = cret_print_page(stdout, page, &err);
    cret_page_free(&page);
    return status == CRET_OK ? CRET_EXIT_DONE : cret_verb_fail(options, &err);
}
