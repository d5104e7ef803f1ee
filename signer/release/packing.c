/* SPDX-License-Identifier: Apache-2.0 */
/* From options to a published archive, for pack and adopt. */
#include "signer/release/packing.h"

#include "base/system/os.h"
#include "signer/command/options.h"
#include "signer/release/summary.h"
#include "signer/report/report.h"

/* What must never be among the files of a release. */
static const char *const secret_options[] = {"key", "pin-file", "passphrase-file"};

enum cret_status cret_packing_begin(struct cret_packing *pack, bool adopts, struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    static const char *const input_options[] = {"key",      "cert",     "chain",
                                                "previous", "pin-file", "passphrase-file"};
    struct cret_publish_request *request = &pack->request;
    pack->progress = (struct cret_progress){.label = adopts ? "adopting" : "packing",
                                            .start = cret_os_monotonic_ms()};
    *request = (struct cret_publish_request){
        .description = pack->description,
        .certificate = pack->credentials.list[0],
        .chain = pack->credentials.chain,
        .chain_count = pack->credentials.intermediate_count,
        .meaning = adopts ? CRET_MEANING_APPROVAL : CRET_MEANING_ORIGIN,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .allow_unconfined = cret_options_given(options, "allow-unconfined"),
        .strict_names = cret_options_given(options, "strict-names"),
        .detached = cret_options_given(options, "detached"),
        .foreign = pack->foreign,
        .force = cret_options_given(options, "force"),
        .no_signing_time = cret_options_given(options, "no-signing-time"),
        .previous = cret_options_value(options, "previous"),
        .out = cret_options_value(options, "out"),
        .inputs = pack->inputs,
        .secrets = pack->secrets,
        .context = &pack->progress,
    };
    if (cret_option_jobs(&request->jobs, options, err) != CRET_OK ||
        cret_option_hash(&request->hash, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < CRET_LENGTH(input_options); i++) {
        if (cret_options_value(options, input_options[i]) != NULL) {
            pack->inputs[request->input_count++] = cret_options_value(options, input_options[i]);
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(secret_options); i++) {
        if (cret_options_given(options, secret_options[i])) {
            pack->secrets[request->secret_count++] = cret_options_value(options, secret_options[i]);
        }
    }
    if (adopts) {
        request->paths = cret_options_operands(options);
        request->path_count = cret_options_operand_count(options);
        request->description_name = CRET_PACKING_OPTIONS;
        request->sets = cret_options_values(options, "set");
        request->set_count = cret_options_count(options, "set");
    }
    if (cret_progress_wanted(cret_options_given(options, "quiet"))) {
        request->progress = cret_progress_show;
    }
    return cret_publish_begin(&pack->publishing, request, err);
}

enum cret_status cret_packing_publish(struct cret_packing *pack, struct cret_err *err)
{
    const enum cret_status status = cret_publish(&pack->publication, pack->publishing,
                                                 pack->credentials.key, pack->findings, err);
    cret_progress_end(&pack->progress);
    cret_key_free(&pack->credentials.key); /* no private key in memory while results are printed */
    cret_publish_end(&pack->publishing);
    return status;
}

/* Findings first, so that the last line says what it amounts to. */
static int fail(const struct cret_packing *pack, const struct cret_err *err)
{
    if (cret_options_given(pack->options, "json")) {
        return cret_report_failure_json(pack->options, err, pack->description, pack->findings);
    }
    if (pack->findings != NULL) {
        cret_report_findings(pack->options, pack->description, pack->findings);
    }
    return cret_verb_fail(pack->options, err);
}

static int succeed(const struct cret_packing *pack)
{
    const struct cret_options *options = pack->options;
    const struct cret_summary summary = {
        .publication = pack->publication,
        .description = pack->description,
        .findings = pack->findings,
        .certificate = pack->credentials.list[0],
        .chain = pack->credentials.chain,
        .chain_count = pack->credentials.intermediate_count,
        .credentials = &pack->credentials,
        /* An anchor is one certificate. */
        .certificate_path =
            pack->credentials.count == 1 ? cret_options_value(options, "cert") : "ROOT.pem",
        .detached = cret_options_given(options, "detached"),
    };
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, cret_summary_json(&summary), CRET_EXIT_DONE);
    }
    cret_report_findings(pack->options, pack->description, pack->findings);
    if (cret_options_given(options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    cret_summary_put(page, &summary);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

int cret_packing_run(const struct cret_options *options,
                     enum cret_status (*work)(struct cret_packing *pack, struct cret_err *err))
{
    struct cret_packing pack = {.options = options};
    struct cret_err err = {0};
    const int code = work(&pack, &err) == CRET_OK ? succeed(&pack) : fail(&pack, &err);
    cret_publish_end(&pack.publishing);
    cret_publication_free(&pack.publication);
    cret_credentials_clear(&pack.credentials);
    cret_description_free(&pack.description);
    cret_findings_free(&pack.findings);
    return code;
}
