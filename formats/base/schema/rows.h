/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one notation of field tables: each macro gives one row. Name, flags, what the kind needs,
 * then the words for people; behind these a row says what else holds for it:
 *     CRET_ROW_STRINGS("products", CRET_REQUIRED, CRET_FORMAT_LINE, "Products.", .minimum =
 * 1), A table ends with CRET_ROW_END.
 */
#ifndef CRET_BASE_ROWS_H
#define CRET_BASE_ROWS_H

#include "base/finding/limits.h"
#include "base/schema/schema.h"

/* A closed list of words that stands in one row only. */
#define CRET_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The words are the first of the variable arguments. */
#define CRET_ROW_OF(row_kind, row_name, row_flags, ...)                                            \
    {                                                                                              \
        .kind = (row_kind), .name = (row_name), .flags = (row_flags), .description = __VA_ARGS__   \
    }
#define CRET_ROW_STRING(name, flags, row_format, ...)                                              \
    CRET_ROW_OF(CRET_KIND_STRING, name, flags, __VA_ARGS__, .format = (row_format))
#define CRET_ROW_LINE(name, flags, ...) CRET_ROW_STRING(name, flags, CRET_FORMAT_LINE, __VA_ARGS__)
#define CRET_ROW_TEXT(name, flags, ...) CRET_ROW_STRING(name, flags, CRET_FORMAT_TEXT, __VA_ARGS__)
#define CRET_ROW_TOKEN(name, flags, ...)                                                           \
    CRET_ROW_STRING(name, flags, CRET_FORMAT_TOKEN, __VA_ARGS__)
#define CRET_ROW_PEM(name, flags, ...) CRET_ROW_STRING(name, flags, CRET_FORMAT_PEM, __VA_ARGS__)
#define CRET_ROW_SHA256(name, flags, ...)                                                          \
    CRET_ROW_STRING(name, flags, CRET_FORMAT_SHA256, __VA_ARGS__)
#define CRET_ROW_TIME(name, flags, ...)                                                            \
    CRET_ROW_STRING(name, flags, CRET_FORMAT_DATE_TIME, __VA_ARGS__)
#define CRET_ROW_ENUM(name, flags, row_values, ...)                                                \
    CRET_ROW_STRING(name, flags, CRET_FORMAT_ENUM, __VA_ARGS__, .values = (row_values))
/* The first member of every file of ours. */
#define CRET_ROW_PURPOSE(flags, purpose)                                                           \
    CRET_ROW_ENUM("cretula", flags, CRET_WORDS(purpose),                                           \
                  "Purpose and version of this format: " purpose)
#define CRET_ROW_INTEGER(name, flags, low, high, ...)                                              \
    CRET_ROW_OF(CRET_KIND_INTEGER, name, flags, __VA_ARGS__, .minimum = (low), .maximum = (high))
/* A whole number from 0. */
#define CRET_ROW_COUNT(name, flags, ...)                                                           \
    CRET_ROW_INTEGER(name, flags, 0, CRET_LIMIT_JSON_INTEGER, __VA_ARGS__)
#define CRET_ROW_BOOLEAN(name, flags, ...) CRET_ROW_OF(CRET_KIND_BOOLEAN, name, flags, __VA_ARGS__)
#define CRET_ROW_STRINGS(name, flags, row_format, ...)                                             \
    CRET_ROW_OF(CRET_KIND_STRINGS, name, flags, __VA_ARGS__, .format = (row_format))
#define CRET_ROW_OBJECT(name, flags, row_fields, ...)                                              \
    CRET_ROW_OF(CRET_KIND_OBJECT, name, flags, __VA_ARGS__, .fields = (row_fields))
#define CRET_ROW_OBJECTS(name, flags, row_fields, ...)                                             \
    CRET_ROW_OF(CRET_KIND_OBJECTS, name, flags, __VA_ARGS__, .fields = (row_fields))
/* Values are objects of `row_fields`, or texts where it is NULL. */
#define CRET_ROW_MAP(name, flags, row_format, row_fields, ...)                                     \
    CRET_ROW_OF(CRET_KIND_MAP, name, flags, __VA_ARGS__, .format = (row_format),                   \
                .fields = (row_fields))
#define CRET_ROW_OPEN(name, flags, ...) CRET_ROW_OF(CRET_KIND_OPEN, name, flags, __VA_ARGS__)
#define CRET_ROW_END                                                                               \
    {                                                                                              \
        .name = NULL                                                                               \
    }

#endif
