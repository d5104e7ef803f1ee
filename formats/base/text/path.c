/* SPDX-License-Identifier: Apache-2.0 */
/* Which names an archive can hold, and how two of them clash. */
#include "base/text/path.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/finding/limits.h"
#include "base/text/path_internal.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

enum {
    USTAR_NAME = 100,
    USTAR_PREFIX = 155,
    ORIGINAL_BYTES = 1024,
    ORIGINAL_COMPONENT_BYTES = 255,
    ORIGINAL_DEPTH = 32,
};

bool cret_path_character(char character, bool first)
{
    if ((character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
        (character >= '0' && character <= '9') || character == '_') {
        return true;
    }
    return !first && character != '\0' && strchr(".+@~,-", character) != NULL;
}

bool cret_path_device_name(const char *component, size_t size)
{
    static const char *const names[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    static const char *const numbers[] = {"0", "1", "2", "3",      "4",      "5",     "6",
                                          "7", "8", "9", "\u00b9", "\u00b2", "\u00b3"};
    /* Windows ignores everything after the first dot or colon, and blanks before it. */
    size_t stem = 0;
    while (stem < size && component[stem] != '.' && component[stem] != ':') {
        stem++;
    }
    while (stem > 0 && component[stem - 1] == ' ') {
        stem--;
    }
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (stem == strlen(names[i]) && strncasecmp(component, names[i], stem) == 0) {
            return true;
        }
    }
    if (stem < 4 ||
        (strncasecmp(component, "COM", 3) != 0 && strncasecmp(component, "LPT", 3) != 0)) {
        return false;
    }
    for (size_t i = 0; i < CRET_LENGTH(numbers); i++) {
        if (stem - 3 == strlen(numbers[i]) && memcmp(component + 3, numbers[i], stem - 3) == 0) {
            return true;
        }
    }
    return false;
}

bool cret_path_splits(const char *path, size_t size)
{
    if (size <= USTAR_NAME) {
        return true;
    }
    for (size_t i = size - 1; i > 0; i--) {
        if (path[i] == '/' && i <= USTAR_PREFIX && size - i - 1 <= USTAR_NAME) {
            return true;
        }
    }
    return false;
}

bool cret_path_reserved(const char *path)
{
    size_t first = strcspn(path, "/");
    return strcasecmp(path, "MANIFEST.json") == 0 ||
           (first == strlen("SIGNATURES") && strncasecmp(path, "SIGNATURES", first) == 0);
}

/* What is wrong with one component, or NULL. */
static const char *component_fault(const char *component, size_t size)
{
    if (size == 0) {
        return "has an empty part (it begins or ends with '/', or has two of them side by side)";
    }
    for (size_t i = 0; i < size; i++) {
        if (!cret_path_character(component[i], i == 0)) {
            return i == 0 ? "has a part that begins with a character other than A-Z, a-z, 0-9, _"
                          : "has a character other than A-Z, a-z, 0-9, and ._+@~,-";
        }
    }
    if (size > CRET_LIMIT_COMPONENT_BYTES) {
        return "has a part of more than 100 bytes";
    }
    if (component[size - 1] == '.') {
        return "has a part that ends with a dot, which Windows drops";
    }
    if (cret_path_device_name(component, size)) {
        return "has a part that is a device name of Windows";
    }
    return NULL;
}

static const char *path_fault(const char *path)
{
    size_t size = strlen(path);
    if (size == 0) {
        return "is empty";
    }
    if (path[0] == '/') {
        return "is absolute";
    }
    for (const char *part = path; part != NULL;) {
        size_t part_size = strcspn(part, "/");
        const char *fault = component_fault(part, part_size);
        if (fault != NULL) {
            return fault;
        }
        part = part[part_size] == '/' ? part + part_size + 1 : NULL;
    }
    if (size > CRET_LIMIT_PATH_BYTES) {
        return "is longer than 200 bytes";
    }
    if (!cret_path_splits(path, size)) {
        return "has no '/' where a tar header can split it (at most 155 bytes before, 100 after)";
    }
    if (cret_path_reserved(path)) {
        return "is kept for the manifest and the signatures";
    }
    return NULL;
}

enum cret_status cret_path_check(const char *path, struct cret_err *err)
{
    const char *fault = path_fault(path);
    if (fault == NULL) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_FILE_PATHS, "the file name %s", fault);
    cret_err_where(err, "%s", path);
    cret_err_actual(err, "%s", path);
    return cret_err_expected(err, "a relative name such as docs/Manual_V2.pdf");
}

/* A path with its place in the list, for sorting without regard to case. */
struct folded {
    const char *path;
    size_t index;
};

/* '/' sorts below every other byte, so that what lies in a folder follows its name at once. */
static int folded_byte(char byte)
{
    if (byte == '/') {
        return 1;
    }
    if (byte >= 'A' && byte <= 'Z') {
        byte = (char)(byte - 'A' + 'a');
    }
    return byte == '\0' ? 0 : 1 + (unsigned char)byte;
}

static int compare_folded(const void *left, const void *right)
{
    const struct folded *a = left, *b = right;
    size_t i = 0;
    while (a->path[i] != '\0' && folded_byte(a->path[i]) == folded_byte(b->path[i])) {
        i++;
    }
    int difference = folded_byte(a->path[i]) - folded_byte(b->path[i]);
    if (difference != 0) {
        return difference;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Whether b, its neighbour in the sorted list, is a again or lies below it. */
static bool folded_collide(const char *a, const char *b)
{
    size_t size = strlen(a);
    return strncasecmp(a, b, size) == 0 && (b[size] == '\0' || b[size] == '/');
}

static enum cret_status check_collisions(const char *const *paths, size_t count, size_t *ret_index,
                                         struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct folded *list = reallocarray(NULL, count, sizeof(*list));
    if (list == NULL) {
        *ret_index = 0;
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct folded){.path = paths[i], .index = i};
    }
    qsort(list, count, sizeof(*list), compare_folded);
    for (size_t i = 1; i < count; i++) {
        const struct folded *a = &list[i - 1], *b = &list[i];
        if (!folded_collide(a->path, b->path)) {
            continue;
        }
        *ret_index = a->index > b->index ? a->index : b->index;
        cret_err_refuse(err, CRET_CHECK_FILE_PATHS,
                        strlen(a->path) == strlen(b->path)
                            ? "two file names are the same without regard to case"
                            : "a file name is also the folder of another one");
        cret_err_where(err, "%s", paths[*ret_index]);
        cret_err_expected(err, "names that are different on every system");
        cret_err_actual(err, "%.150s and %.150s", a->path, b->path);
        goto out;
    }
    status = CRET_OK;
out:
    free(list);
    return status;
}

enum cret_status cret_path_check_all(const char *const *paths, size_t count, size_t *ret_index,
                                     struct cret_err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (cret_path_check(paths[i], err) != CRET_OK) {
            *ret_index = i;
            return CRET_FAILED;
        }
        int order = i == 0 ? -1 : strcmp(paths[i - 1], paths[i]);
        if (order >= 0) {
            *ret_index = i;
            cret_err_refuse(err, CRET_CHECK_FILE_PATHS, "%s",
                            order == 0 ? "a file is listed twice"
                                       : "the files are not sorted by name");
            cret_err_where(err, "%s", paths[i]);
            cret_err_expected(err, "a name that sorts (bytewise) after %s", paths[i - 1]);
            return cret_err_actual(err, "%s", paths[i]);
        }
    }
    return count < 2 ? CRET_OK : check_collisions(paths, count, ret_index, err);
}

bool cret_path_original_safe(const char *name)
{
    size_t size = strlen(name);
    if (size == 0 || size > ORIGINAL_BYTES || !cret_text_clean(name, false)) {
        return false;
    }
    for (const char *part = name; part != NULL;) {
        size_t part_size = strcspn(part, "/");
        if (part_size == 0 || part_size > ORIGINAL_COMPONENT_BYTES || part[part_size - 1] == '.' ||
            part[part_size - 1] == ' ' || strcspn(part, "\\:*?\"<>|") < part_size ||
            cret_path_device_name(part, part_size)) {
            return false;
        }
        part = part[part_size] == '/' ? part + part_size + 1 : NULL;
    }
    return true;
}

bool cret_path_climbs(const char *name)
{
    for (const char *part = name; part != NULL;) {
        const size_t size = strcspn(part, "/");
        if (size == 2 && memcmp(part, "..", 2) == 0) {
            return true;
        }
        part = part[size] == '/' ? part + size + 1 : NULL;
    }
    return false;
}

char *cret_path_fold(const char *name)
{
    return cret_unicode_fold(name);
}

bool cret_path_original_restorable(const char *name)
{
    unsigned depth = 0;
    for (const char *part = name; part != NULL; depth++) {
        if (part[0] == '-' || depth >= ORIGINAL_DEPTH) {
            return false;
        }
        part = strchr(part, '/');
        part = part != NULL ? part + 1 : NULL;
    }
    return cret_path_original_safe(name) && cret_text_visible(name) && cret_unicode_composed(name);
}

const char *cret_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
