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

static enum cret_status open_or_begin(struct cret_shelf *shelf, struct cret_err *err)
{
    if (begin(cret_options_value(shelf->options, "catalogue"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_err_clear(err);
    return cret_shelf_open(shelf, CRET_CATALOGUE_WRITE, err);
}

static int act(const struct cret_options *options)
{
    return cret_shelf_fill(options, open_or_begin, "ADDED");
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
                          &cret_confinement_group, &cret_payload_group, &cret_jobs_group,
                          &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify catalogue add --catalogue site.catalogue "
                              "releases/*.cretula.tar /var/lib/cretula/journal --trust trust.json"),
    .run = act,
};
