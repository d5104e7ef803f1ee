/* SPDX-License-Identifier: Apache-2.0 */
/* An archive that becomes a package: by a process that reads the one, and one that reads the other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json_build.h"
#include "signer/archive/amend.h"
#include "signer/archive/repackage.h"
#include "signer/command/options.h"
#include "signer/report/package_report.h"

struct making {
    struct cret_amend *amend;
    const char *uri;
};

/* In the process that reads the archive. */
static enum cret_status make_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct making *making = context;
    struct cret_amend *amend = making->amend;
    struct cret_package_draft draft = {.zip = NULL};
    if (cret_package_make(&draft, amend->out, amend->existing, making->uri, &amend->work, err) !=
        CRET_OK) {
        cret_package_draft_clear(&draft);
        return cret_err_context(err, "%s", amend->existing->path);
    }
    struct cret_build json =
        cret_build_on(cret_package_told(amend->existing->manifest, draft.count));
    uint8_t identity[CRET_SHA256_BYTES];
    const enum cret_status status = cret_sha256(identity, draft.list, draft.list_size, err);
    cret_build_sha256(&json, "identity", identity);
    told->json = cret_build_end(&json);
    told->files[0].data = draft.list;
    told->files[0].size = draft.list_size;
    draft.list = NULL;
    cret_package_draft_clear(&draft);
    return status != CRET_OK ? CRET_FAILED : told->json != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_amend_make(struct cret_amend *amend, int out, const char *uri,
                                 struct cret_err *err)
{
    struct making making = {amend, uri};
    amend->out = out;
    const enum cret_status status = cret_amend_read(amend, make_apart, &making, err);
    amend->out = -1;
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    return amend->told.files[0].data != NULL && amend->told.files[0].size > 0
               ? cret_package_said(amend->told.json, err)
               : cret_apart_malformed(err);
}

struct joining {
    int fd; /* of the package that was made */
    const struct cret_bytes *list, *value;
};

/* In a process that reads the package that was made. */
static enum cret_status join_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct joining *joining = context;
    struct cret_package_seen seen = {.package = NULL};
    struct cret_zip_edit edit = {.kept = 0};
    struct cret_file_info info;
    enum cret_status status = CRET_FAILED;
    told->json = json_object();
    seen.draft.list = malloc(joining->list->size);
    if (told->json == NULL || seen.draft.list == NULL) {
        cret_package_seen_clear(&seen);
        return cret_err_memory(err);
    }
    memcpy(seen.draft.list, joining->list->data, joining->list->size);
    seen.draft.list_size = joining->list->size;
    cret_package_draft_name(&seen.draft, 1);
    if (cret_os_stat_fd(&info, joining->fd, err) == CRET_OK &&
        cret_package_read(&seen.package, joining->fd, info.size, true, err) == CRET_OK) {
        const struct cret_addition addition = {.der = (uint8_t *)(uintptr_t)joining->value->data,
                                               .size = joining->value->size};
        status = seen.package->pair_count == 0 ? cret_package_edit(&edit, &seen, &addition, err)
                                               : cret_apart_malformed(err);
    }
    if (status == CRET_OK) {
        status = cret_repackage_tell(told, &edit, err);
    }
    cret_zip_edit_clear(&edit);
    cret_package_seen_clear(&seen);
    return status;
}

enum cret_status cret_amend_sign_made(const struct cret_amend *amend, struct cret_output *output,
                                      const struct cret_bytes *list, const struct cret_bytes *value,
                                      struct cret_err *err)
{
    struct joining joining = {cret_output_fd(output), list, value};
    struct cret_apart_told told = {.findings = cret_findings_new()};
    uint8_t digest[CRET_SHA256_BYTES];
    const struct cret_repackage job = {
        .from = joining.fd,
        .adds = true,
        .list = digest,
        .value = value,
        .work = &amend->work,
        .allow_unconfined = cret_options_given(amend->options, "allow-unconfined"),
    };
    const struct cret_apart_job apart = {.read = join_apart,
                                         .context = &joining,
                                         .bounds = {.kept = &joining.fd,
                                                    .kept_count = 1,
                                                    .reads_below = -1,
                                                    .writes_below = -1,
                                                    .allow_unconfined = job.allow_unconfined}};
    enum cret_status status =
        told.findings != NULL ? cret_apart_run(&told, &apart, err) : cret_err_memory(err);
    if (status == CRET_OK) {
        status = cret_sha256(digest, list->data, list->size, err);
    }
    if (status == CRET_OK) {
        status = cret_repackage(output, &told, &job, err);
    }
    cret_apart_clear(&told);
    cret_findings_free(&told.findings);
    return status;
}
