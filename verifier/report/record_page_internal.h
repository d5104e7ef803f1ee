/* SPDX-License-Identifier: Apache-2.0 */
/* What both pages of a record say and their report say. */
#ifndef CRET_VERIFIER_RECORD_PAGE_INTERNAL_H
#define CRET_VERIFIER_RECORD_PAGE_INTERNAL_H

#include "base/text/text.h"
#include "verifier/report/record_page.h"

/* CVE ids of one kind that a line names; the rest is a number. */
enum { CRET_RECORD_IDS = 4 };

/* Whether the text at a path is that value. */
bool cret_record_says(const json_t *record, const char *path, const char *value);
/* "2 known issues", behind a comma where something stands already; nothing for none. */
void cret_record_add_count(struct cret_buffer *line, size_t count, const char *one,
                           const char *many);
/* Entries of a part, those that the record leaves out too. */
size_t cret_record_count_of(const json_t *record, const char *part);

/* Whether the verdict is an acceptance. */
bool cret_record_accepted(const json_t *record);
/* The finding that explains a refusal best: the first FAIL in the order in which checks run. */
const json_t *cret_record_first_fault(const json_t *record);
/* Why the verdict is what it is, in a line. */
void cret_record_add_reason(struct cret_buffer *out, const json_t *record);
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
/* Who signed, of those that counted; how many did not. */
void cret_record_put_signers(struct cret_page *page, const json_t *record);
/* Who built the files, as attestations prove it. */
void cret_record_put_builders(struct cret_page *page, const json_t *record);
void cret_record_put_checked(struct cret_page *page, const json_t *record);
void cret_record_put_compared(struct cret_page *page, const json_t *record);
void cret_record_put_overlay(struct cret_page *page, const json_t *record);
/* What the release brings, and until when it has security support. */
void cret_record_put_brief(struct cret_page *page, const json_t *record);
/* Sections: every signature; who checked, when and how; what the record does not say. */
void cret_record_put_vouchers(struct cret_page *page, const json_t *record);
void cret_record_put_run(struct cret_page *page, const json_t *record);
/* What the release is, by its names; by its digest. Of one that was not authenticated what it
 * claims, in words that say so. */
void cret_record_put_release(struct cret_page *page, const json_t *record);
void cret_record_put_identity(struct cret_page *page, const json_t *record);
/* Of a solution: each package in it that counts, with its identity and whoever vouches for it. */
void cret_record_put_packages(struct cret_page *page, const json_t *record);
/* In one line, what VEX and advisories in the release mean for this version, the gravest first. */
void cret_record_put_advice_row(struct cret_page *page, const json_t *record);
/* Sections: components of each SBOM; what VEX and advisories mean for this version; what is longer
 * than a record holds. Nothing of the first two where no release was authenticated. */
void cret_record_put_sboms(struct cret_page *page, const json_t *record);
void cret_record_put_advice(struct cret_page *page, const json_t *record);
void cret_record_put_left_out(struct cret_page *page, const json_t *record);
void cret_record_put_limits(struct cret_page *page, const json_t *record);

#endif
