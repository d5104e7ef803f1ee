/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON object or list that is being built. A part that could not be made (memory, a text that is
 * no UTF-8) spoils the whole; that is asked once, at the end.
 */
#ifndef CRET_BASE_JSON_BUILD_H
#define CRET_BASE_JSON_BUILD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_build {
    json_t *json; /* owned */
    bool failed;
};

struct cret_build cret_build_object(void);
struct cret_build cret_build_list(void);
/* Goes on with what was made already: takes over the reference; NULL spoils. */
struct cret_build cret_build_on(json_t *json);

/* Each sets a member of an object. Takes over the reference; NULL spoils. JSON null is left out: it
 * stands for what is not known. */
void cret_build_put(struct cret_build *build, const char *key, json_t *value);
/* What is NULL is left out: */
void cret_build_share(struct cret_build *build, const char *key, const json_t *value);
void cret_build_string(struct cret_build *build, const char *key, const char *text);
/* From outside: see cret_json_text. */
void cret_build_text(struct cret_build *build, const char *key, const char *text);
/* Escaped as for a terminal, and no more. */
void cret_build_escaped(struct cret_build *build, const char *key, const char *text);
void cret_build_sha256(struct cret_build *build, const char *key, const uint8_t *digest);
/* Always: */
void cret_build_integer(struct cret_build *build, const char *key, int64_t value);
void cret_build_boolean(struct cret_build *build, const char *key, bool value);
void cret_build_time(struct cret_build *build, const char *key, int64_t seconds);
/* Only where it is true. */
void cret_build_flag(struct cret_build *build, const char *key, bool value);

/* Adds a text to the list of that key, which is made where there is none; NULL is left out. */
void cret_build_append(struct cret_build *build, const char *key, const char *text);

/* Adds an entry to a list. Takes over the reference; NULL spoils. */
void cret_build_add(struct cret_build *build, json_t *value);

/* What was built (new reference), or NULL where anything failed. *build is empty then. */
json_t *cret_build_end(struct cret_build *build);
/* The same; class UNDECIDED where anything failed. */
CRET_MUST_CHECK enum cret_status cret_build_take(json_t **ret_json, struct cret_build *build,
                                                 struct cret_err *err);

/* A text from outside as a record holds it: escaped (what is not UTF-8, and what cannot be seen),
 * cut at CRET_LIMIT_TEXT_BYTES, and in words where there is nothing to be seen in it. New
 * reference; NULL when memory is exhausted. */
json_t *cret_json_text(const char *text);
/* 64 hex digits. New reference; NULL: memory. */
json_t *cret_json_sha256(const uint8_t digest[32]);

#endif
