/* SPDX-License-Identifier: Apache-2.0 */
/* What a CycloneDX BOM has that no advisory is compared with. */
#include "release/advisory/coverage_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"

#define BOM_LINK "urn:cdx:"

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "urn:cdx:UUID/" of "urn:uuid:UUID"; empty: the BOM has no serial number. */
static void own_link(char *link, size_t size, const json_t *bom)
{
    const char *serial = cret_json_string(bom, "serialNumber");
    link[0] = '\0';
    if (serial != NULL && begins(serial, "urn:uuid:")) {
        snprintf(link, size, BOM_LINK "%s/", serial + strlen("urn:uuid:"));
    }
}

static void note_bom(struct cret_known *known, const char *url, const char *own)
{
    if (url != NULL && (own[0] == '\0' || !begins(url, own))) {
        cret_known_note(known, url);
    }
}

/* References of type bom of one component, or of the BOM; links_only: those that name a BOM by its
 * serial number. */
static void note_references(struct cret_known *known, const json_t *holder, const char *own,
                            bool links_only)
{
    CRET_JSON_EACH (reference, json_object_get(holder, "externalReferences")) {
        const char *type = cret_json_string(reference, "type");
        const char *url = cret_json_string(reference, "url");
        if (type != NULL && url != NULL && strcmp(type, "bom") == 0 &&
            (!links_only || begins(url, BOM_LINK))) {
            note_bom(known, url, own);
        }
    }
}

/* BOM-Links among the references of a list; a single reference is one, too. */
static void note_links(struct cret_known *known, const json_t *references, const char *own)
{
    const char *single = json_string_value(references);
    if (single != NULL && begins(single, BOM_LINK)) {
        note_bom(known, single, own);
    }
    CRET_JSON_EACH (reference, references) {
        note_links(known, reference, own);
    }
}

size_t cret_coverage_cyclonedx_missing(const struct cret_sbom *sbom)
{
    static const struct {
        const char *list, *member;
    } places[] = {
        {"dependencies", "ref"},          {"dependencies", "dependsOn"},
        {"dependencies", "provides"},     {"compositions", "assemblies"},
        {"compositions", "dependencies"},
    };
    struct cret_known known = cret_known_begin();
    char own[80];
    own_link(own, sizeof(own), sbom->json);
    note_references(&known, sbom->json, own, false);
    for (size_t i = 0; i < sbom->components.count; i++) {
        const json_t *component = sbom->components.list[i].json;
        note_references(&known, component, own, component == sbom->components.root);
    }
    for (size_t i = 0; i < CRET_LENGTH(places); i++) {
        CRET_JSON_EACH (element, json_object_get(sbom->json, places[i].list)) {
            note_links(&known, json_object_get(element, places[i].member), own);
        }
    }
    return cret_known_count(&known);
}

size_t cret_coverage_cyclonedx_services(const json_t *holder)
{
    size_t count = 0;
    CRET_JSON_EACH (service, json_object_get(holder, "services")) {
        count += 1 + cret_coverage_cyclonedx_services(service);
    }
    return count;
}

/* What the BOM says of parts is about completeness of components; of vulnerabilities alone it is
 * not. */
static void note_composition(struct cret_known *known, const json_t *composition, size_t place)
{
    const char *aggregate = cret_json_string(composition, "aggregate");
    if (aggregate == NULL ||
        (!begins(aggregate, "incomplete") && strcmp(aggregate, "unknown") != 0)) {
        return;
    }
    static const char *const lists[] = {"assemblies", "dependencies"};
    size_t named = 0;
    for (size_t i = 0; i < CRET_LENGTH(lists); i++) {
        CRET_JSON_EACH (reference, json_object_get(composition, lists[i])) {
            cret_known_note(known, json_string_value(reference));
            named++;
        }
    }
    if (named == 0 && json_array_size(json_object_get(composition, "vulnerabilities")) == 0) {
        char whole[40];
        snprintf(whole, sizeof(whole), "#%zu", place);
        cret_known_note(known, whole);
    }
}

void cret_coverage_cyclonedx_open(struct cret_known *known, const json_t *bom)
{
    CRET_JSON_EACH_AT (index, composition, json_object_get(bom, "compositions")) {
        note_composition(known, composition, index);
    }
}

/* Whether a statement in the SBOM itself says for certain that there is nothing to do. */
static bool is_settled(const json_t *vulnerability)
{
    static const char *const mild[] = {"resolved", "resolved_with_pedigree", "false_positive",
                                       "not_affected"};
    const char *state = cret_json_string(vulnerability, "analysis.state");
    bool settled = false;
    for (size_t i = 0; state != NULL && i < CRET_LENGTH(mild); i++) {
        settled = settled || strcmp(state, mild[i]) == 0;
    }
    CRET_JSON_EACH (target, json_object_get(vulnerability, "affects")) {
        CRET_JSON_EACH (version, json_object_get(target, "versions")) {
            const char *status = cret_json_string(version, "status");
            settled = settled && status != NULL && strcmp(status, "unaffected") == 0;
        }
    }
    return settled;
}

size_t cret_coverage_cyclonedx_vulnerabilities(const json_t *bom)
{
    size_t count = 0;
    CRET_JSON_EACH (one, json_object_get(bom, "vulnerabilities")) {
        count += is_settled(one) ? 0 : 1;
    }
    return count;
}

bool cret_coverage_cyclonedx_whole(const json_t *bom, const char *root)
{
    CRET_JSON_EACH (element, json_object_get(bom, "compositions")) {
        const char *aggregate = cret_json_string(element, "aggregate");
        if (aggregate != NULL && strcmp(aggregate, "complete") == 0 &&
            (cret_json_lists(json_object_get(element, "assemblies"), root) ||
             cret_json_lists(json_object_get(element, "dependencies"), root))) {
            return true;
        }
    }
    CRET_JSON_EACH (element, json_object_get(bom, "dependencies")) {
        const char *reference = cret_json_string(element, "ref");
        if (reference != NULL && root != NULL && strcmp(reference, root) == 0) {
            return json_array_size(json_object_get(element, "dependsOn")) == 0;
        }
    }
    return false;
}
