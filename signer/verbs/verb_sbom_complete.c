/* SPDX-License-Identifier: Apache-2.0 */
/* sbom complete: the SBOM of a description with what the release knows. */
#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "signer/command/options.h"
#include "signer/report/report.h"
#include "signer/verbs/sbom_completion.h"
#include "signer/verbs/told.h"
#include "signer/verbs/verbs.h"

/* The SBOM that is meant: the only one, or the one that --sbom names. */
static enum cret_status choose_sbom(struct cret_completion *run, struct cret_err *err)
{
    const json_t *list = json_object_get(run->description->json, "sbom");
    const char *wanted = cret_options_value(run->options, "sbom");
    if (json_array_size(list) == 0) {
        cret_err_usage(err, "the description names no SBOM");
        return cret_err_hint(err, "add sbom with file and format, and list the file in files");
    }
    if (wanted == NULL && json_array_size(list) > 1) {
        cret_err_usage(err, "the description names %zu SBOMs", json_array_size(list));
        return cret_err_hint(err, "say which: --sbom %s",
                             cret_json_string(json_array_get(list, 0), "file"));
    }
    CRET_JSON_EACH_AT (index, entry, list) {
        if (wanted == NULL || strcmp(cret_json_string(entry, "file"), wanted) == 0) {
            run->place = index;
            return CRET_OK;
        }
    }
    cret_err_usage(err, "--sbom: the description names no SBOM %s", wanted);
    return cret_err_expected(err, "a file of an entry of sbom, such as %s",
                             cret_json_string(json_array_get(list, 0), "file"));
}

/* The description, which its owner wrote, and the options. */
static enum cret_status read_description(struct cret_completion *run, struct cret_err *err)
{
    if (cret_option_jobs(&run->jobs, run->options, err) != CRET_OK ||
        cret_option_hash(&run->hash, run->options, err) != CRET_OK ||
        cret_description_load(&run->description, cret_options_operand(run->options, 0),
                              cret_options_values(run->options, "set"),
                              cret_options_count(run->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_description_validate(run->description, run->findings) != CRET_OK) {
        return cret_err_usage(err, "the description is not valid");
    }
    if (cret_collect_expands(run->description) &&
        cret_spool_open(&run->spool, CRET_COMPLETION_SPOOL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return choose_sbom(run, err);
}

static enum cret_status take(struct cret_completion *run, struct cret_err *err)
{
    const json_t *json = run->told.json;
    if (!cret_told_completion(&run->vex_count, &run->told, run->vex != NULL)) {
        return cret_apart_malformed(err);
    }
    run->changes = json_incref(json_object_get(json, "changes"));
    if (run->output != NULL && cret_json_boolean(json, "inPlace", false)) {
        cret_output_amend(run->output);
    }
    return cret_findings_whole(run->findings, err);
}

static enum cret_status have_read(struct cret_completion *run, struct cret_err *err)
{
    struct cret_apart_job job = {
        .read = cret_completion_read, .context = run, .bounds = CRET_BOUNDS_NONE};
    const int old = run->output != NULL ? cret_output_old_fd(run->output) : -1;
    job.bounds.reads_paths = true;
    job.bounds.writes_below = run->spool != NULL ? run->spool->fd : -1;
    job.bounds.allow_unconfined = cret_options_given(run->options, "allow-unconfined");
    run->has_old = old >= 0 && cret_os_stat_fd(&run->old, old, NULL) == CRET_OK;
    run->told.findings = run->findings;
    if (cret_apart_run(&run->told, &job, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return take(run, err);
}

/* Whether two paths lead to the same name of the same folder; one that cannot be looked at is none.
 */
static bool names_one_file(const char *left, const char *right)
{
    const char *const paths[] = {left, right};
    struct cret_file_info folders[2];
    for (size_t i = 0; i < CRET_LENGTH(paths); i++) {
        const int size = (int)(cret_path_name(paths[i]) - paths[i]);
        char *folder = cret_text_printf("%.*s.", size, paths[i]);
        bool exists = false;
        const bool known = folder != NULL &&
                           cret_os_stat_path(&folders[i], &exists, folder, NULL) == CRET_OK &&
                           exists;
        free(folder);
        if (!known) {
            return strcmp(left, right) == 0;
        }
    }
    return strcmp(cret_path_name(left), cret_path_name(right)) == 0 &&
           folders[0].device == folders[1].device && folders[0].inode == folders[1].inode;
}

/* Before anything is read: the output may be the SBOM itself, which no other run changes then. */
static enum cret_status open_output(struct cret_completion *run, struct cret_err *err)
{
    const char *out = cret_options_value(run->options, "out");
    const char *vex = cret_options_value(run->options, "vex");
    if (vex != NULL && (strcmp(vex, "-") == 0 || (out != NULL && names_one_file(out, vex)))) {
        cret_err_usage(err, "--vex: %s", vex);
        return cret_err_expected(err, "a file of its own for the vulnerabilities");
    }
    if (vex != NULL &&
        cret_output_open(&run->vex, vex, 0644, CRET_OUTPUT_REPLACE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return out == NULL || strcmp(out, "-") == 0
               ? CRET_OK
               : cret_output_open(&run->output, out, 0644, CRET_OUTPUT_REPLACE, err);
}

static enum cret_status write_to(struct cret_output *output, const char *text, size_t size,
                                 const char *path, struct cret_err *err)
{
    return cret_os_write(cret_output_fd(output), text, size, err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

/* The vulnerabilities before the SBOM, which would have lost them; new files both or none. */
static enum cret_status write_result(struct cret_completion *run, struct cret_err *err)
{
    struct cret_output *files[2] = {NULL};
    size_t count = 0;
    if (run->told.files[1].data != NULL) {
        if (write_to(run->vex, run->told.files[1].data, run->told.files[1].size,
                     cret_options_value(run->options, "vex"), err) != CRET_OK) {
            return CRET_FAILED;
        }
        files[count++] = run->vex;
    }
    if (run->output != NULL) {
        if (write_to(run->output, run->told.files[0].data, run->told.files[0].size,
                     cret_options_value(run->options, "out"), err) != CRET_OK) {
            return CRET_FAILED;
        }
        files[count++] = run->output;
    }
    run->vex = run->told.files[1].data != NULL ? NULL : run->vex;
    const bool printed = run->output == NULL;
    run->output = NULL;
    if (count > 0 && cret_output_commit_all(files, count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return printed ? cret_print_text(stdout, run->told.files[0].data, run->told.files[0].size, err)
                   : CRET_OK;
}

static int print_changes(const struct cret_completion *run)
{
    if (cret_options_given(run->options, "quiet")) {
        return CRET_EXIT_DONE;
    }
    struct cret_page *page = cret_page_new();
    CRET_JSON_EACH (change, run->changes) {
        cret_page_statement(page, "changed %s", json_string_value(change));
    }
    if (json_array_size(run->changes) == 0) {
        cret_page_statement(page, "nothing to change");
    }
    if (run->vex_count > 0) {
        cret_page_statement(page, "the SBOM speaks of vulnerabilities, which change while it does "
                                  "not: --vex FILE puts them into a VEX file");
    } else if (run->told.files[1].data != NULL) {
        cret_page_statement(page, "the VEX file belongs to the release: list it in files, with the "
                                  "role vex");
    }
    return cret_print_notes(run->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct cret_completion run = {.options = options, .findings = cret_findings_new()};
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (run.findings == NULL) {
        cret_err_memory(&err);
        goto failed;
    }
    if (open_output(&run, &err) != CRET_OK || read_description(&run, &err) != CRET_OK ||
        have_read(&run, &err) != CRET_OK || write_result(&run, &err) != CRET_OK) {
        goto failed;
    }
    code = print_changes(&run);
    if (cret_findings_failed(run.findings)) {
        cret_report_findings(options, run.description, run.findings);
        cret_print_note(options, "the SBOM still has faults, which the release cannot mend");
        code = CRET_EXIT_REFUSED;
    }
    goto out;
failed:
    if (run.findings != NULL && run.description != NULL) {
        cret_report_findings(options, run.description, run.findings);
    }
    code = cret_verb_fail(options, &err);
out:
    cret_output_discard(&run.output);
    cret_output_discard(&run.vex);
    cret_apart_clear(&run.told);
    cret_spool_free(&run.spool);
    cret_description_free(&run.description);
    cret_findings_free(&run.findings);
    json_decref(run.changes);
    return code;
}

static const struct cret_option complete_options[] = {
    CRET_OPTION("out", "FILE", "Where the completed SBOM goes. Default: standard output."),
    CRET_OPTION("vex", "FILE",
                "Take vulnerabilities out of the SBOM (CycloneDX, SPDX 3), and write them here as "
                "VEX that refers to it. Nothing is written where there are none."),
    CRET_OPTION("sbom", "FILE",
                "Which SBOM, as the description names its file, where it names several."),
    CRET_OPTION_END,
};
static const struct cret_option_group complete_group = {"SBOM", complete_options};

const struct cret_verb cret_verb_sbom_complete = {
    .name = "complete",
    .operands = "DESCRIPTION",
    .summary = "Fill in what the release knows of its SBOM: root component, identity, hashes",
    .help = "Reads the SBOM that DESCRIPTION names, and writes it again with the root component of "
            "this product and version, and with the hashes of the root and of every bound "
            "component. A root that the SBOM's tool made stays, below the product. Author, contact "
            "and context come from the release where they are missing. What a release cannot know "
            "(dependencies, licences, hashes and identifiers of components) is said to be unknown, "
            "in the words of the format, and nothing is made up. Tag-value is written as JSON.",
    .groups = CRET_GROUPS(&complete_group, &cret_description_group, &cret_confinement_group,
                          &cret_jobs_group, &cret_quiet_group, &cret_json_errors_group),
    .examples = CRET_EXAMPLES("cretula-sign sbom complete release.yaml --out complete.cdx.json"),
    .run = act,
};
