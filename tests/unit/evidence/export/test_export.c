/* SPDX-License-Identifier: Apache-2.0 */
/* The table of exports, and the choice among them. */
#include <criterion/criterion.h>
#include <string.h>

#include "evidence/export/export.h"

static int run_nothing(const struct cret_options *options)
{
    (void)options;
    return 0;
}

static const struct cret_option other_options[] = {
    {.name = "key", .argument = "URI", .help = "Key."},
    {.name = "at", .argument = "TIME", .help = "Time."},
    {.name = NULL},
};
static const struct cret_option_group other_group = {"Other", other_options};
static const struct cret_verb export_verb = {
    .name = "export",
    .summary = "Exports",
    .groups = CRET_GROUPS(CRET_RECORD_EXPORTS(CRET_EXPORT_GROUP) & other_group),
    .run = run_nothing,
};
static const struct cret_program program = {
    .name = "tool",
    .summary = "A tool",
    .verbs = (const struct cret_verb *const[]){&export_verb, NULL},
};

/* What the choice says to this command line; NULL: a form was chosen. */
static const char *choose(const char *const words[], int count, struct cret_err *err)
{
    const struct cret_export *form = NULL;
    struct cret_options *options = cret_options_new(&program, count, (char *const *)words);
    cret_err_clear(err);
    cr_assert_not_null(options);
    cr_assert_eq(cret_options_parse(options, err), CRET_OK, "%s", err->what);
    const bool chosen = cret_export_choose(&form, options, err) == CRET_OK;
    cr_expect_eq(chosen, form != NULL);
    cr_expect(chosen || err->class == CRET_ERR_USAGE);
    cret_options_free(&options);
    return chosen ? NULL : err->what;
}

#define CHOOSE(...)                                                                                \
    choose((const char *const[]){"tool", "export", __VA_ARGS__},                                   \
           (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)) + 2, &err)

Test(export, each_form_says_what_it_is)
{
    for (size_t i = 0; cret_record_exports[i] != NULL; i++) {
        const struct cret_export *form = cret_record_exports[i];
        cr_expect(form->make != NULL);
        for (const struct cret_option *one = form->options.options; one->name != NULL; one++) {
            cr_expect(one->help != NULL && one->help[0] != '\0', "--%s has no help", one->name);
            /* What belongs to one form means nothing to the others. */
            cr_expect(
                one == form->options.options ||
                    (one->needs != NULL && strcmp(one->needs, form->options.options[0].name) == 0),
                "--%s is of --%s alone", one->name, form->options.options[0].name);
        }
        for (size_t j = 0; j < i; j++) {
            cr_expect_str_neq(form->options.options[0].name,
                              cret_record_exports[j]->options.options[0].name);
        }
    }
    cr_expect_eq(cret_record_exports[0], &cret_export_vsa);
}

Test(export, exactly_one_form_is_asked_for)
{
    struct cret_err err;
    cr_expect_str_eq(CHOOSE("--key", "k"), "no form is asked for");
    cr_expect(strstr(err.expected, "--vsa") != NULL, "%s", err.expected);
    cr_expect_null(CHOOSE("--vsa", "--key", "k"));
}

Test(export, a_signed_form_needs_its_key)
{
    struct cret_err err;
    cr_expect_str_eq(CHOOSE("--vsa"), "option --key is missing");
}

Test(export, what_a_form_cannot_say_is_refused_before_a_file_is_read)
{
    struct cret_err err;
    const char *what = CHOOSE("--vsa", "--key", "k", "--at", "2027-01-01T00:00:00Z");
    cr_assert_not_null(what);
    cr_expect(strstr(what, "gives no VSA") != NULL, "%s", what);
    what = CHOOSE("--vsa", "--key", "k", "--verifier-id", "nobody");
    cr_assert_not_null(what);
    cr_expect(strstr(what, "--verifier-id: not a URI") != NULL, "%s", what);
}
