/* SPDX-License-Identifier: Apache-2.0 */
/* Help and version, as text. */
#include <string.h>

#include "base/command/options_internal.h"
#include "base/command/version.h"
#include "base/text/text.h"

#define HELP_COLUMN 28u
#define HELP_WIDTH 80u

/* Appends words wrapped at HELP_WIDTH, each further line indented to `column`. */
static void append_wrapped(struct cret_buffer *text, const char *words, size_t at, size_t column)
{
    while (*words != '\0') {
        size_t space = strspn(words, " ");
        size_t size = strcspn(words + space, " ");
        if (at > column && at + space + size > HELP_WIDTH) {
            cret_buffer_printf(text, "\n%*s", (int)column, "");
            at = column;
            space = 0;
            words += strspn(words, " ");
        }
        cret_buffer_append(text, words, space + size);
        at += space + size;
        words += space + size;
    }
    cret_buffer_append(text, "\n", 1);
}

static void append_paragraph(struct cret_buffer *text, const char *words)
{
    if (words != NULL) {
        cret_buffer_append(text, "\n", 1);
        append_wrapped(text, words, 0, 0);
    }
}

static void append_row(struct cret_buffer *text, const char *left, const char *help)
{
    size_t size = strlen(left);
    cret_buffer_printf(text, "  %s", left);
    if (size + 4 > HELP_COLUMN) {
        cret_buffer_printf(text, "\n%*s", (int)HELP_COLUMN, "");
    } else {
        cret_buffer_printf(text, "%*s", (int)(HELP_COLUMN - size - 2), "");
    }
    append_wrapped(text, help, HELP_COLUMN, HELP_COLUMN);
}

static void append_option(struct cret_buffer *text, const struct cret_option *option)
{
    struct cret_buffer left = {0};
    struct cret_buffer help = {0};
    cret_buffer_printf(&left, "--%s", option->name);
    if (option->argument != NULL) {
        cret_buffer_printf(&left, " %s", option->argument);
    }
    cret_buffer_printf(&help, "%s", option->help);
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        cret_buffer_printf(&help, "%s%s", i == 0 ? " One of: " : ", ", option->choices[i]);
    }
    cret_buffer_printf(&help, "%s", option->choices != NULL ? "." : "");
    cret_buffer_printf(&help, "%s",
                       option->required         ? " Required."
                       : option->required_alone ? " Needed where no operand is given."
                                                : "");
    cret_buffer_printf(&help, "%s", option->repeatable ? " May be repeated." : "");
    if (left.failed || help.failed) {
        text->failed = true;
    } else {
        append_row(text, left.data, help.data);
    }
    cret_buffer_free(&left);
    cret_buffer_free(&help);
}

/* One command line, broken before its options where it is longer than the page. */
static void append_example(struct cret_buffer *text, const char *line)
{
    size_t at = 2;
    cret_buffer_printf(text, "  ");
    while (*line != '\0') {
        const char *next = strstr(line + 1, " --");
        const size_t size = next != NULL ? (size_t)(next - line) : strlen(line);
        if (at > 2 && at + size + 2 > HELP_WIDTH) {
            cret_buffer_printf(text, " \\\n     ");
            at = 5;
        }
        cret_buffer_append(text, line, size);
        at += size;
        line += size;
    }
    cret_buffer_append(text, "\n", 1);
}

static void append_verb_help(struct cret_buffer *text, const struct cret_options *options)
{
    const struct cret_verb *verb = options->verb;
    const struct cret_option *option = NULL;
    const char *title = "";
    cret_buffer_printf(text, "Usage: %s %s", options->speaker, verb->name);
    if (verb->operands != NULL) {
        cret_buffer_printf(text, " %s", verb->operands);
    }
    for (size_t i = 0; (option = cret_verb_option(verb, i)) != NULL; i++) {
        if (option->required) {
            cret_buffer_printf(text, " --%s %s", option->name,
                               option->argument != NULL ? option->argument : "");
        }
    }
    cret_buffer_printf(text, " [OPTION]...\n\n%s\n", verb->summary);
    for (size_t i = 0; verb->examples != NULL && verb->examples[i] != NULL; i++) {
        cret_buffer_printf(text, "%s", i == 0 ? "\nExamples:\n" : "");
        append_example(text, verb->examples[i]);
    }
    append_paragraph(text, verb->help);
    for (size_t g = 0; verb->groups != NULL && verb->groups[g] != NULL; g++) {
        if (strcmp(verb->groups[g]->title, title) != 0) {
            title = verb->groups[g]->title;
            cret_buffer_printf(text, "\n%s:\n", title);
        }
        for (option = verb->groups[g]->options; option->name != NULL; option++) {
            append_option(text, option);
        }
    }
    cret_buffer_printf(text, "\nGeneral:\n");
    append_row(text, "--help", "Show this help (also -h).");
    append_row(text, "--no-color", "No colour, on a terminal either; NO_COLOR does the same.");
    append_row(text, "--version", "Show the version (also -V).");
}

/* The help of a program, or of a group of verbs. */
static void append_overview(struct cret_buffer *text, const struct cret_options *options)
{
    const struct cret_program *program = options->program;
    const struct cret_verb *group = options->verb;
    const struct cret_verb *const *verbs = cret_options_verbs(options);
    cret_buffer_printf(text, "Usage: %s COMMAND [OPERAND]... [OPTION]...\n\n%s\n", options->speaker,
                       group != NULL ? group->summary : program->summary);
    append_paragraph(text, group != NULL ? group->help : NULL);
    cret_buffer_printf(text, "\nCommands:\n");
    for (; *verbs != NULL; verbs++) {
        append_row(text, (*verbs)->name, (*verbs)->summary);
    }
    cret_buffer_printf(text, "\n%s COMMAND --help tells more about each.\n", options->speaker);
    append_paragraph(text, program->footer);
}

char *cret_options_help_text(const struct cret_options *options)
{
    struct cret_buffer text = {0};
    if (cret_options_verbs(options) == NULL) {
        append_verb_help(&text, options);
    } else {
        append_overview(&text, options);
    }
    if (text.failed) {
        cret_buffer_free(&text);
        return NULL;
    }
    return text.data;
}

char *cret_options_version_text(const struct cret_options *options)
{
    return cret_text_printf("%s %s\n", options->speaker, cret_version);
}
