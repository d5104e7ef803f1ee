/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody meant whose command line is not understood: the hint that leads on. */
#include <stdlib.h>
#include <string.h>

#include "base/command/options_internal.h"
#include "base/system/os.h"
#include "base/text/nearest.h"
#include "base/text/shell.h"
#include "base/text/text.h"

enum cret_status cret_options_see_help(const struct cret_options *options, struct cret_err *err)
{
    if (cret_options_verbs(options) != NULL) {
        return cret_err_hint(err, "%s --help lists the commands", options->speaker);
    }
    return cret_err_hint(err, "%s %s --help lists what it takes", options->speaker,
                         options->verb->name);
}

/* The nearest option of the verb, which the error names as the hint. */
static enum cret_status hint_option(const struct cret_options *options, const char *name,
                                    struct cret_err *err)
{
    struct cret_nearest nearest;
    const struct cret_option *option = NULL;
    cret_nearest_begin(&nearest, name);
    cret_nearest_consider(&nearest, "help");
    cret_nearest_consider(&nearest, "version");
    cret_nearest_consider(&nearest, "no-color");
    for (size_t i = 0;
         options->verb != NULL && (option = cret_verb_option(options->verb, i)) != NULL; i++) {
        cret_nearest_consider(&nearest, option->name);
    }
    if (nearest.name == NULL) {
        return cret_options_see_help(options, err);
    }
    return cret_err_hint(err, "did you mean --%s?", nearest.name);
}

enum cret_status cret_options_unknown_option(const struct cret_options *options, const char *text,
                                             size_t size, struct cret_err *err)
{
    char name[CRET_NEAREST_BYTES];
    snprintf(name, sizeof(name), "%.*s", (int)(size < sizeof(name) ? size : sizeof(name)), text);
    cret_err_usage(err, "unknown option --%s", name);
    return hint_option(options, name, err);
}

/* The option whose name a word begins that has one dash too few: -json, -o=FILE; NULL: none. */
static const struct cret_option *with_one_dash(const struct cret_options *options, const char *word)
{
    const size_t size = strcspn(word + 1, "=");
    const struct cret_option *option = NULL;
    for (size_t i = 0;
         options->verb != NULL && (option = cret_verb_option(options->verb, i)) != NULL; i++) {
        if (strlen(option->name) == size && memcmp(option->name, word + 1, size) == 0) {
            return option;
        }
    }
    return NULL;
}

enum cret_status cret_options_one_dash(const struct cret_options *options, const char *word,
                                       struct cret_err *err)
{
    const struct cret_option *option = with_one_dash(options, word);
    cret_err_usage(err, "unknown option %.*s", (int)CRET_NEAREST_BYTES, word);
    if (option != NULL) {
        return cret_err_hint(err, "did you mean --%s? options begin with two dashes", option->name);
    }
    return cret_err_hint(err,
                         "options begin with two dashes; write ./%.*s for a file of that "
                         "name, or -- before it",
                         (int)CRET_NEAREST_BYTES, word);
}

/* Whether there is a file or folder of that name; what cannot be found out is no. */
static bool is_there(const char *path)
{
    struct cret_file_info info;
    struct cret_err ignored = {0};
    bool exists = false;
    return cret_os_stat_path(&info, &exists, path, &ignored) == CRET_OK && exists;
}

static bool has_option(const struct cret_verb *verb, const char *name)
{
    const struct cret_option *option = NULL;
    for (size_t i = 0; (option = cret_verb_option(verb, i)) != NULL; i++) {
        if (strcmp(option->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Commands of other groups that are called so, or that are called as this group and have such an
 * option: "`record export --machinery`" for `export machinery`. Nothing where there are none. */
static void add_elsewhere(struct cret_buffer *out, const struct cret_options *options,
                          const char *text)
{
    const char *group = options->verb != NULL ? options->verb->name : NULL;
    const char *program = options->program->name;
    for (const struct cret_verb *const *verb = options->program->verbs; *verb != NULL; verb++) {
        for (const struct cret_verb *const *inner = (*verb)->verbs;
             inner != NULL && *inner != NULL && *verb != options->verb; inner++) {
            const bool named = strcmp((*inner)->name, text) == 0;
            if (named ||
                (group != NULL && strcmp((*inner)->name, group) == 0 && has_option(*inner, text))) {
                cret_buffer_printf(out, "%s`%s %s %s%s%s`", out->size > 0 ? " or " : "", program,
                                   (*verb)->name, (*inner)->name, named ? "" : " --",
                                   named ? "" : text);
            }
        }
    }
}

enum cret_status cret_options_unknown_verb(const struct cret_options *options, const char *text,
                                           struct cret_err *err)
{
    struct cret_nearest nearest;
    const char *on_file =
        options->verb != NULL ? options->verb->on_file : options->program->on_file;
    if (on_file != NULL && is_there(text)) {
        char *command = cret_text_printf("did you mean `%s %s {}`?", options->speaker, on_file);
        cret_err_usage(err, "a file stands where a command is expected: %s", text);
        if (command == NULL) {
            return cret_err_memory(err);
        }
        const enum cret_status status = cret_err_hint_file(err, command, text);
        free(command);
        return status;
    }
    struct cret_buffer elsewhere = {0};
    cret_err_usage(err, "unknown command \"%s\"", text);
    add_elsewhere(&elsewhere, options, text);
    if (elsewhere.size > 0 && !elsewhere.failed) {
        cret_err_hint(err, "did you mean %s?", elsewhere.data);
        cret_buffer_free(&elsewhere);
        return CRET_FAILED;
    }
    cret_buffer_free(&elsewhere);
    cret_nearest_begin(&nearest, text);
    cret_nearest_consider(&nearest, "help");
    for (const struct cret_verb *const *verb = cret_options_verbs(options); *verb != NULL; verb++) {
        cret_nearest_consider(&nearest, (*verb)->name);
    }
    if (nearest.name == NULL) {
        return cret_options_see_help(options, err);
    }
    return cret_err_hint(err, "did you mean \"%s\"?", nearest.name);
}
