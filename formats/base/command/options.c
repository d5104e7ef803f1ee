/* SPDX-License-Identifier: Apache-2.0 */
/* The parser: words into verb, options and operands, which must fit together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command/options_internal.h"
#include "base/text/nearest.h"
#include "base/text/text.h"

static const struct cret_option *option_find(const struct cret_verb *verb, const char *name,
                                             size_t size)
{
    const struct cret_option *option = NULL;
    for (size_t i = 0; (option = cret_verb_option(verb, i)) != NULL; i++) {
        if (strlen(option->name) == size && memcmp(option->name, name, size) == 0) {
            return option;
        }
    }
    return NULL;
}

/* The only choice that begins with a value, NULL where there is none or another. */
static const char *begun(const char *value, const char *const *choices)
{
    const char *found = NULL;
    for (size_t i = 0; value[0] != '\0' && choices[i] != NULL; i++) {
        if (strncmp(choices[i], value, strlen(value)) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = choices[i];
        }
    }
    return found;
}

static enum cret_status check_choice(const struct cret_option *option, const char *value,
                                     struct cret_err *err)
{
    struct cret_buffer list = {0};
    if (option->choices == NULL) {
        return CRET_OK;
    }
    for (size_t i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            cret_buffer_free(&list);
            return CRET_OK;
        }
        cret_buffer_printf(&list, "%s%s", i == 0 ? "" : ", ", option->choices[i]);
    }
    cret_err_usage(err, "option --%s does not take this value", option->name);
    cret_err_expected(err, "%s", list.data != NULL ? list.data : "");
    cret_err_actual(err, "%s", value);
    const char *best = begun(value, option->choices);
    best = best != NULL ? best : cret_nearest(value, option->choices);
    if (best != NULL) {
        cret_err_hint(err, "did you mean %s?", best);
    }
    cret_buffer_free(&list);
    return CRET_FAILED;
}

static enum cret_status remember(struct cret_options *options, const struct cret_option *option,
                                 const char *value, struct cret_err *err)
{
    struct cret_given *given = NULL;
    for (size_t i = 0; i < options->given_count; i++) {
        if (options->given[i].option == option) {
            given = &options->given[i];
        }
    }
    if (given != NULL && !option->repeatable) {
        cret_err_usage(err, "option --%s is given twice", option->name);
        return cret_err_hint(err, "give it once; only one value can count");
    }
    if (given == NULL) {
        given = &options->given[options->given_count];
        given->option = option;
        given->values = calloc(options->room, sizeof(*given->values));
        if (given->values == NULL) {
            return cret_err_memory(err);
        }
        options->given_count++;
    }
    if (value != NULL) {
        given->values[given->count++] = value;
    }
    return CRET_OK;
}

/* One "--name", "--name=value" or "--name value". *index moves on to the last word it used. */
static enum cret_status parse_option(struct cret_options *options, int *index, struct cret_err *err)
{
    const char *const *argv = options->arguments;
    const char *name = argv[*index] + 2;
    const char *equals = strchr(name, '=');
    size_t size = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const char *value = equals != NULL ? equals + 1 : NULL;
    const struct cret_option *option =
        options->verb != NULL ? option_find(options->verb, name, size) : NULL;

    if (option == NULL) {
        return cret_options_unknown_option(options, name, size, err);
    }
    if (option->argument == NULL) {
        if (value != NULL) {
            cret_err_usage(err, "option --%s takes no value", option->name);
            return cret_err_actual(err, "%s", argv[*index]);
        }
        return remember(options, option, NULL, err);
    }
    if (value == NULL && *index + 1 < options->argument_count &&
        strncmp(argv[*index + 1], "--", 2) != 0) {
        value = argv[++*index];
    }
    if (value == NULL) {
        cret_err_usage(err, "option --%s lacks its value", option->name);
        cret_err_expected(err, "--%s %s", option->name, option->argument);
        return cret_err_hint(err, "a value that begins with -- is written --%s=VALUE",
                             option->name);
    }
    if (value[0] == '\0') {
        cret_err_usage(err, "option --%s has an empty value", option->name);
        cret_err_expected(err, "--%s %s", option->name, option->argument);
        return cret_err_hint(err, "perhaps a variable of the script is not set");
    }
    if (check_choice(option, value, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return remember(options, option, value, err);
}

static bool is_word(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

/* One more word of the verb. A group speaks for the verbs in it. */
static enum cret_status enter(struct cret_options *options, const struct cret_verb *verb,
                              struct cret_err *err)
{
    char *command = options->verb == NULL ? cret_text_printf("%s", verb->name)
                                          : cret_text_printf("%s %s", options->command, verb->name);
    char *speaker = verb->verbs == NULL
                        ? cret_text_printf("%s", options->speaker)
                        : cret_text_printf("%s %s", options->program->name, command);
    if (command == NULL || speaker == NULL) {
        free(command);
        free(speaker);
        return cret_err_memory(err);
    }
    free(options->command);
    free(options->speaker);
    options->command = command;
    options->speaker = speaker;
    options->verb = verb;
    return CRET_OK;
}

static enum cret_status parse_operand(struct cret_options *options, const char *text,
                                      struct cret_err *err)
{
    const struct cret_verb *const *verbs = cret_options_verbs(options);
    if (text[0] == '\0') {
        cret_err_usage(err, "an empty operand");
        return cret_err_hint(err, "perhaps a variable of the script is not set");
    }
    if (verbs == NULL && options->action == CRET_OPTIONS_HELP) {
        cret_err_usage(err, "help is about one command: unexpected \"%s\"", text);
        return cret_options_see_help(options, err);
    }
    if (verbs == NULL) {
        options->operands[options->operand_count++] = text;
        return CRET_OK;
    }
    for (; *verbs != NULL; verbs++) {
        if (is_word(text, (*verbs)->name)) {
            return enter(options, *verbs, err);
        }
    }
    const bool help = is_word(text, "help");
    if (help || (is_word(text, "version") && options->verb == NULL)) {
        if (options->action == CRET_OPTIONS_RUN) {
            options->action = help ? CRET_OPTIONS_HELP : CRET_OPTIONS_VERSION;
        }
        return CRET_OK;
    }
    return cret_options_unknown_verb(options, text, err);
}

/* Walks the words; CRET_OK with action HELP or VERSION ends it early. */
static enum cret_status parse_words(struct cret_options *options, struct cret_err *err)
{
    bool ended = false;
    for (int i = 1; i < options->argument_count; i++) {
        const char *word = options->arguments[i];
        enum cret_status status = CRET_FAILED;
        if (!ended && is_word(word, "--")) {
            ended = true;
            continue;
        }
        if (!ended && is_word(word, "--no-color")) {
            continue; /* the runner asks for it (cret_options_wants) */
        }
        if (!ended && (is_word(word, "--help") || is_word(word, "-h"))) {
            options->action = CRET_OPTIONS_HELP;
            return CRET_OK;
        }
        if (!ended && (is_word(word, "--version") || is_word(word, "-V"))) {
            options->action = CRET_OPTIONS_VERSION;
            return CRET_OK;
        }
        if (!ended && strncmp(word, "--", 2) == 0) {
            status = parse_option(options, &i, err);
        } else if (!ended && word[0] == '-' && word[1] != '\0') {
            cret_options_one_dash(options, word, err);
        } else {
            status = parse_operand(options, word, err);
        }
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The next name of a list separated by spaces; *size 0 at its end. */
static const char *next_name(const char *list, size_t *size)
{
    list += strspn(list, " ");
    *size = strcspn(list, " ");
    return list;
}

/* One of them is given; those that the verb does not have are nothing to it. */
static enum cret_status check_needs(const struct cret_options *options,
                                    const struct cret_option *option, struct cret_err *err)
{
    struct cret_buffer list = {0};
    size_t size = 0;
    bool met = option->needs == NULL;
    for (const char *name = option->needs; !met; name += size) {
        name = next_name(name, &size);
        if (size == 0) {
            break;
        }
        met = cret_given_find(options, name, size) != NULL;
        if (option_find(options->verb, name, size) != NULL) {
            cret_buffer_printf(&list, "%s--%.*s", list.size > 0 ? ", " : "", (int)size, name);
        }
    }
    if (!met) {
        cret_err_usage(err, "option --%s means nothing alone", option->name);
        cret_err_expected(err, "one of these too: %s", list.data != NULL ? list.data : "");
        cret_options_see_help(options, err);
    }
    cret_buffer_free(&list);
    return met ? CRET_OK : CRET_FAILED;
}

static enum cret_status check_relations(const struct cret_options *options,
                                        const struct cret_option *option, struct cret_err *err)
{
    size_t size = 0;
    for (const char *name = option->excludes; name != NULL; name += size) {
        name = next_name(name, &size);
        if (size == 0) {
            break;
        }
        if (cret_given_find(options, name, size) != NULL) {
            cret_err_usage(err, "options --%s and --%.*s contradict each other", option->name,
                           (int)size, name);
            return cret_options_see_help(options, err);
        }
    }
    return check_needs(options, option, err);
}

/* How many operands the usage line stands for. */
static void count_operands(const struct cret_verb *verb, size_t *ret_least, size_t *ret_most)
{
    size_t least = 0, most = 0, size = 0;
    bool any = false;
    for (const char *word = verb->operands; word != NULL; word += size) {
        word = next_name(word, &size);
        if (size == 0) {
            break;
        }
        least += word[0] == '[' ? 0 : 1;
        most++;
        any = any || memmem(word, size, "...", strlen("...")) != NULL;
    }
    *ret_least = least;
    *ret_most = any ? SIZE_MAX : most;
}

/* All that are missing, at once: who gives one after the other runs the program as often. */
static enum cret_status check_required(const struct cret_options *options, struct cret_err *err)
{
    const struct cret_option *option = NULL;
    struct cret_buffer names = {0}, expected = {0};
    size_t missing = 0;
    for (size_t i = 0; (option = cret_verb_option(options->verb, i)) != NULL; i++) {
        const bool required =
            option->required || (option->required_alone && options->operand_count == 0);
        if (required && !cret_options_given(options, option->name)) {
            cret_buffer_printf(&names, "%s--%s", missing > 0 ? ", " : "", option->name);
            cret_buffer_printf(&expected, "%s--%s%s%s", missing > 0 ? " " : "", option->name,
                               option->argument != NULL ? " " : "",
                               option->argument != NULL ? option->argument : "");
            missing++;
        }
    }
    enum cret_status status = missing == 0 ? CRET_OK : CRET_FAILED;
    if (names.failed || expected.failed) {
        status = cret_err_memory(err);
    } else if (missing > 0) {
        cret_err_usage(err, "%s %s %s missing", cret_plural(missing, "option", "options"),
                       names.data, cret_plural(missing, "is", "are"));
        cret_err_expected(err, "%s", expected.data);
        status = cret_options_see_help(options, err);
    }
    cret_buffer_free(&names);
    cret_buffer_free(&expected);
    return status;
}

static enum cret_status check_whole(const struct cret_options *options, struct cret_err *err)
{
    const struct cret_verb *verb = options->verb;
    if (cret_options_verbs(options) != NULL) {
        cret_err_usage(err, "no command is given");
        return cret_options_see_help(options, err);
    }
    if (check_required(options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < options->given_count; i++) {
        if (check_relations(options, options->given[i].option, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    size_t least = 0, most = 0;
    count_operands(verb, &least, &most);
    if (options->operand_count < least) {
        cret_err_usage(err, "an operand is missing");
    } else if (options->operand_count > most) {
        cret_err_usage(err, "unexpected operand \"%s\"", options->operands[most]);
    } else {
        return CRET_OK;
    }
    cret_err_expected(err, "%s %s%s%s", options->speaker, verb->name,
                      verb->operands != NULL ? " " : "",
                      verb->operands != NULL ? verb->operands : "");
    return cret_options_see_help(options, err);
}

struct cret_options *cret_options_new(const struct cret_program *program, int argc,
                                      char *const *argv)
{
    struct cret_options *options = calloc(1, sizeof(*options));
    if (options == NULL) {
        return NULL;
    }
    options->program = program;
    options->argument_count = argc;
    options->arguments = (const char *const *)argv;
    options->room = argc > 0 ? (size_t)argc : 1u;
    options->speaker = cret_text_printf("%s", program->name);
    options->given = calloc(options->room, sizeof(*options->given));
    options->operands = calloc(options->room, sizeof(*options->operands));
    if (options->speaker == NULL || options->given == NULL || options->operands == NULL) {
        cret_options_free(&options);
    }
    return options;
}

enum cret_status cret_options_parse(struct cret_options *options, struct cret_err *err)
{
    if (parse_words(options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return options->action == CRET_OPTIONS_RUN ? check_whole(options, err) : CRET_OK;
}

void cret_options_free(struct cret_options **options)
{
    if (options == NULL || *options == NULL) {
        return;
    }
    for (size_t i = 0; i < (*options)->given_count; i++) {
        free((*options)->given[i].values);
    }
    free((*options)->given);
    free((*options)->operands);
    free((*options)->command);
    free((*options)->speaker);
    free(*options);
    *options = NULL;
}
