/* SPDX-License-Identifier: Apache-2.0 */
/* cretula-sign: parses the command line and calls the verb. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/library.h"
#include "base/system/os.h"
#include "base/system/terminal.h"
#include "keys/memory.h"
#include "signer/report/report.h"
#include "signer/verbs/options.h"
#include "signer/verbs/verb_sbom.h"

static int print_text(const struct cret_options *options, char *text)
{
    if (text == NULL) {
        return cret_report_memory(options);
    }
    fputs(text, stdout); /* the flush says whether all of it was written */
    free(text);
    return cret_report_flush(options, CRET_EXIT_DONE);
}

static int run(const struct cret_options *options)
{
    const struct cret_program *program = cret_options_program(options);
    switch (cret_options_action(options)) {
    case CRET_OPTIONS_HELP:
        return print_text(options, cret_options_help_text(program, cret_options_verb(options)));
    case CRET_OPTIONS_VERSION:
        return print_text(options, cret_options_version_text(program));
    default:
        break;
    }
    const int code = cret_options_verb(options)->run(options);
    return code == CRET_EXIT_DONE ? cret_report_flush(options, code) : code;
}

static int run_program(const struct cret_program *program, int argc, char *const *argv)
{
    struct cret_options *options = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_options_parse(&options, program, argc, argv, &err) != CRET_OK) {
        return cret_report_end(
            program->name,
            cret_report_error(program->name, &err, cret_options_wants(argc, argv, "json")));
    }
    const int code = run(options);
    cret_options_free(&options);
    return cret_report_end(program->name, code);
}

int main(int argc, char **argv)
{
    cret_os_harden();
    if (cret_terminal_begin() != CRET_OK) {
        fputs("cretula-sign: out of memory\n", stderr);
        return CRET_EXIT_UNDECIDED;
    }
    if (cret_key_memory_guard() != CRET_OK) {
        fputs("cretula-sign: the cryptographic library was in use before its memory was guarded\n",
              stderr);
        return CRET_EXIT_UNDECIDED;
    }
    struct cret_err err;
    if (cret_library_begin(&err) != CRET_OK) {
        return cret_report_error(cret_sign_program.name, &err, false);
    }
    /* `sbom` has verbs of its own. */
    if (argc > 1 && strcmp(argv[1], "sbom") == 0) {
        return run_program(&cret_sign_sbom_program, argc - 1, argv + 1);
    }
    return run_program(&cret_sign_program, argc, argv);
}
