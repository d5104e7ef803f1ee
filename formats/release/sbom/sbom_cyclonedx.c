/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX JSON: its components, and the rules across a BOM. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_internal.h"

static const char *purl(const json_t *component, size_t *at)
{
    return (*at)++ == 0 ? cret_json_string(component, "purl") : NULL;
}

static const char *cpe(const json_t *component, size_t *at)
{
    return (*at)++ == 0 ? cret_json_string(component, "cpe") : NULL;
}

/* A component and those that it is made of; what is none is a fault that the shape reports. */
static enum cret_status collect_component(struct cret_shape_run *run, const json_t *component,
                                          void *components)
{
    if (!json_is_object(component)) {
        return CRET_OK;
    }
    if (cret_sbom_add(components, component, run) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_shape_each(run, component, "components", collect_component, components);
}

static enum cret_status collect(struct cret_sbom *document, struct cret_shape_run *run)
{
    struct cret_sbom_components *components = &document->components;
    const json_t *sbom = document->json;
    const json_t *root = cret_json_get(sbom, "metadata.component");
    if (json_is_object(root)) {
        const size_t metadata_mark = cret_json_enter(&run->at, "metadata");
        cret_json_enter(&run->at, "component");
        const enum cret_status status = collect_component(run, root, components);
        cret_json_leave(&run->at, metadata_mark);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        components->root = root;
    }
    const enum cret_status status =
        cret_shape_each(run, sbom, "components", collect_component, components);
    components->packages = components->count;
    return status;
}

/* Every bom-ref anywhere in the BOM: whatever has one can be referred to. */
static int gather_references(json_t *known, const json_t *json)
{
    const char *key;
    size_t index;
    json_t *value;
    if (json_is_object(json)) {
        const char *reference = cret_json_string(json, "bom-ref");
        if (reference != NULL && json_object_set_new(known, reference, json_true()) != 0) {
            return -1;
        }
        json_object_foreach((json_t *)(uintptr_t)json, key, value)
        {
            if (gather_references(known, value) != 0) {
                return -1;
            }
        }
    }
    json_array_foreach(json, index, value)
    {
        if (gather_references(known, value) != 0) {
            return -1;
        }
    }
    return 0;
}

/* A service that has the bom-ref of a component, or of another service. */
static enum cret_status check_service(struct cret_shape_run *run, const json_t *service, void *seen)
{
    const char *reference = cret_json_string(service, "bom-ref");
    if (reference != NULL && json_object_get(seen, reference) != NULL) {
        cret_shape_fault(run, "bom-ref", "a reference that nothing else has", reference,
                         "two things have the same bom-ref");
    }
    if (reference != NULL && json_object_set_new(seen, reference, json_true()) != 0) {
        return CRET_FAILED;
    }
    return cret_shape_each(run, service, "services", check_service, seen);
}

/* No two components of one bom-ref: a binding or a dependency would name both. */
static enum cret_status check_unique(const struct cret_sbom_components *components,
                                     const json_t *sbom, struct cret_shape_run *run)
{
    json_t *seen = json_object();
    enum cret_status status = seen != NULL ? CRET_OK : CRET_FAILED;
    for (size_t i = 0; i < components->count && status == CRET_OK; i++) {
        const char *reference = cret_json_string(components->list[i].json, "bom-ref");
        if (reference == NULL) {
            continue;
        }
        if (json_object_get(seen, reference) != NULL) {
            const size_t mark = cret_json_enter_pointer(&run->at, components->list[i].pointer);
            cret_shape_fault(run, "bom-ref", "a reference that no other component has", reference,
                             "two components have the same bom-ref");
            cret_json_leave(&run->at, mark);
        }
        if (json_object_set_new(seen, reference, json_true()) != 0) {
            status = CRET_FAILED;
        }
    }
    if (status == CRET_OK) {
        status = cret_shape_each(run, sbom, "services", check_service, seen);
    }
    json_decref(seen);
    return status;
}

/* A reference of dependencies[] names something; a BOM-Link into another BOM may stand too. */
static void check_reference(struct cret_shape_run *run, const json_t *known, const char *reference,
                            const char *name)
{
    if (reference == NULL || json_object_get(known, reference) != NULL ||
        strncmp(reference, "urn:cdx:", strlen("urn:cdx:")) == 0) {
        return;
    }
    cret_shape_fault(run, name, "the bom-ref of something in this BOM", reference,
                     "the dependency names what the BOM does not have");
}

static enum cret_status check_listed(struct cret_shape_run *run, const json_t *reference,
                                     void *known)
{
    check_reference(run, known, json_string_value(reference), NULL);
    return CRET_OK;
}

static enum cret_status check_dependency(struct cret_shape_run *run, const json_t *dependency,
                                         void *known)
{
    static const char *const lists[] = {"dependsOn", "provides"};
    enum cret_status status = CRET_OK;
    check_reference(run, known, cret_json_string(dependency, "ref"), "ref");
    for (size_t i = 0; i < CRET_LENGTH(lists) && status == CRET_OK; i++) {
        status = cret_shape_each(run, dependency, lists[i], check_listed, known);
        const size_t mark = cret_json_enter(&run->at, lists[i]);
        cret_shape_unique(run, json_object_get(dependency, lists[i]));
        cret_json_leave(&run->at, mark);
    }
    return status;
}

static enum cret_status check(const struct cret_sbom *document, struct cret_shape_run *run)
{
    const struct cret_sbom_components *components = &document->components;
    const json_t *sbom = document->json;
    json_t *known = json_object();
    enum cret_status status = CRET_FAILED;
    if (known != NULL && check_unique(components, sbom, run) == CRET_OK &&
        gather_references(known, sbom) == 0) {
        status = cret_shape_each(run, sbom, "dependencies", check_dependency, known);
    }
    json_decref(known);
    return status;
}

const struct cret_sbom_kind cret_sbom_cyclonedx = {
    .name = "CycloneDX-",
    .shape = &cret_cyclonedx_shape,
    .reference = "bom-ref",
    .label = "name",
    .version = "version",
    .hashes = "hashes",
    .algorithm = "alg",
    .value = "content",
    .sha256 = "SHA-256",
    .sha512 = "SHA-512",
    .root_words = "metadata.component",
    .purl = purl,
    .cpe = cpe,
    .collect = collect,
    .check = check,
};
