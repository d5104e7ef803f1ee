/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by schema.c (validation, order), schema_format.c (strings), schema_export.c. */
#ifndef CRET_BASE_SCHEMA_INTERNAL_H
#define CRET_BASE_SCHEMA_INTERNAL_H

#include "base/schema/schema.h"

/* Whether a row is known on a side; and whether it must be there. */
bool cret_field_known(const struct cret_field *field, enum cret_schema_side side);
bool cret_field_required(const struct cret_field *field, enum cret_schema_side side);

/* The greatest number of bytes, entries or the greatest value where a row names none. */
int64_t cret_field_maximum(const struct cret_field *field);

/* The cap in bytes of a string of that format; its JSON Schema pattern, or NULL. */
int64_t cret_format_bytes(enum cret_format format);
const char *cret_format_pattern(enum cret_format format);

#endif
