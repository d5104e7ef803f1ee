/* SPDX-License-Identifier: Apache-2.0 */
/* What compare-installed found, said. */
#include "verifier/review/installed_said.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/schema/rows.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/child/extract.h"
#include "verifier/review/said.h"

/* Rows of one state on a page that is to be one screen. */
#define SHOWN 5u

static const struct cret_field count_fields[] = {
    CRET_ROW_COUNT("same", CRET_REQUIRED, "Files that are as the release has them."),
    CRET_ROW_COUNT("changed", CRET_REQUIRED, "Files that are there with another content."),
    CRET_ROW_COUNT("missing", CRET_REQUIRED, "Files that are not there."),
    CRET_ROW_COUNT("extra", CRET_REQUIRED, "What lies there and is no file of the release."),
    CRET_ROW_COUNT("unreadable", CRET_REQUIRED, "What could not be looked at."),
    CRET_ROW_END,
};

static const struct cret_field file_fields[] = {
    CRET_ROW_TEXT("path", CRET_REQUIRED, "Below the folder."),
    CRET_ROW_ENUM("state", CRET_REQUIRED, cret_installed_names, "What was found."),
    CRET_ROW_ENUM("by", CRET_REQUIRED, cret_installed_ways, "How it was found."),
    CRET_ROW_STRING("releasePath", 0, CRET_FORMAT_PATH, "Its path in the archive."),
    CRET_ROW_COUNT("size", 0, "Bytes in the release."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 in the release."),
    CRET_ROW_COUNT("foundSize", 0, "Bytes in the folder."),
    CRET_ROW_SHA256("foundSha256", 0, "SHA-256 in the folder, where it was read."),
    CRET_ROW_STRING("is", 0, CRET_FORMAT_PATH,
                    "The file of the release that has this content, under another name."),
    CRET_ROW_TEXT("reason", 0, "Why it could not be looked at, or what it is."),
    CRET_ROW_END,
};

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "installed/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_TEXT("folder", CRET_REQUIRED, "The folder, as given."),
    CRET_ROW_TEXT("archive", CRET_REQUIRED, "The archive, as given."),
    CRET_ROW_OBJECT("trust", CRET_REQUIRED, cret_said_trust_fields, "How far to rely on it."),
    CRET_ROW_ENUM("verdict", CRET_REQUIRED, cret_said_verdicts, "Of the archive."),
    CRET_ROW_SHA256("identity", 0, "SHA-256 of its MANIFEST.json."),
    CRET_ROW_OBJECT("release", CRET_REQUIRED, cret_said_release_fields, "What it is a release of."),
    CRET_ROW_OBJECT("counts", CRET_REQUIRED, count_fields, "How many."),
    CRET_ROW_OBJECTS("files", CRET_REQUIRED, file_fields, "Each, sorted by path.",
                     .maximum = CRET_LIMIT_JSON_INTEGER),
    CRET_ROW_END,
};

const struct cret_file_format cret_installed_format = {
    .purpose = "installed/1",
    .words = "comparison of a folder with a release",
    .file = "cretula-verify compare-installed --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

static json_t *file_json(const struct cret_installed_file *file)
{
    struct cret_build json = cret_build_object();
    cret_build_text(&json, "path", file->path);
    cret_build_string(&json, "state", cret_installed_names[file->state]);
    cret_build_string(&json, "by", cret_installed_ways[file->way]);
    if (file->file != NULL) {
        cret_build_string(&json, "releasePath", file->file->path);
        cret_build_integer(&json, "size", (int64_t)file->file->size);
        cret_build_sha256(&json, "sha256", file->file->sha256);
    }
    if (file->has_size) {
        cret_build_integer(&json, "foundSize", (int64_t)file->size);
    }
    cret_build_sha256(&json, "foundSha256", file->has_sha256 ? file->sha256 : NULL);
    cret_build_string(&json, "is", file->is != NULL ? file->is->path : NULL);
    cret_build_text(&json, "reason", file->why);
    return cret_build_end(&json);
}

json_t *cret_installed_json(const struct cret_installed_view *view)
{
    struct cret_build json = cret_build_object(), counts = cret_build_object(),
                      files = cret_build_list();
    for (size_t i = 0; i < CRET_INSTALLED_STATES; i++) {
        cret_build_integer(&counts, cret_installed_names[i], (int64_t)view->installed->counts[i]);
    }
    for (size_t i = 0; i < view->installed->count; i++) {
        cret_build_add(&files, file_json(&view->installed->files[i]));
    }
    cret_build_string(&json, "cretula", cret_installed_format.purpose);
    cret_build_integer(&json, "exitCode", view->code);
    cret_build_text(&json, "folder", view->folder);
    cret_build_text(&json, "archive", view->archive);
    cret_build_put(&json, "trust", cret_said_trust(view->session, view->outcome));
    cret_build_string(&json, "verdict", cret_verdict_name(view->outcome->verdict));
    cret_build_sha256(&json, "identity",
                      view->outcome->has_identity ? view->outcome->identity : NULL);
    cret_build_put(&json, "release", cret_said_release(view->outcome->document));
    cret_build_put(&json, "counts", cret_build_end(&counts));
    cret_build_put(&json, "files", cret_build_end(&files));
    return cret_build_end(&json);
}

/* A name of a file is one line, whatever is in it. */
static void add_path(struct cret_buffer *out, const char *path)
{
    char *safe = cret_text_escape(path);
    cret_buffer_printf(out, "%s", safe != NULL ? safe : "(out of memory)");
    free(safe);
}

static void add_words(struct cret_buffer *out, const struct cret_installed_file *file)
{
    add_path(out, file->path);
    if (file->state == CRET_INSTALLED_CHANGED && file->has_size && file->file != NULL) {
        if (file->size != file->file->size) {
            cret_buffer_printf(out, ": %" PRIu64 " bytes instead of %" PRIu64, file->size,
                               file->file->size);
        } else {
            cret_buffer_printf(out, ": another content of the same size");
        }
    }
    if (file->is != NULL) {
        cret_buffer_printf(out, ": it is ");
        add_path(out, file->is->path);
        cret_buffer_printf(out, " of the release");
    }
    if (file->why != NULL) {
        cret_buffer_printf(out, ": %s", file->why);
    }
    if (file->state == CRET_INSTALLED_SAME && file->way == CRET_INSTALLED_BY_VERITY) {
        cret_buffer_printf(out, " (measured by the kernel)");
    }
}

static void put_state(struct cret_page *page, const struct cret_installed_view *view,
                      enum cret_installed_state state)
{
    const struct cret_installed *installed = view->installed;
    size_t shown = 0;
    for (size_t i = 0; i < installed->count; i++) {
        const struct cret_installed_file *file = &installed->files[i];
        if (file->state != state || (shown >= SHOWN && !view->verbose)) {
            continue;
        }
        struct cret_buffer text = {0};
        add_words(&text, file);
        cret_page_toned(page, state == CRET_INSTALLED_SAME ? CRET_TONE_PLAIN : CRET_TONE_CAUTION,
                        cret_installed_names[state], "%s", cret_page_words(page, &text));
        cret_buffer_free(&text);
        shown++;
    }
    if (shown < installed->counts[state]) {
        cret_page_row(page, "", "and %zu more (--verbose)", installed->counts[state] - shown);
    }
}

/* Lists that extract wrote: no files of the release, which every count of its files leaves out. */
static size_t count_lists(const struct cret_installed *installed)
{
    size_t count = 0;
    for (size_t i = 0; i < installed->count; i++) {
        count += installed->files[i].way == CRET_INSTALLED_BY_LIST ? 1u : 0u;
    }
    return count;
}

static void put_verdict(struct cret_page *page, const struct cret_installed_view *view)
{
    const size_t *counts = view->installed->counts, lists = count_lists(view->installed);
    char *release = cret_said_release_words(view->outcome->document);
    struct cret_buffer text = {0};
    const char *words = release != NULL ? release : "(out of memory)";
    if (view->code == CRET_ERR_REFUSED) {
        cret_buffer_printf(&text, "%s is not as %s has it", view->folder, words);
    } else {
        cret_buffer_printf(&text, "%s is %s%s", view->folder, words,
                           view->code == 0 ? "" : ", as far as it could be looked at");
    }
    cret_page_verdict(page,
                      view->code == 0                  ? CRET_TONE_GOOD
                      : view->code == CRET_ERR_REFUSED ? CRET_TONE_BAD
                                                       : CRET_TONE_CAUTION,
                      view->code == 0                  ? "SAME"
                      : view->code == CRET_ERR_REFUSED ? "DIFFERS"
                                                       : "NOT CHECKED",
                      "%s", cret_page_words(page, &text));
    cret_said_qualify(page, view->session, view->outcome);
    cret_page_row(page, "files", "%zu same, %zu changed, %zu missing, %zu extra, %zu unreadable",
                  counts[CRET_INSTALLED_SAME] - lists, counts[CRET_INSTALLED_CHANGED],
                  counts[CRET_INSTALLED_MISSING], counts[CRET_INSTALLED_EXTRA],
                  counts[CRET_INSTALLED_UNREADABLE]);
    if (lists > 0) {
        cret_page_row(page, "beside", "%s, no file of the release, is as extract writes it",
                      CRET_EXTRACT_LIST);
    }
    cret_buffer_free(&text);
    free(release);
}

/* How the equal ones were compared: the kernel's word is another one than reading. */
static void put_ways(struct cret_page *page, const struct cret_installed *installed)
{
    size_t measured = 0, read = 0;
    for (size_t i = 0; i < installed->count; i++) {
        measured += installed->files[i].way == CRET_INSTALLED_BY_VERITY ? 1u : 0u;
        read += installed->files[i].has_sha256 ? 1u : 0u;
    }
    cret_page_row(page, "compared",
                  "%zu by reading (SHA-256), %zu by the kernel's fs-verity "
                  "measurement",
                  read, measured);
}

void cret_installed_page(struct cret_page *page, const struct cret_installed_view *view)
{
    put_verdict(page, view);
    put_ways(page, view->installed);
    cret_page_row(page, "archive", "%s%s", view->archive,
                  view->session->policy != NULL ? ", verified" : ", UNVERIFIED");
    put_state(page, view, CRET_INSTALLED_UNREADABLE);
    put_state(page, view, CRET_INSTALLED_CHANGED);
    put_state(page, view, CRET_INSTALLED_MISSING);
    put_state(page, view, CRET_INSTALLED_EXTRA);
    if (view->verbose) {
        put_state(page, view, CRET_INSTALLED_SAME);
    }
}
