/* SPDX-License-Identifier: Apache-2.0 */
/* Names, versions, licences and suppliers of components, alike of both formats. */
#include "release/sbom/sbom_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/identifier/purl.h"
#include "release/sbom/sbom_spdx3.h"

/* A package URL up to its version: the last @ behind the last slash, before qualifiers. */
static size_t without_version(const char *purl)
{
    const size_t size = strcspn(purl, "?#");
    size_t end = size;
    for (size_t i = size; i > 0 && purl[i - 1] != '/'; i--) {
        if (purl[i - 1] == '@') {
            end = i - 1;
        }
    }
    return end;
}

static const char *label_of(const struct cret_sbom_kind *kind, const json_t *component)
{
    const char *label = cret_json_string(component, kind->label);
    label = label != NULL ? label : cret_json_string(component, "fileName");
    return label != NULL ? label : "";
}

/* Whether an SPDX 3 document says a licence of that type; adds what it says. */
static bool add_spdx3_license(struct cret_build *part, const struct cret_spdx3 *spdx3,
                              const json_t *component, const char *type)
{
    const char *id = cret_json_string(component, "spdxId");
    const struct cret_spdx3_element *relation;
    struct cret_buffer text = {0};
    size_t at = 0;
    while ((relation = cret_spdx3_relation(spdx3, id, type, &at)) != NULL) {
        CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
            const char *words = cret_spdx3_license(spdx3, json_string_value(target));
            if (words != NULL && strcmp(words, "NOASSERTION") != 0) {
                cret_buffer_printf(&text, "%s%s", text.size > 0 ? ", " : "", words);
            }
        }
    }
    const bool says = text.size > 0;
    part->failed |= text.failed;
    if (says) {
        cret_build_text(part, "license", text.data);
    }
    cret_buffer_free(&text);
    return says;
}

/* Ids, names and expressions of CycloneDX; what SPDX concluded, else what was declared. */
static void add_license(struct cret_build *part, const struct cret_sbom *sbom,
                        const json_t *component)
{
    const struct cret_sbom_kind *kind = sbom->kind;
    static const char *const ways[] = {"license.id", "license.name", "expression", NULL};
    struct cret_buffer text = {0};
    if (kind == &cret_sbom_spdx3) {
        if (!add_spdx3_license(part, sbom->spdx3, component, "hasConcludedLicense")) {
            add_spdx3_license(part, sbom->spdx3, component, "hasDeclaredLicense");
        }
        return;
    }
    if (kind == &cret_sbom_spdx) {
        const char *concluded = cret_json_string(component, "licenseConcluded");
        const bool says = concluded != NULL && strcmp(concluded, "NOASSERTION") != 0;
        cret_build_text(part, "license",
                        says ? concluded : cret_json_string(component, "licenseDeclared"));
        return;
    }
    CRET_JSON_EACH (license, json_object_get(component, "licenses")) {
        const char *name = NULL;
        for (size_t i = 0; ways[i] != NULL && name == NULL; i++) {
            name = cret_json_string(license, ways[i]);
        }
        /* The same licence, declared and concluded, is one. */
        if (name != NULL && (text.data == NULL || strstr(text.data, name) == NULL)) {
            cret_buffer_printf(&text, "%s%s", text.size > 0 ? ", " : "", name);
        }
    }
    part->failed |= text.failed;
    cret_build_text(part, "license", text.data);
    cret_buffer_free(&text);
}

static void add_supplier(struct cret_build *part, const struct cret_sbom *sbom,
                         const json_t *component)
{
    static const char *const ways[] = {"supplier.name", "manufacturer.name", "supplier", NULL};
    const char *name = sbom->kind == &cret_sbom_spdx3 ? cret_spdx3_supplier(sbom, component) : NULL;
    for (size_t i = 0; ways[i] != NULL && name == NULL; i++) {
        name = cret_json_string(component, ways[i]);
    }
    cret_build_text(part, "supplier", name);
}

static void add_sha256(struct cret_build *part, const struct cret_sbom_kind *kind,
                       const json_t *component)
{
    CRET_JSON_EACH (hash, json_object_get(component, kind->hashes)) {
        const char *algorithm = cret_json_string(hash, kind->algorithm);
        if (algorithm != NULL && strcmp(algorithm, kind->sha256) == 0) {
            cret_build_text(part, "sha256", cret_json_string(hash, kind->value));
            return;
        }
    }
}

/* Digests but SHA-256, by algorithm; several of one stand side by side. */
static void add_hashes(struct cret_build *part, const struct cret_sbom_kind *kind,
                       const json_t *component)
{
    struct cret_build hashes = cret_build_object();
    CRET_JSON_EACH (hash, json_object_get(component, kind->hashes)) {
        const char *algorithm = cret_json_string(hash, kind->algorithm);
        const char *value = cret_json_string(hash, kind->value);
        if (algorithm == NULL || value == NULL || strcmp(algorithm, kind->sha256) == 0) {
            continue;
        }
        const char *before = cret_json_string(hashes.json, algorithm);
        char *text = cret_text_printf("%s%s%s", before != NULL ? before : "",
                                      before != NULL ? " " : "", value);
        hashes.failed |= text == NULL;
        cret_build_text(&hashes, algorithm, text);
        free(text);
    }
    json_t *made = cret_build_end(&hashes);
    part->failed |= made == NULL;
    if (json_object_size(made) > 0) {
        cret_build_share(part, "hashes", made);
    }
    json_decref(made);
}

/* All package URLs without their versions, which `version` tells. */
static void add_purls(struct cret_build *part, const struct cret_sbom_kind *kind,
                      const json_t *component)
{
    struct cret_buffer text = {0};
    const char *purl = NULL;
    size_t at = 0;
    while ((purl = kind->purl(component, &at)) != NULL) {
        cret_buffer_printf(&text, "%s%.*s%s", text.size > 0 ? " " : "", (int)without_version(purl),
                           purl, purl + strcspn(purl, "?#"));
    }
    part->failed |= text.failed;
    cret_build_text(part, "purl", text.data);
    cret_buffer_free(&text);
}

static void add_cpes(struct cret_build *part, const struct cret_sbom_kind *kind,
                     const json_t *component)
{
    struct cret_buffer text = {0};
    const char *cpe = NULL;
    size_t at = 0;
    while ((cpe = kind->cpe(component, &at)) != NULL) {
        cret_buffer_printf(&text, "%s%s", text.size > 0 ? " " : "", cpe);
    }
    part->failed |= text.failed;
    cret_build_text(part, "cpe", text.data);
    cret_buffer_free(&text);
}

/* "pkg:deb/debian/zlib zlib1g" and "deb" (one package can hold several parts); without a package
 * URL the name alone. */
static void add_key(struct cret_build *part, const struct cret_sbom_kind *kind,
                    const json_t *component)
{
    size_t at = 0;
    const char *text = kind->purl(component, &at);
    struct cret_purl *purl = text != NULL ? cret_purl_read(text) : NULL;
    if (purl == NULL) {
        cret_build_text(part, "key", label_of(kind, component));
        return;
    }
    char *key =
        cret_text_printf("%.*s %s", (int)without_version(text), text, label_of(kind, component));
    part->failed |= key == NULL;
    cret_build_text(part, "key", key);
    cret_build_text(part, "type", cret_purl_type(purl));
    free(key);
    cret_purl_free(&purl);
}

/* What people ask of a component first. */
static void add_brief(struct cret_build *part, const struct cret_sbom *sbom,
                      const json_t *component)
{
    cret_build_text(part, "name", label_of(sbom->kind, component));
    cret_build_text(part, "version", cret_json_string(component, sbom->kind->version));
    add_license(part, sbom, component);
    add_supplier(part, sbom, component);
}

/* The component at a place; NULL: none that is listed as a part. */
static const json_t *part_at(const struct cret_sbom *sbom, size_t index)
{
    const struct cret_sbom_components *components = &sbom->components;
    const json_t *component = components->list[index].json;
    return index < components->packages && component != components->root ? component : NULL;
}

size_t cret_sbom_count(const struct cret_sbom *sbom)
{
    size_t count = 0;
    for (size_t i = 0; i < sbom->components.count; i++) {
        count += part_at(sbom, i) != NULL ? 1u : 0u;
    }
    return count;
}

json_t *cret_sbom_parts_brief(const struct cret_sbom *sbom, size_t most, size_t *ret_left_out)
{
    struct cret_build list = cret_build_list();
    size_t listed = 0, left_out = 0;
    for (size_t i = 0; i < sbom->components.count; i++) {
        const json_t *component = part_at(sbom, i);
        if (component != NULL && listed == most) {
            left_out++;
        } else if (component != NULL) {
            struct cret_build part = cret_build_object();
            add_brief(&part, sbom, component);
            cret_build_add(&list, cret_build_end(&part));
            listed++;
        }
    }
    *ret_left_out = left_out;
    return cret_build_end(&list);
}

json_t *cret_sbom_parts(const struct cret_sbom *sbom)
{
    const struct cret_sbom_kind *kind = sbom->kind;
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < sbom->components.count; i++) {
        const json_t *component = part_at(sbom, i);
        if (component == NULL) {
            continue;
        }
        struct cret_build part = cret_build_object();
        add_key(&part, kind, component);
        add_brief(&part, sbom, component);
        add_sha256(&part, kind, component);
        add_hashes(&part, kind, component);
        add_purls(&part, kind, component);
        add_cpes(&part, kind, component);
        cret_build_add(&list, cret_build_end(&part));
    }
    return cret_build_end(&list);
}
