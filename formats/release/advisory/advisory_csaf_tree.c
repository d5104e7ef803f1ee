/* SPDX-License-Identifier: Apache-2.0 */
/* The product tree of CSAF 2.0 and 2.1: products, what they are parts of, groups. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* What the branches above a product say. */
struct branches {
    const char *vendor, *family, *product, *version, *range;
    bool narrowed; /* by something that a release does not say of itself: a service pack, a language
                    */
};

/* Whether a category of branches narrows what is meant (3.1.2.2). */
static bool narrows(const char *category)
{
    static const char *const narrower[] = {"architecture",  "host_name", "language",
                                           "patch_level",   "platform",  "service_pack",
                                           "specification", NULL};
    for (size_t i = 0; narrower[i] != NULL; i++) {
        if (strcmp(narrower[i], category) == 0) {
            return true;
        }
    }
    return false;
}

/* A model or order number. CSAF 2.0 abbreviates (the beginning is enough, X is any character); 2.1
 * means the whole, with ? and *, and what is escaped is taken for any character, which
 * narrows less than what is meant. */
static void add_model(struct cret_build *product, const char *text, bool whole)
{
    char *model = text != NULL ? strdup(text) : NULL;
    product->failed |= text != NULL && model == NULL;
    if (model == NULL) {
        return;
    }
    size_t size = 0;
    for (const char *at = model; *at != '\0'; at++) {
        const bool escaped = whole && at[0] == '\\' && at[1] != '\0';
        at += escaped ? 1 : 0;
        model[size++] = escaped ? '?' : *at;
        if (escaped) {
            cret_build_boolean(product, "narrowed", true);
        }
    }
    model[size] = '\0';
    cret_build_append(product, "models", model);
    free(model);
}

/* product_identification_helper, 3.1.3.3. */
static void add_helper(struct cret_build *product, const json_t *helper, bool whole)
{
    const char *const lists[] = {"model_numbers", "skus", "serial_numbers"};
    cret_build_append(product, "purls", cret_json_string(helper, "purl"));
    CRET_JSON_EACH (element, json_object_get(helper, "purls")) {
        cret_build_append(product, "purls", json_string_value(element));
    }
    cret_build_append(product, "cpes", cret_json_string(helper, "cpe"));
    /* Serial numbers are of single devices, which no release has: they only narrow. */
    for (size_t i = 0; i < 2; i++) {
        CRET_JSON_EACH (element, json_object_get(helper, lists[i])) {
            add_model(product, json_string_value(element), whole);
        }
    }
    if (json_array_size(json_object_get(helper, lists[2])) > 0) {
        cret_build_boolean(product, "narrowed", true);
    }
    cret_build_flag(product, "whole models",
                    whole && (json_object_get(helper, lists[0]) != NULL ||
                              json_object_get(helper, lists[1]) != NULL));
    CRET_JSON_EACH (element, json_object_get(helper, "x_generic_uris")) {
        const char *uri = cret_json_string(element, "uri");
        if (uri != NULL && strncmp(uri, "urn:", 4) == 0) {
            cret_build_string(product, "ref", uri);
        }
    }
    struct cret_build files = cret_build_list();
    CRET_JSON_EACH (element, json_object_get(helper, "hashes")) {
        cret_build_add(&files,
                       json_pack("{s:O*, s:O}", "filename", json_object_get(element, "filename"),
                                 "digests", json_object_get(element, "file_hashes")));
    }
    json_t *list = cret_build_end(&files);
    if (list == NULL || json_array_size(list) > 0) {
        cret_build_put(product, "hashes", list);
    } else {
        json_decref(list);
    }
}

static json_t *make_product(const struct cret_advisory *advisory, const json_t *full_name,
                            const struct branches *branches)
{
    struct cret_build product = cret_build_object();
    cret_build_string(&product, "name", cret_json_string(full_name, "name"));
    if (branches != NULL) {
        cret_build_string(&product, "vendor", branches->vendor);
        cret_build_string(&product, "family", branches->family);
        cret_build_string(&product, "product", branches->product);
        cret_build_string(&product, "version", branches->version);
        cret_build_string(&product, "range", branches->range);
        cret_build_flag(&product, "narrowed", branches->narrowed);
    }
    add_helper(&product, json_object_get(full_name, "product_identification_helper"),
               advisory->csaf_minor > 0);
    return cret_build_end(&product);
}

/* A key of an object as the object has it: what was read is freed along the way. */
static const char *own_key(json_t *object, const char *key)
{
    return json_object_iter_key(json_object_iter_at(object, key));
}

/* Products are known by their id: a second one of that id would take the place of the first
 * (mandatory test 6.1.2 of the standard). The very same one again does no harm. */
static int add_product(struct cret_advisory *advisory, const json_t *full_name,
                       const struct branches *branches)
{
    json_t *products = advisory->products;
    const char *id = cret_json_string(full_name, "product_id");
    json_t *known = json_object_get(products, id);
    json_t *product = make_product(advisory, full_name, branches);
    if (product == NULL) {
        return -1;
    }
    if (known == NULL) {
        return json_object_set_new(products, id, product);
    }
    if (json_equal(known, product) != 1) {
        advisory->twice = own_key(products, id);
    }
    json_decref(product);
    return 0;
}

/* 3.1.2: depth is bounded by the reader of JSON. */
static int add_branches(struct cret_advisory *advisory, const json_t *list,
                        const struct branches *above)
{
    int failed = 0;
    CRET_JSON_EACH (branch, list) {
        struct branches here = *above;
        const char *category = cret_json_string(branch, "category");
        const char *name = cret_json_string(branch, "name");
        if (category != NULL && name != NULL) {
            here.vendor = strcmp(category, "vendor") == 0 ? name : here.vendor;
            here.family = strcmp(category, "product_family") == 0 ? name : here.family;
            here.product = strcmp(category, "product_name") == 0 ? name : here.product;
            here.version = strcmp(category, "product_version") == 0 ? name : here.version;
            here.range = strcmp(category, "product_version_range") == 0 ? name : here.range;
            here.narrowed = here.narrowed || narrows(category);
        }
        json_t *product = json_object_get(branch, "product");
        if (product != NULL) {
            failed |= add_product(advisory, product, &here);
            json_object_clear(product);
        }
        failed |= add_branches(advisory, json_object_get(branch, "branches"), &here);
    }
    return failed;
}

/* A product as a part of, or installed on, another; product: taken over, or NULL. A second one of
 * that id would take the place of the first. */
static int add_part(struct cret_advisory *advisory, const char *id, json_t *product,
                    const char *part, const json_t *relation, const char *whole)
{
    const char *category = json_string_value(relation);
    int failed = product == NULL ||
                 json_object_set_new(product, "of", json_pack("[s, s]", part, whole)) != 0 ||
                 (strncmp(category, "installed_", 10) == 0 &&
                  json_object_set_new(product, "beside", json_true()) != 0);
    json_t *known = json_object_get(advisory->products, id);
    if (known != NULL && json_equal(known, product) != 1) {
        advisory->twice = own_key(advisory->products, id);
    } else if (product != NULL) {
        failed |= json_object_set(advisory->products, id, product) != 0;
    }
    json_decref(product);
    return failed;
}

/* CSAF 2.0, 3.2.2.4: one product as part of, or installed on, another. */
static int add_relationships(struct cret_advisory *advisory, const json_t *list)
{
    int failed = 0;
    CRET_JSON_EACH (relationship, list) {
        const json_t *full_name = json_object_get(relationship, "full_product_name");
        failed |= add_part(advisory, cret_json_string(full_name, "product_id"),
                           make_product(advisory, full_name, NULL),
                           cret_json_string(relationship, "product_reference"),
                           json_object_get(relationship, "category"),
                           cret_json_string(relationship, "relates_to_product_reference"));
        json_object_clear(relationship);
    }
    return failed;
}

/* CSAF 2.1, product_paths: from the left, each hop relates what was built so far to the next
 * product. All hops but the last make a product that the document has no id for. */
static int add_path(struct cret_advisory *advisory, const json_t *path)
{
    const json_t *full_name = json_object_get(path, "full_product_name");
    const json_t *hops = json_object_get(path, "subpaths");
    const char *id = cret_json_string(full_name, "product_id");
    char *part = strdup(cret_json_string(path, "beginning_product_reference"));
    int failed = part == NULL;
    for (size_t i = 0; i < json_array_size(hops) && !failed; i++) {
        const json_t *hop = json_array_get(hops, i);
        const bool last = i + 1 == json_array_size(hops);
        char *here = last ? strdup(id) : cret_text_printf("%s, hop %zu of its path", id, i + 1);
        json_t *product =
            last ? make_product(advisory, full_name, NULL)
                 : json_pack("{s:s, s:b}", "name", cret_json_string(full_name, "name"), "made", 1);
        failed = here == NULL ||
                 add_part(advisory, here, product, part, json_object_get(hop, "category"),
                          cret_json_string(hop, "next_product_reference")) != 0;
        free(part);
        part = here;
    }
    free(part);
    return failed;
}

static int add_paths(struct cret_advisory *advisory, const json_t *list)
{
    int failed = 0;
    CRET_JSON_EACH (path, list) {
        failed = failed || add_path(advisory, path) != 0;
        json_object_clear(path);
    }
    return failed;
}

/* A group by its id, and for each of its products that it is a member of it. */
static int add_group(struct cret_advisory *advisory, const char *id, json_t *members)
{
    int failed = json_object_set(advisory->groups, id, members) != 0;
    CRET_JSON_EACH (product, members) {
        const char *name = json_string_value(product);
        json_t *own = name != NULL ? json_object_get(advisory->member_of, name) : NULL;
        if (name != NULL && own == NULL) {
            own = json_object();
            failed |= json_object_set_new(advisory->member_of, name, own) != 0;
        }
        failed |= name != NULL && !failed && json_object_set_new(own, id, json_true()) != 0;
    }
    return failed;
}

static int add_groups(struct cret_advisory *advisory, const json_t *list)
{
    int failed = 0;
    CRET_JSON_EACH (group, list) {
        const char *id = cret_json_string(group, "group_id");
        json_t *members = json_object_get(group, "product_ids");
        if (id != NULL && json_is_array(members)) {
            failed = failed || add_group(advisory, id, members) != 0;
        }
    }
    return failed;
}

int cret_advisory_read_tree(struct cret_advisory *advisory)
{
    const json_t *tree = json_object_get(advisory->document, "product_tree");
    const struct branches none = {0};
    int failed = 0;
    CRET_JSON_EACH (element, json_object_get(tree, "full_product_names")) {
        failed |= add_product(advisory, element, NULL);
        json_object_clear(element); /* large files have nothing but these */
    }
    failed |= add_branches(advisory, json_object_get(tree, "branches"), &none);
    failed |= add_relationships(advisory, json_object_get(tree, "relationships"));
    failed |= add_paths(advisory, json_object_get(tree, "product_paths"));
    failed |= add_groups(advisory, json_object_get(tree, "product_groups"));
    return failed;
}
