/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandatory tests of CSAF 2.0 (section 6.1) that matching rests on: ids, groups, relationships,
 * identifiers, contradictions. A document that fails one says of somebody what nobody can know, so
 * it is not judged. 6.1.23 (one CVE twice), 6.1.29 and 6.1.32 (for nobody) are not held: such
 * statements are compared with each other, or have no reason.
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
    uint32_t round;
};

static enum cret_status refuse(const struct mandatory *run, const char *test, const char *where,
                               const char *expected, const char *actual)
{
    cret_err_refuse(run->err, CRET_CHECK_ADVISORY_MATCH,
                    "CSAF 2.0 document fails mandatory test %s", test);
    cret_err_where(run->err, "%s", where);
    cret_err_expected(run->err, "%s", expected);
    return cret_err_actual(run->err, "%s", actual);
}

/* 6.1.1: every product that is spoken of is defined. */
static enum cret_status check_ids(const struct mandatory *run, const json_t *list,
                                  const char *where)
{
    size_t index;
    json_t *id;
    json_array_foreach(list, index, id)
    {
        if (cret_advisory_find(run->advisory, json_string_value(id)) == CRET_NOBODY) {
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
        if (check_ids(run, json_object_get(advisory->named[i].json, "of"),
                      "#/product_tree/relationships") != CRET_OK) {
            return CRET_FAILED;
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
    size_t index;
    json_t *group;
    if (json_array_size(groups) != json_object_size(run->advisory->groups)) {
        return refuse(run, "6.1.5", "#/product_tree/product_groups", "every group_id once",
                      "a group_id twice");
    }
    json_array_foreach(groups, index, group)
    {
        if (check_ids(run, json_object_get(group, "product_ids"),
                      "#/product_tree/product_groups") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* 6.1.13 and 6.1.25: identifiers that cannot be compared, or say two things. */
static enum cret_status check_identifiers(const struct mandatory *run)
{
    for (size_t i = 0; i < run->advisory->named_count; i++) {
        const struct cret_named *named = &run->advisory->named[i];
        const json_t *purls = json_object_get(named->json, "purls");
        size_t index, place;
        json_t *file, *digest;
        if (json_array_size(purls) != named->purl_count) {
            return refuse(run, "6.1.13", "#/product_tree", "a package URL (purl)",
                          json_string_value(json_array_get(purls, 0)));
        }
        json_array_foreach(json_object_get(named->json, "hashes"), index, file)
        {
            const json_t *digests = json_object_get(file, "digests");
            json_array_foreach(digests, place, digest)
            {
                for (size_t j = 0; j < place; j++) {
                    if (strcasecmp(cret_json_string(json_array_get(digests, j), "algorithm"),
                                   cret_json_string(digest, "algorithm")) == 0) {
                        return refuse(run, "6.1.25", "#/product_tree",
                                      "one digest of each algorithm", named->id);
                    }
                }
            }
        }
    }
    return CRET_OK;
}

/* 6.1.1 and 6.1.4 in flags, threats and remediations. */
static enum cret_status check_notes(const struct mandatory *run, const json_t *notes,
                                    const char *where)
{
    size_t index, place;
    json_t *note, *id;
    json_array_foreach(notes, index, note)
    {
        json_array_foreach(json_object_get(note, "group_ids"), place, id)
        {
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

/* Marks the products of a list with a word; the first that has another one already, or NULL. */
static const char *mark(struct mandatory *run, const json_t *list, const char *word)
{
    size_t index;
    json_t *id;
    json_array_foreach(list, index, id)
    {
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
                 {"under_investigation", "under investigation"}};
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

/* 6.1.33: one justification for one product. */
static enum cret_status check_flags(struct mandatory *run, const json_t *flags)
{
    size_t index, place;
    json_t *flag, *group;
    run->round++;
    json_array_foreach(flags, index, flag)
    {
        const char *label = cret_json_string(flag, "label");
        const char *id = mark(run, json_object_get(flag, "product_ids"), label);
        json_array_foreach(json_object_get(flag, "group_ids"), place, group)
        {
            id = id != NULL
                     ? id
                     : mark(run, json_object_get(run->advisory->groups, json_string_value(group)),
                            label);
        }
        if (id != NULL) {
            return refuse(run, "6.1.33", "#/vulnerabilities/flags",
                          "one justification for one product", id);
        }
    }
    return CRET_OK;
}

static enum cret_status check_vulnerability(struct mandatory *run, const json_t *vulnerability)
{
    static const struct {
        const char *list, *where;
    } notes[] = {{"flags", "#/vulnerabilities/flags"},
                 {"threats", "#/vulnerabilities/threats"},
                 {"remediations", "#/vulnerabilities/remediations"}};
    const json_t *status = json_object_get(vulnerability, "product_status");
    const char *key;
    json_t *list;
    size_t index;
    json_object_foreach((json_t *)status, key, list)
    {
        if (check_ids(run, list, "#/vulnerabilities/product_status") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(notes); i++) {
        if (check_notes(run, json_object_get(vulnerability, notes[i].list), notes[i].where) !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    json_array_foreach(json_object_get(vulnerability, "scores"), index, list)
    {
        if (check_ids(run, json_object_get(list, "products"), "#/vulnerabilities/scores") !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    return check_status(run, status) == CRET_OK &&
                   check_flags(run, json_object_get(vulnerability, "flags")) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

enum cret_status cret_advisory_mandatory(const struct cret_advisory *advisory, struct cret_err *err)
{
    struct mandatory run = {.advisory = advisory,
                            .err = err,
                            .marks = calloc(advisory->named_count + 1, sizeof(*run.marks)),
                            .words = calloc(advisory->named_count + 1, sizeof(*run.words))};
    enum cret_status status =
        run.marks != NULL && run.words != NULL ? CRET_OK : cret_err_memory(err);
    size_t index;
    json_t *vulnerability;
    if (status == CRET_OK &&
        (check_products(&run) != CRET_OK || check_circles(&run) != CRET_OK ||
         check_groups(&run) != CRET_OK || check_identifiers(&run) != CRET_OK)) {
        status = CRET_FAILED;
    }
    json_array_foreach(json_object_get(advisory->document, "vulnerabilities"), index, vulnerability)
    {
        if (status == CRET_OK && check_vulnerability(&run, vulnerability) != CRET_OK) {
            status = CRET_FAILED;
        }
    }
    free(run.marks);
    free(run.words);
    return status;
}
