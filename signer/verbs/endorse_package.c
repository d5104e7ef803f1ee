/* SPDX-License-Identifier: Apache-2.0 */
/* endorse, of an OPC UA package: a list of one's own over all of it and over who signed before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "console/print.h"
#include "signer/archive/package_check.h"
#include "signer/command/options.h"
#include "signer/report/credentials.h"
#include "signer/verbs/package_report.h"

#define PIECE ((size_t)1 << 18)

/* One run. */
struct work {
    const struct cret_options *options;
    struct cret_credentials credentials;
    struct cret_held *held;
    struct cret_package *package;
    struct cret_manifest *manifest;
    struct cret_output *output;
    struct cret_package_draft draft;
};

bool cret_is_package(const char *path)
{
    struct cret_err ignored = {0};
    struct cret_file_info info;
    bool package = false;
    int fd = -1;
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, &ignored) != CRET_OK) {
        return false;
    }
    if (cret_os_stat_fd(&info, fd, &ignored) != CRET_OK || info.kind != CRET_KIND_REGULAR ||
        cret_package_recognize(&package, fd, info.size, &ignored) != CRET_OK) {
        package = false;
    }
    cret_os_close(&fd);
    return package;
}

/* The bytes before the index stay what they are. */
static enum cret_status copy_members(const struct work *work, struct cret_err *err)
{
    uint8_t *piece = malloc(PIECE);
    enum cret_status status = piece != NULL ? CRET_OK : cret_err_memory(err);
    uint64_t offset = 0;
    while (status == CRET_OK && offset < work->package->zip->index_offset) {
        const uint64_t left = work->package->zip->index_offset - offset;
        const size_t wanted = left < PIECE ? (size_t)left : PIECE;
        size_t got = 0;
        status = cret_os_pread(cret_held_fd(work->held), piece, wanted, offset, &got, err);
        if (status == CRET_OK && got != wanted) {
            status = cret_err_undecided(err, "the package changed while it was read");
        }
        if (status == CRET_OK) {
            status = cret_os_write(cret_output_fd(work->output), piece, got, err);
        }
        offset += got;
    }
    free(piece);
    return status;
}

/* A number that no member's name has. */
static unsigned next_number(const struct cret_package *package)
{
    unsigned number = 1;
    for (bool taken = true; taken && number < 999;) {
        char list[48], signature[48];
        number++;
        snprintf(list, sizeof(list), "META-INF/ASiCManifest%03u.xml", number);
        snprintf(signature, sizeof(signature), "META-INF/signature%03u.p7s", number);
        taken = cret_zip_find(package->zip, list) < package->zip->count ||
                cret_zip_find(package->zip, signature) < package->zip->count;
    }
    return number;
}

static struct cret_sign_request request_of(const struct work *work)
{
    return (struct cret_sign_request){
        .key = work->credentials.key,
        .certificate = work->credentials.list[0],
        .chain = work->credentials.chain,
        .chain_count = work->credentials.intermediate_count,
        .meaning = cret_options_given(work->options, "meaning") ? cret_option_meaning(work->options)
                                                                : CRET_MEANING_APPROVAL,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = cret_options_given(work->options, "allow-example-keys"),
    };
}

static enum cret_status open_package(struct work *work, struct cret_err *err)
{
    const char *path = cret_options_operand(work->options, 0);
    if (cret_held_open(&work->held, path, CRET_HELD_WAIT_MS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (work->held == NULL) {
        return cret_err_undecided(err, "%s: it is not there any more", path);
    }
    if (cret_package_examine(&work->package, &work->manifest, &work->draft,
                             cret_held_fd(work->held), work->credentials.list[0], err) != CRET_OK) {
        return cret_err_context(err, "%s", path);
    }
    return CRET_OK;
}

static enum cret_status make(struct work *work, struct cret_err *err)
{
    const struct cret_options *options = work->options;
    struct cret_sign_request request;
    if (cret_options_given(options, "payload") || cret_options_given(options, "replace")) {
        return cret_err_usage(err, "--payload and --replace are for release archives");
    }
    if (cret_credentials_certificates(&work->credentials, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    request = request_of(work);
    if (cret_sign_check(&request, err) != CRET_OK || open_package(work, err) != CRET_OK ||
        cret_output_open_over(&work->output, work->held, err) != CRET_OK ||
        copy_members(work, err) != CRET_OK ||
        cret_zip_out_resume(&work->draft.zip, cret_output_fd(work->output), work->package->zip,
                            err) != CRET_OK ||
        cret_credentials_key(&work->credentials, options, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_output_amend(work->output);
    request = request_of(work);
    enum cret_status status = cret_sign_check(&request, err);
    if (status == CRET_OK) {
        status = cret_package_draft_sign(&work->draft, next_number(work->package), &request, err);
    }
    cret_key_free(&work->credentials.key);
    if (status != CRET_OK ||
        cret_package_check(cret_output_fd(work->output), work->credentials.list[0],
                           work->manifest->identity, work->manifest, request.allow_example_keys,
                           err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_output_commit(&work->output, err);
}

int cret_endorse_package(const struct cret_options *options)
{
    struct work work = {.options = options};
    struct cret_err err = {0};
    int code = 0;
    if (make(&work, &err) == CRET_OK) {
        const struct cret_package_report report = {
            .title = "Signed",
            .file = cret_options_operand(options, 0),
            .manifest = work.manifest,
            .identity = work.manifest->identity,
            .members = work.draft.count,
            .signer = work.credentials.list[0],
        };
        code = cret_package_tell(options, &report);
    } else {
        code = cret_verb_fail(options, &err);
    }
    cret_package_draft_clear(&work.draft);
    cret_output_discard(&work.output);
    cret_manifest_free(&work.manifest);
    cret_package_free(&work.package);
    cret_held_close(&work.held);
    cret_credentials_clear(&work.credentials);
    return code;
}
