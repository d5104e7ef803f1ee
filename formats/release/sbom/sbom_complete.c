/* SPDX-License-Identifier: Apache-2.0 */
/* Writing into an SBOM what the release knows better, and saying what changed. */
#include "release/sbom/sbom_complete.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/shell.h"
#include "release/sbom/sbom_complete_spdx3.h"
#include "release/sbom/values.h"

/* The object under a member; made where there is none. NULL: memory. */
static json_t *child(struct cret_completion *completion, json_t *object, const char *member)
{
    json_t *inner = json_object_get(object, member);
    if (!json_is_object(inner)) {
        inner = json_object();
        completion->failed |= inner == NULL || json_object_set_new(object, member, inner) != 0;
    }
    return completion->failed ? NULL : inner;
}

static enum cret_status complete_cyclonedx(struct cret_completion *completion, json_t *root,
                                           struct cret_err *err)
{
    static const char where[] = "metadata.component";
    const struct cret_sbom_facts *facts = completion->facts;
    json_t *bom = completion->sbom->json;
    char uuid[48];
    if (cret_completion_uuid(completion, "", uuid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_completion_text(completion, root, where, "name", facts->product);
    cret_completion_text(completion, root, where, "version", facts->version);
    cret_completion_text(completion, root, where, "purl", facts->purl);
    cret_completion_text(completion, root, where, "cpe", facts->cpe);
    if (!cret_value_says(cret_json_string(root, "supplier.name"))) {
        json_t *supplier = child(completion, root, "supplier");
        cret_completion_text(completion, supplier, "metadata.component.supplier", "name",
                             facts->vendor);
    }
    if (completion->sbom->minor >= 6 &&
        !cret_value_says(cret_json_string(root, "manufacturer.name"))) {
        json_t *maker = child(completion, root, "manufacturer");
        cret_completion_text(completion, maker, "metadata.component.manufacturer", "name",
                             facts->vendor);
    }
    if (json_object_get(bom, "serialNumber") == NULL) {
        cret_completion_text(completion, bom, "#", "serialNumber", uuid);
    }
    if (json_object_get(bom, "version") == NULL) {
        completion->failed |= json_object_set_new(bom, "version", json_integer(1)) != 0;
    }
    if (!cret_value_time(cret_json_string(bom, "metadata.timestamp"))) {
        cret_completion_text(completion, json_object_get(bom, "metadata"), "metadata", "timestamp",
                             facts->date);
    }
    return CRET_OK;
}

/* The product has one identifier of a type: that of the release. Another would make advisories for
 * something else count for it. */
static void set_reference(struct cret_completion *completion, json_t *package, const char *category,
                          const char *type, const char *locator)
{
    json_t *known = NULL;
    json_t *references = json_object_get(package, "externalRefs");
    if (locator == NULL) {
        return;
    }
    for (size_t i = 0; i < json_array_size(references);) {
        json_t *reference = json_array_get(references, i);
        const char *own = cret_json_string(reference, "referenceType");
        if (own == NULL || strcmp(own, type) != 0) {
            i++;
        } else if (known == NULL) {
            known = reference;
            i++;
        } else {
            cret_completion_note(completion, "root package: %.200s taken out",
                                 cret_json_string(reference, "referenceLocator"));
            completion->failed |= json_array_remove(references, i) != 0;
        }
    }
    if (known != NULL) {
        cret_completion_text(completion, known, "root package", "referenceLocator", locator);
        return;
    }
    json_t *list = json_object_get(package, "externalRefs");
    if (list == NULL) {
        list = json_array();
        completion->failed |= json_object_set_new(package, "externalRefs", list) != 0;
    }
    json_t *reference = json_pack("{s:s, s:s, s:s}", "referenceCategory", category, "referenceType",
                                  type, "referenceLocator", locator);
    completion->failed |= json_array_append_new(list, reference) != 0;
    cret_completion_note(completion, "root package: %s %.200s", type, locator);
}

static enum cret_status complete_spdx(struct cret_completion *completion, json_t *root,
                                      struct cret_err *err)
{
    static const char where[] = "root package";
    const struct cret_sbom_facts *facts = completion->facts;
    json_t *sbom = completion->sbom->json;
    const char *cpe = facts->cpe;
    char uuid[48], supplier[1100];
    if (cret_completion_uuid(completion, "", uuid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    snprintf(supplier, sizeof(supplier), "Organization: %s", facts->vendor);
    cret_completion_text(completion, root, where, "name", facts->product);
    cret_completion_text(completion, root, where, "versionInfo", facts->version);
    if (!cret_value_says(cret_json_string(root, "supplier"))) {
        cret_completion_text(completion, root, where, "supplier", supplier);
    }
    set_reference(completion, root, "PACKAGE-MANAGER", "purl", facts->purl);
    set_reference(completion, root, "SECURITY",
                  cpe != NULL && strncmp(cpe, "cpe:/", 5) == 0 ? "cpe22Type" : "cpe23Type", cpe);
    if (json_object_get(sbom, "documentNamespace") == NULL) {
        cret_completion_text(completion, sbom, "#", "documentNamespace", uuid);
    }
    if (!cret_value_time(cret_json_string(sbom, "creationInfo.created"))) {
        json_t *info = child(completion, sbom, "creationInfo");
        cret_completion_text(completion, info, "creationInfo", "created", facts->date);
    }
    return CRET_OK;
}

static bool has_purl(const struct cret_sbom *sbom, const json_t *component, const char *name)
{
    const char *purl = NULL;
    size_t at = 0;
    while ((purl = sbom->kind->purl(component, &at)) != NULL) {
        if (strcmp(purl, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool bears(const struct cret_sbom *sbom, const json_t *component, const char *name, int way)
{
    const char *label = json_string_value(json_object_get(component, sbom->kind->label));
    const char *text = way == 0
                           ? json_string_value(json_object_get(component, sbom->kind->reference))
                           : (label != NULL ? label : cret_json_string(component, "fileName"));
    return way == 1 ? has_purl(sbom, component, name) : text != NULL && strcmp(text, name) == 0;
}

/* The one component that a bind names: by reference, then by purl, then by name. */
static enum cret_status find_component(const struct cret_sbom *sbom, const char *name,
                                       json_t **ret_component, struct cret_err *err)
{
    for (int way = 0; way < 3; way++) {
        const json_t *found = NULL;
        size_t count = 0;
        for (size_t i = 0; i < sbom->components.count; i++) {
            if (bears(sbom, sbom->components.list[i].json, name, way)) {
                found = sbom->components.list[i].json;
                count++;
            }
        }
        if (count == 1) {
            *ret_component = (json_t *)(uintptr_t)found;
            return CRET_OK;
        }
        if (count > 1) {
            cret_err_refuse(err, CRET_CHECK_SBOM_BINDING,
                            "the SBOM has %zu components %s; bind by bom-ref or SPDXID", count,
                            name);
            return cret_err_where(err, "%s", sbom->file);
        }
    }
    cret_err_refuse(err, CRET_CHECK_SBOM_BINDING,
                    "the SBOM has no component %s, which the release binds", name);
    return cret_err_where(err, "%s", sbom->file);
}

/* A property of BSI TR-03183-2; stays: one that is there is not changed. */
static void set_property(struct cret_completion *completion, json_t *component, const char *name,
                         const char *value, bool stays)
{
    json_t *properties = json_object_get(component, "properties");
    size_t index;
    json_t *property;
    if (value == NULL) {
        return;
    }
    json_array_foreach(properties, index, property)
    {
        const char *own = cret_json_string(property, "name");
        if (own != NULL && strcmp(own, name) == 0) {
            cret_completion_text(completion, property, name, "value", stays ? NULL : value);
            return;
        }
    }
    if (properties == NULL) {
        properties = json_array();
        completion->failed |= json_object_set_new(component, "properties", properties) != 0;
    }
    completion->failed |= json_array_append_new(properties, json_pack("{s:s, s:s}", "name", name,
                                                                      "value", value)) != 0;
    cret_completion_note(completion, "%s: %s", name, value);
}

/* The file that a component is, as BSI TR-03183-2 asks for it: properties of CycloneDX, a file of
 * SPDX 3. */
static void set_file(struct cret_completion *completion, json_t *component,
                     const struct cret_sbom_bound *bound)
{
    const struct cret_nature *nature = &bound->nature;
    if (completion->sbom->kind == &cret_sbom_spdx3) {
        cret_completion_file_spdx3(completion, component, bound);
    } else if (completion->sbom->kind == &cret_sbom_cyclonedx && completion->sbom->minor >= 6) {
        set_property(completion, component, "bsi:component:filename", bound->file, false);
        set_property(completion, component, "bsi:component:executable", nature->executable, true);
        set_property(completion, component, "bsi:component:archive", nature->archive, true);
        set_property(completion, component, "bsi:component:structured", nature->structured, true);
    }
}

static enum cret_status complete_bound(struct cret_completion *completion, json_t *root,
                                       struct cret_err *err)
{
    const struct cret_sbom_facts *facts = completion->facts;
    bool root_bound = false;
    for (size_t i = 0; i < facts->bound_count; i++) {
        json_t *component = NULL;
        if (find_component(completion->sbom, facts->bound[i].component, &component, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        root_bound = root_bound || component == root;
        set_file(completion, component, &facts->bound[i]);
        cret_completion_hashes(completion, component, facts->bound[i].component, &facts->bound[i]);
    }
    if (root_bound) {
        return CRET_OK;
    }
    if (facts->root != NULL) {
        set_file(completion, root, facts->root);
    }
    if (facts->root == NULL) {
        cret_err_refuse(err, CRET_CHECK_SBOM_BINDING,
                        "it is not clear which file of the release is the product");
        return cret_err_hint(err, "bind the root component to its file: binds of sbom in the "
                                  "description");
    }
    cret_completion_hashes(completion, root, "root component", facts->root);
    return CRET_OK;
}

/* What the release says of the product. */
static enum cret_status complete_root(struct cret_completion *completion, json_t *root,
                                      struct cret_err *err)
{
    if (completion->sbom->kind == &cret_sbom_cyclonedx) {
        return complete_cyclonedx(completion, root, err);
    }
    if (completion->sbom->kind == &cret_sbom_spdx) {
        return complete_spdx(completion, root, err);
    }
    cret_completion_identify_spdx3(completion, root);
    cret_completion_rename_spdx3(completion);
    return CRET_OK;
}

enum cret_status cret_sbom_complete(struct cret_sbom *sbom, const struct cret_sbom_facts *facts,
                                    json_t **ret_changes, struct cret_err *err)
{
    struct cret_completion completion = {.sbom = sbom, .facts = facts, .changes = json_array()};
    enum cret_status status = CRET_FAILED;
    if (sbom->kind == &cret_sbom_spdx3 && sbom->faults > 0) {
        json_decref(completion.changes);
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "%s is not well formed, and not completed",
                        sbom->file);
        return cret_err_hint_file(err, "`cretula-sign sbom check {}` lists its faults", sbom->file);
    }
    if (sbom->documents != NULL) {
        json_decref(completion.changes);
        cret_err_usage(err, "%s is a set of documents tied by checksum, which is not completed",
                       sbom->file);
        return cret_err_hint(err,
                             "complete the main document alone (nothing refers to its checksum), "
                             "and make the tar again");
    }
    if (cret_completion_uuid(&completion, sbom->file, completion.space, err) != CRET_OK) {
        json_decref(completion.changes);
        return CRET_FAILED;
    }
    completion.made = json_object();
    completion.failed = completion.changes == NULL || completion.made == NULL;
    json_t *root = completion.failed ? NULL : cret_completion_root(&completion);
    if (root == NULL) {
        cret_err_memory(err);
    } else if (complete_bound(&completion, root, err) == CRET_OK) {
        status = complete_root(&completion, root, err);
    }
    json_decref(completion.made);
    if (status == CRET_OK && completion.failed) {
        status = cret_err_memory(err);
    }
    if (status != CRET_OK) {
        json_decref(completion.changes);
        return CRET_FAILED;
    }
    *ret_changes = completion.changes;
    return CRET_OK;
}
