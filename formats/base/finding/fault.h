/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kept this process from finding out. A library that got no memory, or no descriptor, often
 * answers "no": not signed by this key, no such member, no match. Whether that is an answer cannot
 * be seen where it arrives, so it is remembered here where it begins: in every allocation of the
 * process, whoever asks for it (os_fault.c), and in every call of the operating system (os.h).
 *
 * From then on no answer of this process counts: cret_err_refuse and cret_err_usage say UNDECIDED,
 * every list of findings is incomplete, nothing new gets its final name, and the exit code is 3.
 * Nobody has to ask for it where a library is called; nothing takes it back.
 */
#ifndef CRET_BASE_FAULT_H
#define CRET_BASE_FAULT_H

#include <stdbool.h>

/* Remembers that something was not found out; any thread, at any time. `what` is a sentence without
 * its full stop ("memory ran out") and must outlive the process; the first one stays. */
void cret_fault_note(const char *what);

/* The sentence of the first fault; NULL: none so far. */
const char *cret_fault_words(void);
bool cret_fault_noted(void);

/* Once, in main(): after a fault the process ends with exit code 3, also where a library ends it.
 */
void cret_fault_begin(void);

/* What is run where the process ends at once for lack of memory: removes what is unfinished. It
 * must neither allocate nor use stdio. */
void cret_fault_at_end(void (*clean)(void));

/* The answer is given, with this exit code: what fails while the process is taken down changes
 * nothing any more. */
void cret_fault_end(int code);

#endif
