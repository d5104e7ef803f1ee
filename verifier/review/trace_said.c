/* SPDX-License-Identifier: Apache-2.0 */
/* trace: its answer as JSON (trace/1) and as a page. */
#include <stdlib.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/review/said.h"
#include "verifier/review/trace.h"

/* Rows of one file on a page that is to be one screen. */
#define SHOWN 4u

static const char *const kinds[] = {"file",     "nested", "component", "document",
                                    "manifest", "record", NULL};
static const char *const line_kinds[] = {"genesis", "run",   "note", "unconfirmed",
                                         "rotate",  "close", NULL};

static const struct cret_field item_fields[] = {
    CRET_ROW_ENUM("kind", CRET_REQUIRED, kinds,
                  "A file of the release, a file in an archive of it, a component of its SBOM, a "
                  "document, the manifest, a record."),
    CRET_ROW_TEXT("path", CRET_REQUIRED, "In the release; of a component or document its name."),
    CRET_ROW_TEXT("version", 0, "Of a component or document."),
    CRET_ROW_TEXT("purl", 0, "Package URL of a component."),
    CRET_ROW_COUNT("size", 0, "Bytes."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256."),
    CRET_ROW_OBJECT("source", CRET_REQUIRED, cret_trace_source_fields, "Where that was read."),
    CRET_ROW_END,
};

static const struct cret_field line_fields[] = {
    CRET_ROW_TEXT("journal", CRET_REQUIRED, "The journal's folder."),
    CRET_ROW_COUNT("number", CRET_REQUIRED, "The line."),
    CRET_ROW_STRING("time", CRET_REQUIRED, CRET_FORMAT_ANY_TIME, "Its time."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, line_kinds, "What it is."),
    CRET_ROW_ENUM("verdict", 0, cret_said_verdicts, "Of a run."),
    CRET_ROW_BOOLEAN("countsAsAccepted", CRET_REQUIRED, "Whether it counts as an acceptance."),
    CRET_ROW_TEXT("asset", 0, "The asset."),
    CRET_ROW_TEXT("stage", 0, "The stage."),
    CRET_ROW_TEXT("changeId", 0, "The change."),
    CRET_ROW_SHA256("identity", 0, "The release."),
    CRET_ROW_END,
};

static const struct cret_field file_fields[] = {
    CRET_ROW_TEXT("file", CRET_REQUIRED, "As given."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "Of its content, by which it was looked for."),
    CRET_ROW_BOOLEAN("known", CRET_REQUIRED, "Whether anything has this content."),
    CRET_ROW_COUNT("count", CRET_REQUIRED, "How often it was found; the first 1000 are listed."),
    CRET_ROW_OBJECTS("found", CRET_REQUIRED, item_fields,
                     "Verified ones first, then by vendor, product, latest sequence."),
    CRET_ROW_OBJECTS("lines", CRET_REQUIRED, line_fields,
                     "Lines of journals about the releases that were found."),
    CRET_ROW_OBJECTS("sameName", CRET_REQUIRED, item_fields,
                     "Where nothing was found: what has this name and another content."),
    CRET_ROW_END,
};

static const struct cret_field gap_fields[] = {
    CRET_ROW_TEXT("source", CRET_REQUIRED, "Of which source."),
    CRET_ROW_TEXT("path", 0, "The part; absent: all of it."),
    CRET_ROW_TEXT("why", CRET_REQUIRED, "Why it was not looked into."),
    CRET_ROW_END,
};

const struct cret_field cret_trace_failed_fields[] = {
    CRET_ROW_TEXT("path", CRET_REQUIRED, "As given."),
    CRET_ROW_TEXT("why", CRET_REQUIRED, "Why nothing of it was used."),
    CRET_ROW_TEXT("hint", 0, "What helps."),
    CRET_ROW_END,
};

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "trace/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_OBJECTS("files", CRET_REQUIRED, file_fields, "Each file that was asked for."),
    CRET_ROW_OBJECTS("gaps", CRET_REQUIRED, gap_fields, "What was not looked into."),
    CRET_ROW_OBJECTS("failed", CRET_REQUIRED, cret_trace_failed_fields,
                     "Operands of --in that gave nothing."),
    CRET_ROW_END,
};

const struct cret_file_format cret_trace_format = {
    .purpose = "trace/1",
    .words = "answer of trace",
    .file = "cretula-verify trace --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

json_t *cret_trace_json(const struct cret_trace *trace, int code)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", cret_trace_format.purpose);
    cret_build_integer(&json, "exitCode", code);
    cret_build_share(&json, "files", trace->answers);
    cret_build_share(&json, "gaps", trace->gaps);
    cret_build_share(&json, "failed", trace->failed);
    return cret_build_end(&json);
}

/* "ACME EG-200 3.2.0" */
static void add_release(struct cret_buffer *out, const json_t *hit)
{
    if (cret_json_string(hit, "source.release.product") == NULL) {
        cret_buffer_printf(out, "%s %s", cret_piece_text(hit, "source.kind"),
                           cret_piece_text(hit, "source.path"));
        return;
    }
    cret_buffer_printf(out, "%s %s %s", cret_piece_text(hit, "source.release.vendor"),
                       cret_piece_text(hit, "source.release.product"),
                       cret_piece_text(hit, "source.release.version"));
}

/* What is said of where it was read: an index is no evidence. */
static void add_worth(struct cret_buffer *out, const json_t *hit)
{
    const char *state = cret_piece_text(hit, "source.state"),
               *policy = cret_piece_text(hit, "source.policy");
    const bool verified = cret_json_boolean(hit, "source.verified", false);
    if (verified) {
        cret_buffer_printf(out, ", verified%s%s%s", policy[0] != '\0' ? " under " : "", policy,
                           cret_json_boolean(hit, "source.exampleKeys", false)
                               ? " with example keys, which prove nothing"
                               : "");
        if (cret_json_string(hit, "source.asOf") != NULL) {
            cret_buffer_printf(out, " as of %s", cret_piece_text(hit, "source.asOf"));
        }
    } else {
        cret_buffer_printf(out, ", UNVERIFIED");
    }
    if (strcmp(state, "there") != 0) {
        cret_buffer_printf(out, ", %s",
                           strcmp(state, "gone") == 0      ? "no longer there"
                           : strcmp(state, "changed") == 0 ? "changed since"
                                                           : "not looked at today");
    }
}

static void put_hit(struct cret_page *page, const char *label, const json_t *hit)
{
    struct cret_buffer text = {0};
    const char *version = cret_json_string(hit, "version");
    const char *kind = cret_piece_text(hit, "kind");
    cret_buffer_printf(&text, "%s %s%s%s of ", strcmp(kind, "nested") == 0 ? "file" : kind,
                       cret_piece_text(hit, "path"), version != NULL ? " " : "",
                       version != NULL ? version : "");
    add_release(&text, hit);
    cret_buffer_printf(&text, " (%s", cret_piece_text(hit, "source.path"));
    add_worth(&text, hit);
    cret_buffer_printf(&text, ")");
    cret_page_buffer(page, label, &text);
}

static void put_hits(struct cret_page *page, const char *label, const json_t *hits, size_t count,
                     bool verbose)
{
    CRET_JSON_EACH_AT (index, hit, hits) {
        if (index < SHOWN || verbose) {
            put_hit(page, index == 0 ? label : "", hit);
        }
    }
    const size_t shown = verbose || json_array_size(hits) < SHOWN ? json_array_size(hits) : SHOWN;
    if (shown < count) {
        cret_page_row(page, "", "and %zu more%s", count - shown, verbose ? "" : " (--verbose)");
    }
}

static void put_lines(struct cret_page *page, const json_t *lines, bool verbose)
{
    CRET_JSON_EACH_AT (index, line, lines) {
        if (index >= SHOWN && !verbose) {
            continue;
        }
        const char *asset = cret_piece_text(line, "asset"), *stage = cret_piece_text(line, "stage");
        const bool lost = strncmp(cret_piece_text(line, "verdict"), "ACCEPTED", 8) == 0 &&
                          !cret_json_boolean(line, "countsAsAccepted", false);
        cret_page_row(
            page, index == 0 ? "journal" : "", "line %lld of %s: %s%s %s%s%s%s%s",
            (long long)cret_json_integer(line, "number", 0), cret_piece_text(line, "journal"),
            cret_piece_text(line, "verdict")[0] != '\0' ? cret_piece_text(line, "verdict")
                                                        : cret_piece_text(line, "kind"),
            lost ? " (does not count)" : "", cret_piece_text(line, "time"),
            asset[0] != '\0' ? ", asset " : "", asset, stage[0] != '\0' ? ", " : "", stage);
    }
    if (!verbose && json_array_size(lines) > SHOWN) {
        cret_page_row(page, "", "and %zu more (--verbose)", json_array_size(lines) - SHOWN);
    }
}

static void put_file(struct cret_page *page, const json_t *answer, bool verbose)
{
    const json_t *found = json_object_get(answer, "found");
    const json_t *named = json_object_get(answer, "sameName");
    cret_page_section(page, "%s", cret_piece_text(answer, "file"));
    cret_page_row(page, "SHA-256", "%s", cret_piece_text(answer, "sha256"));
    if (!cret_json_boolean(answer, "known", false)) {
        cret_page_toned(page, CRET_TONE_CAUTION, "UNKNOWN",
                        "nothing that was looked into has this "
                        "content");
        put_hits(page, "same name", named, json_array_size(named), verbose);
        return;
    }
    put_hits(page, "it is", found, (size_t)cret_json_integer(answer, "count", 0), verbose);
    put_lines(page, json_object_get(answer, "lines"), verbose);
}

static void put_not_looked_into(struct cret_page *page, const struct cret_trace *trace,
                                bool verbose)
{
    CRET_JSON_EACH (one, trace->failed) {
        cret_said_failed(page, CRET_TONE_CAUTION, "NOT READ", one);
    }
    CRET_JSON_EACH_AT (index, one, trace->gaps) {
        const char *path = cret_piece_text(one, "path");
        if (index < SHOWN || verbose) {
            cret_page_row(page, index == 0 ? "not read" : "", "%s%s%s: %s",
                          cret_piece_text(one, "source"), path[0] != '\0' ? ", " : "", path,
                          cret_piece_text(one, "why"));
        }
    }
    if (!verbose && json_array_size(trace->gaps) > SHOWN) {
        cret_page_row(page, "", "and %zu more (--verbose)", json_array_size(trace->gaps) - SHOWN);
    }
}

void cret_trace_page(struct cret_page *page, const struct cret_trace *trace, bool verbose)
{
    const size_t count = json_array_size(trace->answers);
    const int code = cret_trace_code(trace);
    struct cret_buffer text = {0};
    if (count == 1) {
        cret_buffer_printf(&text, "%s", cret_piece_text(json_array_get(trace->answers, 0), "file"));
    } else if (trace->unknown == count) {
        cret_buffer_printf(&text, "none of the %zu files", count);
    } else {
        cret_buffer_printf(&text, "%zu of %zu files", count - trace->unknown, count);
    }
    cret_buffer_printf(&text, "%s",
                       code == (int)CRET_ERR_UNDECIDED ? "; not everything was looked into" : "");
    cret_page_verdict(page, code == 0 ? CRET_TONE_GOOD : CRET_TONE_CAUTION,
                      code == 0                 ? "FOUND"
                      : trace->unknown == count ? "NOT FOUND"
                                                : "NOT ALL FOUND",
                      "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
    if (trace->session != NULL) {
        cret_said_qualify(page, trace->session, NULL);
    } else {
        cret_page_qualify(page, "from a catalogue: an index, never evidence");
    }
    put_not_looked_into(page, trace, verbose);
    CRET_JSON_EACH (answer, trace->answers) {
        put_file(page, answer, verbose);
    }
}
