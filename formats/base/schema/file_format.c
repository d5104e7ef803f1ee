/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file of ours: within its size, as strict JSON, held to its fields. */
#include "base/schema/file_format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/nature.h"
#include "base/text/text.h"

enum cret_status cret_file_format_fault(const struct cret_file_format *format, const char *origin,
                                        const char *pointer, struct cret_err *err, const char *text,
                                        ...)
{
    char what[512];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(what, sizeof(what), text, arguments);
    va_end(arguments);
    cret_err_set(err, format->fault,
                 format->fault == CRET_ERR_REFUSED ? format->check : CRET_CHECK_NONE, "%s", what);
    cret_err_where(err, "%s %s", origin, pointer);
    return format->hint != NULL ? cret_err_hint(err, "%s", format->hint) : CRET_FAILED;
}

/* What somebody gave in the place of JSON, where its beginning tells; else NULL. */
static const struct cret_nature *foreign(const char *text, size_t size)
{
    const struct cret_nature *nature = cret_nature_in_place_of_text(text, size);
    /* Of a page the reader of JSON itself knows what to do. */
    return nature != NULL && text[0] != '{' && text[0] != '<' ? nature : NULL;
}

enum cret_status cret_file_format_parse(json_t **ret_json, const struct cret_file_format *format,
                                        const char *text, size_t size, const char *origin,
                                        struct cret_err *err)
{
    struct cret_err fault = {0};
    const bool large = size > format->bytes;
    if (!large &&
        cret_json_parse(ret_json, text, size, CRET_JSON_STRICT, format->check, &fault) == CRET_OK) {
        return CRET_OK;
    }
    const struct cret_nature *kind =
        large || fault.class == CRET_ERR_REFUSED ? foreign(text, size) : NULL;
    if (kind != NULL) {
        cret_err_clear(&fault);
        cret_err_refuse(&fault, format->check, "it is %s, not a JSON text", kind->words);
    } else if (large) {
        cret_file_format_fault(format, origin, "#/", err, "the %s is too large", format->words);
        cret_err_expected(err, "at most %zu bytes", format->bytes);
        return cret_err_actual(err, "%zu bytes", size);
    }
    if (fault.class == CRET_ERR_REFUSED) {
        char place[sizeof(fault.where)];
        memcpy(place, fault.where, sizeof(place));
        cret_err_reclass(&fault, format->fault);
        cret_err_where(&fault, "%s%s%s", origin, place[0] == '\0' ? "" : ", ", place);
        cret_err_context(&fault, "the %s", format->words);
        if (fault.hint[0] == '\0' && format->hint != NULL) {
            cret_err_hint(&fault, "%s", format->hint);
        }
    }
    if (err != NULL) {
        *err = fault;
    }
    return CRET_FAILED;
}

/* The first finding that counts as the error, and how many others there are. */
static enum cret_status tell(const struct cret_file_format *format, const char *origin,
                             const struct cret_finding *first, size_t others, struct cret_err *err)
{
    cret_file_format_fault(format, origin, first->where == NULL ? "#/" : first->where, err,
                           "the %s is not well-formed: %s", format->words, first->reason);
    cret_err_expected(err, "%s", first->expected == NULL ? "" : first->expected);
    cret_err_actual(err, "%s", first->actual == NULL ? "" : first->actual);
    if (first->hint != NULL) {
        return cret_err_hint(err, "%s", first->hint);
    }
    if (format->hint == NULL && others > 0) {
        return cret_err_hint(err, "there %s %zu more %s like this",
                             cret_plural(others, "is", "are"), others,
                             cret_plural(others, "deviation", "deviations"));
    }
    return CRET_FAILED;
}

enum cret_status cret_file_format_check(const struct cret_file_format *format, const json_t *json,
                                        const char *origin, const char *except,
                                        struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_findings *findings = cret_findings_new();
    const struct cret_finding *first = NULL;
    size_t count = 0;
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    const bool fits = cret_schema_validate(format->fields, json, format->side, format->check,
                                           findings) == CRET_OK;
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (except == NULL || finding->where == NULL || strcmp(finding->where, except) != 0) {
            first = first == NULL ? finding : first;
            count++;
        }
    }
    if (cret_findings_whole(findings, err) != CRET_OK) {
        status = CRET_FAILED;
    } else if (!fits && cret_findings_count(findings) == 0) {
        cret_err_memory(err);
    } else if (first != NULL) {
        tell(format, origin, first, count - 1, err);
    } else {
        status = CRET_OK;
    }
    cret_findings_free(&findings);
    return status;
}

enum cret_status cret_file_format_read(json_t **ret_json, const struct cret_file_format *format,
                                       const char *text, size_t size, const char *origin,
                                       struct cret_err *err)
{
    json_t *json = NULL;
    if (cret_file_format_parse(&json, format, text, size, origin, err) != CRET_OK ||
        cret_file_format_check(format, json, origin, NULL, err) != CRET_OK) {
        json_decref(json);
        return CRET_FAILED;
    }
    *ret_json = json;
    return CRET_OK;
}

json_t *cret_file_format_schema(const struct cret_file_format *format)
{
    json_t *schema = NULL;
    char *title = cret_text_printf("Cretula %s (%s)", format->words, format->file);
    char *id = cret_text_printf("urn:cretula:schema:%s", format->purpose);
    if (id != NULL && title != NULL) {
        *strchr(id, '/') = ':';
        schema = cret_schema_export(format->fields, format->side, id, title);
    }
    free(id);
    free(title);
    return schema;
}
