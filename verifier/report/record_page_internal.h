/* SPDX-License-Identifier: Apache-2.0 */
/* What both pages of a record say and their report say. */
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
void cret_record_put_refusal(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view);
/* A signature that counted. */
void cret_record_put_signer(struct cret_page *page, const char *label, const json_t *signature);
/* What an owner says who signed files that came unsigned. */
void cret_record_put_adoption(struct cret_page *page, const json_t *record);
void cret_record_put_checked(struct cret_page *page, const json_t *record);
void cret_record_put_compared(struct cret_page *page, const json_t *record);
void cret_record_put_overlay(struct cret_page *page, const json_t *record);
/* What the release brings, and until when it has security support. */
void cret_record_put_brief(struct cret_page *page, const json_t *record);
/* Sections: every signature; who checked, when and how; what the record does not say. */
void cret_record_put_vouchers(struct cret_page *page, const json_t *record);
void cret_record_put_run(struct cret_page *page, const json_t *record);
/* What VEX and advisories in the release say of it; what is longer than a record holds. */
void cret_record_put_advice(struct cret_page *page, const json_t *record);
void cret_record_put_left_out(struct cret_page *page, const json_t *record);
void cret_record_put_limits(struct cret_page *page, const json_t *record);

#endif
