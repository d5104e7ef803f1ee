/* SPDX-License-Identifier: Apache-2.0 */
/* CISA 2026, minimum elements: what is asked of each component. A field is given, or said to be
 * unknown or withheld, which is no fault; or it is neither. */
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_cisa.h"

static bool has_declaration(const json_t *holder, const char *field)
{
    CRET_JSON_EACH (property, json_object_get(holder, "properties")) {
        const char *name = cret_json_string(property, "name");
        const char *value = cret_json_string(property, "value");
        if (name != NULL && value != NULL && strcmp(value, field) == 0 &&
            (strcmp(name, "cdx:cisa:unknown-information") == 0 ||
             strcmp(name, "cdx:cisa:withheld-information") == 0)) {
            return true;
        }
    }
    return false;
}

bool cret_cisa_declares(const struct cret_rules_run *run,
                        const struct cret_sbom_component *component, const char *field)
{
    const struct cret_sbom *sbom = run->sbom;
    const bool whole = component == NULL || component->json == sbom->components.root;
    return sbom->kind == &cret_sbom_cyclonedx &&
           ((component != NULL && has_declaration(component->json, field)) ||
            (whole && has_declaration(json_object_get(sbom->json, "metadata"), field)));
}

/* Files and keys: only their name and hash are asked for. */
static bool is_bare(const struct cret_rules_run *run, const json_t *component)
{
    const char *type = cret_json_string(component, "type");
    return run->sbom->kind == &cret_sbom_cyclonedx && type != NULL &&
           (strcmp(type, "file") == 0 || strcmp(type, "cryptographic-asset") == 0);
}

/* The best of several texts: one that says something, else one that says unknown, else any. */
static void offer(const char **best, const char *text)
{
    if (text != NULL && !cret_value_says(*best) &&
        (*best == NULL || cret_value_says(text) ||
         (cret_value_unknown(text) && !cret_value_unknown(*best)))) {
        *best = text;
    }
}

/* Given, declared, or a fault at `member`. */
static void settle(struct cret_rules_run *run, const struct cret_sbom_component *component,
                   const char *text, const char *field, const char *member, const char *words)
{
    if (cret_value_says(text)) {
        return;
    }
    if (cret_value_unknown(text) || cret_cisa_declares(run, component, field)) {
        cret_rules_declare(run);
        return;
    }
    cret_rules_fault(run, member, text, "component %.200s %s", cret_rules_label(component), words);
}

/* Of SPDX 2 the name of who is there, kept in `name`, or the word that says that nobody is known.
 */
static void offer_party(const char **best, char name[CRET_PARTY_NAME], const char *party)
{
    cret_rules_party_name(name, party);
    offer(best, name[0] != '\0' ? name : NULL);
    if (cret_value_unknown(party)) {
        offer(best, party);
    }
}

void cret_cisa_producer(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    static const char *const ways[] = {"author", "publisher", "supplier.name"};
    const json_t *json = component->json;
    const bool cyclonedx = run->sbom->kind == &cret_sbom_cyclonedx;
    char names[2][CRET_PARTY_NAME];
    const char *best = NULL;
    if (is_bare(run, json)) {
        return;
    }
    if (cyclonedx) {
        offer(&best, cret_json_string(json, "manufacturer.name"));
        CRET_JSON_EACH (one, json_object_get(json, "authors")) {
            offer(&best, cret_json_string(one, "name"));
        }
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            offer(&best, cret_json_string(json, ways[i]));
        }
    } else if (run->sbom->spdx3 != NULL) {
        CRET_JSON_EACH (one, json_object_get(json, "originatedBy")) {
            offer(&best, cret_spdx3_agent(run->sbom->spdx3, json_string_value(one)));
        }
        offer(&best, cret_spdx3_agent(run->sbom->spdx3, cret_json_string(json, "suppliedBy")));
    } else {
        offer_party(&best, names[0], cret_json_string(json, "originator"));
        offer_party(&best, names[1], cret_json_string(json, "supplier"));
    }
    settle(run, component, best, "Component Producer",
           cyclonedx                  ? "manufacturer"
           : run->sbom->spdx3 != NULL ? "originatedBy"
                                      : "originator",
           "does not say who made it");
}

void cret_cisa_version(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *member = run->sbom->kind->version;
    const char *version = cret_json_string(component->json, member);
    if (!is_bare(run, component->json)) {
        offer(&version, cret_json_string(component->json, "versionRange"));
        settle(run, component, version, "Component Version", member, "has no version");
    }
}

void cret_cisa_identifier(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    if (is_bare(run, component->json) || cret_rules_identifiers(run, component) > 0) {
        return;
    }
    CRET_JSON_EACH (property, json_object_get(component->json, "properties")) {
        const char *name = cret_json_string(property, "name");
        if (name != NULL && strcmp(name, "cdx:cisa:component-identifier") == 0 &&
            cret_value_says(cret_json_string(property, "value"))) {
            return;
        }
    }
    settle(run, component, NULL, "Component Identifiers", NULL,
           "has no identifier besides its name");
}

/* Licences of SPDX 3, by both relationships. */
static void offer_spdx3_licenses(const struct cret_rules_run *run, const json_t *component,
                                 const char **best)
{
    static const char *const types[] = {"hasDeclaredLicense", "hasConcludedLicense"};
    const char *id = cret_json_string(component, "spdxId");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        const struct cret_spdx3_element *relation;
        size_t at = 0;
        while ((relation = cret_spdx3_relation(run->sbom->spdx3, id, types[i], &at)) != NULL) {
            CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
                const char *words = cret_spdx3_license(run->sbom->spdx3, json_string_value(target));
                offer(best, words != NULL && strcmp(words, "NONE") == 0 ? "no licence" : words);
            }
        }
    }
}

static void offer_licenses(const json_t *component, const char **best)
{
    static const char *const ways[] = {"expression", "license.id", "license.url", "license.name"};
    CRET_JSON_EACH (entry, json_object_get(component, "licenses")) {
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            offer(best, cret_json_string(entry, ways[i]));
        }
    }
}

void cret_cisa_license(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    static const char *const members[] = {"licenseDeclared", "licenseConcluded"};
    const bool cyclonedx = run->sbom->kind == &cret_sbom_cyclonedx;
    const char *best = NULL;
    if (is_bare(run, component->json)) {
        return;
    }
    if (cyclonedx) {
        offer_licenses(component->json, &best);
    } else if (run->sbom->spdx3 != NULL) {
        offer_spdx3_licenses(run, component->json, &best);
    }
    for (size_t i = 0; run->sbom->kind == &cret_sbom_spdx && i < 2; i++) {
        const char *text = cret_json_string(component->json, members[i]);
        /* That there is none is an answer. */
        offer(&best, text != NULL && strcmp(text, "NONE") == 0 ? "no licence" : text);
    }
    settle(run, component, best, "Component License",
           cyclonedx                  ? "licenses"
           : run->sbom->spdx3 != NULL ? NULL
                                      : members[0],
           "has no licence");
}

/* Counts the hashes of a component, and those whose algorithm NIST approves: SHA-2 and SHA-3. */
static size_t count_hashes(const struct cret_rules_run *run, const json_t *component,
                           size_t *ret_approved, const char **ret_last)
{
    const struct cret_sbom_kind *kind = run->sbom->kind;
    size_t count = 0;
    CRET_JSON_EACH (hash, json_object_get(component, kind->hashes)) {
        const char *type = cret_json_string(hash, "type");
        const char *algorithm = cret_json_string(hash, kind->algorithm);
        const char *value = cret_json_string(hash, kind->value);
        if (algorithm == NULL || value == NULL || !cret_shape_hex(value, strlen(value)) ||
            (run->sbom->spdx3 != NULL && (type == NULL || strcmp(type, "Hash") != 0))) {
            continue;
        }
        const char *size = algorithm + (strncasecmp(algorithm, "sha", 3) == 0 ? 3 : 0);
        size += size[0] == '-' ? 1 : 0;
        *ret_approved += size > algorithm && strchr("235", size[0]) != NULL ? 1u : 0u;
        *ret_last = algorithm;
        count++;
    }
    return count;
}

/* The same; of SPDX 3 also those of the file that a component is delivered in. */
static size_t all_hashes(const struct cret_rules_run *run,
                         const struct cret_sbom_component *component, size_t *ret_approved,
                         const char **ret_last)
{
    const struct cret_sbom_component *file =
        run->sbom->spdx3 != NULL ? cret_spdx3_artifact(run->sbom, component) : NULL;
    *ret_approved = 0;
    return count_hashes(run, component->json, ret_approved, ret_last) +
           (file != NULL ? count_hashes(run, file->json, ret_approved, ret_last) : 0);
}

void cret_cisa_hash(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *last = NULL;
    size_t approved;
    if (all_hashes(run, component, &approved, &last) == 0) {
        settle(run, component, NULL, "Component Hash Value", run->sbom->kind->hashes,
               "has no hash");
    }
}

void cret_cisa_algorithm(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const char *last = NULL;
    size_t approved;
    if (all_hashes(run, component, &approved, &last) > 0 && approved == 0) {
        cret_rules_fault(run, run->sbom->kind->hashes, last,
                         "component %.200s has hashes only by algorithms that NIST does not "
                         "approve",
                         cret_rules_label(component));
    }
}

static void cyclonedx_depends(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    const char *reference = cret_json_string(component->json, "bom-ref");
    const char *aggregate =
        reference != NULL ? json_string_value(json_object_get(run->stated, reference)) : NULL;
    const json_t *entry = reference != NULL ? json_object_get(run->graph, reference) : NULL;
    /* An empty entry says that there are none, unless a composition says that nobody knows. */
    if (entry != NULL &&
        (json_is_true(entry) || aggregate == NULL || strcmp(aggregate, "complete") == 0)) {
        return;
    }
    if (aggregate == NULL) {
        cret_rules_cyclonedx_depends(run, component);
    } else if (strcmp(aggregate, "complete") != 0) {
        cret_rules_declare(run);
    }
}

/* Whether all that an SPDX 3 document says of what a component depends on is that it is not known.
 */
static bool is_unasserted(const struct cret_spdx3 *spdx3, const json_t *component)
{
    const char *id = cret_json_string(component, "spdxId");
    const struct cret_spdx3_element *element = cret_spdx3_find(spdx3, id);
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    if (element == NULL || element->part || element->built) {
        return false;
    }
    while ((relation = cret_spdx3_relation(spdx3, id, NULL, &at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        const char *individual = cret_spdx3_individual(
            json_string_value(json_array_get(json_object_get(relation->json, "to"), 0)));
        if (type != NULL && cret_spdx3_is_dependency(type) &&
            strcmp(type, "hasDistributionArtifact") != 0 &&
            (individual == NULL || strcmp(individual, "NoAssertionElement") != 0)) {
            return false;
        }
    }
    return true;
}

void cret_cisa_depends(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    if (is_bare(run, component->json)) {
        return;
    }
    if (run->sbom->kind == &cret_sbom_cyclonedx) {
        cyclonedx_depends(run, component);
    } else if (run->sbom->spdx3 != NULL) {
        const size_t before = run->faults->count;
        cret_rules_spdx3_depends(run, component);
        if (run->faults->count == before && is_unasserted(run->sbom->spdx3, component->json)) {
            cret_rules_declare(run);
        }
    } else {
        const char *id = cret_json_string(component->json, "SPDXID");
        cret_rules_spdx_depends(run, component);
        if (id != NULL && json_is_false(json_object_get(run->graph, id))) {
            cret_rules_declare(run);
        }
    }
}
