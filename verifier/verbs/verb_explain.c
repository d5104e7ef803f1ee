/* SPDX-License-Identifier: Apache-2.0 */
/* explain: what a check means, offline. */
#include <stdio.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/finding/err.h"
#include "verifier/report/report.h"
#include "verifier/verbs/verbs.h"

static void print_check(const struct cret_check *check)
{
    printf("%s: %s\n", check->name, check->title);
    printf("  %s\n\n", check->core ? "Core check: no policy can soften it."
                                   : "A trust policy can set its severity.");
    printf("What it means\n  %s\n\nWhy it may fail\n  %s\n\nWhom to ask\n  %s\n", check->meaning,
           check->causes, check->ask);
}

static void print_all(void)
{
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        printf("%-26s %-5s %s\n", check->name,
               check->core ? "core" : cret_severity_name(check->severity), check->title);
    }
}

int cret_verb_explain(const struct cret_options *options)
{
    const char *name = cret_options_operand(options, 0);
    if (strcmp(name, "all") == 0) {
        print_all();
        return cret_report_flush(0);
    }
    const struct cret_check *check = cret_check_find(name);
    if (check == NULL) {
        struct cret_err err;
        cret_err_clear(&err);
        cret_err_usage(&err, "there is no check with the id %s", name);
        cret_err_hint(&err, "`cretula-verify explain all` lists all of them");
        return cret_verb_fail(options, &err);
    }
    print_check(check);
    return cret_report_flush(0);
}
