/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal to formats/release: the structure of foreign JSON formats as tables. Unlike
 * base/schema/schema.h a table says since which minor version of the format a field, a value or a
 * rule exists.
 */
#ifndef CRET_RELEASE_SBOM_SHAPE_H
#define CRET_RELEASE_SBOM_SHAPE_H

#include <jansson.h>

#include "base/finding/finding.h"
#include "base/text/json_cursor.h"

/* Faults of one SBOM that are listed; the rest is not looked for. */
#define CRET_SHAPE_FAULTS 200u

enum cret_shape_kind {
    CRET_SHAPE_ANY,
    CRET_SHAPE_STRING,
    CRET_SHAPE_INTEGER,
    CRET_SHAPE_BOOLEAN,
    CRET_SHAPE_OBJECT,
    CRET_SHAPE_STRINGS, /* array of strings */
    CRET_SHAPE_OBJECTS, /* array of objects */
    CRET_SHAPE_ARRAY,   /* array of anything */
};

/* One word of a closed list; a list ends with a NULL name. */
struct cret_shape_value {
    const char *name;
    int since;
};

struct cret_shape;
struct cret_shape_run;

/* A member of an object; CRET_SHAPE_ROW writes it, and CRET_SHAPE_END ends a table. */
struct cret_shape_field {
    const char *name;
    enum cret_shape_kind kind;
    int since;                             /* unknown before that version */
    int required;                          /* since that version; 0: never */
    const struct cret_shape_value *values; /* of strings; NULL: any */
    bool (*accepts)(const char *text);     /* of strings; NULL: any */
    const char *words;                     /* what it accepts */
    const struct cret_shape *shape;        /* OBJECT, OBJECTS */
};

/* Its kind without CRET_SHAPE_, its name, what else holds for it:
 *     CRET_SHAPE_ROW(STRING, "purl", .since = 4), */
#define CRET_SHAPE_ROW(row_kind, ...)                                                              \
    {                                                                                              \
        .kind = CRET_SHAPE_##row_kind, .name = __VA_ARGS__                                         \
    }
#define CRET_SHAPE_END                                                                             \
    {                                                                                              \
        .name = NULL                                                                               \
    }

struct cret_shape {
    const struct cret_shape_field *fields;
    int closed; /* unknown members are faults since that version; 0: never */
    bool warns; /* they are warned about instead, in every version */
    void (*check)(struct cret_shape_run *run, const json_t *object); /* more rules, or NULL */
};

/* One run over one document. */
struct cret_shape_run {
    struct cret_findings *findings;
    enum cret_check_id check;
    const char *file;           /* path of the document, for findings */
    int version;                /* minor version of the format */
    struct cret_json_cursor at; /* the value being looked at */
    size_t faults, warnings;
    const json_t *lines; /* of a text form: the line of each pointer, a number; of a set of
                            documents: which one and where, a string; or NULL */
    size_t line;         /* said instead, where it is not 0 */
};

/* " (line 7)" or " (in FILE, /packages/3)" for the nearest place of a pointer that is known; "":
 * none is. line: said instead, where it is not 0. */
void cret_shape_origin(char *text, size_t size, const json_t *lines, size_t line,
                       const char *pointer);

/* Holds an object to a shape; faults become FAIL findings. */
void cret_shape_object(struct cret_shape_run *run, const struct cret_shape *shape,
                       const json_t *object);
/* The same for every element of an array (which must be one). */
void cret_shape_objects(struct cret_shape_run *run, const struct cret_shape *shape,
                        const json_t *array);

/* One fault at the cursor, below it at `name` where that is not NULL. */
void cret_shape_fault(struct cret_shape_run *run, const char *name, const char *expected,
                      const char *actual, const char *reason_format, ...) CRET_PRINTF(5, 6);

/* The same, as a WARN finding: a document that readers agree on all the same. */
void cret_shape_warn(struct cret_shape_run *run, const char *name, const char *expected,
                     const char *actual, const char *reason_format, ...) CRET_PRINTF(5, 6);

/* Visits every entry of the list `name` of an object, the cursor at the entry, until a visit fails;
 * what is no list has no entries. What the visits came to. */
typedef enum cret_status cret_shape_visit(struct cret_shape_run *run, const json_t *entry,
                                          void *context);
CRET_MUST_CHECK enum cret_status cret_shape_each(struct cret_shape_run *run, const json_t *object,
                                                 const char *name, cret_shape_visit *visit,
                                                 void *context);

/* Every string of an array once. */
void cret_shape_unique(struct cret_shape_run *run, const json_t *array);

/* Checkers of strings. */
bool cret_shape_not_empty(const char *text);
bool cret_shape_hex(const char *text, size_t digits);

#endif
