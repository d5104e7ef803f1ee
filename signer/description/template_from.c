/* SPDX-License-Identifier: Apache-2.0 */
/* A description out of the manifest of an earlier release (signer/description/template.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/path.h"
#include "signer/description/template.h"

#define STEP 2u /* columns of one level */

/* What YAML takes for text without quotes, in every reader. */
static bool plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off", NULL};
    const size_t size = strlen(text);
    if (size == 0 || text[size - 1] == ' ') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || strchr("0123456789 ._/+-", c) == NULL)) {
            return false;
        }
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcasecmp(words[i], text) == 0) {
            return false;
        }
    }
    return true;
}

static void append_text(struct cret_buffer *out, const char *text)
{
    if (plain(text)) {
        cret_buffer_printf(out, "%s", text);
        return;
    }
    cret_buffer_append(out, "\"", 1);
    cret_buffer_quoted(out, text, CRET_QUOTE_YAML);
    cret_buffer_append(out, "\"", 1);
}

static void append_value(struct cret_buffer *out, const json_t *json, size_t indentation);

/* The members of an object; the first one stands where the cursor is. */
static void append_members(struct cret_buffer *out, const json_t *object, size_t indentation)
{
    bool first = true;
    CRET_JSON_MEMBERS (key, value, object) {
        if (!first) {
            cret_buffer_printf(out, "%*s", (int)indentation, "");
        }
        first = false;
        append_text(out, key);
        cret_buffer_append(out, ":", 1);
        append_value(out, value, indentation);
    }
}

/* Behind "key:": a scalar on the same line, a collection on the next ones. */
static void append_value(struct cret_buffer *out, const json_t *json, size_t indentation)
{
    size_t index = 0;
    json_t *item = NULL;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        if (json_object_size(json) == 0) {
            cret_buffer_printf(out, " {}\n");
            return;
        }
        cret_buffer_printf(out, "\n%*s", (int)(indentation + STEP), "");
        append_members(out, json, indentation + STEP);
        return;
    case JSON_ARRAY:
        cret_buffer_printf(out, "%s", json_array_size(json) == 0 ? " []\n" : "\n");
        json_array_foreach(json, index, item)
        {
            cret_buffer_printf(out, "%*s-", (int)(indentation + STEP), "");
            if (json_is_object(item) && json_object_size(item) > 0) {
                cret_buffer_append(out, " ", 1);
                append_members(out, item, indentation + 2 * STEP);
            } else {
                append_value(out, item, indentation + STEP);
            }
        }
        return;
    case JSON_STRING:
        cret_buffer_append(out, " ", 1);
        append_text(out, json_string_value(json));
        break;
    case JSON_INTEGER:
        cret_buffer_printf(out, " %" JSON_INTEGER_FORMAT, json_integer_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        cret_buffer_printf(out, " %s", json_is_true(json) ? "true" : "false");
        break;
    default:
        cret_buffer_printf(out, " null");
        break;
    }
    cret_buffer_append(out, "\n", 1);
}

/* Whether collecting this source without a path would give it this path. */
static bool path_follows(const char *source, const char *path)
{
    char *mapped = NULL;
    const bool same = cret_path_map(&mapped, cret_path_name(source), NULL) == CRET_OK &&
                      strcmp(mapped, path) == 0;
    free(mapped);
    return same;
}

static void append_file(struct cret_buffer *out, const struct cret_manifest *manifest, size_t index)
{
    const struct cret_manifest_file *file = &manifest->files[index];
    const char *path = manifest->entries[index].path;
    const char *source =
        file->original != NULL && cret_path_original_safe(file->original) ? file->original : path;
    if (strcmp(path, CRET_CHECKSUMS_PATH) == 0) {
        return;
    }
    cret_buffer_printf(out, "  - source: ");
    append_text(out, source);
    if (!path_follows(source, path)) {
        cret_buffer_printf(out, "\n    path: ");
        append_text(out, path);
    }
    cret_buffer_printf(out, "\n    role: ");
    append_text(out, file->role);
    if (file->media_type != NULL) {
        cret_buffer_printf(out, "\n    mediaType: ");
        append_text(out, file->media_type);
    }
    cret_buffer_append(out, "\n", 1);
    if (file->hardware != NULL) {
        cret_buffer_printf(out, "    hardware:");
        append_value(out, file->hardware, 2 * STEP);
    }
    if (file->safety != CRET_SAFETY_NOT_SAID) {
        cret_buffer_printf(out, "    safetyRelevant: %s\n",
                           file->safety == CRET_SAFETY_RELEVANT ? "true" : "false");
    }
    if (file->safety_function != NULL) {
        cret_buffer_printf(out, "    safetyFunction: ");
        append_text(out, file->safety_function);
        cret_buffer_append(out, "\n", 1);
    }
}

/* The release changes most: what must change comes first and says so. */
static void append_release(struct cret_buffer *out, const struct cret_manifest *manifest)
{
    cret_buffer_printf(out, "release:\n  # Change these two. The sequence was %" PRId64 ".\n",
                       manifest->sequence);
    cret_buffer_printf(out, "  version: ");
    append_text(out, manifest->version);
    cret_buffer_printf(out, "\n  sequence: %" PRId64 "\n", manifest->sequence + 1);
    CRET_JSON_MEMBERS (key, value, json_object_get(manifest->json, "release")) {
        if (strcmp(key, "version") == 0 || strcmp(key, "sequence") == 0 ||
            strcmp(key, "date") == 0) {
            continue;
        }
        cret_buffer_printf(out, "  ");
        append_text(out, key);
        cret_buffer_append(out, ":", 1);
        append_value(out, value, STEP);
    }
}

void cret_template_from(struct cret_buffer *out, const struct cret_manifest *manifest,
                        const char *origin)
{
    char *safe = cret_text_escape(origin);
    char *version = cret_text_escape(manifest->version);
    cret_buffer_printf(out,
                       "# UNVERIFIED: taken from %s as it says of itself (version %s);\n"
                       "# no signature was checked. Sources are relative to this file.\n",
                       safe != NULL ? safe : "an archive", version != NULL ? version : "?");
    free(version);
    free(safe);
    for (const struct cret_field *field = cret_manifest_fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(manifest->json, field->name);
        if ((field->flags & CRET_GENERATED) != 0 || strcmp(field->name, "files") == 0) {
            continue;
        }
        if (value == NULL || strcmp(field->name, "origin") == 0) {
            continue;
        }
        cret_buffer_printf(out, "\n# %s\n", field->description);
        if (strcmp(field->name, "release") == 0) {
            append_release(out, manifest);
            continue;
        }
        cret_buffer_printf(out, "%s:", field->name);
        append_value(out, value, 0);
    }
    cret_buffer_printf(out, "\n# Every file of the release.\nfiles:\n");
    for (size_t i = 0; i < manifest->file_count; i++) {
        append_file(out, manifest, i);
    }
}
