/* SPDX-License-Identifier: Apache-2.0 */
/* A record as evidence of an intervention in software: Regulation (EU) 2023/1230, Annex III, 1.1.9
 * and 1.2.1. */
#include "base/text/json.h"
#include "evidence/export/export.h"
#include "evidence/export/usable.h"
#include "evidence/export/view.h"

#define TITLE "Evidence of an intervention in software"

static const struct cret_view_row intervention[] = {
    {"machine or component", "why.asset"},
    {"zone", "why.zone"},
    {"change", "why.changeId"},
    {"stage", "why.stage"},
    {"vendor", "what.product.vendor"},
    {"product", "what.product.name"},
    {"version after", "what.release.version"},
    {"sequence after", "what.release.sequence"},
    {"identity", "what.identity"},
    {"affects safety", "what.release.affectsSafety"},
    {NULL, NULL},
};

/* Files that a safety function needs, where the release says which. */
static void put_safety(struct cret_page *page, const json_t *record)
{
    size_t count = 0;
    CRET_JSON_EACH (file, cret_json_get(record, "what.files")) {
        if (cret_json_boolean(file, "safetyRelevant", false)) {
            cret_page_row(page, count++ == 0 ? "safety" : "", "%s", cret_json_string(file, "path"));
        }
    }
    if (count == 0) {
        cret_page_row(page, "safety",
                      "not stated: the release does not say which files a safety "
                      "function needs");
    }
}

static enum cret_status make(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err)
{
    static const char *const roles[] = {"firmware", "software", "configuration", NULL};
    const struct cret_record_copy *record = job->record;
    size_t verified = 0;
    if (cret_export_usable(record, job->allow_example_keys, "such evidence", err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page,
                      cret_verdict_exit_code(record->verdict) == 0 ? CRET_TONE_GOOD : CRET_TONE_BAD,
                      cret_verdict_name(record->verdict), "%s", TITLE);
    cret_page_paragraph(page, "For Regulation (EU) 2023/1230, Annex III, 1.1.9 (evidence of an "
                              "intervention in software) and 1.2.1 (versions that were uploaded).");
    cret_page_section(page, "The intervention");
    cret_view_rows(page, record->json, intervention);
    cret_page_row(page, "version before", "not stated");
    cret_page_row(page, "uploaded",
                  "not stated: the record says when the release was verified, "
                  "not when it was installed");
    cret_page_section(page, "Who vouches for the software");
    cret_view_signers(page, record->json);
    cret_page_section(page, "Software and configuration, to identify it");
    const size_t files = cret_view_files(page, record->json, roles, &verified);
    cret_page_row(page, "files", "%zu, %zu of them verified", files, verified);
    put_safety(page, record->json);
    cret_page_row(page, "to be kept", "five years from the upload (1.2.1)");
    cret_view_end(page, record);
    return cret_view_write(ret_text, ret_size, page, TITLE, record, err);
}

static const struct cret_option options[] = {
    CRET_FLAG("machinery",
              "A page as evidence of an intervention in software (Regulation (EU) 2023/1230, Annex "
              "III, 1.1.9 and 1.2.1). It repeats the record, and judges nothing.",
              .left_free = true),
    CRET_OPTION_END,
};

const struct cret_export cret_export_machinery = {
    .options = {"Form", options},
    .make = make,
};
