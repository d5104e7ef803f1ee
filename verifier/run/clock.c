/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing the clock with what cannot be later than now. */
#include "verifier/run/clock.h"

#include "base/command/version.h"
#include "base/text/text.h"
#include "base/text/time.h"

enum cret_status cret_clock_check(int64_t system_time, const struct cret_policy *policy,
                                  struct cret_err *err)
{
    const struct {
        int64_t seconds;
        const char *what;
    } bounds[] = {{cret_version_time, "this program was released"},
                  {policy != NULL ? policy->issued : 0, "the trust policy was issued"}};
    for (size_t i = 0; i < CRET_LENGTH(bounds); i++) {
        if (system_time < bounds[i].seconds) {
            char clock[32], bound[32];
            cret_time_format(clock, system_time);
            cret_time_format(bound, bounds[i].seconds);
            cret_err_undecided(err,
                               "the clock of this machine is wrong: it is earlier than "
                               "the day when %s",
                               bounds[i].what);
            cret_err_expected(err, "%s or later", bound);
            cret_err_actual(err, "%s", clock);
            return cret_err_hint(err, "set the clock (UTC) and run it again");
        }
    }
    return CRET_OK;
}
