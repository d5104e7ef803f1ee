/* SPDX-License-Identifier: Apache-2.0 */
/* compare-installed: its answer as JSON (installed/1) and as a page. */
#ifndef CRET_VERIFIER_INSTALLED_SAID_H
#define CRET_VERIFIER_INSTALLED_SAID_H

#include "base/page/page.h"
#include "base/schema/file_format.h"
#include "verifier/child/outcome.h"
#include "verifier/review/installed.h"
#include "verifier/run/session.h"

extern const struct cret_file_format cret_installed_format;

struct cret_installed_view {
    const char *folder, *archive; /* as given */
    const struct cret_outcome *outcome;
    const struct cret_installed *installed;
    const struct cret_session *session;
    bool verbose; /* files that are the same, too */
    int code;
};

/* New reference; NULL: memory. */
json_t *cret_installed_json(const struct cret_installed_view *view);
void cret_installed_page(struct cret_page *page, const struct cret_installed_view *view);

#endif
