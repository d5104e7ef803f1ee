/* SPDX-License-Identifier: Apache-2.0 */
/* What two versions of a trust policy say differently, for a person and for change control. */
#ifndef CRET_VERIFIER_TRUST_CHANGES_H
#define CRET_VERIFIER_TRUST_CHANGES_H

#include <jansson.h>

#include "base/finding/err.h"
#include "base/page/page.h"

/* One object {path, before, after} per difference, in the order of the files; before or after is
 * null where there is nothing. Entries of lists are matched by name, not by place; version and
 * issued are left out. New reference; class UNDECIDED for memory. */
CRET_MUST_CHECK enum cret_status cret_trust_changes(json_t **ret_changes, const json_t *before,
                                                    const json_t *after, struct cret_err *err);

/* One row each. */
void cret_trust_changes_put(struct cret_page *page, const json_t *changes);

#endif
