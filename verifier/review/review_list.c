/* SPDX-License-Identifier: Apache-2.0 */
/* Which releases are reviewed, and where their archives lie. */
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "evidence/journal/journal.h"
#include "verifier/child/child.h"
#include "verifier/review/below.h"
#include "verifier/review/review.h"
#include "verifier/review/said.h"

/* What every archive of ours begins with. */
static const char first_member[] = "MANIFEST.json";

void cret_review_clear(struct cret_review *review)
{
    for (size_t i = 0; i < review->count; i++) {
        json_decref(review->list[i].release);
        json_decref(review->list[i].then);
        json_decref(review->list[i].before);
        json_decref(review->list[i].reasons);
        free(review->list[i].archive);
        free(review->list[i].why);
    }
    free(review->list);
    *review = (struct cret_review){0};
}

static struct cret_reviewed *find(struct cret_review *review, const uint8_t *identity)
{
    for (size_t i = 0; i < review->count; i++) {
        if (review->list[i].has_identity &&
            memcmp(review->list[i].identity, identity, CRET_SHA256_BYTES) == 0) {
            return &review->list[i];
        }
    }
    return NULL;
}

/* A release without anything; identity NULL: not known. NULL: memory. */
static struct cret_reviewed *add(struct cret_review *review, const uint8_t *identity,
                                 struct cret_err *err)
{
    if (review->count == review->capacity) {
        const size_t capacity = review->capacity > 0 ? 2 * review->capacity : 64;
        struct cret_reviewed *grown = reallocarray(review->list, capacity, sizeof(*grown));
        if (grown == NULL) {
            cret_err_memory(err);
            return NULL;
        }
        review->list = grown;
        review->capacity = capacity;
    }
    struct cret_reviewed *one = &review->list[review->count];
    *one = (struct cret_reviewed){.now = CRET_REVIEW_NOT, .reasons = json_array()};
    if (one->reasons == NULL) {
        cret_err_memory(err);
        return NULL;
    }
    if (identity != NULL) {
        one->has_identity = true;
        memcpy(one->identity, identity, CRET_SHA256_BYTES);
    }
    review->count++;
    return one;
}

static json_t *then_of(const struct cret_journal_entry *run)
{
    struct cret_build json = cret_build_object();
    cret_build_integer(&json, "line", run->number);
    cret_build_time(&json, "time", run->time);
    cret_build_string(&json, "verdict", cret_verdict_name(run->verdict));
    cret_build_string(&json, "asset", run->asset);
    return cret_build_end(&json);
}

static json_t *release_of(const struct cret_journal_entry *run)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "vendor", run->vendor);
    cret_build_string(&json, "product", run->product);
    cret_build_string(&json, "version", run->version);
    if (run->sequence.given) {
        cret_build_integer(&json, "sequence", run->sequence.value);
    }
    return cret_build_end(&json);
}

static enum cret_status add_run(void *context, const struct cret_journal_entry *run,
                                const json_t *record, struct cret_err *err)
{
    struct cret_review *review = context;
    if (!run->has_identity || find(review, run->identity) != NULL) {
        return CRET_OK;
    }
    struct cret_reviewed *one = add(review, run->identity, err);
    if (one == NULL) {
        return CRET_FAILED;
    }
    one->then = then_of(run);
    one->release = release_of(run);
    one->before = json_incref(json_object_get(json_object_get(record, "result"), "checks"));
    one->no_record = one->before == NULL;
    return one->then != NULL && one->release != NULL ? CRET_OK : cret_err_memory(err);
}

/* Lines that say accepted, and are none of the releases above: as of another time, with example
 * keys, not finished. */
static void count_lines(struct cret_review *review, const struct cret_journal *journal)
{
    for (const struct cret_journal *one = journal; one != NULL; one = cret_journal_earlier(one)) {
        for (size_t i = 0; i < cret_journal_count(one); i++) {
            const struct cret_journal_entry *run = cret_journal_at(one, i);
            const bool counts = cret_journal_accepted(run) && run->has_identity &&
                                run->has_record && run->vendor != NULL;
            if (run->kind == CRET_JOURNAL_RUN && cret_verdict_exit_code(run->verdict) == 0 &&
                !counts) {
                review->uncounted++;
            }
        }
    }
}

/* Every vendor's, in the order of their first lines. */
static enum cret_status add_vendors(struct cret_review *review, const struct cret_journal *journal,
                                    struct cret_err *err)
{
    static const uint8_t nobody[CRET_SHA256_BYTES];
    json_t *seen = json_object();
    enum cret_status status = seen != NULL ? CRET_OK : cret_err_memory(err);
    for (const struct cret_journal *one = journal; one != NULL && status == CRET_OK;
         one = cret_journal_earlier(one)) {
        for (size_t i = 0; i < cret_journal_count(one) && status == CRET_OK; i++) {
            const char *vendor = cret_journal_at(one, i)->vendor;
            if (vendor == NULL || json_object_get(seen, vendor) != NULL) {
                continue;
            }
            status = json_object_set_new(seen, vendor, json_true()) == 0
                         ? cret_journal_each_release(journal, vendor, nobody, add_run, review, err)
                         : cret_err_memory(err);
        }
    }
    json_decref(seen);
    return status;
}

enum cret_status cret_review_journal(struct cret_review *review, const char *folder,
                                     struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    if (cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = add_vendors(review, journal, err);
    count_lines(review, journal);
    cret_journal_free(&journal);
    return status;
}

/* Which release an archive says that it is. NULL: none that could be read, or memory, which is a
 * fault. */
static struct cret_outcome *identify(const struct cret_review *review, int fd)
{
    struct cret_child_job job = {.archive_fd = fd,
                                 .unverified = true,
                                 .extract_directory = -1,
                                 .allow_unconfined = review->session->allow_unconfined};
    job.request.payload_directory = -1;
    struct cret_outcome *outcome = cret_child_run(&job);
    if (outcome != NULL && (outcome->verdict != CRET_VERDICT_PARTIAL || !outcome->has_identity)) {
        cret_outcome_free(&outcome);
    }
    return outcome;
}

/* The archive of a release that is reviewed: the first that says that it is that one. */
static enum cret_status take(struct cret_review *review, const struct cret_outcome *outcome,
                             const char *path, struct cret_err *err)
{
    struct cret_reviewed *one =
        outcome != NULL && outcome->has_identity ? find(review, outcome->identity) : NULL;
    if (one == NULL || one->archive != NULL) {
        return CRET_OK;
    }
    one->archive = strdup(path);
    return one->archive != NULL ? CRET_OK : cret_err_memory(err);
}

/* A file of its own, whatever else says that it is the same release; outcome NULL: it does not say
 * which one. why: it cannot be looked at, or NULL. */
static enum cret_status take_file(struct cret_review *review, const struct cret_outcome *outcome,
                                  const char *path, const char *why, struct cret_err *err)
{
    struct cret_reviewed *one = add(review, outcome != NULL ? outcome->identity : NULL, err);
    if (one == NULL) {
        return CRET_FAILED;
    }
    one->archive = strdup(path);
    one->why = why != NULL ? strdup(why) : NULL;
    one->release = outcome != NULL ? cret_said_release(outcome->document) : NULL;
    return one->archive != NULL && (why == NULL || one->why != NULL) ? CRET_OK
                                                                     : cret_err_memory(err);
}

static bool is_tar(const char *name)
{
    const size_t length = strlen(name), end = strlen(".tar");
    return length >= end && strcmp(name + length - end, ".tar") == 0;
}

/* Whether a file begins as an archive does. */
static enum cret_status begins(int fd, bool *ret_archive, struct cret_err *err)
{
    char start[sizeof(first_member)];
    size_t got = 0;
    if (!cret_os_seekable(fd)) {
        return cret_err_undecided(err, "it is no regular file");
    }
    if (cret_os_pread(fd, start, sizeof(start), 0, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_archive = got == sizeof(start) && memcmp(start, first_member, sizeof(start)) == 0;
    return CRET_OK;
}

static enum cret_status look_at(struct cret_review *review, int folder_fd, const char *path,
                                const char *name, bool all, struct cret_err *err)
{
    struct cret_err why = {0};
    struct cret_outcome *outcome = NULL;
    bool archive = false;
    int fd = -1;
    const bool seen = cret_os_open_read_beneath(&fd, folder_fd, name, &why) == CRET_OK &&
                      begins(fd, &archive, &why) == CRET_OK;
    if (archive) {
        outcome = identify(review, fd);
    }
    cret_os_close(&fd);
    enum cret_status status = cret_err_fault(err);
    if (status == CRET_OK && !all) {
        status = take(review, outcome, path, err); /* else its release is not found: said there */
    } else if (status == CRET_OK && (!seen || archive || is_tar(name))) {
        status = take_file(review, outcome, path, seen ? NULL : why.what, err);
    }
    cret_outcome_free(&outcome);
    return status;
}

static enum cret_status look_at_entry(struct cret_review *review, int folder_fd, const char *folder,
                                      const struct cret_below_entry *entry, bool all,
                                      struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    char *path = cret_text_printf("%s/%s", folder, entry->path);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (entry->why != NULL) {
        status = all ? take_file(review, NULL, path, entry->why, err) : CRET_OK;
    } else if (entry->kind == CRET_KIND_REGULAR) {
        status = look_at(review, folder_fd, path, entry->path, all, err);
    } else if (all && entry->kind != CRET_KIND_DIRECTORY && is_tar(entry->path)) {
        status =
            take_file(review, NULL, path, "it is no regular file, and no link is followed", err);
    }
    free(path);
    return status;
}

enum cret_status cret_review_folder(struct cret_review *review, const char *folder, bool all,
                                    struct cret_err *err)
{
    struct cret_below below = {0};
    int fd = -1;
    if (cret_os_open_directory(&fd, folder, err) != CRET_OK) {
        return cret_err_expected(err, "a folder with archives, or that of a journal");
    }
    enum cret_status status = cret_below_list(&below, fd, err);
    for (size_t i = 0; i < below.count && status == CRET_OK; i++) {
        status = look_at_entry(review, fd, folder, &below.entries[i], all, err);
    }
    cret_below_clear(&below);
    cret_os_close(&fd);
    return status;
}

static enum cret_status on_source(void *context, const struct cret_catalogue_source *source,
                                  struct cret_err *err)
{
    struct cret_review *review = context;
    struct cret_reviewed *one = source->has_identity && strcmp(source->kind, "archive") == 0
                                    ? find(review, source->identity)
                                    : NULL;
    struct cret_file_info info;
    struct cret_err ignored = {0};
    bool exists = false;
    /* The catalogue says where to look; what lies there is verified, and must be that release. */
    if (one == NULL || one->archive != NULL ||
        cret_os_stat_path(&info, &exists, source->path, &ignored) != CRET_OK || !exists) {
        return CRET_OK;
    }
    one->archive = strdup(source->path);
    return one->archive != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_review_catalogue(struct cret_review *review, struct cret_catalogue *catalogue,
                                       struct cret_err *err)
{
    return cret_catalogue_sources(catalogue, on_source, review, err);
}
