/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of an SPDX 3 document as products that statements are about. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_spdx3.h"

/* Collections inside of collections. */
#define COLLECTIONS 8u

/* What makes one thing a part of another. What a product only needs, and does not bring along, is
 * none. */
static bool is_part(const json_t *relation)
{
    static const char *const types[] = {"contains", "dependsOn", "hasDistributionArtifact",
                                        "hasDynamicLink", "hasStaticLink"};
    const char *type = cret_json_string(relation, "relationshipType");
    const char *scope = cret_json_string(relation, "scope");
    if (type == NULL || (scope != NULL && strcmp(scope, "runtime") != 0) ||
        json_object_get(relation, "startTime") != NULL ||
        json_object_get(relation, "endTime") != NULL) {
        return false;
    }
    for (size_t i = 0; i < CRET_LENGTH(types); i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

/* The digests of an element as those of one file; NULL in *ret_file: it has none. A verification
 * code is a digest of digests, and says nothing of bytes. Non-zero: memory. */
static int read_file(const json_t *element, json_t **ret_file)
{
    struct cret_build digests = cret_build_list();
    *ret_file = NULL;
    CRET_JSON_EACH (hash, json_object_get(element, "verifiedUsing")) {
        const char *type = cret_json_string(hash, "type");
        if (type != NULL && strcmp(type, "Hash") == 0) {
            cret_build_add(&digests,
                           json_pack("{s:O, s:O}", "algorithm", json_object_get(hash, "algorithm"),
                                     "value", json_object_get(hash, "hashValue")));
        }
    }
    json_t *list = cret_build_end(&digests);
    if (json_array_size(list) == 0) {
        const int failed = list == NULL;
        json_decref(list);
        return failed;
    }
    *ret_file = json_pack("{s:o}", "digests", list);
    return *ret_file == NULL;
}

/* Files of a product: itself, or those in which it is delivered. */
static int add_hashes(const struct cret_spdx3_reading *reading, struct cret_build *product,
                      const struct cret_spdx3_element *element)
{
    const struct cret_spdx3 *spdx3 = reading->sbom->spdx3;
    const struct cret_spdx3_element *relation;
    struct cret_build files = cret_build_list();
    json_t *file = NULL;
    size_t at = 0;
    int failed = read_file(element->json, &file);
    if (file != NULL) {
        cret_build_add(&files, file);
    }
    while (file == NULL && !failed &&
           (relation = cret_spdx3_relation(spdx3, element->id, "hasDistributionArtifact", &at)) !=
               NULL) {
        CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
            const struct cret_spdx3_element *artifact =
                cret_spdx3_find(spdx3, json_string_value(target));
            json_t *delivered = NULL;
            failed = failed || (artifact != NULL && read_file(artifact->json, &delivered) != 0);
            if (delivered != NULL) {
                cret_build_add(&files, delivered);
            }
        }
    }
    cret_build_put(product, "hashes", cret_build_end(&files));
    return failed;
}

/* An element by what it says of itself; new reference. NULL: memory. */
static json_t *read_element(const struct cret_spdx3_reading *reading,
                            const struct cret_spdx3_element *element)
{
    const struct cret_sbom_kind *kind = reading->sbom->kind;
    const json_t *json = element->json;
    const char *name = cret_json_string(json, kind->label), *text;
    struct cret_build product = cret_build_object();
    size_t at = 0;
    cret_build_string(&product, "name", name != NULL ? name : element->id);
    cret_build_string(&product, "product", name);
    cret_build_string(&product, "vendor", cret_spdx3_supplier(reading->sbom, json));
    cret_build_string(&product, "version", cret_json_string(json, kind->version));
    cret_build_string(&product, "ref", element->id);
    while ((text = kind->purl(json, &at)) != NULL) {
        cret_build_append(&product, "purls", text);
    }
    at = 0;
    while ((text = kind->cpe(json, &at)) != NULL) {
        cret_build_append(&product, "cpes", text);
    }
    cret_build_boolean(&product, "element", true);
    product.failed |= add_hashes(reading, &product, element) != 0;
    return cret_build_end(&product);
}

/* What is of another document: known by its id, and by the digest of what defines it. */
static json_t *read_import(const struct cret_spdx3_reading *reading, const char *id)
{
    const json_t *map = json_object_get(reading->sbom->spdx3->imports, id);
    json_t *file = NULL;
    struct cret_build product = cret_build_object();
    cret_build_string(&product, "name", id);
    cret_build_string(&product, "ref", id);
    cret_build_boolean(&product, "element", true);
    product.failed |= read_file(map, &file) != 0;
    if (file != NULL) {
        cret_build_put(&product, "defined", file);
    }
    return cret_build_end(&product);
}

/* Adds a product under a name. in_root: it is a part of the product of the document. anything:
 * where nothing that we have is it, it may be anything. Non-zero: memory. product: taken over. */
static int put(struct cret_spdx3_reading *reading, const char *name, json_t *product, bool in_root,
               bool anything)
{
    json_t *products = reading->advisory->products;
    int failed = product == NULL;
    if (!failed && in_root && reading->advisory->root != NULL) {
        failed = json_object_set_new(product, "in root", json_true()) != 0;
    } else if (!failed && anything) {
        failed = json_object_set_new(product, "anything", json_true()) != 0;
    }
    if (failed) {
        json_decref(product);
        return -1;
    }
    return json_object_set_new(products, name, product);
}

static int add_product(struct cret_spdx3_reading *reading, const char *id)
{
    const struct cret_spdx3 *spdx3 = reading->sbom->spdx3;
    const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    if (json_object_get(reading->advisory->products, id) != NULL) {
        return 0;
    }
    if (element == NULL) {
        return put(reading, id, read_import(reading, id), false, true);
    }
    return put(reading, id, read_element(reading, element),
               reading->in_root[element - spdx3->elements.list],
               cret_json_string(element->json, "name") == NULL);
}

/* A product in the place of another element, of which it is less or more: never surely it. */
static int add_narrowed(struct cret_spdx3_reading *reading, const char *name, const char *id)
{
    json_t *products = reading->advisory->products;
    if (json_object_get(products, name) != NULL) {
        return 0;
    }
    if (add_product(reading, id) != 0) {
        return -1;
    }
    json_t *copy = json_copy(json_object_get(products, id));
    if (copy == NULL || json_object_set_new(copy, "narrowed", json_true()) != 0) {
        json_decref(copy);
        return -1;
    }
    return json_object_set_new(products, name, copy);
}

/* product: the name of a product; of it the part that is meant, or itself. */
static int append(struct cret_spdx3_reading *reading, const char *product, const char *assessed,
                  json_t *ids)
{
    json_t *products = reading->advisory->products;
    if (assessed == NULL) {
        return json_array_append_new(ids, json_string(product));
    }
    char *id = cret_text_printf("%s in %s", assessed, product);
    int failed = id == NULL || add_product(reading, assessed) != 0;
    if (!failed && json_object_get(products, id) == NULL) {
        const char *name = cret_json_string(json_object_get(products, assessed), "name");
        failed = json_object_set_new(
                     products, id,
                     json_pack("{s:s, s:[s, s]}", "name", name, "of", assessed, product)) != 0;
    }
    failed = failed || json_array_append_new(ids, json_string(id)) != 0;
    free(id);
    return failed;
}

/* One element in the place of another, which is a collection or a snippet. */
static int append_narrowed(struct cret_spdx3_reading *reading, const char *from, const char *id,
                           const char *assessed, json_t *ids)
{
    char *name = cret_text_printf("%s by %s", id, from);
    const int failed = name == NULL || add_narrowed(reading, name, id) != 0 ||
                       append(reading, name, assessed, ids) != 0;
    free(name);
    return failed;
}

/* All that a collection is about; seen: collections that were met. */
static int append_roots(struct cret_spdx3_reading *reading,
                        const struct cret_spdx3_element *collection, const char *assessed,
                        json_t *ids, json_t *seen, unsigned depth)
{
    const struct cret_spdx3 *spdx3 = reading->sbom->spdx3;
    if (depth > COLLECTIONS || json_object_get(seen, collection->id) != NULL) {
        return 0;
    }
    int failed = json_object_set_new(seen, collection->id, json_true()) != 0;
    CRET_JSON_EACH (reference, json_object_get(collection->json, "rootElement")) {
        const char *id = json_string_value(reference);
        const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
        const bool nested = element != NULL && cret_spdx3_is(element->class, "ElementCollection");
        failed =
            failed || (nested ? append_roots(reading, element, assessed, ids, seen, depth + 1)
                              : append_narrowed(reading, collection->id, id, assessed, ids)) != 0;
    }
    return failed;
}

static int append_collection(struct cret_spdx3_reading *reading,
                             const struct cret_spdx3_element *collection, const char *assessed,
                             json_t *ids)
{
    json_t *seen = json_object();
    const size_t before = json_array_size(ids);
    int failed = seen == NULL || append_roots(reading, collection, assessed, ids, seen, 0) != 0;
    json_decref(seen);
    if (!failed && json_array_size(ids) == before) { /* it does not say what it is about */
        failed = append_narrowed(reading, collection->id, collection->id, assessed, ids);
    }
    return failed;
}

/* NoneElement is nobody; NoAssertionElement may be anybody. */
static int append_individual(struct cret_spdx3_reading *reading, const char *individual,
                             const char *assessed, json_t *ids)
{
    if (strcmp(individual, "NoneElement") == 0) {
        return 0;
    }
    if (json_object_get(reading->advisory->products, individual) == NULL &&
        put(reading, individual, json_pack("{s:s}", "name", "(not said)"), false, true) != 0) {
        return -1;
    }
    return append(reading, individual, assessed, ids);
}

int cret_advisory_spdx3_products(struct cret_spdx3_reading *reading, const char *id,
                                 const char *assessed, json_t *ids)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(reading->sbom->spdx3, id);
    const struct cret_spdx3_class *class = element != NULL ? element->class : NULL;
    const char *individual = cret_spdx3_individual(id);
    if (individual != NULL) {
        return append_individual(reading, individual, assessed, ids);
    }
    if (cret_spdx3_is(class, "ElementCollection")) {
        return append_collection(reading, element, assessed, ids);
    }
    if (cret_spdx3_is(class, "software_Snippet")) {
        return append_narrowed(reading, id,
                               cret_json_string(element->json, "software_snippetFromFile"),
                               assessed, ids);
    }
    return add_product(reading, id) != 0 || append(reading, id, assessed, ids) != 0;
}

/* Marks what is below an element. */
static int mark_parts(struct cret_spdx3_reading *reading, size_t root)
{
    const struct cret_spdx3 *spdx3 = reading->sbom->spdx3;
    size_t *open = calloc(spdx3->elements.count + 1, sizeof(*open));
    size_t count = 0;
    if (open == NULL) {
        return -1;
    }
    reading->in_root[root] = true;
    open[count++] = root;
    while (count > 0) {
        const struct cret_spdx3_element *relation, *one = &spdx3->elements.list[open[--count]];
        size_t at = 0;
        while ((relation = cret_spdx3_relation(spdx3, one->id, NULL, &at)) != NULL) {
            CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
                const struct cret_spdx3_element *part =
                    is_part(relation->json) ? cret_spdx3_find(spdx3, json_string_value(target))
                                            : NULL;
                const size_t place = part != NULL ? (size_t)(part - spdx3->elements.list) : root;
                if (!reading->in_root[place]) {
                    reading->in_root[place] = true;
                    open[count++] = place;
                }
            }
        }
    }
    reading->in_root[root] = false; /* it is the whole */
    free(open);
    return 0;
}

int cret_advisory_spdx3_begin(struct cret_spdx3_reading *reading)
{
    const struct cret_spdx3 *spdx3 = reading->sbom->spdx3;
    const char *id = cret_json_string(reading->sbom->components.root, "spdxId");
    const struct cret_spdx3_element *root = cret_spdx3_find(spdx3, id);
    reading->in_root = calloc(spdx3->elements.count + 1, sizeof(*reading->in_root));
    if (reading->in_root == NULL) {
        return -1;
    }
    if (root == NULL) {
        return 0;
    }
    reading->advisory->root = read_element(reading, root);
    return reading->advisory->root == NULL ||
           mark_parts(reading, (size_t)(root - spdx3->elements.list)) != 0;
}
