/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/base: parts of the table of checks that lie in files of their own. */
#ifndef CRET_BASE_CHECK_ROWS_H
#define CRET_BASE_CHECK_ROWS_H

#include "base/finding/check.h"

/* check_sbom.c */
extern const struct cret_check cret_check_rows_sbom[];
extern const size_t cret_check_rows_sbom_count;
/* check_waiver.c */
extern const struct cret_check cret_check_rows_waiver[];
extern const size_t cret_check_rows_waiver_count;

#endif
