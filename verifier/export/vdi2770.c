/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata of a document container, in the order of the guideline's schema. */
#include "verifier/export/vdi2770.h"

#include <string.h>
#include <strings.h>

#include "base/page/escape.h"
#include "base/text/json.h"
#include "base/text/path.h"

/* Names of the guideline's classes. */
static const struct {
    const char *id, *english, *german;
} classes[] = {
    {"01-01", "Identification", "Identifikation"},
    {"02-01", "Technical specification", "Technische Spezifikation"},
    {"02-02", "Drawings, plans", "Zeichnungen, Pläne"},
    {"02-03", "Components", "Bauteile"},
    {"02-04", "Certificates", "Zeugnisse, Zertifikate, Bescheinigungen"},
    {"03-01", "Assembly, disassembly", "Montage, Demontage"},
    {"03-02", "Operation", "Bedienung"},
    {"03-03", "General safety", "Allgemeine Sicherheit"},
    {"03-04", "Inspection, maintenance", "Inspektion, Wartung, Prüfung"},
    {"03-05", "Repair", "Instandsetzung"},
    {"03-06", "Spare parts", "Ersatzteile"},
    {"04-01", "contract documents", "Vertragsunterlagen"},
};

/* What the file is, by its name: the release's media types stay in the manifest's list of files. */
static const struct {
    const char *ending, *type;
} endings[] = {
    {".pdf", "application/pdf"},   {".html", "text/html"},      {".htm", "text/html"},
    {".md", "text/markdown"},      {".txt", "text/plain"},      {".xml", "application/xml"},
    {".json", "application/json"}, {".zip", "application/zip"}, {".csv", "text/csv"},
};

static void say(struct cret_buffer *list, const char *words)
{
    cret_buffer_printf(list, "%s%s", list->size > 0 ? "; " : "", words);
}

static void attribute(struct cret_buffer *out, const char *name, const char *value)
{
    cret_buffer_printf(out, " %s=\"", name);
    cret_escape_markup(out, value);
    cret_buffer_append(out, "\"", 1);
}

/* <name>text</name> behind that many blanks. */
static void element(struct cret_buffer *out, int indent, const char *name, const char *text)
{
    cret_buffer_printf(out, "%*s<%s>", indent, "", name);
    cret_escape_markup(out, text);
    cret_buffer_printf(out, "</%s>\n", name);
}

static void party(struct cret_buffer *out, int indent, const char *role, const char *name,
                  const char *official, const char *id)
{
    cret_buffer_printf(out, "%*s<Party Role=\"%s\">\n%*s<Organization", indent, "", role,
                       indent + 2, "");
    if (id != NULL) {
        attribute(out, "OrganizationId", id);
    }
    attribute(out, "OrganizationName", name);
    attribute(out, "OrganizationOfficialName", official != NULL ? official : name);
    cret_buffer_printf(out, "/>\n%*s</Party>\n", indent, "");
}

static void party_of(struct cret_buffer *out, int indent, const char *role, const json_t *entry)
{
    party(out, indent, role, cret_json_string(entry, "name"),
          cret_json_string(entry, "officialName"), cret_json_string(entry, "organizationId"));
}

static const json_t *primary(const json_t *document)
{
    const json_t *ids = json_object_get(document, "ids");
    CRET_JSON_EACH (id, ids) {
        if (cret_json_boolean(id, "primary", false)) {
            return id;
        }
    }
    return json_array_get(ids, 0);
}

const char *cret_vdi2770_id(const json_t *document)
{
    return cret_json_string(primary(document), "id");
}

/* Ids of the primary one's domain: who answers for another domain, the release does not say. */
static void write_ids(struct cret_vdi2770 *made, const json_t *facts, const json_t *document)
{
    struct cret_buffer *out = &made->metadata;
    const json_t *first = primary(document);
    const char *domain = cret_json_string(first, "domain");
    CRET_JSON_EACH (id, json_object_get(document, "ids")) {
        if (strcmp(cret_json_string(id, "domain"), domain) != 0) {
            say(&made->notes, "ids of other domains are left out: the release does not say who "
                              "answers for them");
            continue;
        }
        cret_buffer_printf(out, "  <DocumentId");
        attribute(out, "DomainId", domain);
        cret_buffer_printf(out, id == first ? " IsPrimary=\"true\">" : ">");
        cret_escape_markup(out, cret_json_string(id, "id"));
        cret_buffer_printf(out, "</DocumentId>\n");
    }
    cret_buffer_printf(out, "  <DocumentIdDomain");
    attribute(out, "DocumentDomainId", domain);
    cret_buffer_printf(out, ">\n");
    party(out, 4, "Responsible", cret_json_string(facts, "product.vendor"), NULL, NULL);
    cret_buffer_printf(out, "  </DocumentIdDomain>\n");
}

static void write_class(struct cret_buffer *out, const char *system, const char *id, bool named)
{
    cret_buffer_printf(out, "  <DocumentClassification ClassificationSystem=\"%s\">\n", system);
    element(out, 4, "ClassId", id);
    for (size_t i = 0; named && i < CRET_LENGTH(classes); i++) {
        if (strcmp(classes[i].id, id) == 0) {
            cret_buffer_printf(out, "    <ClassName Language=\"en\">%s</ClassName>\n",
                               classes[i].english);
            cret_buffer_printf(out, "    <ClassName Language=\"de\">%s</ClassName>\n",
                               classes[i].german);
        }
    }
    cret_buffer_printf(out, "  </DocumentClassification>\n");
}

static void write_classes(struct cret_vdi2770 *made, const json_t *document)
{
    size_t known = 0;
    CRET_JSON_EACH (class, json_object_get(document, "classes")) {
        const bool own = strcmp(cret_json_string(class, "system"), "VDI2770") == 0;
        write_class(&made->metadata, own ? "VDI2770:2018" : "IEC61355-1:2008",
                    cret_json_string(class, "id"), own);
        known += own;
    }
    if (known == 0) {
        say(&made->missing, "no class of VDI 2770");
    }
}

static void write_object(struct cret_buffer *out, const json_t *facts)
{
    const char *link = cret_json_string(facts, "product.iec61406Link");
    const json_t *models = cret_json_get(facts, "product.modelNumbers");
    cret_buffer_printf(out, "  <ReferencedObject>\n");
    CRET_JSON_EACH (model, models) {
        cret_buffer_printf(out, "    <ObjectId ObjectType=\"Type\">");
        cret_escape_markup(out, json_string_value(model));
        cret_buffer_printf(out, "</ObjectId>\n");
    }
    if (link != NULL || json_array_size(models) == 0) {
        cret_buffer_printf(out, "    <ObjectId ObjectType=\"Type\"%s>",
                           link != NULL ? " IsGloballyBiUnique=\"true\"" : "");
        cret_escape_markup(out, link != NULL ? link : cret_json_string(facts, "product.name"));
        cret_buffer_printf(out, "</ObjectId>\n");
    }
    party(out, 4, "Manufacturer", cret_json_string(facts, "product.vendor"), NULL, NULL);
    cret_buffer_printf(out, "  </ReferencedObject>\n");
}

static void write_languages(struct cret_vdi2770 *made, const json_t *document)
{
    const json_t *languages = json_object_get(document, "languages");
    CRET_JSON_EACH (language, languages) {
        element(&made->metadata, 4, "Language", json_string_value(language));
    }
    if (json_array_size(languages) == 0) {
        say(&made->missing, "no language");
    }
}

static void write_parties(struct cret_vdi2770 *made, const json_t *document)
{
    static const char *const roles[] = {"Author", "Responsible"};
    const json_t *parties = json_object_get(document, "parties");
    size_t written = 0;
    CRET_JSON_EACH (one, parties) {
        const char *role = cret_json_string(one, "role");
        for (size_t i = 0; i < CRET_LENGTH(roles); i++) {
            if (strcmp(role, roles[i]) == 0) {
                party_of(&made->metadata, 4, role, one);
                written++;
            }
        }
    }
    if (written == 0) {
        say(&made->missing, "no author or responsible party");
    }
}

/* Keywords stand in one text, with commas between them. */
static void write_keywords(struct cret_buffer *out, const char *text)
{
    cret_buffer_printf(out, "      <KeyWords>\n");
    while (*text != '\0') {
        const size_t size = strcspn(text, ",");
        const size_t lead = strspn(text, " ") < size ? strspn(text, " ") : size;
        char *word = cret_text_printf("%.*s", (int)(size - lead), text + lead);
        out->failed |= word == NULL;
        if (word != NULL && word[0] != '\0') {
            element(out, 8, "KeyWord", word);
        }
        free(word);
        text += size + (text[size] == ',' ? 1 : 0);
    }
    cret_buffer_printf(out, "      </KeyWords>\n");
}

/* A language counts where title, summary and keywords are there in it. */
static void write_descriptions(struct cret_vdi2770 *made, const json_t *document)
{
    struct cret_buffer *out = &made->metadata;
    const json_t *titles = json_object_get(document, "title");
    size_t written = 0;
    CRET_JSON_MEMBERS (language, title, titles) {
        const char *subtitle =
            json_string_value(json_object_get(json_object_get(document, "subtitle"), language));
        const char *summary =
            json_string_value(json_object_get(json_object_get(document, "summary"), language));
        const char *keywords =
            json_string_value(json_object_get(json_object_get(document, "keywords"), language));
        if (summary == NULL || keywords == NULL || keywords[strspn(keywords, " ,")] == '\0') {
            continue;
        }
        cret_buffer_printf(out, "    <DocumentDescription");
        attribute(out, "Language", language);
        cret_buffer_printf(out, ">\n");
        element(out, 6, "Title", json_string_value(title));
        if (subtitle != NULL) {
            element(out, 6, "SubTitle", subtitle);
        }
        element(out, 6, "Summary", summary);
        write_keywords(out, keywords);
        cret_buffer_printf(out, "    </DocumentDescription>\n");
        written++;
    }
    if (written == 0) {
        say(&made->missing, "no language with title, summary and keywords");
    } else if (written < json_object_size(titles)) {
        say(&made->notes, "titles without summary or keywords are left out");
    }
}

/* State and date of the revision that the document is. */
static void write_status(struct cret_vdi2770 *made, const json_t *facts, const json_t *document)
{
    struct cret_buffer *out = &made->metadata;
    const char *version = cret_json_string(document, "version");
    const json_t *found = NULL, *answers = NULL;
    CRET_JSON_EACH (one, json_object_get(document, "revisions")) {
        found = strcmp(cret_json_string(one, "version"), version) == 0 ? one : found;
    }
    CRET_JSON_EACH (one, json_object_get(document, "parties")) {
        answers = strcmp(cret_json_string(one, "role"), "Responsible") == 0 ? one : answers;
    }
    const char *status = cret_json_string(found, "status");
    if (status == NULL) {
        say(&made->missing, "no state (revisions[].status) of this version");
        return;
    }
    cret_buffer_printf(out, "    <LifeCycleStatus");
    attribute(out, "StatusValue", status);
    attribute(out, "SetDate", cret_json_string(found, "date"));
    cret_buffer_printf(out, ">\n");
    if (answers != NULL) {
        party_of(out, 6, "Responsible", answers);
    } else {
        party(out, 6, "Responsible", cret_json_string(facts, "product.vendor"), NULL, NULL);
    }
    cret_buffer_printf(out, "    </LifeCycleStatus>\n");
}

static void write_relations(struct cret_buffer *out, const json_t *document)
{
    const char *own = cret_json_string(primary(document), "domain");
    CRET_JSON_EACH (relation, json_object_get(document, "relations")) {
        const char *domain = cret_json_string(relation, "domain");
        const char *version = cret_json_string(relation, "version");
        cret_buffer_printf(out, "    <DocumentRelationship");
        attribute(out, "Type", cret_json_string(relation, "type"));
        cret_buffer_printf(out, ">\n      <DocumentId");
        attribute(out, "DomainId", domain != NULL ? domain : own);
        cret_buffer_printf(out, ">");
        cret_escape_markup(out, cret_json_string(relation, "target"));
        cret_buffer_printf(out, "</DocumentId>\n");
        if (version != NULL) {
            element(out, 6, "DocumentVersionId", version);
        }
        cret_buffer_printf(out, "    </DocumentRelationship>\n");
    }
}

static const char *type_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < CRET_LENGTH(endings); i++) {
        if (strcasecmp(dot, endings[i].ending) == 0) {
            return endings[i].type;
        }
    }
    return "application/octet-stream";
}

/* The one file, at the top of the container. */
static void write_file(struct cret_vdi2770 *made, const json_t *document)
{
    const char *file = cret_json_string(document, "file");
    if (file == NULL) {
        say(&made->missing, "it is handed over on request, and not in the release");
        return;
    }
    const char *name = cret_path_name(file);
    const char *type = type_of(name);
    if (strcasecmp(name, CRET_VDI2770_METADATA) == 0) {
        say(&made->missing, "its file has the name of the metadata");
    }
    say(&made->notes, strcmp(type, "application/pdf") == 0
                          ? "whether the PDF is a PDF/A was not checked"
                          : "no PDF/A: the guideline demands one in each container");
    cret_buffer_printf(&made->metadata, "    <DigitalFile");
    attribute(&made->metadata, "FileFormat", type);
    cret_buffer_printf(&made->metadata, ">");
    cret_escape_markup(&made->metadata, name);
    cret_buffer_printf(&made->metadata, "</DigitalFile>\n");
}

static void write_version(struct cret_vdi2770 *made, const json_t *facts, const json_t *document)
{
    const json_int_t pages = cret_json_integer(document, "pages", 0);
    cret_buffer_printf(&made->metadata, "  <DocumentVersion");
    if (pages > 0) {
        cret_buffer_printf(&made->metadata, " NumberOfPages=\"%" JSON_INTEGER_FORMAT "\"", pages);
    }
    cret_buffer_printf(&made->metadata, ">\n");
    element(&made->metadata, 4, "DocumentVersionId", cret_json_string(document, "version"));
    write_languages(made, document);
    write_parties(made, document);
    write_descriptions(made, document);
    write_status(made, facts, document);
    write_relations(&made->metadata, document);
    write_file(made, document);
    cret_buffer_printf(&made->metadata, "  </DocumentVersion>\n");
}

enum cret_status cret_vdi2770_make(struct cret_vdi2770 *ret_made, const json_t *facts,
                                   const json_t *document, const char *comment,
                                   struct cret_err *err)
{
    *ret_made = (struct cret_vdi2770){0};
    cret_buffer_append(&ret_made->missing, "", 0);
    cret_buffer_append(&ret_made->notes, "", 0);
    cret_buffer_printf(&ret_made->metadata,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- %s -->\n"
                       "<Document xmlns=\"http://www.vdi.de/schemas/vdi2770\">\n",
                       comment);
    write_ids(ret_made, facts, document);
    write_classes(ret_made, document);
    write_object(&ret_made->metadata, facts);
    write_version(ret_made, facts, document);
    cret_buffer_printf(&ret_made->metadata, "</Document>\n");
    return ret_made->missing.failed || ret_made->notes.failed || ret_made->metadata.failed
               ? cret_err_memory(err)
               : CRET_OK;
}

void cret_vdi2770_clear(struct cret_vdi2770 *made)
{
    cret_buffer_free(&made->missing);
    cret_buffer_free(&made->notes);
    cret_buffer_free(&made->metadata);
}
