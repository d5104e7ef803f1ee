/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of a package, what it says of itself, and all else that is asked before its bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "engine/inspect_internal.h"
#include "engine/package_manifest.h"

static enum cret_status fail(struct cret_inspect_run *run, const struct cret_err *err)
{
    cret_inspect_report(run, err);
    return CRET_FAILED;
}

static enum cret_status misfit(struct cret_err *err, const char *where, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_METADATA, "%s", what);
    return cret_err_where(err, CRET_PACKAGE_METADATA_PATH ", %s", where);
}

static bool has_folder(const struct cret_package *package, const char *name)
{
    const size_t before = strlen(CRET_PACKAGE_BELOW), size = strlen(name);
    for (size_t i = 0; i < package->below_count; i++) {
        const char *folder = package->below[i] + before;
        if (strlen(folder) == size + 1 && memcmp(folder, name, size) == 0) {
            return true;
        }
    }
    return false;
}

static enum cret_status solution_fits(const struct cret_inspect_run *run,
                                      const struct cret_package_metadata *metadata,
                                      struct cret_err *err)
{
    const struct cret_package *package = run->package;
    const bool solution = metadata->type == CRET_PACKAGE_SOLUTION;
    if (solution && package->zip->view) {
        return misfit(err, "#/PackageType", "a solution in a solution, which is not judged here");
    }
    if (solution != (package->below_count > 0)) {
        return misfit(err, "#/PackageType",
                      solution ? "a solution without a package in SUBPACKAGES/"
                               : "packages in SUBPACKAGES/ of a package that is no solution");
    }
    CRET_JSON_EACH (one, json_object_get(metadata->json, "Assignments")) {
        const char *name = cret_json_string(one, "Subpackage");
        if (name == NULL || !has_folder(package, name)) {
            misfit(err, "#/Assignments", "a package is assigned that is not in SUBPACKAGES/");
            return cret_err_actual(err, "%s", name != NULL ? name : "no name");
        }
    }
    return CRET_OK;
}

/* The lists with their signatures, as the gate takes them. Caller frees; NULL: memory. */
static struct cret_gate_pair *signed_pairs(const struct cret_package *package)
{
    struct cret_gate_pair *pairs = calloc(package->pair_count + 1, sizeof(*pairs));
    for (size_t i = 0; pairs != NULL && i < package->pair_count; i++) {
        const struct cret_package_pair *pair = &package->pairs[i];
        pairs[i] = (struct cret_gate_pair){.name = pair->signature_name,
                                           .list = pair->list,
                                           .list_size = pair->list_size,
                                           .der = pair->signature,
                                           .der_size = pair->signature_size};
    }
    return pairs;
}

/* What the package says it is: MANIFEST.json of the release in it, else its metadata. */
static struct cret_bytes statement(const struct cret_package *package, const char **ret_name)
{
    const bool release = package->release != NULL;
    *ret_name = release ? CRET_PACKAGE_RELEASE_MANIFEST : CRET_PACKAGE_METADATA_PATH;
    return (struct cret_bytes){release ? package->release : package->metadata,
                               release ? package->release_size : package->metadata_size};
}

static enum cret_status open_gate(struct cret_inspect_run *run)
{
    const struct cret_inspect_request *request = run->request;
    const struct cret_package *package = run->package;
    const struct cret_judge_request rules = {.policy = request->policy,
                                             .now = request->now,
                                             .allow_example_keys = request->allow_example_keys};
    const char *name = NULL;
    const struct cret_bytes bytes = statement(package, &name);
    struct cret_findings *findings = run->inspection->findings;
    struct cret_err err = {0};
    enum cret_status status = CRET_FAILED;
    struct cret_gate_pair *pairs = signed_pairs(package);
    if (pairs == NULL) {
        cret_err_memory(&err);
    } else if (cret_package_holds(package, name, bytes.data, bytes.size, &err) == CRET_OK &&
               cret_package_holds(package, CRET_PACKAGE_METADATA_PATH, package->metadata,
                                  package->metadata_size, &err) == CRET_OK) {
        status = cret_gate_package(&run->inspection->gate, pairs, package->pair_count, bytes,
                                   &rules, findings, &err);
    }
    free(pairs);
    if (status != CRET_OK && (err.class != CRET_ERR_REFUSED ||
                              cret_findings_tally(findings, err.check, CRET_RESULT_FAIL) == 0)) {
        cret_inspect_report(run, &err);
    }
    return status;
}

/* The signatures of the release are sound; the trust is in those of the package, which cover them.
 */
static enum cret_status check_release_signatures(const struct cret_package *package,
                                                 struct cret_err *err)
{
    const struct cret_front front = {.manifest = package->release,
                                     .manifest_size = package->release_size,
                                     .signatures = package->signatures,
                                     .signature_count = package->signature_count};
    struct cret_gate_result result = {0};
    struct cret_findings *ignored = cret_findings_new(); /* err says the one that counts */
    if (ignored == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = cret_gate_examine(&result, &front, ignored, err);
    cret_gate_result_free(&result);
    cret_findings_free(&ignored);
    if (status == CRET_OK && package->signature_count == 0) {
        cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                        "the release in the package has no signature");
        cret_err_where(err, CRET_PACKAGE_RELEASE_SIGNATURES);
        status = CRET_FAILED;
    }
    return status == CRET_OK || err->class != CRET_ERR_REFUSED
               ? status
               : cret_err_context(err, "of the release in the package");
}

/* The manifest of the release that rides along, which is proved like all of the package. */
static enum cret_status take_release(struct cret_inspect_run *run,
                                     const struct cret_package_metadata *metadata,
                                     const struct cret_authentic *authentic)
{
    struct cret_inspection *inspection = run->inspection;
    struct cret_err err = {0};
    const size_t before = cret_findings_count(inspection->findings);
    const enum cret_status parsed =
        authentic != NULL
            ? cret_manifest_parse(&inspection->manifest, authentic, inspection->findings, &err)
            : cret_manifest_parse_unverified(&inspection->manifest, run->package->release,
                                             run->package->release_size, inspection->findings,
                                             &err);
    if (parsed != CRET_OK) {
        return err.class != CRET_ERR_REFUSED || cret_findings_count(inspection->findings) == before
                   ? fail(run, &err)
                   : CRET_FAILED;
    }
    if (check_release_signatures(run->package, &err) != CRET_OK ||
        cret_package_agree(inspection->manifest, &run->entry_of, run->package, metadata, &err) !=
            CRET_OK) {
        return fail(run, &err);
    }
    cret_findings_add(
        inspection->findings, CRET_CHECK_PACKAGE_RELEASE, CRET_RESULT_PASS,
        (struct cret_finding_text){.where = CRET_PACKAGE_RELEASE_MANIFEST},
        "the release in it says the same; of its own %zu %s, sound in %s, none counts "
        "here",
        run->package->signature_count,
        cret_plural(run->package->signature_count, "signature", "signatures"),
        run->package->signature_count == 1 ? "itself" : "themselves");
    return CRET_OK;
}

/* What it says of itself, as a manifest. authentic NULL: nobody vouches for it. */
static enum cret_status read_manifest(struct cret_inspect_run *run,
                                      const struct cret_authentic *authentic)
{
    struct cret_package_metadata *metadata = NULL;
    struct cret_err err = {0};
    enum cret_status status = CRET_FAILED;
    if (cret_package_metadata_parse(&metadata, (const char *)run->package->metadata,
                                    run->package->metadata_size, &err) != CRET_OK) {
        return fail(run, &err);
    }
    if (solution_fits(run, metadata, &err) != CRET_OK) {
        fail(run, &err);
    } else if (run->package->release != NULL) {
        status = take_release(run, metadata, authentic);
    } else if (cret_package_manifest(&run->inspection->manifest, &run->entry_of, run->package,
                                     metadata, &err) == CRET_OK) {
        status = CRET_OK;
    } else {
        fail(run, &err);
    }
    cret_package_metadata_free(&metadata);
    return status;
}

static enum cret_status judge(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    if (open_gate(run) != CRET_OK ||
        read_manifest(run, run->inspection->gate.authentic) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_inspect_package_identify(run, &err) == CRET_OK ? CRET_OK : fail(run, &err);
}

static void pass_form(struct cret_inspect_run *run)
{
    struct cret_findings *findings = run->inspection->findings;
    const struct cret_package *package = run->package;
    cret_inspect_pass(run, CRET_CHECK_PACKAGE_METADATA,
                      "package_metadata.json has its mandatory fields, each in its form");
    cret_findings_add(findings, CRET_CHECK_PACKAGE_MANIFEST, CRET_RESULT_PASS,
                      (struct cret_finding_text){0}, "each of %zu signed %s names every file",
                      package->pair_count, cret_plural(package->pair_count, "list", "lists"));
    for (size_t i = 0; i < package->absent_count; i++) {
        cret_findings_add(findings, CRET_CHECK_PACKAGE_MANIFEST, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){
                              .where = package->absent[i],
                              .hint = "ask for the whole package where you need this file"},
                          "a signed list names this file, and it is not in the package");
    }
    cret_inspect_pass(run, CRET_CHECK_MANIFEST_FORM,
                      package->release != NULL
                          ? "the manifest in the package is strict JSON with known fields only"
                          : "a package says what it is in package_metadata.json");
    cret_inspect_pass(run, CRET_CHECK_FILE_PATHS, "every file name is safe and unique");
    cret_inspect_pass(run, CRET_CHECK_FILE_CHECKSUMS,
                      package->release != NULL
                          ? "SHA256SUMS says what the manifest in the package says"
                          : "a package has no SHA256SUMS: its signed lists are its checksums");
    if (package->release == NULL) {
        cret_findings_add(
            findings, CRET_CHECK_PACKAGE_METADATA, CRET_RESULT_WARN,
            (struct cret_finding_text){
                .hint = "compare the revision with what is installed before you install it"},
            "OPC UA packages have no release sequence: it is taken as 0, and a package that is "
            "older than what is installed is not noticed%s",
            run->inspection->manifest->date == 0
                ? "; this one says no release date either: it is taken as 1970-01-01"
                : "");
    }
}

enum cret_status cret_inspect_package_steps(struct cret_inspect_run *run)
{
    if (judge(run) != CRET_OK) {
        return CRET_FAILED;
    }
    pass_form(run);
    if (cret_inspect_check_scope(run) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_inspect_check_manifest(run);
    return CRET_OK;
}

enum cret_status cret_inspect_package_claims(struct cret_inspect_run *run)
{
    struct cret_inspection *inspection = run->inspection;
    struct cret_gate_pair *pairs = signed_pairs(run->package);
    struct cret_err err = {0};
    enum cret_status status = CRET_FAILED;
    if (pairs == NULL) {
        cret_err_memory(&err);
        cret_inspect_report(run, &err);
    } else if (cret_gate_package_examine(&inspection->gate, pairs, run->package->pair_count, true,
                                         inspection->findings, &err) != CRET_OK &&
               err.class != CRET_ERR_REFUSED) {
        cret_inspect_report(run, &err);
    } else if (read_manifest(run, NULL) == CRET_OK) {
        status = cret_inspect_package_suppose(run, &err);
        if (status != CRET_OK) {
            cret_inspect_report(run, &err);
        }
    }
    free(pairs);
    return status;
}
