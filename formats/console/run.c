/* SPDX-License-Identifier: Apache-2.0 */
/* The runner of both programs. */
#include "console/run.h"

#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>

#include "base/digest/library.h"
#include "base/finding/fault.h"
#include "base/system/os.h"
#include "base/system/terminal.h"
#include "console/print.h"
#include "keys/memory.h"

static int run(struct cret_options *options, struct cret_err *err)
{
    const struct cret_program *program = cret_options_program(options);
    const int code = program->begin == NULL || program->begin(options, err) == CRET_OK
                         ? cret_options_verb(options)->run(options)
                         : cret_verb_fail(options, err);
    if (program->end != NULL) {
        program->end(options);
    }
    return code;
}

static int act(struct cret_options *options)
{
    struct cret_err err = {0};
    char *text = NULL;
    if (cret_library_begin(&err) != CRET_OK || cret_options_parse(options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_options_action(options) == CRET_OPTIONS_RUN) {
        return run(options, &err);
    }
    text = cret_options_action(options) == CRET_OPTIONS_HELP ? cret_options_help_text(options)
                                                             : cret_options_version_text(options);
    if (text == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(options, &err);
    }
    fputs(text, stdout); /* finish() says whether all of it was written */
    free(text);
    return CRET_EXIT_DONE;
}

/* The exit code of the run. What is not written does not count, and neither does what was found out
 * while something was left unanswered. */
static int finish(const struct cret_options *options, int code)
{
    const bool judges = cret_options_program(options)->judges;
    if (!cret_fault_noted() && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        cret_print_lost(options);
        code = judges && code == CRET_EXIT_REFUSED ? code : CRET_EXIT_UNDECIDED;
    }
    if (code != CRET_EXIT_UNDECIDED && cret_fault_noted()) {
        __fpurge(stdout);
        fprintf(stderr,
                "%s: %s: %s\n  %-11s free some memory, raise the limits of this shell "
                "(ulimit -a), and run this again\n",
                cret_options_speaker(options), judges ? "UNDECIDED" : "not finished",
                cret_fault_words(), "what to do");
        code = CRET_EXIT_UNDECIDED;
    }
    cret_fault_end(code);
    return code;
}

int cret_console_run(const struct cret_program *program, int argc, char *const *argv)
{
    const char *fault = NULL;
    struct cret_options *options = NULL;
    cret_os_harden();
    if (cret_terminal_begin() != CRET_OK) {
        fault = "out of memory";
    } else if (cret_key_memory_guard() != CRET_OK) {
        fault = "the cryptographic library was in use before its memory was guarded";
    } else if ((options = cret_options_new(program, argc, argv)) == NULL) {
        fault = "out of memory";
    }
    if (fault != NULL) {
        fprintf(stderr, "%s: %s\n", program->name, fault);
        return CRET_EXIT_UNDECIDED;
    }
    if (cret_options_wants(options, "no-color")) {
        cret_terminal_plain();
    }
    const int code = act(options);
    const int end = finish(options, code);
    cret_options_free(&options);
    return end;
}
