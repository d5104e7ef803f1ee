/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of a component besides its name: the kinds that count, as one table for both formats,
 * so that the same text is judged alike wherever it stands. */
#include <string.h>

#include "base/text/json.h"
#include "release/identifier/cpe.h"
#include "release/identifier/object_id.h"
#include "release/identifier/purl.h"
#include "release/sbom/sbom_rules_internal.h"

static const struct kind {
    const char *name; /* for people */
    bool (*valid)(const char *text);
    const char *cyclonedx; /* member of a component: a text, a list, or an object with a tagId */
    const char *spdx[2];   /* referenceType of an externalRef */
} kinds[] = {
    {"purl", cret_purl_valid, "purl", {"purl"}},
    {"cpe", cret_cpe_valid, "cpe", {"cpe23Type", "cpe22Type"}},
    {"gitoid", cret_gitoid_valid, "omniborId", {"gitoid"}},
    {"swhid", cret_swhid_valid, "swhid", {"swh"}},
    {"swid", cret_value_says, "swid", {"swid"}},
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
    size_t given = 0, index;
    json_t *element;
    if (json_is_string(value)) {
        judge(run, kind, json_string_value(value));
        given++;
    }
    if (json_is_string(tag)) {
        cret_json_enter(&run->at, "tagId");
        judge(run, kind, json_string_value(tag));
        given++;
    }
    json_array_foreach(value, index, element)
    {
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

static const struct kind *kind_of_reference(const char *type)
{
    for (size_t i = 0; type != NULL && i < KINDS; i++) {
        for (size_t k = 0; k < 2 && kinds[i].spdx[k] != NULL; k++) {
            if (strcmp(kinds[i].spdx[k], type) == 0) {
                return &kinds[i];
            }
        }
    }
    return NULL;
}

static size_t judge_references(struct cret_rules_run *run, const json_t *references)
{
    size_t given = 0, index;
    json_t *reference;
    const size_t list_mark = cret_json_enter(&run->at, "externalRefs");
    json_array_foreach(references, index, reference)
    {
        const struct kind *kind = kind_of_reference(cret_json_string(reference, "referenceType"));
        const char *locator = cret_json_string(reference, "referenceLocator");
        if (kind != NULL && locator != NULL) {
            const size_t mark = cret_json_enter_index(&run->at, index);
            cret_json_enter(&run->at, "referenceLocator");
            judge(run, kind, locator);
            cret_json_leave(&run->at, mark);
            given++;
        }
    }
    cret_json_leave(&run->at, list_mark);
    return given;
}

size_t cret_rules_identifiers(struct cret_rules_run *run,
                              const struct cret_sbom_component *component)
{
    size_t given = 0;
    if (run->sbom->kind == &cret_sbom_spdx) {
        return judge_references(run, json_object_get(component->json, "externalRefs"));
    }
    for (size_t i = 0; i < KINDS; i++) {
        given += judge_member(run, &kinds[i], json_object_get(component->json, kinds[i].cyclonedx));
    }
    return given;
}
