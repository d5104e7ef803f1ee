/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX 3 completed: new elements of the release, in a name space of its own, around those that a
 * tool wrote. */
#include "release/sbom/sbom_complete_spdx3.h"

#include <stdio.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/unicode.h"
#include "release/sbom/values.h"

#define CREATION "_:cretula-sign"
#define ID_BYTES 160u

/* The id of an element of the release. What it belongs to stands in it as a digest: it need not be
 * short, nor fit for an id. */
static void make_id(struct cret_completion *completion, char id[ID_BYTES], const char *name,
                    const char *of)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX] = "";
    struct cret_err ignored = {0};
    if (of != NULL) {
        completion->failed |= cret_sha256(digest, of, strlen(of), &ignored) != CRET_OK;
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    }
    snprintf(id, ID_BYTES, "%s#%.60s%s%.24s", completion->space, name, of != NULL ? "-" : "", hex);
}

/* An object of the document, or one that was made; NULL: there is none. */
static json_t *known(const struct cret_completion *completion, const char *id)
{
    const struct cret_spdx3_element *element = cret_spdx3_find(completion->sbom->spdx3, id);
    json_t *made = json_object_get(completion->made, id);
    return made != NULL ? made : element != NULL ? (json_t *)(uintptr_t)element->json : NULL;
}

static void append(struct cret_completion *completion, const char *id, json_t *object)
{
    json_t *graph = json_object_get(completion->sbom->json, CRET_SPDX3_GRAPH);
    completion->failed |= object == NULL || json_object_set(completion->made, id, object) != 0 ||
                          json_array_append(graph, object) != 0;
    json_decref(object);
}

/* Who made what is added: the manufacturer, with this tool. */
static void need_creation(struct cret_completion *completion)
{
    if (completion->failed || known(completion, CREATION) != NULL) {
        return;
    }
    append(completion, CREATION,
           json_pack("{s:s, s:s, s:s, s:s}", "type", "CreationInfo", "@id", CREATION, "specVersion",
                     "3.0.1", "created", completion->facts->date));
    json_t *creation = known(completion, CREATION);
    const char *maker = cret_completion_manufacturer(completion);
    const char *tool = cret_completion_tool(completion);
    completion->failed |=
        creation == NULL || maker == NULL || tool == NULL ||
        json_object_set_new(creation, "createdBy", json_pack("[s]", maker)) != 0 ||
        json_object_set_new(creation, "createdUsing", json_pack("[s]", tool)) != 0;
}

json_t *cret_completion_element(struct cret_completion *completion, const char *type,
                                const char *name, const char *of)
{
    char id[ID_BYTES];
    make_id(completion, id, name, of);
    json_t *element = known(completion, id);
    if (element == NULL) {
        append(completion, id,
               json_pack("{s:s, s:s, s:s}", "type", type, "spdxId", id, "creationInfo", CREATION));
        element = known(completion, id);
        need_creation(completion);
    }
    return completion->failed ? NULL : element;
}

int cret_completion_relate(struct cret_completion *completion, const char *name, const char *from,
                           const char *type, json_t *to)
{
    json_t *relation = cret_completion_element(completion, "Relationship", name, from);
    completion->failed |=
        relation == NULL || json_object_set_new(relation, "from", json_string(from)) != 0 ||
        json_object_set_new(relation, "relationshipType", json_string(type)) != 0 ||
        json_object_set(relation, "to", to) != 0;
    json_decref(to);
    return completion->failed;
}

/* An e-mail address, or a URL. */
static json_t *contact_of(const struct cret_completion *completion)
{
    const char *contact = completion->facts->contact;
    const char *type = contact == NULL                                                ? NULL
                       : strchr(contact, '@') != NULL && strchr(contact, ':') == NULL ? "email"
                       : strncmp(contact, "https://", 8) == 0                         ? "urlScheme"
                                                                                      : NULL;
    return type == NULL ? NULL
                        : json_pack("[{s:s, s:s, s:s}]", "type", "ExternalIdentifier",
                                    "externalIdentifierType", type, "identifier", contact);
}

/* An organization of the document that has the manufacturer's name; NULL: there is none. */
static json_t *find_manufacturer(const struct cret_completion *completion)
{
    const struct cret_spdx3_list *elements = &completion->sbom->spdx3->elements;
    for (size_t i = 0; i < elements->count; i++) {
        const char *name = cret_json_string(elements->list[i].json, "name");
        if (cret_spdx3_is(elements->list[i].class, "Organization") && name != NULL &&
            cret_unicode_same(name, completion->facts->vendor)) {
            return (json_t *)(uintptr_t)elements->list[i].json;
        }
    }
    return NULL;
}

const char *cret_completion_manufacturer(struct cret_completion *completion)
{
    if (completion->maker == NULL) {
        json_t *maker = find_manufacturer(completion);
        json_t *contact = contact_of(completion);
        if (maker == NULL) {
            maker = cret_completion_element(completion, "Organization", "manufacturer", NULL);
            completion->failed |=
                maker == NULL ||
                json_object_set_new(maker, "name", json_string(completion->facts->vendor)) != 0;
        }
        if (!completion->failed && contact != NULL &&
            json_object_get(maker, "externalIdentifier") == NULL) {
            cret_completion_note(completion, "%.100s: contact %.100s", completion->facts->vendor,
                                 completion->facts->contact);
            completion->failed |= json_object_set(maker, "externalIdentifier", contact) != 0;
        }
        json_decref(contact);
        completion->maker = completion->failed ? NULL : cret_json_string(maker, "spdxId");
    }
    return completion->maker;
}

const char *cret_completion_tool(struct cret_completion *completion)
{
    char name[100];
    snprintf(name, sizeof(name), "cretula-sign-%.60s", completion->facts->tool_version);
    json_t *tool = cret_completion_element(completion, "Tool", "tool", NULL);
    completion->failed |= tool == NULL || json_object_set_new(tool, "name", json_string(name)) != 0;
    return completion->failed ? NULL : cret_json_string(tool, "spdxId");
}

/* The one package that the document is about and that has the product's name; NULL. */
static json_t *find_root(const struct cret_completion *completion)
{
    const struct cret_spdx3_list *roots = &completion->sbom->spdx3->roots;
    json_t *found = NULL;
    for (size_t i = 0; i < roots->count; i++) {
        const char *name = cret_json_string(roots->list[i].json, "name");
        if (cret_spdx3_is(roots->list[i].class, "software_Package") && name != NULL &&
            cret_unicode_same(name, completion->facts->product)) {
            if (found != NULL) {
                return NULL;
            }
            found = (json_t *)(uintptr_t)roots->list[i].json;
        }
    }
    return found;
}

/* What the root stands above: what the document is about beside it, or, where that is nothing, all
 * that is part of nothing. */
static json_t *list_below(struct cret_completion *completion, const json_t *root)
{
    const struct cret_spdx3 *spdx3 = completion->sbom->spdx3;
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < spdx3->roots.count; i++) {
        if (spdx3->roots.list[i].json == root) {
            continue;
        }
        cret_build_add(&list, json_string(spdx3->roots.list[i].id));
        cret_completion_note(completion, "%.200s is contained in the product",
                             spdx3->roots.list[i].id);
    }
    for (size_t i = 0; spdx3->roots.count == 0 && i < spdx3->elements.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->elements.list[i];
        if (cret_spdx3_is(one->class, "software_Package") && !one->part && !one->built &&
            one->component < completion->sbom->components.packages) {
            cret_build_add(&list, json_string(one->id));
        }
    }
    return cret_build_end(&list);
}

/* The document is about the product, through its software_Sbom where it has one. */
static void set_about(struct cret_completion *completion, const char *id)
{
    const struct cret_spdx3 *spdx3 = completion->sbom->spdx3;
    json_t *document = (json_t *)(uintptr_t)spdx3->document;
    CRET_JSON_EACH (reference, json_object_get(document, "rootElement")) {
        const char *own = json_string_value(reference);
        json_t *collection =
            cret_spdx3_id_is(spdx3, own, "software_Sbom") ? known(completion, own) : NULL;
        if (collection != NULL) {
            json_t *about = json_pack("[s]", own);
            completion->failed |=
                json_object_set_new(collection, "rootElement", json_pack("[s]", id)) != 0 ||
                json_object_set_new(document, "rootElement", about) != 0;
            return;
        }
    }
    completion->failed |= json_object_set_new(document, "rootElement", json_pack("[s]", id)) != 0;
}

json_t *cret_completion_root_spdx3(struct cret_completion *completion)
{
    json_t *root = find_root(completion);
    if (root != NULL && completion->sbom->components.root == root) {
        return root;
    }
    json_t *below = list_below(completion, root);
    if (root == NULL) {
        root = cret_completion_element(completion, "software_Package", "product", NULL);
        completion->failed |= root == NULL || json_object_set_new(root, "software_primaryPurpose",
                                                                  json_string("firmware")) != 0;
    }
    if (completion->failed || below == NULL) {
        completion->failed = true;
        json_decref(below);
        return NULL;
    }
    const char *id = cret_json_string(root, "spdxId");
    cret_completion_note(completion, "%s stands for the product", id);
    if (json_array_size(below) > 0) {
        cret_completion_relate(completion, "contains", id, "contains", json_incref(below));
    }
    json_decref(below);
    set_about(completion, id);
    return completion->failed ? NULL : root;
}

/* The product has one CPE: that of the release. */
static void set_cpe(struct cret_completion *completion, json_t *root)
{
    const char *cpe = completion->facts->cpe;
    const char *type = cpe != NULL && strncmp(cpe, "cpe:/", 5) == 0 ? "cpe22" : "cpe23";
    struct cret_build list = cret_build_list();
    const json_t *before = json_object_get(root, "externalIdentifier");
    if (cpe == NULL) {
        json_decref(cret_build_end(&list));
        return;
    }
    CRET_JSON_EACH (one, before) {
        const char *own = cret_json_string(one, "externalIdentifierType");
        if (own == NULL || (strcmp(own, "cpe22") != 0 && strcmp(own, "cpe23") != 0)) {
            cret_build_add(&list, json_incref(one));
        }
    }
    cret_build_add(&list, json_pack("{s:s, s:s, s:s}", "type", "ExternalIdentifier",
                                    "externalIdentifierType", type, "identifier", cpe));
    json_t *made = cret_build_end(&list);
    if (made != NULL && json_equal(made, before) != 1) {
        cret_completion_note(completion, "product: CPE %.200s", cpe);
        completion->failed |= json_object_set(root, "externalIdentifier", made) != 0;
    }
    completion->failed |= made == NULL;
    json_decref(made);
}

void cret_completion_identify_spdx3(struct cret_completion *completion, json_t *root)
{
    static const char where[] = "product";
    const struct cret_sbom_facts *facts = completion->facts;
    cret_completion_text(completion, root, where, "name", facts->product);
    cret_completion_text(completion, root, where, "software_packageVersion", facts->version);
    cret_completion_text(completion, root, where, "software_packageUrl", facts->purl);
    set_cpe(completion, root);
    if (!cret_value_says(
            cret_spdx3_agent(completion->sbom->spdx3, cret_json_string(root, "suppliedBy")))) {
        cret_completion_text(completion, root, where, "suppliedBy",
                             cret_completion_manufacturer(completion));
    }
    if (json_array_size(json_object_get(root, "originatedBy")) == 0) {
        const char *maker = cret_completion_manufacturer(completion);
        completion->failed |= maker == NULL || json_object_set_new(root, "originatedBy",
                                                                   json_pack("[s]", maker)) != 0;
        cret_completion_note(completion, "%s.originatedBy: %.100s", where, facts->vendor);
    }
}

/* What the bytes say: purposes of the file. One that contradicts is not added. */
static void set_purposes(struct cret_completion *completion, json_t *file,
                         const struct cret_sbom_bound *bound)
{
    const struct cret_nature *nature = &bound->nature;
    const char *const words[] = {
        nature->executable != NULL ? "executable" : NULL,
        nature->archive != NULL && strcmp(nature->archive, "archive") == 0 ? "archive" : NULL,
        nature->structured != NULL ? "container" : NULL,
    };
    for (size_t i = 0; i < CRET_LENGTH(words); i++) {
        json_t *list = json_object_get(file, "software_additionalPurpose");
        if (words[i] == NULL || cret_json_lists(list, words[i]) ||
            (strcmp(words[i], "container") == 0 && cret_json_lists(list, "firmware"))) {
            continue;
        }
        if (list == NULL) {
            list = json_array();
            completion->failed |=
                json_object_set_new(file, "software_additionalPurpose", list) != 0;
        }
        completion->failed |= json_array_append_new(list, json_string(words[i])) != 0;
        cret_completion_note(completion, "%.200s: %s", bound->file, words[i]);
    }
}

void cret_completion_file_spdx3(struct cret_completion *completion, json_t *component,
                                const struct cret_sbom_bound *bound)
{
    const struct cret_sbom_component whole = {.json = component};
    const char *id = cret_json_string(component, "spdxId");
    const struct cret_sbom_component *artifact = cret_spdx3_artifact(completion->sbom, &whole);
    json_t *file = artifact != NULL ? (json_t *)(uintptr_t)artifact->json : NULL;
    if (!cret_spdx3_is(cret_spdx3_class_of(cret_json_string(component, "type")),
                       "software_Package")) {
        set_purposes(completion, component, bound); /* a file is delivered as itself */
        return;
    }
    if (file == NULL) {
        size_t at = 0;
        if (cret_spdx3_relation(completion->sbom->spdx3, id, "hasDistributionArtifact", &at) !=
            NULL) {
            return; /* in several files */
        }
        file = cret_completion_element(completion, "software_File", "file", id);
        if (file == NULL || json_object_set_new(file, "name", json_string(bound->file)) != 0 ||
            cret_completion_relate(completion, "artifact", id, "hasDistributionArtifact",
                                   json_pack("[s]", cret_json_string(file, "spdxId"))) != 0) {
            completion->failed = true;
            return;
        }
        cret_completion_note(completion, "%.200s is delivered in %.200s", id, bound->file);
    }
    cret_completion_hashes(completion, file, bound->file, bound);
    set_purposes(completion, file, bound);
}

/* In every place where an id is named. */
static bool rename_all(json_t *json, const char *old, const char *id)
{
    const char *key;
    size_t index;
    json_t *value;
    bool failed = false;
    json_object_foreach(json, key, value)
    {
        const char *text = json_string_value(value);
        failed |= text != NULL ? strcmp(text, old) == 0 && json_string_set(value, id) != 0
                               : rename_all(value, old, id);
    }
    json_array_foreach(json, index, value)
    {
        const char *text = json_string_value(value);
        failed |= text != NULL ? strcmp(text, old) == 0 && json_string_set(value, id) != 0
                               : rename_all(value, old, id);
    }
    return failed;
}

void cret_completion_rename_spdx3(struct cret_completion *completion)
{
    const json_t *document = completion->sbom->spdx3->document;
    char id[ID_BYTES];
    make_id(completion, id, "document", NULL);
    char *old = strdup(cret_json_string(document, "spdxId"));
    if (old == NULL) {
        completion->failed = true;
        return;
    }
    if (strcmp(old, id) != 0 && json_array_size(completion->changes) > 0) {
        cret_completion_note(completion, "SpdxDocument: %s (was: %.200s)", id, old);
        completion->failed |= rename_all(completion->sbom->json, old, id);
    }
    free(old);
}
