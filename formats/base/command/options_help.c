/* SPDX-License-Identifier: Apache-2.0 */
/* Help of a program and of its verbs, as text. */
#include <string.h>

#include "base/command/options.h"
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
    cret_buffer_printf(&help, "%s", option->required ? " Required." : "");
    cret_buffer_printf(&help, "%s", option->repeatable ? " May be repeated." : "");
    if (left.failed || help.failed) {
        text->failed = true;
    } else {
        append_row(text, left.data, help.data);
    }
    cret_buffer_free(&left);
    cret_buffer_free(&help);
}

static void append_verb_help(struct cret_buffer *text, const struct cret_program *program,
                             const struct cret_verb *verb)
{
    const struct cret_option *option = NULL;
    cret_buffer_printf(text, "Usage: %s %s", program->name, verb->name);
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
    if (verb->help != NULL) {
        cret_buffer_printf(text, "\n%s\n", verb->help);
    }
    for (size_t g = 0; verb->groups != NULL && verb->groups[g] != NULL; g++) {
        cret_buffer_printf(text, "\n%s:\n", verb->groups[g]->title);
        for (option = verb->groups[g]->options; option->name != NULL; option++) {
            append_option(text, option);
        }
    }
    cret_buffer_printf(text, "\nGeneral:\n");
    append_row(text, "--help", "Show this help.");
    append_row(text, "--version", "Show the version.");
}

char *cret_options_help_text(const struct cret_program *program, const struct cret_verb *verb)
{
    struct cret_buffer text = {0};
    if (verb != NULL) {
        append_verb_help(&text, program, verb);
    } else {
        cret_buffer_printf(&text, "Usage: %s COMMAND [OPERAND]... [OPTION]...\n\n%s\n\nCommands:\n",
                           program->name, program->summary);
        for (const struct cret_verb *v = program->verbs; v->name != NULL; v++) {
            append_row(&text, v->name, v->summary);
        }
        cret_buffer_printf(&text, "\n%s COMMAND --help tells more about each.\n", program->name);
        if (program->footer != NULL) {
            cret_buffer_printf(&text, "\n%s\n", program->footer);
        }
    }
    if (text.failed) {
        cret_buffer_free(&text);
        return NULL;
    }
    return text.data;
}

char *cret_options_version_text(const struct cret_program *program)
{
    return cret_text_printf("%s %s\n", program->name, program->version);
}
