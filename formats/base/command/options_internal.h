/* SPDX-License-Identifier: Apache-2.0 */
/* A parsed command line: options.c fills it; options_values.c, below it, and options_help.c read
 * it.
 */
#ifndef CRET_BASE_OPTIONS_INTERNAL_H
#define CRET_BASE_OPTIONS_INTERNAL_H

#include "base/command/options.h"

/* The values of one option that was given. */
struct cret_given {
    const struct cret_option *option;
    const char **values; /* empty for a flag */
    size_t count;
};

struct cret_options {
    const struct cret_program *program;
    const struct cret_verb *verb; /* the innermost one so far; NULL: none */
    char *command;                /* the words of the verb, "trust set"; NULL: none yet */
    char *speaker;                /* program and groups, "cretula-verify trust" */
    enum cret_options_action action;
    struct cret_given *given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
    int argument_count;
    const char *const *arguments; /* argv as given */
    void *context;                /* the runner's, for the verb */
    size_t room; /* entries that each of the arrays has: no command line needs more */
};

/* NULL: it is not on the command line. name: `size` bytes. */
const struct cret_given *cret_given_find(const struct cret_options *options, const char *name,
                                         size_t size);
/* The verbs that may come next, NULL-terminated; NULL where the verb is found. */
const struct cret_verb *const *cret_options_verbs(const struct cret_options *options);

/* Hints for what was not understood (options_meant.c). Each returns CRET_FAILED; all but the first
 * say what is wrong too, class USAGE. */
enum cret_status cret_options_see_help(const struct cret_options *options, struct cret_err *err);
/* name: `size` bytes, without its dashes. */
enum cret_status cret_options_unknown_option(const struct cret_options *options, const char *name,
                                             size_t size, struct cret_err *err);
/* word: with its one dash. */
enum cret_status cret_options_one_dash(const struct cret_options *options, const char *word,
                                       struct cret_err *err);
enum cret_status cret_options_unknown_verb(const struct cret_options *options, const char *text,
                                           struct cret_err *err);

#endif
