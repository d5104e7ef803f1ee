/* SPDX-License-Identifier: Apache-2.0 */
/* Writing findings as SARIF. */
#include "signer/report/sarif.h"

#include <stdlib.h>
#include <string.h>

#include "base/command/version.h"
#include "base/text/json_build.h"
#include "base/text/text.h"

static const char *level(enum cret_result result)
{
    switch (result) {
    case CRET_RESULT_WARN:
        return "warning";
    case CRET_RESULT_NOT_CHECKED:
    case CRET_RESULT_WAIVED:
        return "note";
    default:
        return "error";
    }
}

/* "reason. Expected: ...; found: ..." as one text, escaped. */
static json_t *message(const struct cret_finding *finding)
{
    const struct {
        const char *label;
        const char *text;
    } parts[] = {
        {". Expected: ", finding->expected},
        {". Found: ", finding->actual},
        {". What to do: ", cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint)}};
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s", finding->reason);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].text != NULL) {
            cret_buffer_printf(&text, "%s%s", parts[i].label, parts[i].text);
        }
    }
    char *safe = text.failed ? NULL : cret_text_escape(text.data);
    json_t *json = safe != NULL ? json_pack("{s:s}", "text", safe) : NULL;
    free(safe);
    cret_buffer_free(&text);
    return json;
}

static json_t *location(const struct cret_description *description, const char *where,
                        const char *artifact)
{
    struct cret_mark mark = {.file = artifact};
    if (description != NULL && where != NULL && where[0] == '#') {
        mark = cret_description_locate(description, where);
    }
    struct cret_build place = cret_build_on(json_pack("{s:{s:s}}", "artifactLocation", "uri",
                                                      mark.file != NULL ? mark.file : artifact));
    if (mark.line > 0) {
        cret_build_put(
            &place, "region",
            json_pack("{s:i, s:i}", "startLine", (int)mark.line, "startColumn", (int)mark.column));
    }
    json_t *logical = json_pack("[{s:s}]", "fullyQualifiedName", where != NULL ? where : "#");
    return json_pack("{s:o, s:o}", "physicalLocation", cret_build_end(&place), "logicalLocations",
                     logical);
}

static json_t *results(const struct cret_description *description,
                       const struct cret_findings *findings, const char *artifact)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->result == CRET_RESULT_PASS) {
            continue;
        }
        cret_build_add(&list,
                       json_pack("{s:s, s:s, s:o, s:[o]}", "ruleId",
                                 cret_check_get(finding->check)->name, "level",
                                 level(finding->result), "message", message(finding), "locations",
                                 location(description, finding->where, artifact)));
    }
    return cret_build_end(&list);
}

/* Every check, so that a viewer can explain each id. */
static json_t *rules(void)
{
    struct cret_build list = cret_build_list();
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        cret_build_add(&list,
                       json_pack("{s:s, s:{s:s}, s:{s:s}}", "id", check->name, "shortDescription",
                                 "text", check->title, "fullDescription", "text", check->meaning));
    }
    return cret_build_end(&list);
}

json_t *cret_sarif(const struct cret_description *description, const struct cret_findings *findings,
                   const char *artifact)
{
    return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:o}]}", "$schema",
                     "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs",
                     "tool", "driver", "name", "cretula-sign lint", "version", cret_version,
                     "rules", rules(), "results", results(description, findings, artifact));
}
