/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that cannot be right decides nothing. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/command/version.h"
#include "verifier/run/clock.h"

Test(clock, before_the_program_or_the_policy_it_is_wrong)
{
    const int64_t built = cret_version_time;
    const struct cret_policy early = {.issued = built - 100}, late = {.issued = built + 100};
    const struct {
        int64_t time;
        const struct cret_policy *policy;
        const char *says; /* NULL: believable */
    } rows[] = {{built, NULL, NULL},
                {built - 1, NULL, "this program was released"},
                {0, NULL, "this program was released"},
                {built, &early, NULL},
                {built - 1, &early, "this program was released"},
                {built + 100, &late, NULL},
                {built + 99, &late, "the trust policy was issued"},
                {built - 1, &late, "this program was released"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(cret_clock_check(rows[i].time, rows[i].policy, &err),
                     rows[i].says == NULL ? CRET_OK : CRET_FAILED, "%zu", i);
        if (rows[i].says != NULL) {
            cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
            cr_expect_not_null(strstr(err.what, rows[i].says), "%s", err.what);
            cr_expect_not_null(strstr(err.hint, "set the clock"), "%s", err.hint);
        }
    }
}
