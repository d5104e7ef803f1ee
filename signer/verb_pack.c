/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/os.h"
#include "signer/credentials.h"
#include "signer/options.h"
#include "signer/publish.h"
#include "signer/report.h"
#include "signer/summary.h"

/* One run: what the options name, opened. */
struct pack {
    const struct cret_options *options;
    struct cret_description *description;
    struct cret_credentials credentials;
    struct cret_findings *findings;
    struct cret_publication *publication;
};

static enum cret_status open_description(struct pack *pack, struct cret_err *err)
{
    if (cret_description_load(&pack->description, cret_options_operand(pack->options, 0),
                              cret_options_values(pack->options, "set"),
                              cret_options_count(pack->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_description_validate(pack->description, pack->findings) != CRET_OK) {
        (void)cret_err_usage(err, "the description is not valid");
        (void)cret_err_where(err, "%s", cret_options_operand(pack->options, 0));
        return cret_err_hint(err, "correct what is listed above");
    }
    const char *origin = cret_json_string(pack->description->json, "origin");
    if (origin != NULL && strcmp(origin, "vendor") != 0) {
        const struct cret_mark mark = cret_description_locate(pack->description, "#/origin");
        (void)cret_err_usage(err, "pack makes releases of a vendor only");
        (void)cret_mark_where(err, &mark);
        (void)cret_err_expected(err, "origin: vendor, or no origin");
        return cret_err_actual(err, "origin: %s", origin);
    }
    return CRET_OK;
}

static enum cret_status publish(struct pack *pack, struct cret_err *err)
{
    const struct cret_options *options = pack->options;
    struct cret_progress progress = {.label = "packing", .start = cret_os_monotonic_ms()};
    const char *const named[] = {
        cret_options_value(options, "key"), cret_options_value(options, "cert"),
        cret_options_value(options, "chain"), cret_options_value(options, "previous"),
        cret_options_value(options, "pin-file")};
    const char *inputs[sizeof(named) / sizeof(named[0])];
    struct cret_publish_request request = {
        .description = pack->description,
        .key = pack->credentials.key,
        .certificate = pack->credentials.list[0],
        .chain = pack->credentials.chain,
        .chain_count = pack->credentials.intermediate_count,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .strict_names = cret_options_given(options, "strict-names"),
        .detached = cret_options_given(options, "detached"),
        .previous = cret_options_value(options, "previous"),
        .out = cret_options_value(options, "out"),
        .inputs = inputs,
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
    if (cret_progress_wanted(cret_options_given(options, "quiet"))) {
        request.progress = cret_progress_show;
    }
    const enum cret_status status = cret_publish(&pack->publication, &request, pack->findings, err);
    cret_progress_end(&progress);
    return status;
}

static enum cret_status run(struct pack *pack, struct cret_err *err)
{
    unsigned jobs = 0;
    pack->findings = cret_findings_new();
    if (pack->findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_option_jobs(&jobs, pack->options, err) != CRET_OK ||
        open_description(pack, err) != CRET_OK ||
        cret_credentials_certificates(&pack->credentials, pack->options, err) != CRET_OK ||
        cret_credentials_key(&pack->credentials, pack->options,
                             strcmp(cret_options_operand(pack->options, 0), "-") == 0,
                             err) != CRET_OK) {
        return CRET_FAILED;
    }
    return publish(pack, err);
}

/* Findings first, so that the last line says what it amounts to. */
static int fail(const struct pack *pack, const struct cret_err *err)
{
    if (cret_options_given(pack->options, "json")) {
        return cret_report_failure_json(pack->options, err, pack->description, pack->findings);
    }
    if (pack->findings != NULL) {
        cret_report_findings(stderr, pack->description, pack->findings);
    }
    return cret_verb_fail(pack->options, err);
}

static int succeed(const struct pack *pack)
{
    const struct cret_options *options = pack->options;
    const struct cret_summary summary = {
        .publication = pack->publication,
        .description = pack->description,
        .findings = pack->findings,
        .certificate = pack->credentials.list[0],
        .chain = pack->credentials.chain,
        .chain_count = pack->credentials.intermediate_count,
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

int cret_verb_pack(const struct cret_options *options)
{
    struct pack pack = {.options = options};
    struct cret_err err;
    cret_err_clear(&err);
    const int code = run(&pack, &err) == CRET_OK ? succeed(&pack) : fail(&pack, &err);
    cret_publication_free(&pack.publication);
    cret_credentials_clear(&pack.credentials);
    cret_description_free(&pack.description);
    cret_findings_free(&pack.findings);
    return code;
}
