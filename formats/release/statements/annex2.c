/* SPDX-License-Identifier: Apache-2.0 */
/* The items of Annex II as rows: which members of a manifest answer each, and which topics. */
#include "release/statements/annex2.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/sbom/values.h"
#include "release/statements/document.h"

/* Entries of a list that are told; the rest is counted. */
#define TOLD 3u

static const char *const states[] = {"answered", "missing", "notApplicable", "notSaid", NULL};

static const struct cret_field answer_fields[] = {
    CRET_ROW_LINE("where", CRET_REQUIRED, "JSON pointer into the manifest, with # in front."),
    CRET_ROW_TEXT("text", CRET_REQUIRED, "What stands there, or the document it leads to."),
    CRET_ROW_END,
};

static const struct cret_field item_fields[] = {
    CRET_ROW_TOKEN("id", CRET_REQUIRED, "Id of the item; a topic of this id answers it too."),
    CRET_ROW_LINE("title", CRET_REQUIRED, "What is asked for."),
    CRET_ROW_ENUM("state", CRET_REQUIRED, states,
                  "notSaid: asked for only where it applies, and nothing says whether it does."),
    CRET_ROW_OBJECTS("answers", 0, answer_fields, "What answers it, and where."),
    CRET_ROW_TEXT("reason", 0, "Why it does not apply or is not provided, or what is not enough."),
    CRET_ROW_TEXT("add", 0, "What to add to the description."),
    CRET_ROW_LINE("field", 0, "The member that would answer it: a JSON pointer with # in front."),
    CRET_ROW_END,
};

static const struct cret_field gaps_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "gaps/1"),
    CRET_ROW_TOKEN("profile", CRET_REQUIRED, "Name of the profile."),
    CRET_ROW_LINE("title", CRET_REQUIRED, "What its items are of."),
    CRET_ROW_LINE("vendor", 0, "Vendor of the product."),
    CRET_ROW_LINE("product", 0, "Name of the product."),
    CRET_ROW_LINE("version", 0, "Version of the release."),
    CRET_ROW_OBJECTS("items", CRET_REQUIRED, item_fields, "Every item, in the order of the text."),
    CRET_ROW_STRINGS("limits", CRET_REQUIRED, CRET_FORMAT_TEXT, "What the report does not say."),
    CRET_ROW_END,
};

const struct cret_file_format cret_gaps_format = {
    .purpose = "gaps/1",
    .words = "report of gaps",
    .file = "output of lint with a profile of items",
    .fields = gaps_fields,
    .bytes = CRET_LIMIT_MANIFEST_BYTES,
    .fault = CRET_ERR_USAGE,
};

static const char *const limits[] = {
    "The items follow what others retell of the annex, not its text in the Official Journal; "
    "whether a corrigendum changed their numbers is not known here.",
    "An item is answered where the release says something: whether that is right, clear, enough, "
    "or in a language of the users is not judged.",
    "Documents were not read: what they answer is what the release says of them.",
    "What an SBOM holds is looked at by the checks sbom.form and sbom.binding, and by the rules of "
    "a profile for SBOMs.",
    "Whether what is asked for only where it applies does apply is for the manufacturer to say.",
};

/* One item being answered. */
struct answer {
    const json_t *manifest;
    struct cret_build list; /* of answers */
    size_t count;
    const char *state; /* what its topic says in the place of answers, or NULL */
    char reason[600];
};

struct item {
    const char *id, *title;
    bool where_applicable;
    const char *members; /* dotted, with spaces between them: any that says something answers */
    const char *topics;  /* further topics that answer it where they are documented, or NULL */
    void (*also)(struct answer *answer); /* what members alone do not tell, or NULL */
    const char *field; /* the first thing to fill in: a JSON pointer with # in front */
    const char *add;   /* what that is, for people */
};

/* Neither a placeholder nor a date that is to be announced. */
static bool says(const char *text)
{
    return cret_value_says(text) && strcasecmp(text, "tba") != 0;
}

static void add_answer(struct answer *answer, const char *where, const char *text)
{
    struct cret_build one = cret_build_object();
    cret_build_string(&one, "where", where);
    cret_build_text(&one, "text", text);
    cret_build_add(&answer->list, cret_build_end(&one));
    answer->count++;
}

/* A document by its id, its title, and where it is had. */
static void add_document(struct answer *answer, const char *where, const char *id)
{
    const json_t *document = cret_document_find(json_object_get(answer->manifest, "documents"), id);
    const char *file = cret_json_string(document, "file");
    const char *version = cret_json_string(document, "version");
    /* One that has no file has its SHA-256: the manifest's own rules hold that. */
    const char *had = file != NULL ? file : "handed over on request, its SHA-256 is named";
    char text[1200];
    if (document != NULL) {
        snprintf(text, sizeof(text), "document %.200s, %.400s, version %.100s: %.400s", id,
                 cret_document_title(document), version != NULL ? version : "-", had);
        add_answer(answer, where, text);
    }
}

/* What an entry of a list says, in one text. */
static const char *entry_text(const json_t *entry)
{
    static const char *const members[] = {"summary", "model", "file", "item"};
    const char *text = json_string_value(entry);
    for (size_t i = 0; text == NULL && i < CRET_LENGTH(members); i++) {
        text = cret_json_string(entry, members[i]);
    }
    return text;
}

static void add_list(struct answer *answer, const char *where, const json_t *list)
{
    struct cret_buffer text = {0};
    size_t count = 0;
    CRET_JSON_EACH (entry, list) {
        const char *one = entry_text(entry);
        if (says(one) && count++ < TOLD) {
            cret_buffer_printf(&text, "%s%.300s", count > 1 ? "; " : "", one);
        }
    }
    if (count > TOLD) {
        cret_buffer_printf(&text, "; and %zu more", count - TOLD);
    }
    if (count > 0) {
        add_answer(answer, where, text.failed ? NULL : text.data);
        answer->list.failed |= text.failed;
    }
    cret_buffer_free(&text);
}

/* One member that is a text, the id of a document, or a list. */
static void look_at(struct answer *answer, const char *member)
{
    const json_t *value = cret_json_get(answer->manifest, member);
    const char *text = json_string_value(value);
    const size_t size = strlen(member);
    char where[120];
    snprintf(where, sizeof(where), "#/%.100s", member);
    for (char *dot = where; (dot = strchr(dot, '.')) != NULL;) {
        *dot = '/';
    }
    if (json_is_array(value)) {
        add_list(answer, where, value);
    } else if (text != NULL && size > 9 && strcmp(member + size - 9, ".document") == 0) {
        add_document(answer, where, text);
    } else if (says(text)) {
        add_answer(answer, where, text);
    } else if (text != NULL) {
        snprintf(answer->reason, sizeof(answer->reason), "%s says only \"%.200s\"", where, text);
    }
}

/* Each of several words with spaces between them. */
static void each_word(struct answer *answer, const char *words,
                      void (*look)(struct answer *answer, const char *word))
{
    while (words != NULL && words[0] != '\0') {
        char word[120];
        const size_t size = strcspn(words, " ");
        snprintf(word, sizeof(word), "%.*s", (int)size, words);
        look(answer, word);
        words += size + strspn(words + size, " ");
    }
}

static const json_t *topic_of(const struct answer *answer, const char *id)
{
    return json_object_get(json_object_get(answer->manifest, "topics"), id);
}

static bool has_status(const json_t *topic, const char *wanted)
{
    const char *status = cret_json_string(topic, "status");
    return status != NULL && strcmp(status, wanted) == 0;
}

/* Documents that a topic names. */
static void look_at_topic(struct answer *answer, const char *id)
{
    const json_t *topic = topic_of(answer, id);
    char where[160];
    snprintf(where, sizeof(where), "#/topics/%.100s", id);
    if (has_status(topic, "documented")) {
        CRET_JSON_EACH (document, json_object_get(topic, "documents")) {
            add_document(answer, where, json_string_value(document));
        }
    }
}

/* Of each change whether it may affect the security of data. */
static void changes_of_data(struct answer *answer)
{
    const json_t *changes = json_object_get(answer->manifest, "changes");
    size_t silent = 0, possible = 0, count = json_array_size(changes);
    CRET_JSON_EACH (change, changes) {
        const char *impact = cret_json_string(change, "dataImpact");
        silent += impact == NULL ? 1u : 0u;
        possible += impact != NULL && strcmp(impact, "possible") == 0 ? 1u : 0u;
    }
    char text[200];
    if (count > 0 && silent == 0) {
        snprintf(text, sizeof(text),
                 "%zu of %zu changes may affect the security of data, and say so", possible, count);
        add_answer(answer, "#/changes", text);
    } else if (count > 0) {
        snprintf(answer->reason, sizeof(answer->reason), "%zu of %zu changes do not say it", silent,
                 count);
    }
}

/* Updates that install themselves need a way to turn that off. */
static void automatic_updates(struct answer *answer)
{
    const json_t *automatic = cret_json_get(answer->manifest, "updateSettings.automatic");
    if (json_is_false(automatic)) {
        add_answer(answer, "#/updateSettings/automatic",
                   "security updates do not install themselves by default");
    } else if (json_is_true(automatic) && answer->count == 0) {
        snprintf(answer->reason, sizeof(answer->reason),
                 "security updates install themselves, and nothing says how that is turned off");
    }
}

/* The SBOMs of the release, each with its format. */
static void sboms(struct answer *answer)
{
    CRET_JSON_EACH_AT (index, entry, json_object_get(answer->manifest, "sbom")) {
        char where[60], text[600];
        snprintf(where, sizeof(where), "#/sbom/%zu", index);
        snprintf(text, sizeof(text), "%.400s, %.100s, in the release",
                 cret_json_string(entry, "file"), cret_json_string(entry, "format"));
        add_answer(answer, where, text);
    }
}

static void declaration(struct answer *answer)
{
    if (answer->count == 0 && cret_json_string(answer->manifest, "declarationOfConformity.file")) {
        snprintf(answer->reason, sizeof(answer->reason),
                 "the declaration is a file of the release; asked for is an address on the "
                 "internet");
    }
}

static const struct item items[] = {
    {"A2-1a", "Name or trade name of the manufacturer", false,
     "manufacturer.name manufacturer.tradeName", NULL, NULL, "#/manufacturer/name",
     "manufacturer.name: who answers for the product (product.vendor does not say it)"},
    {"A2-1b", "Postal address of the manufacturer", false, "manufacturer.postalAddress", NULL, NULL,
     "#/manufacturer/postalAddress", "manufacturer.postalAddress"},
    {"A2-1c", "E-mail address or other digital contact of the manufacturer", false,
     "manufacturer.email manufacturer.contactUrl", NULL, NULL, "#/manufacturer/email",
     "manufacturer.email, or manufacturer.contactUrl"},
    {"A2-1d", "Web site of the manufacturer, if there is one", true, "manufacturer.website", NULL,
     NULL, "#/manufacturer/website", "manufacturer.website"},
    {"A2-2a", "Single point of contact for reports of vulnerabilities", false,
     "contacts.securityContact", NULL, NULL, "#/contacts/securityContact",
     "contacts.securityContact"},
    {"A2-2b", "Where the policy on disclosure of vulnerabilities is", false,
     "contacts.disclosurePolicy", NULL, NULL, "#/contacts/disclosurePolicy",
     "contacts.disclosurePolicy: its URL"},
    {"A2-3a", "Name of the product", false, "product.name", NULL, NULL, "#/product/name",
     "product.name"},
    {"A2-3b", "Type of the product", false, "product.type", NULL, NULL, "#/product/type",
     "product.type: in your own words"},
    {"A2-3c", "What identifies the product uniquely", false,
     "product.modelNumbers product.purl product.cpe product.iec61406Link hardware", NULL, NULL,
     "#/product/modelNumbers",
     "product.modelNumbers, purl, cpe or iec61406Link, or hardware with its models"},
    {"A2-4a", "Intended purpose", false, "intendedPurpose", NULL, NULL, "#/intendedPurpose",
     "intendedPurpose: what the product is meant to be used for"},
    {"A2-4b", "Security environment that the manufacturer provides for", false,
     "securityEnvironment", "S3", NULL, "#/securityEnvironment",
     "securityEnvironment, or a document for the topic S3"},
    {"A2-4c", "Essential functionality", false, "essentialFunctions", NULL, NULL,
     "#/essentialFunctions", "essentialFunctions: what the product must go on doing"},
    {"A2-4d", "Security properties", false, "securityProperties", NULL, NULL,
     "#/securityProperties", "securityProperties, each with a summary"},
    {"A2-5", "Known or foreseeable circumstances that may lead to significant risks", false,
     "foreseeableMisuse", NULL, NULL, "#/foreseeableMisuse",
     "foreseeableMisuse, each with a summary (newRisks and knownIssues tell of this release "
     "alone)"},
    {"A2-6", "Internet address of the EU declaration of conformity, where applicable", true,
     "declarationOfConformity.url", NULL, declaration, "#/declarationOfConformity/url",
     "declarationOfConformity.url"},
    {"A2-7a", "Kind of technical security support", false, "lifecycle.securitySupportKind", NULL,
     NULL, "#/lifecycle/securitySupportKind", "lifecycle.securitySupportKind"},
    {"A2-7b", "End of the support period", false, "lifecycle.endOfSecuritySupport", NULL, NULL,
     "#/lifecycle/endOfSecuritySupport",
     "lifecycle.endOfSecuritySupport: a date, or a month at least"},
    {"A2-8a", "Measures for secure use, at commissioning and through the lifetime", false, "",
     "S10 S24", NULL, "#/topics", "a document for the topic A2-8a (S10 and S24 answer it too)"},
    {"A2-8b", "How changes may affect the security of data", false, "", NULL, changes_of_data,
     "#/changes", "dataImpact of every entry of changes"},
    {"A2-8c", "How security updates are installed", false, "", "S16", NULL, "#/topics",
     "a document for the topic A2-8c (S16 answers it too)"},
    {"A2-8d", "Secure decommissioning, and removal of user data", false, "", "S24", NULL,
     "#/topics", "a document for the topic A2-8d (S24 answers it too)"},
    {"A2-8e", "How automatic installation of security updates is turned off", false,
     "updateSettings.switchOff updateSettings.document", NULL, automatic_updates,
     "#/updateSettings",
     "updateSettings.switchOff or .document; or updateSettings.automatic: false"},
    {"A2-8f", "For integrators: what they need to meet the requirements in their turn", true,
     "integratorInformation.items integratorInformation.document", NULL, NULL,
     "#/integratorInformation", "integratorInformation, with items or a document"},
    {"A2-9", "Where the SBOM is, if users are given one", true, "", NULL, sboms, "#/sbom",
     "sbom: a file of the release"},
};

/* The topic of the item's own id, where the release does not document but explain. What it says not
 * to provide is not answered by anything beside. */
static void explain(struct answer *answer, const char *id)
{
    const json_t *topic = topic_of(answer, id);
    const char *reason = cret_json_string(topic, "reason");
    if (has_status(topic, "notProvided")) {
        answer->count = 0;
    }
    if (answer->count > 0 || reason == NULL) {
        return;
    }
    const bool applies = !has_status(topic, "notApplicable");
    answer->state = applies ? "missing" : "notApplicable";
    snprintf(answer->reason, sizeof(answer->reason), "%s%.500s",
             applies ? "said not to be provided: " : "", reason);
}

static json_t *item_json(const json_t *manifest, const struct item *item)
{
    struct answer answer = {.manifest = manifest, .list = cret_build_list()};
    struct cret_build json = cret_build_object();
    each_word(&answer, item->members, look_at);
    if (item->also != NULL) {
        item->also(&answer);
    }
    look_at_topic(&answer, item->id);
    each_word(&answer, item->topics, look_at_topic);
    explain(&answer, item->id);
    const bool open =
        answer.count == 0 && (answer.state == NULL || strcmp(answer.state, "missing") == 0);
    const char *state = answer.state != NULL     ? answer.state
                        : answer.count > 0       ? "answered"
                        : item->where_applicable ? "notSaid"
                                                 : "missing";
    cret_build_string(&json, "id", item->id);
    cret_build_string(&json, "title", item->title);
    cret_build_string(&json, "state", state);
    json_t *answers = cret_build_end(&answer.list);
    if (answers == NULL || answer.count > 0) {
        cret_build_put(&json, "answers", answers);
    } else {
        json_decref(answers);
    }
    if (answer.count == 0 && answer.reason[0] != '\0') {
        cret_build_text(&json, "reason", answer.reason);
    }
    if (open) {
        cret_build_string(&json, "add", item->add);
        cret_build_string(&json, "field", item->field);
    }
    return cret_build_end(&json);
}

json_t *cret_annex2_report(const json_t *manifest)
{
    struct cret_build report = cret_build_object(), list = cret_build_list();
    cret_build_string(&report, "cretula", cret_gaps_format.purpose);
    cret_build_string(&report, "profile", CRET_ANNEX2_PROFILE);
    cret_build_string(&report, "title", CRET_ANNEX2_TITLE);
    cret_build_text(&report, "vendor", cret_json_string(manifest, "product.vendor"));
    cret_build_text(&report, "product", cret_json_string(manifest, "product.name"));
    cret_build_text(&report, "version", cret_json_string(manifest, "release.version"));
    for (size_t i = 0; i < CRET_LENGTH(items); i++) {
        cret_build_add(&list, item_json(manifest, &items[i]));
    }
    cret_build_put(&report, "items", cret_build_end(&list));
    for (size_t i = 0; i < CRET_LENGTH(limits); i++) {
        cret_build_append(&report, "limits", limits[i]);
    }
    return cret_build_end(&report);
}

void cret_annex2_answers(struct cret_buffer *text, const json_t *item)
{
    CRET_JSON_EACH_AT (index, answer, json_object_get(item, "answers")) {
        cret_buffer_printf(text, "%s%s: %s", index > 0 ? "; " : "",
                           cret_json_string(answer, "where"), cret_json_string(answer, "text"));
    }
}

json_t *cret_annex2_told(const json_t *manifest)
{
    json_t *report = cret_annex2_report(manifest);
    bool failed = report == NULL;
    CRET_JSON_EACH (item, json_object_get(report, "items")) {
        struct cret_buffer text = {0};
        cret_annex2_answers(&text, item);
        failed |= text.failed ||
                  (text.size > 0 &&
                   json_object_set_new(item, "told", json_stringn(text.data, text.size)) != 0);
        cret_buffer_free(&text);
    }
    if (failed) {
        json_decref(report);
        return NULL;
    }
    return report;
}

size_t cret_annex2_count(const json_t *report, const char *state)
{
    size_t count = 0;
    CRET_JSON_EACH (item, json_object_get(report, "items")) {
        const char *own = cret_json_string(item, "state");
        count += own != NULL && strcmp(own, state) == 0 ? 1u : 0u;
    }
    return count;
}
