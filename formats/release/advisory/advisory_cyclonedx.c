/* SPDX-License-Identifier: Apache-2.0 */
/* CycloneDX VEX: a BOM whose vulnerabilities say what they affect. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* analysis.state. */
static const struct {
    const char *state;
    enum cret_vex_status status;
} states[] = {
    {"exploitable", CRET_VEX_AFFECTED},
    {"in_triage", CRET_VEX_INVESTIGATED},
    {"resolved", CRET_VEX_FIXED},
    {"resolved_with_pedigree", CRET_VEX_FIXED},
    {"not_affected", CRET_VEX_NOT_AFFECTED},
    {"false_positive", CRET_VEX_NOT_AFFECTED},
};

static int set(json_t *object, const char *name, const char *text)
{
    return text == NULL ? 0 : json_object_set_new(object, name, json_string(text));
}

static int set_list(json_t *object, const char *name, const char *text)
{
    return text == NULL ? 0 : json_object_set_new(object, name, json_pack("[s]", text));
}

/* The hashes of the one file that a component is. */
static json_t *read_hashes(const json_t *component)
{
    json_t *list = json_array();
    CRET_JSON_EACH (hash, json_object_get(component, "hashes")) {
        const char *algorithm = cret_json_string(hash, "alg");
        const char *value = cret_json_string(hash, "content");
        if (algorithm != NULL && value != NULL &&
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "algorithm", algorithm, "value", value)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return json_array_size(list) > 0 ? json_pack("[{s:o}]", "digests", list) : list;
}

static json_t *read_component(const json_t *component)
{
    const char *supplier = cret_json_string(component, "supplier.name");
    const char *maker = cret_json_string(component, "manufacturer.name");
    struct cret_build product = cret_build_object();
    cret_build_string(&product, "name", cret_json_string(component, "name"));
    cret_build_string(&product, "product", cret_json_string(component, "name"));
    cret_build_string(&product, "vendor", supplier != NULL ? supplier : maker);
    cret_build_string(&product, "version", cret_json_string(component, "version"));
    cret_build_string(&product, "range", cret_json_string(component, "versionRange"));
    cret_build_flag(&product, "external", cret_json_boolean(component, "isExternal", false));
    cret_build_append(&product, "purls", cret_json_string(component, "purl"));
    cret_build_append(&product, "cpes", cret_json_string(component, "cpe"));
    cret_build_put(&product, "hashes", read_hashes(component));
    return cret_build_end(&product);
}

/* A component of the VEX file itself, known by its bom-ref. The first one is the product that the
 * file is about: what is said of a component is said of it as a part of that product; in another
 * one it may be reachable. */
static int add_component(struct cret_advisory *advisory, const json_t *component, bool root)
{
    const char *reference = cret_json_string(component, "bom-ref");
    json_t *product = read_component(component);
    int failed = product == NULL;
    if (root) {
        advisory->root = json_incref(product);
    } else if (!failed && advisory->root != NULL) {
        failed |= json_object_set_new(product, "in root", json_true()) != 0;
    }
    if (!failed && reference != NULL) {
        if (json_object_get(advisory->products, reference) != NULL) {
            advisory->twice = reference;
        }
        failed |= json_object_set(advisory->products, reference, product) != 0;
    }
    json_decref(product);
    CRET_JSON_EACH (inner, json_object_get(component, "components")) {
        failed = failed || add_component(advisory, inner, false) != 0;
    }
    return failed;
}

/* A reference to something in another BOM (BOM-Link), or to what is not there: a product of its
 * own. */
static int add_reference(struct cret_advisory *advisory, const char *reference)
{
    json_t *products = advisory->products;
    if (json_object_get(products, reference) != NULL) {
        return 0;
    }
    json_t *product = json_pack("{s:s, s:s}", "name", reference, "ref", reference);
    int failed = product == NULL;
    const bool package = strncmp(reference, "pkg:", 4) == 0;
    if (!failed && package) {
        failed |= set_list(product, "purls", reference);
    }
    /* A reference of the file to what it does not define (a service, perhaps): something of the
     * product that the file is about, and where it is about none, of nobody knows what. */
    if (!failed && (package || strncasecmp(reference, "urn:", 4) != 0)) {
        const char *of = advisory->root != NULL ? "in root" : package ? NULL : "anything";
        failed |= of != NULL && json_object_set_new(product, of, json_true()) != 0;
    }
    return json_object_set_new(products, reference, product) != 0 || failed;
}

static enum cret_vex_status read_state(const json_t *raw)
{
    const char *state = cret_json_string(raw, "analysis.state");
    for (size_t i = 0; state != NULL && i < CRET_LENGTH(states); i++) {
        if (strcmp(states[i].state, state) == 0) {
            return states[i].status;
        }
    }
    /* Listed under affects, and nobody says otherwise. */
    return CRET_VEX_AFFECTED;
}

/*
 * What an entry of versions[] says together with the analysis. "affected" is the default there. A
 * vulnerability that is resolved is so in the versions that are not affected; where one version is
 * called affected in so many words, no analysis of the whole takes that back.
 */
static enum cret_vex_status version_status(const char *own, enum cret_vex_status whole)
{
    if (own != NULL && strcmp(own, "unaffected") == 0) {
        return whole == CRET_VEX_FIXED ? CRET_VEX_FIXED : CRET_VEX_NOT_AFFECTED;
    }
    if (own != NULL && strcmp(own, "unknown") == 0) {
        return CRET_VEX_INVESTIGATED;
    }
    if (whole == CRET_VEX_FIXED || (own != NULL && whole == CRET_VEX_NOT_AFFECTED)) {
        return CRET_VEX_AFFECTED;
    }
    return whole;
}

/* The product of one entry of versions[]; id is new. NULL: memory. */
static json_t *version_product(const struct cret_advisory *advisory, const char *reference,
                               const json_t *version)
{
    const char *one = cret_json_string(version, "version");
    const char *range = cret_json_string(version, "range");
    const char *own = cret_json_string(version, "status");
    struct cret_build product =
        cret_build_on(json_copy(json_object_get(advisory->products, reference)));
    cret_build_boolean(&product, "listed", true);
    if (one != NULL || range != NULL) {
        json_object_del(product.json, "version");
        json_object_del(product.json, "range");
        cret_build_string(&product, one != NULL ? "version" : "range", one != NULL ? one : range);
    }
    cret_build_flag(&product, "by version", own != NULL && strcmp(own, "unaffected") == 0);
    return cret_build_end(&product);
}

/* versions[] of an entry under affects: one product for each, so that each has its own status. */
static int add_versions(struct cret_advisory *advisory, json_t *lists, const char *reference,
                        const json_t *versions, enum cret_vex_status status)
{
    int failed = 0;
    CRET_JSON_EACH (version, versions) {
        const enum cret_vex_status here =
            version_status(cret_json_string(version, "status"), status);
        const char *one = cret_json_string(version, "version");
        const char *range = cret_json_string(version, "range");
        /* The number of products makes the id new: it is no bom-ref of the file. */
        char *id = cret_text_printf("%s (%s)#%zu", reference,
                                    one != NULL     ? one
                                    : range != NULL ? range
                                                    : "no version",
                                    json_object_size(advisory->products));
        json_t *product = version_product(advisory, reference, version);
        failed |= id == NULL || product == NULL ||
                  json_object_set(advisory->products, id, product) != 0 ||
                  json_array_append_new(json_array_get(lists, here), json_string(id)) != 0;
        json_decref(product);
        free(id);
    }
    return failed;
}

/* Where the vulnerability does not say what it affects: the product that the file is about, or,
 * where it says that neither, something that nobody can exclude. */
#define UNSAID "(not said)"

static int add_unsaid(struct cret_advisory *advisory, json_t *list)
{
    if (json_object_get(advisory->products, UNSAID) == NULL) {
        json_t *product = advisory->root != NULL
                              ? json_deep_copy(advisory->root)
                              : json_pack("{s:s, s:b}", "name", "no product", "anything", 1);
        if (product == NULL || json_object_set_new(advisory->products, UNSAID, product) != 0) {
            return -1;
        }
    }
    return json_array_append_new(list, json_string(UNSAID));
}

static json_t *read_vulnerability(struct cret_advisory *advisory, json_t *raw)
{
    const enum cret_vex_status status = read_state(raw);
    const char *id = cret_json_string(raw, "id");
    const json_t *affects = json_object_get(raw, "affects");
    json_t *lists = json_pack("[[], [], [], []]");
    int failed = lists == NULL;
    if (!failed && json_array_size(affects) == 0) {
        failed |= add_unsaid(advisory, json_array_get(lists, status));
    }
    CRET_JSON_EACH (affected, affects) {
        const char *reference = cret_json_string(affected, "ref");
        const json_t *versions = json_object_get(affected, "versions");
        if (reference == NULL || failed) {
            continue;
        }
        failed |= add_reference(advisory, reference);
        if (json_array_size(versions) > 0) {
            failed |= add_versions(advisory, lists, reference, versions, status);
        } else {
            failed |=
                json_array_append_new(json_array_get(lists, status), json_string(reference)) != 0;
        }
    }
    if (failed) {
        json_decref(lists);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:O, s:b}", "id", id != NULL ? id : "unnamed vulnerability",
                     "status", lists, "raw", raw, "vague", json_array_size(affects) == 0);
}

enum cret_status cret_advisory_read_cyclonedx(struct cret_advisory *advisory, struct cret_err *err)
{
    json_t *document = advisory->document;
    const json_t *vulnerabilities = json_object_get(document, "vulnerabilities");
    const json_t *root = cret_json_get(document, "metadata.component");
    const char *serial = cret_json_string(document, "serialNumber");
    if (cret_advisory_shape_cyclonedx(document, err) != CRET_OK) {
        return CRET_FAILED;
    }
    advisory->id = serial != NULL ? serial : "CycloneDX VEX without a serial number";
    advisory->title = cret_json_string(root, "name");
    advisory->kind = strdup("CycloneDX VEX");
    int failed = advisory->kind == NULL;
    if (root != NULL) {
        failed |= add_component(advisory, root, true);
    }
    CRET_JSON_EACH (element, json_object_get(document, "components")) {
        failed = failed || add_component(advisory, element, false) != 0;
    }
    if (!failed && advisory->twice != NULL) {
        cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                        "no valid CycloneDX VEX file: two components have the same bom-ref");
        cret_err_expected(err, "every bom-ref once");
        return cret_err_actual(err, "%s", advisory->twice);
    }
    CRET_JSON_EACH (element, vulnerabilities) {
        if (!failed) {
            failed |= json_array_append_new(advisory->vulnerabilities,
                                            read_vulnerability(advisory, element)) != 0;
        }
    }
    return failed ? cret_err_memory(err) : CRET_OK;
}

int cret_advisory_explain_cyclonedx(const json_t *vulnerability, json_t *match)
{
    int failed =
        set(match, "justification", cret_json_string(vulnerability, "analysis.justification"));
    failed |= set(match, "impact", cret_json_string(vulnerability, "analysis.detail"));
    const char *advice = cret_json_string(vulnerability, "recommendation");
    const char *around = cret_json_string(vulnerability, "workaround");
    json_t *list = json_array();
    failed |= list == NULL;
    if (!failed && advice != NULL) {
        failed |= json_array_append_new(list, json_pack("{s:s, s:s}", "category", "recommendation",
                                                        "details", advice)) != 0;
    }
    if (!failed && around != NULL) {
        failed |= json_array_append_new(list, json_pack("{s:s, s:s}", "category", "workaround",
                                                        "details", around)) != 0;
    }
    if (!failed && json_array_size(list) > 0) {
        failed |= json_object_set(match, "remediations", list) != 0;
    }
    json_decref(list);
    return failed;
}
