/* SPDX-License-Identifier: Apache-2.0 */
/* What an SPDX 3 document says of vulnerabilities, as a document that imports the rest. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/sbom/foreign.h"
#include "release/sbom/sbom_spdx3.h"
#include "release/sbom/sbom_vex_internal.h"

#define CREATION "_:cretula-sign-vex"

static json_t *graph_of(const struct cret_sbom *sbom)
{
    return json_object_get(sbom->json, CRET_SPDX3_GRAPH);
}

static bool goes(const struct cret_sbom *sbom, const bool *taken, const char *id)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(sbom->spdx3, id);
    return element != NULL && taken[element->place];
}

/* An object that leads to another one. */
struct lead {
    size_t to, from; /* places in @graph */
    bool whole;      /* goes with it: it is from it, or about it; else only where all it leads to go
                      */
};

struct leads {
    struct lead *list;
    size_t count, capacity;
    bool failed;
};

static int compare_leads(const void *left, const void *right)
{
    const struct lead *a = left, *b = right;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void add_lead(struct leads *leads, const struct cret_sbom *sbom, const char *id, size_t from,
                     bool whole)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(sbom->spdx3, id);
    if (element == NULL || leads->failed) {
        return;
    }
    if (leads->count == leads->capacity) {
        const size_t capacity = leads->capacity > 0 ? 2 * leads->capacity : 1024;
        struct lead *list = reallocarray(leads->list, capacity, sizeof(*list));
        leads->failed = list == NULL;
        if (leads->failed) {
            return;
        }
        leads->list = list;
        leads->capacity = capacity;
    }
    leads->list[leads->count++] = (struct lead){.to = element->place, .from = from, .whole = whole};
}

/* All leads, by what they lead to. left: of each object, how many it leads to. */
static void find_leads(struct leads *leads, const struct cret_sbom *sbom, size_t *left)
{
    CRET_JSON_EACH_AT (index, object, graph_of(sbom)) {
        const json_t *to = json_object_get(object, "to");
        left[index] = json_array_size(to);
        add_lead(leads, sbom, cret_json_string(object, "from"), index, true);
        add_lead(leads, sbom, cret_json_string(object, "subject"), index, true);
        CRET_JSON_EACH (target, to) {
            add_lead(leads, sbom, json_string_value(target), index, false);
        }
    }
    if (leads->count > 0) {
        qsort(leads->list, leads->count, sizeof(*leads->list), compare_leads);
    }
}

static size_t first_lead(const struct leads *leads, size_t to)
{
    size_t low = 0, high = leads->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (leads->list[middle].to < to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Statements in `queue`, and then what goes with them: relationships and annotations that would
 * lead to nothing. Each object is looked at once. */
static void follow(const struct leads *leads, size_t *left, size_t *queue, size_t *count,
                   bool *taken)
{
    for (size_t at = 0; at < *count; at++) {
        for (size_t i = first_lead(leads, queue[at]);
             i < leads->count && leads->list[i].to == queue[at]; i++) {
            const struct lead *lead = &leads->list[i];
            left[lead->from] -= lead->whole ? 0u : 1u;
            if (!taken[lead->from] && (lead->whole || left[lead->from] == 0)) {
                taken[lead->from] = true;
                queue[(*count)++] = lead->from;
            }
        }
    }
}

bool *cret_vex_spdx3_find(const struct cret_sbom *sbom, size_t *ret_count)
{
    const json_t *graph = graph_of(sbom);
    const size_t size = json_array_size(graph) + 1;
    bool *taken = calloc(size, sizeof(*taken));
    size_t *queue = calloc(size, sizeof(*queue)), *left = calloc(size, sizeof(*left));
    struct leads leads = {.failed = taken == NULL || queue == NULL || left == NULL};
    *ret_count = 0;
    CRET_JSON_EACH_AT (index, object, graph) {
        if (!leads.failed && cret_foreign_is_spdx3_statement(object)) {
            taken[index] = true;
            queue[(*ret_count)++] = index;
        }
    }
    if (!leads.failed && *ret_count > 0) {
        find_leads(&leads, sbom, left);
        follow(&leads, left, queue, ret_count, taken);
    }
    if (leads.failed) {
        free(taken);
        taken = NULL;
    }
    free(leads.list);
    free(queue);
    free(left);
    return taken;
}

/* One taking. */
struct taking {
    struct cret_completion *completion;
    const bool *taken;
    json_t *graph;   /* of the VEX document */
    json_t *imports; /* array of ExternalMap */
    json_t *met;     /* ids that were looked at */
};

static void look(struct taking *run, const json_t *value);

/* What stays is imported; CreationInfo, which has no id for others, is copied. */
static void need(struct taking *run, const char *id)
{
    const struct cret_spdx3 *spdx3 = run->completion->sbom->spdx3;
    const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    const json_t *map = json_object_get(spdx3->imports, id);
    bool failed = false;
    if ((element == NULL && map == NULL) || json_object_get(run->met, id) != NULL ||
        (element != NULL && run->taken[element->place])) {
        return;
    }
    failed |= json_object_set_new(run->met, id, json_true()) != 0;
    if (element != NULL && cret_spdx3_is(element->class, "CreationInfo")) {
        failed |= json_array_append_new(run->graph, json_deep_copy(element->json)) != 0;
        look(run, element->json);
    } else {
        failed |= json_array_append_new(run->imports,
                                        map != NULL ? json_deep_copy(map)
                                                    : json_pack("{s:s, s:s}", "type", "ExternalMap",
                                                                "externalSpdxId", id)) != 0;
    }
    run->completion->failed |= failed;
}

static void look(struct taking *run, const json_t *value)
{
    const char *key;
    size_t index;
    json_t *inner;
    if (json_is_string(value)) {
        need(run, json_string_value(value));
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
    {
        look(run, inner);
    }
    json_array_foreach(value, index, inner)
    {
        look(run, inner);
    }
}

/* What is left of a list without what went; a list without entries is none. */
static void clean_list(struct taking *run, json_t *object, const char *member)
{
    json_t *list = json_object_get(object, member);
    for (size_t i = json_array_size(list); i > 0; i--) {
        if (goes(run->completion->sbom, run->taken,
                 json_string_value(json_array_get(list, i - 1)))) {
            run->completion->failed |= json_array_remove(list, i - 1) != 0;
        }
    }
    if (list != NULL && json_array_size(list) == 0) {
        run->completion->failed |= json_object_del(object, member) != 0;
    }
}

static void clean_conformance(struct taking *run, json_t *object)
{
    json_t *list = json_object_get(object, "profileConformance");
    for (size_t i = json_array_size(list); i > 0; i--) {
        const char *word = json_string_value(json_array_get(list, i - 1));
        if (word != NULL && strcmp(word, "security") == 0) {
            run->completion->failed |= json_array_remove(list, i - 1) != 0;
        }
    }
}

/* The objects that go leave @graph. */
static void take_objects(struct taking *run)
{
    json_t *old = graph_of(run->completion->sbom);
    json_t *left = json_array();
    bool failed = left == NULL;
    CRET_JSON_EACH_AT (index, object, old) {
        failed |= json_array_append(run->taken[index] ? run->graph : left, object) != 0;
        if (run->taken[index]) {
            look(run, object);
        } else if (json_object_get(object, "to") != NULL) {
            clean_list(run, object, "to");
        } else if (cret_json_string(object, "type") != NULL &&
                   cret_spdx3_is(cret_spdx3_class_of(cret_json_string(object, "type")),
                                 "ElementCollection")) {
            clean_list(run, object, "element");
            clean_list(run, object, "rootElement");
            clean_conformance(run, object);
        }
    }
    /* The index of the SBOM stands on the old objects, which stay where they are referred to. */
    failed |= failed || json_array_clear(old) != 0 || json_array_extend(old, left) != 0;
    json_decref(left);
    run->completion->failed |= failed;
}

/* The document, and the CreationInfo that it has from the SBOM's. */
static void add_document(struct taking *run, const char *root)
{
    const struct cret_completion *completion = run->completion;
    char *id = cret_text_printf("%s#vex", completion->space);
    char *name =
        cret_text_printf("VEX of %s %s", completion->facts->product, completion->facts->version);
    json_t *creation = json_deep_copy(completion->sbom->spdx3->creation);
    bool failed =
        id == NULL || name == NULL || creation == NULL ||
        json_object_set_new(creation, "@id", json_string(CREATION)) != 0 ||
        json_object_set_new(creation, "created", json_string(completion->facts->date)) != 0;
    look(run, creation);
    need(run, root);
    json_t *document =
        json_pack("{s:s, s:s, s:s, s:s, s:[s], s:O, s:[s, s]}", "type", "SpdxDocument", "spdxId",
                  id, "creationInfo", CREATION, "name", name, "rootElement", root, "import",
                  run->imports, "profileConformance", "core", "security");
    failed = failed || document == NULL || json_array_insert(run->graph, 0, document) != 0 ||
             json_array_insert(run->graph, 0, creation) != 0;
    json_decref(document);
    json_decref(creation);
    free(id);
    free(name);
    run->completion->failed |= failed;
}

json_t *cret_vex_spdx3_take(struct cret_completion *completion)
{
    size_t count = 0;
    bool *taken = cret_vex_spdx3_find(completion->sbom, &count);
    struct taking run = {.completion = completion,
                         .taken = taken,
                         .graph = json_array(),
                         .imports = json_array(),
                         .met = json_object()};
    const char *root = cret_json_string(completion->sbom->components.root, "spdxId");
    json_t *vex = NULL;
    if (taken == NULL || root == NULL || run.graph == NULL || run.imports == NULL ||
        run.met == NULL) {
        completion->failed = true;
    } else {
        json_t *context = json_object_get(completion->sbom->json, "@context");
        take_objects(&run);
        add_document(&run, root);
        vex = json_pack("{s:O, s:O}", "@context", context, CRET_SPDX3_GRAPH, run.graph);
    }
    free(taken);
    json_decref(run.graph);
    json_decref(run.imports);
    json_decref(run.met);
    return vex;
}

int cret_sbom_vex_seal(json_t *vex, const uint8_t sha256[CRET_SHA256_BYTES])
{
    char digest[CRET_SHA256_HEX];
    bool failed = false;
    cret_hex_encode(digest, sha256, CRET_SHA256_BYTES);
    CRET_JSON_EACH (object, json_object_get(vex, CRET_SPDX3_GRAPH)) {
        CRET_JSON_EACH (map, json_object_get(object, "import")) {
            if (json_object_get(map, "verifiedUsing") == NULL &&
                json_object_get(map, "locationHint") == NULL &&
                json_object_get(map, "definingArtifact") == NULL) {
                failed |=
                    json_object_set_new(map, "verifiedUsing",
                                        json_pack("[{s:s, s:s, s:s}]", "type", "Hash", "algorithm",
                                                  "sha256", "hashValue", digest)) != 0;
            }
        }
    }
    return failed;
}
