/* SPDX-License-Identifier: Apache-2.0 */
/* One file of check and extract before its child reads it, and after: its outputs, its result. */
#include "verifier/verbs/check_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/evidence/tpm_cross.h"
#include "verifier/report/check_page.h"
#include "verifier/verbs/check_foreign.h"
#include "verifier/verbs/check_seal.h"

static enum cret_status open_target(struct cret_check_target *target, struct cret_err *err)
{
    if (strcmp(target->name, "-") == 0) {
        if (!cret_os_at_start(0)) {
            cret_err_usage(err, "standard input is a file that was read in part already");
            return cret_err_hint(err, "name the file, or pass it through a pipe");
        }
        target->fd = 0;
        return CRET_OK;
    }
    return cret_os_open_read(&target->fd, CRET_OS_HERE, target->name, err);
}

enum cret_status cret_check_still(const struct cret_check_target *target, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (target->record_path != NULL &&
        cret_os_stat_path(&info, &exists, target->record_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "there is a record already: %s", target->record_path);
        return cret_err_hint(
            err, target->several
                     ? "name a new folder with --record; records are never overwritten. Where two "
                       "of the archives have the same file name, check them in runs of their own"
                     : "name a new folder with --record; records are never overwritten");
    }
    return CRET_OK;
}

/* Where this file's record goes; nothing is ever overwritten. Several files get a folder each. */
static enum cret_status prepare_record(struct cret_check_target *target, struct cret_err *err)
{
    const char *folder = cret_options_value(target->options, "record");
    if (folder == NULL) {
        return CRET_OK;
    }
    if (cret_output_no_stream("--record", folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    bool created = false;
    if (cret_os_make_directory(folder, 0755, &created, err) != CRET_OK) {
        return cret_err_context(err, "--record");
    }
    if (target->several) {
        char *inner = cret_text_printf("%s/%s.record", folder, cret_path_name(target->name));
        if (inner == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status made = cret_os_make_directory(inner, 0755, &created, err);
        target->record_path = cret_text_printf("%s/%s", inner, CRET_RECORD_NAME);
        free(inner);
        if (made != CRET_OK) {
            return CRET_FAILED;
        }
    } else {
        target->record_path = cret_text_printf("%s/%s", folder, CRET_RECORD_NAME);
    }
    return target->record_path != NULL ? cret_check_still(target, err) : cret_err_memory(err);
}

/* A report never takes the place of anything. */
static enum cret_status prepare_report(const struct cret_check_target *target, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (target->report_path == NULL) {
        return CRET_OK;
    }
    if (cret_output_no_stream("--report", target->report_path, err) != CRET_OK ||
        cret_os_stat_path(&info, &exists, target->report_path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "--report: %s exists already", target->report_path);
        return cret_err_hint(err, "name a new file; a report replaces nothing");
    }
    return CRET_OK;
}

/* Descriptors 0, 1 and 2 have other work. */
static enum cret_status prepare_delivery(struct cret_check_target *target, struct cret_err *err)
{
    if (cret_options_descriptor(&target->deliver_fd, target->options, "to-fd", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (target->deliver_fd >= 0 && target->deliver_fd <= 2) {
        cret_err_usage(err, "--to-fd: files cannot go where the verdict goes");
        cret_err_actual(err, "%d", target->deliver_fd);
        return cret_err_hint(err, "give the pipe another number, 3 or above");
    }
    struct cret_file_info info = {.kind = CRET_KIND_OTHER};
    if (target->deliver_fd >= 0 && cret_os_stat_fd(&info, target->deliver_fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (info.kind == CRET_KIND_REGULAR) {
        cret_err_usage(err, "--to-fd: descriptor %d is a file, and needs to be a pipe",
                       target->deliver_fd);
        return cret_err_hint(err, "give --to DIR where the files are to lie in a folder");
    }
    return CRET_OK;
}

static enum cret_status prepare_extract(struct cret_check_target *target, struct cret_err *err)
{
    if (target->destination == NULL) {
        return prepare_delivery(target, err);
    }
    if (cret_output_no_stream("--to", target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "--to: %s exists already", target->destination);
        return cret_err_hint(err, "name a folder that does not exist; extract makes it");
    }
    return cret_os_temporary_directory(&target->staging, &target->directory, target->destination,
                                       err);
}

/* What was extracted becomes visible under its name. */
static enum cret_status publish_extract(void *context, struct cret_err *err)
{
    struct cret_check_target *target = context;
    bool mode_set = false;
    unsigned mode = 0;
    if (target->staging == NULL) {
        return CRET_OK;
    }
    if (cret_os_share_directory(target->directory, &mode_set, &mode, err) != CRET_OK ||
        cret_os_sync_file_system(target->directory, err) != CRET_OK ||
        cret_os_publish_directory(target->staging, target->destination, err) != CRET_OK) {
        return CRET_FAILED;
    }
    target->published = true;
    if (!mode_set) {
        cret_print_note(target->options,
                        "note: the file system decides about modes here: the folder has %03o",
                        mode & 0777u);
    }
    return CRET_OK;
}

/* An acceptance that could not be told is none. */
static void take_back(struct cret_check_target *target, const struct cret_delivery *delivery,
                      struct cret_outcome *outcome, const struct cret_err *err)
{
    struct cret_err left = {0};
    if (cret_evidence_withdraw(target->evidence, delivery, "the verdict could not be printed",
                               &left) != CRET_OK) {
        cret_print_error(target->options, &left);
    }
    cret_outcome_spoil(outcome, CRET_CHECK_EVIDENCE_RESULT, err);
}

/* What stands around the record on its page. Texts are kept in `texts` until the page is made. */
struct page_texts {
    char *next, *done;
};

static struct cret_record_view view_of(const struct cret_check_target *target,
                                       const struct cret_outcome *outcome, struct page_texts *texts)
{
    const bool accepted = cret_verdict_exit_code(outcome->verdict) == 0;
    const bool foreign = json_object_get(outcome->document, "foreign") != NULL;
    if (accepted && target->destination == NULL && !foreign) {
        texts->next = cret_check_next(target->options, target->name);
    } else if (accepted && !foreign) {
        texts->done = cret_text_printf("the files are in %s", target->destination);
    }
    return (struct cret_record_view){
        .file = target->several ? target->name : NULL,
        .journal = cret_evidence_place(target->evidence),
        .tpm = cret_check_tpm(target->session->guard),
        .done = texts->done,
        .next = texts->next,
        .backout = outcome->backout,
    };
}

/* The page is made as a whole before its first line is seen, which is the verdict: where something
 * could not be found out meanwhile, there is none but UNDECIDED. */
static enum cret_status print_page(const struct cret_check_target *target,
                                   const struct cret_delivery *delivery,
                                   const struct cret_outcome *outcome, struct cret_err *err)
{
    struct page_texts texts = {0};
    struct cret_page *page = cret_page_new();
    json_t *record = cret_evidence_page(target->options, target->session, delivery, outcome);
    const struct cret_record_view view = view_of(target, outcome, &texts);
    enum cret_status status = CRET_FAILED;
    if (record != NULL) {
        cret_check_page(page, target->options, record, &view);
    }
    FILE *stream = cret_options_given(target->options, "quiet") ? stderr : stdout;
    if (record == NULL || cret_page_failed(page)) {
        cret_err_memory(err);
    } else if (outcome->verdict == CRET_VERDICT_UNDECIDED) {
        status = cret_print_undecided(stream, page, err);
    } else {
        status = cret_print_page(stream, page, err);
    }
    free(texts.next);
    free(texts.done);
    json_decref(record);
    cret_page_free(&page);
    return status;
}

/* The record; where there is none that could be read, why, in JSON all the same. Of several files
 * each is one line. */
static enum cret_status print_json(const struct cret_options *options, const char *record,
                                   size_t size, const struct cret_outcome *outcome,
                                   struct cret_err *err)
{
    char *text = NULL;
    if (record == NULL) {
        json_t *json = cret_record_error_json(cret_options_speaker(options), &outcome->error);
        const enum cret_status made =
            json != NULL ? cret_json_print(&text, &size, json, err) : cret_err_memory(err);
        json_decref(json);
        if (made != CRET_OK) {
            return CRET_FAILED;
        }
        record = text;
    }
    const enum cret_status status = cret_print_document(options, record, size, err);
    free(text);
    return status;
}

int cret_check_deliver(struct cret_check_target *target, struct cret_outcome *outcome)
{
    const struct cret_options *options = target->options;
    const bool as_json = cret_options_given(options, "json");
    const struct cret_delivery delivery = {.name = target->name,
                                           .record_path = target->record_path,
                                           .report_path = target->report_path,
                                           .want_record = as_json,
                                           .publish = publish_extract,
                                           .context = target};
    struct cret_err err = {0};
    char *record = NULL;
    size_t size = 0;
    cret_evidence_leave(target->evidence, &delivery, outcome, &record, &size, &err);
    const int code = cret_verdict_exit_code(outcome->verdict);
    enum cret_status status = CRET_OK;
    if (err.class != CRET_ERR_NONE) {
        cret_print_error(options, &err);
    }
    if (as_json) {
        status = outcome->verdict == CRET_VERDICT_UNDECIDED ? CRET_OK : cret_err_fault(&err);
        status = status == CRET_OK ? print_json(options, record, size, outcome, &err) : status;
    } else if (!(cret_options_given(options, "quiet") && code == 0)) {
        status = print_page(target, &delivery, outcome, &err);
    }
    free(record);
    if (status != CRET_OK && code == 0) {
        cret_err_hint(&err, "nothing was accepted: run it again with an output that can be "
                            "written");
        take_back(target, &delivery, outcome, &err);
    }
    cret_evidence_log(target->evidence, &delivery, outcome);
    if (status == CRET_OK) {
        return code;
    }
    cret_print_error(options, &err);
    return code == 1 ? 1 : (int)CRET_ERR_UNDECIDED;
}

/* The digest is that of a whole file, also of one that is refused at its first byte. */
static enum cret_status check_archive_digest(const struct cret_check_target *target,
                                             struct cret_err *err)
{
    if (cret_options_given(target->options, "archive-digest") && !cret_os_seekable(target->fd)) {
        return cret_err_usage(err, "--archive-digest needs a file, not a pipe");
    }
    return CRET_OK;
}

struct cret_check_target cret_check_target_of(const char *name, const struct cret_options *options)
{
    return (struct cret_check_target){.options = options,
                                      .directory = -1,
                                      .deliver_fd = -1,
                                      .name = name,
                                      .fd = -1,
                                      .report_path = cret_options_value(options, "report"),
                                      .destination = cret_options_value(options, "to")};
}

enum cret_status cret_check_prepare(struct cret_check_target *target, struct cret_err *err)
{
    struct cret_file_info info;
    if (open_target(target, err) != CRET_OK ||
        cret_check_seal_read(&target->seal_path, &target->seal, &target->seal_size, target->options,
                             target->name, err) != CRET_OK ||
        cret_check_foreign_read(&target->sides, &target->side_count, target->options, err) !=
            CRET_OK ||
        prepare_record(target, err) != CRET_OK || prepare_report(target, err) != CRET_OK ||
        check_archive_digest(target, err) != CRET_OK || prepare_extract(target, err) != CRET_OK ||
        cret_os_stat_fd(&info, target->fd, err) != CRET_OK) {
        return CRET_FAILED;
    }
    target->size = info.kind == CRET_KIND_REGULAR ? info.size : 0;
    return CRET_OK;
}

void cret_check_target_clear(struct cret_check_target *target, int code)
{
    cret_child_stop(&target->child);
    if (target->published ? code != 0 : target->staging != NULL) {
        cret_os_remove_tree(target->published ? target->destination : target->staging);
    }
    if (target->destination != NULL) {
        cret_os_finished(target->destination);
    }
    free(target->staging);
    cret_os_close(&target->directory);
    if (target->fd > 0) {
        cret_os_close(&target->fd);
    }
    free(target->record_path);
    free(target->seal_path);
    free(target->seal);
    cret_check_foreign_free(&target->sides, target->side_count);
    *target = (struct cret_check_target){.fd = -1, .directory = -1, .deliver_fd = -1};
}
