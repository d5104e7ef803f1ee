/* SPDX-License-Identifier: Apache-2.0 */
/* Judging each seal beside a journal. */
#include "verifier/verbs/journal_seals.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "verifier/verbs/seal_desk.h"

struct work {
    struct cret_findings *findings;
    const struct cret_options *options;
    const struct cret_policy *policy;
    const char *seals;
    size_t good, bad;
    struct cret_seal_said lines; /* of the seal over the most lines; its texts are the policy's */
    int64_t line_count;
};

/* A seal that does not hold is a finding; what could not be found out ends the work. */
static enum cret_status refused(struct work *work, const struct cret_err *why, struct cret_err *err)
{
    if (why->class == CRET_ERR_UNDECIDED) {
        *err = *why;
        return CRET_FAILED;
    }
    struct cret_err one = *why;
    if (one.class != CRET_ERR_REFUSED) { /* what it is over is missing */
        cret_err_reclass(&one, CRET_ERR_REFUSED);
        one.check = CRET_CHECK_SEAL_DATA;
    }
    cret_findings_add_err(work->findings, CRET_RESULT_FAIL, &one);
    work->bad++;
    return CRET_OK;
}

static enum cret_status judge(struct work *work, const char *name, int64_t most,
                              struct cret_err *err)
{
    struct cret_seal_batch batch = {0};
    struct cret_seal_said proof = {0};
    struct cret_err why = {0};
    batch.allow_unconfined = cret_options_given(work->options, "allow-unconfined");
    char *path = cret_text_printf("%s/%s", work->seals, name);
    char *last = cret_text_printf("lines-%" PRId64 ".ers", most);
    enum cret_status status = path != NULL && last != NULL ? CRET_OK : cret_err_memory(err);
    if (status == CRET_OK) {
        if (cret_seal_batch_open(&batch, path, NULL, 0, &why) == CRET_OK &&
            cret_seal_item_judge(&proof, &batch.items[0], work->policy, work->options, &why) ==
                CRET_OK) {
            work->good++;
            if (strcmp(name, last) == 0) {
                work->lines = proof;
                work->line_count = most;
            }
        } else {
            status = refused(work, &why, err);
        }
    }
    cret_seal_batch_clear(&batch);
    free(path);
    free(last);
    return status;
}

static bool is_seal(const char *name)
{
    const size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".ers") == 0;
}

static enum cret_status judge_all(struct work *work, struct cret_err *err)
{
    char **names = NULL;
    size_t count = 0;
    int64_t most = 0;
    int fd = -1;
    if (!cret_os_is_folder(work->seals)) {
        return CRET_OK;
    }
    enum cret_status status = cret_seal_last_lines(&most, work->seals, err);
    if (status == CRET_OK) {
        status = cret_os_open_directory(&fd, work->seals, err);
    }
    if (status == CRET_OK) {
        status = cret_os_list(&names, &count, fd, err);
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        if (is_seal(names[i])) {
            status = judge(work, names[i], most, err);
        }
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    return status;
}

static void conclude(struct work *work)
{
    char since[32], until[32];
    if (work->good == 0 && work->bad == 0) {
        cret_findings_add(
            work->findings, CRET_CHECK_SEAL_DATA, CRET_RESULT_FAIL,
            (struct cret_finding_text){.where = work->seals,
                                       .hint = "have it sealed: cretula-verify journal seal"},
            "there is no seal");
    } else if (work->bad == 0 && work->line_count > 0) {
        cret_time_format(since, work->lines.since);
        cret_time_format(until, work->lines.until);
        cret_findings_add(work->findings, CRET_CHECK_SEAL_TIME, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = work->seals},
                          "%zu seals hold; the first %" PRId64 " lines existed on %s, says %s; "
                          "proved until %s by %s",
                          work->good, work->line_count, since, work->lines.authority, until,
                          work->lines.last);
    } else if (work->bad == 0) {
        cret_findings_add(work->findings, CRET_CHECK_SEAL_DATA, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = work->seals},
                          "no seal is over the lines of the journal");
    }
}

/* Seals that nobody was named for prove nothing here, and are not passed over in silence. */
static void say_unjudged(struct cret_findings *findings, const char *seals)
{
    if (cret_os_is_folder(seals)) {
        cret_findings_add(
            findings, CRET_CHECK_SEAL_TIME, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){.where = seals,
                                       .hint = "name whom to believe about time: --authority PEM"},
            "the seals beside the journal were not judged");
    }
}

enum cret_status cret_journal_seals_judge(struct cret_findings *findings,
                                          const struct cret_options *options, const char *folder,
                                          struct cret_err *err)
{
    struct cret_policy *policy = NULL;
    char *seals = cret_text_printf("%s/seals", folder);
    if (seals != NULL && !cret_options_given(options, "authority")) {
        say_unjudged(findings, seals);
        free(seals);
        return CRET_OK;
    }
    if (cret_seal_policy(&policy, options, err) != CRET_OK) {
        free(seals);
        return CRET_FAILED;
    }
    struct work work = {.findings = findings, .options = options, .policy = policy, .seals = seals};
    const enum cret_status status = seals != NULL ? judge_all(&work, err) : cret_err_memory(err);
    if (status == CRET_OK) {
        conclude(&work);
    }
    cret_policy_free(&policy);
    free(seals);
    return status;
}
