/* SPDX-License-Identifier: Apache-2.0 */
/* record verify --seal. */
#include "verifier/verbs/record_seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "verifier/verbs/seal_apart.h"
#include "verifier/verbs/seal_desk.h"

static enum cret_status describe(struct cret_record_seal *ret_seal,
                                 const struct cret_seal_said *proof, struct cret_err *err)
{
    char until[32], since[32];
    cret_time_format(since, proof->since);
    cret_time_format(until, proof->until);
    struct cret_record_seal seal = {
        .held = true,
        .since = proof->since,
        .until = proof->until,
        .words = cret_text_printf("existed on %s, says %s; proved until %s by %s (%zu %s)", since,
                                  proof->authority, until, proof->last, proof->stamps,
                                  cret_plural(proof->stamps, "timestamp", "timestamps"))};
    if (seal.words == NULL) {
        return cret_err_memory(err);
    }
    *ret_seal = seal;
    return CRET_OK;
}

enum cret_status cret_record_seal_beside(char **ret_path, const char *record, struct cret_err *err)
{
    static const char *const folders[] = {"../seals/", "seals/"};
    const char *name = cret_path_name(record);
    *ret_path = NULL;
    for (size_t i = 0; i < CRET_LENGTH(folders); i++) {
        struct cret_file_info info;
        bool exists = false;
        char *path =
            cret_text_printf("%.*s%s%s.ers", (int)(name - record), record, folders[i], name);
        if (path == NULL) {
            return cret_err_memory(err);
        }
        if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
            free(path);
            return CRET_FAILED;
        }
        if (exists) {
            *ret_path = path;
            return CRET_OK;
        }
        free(path);
    }
    return CRET_OK;
}

enum cret_status cret_record_seal_judge(struct cret_record_seal *ret_seal,
                                        const struct cret_options *options,
                                        struct cret_bytes record, struct cret_bytes signature,
                                        struct cret_err *err)
{
    const char *path = cret_options_value(options, "seal");
    const struct cret_seal_object objects[] = {{"the record", record},
                                               {"the record's signature", signature}};
    struct cret_policy *policy = NULL;
    struct cret_seal_said proof = {0};
    enum cret_status status = CRET_FAILED;
    char *data = NULL;
    size_t size = 0;
    if (path == NULL) {
        return CRET_OK;
    }
    const size_t lists = cret_options_count(options, "crl");
    /* A revoked authority is one here too. */
    if (cret_seal_policy(&policy, options, err) != CRET_OK ||
        (lists > 0 && cret_policy_add_crls(policy, cret_options_values(options, "crl"), lists,
                                           err) != CRET_OK) ||
        cret_file_read(&data, &size, path, CRET_LIMIT_SEAL_BYTES, CRET_ERR_UNDECIDED, err) !=
            CRET_OK) {
        goto out;
    }
    const struct cret_seal_case asked = {
        .path = path,
        .seal = {(const uint8_t *)data, size},
        .objects = objects,
        .object_count = CRET_LENGTH(objects),
        .policy = policy,
        .signature = signature,
        .allow_example_keys = cret_options_given(options, "allow-example-keys"),
        .allow_unconfined = cret_options_given(options, "allow-unconfined"),
    };
    if (cret_seal_judge(&proof, &asked, err) == CRET_OK) {
        status = describe(ret_seal, &proof, err);
    }
out:
    cret_policy_free(&policy);
    free(data);
    return status;
}
