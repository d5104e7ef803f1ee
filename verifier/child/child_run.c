/* SPDX-License-Identifier: Apache-2.0 */
/* The parent's side: starting the child that reads an archive, and taking what it says. */
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/process.h"
#include "release/nested/nested.h"
#include "verifier/child/child_internal.h"
#include "verifier/child/waiver_files.h"

struct cret_child {
    struct cret_process *process;
    struct cret_child_job job;
    bool nested; /* it has what reads archives in the archive */
};

struct cret_outcome *cret_child_none(const struct cret_err *err)
{
    struct cret_outcome *outcome = calloc(1, sizeof(*outcome));
    if (outcome != NULL) {
        outcome->findings = cret_findings_new();
        cret_outcome_undecide(outcome, err);
        if (outcome->findings == NULL) {
            cret_outcome_free(&outcome);
        }
    }
    return outcome;
}

static int run_child(void *context, int in, int out)
{
    const struct cret_child *child = context;
    cret_os_close(&in); /* it takes no orders */
    return cret_child_read(&child->job, out);
}

/* What it must not have goes, and what it could not get any more comes. */
static void prepare(void *context)
{
    const struct cret_child *child = context;
    if (child->job.forget != NULL) {
        child->job.forget(child->job.secrets);
    }
    if (child->nested) {
        cret_nested_prepare();
    }
}

/* A small file is read again where it turns out that archives in it must be; of any other the child
 * has what reads them from the start. */
static bool is_small(const struct cret_child_job *job)
{
    struct cret_file_info info;
    return cret_os_stat_fd(&info, job->archive_fd, NULL) == CRET_OK &&
           info.kind == CRET_KIND_REGULAR && info.size <= CRET_LIMIT_TWICE_BYTES;
}

static enum cret_status start(struct cret_child *child, bool nested, struct cret_err *err)
{
    const struct cret_child_job *job = &child->job;
    const int kept[] = {job->archive_fd, job->delivers ? job->deliver_fd : -1};
    const struct cret_process_work work = {
        .before = prepare,
        .run = run_child,
        .context = child,
        .bounds = {.kept = kept,
                   .kept_count = CRET_LENGTH(kept),
                   .reads_below = job->request.payload_directory,
                   .writes_below = job->extract_directory,
                   .allow_unconfined = job->allow_unconfined},
    };
    child->nested = nested;
    return cret_process_begin(&child->process, &work, err);
}

enum cret_status cret_child_start(struct cret_child **ret_child, const struct cret_child_job *job,
                                  struct cret_err *err)
{
    struct cret_child *child = calloc(1, sizeof(*child));
    if (child == NULL) {
        return cret_err_memory(err);
    }
    child->job = *job;
    cret_os_widen_pipe(job->archive_fd); /* the child may change no descriptor any more */
    const bool nested =
        job->want_contents || job->extract_directory >= 0 || job->delivers || !is_small(job);
    if (start(child, nested, err) != CRET_OK) {
        free(child);
        return CRET_FAILED;
    }
    *ret_child = child;
    return CRET_OK;
}

bool cret_child_ended(const struct cret_child *child)
{
    return cret_os_hung_up(cret_process_results(child->process));
}

/* A run that went on without stands beside its reasons. */
static void tell_unconfined(struct cret_outcome *outcome,
                            const struct cret_inspect_request *request)
{
    if (outcome == NULL || outcome->confined.missing[0] == '\0') {
        return;
    }
    const enum cret_result result = request->policy != NULL
                                        ? cret_inspect_result(request, CRET_CHECK_RUN_CONFINEMENT)
                                        : CRET_RESULT_WARN;
    cret_findings_add(outcome->findings, CRET_CHECK_RUN_CONFINEMENT, result,
                      (struct cret_finding_text){.actual = outcome->confined.missing},
                      "the process that read the archive was not confined: this machine lacks %s",
                      outcome->confined.missing);
    cret_outcome_conclude(outcome);
}

/* Waits, and takes what it says. */
static struct cret_outcome *receive(struct cret_child *child)
{
    const struct cret_child_job *job = &child->job;
    struct cret_err err = {0};
    struct cret_required required = {{false}};
    if (cret_process_await(&child->process, &err) != CRET_OK) {
        return cret_child_none(&err);
    }
    if (!job->unverified) {
        cret_required_core(&required);
        cret_required_policy(&required, job->request.policy);
    }
    const struct cret_expectation expectation = {.required = &required,
                                                 .partial = job->request.partial || job->unverified,
                                                 .unverified = job->unverified,
                                                 .want_files = job->want_files,
                                                 .foreign = job->foreign,
                                                 .patience = &cret_patience_default,
                                                 .progress = job->progress,
                                                 .context = job->context};
    struct cret_outcome *outcome =
        cret_outcome_receive(cret_process_results(child->process), &expectation);
    if (outcome != NULL) {
        outcome->confined = *cret_process_confined(child->process);
    }
    tell_unconfined(outcome, &job->request);
    const bool wanted = outcome != NULL && outcome->verdict != CRET_VERDICT_UNDECIDED;
    if (cret_process_end(&child->process, wanted ? CRET_LIMIT_END_MS : 0, &err) != CRET_OK &&
        outcome != NULL) {
        cret_outcome_undecide(outcome, &err);
    }
    return outcome;
}

struct cret_outcome *cret_child_finish(struct cret_child **child)
{
    struct cret_child *mine = *child;
    struct cret_outcome *outcome = receive(mine);
    if (!mine->nested && outcome != NULL && outcome->again &&
        outcome->verdict == CRET_VERDICT_UNDECIDED) {
        struct cret_err err = {0};
        cret_outcome_free(&outcome);
        outcome = start(mine, true, &err) == CRET_OK ? receive(mine) : cret_child_none(&err);
    }
    if (outcome != NULL) {
        cret_waivers_settle(&mine->job.request, outcome);
    }
    free(mine);
    *child = NULL;
    return outcome;
}

void cret_child_stop(struct cret_child **child)
{
    struct cret_err ignored = {0};
    if (*child == NULL) {
        return;
    }
    if (cret_process_end(&(*child)->process, 0, &ignored) != CRET_OK) {
        /* Its results are not wanted: how it ended is nobody's concern. */
    }
    free(*child);
    *child = NULL;
}

struct cret_outcome *cret_child_run(const struct cret_child_job *job)
{
    struct cret_err err = {0};
    struct cret_child *child = NULL;
    return cret_child_start(&child, job, &err) == CRET_OK ? cret_child_finish(&child)
                                                          : cret_child_none(&err);
}
