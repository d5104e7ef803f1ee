/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of the inputs for the checks, and what of their findings a linter lists. */
#include "signer/release/draft_check.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "engine/content.h"
#include "signer/release/intended.h"
#include "signer/release/payload.h"

/* The texts that the checks look at. */
static enum cret_status keep_texts(const struct cret_draft *draft,
                                   const struct cret_content *content, struct cret_kept *kept,
                                   struct cret_err *err)
{
    if (cret_content_choose(content, kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < draft->files.count; i++) {
        char *text = NULL;
        size_t size = 0;
        if (!cret_kept_has(kept, i)) {
            continue;
        }
        if (cret_payload_read_text(&text, &size, draft, i, CRET_LIMIT_PARSED_FILE_BYTES, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        const enum cret_status status =
            cret_kept_take(kept, i, 0, (const uint8_t *)text, size, err);
        free(text);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* What belongs into a linter's output. */
static bool is_listed(const struct cret_finding *finding)
{
    return finding->result == CRET_RESULT_FAIL || finding->result == CRET_RESULT_WARN ||
           (finding->result == CRET_RESULT_NOT_CHECKED &&
            (finding->check == CRET_CHECK_SBOM_FORM || finding->check == CRET_CHECK_SBOM_BINDING ||
             finding->check == CRET_CHECK_SBOM_NESTED));
}

static void list_found(const struct cret_findings *found, struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *one = cret_findings_at(found, i);
        if (is_listed(one)) {
            cret_findings_add(findings, one->check, one->result,
                              (struct cret_finding_text){.where = one->where,
                                                         .expected = one->expected,
                                                         .actual = one->actual,
                                                         .hint = one->hint},
                              "%s", one->reason);
        }
    }
    if (cret_findings_broken(found)) {
        cret_findings_break(findings);
    }
}

enum cret_status cret_draft_check(const struct cret_draft *draft,
                                  const struct cret_profile *profile,
                                  struct cret_findings *findings, struct cret_err *err)
{
    struct cret_kept *kept = NULL;
    struct cret_findings *found = cret_findings_new();
    struct cret_content content = {.manifest = draft->manifest,
                                   .reader = CRET_READER_SIGNER,
                                   .now = draft->date,
                                   .profile = profile};
    struct cret_payload payload;
    enum cret_status status = CRET_FAILED;
    cret_payload_init(&payload, draft);
    const struct cret_payload_reader reader = cret_payload_reader(&payload);
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (cret_kept_new(&kept, draft->files.count, err) != CRET_OK ||
        keep_texts(draft, &content, kept, err) != CRET_OK) {
        goto out;
    }
    content.kept = kept;
    content.payload = &reader;
    cret_content_check_manifest(&content, found);
    if (cret_content_check_payload(&content, found, NULL, err) != CRET_OK) {
        goto out;
    }
    cret_intended_check(draft, profile, found);
    list_found(found, findings);
    status = CRET_OK;
out:
    cret_payload_clear(&payload);
    cret_kept_free(&kept);
    cret_findings_free(&found);
    return status;
}
