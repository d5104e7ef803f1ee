/* SPDX-License-Identifier: Apache-2.0 */
/* The product as the root of an SBOM: found, or made above what a tool wrote. */
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/unicode.h"
#include "release/sbom/sbom_complete_spdx3.h"

#define REFERENCE_BYTES 64u

/* Does a root of this name stand for the product, or for somebody else's image? */
static bool is_product(const struct cret_completion *completion, const json_t *root)
{
    const char *name = cret_json_string(root, completion->sbom->kind->label);
    return name != NULL && cret_unicode_same(name, completion->facts->product);
}

/* Whether anything in the document has a reference that is or begins with that: components,
 * services, snippets, ... */
static bool has_reference(const json_t *json, const char *member, const char *reference, bool stem)
{
    const char *key;
    size_t index;
    json_t *value;
    const char *own = json_is_object(json) ? cret_json_string(json, member) : NULL;
    if (own != NULL &&
        (stem ? strncmp(own, reference, strlen(reference)) == 0 : strcmp(own, reference) == 0)) {
        return true;
    }
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        if (has_reference(value, member, reference, stem)) {
            return true;
        }
    }
    json_array_foreach(json, index, value)
    {
        if (has_reference(value, member, reference, stem)) {
            return true;
        }
    }
    return false;
}

/* A reference that nothing of the document has. */
static void free_reference(const struct cret_sbom *sbom, char out[REFERENCE_BYTES],
                           const char *wanted)
{
    snprintf(out, REFERENCE_BYTES, "%s", wanted);
    for (unsigned number = 2; has_reference(sbom->json, sbom->kind->reference, out, false);
         number++) {
        snprintf(out, REFERENCE_BYTES, "%s-%u", wanted, number);
    }
}

/* The same of a beginning that nothing has. */
static void free_stem(const json_t *bom, char out[REFERENCE_BYTES], const char *wanted)
{
    snprintf(out, REFERENCE_BYTES, "%s", wanted);
    for (unsigned number = 2; has_reference(bom, "bom-ref", out, true); number++) {
        snprintf(out, REFERENCE_BYTES, "%s%u", wanted, number);
    }
}

/* The array under a member; made where there is none. NULL: memory. */
static json_t *list_of(struct cret_completion *completion, const char *member)
{
    json_t *list = json_object_get(completion->sbom->json, member);
    if (list == NULL) {
        list = json_array();
        completion->failed |= json_object_set_new(completion->sbom->json, member, list) != 0;
    }
    return completion->failed ? NULL : list;
}

/* Everything that something else of the document leads to, as a set. */
static json_t *led_to_cyclonedx(const json_t *bom)
{
    struct cret_build set = cret_build_object();
    CRET_JSON_EACH (dependency, json_object_get(bom, "dependencies")) {
        CRET_JSON_EACH (reference, json_object_get(dependency, "dependsOn")) {
            cret_build_boolean(&set, json_string_value(reference), true);
        }
    }
    return cret_build_end(&set);
}

/* Gives components that have no reference one that nothing else has: only so can a root name them.
 * Non-zero: memory. */
static int name_components(struct cret_completion *completion)
{
    json_t *bom = completion->sbom->json;
    char reference[REFERENCE_BYTES];
    size_t number = 0;
    int failed = 0;
    CRET_JSON_EACH (component, json_object_get(bom, "components")) {
        if (cret_json_string(component, "bom-ref") != NULL) {
            continue;
        }
        if (number == 0) {
            /* None of this stem is taken: then all that are counted from it are free. */
            free_stem(bom, reference, "component");
        }
        char own[REFERENCE_BYTES + 24];
        snprintf(own, sizeof(own), "%s-%zu", reference, ++number);
        failed |= json_object_set_new(component, "bom-ref", json_string(own));
    }
    if (number > 0) {
        cret_completion_note(completion, "components: %zu got a bom-ref", number);
    }
    return failed;
}

/* References of the components that a new root stands directly above. */
static json_t *tops_cyclonedx(struct cret_completion *completion)
{
    const json_t *bom = completion->sbom->json;
    struct cret_build tops = cret_build_list();
    json_t *led_to = led_to_cyclonedx(bom);
    tops.failed = tops.failed || led_to == NULL || name_components(completion) != 0;
    CRET_JSON_EACH (component, json_object_get(bom, "components")) {
        const char *reference = cret_json_string(component, "bom-ref");
        if (reference != NULL && json_object_get(led_to, reference) == NULL) {
            cret_build_add(&tops, json_string(reference));
        }
    }
    json_decref(led_to);
    return cret_build_end(&tops);
}

/* Moves the root of the tool among the components; gives its reference as the only thing that the
 * product depends on. */
static json_t *demote_cyclonedx(struct cret_completion *completion, json_t *former)
{
    char reference[REFERENCE_BYTES];
    json_t *components = list_of(completion, "components");
    if (cret_json_string(former, "bom-ref") == NULL) {
        free_reference(completion->sbom, reference, "former-root");
        completion->failed |= json_object_set_new(former, "bom-ref", json_string(reference)) != 0;
    }
    completion->failed |= components == NULL || json_array_insert(components, 0, former) != 0;
    cret_completion_note(completion, "metadata.component: %.200s becomes a component below it",
                         cret_json_string(former, "name"));
    return completion->failed ? NULL : json_pack("[s]", cret_json_string(former, "bom-ref"));
}

static json_t *root_cyclonedx(struct cret_completion *completion)
{
    char reference[REFERENCE_BYTES];
    json_t *bom = completion->sbom->json;
    json_t *metadata = json_object_get(bom, "metadata");
    if (metadata == NULL) {
        metadata = json_object();
        completion->failed |= json_object_set_new(bom, "metadata", metadata) != 0;
    }
    json_t *former = completion->failed ? NULL : json_object_get(metadata, "component");
    if (former != NULL && is_product(completion, former)) {
        return former;
    }
    free_reference(completion->sbom, reference, "product");
    json_t *root = json_pack("{s:s, s:s}", "type", "firmware", "bom-ref", reference);
    cret_completion_note(completion, "metadata.component: made for the product");
    json_t *below =
        former != NULL ? demote_cyclonedx(completion, former) : tops_cyclonedx(completion);
    /* Nothing below: an empty entry would say that the product has no parts, which nobody said. */
    if (json_array_size(below) > 0) {
        json_t *dependencies = list_of(completion, "dependencies");
        json_t *entry = json_pack("{s:s, s:O}", "ref", reference, "dependsOn", below);
        completion->failed |=
            dependencies == NULL || json_array_insert_new(dependencies, 0, entry) != 0;
    }
    completion->failed |= below == NULL || json_object_set_new(metadata, "component", root) != 0;
    json_decref(below);
    return completion->failed ? NULL : root;
}

static bool is_document(const char *id)
{
    return id != NULL && strcmp(id, "SPDXRef-DOCUMENT") == 0;
}

static json_t *relation(const char *from, const char *type, const char *to)
{
    return json_pack("{s:s, s:s, s:s}", "spdxElementId", from, "relationshipType", type,
                     "relatedSpdxElement", to);
}

/* What the document describes is described no more but contained in the product. Adds the ids to
 * `contained`. */
static bool take_descriptions(json_t *sbom, const char *root, json_t *contained)
{
    json_t *relationships = json_object_get(sbom, "relationships");
    size_t index;
    json_t *value;
    bool failed = false;
    for (index = json_array_size(relationships); index > 0; index--) {
        const json_t *one = json_array_get(relationships, index - 1);
        const char *type = cret_json_string(one, "relationshipType");
        const char *from = cret_json_string(one, "spdxElementId");
        const char *to = cret_json_string(one, "relatedSpdxElement");
        const bool describes = type != NULL && strcmp(type, "DESCRIBES") == 0 && is_document(from);
        const bool described = type != NULL && strcmp(type, "DESCRIBED_BY") == 0 && is_document(to);
        if (describes || described) {
            failed |= json_object_set_new(contained, describes ? to : from, json_true()) != 0 ||
                      json_array_remove(relationships, index - 1) != 0;
        }
    }
    json_array_foreach(json_object_get(sbom, "documentDescribes"), index, value)
    {
        failed |= json_object_set_new(contained, json_string_value(value), json_true()) != 0;
    }
    if (json_object_get(sbom, "documentDescribes") != NULL) {
        failed |= json_object_set_new(sbom, "documentDescribes", json_pack("[s]", root)) != 0;
    }
    return !failed;
}

/* Packages that no other package contains or depends on. */
static bool take_tops(const json_t *sbom, json_t *contained)
{
    json_t *led_to = json_object();
    bool failed = led_to == NULL;
    CRET_JSON_EACH (one, json_object_get(sbom, "relationships")) {
        const char *type = cret_json_string(one, "relationshipType");
        if (!failed && type != NULL &&
            (strcmp(type, "CONTAINS") == 0 || strcmp(type, "DEPENDS_ON") == 0)) {
            failed = json_object_set_new(led_to, cret_json_string(one, "relatedSpdxElement"),
                                         json_true()) != 0;
        }
    }
    CRET_JSON_EACH (one, json_object_get(sbom, "packages")) {
        const char *id = cret_json_string(one, "SPDXID");
        if (!failed && id != NULL && json_object_get(led_to, id) == NULL) {
            failed = json_object_set_new(contained, id, json_true()) != 0;
        }
    }
    json_decref(led_to);
    return !failed;
}

static json_t *root_spdx(struct cret_completion *completion)
{
    const struct cret_sbom_component *known = cret_sbom_root(completion->sbom);
    json_t *sbom = completion->sbom->json;
    char id[REFERENCE_BYTES];
    if (known != NULL && is_product(completion, known->json)) {
        return (json_t *)(uintptr_t)known->json;
    }
    free_reference(completion->sbom, id, "SPDXRef-Product");
    json_t *packages = list_of(completion, "packages");
    json_t *relationships = list_of(completion, "relationships");
    json_t *contained = json_object();
    json_t *root = json_pack("{s:s, s:s, s:b}", "SPDXID", id, "downloadLocation", "NOASSERTION",
                             "filesAnalyzed", 0);
    bool failed = completion->failed || contained == NULL || root == NULL ||
                  !take_descriptions(sbom, id, contained) ||
                  (json_object_size(contained) == 0 && !take_tops(sbom, contained));
    CRET_JSON_MEMBERS (key, value, contained) {
        failed |= json_array_append_new(relationships, relation(id, "CONTAINS", key)) != 0;
        if (known != NULL) {
            cret_completion_note(completion, "relationships: %.200s is contained in the product",
                                 key);
        }
    }
    failed |=
        json_array_append_new(relationships, relation("SPDXRef-DOCUMENT", "DESCRIBES", id)) != 0;
    failed |= json_array_insert_new(packages, 0, root) != 0;
    cret_completion_note(completion, "packages: %s made for the product", id);
    json_decref(contained);
    completion->failed |= failed;
    return completion->failed ? NULL : root;
}

json_t *cret_completion_root(struct cret_completion *completion)
{
    return completion->sbom->kind == &cret_sbom_cyclonedx ? root_cyclonedx(completion)
           : completion->sbom->kind == &cret_sbom_spdx    ? root_spdx(completion)
                                                          : cret_completion_root_spdx3(completion);
}
