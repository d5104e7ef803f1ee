/* SPDX-License-Identifier: Apache-2.0 */
/* show: the manifest in lines, or in sections. */
#include "verifier/report/show_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/report/release_page.h"

/* No column: every member is a row. */
static const struct cret_piece_field no_columns[] = {{NULL, NULL, NULL}};

/* Parts of the manifest that a screen shows in a form of their own. */
static const struct cret_piece_section own[] = {
    {"documents", "Document", "", CRET_PIECE_COUNTED, "documents", no_columns},
    {"sbom", "SBOM", "", CRET_PIECE_COUNTED, "sbom", no_columns},
    {"provenance", "Provenance", "", CRET_PIECE_COUNTED, "provenance", no_columns},
};

/* Sections that are no part of the manifest by themselves. */
static const char *const further[] = {"topics", "files", NULL};

static const struct cret_piece_section *find_own(const char *name)
{
    for (size_t i = 0; i < CRET_LENGTH(own); i++) {
        if (strcmp(own[i].name, name) == 0) {
            return &own[i];
        }
    }
    return NULL;
}

bool cret_show_section_known(const char *name)
{
    for (size_t i = 0; further[i] != NULL; i++) {
        if (strcmp(further[i], name) == 0) {
            return true;
        }
    }
    return find_own(name) != NULL || cret_piece_section_find(name) != NULL;
}

char *cret_show_section_names(void)
{
    struct cret_buffer names = {0};
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        cret_buffer_printf(&names, "%s, ", one->name);
    }
    for (size_t i = 0; i < CRET_LENGTH(own); i++) {
        cret_buffer_printf(&names, "%s, ", own[i].name);
    }
    cret_buffer_printf(&names, "topics or files");
    return names.failed ? NULL : names.data;
}

static void put_verdict(struct cret_page *page, const struct cret_outcome *outcome,
                        const struct cret_show_view *view)
{
    const json_t *document = outcome->document;
    struct cret_buffer text = {0};
    cret_buffer_printf(
        &text, "%s %s %s (sequence %" PRId64 ")", cret_piece_text(document, "product.vendor"),
        cret_piece_text(document, "product.name"), cret_piece_text(document, "release.version"),
        cret_json_integer(document, "release.sequence", 0));
    const bool refused = outcome->verdict == CRET_VERDICT_REFUSED;
    cret_page_verdict(page,
                      view->policy == NULL ? CRET_TONE_CAUTION
                      : refused            ? CRET_TONE_BAD
                                           : CRET_TONE_GOOD,
                      view->policy != NULL ? cret_verdict_name(outcome->verdict) : "UNVERIFIED",
                      "%s",
                      document == NULL ? "nothing could be read" : cret_page_words(page, &text));
    if (view->policy == NULL) {
        cret_page_qualify(page, "compared with no trusted key: anybody may have written this");
    }
    cret_buffer_free(&text);
}

static void put_faults(struct cret_page *page, const struct cret_outcome *outcome)
{
    for (size_t i = 0; i < cret_findings_count(outcome->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(outcome->findings, i);
        if (finding->result == CRET_RESULT_FAIL) {
            cret_page_toned(page, CRET_TONE_BAD, "FAIL", "%s: %s",
                            cret_check_get(finding->check)->name, finding->reason);
            cret_page_row(page, "where", "%s", finding->where != NULL ? finding->where : "");
            cret_page_row(page, "expected", "%s",
                          finding->expected != NULL ? finding->expected : "");
            cret_page_row(page, "found", "%s", finding->actual != NULL ? finding->actual : "");
            cret_page_row(page, "what to do", "%s", finding->hint != NULL ? finding->hint : "");
        }
    }
}

static void put_signers(struct cret_page *page, const struct cret_outcome *outcome,
                        const struct cret_show_view *view)
{
    CRET_JSON_EACH_AT (index, signature, json_object_get(outcome->document, "signatures")) {
        const char *subject = cret_piece_text(signature, "certificate.subject");
        const bool counted = cret_json_boolean(signature, "counted", false);
        cret_page_row(page, index == 0 ? "signed by" : "", "%s%s%s",
                      subject[0] != '\0' ? subject : cret_piece_text(signature, "name"),
                      counted                ? ", counts for role "
                      : view->policy != NULL ? ", not counted"
                                             : ", as it says itself",
                      counted ? cret_piece_text(signature, "role") : "");
    }
}

/* A policy that says more than its file must say so. */
static void put_overlay(struct cret_page *page, const struct cret_policy *policy)
{
    if (policy != NULL && policy->overlay_name != NULL) {
        char digest[CRET_SHA256_HEX];
        cret_hex_encode(digest, policy->overlay_digest, CRET_SHA256_BYTES);
        cret_page_row(page, "overlay", "%s (SHA-256 %s) tightens the trust policy",
                      policy->overlay_name, digest);
    }
}

/* "8 files, 335.8 KB: 1 firmware, 4 document" */
static void put_file_summary(struct cret_page *page, const struct cret_outcome *outcome)
{
    struct cret_buffer line = {0};
    int64_t bytes = 0;
    for (size_t i = 0; i < outcome->file_count; i++) {
        bytes += (int64_t)outcome->files[i].size;
    }
    cret_buffer_printf(&line, "%zu, ", outcome->file_count);
    cret_piece_size(&line, bytes);
    for (size_t i = 0; i < outcome->file_count; i++) {
        const char *role = outcome->files[i].role;
        size_t same = 0;
        bool first = true;
        for (size_t j = 0; j < outcome->file_count; j++) {
            const bool equal = strcmp(outcome->files[j].role, role) == 0;
            first = first && !(equal && j < i);
            same += equal ? 1u : 0u;
        }
        if (first) {
            cret_buffer_printf(&line, "%s%zu %s", i == 0 ? ": " : ", ", same, role);
        }
    }
    cret_page_row(page, "files", "%s (--files)", cret_page_words(page, &line));
    cret_buffer_free(&line);
}

/* What only a few files have. */
static void put_details(struct cret_page *page, const struct cret_outcome *outcome,
                        const struct cret_record_file *file)
{
    const json_t *details =
        json_object_get(json_object_get(outcome->document, "fileDetails"), file->path);
    struct cret_buffer hardware = {0}, safety = {0};
    char hex[CRET_SHA256_HEX] = "";
    if ((file->flags & CRET_FILE_HAS_FSVERITY) != 0) {
        cret_hex_encode(hex, file->fsverity, CRET_SHA256_BYTES);
    }
    cret_piece_value(&hardware, json_object_get(details, "hardware"));
    cret_page_cell(page, "%s", hex);
    cret_page_cell(page, "%s", cret_piece_text(details, "mediaType"));
    cret_page_cell(page, "%s", hardware.data != NULL ? hardware.data : "");
    cret_piece_value(&safety, json_object_get(details, "safetyRelevant"));
    if (safety.size > 0 && json_object_get(details, "safetyFunction") != NULL) {
        cret_buffer_printf(&safety, ", ");
    }
    cret_piece_value(&safety, json_object_get(details, "safetyFunction"));
    cret_page_cell(page, "%s", safety.data != NULL ? safety.data : "");
    cret_buffer_free(&hardware);
    cret_buffer_free(&safety);
}

/* whole: with every field. */
static void put_files(struct cret_page *page, const struct cret_outcome *outcome, const char *mark,
                      bool whole)
{
    static const struct cret_page_column columns[] = {
        {.name = "file"},          {.name = "role"},         {.name = "bytes", .number = true},
        {.name = "original name"}, {.name = "SHA-256"},      {.name = "fs-verity"},
        {.name = "media type"},    {.name = "for hardware"}, {.name = "for safety"}};
    enum { DETAILS = 4 };
    cret_page_section(page, "%sFiles", mark);
    cret_page_table(page, columns, CRET_LENGTH(columns) - (whole ? 0 : DETAILS));
    for (size_t i = 0; i < outcome->file_count; i++) {
        const struct cret_record_file *file = &outcome->files[i];
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, file->sha256, CRET_SHA256_BYTES);
        cret_page_cell(page, "%s", file->path);
        cret_page_cell(page, "%s", file->role);
        cret_page_cell(page, "%" PRIu64, file->size);
        cret_page_cell(page, "%s", file->original != NULL ? file->original : "");
        cret_page_cell(page, "%s", hex);
        if (whole) {
            put_details(page, outcome, file);
        }
    }
}

/* What was read of the SBOM of that file; NULL: nothing was. */
static const json_t *read_of(const struct cret_outcome *outcome, const json_t *sbom)
{
    CRET_JSON_EACH (one, json_object_get(outcome->document, "sboms")) {
        if (strcmp(cret_piece_text(one, "file"), cret_piece_text(sbom, "file")) == 0) {
            return one;
        }
    }
    return NULL;
}

/* "CycloneDX-1.6, 73 components, sbom.cdx.json" */
static void put_sbom_lines(struct cret_page *page, const struct cret_outcome *outcome,
                           const json_t *manifest)
{
    const json_t *sboms = json_object_get(manifest, "sbom");
    if (json_array_size(sboms) == 0) {
        cret_page_row(page, "SBOM", "none: which components are in it is not known");
    }
    CRET_JSON_EACH_AT (index, sbom, sboms) {
        const json_t *read = read_of(outcome, sbom);
        const json_t *parts = json_object_get(read, "components");
        const size_t count = json_array_size(parts);
        const char *unread = cret_piece_text(read, "unread");
        struct cret_buffer line = {0};
        if (parts != NULL) {
            cret_buffer_printf(&line, ", %zu %s", count,
                               cret_plural(count, "component", "components"));
        }
        cret_page_row(page, index == 0 ? "SBOM" : "", "%s%s, %s%s%s%s",
                      cret_piece_text(sbom, "format"), line.data != NULL ? line.data : "",
                      cret_piece_text(sbom, "file"), unread[0] != '\0' ? ", not read: " : "",
                      unread, parts != NULL ? " (--section sbom)" : "");
        cret_buffer_free(&line);
    }
}

/* Every component, as the SBOMs list them. */
static void put_components(struct cret_page *page, const struct cret_outcome *outcome,
                           const char *mark)
{
    static const struct cret_page_column columns[] = {
        {.name = "component"}, {.name = "version"}, {.name = "licence"}, {.name = "supplier"}};
    static const char *const keys[] = {"name", "version", "license", "supplier"};
    CRET_JSON_EACH (sbom, json_object_get(outcome->document, "sboms")) {
        const json_t *parts = json_object_get(sbom, "components");
        cret_page_section(page, "%sComponents of %s", mark, cret_piece_text(sbom, "file"));
        if (json_array_size(parts) > 0) {
            cret_page_table(page, columns, CRET_LENGTH(columns));
        } else {
            cret_page_paragraph(page, "%s",
                                parts != NULL ? "none besides the product itself"
                                              : cret_piece_text(sbom, "unread"));
        }
        CRET_JSON_EACH (part, parts) {
            for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
                cret_page_cell(page, "%s", cret_piece_text(part, keys[i]));
            }
        }
    }
}

static void put_section(struct cret_page *page, const struct cret_outcome *outcome,
                        const char *name, const char *mark)
{
    const json_t *manifest = json_object_get(outcome->document, "manifest");
    const struct cret_piece_section *section = cret_piece_section_find(name);
    section = section != NULL ? section : find_own(name);
    if (strcmp(name, "files") == 0) {
        put_files(page, outcome, mark, true);
    }
    if (strcmp(name, "topics") == 0 || strcmp(name, "documents") == 0) {
        cret_release_page_topics(page, manifest, mark);
    }
    if (section != NULL) {
        cret_release_page_section(page, manifest, section, mark);
    }
    if (strcmp(name, "sbom") == 0) {
        put_components(page, outcome, mark);
    }
}

/* Of a solution: "PLC 1.2 of V, SUBPACKAGES/plc/, signed by leaf". */
static void put_packages(struct cret_page *page, const struct cret_outcome *outcome,
                         const struct cret_show_view *view)
{
    CRET_JSON_EACH_AT (index, one, json_object_get(outcome->document, "packages")) {
        struct cret_buffer line = {0};
        const char *identity = cret_json_string(one, "identity");
        cret_buffer_printf(&line, "%s: %s %s of %s; ", cret_piece_text(one, "folder"),
                           cret_piece_text(one, "product"), cret_piece_text(one, "version"),
                           cret_piece_text(one, "vendor"));
        CRET_JSON_EACH_AT (number, signer, json_object_get(one, "signers")) {
            const char *role = cret_json_string(signer, "role");
            cret_buffer_printf(&line, "%s%s%s%s", number == 0 ? "signed by " : ", ",
                               cret_piece_text(signer, "subject"),
                               role != NULL           ? ", counts for role "
                               : view->policy != NULL ? ", not counted"
                                                      : ", as it says itself",
                               role != NULL ? role : "");
        }
        cret_buffer_printf(&line, "; identity %s",
                           identity != NULL ? identity : "depends on who is trusted");
        cret_page_row(page, index == 0 ? "packages" : "", "%s", cret_page_words(page, &line));
        cret_buffer_free(&line);
    }
}

void cret_show_page(struct cret_page *page, const struct cret_outcome *outcome,
                    const struct cret_show_view *view)
{
    const json_t *manifest = json_object_get(outcome->document, "manifest");
    const char *mark = view->policy != NULL ? "" : "UNVERIFIED ";
    put_verdict(page, outcome, view);
    put_faults(page, outcome);
    if (view->section != NULL) {
        put_section(page, outcome, view->section, mark);
        return;
    }
    if (outcome->identity_open) {
        cret_page_row(page, "identity", "depends on who is trusted: give --trust or --anchor");
    } else if (outcome->has_identity) {
        char identity[CRET_SHA256_HEX];
        cret_hex_encode(identity, outcome->identity, CRET_SHA256_BYTES);
        cret_page_row(page, "identity", "%s", identity);
    }
    put_signers(page, outcome, view);
    put_overlay(page, view->policy);
    put_packages(page, outcome, view);
    if (view->verbose) {
        cret_release_page_sections(page, manifest, mark);
        cret_release_page_topics(page, manifest, mark);
        for (size_t i = 0; i < CRET_LENGTH(own); i++) {
            cret_release_page_section(page, manifest, &own[i], mark);
        }
        put_components(page, outcome, mark);
    } else if (manifest != NULL) {
        cret_release_page_lines(page, manifest);
        cret_release_page_document_lines(page, manifest);
        put_sbom_lines(page, outcome, manifest);
        put_file_summary(page, outcome);
    }
    if (view->files) {
        put_files(page, outcome, mark, false);
    }
}
