/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPDX 3.0.1, its security profile: relationships from a vulnerability to products, or to a part of
 * them. What has a vulnerability and no status is affected; what was withdrawn clears nothing.
 */
#include "release/advisory/advisory_spdx3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"

/* Statements that were amended again and again; more is a circle, or as good as one. */
#define AMENDED 32u

/* Vulnerabilities beside products: more than any real document has, in seconds and 200 MB. */
#define MOST_ANSWERS 1000000u

static const struct {
    const char *type;
    enum cret_vex_status status;
} statuses[] = {{"affects", CRET_VEX_AFFECTED},
                {"underInvestigationFor", CRET_VEX_INVESTIGATED},
                {"fixedIn", CRET_VEX_FIXED},
                {"doesNotAffect", CRET_VEX_NOT_AFFECTED}};

/* In the words of CSAF and OpenVEX, which mean the same. */
static const struct {
    const char *word, *other;
} justifications[] = {
    {"componentNotPresent", "component_not_present"},
    {"inlineMitigationsAlreadyExist", "inline_mitigations_already_exist"},
    {"vulnerableCodeCannotBeControlledByAdversary",
     "vulnerable_code_cannot_be_controlled_by_adversary"},
    {"vulnerableCodeNotInExecutePath", "vulnerable_code_not_in_execute_path"},
    {"vulnerableCodeNotPresent", "vulnerable_code_not_present"},
};

#define DOUBT_BYTES 160u

static const char *type_of(const json_t *relation)
{
    const char *type = cret_json_string(relation, "relationshipType");
    return type != NULL ? type : "";
}

/* CRET_VEX_COUNT: the relationship says no status. */
static enum cret_vex_status status_of(const json_t *relation)
{
    for (size_t i = 0; i < CRET_LENGTH(statuses); i++) {
        if (strcmp(statuses[i].type, type_of(relation)) == 0) {
            return statuses[i].status;
        }
    }
    return CRET_VEX_COUNT;
}

/* Everything that is read, beside the products. */
struct statements {
    struct cret_spdx3_reading of;
    json_t *spoken; /* vulnerability, element and part of it, of which a status is told */
    json_t *met;    /* vulnerabilities of which anything is told */
    size_t answers;
    bool too_many;
};

/* part: the part of the element that is meant; NULL: the whole. */
static char *key_of(const char *vulnerability, const char *element, const char *part)
{
    return cret_text_printf("%s\n%s\n%s", vulnerability, element, part != NULL ? part : "");
}

static int remember(json_t *set, const char *vulnerability, const char *element, const char *part)
{
    char *key = key_of(vulnerability, element, part);
    const int failed = key == NULL || json_object_set_new(set, key, json_true()) != 0;
    free(key);
    return failed;
}

/* 1: told, of the whole or of that very part; 0: not; -1: memory. */
static int is_spoken(const struct statements *all, const char *vulnerability, const char *element,
                     const char *part)
{
    char *whole = key_of(vulnerability, element, NULL), *key = key_of(vulnerability, element, part);
    const int told = whole == NULL || key == NULL ? -1
                                                  : json_object_get(all->spoken, whole) != NULL ||
                                                        json_object_get(all->spoken, key) != NULL;
    free(whole);
    free(key);
    return told;
}

/* The names of a vulnerability: every CVE; else what it is called, and last its id. */
static json_t *names_of(const struct statements *all, const char *id)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(all->of.sbom->spdx3, id);
    const json_t *json = element != NULL ? element->json : NULL;
    const char *other = NULL, *name = cret_json_string(json, "name");
    json_t *names = json_array();
    CRET_JSON_EACH (one, json_object_get(json, "externalIdentifier")) {
        const char *type = cret_json_string(one, "externalIdentifierType");
        const char *text = cret_json_string(one, "identifier");
        if (type == NULL || text == NULL) {
            continue;
        }
        if (strcmp(type, "cve") == 0) {
            json_array_append_new(names, json_string(text));
        } else if (other == NULL && strcmp(type, "securityOther") == 0) {
            other = text;
        }
    }
    if (json_array_size(names) == 0) {
        json_array_append_new(names, json_string(other != NULL ? other : name != NULL ? name : id));
    }
    if (json_array_size(names) == 0) {
        json_decref(names);
        return NULL; /* memory */
    }
    return names;
}

/* One status of products (ids), under each name of the vulnerability. doubt: ""; or why it cannot
 * be relied on. */
static int add(struct statements *all, const char *vulnerability, const json_t *relation,
               enum cret_vex_status status, const json_t *ids, const char *doubt)
{
    json_t *names = names_of(all, vulnerability);
    int failed = names == NULL;
    all->answers += json_array_size(names) * (json_array_size(ids) + 1);
    if (all->answers > MOST_ANSWERS) {
        all->too_many = true;
        json_decref(names);
        return -1;
    }
    CRET_JSON_EACH (name, names) {
        json_t *lists = json_pack("[[], [], [], []]");
        failed = failed || json_array_extend(json_array_get(lists, status), (json_t *)ids) != 0;
        json_t *one =
            json_pack("{s:O, s:o, s:O?, s:b}", "id", name, "status", lists, "raw", relation,
                      "vague", doubt[0] != '\0' || status_of(relation) == CRET_VEX_COUNT);
        failed = failed || one == NULL ||
                 (doubt[0] != '\0' && json_object_set_new(one, "doubt", json_string(doubt)) != 0) ||
                 json_array_append(all->of.advisory->vulnerabilities, one) != 0;
        json_decref(one);
    }
    json_decref(names);
    return failed;
}

static bool same_member(const json_t *left, const json_t *right, const char *name)
{
    const json_t *one = json_object_get(left, name), *other = json_object_get(right, name);
    return one == other || (one != NULL && other != NULL && json_equal(one, other) == 1);
}

static bool is_withdrawn(const json_t *element)
{
    return json_object_get(element, "security_withdrawnTime") != NULL;
}

/* From some time on, or until then: nothing here asks a clock. */
static bool is_for_a_time(const json_t *relation)
{
    return json_object_get(relation, "startTime") != NULL ||
           json_object_get(relation, "endTime") != NULL;
}

/* The one statement that takes the place of another: of the same vulnerability, part and products,
 * and neither withdrawn itself nor for a time. NULL: there is none. *ret_named: one is named,
 * whatever it is. */
static const json_t *successor(const struct cret_spdx3 *spdx3, const json_t *relation,
                               bool *ret_named)
{
    size_t at = 0;
    const char *id = cret_json_string(relation, "spdxId");
    const struct cret_spdx3_element *amended = cret_spdx3_relation(spdx3, id, "amendedBy", &at);
    if (amended == NULL) {
        return NULL;
    }
    *ret_named = true;
    if (is_for_a_time(amended->json) || cret_spdx3_relation(spdx3, id, "amendedBy", &at) != NULL) {
        return NULL;
    }
    const json_t *to = json_object_get(amended->json, "to");
    const struct cret_spdx3_element *next =
        cret_spdx3_find(spdx3, json_string_value(json_array_get(to, 0)));
    const json_t *json = next != NULL ? next->json : NULL;
    return json_array_size(to) == 1 && json != relation && status_of(json) != CRET_VEX_COUNT &&
                   same_member(relation, json, "from") &&
                   same_member(relation, json, "security_assessedElement") &&
                   same_member(relation, json, "to") && !is_withdrawn(json) && !is_for_a_time(json)
               ? json
               : NULL;
}

/* Whether another statement holds in the place of this one. *ret_open: one is named, and nobody can
 * tell what holds. */
static bool is_amended(const struct cret_spdx3 *spdx3, const json_t *relation, bool *ret_open)
{
    const json_t *last = relation;
    for (size_t i = 0; i < AMENDED; i++) {
        bool named = false;
        const json_t *next = successor(spdx3, last, &named);
        if (next == NULL) { /* the last one holds */
            *ret_open = named;
            return !named && last != relation;
        }
        if (next == relation) {
            break;
        }
        last = next;
    }
    *ret_open = true;
    return false;
}

/* Why a statement cannot be relied on; "": it can. */
static void find_doubt(const struct cret_spdx3 *spdx3, const json_t *relation, bool open,
                       char doubt[DOUBT_BYTES])
{
    const struct cret_spdx3_element *of =
        cret_spdx3_find(spdx3, cret_json_string(relation, "from"));
    const enum cret_vex_status status = status_of(relation);
    const bool mild = status == CRET_VEX_FIXED || status == CRET_VEX_NOT_AFFECTED;
    const char *since = cret_json_string(relation, "security_withdrawnTime");
    const char *gone = cret_json_string(of != NULL ? of->json : NULL, "security_withdrawnTime");
    doubt[0] = '\0';
    if (since != NULL) {
        snprintf(doubt, DOUBT_BYTES, "the statement \"%s\" was withdrawn at %.40s",
                 type_of(relation), since);
    } else if (gone != NULL) {
        snprintf(doubt, DOUBT_BYTES, "the vulnerability was withdrawn at %.40s", gone);
    } else if (open && mild) { /* "affected" holds until something surely takes its place */
        snprintf(doubt, DOUBT_BYTES, "the statement is amended by what does not take its place");
    } else if (mild && is_for_a_time(relation)) {
        snprintf(doubt, DOUBT_BYTES, "the statement holds for a time only");
    }
}

/* A relationship that says a status. */
static int read_statement(struct statements *all, const json_t *relation)
{
    const struct cret_spdx3 *spdx3 = all->of.sbom->spdx3;
    const char *vulnerability = cret_json_string(relation, "from");
    const char *assessed = cret_json_string(relation, "security_assessedElement");
    enum cret_vex_status status = status_of(relation);
    char doubt[DOUBT_BYTES];
    bool open = false;
    json_t *ids = json_array();
    int failed = ids == NULL;
    if (is_amended(spdx3, relation, &open)) {
        json_decref(ids);
        return 0;
    }
    find_doubt(spdx3, relation, open, doubt);
    /* What is taken back is open again. */
    if (is_withdrawn(relation) && status > CRET_VEX_INVESTIGATED) {
        status = CRET_VEX_INVESTIGATED;
    }
    CRET_JSON_EACH (target, json_object_get(relation, "to")) {
        const char *id = json_string_value(target);
        /* "Fixed" in nothing, or in what is not said, tells nothing of the vulnerability. */
        if (status <= CRET_VEX_INVESTIGATED || cret_spdx3_individual(id) == NULL) {
            failed = failed || json_object_set_new(all->met, vulnerability, json_true()) != 0;
        }
        failed = failed || remember(all->spoken, vulnerability, id, assessed) != 0 ||
                 cret_advisory_spdx3_products(&all->of, id, assessed, ids) != 0;
    }
    failed = failed || add(all, vulnerability, relation, status, ids, doubt) != 0;
    json_decref(ids);
    return failed;
}

/* Says that something has a vulnerability, or rates it, and no status: it may be affected. */
static int read_association(struct statements *all, const json_t *relation,
                            const char *vulnerability, const char *element)
{
    const char *assessed = cret_json_string(relation, "security_assessedElement");
    const int told = is_spoken(all, vulnerability, element, assessed);
    json_t *ids = told == 0 ? json_array() : NULL;
    if (told != 0) {
        return told < 0;
    }
    const int failed = ids == NULL ||
                       remember(all->spoken, vulnerability, element, assessed) != 0 ||
                       json_object_set_new(all->met, vulnerability, json_true()) != 0 ||
                       cret_advisory_spdx3_products(&all->of, element, assessed, ids) != 0 ||
                       add(all, vulnerability, relation, CRET_VEX_AFFECTED, ids, "") != 0;
    json_decref(ids);
    return failed;
}

static int read_associations(struct statements *all, const json_t *relation)
{
    const bool rates = strcmp(type_of(relation), "hasAssessmentFor") == 0;
    const char *from = cret_json_string(relation, "from");
    int failed = 0;
    if (!rates && strcmp(type_of(relation), "hasAssociatedVulnerability") != 0) {
        return 0;
    }
    CRET_JSON_EACH (target, json_object_get(relation, "to")) {
        const char *to = json_string_value(target);
        failed =
            failed || read_association(all, relation, rates ? from : to, rates ? to : from) != 0;
    }
    return failed;
}

/* A vulnerability of which nothing is told: of the product of the document, or of nobody knows
 * what. */
static int read_silent(struct statements *all, const char *vulnerability, const json_t *element)
{
    json_t *ids = json_array();
    const char *root = cret_json_string(all->of.sbom->components.root, "spdxId");
    int failed = ids == NULL ||
                 cret_advisory_spdx3_products(&all->of, root != NULL ? root : "NoAssertionElement",
                                              NULL, ids) != 0;
    failed = failed || add(all, vulnerability, element, CRET_VEX_AFFECTED, ids, "") != 0;
    json_decref(ids);
    return failed;
}

static int read_all(struct statements *all)
{
    const struct cret_spdx3_list *relations = &all->of.sbom->spdx3->relations;
    const struct cret_spdx3_list *elements = &all->of.sbom->spdx3->elements;
    int failed = 0;
    for (size_t i = 0; i < relations->count && !failed; i++) {
        failed = status_of(relations->list[i].json) != CRET_VEX_COUNT &&
                 read_statement(all, relations->list[i].json) != 0;
    }
    for (size_t i = 0; i < relations->count && !failed; i++) {
        failed = read_associations(all, relations->list[i].json) != 0;
    }
    for (size_t i = 0; i < elements->count && !failed; i++) {
        const struct cret_spdx3_element *one = &elements->list[i];
        failed = cret_spdx3_is(one->class, "security_Vulnerability") &&
                 json_object_get(all->met, one->id) == NULL &&
                 read_silent(all, one->id, one->json) != 0;
    }
    return failed;
}

/* What a status is told of is a vulnerability, also where the relationship is no assessment. */
static void check_sources(const struct cret_spdx3 *spdx3, struct cret_shape_run *run)
{
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->relations.list[i];
        const bool associates = strcmp(type_of(one->json), "hasAssociatedVulnerability") == 0;
        const size_t mark = cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
        cret_json_enter_index(&run->at, one->place);
        if (status_of(one->json) != CRET_VEX_COUNT &&
            json_object_get(spdx3->imports, one->id) == NULL &&
            !cret_spdx3_id_is(spdx3, one->id, "security_Vulnerability")) {
            cret_shape_fault(run, "from", "security_Vulnerability", one->id,
                             "what has a status is no vulnerability");
        }
        CRET_JSON_EACH (target, json_object_get(one->json, "to")) {
            const char *to = json_string_value(target);
            if (associates && to != NULL && json_object_get(spdx3->imports, to) == NULL &&
                !cret_spdx3_id_is(spdx3, to, "security_Vulnerability")) {
                cret_shape_fault(run, "to", "security_Vulnerability", to,
                                 "what is associated is no vulnerability");
            }
        }
        cret_json_leave(&run->at, mark);
    }
}

enum cret_status cret_advisory_read_spdx3(struct cret_advisory *advisory, struct cret_err *err)
{
    struct statements all = {.of = {.advisory = advisory}};
    enum cret_status status = CRET_FAILED;
    if (cret_advisory_shape_spdx3(&all.of.sbom, advisory->document, check_sources, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const json_t *document = all.of.sbom->spdx3->document;
    advisory->spdx3 = true;
    advisory->id = cret_json_string(document, "spdxId");
    advisory->title = cret_json_string(document, "name");
    advisory->created = cret_json_string(all.of.sbom->spdx3->creation, "created");
    advisory->kind = strdup("SPDX 3.0.1 security");
    all.spoken = json_object();
    all.met = json_object();
    const bool read = advisory->kind != NULL && all.spoken != NULL && all.met != NULL &&
                      cret_advisory_spdx3_begin(&all.of) == 0 && read_all(&all) == 0;
    if (read) {
        status = CRET_OK;
    } else if (all.too_many) {
        cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                        "its statements, for each product that their collections list and each "
                        "name of their vulnerabilities, are more than are judged");
        cret_err_expected(err, "at most %u: name products themselves", MOST_ANSWERS);
    } else {
        cret_err_memory(err);
    }
    free(all.of.in_root);
    json_decref(all.spoken);
    json_decref(all.met);
    cret_sbom_free(&all.of.sbom);
    return status;
}

int cret_advisory_explain_spdx3(const json_t *statement, json_t *match)
{
    const char *word = cret_json_string(statement, "security_justificationType");
    const char *action = cret_json_string(statement, "security_actionStatement");
    struct cret_build reasons = cret_build_on(json_object());
    for (size_t i = 0; i < CRET_LENGTH(justifications) && word != NULL; i++) {
        if (strcmp(justifications[i].word, word) == 0) {
            cret_build_string(&reasons, "justification", justifications[i].other);
        }
    }
    cret_build_string(&reasons, "impact", cret_json_string(statement, "security_impactStatement"));
    if (action != NULL) {
        cret_build_put(&reasons, "remediations",
                       json_pack("[{s:s, s:s}]", "category", "action", "details", action));
    }
    json_t *made = cret_build_end(&reasons);
    const int failed = made == NULL || json_object_update(match, made) != 0;
    json_decref(made);
    return failed;
}
