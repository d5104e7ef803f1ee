/* SPDX-License-Identifier: Apache-2.0 */
/* Reading SBOMs by their digest, behind an inspection. */
#include "engine/components.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "engine/reread.h"
#include "release/advisory/coverage.h"
#include "release/sbom/sbom_parts.h"

/* Its whole text, whose digest is the manifest's. Caller frees. No test gets nothing before the
 * end: cret_proved_read() fails of a shorter file; a reader that does not must not hang here. */
static enum cret_status read_text(char **ret_text, const struct cret_payload_reader *reader,
                                  size_t entry, uint64_t size, struct cret_err *err)
{
    char *text = malloc((size_t)size + 1);
    uint64_t offset = 0;
    if (text == NULL) {
        return cret_err_memory(err);
    }
    while (offset < size) {
        size_t got = 0;
        if (reader->read(reader->context, entry, offset, text + offset, (size_t)(size - offset),
                         &got, err) != CRET_OK ||
            got == 0) {
            free(text);
            return CRET_FAILED;
        }
        offset += got;
    }
    text[size] = '\0';
    *ret_text = text;
    return CRET_OK;
}

/* {"components"} of one SBOM, or {"unread"}. */
static void read_sbom(struct cret_build *object, const struct cret_sbom_place *place,
                      const struct cret_payload_reader *reader)
{
    const char *file = cret_json_string(cret_sbom_entry(place), "file");
    const char *format = cret_json_string(cret_sbom_entry(place), "format");
    struct cret_findings *findings = cret_findings_new();
    struct cret_sbom *sbom = NULL;
    struct cret_err err = {0};
    char *text = NULL;
    size_t entry = 0;
    object->failed |= findings == NULL;
    if (!cret_sbom_wanted(place, &entry)) {
        cret_build_string(object, "unread", "it is too large to be parsed");
    } else if (read_text(&text, reader, entry, place->manifest->entries[entry].size, &err) !=
               CRET_OK) {
        cret_build_string(object, "unread", "its bytes are not those that the manifest names");
    } else if (findings != NULL &&
               (cret_sbom_read(&sbom, text, (size_t)place->manifest->entries[entry].size, file,
                               format, findings, &err) != CRET_OK ||
                cret_findings_first_fault(findings, 0) != NULL)) {
        cret_build_string(object, "unread", "it is no well-formed SBOM of its format");
    } else if (sbom != NULL && cret_sbom_entries(sbom) > CRET_LIMIT_COMPARED_COMPONENTS) {
        cret_build_string(object, "unread", "it lists more components than are compared");
    } else if (sbom != NULL) {
        cret_build_put(object, "components", cret_sbom_parts(sbom));
    }
    cret_findings_free(&findings);
    cret_sbom_free(&sbom);
    free(text);
}

/* Where the files are: the walk of an inspection that was verified says it, else the layout. */
static enum cret_status place_files(const struct cret_inspection *inspection, struct cret_err *err)
{
    uint64_t end = 0;
    return inspection->payload_verified ? CRET_OK
                                        : cret_layout_payload(inspection->manifest->entries,
                                                              inspection->manifest->file_count,
                                                              inspection->front->end, &end, err);
}

json_t *cret_inspect_components(const struct cret_source *source,
                                const struct cret_inspection *inspection,
                                const struct cret_inspect_request *request)
{
    const struct cret_manifest *manifest = inspection->manifest;
    const bool detached = request->payload_directory >= 0;
    const char **names = detached ? cret_manifest_detached_names(manifest) : NULL;
    struct cret_build list = cret_build_list();
    struct cret_reread reread;
    struct cret_err err = {0};
    list.failed |= detached && names == NULL;
    cret_reread_init(&reread, source, manifest, detached ? request->payload_directory : -1, names,
                     request->hash, &request->watch);
    const struct cret_payload_reader reader = cret_reread_reader(&reread);
    const bool readable = inspection->front != NULL && (detached || cret_source_is_file(source)) &&
                          place_files(inspection, &err) == CRET_OK;
    for (size_t i = 0; i < cret_sbom_listed(manifest) && !list.failed; i++) {
        const struct cret_sbom_place place = {manifest, i};
        struct cret_build object = cret_build_object();
        cret_build_share(&object, "file", json_object_get(cret_sbom_entry(&place), "file"));
        if (readable) {
            read_sbom(&object, &place, &reader);
        } else {
            cret_build_string(&object, "unread",
                              "the archive came through a pipe, which cannot be read "
                              "twice: name the file");
        }
        cret_build_add(&list, cret_build_end(&object));
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (cret_coverage_unread(manifest, i)) {
            struct cret_build object = cret_build_object();
            cret_build_string(&object, "file", manifest->entries[i].path);
            cret_build_string(&object, "unread", "no entry of sbom names it");
            cret_build_add(&list, cret_build_end(&object));
        }
    }
    cret_reread_clear(&reread);
    free(names);
    return cret_build_end(&list);
}
