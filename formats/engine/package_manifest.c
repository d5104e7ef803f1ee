/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a package, with the words of a manifest. */
#include "engine/package_manifest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"

static bool begins(const char *text, const char *words)
{
    return strncmp(text, words, strlen(words)) == 0;
}

/* Where the bytes of a member lie, where they lie as they are. */
static uint64_t place_of(const struct cret_zip_member *member)
{
    return member->offset + CRET_ZIP_HEADER_BYTES + member->below + strlen(member->name);
}

/* One member on the way to an entry. */
struct item {
    size_t member;
    char *path;
};

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct item *)left)->path, ((const struct item *)right)->path);
}

static const char *role_of(const char *name, const struct cret_package_metadata *metadata)
{
    if (!begins(name, "CONTENT/")) {
        return begins(name, "META/") || begins(name, CRET_PACKAGE_BELOW) ? "other" : "document";
    }
    return metadata->type == CRET_PACKAGE_FIRMWARE        ? "firmware"
           : metadata->type == CRET_PACKAGE_CONFIGURATION ? "configuration"
                                                          : "software";
}

static int64_t date_of(const struct cret_package_metadata *metadata)
{
    return metadata->release_date.given ? metadata->release_date.value : 0;
}

/* Product and release. NULL: memory. */
static json_t *statements(const struct cret_package_metadata *metadata)
{
    struct cret_build whole = cret_build_object(), product = cret_build_object(),
                      release = cret_build_object(), models = cret_build_list();
    bool any = false;
    CRET_JSON_EACH (target, json_object_get(metadata->json, "UpdateTargets")) {
        const char *code = cret_json_string(target, "ProductCode");
        if (code != NULL && code[0] != '\0') {
            cret_build_add(&models, json_string(code));
            any = true;
        }
    }
    json_t *list = cret_build_end(&models);
    cret_build_string(&product, "vendor", metadata->manufacturer);
    cret_build_string(&product, "name", metadata->name);
    if (any) {
        cret_build_share(&product, "modelNumbers", list);
    }
    product.failed |= list == NULL;
    json_decref(list);
    cret_build_string(&release, "version",
                      metadata->software_revision != NULL ? metadata->software_revision
                                                          : metadata->package_revision);
    cret_build_integer(&release, "sequence", 0);
    cret_build_string(&release, "buildId", metadata->package_revision);
    /* A record has a date of each release; that of a package which says none is the first one. */
    cret_build_time(&release, "date", date_of(metadata));
    cret_build_string(&whole, "origin", "vendor");
    cret_build_put(&whole, "product", cret_build_end(&product));
    cret_build_put(&whole, "release", cret_build_end(&release));
    return cret_build_end(&whole);
}

static enum cret_status list_items(struct item *items, size_t *ret_count,
                                   const struct cret_zip *zip, struct cret_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < zip->count; i++) {
        if (!cret_package_is_data(&zip->members[i])) {
            continue;
        }
        items[count].member = i;
        *ret_count = ++count;
        if (cret_path_map(&items[count - 1].path, zip->members[i].name, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    qsort(items, count, sizeof(*items), by_path);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(items[i - 1].path, items[i].path) == 0) {
            cret_err_refuse(err, CRET_CHECK_FILE_PATHS,
                            "two names become one where only portable letters are left");
            return cret_err_where(err, "%s, %s", zip->members[items[i - 1].member].name,
                                  zip->members[items[i].member].name);
        }
    }
    return CRET_OK;
}

/* Entries and files of these items, in a manifest of their own. */
static enum cret_status build(struct cret_manifest **ret_manifest, const struct item *items,
                              size_t count, const struct cret_zip *zip,
                              const struct cret_package_metadata *metadata, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_entry *entries = calloc(count + 1, sizeof(*entries));
    struct cret_manifest_file *files = calloc(count + 1, sizeof(*files));
    json_t *json = statements(metadata);
    if (entries == NULL || files == NULL || json == NULL) {
        json_decref(json);
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        const struct cret_zip_member *member = &zip->members[items[i].member];
        entries[i].path = items[i].path;
        entries[i].size = member->size;
        entries[i].offset = place_of(member);
        files[i].role = role_of(member->name, metadata);
        files[i].original = strcmp(items[i].path, member->name) == 0 ? NULL : member->name;
    }
    const struct cret_manifest_plan plan = {
        .json = json,
        .vendor = cret_json_string(json, "product.vendor"),
        .product = cret_json_string(json, "product.name"),
        .version = cret_json_string(json, "release.version"),
        .entries = entries,
        .files = files,
        .count = count,
    };
    status = cret_manifest_build(ret_manifest, &plan, err);
out:
    free(entries);
    free(files);
    return status;
}

enum cret_status cret_package_manifest(struct cret_manifest **ret_manifest, size_t **ret_entry_of,
                                       const struct cret_package *package,
                                       const struct cret_package_metadata *metadata,
                                       struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    size_t count = 0;
    enum cret_status status = CRET_FAILED;
    struct item *items = calloc(zip->count, sizeof(*items));
    size_t *entry_of = calloc(zip->count, sizeof(*entry_of));
    if (items == NULL || entry_of == NULL) {
        cret_err_memory(err);
    } else if (list_items(items, &count, zip, err) == CRET_OK) {
        status = build(ret_manifest, items, count, zip, metadata, err);
    }
    for (size_t i = 0; status == CRET_OK && i < zip->count; i++) {
        entry_of[i] = count;
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        entry_of[items[i].member] = i;
    }
    for (size_t i = 0; items != NULL && i < count; i++) {
        free(items[i].path);
    }
    free(items);
    if (status == CRET_OK) {
        (*ret_manifest)->date = date_of(metadata);
        *ret_entry_of = entry_of;
        return CRET_OK;
    }
    free(entry_of);
    return CRET_FAILED;
}

static enum cret_status disagree(struct cret_err *err, const char *where, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE, "%s", what);
    return cret_err_where(err, "%s", where);
}

/* The package type that a role belongs to; -1: none of what goes to a device. */
static int type_of(const char *role)
{
    static const struct {
        const char *role;
        int type;
    } rows[] = {{"firmware", CRET_PACKAGE_FIRMWARE},
                {"software", CRET_PACKAGE_APPLICATION},
                {"configuration", CRET_PACKAGE_CONFIGURATION}};
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (strcmp(role, rows[i].role) == 0) {
            return rows[i].type;
        }
    }
    return -1;
}

/* PackageType is that of the weightiest role of the release: firmware before software before
 * configuration. */
static enum cret_status match_type(const struct cret_manifest *manifest,
                                   const struct cret_package_metadata *metadata,
                                   struct cret_err *err)
{
    static const char *const words[] = {[CRET_PACKAGE_FIRMWARE] = "Firmware",
                                        [CRET_PACKAGE_APPLICATION] = "Application",
                                        [CRET_PACKAGE_CONFIGURATION] = "Configuration"};
    int found = -1;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const int type = type_of(manifest->files[i].role);
        found = type >= 0 && (found < 0 || type < found) ? type : found;
    }
    if (found >= 0 && found == (int)metadata->type) {
        return CRET_OK;
    }
    disagree(err, CRET_PACKAGE_METADATA_PATH ", #/PackageType",
             "the package is of another type than the files of its MANIFEST.json");
    return cret_err_expected(err, "%s", found >= 0 ? words[found] : "a file for a device");
}

/* The entry that a member below CONTENT/ or SUPPLEMENT/ is; file_count where it is none. */
static size_t entry_of_member(const struct cret_manifest *manifest, const char *name)
{
    static const char *const folders[] = {"CONTENT/", "SUPPLEMENT/"};
    for (size_t i = 0; i < CRET_LENGTH(folders); i++) {
        if (begins(name, folders[i])) {
            return cret_manifest_find(manifest, name + strlen(folders[i]));
        }
    }
    return manifest->file_count;
}

/* Each member of the package is a file of the release, or belongs to the package itself. */
static enum cret_status match_members(struct cret_manifest *manifest, size_t *entry_of, bool *seen,
                                      const struct cret_package *package, struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    for (size_t i = 0; i < zip->count; i++) {
        const struct cret_zip_member *member = &zip->members[i];
        entry_of[i] = manifest->file_count;
        if (!cret_package_is_data(member) ||
            strcmp(member->name, CRET_PACKAGE_METADATA_PATH) == 0 ||
            strcmp(member->name, CRET_PACKAGE_RELEASE_MANIFEST) == 0 ||
            begins(member->name, CRET_PACKAGE_RELEASE_SIGNATURES)) {
            continue;
        }
        const size_t entry = entry_of_member(manifest, member->name);
        if (entry == manifest->file_count) {
            return disagree(err, member->name,
                            "a file of the package that its MANIFEST.json does not list");
        }
        if (seen[entry]) {
            return disagree(err, member->name, "a file of the release lies twice in the package");
        }
        if (begins(member->name, "CONTENT/") != (type_of(manifest->files[entry].role) >= 0)) {
            disagree(err, member->name, "a file lies in the folder of another role");
            cret_err_expected(err, "firmware, software and configuration below CONTENT/, all "
                                   "else below SUPPLEMENT/");
            return cret_err_actual(err, "%s, as MANIFEST.json says", manifest->files[entry].role);
        }
        if (member->size != manifest->entries[entry].size) {
            disagree(err, member->name, "a file has another size than MANIFEST.json says");
            cret_err_expected(err, "%" PRIu64, manifest->entries[entry].size);
            return cret_err_actual(err, "%" PRIu64, member->size);
        }
        seen[entry] = true;
        entry_of[i] = entry;
        manifest->entries[entry].offset = place_of(member);
        manifest->entries[entry].has_fsverity = false;
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (!seen[i]) {
            return disagree(err, manifest->entries[i].path,
                            "a file that MANIFEST.json lists is not in the package");
        }
    }
    return CRET_OK;
}

static enum cret_status match_texts(const struct cret_manifest *manifest,
                                    const struct cret_package_metadata *metadata,
                                    struct cret_err *err)
{
    const struct {
        const char *field;
        const char *said, *wanted;
    } rows[] = {
        {"Manufacturer", metadata->manufacturer, manifest->vendor},
        {"Name", metadata->name, manifest->product},
        {"SoftwareRevision", metadata->software_revision, manifest->version},
    };
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if (rows[i].said == NULL || strcmp(rows[i].said, rows[i].wanted) != 0) {
            cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                            "the package says something else than the MANIFEST.json in it");
            cret_err_where(err, CRET_PACKAGE_METADATA_PATH ", #/%s", rows[i].field);
            cret_err_expected(err, "%s", rows[i].wanted);
            return cret_err_actual(err, "%s", rows[i].said != NULL ? rows[i].said : "nothing");
        }
    }
    const json_t *models = cret_json_get(manifest->json, "product.modelNumbers");
    CRET_JSON_EACH (target, json_object_get(metadata->json, "UpdateTargets")) {
        const char *code = cret_json_string(target, "ProductCode");
        if (code == NULL || !cret_json_lists(models, code)) {
            cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                            "the package is said to be for a product that MANIFEST.json does not "
                            "list");
            cret_err_where(err, CRET_PACKAGE_METADATA_PATH ", #/UpdateTargets");
            return cret_err_actual(err, "%s", code != NULL ? code : "no product code");
        }
    }
    return CRET_OK;
}

enum cret_status cret_package_agree(struct cret_manifest *manifest, size_t **ret_entry_of,
                                    const struct cret_package *package,
                                    const struct cret_package_metadata *metadata,
                                    struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    size_t *entry_of = calloc(package->zip->count, sizeof(*entry_of));
    bool *seen = calloc(manifest->file_count + 1, sizeof(*seen));
    if (entry_of == NULL || seen == NULL) {
        cret_err_memory(err);
    } else if (match_members(manifest, entry_of, seen, package, err) == CRET_OK) {
        status = match_type(manifest, metadata, err) == CRET_OK
                     ? match_texts(manifest, metadata, err)
                     : CRET_FAILED;
    }
    free(seen);
    if (status == CRET_OK) {
        *ret_entry_of = entry_of;
        return CRET_OK;
    }
    free(entry_of);
    return CRET_FAILED;
}
