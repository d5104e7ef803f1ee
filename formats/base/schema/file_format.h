/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one road for files of ours: a row says what a format is, and one function reads any of them:
 * size, strict JSON, purpose and fields, with an error that names the file, the place in it, and
 * what was expected there. The same row gives the JSON Schema in docs/spec.
 */
#ifndef CRET_BASE_FILE_FORMAT_H
#define CRET_BASE_FILE_FORMAT_H

#include "base/schema/schema.h"

struct cret_file_format {
    const char *purpose; /* "trust/1": its first member, and the name of its schema */
    const char *words;   /* what people call it: "trust policy" */
    const char *file;    /* what the file is called, or is for: "trust.json" */
    const struct cret_field *fields;
    enum cret_schema_side side;
    size_t bytes;              /* larger ones are refused */
    enum cret_err_class fault; /* the class of one: USAGE, REFUSED where it is evidence */
    enum cret_check_id check;  /* where REFUSED */
    const char *hint;          /* where the fault has none of its own; or NULL */
};

/*
 * Reads one such file: *ret_json is what fits the table (caller: json_decref). origin names the
 * file in errors: class and check of the row, where "<origin> #/pointer" or "<origin>, line L,
 * column C", with the hint of the first fault or how many others there are; UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_file_format_read(json_t **ret_json,
                                                       const struct cret_file_format *format,
                                                       const char *text, size_t size,
                                                       const char *origin, struct cret_err *err);

/* The two halves, for what is not a file, or not a whole one. The second passes over a fault at the
 * pointer `except` ("#/scopes"; NULL: none). Errors as above. */
CRET_MUST_CHECK enum cret_status cret_file_format_parse(json_t **ret_json,
                                                        const struct cret_file_format *format,
                                                        const char *text, size_t size,
                                                        const char *origin, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_file_format_check(const struct cret_file_format *format,
                                                        const json_t *json, const char *origin,
                                                        const char *except, struct cret_err *err);

/* A fault behind the fields: sets class, check and place as the reader would. Returns CRET_FAILED
 * always; expected, actual and hint are the caller's to add. */
enum cret_status cret_file_format_fault(const struct cret_file_format *format, const char *origin,
                                        const char *pointer, struct cret_err *err, const char *text,
                                        ...) CRET_PRINTF(5, 6);

/* The JSON Schema; its id is "urn:cretula:schema:trust:1". New reference, NULL: memory. */
json_t *cret_file_format_schema(const struct cret_file_format *format);

#endif
