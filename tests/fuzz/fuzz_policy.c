/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies. */
#include "trust/policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_policy *policy = NULL;
    if (cret_policy_parse(&policy, (const char *)data, size, "fuzz", 1793491200, true, NULL) ==
        CRET_OK) {
        cret_policy_free(&policy);
    }
    return 0;
}
