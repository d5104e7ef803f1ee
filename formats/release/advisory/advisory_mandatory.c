/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandatory tests of CSAF 2.0 and 2.1 (section 6.1) that matching rests on: ids, groups,
 * relationships, identifiers, contradictions. A document that fails one says of somebody what
 * nobody can know, so it is not judged. 6.1.23 (one CVE twice) is not held: such statements are
 * compared with each other.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* One run over a document; failed: memory. */
struct mandatory {
    const struct cret_advisory *advisory;
    struct cret_err *err;
    uint32_t *marks; /* for each product: where it was seen last */
    const char **words;
    uint32_t *remedy_marks;
    unsigned *remedies; /* of a product, as bits */
    uint32_t round;
    json_t *grouped; /* groups whose products have their mark in grouped_round, with its word */
    uint32_t grouped_round;
    size_t group_steps;
    bool too_many;
};

/* Products of groups that are looked at, for all vulnerabilities: a short document can have as many
 * as its length by its length. */
#define MOST_GROUP_STEPS 10000000u

static enum cret_status refuse(const struct mandatory *run, const char *test, const char *where,
                               const char *expected, const char *actual)
{
    cret_err_refuse(run->err, CRET_CHECK_ADVISORY_MATCH,
                    "CSAF 2.%d document fails mandatory test %s", run->advisory->csaf_minor, test);
    cret_err_where(run->err, "%s", where);
    cret_err_expected(run->err, "%s", expected);
    return cret_err_actual(run->err, "%s", actual);
}

/* 6.1.1: every product that is spoken of is defined. */
static enum cret_status check_ids(const struct mandatory *run, const json_t *list,
                                  const char *where)
{
    CRET_JSON_EACH (id, list) {
        const size_t product = cret_advisory_find(run->advisory, json_string_value(id));
        if (product == CRET_NOBODY ||
            cret_json_boolean(run->advisory->named[product].json, "made", false)) {
            return refuse(run, "6.1.1", where, "products that are defined", json_string_value(id));
        }
    }
    return CRET_OK;
}

/* 6.1.2, and the references of relationships. */
static enum cret_status check_products(const struct mandatory *run)
{
    const struct cret_advisory *advisory = run->advisory;
    if (advisory->twice != NULL) {
        return refuse(run, "6.1.2", "#/product_tree", "every product_id once", advisory->twice);
    }
    for (size_t i = 0; i < advisory->named_count; i++) {
        const json_t *of = json_object_get(advisory->named[i].json, "of");
        for (size_t j = 0; j < json_array_size(of); j++) {
            const char *id = json_string_value(json_array_get(of, j));
            if (cret_advisory_find(advisory, id) == CRET_NOBODY) {
                return refuse(run, "6.1.1", "#/product_tree/relationships",
                              "products that are defined", id);
            }
        }
    }
    return CRET_OK;
}

/* 6.1.3: no product is a part of itself. Products that are a part of nothing that is left are taken
 * away until none is left to take: what remains is a circle, or leads to one. */
static enum cret_status check_circles(const struct mandatory *run)
{
    const struct cret_advisory *advisory = run->advisory;
    const size_t count = advisory->named_count;
    /* 0: not looked at, 1: on the way, 2: done. */
    uint8_t *state = calloc(count + 1, sizeof(*state));
    size_t *stack = calloc(2 * count + 2, sizeof(*stack));
    enum cret_status status = CRET_OK;
    if (state == NULL || stack == NULL) {
        status = cret_err_memory(run->err);
    }
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        size_t depth = 0;
        if (state[i] == 0) {
            stack[depth++] = i;
        }
        while (depth > 0 && status == CRET_OK) {
            const size_t here = stack[depth - 1];
            if (state[here] != 0) {
                state[here] = 2;
                depth--;
                continue;
            }
            state[here] = 1;
            const size_t next[] = {advisory->named[here].part, advisory->named[here].whole};
            for (size_t j = 0; j < 2 && status == CRET_OK; j++) {
                if (next[j] == CRET_NOBODY || state[next[j]] == 2) {
                    continue;
                }
                if (state[next[j]] == 1) {
                    status =
                        refuse(run, "6.1.3", "#/product_tree/relationships",
                               "products that are no part of themselves", advisory->named[here].id);
                } else if (depth < 2 * count + 2) {
                    stack[depth++] = next[j];
                }
            }
        }
    }
    free(state);
    free(stack);
    return status;
}

/* 6.1.5, and the members of groups. */
static enum cret_status check_groups(const struct mandatory *run)
{
    const json_t *groups =
        json_object_get(json_object_get(run->advisory->document, "product_tree"), "product_groups");
    if (json_array_size(groups) != json_object_size(run->advisory->groups)) {
        return refuse(run, "6.1.5", "#/product_tree/product_groups", "every group_id once",
                      "a group_id twice");
    }
    CRET_JSON_EACH (group, groups) {
        if (check_ids(run, json_object_get(group, "product_ids"),
                      "#/product_tree/product_groups") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* 6.1.25: of one file each algorithm once, in either case. */
static enum cret_status check_digests(const struct mandatory *run, const json_t *digests,
                                      const char *id)
{
    json_t *seen = json_object();
    enum cret_status status = seen != NULL ? CRET_OK : cret_err_memory(run->err);
    CRET_JSON_EACH (digest, digests) {
        char name[64];
        const char *algorithm = cret_json_string(digest, "algorithm");
        snprintf(name, sizeof(name), "%s", algorithm);
        for (char *at = name; *at != '\0'; at++) {
            *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        }
        if (status == CRET_OK && json_object_get(seen, name) != NULL) {
            status = refuse(run, "6.1.25", "#/product_tree", "one digest of each algorithm", id);
        }
        if (status == CRET_OK && json_object_set_new(seen, name, json_true()) != 0) {
            status = cret_err_memory(run->err);
        }
    }
    json_decref(seen);
    return status;
}

/* 6.1.13 and 6.1.25: identifiers that cannot be compared, or say two things. */
static enum cret_status check_identifiers(const struct mandatory *run)
{
    for (size_t i = 0; i < run->advisory->named_count; i++) {
        const struct cret_named *named = &run->advisory->named[i];
        const json_t *purls = json_object_get(named->json, "purls");
        if (json_array_size(purls) != named->purl_count) {
            return refuse(run, "6.1.13", "#/product_tree", "a package URL (purl)",
                          json_string_value(json_array_get(purls, 0)));
        }
        CRET_JSON_EACH (file, json_object_get(named->json, "hashes")) {
            if (check_digests(run, json_object_get(file, "digests"), named->id) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

/* 6.1.1 and 6.1.4 in flags, threats and remediations. */
static enum cret_status check_notes(const struct mandatory *run, const json_t *notes,
                                    const char *where)
{
    CRET_JSON_EACH (note, notes) {
        CRET_JSON_EACH (id, json_object_get(note, "group_ids")) {
            if (json_object_get(run->advisory->groups, json_string_value(id)) == NULL) {
                return refuse(run, "6.1.4", where, "groups that are defined",
                              json_string_value(id));
            }
        }
        if (check_ids(run, json_object_get(note, "product_ids"), where) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* 2.1: notes of the document name products and groups, too. */
static enum cret_status check_document_notes(const struct mandatory *run)
{
    return run->advisory->csaf_minor == 0
               ? CRET_OK
               : check_notes(run, cret_json_get(run->advisory->document, "document.notes"),
                             "#/document/notes");
}

/* Marks the products of a list with a word; the first that has another one already, or NULL. */
static const char *mark(struct mandatory *run, const json_t *list, const char *word)
{
    CRET_JSON_EACH (id, list) {
        const size_t product = cret_advisory_find(run->advisory, json_string_value(id));
        if (product == CRET_NOBODY) {
            continue;
        }
        if (run->marks[product] == run->round && strcmp(run->words[product], word) != 0) {
            return json_string_value(id);
        }
        run->marks[product] = run->round;
        run->words[product] = word;
    }
    return NULL;
}

/* The products of a group, where they have not this mark of this round already: a group may be
 * named as often as a document is long. NULL: they have, or there is no such group. */
static const json_t *unmarked_group(struct mandatory *run, const char *group, const char *word)
{
    const json_t *members = json_object_get(run->advisory->groups, group);
    char *key = cret_text_printf("%s\n%s", word, group);
    if (run->grouped_round != run->round) {
        json_object_clear(run->grouped);
        run->grouped_round = run->round;
    }
    if (key != NULL && json_object_get(run->grouped, key) != NULL) {
        members = NULL;
    } else if (key != NULL) {
        json_object_set_new(run->grouped, key, json_true()); /* without it, it is done once more */
    }
    free(key);
    run->group_steps += json_array_size(members);
    run->too_many |= run->group_steps > MOST_GROUP_STEPS;
    return run->too_many ? NULL : members;
}

/* 6.1.6: one status for one product. */
static enum cret_status check_status(struct mandatory *run, const json_t *status)
{
    static const struct {
        const char *list, *word;
    } lists[] = {{"first_affected", "affected"},
                 {"known_affected", "affected"},
                 {"last_affected", "affected"},
                 {"known_not_affected", "not affected"},
                 {"first_fixed", "fixed"},
                 {"fixed", "fixed"},
                 {"under_investigation", "under investigation"},
                 {"unknown", "unknown"}};
    run->round++;
    for (size_t i = 0; i < CRET_LENGTH(lists); i++) {
        const char *id = mark(run, json_object_get(status, lists[i].list), lists[i].word);
        if (id != NULL) {
            return refuse(run, "6.1.6", "#/vulnerabilities/product_status",
                          "one status for one product", id);
        }
    }
    return CRET_OK;
}

/* Kinds of remediations, with those that they exclude (6.1.35) and the status of products that they
 * must not be for (6.1.36), CSAF 2.1. */
enum { FIX = 1, PLANNED = 2, NO_FIX = 4, OPTIONAL = 8, NONE = 16, OTHER_REMEDY = 32 };
static const struct {
    const char *category;
    unsigned kind, excludes;
    const char *forbidden[3];
} remedies[] = {
    {"vendor_fix", FIX, PLANNED | NO_FIX | OPTIONAL | NONE, {"not affected", "fixed", NULL}},
    {"fix_planned", PLANNED, FIX | NO_FIX | OPTIONAL | NONE, {"fixed", NULL, NULL}},
    {"no_fix_planned", NO_FIX, FIX | PLANNED | OPTIONAL | NONE, {"fixed", NULL, NULL}},
    {"optional_patch", OPTIONAL, ~(unsigned)OPTIONAL, {"affected", NULL, NULL}},
    {"none_available", NONE, ~(unsigned)NONE, {"not affected", "fixed", NULL}},
    {"mitigation", OTHER_REMEDY, OPTIONAL | NONE, {"not affected", "fixed", NULL}},
    {"workaround", OTHER_REMEDY, OPTIONAL | NONE, {"not affected", "fixed", NULL}}};

/* One remediation for a list of products; after check_status(), whose marks are looked at. */
static enum cret_status mark_remedy(struct mandatory *run, const json_t *list, size_t remedy)
{
    CRET_JSON_EACH (id, list) {
        const size_t product = cret_advisory_find(run->advisory, json_string_value(id));
        if (product == CRET_NOBODY) {
            continue;
        }
        if (run->remedy_marks[product] != run->round) {
            run->remedy_marks[product] = run->round;
            run->remedies[product] = 0;
        }
        if ((run->remedies[product] & remedies[remedy].excludes) != 0) {
            return refuse(run, "6.1.35", "#/vulnerabilities/remediations",
                          "remediations that do not exclude each other", json_string_value(id));
        }
        run->remedies[product] |= remedies[remedy].kind;
        for (size_t i = 0; i < 3 && remedies[remedy].forbidden[i] != NULL; i++) {
            if (run->marks[product] == run->round &&
                strcmp(run->words[product], remedies[remedy].forbidden[i]) == 0) {
                return refuse(run, "6.1.36", "#/vulnerabilities/remediations",
                              "remediations that fit the status", json_string_value(id));
            }
        }
    }
    return CRET_OK;
}

static enum cret_status check_remedies(struct mandatory *run, const json_t *list)
{
    CRET_JSON_EACH (one, list) {
        size_t remedy = 0;
        const char *category = cret_json_string(one, "category");
        while (remedy < CRET_LENGTH(remedies) && strcmp(remedies[remedy].category, category) != 0) {
            remedy++;
        }
        if (run->advisory->csaf_minor == 0 || remedy == CRET_LENGTH(remedies)) {
            continue; /* 2.0 has neither test */
        }
        if (mark_remedy(run, json_object_get(one, "product_ids"), remedy) != CRET_OK) {
            return CRET_FAILED;
        }
        CRET_JSON_EACH (group, json_object_get(one, "group_ids")) {
            if (mark_remedy(run, unmarked_group(run, json_string_value(group), category), remedy) !=
                CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

/* Marks all products of a list of notes, of one category where that is asked for. */
static void mark_notes(struct mandatory *run, const json_t *notes, const char *category)
{
    CRET_JSON_EACH (note, notes) {
        const char *own = cret_json_string(note, "category");
        if (category != NULL && (own == NULL || strcmp(own, category) != 0)) {
            continue;
        }
        mark(run, json_object_get(note, "product_ids"), "");
        CRET_JSON_EACH (group, json_object_get(note, "group_ids")) {
            mark(run, unmarked_group(run, json_string_value(group), ""), "");
        }
    }
}

/* The first product of a list that has no mark of this round; or NULL. */
static const char *find_unmarked(const struct mandatory *run, const json_t *list)
{
    CRET_JSON_EACH (id, list) {
        const size_t product = cret_advisory_find(run->advisory, json_string_value(id));
        if (product != CRET_NOBODY && run->marks[product] != run->round) {
            return json_string_value(id);
        }
    }
    return NULL;
}

/* 6.1.27.9 and 10, of VEX in CSAF 2.1: a reason for what is not affected, an action for what is. */
static enum cret_status check_reasons(struct mandatory *run, const json_t *vulnerability)
{
    const char *profile = cret_json_string(run->advisory->document, "document.category");
    const json_t *status = json_object_get(vulnerability, "product_status");
    if (run->advisory->csaf_minor == 0 || strcmp(profile, "csaf_vex") != 0) {
        return CRET_OK;
    }
    run->round++;
    mark_notes(run, json_object_get(vulnerability, "flags"), NULL);
    mark_notes(run, json_object_get(vulnerability, "threats"), "impact");
    const char *id = find_unmarked(run, json_object_get(status, "known_not_affected"));
    if (id != NULL) {
        return refuse(run, "6.1.27.9", "#/vulnerabilities", "a flag or an impact for each product",
                      id);
    }
    run->round++;
    mark_notes(run, json_object_get(vulnerability, "remediations"), NULL);
    id = find_unmarked(run, json_object_get(status, "known_affected"));
    return id == NULL ? CRET_OK
                      : refuse(run, "6.1.27.10", "#/vulnerabilities",
                               "a remediation for each product", id);
}

/* 6.1.33: one justification for one product. */
static enum cret_status check_flags(struct mandatory *run, const json_t *flags)
{
    run->round++;
    CRET_JSON_EACH (flag, flags) {
        const char *label = cret_json_string(flag, "label");
        const char *id = mark(run, json_object_get(flag, "product_ids"), label);
        CRET_JSON_EACH (group, json_object_get(flag, "group_ids")) {
            id = id != NULL
                     ? id
                     : mark(run, unmarked_group(run, json_string_value(group), label), label);
        }
        if (id != NULL) {
            return refuse(run, "6.1.33", "#/vulnerabilities/flags",
                          "one justification for one product", id);
        }
    }
    return CRET_OK;
}

/* 6.1.29 and 6.1.32: a remediation or justification of nobody. */
static enum cret_status check_somebody(const struct mandatory *run, const json_t *list,
                                       const char *test, const char *where)
{
    CRET_JSON_EACH (one, list) {
        if (json_object_get(one, "product_ids") == NULL &&
            json_object_get(one, "group_ids") == NULL) {
            return refuse(run, test, where, "product_ids or group_ids", "neither");
        }
    }
    return CRET_OK;
}

/* Every list of a vulnerability that names products or groups. */
static enum cret_status check_lists(const struct mandatory *run, const json_t *vulnerability)
{
    static const struct {
        const char *list, *where;
        int since;
    } notes[] = {
        {"flags", "#/vulnerabilities/flags", 0},
        {"threats", "#/vulnerabilities/threats", 0},
        {"remediations", "#/vulnerabilities/remediations", 0},
        {"notes", "#/vulnerabilities/notes", 1},
        {"ids", "#/vulnerabilities/ids", 1},
        {"involvements", "#/vulnerabilities/involvements", 1},
        {"first_known_exploitation_dates", "#/vulnerabilities/first_known_exploitation_dates", 1}};
    static const struct {
        const char *list, *where;
    } scores[] = {{"scores", "#/vulnerabilities/scores"}, {"metrics", "#/vulnerabilities/metrics"}};
    const json_t *status = json_object_get(vulnerability, "product_status");
    const char *key;
    json_t *list;
    size_t index;
    json_object_foreach((json_t *)(uintptr_t)status, key, list)
    {
        if (check_ids(run, list, "#/vulnerabilities/product_status") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(notes); i++) {
        if (run->advisory->csaf_minor >= notes[i].since &&
            check_notes(run, json_object_get(vulnerability, notes[i].list), notes[i].where) !=
                CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(scores); i++) {
        json_array_foreach(json_object_get(vulnerability, scores[i].list), index, list)
        {
            if (check_ids(run, json_object_get(list, "products"), scores[i].where) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

static enum cret_status check_vulnerability(struct mandatory *run, const json_t *vulnerability)
{
    const json_t *flags = json_object_get(vulnerability, "flags");
    const json_t *remediations = json_object_get(vulnerability, "remediations");
    return check_lists(run, vulnerability) == CRET_OK &&
                   check_somebody(run, remediations, "6.1.29", "#/vulnerabilities/remediations") ==
                       CRET_OK &&
                   check_somebody(run, flags, "6.1.32", "#/vulnerabilities/flags") == CRET_OK &&
                   check_status(run, json_object_get(vulnerability, "product_status")) == CRET_OK &&
                   check_remedies(run, remediations) == CRET_OK &&
                   check_reasons(run, vulnerability) == CRET_OK &&
                   check_flags(run, flags) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

enum cret_status cret_advisory_mandatory(const struct cret_advisory *advisory, struct cret_err *err)
{
    struct mandatory run = {.advisory = advisory,
                            .err = err,
                            .marks = calloc(advisory->named_count + 1, sizeof(*run.marks)),
                            .words = calloc(advisory->named_count + 1, sizeof(*run.words)),
                            .remedy_marks =
                                calloc(advisory->named_count + 1, sizeof(*run.remedy_marks)),
                            .remedies = calloc(advisory->named_count + 1, sizeof(*run.remedies)),
                            .grouped = json_object()};
    enum cret_status status = run.marks != NULL && run.words != NULL && run.remedy_marks != NULL &&
                                      run.remedies != NULL && run.grouped != NULL
                                  ? CRET_OK
                                  : cret_err_memory(err);
    if (status == CRET_OK &&
        (check_products(&run) != CRET_OK || check_document_notes(&run) != CRET_OK ||
         check_circles(&run) != CRET_OK || check_groups(&run) != CRET_OK ||
         check_identifiers(&run) != CRET_OK)) {
        status = CRET_FAILED;
    }
    CRET_JSON_EACH (vulnerability, json_object_get(advisory->document, "vulnerabilities")) {
        if (status == CRET_OK && check_vulnerability(&run, vulnerability) != CRET_OK) {
            status = CRET_FAILED;
        }
        if (run.too_many && status == CRET_OK) {
            cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                            "its vulnerabilities name more products, by product_groups, than are "
                            "judged");
            cret_err_where(err, "#/vulnerabilities");
            status = cret_err_expected(err, "at most %u: smaller groups, or fewer vulnerabilities",
                                       MOST_GROUP_STEPS);
        }
    }
    free(run.marks);
    free(run.words);
    free(run.remedy_marks);
    free(run.remedies);
    json_decref(run.grouped);
    return status;
}
