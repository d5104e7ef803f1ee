/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on the SBOM of a release, and on the advisories and VEX files that come with it. */
#include "engine/content.h"
#include "release/advisory/advisory.h"
#include "release/advisory/coverage.h"
#include "release/sbom/sbom_rules.h"

/* What rests on SHA-256 digests of all files; it does not hold where some were not computed. */
static bool rests_on_digests(enum cret_check_id check)
{
    return check == CRET_CHECK_SBOM_BINDING || check == CRET_CHECK_VEX_MATCH ||
           check == CRET_CHECK_ADVISORY_DIGEST || check == CRET_CHECK_ADVISORY_MATCH;
}

static void add_found(struct cret_findings *findings, const struct cret_findings *found,
                      const struct cret_inspect_request *request, bool digests_claimed)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *finding = cret_findings_at(found, i);
        enum cret_result result = finding->result;
        const char *note = "";
        if (result == CRET_RESULT_FAIL) {
            result = cret_content_result(request, finding->check);
        } else if (result == CRET_RESULT_PASS && digests_claimed &&
                   rests_on_digests(finding->check)) {
            result = CRET_RESULT_NOT_CHECKED;
            note = "not all SHA-256 digests were computed in this run: ";
        }
        cret_findings_add(findings, finding->check, result, finding->where, finding->expected,
                          finding->actual,
                          finding->result == CRET_RESULT_FAIL
                              ? cret_check_hint(finding->check, CRET_READER_OWNER, finding->hint)
                              : finding->hint,
                          "%s%s", note, finding->reason);
    }
    if (cret_findings_broken(found)) {
        cret_findings_break(findings);
    }
}

/* Profiles that policy or profile ask for. A check that is ignored says nothing. */
static enum cret_status check_quality(const struct cret_sbom *sbom,
                                      const struct cret_inspect_request *request,
                                      struct cret_findings *found, struct cret_err *err)
{
    static const struct cret_sbom_profile *const profiles[] = {&cret_sbom_profile_ntia,
                                                               &cret_sbom_profile_bsi};
    for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
        if (cret_content_result(request, profiles[i]->check) == CRET_RESULT_NOT_CHECKED) {
            continue;
        }
        if (cret_sbom_judge_findings(sbom, profiles[i], true, found, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static const char *kept_text(const void *context, size_t entry, size_t *ret_size)
{
    return cret_kept_text(context, entry, ret_size);
}

static enum cret_status check_all(const struct cret_manifest *manifest,
                                  const struct cret_inspect_request *request,
                                  const struct cret_content_material *material,
                                  struct cret_findings *found, json_t **ret_subjects,
                                  struct cret_err *err)
{
    struct cret_sbom *sbom = NULL;
    json_t *subjects = NULL;
    struct cret_err fault;
    enum cret_status status = CRET_FAILED;
    cret_err_clear(&fault);
    if (material->sbom_read &&
        cret_sbom_check_payload(manifest, material->sbom, material->sbom_size, material->reader,
                                &sbom, found, &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        goto out;
    }
    if (sbom != NULL) {
        cret_coverage_check(sbom, CRET_READER_OWNER, found);
    }
    if (sbom != NULL && check_quality(sbom, request, found, err) != CRET_OK) {
        goto out;
    }
    if (cret_advisories_check(manifest, sbom, kept_text, material->kept, found, err) != CRET_OK) {
        goto out;
    }
    if (ret_subjects != NULL) {
        subjects = cret_subjects(manifest, sbom, false);
        if (subjects == NULL) {
            cret_err_memory(err);
            goto out;
        }
        *ret_subjects = subjects;
    }
    status = CRET_OK;
out:
    cret_sbom_free(&sbom);
    return status;
}

enum cret_status cret_content_check_sbom(struct cret_findings *findings,
                                         const struct cret_manifest *manifest,
                                         const struct cret_inspect_request *request,
                                         const struct cret_content_material *material,
                                         json_t **ret_subjects, struct cret_err *err)
{
    struct cret_findings *found = cret_findings_new();
    if (found == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        check_all(manifest, request, material, found, ret_subjects, err);
    if (status == CRET_OK) {
        add_found(findings, found, request, material->digests_claimed);
    }
    cret_findings_free(&found);
    return status;
}
