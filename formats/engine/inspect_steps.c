/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a verification that archives and packages share. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text/text.h"
#include "base/text/unicode.h"
#include "engine/expected.h"
#include "engine/inspect_internal.h"
#include "engine/lasting.h"

/* A refusal becomes a finding; what the tool could not do becomes the run's error. */
void cret_inspect_report(struct cret_inspect_run *run, const struct cret_err *err)
{
    if (err->class == CRET_ERR_REFUSED) {
        cret_findings_add_err(run->inspection->findings, CRET_RESULT_FAIL, err);
    } else if (run->inspection->error.class == CRET_ERR_NONE) {
        run->inspection->error = *err;
        run->inspection->error.class = CRET_ERR_UNDECIDED;
    }
}

void cret_inspect_pass(struct cret_inspect_run *run, enum cret_check_id check, const char *reason)
{
    cret_findings_add(run->inspection->findings, check, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "%s", reason);
}

/* What the release says it is, beside what the signers may vouch for. */
static void tell_scopes(const struct cret_authentic *authentic,
                        const struct cret_manifest *manifest, struct cret_err *err)
{
    char *scopes = cret_authentic_scopes(authentic, manifest->adopted);
    char *claim = cret_text_printf("%s/%s", manifest->vendor, manifest->product);
    const bool both = scopes != NULL && claim != NULL;
    char *wanted = both ? cret_unicode_tell(scopes, claim) : NULL;
    char *found = both ? cret_unicode_tell(claim, scopes) : NULL;
    cret_err_actual(err, "%s", found != NULL ? found : manifest->product);
    cret_err_expected(err, "a product of the scopes whose thresholds were met%s%s",
                      wanted == NULL || wanted[0] == '\0' ? "" : ": ",
                      wanted == NULL ? "" : wanted);
    free(found);
    free(wanted);
    free(claim);
    free(scopes);
}

/* A package without a release in it has no MANIFEST.json; one with it has it elsewhere. */
static const struct cret_expected_places *places(const struct cret_inspect_run *run)
{
    static const struct cret_expected_places archive = {"MANIFEST.json", "MANIFEST.json, #/product",
                                                        "#/product", "#/hardware",
                                                        "#/release/sequence"};
    static const struct cret_expected_places release = {
        "META-INF/", CRET_PACKAGE_RELEASE_MANIFEST ", #/product",
        CRET_PACKAGE_RELEASE_MANIFEST ", #/product", CRET_PACKAGE_RELEASE_MANIFEST ", #/hardware",
        CRET_PACKAGE_RELEASE_MANIFEST ", #/release/sequence"};
    static const struct cret_expected_places metadata = {
        "META-INF/", CRET_PACKAGE_METADATA_PATH ", #/Name", CRET_PACKAGE_METADATA_PATH ", #/Name",
        CRET_PACKAGE_METADATA_PATH ", #/UpdateTargets", CRET_PACKAGE_METADATA_PATH};
    return run->package == NULL ? &archive : run->package->release != NULL ? &release : &metadata;
}

/* One vendor's key never vouches for another's product. */
enum cret_status cret_inspect_check_scope(struct cret_inspect_run *run)
{
    const struct cret_manifest *manifest = run->inspection->manifest;
    const struct cret_authentic *authentic = run->inspection->gate.authentic;
    struct cret_err err = {0};
    if (!cret_authentic_covers(authentic, manifest->vendor, manifest->product, manifest->adopted)) {
        cret_err_refuse(&err, CRET_CHECK_TRUST_SCOPE, "%s: %s of %s",
                        manifest->adopted
                            ? "no owner that the policy names vouches for this adopted release"
                            : "the signers that were counted may not vouch for this product",
                        manifest->product, manifest->vendor);
        cret_err_where(&err, "%s", places(run)->scope);
        tell_scopes(authentic, manifest, &err);
        cret_err_hint(&err, manifest->adopted
                                ? "verify adopted releases with a trust policy whose scope has "
                                  "an owner role"
                                : "check that the download is for the product you asked for; "
                                  "scopes are set in the trust policy");
        cret_inspect_report(run, &err);
        return CRET_FAILED;
    }
    run->inspection->product_bound =
        cret_authentic_product_bound(authentic) || run->request->product != NULL;
    cret_inspect_pass(run, CRET_CHECK_TRUST_SCOPE,
                      cret_authentic_product_bound(authentic)
                          ? "the policy lets these signers vouch for this vendor and product"
                      : run->request->product != NULL
                          ? "a bare anchor covers any product; the expected one was given"
                          : "a bare anchor covers any product: product not bound");
    return CRET_OK;
}

void cret_inspect_pass_digests(struct cret_inspect_run *run)
{
    const struct cret_manifest *manifest = run->inspection->manifest;
    uint64_t bytes = 0;
    size_t files = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (cret_inspect_selects(run->request, manifest->entries[i].path)) {
            bytes += manifest->entries[i].size;
            files++;
        }
    }
    cret_findings_add(run->inspection->findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "%zu of %zu %s, %" PRIu64 " %s: %s", files,
                      manifest->file_count, cret_plural(manifest->file_count, "file", "files"),
                      bytes, cret_plural(bytes, "byte", "bytes"),
                      run->request->fast ? "one digest of each matches (--fast)"
                                         : "every digest matches");
    run->inspection->payload_verified = true;
}

void cret_inspect_package_passed(struct cret_inspect_run *run)
{
    cret_inspect_pass(run, CRET_CHECK_PACKAGE_ZIP,
                      "one index, local headers alike, nothing between or after the members");
    cret_inspect_pass(run, CRET_CHECK_ARCHIVE_FRAMING, "the ZIP file has its one form");
    cret_inspect_pass(run, CRET_CHECK_ARCHIVE_LIMITS, "sizes and counts are within the limits");
    cret_inspect_pass_digests(run);
}

void cret_inspect_check_manifest(const struct cret_inspect_run *run)
{
    const struct cret_content content = cret_inspect_content(run);
    cret_expected_check(run->inspection->findings, run->inspection->manifest, places(run),
                        run->request);
    cret_content_check_manifest(&content, run->inspection->findings);
    cret_lasting_check(run->inspection->findings, &run->inspection->gate, run->inspection->manifest,
                       run->request);
}
