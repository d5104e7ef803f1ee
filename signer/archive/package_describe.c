/* SPDX-License-Identifier: Apache-2.0 */
/* package_metadata.json of a release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "package/metadata.h"
#include "signer/archive/package_draft.h"

static bool is_role(const struct cret_manifest *manifest, size_t entry, const char *role)
{
    return strcmp(manifest->files[entry].role, role) == 0;
}

static bool is_content(const struct cret_manifest *manifest, size_t entry)
{
    return is_role(manifest, entry, "firmware") || is_role(manifest, entry, "software") ||
           is_role(manifest, entry, "configuration");
}

bool cret_package_place(char *out, size_t size, const struct cret_manifest *manifest, size_t entry)
{
    const int made =
        snprintf(out, size, "%s%s", is_content(manifest, entry) ? "CONTENT/" : "SUPPLEMENT/",
                 manifest->entries[entry].path);
    return made > 0 && (size_t)made < size;
}

/* By the first of these roles that a file has. */
static enum cret_status find_type(const struct cret_manifest *manifest, const char **ret_type,
                                  struct cret_err *err)
{
    static const char *const rows[][2] = {{"firmware", "Firmware_0"},
                                          {"software", "Application_1"},
                                          {"configuration", "Configuration_2"}};
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        for (size_t k = 0; k < manifest->file_count; k++) {
            if (is_role(manifest, k, rows[i][0])) {
                *ret_type = rows[i][1];
                return CRET_OK;
            }
        }
    }
    cret_err_usage(err, "the release has no file for a device: an OPC UA package needs one");
    cret_err_where(err, "files[].role");
    return cret_err_expected(err, "firmware, software or configuration");
}

/* Files whose part is known. NULL: memory. */
static json_t *describe_files(const struct cret_manifest *manifest, bool single)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < manifest->file_count; i++) {
        char name[256];
        const char *type = is_content(manifest, i) && single       ? "DeploymentItem_0"
                           : is_role(manifest, i, "release-notes") ? "ReleaseNotes_1"
                                                                   : NULL;
        if (type == NULL || !cret_package_place(name, sizeof(name), manifest, i)) {
            continue;
        }
        struct cret_build file = cret_build_object();
        cret_build_string(&file, "FileType", type);
        cret_build_string(&file, "FileName", name);
        cret_build_string(&file, "MimeType", manifest->files[i].media_type);
        cret_build_add(&list, cret_build_end(&file));
    }
    return cret_build_end(&list);
}

static json_t *describe_targets(const struct cret_manifest *manifest)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH (model, cret_json_get(manifest->json, "product.modelNumbers")) {
        struct cret_build target = cret_build_object();
        cret_build_string(&target, "ProductCode", json_string_value(model));
        cret_build_string(&target, "Model", manifest->product);
        cret_build_add(&list, cret_build_end(&target));
    }
    return cret_build_end(&list);
}

static enum cret_status build(json_t **ret_json, const struct cret_manifest *manifest,
                              const char *uri, const char *type, struct cret_err *err)
{
    size_t content = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        content += is_content(manifest, i) ? 1 : 0;
    }
    const char *build_id = cret_json_string(manifest->json, "release.buildId");
    char *revision = cret_text_printf("%s%s%s", manifest->version, build_id != NULL ? "-" : "",
                                      build_id != NULL ? build_id : "");
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "Name", manifest->product);
    cret_build_string(&json, "ManufacturerUri", uri);
    cret_build_string(&json, "Manufacturer", manifest->vendor);
    cret_build_string(&json, "PackageRevision", revision);
    cret_build_string(&json, "PackageType", type);
    cret_build_boolean(&json, "DeployCompletePackage", content != 1);
    cret_build_string(&json, "SoftwareRevision", manifest->version);
    cret_build_time(&json, "ReleaseDate", manifest->date);
    cret_build_put(&json, "UpdateTargets", describe_targets(manifest));
    cret_build_put(&json, "Files", describe_files(manifest, content == 1));
    json.failed |= revision == NULL;
    free(revision);
    return cret_build_take(ret_json, &json, err);
}

enum cret_status cret_package_describe(char **ret_text, size_t *ret_size,
                                       const struct cret_manifest *manifest, const char *uri,
                                       struct cret_err *err)
{
    const char *type = NULL;
    const char *own = cret_json_string(manifest->json, "manufacturer.uri");
    json_t *json = NULL;
    if (find_type(manifest, &type, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (own != NULL && uri != NULL && strcmp(own, uri) != 0) {
        cret_err_usage(err, "the release names another URI of its vendor than "
                            "--manufacturer-uri");
        cret_err_expected(err, "%s", own);
        return cret_err_actual(err, "%s", uri);
    }
    if (own == NULL && uri == NULL) {
        cret_err_usage(err, "an OPC UA package needs ManufacturerUri, and the release has no "
                            "manufacturer.uri");
        return cret_err_hint(err, "set manufacturer.uri in the release description, or give "
                                  "--manufacturer-uri URI");
    }
    if (build(&json, manifest, own != NULL ? own : uri, type, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_json_print(ret_text, ret_size, json, err);
    json_decref(json);
    return status;
}
