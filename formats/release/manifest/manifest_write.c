/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a manifest in its one form. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/manifest/manifest_internal.h"

struct writer {
    const struct cret_entry *entries;
    const struct cret_manifest_file *files;
    size_t count;
    const struct cret_manifest_file **named; /* files with an original name, sorted by it */
    size_t named_count;
    const char **roles; /* of each file, by its use; NULL where it has none */
};

static int compare_originals(const void *left, const void *right)
{
    const struct cret_manifest_file *const *a = left, *const *b = right;
    return strcmp((*a)->original, (*b)->original);
}

static int compare_original_key(const void *key, const void *element)
{
    const struct cret_manifest_file *const *file = element;
    return strcmp(key, (*file)->original);
}

static void writer_free(struct writer *writer)
{
    free(writer->named);
    free(writer->roles);
}

static enum cret_status writer_init(struct writer *writer, struct cret_err *err)
{
    writer->named = calloc(writer->count + 1, sizeof(*writer->named));
    writer->roles = calloc(writer->count + 1, sizeof(*writer->roles));
    if (writer->named == NULL || writer->roles == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < writer->count; i++) {
        if (writer->files[i].original != NULL) {
            writer->named[writer->named_count++] = &writer->files[i];
        }
    }
    qsort(writer->named, writer->named_count, sizeof(*writer->named), compare_originals);
    return CRET_OK;
}

/* What a file is where only a reference says so. */
static const char *role_of_reference(const char *pattern)
{
    static const struct {
        const char *pattern, *role;
    } roles[] = {
        {"sbom[].file", "sbom"},
        {"advisories[].file", "advisory"},
        {"provenance[].file", "provenance"},
        {"declarationOfConformity.file", "declaration"},
        {"documents[].file", "document"},
    };
    for (size_t i = 0; i < CRET_LENGTH(roles); i++) {
        if (strcmp(pattern, roles[i].pattern) == 0) {
            return roles[i].role;
        }
    }
    return NULL;
}

/* Turns a reference by original name into one by path, and notes what the file is used for. */
static enum cret_status map_reference(void *context, enum cret_manifest_target target,
                                      const char *pointer, const char *pattern, json_t *value,
                                      struct cret_err *err)
{
    (void)pointer;
    struct writer *writer = context;
    if (target != CRET_TARGET_FILE) {
        return CRET_OK;
    }
    const char *name = json_string_value(value);
    const struct cret_entry *entry = cret_manifest_entry(writer->entries, writer->count, name);
    if (entry == NULL && writer->named_count > 0) {
        const struct cret_manifest_file *const *found = bsearch(
            name, writer->named, writer->named_count, sizeof(*writer->named), compare_original_key);
        entry = found != NULL ? &writer->entries[*found - writer->files] : NULL;
        if (entry != NULL && json_string_set(value, entry->path) != 0) {
            return cret_err_memory(err);
        }
    }
    if (entry != NULL && writer->roles[entry - writer->entries] == NULL) {
        writer->roles[entry - writer->entries] = role_of_reference(pattern);
    }
    return CRET_OK;
}

/* A member that is set only where it is absent. */
static int set_default(json_t *object, const char *name, const char *value)
{
    return json_object_get(object, name) != NULL
               ? 0
               : json_object_set_new(object, name, json_string(value));
}

/* The root: what the tools write, the defaults, an empty files[]. */
static enum cret_status complete_root(json_t *root, const struct cret_entry *checksums,
                                      struct cret_err *err)
{
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, checksums->sha256, CRET_SHA256_BYTES);
    json_object_del(root, "include");
    if (json_object_set_new(root, "cretula", json_string(CRET_MANIFEST_PURPOSE)) != 0 ||
        json_object_set_new(root, "checksums", json_string(hex)) != 0 ||
        json_object_set_new(root, "notice", json_string(cret_manifest_notice)) != 0 ||
        json_object_set_new(root, "files", json_array()) != 0 ||
        set_default(root, "origin", "vendor") != 0) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH (document, json_object_get(root, "documents")) {
        if (set_default(document, "availability",
                        json_object_get(document, "file") != NULL ? "included" : "onRequest") !=
            0) {
            return cret_err_memory(err);
        }
    }
    return CRET_OK;
}

/* One element of files[], members in the order of the table. NULL: memory. */
static json_t *file_json(void *context, size_t index)
{
    const struct writer *writer = context;
    const struct cret_entry *entry = &writer->entries[index];
    const struct cret_manifest_file *file = &writer->files[index];
    const char *role = file->role != NULL ? file->role : writer->roles[index];
    if (role == NULL) {
        role = strcmp(entry->path, CRET_CHECKSUMS_PATH) == 0 ? "checksums" : "other";
    }
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "path", entry->path);
    cret_build_string(&json, "originalName", file->original);
    cret_build_string(&json, "role", role);
    cret_build_string(&json, "mediaType", file->media_type);
    cret_build_integer(&json, "size", (int64_t)entry->size);
    cret_build_sha256(&json, "sha256", entry->sha256);
    cret_build_sha256(&json, "fsverity", entry->has_fsverity ? entry->fsverity : NULL);
    cret_build_share(&json, "hardware", file->hardware);
    if (file->safety != CRET_SAFETY_NOT_SAID) {
        cret_build_boolean(&json, "safetyRelevant", file->safety == CRET_SAFETY_RELEVANT);
    }
    cret_build_string(&json, "safetyFunction", file->safety_function);
    return cret_build_end(&json);
}

/* The elements go into the text one at a time: a tree of all of them would take four times the
 * memory. */
static enum cret_status print(char **ret_text, size_t *ret_size, const json_t *root,
                              struct writer *writer, struct cret_err *err)
{
    json_t *ordered = cret_schema_order(cret_manifest_fields, root);
    if (ordered == NULL) {
        return cret_err_memory(err);
    }
    const struct cret_json_list files = {
        .key = "files", .count = writer->count, .element = file_json, .context = writer};
    const enum cret_status status = cret_json_print_list(ret_text, ret_size, ordered, &files, err);
    json_decref(ordered);
    return status;
}

enum cret_status cret_manifest_write(char **ret_text, size_t *ret_size, const json_t *description,
                                     const struct cret_entry *entries,
                                     const struct cret_manifest_file *files, size_t count,
                                     struct cret_err *err)
{
    const struct cret_entry *checksums = cret_manifest_entry(entries, count, CRET_CHECKSUMS_PATH);
    if (checksums == NULL) {
        return cret_err_usage(err, "the files of the release lack " CRET_CHECKSUMS_PATH);
    }
    if (cret_json_string(description, "release.date") == NULL) {
        return cret_err_usage(err, "the release has no date");
    }
    enum cret_status status = CRET_FAILED;
    struct writer writer = {.entries = entries, .files = files, .count = count};
    json_t *root = json_deep_copy(description);
    if (root == NULL) {
        return cret_err_memory(err);
    }
    if (writer_init(&writer, err) != CRET_OK || complete_root(root, checksums, err) != CRET_OK ||
        cret_manifest_each_reference(root, map_reference, &writer, err) != CRET_OK ||
        print(ret_text, ret_size, root, &writer, err) != CRET_OK) {
        goto out;
    }
    status = CRET_OK;

out:
    writer_free(&writer);
    json_decref(root);
    return status;
}
