/* SPDX-License-Identifier: Apache-2.0 */
/* The dependency graph of an SBOM: who is listed in it, and whether it leads nowhere. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_internal.h"

/* Of CycloneDX whether an entry names anything; false of an empty one, however often it stands. */
static int note_entry(json_t *graph, const json_t *dependency)
{
    const char *name = cret_json_string(dependency, "ref");
    const bool names = json_array_size(json_object_get(dependency, "dependsOn")) > 0;
    return name == NULL || (!names && json_object_get(graph, name) != NULL)
               ? 0
               : json_object_set_new(graph, name, json_boolean(names));
}

static int note(json_t *names, const char *name)
{
    return name == NULL ? 0 : json_object_set_new(names, name, json_true());
}

/* Of several words that are said of one, the first stays. */
static int note_all(json_t *names, const json_t *list, const char *word)
{
    int failed = 0;
    CRET_JSON_EACH (element, list) {
        const char *name = json_string_value(element);
        if (name != NULL && json_object_get(names, name) == NULL) {
            failed |= json_object_set_new(names, name, json_string(word));
        }
    }
    return failed;
}

/* Compositions that say how complete they are, and of what. */
static int note_compositions(json_t *stated, const json_t *bom)
{
    int failed = 0;
    CRET_JSON_EACH (composition, json_object_get(bom, "compositions")) {
        const char *aggregate = cret_json_string(composition, "aggregate");
        if (aggregate == NULL || strcmp(aggregate, "not_specified") == 0) {
            continue;
        }
        failed |= note_all(stated, json_object_get(composition, "dependencies"), aggregate);
        failed |= note_all(stated, json_object_get(composition, "assemblies"), aggregate);
    }
    return failed;
}

bool cret_sbom_is_dependency(const char *type)
{
    static const char *const types[] = {"CONTAINS",
                                        "CONTAINED_BY",
                                        "DEPENDS_ON",
                                        "DYNAMIC_LINK",
                                        "STATIC_LINK",
                                        "PREREQUISITE_FOR",
                                        "HAS_PREREQUISITE",
                                        "PACKAGE_OF",
                                        "VARIANT_OF",
                                        "DISTRIBUTION_ARTIFACT",
                                        NULL};
    const size_t size = strlen(type), tail = strlen("DEPENDENCY_OF");
    for (size_t i = 0; types[i] != NULL; i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return size >= tail && strcmp(type + size - tail, "DEPENDENCY_OF") == 0;
}

/* false of what only a relationship with NOASSERTION names, else true. */
static int note_end(json_t *graph, const char *name, bool open)
{
    return name == NULL || (open && json_object_get(graph, name) != NULL)
               ? 0
               : json_object_set_new(graph, name, json_boolean(!open));
}

static int note_relationships(json_t *graph, const json_t *sbom)
{
    int failed = 0;
    CRET_JSON_EACH (relationship, json_object_get(sbom, "relationships")) {
        const char *type = cret_json_string(relationship, "relationshipType");
        if (type != NULL && cret_sbom_is_dependency(type)) {
            const char *from = cret_json_string(relationship, "spdxElementId");
            const char *to = cret_json_string(relationship, "relatedSpdxElement");
            const bool open = (from != NULL && strcmp(from, "NOASSERTION") == 0) ||
                              (to != NULL && strcmp(to, "NOASSERTION") == 0);
            failed |= note_end(graph, from, open) | note_end(graph, to, open);
        }
    }
    return failed;
}

bool cret_rules_graph(struct cret_rules_run *run)
{
    const struct cret_sbom *sbom = run->sbom;
    if (run->graph != NULL) {
        return true;
    }
    run->graph = json_object();
    run->known = json_object();
    run->stated = json_object();
    if (run->graph == NULL || run->known == NULL || run->stated == NULL) {
        return false;
    }
    int failed = 0;
    for (size_t i = 0; i < sbom->components.count; i++) {
        failed |= note(run->known, json_string_value(json_object_get(sbom->components.list[i].json,
                                                                     sbom->kind->reference)));
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "services")) {
        failed |= note(run->known, cret_json_string(element, "bom-ref"));
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "dependencies")) {
        failed |= note_entry(run->graph, element);
    }
    return (failed | note_compositions(run->stated, sbom->json) |
            note_relationships(run->graph, sbom->json)) == 0;
}

static void check_known(struct cret_rules_run *run, const char *name, const char *reference)
{
    if (reference == NULL || json_object_get(run->known, reference) != NULL ||
        strncmp(reference, "urn:cdx:", strlen("urn:cdx:")) == 0) {
        return;
    }
    cret_rules_fault(run, name, reference, "the dependency graph leads to nothing");
}

void cret_rules_dangling(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    (void)component;
    const size_t list_mark = cret_json_enter(&run->at, "dependencies");
    CRET_JSON_EACH_AT (index, dependency, json_object_get(run->sbom->json, "dependencies")) {
        const size_t mark = cret_json_enter_index(&run->at, index);
        check_known(run, "ref", cret_json_string(dependency, "ref"));
        cret_json_enter(&run->at, "dependsOn");
        CRET_JSON_EACH_AT (place, reference, json_object_get(dependency, "dependsOn")) {
            const size_t inner = cret_json_enter_index(&run->at, place);
            check_known(run, NULL, json_string_value(reference));
            cret_json_leave(&run->at, inner);
        }
        cret_json_leave(&run->at, mark);
    }
    cret_json_leave(&run->at, list_mark);
}
