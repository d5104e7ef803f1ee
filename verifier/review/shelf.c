/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of `catalogue` do and say. */
#include "verifier/review/shelf.h"
#include "verifier/report/pieces.h"
#include "verifier/review/said.h"

#include <stdlib.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/review/gather.h"
#include "verifier/review/trace.h"

/* Sources on a page that is to be one screen. */
#define SHOWN 12u

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "catalogue/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_TEXT("catalogue", CRET_REQUIRED, "The file, as given."),
    CRET_ROW_OBJECTS("sources", CRET_REQUIRED, cret_trace_source_fields,
                     "What it holds after this run.", .maximum = CRET_LIMIT_JSON_INTEGER),
    CRET_ROW_OBJECTS("failed", CRET_REQUIRED, cret_trace_failed_fields,
                     "Operands that gave nothing.", .maximum = CRET_LIMIT_JSON_INTEGER),
    CRET_ROW_END,
};

const struct cret_file_format cret_catalogue_format = {
    .purpose = "catalogue/1",
    .words = "answer of catalogue",
    .file = "cretula-verify catalogue list --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

enum cret_status cret_shelf_open(struct cret_shelf *shelf, enum cret_catalogue_access access,
                                 struct cret_err *err)
{
    const char *path = cret_options_value(shelf->options, "catalogue");
    shelf->sources = json_array();
    shelf->failed = json_array();
    if (shelf->sources == NULL || shelf->failed == NULL) {
        return cret_err_memory(err);
    }
    if (path == NULL) {
        cret_err_usage(err, "which catalogue?");
        return cret_err_hint(err, "--catalogue FILE");
    }
    return cret_catalogue_open(&shelf->catalogue, path, access, err);
}

void cret_shelf_close(struct cret_shelf *shelf)
{
    cret_catalogue_close(&shelf->catalogue);
    json_decref(shelf->sources);
    json_decref(shelf->failed);
    *shelf = (struct cret_shelf){.options = shelf->options, .session = shelf->session};
}

/* What was verified once, and is refused now or cannot be read, must not stand there as verified.
 */
static enum cret_status forget(struct cret_shelf *shelf, const char *path, struct cret_err *err)
{
    char *absolute = cret_os_absolute(path);
    if (absolute == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = cret_catalogue_begin(shelf->catalogue, err);
    if (status == CRET_OK) {
        status = cret_catalogue_forget(shelf->catalogue, absolute, err) == CRET_OK &&
                         cret_catalogue_commit(shelf->catalogue, err) == CRET_OK
                     ? CRET_OK
                     : CRET_FAILED;
        if (status != CRET_OK) {
            cret_catalogue_rollback(shelf->catalogue);
        }
    }
    free(absolute);
    return status;
}

/* What was not added, and why. */
static enum cret_status note(struct cret_shelf *shelf, const char *path, const struct cret_err *why,
                             struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK || forget(shelf, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "path", path);
    cret_build_text(&json, "why", why->what);
    cret_build_text(&json, "hint", why->hint[0] != '\0' ? why->hint : NULL);
    shelf->code = cret_exit_worse(shelf->code, (int)why->class);
    return json_array_append_new(shelf->failed, cret_build_end(&json)) == 0 ? CRET_OK
                                                                            : cret_err_memory(err);
}

enum cret_status cret_shelf_add(struct cret_shelf *shelf, const char *path, struct cret_err *err)
{
    struct cret_gathered gathered = {0};
    struct cret_err why = {0};
    if (cret_gather(&gathered, shelf->catalogue, shelf->session, path, &why) == CRET_OK) {
        free(gathered.words);
        return CRET_OK;
    }
    return note(shelf, path, &why, err);
}

static enum cret_status on_source(void *context, const struct cret_catalogue_source *source,
                                  struct cret_err *err)
{
    struct cret_shelf *shelf = context;
    const char *state = cret_trace_state(source);
    shelf->there += strcmp(state, "there") == 0 ? 1u : 0u;
    shelf->gone += strcmp(state, "gone") == 0 ? 1u : 0u;
    shelf->changed += strcmp(state, "changed") == 0 ? 1u : 0u;
    return json_array_append_new(shelf->sources, cret_trace_source(source)) == 0
               ? CRET_OK
               : cret_err_memory(err);
}

enum cret_status cret_shelf_list(struct cret_shelf *shelf, struct cret_err *err)
{
    return cret_catalogue_sources(shelf->catalogue, on_source, shelf, err);
}

static void put_sources(struct cret_page *page, const struct cret_shelf *shelf)
{
    static const struct cret_page_column columns[] = {{.name = "kind"},    {.name = "product"},
                                                      {.name = "version"}, {.name = "verified"},
                                                      {.name = "today"},   {.name = "path"}};
    const bool all = cret_options_given(shelf->options, "verbose");
    size_t index;
    json_t *source;
    cret_page_section(page, "Sources");
    cret_page_table(page, columns, CRET_LENGTH(columns));
    json_array_foreach(shelf->sources, index, source)
    {
        if (index >= SHOWN && !all) {
            continue;
        }
        cret_page_cell(page, "%s", cret_piece_text(source, "kind"));
        cret_page_cell(page, "%s", cret_piece_text(source, "release.product"));
        cret_page_cell(page, "%s", cret_piece_text(source, "release.version"));
        cret_page_cell(page, "%s",
                       cret_json_boolean(source, "verified", false) ? "yes" : "UNVERIFIED");
        cret_page_cell(page, "%s", cret_piece_text(source, "state"));
        cret_page_cell(page, "%s", cret_piece_text(source, "path"));
    }
    if (index > SHOWN && !all) {
        cret_page_row(page, "", "and %zu more (--verbose)", index - SHOWN);
    }
}

static void put(struct cret_page *page, const struct cret_shelf *shelf, const char *word)
{
    cret_page_verdict(page, shelf->code == 0 ? CRET_TONE_GOOD : CRET_TONE_CAUTION,
                      shelf->code == 0 ? word : "NOT ALL", "%s",
                      cret_options_value(shelf->options, "catalogue"));
    cret_page_qualify(page, "an index, never evidence");
    cret_page_row(page, "holds", "%zu %s: %zu there, %zu changed, %zu gone",
                  json_array_size(shelf->sources),
                  cret_plural(json_array_size(shelf->sources), "source", "sources"), shelf->there,
                  shelf->changed, shelf->gone);
    CRET_JSON_EACH (one, shelf->failed) {
        cret_said_failed(page, CRET_TONE_BAD, "NOT ADDED", one);
    }
    put_sources(page, shelf);
}

int cret_shelf_say(const struct cret_shelf *shelf, const char *word)
{
    int code = shelf->code;
    if (cret_options_given(shelf->options, "json")) {
        struct cret_build json = cret_build_object();
        cret_build_string(&json, "cretula", cret_catalogue_format.purpose);
        cret_build_integer(&json, "exitCode", code);
        cret_build_text(&json, "catalogue", cret_options_value(shelf->options, "catalogue"));
        cret_build_share(&json, "sources", shelf->sources);
        cret_build_share(&json, "failed", shelf->failed);
        return cret_print_json(shelf->options, cret_build_end(&json), code);
    }
    struct cret_page *page = cret_page_new();
    put(page, shelf, word);
    return cret_print_last(shelf->options, &page, code);
}

/* An operand; in the place of a folder that is no journal the archives in it. */
static enum cret_status add_operand(struct cret_shelf *shelf, const char *path,
                                    struct cret_err *err)
{
    struct cret_targets targets;
    struct cret_err why = {0};
    bool folder = false;
    enum cret_status status = cret_gather_folder(&targets, &folder, path, &why);
    if (status != CRET_OK || !folder) {
        status =
            status == CRET_OK ? cret_shelf_add(shelf, path, err) : note(shelf, path, &why, err);
    } else {
        for (size_t i = 0; i < targets.count && status == CRET_OK; i++) {
            status = cret_shelf_add(shelf, targets.names[i], err);
        }
    }
    cret_targets_free(&targets);
    return status;
}

static int fill(struct cret_shelf *shelf,
                enum cret_status (*begin)(struct cret_shelf *shelf, struct cret_err *err),
                const char *word)
{
    struct cret_err err = {0};
    enum cret_status status = begin(shelf, &err);
    for (size_t i = 0; i < cret_options_operand_count(shelf->options) && status == CRET_OK; i++) {
        status = add_operand(shelf, cret_options_operand(shelf->options, i), &err);
    }
    status = status == CRET_OK ? cret_shelf_list(shelf, &err) : status;
    return status == CRET_OK ? cret_shelf_say(shelf, word) : cret_verb_fail(shelf->options, &err);
}

int cret_shelf_fill(const struct cret_options *options,
                    enum cret_status (*begin)(struct cret_shelf *shelf, struct cret_err *err),
                    const char *word)
{
    struct cret_session session;
    struct cret_err err = {0};
    if (cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct cret_shelf shelf = {.options = options, .session = &session};
    const int code = fill(&shelf, begin, word);
    cret_shelf_close(&shelf);
    cret_session_close(&session);
    return code;
}
