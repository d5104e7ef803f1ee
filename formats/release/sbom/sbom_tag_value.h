/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: SPDX 2 in tag-value form, as its JSON form with the lines of it. */
#ifndef CRET_RELEASE_SBOM_TAG_VALUE_H
#define CRET_RELEASE_SBOM_TAG_VALUE_H

#include "release/sbom/sbom_shape.h"

/* Whether a text says that it is SPDX tag-value: no JSON or XML, and a line SPDXVersion near its
 * start. */
bool cret_tag_value_is(const char *text, size_t size);

/*
 * Reads it as the JSON form of the same document. What cannot be read is a FAIL finding of the
 * run's check with its line, and unknown tags are WARN, as unknown members of the JSON form are.
 * *ret_lines: a number for each JSON pointer of what stands on a line
 * (cret_shape_origin). New references. CRET_FAILED: class REFUSED for what is no text at all or too
 * much of it, UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_tag_value_read(json_t **ret_json, json_t **ret_lines,
                                                     const char *text, size_t size,
                                                     struct cret_shape_run *run,
                                                     struct cret_err *err);

#endif
