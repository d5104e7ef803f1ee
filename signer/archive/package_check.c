/* SPDX-License-Identifier: Apache-2.0 */
/* Reading packages on the signer's side. */
#include "signer/archive/package_check.h"

#include <string.h>

#include "signer/archive/selfcheck.h"

/* What `show` would say of it: the manifest, where nothing is wrong. */
static enum cret_status inspect(struct cret_manifest **ret_manifest, struct cret_source *source,
                                const struct cret_certificate *signer, struct cret_err *err)
{
    struct cret_inspection *inspection = cret_inspect_unverified(source);
    enum cret_status status = CRET_FAILED;
    if (inspection == NULL) {
        return cret_err_memory(err);
    }
    const struct cret_finding *fault = cret_findings_first_fault(inspection->findings, 0);
    if (inspection->error.class != CRET_ERR_NONE) {
        *err = inspection->error;
    } else if (fault != NULL) {
        cret_finding_refuse(err, fault);
    } else if (inspection->manifest == NULL) {
        cret_err_undecided(err, "the package could not be read");
    } else {
        status = CRET_OK;
    }
    for (size_t i = 0; status == CRET_OK && i < inspection->gate.signature_count; i++) {
        const struct cret_certificate *other = cret_cms_signer(inspection->gate.signatures[i].cms);
        if (memcmp(cret_certificate_key_digest(other), cret_certificate_key_digest(signer),
                   CRET_SHA256_BYTES) == 0) {
            cret_err_usage(err, "this key has signed the package already");
            cret_err_actual(err, "%s", cret_certificate_subject(other));
            status = cret_err_hint(err, "a second signature needs another key");
        }
    }
    if (status == CRET_OK) {
        *ret_manifest = inspection->manifest;
        inspection->manifest = NULL;
    }
    cret_inspection_free(&inspection);
    return status;
}

static enum cret_status note_members(struct cret_package_draft *draft,
                                     const struct cret_package *package, struct cret_err *err)
{
    for (size_t i = 0; i < package->zip->count; i++) {
        const struct cret_zip_member *member = &package->zip->members[i];
        if (!member->folder && strcmp(member->name, "mimetype") != 0 &&
            cret_package_draft_note(draft, member->name, package->digests[i], err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_package_examine(struct cret_package **ret_package,
                                      struct cret_manifest **ret_manifest,
                                      struct cret_package_draft *draft, int fd,
                                      const struct cret_certificate *signer, struct cret_err *err)
{
    struct cret_source *source = NULL;
    struct cret_package *package = NULL;
    struct cret_manifest *manifest = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_source_new(&source, fd, err) == CRET_OK &&
        cret_package_read(&package, fd, cret_source_size(source), false, err) == CRET_OK &&
        inspect(&manifest, source, signer, err) == CRET_OK) {
        cret_source_seek(source, 0);
        status = cret_package_walk(package, source, NULL, NULL, err);
    }
    if (status == CRET_OK && package->below_count > 0) {
        cret_err_usage(err, "a solution package is not endorsed here: approve the packages in it");
        status = CRET_FAILED;
    }
    if (status == CRET_OK && package->absent_count > 0) {
        cret_err_refuse(err, CRET_CHECK_PACKAGE_MANIFEST,
                        "a file that a signed list names is not in the package");
        cret_err_where(err, "%s", package->absent[0]);
        status = cret_err_hint(err, "sign the whole package; files can be left out afterwards");
    }
    if (status == CRET_OK) {
        status = note_members(draft, package, err);
    }
    cret_source_free(&source);
    if (status == CRET_OK) {
        *ret_package = package;
        *ret_manifest = manifest;
        return CRET_OK;
    }
    cret_package_free(&package);
    cret_manifest_free(&manifest);
    return CRET_FAILED;
}

enum cret_status cret_package_check(int fd, const struct cret_certificate *signer,
                                    const uint8_t identity[CRET_SHA256_BYTES],
                                    const struct cret_manifest *manifest, bool allow_example_keys,
                                    struct cret_err *err)
{
    struct cret_manifest wanted = {.adopted = manifest->adopted, .vendor = manifest->vendor};
    memcpy(wanted.identity, identity, CRET_SHA256_BYTES);
    const struct cret_selfcheck check = {
        .fd = fd,
        .certificate = signer,
        .manifest = &wanted,
        .payload_directory = -1,
        .any_meaning = true,
        .allow_example_keys = allow_example_keys,
        .jobs = 1,
    };
    return cret_selfcheck(&check, err);
}
