/* SPDX-License-Identifier: Apache-2.0 */
/* A package under the verbs that add signatures. */
#include "signer/archive/amend_package.h"

#include <string.h>

#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "signer/archive/repackage.h"
#include "signer/command/options.h"

enum cret_status cret_amend_package_read(struct cret_amend *amend, struct cret_err *err)
{
    if (cret_package_examine(&amend->seen, amend->existing->fd, amend->unsigned_too, &amend->work,
                             err) != CRET_OK ||
        cret_package_seen_list(&amend->seen, err) != CRET_OK) {
        return cret_err_context(err, "%s", amend->existing->path);
    }
    return CRET_OK;
}

enum cret_status cret_amend_package_tell(const struct cret_amend *amend,
                                         struct cret_apart_told *told, struct cret_err *err)
{
    struct cret_zip_edit edit = {.kept = 0};
    struct cret_build json = cret_build_object();
    uint8_t identity[CRET_SHA256_BYTES];
    if (amend->count != 1) {
        return cret_err_undecided(err, "internal error: a package gets one signature at a time");
    }
    if (cret_package_identify(identity, &amend->seen, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_build_sha256(&json, "identity", cret_package_is_open(&amend->seen) ? NULL : identity);
    cret_build_integer(&json, "signatures",
                       (int64_t)amend->seen.package->pair_count + (amend->stamps ? 0 : 1));
    json_t *built = cret_build_end(&json);
    if (built == NULL || json_object_set_new(told->json, "package", built) != 0) {
        return cret_err_memory(err);
    }
    enum cret_status status = cret_package_edit(&edit, &amend->seen, &amend->additions[0], err);
    if (status == CRET_OK) {
        status = cret_repackage_tell(told, &edit, err);
    }
    cret_zip_edit_clear(&edit);
    return status;
}

enum cret_status cret_amend_package_replace(struct cret_amend *amend,
                                            const struct cret_amend_own *own, struct cret_err *err)
{
    const char *identity = cret_json_string(amend->told.json, "package.identity");
    const int64_t total = cret_json_integer(amend->told.json, "package.signatures", 0);
    const struct cret_repackage job = {
        .from = amend->existing->fd,
        .adds = !amend->stamps,
        .list = own != NULL ? own->identity : NULL,
        .value = own != NULL ? &own->der : NULL,
        .work = &amend->work,
        .allow_unconfined = cret_options_given(amend->options, "allow-unconfined"),
    };
    struct cret_output *output = NULL;
    uint8_t digest[CRET_SHA256_BYTES] = {0};
    enum cret_status status = CRET_FAILED;
    if ((identity != NULL && cret_sha256_read(digest, identity) != CRET_OK) || total < 1 ||
        total > CRET_LIMIT_SIGNATURES) {
        return cret_apart_malformed(err);
    }
    if (cret_output_open_over(&output, amend->existing->held, err) == CRET_OK) {
        status = cret_repackage(output, &amend->told, &job, err);
    }
    cret_progress_end(&amend->progress);
    if (status == CRET_OK && cret_held_same(amend->existing->held, err) == CRET_OK) {
        status = cret_output_commit(&output, err);
    } else {
        status = CRET_FAILED;
    }
    cret_output_discard(&output);
    if (status == CRET_OK) {
        amend->identity_open = identity == NULL;
        memcpy(amend->identity, digest, sizeof(digest));
        amend->total = (size_t)total;
    }
    return status;
}
