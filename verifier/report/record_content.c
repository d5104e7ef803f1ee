/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says is in a release: what it is, its components, what VEX and advisories mean. */
#include <inttypes.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory.h"
#include "verifier/report/foreign_page.h"
#include "verifier/report/pieces.h"
#include "verifier/report/record_page_internal.h"

bool cret_record_says(const json_t *record, const char *path, const char *value)
{
    const char *found = cret_json_string(record, path);
    return found != NULL && strcmp(found, value) == 0;
}

/* "Vendor Product 1.2.3 (sequence 7)"; nothing where the record names no release. */
void cret_record_add_title(struct cret_buffer *out, const json_t *record)
{
    const char *vendor = cret_json_string(record, "what.product.vendor");
    const char *product = cret_json_string(record, "what.product.name");
    const char *version = cret_json_string(record, "what.release.version");
    if (vendor != NULL && product != NULL && version != NULL) {
        cret_buffer_printf(out, "%s %s %s (sequence %" PRId64 ")", vendor, product, version,
                           cret_json_integer(record, "what.release.sequence", 0));
    } else if (cret_json_get(record, "what.foreign.proof") != NULL) {
        cret_record_add_foreign_title(out, record);
    }
}

/* "2 known issues", behind a comma where something stands already; nothing for none. */
void cret_record_add_count(struct cret_buffer *line, size_t count, const char *one,
                           const char *many)
{
    if (count > 0) {
        cret_buffer_printf(line, "%s%zu %s", line->size > 0 ? ", " : "", count,
                           count == 1 ? one : many);
    }
}

/* Entries of a part, those that the record leaves out too. */
size_t cret_record_count_of(const json_t *record, const char *part)
{
    size_t count = json_array_size(json_object_get(cret_json_get(record, "what"), part));
    CRET_JSON_EACH (left, cret_json_get(record, "what.leftOut")) {
        if (cret_record_says(left, "part", part)) {
            count += (size_t)cret_json_integer(left, "entries", 0);
        }
    }
    return count;
}

/* "1 possibly affected (CVE-2026-1), 2 fixed (...)": one status, sure or possible. */
static void add_advice(struct cret_buffer *line, const json_t *advice, const char *status,
                       const char *match)
{
    struct cret_buffer ids = {0};
    size_t count = 0;
    CRET_JSON_EACH (entry, advice) {
        if (cret_record_says(entry, "status", status) && cret_record_says(entry, "match", match) &&
            count++ < CRET_RECORD_IDS) {
            cret_buffer_printf(&ids, "%s%s", ids.size > 0 ? ", " : "",
                               cret_piece_text(entry, "vulnerability"));
        }
    }
    if (count > 0) {
        cret_buffer_printf(line, "%s%zu %s%s (%s%s)", line->size > 0 ? ", " : "", count,
                           strcmp(match, "sure") == 0 ? "" : "possibly ", status,
                           ids.failed ? "out of memory" : ids.data,
                           count > CRET_RECORD_IDS ? ", ..." : "");
    }
    cret_buffer_free(&ids);
}

/* What VEX and advisories in the release mean for this version, the gravest first. */
void cret_record_put_advice_row(struct cret_page *page, const json_t *record)
{
    const json_t *advice = cret_json_get(record, "what.advice");
    const size_t kept = json_array_size(advice), all = cret_record_count_of(record, "advice");
    struct cret_buffer line = {0};
    for (size_t i = 0; cret_advisory_statuses[i] != NULL; i++) {
        add_advice(&line, advice, cret_advisory_statuses[i], "sure");
        add_advice(&line, advice, cret_advisory_statuses[i], "possible");
    }
    cret_record_add_count(&line, all - kept, "more that is not listed", "more that are not listed");
    cret_page_row(page, "VEX says", "%s", line.data != NULL ? line.data : "");
    cret_buffer_free(&line);
}

#define CLAIMED "(claimed, unverified)"

void cret_record_put_release(struct cret_page *page, const json_t *record)
{
    const json_t *claimed = cret_json_get(record, "what.claimed");
    struct cret_buffer title = {0};
    cret_record_add_title(&title, record);
    if (cret_json_string(claimed, "product") != NULL) {
        cret_buffer_printf(&title, "%s %s %s " CLAIMED, cret_piece_text(claimed, "vendor"),
                           cret_piece_text(claimed, "product"),
                           cret_piece_text(claimed, "version"));
    }
    cret_page_buffer(page, "release", &title);
}

void cret_record_put_identity(struct cret_page *page, const json_t *record)
{
    const char *claimed = cret_piece_text(record, "what.claimed.identity");
    cret_page_row(page, "identity", "%s", cret_piece_text(record, "what.identity"));
    cret_page_row(page, "identity", "%s%s", claimed, claimed[0] != '\0' ? " " CLAIMED : "");
}

/* Where nothing was authenticated, nothing is said of what is inside. */
static bool knows_release(const json_t *record)
{
    return cret_json_get(record, "what.release") != NULL;
}

static const char *or_not_said(const json_t *part, const char *key)
{
    const char *text = cret_piece_text(part, key);
    return text[0] != '\0' ? text : "not said";
}

static void put_parts(struct cret_page *page, const json_t *sbom)
{
    static const struct cret_page_column columns[] = {
        {.name = "component"}, {.name = "version"}, {.name = "licence"}, {.name = "supplier"}};
    const json_t *parts = json_object_get(sbom, "parts");
    const uint64_t left_out = (uint64_t)cret_json_integer(sbom, "partsLeftOut", 0);
    if (json_array_size(parts) > 0) {
        cret_page_table(page, columns, CRET_LENGTH(columns));
    }
    CRET_JSON_EACH (part, parts) {
        cret_page_cell(page, "%s", or_not_said(part, "name"));
        cret_page_cell(page, "%s", or_not_said(part, "version"));
        cret_page_cell(page, "%s", or_not_said(part, "license"));
        cret_page_cell(page, "%s", or_not_said(part, "supplier"));
    }
    if (left_out > 0) {
        cret_page_paragraph(page,
                            "And %" PRIu64 " more %s that %s not listed here; %s has them all.",
                            left_out, cret_plural(left_out, "component", "components"),
                            cret_plural(left_out, "is", "are"), cret_piece_text(sbom, "file"));
    }
}

/* all: what the record counts; one of an earlier version lists none of them. */
static void put_components(struct cret_page *page, const json_t *sbom, int64_t all)
{
    const json_t *parts = json_object_get(sbom, "parts");
    const int64_t listed = (int64_t)json_array_size(parts);
    const int64_t others = cret_json_integer(sbom, "partsLeftOut", 0);
    if (parts == NULL) {
        cret_page_row(page, "components", "%" PRId64 ", which this record does not list", all);
    } else {
        cret_page_row(page, "components", "%" PRId64 " besides the product, as the SBOM says",
                      listed + others);
        put_parts(page, sbom);
    }
}

void cret_record_put_sboms(struct cret_page *page, const json_t *record)
{
    const json_t *sboms = cret_json_get(record, "what.sbom");
    if (!knows_release(record) || sboms == NULL) {
        return;
    }
    cret_page_section(page, "Components (SBOM)");
    if (json_array_size(sboms) == 0) {
        cret_page_paragraph(page, "The release has no SBOM: which components are in it is not "
                                  "known, and no advisory can be compared with them.");
    }
    CRET_JSON_EACH (sbom, sboms) {
        const int64_t components = cret_json_integer(sbom, "components", -1);
        cret_page_row(page, "SBOM", "%s, %s", cret_piece_text(sbom, "file"),
                      cret_piece_text(sbom, "format"));
        if (components < 0) {
            cret_page_toned(page, CRET_TONE_CAUTION, "components",
                            "not known: this run could not read the SBOM");
        } else {
            put_components(page, sbom, components);
        }
    }
}

/* "possibly affected: a person must confirm it" */
static void put_meaning(struct cret_page *page, const json_t *entry)
{
    const char *status = cret_piece_text(entry, "status");
    const bool sure = cret_record_says(entry, "match", "sure");
    const bool open = strcmp(status, cret_advisory_statuses[0]) == 0 ||
                      strcmp(status, cret_advisory_statuses[1]) == 0;
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s%s%s", sure ? "" : "possibly ", status,
                       sure ? "" : ": a person must confirm it");
    cret_page_cell_toned(page,
                         open && sure ? CRET_TONE_BAD
                         : open       ? CRET_TONE_CAUTION
                                      : CRET_TONE_PLAIN,
                         cret_page_words(page, &text));
    cret_buffer_free(&text);
}

static void put_why(struct cret_page *page, const json_t *entry)
{
    static const char *const parts[][2] = {
        {"", "because"}, {"it states: ", "stated"}, {"but ", "doubt"}};
    struct cret_buffer text = {0};
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        const char *part = cret_piece_text(entry, parts[i][1]);
        if (part[0] != '\0') {
            cret_buffer_printf(&text, "%s%s%s", text.size > 0 ? "; " : "", parts[i][0], part);
        }
    }
    cret_page_cell_buffer(page, &text);
}

static void put_advice_table(struct cret_page *page, const json_t *advice)
{
    static const struct cret_page_column columns[] = {{.name = "vulnerability"},
                                                      {.name = "this version is"},
                                                      {.name = "what is meant"},
                                                      {.name = "because"},
                                                      {.name = "file"}};
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (entry, advice) {
        cret_page_cell(page, "%s", cret_piece_text(entry, "vulnerability"));
        put_meaning(page, entry);
        cret_page_cell(page, "%s", cret_piece_text(entry, "subject"));
        put_why(page, entry);
        cret_page_cell(page, "%s", cret_piece_text(entry, "file"));
    }
}

void cret_record_put_advice(struct cret_page *page, const json_t *record)
{
    const json_t *advice = cret_json_get(record, "what.advice");
    if (!knows_release(record)) {
        return;
    }
    cret_page_section(page, "What VEX and advisories in the release mean for version %s",
                      cret_piece_text(record, "what.release.version"));
    if (advice == NULL) {
        cret_page_paragraph(page,
                            "The release has no VEX and no advisory that was read: nothing is "
                            "said here of vulnerabilities in it.");
    } else if (json_array_size(advice) == 0) {
        cret_page_paragraph(page, "Those that were read say nothing of this release.");
    } else {
        cret_record_put_advice_row(page, record);
        put_advice_table(page, advice);
        cret_page_paragraph(page, "This is what files in the release say, which are as old as the "
                                  "release.");
    }
    cret_page_paragraph(page, "What became known since is in the vendor's advisories: "
                              "`cretula-verify advisories` compares a release with them.");
}
