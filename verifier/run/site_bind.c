/* SPDX-License-Identifier: Apache-2.0 */
/* Binding a run to its site: the file is read, and the command line held to it. */
#include <stdlib.h>

#include "verifier/run/site_internal.h"

enum cret_status cret_site_bind(struct cret_site **ret_site, struct cret_options *options,
                                const char *default_path, struct cret_err *err)
{
    struct cret_site *site = calloc(1, sizeof(*site));
    if (site == NULL) {
        return cret_err_memory(err);
    }
    if (cret_site_binds(options) && (cret_site_load(site, options, default_path, err) != CRET_OK ||
                                     cret_site_hold(site, options, err) != CRET_OK)) {
        cret_site_free(&site);
        return CRET_FAILED;
    }
    cret_options_attach(options, site);
    *ret_site = site;
    return CRET_OK;
}
