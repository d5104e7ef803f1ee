/* SPDX-License-Identifier: Apache-2.0 */
/* diff: what is different between two releases, who says so, what to do before and after. */
#include <stdlib.h>
#include <string.h>

#include "base/page/page_html.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "console/print.h"
#include "release/diff/diff.h"
#include "verifier/report/diff_page.h"
#include "verifier/run/subject.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* One of the two, opened and in the form in which it is compared. */
struct side {
    struct cret_subject subject;
    char *standing;
    struct cret_diff_file *files;
    struct cret_diff_side view;
};

static void close_side(struct side *side)
{
    cret_subject_close(&side->subject);
    free(side->standing);
    free(side->files);
}

static enum cret_status open_side(struct side *side, const struct cret_session *session,
                                  const char *name, struct cret_err *err)
{
    const struct cret_child_job wanted = {
        .alone = true, .want_files = true, .want_components = true};
    if (cret_subject_open(&side->subject, session, name, &wanted, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_outcome *outcome = side->subject.outcome;
    side->standing = cret_subject_standing(&side->subject, session);
    side->files = calloc(outcome->file_count + 1, sizeof(*side->files));
    if (side->standing == NULL || side->files == NULL) {
        return cret_err_memory(err);
    }
    const json_t *said = json_object_get(outcome->document, "fileDetails");
    if (!json_is_object(said)) {
        return cret_err_undecided(err, "the reading process did not say what the files are for");
    }
    for (size_t i = 0; i < outcome->file_count; i++) {
        const struct cret_record_file *file = &outcome->files[i];
        const json_t *more = json_object_get(said, file->path);
        side->files[i] =
            (struct cret_diff_file){.path = file->path,
                                    .role = file->role,
                                    .size = file->size,
                                    .sha256 = file->sha256,
                                    .original = file->original,
                                    .media_type = cret_json_string(more, "mediaType"),
                                    .hardware = json_object_get(more, "hardware"),
                                    .safety = json_object_get(more, "safetyRelevant"),
                                    .safety_function = cret_json_string(more, "safetyFunction")};
    }
    const bool alone = side->subject.alone;
    side->view = (struct cret_diff_side){
        .name = name,
        .standing = side->standing,
        .verified = side->subject.verified,
        .manifest = side->subject.manifest,
        .files = side->files,
        .file_count = outcome->file_count,
        .signatures = alone ? NULL : json_object_get(outcome->document, "signatures"),
        .sboms = alone ? NULL : json_object_get(outcome->document, "sboms"),
        .identity = outcome->identity};
    return CRET_OK;
}

static enum cret_status check_products(const struct cret_options *options, const struct side *was,
                                       const struct side *is, struct cret_err *err)
{
    const json_t *before = was->view.manifest, *after = is->view.manifest;
    if (cret_options_given(options, "any-product") || cret_diff_same_product(before, after)) {
        return CRET_OK;
    }
    cret_err_usage(err, "these are releases of different products");
    cret_err_expected(err, "%s %s, as in %s", cret_json_string(before, "product.vendor"),
                      cret_json_string(before, "product.name"), was->view.name);
    cret_err_actual(err, "%s %s, in %s", cret_json_string(after, "product.vendor"),
                    cret_json_string(after, "product.name"), is->view.name);
    return cret_err_hint(err, "name two releases of one product; --any-product compares all the "
                              "same");
}

static enum cret_status write_html(const char *path, const struct cret_page *page,
                                   struct cret_err *err)
{
    const struct cret_page_html form = {.title = "Comparison of two releases", .decision = true};
    struct cret_buffer text = {0};
    enum cret_status status = cret_page_html(&text, page, &form, err);
    if (status == CRET_OK) {
        status = cret_file_write(path, text.data, text.size, 0644, err);
    }
    cret_buffer_free(&text);
    return status;
}

static enum cret_status show(const struct cret_options *options, const json_t *diff, bool html,
                             struct cret_err *err)
{
    struct cret_page *page = cret_page_new();
    cret_diff_page(page, diff, html || cret_options_given(options, "verbose"));
    const enum cret_status status = html
                                        ? write_html(cret_options_value(options, "html"), page, err)
                                        : cret_print_page(stdout, page, err);
    cret_page_free(&page);
    return status;
}

/* Prints, and takes the comparison over. */
static int report(const struct cret_options *options, json_t *diff)
{
    struct cret_err err = {0};
    const int code = json_array_size(json_object_get(diff, "notCompared")) > 0 ? CRET_EXIT_UNDECIDED
                                                                               : CRET_EXIT_DONE;
    if ((cret_options_given(options, "html") && show(options, diff, true, &err) != CRET_OK) ||
        (!cret_options_given(options, "json") && show(options, diff, false, &err) != CRET_OK)) {
        json_decref(diff);
        return cret_verb_fail(options, &err);
    }
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, diff, code);
    }
    json_decref(diff);
    return code;
}

static int compare(const struct cret_options *options, const struct cret_session *session)
{
    struct side was = {0}, is = {0};
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (open_side(&was, session, cret_options_operand(options, 0), &err) != CRET_OK ||
        open_side(&is, session, cret_options_operand(options, 1), &err) != CRET_OK ||
        check_products(options, &was, &is, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        goto out;
    }
    json_t *diff = cret_diff(&was.view, &is.view);
    if (diff == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
        goto out;
    }
    code = report(options, diff);
out:
    close_side(&was);
    close_side(&is);
    return code;
}

/* What can be refused before a file is read. */
static enum cret_status check_usage(const struct cret_options *options, struct cret_err *err)
{
    const char *html = cret_options_value(options, "html");
    if (strcmp(cret_options_operand(options, 0), "-") == 0 &&
        strcmp(cret_options_operand(options, 1), "-") == 0) {
        return cret_err_usage(err, "standard input can be one of the two releases, not both");
    }
    return html != NULL ? cret_output_no_stream("--html", html, err) : CRET_OK;
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    if (check_usage(options, &err) != CRET_OK ||
        cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const int code = compare(options, &session);
    cret_session_close(&session);
    return code;
}

static const struct cret_option diff_options[] = {
    CRET_OPTION("html", "FILE", "Write the whole comparison as one HTML file."),
    CRET_FLAG("any-product", "Compare releases of different products all the same."),
    CRET_OPTION_END,
};
static const struct cret_option_group diff_group = {"Comparison", diff_options};

const struct cret_verb cret_verb_diff = {
    .name = "diff",
    .operands = "OLD NEW",
    .summary = "Compare two releases: what changes, who says so, what to do before and after",
    .help = "OLD and NEW are archives, or a MANIFEST.json each. With --anchor or --trust both are "
            "verified first; without, every heading says UNVERIFIED. What could not be compared "
            "is said as NOT COMPARED, and ends with exit code 3.",
    .groups = CRET_GROUPS(&cret_trust_group, &cret_example_group, &cret_confinement_group,
                          &cret_site_group, &diff_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify diff old.cretula.tar new.cretula.tar --anchor vendor-root.pem",
        "cretula-verify diff old.cretula.tar new.cretula.tar --anchor vendor-root.pem --html "
        "change.html"),
    .run = act,
};
