/* SPDX-License-Identifier: Apache-2.0 */
/* Loading a description: includes, --set, types, places. */
#include "signer/description/description.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "release/manifest/manifest.h"
#include "signer/description/typing.h"

#define STANDARD_INPUT "(standard input)"

/* Keeps a text for as long as the description lives. */
static const char *keep(struct cret_description *description, char *name, struct cret_err *err)
{
    char **grown = NULL;
    if (name != NULL) {
        grown = realloc(description->names,
                        (description->name_count + 1) * sizeof(*description->names));
    }
    if (grown == NULL) {
        free(name);
        cret_err_memory(err);
        return NULL;
    }
    description->names = grown;
    description->names[description->name_count++] = name;
    return name;
}

/* macOS gives the names in a folder with umlauts as two characters, where the description, like
 * most editors, has one: the name in the folder of `path` that reads the same, or path itself.
 * Frees path; NULL: out of memory. */
static char *spelled_as_there(char *path)
{
    struct cret_file_info info;
    bool exists = false;
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (path == NULL || cret_os_stat_path(&info, &exists, path, NULL) != CRET_OK || exists) {
        return path;
    }
    const char *name = slash != NULL ? slash + 1 : path;
    char *folder = slash != NULL ? strndup(path, (size_t)(name - path)) : strdup("./");
    char *found = path;
    if (folder != NULL && cret_os_open_directory(&fd, folder, NULL) == CRET_OK &&
        cret_os_list(&names, &count, fd, NULL) == CRET_OK) {
        for (size_t i = 0; i < count; i++) {
            if (cret_unicode_same(names[i], name)) {
                found = cret_text_printf("%s%s", folder, names[i]);
                free(path);
                break;
            }
        }
        cret_os_names_free(&names, count);
    }
    cret_os_close(&fd);
    free(folder);
    return found;
}

char *cret_description_resolve(const struct cret_mark *mark, const char *path)
{
    const char *slash = mark->line > 0 ? strrchr(mark->file, '/') : NULL;
    if (slash == NULL || path[0] == '/') {
        return spelled_as_there(strdup(path));
    }
    return spelled_as_there(
        cret_text_printf("%.*s/%s", (int)(slash - mark->file), mark->file, path));
}

/* What `over` lacks is moved out of `base`. Frees base. */
static enum cret_status merge(struct cret_node *over, struct cret_node **base, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    for (size_t i = 0; i < (*base)->count && status == CRET_OK; i++) {
        const char *key = (*base)->keys[i];
        struct cret_node *present = cret_node_get(over, key);
        if (present == NULL) {
            struct cret_node *moved = (*base)->items[i];
            (*base)->items[i] = NULL;
            status = cret_node_add(over, key, &(*base)->key_marks[i], moved, err);
        } else if (present->kind == CRET_NODE_MAPPING &&
                   (*base)->items[i]->kind == CRET_NODE_MAPPING) {
            status = merge(present, &(*base)->items[i], err);
        }
    }
    cret_node_free(base);
    return status;
}

static enum cret_status load_file(struct cret_description *description, char *path, unsigned depth,
                                  struct cret_node **ret_root, struct cret_err *err);

/* Merges what one entry of `include:` names below root. */
static enum cret_status include_one(struct cret_description *description, struct cret_node *root,
                                    const struct cret_node *entry, unsigned depth,
                                    struct cret_err *err)
{
    if (entry->kind != CRET_NODE_SCALAR || entry->text[0] == '\0') {
        cret_err_usage(err, "include: takes a file name or a list of file names");
        cret_mark_where(err, &entry->mark);
        return cret_err_expected(err, "include: company.yaml");
    }
    if (depth + 1 >= CRET_DESCRIPTION_INCLUDE_DEPTH ||
        description->name_count >= CRET_DESCRIPTION_FILES) {
        cret_err_usage(err, "too many files include each other");
        cret_mark_where(err, &entry->mark);
        cret_err_actual(err, "%s", entry->text);
        return cret_err_hint(err, "does a file include itself?");
    }
    struct cret_node *base = NULL;
    if (load_file(description, cret_description_resolve(&entry->mark, entry->text), depth + 1,
                  &base, err) != CRET_OK) {
        struct cret_err copy = *err;
        if (copy.where[0] == '\0') {
            cret_mark_where(err, &entry->mark);
        }
        return CRET_FAILED;
    }
    return merge(root, &base, err);
}

static enum cret_status include_all(struct cret_description *description, struct cret_node *root,
                                    unsigned depth, struct cret_err *err)
{
    struct cret_node *include = cret_node_take(root, "include");
    enum cret_status status = CRET_OK;
    if (include == NULL) {
        return CRET_OK;
    }
    if (include->kind == CRET_NODE_SEQUENCE) {
        for (size_t i = include->count; i > 0 && status == CRET_OK; i--) {
            status = include_one(description, root, include->items[i - 1], depth, err);
        }
    } else {
        status = include_one(description, root, include, depth, err);
    }
    cret_node_free(&include);
    return status;
}

/* path: owned by this call. */
static enum cret_status load_file(struct cret_description *description, char *path, unsigned depth,
                                  struct cret_node **ret_root, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    struct cret_node *root = NULL;
    const char *name = keep(description, path, err);
    if (name == NULL) {
        return CRET_FAILED;
    }
    if (depth == 0 && strcmp(name, STANDARD_INPUT) == 0) {
        status = cret_file_read_fd(&text, &size, 0, CRET_LIMIT_DESCRIPTION_BYTES, err);
    } else {
        status =
            cret_file_read(&text, &size, name, CRET_LIMIT_DESCRIPTION_BYTES, CRET_ERR_USAGE, err);
    }
    if (status != CRET_OK) {
        return cret_err_context(err, "cannot read the description %s", name);
    }
    status = cret_yaml_parse(&root, text, size, name, err);
    if (status == CRET_OK && root->kind != CRET_NODE_MAPPING) {
        cret_err_usage(err, "this is not a release description");
        cret_mark_where(err, &root->mark);
        cret_err_expected(err, "fields at the top: product:, release:, files:");
        status = cret_err_hint(err, "cretula-sign init writes one to start from");
    }
    if (status == CRET_OK) {
        status = include_all(description, root, depth, err);
    }
    free(text);
    if (status != CRET_OK) {
        cret_node_free(&root);
        return CRET_FAILED;
    }
    *ret_root = root;
    return CRET_OK;
}

/* The node below `parent` that a part of a --set path names; a mapping is made where a mapping
 * lacks it. */
static struct cret_node *set_step(struct cret_node *parent, const char *part, size_t size,
                                  const struct cret_mark *mark, struct cret_err *err)
{
    if (parent->kind == CRET_NODE_SEQUENCE) {
        size_t index = 0;
        for (size_t i = 0; i < size; i++) {
            if (part[i] < '0' || part[i] > '9' || index > CRET_LIMIT_FILES) {
                index = SIZE_MAX;
                break;
            }
            index = 10 * index + (size_t)(part[i] - '0');
        }
        if (index < parent->count) {
            return parent->items[index];
        }
        cret_err_usage(err, "there is no such entry in the list");
        cret_err_expected(err, "a number below %zu", parent->count);
        cret_err_actual(err, "%.*s", (int)size, part);
        return NULL;
    }
    if (parent->kind != CRET_NODE_MAPPING) {
        cret_err_usage(err, "the path goes on behind a value");
        cret_err_actual(err, "%.*s", (int)size, part);
        return NULL;
    }
    const size_t known = cret_node_find(parent, part, size);
    if (known != SIZE_MAX) {
        return parent->items[known];
    }
    struct cret_node *made = cret_node_new(CRET_NODE_MAPPING, mark, NULL);
    char *key = strndup(part, size);
    if (made == NULL || key == NULL) {
        cret_err_memory(err);
        cret_node_free(&made);
    } else if (cret_node_add(parent, key, mark, made, err) != CRET_OK) {
        made = NULL;
    }
    free(key);
    return made;
}

/* Puts a plain scalar in the place of what a path names. */
static enum cret_status set_value(struct cret_node *node, const char *value,
                                  const struct cret_mark *mark, struct cret_err *err)
{
    if (node->kind == CRET_NODE_SEQUENCE || node->count > 0) {
        cret_err_usage(err, "the path names a group of fields, not one field");
        return cret_err_hint(err, "go on to the field, for example release.version=1.2.3");
    }
    if (node->kind == CRET_NODE_SCALAR && node->mark.line == 0) {
        cret_err_usage(err, "a field is set twice");
        return cret_err_hint(err, "give one --set for each field");
    }
    char *text = cret_unicode_compose(value);
    if (text == NULL) {
        return cret_err_memory(err);
    }
    free(node->text);
    node->text = text;
    node->kind = CRET_NODE_SCALAR;
    node->plain = true;
    node->mark = *mark;
    return CRET_OK;
}

static enum cret_status set_path(struct cret_description *description, const char *path,
                                 size_t size, const char *value, const struct cret_mark *mark,
                                 struct cret_err *err)
{
    struct cret_node *node = description->root;
    unsigned depth = 0;
    if (size == strlen("include") && strncmp(path, "include", size) == 0) {
        cret_err_usage(err, "include cannot be set");
        return cret_err_hint(err, "write include: into the description");
    }
    for (const char *part = path; part <= path + size && node != NULL;) {
        const char *dot = memchr(part, '.', (size_t)(path + size - part));
        const char *end = dot != NULL ? dot : path + size;
        if (end == part || ++depth >= CRET_LIMIT_JSON_DEPTH) {
            return cret_err_usage(err, end == part ? "the path has an empty part"
                                                   : "the path is too long");
        }
        node = set_step(node, part, (size_t)(end - part), mark, err);
        part = end + 1;
    }
    return node != NULL ? set_value(node, value, mark, err) : CRET_FAILED;
}

static enum cret_status apply_set(struct cret_description *description, const char *set,
                                  struct cret_err *err)
{
    const char *equals = strchr(set, '=');
    if (equals == NULL || equals == set || equals[1] == '\0') {
        cret_err_usage(err, equals != NULL && equals != set ? "--set has an empty value"
                                                            : "--set takes a path and a value");
        cret_err_expected(err, "--set release.version=1.2.3");
        cret_err_actual(err, "--set %s", set);
        return cret_err_hint(err, "perhaps a variable of the script is not set");
    }
    const size_t size = (size_t)(equals - set);
    struct cret_mark mark = {
        .file = keep(description, cret_text_printf("--set %.*s", (int)size, set), err)};
    if (mark.file == NULL) {
        return CRET_FAILED;
    }
    if (set_path(description, set, size, equals + 1, &mark, err) != CRET_OK) {
        return cret_mark_where(err, &mark);
    }
    return CRET_OK;
}

/* --set values, then the tree typed by the field tables. */
static enum cret_status settle(struct cret_description *description, const char *const *sets,
                               size_t set_count, struct cret_err *err)
{
    for (size_t i = 0; i < set_count; i++) {
        if (apply_set(description, sets[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    description->json = cret_node_to_json(description->root, cret_manifest_fields);
    return description->json != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_description_load(struct cret_description **ret_description, const char *path,
                                       const char *const *sets, size_t set_count,
                                       struct cret_err *err)
{
    struct cret_description *description = calloc(1, sizeof(*description));
    if (description == NULL) {
        return cret_err_memory(err);
    }
    if (load_file(description, strdup(strcmp(path, "-") == 0 ? STANDARD_INPUT : path), 0,
                  &description->root, err) != CRET_OK ||
        settle(description, sets, set_count, err) != CRET_OK) {
        cret_description_free(&description);
        return CRET_FAILED;
    }
    *ret_description = description;
    return CRET_OK;
}

enum cret_status cret_description_parse(struct cret_description **ret_description, const char *text,
                                        size_t size, const char *name, const char *const *sets,
                                        size_t set_count, struct cret_err *err)
{
    struct cret_description *description = calloc(1, sizeof(*description));
    if (description == NULL) {
        return cret_err_memory(err);
    }
    const char *kept = keep(description, strdup(name), err);
    if (kept == NULL || cret_yaml_parse(&description->root, text, size, kept, err) != CRET_OK ||
        settle(description, sets, set_count, err) != CRET_OK) {
        cret_description_free(&description);
        return CRET_FAILED;
    }
    *ret_description = description;
    return CRET_OK;
}

void cret_description_free(struct cret_description **description)
{
    if (description == NULL || *description == NULL) {
        return;
    }
    cret_node_free(&(*description)->root);
    json_decref((*description)->json);
    for (size_t i = 0; i < (*description)->name_count; i++) {
        free((*description)->names[i]);
    }
    free((*description)->names);
    free(*description);
    *description = NULL;
}

enum cret_status cret_description_validate(const struct cret_description *description,
                                           struct cret_findings *findings)
{
    return cret_schema_validate(cret_manifest_fields, description->json, CRET_SCHEMA_DESCRIPTION,
                                CRET_CHECK_MANIFEST_FORM, findings);
}

/* The next part of a JSON pointer, unescaped (RFC 6901). Returns what follows it, NULL at the end.
 * *ret_part: caller frees; NULL: out of memory. */
static const char *pointer_part(const char *pointer, char **ret_part)
{
    const size_t size = strcspn(pointer, "/");
    char *part = malloc(size + 1);
    size_t length = 0;
    for (size_t i = 0; part != NULL && i < size; i++) {
        char c = pointer[i];
        if (c == '~' && i + 1 < size) {
            c = pointer[++i] == '1' ? '/' : '~';
        }
        part[length++] = c;
    }
    if (part != NULL) {
        part[length] = '\0';
    }
    *ret_part = part;
    return pointer[size] == '/' ? pointer + size + 1 : NULL;
}

struct cret_mark cret_description_locate(const struct cret_description *description,
                                         const char *pointer)
{
    const struct cret_node *node = description->root;
    struct cret_mark mark = node->mark;
    const char *rest = strncmp(pointer, "#/", 2) == 0 ? pointer + 2 : NULL;
    while (rest != NULL && node != NULL) {
        char *part = NULL;
        rest = pointer_part(rest, &part);
        size_t index = SIZE_MAX;
        if (part != NULL && node->kind == CRET_NODE_MAPPING) {
            index = cret_node_find(node, part, strlen(part));
        } else if (part != NULL && node->kind == CRET_NODE_SEQUENCE && part[0] != '\0' &&
                   strspn(part, "0123456789") == strlen(part) && strlen(part) < 10) {
            index = (size_t)strtoul(part, NULL, 10);
        }
        free(part);
        if (index >= node->count) {
            break;
        }
        if (node->kind == CRET_NODE_MAPPING && node->items[index]->mark.line > 0) {
            mark = node->key_marks[index];
        } else {
            mark = node->items[index]->mark;
        }
        node = node->items[index];
    }
    return mark;
}

char *cret_description_field_name(const char *pointer)
{
    struct cret_buffer name = {0};
    const char *rest = strncmp(pointer, "#/", 2) == 0 ? pointer + 2 : NULL;
    cret_buffer_append(&name, "", 0);
    while (rest != NULL) {
        char *part = NULL;
        rest = pointer_part(rest, &part);
        if (part == NULL) {
            cret_buffer_free(&name);
            return NULL;
        }
        if (part[0] != '\0' && strspn(part, "0123456789") == strlen(part)) {
            cret_buffer_printf(&name, "[%s]", part);
        } else {
            cret_buffer_printf(&name, "%s%s", name.size > 0 ? "." : "", part);
        }
        free(part);
    }
    if (name.failed || name.data == NULL) {
        cret_buffer_free(&name);
        return strdup("");
    }
    return name.data;
}

static enum cret_status default_string(json_t *object, const char *name, const char *value)
{
    if (json_object_get(object, name) != NULL) {
        return CRET_OK;
    }
    return json_object_set_new(object, name, json_string(value)) == 0 ? CRET_OK : CRET_FAILED;
}

json_t *cret_description_complete(const struct cret_description *description, int64_t date)
{
    char text[32];
    cret_time_format(text, date);
    json_t *json = json_deep_copy(description->json);
    if (json == NULL) {
        return NULL;
    }
    json_object_del(json, "files");
    json_object_del(json, "include");
    enum cret_status status = default_string(json, "origin", "vendor");
    if (default_string(json_object_get(json, "release"), "date", text) != CRET_OK) {
        status = CRET_FAILED;
    }
    size_t index = 0;
    json_t *document = NULL;
    json_array_foreach(json_object_get(json, "documents"), index, document)
    {
        const bool included = json_object_get(document, "file") != NULL;
        if (default_string(document, "availability", included ? "included" : "onRequest") !=
            CRET_OK) {
            status = CRET_FAILED;
        }
    }
    if (status != CRET_OK) {
        json_decref(json);
        return NULL;
    }
    return json;
}
