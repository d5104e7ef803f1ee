/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the files of reports first, and writing them last. */
#include "console/report_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/system/output.h"
#include "console/print.h"

static const struct cret_option sarif_options[] = {
    CRET_OPTION("sarif", "FILE", "Also write what was found as SARIF 2.1.0, for merge requests."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_sarif_group = {"Output", sarif_options};

static const struct cret_option junit_options[] = {
    CRET_OPTION("junit", "FILE",
                "Also write what was found as JUnit XML, for CI servers: a suite for each file."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_junit_group = {"Output", junit_options};

enum { FORMS = 8 }; /* more than there are */

struct cret_report_files {
    struct cret_report *report;
    struct cret_output *outputs[FORMS];
};

struct cret_report *cret_report_of(const struct cret_options *options)
{
    char *tool = cret_text_printf("%s %s", cret_options_program(options)->name,
                                  cret_options_command(options));
    struct cret_report *report = tool != NULL ? cret_report_new(tool) : NULL;
    free(tool);
    return report;
}

int cret_report_print(const struct cret_report *report, const struct cret_options *options,
                      const char *form, int code)
{
    struct cret_err err = {0};
    struct cret_buffer out = {0};
    const struct cret_report_form *chosen = cret_report_forms;
    while (chosen->option != NULL && strcmp(chosen->option, form) != 0) {
        chosen++;
    }
    const enum cret_status made = report == NULL || chosen->option == NULL
                                      ? cret_err_memory(&err)
                                      : cret_report_make(&out, report, chosen, &err);
    if (made != CRET_OK || cret_print_text(stdout, out.data, out.size, &err) != CRET_OK) {
        cret_print_error(options, &err);
        code = CRET_EXIT_UNDECIDED;
    }
    cret_buffer_free(&out);
    return code;
}

static enum cret_status open_outputs(struct cret_report_files *files,
                                     const struct cret_options *options, struct cret_err *err)
{
    for (size_t i = 0; cret_report_forms[i].option != NULL; i++) {
        const char *path = cret_options_value(options, cret_report_forms[i].option);
        if (path != NULL && (cret_output_no_stream(NULL, path, err) != CRET_OK ||
                             cret_output_open(&files->outputs[i], path, 0644, CRET_OUTPUT_REPLACE,
                                              err) != CRET_OK)) {
            return cret_err_context(err, "--%s", cret_report_forms[i].option);
        }
    }
    return CRET_OK;
}

static void discard(struct cret_report_files **files)
{
    if (*files == NULL) {
        return;
    }
    for (size_t i = 0; i < FORMS; i++) {
        cret_output_discard(&(*files)->outputs[i]);
    }
    cret_report_free(&(*files)->report);
    free(*files);
    *files = NULL;
}

enum cret_status cret_report_files_open(struct cret_report_files **ret_files,
                                        const struct cret_options *options, struct cret_err *err)
{
    bool wanted = false;
    for (size_t i = 0; cret_report_forms[i].option != NULL; i++) {
        wanted = wanted || cret_options_given(options, cret_report_forms[i].option);
    }
    *ret_files = NULL;
    if (!wanted) {
        return CRET_OK;
    }
    struct cret_report_files *files = calloc(1, sizeof(*files));
    if (files == NULL || (files->report = cret_report_of(options)) == NULL) {
        discard(&files);
        return cret_err_memory(err);
    }
    if (open_outputs(files, options, err) != CRET_OK) {
        discard(&files);
        return CRET_FAILED;
    }
    *ret_files = files;
    return CRET_OK;
}

struct cret_report *cret_report_files_report(struct cret_report_files *files)
{
    return files != NULL ? files->report : NULL;
}

static enum cret_status write_one(struct cret_report_files *files, size_t index,
                                  struct cret_err *err)
{
    struct cret_buffer out = {0};
    enum cret_status status =
        cret_report_make(&out, files->report, &cret_report_forms[index], err) == CRET_OK
            ? cret_os_write(cret_output_fd(files->outputs[index]), out.data, out.size, err)
            : CRET_FAILED;
    cret_buffer_free(&out);
    return status == CRET_OK ? cret_output_commit(&files->outputs[index], err) : CRET_FAILED;
}

static enum cret_status write_all(struct cret_report_files *files, struct cret_err *err)
{
    for (size_t i = 0; cret_report_forms[i].option != NULL; i++) {
        if (files->outputs[i] != NULL && write_one(files, i, err) != CRET_OK) {
            return cret_err_context(err, "--%s", cret_report_forms[i].option);
        }
    }
    return CRET_OK;
}

int cret_report_files_finish(struct cret_report_files **files, const struct cret_options *options,
                             int code)
{
    struct cret_err err = {0};
    if (*files != NULL && write_all(*files, &err) != CRET_OK) {
        cret_print_error(options, &err);
        code = code == CRET_EXIT_REFUSED ? code : CRET_EXIT_UNDECIDED;
    }
    discard(files);
    return code;
}
