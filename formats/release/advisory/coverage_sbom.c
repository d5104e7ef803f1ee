/* SPDX-License-Identifier: Apache-2.0 */
/* Naming the parts of an SBOM that no advisory is compared with. */
#include "release/advisory/coverage_sbom.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_spdx3.h"

#define BOM_LINK "urn:cdx:"
#define DOCUMENT_REF "DocumentRef-"

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Things that count once however often they are named. */
struct known {
    json_t *names;
    bool failed;
};

static void note(struct known *known, const char *name)
{
    if (name != NULL && !known->failed) {
        known->failed = json_object_set_new(known->names, name, json_true()) != 0;
    }
}

/* Never fewer than are surely there: what could not be counted is not nothing. */
static size_t end_count(struct known *known)
{
    const size_t count = known->failed ? 1 : json_object_size(known->names);
    json_decref(known->names);
    return count;
}

static struct known begin_count(void)
{
    json_t *names = json_object();
    return (struct known){.names = names, .failed = names == NULL};
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

static void note_bom(struct known *known, const char *url, const char *own)
{
    if (url != NULL && (own[0] == '\0' || !begins(url, own))) {
        note(known, url);
    }
}

/* References of type bom of one component, or of the BOM; links_only: those that name a BOM by its
 * serial number. */
static void note_references(struct known *known, const json_t *holder, const char *own,
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
static void note_links(struct known *known, const json_t *references, const char *own)
{
    const char *single = json_string_value(references);
    if (single != NULL && begins(single, BOM_LINK)) {
        note_bom(known, single, own);
    }
    CRET_JSON_EACH (reference, references) {
        note_links(known, reference, own);
    }
}

static size_t missing_cyclonedx(const struct cret_sbom *sbom)
{
    static const struct {
        const char *list, *member;
    } places[] = {
        {"dependencies", "ref"},          {"dependencies", "dependsOn"},
        {"dependencies", "provides"},     {"compositions", "assemblies"},
        {"compositions", "dependencies"},
    };
    struct known known = begin_count();
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
    return end_count(&known);
}

/* "DocumentRef-x" of "DocumentRef-x:SPDXRef-y". */
static void note_document(struct known *known, const char *reference)
{
    char name[200];
    if (reference != NULL && begins(reference, DOCUMENT_REF)) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(reference, ":"), reference);
        note(known, name);
    }
}

static size_t missing_spdx(const struct cret_sbom *sbom)
{
    struct known known = begin_count();
    CRET_JSON_EACH_AT (index, element, json_object_get(sbom->json, "externalDocumentRefs")) {
        /* One without an id is missing all the same. */
        const char *id = cret_json_string(element, "externalDocumentId");
        char place[40];
        snprintf(place, sizeof(place), "#%zu", index);
        note(&known, id != NULL ? id : place);
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "relationships")) {
        note_document(&known, cret_json_string(element, "spdxElementId"));
        note_document(&known, cret_json_string(element, "relatedSpdxElement"));
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "documentDescribes")) {
        note_document(&known, json_string_value(element));
    }
    return end_count(&known);
}

size_t cret_sbom_missing(const struct cret_sbom *sbom)
{
    if (sbom->spdx3 != NULL) {
        return json_object_size(sbom->spdx3->imports);
    }
    if (sbom->documents != NULL) {
        return 0; /* a set has all of them, or is no well-formed one */
    }
    return sbom->kind == &cret_sbom_cyclonedx ? missing_cyclonedx(sbom) : missing_spdx(sbom);
}

/* Services and those that they are made of. */
static size_t count_services(const json_t *holder)
{
    size_t count = 0;
    CRET_JSON_EACH (service, json_object_get(holder, "services")) {
        count += 1 + count_services(service);
    }
    return count;
}

static size_t services(const struct cret_sbom *sbom)
{
    return count_services(sbom->json);
}

/* What components were made from, by a name of its own: CycloneDX pedigree, SPDX artifactOfs. */
static size_t origins(const struct cret_sbom *sbom)
{
    size_t count = 0;
    for (size_t i = 0; i < sbom->components.count; i++) {
        const json_t *component = sbom->components.list[i].json;
        count += json_array_size(cret_json_get(component, "pedigree.ancestors")) +
                 json_array_size(json_object_get(component, "artifactOfs"));
    }
    return count;
}

/* Objects of an SPDX 3 document that are of a class. */
static size_t count_class(const struct cret_sbom *sbom, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; sbom->spdx3 != NULL && i < sbom->spdx3->elements.count; i++) {
        count += cret_spdx3_is(sbom->spdx3->elements.list[i].class, name) ? 1u : 0u;
    }
    return count;
}

static size_t snippets(const struct cret_sbom *sbom)
{
    if (sbom->spdx3 != NULL) {
        return count_class(sbom, "software_Snippet");
    }
    return json_array_size(json_object_get(sbom->json, "snippets"));
}

/* What the BOM says of parts is about completeness of components; of vulnerabilities alone it is
 * not. */
static void note_composition(struct known *known, const json_t *composition, size_t place)
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
            note(known, json_string_value(reference));
            named++;
        }
    }
    if (named == 0 && json_array_size(json_object_get(composition, "vulnerabilities")) == 0) {
        char whole[40];
        snprintf(whole, sizeof(whole), "#%zu", place);
        note(known, whole);
    }
}

/* What an SPDX 3 document says of the parts of one element. */
static void note_parts(struct known *known, const struct cret_spdx3_element *relation)
{
    const char *type = cret_json_string(relation->json, "relationshipType");
    const char *completeness = cret_json_string(relation->json, "completeness");
    bool open = completeness != NULL && strcmp(completeness, "complete") != 0;
    CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
        const char *individual = cret_spdx3_individual(json_string_value(target));
        open = open || (individual != NULL && strcmp(individual, "NoAssertionElement") == 0);
    }
    if (open && type != NULL && cret_spdx3_is_dependency(type)) {
        note(known, relation->id);
    }
}

static size_t incomplete(const struct cret_sbom *sbom)
{
    struct known known = begin_count();
    for (size_t i = 0; sbom->spdx3 != NULL && i < sbom->spdx3->relations.count; i++) {
        note_parts(&known, &sbom->spdx3->relations.list[i]);
    }
    CRET_JSON_EACH_AT (index, element, json_object_get(sbom->json, "compositions")) {
        note_composition(&known, element, index);
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "relationships")) {
        const char *type = cret_json_string(element, "relationshipType");
        const char *from = cret_json_string(element, "spdxElementId");
        const char *to = cret_json_string(element, "relatedSpdxElement");
        if (type != NULL && from != NULL && to != NULL && cret_sbom_is_dependency(type)) {
            note(&known, strcmp(to, "NOASSERTION") == 0 ? from : NULL);
            note(&known, strcmp(from, "NOASSERTION") == 0 ? to : NULL);
        }
    }
    return end_count(&known);
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

/* An assessment says that a vulnerability does not affect, or is fixed in, what it leads to, and
 * was not withdrawn. */
static bool is_mild(const struct cret_spdx3_element *relation)
{
    return (cret_spdx3_is(relation->class, "security_VexNotAffectedVulnAssessmentRelationship") ||
            cret_spdx3_is(relation->class, "security_VexFixedVulnAssessmentRelationship")) &&
           json_object_get(relation->json, "security_withdrawnTime") == NULL;
}

/* A relationship says that a vulnerability is open, also where it is no assessment. */
static bool is_open(const struct cret_spdx3_element *relation)
{
    const char *type = cret_json_string(relation->json, "relationshipType");
    return (type != NULL &&
            (strcmp(type, "affects") == 0 || strcmp(type, "underInvestigationFor") == 0)) ||
           (cret_spdx3_is(relation->class, "security_VexVulnAssessmentRelationship") &&
            !is_mild(relation));
}

/* Notes in `words` what a relationship says of a vulnerability: {id: {element: true}}, the elements
 * that it does not affect; null where anything says that it is open. False: memory. */
static bool note_words(json_t *words, const struct cret_spdx3_element *relation)
{
    json_t *said = json_object_get(words, relation->id);
    if (is_open(relation)) {
        return json_object_set_new(words, relation->id, json_null()) == 0;
    }
    if (!is_mild(relation) || json_is_null(said)) {
        return true;
    }
    if (said == NULL && json_object_set_new(words, relation->id, json_object()) != 0) {
        return false;
    }
    said = json_object_get(words, relation->id);
    CRET_JSON_EACH (target, json_object_get(relation->json, "to")) {
        const char *id = json_string_value(target);
        if (id != NULL && json_object_set_new(said, id, json_true()) != 0) {
            return false;
        }
    }
    return true;
}

/* element NULL: whether whatever is said of the vulnerability is mild. */
static bool is_settled_spdx3(const json_t *words, const char *vulnerability, const char *element)
{
    const json_t *said = json_object_get(words, vulnerability);
    return json_is_object(said) && (element == NULL || json_object_get(said, element) != NULL);
}

/* Each vulnerability, and each element that has it, must be spoken of. */
static size_t open_vulnerabilities(const struct cret_spdx3 *spdx3)
{
    struct known known = begin_count();
    json_t *words = json_object();
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        known.failed |= !note_words(words, &spdx3->relations.list[i]);
    }
    for (size_t i = 0; i < spdx3->elements.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->elements.list[i];
        if (cret_spdx3_is(one->class, "security_Vulnerability") &&
            !is_settled_spdx3(words, one->id, NULL)) {
            note(&known, one->id);
        }
    }
    for (size_t i = 0; i < spdx3->relations.count; i++) {
        const struct cret_spdx3_element *one = &spdx3->relations.list[i];
        const char *type = cret_json_string(one->json, "relationshipType");
        note(&known, is_open(one) ? one->id : NULL);
        if (type == NULL || strcmp(type, "hasAssociatedVulnerability") != 0) {
            continue;
        }
        CRET_JSON_EACH (target, json_object_get(one->json, "to")) {
            if (!is_settled_spdx3(words, json_string_value(target), one->id)) {
                note(&known, json_string_value(target));
            }
        }
    }
    json_decref(words);
    return end_count(&known);
}

static size_t vulnerabilities(const struct cret_sbom *sbom)
{
    size_t count = 0;
    if (sbom->spdx3 != NULL) {
        return open_vulnerabilities(sbom->spdx3);
    }
    CRET_JSON_EACH (one, json_object_get(sbom->json, "vulnerabilities")) {
        count += is_settled(one) ? 0 : 1;
    }
    return count;
}

/* Whether a CycloneDX BOM says that the product has no more parts than it lists. */
static bool is_whole_cyclonedx(const json_t *bom, const char *root)
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

static bool is_whole_spdx(const json_t *document, const char *root)
{
    CRET_JSON_EACH (element, json_object_get(document, "relationships")) {
        const char *type = cret_json_string(element, "relationshipType");
        const char *from = cret_json_string(element, "spdxElementId");
        const char *to = cret_json_string(element, "relatedSpdxElement");
        if (type != NULL && from != NULL && to != NULL && root != NULL &&
            (strcmp(type, "CONTAINS") == 0 || strcmp(type, "DEPENDS_ON") == 0) &&
            strcmp(from, root) == 0 && strcmp(to, "NONE") == 0) {
            return true;
        }
    }
    return false;
}

static bool is_whole_spdx3(const struct cret_spdx3 *spdx3, const char *root)
{
    const struct cret_spdx3_element *relation;
    size_t at = 0;
    while ((relation = cret_spdx3_relation(spdx3, root, NULL, &at)) != NULL) {
        const char *type = cret_json_string(relation->json, "relationshipType");
        const char *to =
            json_string_value(json_array_get(json_object_get(relation->json, "to"), 0));
        const char *individual = cret_spdx3_individual(to);
        if (type != NULL && individual != NULL && strcmp(individual, "NoneElement") == 0 &&
            (strcmp(type, "contains") == 0 || strcmp(type, "dependsOn") == 0)) {
            return true;
        }
    }
    return false;
}

/* Whether a component is something of its own: not the product, and no file, which is one of the
 * product's where no component holds it. Of SPDX 3 its sources are none either. */
static bool is_part(const struct cret_sbom *sbom, size_t index)
{
    const json_t *component = sbom->components.list[index].json;
    const char *type =
        sbom->kind == &cret_sbom_cyclonedx ? cret_json_string(component, "type") : NULL;
    return component != sbom->components.root && index < sbom->components.packages &&
           (type == NULL || strcmp(type, "file") != 0);
}

/* An SBOM of the product and its files alone, which does not say that there is no more. */
static size_t lists_nothing(const struct cret_sbom *sbom)
{
    const json_t *root = sbom->components.root;
    const char *reference = json_string_value(json_object_get(root, sbom->kind->reference));
    const bool whole = sbom->kind == &cret_sbom_cyclonedx
                           ? is_whole_cyclonedx(sbom->json, reference)
                       : sbom->spdx3 != NULL ? is_whole_spdx3(sbom->spdx3, reference)
                                             : is_whole_spdx(sbom->json, reference);
    for (size_t i = 0; i < sbom->components.count && !whole; i++) {
        if (is_part(sbom, i)) {
            return 0;
        }
    }
    return whole ? 0 : 1;
}

/* Members that have another type than the format says may hold what is not found in them. */
static size_t malformed(const struct cret_sbom *sbom)
{
    return sbom->faults;
}

const struct cret_uncompared cret_uncompared_kinds[] = {
    {
        .what = "unreadable",
        .count = malformed,
        .one = "the SBOM is not well formed: not all of it may have been read",
        .bare = true,
        .so = "",
        .signer = "cretula-sign sbom check names the faults",
    },
    {
        .what = "components",
        .count = lists_nothing,
        .one = "no components: the SBOM lists none beside the product and its files",
        .bare = true,
        .so = "",
        .signer = "list the components; where there is none, say complete in compositions "
                  "(CycloneDX), or NONE in a relationship (SPDX; NoneElement in SPDX 3)",
    },
    {
        .what = "documents",
        .count = cret_sbom_missing,
        .one = "document of this SBOM is missing",
        .many = "documents of this SBOM are missing",
        .so = ": components in them are not compared with anything",
        .signer = "merge the SBOMs into one and name it under sbom",
    },
    {
        .what = "incomplete",
        .count = incomplete,
        .one = "entry of this SBOM is incomplete, as it says itself",
        .many = "entries of this SBOM are incomplete, as it says itself",
        .so = ": what is not listed is not compared with anything",
        .signer = "list what they are made of, and say complete in compositions (CycloneDX) or "
                  "NONE (SPDX)",
    },
    {
        .what = "services",
        .count = services,
        .one = "service of this SBOM is not compared",
        .many = "services of this SBOM are not compared",
        .so = " with any advisory",
        .signer = "list the software of a service that is in the release under components",
    },
    {
        .what = "origins",
        .count = origins,
        .one = "thing that components were made from is not compared",
        .many = "things that components were made from are not compared",
        .so = " with any advisory",
        .signer = "list what a changed component was made from under components, too",
    },
    {
        .what = "snippets",
        .count = snippets,
        .one = "snippet of this SBOM is not compared",
        .many = "snippets of this SBOM are not compared",
        .so = " with any advisory",
        .signer = "list where the snippets come from under packages",
    },
    {
        .what = "vulnerabilities",
        .count = vulnerabilities,
        .one = "vulnerability that the SBOM itself lists and does not settle was not judged",
        .many = "vulnerabilities that the SBOM itself lists and does not settle were not judged",
        .so = "",
        .signer = "cretula-sign sbom complete --vex FILE puts them into a VEX file of the release",
    },
    {.what = NULL},
};

void cret_uncompared_words(char *text, size_t size, const struct cret_uncompared *kind,
                           size_t count)
{
    if (kind->bare) {
        snprintf(text, size, "%s", kind->one);
    } else {
        snprintf(text, size, "%zu %s", count, count == 1 ? kind->one : kind->many);
    }
}
