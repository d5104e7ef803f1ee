/* SPDX-License-Identifier: Apache-2.0 */
/* A record by the elements that NERC CIP-010-4 R1 Part 1.6 asks evidence for. */
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/export/export.h"
#include "evidence/export/usable.h"
#include "evidence/export/view.h"

#define TITLE "Evidence for CIP-010-4 R1 Part 1.6"

static const struct cret_view_row change[] = {
    {"change", "why.changeId"},
    {"planned for", "why.plannedAt"},
    {"asset", "why.asset"},
    {"zone", "why.zone"},
    {"stage", "why.stage"},
    {"obtained", "why.acquired"},
    {"vendor", "what.product.vendor"},
    {"product", "what.product.name"},
    {"version", "what.release.version"},
    {"identity", "what.identity"},
    {NULL, NULL},
};

static const struct cret_view_row adoption[] = {
    {"vendor offers", "what.adoption.vendorMethod"},
    {"mitigation", "what.adoption.mitigation"},
    {NULL, NULL},
};

/* Whether it was verified before the change, by the times of the record. */
static void add_order(struct cret_buffer *out, const json_t *record)
{
    const char *planned = cret_json_string(record, "why.plannedAt");
    const char *time = cret_json_string(record, "when.time");
    if (planned == NULL || time == NULL) {
        cret_buffer_printf(out, "The record does not say when the baseline was changed: the order "
                                "follows from the change request.");
        return;
    }
    /* Times of one form sort as texts. */
    cret_buffer_printf(out, "The change was planned for %s: verified %s it.", planned,
                       strcmp(time, planned) < 0 ? "before" : "AFTER");
}

/* The sentence that an auditor looks for, of what the record says and no more. */
static void sum_up(struct cret_page *page, const struct cret_record_copy *record, size_t signers,
                   size_t verified, size_t files)
{
    const bool accepted = cret_verdict_exit_code(record->verdict) == 0;
    struct cret_buffer order = {0};
    add_order(&order, record->json);
    cret_page_section(page, "In one sentence");
    cret_page_paragraph(
        page,
        "Source identity (CIP-010-4 R1 1.6.1): %s (%zu %s counted); integrity (1.6.2): digests "
        "of %zu of %zu %s match; verdict %s, at %s. %s",
        accepted && signers > 0 ? "verified by signature" : "not verified", signers,
        cret_plural(signers, "signature", "signatures"), accepted ? verified : 0, files,
        cret_plural(files, "file", "files"), cret_verdict_name(record->verdict),
        cret_json_string(record->json, "when.time"), order.data != NULL ? order.data : "");
    cret_buffer_free(&order);
}

static enum cret_status make(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err)
{
    const struct cret_record_copy *record = job->record;
    size_t verified = 0;
    if (cret_export_usable(record, job->allow_example_keys, "such evidence", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool accepted = cret_verdict_exit_code(record->verdict) == 0;
    const char *origin = cret_json_string(record->json, "what.origin");
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, accepted ? CRET_TONE_GOOD : CRET_TONE_BAD,
                      cret_verdict_name(record->verdict), "%s", TITLE);
    cret_page_section(page, "The change to the baseline");
    cret_view_rows(page, record->json, change);
    cret_view_list(page, record->json, "other assets", "why.furtherAssets", "not stated");
    cret_view_list(page, record->json, "baseline items", "why.baselineItems",
                   "not stated (1.1.1, 1.1.2 or 1.1.5: the change request says which)");
    cret_page_section(page, "1.6.1 Identity of the software source");
    if (origin != NULL && strcmp(origin, "adopted") == 0) {
        cret_page_toned(page, CRET_TONE_CAUTION, "adopted",
                        "an owner signed files that came unsigned: the vendor's origin is not "
                        "authenticated");
        cret_view_rows(page, record->json, adoption);
    }
    const size_t signers = cret_view_signers(page, record->json);
    cret_page_section(page, "1.6.2 Integrity of the software obtained");
    const size_t files = cret_view_files(page, record->json, NULL, &verified);
    sum_up(page, record, signers, verified, files);
    cret_view_end(page, record);
    return cret_view_write(ret_text, ret_size, page, TITLE, record, err);
}

static const struct cret_option options[] = {
    CRET_FLAG("nerc-cip-010",
              "A page by the elements of CIP-010-4 R1 Part 1.6: source identity and integrity. It "
              "repeats the record, and judges nothing.",
              .left_free = true),
    CRET_OPTION_END,
};

const struct cret_export cret_export_nerc_cip_010 = {
    .options = {"Form", options},
    .make = make,
};
