/* SPDX-License-Identifier: Apache-2.0 */
/* What an SPDX 3 document leaves open, said to be unknown in its words: NoAssertionElement,
 * NoAssertionLicense, noAssertion. It has none for hashes and identifiers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_complete_spdx3.h"
#include "release/sbom/sbom_rules.h"

#define CREATION "_:cretula-sign-document"

/* One fault: what it is at. */
struct open {
    struct cret_completion *completion;
    json_t *object; /* of @graph; NULL: the document as a whole */
    const char *id; /* of it; NULL: it has none */
    const char *actual;
    size_t *done;
};

typedef void declare(const struct open *at);

static json_t *graph_of(const struct cret_completion *completion)
{
    return json_object_get(completion->sbom->json, CRET_SPDX3_GRAPH);
}

static json_t *document_of(const struct cret_completion *completion)
{
    return (json_t *)(uintptr_t)completion->sbom->spdx3->document;
}

/* The CreationInfo that the document alone has: others may share the tool's. NULL: memory. */
static json_t *own_creation(struct cret_completion *completion)
{
    const struct cret_spdx3_element *own = cret_spdx3_find(completion->sbom->spdx3, CREATION);
    json_t *made = json_object_get(completion->made, CREATION);
    if (made == NULL && own != NULL) {
        made = (json_t *)(uintptr_t)own->json;
    }
    if (made == NULL) {
        made = json_deep_copy(completion->sbom->spdx3->creation);
        completion->failed |= made == NULL ||
                              json_object_set_new(made, "@id", json_string(CREATION)) != 0 ||
                              json_object_set(completion->made, CREATION, made) != 0 ||
                              json_array_append(graph_of(completion), made) != 0;
        json_decref(made);
    }
    completion->failed |=
        json_object_set_new(document_of(completion), "creationInfo", json_string(CREATION)) != 0;
    return completion->failed ? NULL : made;
}

static void add_to(const struct open *at, json_t *object, const char *member, const char *id)
{
    json_t *list = object != NULL ? json_object_get(object, member) : NULL;
    if (object != NULL && list == NULL) {
        list = json_array();
        at->completion->failed |= json_object_set_new(object, member, list) != 0;
    }
    at->completion->failed |= id == NULL || list == NULL;
    if (!at->completion->failed && !cret_json_lists(list, id)) {
        at->completion->failed |= json_array_append_new(list, json_string(id)) != 0;
        ++*at->done;
    }
}

static void author(const struct open *at)
{
    add_to(at, own_creation(at->completion), "createdBy",
           cret_completion_manufacturer(at->completion));
}

static void tool(const struct open *at)
{
    add_to(at, own_creation(at->completion), "createdUsing", cret_completion_tool(at->completion));
}

/* Completed from the files of the release: in the words of the format, analyzed. */
static void context(const struct open *at)
{
    struct cret_completion *completion = at->completion;
    json_t *document = document_of(completion), *sbom = at->object;
    if (sbom == document || sbom == NULL) {
        sbom = cret_completion_element(completion, "software_Sbom", "sbom", NULL);
        json_t *about = json_object_get(document, "rootElement");
        completion->failed |=
            sbom == NULL || about == NULL || json_object_set(sbom, "rootElement", about) != 0 ||
            json_object_set_new(document, "rootElement",
                                json_pack("[s]", cret_json_string(sbom, "spdxId"))) != 0;
    }
    completion->failed |= sbom == NULL || json_object_set_new(sbom, "software_sbomType",
                                                              json_pack("[s]", "analyzed")) != 0;
    ++*at->done;
}

/* Somebody who is not known. */
static void producer(const struct open *at)
{
    json_t *nobody = cret_completion_element(at->completion, "Agent", "unknown", NULL);
    if (at->actual != NULL || nobody == NULL || at->object == NULL) {
        return;
    }
    at->completion->failed |= json_object_set_new(nobody, "name", json_string("NOASSERTION")) != 0;
    add_to(at, at->object, "originatedBy", cret_json_string(nobody, "spdxId"));
}

static void version(const struct open *at)
{
    if (at->actual == NULL && at->object != NULL) {
        at->completion->failed |= json_object_set_new(at->object, "software_packageVersion",
                                                      json_string("NOASSERTION")) != 0;
        ++*at->done;
    }
}

static void unknown_relation(const struct open *at, const char *name, const char *type,
                             const char *individual)
{
    if (at->id != NULL) {
        cret_completion_relate(at->completion, name, at->id, type, json_pack("[s]", individual));
        ++*at->done;
    }
}

static void license(const struct open *at)
{
    if (at->actual == NULL) {
        unknown_relation(at, "licence", "hasDeclaredLicense",
                         "expandedlicensing_NoAssertionLicense");
    }
}

/* Of a relationship that is there. */
static void completeness(const struct open *at)
{
    if (json_object_get(at->object, "relationshipType") != NULL &&
        json_object_get(at->object, "completeness") == NULL) {
        at->completion->failed |=
            json_object_set_new(at->object, "completeness", json_string("noAssertion")) != 0;
        ++*at->done;
    }
}

static void dependencies(const struct open *at)
{
    unknown_relation(at, "dependencies", "dependsOn", "NoAssertionElement");
    if (at->id != NULL && !at->completion->failed) {
        struct open one = *at;
        one.object =
            cret_completion_element(at->completion, "Relationship", "dependencies", at->id);
        size_t ignored = 0;
        one.done = &ignored;
        completeness(&one);
    }
}

/* Whether the product has more parts. */
static void coverage(const struct open *at)
{
    const struct cret_spdx3 *spdx3 = at->completion->sbom->spdx3;
    const char *root = cret_json_string(at->completion->sbom->components.root, "spdxId");
    const struct cret_spdx3_element *relation;
    size_t place = 0;
    while ((relation = cret_spdx3_relation(spdx3, root, NULL, &place)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        struct open one = *at;
        one.object = (json_t *)(uintptr_t)relation->json;
        if (type != NULL && cret_spdx3_is_dependency(type) &&
            strcmp(type, "hasDistributionArtifact") != 0) {
            completeness(&one);
        }
    }
    if (*at->done == 0) { /* it has none */
        struct open product = *at;
        product.id = root;
        dependencies(&product);
    }
}

static const struct {
    const char *profile, *rule;
    declare *act;
    const char *words; /* what was done, for people */
} rows[] = {
    {"cisa-2026", "CISA-01", author, "the manufacturer, as the release names it"},
    {"cisa-2026", "CISA-05", context, "completed after the build"},
    {"cisa-2026", "CISA-07", tool, "cretula-sign"},
    {"cisa-2026", "CISA-10", producer, "said to be unknown"},
    {"cisa-2026", "CISA-15", license, "said to be unknown"},
    {"cisa-2026", "CISA-17", version, "said to be unknown"},
    {"cisa-2026", "CISA-11", dependencies, "said to be unknown"},
    {"cisa-2026", "CISA-19", coverage, "said to be unknown"},
    {"bsi", "BSI-03", author, "the manufacturer, as the release names it"},
    {"bsi", "BSI-15", dependencies, "said to be unknown"},
    {"bsi", "BSI-16", completeness, "said to be unknown"},
};

/* The object of @graph that a pointer leads to, or into. */
static json_t *object_at(const struct cret_completion *completion, const char *pointer)
{
    static const char start[] = "/" CRET_SPDX3_GRAPH "/";
    return strncmp(pointer, start, sizeof(start) - 1) == 0
               ? json_array_get(graph_of(completion),
                                strtoul(pointer + sizeof(start) - 1, NULL, 10))
               : NULL;
}

static void run_rule(struct cret_completion *completion, size_t row,
                     const struct cret_sbom_faults *faults)
{
    const char *title = NULL;
    size_t done = 0;
    for (size_t i = 0; i < faults->count && !completion->failed; i++) {
        const struct cret_sbom_fault *fault = &faults->list[i];
        if (strcmp(fault->rule->id, rows[row].rule) != 0) {
            continue;
        }
        json_t *object = object_at(completion, fault->pointer);
        const struct open at = {.completion = completion,
                                .object = object,
                                .id = cret_json_string(object, "spdxId"),
                                .actual = fault->actual,
                                .done = &done};
        title = fault->rule->title;
        rows[row].act(&at);
    }
    if (done > 0) {
        cret_completion_note(completion, "%s %s: %s (%zu %s)", rows[row].rule, title,
                             rows[row].words, done, cret_plural(done, "place", "places"));
    }
}

static enum cret_status run_profile(struct cret_completion *completion, const char *name,
                                    struct cret_err *err)
{
    struct cret_sbom_faults faults;
    if (cret_sbom_judge(completion->sbom, cret_sbom_profile_find(name), &faults, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (strcmp(rows[i].profile, name) == 0) {
            run_rule(completion, i, &faults);
        }
    }
    cret_sbom_faults_free(&faults);
    return completion->failed ? cret_err_memory(err) : CRET_OK;
}

enum cret_status cret_completion_declare_spdx3(struct cret_completion *completion,
                                               struct cret_err *err)
{
    enum cret_status status =
        cret_completion_uuid(completion, completion->sbom->file, completion->space, err);
    completion->made = json_object();
    if (status == CRET_OK && completion->made == NULL) {
        status = cret_err_memory(err);
    }
    if (status == CRET_OK) {
        status = run_profile(completion, "cisa-2026", err);
    }
    if (status == CRET_OK) {
        status = run_profile(completion, "bsi", err);
    }
    json_decref(completion->made);
    return status;
}
