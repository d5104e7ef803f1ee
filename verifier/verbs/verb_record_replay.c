/* SPDX-License-Identifier: Apache-2.0 */
/* record replay: the run of a record once more. */
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/child/child.h"
#include "verifier/review/replay.h"
#include "verifier/review/said.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static int say(const struct cret_options *options, const struct cret_replay *replay)
{
    const int code = cret_replay_agrees(replay) ? CRET_EXIT_DONE : CRET_EXIT_REFUSED;
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, cret_replay_json(replay, code), code);
    }
    struct cret_page *page = cret_page_new();
    cret_replay_page(page, replay, code);
    return cret_print_last(options, &page, code);
}

static enum cret_status run_again(struct cret_outcome **ret_outcome,
                                  const struct cret_session *session, const char *archive,
                                  bool fast, struct cret_err *err)
{
    int fd = -1;
    if (cret_os_open_read(&fd, CRET_OS_HERE, archive, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_child_job job = {.archive_fd = fd,
                                 .request = session->request,
                                 .want_files = true,
                                 .extract_directory = -1,
                                 .allow_unconfined = session->allow_unconfined};
    job.request.fast = fast;
    struct cret_outcome *outcome = cret_child_run(&job);
    cret_os_close(&fd);
    if (outcome == NULL) {
        return cret_err_memory(err);
    }
    if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        cret_said_refusal(outcome, archive, err);
        cret_outcome_free(&outcome);
        return CRET_FAILED;
    }
    *ret_outcome = outcome;
    return CRET_OK;
}

/* At the time for which the record was made, unless another is given. */
static enum cret_status open_session(struct cret_session *ret_session,
                                     const struct cret_options *options,
                                     const struct cret_record_copy *record, struct cret_err *err)
{
    const char *time = cret_json_string(record->json, "when.verificationTime");
    struct cret_optional as_of = {.given = false};
    if (!cret_options_given(options, "at") && time != NULL &&
        cret_time_parse_any(&as_of.value, time) == CRET_OK) {
        as_of.given = true;
    }
    return cret_session_open_as_of(ret_session, options, true, &as_of, err);
}

static int act(const struct cret_options *options)
{
    struct cret_record_copy record = {0};
    struct cret_session session;
    struct cret_err err = {0};
    if (cret_record_read(&record, cret_options_operand(options, 0), &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (open_session(&session, options, &record, &err) != CRET_OK) {
        cret_record_copy_clear(&record);
        return cret_verb_fail(options, &err);
    }
    struct cret_outcome *outcome = NULL;
    struct cret_replay replay = {.record = &record,
                                 .session = &session,
                                 .record_path = cret_options_operand(options, 0),
                                 .archive = cret_options_operand(options, 1)};
    int code = CRET_ERR_UNDECIDED;
    if (run_again(&outcome, &session, replay.archive,
                  cret_json_boolean(record.json, "how.fast", false), &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        replay.outcome = outcome;
        code = cret_replay_compare(&replay, &err) == CRET_OK ? say(options, &replay)
                                                             : cret_verb_fail(options, &err);
    }
    json_decref(replay.differences);
    cret_outcome_free(&outcome);
    cret_session_close(&session);
    cret_record_copy_clear(&record);
    return code;
}

const struct cret_verb cret_verb_record_replay = {
    .name = "replay",
    .operands = "RECORD ARCHIVE",
    .summary = "Do the run of a record once more, and say what differs",
    .help = "Verifies ARCHIVE as of the time of the record (or --at), under the trust that is "
            "named here, and compares verdict, identity, files and the checks on the release. "
            "Another trust policy is said, and is no difference by itself. What the first run was "
            "told to expect (--product, --hardware, --min-sequence, --profile, --waivers) must be "
            "given again: a record says what came of it, not the options. Nothing is accepted by "
            "this, and nobody is asked whether the record is genuine (record verify). Exit code 0: "
            "the same result; 1: another one.",
    .groups =
        CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_confinement_group,
                    &cret_expectation_group, &cret_waiver_group, &cret_profile_group,
                    &cret_payload_group, &cret_jobs_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify record replay change-4711/RECORD.json "
                              "rtu7.cretula.tar --trust trust.json"),
    .run = act,
};
