/* SPDX-License-Identifier: Apache-2.0 */
/* Writing into an SBOM what the release knows better, and saying what changed. */
#include "release/sbom/sbom_complete.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_complete_internal.h"
#include "release/sbom/values.h"

/* Sets a string member; says so where that changes something. */
static void set_text(struct cret_completion *completion, json_t *object, const char *where,
                     const char *member, const char *text)
{
    const char *before = json_string_value(json_object_get(object, member));
    if (text == NULL || (before != NULL && strcmp(before, text) == 0)) {
        return;
    }
    cret_completion_note(completion, "%s.%s: %.100s (was: %.100s)", where, member, text,
                         before != NULL ? before : "absent");
    completion->failed |= json_object_set_new(object, member, json_string(text)) != 0;
}

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

static bool same_hash(const json_t *list, const struct cret_sbom_kind *kind, const char *algorithm,
                      const char *value)
{
    size_t index;
    json_t *hash;
    json_array_foreach(list, index, hash)
    {
        const char *own = cret_json_string(hash, kind->algorithm);
        const char *content = cret_json_string(hash, kind->value);
        if (own != NULL && content != NULL && strcmp(own, algorithm) == 0) {
            return strcmp(content, value) == 0;
        }
    }
    return false;
}

static void set_hashes(struct cret_completion *completion, json_t *component, const char *where,
                       const struct cret_sbom_bound *bound)
{
    const struct cret_sbom_kind *kind = completion->sbom->kind;
    const json_t *before = json_object_get(component, kind->hashes);
    char sha256[CRET_SHA256_HEX], sha512[2 * CRET_SHA512_BYTES + 1];
    cret_hex_encode(sha256, bound->sha256, CRET_SHA256_BYTES);
    cret_hex_encode(sha512, bound->sha512, CRET_SHA512_BYTES);
    if (json_array_size(before) == 2 && same_hash(before, kind, kind->sha256, sha256) &&
        same_hash(before, kind, kind->sha512, sha512)) {
        return;
    }
    cret_completion_note(completion, "%s.%s: SHA-256 %s and SHA-512", where, kind->hashes, sha256);
    json_t *hashes =
        json_pack("[{s:s, s:s}, {s:s, s:s}]", kind->algorithm, kind->sha256, kind->value, sha256,
                  kind->algorithm, kind->sha512, kind->value, sha512);
    completion->failed |= json_object_set_new(component, kind->hashes, hashes) != 0;
}

/* A UUID that only this release has (RFC 9562, version 8), the same on every machine. */
static enum cret_status make_uuid(const struct cret_completion *completion, char out[48],
                                  struct cret_err *err)
{
    const struct cret_sbom_facts *facts = completion->facts;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "SBOM serial number\n%s\n%s\n%s\n%s\n", facts->vendor, facts->product,
                       facts->version, facts->date);
    const enum cret_status status =
        text.failed ? cret_err_memory(err) : cret_sha256(digest, text.data, text.size, err);
    cret_buffer_free(&text);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    digest[6] = (uint8_t)((digest[6] & 0x0fu) | 0x80u);
    digest[8] = (uint8_t)((digest[8] & 0x3fu) | 0x80u);
    cret_hex_encode(hex, digest, 16);
    snprintf(out, 48, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return CRET_OK;
}

static enum cret_status complete_cyclonedx(struct cret_completion *completion, json_t *root,
                                           struct cret_err *err)
{
    static const char where[] = "metadata.component";
    const struct cret_sbom_facts *facts = completion->facts;
    json_t *bom = completion->sbom->json;
    char uuid[48];
    if (make_uuid(completion, uuid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    set_text(completion, root, where, "name", facts->product);
    set_text(completion, root, where, "version", facts->version);
    set_text(completion, root, where, "purl", facts->purl);
    set_text(completion, root, where, "cpe", facts->cpe);
    if (!cret_value_says(cret_json_string(root, "supplier.name"))) {
        json_t *supplier = child(completion, root, "supplier");
        set_text(completion, supplier, "metadata.component.supplier", "name", facts->vendor);
    }
    if (completion->sbom->minor >= 6 &&
        !cret_value_says(cret_json_string(root, "manufacturer.name"))) {
        json_t *maker = child(completion, root, "manufacturer");
        set_text(completion, maker, "metadata.component.manufacturer", "name", facts->vendor);
    }
    if (json_object_get(bom, "serialNumber") == NULL) {
        set_text(completion, bom, "#", "serialNumber", uuid);
    }
    if (json_object_get(bom, "version") == NULL) {
        completion->failed |= json_object_set_new(bom, "version", json_integer(1)) != 0;
    }
    if (!cret_value_time(cret_json_string(bom, "metadata.timestamp"))) {
        set_text(completion, json_object_get(bom, "metadata"), "metadata", "timestamp",
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
        set_text(completion, known, "root package", "referenceLocator", locator);
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
    if (make_uuid(completion, uuid, err) != CRET_OK) {
        return CRET_FAILED;
    }
    snprintf(supplier, sizeof(supplier), "Organization: %s", facts->vendor);
    set_text(completion, root, where, "name", facts->product);
    set_text(completion, root, where, "versionInfo", facts->version);
    if (!cret_value_says(cret_json_string(root, "supplier"))) {
        set_text(completion, root, where, "supplier", supplier);
    }
    set_reference(completion, root, "PACKAGE-MANAGER", "purl", facts->purl);
    set_reference(completion, root, "SECURITY",
                  cpe != NULL && strncmp(cpe, "cpe:/", 5) == 0 ? "cpe22Type" : "cpe23Type", cpe);
    if (json_object_get(sbom, "documentNamespace") == NULL) {
        set_text(completion, sbom, "#", "documentNamespace", uuid);
    }
    if (!cret_value_time(cret_json_string(sbom, "creationInfo.created"))) {
        json_t *info = child(completion, sbom, "creationInfo");
        set_text(completion, info, "creationInfo", "created", facts->date);
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

/* The name of its file, as BSI TR-03183-2 asks for it: a property of CycloneDX. */
static void set_filename(struct cret_completion *completion, json_t *component,
                         const struct cret_sbom_bound *bound)
{
    static const char name[] = "bsi:component:filename";
    json_t *properties = json_object_get(component, "properties");
    size_t index;
    json_t *property;
    if (completion->sbom->kind != &cret_sbom_cyclonedx || completion->sbom->minor < 6) {
        return;
    }
    json_array_foreach(properties, index, property)
    {
        const char *own = cret_json_string(property, "name");
        if (own != NULL && strcmp(own, name) == 0) {
            set_text(completion, property, name, "value", bound->file);
            return;
        }
    }
    if (properties == NULL) {
        properties = json_array();
        completion->failed |= json_object_set_new(component, "properties", properties) != 0;
    }
    completion->failed |= json_array_append_new(properties, json_pack("{s:s, s:s}", "name", name,
                                                                      "value", bound->file)) != 0;
    cret_completion_note(completion, "%s: %s", name, bound->file);
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
        set_filename(completion, component, &facts->bound[i]);
        set_hashes(completion, component, facts->bound[i].component, &facts->bound[i]);
    }
    if (root_bound) {
        return CRET_OK;
    }
    if (facts->root != NULL) {
        set_filename(completion, root, facts->root);
    }
    if (facts->root == NULL) {
        cret_err_refuse(err, CRET_CHECK_SBOM_BINDING,
                        "it is not clear which file of the release is the product");
        return cret_err_hint(err, "bind the root component to its file: binds of sbom in the "
                                  "description");
    }
    set_hashes(completion, root, "root component", facts->root);
    return CRET_OK;
}

enum cret_status cret_sbom_complete(struct cret_sbom *sbom, const struct cret_sbom_facts *facts,
                                    json_t **ret_changes, struct cret_err *err)
{
    const bool cyclonedx = sbom->kind == &cret_sbom_cyclonedx;
    struct cret_completion completion = {.sbom = sbom, .facts = facts, .changes = json_array()};
    enum cret_status status = CRET_FAILED;
    if (sbom->kind == &cret_sbom_spdx3) {
        json_decref(completion.changes);
        cret_err_usage(err, "%s is SPDX 3, which is read and checked but not completed",
                       sbom->file);
        return cret_err_hint(err,
                             "complete the SBOM in CycloneDX or SPDX 2.3, or let the tool that "
                             "made it write these values");
    }
    if (sbom->documents != NULL) {
        json_decref(completion.changes);
        cret_err_usage(err, "%s is a set of documents tied by checksum, which is not completed",
                       sbom->file);
        return cret_err_hint(err,
                             "complete the main document alone (nothing refers to its checksum), "
                             "and make the tar again");
    }
    completion.failed = completion.changes == NULL;
    json_t *root = completion.failed ? NULL : cret_completion_root(&completion);
    if (root != NULL && complete_bound(&completion, root, err) == CRET_OK) {
        status = cyclonedx ? complete_cyclonedx(&completion, root, err)
                           : complete_spdx(&completion, root, err);
    } else if (root == NULL) {
        cret_err_memory(err);
    }
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
