/* SPDX-License-Identifier: Apache-2.0 */
#include "release/advisory/coverage.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/sbom/sbom_internal.h"

/* Each URL once. Non-zero: memory. */
static int note(json_t *known, const char *url, const char *own)
{
    const bool is_own = own != NULL && strncmp(url, own, strlen(own)) == 0;
    return is_own ? 0 : json_object_set_new(known, url, json_true());
}

/* References of one component to a BOM of its own. */
static int note_component(json_t *known, const json_t *component, const char *own)
{
    int failed = 0;
    size_t index;
    json_t *reference;
    json_array_foreach(json_object_get(component, "externalReferences"), index, reference)
    {
        const char *type = cret_json_string(reference, "type");
        const char *url = cret_json_string(reference, "url");
        if (type != NULL && url != NULL && strcmp(type, "bom") == 0) {
            failed |= note(known, url, own);
        }
    }
    return failed;
}

/* "urn:cdx:UUID/" of "urn:uuid:UUID"; empty: the BOM has no serial number. */
static void own_link(char *link, size_t size, const json_t *bom)
{
    const char *serial = cret_json_string(bom, "serialNumber");
    link[0] = '\0';
    if (serial != NULL && strncmp(serial, "urn:uuid:", 9) == 0) {
        snprintf(link, size, "urn:cdx:%s/", serial + 9);
    }
}

/* The root's own reference of type bom is to this BOM, where it is published. */
static size_t count_cyclonedx(const struct cret_sbom *sbom)
{
    json_t *known = json_object();
    char own[80];
    own_link(own, sizeof(own), sbom->json);
    int failed = known == NULL;
    for (size_t i = 0; i < sbom->components.count && !failed; i++) {
        const json_t *component = sbom->components.list[i].json;
        failed = component != sbom->components.root &&
                 note_component(known, component, own[0] != '\0' ? own : NULL) != 0;
    }
    size_t index, place;
    json_t *dependency, *reference;
    json_array_foreach(json_object_get(sbom->json, "dependencies"), index, dependency)
    {
        json_array_foreach(json_object_get(dependency, "dependsOn"), place, reference)
        {
            const char *text = json_string_value(reference);
            if (text != NULL && strncmp(text, "urn:cdx:", 8) == 0 && !failed) {
                failed = note(known, text, own[0] != '\0' ? own : NULL) != 0;
            }
        }
    }
    const size_t count =
        failed ? 1 : json_object_size(known); /* never fewer than are surely there */
    json_decref(known);
    return count;
}

size_t cret_sbom_missing(const struct cret_sbom *sbom)
{
    return sbom->kind == &cret_sbom_cyclonedx
               ? count_cyclonedx(sbom)
               : json_array_size(json_object_get(sbom->json, "externalDocumentRefs"));
}

bool cret_coverage_unread(const struct cret_manifest *manifest, size_t entry)
{
    const char *named = cret_json_string(manifest->json, "sbom.file");
    const char *role = manifest->files != NULL ? manifest->files[entry].role : NULL;
    return role != NULL && strcmp(role, "sbom") == 0 &&
           (named == NULL || strcmp(named, manifest->entries[entry].path) != 0);
}

static json_t *gap(const char *what, size_t count, const char *reason, json_t *files)
{
    return json_pack("{s:s, s:I, s:s, s:O*}", "what", what, "count", (json_int_t)count, "reason",
                     reason, "files", files);
}

static int add_unread(json_t *gaps, const struct cret_manifest *manifest)
{
    json_t *files = json_array();
    int failed = files == NULL;
    for (size_t i = 0; i < manifest->file_count && !failed; i++) {
        failed = cret_coverage_unread(manifest, i) &&
                 json_array_append_new(files, json_string(manifest->entries[i].path)) != 0;
    }
    const size_t count = json_array_size(files);
    if (!failed && count > 0) {
        char reason[120];
        snprintf(reason, sizeof(reason), "%zu more SBOM%s not read", count,
                 count == 1 ? " was" : "s were");
        failed = json_array_append_new(gaps, gap("sbom", count, reason, files)) != 0;
    }
    json_decref(files);
    return failed;
}

json_t *cret_coverage_gaps(const struct cret_manifest *manifest, const struct cret_sbom *sbom)
{
    const bool named = cret_json_string(manifest->json, "sbom.file") != NULL;
    const size_t missing = sbom != NULL ? cret_sbom_missing(sbom) : 0;
    json_t *gaps = json_array();
    int failed = gaps == NULL;
    if (!failed && sbom == NULL) {
        failed = json_array_append_new(gaps, gap(named ? "unreadable" : "components", 0,
                                                 named ? "no components: the SBOM could not be read"
                                                       : "no components: no SBOM",
                                                 NULL)) != 0;
    }
    if (!failed && missing > 0) {
        char reason[120];
        snprintf(reason, sizeof(reason), "%zu document%s of this SBOM %s missing", missing,
                 missing == 1 ? "" : "s", missing == 1 ? "is" : "are");
        failed = json_array_append_new(gaps, gap("documents", missing, reason, NULL)) != 0;
    }
    if (failed || add_unread(gaps, manifest) != 0) {
        json_decref(gaps);
        return NULL;
    }
    return gaps;
}

void cret_coverage_check(const struct cret_sbom *sbom, enum cret_reader reader,
                         struct cret_findings *findings)
{
    const size_t missing = cret_sbom_missing(sbom);
    if (missing > 0) {
        cret_findings_add(findings, CRET_CHECK_SBOM_UNREAD,
                          reader == CRET_READER_SIGNER ? CRET_RESULT_FAIL : CRET_RESULT_NOT_CHECKED,
                          sbom->file, "one SBOM with all components", NULL,
                          cret_check_hint(CRET_CHECK_SBOM_UNREAD, reader, NULL),
                          "%zu document%s of this SBOM %s missing: components in them are not "
                          "compared with anything",
                          missing, missing == 1 ? "" : "s", missing == 1 ? "is" : "are");
    }
}

bool cret_coverage_words(char *text, size_t size, const json_t *gaps)
{
    size_t index, used = 0;
    json_t *one;
    text[0] = '\0';
    json_array_foreach(gaps, index, one)
    {
        const char *reason = cret_json_string(one, "reason");
        if (reason != NULL && used < size) {
            const int more =
                snprintf(text + used, size - used, "%s%s", used > 0 ? "; " : "", reason);
            used += more > 0 ? (size_t)more : 0;
        }
    }
    return json_array_size(gaps) > 0;
}
