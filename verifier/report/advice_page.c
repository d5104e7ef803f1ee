/* SPDX-License-Identifier: Apache-2.0 */
/* The page of answers to advisories. */
#include "verifier/report/advice_page.h"

#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory.h"
#include "verifier/report/pieces.h"

enum { FILES_NAMED = 10 /* of those that were not compared */ };

/* Whether two statements of one advisory say the same of the same, and differ in the vulnerability
 * alone. */
static bool says_the_same(const json_t *left, const json_t *right)
{
    if (json_object_size(left) != json_object_size(right)) {
        return false;
    }
    CRET_JSON_MEMBERS (name, value, left) {
        if (strcmp(name, "vulnerability") != 0 &&
            !json_equal(value, json_object_get(right, name))) {
            return false;
        }
    }
    return true;
}

static void put_details(struct cret_page *page, const json_t *match)
{
    cret_page_text(page, "  names", cret_json_string(match, "product"));
    cret_page_text(page, cret_advice_is_sure(match) ? "  because" : "  confirm",
                   cret_json_string(match, "because"));
    cret_page_text(page, "  but", cret_json_string(match, "doubt"));
    cret_page_text(page, "  justified", cret_json_string(match, "justification"));
    cret_page_text(page, "  impact", cret_json_string(match, "impact"));
    cret_page_text(page, "  fixed here", cret_json_string(match, "change"));
    CRET_JSON_EACH (remediation, json_object_get(match, "remediations")) {
        struct cret_buffer label = {0};
        cret_buffer_printf(&label, "  %s", cret_piece_text(remediation, "category"));
        cret_page_text(page, cret_page_words(page, &label),
                       cret_json_string(remediation, "details"));
        cret_page_text(page, "  restart", cret_json_string(remediation, "restart"));
        cret_buffer_free(&label);
    }
}

/* The statements from `first` on that say the same in succession; returns the one after them. */
static size_t put_group(struct cret_page *page, const json_t *matches, size_t first)
{
    const json_t *match = json_array_get(matches, first);
    struct cret_buffer line = {0};
    size_t next = first;
    cret_buffer_printf(&line, "%s: ", cret_piece_text(match, "status"));
    while (next < json_array_size(matches) && says_the_same(match, json_array_get(matches, next))) {
        cret_buffer_printf(&line, "%s, ",
                           cret_piece_text(json_array_get(matches, next), "vulnerability"));
        next++;
    }
    cret_buffer_printf(&line, "%s", cret_piece_text(match, "subject"));
    cret_page_buffer(page, cret_advice_is_sure(match) ? "surely" : "possibly", &line);
    put_details(page, match);
    return next;
}

static bool has_action(const json_t *document)
{
    CRET_JSON_EACH (match, json_object_get(document, "matches")) {
        if (cret_advice_needs_action(match)) {
            return true;
        }
    }
    return false;
}

static void put_document(struct cret_page *page, const json_t *document, bool quiet)
{
    const json_t *matches = json_object_get(document, "matches");
    const size_t count = json_array_size(matches);
    const char *state = cret_json_string(document, "state");
    if (count == 0 || (quiet && !has_action(document))) {
        return;
    }
    cret_page_section(page, "advisory %s, %s%s%s: %zu %s", cret_piece_text(document, "id"),
                      cret_piece_text(document, "title"), state != NULL ? ", " : "",
                      state != NULL ? state : "", count,
                      cret_plural(count, "statement", "statements"));
    cret_page_text(page, "file", cret_json_string(document, "file"));
    for (size_t i = 0; i < count;) {
        if (quiet && !cret_advice_needs_action(json_array_get(matches, i))) {
            i++;
        } else {
            i = put_group(page, matches, i);
        }
    }
}

static void put_unread(struct cret_page *page, const json_t *document)
{
    const char *newer = cret_json_string(document, "replaced by");
    const char *error = cret_json_string(document, "error");
    const char *taken_back = cret_json_string(document, "taken back");
    if (taken_back != NULL) {
        cret_page_row(
            page, "taken back", "%s, %s: it is %s; what its earlier revisions said holds no more",
            cret_piece_text(document, "id"), cret_piece_text(document, "title"), taken_back);
        cret_page_text(page, "  file", cret_json_string(document, "file"));
    }
    if (newer != NULL) {
        cret_page_row(page, "older", "%s, replaced by %s", cret_piece_text(document, "file"),
                      newer);
    } else if (error != NULL) {
        cret_page_text(
            page, cret_json_boolean(document, "faulty", true) ? "NOT JUDGED" : "left out", error);
        cret_page_text(page, "  where", cret_json_string(document, "where"));
        cret_page_text(page, "  expected", cret_json_string(document, "expected"));
        cret_page_text(page, "  found", cret_json_string(document, "actual"));
        cret_page_text(page, "  do", cret_json_string(document, "way"));
    }
}

static void put_not_checked(struct cret_page *page, const json_t *advice)
{
    CRET_JSON_EACH (gap, json_object_get(advice, "notChecked")) {
        const json_t *files = json_object_get(gap, "files");
        struct cret_buffer line = {0};
        cret_buffer_printf(&line, "%s", cret_piece_text(gap, "reason"));
        CRET_JSON_EACH_AT (place, file, files) {
            if (place < FILES_NAMED) {
                cret_buffer_printf(&line, "%s%s", place == 0 ? ": " : ", ",
                                   json_string_value(file));
            }
        }
        cret_buffer_printf(&line, "%s", json_array_size(files) > FILES_NAMED ? ", ..." : "");
        cret_page_toned(page, CRET_TONE_CAUTION, "NOT CHECKED", "%s", cret_page_words(page, &line));
        cret_buffer_free(&line);
    }
}

/* Files left out, each kind with the way out; what says nothing of vulnerabilities is counted. */
static void put_left_out(struct cret_page *page, const json_t *advice)
{
    long long silent = 0;
    CRET_JSON_EACH (one, json_object_get(advice, "leftOut")) {
        const long long count = (long long)cret_json_integer(one, "count", 0);
        const char *first = json_string_value(json_array_get(json_object_get(one, "files"), 0));
        if (cret_json_boolean(one, "silent", false)) {
            silent += count;
        } else {
            cret_page_row(page, "left out", "%lld, %s: %s; the first is %s", count,
                          cret_piece_text(one, "kind"), cret_piece_text(one, "way"),
                          first != NULL ? first : "");
        }
    }
    if (silent > 0) {
        cret_page_row(page, "left out",
                      "%lld %s nothing of vulnerabilities (lists, digests, signatures, bare "
                      "SBOMs)",
                      silent, cret_plural((uint64_t)silent, "file says", "files say"));
    }
}

static void put_count(struct cret_page *page, const json_t *advice, const char *member,
                      const char *one, const char *many)
{
    const long long count = (long long)cret_json_integer(advice, member, 0);
    if (count > 0) {
        cret_page_row(page, "silent", "%lld %s", count, cret_plural((uint64_t)count, one, many));
    }
}

/* What was compared with what: "the product, 3 files, 150 components". It stands behind the counts:
 * that nothing is affected says nothing alone. */
static void add_compared(struct cret_buffer *line, const json_t *advice)
{
    const bool sbom = cret_json_boolean(advice, "compared.sbom", false);
    const char *why =
        cret_json_string(json_array_get(json_object_get(advice, "notChecked"), 0), "what");
    const bool unreadable = why != NULL && strcmp(why, "unreadable") == 0;
    const long long files = (long long)cret_json_integer(advice, "compared.files", 0);
    const long long components = (long long)cret_json_integer(advice, "compared.components", 0);
    cret_buffer_printf(line, "; compared: the product, %lld %s, %lld %s%s%s", files,
                       cret_plural((uint64_t)files, "file", "files"), components,
                       cret_plural((uint64_t)components, "component", "components"),
                       sbom         ? ""
                       : unreadable ? " (the SBOM could not be read)"
                                    : " (no SBOM)",
                       cret_advice_is_partial(advice) ? "; not everything: see NOT CHECKED" : "");
}

static void put_summary(struct cret_page *page, const json_t *advice)
{
    const struct cret_advice_tally tally = cret_advice_count(advice);
    struct cret_buffer line = {0};
    size_t possible = 0;
    cret_page_section(page, "In all");
    put_count(page, advice, "silent.otherProducts", "advisory of this vendor names other products",
              "advisories of this vendor name other products");
    put_count(page, advice, "silent.otherVersions",
              "advisory speaks of other versions of what is here",
              "advisories speak of other versions of what is here");
    put_left_out(page, advice);
    const long long read = (long long)cret_json_integer(advice, "read", 0);
    cret_buffer_printf(&line, "%lld %s:", read,
                       cret_plural((uint64_t)read, "advisory", "advisories"));
    for (size_t i = 0; i < CRET_ADVICE_STATUSES; i++) {
        cret_buffer_printf(&line, "%s %zu %s", i > 0 ? "," : "", tally.sure[i],
                           cret_advisory_statuses[i]);
        possible += tally.possible[i];
    }
    cret_buffer_printf(&line, "; %zu possible %s for a person to confirm", possible,
                       cret_plural(possible, "match", "matches"));
    add_compared(&line, advice);
    cret_page_buffer(page, "read", &line);
    cret_page_row(page, "note",
                  "the advisories themselves were not verified: fetch them over TLS from their "
                  "publishers");
}

static void put_title(struct cret_page *page, const struct cret_advice_view *view)
{
    const json_t *document = view->document;
    cret_page_verdict(page, CRET_TONE_PLAIN, "advisories for", "%s %s %s, %s: %s",
                      cret_piece_text(document, "product.vendor"),
                      cret_piece_text(document, "product.name"),
                      cret_piece_text(document, "release.version"), view->standing, view->archive);
}

void cret_advice_page(struct cret_page *page, const struct cret_advice_view *view)
{
    const json_t *advice = json_object_get(view->document, "advisories");
    const bool quiet = view->quiet;
    put_title(page, view);
    put_not_checked(page, advice);
    CRET_JSON_EACH (one, json_object_get(advice, "documents")) {
        if (!quiet ||
            (json_object_get(one, "error") != NULL && cret_json_boolean(one, "faulty", true))) {
            put_unread(page, one);
        }
    }
    /* First what is sure, then what may be: by the first statement, as they are in that order. */
    for (int sure = 1; sure >= 0; sure--) {
        CRET_JSON_EACH (one, json_object_get(advice, "documents")) {
            const json_t *first = json_array_get(json_object_get(one, "matches"), 0);
            if (first != NULL && cret_advice_is_sure(first) == (sure == 1)) {
                put_document(page, one, quiet);
            }
        }
    }
    if (!quiet) {
        put_summary(page, advice);
    }
}
