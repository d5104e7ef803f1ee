/* SPDX-License-Identifier: Apache-2.0 */
/* explain: what a check means, offline. */
#include <stdio.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/finding/err.h"
#include "console/print.h"
#include "verifier/verbs/verbs.h"

/* Who may soften it, as its row says. */
static void print_soft(const struct cret_check *check)
{
    const char *severity = cret_severity_name(check->severity);
    if (check->kind == CRET_CHECK_KIND_CORE) {
        printf("  Core check: %sno policy can soften it, and no waiver covers it.\n\n",
               check->asked ? "a trust policy decides whether it is asked for; where it is, " : "");
        return;
    }
    static const char *const setters[] = {
        [CRET_SET_BY_NOBODY] = "no policy can change that",
        [CRET_SET_BY_PROFILE] = "a profile can raise that, no trust policy changes it",
        [CRET_SET_BY_POLICY] = "a trust policy can change that"};
    printf("  Severity by default: %s; %s. %s", severity, setters[check->set_by],
           check->waivable ? "It can be waived, where the trust policy lets it."
                           : "It can never be waived");
    printf(check->waivable ? "\n\n" : ": %s.\n\n", cret_check_kind_reason(check->kind));
}

static void print_check(const struct cret_check *check)
{
    printf("%s: %s\n", check->name, check->title);
    print_soft(check);
    printf("What it means\n  %s\n\nWhy it may fail\n  %s\n\nWhom to ask\n  %s\n", check->meaning,
           check->causes, check->ask);
}

static void print_all(void)
{
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        static const char *const setters[] = {[CRET_SET_BY_NOBODY] = "-",
                                              [CRET_SET_BY_PROFILE] = "profile",
                                              [CRET_SET_BY_POLICY] = "policy"};
        printf("%-26s %-8s %-6s %-7s %-6s %s\n", check->name, cret_check_kind_name(check->kind),
               cret_severity_name(check->severity), setters[check->set_by],
               check->waivable ? "waiver" : "-", check->title);
    }
}

static int act(const struct cret_options *options)
{
    const char *name = cret_options_operand(options, 0);
    if (strcmp(name, "all") == 0) {
        print_all();
        return 0;
    }
    const struct cret_check *check = cret_check_find(name);
    if (check == NULL) {
        struct cret_err err = {0};
        cret_err_usage(&err, "there is no check with the id %s", name);
        const char *near = cret_check_nearest(name);
        if (near != NULL) {
            cret_err_hint(&err, "did you mean %s? `cretula-verify explain all` lists all of them",
                          near);
        } else {
            cret_err_hint(&err, "`cretula-verify explain all` lists all of them");
        }
        return cret_verb_fail(options, &err);
    }
    print_check(check);
    return 0;
}

const struct cret_verb cret_verb_explain = {
    .name = "explain",
    .operands = "CHECK-ID",
    .summary = "Say what a check means, why it may fail, and whom to ask",
    .help = "`explain all` lists every check.",
    .examples =
        CRET_EXAMPLES("cretula-verify explain document.review", "cretula-verify explain all"),
    .run = act,
};
