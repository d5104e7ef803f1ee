/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of a component besides its name: the kinds that count, as one table for both formats,
 * so that the same text is judged alike wherever it stands. */
#include <string.h>

#include "base/text/json.h"
#include "release/identifier/cpe.h"
#include "release/identifier/object_id.h"
#include "release/identifier/purl.h"
#include "release/sbom/sbom_rules_internal.h"
#include "release/sbom/sbom_spdx3.h"

static const struct kind {
    const char *name; /* for people */
    bool (*valid)(const char *text);
    const char *cyclonedx; /* member of a component: a text, a list, or an object with a tagId */
    const char *spdx[2];   /* referenceType of an externalRef */
    const char *spdx3[2];  /* type of an externalIdentifier, or of a content identifier */
} kinds[] = {
    {"purl", cret_purl_valid, "purl", {"purl"}, {"packageUrl"}},
    {"cpe", cret_cpe_valid, "cpe", {"cpe23Type", "cpe22Type"}, {"cpe23", "cpe22"}},
    {"gitoid", cret_gitoid_valid, "omniborId", {"gitoid"}, {"gitoid"}},
    {"swhid", cret_swhid_valid, "swhid", {"swh"}, {"swhid"}},
    {"swid", cret_value_says, "swid", {"swid"}, {"swid"}},
};
#define KINDS (CRET_LENGTH(kinds))

/* Looks at one identifier, which is at the pointer. */
static void judge(struct cret_rules_run *run, const struct kind *kind, const char *text)
{
    if (!kind->valid(text)) {
        cret_rules_fault(run, NULL, text, "this is no identifier of its kind (%s)", kind->name);
    }
}

/* How many identifiers a member of a component holds. */
static size_t judge_member(struct cret_rules_run *run, const struct kind *kind, const json_t *value)
{
    const json_t *tag = json_object_get(value, "tagId");
    const size_t list_mark = cret_json_enter(&run->at, kind->cyclonedx);
    size_t given = 0;
    if (json_is_string(value)) {
        judge(run, kind, json_string_value(value));
        given++;
    }
    if (json_is_string(tag)) {
        cret_json_enter(&run->at, "tagId");
        judge(run, kind, json_string_value(tag));
        given++;
    }
    CRET_JSON_EACH_AT (index, element, value) {
        if (json_is_string(element)) {
            const size_t mark = cret_json_enter_index(&run->at, index);
            judge(run, kind, json_string_value(element));
            cret_json_leave(&run->at, mark);
            given++;
        }
    }
    cret_json_leave(&run->at, list_mark);
    return given;
}

static bool is_one(const char *const types[2], const char *type)
{
    return type != NULL && types[0] != NULL &&
           (strcmp(types[0], type) == 0 || (types[1] != NULL && strcmp(types[1], type) == 0));
}

/* Where SPDX has identifiers: a list of objects with a type and a text. */
struct list {
    const char *name, *type, *text;
};

static size_t judge_list(struct cret_rules_run *run, const json_t *component,
                         const struct list *list)
{
    const bool spdx3 = run->sbom->kind == &cret_sbom_spdx3;
    const size_t list_mark = cret_json_enter(&run->at, list->name);
    size_t given = 0;
    CRET_JSON_EACH_AT (index, one, json_object_get(component, list->name)) {
        const char *type = cret_json_string(one, list->type);
        const char *text = cret_json_string(one, list->text);
        for (size_t i = 0; text != NULL && i < KINDS; i++) {
            if (is_one(spdx3 ? kinds[i].spdx3 : kinds[i].spdx, type)) {
                const size_t mark = cret_json_enter_index(&run->at, index);
                cret_json_enter(&run->at, list->text);
                judge(run, &kinds[i], text);
                cret_json_leave(&run->at, mark);
                given++;
            }
        }
    }
    cret_json_leave(&run->at, list_mark);
    return given;
}

static size_t judge_spdx3(struct cret_rules_run *run, const json_t *component)
{
    static const struct list lists[] = {
        {"externalIdentifier", "externalIdentifierType", "identifier"},
        {"software_contentIdentifier", "software_contentIdentifierType",
         "software_contentIdentifierValue"},
    };
    const char *purl = cret_json_string(component, "software_packageUrl");
    if (purl != NULL) {
        const size_t mark = cret_json_enter(&run->at, "software_packageUrl");
        judge(run, &kinds[0], purl);
        cret_json_leave(&run->at, mark);
    }
    return (purl != NULL ? 1u : 0u) + judge_list(run, component, &lists[0]) +
           judge_list(run, component, &lists[1]);
}

size_t cret_rules_identifiers(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    size_t given = 0;
    if (run->sbom->kind == &cret_sbom_spdx) {
        static const struct list references = {"externalRefs", "referenceType", "referenceLocator"};
        return judge_list(run, component->json, &references);
    }
    if (run->sbom->kind == &cret_sbom_spdx3) {
        return judge_spdx3(run, component->json);
    }
    for (size_t i = 0; i < KINDS; i++) {
        given += judge_member(run, &kinds[i], json_object_get(component->json, kinds[i].cyclonedx));
    }
    return given;
}
