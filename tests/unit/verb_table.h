/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for the table of verbs of either program: whoever adds one is told what it lacks. */
#ifndef CRET_TEST_VERB_TABLE_H
#define CRET_TEST_VERB_TABLE_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/command/options.h"

enum { TABLE_WORDS = 64 };

/* Cuts a command line into words at spaces, but within double quotes. Edits `line`. */
static inline int split(char *line, char *words[TABLE_WORDS])
{
    int count = 0;
    char *out = line;
    bool quoted = false, inside = false;
    for (char *at = line; *at != '\0'; at++) {
        if (!inside && (*at != ' ' || quoted)) {
            cr_assert_lt(count, TABLE_WORDS);
            words[count++] = out;
            inside = true;
        }
        if (*at == '"') {
            quoted = !quoted;
        } else if (*at == ' ' && !quoted) {
            *out++ = '\0';
            inside = false;
        } else {
            *out++ = *at;
        }
    }
    *out = '\0';
    cr_expect(!quoted, "a quote is open: %s", line);
    return count;
}

/* The example is a command line of this very verb, sound as it stands. */
static inline void check_example(const struct cret_program *program, const struct cret_verb *verb,
                                 const char *example)
{
    char *words[TABLE_WORDS], *line = strdup(example);
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_not_null(line);
    const int count = split(line, words);
    struct cret_options *options = cret_options_new(program, count, words);
    cr_assert_not_null(options);
    cr_expect_str_eq(words[0], program->name, "%s", example);
    cr_expect_eq(cret_options_parse(options, &err), CRET_OK, "%s: %s (%s)", example, err.what,
                 err.expected);
    cr_expect_eq(cret_options_verb(options), verb, "an example of another verb: %s", example);
    cret_options_free(&options);
    free(line);
}

/* A name in `excludes` that the verb lacks is for another verb; a name that no verb has is a slip.
 */
static inline void check_options(const struct cret_verb *verb)
{
    const struct cret_option *option = NULL, *other = NULL;
    for (size_t i = 0; (option = cret_verb_option(verb, i)) != NULL; i++) {
        cr_expect(option->help != NULL && option->help[0] != '\0', "%s --%s has no help",
                  verb->name, option->name);
        cr_expect(option->help == NULL || option->help[strlen(option->help) - 1] == '.',
                  "%s --%s: the help ends with a full stop", verb->name, option->name);
        cr_expect(option->choices == NULL || option->argument != NULL, "%s --%s", verb->name,
                  option->name);
        for (size_t j = 0; j < i && (other = cret_verb_option(verb, j)) != NULL; j++) {
            cr_expect_str_neq(option->name, other->name, "%s has --%s twice", verb->name,
                              option->name);
        }
    }
}

static inline void check_verb(const struct cret_program *program, const struct cret_verb *verb)
{
    cr_expect(verb->summary != NULL && strlen(verb->summary) > 8, "%s has no summary", verb->name);
    cr_expect(verb->run != NULL, "%s has nothing to run", verb->name);
    cr_expect(verb->examples != NULL && verb->examples[0] != NULL, "%s has no example", verb->name);
    check_options(verb);
    for (size_t i = 0; verb->examples != NULL && verb->examples[i] != NULL; i++) {
        check_example(program, verb, verb->examples[i]);
    }
}

/* Returns how many verbs there are, groups apart. */
static inline size_t check_verbs(const struct cret_program *program,
                                 const struct cret_verb *const *verbs)
{
    size_t count = 0;
    for (size_t i = 0; verbs[i] != NULL; i++) {
        for (size_t j = 0; j < i; j++) {
            cr_expect_str_neq(verbs[i]->name, verbs[j]->name);
        }
        if (verbs[i]->verbs == NULL) {
            check_verb(program, verbs[i]);
            count++;
            continue;
        }
        cr_expect(verbs[i]->summary != NULL && verbs[i]->run == NULL && verbs[i]->groups == NULL,
                  "%s is a group", verbs[i]->name);
        count += check_verbs(program, verbs[i]->verbs);
    }
    return count;
}

#endif
