/* SPDX-License-Identifier: Apache-2.0 */
/* The tar of a set of SPDX documents: its files, strictly. */
#include "release/sbom/sbom_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"

#define BLOCK 512u
#define DOCUMENTS 20000u /* of one set: a large image has some 5000 */

/* One walk over the headers. */
struct walk {
    struct cret_set *set;
    const char *text;
    size_t size, at;
    size_t capacity;
    char path[1024]; /* that a pax header gave the next file; "": none */
    json_t *names;
};

bool cret_set_is(const char *text, size_t size)
{
    return size >= BLOCK && memcmp(text + 257, "ustar", 5) == 0;
}

static enum cret_status refuse(struct cret_err *err, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "the tar of documents %s", what);
    cret_err_expected(err, "files and folders alone, as tar --format=ustar or pax writes them");
    return cret_err_hint(err, "make it again: tar --format=ustar -cf SET.tar -C FOLDER .");
}

/* Octal digits up to a NUL or blank. */
static bool octal(const char *field, size_t size, uint64_t *ret_value)
{
    uint64_t value = 0;
    size_t at = 0;
    while (at < size && field[at] >= '0' && field[at] <= '7') {
        value = value * 8 + (uint64_t)(field[at++] - '0');
    }
    *ret_value = value;
    return at > 0 && (at == size || field[at] == '\0' || field[at] == ' ');
}

static bool sum_is_right(const char *header)
{
    uint64_t sum = 0, said = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        sum += i >= 148 && i < 156 ? ' ' : (uint8_t)header[i];
    }
    return octal(header + 148, 8, &said) && said == sum;
}

/* "LENGTH key=value\n" after each other: `path` counts, what changes the size is refused. */
static bool read_pax(struct walk *walk, const char *text, size_t size)
{
    while (size > 0) {
        char *end = NULL;
        char number[12] = "";
        memcpy(number, text, size < sizeof(number) - 1 ? size : sizeof(number) - 1);
        const unsigned long length = strtoul(number, &end, 10);
        const size_t head = (size_t)(end - number) + 1;
        if (head < 2 || *end != ' ' || length <= head || length > size ||
            text[length - 1] != '\n') {
            return false;
        }
        const char *key = text + head;
        const size_t rest = length - head - 1;
        if (rest > 5 && memcmp(key, "path=", 5) == 0) {
            if (rest - 5 >= sizeof(walk->path) || memchr(key, '\0', rest) != NULL) {
                return false;
            }
            snprintf(walk->path, sizeof(walk->path), "%.*s", (int)(rest - 5), key + 5);
        } else if ((rest > 5 && memcmp(key, "size=", 5) == 0) ||
                   (rest > 3 && memcmp(key, "GNU", 3) == 0)) {
            return false;
        }
        text += length;
        size -= length;
    }
    return true;
}

/* The name of the file whose header this is. */
static void name_of(struct walk *walk, const char *header, char *name, size_t size)
{
    const bool posix = memcmp(header + 257, "ustar\0", 6) == 0;
    if (walk->path[0] != '\0') {
        snprintf(name, size, "%s", walk->path);
    } else if (posix && header[345] != '\0') {
        snprintf(name, size, "%.155s/%.100s", header + 345, header);
    } else {
        snprintf(name, size, "%.100s", header);
    }
    walk->path[0] = '\0';
    const size_t skip = strncmp(name, "./", 2) == 0 ? 2 : 0;
    memmove(name, name + skip, strlen(name + skip) + 1);
}

static enum cret_status add_file(struct walk *walk, const char *name, size_t size,
                                 struct cret_err *err)
{
    struct cret_set *set = walk->set;
    if (name[0] == '\0' || !cret_utf8_valid(name, strlen(name))) {
        return refuse(err, "has a file whose name is no UTF-8 text");
    }
    if (json_object_get(walk->names, name) != NULL) {
        refuse(err, "has two files of one name");
        return cret_err_actual(err, "%s", name);
    }
    if (set->count == DOCUMENTS) {
        return refuse(err, "has more than 20000 files");
    }
    if (set->count == walk->capacity) {
        const size_t capacity = walk->capacity == 0 ? 64 : 2 * walk->capacity;
        struct cret_set_document *list = realloc(set->list, capacity * sizeof(*list));
        if (list == NULL) {
            return cret_err_memory(err);
        }
        set->list = list;
        walk->capacity = capacity;
    }
    struct cret_set_document *document = &set->list[set->count++];
    *document = (struct cret_set_document){
        .name = strdup(name),
        .place = cret_text_printf("%s!/%s", set->file, name),
        .text = walk->text + walk->at + BLOCK,
        .size = size,
        .index = strcmp(name, "index.json") == 0,
        .names = json_object(),
    };
    return document->name == NULL || document->place == NULL || document->names == NULL ||
                   json_object_set_new(walk->names, name, json_true()) != 0
               ? cret_err_memory(err)
               : CRET_OK;
}

static bool is_zero(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\0') {
            return false;
        }
    }
    return true;
}

/* One header and what it stands before. */
static enum cret_status read_entry(struct walk *walk, struct cret_err *err)
{
    const char *header = walk->text + walk->at;
    char name[1200];
    uint64_t size = 0;
    if (!cret_set_is(header, BLOCK) || !sum_is_right(header) || !octal(header + 124, 12, &size)) {
        return refuse(err, "is damaged");
    }
    const size_t room = walk->size - walk->at - BLOCK;
    if (size > room) {
        return refuse(err, "ends in the middle of a file");
    }
    const char type = header[156];
    enum cret_status status = CRET_OK;
    if (type == 'x') {
        status = read_pax(walk, header + BLOCK, (size_t)size)
                     ? CRET_OK
                     : refuse(err, "has a pax header that is not understood");
    } else {
        name_of(walk, header, name, sizeof(name));
        if (type == '0' || type == '\0') {
            status = add_file(walk, name, (size_t)size, err);
        } else if (type != '5' || size != 0) {
            refuse(err, "holds something that is neither a file nor a folder");
            status = cret_err_actual(err, "%s (type %c)", name, type);
        }
    }
    const uint64_t padded = (size + BLOCK - 1) / BLOCK * BLOCK;
    walk->at += BLOCK + (size_t)(padded < room ? padded : room);
    return status;
}

static enum cret_status read_all(struct walk *walk, struct cret_err *err)
{
    while (walk->size - walk->at >= BLOCK && !is_zero(walk->text + walk->at, BLOCK)) {
        if (read_entry(walk, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (walk->path[0] != '\0' || !is_zero(walk->text + walk->at, walk->size - walk->at)) {
        return refuse(err, "has something behind its end");
    }
    return walk->set->count > 0 ? CRET_OK : refuse(err, "is empty");
}

enum cret_status cret_set_open(struct cret_set *ret_set, const char *text, size_t size,
                               const char *file, struct cret_err *err)
{
    *ret_set = (struct cret_set){.file = file, .namespaces = json_object()};
    struct walk walk = {.set = ret_set, .text = text, .size = size, .names = json_object()};
    const enum cret_status status = ret_set->namespaces == NULL || walk.names == NULL
                                        ? cret_err_memory(err)
                                        : read_all(&walk, err);
    json_decref(walk.names);
    if (status != CRET_OK) {
        cret_set_close(ret_set);
    }
    return status;
}

void cret_set_close(struct cret_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->list[i].name);
        free(set->list[i].place);
        free(set->list[i].prefix);
        for (size_t j = 0; j < CRET_LENGTH(set->list[i].digests); j++) {
            free(set->list[i].digests[j]);
        }
        json_decref(set->list[i].names);
    }
    free(set->list);
    json_decref(set->namespaces);
    *set = (struct cret_set){.count = 0};
}
