/* SPDX-License-Identifier: Apache-2.0 */
/* CSAF 2.0 (OASIS Standard): product tree, status of products, and what is said about them. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* 3.2.3.9.1: product_status, with what each list means for somebody who runs the product.
 * "recommended" names a version to take and says nothing of a vulnerability. */
static const struct {
    const char *list;
    enum cret_vex_status status;
} statuses[] = {
    {"first_affected", CRET_VEX_AFFECTED},
    {"known_affected", CRET_VEX_AFFECTED},
    {"last_affected", CRET_VEX_AFFECTED},
    {"under_investigation", CRET_VEX_INVESTIGATED},
    {"first_fixed", CRET_VEX_FIXED},
    {"fixed", CRET_VEX_FIXED},
    {"known_not_affected", CRET_VEX_NOT_AFFECTED},
};

/* What the branches above a product say. */
struct branches {
    const char *vendor, *family, *product, *version, *range;
    bool narrowed; /* by something that a release does not say of itself: a service pack, a language
                    */
};

/* Whether a category of branches narrows what is meant (3.1.2.2). */
static bool narrows(const char *category)
{
    static const char *const narrower[] = {
        "architecture", "host_name",     "language", "patch_level",
        "service_pack", "specification", NULL};
    for (size_t i = 0; narrower[i] != NULL; i++) {
        if (strcmp(narrower[i], category) == 0) {
            return true;
        }
    }
    return false;
}

static int set(json_t *object, const char *name, const char *text)
{
    return text == NULL ? 0 : json_object_set_new(object, name, json_string(text));
}

/* product_identification_helper, 3.1.3.3. */
static void add_helper(struct cret_build *product, const json_t *helper)
{
    const char *const lists[] = {"model_numbers", "skus", "serial_numbers"};
    size_t index;
    json_t *element;
    cret_build_append(product, "purls", cret_json_string(helper, "purl"));
    cret_build_append(product, "cpes", cret_json_string(helper, "cpe"));
    /* Serial numbers are of single devices, which no release has: they only narrow. */
    for (size_t i = 0; i < 2; i++) {
        json_array_foreach(json_object_get(helper, lists[i]), index, element)
        {
            cret_build_append(product, "models", json_string_value(element));
        }
    }
    cret_build_flag(product, "narrowed", json_array_size(json_object_get(helper, lists[2])) > 0);
    json_array_foreach(json_object_get(helper, "x_generic_uris"), index, element)
    {
        const char *uri = cret_json_string(element, "uri");
        if (uri != NULL && strncmp(uri, "urn:", 4) == 0) {
            cret_build_string(product, "ref", uri);
        }
    }
    struct cret_build files = cret_build_list();
    json_array_foreach(json_object_get(helper, "hashes"), index, element)
    {
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

static json_t *make_product(const json_t *full_name, const struct branches *branches)
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
    add_helper(&product, json_object_get(full_name, "product_identification_helper"));
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
    json_t *product = make_product(full_name, branches);
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
    size_t index;
    json_t *branch;
    json_array_foreach(list, index, branch)
    {
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

/* 3.2.2.4: one product as part of, or installed on, another. */
static int add_relationships(struct cret_advisory *advisory, const json_t *list)
{
    int failed = 0;
    size_t index;
    json_t *relationship;
    json_array_foreach(list, index, relationship)
    {
        const json_t *full_name = json_object_get(relationship, "full_product_name");
        const char *id = cret_json_string(full_name, "product_id");
        const char *part = cret_json_string(relationship, "product_reference");
        const char *whole = cret_json_string(relationship, "relates_to_product_reference");
        const char *category = cret_json_string(relationship, "category");
        json_t *product = make_product(full_name, NULL);
        failed |= product == NULL ||
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
        json_object_clear(relationship);
    }
    return failed;
}

static int add_groups(json_t *groups, const json_t *list)
{
    int failed = 0;
    size_t index;
    json_t *group;
    json_array_foreach(list, index, group)
    {
        const char *id = cret_json_string(group, "group_id");
        json_t *members = json_object_get(group, "product_ids");
        if (id != NULL && json_is_array(members)) {
            failed |= json_object_set(groups, id, members) != 0;
        }
    }
    return failed;
}

static json_t *empty_statuses(void)
{
    return json_pack("[[], [], [], []]");
}

/* Every product that is no part of another one, where a document does not say which are affected.
 */
static int add_everything(const struct cret_advisory *advisory, json_t *list)
{
    const char *id;
    json_t *product;
    int failed = 0;
    json_object_foreach(advisory->products, id, product)
    {
        failed |= json_array_append_new(list, json_string(id)) != 0;
    }
    return failed;
}

/* One vulnerability; raw: an empty object where the document has none (profiles without: what they
 * are about may concern all of their products). */
static json_t *read_vulnerability(const struct cret_advisory *advisory, json_t *raw)
{
    const char *id = cret_json_string(raw, "cve");
    const json_t *ids = json_object_get(raw, "ids");
    json_t *lists = empty_statuses();
    int failed = lists == NULL;
    id = id != NULL ? id : cret_json_string(json_array_get(ids, 0), "text");
    id = id != NULL ? id : cret_json_string(raw, "title");
    const bool vague = json_object_size(json_object_get(raw, "product_status")) == 0;
    if (!failed && vague) {
        failed |= add_everything(advisory, json_array_get(lists, CRET_VEX_AFFECTED));
    }
    for (size_t i = 0; !failed && i < CRET_LENGTH(statuses); i++) {
        size_t index;
        json_t *product;
        const json_t *list =
            json_object_get(json_object_get(raw, "product_status"), statuses[i].list);
        json_array_foreach(list, index, product)
        {
            failed |= json_is_string(product) &&
                      json_array_append(json_array_get(lists, statuses[i].status), product) != 0;
        }
    }
    if (failed) {
        json_decref(lists);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:O, s:b}", "id", id != NULL ? id : "unnamed vulnerability",
                     "status", lists, "raw", raw, "vague", vague);
}

static enum cret_status refuse(const char *what, const char *expected, const char *actual,
                               struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH, "no CSAF 2.0 document: %s", what);
    cret_err_expected(err, "%s", expected);
    return cret_err_actual(err, "%s", actual != NULL ? actual : "absent");
}

/* Who speaks, and how final it is. */
static int read_tracking(struct cret_advisory *advisory)
{
    const json_t *document = advisory->document;
    const char *status = cret_json_string(document, "document.tracking.status");
    const char *category = cret_json_string(document, "document.publisher.category");
    advisory->id = cret_json_string(document, "document.tracking.id");
    advisory->title = cret_json_string(document, "document.title");
    advisory->state = status != NULL && strcmp(status, "final") != 0 ? status : NULL;
    advisory->kind =
        cret_text_printf("CSAF 2.0 %s", cret_json_string(document, "document.category"));
    if (category != NULL && strcmp(category, "vendor") == 0) {
        advisory->publisher = cret_name_read(cret_json_string(document, "document.publisher.name"));
        if (advisory->publisher == NULL) {
            return -1;
        }
    }
    return advisory->kind == NULL;
}

static int read_vulnerabilities(struct cret_advisory *advisory)
{
    const json_t *list = json_object_get(advisory->document, "vulnerabilities");
    int failed = 0;
    size_t index;
    json_t *element;
    json_array_foreach(list, index, element)
    {
        failed |= json_array_append_new(advisory->vulnerabilities,
                                        read_vulnerability(advisory, element)) != 0;
    }
    if (json_array_size(list) == 0) {
        json_t *none = json_object();
        failed |= none == NULL || json_array_append_new(advisory->vulnerabilities,
                                                        read_vulnerability(advisory, none)) != 0;
        json_decref(none);
    }
    return failed;
}

enum cret_status cret_advisory_read_csaf(struct cret_advisory *advisory, struct cret_err *err)
{
    static const char *const required[] = {"document.category", "document.title",
                                           "document.tracking.id", "document.publisher.name"};
    const json_t *document = advisory->document;
    const json_t *tree = json_object_get(document, "product_tree");
    const char *version = cret_json_string(document, "document.csaf_version");
    if (version == NULL || strcmp(version, "2.0") != 0) {
        return refuse("document.csaf_version", "2.0", version, err);
    }
    for (size_t i = 0; i < CRET_LENGTH(required); i++) {
        const char *text = cret_json_string(document, required[i]);
        if (text == NULL || text[0] == '\0') {
            return refuse(required[i], "a text", text, err);
        }
    }
    if (cret_advisory_shape_csaf(document, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct branches none = {0};
    int failed = read_tracking(advisory);
    size_t index;
    json_t *element;
    json_array_foreach(json_object_get(tree, "full_product_names"), index, element)
    {
        failed |= add_product(advisory, element, NULL);
        json_object_clear(element); /* large files have nothing but these */
    }
    failed |= add_branches(advisory, json_object_get(tree, "branches"), &none);
    failed |= add_relationships(advisory, json_object_get(tree, "relationships"));
    failed |= add_groups(advisory->groups, json_object_get(tree, "product_groups"));
    failed |= read_vulnerabilities(advisory);
    return failed ? cret_err_memory(err) : CRET_OK;
}

/* Whether a flag, threat or remediation is about a product. One that names none is about all, but
 * for flags: a justification is given for something (mandatory test 6.1.32). */
static bool is_about(const struct cret_advisory *advisory, const json_t *note, const char *product,
                     bool all)
{
    const json_t *ids = json_object_get(note, "product_ids");
    const json_t *groups = json_object_get(note, "group_ids");
    size_t index;
    json_t *group;
    json_array_foreach(groups, index, group)
    {
        const char *id = json_string_value(group);
        if (id != NULL && cret_json_lists(json_object_get(advisory->groups, id), product)) {
            return true;
        }
    }
    return cret_json_lists(ids, product) || (all && ids == NULL && groups == NULL);
}

int cret_advisory_explain_csaf(const struct cret_advisory *advisory, const json_t *vulnerability,
                               const char *product, json_t *match)
{
    int failed = 0;
    size_t index;
    json_t *note;
    json_array_foreach(json_object_get(vulnerability, "flags"), index, note)
    {
        if (is_about(advisory, note, product, false)) {
            failed |= set(match, "justification", cret_json_string(note, "label"));
        }
    }
    json_array_foreach(json_object_get(vulnerability, "threats"), index, note)
    {
        const char *category = cret_json_string(note, "category");
        if (category != NULL && strcmp(category, "impact") == 0 &&
            is_about(advisory, note, product, true)) {
            failed |= set(match, "impact", cret_json_string(note, "details"));
        }
    }
    json_t *list = json_array();
    failed |= list == NULL;
    json_array_foreach(json_object_get(vulnerability, "remediations"), index, note)
    {
        if (!failed && is_about(advisory, note, product, true)) {
            failed |=
                json_array_append_new(
                    list, json_pack("{s:s*, s:s*, s:s*, s:s*}", "category",
                                    cret_json_string(note, "category"), "details",
                                    cret_json_string(note, "details"), "url",
                                    cret_json_string(note, "url"), "restart",
                                    cret_json_string(note, "restart_required.category"))) != 0;
        }
    }
    if (!failed && json_array_size(list) > 0) {
        failed |= json_object_set(match, "remediations", list) != 0;
    }
    json_decref(list);
    return failed;
}
