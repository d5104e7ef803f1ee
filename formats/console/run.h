/* SPDX-License-Identifier: Apache-2.0 */
/* The one way in which both programs run: guard the process, read the command line, run the verb,
 * and ask whether all that it printed was written. */
#ifndef CRET_CONSOLE_RUN_H
#define CRET_CONSOLE_RUN_H

#include "base/command/options.h"

/*
 * All of main(). Help and version are printed here; else program->begin, the verb, program->end.
 * Returns the exit code: the verb's, or UNDECIDED where something was left unanswered
 * (base/finding/fault.h) or standard output could not be written, which is said.
 */
int cret_console_run(const struct cret_program *program, int argc, char *const *argv);

#endif
