/* SPDX-License-Identifier: Apache-2.0 */
/* An archive or package held here, read by a process that can do nothing else, and replaced. */
#include "signer/archive/amend.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "signer/archive/amend_package.h"
#include "signer/archive/refront.h"
#include "signer/command/options.h"

void cret_amend_init(struct cret_amend *amend, const struct cret_options *options,
                     const char *label)
{
    memset(amend, 0, sizeof(*amend));
    amend->options = options;
    amend->out = -1;
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
    if ((change ? cret_existing_lock(&amend->existing, path, err)
                : cret_existing_find(&amend->existing, path, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    amend->package = cret_package_is(amend->existing->fd);
    if (amend->package && (cret_options_given(amend->options, "payload") ||
                           cret_options_given(amend->options, "replace"))) {
        return cret_err_usage(err, "--payload and --replace are for release archives");
    }
    return CRET_OK;
}

void cret_amend_clear(struct cret_amend *amend)
{
    for (size_t i = 0; i < amend->count; i++) {
        cret_cms_free(&amend->additions[i].cms);
        free(amend->additions[i].der);
    }
    cret_apart_clear(&amend->told);
    cret_findings_free(&amend->notes);
    cret_package_seen_clear(&amend->seen);
    cret_existing_free(&amend->existing);
    cret_os_close(&amend->work.payload_directory);
    cret_credentials_clear(&amend->credentials);
}

struct reading {
    struct cret_amend *amend;
    enum cret_status (*read)(void *context, struct cret_apart_told *told, struct cret_err *err);
    void *context;
};

/* In the reading process, where the rest of the program's memory is a copy. */
static enum cret_status read_archive(void *context, struct cret_apart_told *told,
                                     struct cret_err *err)
{
    const struct reading *reading = context;
    struct cret_amend *amend = reading->amend;
    amend->notes = told->findings;
    amend->work.progress = cret_apart_progress;
    amend->work.context = told;
    return (amend->package ? cret_amend_package_read(amend, err)
                           : cret_existing_read(amend->existing, err)) == CRET_OK
               ? reading->read(reading->context, told, err)
               : CRET_FAILED;
}

enum cret_status cret_amend_read(struct cret_amend *amend,
                                 enum cret_status (*read)(void *context,
                                                          struct cret_apart_told *told,
                                                          struct cret_err *err),
                                 void *context, struct cret_err *err)
{
    struct reading reading = {amend, read, context};
    const int kept[] = {amend->existing->fd, amend->out};
    const struct cret_apart_job job = {
        .read = read_archive,
        .context = &reading,
        .bounds = {.kept = kept,
                   .kept_count = CRET_LENGTH(kept),
                   .reads_below = amend->work.payload_directory,
                   .writes_below = -1,
                   .writes = amend->out >= 0,
                   .allow_unconfined = cret_options_given(amend->options, "allow-unconfined")},
        .progress = amend->work.progress,
        .progress_context = amend->work.context};
    amend->told.findings = amend->notes;
    const enum cret_status status = cret_apart_run(&amend->told, &job, err);
    cret_progress_end(&amend->progress);
    return status;
}

struct cret_addition *cret_amend_next(struct cret_amend *amend)
{
    return &amend->additions[amend->count++];
}

enum cret_status cret_amend_ready(struct cret_amend *amend, struct cret_err *err)
{
    if (amend->package) {
        return CRET_OK; /* it was read to its end */
    }
    return amend->existing->detached ? cret_existing_verify(amend->existing, &amend->work, err)
                                     : cret_existing_form(amend->existing, &amend->work, err);
}

enum cret_status cret_amend_tell(struct cret_amend *amend, struct cret_apart_told *told,
                                 json_t *report, struct cret_err *err)
{
    told->json = report != NULL ? json_pack("{s:o}", "report", report) : NULL;
    if (told->json == NULL) {
        return cret_err_memory(err);
    }
    return amend->package
               ? cret_amend_package_tell(amend, told, err)
               : cret_refront_tell(told, amend->existing, amend->additions, amend->count, err);
}

/* What was told is of the archive that was signed, and its only new signature is the one made. */
static enum cret_status check_own(const struct cret_refront *refront,
                                  const struct cret_amend_own *own, struct cret_err *err)
{
    bool found = false;
    if (memcmp(refront->identity, own->identity, CRET_SHA256_BYTES) != 0) {
        return cret_err_undecided(err, "the archive changed while it was examined");
    }
    for (size_t i = 0; i < refront->count; i++) {
        found = found || (refront->fresh[i] && refront->members[i].size == own->der.size &&
                          memcmp(refront->members[i].data, own->der.data, own->der.size) == 0);
    }
    return found ? CRET_OK : cret_apart_malformed(err);
}

enum cret_status cret_amend_replace(struct cret_amend *amend, size_t asked,
                                    const struct cret_amend_own *own, struct cret_err *err)
{
    struct cret_refront refront = {.count = 0};
    enum cret_status status = CRET_FAILED;
    if (amend->package) {
        return cret_amend_package_replace(amend, own, err);
    }
    if (cret_refront_take(&refront, &amend->told, amend->existing, asked, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (own == NULL || check_own(&refront, own, err) == CRET_OK) {
        status = cret_refront_publish(&refront, amend->existing, &amend->work,
                                      cret_options_given(amend->options, "allow-unconfined"), err);
        cret_progress_end(&amend->progress);
    }
    if (status == CRET_OK) {
        memcpy(amend->identity, refront.identity, sizeof(amend->identity));
        amend->total = refront.count;
    }
    cret_refront_clear(&refront);
    return status;
}

int cret_amend_run(struct cret_amend *amend,
                   enum cret_status (*work)(struct cret_amend *amend, struct cret_err *err))
{
    struct cret_err err = {0};
    const int code = work(amend, &err) == CRET_OK ? cret_amend_report(amend)
                                                  : cret_verb_fail(amend->options, &err);
    cret_amend_clear(amend);
    return code;
}
