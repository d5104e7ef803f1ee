/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to base/finding: the rows of the table of checks, in files of their own, and the words
 * that begin one: its kind, and what follows from that unless the row says otherwise. */
#ifndef CRET_BASE_CHECK_ROWS_H
#define CRET_BASE_CHECK_ROWS_H

#include "base/finding/check.h"

struct cret_check_rows {
    const struct cret_check *list;
    size_t count;
};
extern const struct cret_check_rows cret_check_rows_core, cret_check_rows_release,
    cret_check_rows_sbom, cret_check_rows_waiver, cret_check_rows_station;

#define CORE .kind = CRET_CHECK_KIND_CORE, .severity = CRET_SEVERITY_FAIL
#define CORE_ASKED CORE, .asked = true
#define SOFT(of, word) .kind = of, .severity = word, .set_by = CRET_SET_BY_POLICY, .waivable = true
#define RELEASE(word) SOFT(CRET_CHECK_KIND_RELEASE, CRET_SEVERITY_##word)
#define JOURNAL(word) SOFT(CRET_CHECK_KIND_JOURNAL, CRET_SEVERITY_##word)
#define OPERATOR .kind = CRET_CHECK_KIND_OPERATOR, .severity = CRET_SEVERITY_FAIL
#define SIGNER(word)                                                                               \
    .kind = CRET_CHECK_KIND_SIGNER, .severity = CRET_SEVERITY_##word, .set_by = CRET_SET_BY_PROFILE
#define WAIVER(word)                                                                               \
    .kind = CRET_CHECK_KIND_WAIVER, .severity = CRET_SEVERITY_##word, .set_by = CRET_SET_BY_POLICY
#define TPM .kind = CRET_CHECK_KIND_TPM, .severity = CRET_SEVERITY_FAIL
#define STATION(word) .kind = CRET_CHECK_KIND_STATION, .severity = CRET_SEVERITY_##word

#endif
