/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of a release and the topics that they answer, in words. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/report/release_page.h"

/* What each topic of the profile iec62443-component is about, in a word or two; its title is in
 * that profile. */
static const char *const words[][2] = {
    {"S3", "deployment"},  {"S5", "authentication"}, {"S6", "communication"},
    {"S7", "data"},        {"S8", "hardening"},      {"S9", "logging"},
    {"S10", "settings"},   {"S11", "zones"},         {"S12", "integration"},
    {"S15", "disclosure"}, {"S16", "updates"},       {"S19", "life cycle"},
    {"S20", "testing"},    {"S24", "commissioning"}, {"S25", "backup"},
    {"S26", "recovery"},   {"S28", "failure modes"}, {"S34", "interoperability"},
    {"S36", "latency"},    {"S37", "phasing"},
};

/* "S5 authentication"; of a topic of another profile its id. */
static void add_topic(struct cret_buffer *out, const char *id)
{
    cret_buffer_printf(out, "%s", id);
    for (size_t i = 0; i < CRET_LENGTH(words); i++) {
        if (strcmp(words[i][0], id) == 0) {
            cret_buffer_printf(out, " %s", words[i][1]);
        }
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

/* Where it is: its file, or that it must be asked for. */
static const char *place_of(const json_t *document)
{
    const char *file = cret_piece_text(document, "file");
    return file[0] != '\0'                                                       ? file
           : strcmp(cret_piece_text(document, "availability"), "onRequest") == 0 ? "on request"
                                                                                 : "";
}

/* "TITLE VERSION, FILE" */
static void add_document(struct cret_buffer *out, const json_t *document)
{
    const char *place = place_of(document);
    cret_buffer_printf(out, "%s %s%s%s", title_of(document), cret_piece_text(document, "version"),
                       place[0] != '\0' ? ", " : "", place);
}

void cret_release_page_documents(struct cret_page *page, const json_t *facts, const char *mark)
{
    static const struct cret_page_column columns[] = {{.name = "document"},
                                                      {.name = "version"},
                                                      {.name = "id"},
                                                      {.name = "topics"},
                                                      {.name = "file"}};
    const json_t *documents = cret_json_get(facts, "documents");
    if (json_array_size(documents) == 0) {
        return;
    }
    cret_page_section(page, "%sDocuments", mark);
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (document, documents) {
        struct cret_buffer topics = {0};
        const json_t *id = json_array_get(json_object_get(document, "ids"), 0);
        cret_piece_value(&topics, json_object_get(document, "topics"));
        cret_page_cell(page, "%s", title_of(document));
        cret_page_cell(page, "%s", cret_piece_text(document, "version"));
        cret_page_cell(page, "%s", cret_piece_text(id, "id"));
        cret_page_cell(page, "%s", topics.data != NULL ? topics.data : "");
        cret_page_cell(page, "%s", place_of(document));
        cret_buffer_free(&topics);
    }
}

/* "S34 interoperability (not applicable), S37 parallel operation (not provided)" */
static void unanswered_line(struct cret_page *page, const json_t *topics)
{
    struct cret_buffer line = {0};
    CRET_JSON_MEMBERS (id, topic, topics) {
        const char *status = cret_piece_text(topic, "status");
        if (strcmp(status, "documented") != 0) {
            cret_buffer_printf(&line, line.size > 0 ? ", " : "");
            add_topic(&line, id);
            cret_buffer_printf(&line, " (%s)",
                               strcmp(status, "notApplicable") == 0 ? "not applicable"
                                                                    : "not provided");
        }
    }
    cret_page_buffer(page, "no document", &line);
}

void cret_release_page_document_lines(struct cret_page *page, const json_t *facts)
{
    CRET_JSON_EACH_AT (index, document, cret_json_get(facts, "documents")) {
        struct cret_buffer line = {0};
        CRET_JSON_EACH_AT (place, topic, json_object_get(document, "topics")) {
            cret_buffer_printf(&line, place > 0 ? ", " : "");
            add_topic(&line, json_string_value(topic));
        }
        cret_buffer_printf(&line, line.size > 0 ? ": " : "");
        add_document(&line, document);
        cret_page_buffer(page, index == 0 ? "documents" : "", &line);
    }
    unanswered_line(page, cret_json_get(facts, "topics"));
}

static const json_t *document_of(const json_t *facts, const char *id)
{
    CRET_JSON_EACH (document, cret_json_get(facts, "documents")) {
        CRET_JSON_EACH (one, json_object_get(document, "ids")) {
            if (strcmp(cret_piece_text(one, "id"), id) == 0) {
                return document;
            }
        }
    }
    return NULL;
}

/* S5 before S10. */
static int by_number(const void *left, const void *right)
{
    const char *one = *(const char *const *)left, *other = *(const char *const *)right;
    const size_t letters = strcspn(one, "0123456789");
    const bool alike = letters == strcspn(other, "0123456789") && strncmp(one, other, letters) == 0;
    const unsigned long number = alike ? strtoul(one + letters, NULL, 10) : 0;
    const unsigned long second = alike ? strtoul(other + letters, NULL, 10) : 0;
    return number < second ? -1 : number > second ? 1 : strcmp(one, other);
}

/* "S5 authentication: TITLE VERSION, FILE" */
static void put_topic(struct cret_page *page, const json_t *facts, const char *id)
{
    const json_t *topic = json_object_get(cret_json_get(facts, "topics"), id);
    const char *status = cret_piece_text(topic, "status");
    const char *reason = cret_piece_text(topic, "reason");
    struct cret_buffer line = {0};
    size_t index;
    json_t *named;
    add_topic(&line, id);
    json_array_foreach(json_object_get(topic, "documents"), index, named)
    {
        const json_t *document = document_of(facts, json_string_value(named));
        cret_buffer_printf(&line, index == 0 ? ": " : "; ");
        if (document != NULL) {
            add_document(&line, document);
        } else {
            cret_buffer_printf(&line, "%s", json_string_value(named));
        }
    }
    if (strcmp(status, "documented") != 0) {
        cret_buffer_printf(&line, ": %s%s",
                           strcmp(status, "notApplicable") == 0 ? "not applicable" : "NOT PROVIDED",
                           reason[0] != '\0' ? ": " : "");
    }
    cret_buffer_printf(&line, "%s%s", index > 0 && reason[0] != '\0' ? "; " : "", reason);
    cret_page_paragraph(page, "%s", cret_page_words(page, &line));
    cret_buffer_free(&line);
}

void cret_release_page_topics(struct cret_page *page, const json_t *facts, const char *mark)
{
    const json_t *topics = cret_json_get(facts, "topics");
    const size_t count = json_object_size(topics);
    const char **ids = calloc(count + 1, sizeof(*ids));
    size_t filled = 0;
    if (ids == NULL) {
        cret_page_fail(page);
        return;
    }
    CRET_JSON_MEMBERS (id, topic, topics) {
        ids[filled++] = id;
    }
    qsort(ids, filled, sizeof(*ids), by_number);
    if (filled > 0) {
        cret_page_section(page, "%sTopics and the documents that answer them", mark);
    }
    for (size_t i = 0; i < filled; i++) {
        put_topic(page, facts, ids[i]);
    }
    free(ids);
}
