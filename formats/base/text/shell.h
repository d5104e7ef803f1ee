/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are printed for people to paste: every word that is not ours is quoted here. */
#ifndef CRET_BASE_SHELL_H
#define CRET_BASE_SHELL_H

#include "base/finding/err.h"
#include "base/text/text.h"

/* A word for the shells of this system: one of the two below. */
char *cret_shell_word(const char *text);

/*
 * A word for a POSIX shell (XCU 2.2): as it is where nothing in it is special, else in single
 * quotes. What a terminal does not show is written as \xNN inside $'...' (POSIX.1-2024, bash, zsh).
 * The text is safe on a terminal. Caller frees. NULL: out of memory.
 */
char *cret_shell_word_posix(const char *text);

/*
 * A word for both cmd.exe and PowerShell: as it is where neither finds anything special in it, else
 * in double quotes, the only ones that both know. What one of them would still replace or end there
 * (dollar, backtick, percent, quotes of any kind), or a terminal does not show, is a question mark:
 * no file has that in its name, so that a pasted command finds nothing rather than doing something
 * else. Caller frees. NULL: out of memory.
 */
char *cret_shell_word_windows(const char *text);

/* The same for the name of a file: with ./ before one that begins like an option. */
char *cret_shell_file(const char *path);

/* Appends a text in which every {} is the quoted name of that file. */
void cret_shell_fill(struct cret_buffer *out, const char *text, const char *path);

/* A hint in which every {} is the quoted name of that file. Returns CRET_FAILED always. */
enum cret_status cret_err_hint_file(struct cret_err *err, const char *text, const char *path);

#endif
