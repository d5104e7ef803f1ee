/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: what one says of a check never makes its fault a milder one. */
#include <string.h>

#include "../fuzz.h"
#include "release/statements/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_profile *profile = NULL;
    struct cret_err err;
    uint8_t digest[CRET_SHA256_BYTES];
    cret_err_clear(&err);
    if (cret_profile_parse(&profile, (const char *)data, size, "fuzz", &err) == CRET_OK) {
        FUZZ_HOLD(cret_sha256(digest, data, size, NULL) == CRET_OK);
        FUZZ_HOLD(memcmp(digest, profile->digest, sizeof(digest)) == 0 && profile->name != NULL);
        for (size_t i = CRET_CHECK_NONE + 1; i < CRET_CHECK_COUNT; i++) {
            const enum cret_check_id check = (enum cret_check_id)i;
            const enum cret_result with = cret_profile_result(profile, NULL, check);
            const enum cret_result without = cret_profile_result(NULL, NULL, check);
            FUZZ_HOLD(with == without || with == CRET_RESULT_FAIL ||
                      (with == CRET_RESULT_WARN && without == CRET_RESULT_NOT_CHECKED));
        }
    } else {
        FUZZ_HOLD(profile == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    cret_profile_free(&profile);
    return 0;
}
