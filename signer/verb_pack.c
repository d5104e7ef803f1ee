/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "signer/options.h"
#include "signer/publish.h"
#include "signer/report.h"
#include "signer/summary.h"

#define STANDARD_INPUT 0

/* One run: what the options name, opened. */
struct pack {
    const struct cret_options *options;
    struct cret_description *description;
    struct cret_key *key;
    struct cret_certificate **list, **chain_list; /* --cert, --chain */
    size_t count, chain_count;
    const struct cret_certificate **chain; /* intermediates of both */
    size_t intermediate_count;
    struct cret_findings *findings;
    struct cret_publication *publication;
};

static enum cret_status read_certificates(struct cret_certificate ***ret_list, size_t *ret_count,
                                          const char *path, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_certificates_from_pem(ret_list, ret_count, text, size, path, err);
    free(text);
    return status;
}

/* A root in a chain file is left out: verifiers have their own. */
static void add_intermediate(struct pack *pack, const struct cret_certificate *certificate)
{
    if (strcmp(cret_certificate_subject(certificate), cret_certificate_issuer(certificate)) != 0) {
        pack->chain[pack->intermediate_count++] = certificate;
    }
}

static enum cret_status open_certificates(struct pack *pack, struct cret_err *err)
{
    const char *chain = cret_options_value(pack->options, "chain");
    if (read_certificates(&pack->list, &pack->count, cret_options_value(pack->options, "cert"),
                          err) != CRET_OK ||
        (chain != NULL &&
         read_certificates(&pack->chain_list, &pack->chain_count, chain, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    pack->chain = calloc(pack->count + pack->chain_count, sizeof(*pack->chain));
    if (pack->chain == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 1; i < pack->count; i++) {
        add_intermediate(pack, pack->list[i]);
    }
    for (size_t i = 0; i < pack->chain_count; i++) {
        add_intermediate(pack, pack->chain_list[i]);
    }
    return CRET_OK;
}

static enum cret_status open_key(struct pack *pack, struct cret_err *err)
{
    struct cret_secret_source secret = {
        .fd = -1,
        .file = cret_options_value(pack->options, "pin-file"),
        .may_prompt = true,
    };
    int pin_fd = -1;
    if (cret_option_descriptor(&secret.fd, pack->options, "passphrase-fd", err) != CRET_OK ||
        cret_option_descriptor(&pin_fd, pack->options, "pin-fd", err) != CRET_OK) {
        return CRET_FAILED;
    }
    secret.fd = secret.fd >= 0 ? secret.fd : pin_fd;
    if (secret.fd == STANDARD_INPUT && strcmp(cret_options_operand(pack->options, 0), "-") == 0) {
        return cret_err_usage(err, "description and passphrase cannot both be standard input");
    }
    return cret_key_open(&pack->key, cret_options_value(pack->options, "key"), &secret, err);
}

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
        .key = pack->key,
        .certificate = pack->list[0],
        .chain = pack->chain,
        .chain_count = pack->intermediate_count,
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
        open_description(pack, err) != CRET_OK || open_certificates(pack, err) != CRET_OK ||
        open_key(pack, err) != CRET_OK) {
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
        .certificate = pack->list[0],
        .chain = pack->chain,
        .chain_count = pack->intermediate_count,
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
    cret_key_free(&pack.key);
    free(pack.chain);
    cret_certificates_free(&pack.list, pack.count);
    cret_certificates_free(&pack.chain_list, pack.chain_count);
    cret_description_free(&pack.description);
    cret_findings_free(&pack.findings);
    return code;
}
