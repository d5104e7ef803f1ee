/* SPDX-License-Identifier: Apache-2.0 */
/* export uadipkg: a release as an OPC UA software package. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "console/print.h"
#include "signer/archive/package_check.h"
#include "signer/archive/package_draft.h"
#include "signer/command/options.h"
#include "signer/report/credentials.h"
#include "signer/verbs/package_report.h"
#include "signer/verbs/verbs.h"

/* One run. */
struct work {
    const struct cret_options *options;
    struct cret_credentials credentials;
    struct cret_existing *existing;
    struct cret_output *output;
    struct cret_package_draft draft;
};

static struct cret_sign_request request_of(const struct work *work)
{
    return (struct cret_sign_request){
        .key = work->credentials.key,
        .certificate = work->credentials.list[0],
        .chain = work->credentials.chain,
        .chain_count = work->credentials.intermediate_count,
        .meaning = CRET_MEANING_ORIGIN,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = cret_options_given(work->options, "allow-example-keys"),
    };
}

/* A release that verifies in itself: every byte, every signature, and one at least. */
static enum cret_status open_release(struct work *work, struct cret_err *err)
{
    const struct cret_existing_work how = {.payload_directory = -1, .jobs = 1};
    const char *path = cret_options_operand(work->options, 0);
    if (cret_existing_open(&work->existing, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (work->existing->gate.signature_count == 0) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the archive carries no signature");
        return cret_err_hint(err, "sign the release first: its signature rides along");
    }
    return cret_existing_verify(work->existing, &how, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

static enum cret_status add_release(struct work *work, struct cret_err *err)
{
    const struct cret_front *front = work->existing->front;
    if (cret_package_draft_add(&work->draft, CRET_PACKAGE_RELEASE_MANIFEST, front->manifest,
                               front->manifest_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < front->signature_count; i++) {
        char name[sizeof(CRET_PACKAGE_RELEASE_SIGNATURES) + 24] = CRET_PACKAGE_RELEASE_SIGNATURES;
        strcat(name, front->signatures[i].name);
        strcat(name, ".p7s");
        if (cret_package_draft_add(&work->draft, name, front->signatures[i].data,
                                   front->signatures[i].size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* All members but the list and its signature. */
static enum cret_status add_members(struct work *work, struct cret_err *err)
{
    static const char type[] = CRET_PACKAGE_MEDIA_TYPE;
    const struct cret_manifest *manifest = work->existing->manifest;
    char *metadata = NULL;
    size_t size = 0;
    if (cret_package_describe(&metadata, &size, manifest,
                              cret_options_value(work->options, "manufacturer-uri"),
                              err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_FAILED;
    if (cret_zip_out_add(work->draft.zip, "mimetype", type, sizeof(type) - 1, err) == CRET_OK) {
        status =
            cret_package_draft_add(&work->draft, CRET_PACKAGE_METADATA_PATH, metadata, size, err);
    }
    free(metadata);
    for (size_t i = 0; status == CRET_OK && i < manifest->file_count; i++) {
        char name[256];
        status = cret_package_place(name, sizeof(name), manifest, i)
                     ? cret_package_draft_add_file(&work->draft, name, work->existing, i, err)
                     : cret_err_undecided(err, "internal error: the name of a file");
    }
    return status == CRET_OK ? add_release(work, err) : CRET_FAILED;
}

/* The archive is read to its end before the key is opened. */
static enum cret_status make(struct work *work, struct cret_err *err)
{
    const struct cret_options *options = work->options;
    struct cret_sign_request request;
    if (cret_credentials_certificates(&work->credentials, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    request = request_of(work);
    if (cret_sign_check(&request, err) != CRET_OK || open_release(work, err) != CRET_OK ||
        cret_output_open(&work->output, cret_options_value(options, "out"), 0644, CRET_OUTPUT_NEW,
                         err) != CRET_OK ||
        cret_zip_out_new(&work->draft.zip, cret_output_fd(work->output), err) != CRET_OK ||
        add_members(work, err) != CRET_OK ||
        cret_credentials_key(&work->credentials, options, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    request = request_of(work);
    enum cret_status status = cret_sign_check(&request, err);
    if (status == CRET_OK) {
        status = cret_package_draft_sign(&work->draft, 1, &request, err);
    }
    cret_key_free(&work->credentials.key);
    if (status != CRET_OK ||
        cret_package_check(cret_output_fd(work->output), work->credentials.list[0],
                           work->draft.list_digest, work->existing->manifest,
                           request.allow_example_keys, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_output_commit(&work->output, err);
}

static int act(const struct cret_options *options)
{
    struct work work = {.options = options};
    struct cret_err err = {0};
    int code = 0;
    if (make(&work, &err) == CRET_OK) {
        const struct cret_package_report report = {
            .title = "Exported",
            .file = cret_options_value(options, "out"),
            .manifest = work.existing->manifest,
            .identity = work.draft.list_digest,
            .members = work.draft.count,
            .signer = work.credentials.list[0],
        };
        code = cret_package_tell(options, &report);
    } else {
        code = cret_verb_fail(options, &err);
    }
    cret_package_draft_clear(&work.draft);
    cret_output_discard(&work.output);
    cret_existing_free(&work.existing);
    cret_credentials_clear(&work.credentials);
    return code;
}

static const struct cret_option package_options[] = {
    CRET_OPTION("out", "FILE", "The package to write; nothing may be there. It ends with .uadipkg.",
                .required = true),
    CRET_OPTION("manufacturer-uri", "URI",
                "ManufacturerUri of the package, where the release has no manufacturer.uri."),
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
            "of verifiers can check it. The signature is ASiC-E with CAdES, baseline B.",
    .groups =
        CRET_GROUPS(&package_group, &cret_key_group, &cret_certificate_group, &cret_chain_group,
                    &cret_secret_group, &cret_example_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-sign export uadipkg RTU-7-4.2.0.cretula.tar --key release.key.pem "
        "--cert release.cert.pem --manufacturer-uri https://vendor.example/ --out RTU-7.uadipkg"),
    .run = act,
};
