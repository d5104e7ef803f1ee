/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of signatures that were added: told where they were read, shown here. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/system/apart.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/report/embedded.h"
#include "signer/report/package_report.h"
#include "trust/x509/example_keys.h"

/* The reading process. */

/* The earliest end of the certificates that the signature rests on. */
static int64_t last_day(const struct cret_addition *addition)
{
    int64_t end = cret_certificate_not_after(cret_cms_signer(addition->cms));
    for (size_t i = 0; i < cret_cms_intermediate_count(addition->cms); i++) {
        const int64_t other = cret_certificate_not_after(cret_cms_intermediate(addition->cms, i));
        end = other < end ? other : end;
    }
    return end;
}

static json_t *addition_json(const struct cret_addition *addition,
                             const struct cret_credentials *credentials)
{
    char name[17];
    const struct cret_certificate *signer = cret_cms_signer(addition->cms);
    struct cret_build json =
        cret_build_on(cret_embedded_told(addition->cms, credentials, last_day(addition)));
    cret_cms_member_name(addition->cms, name);
    cret_build_string(&json, "member", name);
    cret_build_string(&json, "subject", cret_certificate_subject(signer));
    cret_build_sha256(&json, "key", cret_certificate_key_digest(signer));
    cret_build_string(&json, "algorithm", cret_cms_algorithm(addition->cms));
    cret_build_string(&json, "meaning", cret_meaning_name(cret_cms_meaning(addition->cms)));
    cret_build_boolean(&json, "exampleKey", cret_example_certificate(signer) != NULL);
    cret_build_time(&json, "certificateEnds", cret_certificate_not_after(signer));
    cret_build_time(&json, "verifiableUntil", last_day(addition));
    return cret_build_end(&json);
}

json_t *cret_amend_added(const struct cret_amend *amend)
{
    const struct cret_manifest *manifest = cret_amend_manifest(amend);
    struct cret_build json = cret_build_object(), list = cret_build_list();
    for (size_t i = 0; i < amend->count; i++) {
        cret_build_add(&list, addition_json(&amend->additions[i], &amend->credentials));
    }
    cret_build_put(&json, "release",
                   json_pack("{s:s, s:s, s:s}", "vendor", manifest->vendor, "product",
                             manifest->product, "version", manifest->version));
    cret_build_integer(&json, "sequence", manifest->sequence);
    cret_build_put(&json, "added", cret_build_end(&list));
    return cret_build_end(&json);
}

/* Whoever asked. */

static const char *const texts[] = {
    "member", "subject", "key", "algorithm", "meaning", "certificateEnds", "verifiableUntil"};

static bool is_addition(const json_t *told)
{
    bool good = cret_embedded_is(told) && json_is_boolean(json_object_get(told, "exampleKey"));
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        good = good && cret_json_string(told, texts[i]) != NULL;
    }
    return good;
}

static bool is_report(const json_t *report, size_t asked)
{
    const json_t *added = json_object_get(report, "added");
    bool good = cret_json_string(report, "release.vendor") != NULL &&
                cret_json_string(report, "release.product") != NULL &&
                cret_json_string(report, "release.version") != NULL &&
                cret_json_integer(report, "sequence", -1) >= 0 && json_is_array(added) &&
                json_array_size(added) == asked;
    CRET_JSON_EACH (one, added) {
        good = good && is_addition(one);
    }
    return good;
}

enum cret_status cret_amend_said(const struct cret_amend *amend, size_t asked, struct cret_err *err)
{
    return is_report(json_object_get(amend->told.json, "report"), asked)
               ? CRET_OK
               : cret_apart_malformed(err);
}

static json_t *printed(const json_t *told)
{
    struct cret_build json = cret_build_object();
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        cret_build_string(&json, texts[i], cret_json_string(told, texts[i]));
    }
    cret_build_share(&json, "exampleKey", json_object_get(told, "exampleKey"));
    cret_build_put(&json, "embedded", cret_embedded_json(told));
    return cret_build_end(&json);
}

static int report_json(const struct cret_amend *amend, const json_t *report)
{
    const json_t *release = json_object_get(report, "release");
    struct cret_build json = cret_build_object(), list = cret_build_list();
    CRET_JSON_EACH (one, json_object_get(report, "added")) {
        cret_build_add(&list, printed(one));
    }
    cret_build_string(&json, "cretula", "amend/1");
    cret_build_string(&json, "archive", amend->existing->path);
    cret_build_sha256(&json, "identity", amend->identity_open ? NULL : amend->identity);
    cret_build_put(&json, "release",
                   json_pack("{s:s, s:s, s:s}", "vendor", cret_json_string(release, "vendor"),
                             "product", cret_json_string(release, "product"), "version",
                             cret_json_string(release, "version")));
    cret_build_put(&json, "added", cret_build_end(&list));
    cret_build_integer(&json, "signatures", (int64_t)amend->total);
    cret_build_put(&json, "notes", cret_report_findings_json(NULL, amend->notes));
    return cret_print_json(amend->options, cret_build_end(&json), CRET_EXIT_DONE);
}

static void put_addition(struct cret_page *page, const json_t *told)
{
    cret_page_text(page, "signer", cret_json_string(told, "subject"));
    cret_page_text(page, "key", cret_json_string(told, "key"));
    cret_page_text(page, "algorithm", cret_json_string(told, "algorithm"));
    cret_page_text(page, "meaning", cret_json_string(told, "meaning"));
    cret_embedded_put(page, told);
    cret_embedded_put_end(page, told);
    if (cret_json_boolean(told, "exampleKey", false)) {
        cret_page_toned(page, CRET_TONE_CAUTION, "WARNING",
                        "signed with an example key that everybody has");
    }
}

int cret_amend_report(const struct cret_amend *amend)
{
    const struct cret_options *options = amend->options;
    const json_t *report = json_object_get(amend->told.json, "report");
    char identity[CRET_SHA256_HEX];
    if (cret_options_given(options, "json")) {
        return report_json(amend, report);
    }
    cret_report_findings(options, NULL, amend->notes);
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_hex_encode(identity, amend->identity, CRET_SHA256_BYTES);
    cret_page_verdict(
        page, CRET_TONE_GOOD, "Signed", "%s %s (sequence %" PRId64 "), %s",
        cret_json_string(report, "release.product"), cret_json_string(report, "release.version"),
        cret_json_integer(report, "sequence", 0), cret_json_string(report, "release.vendor"));
    cret_page_row(page, amend->package ? "package" : "archive", "%s", amend->existing->path);
    cret_page_text(page, "identity", amend->identity_open ? cret_package_open_words : identity);
    CRET_JSON_EACH (one, json_object_get(report, "added")) {
        put_addition(page, one);
    }
    cret_page_row(page, "signatures", "%zu in the %s now", amend->total,
                  amend->package ? "package" : "archive");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}
