/* SPDX-License-Identifier: Apache-2.0 */
/* The three who make a package with another signature: who reads, who writes, who judges. */
#include "signer/archive/repackage.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "engine/inspect.h"
#include "package/package.h"
#include "signer/archive/selfcheck.h"
#include "trust/cms/cades.h"
#include "trust/cms/timestamp_exchange.h"

/* Who reads. */

enum cret_status cret_repackage_tell(struct cret_apart_told *told, struct cret_zip_edit *edit,
                                     struct cret_err *err)
{
    json_t *json = json_pack("{s:I, s:I, s:I}", "kept", (json_int_t)edit->kept, "from",
                             (json_int_t)edit->from, "to", (json_int_t)edit->to);
    if (json == NULL || json_object_set_new(told->json, "edit", json) != 0) {
        return cret_err_memory(err);
    }
    told->files[0].size = edit->tail.size;
    told->files[0].data = cret_buffer_take(&edit->tail);
    if (edit->middle.size > 0) {
        told->files[1].size = edit->middle.size;
        told->files[1].data = cret_buffer_take(&edit->middle);
    }
    return CRET_OK;
}

/* Who writes. */

/* The edit as it was told; `size` is that of the file. */
static bool take_edit(struct cret_zip_edit *edit, const struct cret_apart_told *told, uint64_t size)
{
    const int64_t kept = cret_json_integer(told->json, "edit.kept", -1);
    const int64_t from = cret_json_integer(told->json, "edit.from", -1);
    const int64_t to = cret_json_integer(told->json, "edit.to", -1);
    if (told->files[0].data == NULL || told->files[0].size == 0 || kept < 0 || from < kept ||
        to < from || (uint64_t)to > size) {
        return false;
    }
    edit->kept = (uint64_t)kept;
    edit->from = (uint64_t)from;
    edit->to = (uint64_t)to;
    return true;
}

/* Where the output is what is edited, its bytes are there already: then nothing may move. */
static enum cret_status write_file(int to, const struct cret_repackage *job,
                                   const struct cret_zip_edit *edit,
                                   const struct cret_apart_told *told, struct cret_err *err)
{
    const bool same = job->from == to;
    const size_t middle = told->files[1].data != NULL ? told->files[1].size : 0;
    const uint64_t rest = edit->to - edit->from, at = edit->kept + middle;
    const size_t tail = told->files[0].size;
    if (same && (middle > 0 || rest > 0)) {
        return cret_apart_malformed(err);
    }
    if (cret_os_reserve(to, at + rest + tail, err) != CRET_OK ||
        (!same && (cret_os_copy(job->from, 0, to, 0, edit->kept, err) != CRET_OK ||
                   cret_os_copy(job->from, edit->from, to, at, rest, err) != CRET_OK))) {
        return CRET_FAILED;
    }
    return (middle == 0 ||
            cret_os_pwrite(to, told->files[1].data, middle, edit->kept, err) == CRET_OK) &&
                   cret_os_pwrite(to, told->files[0].data, tail, at + rest, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* Who judges. */

struct judging {
    const struct cret_repackage *job;
    int fd; /* of the new file */
    struct cret_package *old, *made;
    const struct cret_package_pair *fresh, *before; /* what is new; what it replaces, or NULL */
};

static enum cret_status changed(struct cret_err *err)
{
    return cret_err_undecided(err, "the finished package does not hold what was there");
}

static bool same_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

static const struct cret_package_pair *find_pair(const struct cret_package *package,
                                                 const char *list_name)
{
    for (size_t i = 0; i < package->pair_count; i++) {
        if (strcmp(package->pairs[i].list_name, list_name) == 0) {
            return &package->pairs[i];
        }
    }
    return NULL;
}

/* Each list that was there is there, byte for byte, with its signature, but for one at most. */
static enum cret_status compare_pairs(struct judging *judging, struct cret_err *err)
{
    size_t fresh = 0, kept = 0;
    for (size_t i = 0; i < judging->made->pair_count; i++) {
        const struct cret_package_pair *pair = &judging->made->pairs[i];
        const struct cret_package_pair *old = find_pair(judging->old, pair->list_name);
        const bool list = old != NULL && strcmp(old->signature_name, pair->signature_name) == 0 &&
                          same_bytes(old->list, old->list_size, pair->list, pair->list_size);
        if (old != NULL && !list) {
            return changed(err);
        }
        kept += old != NULL ? 1 : 0;
        if (old == NULL || !same_bytes(old->signature, old->signature_size, pair->signature,
                                       pair->signature_size)) {
            judging->fresh = pair;
            judging->before = old;
            fresh++;
        }
    }
    return kept == judging->old->pair_count && fresh == 1 &&
                   judging->job->adds == (judging->before == NULL)
               ? CRET_OK
               : changed(err);
}

/* Every other member is there, and none more. */
static enum cret_status compare_members(const struct judging *judging, struct cret_err *err)
{
    const struct cret_zip *old = judging->old->zip, *made = judging->made->zip;
    if (made->count != old->count + (judging->job->adds ? 2u : 0u)) {
        return changed(err);
    }
    for (size_t i = 0; i < old->count; i++) {
        const struct cret_zip_member *one = &old->members[i];
        const size_t at = cret_zip_find(made, one->name);
        const bool replaced =
            judging->before != NULL && strcmp(one->name, judging->fresh->signature_name) == 0;
        if (at == made->count || (!replaced && (made->members[at].size != one->size ||
                                                made->members[at].crc != one->crc))) {
            return changed(err);
        }
    }
    return CRET_OK;
}

/* Of a timestamp: the same signature, which has one now. */
static enum cret_status check_stamped(const struct judging *judging, const struct cret_cms *cms,
                                      struct cret_err *err)
{
    struct cret_cms *old = NULL;
    if (cret_cades_parse(&old, judging->before->signature, judging->before->signature_size, true,
                         err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes a = cret_timestamp_subject(old), b = cret_timestamp_subject(cms);
    const bool same = same_bytes(a.data, a.size, b.data, b.size) &&
                      cret_cms_timestamp(old) == NULL && cret_cms_timestamp(cms) != NULL;
    cret_cms_free(&old);
    return same ? CRET_OK : changed(err);
}

/* Where a key signed here, what it signed and what it made. */
static enum cret_status check_own(const struct judging *judging, struct cret_err *err)
{
    const struct cret_repackage *job = judging->job;
    const struct cret_package_pair *fresh = judging->fresh;
    uint8_t digest[CRET_SHA256_BYTES];
    if (job->value == NULL) {
        return CRET_OK;
    }
    if (cret_sha256(digest, fresh->list, fresh->list_size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return memcmp(digest, job->list, sizeof(digest)) == 0 &&
                   same_bytes(fresh->signature, fresh->signature_size, job->value->data,
                              job->value->size)
               ? CRET_OK
               : changed(err);
}

/* As the verifier does, whose only anchor is this signer's certificate. */
static enum cret_status check_fresh(const struct judging *judging, const struct cret_cms *cms,
                                    struct cret_apart_told *told, struct cret_err *err)
{
    const struct cret_repackage *job = judging->job;
    struct cret_source *source = NULL;
    if (cret_source_new(&source, judging->fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_source_seek(source, 0);
    struct cret_inspection *said = cret_inspect_unverified(source);
    const struct cret_selfcheck check = {
        .fd = judging->fd,
        .certificate = cret_cms_signer(cms),
        .manifest = said != NULL ? said->manifest : NULL,
        .payload_directory = -1,
        .any_meaning = true,
        .package = true,
        .allow_example_keys = job->work->allow_example_keys,
        .jobs = 1,
        .progress = cret_apart_progress,
        .context = told,
    };
    const enum cret_status status =
        check.manifest != NULL ? cret_selfcheck(&check, err) : changed(err);
    cret_inspection_free(&said);
    cret_source_free(&source);
    return status;
}

static enum cret_status read_one(struct cret_package **ret_package, int fd, bool unsigned_too,
                                 struct cret_err *err)
{
    struct cret_file_info info;
    return cret_os_stat_fd(&info, fd, err) == CRET_OK
               ? cret_package_read(ret_package, fd, info.size, unsigned_too, err)
               : CRET_FAILED;
}

/* What differs between the files; of one whose end was written over, it is the one signature. */
static enum cret_status compare(struct judging *judging, struct cret_err *err)
{
    if (judging->job->from == judging->fd) {
        judging->fresh = judging->made->pairs;
        return judging->made->pair_count == 1 && judging->job->adds ? CRET_OK : changed(err);
    }
    return read_one(&judging->old, judging->job->from, true, err) == CRET_OK &&
                   compare_pairs(judging, err) == CRET_OK
               ? compare_members(judging, err)
               : CRET_FAILED;
}

static enum cret_status judge(void *context, struct cret_apart_told *told, struct cret_err *err)
{
    struct judging *judging = context;
    struct cret_cms *cms = NULL;
    enum cret_status status = CRET_FAILED;
    if (read_one(&judging->made, judging->fd, false, err) == CRET_OK &&
        compare(judging, err) == CRET_OK && check_own(judging, err) == CRET_OK &&
        cret_cades_parse(&cms, judging->fresh->signature, judging->fresh->signature_size, false,
                         err) == CRET_OK &&
        (judging->before == NULL || check_stamped(judging, cms, err) == CRET_OK)) {
        status = check_fresh(judging, cms, told, err);
    }
    cret_cms_free(&cms);
    cret_package_free(&judging->made);
    cret_package_free(&judging->old);
    return status;
}

static enum cret_status have_judged(struct judging *judging, struct cret_err *err)
{
    const struct cret_repackage *job = judging->job;
    const int kept[] = {job->from, judging->fd};
    struct cret_apart_told told = {.findings = cret_findings_new()};
    const struct cret_apart_job apart = {.read = judge,
                                         .context = judging,
                                         .bounds = {.kept = kept,
                                                    .kept_count = CRET_LENGTH(kept),
                                                    .reads_below = -1,
                                                    .writes_below = -1,
                                                    .allow_unconfined = job->allow_unconfined},
                                         .progress = job->work->progress,
                                         .progress_context = job->work->context};
    enum cret_status status =
        told.findings != NULL ? cret_apart_run(&told, &apart, err) : cret_err_memory(err);
    if (status == CRET_OK && (told.json != NULL || cret_findings_count(told.findings) > 0)) {
        status = cret_apart_malformed(err);
    }
    cret_apart_clear(&told);
    cret_findings_free(&told.findings);
    return status;
}

enum cret_status cret_repackage(struct cret_output *output, const struct cret_apart_told *told,
                                const struct cret_repackage *job, struct cret_err *err)
{
    struct judging judging = {.job = job, .fd = cret_output_fd(output)};
    struct cret_zip_edit edit = {.kept = 0};
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, job->from, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!take_edit(&edit, told, info.size)) {
        return cret_apart_malformed(err);
    }
    return write_file(judging.fd, job, &edit, told, err) == CRET_OK ? have_judged(&judging, err)
                                                                    : CRET_FAILED;
}
