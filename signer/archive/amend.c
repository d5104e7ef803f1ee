/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an archive, adding signatures, and verifying the result. */
#include "signer/archive/amend.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "signer/command/options.h"
#include "signer/report/embedded.h"
#include "trust/x509/example_keys.h"

void cret_amend_init(struct cret_amend *amend, const struct cret_options *options,
                     const char *label)
{
    memset(amend, 0, sizeof(*amend));
    amend->options = options;
    amend->work.payload_directory = -1;
    amend->progress.label = label;
    amend->progress.start = cret_os_monotonic_ms();
}

enum cret_status cret_amend_begin(struct cret_amend *amend, struct cret_err *err)
{
    const struct cret_options *options = amend->options;
    const char *payload = cret_options_value(options, "payload");
    amend->work.allow_example_keys = cret_options_given(options, "allow-example-keys");
    amend->notes = cret_findings_new();
    if (amend->notes == NULL) {
        return cret_err_memory(err);
    }
    if (cret_option_jobs(&amend->work.jobs, options, err) != CRET_OK ||
        cret_option_hash(&amend->work.hash, options, err) != CRET_OK ||
        cret_credentials_certificates(&amend->credentials, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (payload != NULL &&
        cret_os_open_directory(&amend->work.payload_directory, payload, err) != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        return cret_err_context(err, "--payload");
    }
    if (cret_progress_wanted(cret_options_given(options, "quiet"))) {
        amend->work.progress = cret_progress_show;
        amend->work.context = &amend->progress;
    }
    return CRET_OK;
}

enum cret_status cret_amend_open(struct cret_amend *amend, const char *path, bool change,
                                 struct cret_err *err)
{
    return change ? cret_existing_hold(&amend->existing, path, err)
                  : cret_existing_open(&amend->existing, path, err);
}

struct cret_addition *cret_amend_next(struct cret_amend *amend)
{
    return &amend->additions[amend->count++];
}

enum cret_status cret_amend_verify(struct cret_amend *amend, struct cret_err *err)
{
    const enum cret_status status = cret_existing_verify(amend->existing, &amend->work, err);
    cret_progress_end(&amend->progress);
    return status;
}

enum cret_status cret_amend_ready(struct cret_amend *amend, struct cret_err *err)
{
    return amend->existing->detached ? cret_amend_verify(amend, err)
                                     : cret_existing_form(amend->existing, &amend->work, err);
}

enum cret_status cret_amend_outcome(struct cret_amend *amend, enum cret_status status,
                                    struct cret_err *err)
{
    struct cret_err before = {0};
    /* What somebody writes into it meanwhile is no fault of the archive. */
    if (status != CRET_OK && !amend->existing->detached && amend->existing->held != NULL &&
        cret_held_same(amend->existing->held, &before) == CRET_OK &&
        cret_amend_verify(amend, &before) != CRET_OK && err != NULL &&
        cret_held_same(amend->existing->held, err) == CRET_OK) {
        *err = before;
    }
    return status;
}

enum cret_status cret_amend_finish(struct cret_amend *amend, struct cret_err *err)
{
    return cret_existing_add(amend->existing, amend->additions, amend->count, &amend->work, err);
}

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
    struct cret_build json = cret_build_object();
    cret_cms_member_name(addition->cms, name);
    cret_build_string(&json, "member", name);
    cret_build_string(&json, "subject", cret_certificate_subject(signer));
    cret_build_sha256(&json, "key", cret_certificate_key_digest(signer));
    cret_build_string(&json, "algorithm", cret_cms_algorithm(addition->cms));
    cret_build_string(&json, "meaning", cret_meaning_name(cret_cms_meaning(addition->cms)));
    cret_build_boolean(&json, "exampleKey", cret_example_certificate(signer) != NULL);
    cret_build_time(&json, "certificateEnds", cret_certificate_not_after(signer));
    cret_build_time(&json, "verifiableUntil", last_day(addition));
    cret_build_put(&json, "embedded", cret_embedded_json(addition->cms, credentials));
    return cret_build_end(&json);
}

static int report_json(const struct cret_amend *amend)
{
    const struct cret_manifest *manifest = amend->existing->manifest;
    struct cret_build json = cret_build_object(), list = cret_build_list();
    for (size_t i = 0; i < amend->count; i++) {
        cret_build_add(&list, addition_json(&amend->additions[i], &amend->credentials));
    }
    cret_build_string(&json, "cretula", "amend/1");
    cret_build_string(&json, "archive", amend->existing->path);
    cret_build_sha256(&json, "identity", manifest->identity);
    cret_build_put(&json, "release",
                   json_pack("{s:s, s:s, s:s}", "vendor", manifest->vendor, "product",
                             manifest->product, "version", manifest->version));
    cret_build_put(&json, "added", cret_build_end(&list));
    cret_build_integer(
        &json, "signatures",
        (int64_t)cret_existing_total(amend->existing, amend->additions, amend->count));
    cret_build_put(&json, "notes", cret_report_findings_json(NULL, amend->notes));
    return cret_print_json(amend->options, cret_build_end(&json), CRET_EXIT_DONE);
}

static void put_addition(struct cret_page *page, const struct cret_addition *addition,
                         const struct cret_credentials *credentials)
{
    char key[CRET_SHA256_HEX];
    const struct cret_certificate *signer = cret_cms_signer(addition->cms);
    cret_hex_encode(key, cret_certificate_key_digest(signer), CRET_SHA256_BYTES);
    cret_page_row(page, "signer", "%s", cret_certificate_subject(signer));
    cret_page_row(page, "key", "%s", key);
    cret_page_row(page, "algorithm", "%s", cret_cms_algorithm(addition->cms));
    cret_page_row(page, "meaning", "%s", cret_meaning_name(cret_cms_meaning(addition->cms)));
    cret_embedded_put(page, addition->cms, credentials);
    cret_embedded_put_end(page, signer, last_day(addition));
    if (cret_example_certificate(signer) != NULL) {
        cret_page_toned(page, CRET_TONE_CAUTION, "WARNING",
                        "signed with an example key that everybody has");
    }
}

static int report_amended(const struct cret_amend *amend)
{
    const struct cret_options *options = amend->options;
    const struct cret_manifest *manifest = amend->existing->manifest;
    if (cret_options_given(options, "json")) {
        return report_json(amend);
    }
    cret_report_findings(options, NULL, amend->notes);
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    char identity[CRET_SHA256_HEX];
    struct cret_err err = {0};
    struct cret_buffer title = {0};
    struct cret_page *page = cret_page_new();
    cret_hex_encode(identity, manifest->identity, CRET_SHA256_BYTES);
    cret_buffer_printf(&title, "%s %s (sequence %" PRId64 "), %s", manifest->product,
                       manifest->version, manifest->sequence, manifest->vendor);
    cret_page_verdict(page, CRET_TONE_GOOD, "Signed", "%s", cret_page_words(page, &title));
    cret_page_row(page, "archive", "%s", amend->existing->path);
    cret_page_row(page, "identity", "%s", identity);
    for (size_t i = 0; i < amend->count; i++) {
        put_addition(page, &amend->additions[i], &amend->credentials);
    }
    cret_page_row(page, "signatures", "%zu in the archive now",
                  cret_existing_total(amend->existing, amend->additions, amend->count));
    const enum cret_status status =
        title.failed ? cret_err_memory(&err) : cret_print_page(stdout, page, &err);
    cret_page_free(&page);
    cret_buffer_free(&title);
    return status == CRET_OK ? CRET_EXIT_DONE : cret_verb_fail(options, &err);
}

void cret_amend_clear(struct cret_amend *amend)
{
    for (size_t i = 0; i < amend->count; i++) {
        cret_cms_free(&amend->additions[i].cms);
        free(amend->additions[i].der);
    }
    cret_findings_free(&amend->notes);
    cret_existing_free(&amend->existing);
    cret_os_close(&amend->work.payload_directory);
    cret_credentials_clear(&amend->credentials);
}

int cret_amend_run(const struct cret_options *options,
                   enum cret_status (*work)(struct cret_amend *amend, struct cret_err *err))
{
    struct cret_amend amend;
    struct cret_err err = {0};
    cret_amend_init(&amend, options, "verifying");
    const int code =
        work(&amend, &err) == CRET_OK ? report_amended(&amend) : cret_verb_fail(options, &err);
    cret_amend_clear(&amend);
    return code;
}
