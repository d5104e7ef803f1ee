/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field tables: the shape of every strict JSON format of this project (manifest, trust policy, site
 * configuration, record) as data. One validator holds a JSON tree to a table; the same tables give
 * the written key order, the JSON Schemas of docs/spec, and the comments of `init`.
 */
#ifndef CRET_BASE_SCHEMA_H
#define CRET_BASE_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/finding/finding.h"

enum cret_kind {
    CRET_KIND_STRING,
    CRET_KIND_INTEGER,
    CRET_KIND_BOOLEAN,
    CRET_KIND_OBJECT,  /* fields */
    CRET_KIND_STRINGS, /* array of strings of `format` */
    CRET_KIND_OBJECTS, /* array of objects of `fields` */
    CRET_KIND_MAP,     /* object with free keys of `format`, values are objects of `fields`,
                          or strings out of `values` where fields is NULL */
    CRET_KIND_OPEN,    /* any JSON under an object keyed by URI: `extensions` */
};

/* What a string must look like; each has a checker, a sentence that says what is accepted, and a
 * JSON Schema pattern, in the table of schema.c. */
enum cret_format {
    CRET_FORMAT_LINE,        /* one line of clean text, not empty, no space at the ends */
    CRET_FORMAT_TEXT,        /* clean text, lines allowed */
    CRET_FORMAT_TOKEN,       /* [A-Za-z0-9][A-Za-z0-9._+:-]*, at most 100 */
    CRET_FORMAT_ENUM,        /* one of `values` */
    CRET_FORMAT_DATE_TIME,   /* YYYY-MM-DDTHH:MM:SSZ, 1970 to 2999: times that we choose */
    CRET_FORMAT_ANY_TIME,    /* the same, years 0000 to 9999: times that others chose */
    CRET_FORMAT_DATE,        /* YYYY-MM-DD */
    CRET_FORMAT_DATE_OR_TBA, /* date-time (OpenEoX), day, month, or "tba" */
    CRET_FORMAT_SHA256,      /* 64 lower-case hex digits */
    CRET_FORMAT_SHA512,      /* 128 lower-case hex digits */
    CRET_FORMAT_PATH,        /* an archive path (base/text/path.h) */
    CRET_FORMAT_URI,         /* RFC 3986 with a scheme */
    CRET_FORMAT_IEC61406,    /* https://, at most 255 characters, no upper case in the host */
    CRET_FORMAT_PURL,        /* pkg:... */
    CRET_FORMAT_CPE,         /* cpe:2.3:... or cpe:/... */
    CRET_FORMAT_CVE,         /* CVE-YYYY-NNNN+ */
    CRET_FORMAT_CWE,         /* CWE-N */
    CRET_FORMAT_LANGUAGE,    /* BCP 47: de, en-GB, zh-Hans */
    CRET_FORMAT_MEDIA_TYPE,  /* type/subtype */
    CRET_FORMAT_PEM,         /* text with BEGIN/END lines */
    CRET_FORMAT_BASE64,
    CRET_FORMAT_HANDLE,   /* of a TPM: 0x and eight lower-case hex digits */
    CRET_FORMAT_TPM_NAME, /* of an object in a TPM: 68 lower-case hex digits */
    CRET_FORMAT_COUNT
};

enum {
    CRET_REQUIRED = 1 << 0,
    CRET_GENERATED = 1 << 1,        /* written by the tools; not allowed in a description */
    CRET_DESCRIPTION_ONLY = 1 << 2, /* allowed in a description only, never in a manifest */
    CRET_GENERATED_REQUIRED = CRET_REQUIRED | CRET_GENERATED,
    CRET_DEFAULTED = 1 << 3, /* required in a manifest; a description may leave it out */
    CRET_RECORDED = 1 << 4,  /* of a manifest: every record of the release repeats it */
};

/* One row; a table ends with a row whose name is NULL. */
struct cret_field {
    const char *name;
    enum cret_kind kind;
    unsigned flags;
    enum cret_format format;
    const char *const *values;       /* FORMAT_ENUM: closed list, NULL-terminated */
    int64_t minimum, maximum;        /* integer value, string bytes, or number of entries;
                                        maximum 0: the kind's default cap */
    const struct cret_field *fields; /* OBJECT, OBJECTS, MAP */
    const char *description;         /* one sentence, for the schema, the spec, and `init` */
};

/* Which of the two readings of a table holds. */
enum cret_schema_side { CRET_SCHEMA_MANIFEST, CRET_SCHEMA_DESCRIPTION };

/*
 * Holds json to the table. Adds one FAIL finding (check `check`, where "#/pointer", expected,
 * actual) per deviation: unknown field (with the nearest known name as hint), missing field, wrong
 * type, bad format, out of range, too many; at most 200, the last of which then says that there are
 * more. A value of a MAP without `fields` and `values` is CRET_FORMAT_TEXT. Returns CRET_OK only
 * where nothing was found.
 */
CRET_MUST_CHECK enum cret_status cret_schema_validate(const struct cret_field *fields,
                                                      const json_t *json,
                                                      enum cret_schema_side side,
                                                      enum cret_check_id check,
                                                      struct cret_findings *findings);

/* A copy of json with the keys of every object in table order (extensions and maps sorted by key).
 * New reference, NULL when memory is exhausted. json must have been validated. */
json_t *cret_schema_order(const struct cret_field *fields, const json_t *json);

/* JSON Schema (draft 2020-12) of a table; nowhere stricter than cret_schema_validate. New
 * reference, NULL when memory is exhausted or the table contains itself. */
json_t *cret_schema_export(const struct cret_field *fields, enum cret_schema_side side,
                           const char *id, const char *title);

/* What a format accepts, in words; and whether a string fits. */
const char *cret_format_words(enum cret_format format);
bool cret_format_accepts(enum cret_format format, const char *text);

#endif
