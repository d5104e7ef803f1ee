/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an archive that exists, and writing it anew with other signatures. */
#include "signer/archive/existing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "container/member.h"

/* The first fault that the findings name, as the error of this run. */
static enum cret_status first_fault(const struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_finding *fault = cret_findings_first_fault(findings, 0);
    return fault != NULL ? cret_finding_refuse(err, fault) : CRET_FAILED;
}

static enum cret_status read_manifest(struct cret_existing *existing,
                                      struct cret_findings *findings, struct cret_err *err)
{
    const struct cret_front *front = existing->front;
    if (cret_manifest_parse_unverified(&existing->manifest, front->manifest, front->manifest_size,
                                       findings, err) != CRET_OK) {
        return err->class == CRET_ERR_REFUSED ? first_fault(findings, err) : CRET_FAILED;
    }
    if (existing->manifest->date != front->seconds) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                        "the date in the headers is not the release date of the manifest");
        cret_err_expected(err, "%" PRId64, existing->manifest->date);
        return cret_err_actual(err, "%" PRId64, front->seconds);
    }
    return CRET_OK;
}

static enum cret_status read_front(struct cret_existing *existing, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_findings *findings = cret_findings_new();
    struct cret_file_info info;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_fd(&info, existing->fd, err) != CRET_OK) {
        goto out;
    }
    if (info.kind != CRET_KIND_REGULAR) {
        cret_err_usage(err, "not a regular file, so nothing can be added to it");
        goto out;
    }
    existing->size = info.size;
    if (cret_source_new(&existing->source, existing->fd, err) != CRET_OK ||
        cret_front_read(&existing->front, existing->source, err) != CRET_OK ||
        cret_gate_examine(&existing->gate, existing->front, findings, err) != CRET_OK ||
        read_manifest(existing, findings, err) != CRET_OK) {
        goto out;
    }
    existing->detached = existing->size == existing->front->end + CRET_MEMBER_END;
    status = CRET_OK;
out:
    cret_findings_free(&findings);
    return status;
}

enum cret_status cret_existing_from_fd(struct cret_existing **ret_existing, int fd,
                                       struct cret_err *err)
{
    struct cret_existing *existing = calloc(1, sizeof(*existing));
    if (existing == NULL) {
        return cret_err_memory(err);
    }
    existing->fd = fd;
    if (read_front(existing, err) != CRET_OK) {
        cret_existing_free(&existing);
        return CRET_FAILED;
    }
    *ret_existing = existing;
    return CRET_OK;
}

static enum cret_status open_held(struct cret_existing *existing, struct cret_err *err)
{
    if (cret_held_open(&existing->held, existing->path, CRET_HELD_WAIT_MS, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (existing->held == NULL) {
        return cret_os_open_file(&existing->fd, existing->path, err); /* says that it is missing */
    }
    existing->owns_fd = false;
    existing->fd = cret_held_fd(existing->held);
    return CRET_OK;
}

static enum cret_status open_path(struct cret_existing **ret_existing, const char *path, bool hold,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    struct cret_existing *existing = calloc(1, sizeof(*existing));
    if (existing == NULL) {
        return cret_err_memory(err);
    }
    existing->fd = -1;
    existing->owns_fd = true;
    existing->path = strdup(path);
    if (existing->path == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (exists && info.kind == CRET_KIND_SYMLINK) {
        cret_err_usage(err, "a symbolic link would be replaced, not the archive behind it");
        cret_err_hint(err, "name the archive itself");
        goto out;
    }
    if ((hold ? open_held(existing, err) : cret_os_open_file(&existing->fd, path, err)) !=
            CRET_OK ||
        cret_os_stat_fd(&info, existing->fd, err) != CRET_OK) {
        goto out;
    }
    existing->device = info.device;
    existing->inode = info.inode;
    *ret_existing = existing;
    existing = NULL;
    status = CRET_OK;
out:
    cret_existing_free(&existing);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", path);
}

enum cret_status cret_existing_find(struct cret_existing **ret_existing, const char *path,
                                    struct cret_err *err)
{
    return open_path(ret_existing, path, false, err);
}

enum cret_status cret_existing_lock(struct cret_existing **ret_existing, const char *path,
                                    struct cret_err *err)
{
    return open_path(ret_existing, path, true, err);
}

enum cret_status cret_existing_read(struct cret_existing *existing, struct cret_err *err)
{
    return read_front(existing, err) == CRET_OK ? CRET_OK
                                                : cret_err_context(err, "%s", existing->path);
}

void cret_existing_free(struct cret_existing **existing)
{
    if (existing == NULL || *existing == NULL) {
        return;
    }
    cret_manifest_free(&(*existing)->manifest);
    cret_gate_result_free(&(*existing)->gate);
    cret_front_free(&(*existing)->front);
    cret_source_free(&(*existing)->source);
    if ((*existing)->owns_fd) {
        cret_os_close(&(*existing)->fd);
    }
    cret_held_close(&(*existing)->held);
    free((*existing)->path);
    free(*existing);
    *existing = NULL;
}

enum cret_status cret_existing_form(const struct cret_existing *existing,
                                    const struct cret_existing_work *work, struct cret_err *err)
{
    if (existing->detached && work->payload_directory < 0) {
        cret_err_usage(err, "the file is a front: its payload lies elsewhere");
        return cret_err_hint(err, "--payload DIR names the folder that holds the payload");
    }
    if (!existing->detached && work->payload_directory >= 0) {
        cret_err_usage(err, "the archive holds its payload itself");
        return cret_err_hint(err, "leave --payload out");
    }
    return CRET_OK;
}

enum cret_status cret_existing_verify(struct cret_existing *existing,
                                      const struct cret_existing_work *work, struct cret_err *err)
{
    if (cret_existing_form(existing, work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char **names =
        existing->detached ? cret_manifest_detached_names(existing->manifest) : NULL;
    if (existing->detached && names == NULL) {
        return cret_err_memory(err);
    }
    struct cret_walk walk = {
        .entries = existing->manifest->entries,
        .count = existing->manifest->file_count,
        .fast = work->fast,
        .jobs = work->jobs,
        .hash = work->hash,
        .payload_directory = work->payload_directory,
        .names = names,
        .progress = work->progress,
        .context = work->context,
    };
    const enum cret_status status =
        cret_archive_walk(existing->source, existing->front, &walk, err);
    free(names);
    return status;
}

enum cret_status cret_existing_takes(const struct cret_existing *existing,
                                     const struct cret_certificate *signer, bool replace,
                                     struct cret_err *err)
{
    for (size_t i = 0; i < existing->gate.signature_count; i++) {
        const struct cret_certificate *other = cret_cms_signer(existing->gate.signatures[i].cms);
        if (memcmp(cret_certificate_key_digest(other), cret_certificate_key_digest(signer),
                   CRET_SHA256_BYTES) == 0) {
            if (replace) {
                return CRET_OK;
            }
            cret_err_usage(err, "this key has signed the archive already");
            cret_err_where(err, "SIGNATURES/%s.p7s", existing->gate.signatures[i].name);
            cret_err_actual(err, "%s", cret_certificate_subject(other));
            return cret_err_hint(err, "a second signature needs another key, since thresholds "
                                      "count signers; with a renewed certificate for this key, "
                                      "--replace puts the new signature in the place of the old "
                                      "one (and of its timestamp)");
        }
    }
    if (replace) {
        cret_err_usage(err, "there is no signature by this key to replace");
        cret_err_actual(err, "%s", cret_certificate_subject(signer));
        return cret_err_hint(err, "leave --replace out: the signature is added");
    }
    if (existing->gate.signature_count >= CRET_LIMIT_SIGNATURES) {
        return cret_err_usage(err, "the archive holds %u signatures, and no more fit",
                              CRET_LIMIT_SIGNATURES);
    }
    return CRET_OK;
}
