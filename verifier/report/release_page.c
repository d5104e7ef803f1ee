/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sections, and its two forms. */
#include "verifier/report/release_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "verifier/report/pieces.h"

enum { MOST_FIELDS = 8, MOST_LINES = 4 };

#define FIELDS static const struct cret_piece_field

FIELDS product[] = {{"vendor", "vendor", NULL},
                    {"name", "product", NULL},
                    {"modelNumbers", "models", "models "},
                    {"role", "role", ", "},
                    {"purl", "package URL", NULL},
                    {"cpe", "CPE", NULL},
                    {"iec61406Link", "IEC 61406", NULL},
                    {NULL, NULL, NULL}};
FIELDS release[] = {{"type", "type", ""},
                    {"id", "id", ", "},
                    {"date", "date", " of "},
                    {"buildId", "build", ", build "},
                    {"supersedes", "supersedes", ", supersedes "},
                    {"minUpgradeFrom", "upgrade from", ", upgrade from "},
                    {NULL, NULL, NULL}};
FIELDS rollback[] = {{"allowed", "allowed", "allowed: "},
                     {"securityVersion", "security version", ", security version "},
                     {NULL, NULL, NULL}};
FIELDS changes[] = {
    {"id", "id", ""},     {"security", "security", NULL}, {"cves", "CVEs", ", "},
    {"cwe", "CWE", NULL}, {"summary", "summary", ": "},   {"document", "document", NULL},
    {NULL, NULL, NULL}};
FIELDS risks[] = {{"id", "id", ""},
                  {"summary", "summary", ": "},
                  {"mitigation", "mitigation", NULL},
                  {"document", "document", NULL},
                  {NULL, NULL, NULL}};
FIELDS issues[] = {{"id", "id", ""},
                   {"summary", "summary", ": "},
                   {"workaround", "workaround", NULL},
                   {"document", "document", NULL},
                   {NULL, NULL, NULL}};
FIELDS prerequisites[] = {
    {"summary", "before the update", ""}, {"document", "document", NULL}, {NULL, NULL, NULL}};
FIELDS restart[] = {{"category", "restart", ""}, {"details", "details", ": "}, {NULL, NULL, NULL}};
FIELDS compatibility[] = {
    {"name", "with", ""},   {"minimumVersion", "from", " from "}, {"maximumVersion", "to", " to "},
    {"kind", "kind", NULL}, {"riskBelow", "risk below", NULL},    {"limits", "limits", NULL},
    {NULL, NULL, NULL}};
FIELDS tests[] = {{"summary", "test", ""},
                  {"expected", "expected", NULL},
                  {"document", "document", NULL},
                  {NULL, NULL, NULL}};
FIELDS qualification[] = {{"state", "state", ""},
                          {"testedWith", "tested with", NULL},
                          {"document", "document", NULL},
                          {NULL, NULL, NULL}};
FIELDS hardware[] = {{"model", "model", ""},
                     {"sku", "SKU", ", "},
                     {"revisionFrom", "from revision", ", revision "},
                     {"revisionTo", "to revision", " to "},
                     {NULL, NULL, NULL}};
FIELDS settings[] = {{"name", "setting", ""},
                     {"default", "default", ", default "},
                     {"mustChange", "must change", NULL},
                     {"fixed", "fixed", NULL},
                     {"implication", "implication", NULL},
                     {NULL, NULL, NULL}};
FIELDS deprecated[] = {{"setting", "setting", ""},
                       {"replacement", "replaced by", ", use "},
                       {"removedIn", "removed in", ", removed in "},
                       {"risk", "risk", NULL},
                       {NULL, NULL, NULL}};
FIELDS interfaces[] = {{"protocol", "protocol", ""},     {"port", "port", ", "},
                       {"direction", "direction", ", "}, {"authentication", "authentication", NULL},
                       {"data", "data", NULL},           {NULL, NULL, NULL}};
FIELDS services[] = {
    {"service", "service", ""}, {"effectOfLoss", "effect of its loss", NULL}, {NULL, NULL, NULL}};
FIELDS lifecycle[] = {
    {"generalAvailability", "available since", NULL},
    {"endOfSales", "end of sales", NULL},
    {"endOfSecuritySupport", "end of security support", "security support until "},
    {"endOfLife", "end of life", ", end of life "},
    {"lastUpdated", "as known on", NULL},
    {"afterwards", "afterwards", NULL},
    {NULL, NULL, NULL}};
FIELDS claims[] = {{"standard", "standard", ""},
                   {"basis", "basis", ", "},
                   {"scope", "scope", NULL},
                   {"limits", "limits", NULL},
                   {"securityLevel", "security level", NULL},
                   {"certificate", "certificate", NULL},
                   {NULL, NULL, NULL}};
FIELDS responsibilities[] = {
    {"party", "party", ""}, {"item", "responsibility", ": "}, {NULL, NULL, NULL}};
FIELDS advisories[] = {{"id", "advisory", ""}, {"url", "address", NULL}, {NULL, NULL, NULL}};
FIELDS contacts[] = {{"securityContact", "security contact", ""},
                     {"disclosurePolicy", "disclosure policy", NULL},
                     {"csafProvider", "CSAF provider", NULL},
                     {NULL, NULL, NULL}};
FIELDS adoption[] = {
    {"by", "by", "by "},        {"role", "role", NULL},         {"source", "source", " from "},
    {"medium", "medium", ", "}, {"acquired", "acquired", NULL}, {"note", "note", NULL},
    {NULL, NULL, NULL}};

const struct cret_piece_section cret_piece_sections[] = {
    {"changes", "What changes", "changes", false, "changes", changes},
    {"prerequisites", "Before the update", "before", false, "prerequisites", prerequisites},
    {"restart", "Restart", "restart", false, "restart", restart},
    {"settings", "Settings", "settings", false, "settings", settings},
    {"deprecated", "Deprecated settings", "deprecated", false, "deprecated", deprecated},
    {"tests", "Tests afterwards", "test", true, "testAdvice", tests},
    {"risks", "New risks", "new risk", false, "newRisks", risks},
    {"issues", "Known issues", "known issue", false, "knownIssues", issues},
    {"compatibility", "Compatibility", "works with", true, "compatibility", compatibility},
    {"release", "Release", "release", false, "release", release},
    {"rollback", "Rollback", "rollback", false, "release.rollback", rollback},
    {"product", "Product", "product", false, "product", product},
    {"hardware", "Hardware", "hardware", false, "hardware", hardware},
    {"lifecycle", "Lifecycle", "support", false, "lifecycle", lifecycle},
    {"advisories", "Advisories", "advisory", false, "advisories", advisories},
    {"interfaces", "Interfaces", "interface", false, "interfaces", interfaces},
    {"services", "External services", "service", true, "externalServices", services},
    {"qualification", "Qualification", "qualified", false, "qualification", qualification},
    {"claims", "Claims", "claims", false, "claims", claims},
    {"responsibilities", "Responsibilities", "duty of", true, "responsibilities", responsibilities},
    {"assumptions", "Assumptions", "assumes", true, "assumptions", NULL},
    {"threats", "Threats that are out of scope", "no defence", true, "outOfScopeThreats", NULL},
    {"gaps", "Not addressed", "not covered", true, "notAddressed", NULL},
    {"contacts", "Contacts", "contact", false, "contacts", contacts},
    {"adoption", "Adoption", "adopted", false, "adoption", adoption},
    {NULL, NULL, NULL, false, NULL, NULL},
};

const struct cret_piece_section *cret_piece_section_find(const char *name)
{
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        if (strcmp(one->name, name) == 0) {
            return one;
        }
    }
    return NULL;
}

/* Whether an entry comes first: a security change, a setting that must be looked at. */
static bool comes_first(const json_t *entry)
{
    return json_is_true(json_object_get(entry, "security")) ||
           json_is_true(json_object_get(entry, "mustChange"));
}

/* What a flag of the entry says, in words before its text. */
static const char *mark_of(const json_t *entry)
{
    return json_is_true(json_object_get(entry, "security"))     ? "security, "
           : json_is_true(json_object_get(entry, "mustChange")) ? "must change: "
           : json_is_true(json_object_get(entry, "fixed"))      ? "cannot change: "
                                                                : "";
}

static void line_of(struct cret_page *page, const char *label, const json_t *entry,
                    const struct cret_piece_field *fields)
{
    struct cret_buffer line = {0};
    cret_buffer_printf(&line, "%s", mark_of(entry));
    for (const struct cret_piece_field *field = fields; field->path != NULL; field++) {
        const json_t *value = field->lead != NULL ? cret_json_get(entry, field->path) : NULL;
        if (value != NULL) {
            const char *lead = field->lead + (line.size == 0 ? strspn(field->lead, " ,:") : 0);
            cret_buffer_printf(&line, "%s", lead);
            cret_piece_value(&line, value);
        }
    }
    cret_page_row(page, label, "%s", line.failed ? "(out of memory)" : line.data);
    cret_buffer_free(&line);
}

/* Entries of a list, what comes first before the rest. */
static const json_t *ordered(const json_t *list, size_t place)
{
    size_t index, found = 0;
    json_t *entry;
    for (int first = 1; first >= 0; first--) {
        json_array_foreach(list, index, entry)
        {
            if (comes_first(entry) == (first == 1) && found++ == place) {
                return entry;
            }
        }
    }
    return NULL;
}

/* How many entries of a list have a line of their own: where some come first, those alone; of a
 * list that is longer than a few lines the first of them. */
static size_t told_of(const json_t *list)
{
    size_t index, first = 0;
    json_t *entry;
    json_array_foreach(list, index, entry)
    {
        first += comes_first(entry) ? 1u : 0u;
    }
    const size_t count = json_array_size(list);
    return first > 0 ? first : count > MOST_LINES ? MOST_LINES - 1 : count;
}

static void lines_of(struct cret_page *page, const struct cret_piece_section *section,
                     const json_t *list)
{
    const size_t told = told_of(list), count = json_array_size(list);
    for (size_t i = 0; i < told; i++) {
        const json_t *entry = ordered(list, i);
        const char *label = i == 0 ? section->label : "";
        if (json_is_object(entry)) {
            line_of(page, label, entry, section->fields);
        } else {
            cret_page_row(page, label, "%s", json_string_value(entry));
        }
    }
    if (told < count) {
        cret_page_row(page, "", "and %zu other%s (--section %s)", count - told,
                      count - told == 1 ? "" : "s", section->name);
    }
}

void cret_release_page_lines(struct cret_page *page, const json_t *facts)
{
    struct cret_buffer counted = {0};
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        const json_t *value = cret_json_get(facts, one->key);
        if (json_is_object(value)) {
            line_of(page, one->label, value, one->fields);
        } else if (!one->counted) {
            lines_of(page, one, value);
        } else if (json_array_size(value) > 0) {
            cret_buffer_printf(&counted, "%s%zu %s", counted.size > 0 ? ", " : "",
                               json_array_size(value), one->name);
        }
    }
    if (counted.size > 0) {
        cret_page_row(page, "more", "%s (--section NAME)",
                      counted.failed ? "(out of memory)" : counted.data);
    }
    cret_buffer_free(&counted);
}

/* The columns of a table that have something in some entry. */
static size_t used_columns(struct cret_page_column *columns, const struct cret_piece_field **used,
                           const json_t *list, const struct cret_piece_field *fields)
{
    size_t count = 0, index;
    json_t *entry;
    for (const struct cret_piece_field *field = fields; field->path != NULL; field++) {
        bool there = false;
        json_array_foreach(list, index, entry)
        {
            there = there || cret_json_get(entry, field->path) != NULL;
        }
        if (there && count < MOST_FIELDS) {
            columns[count] = (struct cret_page_column){.name = field->name};
            used[count++] = field;
        }
    }
    return count;
}

static void table_of(struct cret_page *page, const json_t *list,
                     const struct cret_piece_field *fields)
{
    struct cret_page_column columns[MOST_FIELDS];
    const struct cret_piece_field *used[MOST_FIELDS];
    const size_t count = used_columns(columns, used, list, fields);
    cret_page_table(page, columns, count);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = ordered(list, i);
        for (size_t column = 0; column < count; column++) {
            struct cret_buffer text = {0};
            cret_piece_value(&text, cret_json_get(entry, used[column]->path));
            cret_page_cell(page, "%s", text.data != NULL ? text.data : "");
            cret_buffer_free(&text);
        }
    }
}

static void heading(struct cret_page *page, const char *mark, const char *words)
{
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s%s", mark, words);
    cret_page_section(page, text.failed ? words : text.data);
    cret_buffer_free(&text);
}

void cret_release_page_section(struct cret_page *page, const json_t *facts,
                               const struct cret_piece_section *section, const char *mark)
{
    const json_t *value = cret_json_get(facts, section->key);
    if (value == NULL || (json_is_array(value) && json_array_size(value) == 0)) {
        return;
    }
    heading(page, mark, section->heading);
    if (json_is_array(value) && section->fields != NULL) {
        table_of(page, value, section->fields);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        cret_page_paragraph(page, "%s", json_string_value(json_array_get(value, i)));
    }
    for (const struct cret_piece_field *field = section->fields;
         json_is_object(value) && field->path != NULL; field++) {
        struct cret_buffer text = {0};
        cret_piece_value(&text, cret_json_get(value, field->path));
        cret_page_row(page, field->name, "%s", text.data != NULL ? text.data : "");
        cret_buffer_free(&text);
    }
}

void cret_release_page_sections(struct cret_page *page, const json_t *facts, const char *mark)
{
    for (const struct cret_piece_section *one = cret_piece_sections; one->name != NULL; one++) {
        cret_release_page_section(page, facts, one, mark);
    }
}

/* The title in the first language that there is. */
static const char *title_of(const json_t *document)
{
    const json_t *titles = json_object_get(document, "title");
    void *first = json_object_iter((json_t *)(uintptr_t)titles);
    const char *english = cret_piece_text(titles, "en");
    return english[0] != '\0' ? english
           : first != NULL    ? json_string_value(json_object_iter_value(first))
                              : "";
}

void cret_release_page_documents(struct cret_page *page, const json_t *facts, const char *mark)
{
    static const struct cret_page_column columns[] = {{.name = "document"},
                                                      {.name = "version"},
                                                      {.name = "id"},
                                                      {.name = "topics"},
                                                      {.name = "file"}};
    const json_t *documents = cret_json_get(facts, "documents");
    size_t index;
    json_t *document;
    if (json_array_size(documents) == 0) {
        return;
    }
    heading(page, mark, "Documents");
    cret_page_table(page, columns, CRET_LENGTH(columns));
    json_array_foreach(documents, index, document)
    {
        struct cret_buffer topics = {0};
        const char *file = cret_piece_text(document, "file");
        const json_t *id = json_array_get(json_object_get(document, "ids"), 0);
        cret_piece_value(&topics, json_object_get(document, "topics"));
        cret_page_cell(page, "%s", title_of(document));
        cret_page_cell(page, "%s", cret_piece_text(document, "version"));
        cret_page_cell(page, "%s", cret_piece_text(id, "id"));
        cret_page_cell(page, "%s", topics.data != NULL ? topics.data : "");
        cret_page_cell(page, "%s",
                       file[0] != '\0' ? file : cret_piece_text(document, "availability"));
        cret_buffer_free(&topics);
    }
}

void cret_release_page_document_lines(struct cret_page *page, const json_t *facts)
{
    size_t index;
    json_t *document;
    json_array_foreach(cret_json_get(facts, "documents"), index, document)
    {
        struct cret_buffer line = {0};
        const char *file = cret_piece_text(document, "file");
        cret_buffer_printf(&line, "%s %s", title_of(document),
                           cret_piece_text(document, "version"));
        const json_t *topics = json_object_get(document, "topics");
        if (json_array_size(topics) > 0) {
            cret_buffer_printf(&line, " (");
            cret_piece_value(&line, topics);
            cret_buffer_printf(&line, ")");
        }
        cret_buffer_printf(&line, ", %s",
                           file[0] != '\0' ? file : cret_piece_text(document, "availability"));
        cret_page_row(page, index == 0 ? "documents" : "", "%s",
                      line.failed ? "(out of memory)" : line.data);
        cret_buffer_free(&line);
    }
}
