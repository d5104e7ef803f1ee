/* SPDX-License-Identifier: Apache-2.0 */
/* explain: what a check means, offline. */
#include <stdio.h>
#include <string.h>

#include "base/finding/check.h"
#include "base/finding/err.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/verbs/verbs.h"

/* Who may soften it, as its row says. */
static void put_soft(struct cret_page *page, const struct cret_check *check)
{
    static const char *const setters[] = {
        [CRET_SET_BY_NOBODY] = "no policy can change that",
        [CRET_SET_BY_PROFILE] = "a profile can raise that, no trust policy changes it",
        [CRET_SET_BY_POLICY] = "a trust policy can change that"};
    const char *severity = cret_severity_name(check->severity);
    if (check->kind == CRET_CHECK_KIND_CORE) {
        cret_page_paragraph(
            page, "Core check: %sno policy can soften it, and no waiver covers it.",
            check->asked ? "a trust policy decides whether it is asked for; where it is, " : "");
    } else if (check->waivable) {
        cret_page_paragraph(page,
                            "Severity by default: %s; %s. It can be waived, where the trust policy "
                            "lets it.",
                            severity, setters[check->set_by]);
    } else {
        cret_page_paragraph(page, "Severity by default: %s; %s. It can never be waived: %s.",
                            severity, setters[check->set_by], cret_check_kind_reason(check->kind));
    }
}

static void put_check(struct cret_page *page, const struct cret_check *check)
{
    cret_page_verdict(page, CRET_TONE_PLAIN, check->name, "%s", check->title);
    put_soft(page, check);
    cret_page_section(page, "What it means");
    cret_page_paragraph(page, "%s", check->meaning);
    cret_page_section(page, "Why it may fail");
    cret_page_paragraph(page, "%s", check->causes);
    cret_page_section(page, "Whom to ask");
    cret_page_paragraph(page, "%s", check->ask);
}

static void put_all(struct cret_page *page)
{
    static const struct cret_page_column columns[] = {{.name = "check"},   {.name = "kind"},
                                                      {.name = "default"}, {.name = "set by"},
                                                      {.name = "waiver"},  {.name = "what holds"}};
    static const char *const setters[] = {[CRET_SET_BY_NOBODY] = "-",
                                          [CRET_SET_BY_PROFILE] = "profile",
                                          [CRET_SET_BY_POLICY] = "policy"};
    cret_page_table(page, columns, CRET_LENGTH(columns));
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *check = cret_check_get((enum cret_check_id)id);
        cret_page_cell(page, "%s", check->name);
        cret_page_cell(page, "%s", cret_check_kind_name(check->kind));
        cret_page_cell(page, "%s", cret_severity_name(check->severity));
        cret_page_cell(page, "%s", setters[check->set_by]);
        cret_page_cell(page, "%s", check->waivable ? "waiver" : "-");
        cret_page_cell(page, "%s", check->title);
    }
}

/* "signature.form, signature.value": the checks of a group, for whoever gave its name alone. */
static void add_group(struct cret_buffer *out, const char *group)
{
    const size_t size = strcspn(group, ".");
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        const char *name = cret_check_get((enum cret_check_id)id)->name;
        if (strncmp(name, group, size) == 0 && name[size] == '.' && group[size] == '\0') {
            cret_buffer_printf(out, "%s%s", out->size > 0 ? ", " : "", name);
        }
    }
}

static int act(const struct cret_options *options)
{
    const char *name = cret_options_operand(options, 0);
    const struct cret_check *check = cret_check_find(name);
    struct cret_page *page = NULL;
    if (check == NULL && strcmp(name, "all") != 0) {
        struct cret_err err = {0};
        cret_err_usage(&err, "there is no check with the id %s", name);
        const char *near = cret_check_nearest(name);
        struct cret_buffer group = {0};
        add_group(&group, name);
        if (group.size > 0 && !group.failed) {
            cret_err_hint(&err, "did you mean one of %s?", group.data);
        } else if (near != NULL) {
            cret_err_hint(&err, "did you mean %s? `cretula-verify explain all` lists all of them",
                          near);
        } else {
            cret_err_hint(&err, "`cretula-verify explain all` lists all of them");
        }
        cret_buffer_free(&group);
        return cret_verb_fail(options, &err);
    }
    page = cret_page_new();
    if (check != NULL) {
        put_check(page, check);
    } else {
        put_all(page);
    }
    return cret_print_last(options, &page, CRET_EXIT_DONE);
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
