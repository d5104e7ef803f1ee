/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue add: archives, records and journals put into a catalogue. */
#include "base/system/os.h"
#include "console/print.h"
#include "verifier/review/shelf.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* A new one where there is none; another run may have been quicker. */
static enum cret_status begin(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (path == NULL || cret_os_stat_path(&info, &exists, path, err) != CRET_OK || exists) {
        return path == NULL || exists ? CRET_OK : CRET_FAILED;
    }
    if (cret_catalogue_create(path, err) == CRET_OK) {
        return CRET_OK;
    }
    return cret_os_stat_path(&info, &exists, path, err) == CRET_OK && exists ? CRET_OK
                                                                             : CRET_FAILED;
}

static int run(struct cret_shelf *shelf)
{
    const struct cret_options *options = shelf->options;
    struct cret_err err = {0};
    enum cret_status status = begin(cret_options_value(options, "catalogue"), &err);
    if (status == CRET_OK) {
        cret_err_clear(&err);
        status = cret_shelf_open(shelf, CRET_CATALOGUE_WRITE, &err);
    }
    for (size_t i = 0; i < cret_options_operand_count(options) && status == CRET_OK; i++) {
        status = cret_shelf_add(shelf, cret_options_operand(options, i), &err);
    }
    status = status == CRET_OK ? cret_shelf_list(shelf, &err) : status;
    return status == CRET_OK ? cret_shelf_say(shelf, "ADDED") : cret_verb_fail(options, &err);
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    if (cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct cret_shelf shelf = {.options = options, .session = &session};
    const int code = run(&shelf);
    cret_shelf_close(&shelf);
    cret_session_close(&session);
    return code;
}

const struct cret_verb cret_verb_catalogue_add = {
    .name = "add",
    .operands = "ARCHIVE|MANIFEST|RECORD|JOURNAL...",
    .summary = "Put archives, records and journals into a catalogue",
    .help = "Begins the catalogue where there is none. Archives are verified first where --anchor "
            "or --trust is given, and one that is refused is not added; without trust they are "
            "marked UNVERIFIED, and archives inside them are not looked into. What the catalogue "
            "had of the same path is replaced.",
    .groups = CRET_GROUPS(&cret_catalogue_group, &cret_trust_group, &cret_example_group,
                          &cret_payload_group, &cret_jobs_group, &cret_site_group,
                          &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify catalogue add --catalogue site.catalogue "
                              "releases/*.cretula.tar /var/lib/cretula/journal --trust trust.json"),
    .run = act,
};
