/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 3.0.1 JSON-LD as tools write it: its packages and files, and which of them is the product.
 */
#include "release/sbom/sbom_spdx3.h"

#include <string.h>

#include "base/text/json.h"

static const struct cret_shape_value contexts[] = {
    {"https://spdx.org/rdf/3.0.1/spdx-context.jsonld", 0}, {NULL, 0}};

static const struct cret_shape_field document_fields[] = {
    {.name = "@context", .kind = CRET_SHAPE_STRING, .required = 1, .values = contexts},
    {.name = CRET_SPDX3_GRAPH, .kind = CRET_SHAPE_ARRAY, .required = 1},
    {.name = NULL},
};
static const struct cret_shape document_shape = {.fields = document_fields, .closed = 1};

/* The next identifier of one of two types, from place *at of the list on. */
static const char *identifier(const json_t *element, const char *type, const char *other,
                              size_t *at)
{
    const json_t *list = json_object_get(element, "externalIdentifier");
    while (*at < json_array_size(list)) {
        const json_t *one = json_array_get(list, (*at)++);
        const char *own = cret_json_string(one, "externalIdentifierType");
        const char *text = cret_json_string(one, "identifier");
        if (own != NULL && text != NULL && (strcmp(own, type) == 0 || strcmp(own, other) == 0)) {
            return text;
        }
    }
    return NULL;
}

/* The member of its own stands before the list. */
static const char *purl(const json_t *element, size_t *at)
{
    const char *own = cret_json_string(element, "software_packageUrl");
    size_t place = *at > 0 ? *at - 1 : 0;
    if (*at == 0 && own != NULL) {
        *at = 1;
        return own;
    }
    const char *listed = identifier(element, "packageUrl", "packageUrl", &place);
    *at = place + 1;
    return listed;
}

static const char *cpe(const json_t *element, size_t *at)
{
    return identifier(element, "cpe23", "cpe22", at);
}

/* Notes at an element what a relationship from somewhere says of it. */
static void mark(struct cret_spdx3_element *element, const char *type, const char *from)
{
    element->part |= cret_spdx3_is_dependency(type);
    element->built |= strcmp(type, "hasInput") == 0 || strcmp(type, "hasOutput") == 0;
    element->provided |= strcmp(type, "hasProvidedDependency") == 0;
    if (strcmp(type, "generates") == 0 && element->source == NULL) {
        element->source = from;
    }
}

static void mark_all(struct cret_spdx3 *spdx3)
{
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        const struct cret_spdx3_element *relation = &spdx3->relations.list[i];
        const char *type = cret_json_string(relation->json, "relationshipType");
        CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
            struct cret_spdx3_element *element = cret_spdx3_find(spdx3, json_string_value(target));
            if (element != NULL && type != NULL) {
                mark(element, type, relation->id);
            }
        }
    }
}

/* What a build took in, and no part of anything: the sources of a recipe. */
static bool is_input(const struct cret_spdx3_element *element)
{
    static const char *const purposes[] = {"source", "specification", "test", "requirement"};
    const char *purpose = cret_json_string(element->json, "software_primaryPurpose");
    if (purpose == NULL || element->part || element->visited) {
        return false;
    }
    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        if (strcmp(purpose, purposes[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* In this order: packages that rules are for, packages that builds took in, files. */
enum turn { TURN_PACKAGES, TURN_INPUTS, TURN_FILES, TURN_END };

static enum turn turn_of(const struct cret_spdx3_element *element)
{
    if (cret_spdx3_is(element->class, "software_Package")) {
        return is_input(element) ? TURN_INPUTS : TURN_PACKAGES;
    }
    return cret_spdx3_is(element->class, "software_File") ? TURN_FILES : TURN_END;
}

static enum cret_status add_component(struct cret_sbom *sbom, struct cret_spdx3_element *element,
                                      struct cret_shape_run *run)
{
    const size_t mark = cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
    cret_json_enter_index(&run->at, element->place);
    const enum cret_status status = cret_sbom_add(&sbom->components, element->json, run);
    element->component = sbom->components.count - 1;
    cret_json_leave(&run->at, mark);
    return status;
}

/* An element that the document lists under one turn, in the order of @graph. */
static enum cret_status add_turn(struct cret_sbom *sbom, enum turn turn, struct cret_shape_run *run)
{
    const json_t *graph = json_object_get(sbom->json, CRET_SPDX3_GRAPH);
    CRET_JSON_EACH_AT (index, object, graph) {
        struct cret_spdx3_element *element =
            cret_spdx3_find(sbom->spdx3, cret_json_string(object, "spdxId"));
        struct cret_spdx3_element own = {
            .json = object,
            .class = cret_spdx3_class_of(cret_json_string(object, "type")),
            .place = index,
        };
        /* One without an id, or with that of another, is a fault, and a component all the same. */
        element = element != NULL && element->json == object ? element : &own;
        if (turn_of(element) == turn && add_component(sbom, element, run) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The product: the only package that the document is about, or else the only file. */
static void choose_root(struct cret_sbom *sbom)
{
    const struct cret_spdx3_list *roots = &sbom->spdx3->roots;
    const json_t *package = NULL;
    size_t packages = 0;
    for (size_t i = 0; i < roots->count; i++) {
        if (cret_spdx3_is(roots->list[i].class, "software_Package")) {
            package = roots->list[i].json;
            packages++;
        }
    }
    if (packages == 1) {
        sbom->components.root = package;
    } else if (packages == 0 && roots->count == 1) {
        sbom->components.root = roots->list[0].json;
    }
}

static enum cret_status collect(struct cret_sbom *sbom, struct cret_shape_run *run)
{
    bool described = false;
    if (cret_spdx3_index(&sbom->spdx3, sbom->json) != CRET_OK ||
        cret_spdx3_find_roots(sbom->spdx3, &described) != CRET_OK) {
        return CRET_FAILED;
    }
    mark_all(sbom->spdx3);
    for (enum turn turn = TURN_PACKAGES; turn < TURN_END; turn++) {
        if (add_turn(sbom, turn, run) != CRET_OK) {
            return CRET_FAILED;
        }
        if (turn == TURN_PACKAGES) {
            sbom->components.packages = sbom->components.count;
        }
    }
    choose_root(sbom);
    const size_t mark = cret_json_enter(&run->at, CRET_SPDX3_GRAPH);
    if (described) {
        cret_json_enter_index(&run->at, sbom->spdx3->document_place);
        cret_shape_warn(run, "rootElement", "what the document is about", "absent",
                        "only relationships say what the document describes");
    }
    cret_json_leave(&run->at, mark);
    return CRET_OK;
}

static enum cret_status check(const struct cret_sbom *sbom, struct cret_shape_run *run)
{
    const struct cret_spdx3 *spdx3 = sbom->spdx3;
    if (spdx3->documents != 1) {
        cret_shape_fault(run, CRET_SPDX3_GRAPH, "exactly one SpdxDocument",
                         spdx3->documents == 0 ? "none" : "several",
                         spdx3->documents == 0
                             ? "without its SpdxDocument nothing says what the SBOM is about"
                             : "two documents in one file");
    }
    cret_spdx3_check(spdx3, sbom->json, run);
    return CRET_OK;
}

const struct cret_sbom_kind cret_sbom_spdx3 = {
    .name = "SPDX-",
    .shape = &document_shape,
    .reference = "spdxId",
    .label = "name",
    .version = "software_packageVersion",
    .hashes = "verifiedUsing",
    .algorithm = "algorithm",
    .value = "hashValue",
    .sha256 = "sha256",
    .sha512 = "sha512",
    .root_words = "one package in rootElement of the SpdxDocument, or of its software_Sbom",
    .purl = purl,
    .cpe = cpe,
    .collect = collect,
    .check = check,
};
