/* SPDX-License-Identifier: Apache-2.0 */
/* The page of check and extract: the record of this run, and what to do now. */
#ifndef CRET_VERIFIER_CHECK_PAGE_H
#define CRET_VERIFIER_CHECK_PAGE_H

#include "base/command/options.h"
#include "base/page/page.h"
#include "verifier/report/record_page.h"
#include "verifier/run/tpm_guard.h"

/* The command that extracts this file under the same trust and expectations, to paste: every word
 * is quoted. Caller frees. NULL: out of memory. */
char *cret_check_next(const struct cret_options *options, const char *file);

/* What a TPM that took part in an accepted run says of it; NULL: none did. */
const char *cret_check_tpm(const struct cret_guard *guard);

/* Fills the page: one screen, or everything with --verbose. */
void cret_check_page(struct cret_page *page, const struct cret_options *options,
                     const json_t *record, const struct cret_record_view *view);

#endif
