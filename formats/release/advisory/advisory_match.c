/* SPDX-License-Identifier: Apache-2.0 */
/* All statements of a document, judged for one release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

const char *const cret_advisory_statuses[CRET_VEX_COUNT + 1] = {
    [CRET_VEX_AFFECTED] = "affected",
    [CRET_VEX_INVESTIGATED] = "under investigation",
    [CRET_VEX_FIXED] = "fixed",
    [CRET_VEX_NOT_AFFECTED] = "not affected",
};

/* One run: what each product is, found once. */
struct match_run {
    const struct cret_advisory *advisory;
    const struct cret_subject_index *index;
    struct cret_hits *hits; /* for each product */
    bool *known;
    struct cret_found *found;
    size_t found_count, found_capacity;
    json_t *keys; /* what is found already, to its place */
    struct cret_advisory_facts facts;
};

static const struct cret_hits *hits_of(struct match_run *run, size_t product)
{
    if (!run->known[product]) {
        run->known[product] = true;
        if (cret_advisory_match_product(run->advisory, product, run->index, &run->hits[product]) !=
            0) {
            return NULL;
        }
    }
    return &run->hits[product];
}

/* Justifications that are of the code, and so hold wherever it is: CSAF 2.0, 3.2.3.5; CycloneDX,
 * analysis.justification. All others depend on how one product uses or protects a component. */
static bool is_of_the_code(const char *justification)
{
    return justification != NULL && (strcmp(justification, "vulnerable_code_not_present") == 0 ||
                                     strcmp(justification, "code_not_present") == 0);
}

static struct cret_claim make_claim(const struct cret_advisory *advisory,
                                    const struct cret_named *named, enum cret_vex_status status,
                                    const json_t *reasons)
{
    const char *justification = cret_json_string(reasons, "justification");
    struct cret_claim claim = {.status = status,
                               .by_version = named->by_version,
                               .reasoned = justification != NULL ||
                                           cret_json_string(reasons, "impact") != NULL,
                               .provisional = advisory->state != NULL,
                               .external = named->external};
    /* What one product resolved, it may have resolved by a patch of its own. */
    claim.carries = named->by_version || is_of_the_code(justification) ||
                    (status == CRET_VEX_FIXED && (advisory->csaf || advisory->openvex));
    return claim;
}

/* Why something mild became a question; new. NULL: memory. */
static char *ask(const struct cret_named *named, const struct cret_hit *hit,
                 const struct cret_claim *claim)
{
    const char *of = named->version != NULL ? named->version
                     : named->range != NULL ? named->range
                                            : named->text;
    if (hit->evidence.scope == CRET_SCOPE_COMPONENT && !claim->carries) {
        return cret_text_printf(
            "it says \"%s\" of how another product uses or builds it: compare; %s",
            cret_advisory_statuses[claim->status], hit->because);
    }
    return cret_text_printf("names this %s, %s in %.120s, which is not surely ours: compare; %s",
                            hit->evidence.component ? "component" : "product",
                            cret_advisory_statuses[claim->status], of, hit->because);
}

static json_t *make_match(const struct match_run *run, const json_t *vulnerability,
                          const struct cret_named *named, const struct cret_hit *hit,
                          const struct cret_claim *claim, const struct cret_answer *answer)
{
    char *because = answer->question ? ask(named, hit, claim) : NULL;
    if (answer->question && because == NULL) {
        return NULL;
    }
    json_t *match = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "advisory", run->advisory->id, "vulnerability",
        cret_json_string(vulnerability, "id"), "status", cret_advisory_statuses[answer->status],
        "match", answer->match == CRET_MATCH_SURE ? "sure" : "possible", "by", hit->by, "because",
        because != NULL ? because : hit->because, "subject", hit->target->label, "product",
        named->text);
    free(because);
    if (match != NULL && answer->question &&
        json_object_set_new(match, "stated", json_string(cret_advisory_statuses[claim->status])) !=
            0) {
        json_decref(match);
        match = NULL;
    }
    return match;
}

/* Remediations of both; the first one's reasons stay. */
static int merge(json_t *into, const json_t *from)
{
    const json_t *more = json_object_get(from, "remediations");
    json_t *list = json_object_get(into, "remediations");
    if (json_array_size(more) == 0) {
        return 0;
    }
    if (list == NULL) {
        return json_object_set_new(into, "remediations", json_deep_copy(more));
    }
    CRET_JSON_EACH (one, more) {
        bool known = json_array_size(list) >= CRET_MOST_REMEDIATIONS;
        CRET_JSON_EACH (other, list) {
            known = known || json_equal(one, other) == 1;
        }
        if (!known && json_array_append(list, one) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Keeps what was found, or the better of two that say the same of the same thing. */
static int keep(struct match_run *run, const struct cret_found *found)
{
    char *key = cret_text_printf("%s\n%s\n%d %d %d", cret_json_string(found->json, "vulnerability"),
                                 cret_json_string(found->json, "subject"), (int)found->status,
                                 (int)found->stated, found->part);
    if (key == NULL) {
        return -1;
    }
    const json_t *known = json_object_get(run->keys, key);
    int failed = 0;
    if (known != NULL) {
        struct cret_found *old = &run->found[json_integer_value(known)];
        const bool better =
            found->match > old->match || (found->match == old->match && found->rank > old->rank);
        json_t *worse = better ? old->json : found->json;
        if (better) {
            *old = *found;
        }
        failed = merge(old->json, worse);
        json_decref(worse);
        free(key);
        return failed;
    }
    if (run->found_count == run->found_capacity) {
        const size_t capacity = run->found_capacity > 0 ? 2 * run->found_capacity : 32;
        struct cret_found *list = reallocarray(run->found, capacity, sizeof(*list));
        if (list == NULL) {
            free(key);
            return -1;
        }
        run->found = list;
        run->found_capacity = capacity;
    }
    failed = json_object_set_new(run->keys, key, json_integer((json_int_t)run->found_count));
    free(key);
    run->found[run->found_count] = *found;
    run->found[run->found_count].order = run->found_count;
    run->found_count++;
    return failed;
}

/* CSAF 2.0, 3.2.3.9: first_affected and last_affected are the ends of a range. Another version than
 * the last one is affected unless it is later; another than the first one where it is later, and no
 * other list says where that ends. */
static void widen(struct cret_evidence *evidence, const json_t *vulnerability, const char *id)
{
    const json_t *status = json_object_get(json_object_get(vulnerability, "raw"), "product_status");
    const json_t *first = json_object_get(status, "first_affected");
    const json_t *last = json_object_get(status, "last_affected");
    if (evidence->best != CRET_FIT_OTHER || (first == NULL && last == NULL)) {
        return;
    }
    const bool ends = last != NULL || json_object_get(status, "fixed") != NULL ||
                      json_object_get(status, "first_fixed") != NULL;
    if ((!evidence->later && cret_json_lists(last, id)) ||
        (evidence->later && !ends && cret_json_lists(first, id))) {
        evidence->best = CRET_FIT_LIKELY;
    }
}

/* CSAF 2.1: whether a product stands in the list "unknown". */
static bool is_unknown(const json_t *vulnerability, const char *id)
{
    return cret_json_lists(cret_json_get(vulnerability, "raw.product_status.unknown"), id);
}

/* One statement about one thing that we have. */
static int judge_hit(struct match_run *run, const json_t *vulnerability,
                     const struct cret_named *named, const struct cret_hit *hit,
                     const struct cret_claim *claim, const json_t *reasons)
{
    struct cret_evidence evidence = hit->evidence;
    if (cret_json_boolean(vulnerability, "vague", false) && evidence.identity == CRET_MATCH_SURE) {
        evidence.identity = CRET_MATCH_POSSIBLE;
    }
    if (claim->status == CRET_VEX_AFFECTED) {
        widen(&evidence, vulnerability, named->id);
    }
    const struct cret_answer answer = cret_judge(&evidence, claim);
    run->facts.other_versions += evidence.best == CRET_FIT_OTHER ? 1 : 0;
    if (answer.match == CRET_MATCH_NONE) {
        return 0;
    }
    struct cret_found found = {
        .json = make_match(run, vulnerability, named, hit, claim, &answer),
        .match = answer.match,
        .status = answer.status,
        .stated = claim->status,
        .rank = cret_hit_rank(hit),
        .thing = hit->target->kind == CRET_TARGET_FILE && hit->evidence.scope == CRET_SCOPE_PRODUCT
                     ? run->index->list[0].label
                     : hit->target->label,
        .part = named->part != CRET_NOBODY || named->in_root,
        .doubt = cret_json_string(vulnerability, "doubt"),
        .question = answer.question,
        .unknown = claim->status == CRET_VEX_INVESTIGATED && is_unknown(vulnerability, named->id),
        .reasoned = claim->reasoned || claim->by_version};
    if (found.json == NULL || json_object_update_missing(found.json, (json_t *)reasons) != 0 ||
        keep(run, &found) != 0) {
        return -1;
    }
    return 0;
}

/* Whether any hit can lead to an answer, whatever the reasons are: most cannot, and reasons are
 * long to look for in large files. */
static bool can_matter(const struct cret_hits *hits, const struct cret_named *named,
                       enum cret_vex_status status, const json_t *vulnerability)
{
    const struct cret_claim claims[] = {
        {.status = status, .by_version = named->by_version, .external = named->external},
        {.status = status,
         .by_version = named->by_version,
         .external = named->external,
         .carries = true,
         .reasoned = true}};
    for (size_t i = 0; i < hits->count; i++) {
        struct cret_evidence evidence = hits->list[i].evidence;
        if (status == CRET_VEX_AFFECTED) {
            widen(&evidence, vulnerability, named->id);
        }
        for (size_t j = 0; j < CRET_LENGTH(claims); j++) {
            if (cret_judge(&evidence, &claims[j]).match != CRET_MATCH_NONE) {
                return true;
            }
        }
    }
    return false;
}

static int judge_product(struct match_run *run, const json_t *vulnerability,
                         enum cret_vex_status status, const char *id)
{
    const size_t product = cret_advisory_find(run->advisory, id);
    if (product == CRET_NOBODY) {
        return 0; /* readers refuse such a document */
    }
    const struct cret_hits *hits = hits_of(run, product);
    if (hits == NULL) {
        return -1;
    }
    run->facts.statements++;
    if (hits->count == 0) {
        run->facts.about_others++;
        return 0;
    }
    const struct cret_named *named = &run->advisory->named[product];
    if (!can_matter(hits, named, status, vulnerability)) {
        run->facts.other_versions += hits->list[0].evidence.best == CRET_FIT_OTHER ? 1 : 0;
        return 0;
    }
    const json_t *raw = json_object_get(vulnerability, "raw");
    json_t *reasons = json_object();
    int failed = reasons == NULL ||
                 (run->advisory->csaf ? cret_advisory_explain_csaf(run->advisory, raw, id, reasons)
                  : run->advisory->openvex ? cret_advisory_explain_openvex(raw, reasons)
                  : run->advisory->spdx3   ? cret_advisory_explain_spdx3(raw, reasons)
                                           : cret_advisory_explain_cyclonedx(raw, reasons)) != 0;
    const struct cret_claim claim = make_claim(run->advisory, named, status, reasons);
    for (size_t i = 0; i < hits->count && !failed; i++) {
        failed = judge_hit(run, vulnerability, named, &hits->list[i], &claim, reasons);
    }
    json_decref(reasons);
    return failed;
}

static int judge_all(struct match_run *run)
{
    int failed = 0;
    CRET_JSON_EACH (vulnerability, run->advisory->vulnerabilities) {
        const json_t *lists = json_object_get(vulnerability, "status");
        run->facts.vulnerabilities++;
        for (int status = 0; status < CRET_VEX_COUNT; status++) {
            CRET_JSON_EACH (id, json_array_get(lists, (size_t)status)) {
                failed = failed || judge_product(run, vulnerability, (enum cret_vex_status)status,
                                                 json_string_value(id)) != 0;
            }
        }
    }
    return failed;
}

/* Sure ones first, then by status, then as the document has them. */
static int compare_found(const void *left, const void *right)
{
    const struct cret_found *one = left, *other = right;
    if (one->match != other->match) {
        return one->match > other->match ? -1 : 1;
    }
    if (one->status != other->status) {
        return one->status < other->status ? -1 : 1;
    }
    return (one->order > other->order) - (one->order < other->order);
}

static json_t *as_array(struct match_run *run)
{
    json_t *result = json_array();
    if (run->found_count > 1) { /* of none there is no list */
        qsort(run->found, run->found_count, sizeof(*run->found), compare_found);
    }
    for (size_t i = 0; i < run->found_count && result != NULL; i++) {
        if (!run->found[i].dropped &&
            (json_object_set_new(
                 run->found[i].json, "match",
                 json_string(run->found[i].match == CRET_MATCH_SURE ? "sure" : "possible")) != 0 ||
             json_array_append(result, run->found[i].json) != 0)) {
            json_decref(result);
            result = NULL;
        }
    }
    return result;
}

static bool names_our_vendor(const struct match_run *run)
{
    for (size_t i = 0; i < run->advisory->named_count; i++) {
        if (cret_advisory_is_ours(run->advisory, &run->advisory->named[i], run->index)) {
            return true;
        }
    }
    return false;
}

static void free_run(struct match_run *run)
{
    for (size_t i = 0; run->hits != NULL && i < run->advisory->named_count; i++) {
        cret_hits_free(&run->hits[i]);
    }
    for (size_t i = 0; i < run->found_count; i++) {
        json_decref(run->found[i].json);
    }
    free(run->hits);
    free(run->known);
    free(run->found);
    json_decref(run->keys);
}

json_t *cret_advisory_match(const struct cret_advisory *advisory,
                            const struct cret_subject_index *index,
                            struct cret_advisory_facts *facts)
{
    struct match_run run = {.advisory = advisory,
                            .index = index,
                            .hits = calloc(advisory->named_count + 1, sizeof(*run.hits)),
                            .known = calloc(advisory->named_count + 1, sizeof(*run.known)),
                            .keys = json_object(),
                            .facts = {.components = index->components, .files = index->files}};
    json_t *result = NULL;
    if (run.hits != NULL && run.known != NULL && run.keys != NULL && judge_all(&run) == 0 &&
        cret_advisory_doubt(advisory, run.found, run.found_count) == 0) {
        result = as_array(&run);
    }
    if (facts != NULL) {
        *facts = run.facts;
        facts->same_vendor = names_our_vendor(&run);
    }
    free_run(&run);
    return result;
}
