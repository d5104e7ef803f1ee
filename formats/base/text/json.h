/* SPDX-License-Identifier: Apache-2.0 */
/* Strict JSON over jansson: one reader for everything that this project parses as JSON. */
#ifndef CRET_BASE_JSON_H
#define CRET_BASE_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"
#include "base/text/text.h"

/* What a JSON text may hold beyond the strict form of our own formats. */
enum cret_json_flavour {
    CRET_JSON_STRICT,  /* whole numbers within +-2^53-1 only: our own formats */
    CRET_JSON_FOREIGN, /* reals allowed: SBOM, CSAF; still no duplicate keys, no NUL, valid UTF-8 */
};

/* Draws the secret that keeps objects fast whatever their keys are: before a process is confined,
 * since jansson reads it from a device. Again: nothing. */
void cret_json_prepare(void);

/*
 * Parses exactly one JSON text: UTF-8 (a byte order mark is passed over in FOREIGN texts, as RFC
 * 8259 section 8.1 allows, and refused in ours, which are signed and hashed as a whole), no
 * duplicate keys, no U+0000, depth at most CRET_LIMIT_JSON_DEPTH, nothing after it but white space.
 * Depth is checked before jansson sees the text. Sets *ret_json (caller: json_decref). On failure
 * err is class REFUSED with `check`, or UNDECIDED for memory; err->where is "line L, column C".
 */
CRET_MUST_CHECK enum cret_status cret_json_parse(json_t **ret_json, const char *text, size_t size,
                                                 enum cret_json_flavour flavour,
                                                 enum cret_check_id check, struct cret_err *err);

/*
 * The one written form: two-space indentation, keys in insertion order, a line break at the end,
 * non-ASCII as UTF-8. Caller frees *ret_text. Fails only for memory.
 */
CRET_MUST_CHECK enum cret_status cret_json_print(char **ret_text, size_t *ret_size,
                                                 const json_t *json, struct cret_err *err);

/*
 * The same, where it has at most `most` bytes; without indentation and line breaks within, where it
 * would have more, so that a reader that takes no more than that reads what is only indented.
 * *ret_size may be beyond `most` all the same.
 */
CRET_MUST_CHECK enum cret_status cret_json_print_within(char **ret_text, size_t *ret_size,
                                                        const json_t *json, size_t most,
                                                        struct cret_err *err);

/* A list that is too long to be held as a tree. */
struct cret_json_list {
    const char
        *key;       /* its key; in the tree it is an empty array, at no other place of that depth */
    unsigned depth; /* of the object that holds it: 0 for the root */
    size_t count;
    json_t *(*element)(void *context, size_t index); /* new reference, or NULL: out of memory */
    void *context;
};

/*
 * Prints json as cret_json_print() would if the list's elements stood in it, making and printing
 * one element at a time. Caller frees *ret_text. Fails for memory, or, class UNDECIDED, where json
 * does not have the empty array exactly once.
 */
CRET_MUST_CHECK enum cret_status cret_json_print_list(char **ret_text, size_t *ret_size,
                                                      const json_t *json,
                                                      const struct cret_json_list *list,
                                                      struct cret_err *err);

/* Appends "/name" with ~ and / escaped (RFC 6901) to a pointer. */
void cret_json_pointer_push(struct cret_buffer *pointer, const char *name);
void cret_json_pointer_push_index(struct cret_buffer *pointer, size_t index);

/* Value lookups that never fail: NULL / fallback where absent or of another type. path is dotted,
 * e.g. "release.version". */
const char *cret_json_string(const json_t *object, const char *path);
int64_t cret_json_integer(const json_t *object, const char *path, int64_t fallback);
bool cret_json_boolean(const json_t *object, const char *path, bool fallback);
const json_t *cret_json_get(const json_t *object, const char *path);
/* Whether an array of texts has this one; false where either is NULL. */
bool cret_json_lists(const json_t *array, const char *text);

/*
 * Runs the block behind it for every entry of an array, in order, with `one`, a json_t * that only
 * the block has, for the entry: CRET_JSON_EACH(component, components) { ... }. It is one loop to
 * break and continue. What is no array, NULL too, has no entries. `array` is asked before each one.
 */
#define CRET_JSON_EACH(one, array) CRET_JSON_EACH_AT (one##_at, one, array)
/* The same, where the block also needs the entry's place in the array. */
#define CRET_JSON_EACH_AT(index, one, array)                                                       \
    for (size_t index = 0, index##_once = 1; index##_once != 0; index##_once = 0)                  \
        for (json_t * one; (one = json_array_get((array), index)) != NULL; index++)

/*
 * The same over the members of an object, in the order in which they were set: `key` is a const
 * char *, `value` a json_t *. The block may change values, and adds and takes away none.
 */
#define CRET_JSON_MEMBERS(key, value, object)                                                      \
    for (void *key##_at = json_object_iter(CRET_JSON_WRITABLE(object)); key##_at != NULL;          \
         key##_at = NULL)                                                                          \
        for (const char *key = json_object_iter_key(key##_at); key != NULL; key = NULL)            \
            for (json_t *value = json_object_iter_value(key##_at); value != NULL;                  \
                 key##_at = json_object_iter_next(CRET_JSON_WRITABLE(object), key##_at),           \
                        key = json_object_iter_key(key##_at),                                      \
                        value = json_object_iter_value(key##_at))
/* jansson asks for a pointer that it could write through where it only reads. */
#define CRET_JSON_WRITABLE(json) ((json_t *)(uintptr_t)(json))

#endif
