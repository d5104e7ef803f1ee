/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an archive that exists, and writing it anew with other signatures. */
#include "signer/archive/existing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/path.h"
#include "container/member.h"
#include "container/ustar.h"
#include "signer/archive/selfcheck.h"

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
    existing->device = info.device;
    existing->inode = info.inode;
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
        CRET_OK) {
        goto out;
    }
    *ret_existing = existing;
    existing = NULL;
    status = CRET_OK;
out:
    cret_existing_free(&existing);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "%s", path);
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

static enum cret_status open_and_read(struct cret_existing **ret_existing, const char *path,
                                      bool hold, struct cret_err *err)
{
    struct cret_existing *existing = NULL;
    if (open_path(&existing, path, hold, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_existing_read(existing, err) != CRET_OK) {
        cret_existing_free(&existing);
        return CRET_FAILED;
    }
    *ret_existing = existing;
    return CRET_OK;
}

enum cret_status cret_existing_open(struct cret_existing **ret_existing, const char *path,
                                    struct cret_err *err)
{
    return open_and_read(ret_existing, path, false, err);
}

enum cret_status cret_existing_hold(struct cret_existing **ret_existing, const char *path,
                                    struct cret_err *err)
{
    return open_and_read(ret_existing, path, true, err);
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

static int compare_names(const void *left, const void *right)
{
    const struct cret_signature *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static enum cret_status write_file(const struct cret_existing *existing, int fd,
                                   struct cret_signature *members, size_t count,
                                   struct cret_err *err)
{
    const struct cret_front *old = existing->front;
    struct cret_front front = *old;
    front.signatures = members;
    front.signature_count = count;
    const uint64_t payload = existing->size - CRET_MEMBER_END - old->end;
    const uint64_t start = cret_layout_front_size(front.manifest_size, members, count);
    uint64_t size = 0;
    if (cret_os_reserve(fd, start + payload + CRET_MEMBER_END, err) != CRET_OK ||
        cret_front_write(fd, &front, &size, err) != CRET_OK ||
        /* The bytes between the fronts and the ends of both files are the same. */
        cret_os_copy(existing->fd, old->end, fd, start, payload, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_archive_end(fd, start + payload, err);
}

static enum cret_status check_result(const struct cret_existing *existing, int fd,
                                     const struct cret_addition *additions, size_t count,
                                     const struct cret_existing_work *work, struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct cret_selfcheck check = {
            .fd = fd,
            .certificate = cret_cms_signer(additions[i].cms),
            .manifest = existing->manifest,
            /* The payload is read once; each signature is judged over the front. */
            .detached = existing->detached || i > 0,
            .payload_directory = i == 0 ? work->payload_directory : -1,
            .any_meaning = true,
            .allow_example_keys = work->allow_example_keys,
            .jobs = work->jobs,
            .hash = work->hash,
            .progress = work->progress,
            .context = work->context,
        };
        if (cret_selfcheck(&check, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static void take_member(struct cret_signature *member, const struct cret_addition *addition)
{
    cret_cms_member_name(addition->cms, member->name);
    member->data = addition->der;
    member->size = addition->size;
}

/* The file anew, with these members, some of which are new; members are sorted. */
static enum cret_status publish(struct cret_existing *existing, struct cret_signature *members,
                                size_t total, const struct cret_addition *additions, size_t count,
                                const struct cret_existing_work *work, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_output *output = NULL;
    qsort(members, total, sizeof(*members), compare_names);
    if (cret_output_open_over(&output, existing->held, err) == CRET_OK &&
        write_file(existing, cret_output_fd(output), members, total, err) == CRET_OK &&
        check_result(existing, cret_output_fd(output), additions, count, work, err) == CRET_OK) {
        status = cret_output_commit(&output, err);
    }
    cret_output_discard(&output);
    return status;
}

/* The place of a signature among members: a member's name is made from its key, so that the same
 * name is the same key. */
static size_t place_of(const struct cret_signature *members, size_t count,
                       const struct cret_addition *addition)
{
    char name[sizeof(members->name)];
    size_t at = 0;
    cret_cms_member_name(addition->cms, name);
    while (at < count && strcmp(members[at].name, name) != 0) {
        at++;
    }
    return at;
}

size_t cret_existing_total(const struct cret_existing *existing,
                           const struct cret_addition *additions, size_t count)
{
    const size_t present = existing->front->signature_count;
    size_t total = present;
    for (size_t i = 0; i < count; i++) {
        total += place_of(existing->front->signatures, present, &additions[i]) == present ? 1u : 0u;
    }
    return total;
}

enum cret_status cret_existing_add(struct cret_existing *existing,
                                   const struct cret_addition *additions, size_t count,
                                   const struct cret_existing_work *work, struct cret_err *err)
{
    size_t total = existing->front->signature_count;
    struct cret_signature *members = calloc(total + count, sizeof(*members)); /* data is borrowed */
    if (members == NULL) {
        return cret_err_memory(err);
    }
    memcpy(members, existing->front->signatures, total * sizeof(*members));
    for (size_t i = 0; i < count; i++) {
        const size_t place = place_of(members, total, &additions[i]);
        total += place == total ? 1u : 0u;
        take_member(&members[place], &additions[i]);
    }
    const enum cret_status status = publish(existing, members, total, additions, count, work, err);
    free(members);
    return status;
}

enum cret_status cret_existing_replace(struct cret_existing *existing, size_t index,
                                       const struct cret_addition *replacement,
                                       const struct cret_existing_work *work, struct cret_err *err)
{
    const size_t present = existing->front->signature_count;
    struct cret_signature *members = calloc(present, sizeof(*members)); /* data is borrowed */
    if (members == NULL) {
        return cret_err_memory(err);
    }
    memcpy(members, existing->front->signatures, present * sizeof(*members));
    take_member(&members[index], replacement);
    const enum cret_status status = publish(existing, members, present, replacement, 1, work, err);
    free(members);
    return status;
}
