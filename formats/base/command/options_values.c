/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb has, and what stands on a parsed command line, for whoever runs the verb. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/command/options_internal.h"
#include "base/system/os.h"

#define LARGEST_DESCRIPTOR 1048576 /* fs.nr_open of Linux */

const struct cret_option *cret_verb_option(const struct cret_verb *verb, size_t index)
{
    if (verb->groups == NULL) {
        return NULL;
    }
    for (size_t g = 0; verb->groups[g] != NULL; g++) {
        for (const struct cret_option *o = verb->groups[g]->options; o->name != NULL; o++) {
            if (index-- == 0) {
                return o;
            }
        }
    }
    return NULL;
}

const struct cret_verb *const *cret_options_verbs(const struct cret_options *options)
{
    return options->verb != NULL ? options->verb->verbs : options->program->verbs;
}

const char *const *cret_options_arguments(const struct cret_options *options)
{
    return options->arguments;
}

void cret_options_attach(struct cret_options *options, void *context)
{
    options->context = context;
}

void *cret_options_attached(const struct cret_options *options)
{
    return options->context;
}

enum cret_options_action cret_options_action(const struct cret_options *options)
{
    return options->action;
}

const struct cret_verb *cret_options_verb(const struct cret_options *options)
{
    return options->verb;
}

const struct cret_program *cret_options_program(const struct cret_options *options)
{
    return options->program;
}

const char *cret_options_speaker(const struct cret_options *options)
{
    return options->speaker;
}

const char *cret_options_command(const struct cret_options *options)
{
    return options->command != NULL ? options->command : "";
}

bool cret_options_several(const struct cret_options *options)
{
    if (options->verb == NULL || !options->verb->judges_each) {
        return false;
    }
    return options->operand_count > 1 ||
           (options->operand_count == 1 && cret_os_is_folder(options->operands[0]));
}

const struct cret_given *cret_given_find(const struct cret_options *options, const char *name,
                                         size_t size)
{
    for (size_t i = 0; i < options->given_count; i++) {
        const char *candidate = options->given[i].option->name;
        if (strlen(candidate) == size && memcmp(candidate, name, size) == 0) {
            return &options->given[i];
        }
    }
    return NULL;
}

bool cret_options_given(const struct cret_options *options, const char *name)
{
    return cret_given_find(options, name, strlen(name)) != NULL;
}

const char *cret_options_value(const struct cret_options *options, const char *name)
{
    const struct cret_given *given = cret_given_find(options, name, strlen(name));
    return given != NULL && given->count > 0 ? given->values[0] : NULL;
}

size_t cret_options_count(const struct cret_options *options, const char *name)
{
    const struct cret_given *given = cret_given_find(options, name, strlen(name));
    return given != NULL ? given->count : 0;
}

const char *const *cret_options_values(const struct cret_options *options, const char *name)
{
    const struct cret_given *given = cret_given_find(options, name, strlen(name));
    return given != NULL && given->count > 0 ? given->values : NULL;
}

enum cret_status cret_options_number(int64_t *ret_number, const struct cret_options *options,
                                     const char *name, int64_t minimum, int64_t maximum,
                                     int64_t fallback, struct cret_err *err)
{
    const char *text = cret_options_value(options, name);
    if (text == NULL) {
        *ret_number = fallback;
        return CRET_OK;
    }
    size_t digits = strspn(text, "0123456789");
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (digits == 0 || text[digits] != '\0' || errno != 0 || *end != '\0' || number < minimum ||
        number > maximum) {
        cret_err_usage(err, "option --%s needs a whole number", name);
        cret_err_expected(err, "%lld to %lld", (long long)minimum, (long long)maximum);
        return cret_err_actual(err, "%s", text);
    }
    *ret_number = number;
    return CRET_OK;
}

enum cret_status cret_options_descriptor(int *ret_fd, const struct cret_options *options,
                                         const char *name, struct cret_err *err)
{
    int64_t number = 0;
    if (cret_options_number(&number, options, name, 0, LARGEST_DESCRIPTOR, -1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (number >= 0 && !cret_os_inherited((int)number)) {
        cret_err_usage(err,
                       "option --%s: the program was started without a descriptor of that "
                       "number",
                       name);
        cret_err_actual(err, "%d", (int)number);
        return cret_err_hint(err, "a shell opens it with %d<FILE", (int)number);
    }
    *ret_fd = (int)number;
    return CRET_OK;
}

enum cret_status cret_options_optional(struct cret_optional *ret_number,
                                       const struct cret_options *options, const char *name,
                                       int64_t minimum, int64_t maximum, struct cret_err *err)
{
    struct cret_optional number = {.given = cret_options_value(options, name) != NULL};
    if (cret_options_number(&number.value, options, name, minimum, maximum, minimum, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    *ret_number = number;
    return CRET_OK;
}

size_t cret_options_operand_count(const struct cret_options *options)
{
    return options->operand_count;
}

const char *cret_options_operand(const struct cret_options *options, size_t index)
{
    return index < options->operand_count ? options->operands[index] : NULL;
}

const char *const *cret_options_operands(const struct cret_options *options)
{
    return options->operands;
}

bool cret_options_wants(const struct cret_options *options, const char *flag)
{
    const char *const *words = options->arguments;
    for (int i = 1; i < options->argument_count && strcmp(words[i], "--") != 0; i++) {
        if (strncmp(words[i], "--", 2) == 0 && strcmp(words[i] + 2, flag) == 0) {
            return true;
        }
    }
    return false;
}
