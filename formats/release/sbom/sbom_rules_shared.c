/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on components that several profiles have. */
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_rules_internal.h"

const char *cret_rules_label(const struct cret_sbom_component *component)
{
    const char *name = cret_json_string(component->json, "name");
    return name != NULL ? name : "without a name";
}

void cret_rules_cyclonedx_name(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *name = cret_json_string(component->json, "name");
    if (!cret_value_says(name)) {
        cret_rules_fault(run, "name", name, "a component has no name");
    }
}

void cret_rules_cyclonedx_version(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component)
{
    const char *version = cret_json_string(component->json, "version");
    const char *range = cret_json_string(component->json, "versionRange");
    if (!cret_value_says(version) && !(version == NULL && cret_value_says(range))) {
        cret_rules_fault(run, "version", version, "component %.200s has no version",
                         cret_rules_label(component));
    }
}

void cret_rules_cyclonedx_timestamp(struct cret_rules_run *run,
                                    const struct cret_sbom_component *component)
{
    (void)component;
    const char *text = cret_json_string(run->sbom->json, "metadata.timestamp");
    if (!cret_value_time(text)) {
        const size_t mark = cret_json_enter(&run->at, "metadata");
        cret_rules_fault(run, "timestamp", text, "the SBOM does not say when it was made");
        cret_json_leave(&run->at, mark);
    }
}

void cret_rules_cyclonedx_depends(struct cret_rules_run *run,
                                  const struct cret_sbom_component *component)
{
    const char *reference = cret_json_string(component->json, "bom-ref");
    if (reference == NULL) {
        cret_rules_fault(run, "bom-ref", NULL,
                         "component %.200s has no bom-ref, so that no dependency can name it",
                         cret_rules_label(component));
    } else if (json_object_get(run->graph, reference) == NULL) {
        cret_rules_fault(run, NULL, reference,
                         "component %.200s is not listed in dependencies (one without "
                         "dependencies is listed too)",
                         cret_rules_label(component));
    }
}

void cret_rules_party_name(char name[CRET_PARTY_NAME], const char *party)
{
    static const char *const kinds[] = {"Organization:", "Person:"};
    name[0] = '\0';
    for (size_t i = 0; party != NULL && i < CRET_LENGTH(kinds); i++) {
        const size_t size = strlen(kinds[i]);
        if (strncmp(party, kinds[i], size) == 0) {
            const char *rest = party + size + strspn(party + size, " ");
            const char *mail = strrchr(rest, '(');
            size_t length = strlen(rest);
            if (mail != NULL && rest[length - 1] == ')') {
                length = (size_t)(mail - rest);
            }
            length = length < CRET_PARTY_NAME ? length : CRET_PARTY_NAME - 1;
            while (length > 0 && ((unsigned char)rest[length] & 0xc0) == 0x80) {
                length--; /* no half of a character */
            }
            memcpy(name, rest, length);
            name[length] = '\0';
        }
    }
}

void cret_rules_spdx_depends(struct cret_rules_run *run,
                             const struct cret_sbom_component *component)
{
    const char *id = cret_json_string(component->json, "SPDXID");
    if (id != NULL && json_object_get(run->graph, id) == NULL) {
        cret_rules_fault(run, NULL, id,
                         "package %.200s has no dependency relationship (NONE and NOASSERTION are "
                         "answers too)",
                         cret_rules_label(component));
    }
}

void cret_rules_cyclonedx_author(struct cret_rules_run *run,
                                 const struct cret_sbom_component *component)
{
    const json_t *authors = cret_json_get(run->sbom->json, "metadata.authors");
    const char *manufacturer = cret_json_string(run->sbom->json, "metadata.manufacturer.name");
    const char *actual = manufacturer;
    (void)component;
    if (cret_value_says(manufacturer)) {
        return;
    }
    CRET_JSON_EACH (author, authors) {
        const char *name = cret_json_string(author, "name");
        if (cret_value_says(name) || cret_value_email(cret_json_string(author, "email"))) {
            return;
        }
        actual = name;
    }
    const size_t mark = cret_json_enter(&run->at, "metadata");
    cret_rules_fault(run, "authors", actual, "the SBOM does not say who made it");
    cret_json_leave(&run->at, mark);
}

void cret_rules_spdx_author(struct cret_rules_run *run, const struct cret_sbom_component *component)
{
    const json_t *creators = cret_json_get(run->sbom->json, "creationInfo.creators");
    const char *actual = NULL;
    (void)component;
    CRET_JSON_EACH (creator, creators) {
        char name[CRET_PARTY_NAME];
        actual = json_string_value(creator);
        cret_rules_party_name(name, actual);
        if (cret_value_says(name)) {
            return;
        }
    }
    const size_t mark = cret_json_enter(&run->at, "creationInfo");
    cret_rules_fault(run, "creators", actual,
                     "no person or organization is named (a tool is none)");
    cret_json_leave(&run->at, mark);
}

void cret_rules_spdx_timestamp(struct cret_rules_run *run,
                               const struct cret_sbom_component *component)
{
    const char *created = cret_json_string(run->sbom->json, "creationInfo.created");
    (void)component;
    if (!cret_value_time(created)) {
        const size_t mark = cret_json_enter(&run->at, "creationInfo");
        cret_rules_fault(run, "created", created, "the SBOM does not say when it was made");
        cret_json_leave(&run->at, mark);
    }
}
