/* SPDX-License-Identifier: Apache-2.0 */
/* Running the checks on statements in the signer. */
#include "signer/release/statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "release/statements/checks.h"
#include "release/statements/claims.h"
#include "signer/release/intended.h"
#include "signer/release/materials.h"
#include "signer/release/payload.h"

static enum cret_result fault_result(const struct cret_profile *profile, enum cret_check_id check)
{
    enum cret_severity severity = cret_check_get(check)->severity;
    if (profile != NULL && profile->has_severity[check] && profile->severities[check] > severity) {
        severity = profile->severities[check];
    }
    return severity == CRET_SEVERITY_FAIL   ? CRET_RESULT_FAIL
           : severity == CRET_SEVERITY_WARN ? CRET_RESULT_WARN
                                            : CRET_RESULT_NOT_CHECKED;
}

/* Faults only: what is clean needs no line in a linter's output. */
static void add_faults(struct cret_findings *findings, const struct cret_findings *found,
                       const struct cret_profile *profile)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *finding = cret_findings_at(found, i);
        if (finding->result == CRET_RESULT_FAIL) {
            cret_findings_add(findings, finding->check, fault_result(profile, finding->check),
                              finding->where, finding->expected, finding->actual, finding->hint,
                              "%s", finding->reason);
        }
    }
    if (cret_findings_broken(found)) {
        cret_findings_break(findings);
    }
}

static enum cret_status check_documents(const struct cret_content *content,
                                        struct cret_findings *found, struct cret_err *err)
{
    const struct cret_release_files *files = &content->files;
    for (size_t i = 0; i < files->count; i++) {
        enum cret_claim_markup markup;
        const char *role = content->manifest->files[i].role;
        char *text = NULL;
        size_t size = 0;
        if ((strcmp(role, "document") != 0 && strcmp(role, "release-notes") != 0) ||
            !cret_claims_markup(files->entries[i].path, &markup) ||
            files->entries[i].size > CRET_LIMIT_SCANNED_BYTES || files->inputs[i].path == NULL) {
            continue;
        }
        if (cret_payload_read_text(&text, &size, content, i, CRET_LIMIT_SCANNED_BYTES, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        cret_claims_check_text(content->manifest, files->entries[i].path, text, size, markup,
                               found);
        free(text);
    }
    return CRET_OK;
}

enum cret_status cret_statements_check(const struct cret_content *content,
                                       const struct cret_profile *profile,
                                       struct cret_findings *findings, struct cret_err *err)
{
    struct cret_findings *found = cret_findings_new();
    const struct cret_release_context context = {
        .now = content->date, .profile = profile, .reader = CRET_READER_SIGNER};
    if (found == NULL) {
        return cret_err_memory(err);
    }
    cret_release_check(content->manifest, &context, found);
    cret_claims_check_manifest(content->manifest, found);
    enum cret_status status = check_documents(content, found, err);
    if (status == CRET_OK) {
        status = cret_intended_check(content, found, err);
    }
    if (status == CRET_OK) {
        status = cret_materials_check(content, profile, found, err);
    }
    add_faults(findings, found, profile);
    cret_findings_free(&found);
    return status;
}
