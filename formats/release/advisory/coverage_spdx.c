/* SPDX-License-Identifier: Apache-2.0 */
/* What an SPDX 2 document has that no advisory is compared with. */
#include "release/advisory/coverage_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"

#define DOCUMENT_REF "DocumentRef-"

/* "DocumentRef-x" of "DocumentRef-x:SPDXRef-y". */
static void note_document(struct cret_known *known, const char *reference)
{
    char name[200];
    if (reference != NULL && strncmp(reference, DOCUMENT_REF, strlen(DOCUMENT_REF)) == 0) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(reference, ":"), reference);
        cret_known_note(known, name);
    }
}

size_t cret_coverage_spdx_missing(const struct cret_sbom *sbom)
{
    struct cret_known known = cret_known_begin();
    CRET_JSON_EACH_AT (index, element, json_object_get(sbom->json, "externalDocumentRefs")) {
        /* One without an id is missing all the same. */
        const char *id = cret_json_string(element, "externalDocumentId");
        char place[40];
        snprintf(place, sizeof(place), "#%zu", index);
        cret_known_note(&known, id != NULL ? id : place);
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "relationships")) {
        note_document(&known, cret_json_string(element, "spdxElementId"));
        note_document(&known, cret_json_string(element, "relatedSpdxElement"));
    }
    CRET_JSON_EACH (element, json_object_get(sbom->json, "documentDescribes")) {
        note_document(&known, json_string_value(element));
    }
    return cret_known_count(&known);
}

void cret_coverage_spdx_open(struct cret_known *known, const json_t *document)
{
    CRET_JSON_EACH (element, json_object_get(document, "relationships")) {
        const char *type = cret_json_string(element, "relationshipType");
        const char *from = cret_json_string(element, "spdxElementId");
        const char *to = cret_json_string(element, "relatedSpdxElement");
        if (type != NULL && from != NULL && to != NULL && cret_sbom_is_dependency(type)) {
            cret_known_note(known, strcmp(to, "NOASSERTION") == 0 ? from : NULL);
            cret_known_note(known, strcmp(from, "NOASSERTION") == 0 ? to : NULL);
        }
    }
}

bool cret_coverage_spdx_whole(const json_t *document, const char *root)
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
