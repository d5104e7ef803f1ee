/* SPDX-License-Identifier: Apache-2.0 */
/* Is a product that a document names the one that we have, or a part of it? */
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"
#include "release/identifier/cpe.h"
#include "release/identifier/purl.h"

/* Evidence for a target that an identifier or a name leads to. */
static struct cret_evidence make_evidence(const struct cret_named *named,
                                          const struct cret_subject_index *index,
                                          const struct cret_target *target,
                                          enum cret_match identity, const struct cret_purl *purl)
{
    struct cret_evidence evidence = {
        .identity = identity,
        .component = target->kind == CRET_TARGET_COMPONENT,
        .scope = target->kind == CRET_TARGET_COMPONENT ? CRET_SCOPE_COMPONENT : CRET_SCOPE_PRODUCT};
    cret_advisory_fit(named, index, target, purl, &evidence);
    return evidence;
}

static int add_identifier(const struct cret_named *named, const struct cret_subject_index *index,
                          const struct cret_target *target, enum cret_match identity,
                          const struct cret_purl *purl, const char *text, struct cret_hits *hits)
{
    const struct cret_evidence evidence = make_evidence(named, index, target, identity, purl);
    const char *by = purl != NULL ? "purl" : "cpe";
    const bool exact = evidence.worst == CRET_FIT_SURE || evidence.unstated;
    return cret_hits_add(hits, target, &evidence, by,
                         cret_text_printf("%s %.150s is that of %.150s%s%s", by, text,
                                          target->label,
                                          identity == CRET_MATCH_SURE ? "" : ", but for details",
                                          exact ? "" : ", but the version is not sure"));
}

static int match_purls(const struct cret_named *named, const struct cret_subject_index *index,
                       struct cret_hits *hits)
{
    const json_t *texts = json_object_get(named->json, "purls");
    int failed = 0;
    for (size_t i = 0; i < named->purl_count; i++) {
        const char *text = json_string_value(json_array_get(texts, i));
        size_t count = 0;
        const struct cret_index_entry *entries = cret_index_find(
            index, cret_key_hash(CRET_KEY_PURL, cret_purl_name(named->purls[i])), &count);
        for (size_t j = 0; j < count && !failed; j++) {
            const struct cret_target *target = &index->list[entries[j].target];
            for (size_t k = 0; k < target->purl_count && !failed; k++) {
                const struct cret_purl *own = target->purls[k];
                const enum cret_match exact = cret_purl_same(named->purls[i], own);
                const enum cret_match same =
                    exact == CRET_MATCH_NONE && cret_purl_akin(named->purls[i], own)
                        ? CRET_MATCH_POSSIBLE
                        : exact;
                if (same != CRET_MATCH_NONE) {
                    failed =
                        add_identifier(named, index, target, same, target->purls[k], text, hits);
                }
            }
        }
    }
    return failed;
}

static int match_cpe(const struct cret_named *named, const struct cret_cpe *cpe, const char *text,
                     const struct cret_subject_index *index, const struct cret_target *target,
                     struct cret_hits *hits)
{
    enum cret_match best = CRET_MATCH_NONE;
    for (size_t i = 0; i < target->cpe_count; i++) {
        const enum cret_match same = cret_cpe_same(cpe, target->cpes[i]);
        best = same > best ? same : best;
    }
    return best == CRET_MATCH_NONE ? 0
                                   : add_identifier(named, index, target, best, NULL, text, hits);
}

static int match_cpes(const struct cret_named *named, const struct cret_subject_index *index,
                      struct cret_hits *hits)
{
    const json_t *texts = json_object_get(named->json, "cpes");
    int failed = 0;
    for (size_t i = 0; i < named->cpe_count; i++) {
        const struct cret_cpe *cpe = named->cpes[i];
        const char *text = json_string_value(json_array_get(texts, i));
        if (cret_cpe_product_open(cpe)) {
            for (size_t j = 0; j < index->count && !failed; j++) {
                failed = match_cpe(named, cpe, text, index, &index->list[j], hits);
            }
            continue;
        }
        char folded[256];
        size_t count = 0;
        cret_cpe_folded_product(cpe, folded);
        const struct cret_index_entry *entries =
            cret_index_find(index, cret_key_hash(CRET_KEY_CPE, folded), &count);
        for (size_t j = 0; j < count && !failed; j++) {
            failed = match_cpe(named, cpe, text, index, &index->list[entries[j].target], hits);
        }
    }
    return failed;
}

static int add_name(const struct cret_named *named, const struct cret_subject_index *index,
                    const struct cret_target *target, const char *by, const char *how,
                    struct cret_hits *hits)
{
    const struct cret_evidence evidence =
        make_evidence(named, index, target, CRET_MATCH_POSSIBLE, NULL);
    const char *range = named->version != NULL ? named->version : named->range;
    const char *own = cret_json_string(target->json, "name");
    return cret_hits_add(hits, target, &evidence, by,
                         cret_text_printf("%s (%.100s, %.100s), and %s%.80s does not exclude %.60s",
                                          how, named->text, own != NULL ? own : "no name",
                                          named->version != NULL ? "version "
                                          : range != NULL        ? "the range "
                                                                 : "no version named there",
                                          range != NULL ? range : "",
                                          target->version != NULL ? target->version : "it"));
}

/* The product's own name. A vendor that is known to be another one is not meant. */
static int match_product_name(const struct cret_advisory *advisory, const struct cret_named *named,
                              const struct cret_subject_index *index, struct cret_hits *hits)
{
    const struct cret_target *product = &index->list[0];
    const struct cret_name *names[] = {named->product, named->full, named->family};
    const bool ours = cret_advisory_is_ours(advisory, named, index);
    if (product->name == NULL || (named->vendor != NULL && index->vendor->count > 0 && !ours)) {
        return 0;
    }
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (names[i] != NULL && cret_names_alike(names[i], product->name)) {
            return add_name(named, index, product, "name", "the names are alike", hits);
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (names[i] != NULL && ours && cret_names_share_token(names[i], product->name, false)) {
            return add_name(named, index, product, "name",
                            "the vendor is the same, and the names have a number in common", hits);
        }
    }
    return 0;
}

/* Model and order numbers: those of the document with ours, and both with names. */
static bool has_model(const struct cret_named *named, const struct cret_subject_index *index,
                      bool names)
{
    const struct cret_name *texts[] = {named->product, named->full, named->version_token};
    const struct cret_target *product = &index->list[0];
    const bool begins = !named->whole_models;
    for (size_t i = 0; i < named->model_count; i++) {
        if (product->name != NULL &&
            cret_names_share_token(named->models[i], product->name, begins)) {
            return true;
        }
    }
    for (size_t j = 0; j < index->model_count; j++) {
        for (size_t i = 0; i < named->model_count; i++) {
            if (cret_names_share_token(named->models[i], index->models[j], begins)) {
                return true;
            }
        }
        for (size_t i = 0; names && i < CRET_LENGTH(texts); i++) {
            if (texts[i] != NULL && (cret_names_share_token(texts[i], index->models[j], true) ||
                                     cret_name_holds_model(texts[i], index->models[j]))) {
                return true;
            }
        }
    }
    return false;
}

static int match_models(const struct cret_advisory *advisory, const struct cret_named *named,
                        const struct cret_subject_index *index, struct cret_hits *hits)
{
    const bool names = named->vendor == NULL || index->vendor->count == 0 ||
                       cret_advisory_is_ours(advisory, named, index);
    return has_model(named, index, names) ? add_name(named, index, &index->list[0], "model",
                                                     "a model number is one of this product", hits)
                                          : 0;
}

/* Components whose names are alike: those of the very name, else the first. */
static int match_component_names(const struct cret_named *named,
                                 const struct cret_subject_index *index, struct cret_hits *hits)
{
    const struct cret_name *name = named->product != NULL ? named->product : named->full;
    size_t count = 0;
    int failed = 0;
    if (name == NULL || name->count == 0) {
        return 0;
    }
    const struct cret_index_entry *entries =
        cret_index_find(index, cret_key_hash(CRET_KEY_SQUEEZED, cret_name_squeezed(name)), &count);
    bool found = false;
    for (size_t i = 0; i < count && !failed; i++) {
        const struct cret_target *target = &index->list[entries[i].target];
        if (target->kind == CRET_TARGET_COMPONENT && cret_names_alike(name, target->name)) {
            found = true;
            failed = add_name(named, index, target, "name", "the names are alike", hits);
        }
    }
    found = found || hits->count > 0;
    for (size_t i = 0; i < name->count && !found && !failed; i++) {
        entries =
            cret_index_find(index, cret_key_hash(CRET_KEY_WORD, cret_name_word(name, i)), &count);
        for (size_t j = 0; j < count && !found && !failed; j++) {
            const struct cret_target *target = &index->list[entries[j].target];
            if (target->kind != CRET_TARGET_COMPONENT || !cret_names_alike(name, target->name)) {
                continue;
            }
            const struct cret_evidence evidence =
                make_evidence(named, index, target, CRET_MATCH_POSSIBLE, NULL);
            found = evidence.best != CRET_FIT_OTHER;
            failed = found && add_name(named, index, target, "name", "the names are alike", hits);
        }
    }
    return failed;
}

/* Whether one hit is the very thing, and not surely in another version. */
static bool is_sure(const struct cret_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->list[i].evidence.identity == CRET_MATCH_SURE &&
            hits->list[i].evidence.best != CRET_FIT_OTHER) {
            return true;
        }
    }
    return false;
}

/* Whether bytes are ours, and the version that the document names is not. */
static bool is_torn(const struct cret_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (strcmp(hits->list[i].by, "hash") == 0 && hits->list[i].evidence.worst < CRET_FIT_SURE) {
            return true;
        }
    }
    return false;
}

/* What one product by itself is. Non-zero: memory. */
static int match_alone(const struct cret_advisory *advisory, const struct cret_named *named,
                       const struct cret_subject_index *index, struct cret_hits *hits)
{
    bool other_build = false;
    int failed = cret_advisory_match_hashes(advisory, named, index, hits, &other_build) != 0 ||
                 cret_advisory_match_reference(named, index, hits) != 0 ||
                 match_purls(named, index, hits) != 0 || match_cpes(named, index, hits) != 0;
    /* Names are asked for what identifiers do not say for sure. */
    if (!failed && (!is_sure(hits) || is_torn(hits))) {
        failed = match_models(advisory, named, index, hits) != 0 ||
                 match_product_name(advisory, named, index, hits) != 0 ||
                 match_component_names(named, index, hits) != 0;
    }
    if (!failed && hits->count == 0 && cret_json_boolean(named->json, "anything", false)) {
        const struct cret_evidence anything = {.identity = CRET_MATCH_POSSIBLE,
                                               .best = CRET_FIT_SURE,
                                               .worst = CRET_FIT_OPEN,
                                               .scope = CRET_SCOPE_WHOLE};
        failed = cret_hits_add(hits, &index->list[0], &anything, "name",
                               cret_text_printf("the document does not say what is affected"));
    }
    /* A model that is not ours, a service pack, serial numbers: what is meant is less than what
     * fits. */
    const bool narrowed =
        named->narrowed || (named->model_count > 0 && !has_model(named, index, false));
    for (size_t i = 0; i < hits->count; i++) {
        hits->list[i].evidence.other_build |=
            narrowed || (other_build && strcmp(hits->list[i].by, "hash") != 0);
    }
    return failed;
}

/* Relationships of relationships; more is a circle, or meant to look like one. */
#define DEEPEST 4u

static int match_product(const struct cret_advisory *advisory, size_t product,
                         const struct cret_subject_index *index, unsigned depth,
                         struct cret_hits *hits);

/* The best of the hits that are of our version, or could be; NULL: none is. */
static const struct cret_hit *best_of(const struct cret_hits *hits)
{
    const struct cret_hit *best = NULL;
    for (size_t i = 0; i < hits->count; i++) {
        const struct cret_hit *hit = &hits->list[i];
        if (hit->evidence.best != CRET_FIT_OTHER &&
            (best == NULL || cret_hit_rank(hit) > cret_hit_rank(best))) {
            best = hit;
        }
    }
    return best;
}

/* Whether the document's product is one we have by name, only that it is another version of it. */
static bool is_other_version(const struct cret_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->list[i].evidence.best == CRET_FIT_OTHER) {
            return true;
        }
    }
    return false;
}

static int join(const struct cret_named *named, const struct cret_hits *parts,
                const struct cret_hits *wholes, const char *whole_name, struct cret_hits *hits)
{
    const bool beside = named->beside;
    const struct cret_hit *whole = best_of(wholes);
    /* The very bytes of a file of ours: what is said of its parts is said of ours. */
    const bool bytes = whole != NULL && whole->target->kind == CRET_TARGET_FILE;
    struct cret_evidence of_whole = whole != NULL ? whole->evidence : (struct cret_evidence){0};
    of_whole.scope = bytes ? CRET_SCOPE_PRODUCT : of_whole.scope;
    int failed = 0;
    for (size_t i = 0; i < parts->count && !failed; i++) {
        const struct cret_hit *part = &parts->list[i];
        if (whole != NULL) {
            const struct cret_evidence evidence = cret_evidence_joined(&part->evidence, &of_whole);
            failed = cret_hits_add(
                hits, part->target, &evidence, part->by,
                cret_text_printf("%.190s; and %.190s", part->because, whole->because));
            continue;
        }
        struct cret_evidence evidence = part->evidence;
        evidence.scope =
            beside && !is_other_version(wholes) ? CRET_SCOPE_HARDWARE : CRET_SCOPE_ELSEWHERE;
        failed = cret_hits_add(
            hits, part->target, &evidence, part->by,
            cret_text_printf("%.190s; it is said of it %s %.150s, which is not "
                             "known to be here",
                             part->because, beside ? "on or with" : "as a part of", whole_name));
    }
    /* A part that we do not know of, or in another version, in what is ours for all that is known.
     */
    if (!failed && whole != NULL && of_whole.scope == CRET_SCOPE_PRODUCT &&
        (parts->count == 0 ||
         (!cret_json_boolean(named->json, "listed", false) && best_of(parts) == NULL &&
          of_whole.identity == CRET_MATCH_SURE && of_whole.worst >= CRET_FIT_LIKELY))) {
        struct cret_evidence evidence = whole->evidence;
        evidence.scope = CRET_SCOPE_WHOLE;
        failed = cret_hits_add(hits, whole->target, &evidence, whole->by,
                               cret_text_printf("%.300s; the part that is meant is not among its "
                                                "known components in that version",
                                                whole->because));
    }
    return failed;
}

static int match_part(const struct cret_advisory *advisory, const struct cret_named *named,
                      const struct cret_subject_index *index, unsigned depth,
                      struct cret_hits *hits)
{
    struct cret_hits parts = {0}, wholes = {0};
    const size_t whole = named->part != CRET_NOBODY ? named->whole : advisory->root_index;
    int failed = named->part != CRET_NOBODY
                     ? match_product(advisory, named->part, index, depth, &parts)
                     : match_alone(advisory, named, index, &parts);
    failed = failed || match_product(advisory, whole, index, depth, &wholes) != 0 ||
             join(named, &parts, &wholes, whole != CRET_NOBODY ? advisory->named[whole].text : "",
                  hits) != 0;
    cret_hits_free(&parts);
    cret_hits_free(&wholes);
    return failed;
}

/* Whether a product has any identifier of its own. */
static bool identifies(const struct cret_named *named)
{
    return named->purl_count > 0 || named->cpe_count > 0 || named->model_count > 0 ||
           named->narrowed || json_object_get(named->json, "hashes") != NULL ||
           json_object_get(named->json, "ref") != NULL;
}

static int match_product(const struct cret_advisory *advisory, size_t product,
                         const struct cret_subject_index *index, unsigned depth,
                         struct cret_hits *hits)
{
    if (product == CRET_NOBODY) {
        return 0;
    }
    const struct cret_named *named = &advisory->named[product];
    if (depth >= DEEPEST) {
        const struct cret_evidence deep = {.identity = CRET_MATCH_POSSIBLE,
                                           .best = CRET_FIT_SURE,
                                           .worst = CRET_FIT_OPEN,
                                           .scope = CRET_SCOPE_WHOLE};
        return cret_hits_add(hits, &index->list[0], &deep, "name",
                             cret_text_printf("relationships are nested too deep to be followed"));
    }
    if (named->part == CRET_NOBODY && !named->in_root) {
        return match_alone(advisory, named, index, hits);
    }
    /* An identifier of its own names the whole combination. */
    if (named->part != CRET_NOBODY) {
        if (match_alone(advisory, named, index, hits) != 0) {
            return -1;
        }
        if (is_sure(hits)) {
            return 0;
        }
        cret_hits_free(hits);
    }
    const int failed = match_part(advisory, named, index, depth + 1, hits);
    /* One that is not ours: both sides are, and another combination of them may be meant. */
    for (size_t i = 0; named->part != CRET_NOBODY && i < hits->count; i++) {
        hits->list[i].evidence.other_build |= identifies(named);
    }
    return failed;
}

int cret_advisory_match_product(const struct cret_advisory *advisory, size_t product,
                                const struct cret_subject_index *index, struct cret_hits *hits)
{
    return match_product(advisory, product, index, 0, hits);
}
