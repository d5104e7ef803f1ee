/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a release as material: its child, and whether what came back may be used. */
#include "verifier/run/subject.h"

#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"

/* Whether the file begins as JSON does: an archive begins with the name of its first member. What
 * it is, its child finds out. */
static enum cret_status begins_as_json(bool *ret_json, int fd, struct cret_err *err)
{
    char first = '\0';
    size_t got = 0;
    if (!cret_os_seekable(fd)) {
        *ret_json = false;
        return CRET_OK;
    }
    if (cret_os_pread(fd, &first, 1, 0, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_json = got == 1 && first == '{';
    return CRET_OK;
}

static enum cret_status check_alone(const struct cret_session *session, struct cret_err *err)
{
    if (session->policy == NULL) {
        return CRET_OK;
    }
    cret_err_usage(err, "a manifest alone has no signatures: there is nothing to verify");
    return cret_err_hint(err, "name the archive that it came from, or leave out what names trust");
}

/* Of an outcome that may not be used: why. */
static enum cret_status refuse(const struct cret_outcome *outcome, struct cret_err *err)
{
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        *err = outcome->error;
        return CRET_FAILED;
    }
    const struct cret_finding *fault = cret_findings_first_fault(outcome->findings, 0);
    return fault != NULL
               ? cret_finding_refuse(err, fault)
               : cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the release is not accepted: %s",
                                 cret_verdict_name(outcome->verdict));
}

static enum cret_status take(struct cret_subject *subject, const struct cret_session *session,
                             struct cret_err *err)
{
    const struct cret_outcome *outcome = subject->outcome;
    const bool judged = session->policy != NULL;
    if (judged ? cret_verdict_exit_code(outcome->verdict) != 0
               : outcome->verdict != CRET_VERDICT_PARTIAL) {
        return refuse(outcome, err);
    }
    subject->manifest = json_object_get(outcome->document, "manifest");
    if (!json_is_object(subject->manifest) || !outcome->has_identity) {
        return cret_err_undecided(err, "the reading process sent no manifest");
    }
    subject->verified = judged;
    return CRET_OK;
}

static enum cret_status read_subject(struct cret_subject *subject, int fd,
                                     const struct cret_session *session,
                                     const struct cret_child_job *wanted, struct cret_err *err)
{
    struct cret_child_job job = *wanted;
    if (wanted->alone && begins_as_json(&subject->alone, fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (subject->alone && check_alone(session, err) != CRET_OK) {
        return CRET_FAILED;
    }
    job.archive_fd = fd;
    job.request = session->request;
    job.unverified = session->policy == NULL;
    job.alone = subject->alone;
    job.want_manifest = true;
    job.allow_unconfined = session->allow_unconfined;
    job.extract_directory = wanted->extract_directory > 0 ? wanted->extract_directory : -1;
    subject->outcome = cret_child_run(&job);
    return subject->outcome != NULL ? take(subject, session, err) : cret_err_memory(err);
}

enum cret_status cret_subject_open(struct cret_subject *ret_subject,
                                   const struct cret_session *session, const char *name,
                                   const struct cret_child_job *wanted, struct cret_err *err)
{
    struct cret_subject subject = {.name = name};
    int fd = strcmp(name, "-") == 0 ? 0 : -1;
    if (fd < 0 && cret_os_open_read(&fd, CRET_OS_HERE, name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = read_subject(&subject, fd, session, wanted, err);
    if (fd > 0) {
        cret_os_close(&fd);
    }
    if (status != CRET_OK) {
        cret_subject_close(&subject);
        return cret_err_context(err, "%s", name);
    }
    *ret_subject = subject;
    return CRET_OK;
}

void cret_subject_close(struct cret_subject *subject)
{
    cret_outcome_free(&subject->outcome);
    subject->manifest = NULL;
}

char *cret_subject_standing(const struct cret_subject *subject, const struct cret_session *session)
{
    if (!subject->verified) {
        return strdup("UNVERIFIED");
    }
    const struct {
        bool holds;
        const char *words;
    } narrowed[] = {
        {subject->outcome->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS, "with waivers"},
        {!subject->outcome->product_bound, "product not bound"},
        {session->request.allow_example_keys, "example keys allowed"},
        {subject->outcome->confined.missing[0] != '\0', "not confined"},
        {session->at_given, "as of another time"},
        {session->request.fast, "digests claimed only"},
    };
    struct cret_buffer text = {0};
    size_t count = 0;
    cret_buffer_printf(&text, "verified");
    for (size_t i = 0; i < CRET_LENGTH(narrowed); i++) {
        if (narrowed[i].holds) {
            cret_buffer_printf(&text, "%s%s", count++ == 0 ? " (" : ", ", narrowed[i].words);
        }
    }
    cret_buffer_append(&text, ")", count > 0 ? 1 : 0);
    if (text.failed) {
        cret_buffer_free(&text);
    }
    return text.data;
}
