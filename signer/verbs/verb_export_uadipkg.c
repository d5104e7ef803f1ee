/* SPDX-License-Identifier: Apache-2.0 */
/* export uadipkg: a release as an OPC UA software package. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "keys/sign.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/report/package_report.h"
#include "signer/verbs/verbs.h"
#include "trust/cms/timestamp_exchange.h"

/* One run. */
struct work {
    struct cret_amend amend;
    struct cret_output *output, *request;
    struct cret_bytes list,
        value; /* what the author signs, and his signature; the first borrowed */
    uint8_t identity[CRET_SHA256_BYTES];
};

static struct cret_sign_request request_of(const struct cret_amend *amend)
{
    return (struct cret_sign_request){
        .key = amend->credentials.key,
        .certificate = amend->credentials.list[0],
        .chain = amend->credentials.chain,
        .chain_count = amend->credentials.intermediate_count,
        .meaning = CRET_MEANING_ORIGIN,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = amend->work.allow_example_keys,
    };
}

/* The key is opened when the archive was read to its end, and gone afterwards. */
static enum cret_status sign(struct work *work, struct cret_err *err)
{
    struct cret_amend *amend = &work->amend;
    uint8_t *der = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_credentials_key(&amend->credentials, amend->options, false, err) == CRET_OK) {
        const struct cret_sign_request request = request_of(amend);
        if (cret_sign_check(&request, err) == CRET_OK) {
            status = cret_key_sign(&der, &size, &request, work->list.data, work->list.size, err);
        }
    }
    cret_key_free(&amend->credentials.key);
    if (status == CRET_OK) {
        work->value = (struct cret_bytes){der, size};
    }
    return status;
}

/* The request for a timestamp of the signature that was just made. */
static enum cret_status ask(struct work *work, struct cret_err *err)
{
    const char *path = cret_options_value(work->amend.options, "timestamp-request");
    struct cret_cms *cms = NULL;
    uint8_t *der = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (path == NULL) {
        return CRET_OK;
    }
    if (cret_cms_parse(&cms, work->value.data, work->value.size, err) == CRET_OK &&
        cret_timestamp_request(&der, &size, cms, err) == CRET_OK) {
        status =
            cret_output_open(&work->request, path, 0644, CRET_OUTPUT_REPLACE, err) == CRET_OK &&
                    cret_os_write(cret_output_fd(work->request), der, size, err) == CRET_OK
                ? CRET_OK
                : cret_err_context(err, "%s", path);
    }
    cret_cms_free(&cms);
    free(der);
    return status;
}

/* Both appear, or neither. */
static enum cret_status publish(struct work *work, struct cret_err *err)
{
    struct cret_output *files[] = {work->output, work->request};
    const size_t count = work->request != NULL ? 2 : 1;
    work->output = work->request = NULL;
    return cret_output_commit_all(files, count, err);
}

static enum cret_status check_names(const struct cret_options *options, struct cret_err *err)
{
    const char *request = cret_options_value(options, "timestamp-request");
    if (request == NULL || strcmp(request, cret_options_value(options, "out")) != 0) {
        return CRET_OK;
    }
    cret_err_usage(err, "--timestamp-request names the file that --out names");
    cret_err_where(err, "%s", request);
    return cret_err_hint(err, "choose another name for it");
}

static enum cret_status make(struct work *work, struct cret_err *err)
{
    struct cret_amend *amend = &work->amend;
    const struct cret_options *options = amend->options;
    if (check_names(options, err) != CRET_OK || cret_amend_begin(amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_sign_request request = request_of(amend);
    if (cret_sign_check(&request, err) != CRET_OK ||
        cret_existing_find(&amend->existing, cret_options_operand(options, 0), err) != CRET_OK ||
        cret_output_open(&work->output, cret_options_value(options, "out"), 0644, CRET_OUTPUT_NEW,
                         err) != CRET_OK ||
        cret_amend_make(amend, cret_output_fd(work->output),
                        cret_options_value(options, "manufacturer-uri"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    work->list =
        (struct cret_bytes){(const uint8_t *)amend->told.files[0].data, amend->told.files[0].size};
    return cret_sha256(work->identity, work->list.data, work->list.size, err) == CRET_OK &&
                   sign(work, err) == CRET_OK &&
                   cret_amend_sign_made(amend, work->output, &work->list, &work->value, err) ==
                       CRET_OK &&
                   ask(work, err) == CRET_OK
               ? publish(work, err)
               : CRET_FAILED;
}

static int act(const struct cret_options *options)
{
    struct work work = {.output = NULL};
    struct cret_err err = {0};
    int code = 0;
    cret_amend_init(&work.amend, options, "verifying");
    if (make(&work, &err) == CRET_OK) {
        const struct cret_package_report report = {
            .title = "Exported",
            .file = cret_options_value(options, "out"),
            .told = work.amend.told.json,
            .identity = work.identity,
            .signer = work.amend.credentials.list[0],
            .request = cret_options_value(options, "timestamp-request"),
        };
        code = cret_package_tell(options, &report);
    } else {
        code = cret_verb_fail(options, &err);
    }
    free((void *)(uintptr_t)work.value.data);
    cret_output_discard(&work.output);
    cret_output_discard(&work.request);
    cret_amend_clear(&work.amend);
    return code;
}

static const struct cret_option package_options[] = {
    CRET_OPTION("out", "FILE", "The package to write; nothing may be there. It ends with .uadipkg.",
                .required = true),
    CRET_OPTION("manufacturer-uri", "URI",
                "ManufacturerUri of the package, where the release has no manufacturer.uri."),
    CRET_OPTION("timestamp-request", "OUT.tsq",
                "Also write the request (RFC 3161) for a timestamp of the signature, which an "
                "authority answers; cretula-sign timestamp puts the answer into the package."),
    CRET_OPTION_END,
};
static const struct cret_option_group package_group = {"Package", package_options};

const struct cret_verb cret_verb_export_uadipkg = {
    .name = "uadipkg",
    .operands = "ARCHIVE",
    .summary = "Write a release as an OPC UA software package (.uadipkg)",
    .help = "Verifies ARCHIVE in itself first (every byte, every signature), then writes it as a "
            "signed package of OPC 10000-100: files for the device below CONTENT/, everything else "
            "below SUPPLEMENT/, with the release's own manifest and signatures, so that both kinds "
            "of verifiers can check it. The signature is ASiC-E with CAdES, baseline B; with a "
            "timestamp (--timestamp-request) baseline T, so that it outlives its certificate. For "
            "a key that this program cannot reach: cretula-sign prepare ARCHIVE --uadipkg FILE.",
    .groups =
        CRET_GROUPS(&package_group, &cret_key_group, &cret_certificate_group, &cret_chain_group,
                    &cret_secret_group, &cret_example_group, &cret_confinement_group,
                    &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign export uadipkg RTU-7-4.2.0.cretula.tar --key release.key.pem "
        "--cert release.cert.pem --manufacturer-uri https://vendor.example/ --out RTU-7.uadipkg"),
    .run = act,
};
