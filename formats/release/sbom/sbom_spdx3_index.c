/* SPDX-License-Identifier: Apache-2.0 */
/* An SPDX 3 document as a graph: its objects by their ids, its relationships by whom they are from,
 * and what it is about. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_spdx3.h"

/* Collections inside of collections; those of real documents are two deep. */
#define COLLECTIONS 8

static const struct {
    const char *name, *iri;
} individuals[] = {
    {"NoneElement", "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"},
    {"NoAssertionElement", "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"},
    {"SpdxOrganization", "https://spdx.org/rdf/3.0.1/terms/Core/SpdxOrganization"},
    {"expandedlicensing_NoAssertionLicense",
     "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"},
    {"expandedlicensing_NoneLicense",
     "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense"},
};

const char *cret_spdx3_individual(const char *id)
{
    for (size_t i = 0; id != NULL && i < sizeof(individuals) / sizeof(individuals[0]); i++) {
        if (strcmp(id, individuals[i].name) == 0 || strcmp(id, individuals[i].iri) == 0) {
            return individuals[i].name;
        }
    }
    return NULL;
}

/* By id, then by place; what has none comes first. */
static int compare(const void *left, const void *right)
{
    const struct cret_spdx3_element *one = left, *other = right;
    const int order = strcmp(one->id != NULL ? one->id : "", other->id != NULL ? other->id : "");
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

static void sort(struct cret_spdx3_list *list)
{
    if (list->count > 0) {
        qsort(list->list, list->count, sizeof(*list->list), compare);
    }
}

/* The first entry with that id; count: there is none. */
static size_t first_of(const struct cret_spdx3_list *list, const char *id)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *own = list->list[middle].id;
        if (strcmp(own != NULL ? own : "", id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list->count && list->list[low].id != NULL && strcmp(list->list[low].id, id) == 0
               ? low
               : list->count;
}

struct cret_spdx3_element *cret_spdx3_find(const struct cret_spdx3 *spdx3, const char *id)
{
    const size_t at = id != NULL ? first_of(&spdx3->elements, id) : spdx3->elements.count;
    return at < spdx3->elements.count ? &spdx3->elements.list[at] : NULL;
}

bool cret_spdx3_id_is(const struct cret_spdx3 *spdx3, const char *id, const char *class_name)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    return element != NULL && cret_spdx3_is(element->class, class_name);
}

const struct cret_spdx3_element *cret_spdx3_relation(const struct cret_spdx3 *spdx3,
                                                     const char *from, const char *type, size_t *at)
{
    const struct cret_spdx3_list *relations = &spdx3->relations;
    if (from == NULL) {
        return NULL;
    }
    for (size_t i = *at > 0 ? *at : first_of(relations, from); i < relations->count; i++) {
        const struct cret_spdx3_element *one = &relations->list[i];
        const char *own = cret_json_string(one->json, "relationshipType");
        if (strcmp(one->id, from) != 0) {
            break;
        }
        if (type == NULL || (own != NULL && strcmp(own, type) == 0)) {
            *at = i + 1;
            return one;
        }
    }
    *at = relations->count + 1;
    return NULL;
}

static bool note_imports(struct cret_spdx3 *spdx3, const json_t *document)
{
    bool failed = false;
    CRET_JSON_EACH (map, json_object_get(document, "import")) {
        const char *id = cret_json_string(map, "externalSpdxId");
        failed |= id != NULL && json_object_set(spdx3->imports, id, map) != 0;
    }
    return !failed;
}

static bool add_object(struct cret_spdx3 *spdx3, const json_t *json, size_t place)
{
    const char *id = cret_json_string(json, "spdxId");
    const struct cret_spdx3_class *class = cret_spdx3_class_of(cret_json_string(json, "type"));
    struct cret_spdx3_element element = {
        .id = id != NULL ? id : cret_json_string(json, "@id"),
        .json = json,
        .class = class,
        .place = place,
        .component = CRET_SPDX3_NO_COMPONENT,
    };
    if (element.id != NULL) {
        spdx3->elements.list[spdx3->elements.count++] = element;
    }
    if (cret_spdx3_is(class, "Relationship")) {
        element.id = cret_json_string(json, "from");
        spdx3->relations.list[spdx3->relations.count] = element;
        spdx3->relations.count += element.id != NULL ? 1u : 0u;
    }
    if (cret_spdx3_is(class, "SpdxDocument")) {
        if (spdx3->documents++ == 0) {
            spdx3->document = json;
            spdx3->document_place = place;
        }
        return note_imports(spdx3, json);
    }
    return true;
}

enum cret_status cret_spdx3_index(struct cret_spdx3 **ret_spdx3, const json_t *document)
{
    const json_t *graph = json_object_get(document, CRET_SPDX3_GRAPH);
    const size_t count = json_array_size(graph) + 1;
    struct cret_spdx3 *spdx3 = calloc(1, sizeof(*spdx3));
    bool failed = spdx3 == NULL;
    if (!failed) {
        spdx3->elements.list = calloc(count, sizeof(*spdx3->elements.list));
        spdx3->relations.list = calloc(count, sizeof(*spdx3->relations.list));
        spdx3->imports = json_object();
        failed =
            spdx3->elements.list == NULL || spdx3->relations.list == NULL || spdx3->imports == NULL;
    }
    for (size_t i = 0; !failed && i < json_array_size(graph); i++) {
        failed = !add_object(spdx3, json_array_get(graph, i), i);
    }
    if (failed) {
        cret_spdx3_free(&spdx3);
        return CRET_FAILED;
    }
    sort(&spdx3->elements);
    sort(&spdx3->relations);
    const json_t *creation = json_object_get(spdx3->document, "creationInfo");
    const struct cret_spdx3_element *named = cret_spdx3_find(spdx3, json_string_value(creation));
    spdx3->creation = json_is_object(creation) ? creation : named != NULL ? named->json : NULL;
    *ret_spdx3 = spdx3;
    return CRET_OK;
}

void cret_spdx3_free(struct cret_spdx3 **spdx3)
{
    if (spdx3 == NULL || *spdx3 == NULL) {
        return;
    }
    free((*spdx3)->elements.list);
    free((*spdx3)->relations.list);
    free((*spdx3)->roots.list);
    json_decref((*spdx3)->imports);
    free(*spdx3);
    *spdx3 = NULL;
}

/* Adds what a reference of a root leads to: packages and files; of a collection what that is
 * about. */
static bool add_root(struct cret_spdx3 *spdx3, const char *id, size_t depth)
{
    struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    struct cret_spdx3_list *roots = &spdx3->roots;
    if (element == NULL || element->visited || depth > COLLECTIONS) {
        return true;
    }
    element->visited = true;
    if (cret_spdx3_is(element->class, "ElementCollection")) {
        bool whole = true;
        CRET_JSON_EACH (inner, json_object_get(element->json, "rootElement")) {
            whole = whole && add_root(spdx3, json_string_value(inner), depth + 1);
        }
        return whole;
    }
    if (!cret_spdx3_is(element->class, "software_Package") &&
        !cret_spdx3_is(element->class, "software_File")) {
        return true;
    }
    if ((roots->count & (roots->count - 1)) == 0) { /* full: it holds powers of two */
        const size_t capacity = roots->count > 0 ? 2 * roots->count : 1;
        struct cret_spdx3_element *list = reallocarray(roots->list, capacity, sizeof(*roots->list));
        if (list == NULL) {
            return false;
        }
        roots->list = list;
    }
    roots->list[roots->count++] = *element;
    return true;
}

enum cret_status cret_spdx3_find_roots(struct cret_spdx3 *spdx3, bool *ret_described)
{
    const char *id = cret_json_string(spdx3->document, "spdxId");
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    *ret_described = false;
    if (id == NULL) {
        return CRET_OK;
    }
    if (!add_root(spdx3, id, 0)) {
        return CRET_FAILED;
    }
    if (json_array_size(json_object_get(spdx3->document, "rootElement")) > 0) {
        return CRET_OK;
    }
    while ((relation = cret_spdx3_relation(spdx3, id, "describes", &at)) != NULL) {
        CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
            *ret_described = true;
            if (!add_root(spdx3, json_string_value(target), 0)) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}
