/* SPDX-License-Identifier: Apache-2.0 */
/* The three who make an archive with other signatures: who reads, who writes, who judges. */
#include "signer/archive/refront.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "container/member.h"
#include "container/ustar.h"
#include "signer/archive/selfcheck.h"

#define NAME_DIGITS 16u

void cret_refront_clear(struct cret_refront *refront)
{
    free(refront->manifest);
    memset(refront, 0, sizeof(*refront));
}

/* Who reads. */

static int compare_names(const void *left, const void *right)
{
    const struct cret_signature *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* The place of a name among signatures; their number: it is not there. A member's name is made from
 * its key, so that the same name is the same key. */
static size_t place_of(const struct cret_signature *members, size_t count, const char *name)
{
    size_t at = 0;
    while (at < count && strcmp(members[at].name, name) != 0) {
        at++;
    }
    return at;
}

static bool is_added(const struct cret_addition *additions, size_t count, const uint8_t *der)
{
    bool added = false;
    for (size_t i = 0; i < count; i++) {
        added = added || additions[i].der == der;
    }
    return added;
}

enum cret_status cret_refront_tell(struct cret_apart_told *told,
                                   const struct cret_existing *existing,
                                   const struct cret_addition *additions, size_t count,
                                   struct cret_err *err)
{
    const struct cret_front *front = existing->front;
    struct cret_signature members[2 * CRET_LIMIT_SIGNATURES]; /* data is borrowed */
    struct cret_buffer bytes = {0};
    size_t total = front->signature_count;
    memcpy(members, front->signatures, total * sizeof(*members));
    for (size_t i = 0; i < count; i++) {
        char name[NAME_DIGITS + 1];
        cret_cms_member_name(additions[i].cms, name);
        const size_t place = place_of(members, total, name);
        total += place == total ? 1u : 0u;
        memcpy(members[place].name, name, sizeof(name));
        members[place].data = additions[i].der;
        members[place].size = additions[i].size;
    }
    if (total > CRET_LIMIT_SIGNATURES) {
        return cret_err_usage(err, "the archive would hold %zu signatures, and no more than %u fit",
                              total, CRET_LIMIT_SIGNATURES);
    }
    qsort(members, total, sizeof(*members), compare_names);
    struct cret_build json = cret_build_object(), list = cret_build_list();
    for (size_t i = 0; i < total; i++) {
        cret_buffer_append(&bytes, members[i].data, members[i].size);
        cret_build_add(&list, json_pack("{s:s, s:I, s:b}", "name", members[i].name, "size",
                                        (json_int_t)members[i].size, "new",
                                        (int)is_added(additions, count, members[i].data)));
    }
    cret_build_sha256(&json, "identity", existing->manifest->identity);
    cret_build_integer(&json, "manifest", (int64_t)front->manifest_size);
    cret_build_integer(&json, "seconds", front->seconds);
    cret_build_integer(&json, "end", (int64_t)front->end);
    cret_build_put(&json, "signatures", cret_build_end(&list));
    json_t *built = cret_build_end(&json);
    if (built == NULL || bytes.failed || json_object_set_new(told->json, "front", built) != 0) {
        cret_buffer_free(&bytes);
        return cret_err_memory(err);
    }
    told->files[0].data = bytes.data;
    told->files[0].size = bytes.size;
    return CRET_OK;
}

/* Who writes. */

static bool take_members(struct cret_refront *refront, const struct cret_apart_told *told)
{
    const json_t *list = cret_json_get(told->json, "front.signatures");
    size_t at = 0;
    if (json_array_size(list) > CRET_LIMIT_SIGNATURES || told->files[0].data == NULL) {
        return false;
    }
    CRET_JSON_EACH (one, list) {
        struct cret_signature *member = &refront->members[refront->count];
        const char *name = cret_json_string(one, "name");
        const int64_t size = cret_json_integer(one, "size", 0);
        if (name == NULL || strspn(name, "0123456789abcdef") != NAME_DIGITS ||
            name[NAME_DIGITS] != '\0' || size < 1 || size > CRET_LIMIT_SIGNATURE_BYTES ||
            (size_t)size > told->files[0].size - at ||
            (refront->count > 0 && strcmp(member[-1].name, name) >= 0)) {
            return false;
        }
        memcpy(member->name, name, NAME_DIGITS + 1);
        member->data = (uint8_t *)told->files[0].data + at;
        member->size = (size_t)size;
        at += (size_t)size;
        refront->fresh[refront->count] = cret_json_boolean(one, "new", false);
        refront->fresh_count += refront->fresh[refront->count] ? 1u : 0u;
        refront->count++;
    }
    return at == told->files[0].size;
}

static bool take_numbers(struct cret_refront *refront, const struct cret_apart_told *told,
                         uint64_t size)
{
    const char *identity = cret_json_string(told->json, "front.identity");
    const int64_t manifest = cret_json_integer(told->json, "front.manifest", 0);
    const int64_t end = cret_json_integer(told->json, "front.end", 0);
    refront->seconds = cret_json_integer(told->json, "front.seconds", -1);
    if (identity == NULL || cret_sha256_read(refront->identity, identity) != CRET_OK ||
        manifest < 1 || manifest > CRET_LIMIT_MANIFEST_BYTES || refront->seconds < 0 ||
        end % CRET_BLOCK != 0 || end < CRET_BLOCK + manifest || size < CRET_MEMBER_END ||
        (uint64_t)end > size - CRET_MEMBER_END) {
        return false;
    }
    refront->manifest_size = (size_t)manifest;
    refront->end = (uint64_t)end;
    return true;
}

/* The manifest as it lies in the file: the first member, behind its header. */
static enum cret_status read_manifest(struct cret_refront *refront, int fd, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    size_t got = 0;
    refront->manifest = malloc(refront->manifest_size);
    if (refront->manifest == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_pread(fd, refront->manifest, refront->manifest_size, CRET_BLOCK, &got, err) !=
            CRET_OK ||
        cret_sha256(digest, refront->manifest, got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got != refront->manifest_size || memcmp(digest, refront->identity, sizeof(digest)) != 0) {
        return cret_err_undecided(err, "the archive changed while it was examined");
    }
    return CRET_OK;
}

enum cret_status cret_refront_take(struct cret_refront *ret_refront,
                                   const struct cret_apart_told *told,
                                   const struct cret_existing *existing, size_t asked,
                                   struct cret_err *err)
{
    struct cret_refront refront = {.count = 0};
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, existing->fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!take_members(&refront, told) || !take_numbers(&refront, told, info.size) ||
        refront.fresh_count != asked) {
        return cret_apart_malformed(err);
    }
    if (read_manifest(&refront, existing->fd, err) != CRET_OK) {
        cret_refront_clear(&refront);
        return CRET_FAILED;
    }
    *ret_refront = refront;
    return CRET_OK;
}

static enum cret_status write_file(const struct cret_refront *refront, int from, int to,
                                   struct cret_err *err)
{
    const struct cret_front front = {.manifest = refront->manifest,
                                     .manifest_size = refront->manifest_size,
                                     .seconds = refront->seconds,
                                     .signatures = (struct cret_signature *)refront->members,
                                     .signature_count = refront->count};
    struct cret_file_info info;
    uint64_t size = 0;
    if (cret_os_stat_fd(&info, from, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (info.size < refront->end + CRET_MEMBER_END) {
        return cret_err_undecided(err, "the archive changed while it was examined");
    }
    const uint64_t payload = info.size - CRET_MEMBER_END - refront->end;
    const uint64_t start =
        cret_layout_front_size(front.manifest_size, front.signatures, front.signature_count);
    if (cret_os_reserve(to, start + payload + CRET_MEMBER_END, err) != CRET_OK ||
        cret_front_write(to, &front, &size, err) != CRET_OK ||
        /* The bytes between the fronts and the ends of both files are the same. */
        cret_os_copy(from, refront->end, to, start, payload, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_archive_end(to, start + payload, err);
}

/* Who judges. */

struct judging {
    const struct cret_refront *refront;
    struct cret_existing *old;
    const struct cret_existing_work *work;
    int fd; /* of the new file */
};

/* What was not to change has not, and what is new was told. */
static enum cret_status compare(const struct judging *judging, const struct cret_existing *made,
                                struct cret_err *err)
{
    const struct cret_front *old = judging->old->front, *new = made->front;
    bool same = new->signature_count == judging->refront->count;
    for (size_t i = 0; i < old->signature_count; i++) {
        same = same && place_of(new->signatures, new->signature_count, old->signatures[i].name) <
                           new->signature_count;
    }
    for (size_t i = 0; same && i < new->signature_count; i++) {
        const struct cret_signature *one = &new->signatures[i];
        const size_t at = place_of(old->signatures, old->signature_count, one->name);
        same = judging->refront->fresh[i] ||
               (at < old->signature_count && one->size == old->signatures[at].size &&
                memcmp(one->data, old->signatures[at].data, one->size) == 0);
    }
    return same ? CRET_OK
                : cret_err_undecided(err, "the finished archive does not hold the signatures that "
                                          "were there");
}

static enum cret_status check_new(const struct judging *judging, const struct cret_existing *made,
                                  struct cret_apart_told *told, struct cret_err *err)
{
    bool first = true;
    for (size_t i = 0; i < made->gate.signature_count; i++) {
        const struct cret_selfcheck check = {
            .fd = judging->fd,
            .certificate = cret_cms_signer(made->gate.signatures[i].cms),
            .manifest = judging->old->manifest,
            /* The payload is read once; each signature is judged over the front. */
            .detached = judging->old->detached || !first,
            .payload_directory = first ? judging->work->payload_directory : -1,
            .any_meaning = true,
            .allow_example_keys = judging->work->allow_example_keys,
            .jobs = judging->work->jobs,
            .hash = judging->work->hash,
            .progress = cret_apart_progress,
            .context = told,
        };
        if (!judging->refront->fresh[i]) {
            continue;
        }
        if (cret_selfcheck(&check, err) != CRET_OK) {
            return CRET_FAILED;
        }
        first = false;
    }
    return first ? cret_err_undecided(err, "nothing was signed") : CRET_OK;
}

static enum cret_status judge(void *context, struct cret_apart_told *told, struct cret_err *err)
{
    const struct judging *judging = context;
    struct cret_existing *made = NULL;
    struct cret_err before = {0};
    enum cret_status status = CRET_FAILED;
    if (cret_existing_read(judging->old, err) == CRET_OK &&
        cret_existing_from_fd(&made, judging->fd, err) == CRET_OK &&
        compare(judging, made, err) == CRET_OK) {
        status = check_new(judging, made, told, err);
    }
    if (status != CRET_OK && judging->old->manifest != NULL && !judging->old->detached &&
        cret_existing_verify(judging->old, judging->work, &before) != CRET_OK) {
        *err = before; /* the fault is the old one's */
    }
    cret_existing_free(&made);
    return status;
}

static enum cret_status have_judged(const struct cret_refront *refront,
                                    struct cret_existing *existing, int fd,
                                    const struct cret_existing_work *work, bool allow_unconfined,
                                    struct cret_err *err)
{
    struct judging judging = {.refront = refront, .old = existing, .work = work, .fd = fd};
    const int kept[] = {existing->fd, fd};
    struct cret_apart_told told = {.findings = cret_findings_new()};
    const struct cret_apart_job job = {.read = judge,
                                       .context = &judging,
                                       .bounds = {.kept = kept,
                                                  .kept_count = CRET_LENGTH(kept),
                                                  .reads_below = work->payload_directory,
                                                  .writes_below = -1,
                                                  .allow_unconfined = allow_unconfined},
                                       .progress = work->progress,
                                       .progress_context = work->context};
    enum cret_status status =
        told.findings != NULL ? cret_apart_run(&told, &job, err) : cret_err_memory(err);
    if (status == CRET_OK && (told.json != NULL || cret_findings_count(told.findings) > 0)) {
        status = cret_apart_malformed(err);
    }
    cret_apart_clear(&told);
    cret_findings_free(&told.findings);
    return status;
}

enum cret_status cret_refront_publish(const struct cret_refront *refront,
                                      struct cret_existing *existing,
                                      const struct cret_existing_work *work, bool allow_unconfined,
                                      struct cret_err *err)
{
    struct cret_output *output = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_output_open_over(&output, existing->held, err) == CRET_OK &&
        write_file(refront, existing->fd, cret_output_fd(output), err) == CRET_OK) {
        status =
            have_judged(refront, existing, cret_output_fd(output), work, allow_unconfined, err);
        /* What somebody writes into it meanwhile is no fault of the archive. */
        if (status != CRET_OK && err != NULL && err->class == CRET_ERR_REFUSED) {
            struct cret_err changed = {0};
            if (cret_held_same(existing->held, &changed) != CRET_OK) {
                *err = changed;
            }
        }
    }
    if (status == CRET_OK) {
        status = cret_output_commit(&output, err);
    }
    cret_output_discard(&output);
    return status;
}
