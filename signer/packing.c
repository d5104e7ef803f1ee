/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/packing.h"

#include "base/os.h"
#include "signer/options.h"
#include "signer/report.h"
#include "signer/summary.h"

/* What must never be among the files of a release. */
static const char *const secret_options[] = {"key", "pin-file"};

enum cret_status cret_packing_publish(struct cret_packing *pack, enum cret_meaning meaning,
                                      struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    struct cret_progress progress = {.label = meaning == CRET_MEANING_APPROVAL ? "adopting"
                                                                               : "packing",
                                     .start = cret_os_monotonic_ms()};
    const char *const named[] = {
        cret_options_value(options, "key"), cret_options_value(options, "cert"),
        cret_options_value(options, "chain"), cret_options_value(options, "previous"),
        cret_options_value(options, "pin-file")};
    const char *inputs[sizeof(named) / sizeof(named[0])];
    const char *secrets[sizeof(secret_options) / sizeof(secret_options[0])];
    struct cret_publish_request request = {
        .description = pack->description,
        .key = pack->credentials.key,
        .certificate = pack->credentials.list[0],
        .chain = pack->credentials.chain,
        .chain_count = pack->credentials.intermediate_count,
        .meaning = meaning,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .strict_names = cret_options_given(options, "strict-names"),
        .detached = cret_options_given(options, "detached"),
        .force = cret_options_given(options, "force"),
        .no_signing_time = cret_options_given(options, "no-signing-time"),
        .previous = cret_options_value(options, "previous"),
        .out = cret_options_value(options, "out"),
        .inputs = inputs,
        .secrets = secrets,
        .context = &progress,
    };
    if (cret_option_jobs(&request.jobs, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (named[i] != NULL) {
            inputs[request.input_count++] = named[i];
        }
    }
    for (size_t i = 0; i < sizeof(secret_options) / sizeof(secret_options[0]); i++) {
        if (cret_options_given(options, secret_options[i])) {
            secrets[request.secret_count++] = cret_options_value(options, secret_options[i]);
        }
    }
    if (cret_progress_wanted(cret_options_given(options, "quiet"))) {
        request.progress = cret_progress_show;
    }
    const enum cret_status status = cret_publish(&pack->publication, &request, pack->findings, err);
    cret_progress_end(&progress);
    cret_key_free(&pack->credentials.key); /* no private key in memory while results are printed */
    return status;
}

/* Findings first, so that the last line says what it amounts to. */
int cret_packing_fail(const struct cret_packing *pack, const struct cret_err *err)
{
    if (cret_options_given(pack->options, "json")) {
        return cret_report_failure_json(pack->options, err, pack->description, pack->findings);
    }
    if (pack->findings != NULL) {
        cret_report_findings(stderr, pack->description, pack->findings);
    }
    return cret_verb_fail(pack->options, err);
}

int cret_packing_succeed(const struct cret_packing *pack)
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
        .detached = cret_options_given(options, "detached"),
    };
    if (cret_options_given(options, "json")) {
        return cret_report_json(options, cret_summary_json(&summary), CRET_EXIT_DONE);
    }
    cret_report_findings(stderr, pack->description, pack->findings);
    if (!cret_options_given(options, "quiet")) {
        cret_summary_print(stdout, &summary);
    }
    return cret_report_flush(options, CRET_EXIT_DONE);
}

void cret_packing_clear(struct cret_packing *pack)
{
    cret_publication_free(&pack->publication);
    cret_credentials_clear(&pack->credentials);
    cret_description_free(&pack->description);
    cret_findings_free(&pack->findings);
}
