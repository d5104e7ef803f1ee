/* SPDX-License-Identifier: Apache-2.0 */
/* export sha256sums: a list that `sha256sum -c` takes. */
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "verifier/export/export.h"
#include "verifier/report/pieces.h"
#include "verifier/review/facts.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Whether a list may call the file so: what leads out of the folder, or cannot be seen, may not. */
static bool presentable(const char *name)
{
    if (name == NULL || name[0] == '/' || !cret_text_visible(name)) {
        return false;
    }
    for (const char *at = name; (at = strstr(at, "..")) != NULL; at += 2) {
        if ((at == name || at[-1] == '/') && (at[2] == '/' || at[2] == '\0')) {
            return false;
        }
    }
    return true;
}

/* As GNU coreutils write it: a line whose name has a backslash begins with one. */
static void add_line(struct cret_buffer *out, const struct cret_record_file *file, bool originals)
{
    char digest[CRET_SHA256_HEX];
    const char *name = originals && presentable(file->original) ? file->original : file->path;
    cret_hex_encode(digest, file->sha256, CRET_SHA256_BYTES);
    cret_buffer_printf(out, "%s%s  ", strchr(name, '\\') != NULL ? "\\" : "", digest);
    for (const char *at = name; *at != '\0'; at++) {
        cret_buffer_append(out, *at == '\\' ? "\\\\" : at, *at == '\\' ? 2 : 1);
    }
    cret_buffer_append(out, "\n", 1);
}

/* A comment, which sha256sum passes over: no text of a release breaks out of its line. */
static void add_comment(struct cret_buffer *out, const char *label, const char *text)
{
    char *safe = cret_text_escape(text);
    out->failed |= safe == NULL;
    cret_buffer_printf(out, "# %s%s\n", label, safe != NULL ? safe : "");
    free(safe);
}

static enum cret_status make(struct cret_buffer *out, const struct cret_export_releases *job,
                             struct cret_err *err)
{
    const struct cret_subject *subject = &job->subjects[0];
    const struct cret_outcome *outcome = subject->outcome;
    json_t *facts = cret_export_facts(subject, job->session, NULL);
    if (facts == NULL) {
        return cret_err_memory(err);
    }
    add_comment(out, "", cret_piece_text(facts, "verification"));
    add_comment(out, "vendor: ", cret_piece_text(facts, "product.vendor"));
    add_comment(out, "product: ", cret_piece_text(facts, "product.name"));
    add_comment(out, "version: ", cret_piece_text(facts, "release.version"));
    add_comment(out, "identity: ", cret_piece_text(facts, "identity"));
    json_decref(facts);
    for (size_t i = 0; i < outcome->file_count; i++) {
        add_line(out, &outcome->files[i], cret_options_given(job->options, "original-names"));
    }
    return CRET_OK;
}

static const struct cret_export_form form = {.make = make};

static int act(const struct cret_options *options)
{
    return cret_export_run(options, &form);
}

static const struct cret_option name_options[] = {
    CRET_FLAG("original-names",
              "Call files as the vendor called them, as in the vendor's own folder, where the name "
              "is relative, visible and leads nowhere else."),
    CRET_OPTION_END,
};
static const struct cret_option_group name_group = {"Export", name_options};

const struct cret_verb cret_verb_export_sha256sums = {
    .name = "sha256sums",
    .operands = "FILE",
    .summary = "Export the digests of all files as sha256sum -c takes them",
    .help =
        "A line for each file of the release, behind comments that say whether the release was "
        "verified and which it is. Names are those of the archive; --original-names gives those "
        "that `extract` writes, for `sha256sum -c` in its folder.",
    .groups = CRET_GROUPS(&name_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export sha256sums rtu7.cretula.tar --trust "
                              "trust.json --original-names --out rtu7.sha256"),
    .run = act,
};
