/* SPDX-License-Identifier: Apache-2.0 */
/* trace: which release, document or component a file is, asked of a catalogue. */
#ifndef CRET_VERIFIER_TRACE_H
#define CRET_VERIFIER_TRACE_H

#include "base/page/page.h"
#include "base/schema/file_format.h"
#include "verifier/catalogue/catalogue.h"
#include "verifier/run/session.h"

extern const struct cret_file_format cret_trace_format;

/* One run. */
struct cret_trace {
    struct cret_catalogue *catalogue;
    const struct cret_session *session; /* NULL: the catalogue is a file, which says it itself */
    json_t *answers;                    /* of the files that were asked for, owned */
    json_t *gaps;                       /* of all sources, owned */
    json_t *failed;                     /* operands that could not be looked into, owned */
    size_t unknown;
};

/* Begins with what the catalogue says was not looked into. class USAGE (damaged), UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_trace_begin(struct cret_trace *trace, struct cret_err *err);
/* An operand of --in that gave nothing. False: memory. */
CRET_MUST_CHECK bool cret_trace_failed(struct cret_trace *trace, const char *path,
                                       const struct cret_err *why);
/* Looks one file up. class UNDECIDED: it cannot be read. */
CRET_MUST_CHECK enum cret_status cret_trace_file(struct cret_trace *trace, const char *path,
                                                 struct cret_err *err);
void cret_trace_clear(struct cret_trace *trace);

/* 0: every file is known; 1: one is not, and everything was looked into; 3: one is not, and
 * something was not looked into. */
int cret_trace_code(const struct cret_trace *trace);
/* New reference; NULL: memory. */
json_t *cret_trace_json(const struct cret_trace *trace, int code);
void cret_trace_page(struct cret_page *page, const struct cret_trace *trace, bool verbose);

/* How a source stands today: "there", "changed" (another size or time), "gone", "unknown". */
const char *cret_trace_state(const struct cret_catalogue_source *source);
/* A source as JSON: kind, path, state, release, what it was worth. New reference; NULL: memory. */
json_t *cret_trace_source(const struct cret_catalogue_source *source);
extern const struct cret_field cret_trace_source_fields[];
/* An operand that gave nothing, with the reason. */
extern const struct cret_field cret_trace_failed_fields[];

#endif
