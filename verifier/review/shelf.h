/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of `catalogue`: what was added, what it holds, as JSON and as a page. */
#ifndef CRET_VERIFIER_SHELF_H
#define CRET_VERIFIER_SHELF_H

#include "base/command/options.h"
#include "base/schema/file_format.h"
#include "verifier/catalogue/catalogue.h"
#include "verifier/run/session.h"

extern const struct cret_file_format cret_catalogue_format;

/* One run of a verb of `catalogue`. */
struct cret_shelf {
    const struct cret_options *options;
    const struct cret_session *session; /* NULL where nothing is added */
    struct cret_catalogue *catalogue;   /* owned */
    json_t *sources, *failed;           /* owned */
    size_t there, changed, gone;
    int code;
};

/* Opens the file of --catalogue. class USAGE where the option was not given, and as
 * cret_catalogue_open(). */
CRET_MUST_CHECK enum cret_status
cret_shelf_open(struct cret_shelf *shelf, enum cret_catalogue_access access, struct cret_err *err);
/* Adds one operand; where it gives nothing, that is kept for the answer. CRET_FAILED: the catalogue
 * itself cannot be written. */
CRET_MUST_CHECK enum cret_status cret_shelf_add(struct cret_shelf *shelf, const char *path,
                                                struct cret_err *err);
/* Lists every source, with its state today. */
CRET_MUST_CHECK enum cret_status cret_shelf_list(struct cret_shelf *shelf, struct cret_err *err);
/* Says what there is to say: "ADDED", "SOUND"; returns the exit code. */
int cret_shelf_say(const struct cret_shelf *shelf, const char *word);
/* A verb that adds: opens the session, lets `begin` open the catalogue, adds every operand, lists,
 * and says `word`. Returns the exit code. */
int cret_shelf_fill(const struct cret_options *options,
                    enum cret_status (*begin)(struct cret_shelf *shelf, struct cret_err *err),
                    const char *word);
/* It can be opened again. */
void cret_shelf_close(struct cret_shelf *shelf);

#endif
