/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal to report: the forms. The model is {"tool", "rules": [{"id", "title", "meaning",
 * "help"}], "files": [{"name", "verdict", "exitCode", "error": {"message", "where", "hint"},
 * "items": [{"rule", "result", "reason", "where", "expected", "actual", "hint", "file", "line",
 * "column"}]}]}; what is not known is not there.
 */
#ifndef CRET_BASE_REPORT_FORMS_H
#define CRET_BASE_REPORT_FORMS_H

#include <jansson.h>

#include "base/text/text.h"

void cret_report_sarif(struct cret_buffer *out, const json_t *report);
void cret_report_junit(struct cret_buffer *out, const json_t *report);

/* "reason. Expected: ... Found: ... What to do: ..." of an item. */
void cret_report_words(struct cret_buffer *out, const json_t *item);

#endif
