/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command/options.h"
#include "base/command/version.h"

static int run_nothing(const struct cret_options *options)
{
    (void)options;
    return 0;
}

static const char *const forms[] = {"text", "json", NULL};
static const struct cret_option first_options[] = {
    {.name = "out", .argument = "FILE", .required = true, .help = "Where to."},
    {.name = "set", .argument = "PATH=VALUE", .repeatable = true, .help = "One field."},
    {.name = "format", .argument = "FORMAT", .choices = forms, .help = "Form."},
    {.name = NULL},
};
static const struct cret_option second_options[] = {
    {.name = "quiet", .excludes = "verbose", .help = "Less."},
    {.name = "verbose", .help = "More."},
    {.name = "jobs", .argument = "N", .help = "Threads."},
    {.name = "pin", .argument = "N", .needs = "set format sign", .help = "Needs another."},
    {.name = NULL},
};
static const struct cret_option_group first_group = {"First", first_options};
static const struct cret_option_group second_group = {"Second", second_options};
static const struct cret_verb pack_verb = {
    .name = "pack",
    .operands = "DESCRIPTION [OLD]",
    .summary = "Packs",
    .help = "More words.",
    .groups = CRET_GROUPS(&first_group, &second_group),
    .examples = CRET_EXAMPLES("tool pack some/description.yaml --set=a=\"one two\" "
                              "--format json --out some/other/file"),
    .run = run_nothing,
};
static const struct cret_verb many_verb = {
    .name = "many",
    .operands = "FILE...",
    .summary = "Takes many",
    .judges_each = true,
    .run = run_nothing,
};
static const struct cret_verb none_verb = {
    .name = "none", .summary = "Takes none", .run = run_nothing};
static const struct cret_verb group_verb = {
    .name = "group",
    .summary = "Has verbs",
    .verbs = (const struct cret_verb *const[]){&pack_verb, &none_verb, NULL},
    .on_file = "none",
};
static const struct cret_program program = {
    .name = "tool",
    .summary = "A tool",
    .verbs =
        (const struct cret_verb *const[]){&pack_verb, &many_verb, &none_verb, &group_verb, NULL},
    .footer = "The end.",
    .on_file = "many",
};

#define PARSE(...)                                                                                 \
    const char *words[] = {"tool", __VA_ARGS__, NULL};                                             \
    struct cret_options *options = cret_options_new(                                               \
        &program, (int)(sizeof(words) / sizeof(words[0])) - 1, (char *const *)words);              \
    struct cret_err err;                                                                           \
    cret_err_clear(&err);                                                                          \
    cr_assert_not_null(options);                                                                   \
    const enum cret_status status = cret_options_parse(options, &err)

/* Refused as USAGE, with these words in the message. */
#define REFUSES(words_in_message, ...)                                                             \
    do {                                                                                           \
        PARSE(__VA_ARGS__);                                                                        \
        cr_expect(status != CRET_OK, "accepted: %s", words_in_message);                            \
        cr_expect_eq(err.class, CRET_ERR_USAGE);                                                   \
        cr_expect(strstr(err.what, words_in_message) != NULL, "%s", err.what);                     \
        cret_options_free(&options);                                                               \
    } while (0)

#define HINTS(hint_words, ...)                                                                     \
    do {                                                                                           \
        PARSE(__VA_ARGS__);                                                                        \
        cr_expect(status != CRET_OK);                                                              \
        cr_expect(strstr(err.hint, hint_words) != NULL, "%s", err.hint);                           \
        cret_options_free(&options);                                                               \
    } while (0)

Test(options, refuses_what_it_does_not_know)
{
    REFUSES("unknown command", "bogus");
    REFUSES("unknown option", "pack", "x", "--out", "o", "--bogus");
    REFUSES("unknown option", "pack", "x", "--out", "o", "--ou", "p"); /* no abbreviations */
    REFUSES("unknown option", "pack", "x", "--out", "o", "-q");
    REFUSES("unknown option", "--quiet", "pack", "x", "--out", "o"); /* options follow the verb */
    REFUSES("no command", "--");
}

Test(options, refuses_missing_and_empty)
{
    REFUSES("lacks its value", "pack", "x", "--out");
    REFUSES("lacks its value", "pack", "x", "--out", "--quiet");
    REFUSES("empty value", "pack", "x", "--out", "");
    REFUSES("empty value", "pack", "x", "--out=");
    REFUSES("empty operand", "pack", "", "--out", "o");
    REFUSES("empty operand", "");
    REFUSES("operand is missing", "pack", "--out", "o");
    REFUSES("--out is missing", "pack", "x");
    REFUSES("--out is missing", "pack", "x", "--pin", "3"); /* before what only follows from it */
}

/* lesson 19: a second key option silently ignored */
Test(options, refuses_a_repeated_option_that_does_not_add_up)
{
    REFUSES("given twice", "pack", "x", "--out", "a", "--out", "b");
    REFUSES("given twice", "pack", "x", "--out", "a", "--quiet", "--quiet");
}

Test(options, refuses_contradictions)
{
    REFUSES("contradict", "pack", "x", "--out", "a", "--quiet", "--verbose");
    REFUSES("contradict", "pack", "x", "--out", "a", "--verbose", "--quiet");
    REFUSES("means nothing alone", "pack", "x", "--out", "a", "--pin", "3");
    REFUSES("takes no value", "pack", "x", "--out", "a", "--quiet=yes");
    REFUSES("does not take this value", "pack", "x", "--out", "a", "--format", "xml");
    REFUSES("unexpected operand", "pack", "x", "y", "z", "--out", "a");
    REFUSES("unexpected operand", "none", "x");
}

Test(options, hints_at_the_nearest_name)
{
    HINTS("did you mean --quiet?", "pack", "x", "--out", "o", "--quite");
    HINTS("did you mean \"pack\"?", "pakc");
    HINTS("did you mean --help?", "pack", "--hlep");
    HINTS("did you mean json?", "pack", "x", "--out", "o", "--format", "jsno");
    HINTS("lists what it takes", "pack", "x", "--out", "o", "--something");
    HINTS("did you mean --quiet?", "pack", "x", "-quiet");
    HINTS("did you mean --out?", "pack", "x", "-out=o");
    HINTS("write ./-q for a file of that name", "pack", "x", "-q");
    HINTS("did you mean \"help\"?", "hlep");
    HINTS("did you mean `tool many /`?", "/");
    HINTS("did you mean `tool group none /`?", "group", "/");
    HINTS("tool --help lists the commands", "/no such folder/file");
}

/* action: what is asked for; said: of which command, "" for the program. */
static void asks(enum cret_options_action action, const char *said, const char *first,
                 const char *second, const char *third)
{
    PARSE(first, second, third);
    cr_expect_eq(status, CRET_OK, "%s", err.what);
    cr_expect_eq(cret_options_action(options), action);
    cr_expect_str_eq(cret_options_command(options), said);
    cret_options_free(&options);
}

Test(options, help_and_version_are_understood_in_every_spelling)
{
    asks(CRET_OPTIONS_HELP, "", "-h", "x", "y");
    asks(CRET_OPTIONS_VERSION, "", "-V", "x", "y");
    asks(CRET_OPTIONS_HELP, "pack", "pack", "-h", "--bogus");
    asks(CRET_OPTIONS_VERSION, "pack", "pack", "-V", "--bogus");
    asks(CRET_OPTIONS_HELP, "pack", "help", "pack", "--out=o");
    asks(CRET_OPTIONS_HELP, "group none", "help", "group", "none");
    asks(CRET_OPTIONS_HELP, "group none", "group", "help", "none");
    asks(CRET_OPTIONS_HELP, "group", "group", "help", "--help");
    asks(CRET_OPTIONS_VERSION, "", "version", "--", "help");
    REFUSES("unknown command", "help", "bogus");
    REFUSES("unknown command", "group", "version");
    REFUSES("unexpected \"x\"", "help", "pack", "x");
}

Test(options, takes_options_before_and_behind_operands)
{
    PARSE("pack", "--set", "a=1", "x", "--out=o=p", "--set=b=2", "--quiet", "--", "--y");
    cr_assert_eq(status, CRET_OK, "%s", err.what);
    cr_expect_eq(cret_options_action(options), CRET_OPTIONS_RUN);
    cr_expect_str_eq(cret_options_verb(options)->name, "pack");
    cr_expect_str_eq(cret_options_value(options, "out"), "o=p");
    cr_expect_eq(cret_options_count(options, "set"), 2);
    cr_expect_str_eq(cret_options_values(options, "set")[0], "a=1");
    cr_expect_str_eq(cret_options_values(options, "set")[1], "b=2");
    cr_expect(cret_options_given(options, "quiet"));
    cr_expect(!cret_options_given(options, "verbose"));
    cr_expect_null(cret_options_value(options, "format"));
    cr_expect_eq(cret_options_operand_count(options), 2);
    cr_expect_str_eq(cret_options_operand(options, 0), "x");
    cr_expect_str_eq(cret_options_operand(options, 1), "--y");
    cr_expect_null(cret_options_operand(options, 2));
    cret_options_free(&options);
    cr_expect_null(options);
}

Test(options, needs_one_of_several)
{
    PARSE("pack", "x", "--out", "a", "--pin", "3", "--format", "json");
    cr_expect_eq(status, CRET_OK, "%s", err.what);
    cret_options_free(&options);
}

Test(options, dash_is_an_operand)
{
    PARSE("many", "-", "a", "b");
    cr_assert_eq(status, CRET_OK, "%s", err.what);
    cr_expect_eq(cret_options_operand_count(options), 3);
    cr_expect_str_eq(cret_options_operand(options, 0), "-");
    cret_options_free(&options);
}

Test(options, help_and_version_win)
{
    {
        PARSE("pack", "--help", "--bogus");
        cr_assert_eq(status, CRET_OK);
        cr_expect_eq(cret_options_action(options), CRET_OPTIONS_HELP);
        cr_expect_str_eq(cret_options_verb(options)->name, "pack");
        cret_options_free(&options);
    }
    {
        PARSE("--version");
        cr_assert_eq(status, CRET_OK);
        cr_expect_eq(cret_options_action(options), CRET_OPTIONS_VERSION);
        cr_expect_null(cret_options_verb(options));
        cret_options_free(&options);
    }
}

Test(options, numbers_are_whole_and_in_range)
{
    static const struct {
        const char *text;
        bool accepted;
    } cases[] = {{"1", true},   {"64", true},   {"0", false},   {"65", false},
                 {"-1", false}, {"+1", false},  {" 1", false},  {"1x", false},
                 {"", false},   {"0x1", false}, {"1.0", false}, {"99999999999999999999", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].text[0] == '\0') {
            continue; /* refused before: an empty value */
        }
        char word[64];
        snprintf(word, sizeof(word), "--jobs=%s", cases[i].text);
        PARSE("pack", "x", "--out", "a", word);
        cr_assert_eq(status, CRET_OK, "%s", err.what);
        int64_t number = -1;
        const enum cret_status parsed =
            cret_options_number(&number, options, "jobs", 1, 64, 7, &err);
        cr_expect_eq(parsed == CRET_OK, cases[i].accepted, "%s", cases[i].text);
        if (parsed != CRET_OK) {
            cr_expect_eq(err.class, CRET_ERR_USAGE);
        }
        cret_options_free(&options);
    }
    PARSE("pack", "x", "--out", "a");
    int64_t number = -1;
    cr_expect_eq(status, CRET_OK);
    cr_expect_eq(cret_options_number(&number, options, "jobs", 1, 64, 7, &err), CRET_OK);
    cr_expect_eq(number, 7);
    cret_options_free(&options);
}

/* The help that a command line asks for. */
static char *help(const char *first, const char *second)
{
    PARSE(first, second);
    cr_assert_eq(status, CRET_OK, "%s", err.what);
    cr_assert_eq(cret_options_action(options), CRET_OPTIONS_HELP);
    char *text = cret_options_help_text(options);
    cret_options_free(&options);
    cr_assert_not_null(text);
    return text;
}

Test(options, help_names_every_option_and_verb)
{
    char *text = help("pack", "--help");
    static const char *const expected[] = {"Usage: tool pack DESCRIPTION [OLD] --out FILE",
                                           "--set PATH=VALUE",
                                           "May be repeated.",
                                           "One of: text, json.",
                                           "--verbose",
                                           "First:",
                                           "Second:",
                                           "More words.",
                                           "--help",
                                           "Examples:\n  tool pack some/description.yaml "
                                           "--set=a=\"one two\" --format json \\\n"
                                           "      --out some/other/file\n"};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        cr_expect(strstr(text, expected[i]) != NULL, "%s in %s", expected[i], text);
    }
    free(text);
    text = help("--help", "--bogus");
    cr_expect(strstr(text, "pack") != NULL && strstr(text, "many") != NULL &&
              strstr(text, "The end.") != NULL);
    free(text);
    PARSE("--version");
    cr_expect_eq(status, CRET_OK);
    text = cret_options_version_text(options);
    cr_assert_not_null(text);
    cr_expect_eq(strncmp(text, "tool ", 5), 0);
    cr_expect_eq(strncmp(text + 5, cret_version, strlen(cret_version)), 0, "%s", text);
    cr_expect_str_eq(text + 5 + strlen(cret_version), "\n");
    free(text);
    cret_options_free(&options);
}

static const struct cret_option_group again_group = {"First", second_options};
static const struct cret_verb twice_verb = {.name = "twice",
                                            .summary = "Twice",
                                            .groups = CRET_GROUPS(&first_group, &again_group),
                                            .run = run_nothing};
static const struct cret_program twice_program = {
    .name = "tool",
    .summary = "A tool",
    .verbs = (const struct cret_verb *const[]){&twice_verb, NULL},
};

Test(options, groups_under_one_title_have_one_heading)
{
    const char *words[] = {"tool", "twice", "--help"};
    struct cret_options *options = cret_options_new(&twice_program, 3, (char *const *)words);
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_options_parse(options, &err), CRET_OK);
    char *text = cret_options_help_text(options);
    char *first = strstr(text, "First:");
    cr_assert_not_null(first);
    cr_expect_null(strstr(first + 1, "First:"));
    cr_expect_not_null(strstr(first, "--jobs N"));
    free(text);
    cret_options_free(&options);
}

Test(options, a_group_has_verbs_of_its_own)
{
    {
        PARSE("group", "pack", "x", "--out", "o");
        cr_assert_eq(status, CRET_OK, "%s", err.what);
        cr_expect_str_eq(cret_options_command(options), "group pack");
        cr_expect_str_eq(cret_options_speaker(options), "tool group");
        cr_expect_eq(cret_options_verb(options), &pack_verb);
        cret_options_free(&options);
    }
    {
        PARSE("--", "group", "none");
        cr_assert_eq(status, CRET_OK, "%s", err.what);
        cr_expect_eq(cret_options_verb(options), &none_verb);
        cret_options_free(&options);
    }
    {
        PARSE("pack", "x", "--out", "o");
        cr_assert_eq(status, CRET_OK, "%s", err.what);
        cr_expect_str_eq(cret_options_command(options), "pack");
        cr_expect_str_eq(cret_options_speaker(options), "tool");
        cret_options_free(&options);
    }
    REFUSES("no command", "group");
    REFUSES("unknown command", "group", "many");
    REFUSES("unknown option", "group", "--out", "o", "pack", "x");
    HINTS("tool group --help lists the commands", "group");
    HINTS("did you mean \"none\"?", "group", "nome");
    HINTS("tool group none --help lists what it takes", "group", "none", "x");
    char *text = help("group", "--help");
    cr_expect_not_null(strstr(text, "Usage: tool group COMMAND"));
    cr_expect_not_null(strstr(text, "Has verbs"));
    cr_expect_null(strstr(text, "many"));
    free(text);
}

Test(options, needs_names_only_what_the_verb_has)
{
    PARSE("pack", "x", "--out", "o", "--pin", "3");
    cr_expect_eq(status, CRET_FAILED);
    cr_expect_str_eq(err.expected, "one of these too: --set, --format");
    cret_options_free(&options);
}

Test(options, several_operands_of_a_verb_that_judges_each)
{
    static const struct {
        const char *verb, *second;
        bool several;
    } cases[] = {{"many", "b", true}, {"many", "--", false}, {"pack", "b", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        PARSE(cases[i].verb, "a", cases[i].second);
        cr_expect_eq(status == CRET_OK, strcmp(cases[i].verb, "many") == 0);
        cr_expect_eq(cret_options_several(options), cases[i].several, "%zu", i);
        cret_options_free(&options);
    }
}

Test(options, wants_sees_flags_of_a_broken_line)
{
    PARSE("pack", "--bogus", "--json", "--", "--quiet");
    cr_expect_neq(status, CRET_OK);
    cr_expect(cret_options_wants(options, "json"));
    cr_expect(!cret_options_wants(options, "quiet"));
    cr_expect(!cret_options_wants(options, "jso"));
    cret_options_free(&options);
}
