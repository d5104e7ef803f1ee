/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and tables of a record. */
#include "evidence/export/view.h"

#include <inttypes.h>
#include <string.h>

#include "base/page/page_html.h"
#include "base/text/json.h"
#include "base/text/text.h"

static void row(struct cret_page *page, const char *label, const json_t *value)
{
    if (json_is_integer(value)) {
        cret_page_row(page, label, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        cret_page_row(page, label, "%s",
                      json_is_string(value) ? json_string_value(value) : "not stated");
    }
}

void cret_view_rows(struct cret_page *page, const json_t *record, const struct cret_view_row *rows)
{
    for (; rows->label != NULL; rows++) {
        row(page, rows->label, cret_json_get(record, rows->path));
    }
}

void cret_view_list(struct cret_page *page, const json_t *record, const char *label,
                    const char *path, const char *none)
{
    struct cret_buffer line = {0};
    CRET_JSON_EACH_AT (index, value, cret_json_get(record, path)) {
        cret_buffer_printf(&line, "%s%s", index > 0 ? ", " : "", json_string_value(value));
    }
    if (line.size == 0) {
        cret_buffer_printf(&line, "%s", none);
    }
    cret_page_buffer(page, label, &line);
}

size_t cret_view_signers(struct cret_page *page, const json_t *record)
{
    static const struct cret_view_row rows[] = {
        {"signed by", "certificate.subject"},
        {"issuer", "certificate.issuer"},
        {"certificate (SHA-256)", "certificate.sha256"},
        {"key (SHA-256)", "certificate.keySha256"},
        {"algorithm", "algorithm"},
        {"trusted as", "signer"},
        {"role", "role"},
        {NULL, NULL},
    };
    size_t count = 0;
    CRET_JSON_EACH (signature, cret_json_get(record, "how.signatures")) {
        if (cret_json_boolean(signature, "counted", false)) {
            cret_view_rows(page, signature, rows);
            count++;
        }
    }
    if (count == 0) {
        cret_page_toned(page, CRET_TONE_BAD, "signed by",
                        "nobody whom the trust of this run accepts: the source is not identified");
    }
    return count;
}

static bool has_role(const json_t *file, const char *const *roles)
{
    const char *role = cret_json_string(file, "role");
    for (; roles != NULL && *roles != NULL; roles++) {
        if (role != NULL && strcmp(role, *roles) == 0) {
            return true;
        }
    }
    return roles == NULL;
}

/* By which digest the file was held to the release; NULL: by none. */
static const char *proof_of(const json_t *file)
{
    const char *state = cret_json_string(file, "sha256State");
    const char *tree = cret_json_string(file, "fsverityState");
    if (state != NULL && strcmp(state, "verified") == 0) {
        return "verified";
    }
    return tree != NULL && strcmp(tree, "verified") == 0 ? "verified by its fs-verity digest"
                                                         : NULL;
}

size_t cret_view_files(struct cret_page *page, const json_t *record, const char *const *roles,
                       size_t *ret_verified)
{
    static const struct cret_page_column columns[] = {{.name = "File"},
                                                      {.name = "Role"},
                                                      {.name = "Bytes", .number = true},
                                                      {.name = "SHA-256", .code = true},
                                                      {.name = "State"}};
    const json_t *files = cret_json_get(record, "what.files");
    size_t count = 0;
    *ret_verified = 0;
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (file, files) {
        const char *proof = proof_of(file);
        if (!has_role(file, roles)) {
            continue;
        }
        cret_page_cell(page, "%s", cret_json_string(file, "path"));
        cret_page_cell(page, "%s", cret_json_string(file, "role"));
        cret_page_cell(page, "%" JSON_INTEGER_FORMAT,
                       (json_int_t)cret_json_integer(file, "size", 0));
        cret_page_cell(page, "%s", cret_json_string(file, "sha256"));
        cret_page_cell(page, "%s", proof != NULL ? proof : "claimed, not verified");
        *ret_verified += proof != NULL;
        count++;
    }
    return count;
}

void cret_view_end(struct cret_page *page, const struct cret_record_copy *record)
{
    static const struct cret_view_row rows[] = {
        {"time", "when.time"},
        {"clock", "when.source"},
        {"user", "who.user"},
        {"name", "who.name"},
        {"role", "who.role"},
        {"host", "who.host"},
        {"program", "how.program"},
        {"version", "how.version"},
        {"policy", "how.policy.name"},
        {"policy version", "how.policy.version"},
        {"policy (SHA-256)", "how.policy.sha256"},
        {NULL, NULL},
    };
    cret_page_section(page, "Who verified, when and how");
    cret_view_rows(page, record->json, rows);
    cret_page_section(page, "What this does not say");
    CRET_JSON_EACH (limit, json_object_get(record->json, "limits")) {
        cret_page_paragraph(page, "%s", json_string_value(limit));
    }
    cret_page_paragraph(page, "This page repeats a record, and judges nothing: whether a rule is "
                              "met is for those who answer for it. The record itself is the "
                              "evidence (cretula-verify record verify).");
}

enum cret_status cret_view_write(char **ret_text, size_t *ret_size, struct cret_page *page,
                                 const char *title, const struct cret_record_copy *record,
                                 struct cret_err *err)
{
    struct cret_buffer out = {0};
    const char *identity = cret_json_string(record->json, "what.identity");
    const struct cret_page_html options = {.title = title, .footer = identity};
    const enum cret_status status = cret_page_html(&out, page, &options, err);
    cret_page_free(&page);
    if (status != CRET_OK) {
        cret_buffer_free(&out);
        return CRET_FAILED;
    }
    *ret_text = out.data;
    *ret_size = out.size;
    return CRET_OK;
}
