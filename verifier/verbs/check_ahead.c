/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are read at the same time, and with how many threads each. */
#include "verifier/verbs/check_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "verifier/evidence/tpm_cross.h"
#include "verifier/verbs/check_seal.h"

enum {
    PLACES = 64,          /* files begun and not yet told: bounds descriptors and memory */
    PLACES_PER_THREAD = 4 /* a slow one in front does not leave the others idle */
};
#define SMALL_BYTES ((uint64_t)4 << 20) /* no second thread would have work in it */

struct cret_check_ahead {
    const struct cret_options *options;
    const struct cret_session *session;
    struct cret_evidence *evidence;
    const struct cret_targets *targets;
    bool shows;
    size_t places;        /* of the ring; 1: one file after the other */
    size_t current, next; /* the one whose turn it is; the first that was not begun */
    struct cret_check_target ring[];
};

static struct cret_check_target *place_of(struct cret_check_ahead *ahead, size_t number)
{
    return &ahead->ring[number % ahead->places];
}

/* Standard input is read from where the one before left it: nothing is read beside it. */
static bool one_by_one(const struct cret_check_ahead *ahead)
{
    for (size_t i = 0; i < ahead->targets->count; i++) {
        if (strcmp(ahead->targets->names[i], "-") == 0) {
            return true;
        }
    }
    return ahead->targets->count < 2 || ahead->session->request.jobs < 2;
}

static size_t places_wanted(const struct cret_check_ahead *ahead)
{
    const size_t wanted = (size_t)ahead->session->request.jobs * PLACES_PER_THREAD;
    const size_t most = wanted < PLACES ? wanted : PLACES;
    return most < ahead->targets->count ? most : ahead->targets->count;
}

struct cret_check_ahead *cret_check_ahead_new(const struct cret_options *options,
                                              const struct cret_session *session,
                                              struct cret_evidence *evidence,
                                              const struct cret_targets *targets)
{
    struct cret_check_ahead *ahead =
        calloc(1, sizeof(*ahead) + PLACES * sizeof(struct cret_check_target));
    if (ahead == NULL) {
        return NULL;
    }
    ahead->options = options;
    ahead->session = session;
    ahead->evidence = evidence;
    ahead->targets = targets;
    ahead->shows = cret_progress_wanted(cret_options_given(options, "quiet"));
    ahead->places = one_by_one(ahead) ? 1 : places_wanted(ahead);
    return ahead;
}

void cret_check_ahead_free(struct cret_check_ahead **ahead)
{
    if (ahead == NULL || *ahead == NULL) {
        return;
    }
    for (; (*ahead)->current < (*ahead)->next; (*ahead)->current++) {
        cret_check_target_clear(place_of(*ahead, (*ahead)->current), CRET_ERR_UNDECIDED);
    }
    free(*ahead);
    *ahead = NULL;
}

static void begin_ahead(struct cret_check_ahead *ahead);

/* A large file tells how far it is: time to show it, and to see what else can be begun. */
static void went_on(void *context, uint64_t done, uint64_t total)
{
    struct cret_check_target *target = context;
    struct cret_check_ahead *ahead = target->ahead;
    if (ahead->shows) {
        cret_progress_show(&target->progress, done, total);
    }
    begin_ahead(ahead);
}

/* A large file gets what there is for each of those that are left, but at least two threads: one
 * hashes it as a whole, the other its tree. */
static unsigned threads_for(const struct cret_check_ahead *ahead,
                            const struct cret_check_target *target, size_t number)
{
    const unsigned all = ahead->session->request.jobs;
    const size_t left = ahead->targets->count - number;
    if (ahead->places == 1 || all < 2) {
        return all;
    }
    if (target->size > 0 && target->size <= SMALL_BYTES) {
        return 1;
    }
    const size_t share = (all + left - 1) / left;
    return share < 2 ? 2 : (unsigned)share;
}

static struct cret_child_job job_of(struct cret_check_ahead *ahead,
                                    struct cret_check_target *target, size_t number)
{
    const struct cret_options *options = ahead->options;
    struct cret_child_job job = {
        .archive_fd = target->fd,
        .request = ahead->session->request,
        .want_files = target->record_path != NULL || target->report_path != NULL ||
                      cret_options_given(options, "json") ||
                      cret_evidence_journal(ahead->evidence) != NULL,
        .want_cross_checks = cret_guard_cross_checks(ahead->session->guard),
        .want_archive_digest = cret_options_given(options, "archive-digest"),
        .name = cret_path_name(target->name),
        .foreign = target->destination == NULL,
        .sides = target->sides,
        .side_count = target->side_count,
        .extract_directory = target->directory,
        .allow_unconfined = ahead->session->allow_unconfined,
        .portable_names = cret_options_given(options, "portable-names"),
        .delivers = target->deliver_fd >= 0,
        .deliver_fd = target->deliver_fd,
        .forget = cret_evidence_forget,
        .secrets = ahead->evidence,
        .progress = went_on,
        .context = target};
    job.request.seal =
        cret_check_seal_of(ahead->session, target->seal_path, target->seal, target->seal_size);
    target->threads = job.request.jobs = threads_for(ahead, target, number);
    return job;
}

static enum cret_status prepare(struct cret_check_ahead *ahead, size_t number, struct cret_err *err)
{
    struct cret_check_target *target = place_of(ahead, number);
    *target = cret_check_target_of(ahead->targets->names[number], ahead->options);
    target->several = ahead->targets->several;
    target->session = ahead->session;
    target->evidence = ahead->evidence;
    target->ahead = ahead;
    return cret_check_prepare(target, err);
}

/* What runs at once is counted in halves of threads: while the result of a small file is told,
 * the next one is read. */
static bool has_room(struct cret_check_ahead *ahead, unsigned threads)
{
    unsigned halves = threads == 1 ? 1 : 2 * threads;
    for (size_t i = ahead->current; i < ahead->next; i++) {
        const struct cret_check_target *other = place_of(ahead, i);
        if (other->child != NULL && !cret_child_ended(other->child)) {
            halves += other->threads == 1 ? 1 : 2 * other->threads;
        }
    }
    return halves <= 2 * ahead->session->request.jobs;
}

/* What is no file (a pipe, a device) may keep waiting whoever opens it: not before its turn. */
static bool is_file(const char *name)
{
    struct cret_file_info info;
    struct cret_err ignored = {0};
    bool exists = false;
    return cret_os_stat_path(&info, &exists, name, &ignored) == CRET_OK && exists &&
           info.kind == CRET_KIND_REGULAR;
}

/* Begins the next file where there is room for it. What fails here is tried once more when its turn
 * comes, and told then. */
static bool begin_next(struct cret_check_ahead *ahead)
{
    struct cret_check_target *target = place_of(ahead, ahead->next);
    struct cret_err ignored = {0};
    bool begun = false;
    if (has_room(ahead, 1) && is_file(ahead->targets->names[ahead->next]) &&
        prepare(ahead, ahead->next, &ignored) == CRET_OK) {
        struct cret_child_job job = job_of(ahead, target, ahead->next);
        begun = has_room(ahead, target->threads) &&
                cret_child_start(&target->child, &job, &ignored) == CRET_OK;
    }
    if (begun) {
        ahead->next++;
    } else {
        cret_check_target_clear(target, CRET_ERR_UNDECIDED);
    }
    return begun;
}

static void begin_ahead(struct cret_check_ahead *ahead)
{
    while (ahead->places > 1 && ahead->next < ahead->targets->count &&
           ahead->next < ahead->current + ahead->places && begin_next(ahead)) {
    }
}

/* Begins the one whose turn it is, whatever else runs: nothing does. */
static struct cret_outcome *begin_now(struct cret_check_ahead *ahead,
                                      struct cret_check_target *target, struct cret_err *err)
{
    struct cret_child_job job = job_of(ahead, target, ahead->current);
    return cret_child_start(&target->child, &job, err) == CRET_OK ? NULL : cret_child_none(err);
}

static struct cret_outcome *finish(struct cret_check_ahead *ahead, struct cret_check_target *target)
{
    char *label = cret_text_escape(target->name);
    target->progress = (struct cret_progress){.label = label != NULL ? label : "",
                                              .start = cret_os_monotonic_ms()};
    begin_ahead(ahead);
    struct cret_outcome *outcome = cret_child_finish(&target->child);
    cret_progress_end(&target->progress);
    free(label);
    return outcome;
}

struct cret_outcome *cret_check_ahead_take(struct cret_check_ahead *ahead,
                                           struct cret_check_target **ret_target,
                                           struct cret_err *err)
{
    struct cret_check_target *target = place_of(ahead, ahead->current);
    const bool begun = ahead->next > ahead->current;
    struct cret_outcome *outcome = NULL;
    enum cret_status status =
        begun ? cret_check_still(target, err) : prepare(ahead, ahead->current, err);
    ahead->next += begun ? 0 : 1;
    if (status == CRET_OK) {
        outcome = begun ? NULL : begin_now(ahead, target, err);
    }
    if (status == CRET_OK && target->child != NULL) {
        outcome = finish(ahead, target);
    }
    if (status == CRET_OK && outcome == NULL) {
        cret_err_memory(err);
    }
    ahead->current++;
    *ret_target = target;
    return outcome;
}
