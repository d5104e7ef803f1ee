/* SPDX-License-Identifier: Apache-2.0 */
/* The trust policy of a run: that of the machine's site configuration, or of --trust. */
#include "verifier/run/site_policy.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "verifier/run/site.h"

enum cret_status cret_site_policy(struct cret_policy **ret_policy,
                                  const struct cret_options *options, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    *ret_policy = NULL;
    if (cret_site_read(&text, &size, options, CRET_SITE_TRUST, "", CRET_LIMIT_POLICY_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        text == NULL ? CRET_OK
                     : cret_policy_parse(ret_policy, text, size,
                                         cret_site_value(options, CRET_SITE_TRUST), cret_os_now(),
                                         cret_options_given(options, "allow-example-keys"), err);
    free(text);
    return status;
}
