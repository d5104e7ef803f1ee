/* SPDX-License-Identifier: Apache-2.0 */
/* What both pages of a record say (record_screen.c), for record_whole.c. */
#ifndef CRET_VERIFIER_RECORD_PAGE_INTERNAL_H
#define CRET_VERIFIER_RECORD_PAGE_INTERNAL_H

#include "base/text/text.h"
#include "verifier/report/record_page.h"

/* Whether the verdict is an acceptance. */
bool cret_record_accepted(const json_t *record);
/* "Vendor Product 1.2.3 (sequence 7)"; nothing where the record names no release. */
void cret_record_add_title(struct cret_buffer *out, const json_t *record);
void cret_record_put_verdict(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view);
/* Why it was refused, or could not be judged, and what to do. */
void cret_record_put_refusal(struct cret_page *page, const json_t *record);
/* A signature that counted. */
void cret_record_put_signer(struct cret_page *page, const char *label, const json_t *signature);
/* What an owner says who signed files that came unsigned. */
void cret_record_put_adoption(struct cret_page *page, const json_t *record);
void cret_record_put_checked(struct cret_page *page, const json_t *record);
void cret_record_put_compared(struct cret_page *page, const json_t *record);
void cret_record_put_overlay(struct cret_page *page, const json_t *record);

#endif
