/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue rebuild: everything read again; a damaged file begun anew. */
#include <stdlib.h>

#include "base/text/json.h"
#include "console/print.h"
#include "verifier/review/shelf.h"
#include "verifier/review/trace.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Opens it; where it is damaged, an empty one takes its place, for the operands. */
static enum cret_status open_or_replace(struct cret_shelf *shelf, struct cret_err *err)
{
    const char *path = cret_options_value(shelf->options, "catalogue");
    struct cret_err damage = {0};
    if (cret_shelf_open(shelf, CRET_CATALOGUE_WRITE, &damage) == CRET_OK &&
        cret_catalogue_check(shelf->catalogue, &damage) == CRET_OK) {
        return CRET_OK;
    }
    if (path == NULL || damage.class != CRET_ERR_USAGE ||
        cret_options_operand_count(shelf->options) == 0) {
        *err = damage;
        return CRET_FAILED;
    }
    cret_shelf_close(shelf);
    if (cret_catalogue_replace(path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_print_note(shelf->options, "note: the catalogue was damaged; it was begun anew");
    return cret_shelf_open(shelf, CRET_CATALOGUE_WRITE, err);
}

/* What is gone is taken out; the rest is read again, from where it lies. */
static enum cret_status renew(struct cret_shelf *shelf, const char *path, const char *state,
                              struct cret_err *err)
{
    if (state == NULL || path == NULL) {
        return CRET_OK;
    }
    if (state[0] != 'g') {
        return cret_shelf_add(shelf, path, err);
    }
    return cret_catalogue_begin(shelf->catalogue, err) == CRET_OK &&
                   cret_catalogue_forget(shelf->catalogue, path, err) == CRET_OK &&
                   cret_catalogue_commit(shelf->catalogue, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

static enum cret_status renew_all(struct cret_shelf *shelf, struct cret_err *err)
{
    json_t *before = NULL;
    enum cret_status status = cret_shelf_list(shelf, err);
    before = shelf->sources;
    shelf->sources = json_array();
    shelf->there = shelf->changed = shelf->gone = 0;
    CRET_JSON_EACH (source, before) {
        if (status == CRET_OK) {
            status = renew(shelf, cret_json_string(source, "path"),
                           cret_json_string(source, "state"), err);
        }
    }
    json_decref(before);
    return status;
}

static enum cret_status begin(struct cret_shelf *shelf, struct cret_err *err)
{
    return open_or_replace(shelf, err) == CRET_OK ? renew_all(shelf, err) : CRET_FAILED;
}

static int act(const struct cret_options *options)
{
    return cret_shelf_fill(options, begin, "REBUILT");
}

const struct cret_verb cret_verb_catalogue_rebuild = {
    .name = "rebuild",
    .operands = "[ARCHIVE|MANIFEST|RECORD|JOURNAL...]",
    .summary = "Read everything in a catalogue again, under the trust of today",
    .help = "Sources that are gone are taken out, and operands are added. A damaged catalogue is "
            "begun anew from the operands: nothing of it is used, and no file that is not a "
            "catalogue is replaced.",
    .groups = CRET_GROUPS(&cret_catalogue_group, &cret_trust_group, &cret_example_group,
                          &cret_confinement_group, &cret_payload_group, &cret_jobs_group,
                          &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify catalogue rebuild --catalogue site.catalogue --trust trust.json"),
    .run = act,
};
