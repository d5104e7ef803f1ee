/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines as tables: a program has verbs, a verb has groups of options and operands, or verbs
 * below it. One parser for both programs, so that both refuse the same things: unknown, missing,
 * empty, repeated and contradicting ones. Never prints; help is made as text.
 *
 * Grammar: PROGRAM VERB [VERB], then options and operands in any order. `--name value` and
 * `--name=value` are the same; a value that begins with `--` needs the second form. `--` ends the
 * options. `-` is an operand. Names are never abbreviated. The only short options are -h and -V;
 * `help [VERB...]` and `version` are understood as verbs. `--no-color` stands anywhere.
 */
#ifndef CRET_BASE_OPTIONS_H
#define CRET_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"
#include "base/text/optional.h"

/* One option; CRET_OPTION and CRET_FLAG write it, and CRET_OPTION_END ends a table. */
struct cret_option {
    const char *name;     /* without dashes */
    const char *argument; /* how help calls its value, e.g. "FILE"; NULL: a flag */
    bool repeatable;      /* several add up; else a second one is refused */
    bool required;
    bool required_alone;        /* required where no operand is given */
    const char *const *choices; /* the only values accepted, NULL-terminated; NULL: any */
    const char *excludes;       /* names, separated by spaces, that contradict this one */
    const char *needs;          /* names, separated by spaces, one of which must be given too */
    /* It only says what the caller expects, gives or wants to see, so that the owner of a machine
     * leaves it to him (verifier/run/site_options.c, whose table goes first). */
    bool left_free;
    const char *help; /* one or two sentences */
};

/* The one notation of option tables, like that of field tables (base/schema/rows.h): name, how help
 * calls the value, the words for people; behind these what else holds for the option:
 *     CRET_OPTION("out", "FILE", "The file to write.", .required = true), */
#define CRET_OPTION(option_name, option_argument, ...)                                             \
    {                                                                                              \
        .name = (option_name), .argument = (option_argument), .help = __VA_ARGS__                  \
    }
#define CRET_FLAG(option_name, ...) CRET_OPTION(option_name, NULL, __VA_ARGS__)
#define CRET_OPTION_END                                                                            \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* Options under one heading of the help; verbs share groups. Groups that follow each other under
 * the same title are shown as one. */
struct cret_option_group {
    const char *title;
    const struct cret_option *options;
};

struct cret_options; /* a command line */

/* One verb, in a file of its own; or a group of verbs, which has only `name`, `summary`, `help`,
 * `verbs`, `on_file`.
 */
struct cret_verb {
    const char *name;
    /* As the usage line says it, and how many: "FILE" one, "[DIR]" one or none, "FILE..." one or
     * more; separated by spaces; NULL: none. */
    const char *operands;
    const char *summary; /* one line */
    const char *help;    /* paragraphs, or NULL */
    /* Each operand, or each file of a folder, is judged by itself: where there are several, JSON is
     * one line for each. */
    bool judges_each;
    const struct cret_option_group *const *groups;  /* NULL-terminated; or NULL */
    const char *const *examples;                    /* whole command lines, NULL-terminated */
    int (*run)(const struct cret_options *options); /* returns the exit code */
    const struct cret_verb *const *verbs;           /* NULL-terminated, instead of `run` */
    const char *on_file; /* the verb that is meant where a file stands in its place, or NULL */
};

/* Rows of a table of verbs, and how a table names what it needs. */
#define CRET_VERB_DECLARE(name) extern const struct cret_verb cret_verb_##name;
#define CRET_VERB_ROW(name) &cret_verb_##name,
#define CRET_VERBS(LIST) ((const struct cret_verb *const[]){LIST(CRET_VERB_ROW) NULL})
#define CRET_GROUPS(...) ((const struct cret_option_group *const[]){__VA_ARGS__, NULL})
#define CRET_EXAMPLES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct cret_program {
    const char *name, *summary;
    const struct cret_verb *const *verbs; /* NULL-terminated */
    const char *footer;                   /* end of the help of program and groups, or NULL */
    const char *on_file; /* the verb that is meant where a file stands in its place, or NULL */
    /* What it refuses is refused for good: such an error is called REFUSED, one of the tool
     * UNDECIDED, and exit code 1 stays where it could not be printed. */
    bool judges;
    /* Before any verb, and for every one; fills what the verb is given with
     * cret_options_attach(). `end` is called after the verb, also where `begin` failed. NULL:
     * nothing. */
    enum cret_status (*begin)(struct cret_options *options, struct cret_err *err);
    void (*end)(struct cret_options *options);
};

/* The index-th option of a verb, through its groups in order; NULL after the last. */
const struct cret_option *cret_verb_option(const struct cret_verb *verb, size_t index);

enum cret_options_action {
    CRET_OPTIONS_RUN,     /* verb, options and operands are sound: call verb->run */
    CRET_OPTIONS_HELP,    /* print cret_options_help_text, exit 0 */
    CRET_OPTIONS_VERSION, /* print name and version, exit 0 */
};

/* A command line that is not parsed yet; argv must outlive it. Caller frees with cret_options_free.
 * NULL: out of memory. */
struct cret_options *cret_options_new(const struct cret_program *program, int argc,
                                      char *const *argv);
void cret_options_free(struct cret_options **options);
/*
 * Parses argv[1..argc-1], once. `--help` (-h) and `--version` (-V) win over whatever stands behind
 * them. No
 * verb, an unknown verb or option (with the nearest name as hint), a missing or empty value or
 * operand, a value that is none of the choices, a flag with a value, a repeated option that does
 * not add up, contradicting options, too few or many operands: class USAGE. After a failure the
 * options say only who speaks, what it asked for, and how (cret_options_wants).
 */
CRET_MUST_CHECK enum cret_status cret_options_parse(struct cret_options *options,
                                                    struct cret_err *err);

/* What a program's `begin` hands to every verb beside the options: set once, borrowed; NULL
 * before. */
void cret_options_attach(struct cret_options *options, void *context);
void *cret_options_attached(const struct cret_options *options);

enum cret_options_action cret_options_action(const struct cret_options *options);
/* NULL for help and version of the program as a whole. */
const struct cret_verb *cret_options_verb(const struct cret_options *options);
const struct cret_program *cret_options_program(const struct cret_options *options);
/* Whose message it is: "cretula-verify", or "cretula-verify trust" for a verb of `trust`. */
const char *cret_options_speaker(const struct cret_options *options);
/* The words of the verb without the program: "trust set"; "" before there is one. */
const char *cret_options_command(const struct cret_options *options);
/* Whether several operands are judged, or those in a folder, each for itself: JSON is one line for
 * each then. */
bool cret_options_several(const struct cret_options *options);

/* Values are borrowed from argv. A name that the verb does not have counts as not given, so that
 * verbs can share code. */
bool cret_options_given(const struct cret_options *options, const char *name);
const char *cret_options_value(const struct cret_options *options, const char *name);
size_t cret_options_count(const struct cret_options *options, const char *name);
/* All values of a repeatable option in order; cret_options_count of them; NULL for none. */
const char *const *cret_options_values(const struct cret_options *options, const char *name);
/* A decimal whole number in minimum..maximum; fallback where not given. Else class USAGE. */
CRET_MUST_CHECK enum cret_status
cret_options_number(int64_t *ret_number, const struct cret_options *options, const char *name,
                    int64_t minimum, int64_t maximum, int64_t fallback, struct cret_err *err);
/* The same, where nothing stands for an option that is not given. */
CRET_MUST_CHECK enum cret_status cret_options_optional(struct cret_optional *ret_number,
                                                       const struct cret_options *options,
                                                       const char *name, int64_t minimum,
                                                       int64_t maximum, struct cret_err *err);
/* A descriptor that whoever started the program opened for it; -1 where it is not given. class
 * USAGE for one that he did not: by now it may be a file of this run. */
CRET_MUST_CHECK enum cret_status cret_options_descriptor(int *ret_fd,
                                                         const struct cret_options *options,
                                                         const char *name, struct cret_err *err);
size_t cret_options_operand_count(const struct cret_options *options);
const char *cret_options_operand(const struct cret_options *options, size_t index);
const char *const *cret_options_operands(const struct cret_options *options);

/* The command line as given, NULL-terminated, for records; borrowed. */
const char *const *cret_options_arguments(const struct cret_options *options);

/* Whether a flag stands on the command line, also on one that could not be parsed: how an error is
 * to be shown (`--json`). */
bool cret_options_wants(const struct cret_options *options, const char *flag);

/* The help of the verb, or of the program where there is none. Caller frees; NULL: out of memory.
 */
char *cret_options_help_text(const struct cret_options *options);
/* "cretula-sign 0.1.0\n". Caller frees; NULL: out of memory. */
char *cret_options_version_text(const struct cret_options *options);

#endif
